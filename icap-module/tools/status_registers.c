/* Registers (counts, never names) and the age of the platform maps. */
#include "compile/maps.h"
#include "core/match.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <stdio.h>

/* ---- registers ---- */

struct grant_counts {
    json_int_t by_state[GRANT_STATE_COUNT];
    json_int_t ending, training_ending; /* within STATUS_SOON days, of those that have not ended */
};

/* `end` is the first day on which it holds no longer. */
static bool soon(int32_t end, int32_t today)
{
    return end > today && end - today <= STATUS_SOON;
}

static void count_grants(const struct artefact *a, int32_t today, int64_t now, struct grant_counts *counts)
{
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);

    for (uint32_t i = 0; i < a->n[SECTION_GRANTS]; i++) {
        const struct a_grant *g = &ARTEFACT_ROWS(a, GRANTS, struct a_grant)[i];
        uint32_t missing;
        enum grant_state state = match_grant_state(meta, g, today, now, &missing);

        counts->by_state[state]++;
        if (state == GRANT_STATE_EXPIRED)
            continue;
        counts->ending += soon(match_grant_end(meta, g), today);
        if (meta->grant_needs >> STEP_TRAINING & 1 && g->trained_day)
            counts->training_ending += soon((int32_t)g->trained_day + 1, today);
    }
}

json_t *status_look_registers(struct status *s)
{
    struct grant_counts n = {0};

    if (!s->served)
        return json_null();
    count_grants(s->served, s->today, s->at, &n);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:i}", "grants_live", n.by_state[GRANT_STATE_LIVE],
                     "grants_inert", n.by_state[GRANT_STATE_INERT], "grants_expired",
                     n.by_state[GRANT_STATE_EXPIRED], "grants_ending_soon", n.ending, "training_ending_soon",
                     n.training_ending, "soon_days", STATUS_SOON);
}

void status_tell_registers(const json_t *facts)
{
    json_int_t live = status_number(facts, "grants_live"), inert = status_number(facts, "grants_inert"),
               expired = status_number(facts, "grants_expired"),
               ending = status_number(facts, "grants_ending_soon"),
               training = status_number(facts, "training_ending_soon");

    if (live + inert + expired == 0)
        return;
    printf("Registers: grants: %lld live, %lld inert (a step is missing), %lld expired\n", (long long)live,
           (long long)inert, (long long)expired);
    if (ending + training)
        printf("  in the next %d days %lld of them end, and the training of %lld\n", STATUS_SOON,
               (long long)ending, (long long)training);
}

/* ---- maps ---- */

json_t *status_look_maps(struct status *s)
{
    const struct a_platform *oldest = NULL;
    json_int_t undated = 0, old = 0;
    int32_t oldest_day = INT32_MAX, day;

    if (!s->served)
        return json_null();
    for (uint32_t i = 0; i < s->served->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(s->served, PLATFORMS, struct a_platform)[i];

        if (!maps_day(artefact_str(s->served, p->version), &day)) {
            undated++;
            continue;
        }
        old += s->today - day > MAPS_OLD_DAYS;
        if (day < oldest_day) {
            oldest = p;
            oldest_day = day;
        }
    }
    if (old && oldest)
        status_attend(
            s,
            "%lld platform map(s) are older than %d days, the oldest is %.*s: platforms change; look for "
            "newer maps and take them in with 'portreeve maps update'",
            (long long)old, MAPS_OLD_DAYS, STR_ARG(artefact_str(s->served, oldest->id)));
    return json_pack("{s:o, s:o, s:o, s:I, s:I}", "oldest",
                     oldest ? json_slice(artefact_str(s->served, oldest->id)) : json_null(), "oldest_version",
                     oldest ? json_day((uint32_t)oldest_day) : json_null(), "oldest_days",
                     oldest ? json_integer(s->today - oldest_day) : json_null(), "old", old, "undated",
                     undated);
}

void status_tell_maps(const json_t *facts)
{
    if (!json_is_string(json_object_get(facts, "oldest")))
        return;
    status_print("Platform maps: the oldest, %s, is of %s", status_text(facts, "oldest"),
                 status_text(facts, "oldest_version"));
    if (status_number(facts, "undated"))
        printf("; %lld say no date", (long long)status_number(facts, "undated"));
    putchar('\n');
}
