/* Rules and names that take in more than their author can have meant. */
#include "compile/analyse.h"

#include "core/lookup.h"

#include <stdio.h>

/* What writes something that others see, or changes an account. */
static const uint32_t writes = 1u << ACTIVITY_POST | 1u << ACTIVITY_COMMENT | 1u << ACTIVITY_REACT |
                               1u << ACTIVITY_MESSAGE | 1u << ACTIVITY_UPLOAD | 1u << ACTIVITY_LIVE |
                               1u << ACTIVITY_SIGNUP | 1u << ACTIVITY_ADMIN | 1u << ACTIVITY_DELETE;

/* --- permits
 * ---------------------------------------------------------------------------------------------------- */

/* Says who, where from or when, not what. */
static bool of_person(enum arg_kind kind)
{
    return kind == ARG_USER || kind == ARG_GROUPS_STATE || kind == ARG_GROUPS || kind == ARG_PEOPLE ||
           kind == ARG_NETWORKS || kind == ARG_PORTS || kind == ARG_KNOWN_BY || kind == ARG_DURING ||
           kind == ARG_ALLOWANCES;
}

static bool persons_only(const struct study *s, const struct a_rule *r)
{
    for (uint32_t i = 0; i < r->clauses.n; i++)
        if (!of_person(check_kind_of(check_clause_at(s->c, r, i))))
            return false;
    return r->clauses.n > 0; /* one without any condition: check_rule.c */
}

/* A permit in force that can match, where all else is refused. */
static bool opens(const struct study *s, uint32_t i)
{
    const struct a_rule *r = check_rule_at(s->c, i);

    return r->verb == VERB_PERMIT && s->c->meta->default_action == ACTION_REFUSE &&
           !(r->flags & RULE_SHADOW) && s->rules[i].fate != FATE_DEAD;
}

void analyse_open(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct a_rule *r = check_rule_at(s->c, i);

        if (opens(s, i) && persons_only(s, r))
            check_say(
                s->c, a->severity, SECTION_RULES, i,
                "permit '%.*s' says only who asks or when, so that it opens every platform for them, to post "
                "and to sign "
                "up too: say which platforms, accounts or activities [%s]",
                STR_ARG(build_text(s->c->b, r->id)), a->id);
    }
}

/* The clause leaves every writing act to any account. */
static bool leaves_all(const struct study *s, const struct a_clause *clause)
{
    const uint32_t *args = build_numbers_at(s->c->b, clause->args);
    enum arg_kind kind = check_kind_of(clause);
    uint32_t named = 0;

    if (kind == ARG_ACTIVITIES) {
        for (uint32_t i = 0; i < clause->args.n; i++)
            named |= 1u << args[i];
        return clause->flags & CLAUSE_EXCEPT ? !(named & writes) : (named & writes) == writes;
    }
    if (kind == ARG_GRANT)
        return !args[2];
    return of_person(kind) || kind == ARG_PLATFORMS || kind == ARG_CLASSES || kind == ARG_MEDIA;
}

static bool all_left(const struct study *s, const struct a_rule *r)
{
    for (uint32_t i = 0; i < r->clauses.n; i++)
        if (!leaves_all(s, check_clause_at(s->c, r, i)))
            return false;
    return r->clauses.n > 0 && !persons_only(s, r);
}

/* Platforms where people speak under accounts of their own, as far as the policy has a say. */
static bool among_people(const struct study *s, const struct region *r)
{
    const uint32_t classes = s->c->meta->scope_classes & (1u << CLASS_SOCIAL | 1u << CLASS_MESSAGING |
                                                          1u << CLASS_STREAMING | 1u << CLASS_REVIEW);

    for (uint32_t p = 0; p < s->world->n_states; p++) {
        uint32_t class;
        bool broadcast_only;

        if (region_has_platform(r, p) && world_platform(s->world, p, &class, &broadcast_only) &&
            !broadcast_only && classes >> class & 1)
            return true;
    }
    return false;
}

void analyse_any_account(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct a_rule *r = check_rule_at(s->c, i);

        if (opens(s, i) && all_left(s, r) && among_people(s, s->rules[i].acts))
            check_say(s->c, a->severity, SECTION_RULES, i,
                      "permit '%.*s' allows every act with every account, people's own as well: if that is "
                      "not meant, "
                      "add a line 'activity', 'account' or 'identity' [%s]",
                      STR_ARG(build_text(s->c->b, r->id)), a->id);
    }
}

/* --- networks
 * ------------------------------------------------------------------------------------------------- */

/* Shorter than /8, in the family that the address is of. */
static bool wide(const uint32_t network[5])
{
    bool v4 = network[4] >= 96 && !network[0] && !network[1] && network[2] == 0xffff;

    return v4 ? network[4] < 96 + 8 : network[4] < 8;
}

static bool has_wide(const struct study *s, const struct a_clause *clause)
{
    const uint32_t *args = build_numbers_at(s->c->b, clause->args);

    for (uint32_t i = 0; i + 4 < clause->args.n; i += 5)
        if (wide(args + i))
            return true;
    return false;
}

/* Where it opens: in a permit, or as the exception of a forbid. */
void analyse_wide_network(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct a_rule *r = check_rule_at(s->c, i);

        for (uint32_t k = 0; k < r->clauses.n; k++) {
            const struct a_clause *clause = check_clause_at(s->c, r, k);
            uint32_t opening = r->verb == VERB_PERMIT ? 0 : r->verb == VERB_FORBID ? CLAUSE_EXCEPT : NO_INDEX;

            if (check_kind_of(clause) != ARG_NETWORKS || (clause->flags & CLAUSE_EXCEPT) != opening ||
                !has_wide(s, clause))
                continue;
            check_say(s->c, a->severity, SECTION_RULES, i,
                      "a network of %s '%.*s' is wider than /8, so that it takes in nearly every address: "
                      "write the "
                      "council's own networks [%s]",
                      word_of(WORDS_VERB, r->verb), STR_ARG(build_text(s->c->b, r->id)), a->id);
            break;
        }
    }
}

/* --- hosts
 * ------------------------------------------------------------------------------------------------------ */

/* Below which anybody can have a name: "com", "co.uk", "com.au". Not gov.uk, nhs.uk and the like, which are
 * given out to bodies of their kind only. */
static bool is_suffix(struct str name)
{
    static const char *const commercial[] = {"co", "com", "net", "org", "ltd", "plc", "me", "info"};
    size_t dot = str_find(name, '.');
    struct str first = str_upto(name, dot), rest = dot < name.n ? str_from(name, dot + 1) : STR_NONE;

    if (dot == name.n)
        return true;
    if (rest.n != 2) /* of a country, which has two letters */
        return false;
    for (size_t i = 0; i < sizeof commercial / sizeof *commercial; i++)
        if (str_eq(first, str_of(commercial[i])))
            return true;
    return false;
}

static const char *list_of(const struct a_host *host)
{
    return host->flags & HOST_MUST_WORK    ? "must-work"
           : host->flags & HOST_NEVER_BUMP ? "never-bump"
           : host->flags & HOST_NEVER_LOG  ? "never-log"
                                           : "the list of categories";
}

void analyse_wide_host(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_HOSTS); i++) {
        const struct a_host *host = build_at(s->c->b, SECTION_HOSTS, i);
        struct str name = build_text(s->c->b, host->name);

        if (host->flags & (HOST_SUBDOMAINS | HOST_NEVER_LOG) && is_suffix(name) &&
            (host->flags & (HOST_MUST_WORK | HOST_NEVER_BUMP | HOST_NEVER_LOG) || host->categories))
            check_say(s->c, a->severity, SECTION_HOSTS, i,
                      "'.%.*s' in %s takes in the hosts of everybody who has a name below it: write the "
                      "hosts that are "
                      "meant [%s]",
                      STR_ARG(name), list_of(host), a->id);
    }
}

/* A host by which people come to a platform that the policy has a say in. */
static bool is_entrance(const struct study *s, const struct a_host *host)
{
    const struct a_platform *platform;

    if (host->platform == NO_INDEX || host->role != ROLE_MAIN || host->below.n || host->flags & HOST_SHARED)
        return false;
    platform = build_at(s->c->b, SECTION_PLATFORMS, host->platform);
    return s->c->meta->scope_classes >> platform->class & 1;
}

/* The row, of those that reach down to the host, that has one of the flags, or (no flags) a category. */
static uint32_t covering(const struct study *s, struct str host, uint32_t flags)
{
    for (size_t i = host.n; i > 0; i--) {
        uint32_t index =
            i > 1 && host.p[i - 2] != '.' ? NO_INDEX : build_find_host(s->c->b, str_from(host, i - 1));
        const struct a_host *row = index == NO_INDEX ? NULL : build_at(s->c->b, SECTION_HOSTS, index);

        if (row && (i == 1 || row->flags & HOST_SUBDOMAINS) && (flags ? row->flags & flags : row->categories))
            return index;
    }
    return NO_INDEX;
}

/* What a host row does to the platform whose entrance it covers: "WHAT '.x' DOES platform 'y': THEN". */
struct covering_words {
    const char *what, *does, *then;
};

static void say_covered(struct study *s, const struct analysis *a, uint32_t flags,
                        const struct covering_words *words)
{
    uint32_t last = NO_INDEX;

    for (uint32_t i = 0; i < s->world->n_hosts; i++) {
        const struct a_host *host = build_at(s->c->b, SECTION_HOSTS, s->world->hosts[i].index), *row;
        uint32_t by = is_entrance(s, host) ? covering(s, build_text(s->c->b, host->name), flags) : NO_INDEX;
        const struct a_platform *platform;

        if (by == NO_INDEX || by == last)
            continue;
        last = by;
        row = build_at(s->c->b, SECTION_HOSTS, by);
        platform = build_at(s->c->b, SECTION_PLATFORMS, host->platform);
        if (is_suffix(build_text(s->c->b, row->name)))
            continue; /* said already */
        check_say(s->c, a->severity, SECTION_HOSTS, by, "%s '%s%.*s' %s platform '%.*s'%s [%s]", words->what,
                  row->flags & HOST_SUBDOMAINS ? "." : "", STR_ARG(build_text(s->c->b, row->name)),
                  words->does, STR_ARG(build_text(s->c->b, platform->id)), words->then, a->id);
    }
}

void analyse_open_platform(struct study *s, const struct analysis *a)
{
    static const struct covering_words words = {
        "must-work", "opens", " to everybody, whatever the rules say: take it out, and permit what is meant"};

    say_covered(s, a, HOST_MUST_WORK, &words);
}

void analyse_unjudged_platform(struct study *s, const struct analysis *a)
{
    static const struct covering_words words = {
        "never-bump", "hides what is done on",
        ": rules see its host and nothing else; take it out, or rule by host"};

    say_covered(s, a, HOST_NEVER_BUMP, &words);
}

void analyse_listed_host(struct study *s, const struct analysis *a)
{
    static const struct covering_words words = {
        "the host", "is listed in a category and is the way to",
        ": a rule about the category takes in all of it; take the host off the list"};

    say_covered(s, a, 0, &words);
}

/* What always works is not refused for its category: the list means nothing to it. */
void analyse_listed_must_work(struct study *s, const struct analysis *a)
{
    uint32_t first = NO_INDEX, n = 0;
    const struct a_host *host;

    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_HOSTS); i++) {
        host = build_at(s->c->b, SECTION_HOSTS, i);
        if (host->categories && covering(s, build_text(s->c->b, host->name), HOST_MUST_WORK) != NO_INDEX)
            first = n++ ? first : i;
    }
    if (!n)
        return;
    host = build_at(s->c->b, SECTION_HOSTS, first);
    check_say(s->c, a->severity, SECTION_HOSTS, first,
              "'%s%.*s' is listed in a category, but is must-work and never refused (so it is with %u "
              "host(s)): take it "
              "off one of the lists [%s]",
              host->flags & HOST_SUBDOMAINS ? "." : "", STR_ARG(build_text(s->c->b, host->name)), n, a->id);
}
