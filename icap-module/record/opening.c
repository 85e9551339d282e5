/* The opening: made, written, read. */
#include "record/opening.h"

#include "core/clock.h"
#include "record/base64.h"
#include "record/file.h"
#include "record/ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define PURPOSE "portreeve-opening"

void opening_name(const struct case_file *c, const struct epoch *e, struct opening_epoch *to)
{
    *to = (struct opening_epoch){.id = e->id, .from = e->from, .until = e->until, .n = c->n};
    for (unsigned i = 0; i < c->n; i++)
        seal_pseudonym(&e->key, str_of(c->names[i]), to->pseudonyms[i]);
}

/* ---- writing ---- */

struct text_out {
    char *bytes;
    size_t n;
};

static void add(struct text_out *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text_out *t, const char *format, ...)
{
    va_list rest;
    int n;

    va_start(rest, format);
    n = vsnprintf(t->bytes + t->n, OPENING_TEXT - t->n, format, rest);
    va_end(rest);
    if (n > 0)
        t->n += (size_t)n < OPENING_TEXT - t->n ? (size_t)n : OPENING_TEXT - t->n - 1;
}

static void add_epoch(struct text_out *t, const struct opening_epoch *e)
{
    char id[EPOCH_TEXT], from[LEDGER_TIME], until[LEDGER_TIME], when[LEDGER_TIME], hex[2 * CHAIN_HASH + 1];

    epoch_id_write(e->id, id);
    ledger_time(e->from, from);
    ledger_time(e->until, until);
    if (e->id == 0) {
        add(t, "gap %s %s\n", from, until);
    } else if (e->destroyed) {
        ledger_time(e->destroyed_at, when);
        add(t, "destroyed %s %s %s %s\n", id, from, until, when);
    } else {
        add(t, "epoch %s %s %s\n", id, from, until);
        for (unsigned i = 0; i < e->n; i++) {
            unsigned char whole[CHAIN_HASH] = {0};

            memcpy(whole, e->pseudonyms[i], PSEUDONYM_SIZE);
            chain_hex(whole, hex);
            add(t, "pseudonym %.32s\n", hex);
        }
    }
}

char *opening_write(const struct opening *o, const struct private_key *signer, size_t *size, struct diag *d)
{
    struct text_out t = {malloc(OPENING_TEXT), 0};
    char from[11] = "", to[11] = "", made[LEDGER_TIME], expires[LEDGER_TIME], public[64], text[128];
    unsigned char signature[SIGNATURE];
    struct sign_key key;

    if (!t.bytes) {
        diag_error(d, "out of memory", NULL, NULL);
        return NULL;
    }
    clock_format_date(o->from, from);
    clock_format_date(o->to, to);
    ledger_time(o->made, made);
    ledger_time(o->expires, expires);
    add(&t, "portreeve-opening 1\ncase %s\nsubject %s\nfrom %s\nto %s\nmade %s\nexpires %s\nholders %s %s\n",
        o->ref, o->subject, from, to, made, expires, o->holders[0], o->holders[1]);
    for (unsigned i = 0; i < o->n; i++)
        add_epoch(&t, &o->epochs[i]);
    base64_write(signer->public, SIGN_PUBLIC, public, sizeof public);
    add(&t, "signer %s %s\n", signer->name, public);
    memcpy(key.secret, signer->secret, sizeof key.secret);
    sign_make(&key, PURPOSE, (struct str){t.bytes, t.n}, signature);
    sign_key_wipe(&key);
    base64_write(signature, SIGNATURE, text, sizeof text);
    add(&t, "signature %s\n", text);
    *size = t.n;
    return t.bytes;
}

/* ---- reading ---- */

static bool line(struct str *text, const char *word, struct str *rest)
{
    struct str one = str_cut(text, '\n');
    size_t n = strlen(word);

    if (one.n < n || memcmp(one.p, word, n) != 0)
        return false;
    *rest = str_from(one, n);
    return true;
}

static bool copy(struct str from, char *to, size_t max)
{
    for (size_t i = 0; i < from.n; i++)
        if ((unsigned char)from.p[i] < 0x20 || from.p[i] == 0x7f)
            return false;
    if (from.n == 0 || from.n > max)
        return false;
    memcpy(to, from.p, from.n);
    to[from.n] = '\0';
    return true;
}

static bool take_time(struct str text, int64_t *t)
{
    return text.n == LEDGER_TIME - 1 && clock_parse(text, t) == 0;
}

static bool take_day(struct str text, int32_t *day)
{
    int64_t noon;

    if (text.n != 10 || clock_parse(text, &noon) != 0)
        return false;
    *day = clock_local(noon).day;
    return true;
}

static bool take_period(struct str *rest, struct opening_epoch *e)
{
    return take_time(str_cut(rest, ' '), &e->from) && take_time(str_cut(rest, ' '), &e->until) &&
           e->from < e->until;
}

/* One line of the body; false: it is none. */
static bool take_line(struct opening *o, struct str one)
{
    struct str word = str_cut(&one, ' ');
    struct opening_epoch *last = o->n ? &o->epochs[o->n - 1] : NULL, *e = &o->epochs[o->n];

    if (str_eq(word, STR("pseudonym"))) {
        if (!last || !last->id || last->destroyed || last->n == CASE_NAMES ||
            !chain_unhex(one, last->pseudonyms[last->n], PSEUDONYM_SIZE))
            return false;
        last->n++;
        return true;
    }
    if (o->n == OPENING_EPOCHS)
        return false;
    *e = (struct opening_epoch){.destroyed = str_eq(word, STR("destroyed"))};
    o->n++;
    if (str_eq(word, STR("gap")))
        return take_period(&one, e) && one.n == 0;
    if (!epoch_id_read(str_cut(&one, ' '), &e->id) || !take_period(&one, e))
        return false;
    return e->destroyed ? take_time(one, &e->destroyed_at) : str_eq(word, STR("epoch")) && one.n == 0;
}

static bool take_head(struct str *text, struct opening *o)
{
    struct str rest;

    return line(text, "portreeve-opening 1", &rest) && !rest.n && line(text, "case ", &rest) &&
           copy(rest, o->ref, CASE_REF) && line(text, "subject ", &rest) &&
           copy(rest, o->subject, CASE_NAME) && line(text, "from ", &rest) && take_day(rest, &o->from) &&
           line(text, "to ", &rest) && take_day(rest, &o->to) && line(text, "made ", &rest) &&
           take_time(rest, &o->made) && line(text, "expires ", &rest) && take_time(rest, &o->expires) &&
           line(text, "holders ", &rest) && copy(str_cut(&rest, ' '), o->holders[0], HOLDER_NAME) &&
           copy(rest, o->holders[1], HOLDER_NAME);
}

static bool exact(struct str text, unsigned char *to, size_t size)
{
    size_t n;

    return base64_read(text, to, size, &n) && n == size;
}

/* The last two lines; *body: what is signed. */
static bool take_signature(struct str *text, const char *start, struct opening *o, struct str *body,
                           unsigned char signature[SIGNATURE])
{
    struct str rest;

    if (!line(text, "signer ", &rest) || !copy(str_cut(&rest, ' '), o->signer, HOLDER_NAME) ||
        !exact(rest, o->public, SIGN_PUBLIC))
        return false;
    *body = (struct str){start, (size_t)(text->p - start)};
    return line(text, "signature ", &rest) && exact(rest, signature, SIGNATURE) && text->n == 0;
}

static bool is_body(struct str text)
{
    return text.n < 7 || memcmp(text.p, "signer ", 7) != 0;
}

int opening_read_mem(struct str text, const char *where, const unsigned char *public, struct opening *o,
                     struct diag *d)
{
    unsigned char signature[SIGNATURE];
    struct str body = STR_NONE, left = text;
    bool good;

    *o = (struct opening){.n = 0};
    if (text.n == 0 || text.p[text.n - 1] != '\n')
        return diag_error(d, where, ": is no opening, or was cut", NULL);
    good = take_head(&left, o);
    while (good && left.n && is_body(left))
        good = take_line(o, str_cut(&left, '\n'));
    if (!good || !take_signature(&left, text.p, o, &body, signature))
        return diag_error(d, where, ": is no opening, or was changed", NULL);
    if (!sign_check(public ? public : o->public, PURPOSE, body, signature))
        return diag_error(d, where,
                          public ? ": was changed, or is signed by another key than Information Governance's"
                                 : ": was changed after it was signed",
                          NULL);
    if (public && memcmp(public, o->public, SIGN_PUBLIC) != 0)
        return diag_error(d, where, ": names another signer's key than the one it is signed with", NULL);
    return 0;
}

int opening_read(const char *path, const unsigned char *public, struct opening *o, struct diag *d)
{
    char *text;
    size_t size;
    bool there;
    int result;

    if (file_read_all(path, OPENING_TEXT, &text, &size, &there, d) != 0)
        return -1;
    if (!there)
        return diag_error(d, path, ": there is no such opening", NULL);
    result = opening_read_mem((struct str){text, size}, path, public, o, d);
    free(text);
    return result;
}
