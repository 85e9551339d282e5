/* history: who published which version. ref: what a code on a page stood for. */
#include "tools/cmd.h"
#include "tools/history.h"

#include "record/spool.h"
#include "store/store.h"

#include <stdio.h>

static const char *text_of(json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? text : "-";
}

/* Rules whose words differ from those of the version before, and those that came or went. */
static unsigned rules_changed(json_t *before, json_t *after)
{
    unsigned n = 0;
    const char *id;
    json_t *rule;

    json_object_foreach(after, id, rule) n += !json_equal(rule, json_object_get(before, id));
    json_object_foreach(before, id, rule) n += !json_object_get(after, id);
    return n;
}

int cmd_history(int argc, char **argv)
{
    int operands = options_read(argc, argv, NULL, 0, NULL);
    unsigned unreadable = 0;
    json_t *all, *o, *before = NULL;
    struct diag d;
    size_t i;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1) {
        fprintf(stderr, "portreeve history: of which artefact? Write 'portreeve history FILE'.\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    all = history_read(argv[1], &unreadable, &d);
    if (!all)
        return report(&d);
    json_array_foreach(all, i, o)
    {
        json_t *rules = json_object_get(o, "rules");

        printf("%s  version %s  %.12s  by %s, approved by %s on %s; %s, record %s", text_of(o, "at"),
               text_of(o, "version"), text_of(o, "digest"), text_of(o, "by"), text_of(o, "approved_by"),
               text_of(o, "approved_on"), text_of(o, "mode"), text_of(o, "record"));
        if (before)
            printf("; %u rule(s) of other words", rules_changed(before, rules));
        putchar('\n');
        before = rules;
    }
    if (unreadable)
        fprintf(stderr, "%s.history: %u line(s) cannot be read and were passed over\n", argv[1], unreadable);
    json_decref(all);
    return EXIT_DONE;
}

/* ---- ref ---- */

struct search {
    struct str code;
    json_t *history;
    unsigned found;
};

static void tell(void *to, const struct event *e)
{
    struct search *s = to;
    json_t *rule;

    if (!str_ieq(e->code, s->code))
        return;
    s->found++;
    rule = history_rule(s->history, e->policy, e->rule);
    printf("%.*s: %s\n", STR_ARG(e->code), word_of(WORDS_ACTION, e->action));
    printf("  policy version: %.*s\n  rule: %.*s\n", STR_ARG(e->policy), STR_ARG(e->rule));
    printf("  because: %s\n  clause: %s\n",
           rule ? text_of(rule, "because") : "(this version is not in the history)",
           rule ? text_of(rule, "cite") : "-");
    if (e->categories ==
        0) /* a refusal by category names neither site nor category to anybody on the phone */
        printf("  platform: %.*s, activity: %s\n", STR_ARG(e->platform),
               e->activity < ACTIVITY_COUNT ? word_of(WORDS_ACTIVITY, e->activity) : "unknown");
}

struct ref_options {
    const char *artefact, *spool, *store;
};

static bool take_artefact(void *to, const char *value)
{
    ((struct ref_options *)to)->artefact = value;
    return true;
}

static bool take_spool(void *to, const char *value)
{
    ((struct ref_options *)to)->spool = value;
    return true;
}

static bool take_store(void *to, const char *value)
{
    ((struct ref_options *)to)->store = value;
    return true;
}

static const struct option_row rows[] = {
    {"--artefact", false, take_artefact},
    {"--spool", false, take_spool},
    {"--store", false, take_store},
};

/* In what has been imported, as the portal's page shows it, and in what has not. */
static int look(const struct ref_options *o, struct search *s, struct diag *d)
{
    struct spool_read read = {0};
    struct store *store = NULL;
    char code[32];
    int result = 0;

    if (o->store && store_open_read(o->store, &store, d) == 0) {
        diag_copy(code, sizeof code, s->code);
        for (char *c = code; *c; c++)
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        result = store_by_code(store, str_of(code), tell, s, d);
    }
    store_close(store);
    if (d->errors)
        return -1;
    return o->spool && spool_read(o->spool, tell, s, &read, d) != 0 ? -1 : result;
}

int cmd_ref(int argc, char **argv)
{
    struct ref_options o = {0};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    struct search s = {0};
    unsigned unreadable;
    struct diag d;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1 || !o.artefact || (!o.spool && !o.store)) {
        fprintf(stderr,
                "portreeve ref: write 'portreeve ref CODE --artefact FILE --spool DIR' or '--store FILE'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    s.code = str_of(argv[1]);
    s.history = history_read(o.artefact, &unreadable, &d);
    if (!s.history || look(&o, &s, &d) != 0) {
        json_decref(s.history);
        return report(&d);
    }
    json_decref(s.history);
    if (s.found)
        return EXIT_DONE;
    fprintf(
        stderr,
        "portreeve ref: no event with the code %s is in %s: is it written as on the page (K7M4-29QX)? Older "
        "events may have been moved or erased.\n",
        argv[1], o.spool ? o.spool : o.store);
    return EXIT_REFUSED;
}
