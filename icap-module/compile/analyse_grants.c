/* What is over, what has not begun, and grants of everything. Days are local days since 1970. */
#include "compile/analyse.h"

#include "core/clock.h"
#include "core/match.h"

void analyse_not_yet(struct study *s, const struct analysis *a)
{
    char date[11] = {0};

    if ((int32_t)s->c->meta->from_day <= s->today)
        return;
    clock_format_date((int32_t)s->c->meta->from_day, date);
    check_say(
        s->c, a->severity, SECTION_META, STATEMENT_POLICY,
        "the policy holds from %s, but is in force as soon as it is published: publish it no earlier [%s]",
        date, a->id);
}

static const struct a_grant *grant_at(const struct study *s, uint32_t i)
{
    return build_at(s->c->b, SECTION_GRANTS, i);
}

static bool expired(const struct study *s, const struct a_grant *g)
{
    return s->today >= match_grant_end(s->c->meta, g);
}

static bool untrained(const struct study *s, const struct a_grant *g)
{
    return g->trained_day && (int32_t)g->trained_day < s->today &&
           s->c->meta->grant_needs >> STEP_TRAINING & 1;
}

static bool over(const struct study *s, const struct a_grant *g)
{
    return expired(s, g) || untrained(s, g);
}

static bool same_subject(const struct a_grant *x, const struct a_grant *y)
{
    return x->user.at == y->user.at && x->user.n == y->user.n && (x->user.n || x->group == y->group);
}

static bool share_platform(const struct study *s, const struct a_grant *x, const struct a_grant *y)
{
    const uint32_t *p = build_numbers_at(s->c->b, x->platforms), *q = build_numbers_at(s->c->b, y->platforms);

    for (uint32_t i = 0; i < x->platforms.n; i++)
        for (uint32_t k = 0; k < y->platforms.n; k++)
            if (p[i] == q[k])
                return true;
    return false;
}

/* Somebody's grant that is over is history where a row of today has taken its place. */
static bool renewed(const struct study *s, const struct a_grant *g)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *other = grant_at(s, i);

        if (same_subject(g, other) && !over(s, other) && share_platform(s, g, other))
            return true;
    }
    return false;
}

/* How many grants are `so` and not renewed; *first the first of them. */
static uint32_t count(const struct study *s, bool (*so)(const struct study *, const struct a_grant *),
                      uint32_t *first)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++)
        if (so(s, grant_at(s, i)) && !renewed(s, grant_at(s, i)) && n++ == 0)
            *first = i;
    return n;
}

/* Whose grant it is. */
static struct str subject(const struct study *s, const struct a_grant *g)
{
    if (g->user.n)
        return build_text(s->c->b, g->user);
    return build_text(s->c->b, ((const struct a_group *)build_at(s->c->b, SECTION_GROUPS, g->group))->name);
}

void analyse_expired(struct study *s, const struct analysis *a)
{
    uint32_t first = 0, n = count(s, expired, &first), all = build_count(s->c->b, SECTION_GRANTS);
    char date[11] = {0};

    if (!n)
        return;
    clock_format_date(match_grant_end(s->c->meta, grant_at(s, first)) - 1, date);
    check_say(
        s->c, a->severity, SECTION_GRANTS, first,
        n == all
            ? "the last day of every grant (%u) is past; the first, of '%.*s', ended on %s: add the renewals "
              "[%s]"
            : "the last day of %u grant(s) is past; the first, of '%.*s', ended on %s: add a renewal, or "
              "take "
              "the row out [%s]",
        n, STR_ARG(subject(s, grant_at(s, first))), date, a->id);
}

static bool only_untrained(const struct study *s, const struct a_grant *g)
{
    return untrained(s, g) && !expired(s, g);
}

void analyse_untrained(struct study *s, const struct analysis *a)
{
    uint32_t first = 0, n = count(s, only_untrained, &first);
    char date[11] = {0};

    if (!n)
        return;
    clock_format_date((int32_t)grant_at(s, first)->trained_day, date);
    check_say(s->c, a->severity, SECTION_GRANTS, first,
              "the training of %u grant(s) is past; the first, of '%.*s', counted until %s: have them "
              "trained, and put in "
              "the new date [%s]",
              n, STR_ARG(subject(s, grant_at(s, first))), date, a->id);
}

/* --- what will be over soon --- */

static bool ending(const struct study *s, const struct a_grant *g)
{
    int32_t end = match_grant_end(s->c->meta, g);

    return !g->clean_from && end > s->today && end - s->today <= GRANT_SOON_DAYS;
}

/* A row that goes on for longer, of the same person for one of the same platforms. */
static bool goes_on(const struct study *s, const struct a_grant *g)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *other = grant_at(s, i);

        if (same_subject(g, other) && share_platform(s, g, other) && !other->clean_from &&
            match_grant_end(s->c->meta, other) > match_grant_end(s->c->meta, g))
            return true;
    }
    return false;
}

void analyse_ending(struct study *s, const struct analysis *a)
{
    uint32_t first = NO_INDEX, n = 0;
    int32_t end = INT32_MAX;
    char date[11] = {0};

    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = grant_at(s, i);

        if (!ending(s, g) || goes_on(s, g))
            continue;
        n++;
        if (match_grant_end(s->c->meta, g) < end) {
            end = match_grant_end(s->c->meta, g);
            first = i;
        }
    }
    if (!n)
        return;
    clock_format_date(end - 1, date);
    check_say(s->c, a->severity, SECTION_GRANTS, first,
              "%u grant(s) end within %d days; the first, of '%.*s', has its last day on %s, %d day(s) from "
              "today: add the renewals in time [%s]",
              n, GRANT_SOON_DAYS, STR_ARG(subject(s, grant_at(s, first))), date, (int)(end - 1 - s->today),
              a->id);
}

/* Somebody's row of an earlier reading is history where another has the reading of today. */
static bool read_since(const struct study *s, const struct a_grant *g)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *other = grant_at(s, i);

        if (same_subject(g, other) && other->read_day && !(other->flags & GRANT_READ_EARLIER) &&
            !over(s, other) && share_platform(s, g, other))
            return true;
    }
    return false;
}

/* Who has read an earlier version only, and what comes of it. */
void analyse_unread(struct study *s, const struct analysis *a)
{
    const struct a_meta *m = s->c->meta;
    uint32_t first = NO_INDEX, n = 0;
    char date[11] = {0};
    bool over = !m->reread_day || (int32_t)m->reread_day < s->today;

    if (!(m->grant_needs >> STEP_READ & 1) || (!over && (int32_t)m->reread_day - s->today > GRANT_SOON_DAYS))
        return;
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        if (!(grant_at(s, i)->flags & GRANT_READ_EARLIER) || grant_at(s, i)->clean_from ||
            expired(s, grant_at(s, i)) || read_since(s, grant_at(s, i)))
            continue;
        first = n++ ? first : i;
    }
    if (!n)
        return;
    clock_format_date((int32_t)m->reread_day, date);
    if (over)
        check_say(
            s->c, a->severity, SECTION_GRANTS, first,
            "%u grant(s) are inert until this version of the policy is read, the first that of '%.*s': put "
            "in the new days, or give time with 're-read by DATE' (after a small change 're-read none') "
            "[%s]",
            n, STR_ARG(subject(s, grant_at(s, first))), a->id);
    else
        check_say(
            s->c, a->severity, SECTION_GRANTS, first,
            "%u grant(s) are inert after %s unless this version of the policy is read by then, the first "
            "that of '%.*s': put in the new days [%s]",
            n, date, STR_ARG(subject(s, grant_at(s, first))), a->id);
}

void analyse_wide_grant(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = grant_at(s, i);

        if (g->accounts.n == 0 && g->activities == (1u << ACTIVITY_COUNT) - 1)
            check_say(s->c, a->severity, SECTION_GRANTS, i,
                      "the grant of '%.*s' names no account and every activity, so that it is for all "
                      "accounts of its "
                      "platforms: write those that were approved [%s]",
                      STR_ARG(subject(s, g)), a->id);
    }
}
