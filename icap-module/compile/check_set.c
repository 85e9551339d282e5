/* What is wrong or doubtful about rules of verb set and the restrictions that they name. */
#include "compile/analyse_sets.h"
#include "compile/check.h"

static const struct a_set *set_at(const struct check *c, uint32_t i)
{
    return build_at(c->b, SECTION_SETS, i);
}

static const struct a_restricted *restricted_at(const struct check *c, uint32_t i)
{
    return build_at(c->b, SECTION_RESTRICTED, i);
}

static struct host_pattern pattern_of(const struct check *c, uint32_t i)
{
    const struct a_restricted *row = restricted_at(c, i);

    return (struct host_pattern){build_text(c->b, row->name), row->flags & HOST_SUBDOMAINS};
}

static bool is_set(const struct check *c, uint32_t restriction)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_SETS); i++)
        if (set_at(c, i)->restriction == restriction)
            return true;
    return false;
}

/* The restrictions that hold at all of this row's hosts, and whether another row says the same before. */
static uint32_t count_at(const struct check *c, uint32_t row)
{
    uint32_t n = 0, rows = build_count(c->b, SECTION_RESTRICTED);

    for (uint32_t i = 0; i < rows; i++) {
        uint32_t restriction = restricted_at(c, i)->restriction;
        bool counted = !is_set(c, restriction) || !host_pattern_below(pattern_of(c, row), pattern_of(c, i));

        for (uint32_t k = 0; k < i && !counted; k++)
            counted = restricted_at(c, k)->restriction == restriction &&
                      host_pattern_below(pattern_of(c, row), pattern_of(c, k));
        n += !counted;
    }
    return n;
}

/* A host belongs to every pattern above it, so that the most at any host are those at one of the patterns. */
static void check_room(struct check *c, uint32_t rule)
{
    const struct a_rule *r = check_rule_at(c, rule);

    for (uint32_t i = 0; i < build_count(c->b, SECTION_RESTRICTED); i++) {
        bool own = false;

        for (uint32_t k = 0; k < r->sets.n; k++)
            own |= set_at(c, r->sets.at + k)->restriction == restricted_at(c, i)->restriction;
        if (!own || count_at(c, i) <= RESTRICTIONS_MAX)
            continue;
        check_say(c, SEVERITY_ERROR, SECTION_RULES, rule,
                  "set '%.*s': more than %d restrictions meet at '%.*s': take one of them out",
                  STR_ARG(build_text(c->b, r->id)), RESTRICTIONS_MAX,
                  STR_ARG(build_text(c->b, restricted_at(c, i)->name)));
        return;
    }
}

/* The host row that keeps all of the pattern from being opened, or NULL. */
static const struct a_host *kept_shut(const struct check *c, struct host_pattern pattern)
{
    for (uint32_t k = 0; k < build_count(c->b, SECTION_HOSTS); k++) {
        const struct a_host *host = build_at(c->b, SECTION_HOSTS, k);

        if (host->flags & (HOST_MUST_WORK | HOST_NEVER_BUMP) &&
            host_pattern_below(
                pattern, (struct host_pattern){build_text(c->b, host->name), host->flags & HOST_SUBDOMAINS}))
            return host;
    }
    return NULL;
}

/* Below a must-work host nothing is judged, and what is never opened cannot be written into. */
static void check_hosts(struct check *c, uint32_t rule, const struct a_restriction *r, uint32_t restriction)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_RESTRICTED); i++) {
        const struct a_host *host;

        if (restricted_at(c, i)->restriction != restriction)
            continue;
        host = kept_shut(c, pattern_of(c, i));
        if (!host)
            continue;
        check_say(
            c, SEVERITY_WARNING, SECTION_RULES, rule,
            "set '%.*s': '%.*s' cannot be set at '%.*s', which is %s; take that host out there, or this "
            "restriction here",
            STR_ARG(build_text(c->b, check_rule_at(c, rule)->id)), STR_ARG(build_text(c->b, r->id)),
            STR_ARG(build_text(c->b, restricted_at(c, i)->name)),
            host->flags & HOST_MUST_WORK ? "must-work" : "never-bump");
        return;
    }
}

void check_set(struct check *c, uint32_t rule)
{
    const struct a_rule *r = check_rule_at(c, rule);

    for (uint32_t i = 0; i < r->sets.n; i++) {
        uint32_t index = set_at(c, r->sets.at + i)->restriction;
        const struct a_restriction *restriction = build_at(c->b, SECTION_RESTRICTIONS, index);

        check_hosts(c, rule, restriction, index);
        if (restriction->proof != PROOF_VERIFIED)
            check_say(c, SEVERITY_WARNING, SECTION_RULES, rule,
                      "set '%.*s': that '%.*s' works is %s: %s; try it before you rely on it",
                      STR_ARG(build_text(c->b, r->id)), STR_ARG(build_text(c->b, restriction->id)),
                      word_of(WORDS_PROOF, restriction->proof),
                      word_lists[WORDS_PROOF].meanings[restriction->proof]);
    }
    check_room(c, rule);
}
