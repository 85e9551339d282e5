/* review --week: the weekly summary, for ICT, the unions and Information Governance alike. */
#include "compile/date.h"
#include "record/file.h"
#include "report/report.h"
#include "store/standing_write.h"
#include "tools/cmd.h"
#include "tools/week.h"

#include <stdio.h>
#include <stdlib.h>

struct options {
    struct week_look look;
    const char *out;
    int64_t at;
};

#define TAKE(name, member)                                                                                             \
    static bool take_##name(void *to, const char *value)                                                               \
    {                                                                                                                  \
        ((struct options *)to)->member = value;                                                                        \
        return true;                                                                                                   \
    }
TAKE(store, look.store)
TAKE(artefact, look.artefact)
TAKE(held, look.held)
TAKE(log, look.access_log)
TAKE(categories, look.categories)
TAKE(rot, look.rot)
TAKE(maps, look.maps)
TAKE(standing, look.standing)
TAKE(record, look.record)
TAKE(out, out)
#undef TAKE

static bool take_week(void *to, const char *value)
{
    (void)to, (void)value;
    return true; /* what cmd_review chose by */
}

static bool take_at(void *to, const char *value)
{
    return take_moment("portreeve review: --at", value, &((struct options *)to)->at);
}

static const struct option_row rows[] = {
    {"--week", true, take_week},     {"--store", false, take_store},    {"--artefact", false, take_artefact},
    {"--held", false, take_held},    {"--access-log", false, take_log}, {"--categories", false, take_categories},
    {"--rot", false, take_rot},      {"--maps", false, take_maps},      {"--standing", false, take_standing},
    {"--record", false, take_record}, {"-o", false, take_out},          {"--at", false, take_at},
};

static int32_t monday_of(int32_t day)
{
    return day - ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
}

/* The week of that day; without one the last whose days can all be summed up. */
static bool choose_week(struct options *o, const char *day)
{
    int32_t last = clock_local(o->at).day - SUM_AFTER - 1;
    uint32_t said;
    const char *why = day ? date_parse_iso(str_of(day), &said) : NULL;

    if (why) {
        fprintf(stderr, "portreeve review: --week: '%s' %s\n", day, why);
        return false;
    }
    o->look.facts.monday = day ? monday_of((int32_t)said) : monday_of(last - 6);
    if (local_midnight(o->look.facts.monday) >= o->at) {
        fprintf(stderr, "portreeve review: --week %s: that week has not begun\n", day);
        return false;
    }
    o->look.from_until[0] = local_midnight(o->look.facts.monday);
    o->look.from_until[1] = local_midnight(o->look.facts.monday + WEEK_DAYS);
    return true;
}

/* ---- out ---- */

static int put_file(const struct options *o, const char *end, const struct html *text, struct diag *d)
{
    char path[4096], date[11] = "";

    clock_format_date(o->look.facts.monday, date);
    if ((size_t)snprintf(path, sizeof path, "%s/week-%s.%s", o->out, date, end) >= sizeof path)
        return diag_error(d, o->out, ": is too long a name", NULL);
    if (file_replace(path, text->p, text->n, d) != 0)
        return -1;
    printf("%s\n", path);
    return 0;
}

static int put(const struct options *o, const struct doc *doc, struct diag *d)
{
    struct html page = {0}, table = {0};
    int result;

    if (o->out) {
        result = out_html(doc, &page) != 0 || out_csv(doc, &table) != 0
                     ? diag_error(d, "out of memory: no summary was made", NULL, NULL)
                     : put_file(o, "html", &page, d) | put_file(o, "csv", &table, d);
    } else {
        result = out_plain(doc, &page) == 0 ? 0 : diag_error(d, "out of memory: no summary was made", NULL, NULL);
        if (result == 0)
            fwrite(page.p, 1, page.n, stdout);
    }
    html_free(&page);
    html_free(&table);
    return result;
}

static int look(struct week_look *w, struct diag *d)
{
    struct store *s = NULL;
    int result = store_open_read(w->store, &s, d) == 0 ? week_look_store(w, s, d) : -1;

    store_close(s);
    if (result != 0 || week_look_desk(w, d) != 0 || week_look_rot(w, d) != 0 || week_look_maps(w, d) != 0 ||
        week_look_grants(w, d) != 0 || week_look_daemon(w, d) != 0 || week_look_beats(w, d) != 0 || week_look_lists(w, d) != 0)
        return -1;
    return w->pool.failed ? diag_error(d, "out of memory", NULL, NULL) : 0;
}

int review_week(int argc, char **argv)
{
    struct options o = {.at = now_utc()};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result = EXIT_BAD_INPUT;
    struct doc doc = {0};
    struct policy *p;
    struct diag d;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands > 1 || !o.look.store || !o.look.artefact) {
        fprintf(stderr, "portreeve review: write 'portreeve review --week [DAY] --store STORE --artefact FILE [-o FOLDER]'; "
                        "portreeve(1) has what else can be looked at\n");
        return EXIT_BAD_INPUT;
    }
    if (!choose_week(&o, operands ? argv[1] : NULL) || (p = open_policy(o.look.artefact)) == NULL)
        return EXIT_BAD_INPUT;
    diag_init(&d);
    o.look.policy = p;
    o.look.facts.policy = policy_artefact(p);
    o.look.facts.made = o.at;
    if (look(&o.look, &d) == 0 && week_write(&o.look.facts, &doc, &d) == 0 && put(&o, &doc, &d) == 0)
        result = EXIT_DONE;
    report(&d);
    doc_free(&doc);
    pool_free(&o.look.pool);
    policy_free(p);
    return result;
}
