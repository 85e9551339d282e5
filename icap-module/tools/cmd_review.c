/* review: what is to be looked at by name afterwards; or, of rules in shadow, what they would have done. */
#include "core/clock.h"
#include "store/store.h"
#include "tools/cmd.h"
#include "tools/event_lines.h"
#include "tools/history.h"
#include "tools/review_shadow.h"

#include <stdio.h>

struct reviewing {
    unsigned n;
};

static void put_moment(int64_t t)
{
    struct local_time at = clock_local(t);
    unsigned month, day;
    int year;

    clock_date(at.day, &year, &month, &day);
    printf("%04d-%02u-%02u %02u:%02u", year, month, day, (unsigned)(at.minute / 60),
           (unsigned)(at.minute % 60));
}

static void put_act(void *to, const struct act *a)
{
    struct reviewing *r = to;

    r->n++;
    put_moment(a->at);
    if (a->kind == FACT_EMERGENCY) {
        printf("  %.*s declared an emergency: %.*s, until ", STR_ARG(a->user), STR_ARG(a->what));
        put_moment(a->until);
        putchar('\n');
    } else {
        printf("  %.*s got %u minute(s) of %.*s back from %.*s\n", STR_ARG(a->user), (unsigned)a->number,
               STR_ARG(a->what), STR_ARG(a->by));
    }
}

struct review_options {
    const char *store, *artefact;
    int64_t days, from_until[2];
    bool shadow, json, said_days;
};

static bool take_review_store(void *to, const char *value)
{
    ((struct review_options *)to)->store = value;
    return true;
}

static bool take_days(void *to, const char *value)
{
    uint64_t days;

    if (!str_u64(str_of(value), &days) || days == 0 || days > 3660) {
        fprintf(stderr, "portreeve review: '%s' is no number of days from 1 to 3660\n", value);
        return false;
    }
    ((struct review_options *)to)->days = (int64_t)days;
    ((struct review_options *)to)->said_days = true;
    return true;
}

static bool take_artefact(void *to, const char *value)
{
    ((struct review_options *)to)->artefact = value;
    return true;
}

static bool take_since(void *to, const char *value)
{
    return take_moment("portreeve review: --since", value, &((struct review_options *)to)->from_until[0]);
}

static bool take_until(void *to, const char *value)
{
    return take_moment("portreeve review: --until", value, &((struct review_options *)to)->from_until[1]);
}

static bool take_shadow(void *to, const char *value)
{
    (void)value;
    ((struct review_options *)to)->shadow = true;
    return true;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct review_options *)to)->json = true;
    return true;
}

static const struct option_row review_rows[] = {
    {"--store", false, take_review_store}, {"--days", false, take_days},   {"--shadow", true, take_shadow},
    {"--artefact", false, take_artefact},  {"--since", false, take_since}, {"--until", false, take_until},
    {"--json", true, take_json},
};

/* ---- what shadow held back ---- */

static const char *text_in(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

/* What is to be known of the rule besides its words. */
static const char *remark(const json_t *row)
{
    static const char *const remarks[][2] = {
        {"gone", "no more in the version in force"},
        {"not-a-rule", "not to be found in that version"},
        {"version-unknown", "of a version that the history does not have"}};
    const char *is = text_in(row, "rule_is");

    for (size_t i = 0; is && i < sizeof remarks / sizeof *remarks; i++)
        if (strcmp(is, remarks[i][0]) == 0)
            return remarks[i][1];
    return NULL;
}

static void put_rule(const json_t *row)
{
    printf("\n%s of version %s",
           text_in(row, "rule") ? text_in(row, "rule") : "no rule (a request that cannot be read)",
           text_in(row, "policy"));
    if (text_in(row, "because"))
        printf(": \"%s\"", text_in(row, "because"));
    if (text_in(row, "clause"))
        printf(" (%s)", text_in(row, "clause"));
    if (remark(row))
        printf("; %s", remark(row));
    printf("\n  %lld time(s) in all\n",
           (long long)json_integer_value(json_object_get(row, "events_of_rule")));
}

static void put_row(const json_t *row)
{
    const json_t *categories = json_object_get(row, "categories");

    printf("  %lld would have been %s: %s", (long long)json_integer_value(json_object_get(row, "events")),
           strcmp(text_in(row, "would"), "ask") == 0 ? "asked" : "refused",
           text_in(row, "platform") ? text_in(row, "platform") : "a host");
    for (size_t i = 0; i < json_array_size(categories); i++)
        printf("%s%s", i ? ", " : " of category ", json_string_value(json_array_get(categories, i)));
    printf(", %s", text_in(row, "activity") ? text_in(row, "activity") : "activity unknown");
    if (text_in(row, "people"))
        printf("; %s people", text_in(row, "people"));
    putchar('\n');
}

/* Rows of one rule of one version stand together. */
static bool same_rule(const json_t *a, const json_t *b)
{
    return a && json_equal(json_object_get(a, "rule"), json_object_get(b, "rule")) &&
           json_equal(json_object_get(a, "policy"), json_object_get(b, "policy"));
}

static void put_review(const json_t *whole)
{
    const json_t *rows = json_object_get(whole, "rows"), *before = NULL;
    size_t i;
    json_t *row;

    printf("%lld events, %lld with something that shadow held back\n",
           (long long)json_integer_value(json_object_get(whole, "events")),
           (long long)json_integer_value(json_object_get(whole, "held_back")));
    json_array_foreach(rows, i, row)
    {
        if (!same_rule(before, row))
            put_rule(row);
        put_row(row);
        before = row;
    }
}

static int read_all(const struct review_options *o, int n, char **paths, struct shadow_review *r, struct diag *d)
{
    struct events_read read = {0};
    int result = 0;

    for (int i = 0; i < n && result == 0; i++)
        result = events_read(paths[i], o->from_until, shadow_review_take, r, &read, d);
    if (read.unreadable || read.torn)
        fprintf(stderr, "portreeve review: %llu line(s) and %llu torn record(s) were passed over\n",
                (unsigned long long)read.unreadable, (unsigned long long)read.torn);
    return result;
}

/* What was published there; of an artefact that was brought from elsewhere at least its own rules. */
static json_t *history_at(const char *path, struct diag *d)
{
    struct policy *policy;
    unsigned unreadable;
    json_t *history;
    struct diag none;

    diag_init(&none);
    history = history_read(path, &unreadable, &none);
    if (history && json_array_size(history) > 0)
        return history;
    json_decref(history);
    if (policy_map(path, &policy, d) != 0)
        return NULL;
    history = history_of(policy_artefact(policy));
    policy_free(policy);
    return history;
}

static int review_shadow(const struct review_options *o, int n, char **paths)
{
    struct shadow_review *r = shadow_review_new();
    json_t *history = NULL, *whole = NULL;
    struct diag d;

    diag_init(&d);
    if (o->artefact)
        history = history_at(o->artefact, &d);
    if (r && !d.errors && read_all(o, n, paths, r, &d) == 0)
        whole = shadow_review_json(r, history);
    if (whole && o->json) {
        json_dumpf(whole, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (whole) {
        put_review(whole);
    } else if (!d.errors) {
        diag_error(&d, "there is not enough memory", NULL, NULL);
    }
    json_decref(whole);
    json_decref(history);
    shadow_review_free(r);
    return report(&d);
}

/* An option of the one review that the other has not. */
static const char *misplaced(const struct review_options *o)
{
    if (o->shadow)
        return o->said_days ? "--days" : NULL;
    if (o->from_until[0])
        return "--since";
    if (o->from_until[1] != INT64_MAX)
        return "--until";
    return o->artefact ? "--artefact" : o->json ? "--json" : NULL;
}

static int review_acts(int argc, char **argv)
{
    struct review_options o = {.days = 92, .from_until = {0, INT64_MAX}};
    int operands = options_read(argc, argv, review_rows, sizeof review_rows / sizeof *review_rows, &o);
    struct reviewing r = {0};
    struct store *s = NULL;
    struct diag d;
    int result;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (misplaced(&o)) {
        fprintf(stderr, "portreeve review: %s goes %s --shadow alone; see portreeve(1)\n", misplaced(&o),
                o.shadow ? "without" : "with");
        return EXIT_BAD_INPUT;
    }
    if (o.from_until[0] >= o.from_until[1]) {
        fprintf(stderr,
                "portreeve review: --until is the day before which it ends, and must be after --since\n");
        return EXIT_BAD_INPUT;
    }
    if (o.shadow && (operands > 0) != (o.store != NULL))
        return o.store ? review_shadow(&o, 1, (char *[]){(char *)(uintptr_t)o.store})
                       : review_shadow(&o, operands, argv + 1);
    if (operands != 0 || !o.store || o.shadow) {
        fprintf(stderr, "portreeve review: write 'portreeve review --store FILE [--days N]', or 'portreeve review --shadow EVENTS...' "
                        "with stores, spools or the lines of 'portreeve events', or --store FILE for them\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    result = store_open_read(o.store, &s, &d) == 0 &&
                     store_acts_to_review(s, now_utc() - o.days * 86400, put_act, &r, &d) == 0
                 ? EXIT_DONE
                 : report(&d);
    store_close(s);
    if (result == EXIT_DONE && r.n == 0)
        printf("nothing to review in the last %lld days\n", (long long)o.days);
    return result;
}

static bool says(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

int cmd_review(int argc, char **argv)
{
    return says(argc, argv, "--week")     ? review_week(argc, argv)
           : says(argc, argv, "--alerts") ? review_alerts(argc, argv)
                                          : review_acts(argc, argv);
}
