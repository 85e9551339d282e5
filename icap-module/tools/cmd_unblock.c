/* unblock: the host of a page that refused by category is opened for a while. */
#include "compile/date.h"
#include "compile/lists_import.h"
#include "core/categories.h"
#include "record/file.h"
#include "tools/held.h"
#include "tools/lists_store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OWNER_MAX = 80, YEAR = 366 };

/* Categories that a service desk does not wave through by itself. */
enum { HARMFUL = 1u << CATEGORY_MALWARE | 1u << CATEGORY_PHISHING };

static bool take_categories(void *to, const char *value)
{
    ((struct held_options *)to)->categories = value;
    return true;
}

static bool take_until(void *to, const char *value)
{
    ((struct held_options *)to)->until = value;
    return true;
}

static bool take_owner(void *to, const char *value)
{
    ((struct held_options *)to)->owner = value;
    return true;
}

static bool take_harmful(void *to, const char *value)
{
    (void)value;
    ((struct held_options *)to)->harmful = true;
    return true;
}

/* Who denies the host by the council's own register, or nobody. */
struct denial {
    const struct catdb *db;
    uint32_t categories;
    int64_t now;
    struct str owner;
    bool is;
};

static void note_denial(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    struct denial *n = to;

    (void)host, (void)url;
    if (list->kind == CATDB_DENIED && list->categories & n->categories && (!list->until || n->now < (int64_t)list->until)) {
        n->is = true;
        n->owner = catdb_str(n->db, list->owner);
    }
}

/* NULL: the host may be opened; else why not, in words that end a sentence. `room` 512 bytes. */
static const char *objection(const struct held_options *o, const struct held *h, const struct categories *c, char *room)
{
    struct denial n = {.categories = h->categories, .now = o->at};

    if (h->categories >> CATEGORY_ILLEGAL & 1)
        return "it is on a list of illegal content, which no service desk opens: whoever brought the list takes it off";
    if (h->categories & HARMFUL && !o->harmful)
        return "it is listed as malware or phishing: once ICT security has looked at it, add --even-harmful";
    for (unsigned i = 0; i < c->n; i++) {
        n.db = &c->db[i];
        catdb_ask(n.db, &(struct catdb_question){.host = h->host}, note_denial, &n);
    }
    if (n.is) {
        snprintf(room, 512, "the council's own register denies it (%.*s): change the row there", STR_ARG(n.owner));
        return room;
    }
    return NULL;
}

/* What a spreadsheet would run, or what is no name, is none. */
static bool sound_owner(const char *owner)
{
    size_t n = strlen(owner);

    if (n == 0 || n > OWNER_MAX || strchr("=+-@", owner[0]))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)owner[i] < ' ' || owner[i] == 0x7f || owner[i] == '"')
            return false;
    return true;
}

/* False after a message. */
static bool sound_until(const struct held_options *o, uint32_t *day)
{
    int32_t today = clock_local(o->at).day;
    char why[DATE_WHY];

    if (date_parse(str_of(o->until), day, why) != 0)
        fprintf(stderr, "portreeve unblock: --until: '%s' %s\n", o->until, why);
    else if ((int32_t)*day < today)
        fprintf(stderr, "portreeve unblock: --until %s is over: give the last day on which the host is open\n", o->until);
    else if ((int32_t)*day > today + YEAR)
        fprintf(stderr, "portreeve unblock: --until %s: a year at most, so that somebody looks at it again\n", o->until);
    else
        return true;
    return false;
}

static int put_row(struct text *t, const struct held_found *f, const struct held_options *o, uint32_t day)
{
    char date[10];

    clock_format_date((int32_t)day, date);
    text_put(t, f->held.host);
    text_puts(t, ",allow,\"");
    for (unsigned k = 0, n = 0; k < CATEGORY_COUNT; k++)
        if (f->held.categories >> k & 1) {
            text_puts(t, n++ ? " " : "");
            text_puts(t, word_of(WORDS_CATEGORY, k));
        }
    text_puts(t, "\",\"");
    text_puts(t, o->owner);
    text_puts(t, "\",");
    text_put(t, (struct str){date, sizeof date});
    text_puts(t, ",");
    text_put(t, f->held.code);
    text_putc(t, '\n');
    return t->cut ? -1 : 0;
}

/* The register with the row behind it, malloc'ed; NULL with a message. */
static char *add_row(const char *csv, const struct held_found *f, const struct held_options *o, uint32_t day, size_t *n,
                     struct diag *d)
{
    static const char head[] = "host,action,category,owner,until,note\n";
    struct str before = STR_NONE;
    size_t room;
    struct text t;
    char *whole;

    if (access(csv, F_OK) == 0 && source_read_file(csv, &before, d) != 0)
        return NULL;
    room = sizeof head + before.n + 2048;
    whole = malloc(room);
    if (whole) {
        text_init(&t, whole, room);
        if (before.n)
            text_put(&t, before);
        else
            text_puts(&t, head);
        if (put_row(&t, f, o, day) != 0) {
            diag_error(d, csv, ": the row is too long", NULL);
            free(whole);
            whole = NULL;
        }
        *n = t.n;
    }
    free((char *)(uintptr_t)before.p);
    return whole;
}

/* The register first: what lies there and is not in force yet comes into force with the next row. */
static int publish(const struct held_options *o, const struct held_found *f, uint32_t day, struct diag *d)
{
    char csv[PATH_MAX], db[PATH_MAX], aside[PATH_MAX];
    struct lists *l = lists_new();
    char *whole = NULL;
    int lock, result = -1;
    size_t n = 0;

    snprintf(db, sizeof db, "%s" CATEGORIES_UNBLOCKED, o->categories);
    snprintf(csv, sizeof csv, "%s" CATEGORIES_UNBLOCKED ".csv", o->categories);
    lock = lists_lock(db, d);
    if (l && lock >= 0)
        whole = add_row(csv, f, o, day, &n, d);
    if (whole && lists_local(l, STR("unblocked"), str_of(csv), (struct str){whole, n}, d) == 0 &&
        lists_make_aside(l, db, o->at, aside, d) == 0) {
        if (access_note(o->log, o->at,
                        json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o}", "command", "unblock", "code", f->code, "outcome",
                                  "opened", "host", json_slice(f->held.host), "categories",
                                  json_bits(WORDS_CATEGORY, f->held.categories), "owner", o->owner, "until", json_day(day)),
                        d) != 0 ||
            file_replace(csv, whole, n, d) != 0)
            unlink(aside);
        else
            result = lists_publish(db, aside, false, d);
    }
    free(whole);
    lists_free(l);
    if (lock >= 0)
        close(lock);
    return result;
}

static const struct option_row unblock_rows[] = {
    {"--held", false, held_take_folder},   {"--access-log", false, held_take_log}, {"--categories", false, take_categories},
    {"--until", false, take_until}, {"--owner", false, take_owner},    {"--even-harmful", true, take_harmful},
    {"--days", false, held_take_days},   {"--at", false, held_take_at},
};

static int refused(const struct held_options *o, const struct held_found *f, const char *why, struct diag *d)
{
    json_t *line = held_entry("unblock", f, "refused");

    json_object_set_new(line, "reason", json_string(why));
    if (access_note(o->log, o->at, line, d) != 0)
        return report(d);
    fprintf(stderr, "portreeve unblock: %.*s is not opened: %s\n", STR_ARG(f->held.host), why);
    return EXIT_REFUSED;
}

static int unblock(const struct held_options *o, const struct held_found *f, uint32_t day, struct diag *d)
{
    struct categories *c = open_categories(o->categories);
    char room[512], date[10];
    const char *why;
    int result;

    if (!c)
        return EXIT_BAD_INPUT;
    why = objection(o, &f->held, c, room);
    result = why ? refused(o, f, why, d) : publish(o, f, day, d);
    categories_free(c);
    if (why)
        return result;
    if (result != 0) {
        access_note(o->log, o->at, held_entry("unblock", f, "failed"), d);
        return report(d);
    }
    clock_format_date((int32_t)day, date);
    printf("%.*s, this name alone, is open to everybody whom nothing else refuses, to the end of %.10s; workers take it "
           "within a second or two\n",
           STR_ARG(f->held.host), date);
    return report(d);
}

int cmd_unblock(int argc, char **argv)
{
    struct held_options o = {.days = HELD_DAYS, .at = now_utc()};
    int operands = options_read(argc, argv, unblock_rows, sizeof unblock_rows / sizeof *unblock_rows, &o);
    struct held_found f = {.is = false};
    struct diag d;
    uint32_t day;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1 || !o.held || !o.log || !o.categories || !o.until || !o.owner) {
        fprintf(stderr, "portreeve unblock: write 'portreeve unblock CODE --until DATE --owner WHO --held DIR --categories "
                        "FILE --access-log FILE'\n");
        return EXIT_BAD_INPUT;
    }
    if (!sound_until(&o, &day))
        return EXIT_BAD_INPUT;
    if (!sound_owner(o.owner)) {
        fprintf(stderr, "portreeve unblock: --owner: whose decision is it? A name or a team, %d bytes at most, without quotes, "
                        "not beginning with = + - @\n", OWNER_MAX);
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (held_look(&o, argv[1], &f, &d) != 0)
        return report(&d);
    return f.is ? unblock(&o, &f, day, &d) : held_not_there(&o, "unblock", &f, &d);
}
