#include "core/ask.h"

#include "core/clock.h"
#include "core/conditions.h"

static const struct a_meta *meta_of(const struct artefact *a)
{
    return ARTEFACT_ROWS(a, META, struct a_meta);
}

struct str ask_key(const struct artefact *a, const struct a_rule *rule, char to[STANDING_WHAT_MAX])
{
    struct text t;

    text_init(&t, to, STANDING_WHAT_MAX);
    text_puts(&t, word_of(WORDS_ASK, rule->ask));
    text_putc(&t, '/');
    text_put(&t, artefact_str(a, rule->ask == ASK_NOTICE ? meta_of(a)->version : rule->id));
    return text_str(&t);
}

/* Number of the day, week or month that the local day lies in. */
static int32_t period_of(uint32_t every, int32_t day)
{
    enum { THURSDAY = 3 }; /* 1970-01-01; weeks begin on Monday */
    int year;
    unsigned month, mday;

    if (every == PERIOD_WEEK)
        return (day + THURSDAY) / 7;
    if (every != PERIOD_MONTH)
        return day;
    clock_date(day, &year, &month, &mday);
    return 12 * year + (int32_t)month;
}

bool ask_same_period(uint32_t every, int64_t one, int64_t other)
{
    return period_of(every, clock_local(one).day) == period_of(every, clock_local(other).day);
}

/* The ack is of a version whose readers need not read this one. */
static bool reads_on(const struct artefact *a, struct str what, int32_t today)
{
    const struct a_meta *meta = meta_of(a);
    struct str version = what, ask = str_cut(&version, '/');

    if (!str_eq(ask, str_of(word_of(WORDS_ASK, ASK_NOTICE))))
        return false;
    if (meta->reread_day && today <= (int32_t)meta->reread_day)
        return true;
    for (uint32_t i = 0; i < meta->reread_except.n; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, WORDS, struct a_str)[meta->reread_except.at + i]),
                   version))
            return true;
    return false;
}

bool ask_answered(const struct artefact *a, const struct a_rule *rule, const struct facts *facts, int64_t now)
{
    char key[STANDING_WHAT_MAX];
    struct str what = ask_key(a, rule, key);
    uint32_t since = facts_since(facts, FACT_ACK, what, now);

    if (rule->ask != ASK_NOTICE)
        return since && ask_same_period(rule->every, since, now);
    if (since)
        return true;
    for (uint32_t i = 0; i < facts->n; i++)
        if (facts->rows[i].kind == FACT_ACK && fact_holds(&facts->rows[i], now) &&
            reads_on(a, standing_str(facts->of, facts->rows[i].what), clock_local(now).day))
            return true;
    return false;
}

uint32_t allowance_of_rule(const struct artefact *a, uint32_t rule)
{
    const struct a_rule *r = &ARTEFACT_ROWS(a, RULES, struct a_rule)[rule];

    for (uint32_t i = 0; r->verb == VERB_PERMIT && i < r->clauses.n; i++) {
        const struct a_clause *clause = &ARTEFACT_ROWS(a, CLAUSES, struct a_clause)[r->clauses.at + i];

        if (condition_by_number(clause->condition)->args == ARG_ALLOWANCES &&
            !(clause->flags & CLAUSE_EXCEPT))
            return artefact_numbers(a, clause->args)[0];
    }
    return NO_INDEX;
}

uint32_t allowance_left(const struct artefact *a, uint32_t allowance, const struct facts *facts, int64_t now)
{
    const struct a_allowance *row = &ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[allowance];
    struct str name = artefact_str(a, row->name);
    uint64_t has = (uint64_t)row->minutes + facts_sum(facts, FACT_GIVEN, name, now);
    uint64_t used = facts_sum(facts, FACT_USED, name, now);

    return used < has ? (uint32_t)(has - used) : 0;
}

bool allowance_plays_on(const struct artefact *a, uint32_t allowance, const struct facts *facts, int64_t now)
{
    struct str name = artefact_str(a, ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[allowance].name);

    return facts_have(facts, FACT_PLAYING, name, now);
}

/* A reason belongs to one emergency (compile/policy_standing.c): it says which was declared. */
static bool is_reason(const struct artefact *a, const struct a_emergency *row, struct str what)
{
    for (uint32_t i = 0; i < row->reasons.n; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, WORDS, struct a_str)[row->reasons.at + i]), what))
            return true;
    return false;
}

bool emergency_declared(const struct artefact *a, uint32_t emergency, const struct facts *facts, int64_t now)
{
    const struct a_emergency *row = &ARTEFACT_ROWS(a, EMERGENCIES, struct a_emergency)[emergency];

    for (uint32_t i = 0; i < facts->n; i++) {
        const struct s_fact *f = &facts->rows[i];

        if (f->kind == FACT_EMERGENCY && fact_holds(f, now) &&
            now < (int64_t)f->from + (int64_t)row->hours * 3600 &&
            is_reason(a, row, standing_str(facts->of, f->what)))
            return true;
    }
    return false;
}

bool standing_stale(const struct artefact *a, const struct standing *s, int64_t now)
{
    int64_t age = now - standing_as_of(s);

    return (age < 0 ? -age : age) > (int64_t)meta_of(a)->standing_minutes * 60;
}
