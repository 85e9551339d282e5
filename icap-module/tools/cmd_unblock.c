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

/* What is listed of the host today, and who denies it by the council's own register, or nobody. */
struct standing {
    const struct catdb *db;
    uint32_t refused_for, listed;
    int64_t now;
    struct str denied_by;
    bool denied;
};

static void note_list(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    struct standing *s = to;

    (void)host, (void)url;
    if (list->kind == CATDB_ALLOWED || (list->until && s->now >= (int64_t)list->until))
        return;
    s->listed |= list->categories;
    if (list->kind == CATDB_DENIED && list->categories & s->refused_for) {
        s->denied = true;
        s->denied_by = catdb_str(s->db, list->owner);
    }
}

static struct standing standing_of(const struct held_options *o, const struct held *h, const struct categories *c)
{
    struct standing s = {.refused_for = h->categories, .now = o->at};

    for (unsigned i = 0; i < c->n; i++) {
        s.db = &c->db[i];
        catdb_ask(s.db, &(struct catdb_question){.host = h->host}, note_list, &s);
    }
    return s;
}

/* NULL: the host may be opened; else why not, in words that end a sentence. `room` 512 bytes. */
static const char *objection(const struct held_options *o, const struct held *h, const struct standing *s, char *room)
{
    if ((h->categories | s->listed) >> CATEGORY_ILLEGAL & 1)
        return "it is on a list of illegal content, which no service desk opens: whoever brought the list takes it off";
    if (h->categories & HARMFUL && !o->harmful)
        return "it is listed as malware or phishing: once ICT security has looked at it, add --even-harmful";
    if (s->denied) {
        snprintf(room, 512, "the council's own register denies it (%.*s): change the row there", STR_ARG(s->denied_by));
        return room;
    }
    return NULL;
}

/* What a spreadsheet would run, or what is no name, is none. */
static bool is_owner(const char *owner)
{
    size_t n = strlen(owner);
    json_t *text = json_string(owner); /* NULL: no UTF-8 */

    json_decref(text);
    if (!text || n == 0 || n > OWNER_MAX || strchr("=+-@", owner[0]))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)owner[i] < ' ' || owner[i] == 0x7f || owner[i] == '"')
            return false;
    return true;
}

/* False after a message. */
static bool sound_owner(const char *owner)
{
    if (is_owner(owner))
        return true;
    fprintf(stderr, "portreeve unblock: --owner: whose decision is it? A name or a team in UTF-8, %d bytes at most, without "
                    "quotes, not beginning with = + - @\n", OWNER_MAX);
    return false;
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

/* Without the code: the register outlives the held hosts, and a code leads to a page's event. */
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
    text_puts(t, ",\n");
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

/* The host without the code, for the same reason as in the register; the looks before it have the code alone. */
static json_t *opened_entry(const struct held_options *o, const struct held_found *f, uint32_t day)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o}", "command", "unblock", "outcome", "opened", "host",
                     json_slice(f->held.host), "categories", json_bits(WORDS_CATEGORY, f->held.categories), "owner",
                     o->owner, "until", json_day(day));
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
        if (access_note(o->log, o->at, opened_entry(o, f, day), d) != 0 ||
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

/* What it is listed as besides, and so may still be refused for. */
static void tell_rest(uint32_t listed)
{
    const char *comma = "";

    if (!listed)
        return;
    printf("it is listed, too, as ");
    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        if (listed >> k & 1) {
            printf("%s%s", comma, word_of(WORDS_CATEGORY, k));
            comma = ", ";
        }
    printf(", which this opens nothing of\n");
}

static int open_host(const struct held_options *o, const struct held_found *f, uint32_t day, uint32_t listed)
{
    struct diag d;
    char date[10];

    diag_init(&d);
    if (publish(o, f, day, &d) != 0)
        return held_failed(o, "unblock", f, &d);
    clock_format_date((int32_t)day, date);
    printf("%.*s, this name alone, is open to everybody whom nothing else refuses, to the end of %.10s; workers take it "
           "within a second or two\n",
           STR_ARG(f->held.host), date);
    tell_rest(listed & ~f->held.categories);
    return report(&d);
}

static int unblock(const struct held_options *o, const struct held_found *f, uint32_t day, struct diag *d)
{
    struct categories *c = open_categories(o->categories);
    struct standing s;
    char room[512];
    const char *why;
    int result;

    if (!c)
        return held_failed(o, "unblock", f, d);
    s = standing_of(o, &f->held, c);
    why = objection(o, &f->held, &s, room);
    result = why ? refused(o, f, why, d) : open_host(o, f, day, s.listed);
    categories_free(c);
    return result;
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
    diag_init(&d);
    held_want(&f, argv[1]);
    if (!sound_until(&o, &day) || !sound_owner(o.owner) || held_look(&o, &f, &d) != 0)
        return held_failed(&o, "unblock", &f, &d);
    return f.is ? unblock(&o, &f, day, &d) : held_not_there(&o, "unblock", &f, &d);
}
