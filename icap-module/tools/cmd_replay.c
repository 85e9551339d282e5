/* replay: what a change of policy would have made of what happened. */
#include "tools/cmd.h"
#include "tools/event_lines.h"
#include "tools/json_words.h"
#include "tools/look.h"
#include "tools/replay_notes.h"

#include "core/ask.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const faces[FACES] = {"allowed", "allowed, held back by shadow", "asked", "refused"};
static const char *const fates[REPLAY_FATES] = {"unchanged", "changed", "depends", "otherwise", "too-open"};

struct replay_options {
    const char *maps;
    int64_t from_until[2];
    bool json;
};

static bool take_maps(void *to, const char *value)
{
    ((struct replay_options *)to)->maps = value;
    return true;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct replay_options *)to)->json = true;
    return true;
}

static bool take_since(void *to, const char *value)
{
    return take_moment("portreeve replay: --since", value, &((struct replay_options *)to)->from_until[0]);
}

static bool take_until(void *to, const char *value)
{
    return take_moment("portreeve replay: --until", value, &((struct replay_options *)to)->from_until[1]);
}

static const struct option_row options[] = {
    {"--maps", false, take_maps},
    {"--json", true, take_json},
    {"--since", false, take_since},
    {"--until", false, take_until},
};

/* ---- as an object ---- */

static json_t *outcome_json(const struct replay_outcome *o)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "outcome", faces[o->face], "page", json_slice(o->page),
                     "rule", json_slice(o->rule), "because", json_slice(o->because), "clause",
                     json_slice(o->cite));
}

/* The groups with that part, or the unknowns that are none. */
static json_t *names_json(const struct replay_kind *k, bool groups, unsigned part)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < k->n_unknowns; i++)
        if (k->groups[i] == groups && k->parts[i] == part)
            json_array_append_new(list, json_string(k->unknowns[i]));
    if (groups && k->parts[REPLAY_NAMES] == part)
        json_array_append_new(list, json_string(k->unresolved ? "(groups not resolved)" : "(none of its groups)"));
    return list;
}

static json_t *kind_json(const struct artefact *old, const struct replay_kind *k)
{
    const struct event *e = &k->event;
    json_t *after = json_array();

    for (unsigned i = 0; i < k->n_after; i++)
        json_array_append_new(after, outcome_json(&k->after[i]));
    return json_pack(
        "{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "fate", fates[k->fate],
        "events", (json_int_t)k->n, "platform", json_slice(e->platform), "categories",
        json_bits(WORDS_CATEGORY, e->categories), "activity", json_word(WORDS_ACTIVITY, e->activity),
        "account", json_slice(e->account), "people", json_word(WORDS_PEOPLE, e->people), "recorded",
        json_pack("{s:o, s:o, s:s?}", "action", json_word(WORDS_ACTION, e->action), "rule",
                  json_slice(e->rule), "perhaps",
                  k->fate == REPLAY_OTHERWISE ? replay_otherwise(old, k) : NULL),
        "before",
        k->fate == REPLAY_OTHERWISE || k->fate == REPLAY_TOO_OPEN ? json_null() : outcome_json(&k->before),
        "after", after, "for", names_json(k, true, PART_CHANGES), "not_for", names_json(k, true, PART_STAYS),
        "unclear_for", names_json(k, true, PART_BOTH), "hangs_on", names_json(k, false, PART_BOTH));
}

/* ---- in words ---- */

static void put_words(const char *before, const json_t *words, const char *after)
{
    if (!json_array_size(words))
        return;
    printf("%s", before);
    for (size_t i = 0; i < json_array_size(words); i++)
        printf("%s%s", i ? ", " : "", json_string_value(json_array_get(words, i)));
    printf("%s", after);
}

static const char *string(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static void put_outcome(const char *what, const json_t *o)
{
    printf("    %s: %s", what, string(o, "outcome"));
    if (string(o, "page"))
        printf(", page %s", string(o, "page"));
    if (string(o, "rule"))
        printf(", by %s", string(o, "rule"));
    if (string(o, "because"))
        printf(": \"%s\"", string(o, "because"));
    if (string(o, "clause"))
        printf(" (%s)", string(o, "clause"));
    putchar('\n');
}

static void put_kind(const json_t *k)
{
    const json_t *after = json_object_get(k, "after");

    printf("  %lld x %s", (long long)json_integer_value(json_object_get(k, "events")),
           string(k, "platform") ? string(k, "platform") : "a host");
    put_words(" of category ", json_object_get(k, "categories"), "");
    printf(", %s", string(k, "activity") ? string(k, "activity") : "activity unknown");
    if (string(k, "platform"))
        put_words(", account ", json_object_get(k, "accounts"), "");
    putchar('\n');
    if (!json_is_object(json_object_get(k, "before"))) {
        const json_t *recorded = json_object_get(k, "recorded");

        printf("    recorded: %s, by %s\n", string(recorded, "action"),
               string(recorded, "rule") ? string(recorded, "rule") : "no rule");
        if (string(recorded, "perhaps"))
            printf("    perhaps because %s\n", string(recorded, "perhaps"));
        return;
    }
    put_outcome("before", json_object_get(k, "before"));
    for (size_t i = 0; i < json_array_size(after); i++)
        put_outcome("now   ", json_array_get(after, i));
    put_words("    for people of: ", json_object_get(k, "for"), "\n");
    put_words("    not for people of: ", json_object_get(k, "not_for"), "\n");
    put_words("    for some people of: ", json_object_get(k, "unclear_for"), "\n");
    put_words("    hangs on what no record holds: ", json_object_get(k, "hangs_on"), "\n");
}

static void add_once(json_t *words, const char *word)
{
    for (size_t i = 0; i < json_array_size(words); i++)
        if (strcmp(json_string_value(json_array_get(words, i)), word) == 0)
            return;
    json_array_append_new(words, json_string(word));
}

/* Kinds that differ in nothing but account, class of person and what else is not printed are one row; its
 * accounts are listed. */
static json_t *rows_of(const json_t *kinds)
{
    json_t *rows = json_array(), *by_key = json_object(), *k;
    size_t i;

    json_array_foreach(kinds, i, k)
    {
        json_t *alike = json_deep_copy(k), *row;
        char *key;

        json_object_del(alike, "events");
        json_object_del(alike, "account");
        json_object_del(alike, "people");
        key = json_dumps(alike, JSON_COMPACT | JSON_SORT_KEYS);
        row = key ? json_object_get(by_key, key) : NULL;
        if (!row) {
            row = json_deep_copy(k);
            json_object_set_new(row, "accounts", json_array());
            json_array_append(rows, row);
            if (key)
                json_object_set(by_key, key, row);
            json_object_set_new(row, "events", json_integer(0));
            json_decref(row);
        }
        json_object_set_new(row, "events",
                            json_integer(json_integer_value(json_object_get(row, "events")) +
                                         json_integer_value(json_object_get(k, "events"))));
        add_once(json_object_get(row, "accounts"), string(k, "account") ? string(k, "account") : "unknown");
        free(key);
        json_decref(alike);
    }
    json_decref(by_key);
    return rows;
}

static const char *const meanings[REPLAY_FATES] = {
    [REPLAY_SAME] = "whatever the record does not hold (groups, grants, hours ...)",
    [REPLAY_CHANGED] = "whatever the record does not hold",
    [REPLAY_DEPENDS] = "changed for some, by what the record does not hold",
    [REPLAY_OTHERWISE] = "say otherwise than OLD would today: not judged",
    [REPLAY_TOO_OPEN] = "cannot be told: too much is asked that the record does not hold",
};

static const char *const titles[REPLAY_FATES] = {
    [REPLAY_CHANGED] = "Changed, whatever the record does not hold",
    [REPLAY_DEPENDS] = "Changed for some, by what the record does not hold",
    [REPLAY_OTHERWISE] = "Recorded otherwise than OLD would decide today: not judged",
    [REPLAY_TOO_OPEN] = "Not told: too much of what the two policies ask for is not in the record",
};

static void put_all(const json_t *whole)
{
    const json_t *events = json_object_get(whole, "events");
    json_t *rows = rows_of(json_object_get(whole, "kinds")), *k;
    size_t i;

    for (int fate = REPLAY_SAME; fate < REPLAY_FATES; fate++)
        printf("%12lld %-10s %s\n", (long long)json_integer_value(json_object_get(events, fates[fate])),
               fates[fate], meanings[fate]);
    putchar('\n');
    json_array_foreach(json_object_get(whole, "notes"), i, k) printf("%s\n", json_string_value(k));
    for (int fate = REPLAY_CHANGED; fate < REPLAY_FATES; fate++) {
        if (!json_integer_value(json_object_get(events, fates[fate])))
            continue;
        printf("\n%s\n", titles[fate]);
        json_array_foreach(rows, i, k) if (strcmp(string(k, "fate"), fates[fate]) == 0) put_kind(k);
    }
    json_decref(rows);
}

/* ---- the run ---- */

static json_t *whole_json(const struct replay_kind *kinds, size_t n, const struct events_read *read,
                          const struct look looks[2])
{
    json_t *list = json_array(), *events = json_object();
    uint64_t by_fate[REPLAY_FATES] = {0};
    struct str version = artefact_str(looks[0].a, looks[0].meta->version),
               now = artefact_str(looks[1].a, looks[1].meta->version);

    for (size_t i = 0; i < n; i++) {
        by_fate[kinds[i].fate] += kinds[i].n;
        if (kinds[i].fate != REPLAY_SAME)
            json_array_append_new(list, kind_json(looks[0].a, &kinds[i]));
    }
    for (int i = 0; i < REPLAY_FATES; i++)
        json_object_set_new(events, fates[i], json_integer((json_int_t)by_fate[i]));
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "old", json_slice(version), "new",
                     json_slice(now), "events", events, "unreadable", (json_int_t)read->unreadable, "torn",
                     (json_int_t)read->torn, "kinds", list, "notes",
                     replay_notes(looks[0].a, looks[1].a, kinds, n));
}

struct taking {
    struct replay *replay;
    bool no_memory;
};

static void take_event(void *to, const struct event *e)
{
    struct taking *t = to;

    t->no_memory |= replay_event(t->replay, e) != 0;
}

static int run(const struct replay_options *o, struct look looks[2], const char *path)
{
    struct taking t = {replay_new(looks[0].policy, looks[1].policy), false};
    struct events_read read = {0};
    const struct replay_kind *kinds = NULL;
    struct diag d;
    json_t *whole;
    size_t n = 0;

    diag_init(&d);
    if (t.replay && events_read(path, o->from_until, take_event, &t, &read, &d) == 0 && !t.no_memory)
        kinds = replay_run(t.replay, &n);
    if (!kinds) {
        if (!d.errors)
            diag_error(&d, "there is not enough memory", NULL, NULL);
        replay_free(t.replay);
        return report(&d);
    }
    if (read.events == 0) {
        fprintf(stderr, "portreeve replay: %s holds no event%s\n", path,
                read.unreadable ? " that can be read" : "");
        replay_free(t.replay);
        return EXIT_BAD_INPUT;
    }
    whole = whole_json(kinds, n, &read, looks);
    if (o->json) {
        json_dumpf(whole, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        put_all(whole);
    }
    if (read.unreadable || read.torn)
        fprintf(stderr, "portreeve replay: %llu line(s) and %llu torn record(s) were passed over\n",
                (unsigned long long)read.unreadable, (unsigned long long)read.torn);
    json_decref(whole);
    replay_free(t.replay);
    return EXIT_DONE;
}

int cmd_replay(int argc, char **argv)
{
    struct replay_options o = {.from_until = {0, INT64_MAX}};
    int operands = options_read(argc, argv, options, sizeof options / sizeof *options, &o), result = EXIT_BAD_INPUT;
    struct look looks[2] = {{.a = NULL}, {.a = NULL}};

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 3) {
        fprintf(stderr, "portreeve replay: write 'portreeve replay OLD NEW EVENTS': two artefacts or policy "
                        "folders, and a spool, "
                        "a store or the lines of 'portreeve events'\n");
        return EXIT_BAD_INPUT;
    }
    if (look_open(argv[1], o.maps, now_utc(), &looks[0]) == 0 &&
        look_open(argv[2], o.maps, now_utc(), &looks[1]) == 0)
        result = run(&o, looks, argv[3]);
    look_close(&looks[1]);
    look_close(&looks[0]);
    return result;
}
