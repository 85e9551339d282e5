#include "core/restrict.h"

#include "core/lookup.h"
#include "core/template.h"

/* Of the rules that give one restriction a value, the best so far. */
struct best {
    uint32_t set, rule;
    enum answer answer;
};

static const struct a_set *set_at(const struct artefact *a, uint32_t i)
{
    return &ARTEFACT_ROWS(a, SETS, struct a_set)[i];
}

static const struct a_rule *rule_at(const struct artefact *a, uint32_t i)
{
    return &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];
}

static bool on_path(const struct artefact *a, uint32_t restriction, struct str path)
{
    struct a_list paths = ARTEFACT_ROWS(a, RESTRICTIONS, struct a_restriction)[restriction].paths;

    for (uint32_t i = 0; i < paths.n; i++)
        if (template_match(artefact_str(a, ARTEFACT_ROWS(a, WORDS, struct a_str)[paths.at + i]), path, NULL))
            return true;
    return paths.n == 0;
}

/* Rules come in the order of their names: the first of equals stays. */
static bool better(const struct artefact *a, const struct best *x, const struct best *holder)
{
    if (holder->set == NO_INDEX)
        return true;
    if (set_at(a, x->set)->rank != set_at(a, holder->set)->rank)
        return set_at(a, x->set)->rank < set_at(a, holder->set)->rank;
    if (x->answer != holder->answer)
        return x->answer == YES;
    return rule_at(a, x->rule)->clauses.n > rule_at(a, holder->rule)->clauses.n;
}

/* What the rule says of that restriction, or NO_INDEX. */
static uint32_t set_of(const struct artefact *a, const struct a_rule *rule, uint32_t restriction)
{
    for (uint32_t i = 0; i < rule->sets.n; i++)
        if (set_at(a, rule->sets.at + i)->restriction == restriction)
            return rule->sets.at + i;
    return NO_INDEX;
}

static bool speaks_of(const struct artefact *a, const struct a_rule *rule, const uint32_t *found, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (set_of(a, rule, found[i]) != NO_INDEX)
            return true;
    return false;
}

static void weigh(const struct match *m, uint32_t rule, struct best *best, struct best *enforced,
                  uint32_t restriction)
{
    const struct artefact *a = m->artefact;
    struct best x = {.set = set_of(a, rule_at(a, rule), restriction), .rule = rule};

    if (x.set == NO_INDEX)
        return;
    x.answer = match_rule(m, rule_at(a, rule));
    if (x.answer == NO)
        return;
    if (better(a, &x, best))
        *best = x;
    if (!(rule_at(a, rule)->flags & RULE_SHADOW) && better(a, &x, enforced))
        *enforced = x;
}

void restrict_request(const struct match *m, struct verdict *v)
{
    const struct artefact *a = m->artefact;
    const struct a_list rules = ARTEFACT_ROWS(a, META, struct a_meta)->set_rules;
    uint32_t found[RESTRICTIONS_MAX], n;

    v->n_sets = 0;
    if (v->action != ACTION_ALLOW || m->request->kind != REQUEST_PLAIN)
        return;
    n = lookup_restricted(a, m->request->host, found);
    for (uint32_t i = 0; i < n; i++) {
        struct best best = {.set = NO_INDEX, .rule = RULE_NONE}, enforced = best;

        if (!on_path(a, found[i], m->request->path))
            continue;
        for (uint32_t k = 0; k < rules.n; k++)
            weigh(m, artefact_numbers(a, rules)[k], &best, &enforced, found[i]);
        if (v->who.mode == MODE_SHADOW)
            enforced = (struct best){.set = NO_INDEX, .rule = RULE_NONE};
        if (best.set != NO_INDEX)
            v->sets[v->n_sets++] = (struct verdict_set){
                .set = enforced.set, .rule = enforced.rule, .would = best.set, .would_rule = best.rule};
    }
}

/* What a tunnel does not tell of the requests inside: it could be anything. */
static bool untold(const struct match *m, const struct a_clause *clause)
{
    switch (condition_by_number(clause->condition)->args) {
    case ARG_ACTIVITIES:
    case ARG_ACCOUNTS:
    case ARG_ACCOUNT_FLAGS:
    case ARG_IDENTITIES:
    case ARG_ORIGINS:
    case ARG_GRANT:
        return true;
    case ARG_PLATFORMS: /* of a host that several share */
    case ARG_CLASSES:
    case ARG_MEDIA:
    case ARG_ROLES:
        return m->what->platform == NO_INDEX;
    default:
        return false;
    }
}

static bool could_match(const struct match *m, const struct a_rule *rule)
{
    const struct a_clause *clause = &ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)[rule->clauses.at];

    for (uint32_t i = 0; i < rule->clauses.n; i++, clause++)
        if (!untold(m, clause) && match_clause(m, clause) == NO)
            return false;
    return true;
}

bool restrict_tunnel(const struct match *m)
{
    const struct artefact *a = m->artefact;
    const struct a_list rules = ARTEFACT_ROWS(a, META, struct a_meta)->set_rules;
    uint32_t found[RESTRICTIONS_MAX], n = lookup_restricted(a, m->request->host, found);

    if (n == 0 || m->who->mode == MODE_SHADOW)
        return false;
    for (uint32_t k = 0; k < rules.n; k++) {
        const struct a_rule *rule = rule_at(a, artefact_numbers(a, rules)[k]);

        if (!(rule->flags & RULE_SHADOW) && speaks_of(a, rule, found, n) && could_match(m, rule))
            return true;
    }
    return false;
}

bool restrict_concerns(const struct match *m, const struct a_rule *rule)
{
    uint32_t found[RESTRICTIONS_MAX], n = lookup_restricted(m->artefact, m->request->host, found);

    for (uint32_t i = 0; i < n; i++)
        if (set_of(m->artefact, rule, found[i]) != NO_INDEX &&
            (m->request->kind != REQUEST_PLAIN || on_path(m->artefact, found[i], m->request->path)))
            return true;
    return false;
}

/* A header's name has no case, a parameter's is taken to have none. */
static bool said(const struct change *changes, uint32_t n, const struct change *c)
{
    for (uint32_t i = 0; i < n; i++)
        if ((changes[i].kind == PLACE_QUERY) == (c->kind == PLACE_QUERY) && str_ieq(changes[i].name, c->name))
            return true;
    return false;
}

/* The changes of one set, behind those that there are. Headers that are only taken off come in a second
 * round: what another restriction puts in stays. */
static uint32_t add_changes(const struct artefact *a, const struct a_set *set, bool without,
                            struct change *to, uint32_t n, uint32_t index)
{
    struct a_list places = ARTEFACT_ROWS(a, RESTRICTIONS, struct a_restriction)[set->restriction].places;
    const struct a_str *values = &ARTEFACT_ROWS(a, WORDS, struct a_str)[set->values.at];

    for (uint32_t i = 0; i < places.n; i++) {
        const struct a_place *l = &ARTEFACT_ROWS(a, PLACES, struct a_place)[places.at + i];
        struct change c = {.kind = (enum place_kind)l->kind, .name = artefact_str(a, l->name), .set = index};

        if (l->kind != PLACE_WITHOUT)
            c.value = artefact_str(a, l->shape == SHAPE_IS ? l->value : *values++);
        if ((l->kind == PLACE_WITHOUT) == without && !said(to, n, &c))
            to[n++] = c;
    }
    return n;
}

uint32_t restrict_changes(const struct artefact *a, const struct verdict *v, bool would,
                          struct change to[CHANGES_MAX])
{
    uint32_t n = 0;

    for (int without = 0; without < 2; without++)
        for (uint32_t i = 0; i < v->n_sets; i++) {
            uint32_t set = would ? v->sets[i].would : v->sets[i].set;

            if (set != NO_INDEX)
                n = add_changes(a, set_at(a, set), without, to, n, i);
        }
    return n;
}

/* ---- the address ---- */

static int hex(char c)
{
    c = ascii_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place; returns the new length. */
static size_t decode(char *p, size_t n)
{
    size_t w = 0;

    for (size_t i = 0; i < n; i++) {
        bool escaped = p[i] == '%' && i + 2 < n && hex(p[i + 1]) >= 0 && hex(p[i + 2]) >= 0;

        p[w++] = escaped ? (char)(hex(p[i + 1]) * 16 + hex(p[i + 2])) : p[i];
        i += escaped ? 2 : 0;
    }
    return w;
}

/* `raw` reads `name`: in any case, percent-encoded up to thrice, with blanks and control bytes around it that
 * servers drop. */
static bool reads(struct str raw, struct str name)
{
    enum { THRICE = 7, AROUND = 16 }; /* "%252561" is an 'a' */
    char bytes[(ARTEFACT_NAME_MAX + AROUND) * THRICE];
    size_t n = raw.n, from = 0;

    if (n < name.n || n > sizeof bytes)
        return false;
    memcpy(bytes, raw.p, n);
    for (int pass = 0; pass < 3; pass++)
        n = decode(bytes, n);
    while (from < n && ((unsigned char)bytes[from] <= 0x20 || bytes[from] == '+'))
        from++;
    while (n > from && ((unsigned char)bytes[n - 1] <= 0x20 || bytes[n - 1] == '+'))
        n--;
    return str_ieq((struct str){bytes + from, n - from}, name);
}

static bool is_changed(const struct change *changes, uint32_t n, struct str pair)
{
    struct str name = str_upto(pair, str_find(pair, '='));

    for (uint32_t i = 0; i < n; i++)
        if (changes[i].kind == PLACE_QUERY && reads(name, changes[i].name))
            return true;
    return false;
}

/* What of the query stays. Some servers part parameters at ';', too. */
static void keep_others(const struct change *changes, uint32_t n, struct str query, struct text *to)
{
    char before = '?';

    while (query.n) {
        size_t amp = str_find(query, '&'), semicolon = str_find(query, ';');
        size_t end = amp < semicolon ? amp : semicolon;
        struct str pair = str_upto(query, end);

        if (!is_changed(changes, n, pair)) {
            text_putc(to, before);
            text_put(to, pair);
            before = end < query.n ? query.p[end] : '&';
        }
        query = str_from(query, end + 1);
    }
}

bool restrict_target(const struct change *changes, uint32_t n, struct str target, struct text *to)
{
    struct str rest = str_upto(target, str_find(target, '#'));
    size_t at = str_find(rest, '?'), start = to->n;
    bool some = false;

    text_put(to, str_upto(rest, at));
    keep_others(changes, n, str_from(rest, at + 1), to);
    for (uint32_t i = 0; i < n; i++) {
        if (changes[i].kind != PLACE_QUERY)
            continue;
        text_putc(to, str_find((struct str){to->p + start, to->n - start}, '?') == to->n - start ? '?' : '&');
        text_put(to, changes[i].name);
        text_putc(to, '=');
        text_put(to, changes[i].value);
        some = true;
    }
    return some;
}
