/* Registers (counts, never names) and the age of the platform maps. */
#include "compile/maps.h"
#include "core/match.h"
#include "tools/json_words.h"
#include "tools/look.h"
#include "tools/status.h"

#include <stdio.h>

/* ---- registers ---- */

struct grant_counts {
    json_int_t by_state[GRANT_STATE_COUNT];
    json_int_t ending, training_ending; /* within GRANT_SOON_DAYS, of those that have not ended */
    json_int_t leavers, movers;         /* who hold one that has not ended by itself */
    json_int_t stale_accounts;
    int32_t first_end; /* the soonest of the ends; INT32_MAX: none */
};

/* `end` is the first day on which it holds no longer. */
static bool soon(int32_t end, int32_t today)
{
    return end > today && end - today <= GRANT_SOON_DAYS;
}

static void count_grant(const struct look *l, const struct a_grant *g, struct grant_counts *counts)
{
    uint32_t missing;
    enum grant_state state = match_grant_state(l->meta, g, l->today, l->at, &missing);
    enum known known = g->user.n ? look_holder(l, g) : KNOWN_HERE;
    int32_t end = match_grant_end(l->meta, g);

    counts->by_state[known == KNOWN_MOVED ? GRANT_STATE_EXPIRED : state]++;
    if (state == GRANT_STATE_EXPIRED)
        return;
    counts->leavers += known == KNOWN_LEFT;
    counts->movers += known == KNOWN_MOVED;
    if (known == KNOWN_MOVED || g->clean_from)
        return;
    counts->ending += soon(end, l->today);
    if (end < counts->first_end)
        counts->first_end = end;
    if (l->meta->grant_needs >> STEP_TRAINING & 1 && g->trained_day)
        counts->training_ending += soon((int32_t)g->trained_day + 1, l->today);
}

static void count_all(const struct look *l, struct grant_counts *counts)
{
    for (uint32_t i = 0; i < l->a->n[SECTION_GRANTS]; i++)
        count_grant(l, &ARTEFACT_ROWS(l->a, GRANTS, struct a_grant)[i], counts);
    for (uint32_t i = 0; i < l->a->n[SECTION_ACCOUNTS]; i++)
        counts->stale_accounts += look_stale(l, &ARTEFACT_ROWS(l->a, ACCOUNTS, struct a_account)[i]);
}

static void attend_registers(struct status *s, const struct grant_counts *n)
{
    if (n->leavers)
        status_attend(s,
                      "%lld grant(s) are held by people whom the directory does not know: see 'portreeve "
                      "grants', and take them out when they have left",
                      (long long)n->leavers);
    if (n->movers)
        status_attend(s,
                      "%lld grant(s) are held by people who have left the group that they had them in: see "
                      "'portreeve grants'",
                      (long long)n->movers);
    if (n->stale_accounts)
        status_attend(s,
                      "%lld account(s) have an owner, deputy or officer whom the directory does not know: "
                      "see 'portreeve accounts'",
                      (long long)n->stale_accounts);
}

json_t *status_look_registers(struct status *s)
{
    struct grant_counts n = {.first_end = INT32_MAX};
    struct look l = {0};
    json_t *o = NULL;

    if (s->served && look_artefact(s->served, s->at, &l) == 0) {
        count_all(&l, &n);
        attend_registers(s, &n);
        o = json_pack("{s:I, s:I, s:I, s:I, s:o, s:I, s:i}", "grants_live", n.by_state[GRANT_STATE_LIVE],
                      "grants_inert", n.by_state[GRANT_STATE_INERT], "grants_expired",
                      n.by_state[GRANT_STATE_EXPIRED], "grants_ending_soon", n.ending, "first_ends_in_days",
                      n.ending ? json_integer(n.first_end - 1 - s->today) : json_null(),
                      "training_ending_soon", n.training_ending, "soon_days", GRANT_SOON_DAYS);
        json_object_set_new(o, "grants_of_leavers", json_integer(n.leavers));
        json_object_set_new(o, "grants_of_movers", json_integer(n.movers));
        json_object_set_new(o, "stale_accounts", json_integer(n.stale_accounts));
    }
    look_close(&l);
    return o ? o : json_null();
}

void status_tell_registers(struct screen *sc, const json_t *facts)
{
    json_int_t live = status_number(facts, "grants_live"), inert = status_number(facts, "grants_inert"),
               expired = status_number(facts, "grants_expired"),
               ending = status_number(facts, "grants_ending_soon"),
               training = status_number(facts, "training_ending_soon");

    if (live + inert + expired == 0)
        return;
    screen_put(sc, "Registers: grants: %lld live, %lld inert (a step is missing), %lld expired",
               (long long)live, (long long)inert, (long long)expired);
    screen_end(sc);
    if (ending + training) {
        screen_put(sc, "  in the next %d days %lld of them end, and the training of %lld", GRANT_SOON_DAYS,
                   (long long)ending, (long long)training);
        screen_end(sc);
    }
    if (ending) {
        screen_put(sc, "  the first in %lld day(s): portreeve grants lists them",
                   (long long)status_number(facts, "first_ends_in_days"));
        screen_end(sc);
    }
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

void status_tell_maps(struct screen *sc, const json_t *facts)
{
    if (!json_is_string(json_object_get(facts, "oldest")))
        return;
    screen_put(sc, "Platform maps: the oldest, %s, is of %s", status_text(facts, "oldest"),
               status_text(facts, "oldest_version"));
    if (status_number(facts, "undated"))
        screen_put(sc, "; %lld say no date", (long long)status_number(facts, "undated"));
    screen_end(sc);
}
