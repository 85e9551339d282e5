/* grants: which are live, which are inert and what they lack, which end soon, and which are held by people
 * who have left or moved. Names here are the register's own; nothing of this is logged. */
#include "tools/cmd.h"
#include "tools/json_words.h"
#include "tools/look.h"
#include "tools/status.h"

#include "core/clock.h"
#include "core/match.h"

#include <stdio.h>

enum { GRANTS_VERSION = 1 };

struct grants_options {
    const char *maps;
    int64_t at;
    bool json;
};

static bool take_maps(void *to, const char *value)
{
    ((struct grants_options *)to)->maps = value;
    return true;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct grants_options *)to)->json = true;
    return true;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct grants_options *)to)->at) == 0)
        return true;
    fprintf(stderr, "portreeve grants: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n",
            value);
    return false;
}

static const struct option_row rows[] = {
    {"--maps", false, take_maps},
    {"--at", false, take_at},
    {"--json", true, take_json},
};

/* Under which heading a grant stands: the first that fits. */
enum heading { LEFT, MOVED, INERT, ENDING, NOT_BEGUN, LIVE, EXPIRED, HEADINGS };

static const struct {
    const char *word, *text;
    bool attention;
} headings[HEADINGS] = {
    [LEFT] = {"left", "Held by people whom the directory does not know (they have left, or are disabled)",
              true},
    [MOVED] = {"moved", "Held by people who have left the group that they were given in: ended", true},
    [INERT] = {"inert", "Inert: a step is missing", true},
    [ENDING] = {"ending", "Live, and ending soon", true},
    [NOT_BEGUN] = {"not-begun", "Clean-ups that have not begun", false},
    [LIVE] = {"live", "Live", false},
    [EXPIRED] = {"expired", "Expired", false},
};

struct listing {
    struct look look;
    json_t *grants; /* array */
    json_int_t counts[HEADINGS];
};

/* ---- facts ---- */

static enum heading heading_of(enum grant_state state, enum known known, bool soon)
{
    if (state == GRANT_STATE_EXPIRED)
        return EXPIRED;
    if (known == KNOWN_LEFT)
        return LEFT;
    if (known == KNOWN_MOVED)
        return MOVED;
    if (state == GRANT_STATE_NONE)
        return NOT_BEGUN;
    if (state == GRANT_STATE_INERT)
        return INERT;
    return soon ? ENDING : LIVE;
}

static json_t *names(const struct look *l, struct a_list list, json_t *(*name)(const struct look *, uint32_t))
{
    json_t *words = json_array();

    for (uint32_t i = 0; i < list.n; i++)
        json_array_append_new(words, name(l, artefact_numbers(l->a, list)[i]));
    return words;
}

static json_t *platform_name(const struct look *l, uint32_t platform)
{
    return json_slice(artefact_str(l->a, ARTEFACT_ROWS(l->a, PLATFORMS, struct a_platform)[platform].id));
}

/* What ends first of a grant that is live: the grant itself, the training, or an earlier reading. *last is
 * the last day on which it is live. */
static const char *first_end(const struct look *l, const struct a_grant *g, int32_t *last)
{
    const char *what = "grant";

    *last = match_grant_end(l->meta, g) - 1;
    if (g->clean_from)
        return what;
    if (l->meta->grant_needs >> STEP_TRAINING & 1 && (int32_t)g->trained_day < *last) {
        *last = (int32_t)g->trained_day;
        what = word_of(WORDS_STEP, STEP_TRAINING);
    }
    if (l->meta->grant_needs >> STEP_READ & 1 && g->flags & GRANT_READ_EARLIER &&
        (int32_t)l->meta->reread_day < *last) {
        *last = (int32_t)l->meta->reread_day;
        what = word_of(WORDS_STEP, STEP_READ);
    }
    return what;
}

static bool ends_soon(const struct look *l, const struct a_grant *g)
{
    int32_t last;

    first_end(l, g, &last);
    return !g->clean_from && last - l->today < GRANT_SOON_DAYS;
}

/* A clean-up ends at a time of day, any other grant with a day. */
static void add_end(const struct look *l, const struct a_grant *g, json_t *o)
{
    int32_t end = match_grant_end(l->meta, g), last;
    const char *what = first_end(l, g, &last);
    bool ends = end != INT32_MAX, counted = strcmp(status_text(o, "heading"), headings[LIVE].word) == 0 ||
                                            strcmp(status_text(o, "heading"), headings[ENDING].word) == 0;

    counted &= last != INT32_MAX - 1;
    json_object_set_new(o, "last_day", ends ? json_day((uint32_t)(end - 1)) : json_null());
    json_object_set_new(o, "days_left", counted ? json_integer(last - l->today) : json_null());
    json_object_set_new(o, "ends_by", counted ? json_string(what) : json_null());
    json_object_set_new(o, "clean_up_from", g->clean_from ? json_time(g->clean_from) : json_null());
    json_object_set_new(o, "clean_up_until",
                        g->clean_from ? json_time((int64_t)g->clean_from + CLEAN_UP_SECONDS) : json_null());
}

static void add_approvals(const struct look *l, const struct a_grant *g, json_t *o)
{
    const struct {
        const char *key;
        uint32_t day;
    } days[] = {{"approved_on", g->approved_day},
                {"second_approved_on", g->second_day},
                {"aup_signed_on", g->aup_day},
                {"policy_read_on", g->read_day},
                {"trained_until", g->trained_day}};

    json_object_set_new(o, "approved_by", json_slice(artefact_str(l->a, g->approved_by)));
    json_object_set_new(o, "second_approved_by", json_slice(artefact_str(l->a, g->second_by)));
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        json_object_set_new(o, days[i].key, json_day(days[i].day));
    json_object_set_new(o, "earlier_version_read", json_boolean(g->flags & GRANT_READ_EARLIER));
    json_object_set_new(o, "document", json_slice(artefact_str(l->a, g->document)));
}

static void add_grant(struct listing *g, const struct a_grant *row)
{
    const struct look *l = &g->look;
    uint32_t missing;
    enum grant_state state = match_grant_state(l->meta, row, l->today, l->at, &missing);
    enum known known = row->user.n ? look_holder(l, row) : KNOWN_HERE;
    enum heading heading = heading_of(state, known, ends_soon(l, row));
    json_t *o = json_pack("{s:s, s:o, s:o, s:o}", "heading", headings[heading].word, "person",
                          row->user.n ? look_person(l, artefact_str(l->a, row->user), known) : json_null(),
                          "group", row->user.n ? json_null() : look_group(l, row->group), "in_group",
                          look_group(l, row->within));

    json_object_set_new(o, "platforms", names(l, row->platforms, platform_name));
    json_object_set_new(o, "accounts", names(l, row->accounts, look_account));
    json_object_set_new(o, "activities", json_bits(WORDS_ACTIVITY, row->activities));
    json_object_set_new(o, "missing", json_bits(WORDS_STEP, state == GRANT_STATE_EXPIRED ? 0 : missing));
    add_end(l, row, o);
    add_approvals(l, row, o);
    g->counts[heading]++;
    json_array_append_new(g->grants, o);
}

/* ---- the screen ---- */

static void tell_end(const json_t *o)
{
    char when[32];

    if (json_is_string(json_object_get(o, "clean_up_until")))
        status_print("  clean-up until %s", status_when(o, "clean_up_until", when));
    else if (json_is_string(json_object_get(o, "last_day")))
        status_print("  until %s", status_text(o, "last_day"));
    if (strcmp(status_text(o, "heading"), headings[ENDING].word) == 0)
        status_print("  (%lld day(s) left: %s)", (long long)status_number(o, "days_left"),
                     status_text(o, "ends_by"));
}

static void tell_grant(const json_t *o)
{
    const json_t *person = json_object_get(o, "person"), *accounts = json_object_get(o, "accounts"),
                 *missing = json_object_get(o, "missing");

    printf("  ");
    if (json_is_object(person))
        look_print_person(person);
    else
        status_print("group %s", status_text(o, "group"));
    putchar(' ');
    if (json_array_size(accounts)) {
        look_print_words(accounts);
    } else {
        look_print_words(json_object_get(o, "platforms"));
        printf(" (all accounts)");
    }
    putchar(':');
    look_print_words(json_object_get(o, "activities"));
    tell_end(o);
    if (json_array_size(missing)) {
        printf("  missing:");
        look_print_words(missing);
    }
    putchar('\n');
}

static void tell(const struct listing *g)
{
    const json_t *o;
    size_t i;

    for (unsigned h = 0; h < HEADINGS; h++) {
        if (!g->counts[h])
            continue;
        printf("%s (%lld):\n", headings[h].text, (long long)g->counts[h]);
        json_array_foreach(g->grants, i, o)
        {
            if (strcmp(status_text(o, "heading"), headings[h].word) == 0)
                tell_grant(o);
        }
    }
    if (json_array_size(g->grants) == 0)
        printf("There are no grants.\n");
}

/* ---- the whole ---- */

static json_t *counts_of(const struct listing *g)
{
    json_t *o = json_object();

    for (unsigned h = 0; h < HEADINGS; h++)
        json_object_set_new(o, headings[h].word, json_integer(g->counts[h]));
    return o;
}

json_t *grants_counts(const struct artefact *a, int64_t at)
{
    struct listing g = {.grants = json_array()};
    json_t *counts = NULL;

    if (look_artefact(a, at, &g.look) == 0) {
        for (uint32_t i = 0; i < a->n[SECTION_GRANTS]; i++)
            add_grant(&g, &ARTEFACT_ROWS(a, GRANTS, struct a_grant)[i]);
        counts = counts_of(&g);
    }
    look_close(&g.look);
    json_decref(g.grants);
    return counts;
}

static int list(struct listing *g, const struct grants_options *o, const char *from)
{
    json_int_t attention = 0;
    json_t *all;

    for (uint32_t i = 0; i < g->look.a->n[SECTION_GRANTS]; i++)
        add_grant(g, &ARTEFACT_ROWS(g->look.a, GRANTS, struct a_grant)[i]);
    for (unsigned h = 0; h < HEADINGS; h++)
        attention += headings[h].attention ? g->counts[h] : 0;
    if (!o->json) {
        tell(g);
        return attention ? EXIT_REFUSED : EXIT_DONE;
    }
    all = json_pack("{s:i, s:o, s:o, s:i, s:o, s:O}", "schema", GRANTS_VERSION, "from",
                    json_slice(str_of(from)), "at", json_time(o->at), "soon_days", GRANT_SOON_DAYS, "counts",
                    counts_of(g), "grants", g->grants);
    json_dumpf(all, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(all);
    return attention ? EXIT_REFUSED : EXIT_DONE;
}

int cmd_grants(int argc, char **argv)
{
    struct grants_options o = {.at = now_utc()};
    struct listing g = {.grants = NULL};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result = EXIT_BAD_INPUT;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1) {
        fprintf(stderr, "portreeve grants: of which artefact or folder? Write 'portreeve grants FILE'.\n");
        return EXIT_BAD_INPUT;
    }
    g.grants = json_array();
    if (look_open(argv[1], o.maps, o.at, &g.look) == 0)
        result = list(&g, &o, argv[1]);
    look_close(&g.look);
    json_decref(g.grants);
    return result;
}
