/* The text of holders and sealed copies; destruction. */
#include "record/sealed_internal.h"

#include "core/clock.h"
#include "record/base64.h"
#include "record/file.h"
#include "record/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool exact(struct str text, unsigned char *to, size_t size)
{
    size_t n;

    return base64_read(text, to, size, &n) && n == size;
}

static bool line(struct str *text, const char *word, struct str *rest)
{
    struct str one = str_cut(text, '\n');
    size_t n = strlen(word);

    if (one.n < n || memcmp(one.p, word, n) != 0)
        return false;
    *rest = str_from(one, n);
    return true;
}

static bool take_name(struct str name, char to[HOLDER_NAME + 1])
{
    if (!holder_name(name))
        return false;
    memcpy(to, name.p, name.n);
    to[name.n] = '\0';
    return true;
}

/* ---- holders ---- */

static bool is_twice(const struct holders *h, const struct holder *one)
{
    for (unsigned i = 0; i < h->n; i++)
        if (strcmp(h->list[i].name, one->name) == 0 ||
            memcmp(h->list[i].public, one->public, HOLDER_PUBLIC) == 0)
            return true;
    return false;
}

int holders_read_mem(struct str text, const char *where, struct holders *h, struct diag *d)
{
    h->n = 0;
    while (text.n) {
        struct str rest, one = text;
        struct holder who;

        if (!line(&text, "portreeve-holder 1 ", &rest)) {
            one = str_cut(&one, '\n');
            if (one.n == 0 || one.p[0] == '#')
                continue;
            return diag_error(
                d, where,
                ": a line is no holder's: 'portreeve-holder 1 NAME KEY', as 'portreeve keys create-holder'",
                " writes it");
        }
        if (!take_name(str_cut(&rest, ' '), who.name) || !exact(rest, who.public, HOLDER_PUBLIC))
            return diag_error(
                d, where,
                ": a line is no holder's: 'portreeve-holder 1 NAME KEY', as 'portreeve keys create-holder'",
                " writes it");
        if (is_twice(h, &who))
            return diag_error(d, where, ": one holder stands there twice: ", who.name);
        if (h->n == HOLDERS_MAX)
            return diag_error(d, where, ": more than ten holders", NULL);
        h->list[h->n++] = who;
    }
    return h->n >= HOLDERS_MIN
               ? 0
               : diag_error(d, where, ": three holders at least: if one is away, two can still open a key",
                            NULL);
}

int holders_read(const char *path, struct holders *h, struct diag *d)
{
    char *text;
    size_t size;
    bool there;
    int result;

    if (file_read_all(path, SEALED_TEXT, &text, &size, &there, d) != 0)
        return -1;
    if (!there)
        return diag_error(d, path, ": there is no such list of holders", NULL);
    result = holders_read_mem((struct str){text, size}, path, h, d);
    free(text);
    return result;
}

/* ---- sealed copies ---- */

static bool take_time(struct str text, int64_t *t)
{
    char again[LEDGER_TIME];

    if (clock_parse(text, t) != 0)
        return false;
    ledger_time(*t, again);
    return str_eq(text, str_of(again));
}

static bool take_pair(struct str rest, struct sealed *s)
{
    struct sealed_pair *pair = &s->pairs[s->n];

    if (s->n == PAIRS_MAX || !take_name(str_cut(&rest, ' '), pair->first) ||
        !take_name(str_cut(&rest, ' '), pair->second) || strcmp(pair->first, pair->second) == 0 ||
        !exact(rest, pair->box, SEALED_BOX))
        return false;
    s->n++;
    return true;
}

int sealed_read_mem(struct str text, struct sealed *s)
{
    struct str rest;

    *s = (struct sealed){.n = 0};
    if (!line(&text, "portreeve-sealed 1", &rest) || rest.n || !line(&text, "epoch ", &rest) ||
        !epoch_id_read(rest, &s->epoch.id) || !line(&text, "from ", &rest) ||
        !take_time(rest, &s->epoch.from) || !line(&text, "until ", &rest) ||
        !take_time(rest, &s->epoch.until) || s->epoch.until <= s->epoch.from ||
        !line(&text, "commit ", &rest) || !chain_unhex(rest, s->commit, sizeof s->commit))
        return -1;
    for (;;) {
        struct str one = str_cut(&text, '\n'), word = str_cut(&one, ' ');

        if (str_eq(word, STR("pair")) && !s->destroyed) {
            if (!take_pair(one, s))
                return -1;
        } else if (str_eq(word, STR("destroyed")) && !s->n && !s->destroyed) {
            s->destroyed = take_time(one, &s->destroyed_at);
        } else {
            return str_eq(word, STR("end")) && !one.n && !text.n && (s->n || s->destroyed) ? 0 : -1;
        }
    }
}

int sealed_read(const char *path, struct sealed *s, struct diag *d)
{
    char *text;
    size_t size;
    bool there;
    int result;

    if (file_read_all(path, SEALED_TEXT, &text, &size, &there, d) != 0)
        return -1;
    if (!there)
        return diag_error(d, path, ": there is no such sealed key", NULL);
    result = sealed_read_mem((struct str){text, size}, s);
    free(text);
    return result == 0 ? 0 : diag_error(d, path, ": is no sealed key, or was changed", NULL);
}

struct text_out {
    char bytes[SEALED_TEXT];
    size_t n;
};

static void add(struct text_out *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text_out *t, const char *format, ...)
{
    va_list rest;
    int n;

    va_start(rest, format);
    n = vsnprintf(t->bytes + t->n, sizeof t->bytes - t->n, format, rest);
    va_end(rest);
    if (n > 0)
        t->n += (size_t)n < sizeof t->bytes - t->n ? (size_t)n : sizeof t->bytes - t->n - 1;
}

static void write_text(const struct sealed *s, struct text_out *t)
{
    char id[EPOCH_TEXT], from[LEDGER_TIME], until[LEDGER_TIME], commit[2 * CHAIN_HASH + 1],
        box[BASE64_LENGTH(SEALED_BOX) + 1];

    epoch_id_write(s->epoch.id, id);
    ledger_time(s->epoch.from, from);
    ledger_time(s->epoch.until, until);
    chain_hex(s->commit, commit);
    t->n = 0;
    add(t, "portreeve-sealed 1\nepoch %s\nfrom %s\nuntil %s\ncommit %s\n", id, from, until, commit);
    if (s->destroyed) {
        ledger_time(s->destroyed_at, from);
        add(t, "destroyed %s\n", from);
    }
    for (unsigned i = 0; i < s->n; i++) {
        base64_write(s->pairs[i].box, SEALED_BOX, box, sizeof box);
        add(t, "pair %s %s %s\n", s->pairs[i].first, s->pairs[i].second, box);
    }
    add(t, "end\n");
}

int sealed_write(const char *path, const struct sealed *s, struct diag *d)
{
    struct text_out *t = malloc(sizeof *t);
    int result;

    if (!t)
        return diag_error(d, path, ": out of memory", NULL);
    write_text(s, t);
    result = access(path, F_OK) == 0
                 ? diag_error(d, path, ": is there already: a sealed key is never written over", NULL)
                 : file_replace(path, t->bytes, t->n, d);
    free(t);
    return result;
}

/* ---- destruction ---- */

int sealed_destroy(const char *folder, uint32_t id, int64_t now, struct diag *d)
{
    char path[4096], gone[4096], text[EPOCH_TEXT];
    struct sealed *s = calloc(1, sizeof *s);
    int result = -1;

    epoch_id_write(id, text);
    if (!s || (size_t)snprintf(path, sizeof path, "%s/%s.sealed", folder, text) >= sizeof path ||
        (size_t)snprintf(gone, sizeof gone, "%s/%s.destroyed", folder, text) >= sizeof gone) {
        diag_error(d, folder, ": out of memory, or too long a name", NULL);
    } else if (access(gone, F_OK) == 0) {
        result = epoch_destroy(path, d); /* the second half of one that was broken off */
    } else if (sealed_read(path, s, d) == 0) {
        s->destroyed = true;
        s->destroyed_at = now;
        s->n = 0;
        result = sealed_write(gone, s, d) == 0 && epoch_destroy(path, d) == 0 ? 0 : -1;
    }
    free(s);
    return result;
}

/* ---- a folder of them ---- */

static int is_sealed(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && (strcmp(dot, ".sealed") == 0 || strcmp(dot, ".destroyed") == 0);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int sealed_each(const char *folder, void (*each)(void *to, const char *path, const struct sealed *s),
                void *to, struct diag *d)
{
    struct sealed *s = calloc(1, sizeof *s);
    struct dirent **names;
    char path[4096];
    int n = scandir(folder, &names, is_sealed, by_name);

    if (n < 0 || !s) {
        free(s);
        return diag_error(d, folder, ": the keys' folder cannot be listed: ", strerror(errno));
    }
    for (int i = 0; i < n; i++) {
        if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name) < sizeof path &&
            sealed_read(path, s, d) == 0)
            each(to, path, s);
        free(names[i]);
    }
    free(names);
    free(s);
    return 0;
}
