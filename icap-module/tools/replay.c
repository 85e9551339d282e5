#include "tools/replay.h"

#include "core/conditions.h"
#include "core/explain.h"
#include "core/match.h"

#include <stdlib.h>

enum { OLD, NEW, SIDES, NO_UNKNOWN = 0xffff, FOUND_MAX = 64, TEXT = 512 };

/* An unknown, by its text: the same in both policies is one. */
struct unknown {
    char *text;
    bool group;
    bool fixed; /* no: a question that only the new policy asks */
};

/* A policy, and which unknown each of its clauses, groups and questions is. */
struct side {
    const struct policy *policy;
    const struct artefact *a;
    uint16_t *clause, *group, *question;
    bool *negated; /* the clause says the opposite of its unknown */
    unsigned char *clauses, *answered;
    unsigned char *relevant; /* by clause: it can matter to the kind that is looked at */
    struct supposed supposed;
    struct snapshot view;
};

struct kept {
    unsigned char bytes[EVENT_MAX];
    size_t size;
    uint64_t n;
};

struct replay {
    struct side sides[SIDES];
    struct unknown *unknowns;
    size_t n_unknowns;
    struct kept *kept;
    uint32_t *table; /* of `kept`, by hash, plus one; 0 = free */
    size_t n, room, slots;
    struct replay_kind *kinds;
    struct scratch *scratch;
    bool no_memory;
};

/* ---- what is unknown ---- */

static const struct a_clause *clauses_of(const struct side *s)
{
    return ARTEFACT_ROWS(s->a, CLAUSES, struct a_clause);
}

static const struct a_rule *rules_of(const struct side *s)
{
    return ARTEFACT_ROWS(s->a, RULES, struct a_rule);
}

static uint16_t unknown_of(struct replay *r, struct str text, bool group)
{
    struct unknown *grown;

    for (size_t i = 0; i < r->n_unknowns; i++)
        if (r->unknowns[i].group == group && str_eq(str_of(r->unknowns[i].text), text))
            return (uint16_t)i;
    grown = r->n_unknowns + 1 < NO_UNKNOWN ? realloc(r->unknowns, (r->n_unknowns + 1) * sizeof *grown) : NULL;
    if (grown) {
        r->unknowns = grown;
        r->unknowns[r->n_unknowns] = (struct unknown){strndup(text.p ? text.p : "", text.n), group, false};
    }
    if (!grown || !r->unknowns[r->n_unknowns].text) {
        r->no_memory = true;
        return NO_UNKNOWN;
    }
    return (uint16_t)r->n_unknowns++;
}

/* Own time and work time are one question with two answers. */
static void link_clause(struct replay *r, struct side *s, uint32_t i)
{
    const struct a_clause *clause = &clauses_of(s)[i];
    const uint32_t *args = artefact_numbers(s->a, clause->args);
    char words[TEXT];
    struct text t;

    text_init(&t, words, sizeof words);
    s->negated[i] = condition_by_number(clause->condition)->args == ARG_DURING && clause->args.n == 1 &&
                    args[0] == DURING_WORK_TIME;
    if (s->negated[i])
        text_puts(&t, "during own-time");
    else
        explain_condition(s->a, clause, &t);
    s->clause[i] = unknown_of(r, text_str(&t), false);
}

static void link_question(struct replay *r, struct side *s, uint32_t i)
{
    const struct a_rule *rule = &rules_of(s)[i];
    char words[TEXT];
    struct text t;

    s->question[i] = NO_UNKNOWN;
    if (rule->verb != VERB_REQUIRE)
        return;
    text_init(&t, words, sizeof words);
    text_puts(&t, "require ");
    text_puts(&t, word_of(WORDS_ASK, rule->ask));
    text_putc(&t, ' ');
    text_put(&t, artefact_str(s->a, rule->id));
    text_puts(&t, " answered");
    s->question[i] = unknown_of(r, text_str(&t), false);
}

static bool link_side(struct replay *r, struct side *s)
{
    uint32_t n_clauses = s->a->n[SECTION_CLAUSES], n_rules = s->a->n[SECTION_RULES], n_groups = s->a->n[SECTION_GROUPS];
    size_t before = r->n_unknowns;

    s->clause = calloc(n_clauses + 1, sizeof *s->clause);
    s->negated = calloc(n_clauses + 1, sizeof *s->negated);
    s->clauses = malloc(n_clauses + 1);
    s->relevant = calloc(n_clauses + 1, 1);
    s->question = calloc(n_rules + 1, sizeof *s->question);
    s->answered = calloc(n_rules + 1, 1);
    s->group = calloc(n_groups + 1, sizeof *s->group);
    if (!s->clause || !s->negated || !s->clauses || !s->relevant || !s->question || !s->answered || !s->group)
        return false;
    for (uint32_t i = 0; i < n_clauses; i++)
        link_clause(r, s, i);
    for (uint32_t i = 0; i < n_rules; i++) {
        link_question(r, s, i);
        if (s == &r->sides[NEW] && s->question[i] != NO_UNKNOWN && s->question[i] >= before)
            r->unknowns[s->question[i]].fixed = true;
    }
    for (uint32_t i = 0; i < n_groups; i++)
        s->group[i] = unknown_of(r, artefact_str(s->a, ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].name), true);
    s->supposed = (struct supposed){s->clauses, s->answered};
    s->view = (struct snapshot){.policy = s->policy, .supposed = &s->supposed};
    return !r->no_memory;
}

struct replay *replay_new(const struct policy *old, const struct policy *now)
{
    struct replay *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->scratch = scratch_new();
    r->sides[OLD] = (struct side){.policy = old, .a = policy_artefact(old)};
    r->sides[NEW] = (struct side){.policy = now, .a = policy_artefact(now)};
    if (!r->scratch || !link_side(r, &r->sides[OLD]) || !link_side(r, &r->sides[NEW])) {
        replay_free(r);
        return NULL;
    }
    return r;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    for (int i = 0; i < SIDES; i++) {
        struct side *s = &r->sides[i];

        free(s->clause);
        free(s->negated);
        free(s->clauses);
        free(s->relevant);
        free(s->question);
        free(s->answered);
        free(s->group);
    }
    for (size_t i = 0; i < r->n_unknowns; i++)
        free(r->unknowns[i].text);
    free(r->unknowns);
    free(r->kept);
    free(r->table);
    free(r->kinds);
    scratch_free(r->scratch);
    free(r);
}

/* ---- events, each kind once ---- */

static uint32_t *slot_of(struct replay *r, const unsigned char *bytes, size_t size)
{
    size_t i = str_hash((struct str){(const char *)bytes, size}) & (r->slots - 1);

    while (r->table[i] && (r->kept[r->table[i] - 1].size != size || memcmp(r->kept[r->table[i] - 1].bytes, bytes, size) != 0))
        i = (i + 1) & (r->slots - 1);
    return &r->table[i];
}

static int grow(struct replay *r)
{
    size_t room = r->room ? r->room * 2 : 1024;
    struct kept *kept = realloc(r->kept, room * sizeof *kept);

    if (!kept)
        return -1;
    r->kept = kept;
    r->room = room;
    free(r->table);
    r->slots = room * 2;
    r->table = calloc(r->slots, sizeof *r->table);
    if (!r->table)
        return -1;
    for (size_t i = 0; i < r->n; i++)
        *slot_of(r, r->kept[i].bytes, r->kept[i].size) = (uint32_t)i + 1;
    return 0;
}

int replay_event(struct replay *r, const struct event *e)
{
    unsigned char bytes[EVENT_MAX];
    struct event alike = *e;
    uint32_t *slot;
    size_t size;

    alike.sequence = 0;
    alike.time = 0;
    alike.code = alike.group = STR_NONE;
    alike.has_day = false;
    memset(alike.pseudonym, 0, sizeof alike.pseudonym);
    size = event_encode(&alike, bytes, sizeof bytes);
    if (size == 0 || (r->n == r->room && grow(r) != 0))
        return -1;
    slot = slot_of(r, bytes, size);
    if (!*slot) {
        memcpy(r->kept[r->n].bytes, bytes, size);
        r->kept[r->n].size = size;
        r->kept[r->n].n = 0;
        *slot = (uint32_t)++r->n;
    }
    r->kept[*slot - 1].n++;
    return 0;
}

/* ---- one kind ---- */

/* A group for which another of the unknowns stands. */
struct like {
    uint16_t unknown, as;
};

/* What is being looked at. */
struct looking {
    struct replay *r;
    const struct event *e;
    bool differing_accounts; /* the two know other accounts of this platform */
    uint16_t unknowns[FOUND_MAX]; /* at most REPLAY_UNKNOWNS once groups are merged */
    struct like like[FOUND_MAX];
    unsigned n, n_like;
    bool too_many;
};

static uint32_t platform_of(const struct side *s, struct str id)
{
    for (uint32_t i = 0; id.n && i < s->a->n[SECTION_PLATFORMS]; i++)
        if (str_eq(artefact_str(s->a, ARTEFACT_ROWS(s->a, PLATFORMS, struct a_platform)[i].id), id))
            return i;
    return NO_INDEX;
}

/* Tools that manage another platform's accounts have none of their own. */
static uint32_t account_of(const struct side *s, uint32_t platform, struct str name)
{
    if (platform != NO_INDEX)
        platform = identity_platform(s->a, platform);
    for (uint32_t i = 0; i < s->a->n[SECTION_ACCOUNTS]; i++) {
        const struct a_account *row = &ARTEFACT_ROWS(s->a, ACCOUNTS, struct a_account)[i];

        if (row->platform == platform && str_eq(artefact_str(s->a, row->name), name))
            return i;
    }
    return NO_INDEX;
}

static bool lacks_account(const struct side *s, const struct side *other, struct str id)
{
    uint32_t platform = platform_of(s, id), there = platform_of(other, id);

    for (uint32_t i = 0; i < s->a->n[SECTION_ACCOUNTS]; i++) {
        const struct a_account *row = &ARTEFACT_ROWS(s->a, ACCOUNTS, struct a_account)[i];

        if (row->platform == platform && account_of(other, there, artefact_str(s->a, row->name)) == NO_INDEX)
            return true;
    }
    return false;
}

/* Whether the record tells what a clause asks. */
static bool is_told(const struct looking *l, const struct a_clause *clause)
{
    switch (condition_by_number(clause->condition)->args) {
    case ARG_PLATFORMS:
    case ARG_CLASSES:
    case ARG_MEDIA:
    case ARG_CATEGORIES:
    case ARG_ACTIVITIES:
    case ARG_IDENTITIES:
    case ARG_ORIGINS:
    case ARG_COUNTRIES:
    case ARG_ASNS:
    case ARG_GROUPS: /* by the groups of the world */
    case ARG_GROUPS_STATE:
        return true;
    case ARG_ACCOUNTS:
    case ARG_ACCOUNT_FLAGS:
        return !l->differing_accounts;
    case ARG_PEOPLE:
        return l->e->people < PEOPLE_COUNT;
    case ARG_USER:
    case ARG_KNOWN_BY:
        return l->e->has_pseudonym; /* one person, by their sign-in */
    default:
        return false;
    }
}

static struct classification what_of(const struct looking *l, const struct side *s)
{
    const struct event *e = l->e;
    struct classification c = {.platform = platform_of(s, e->platform),
                               .categories = e->categories,
                               .role = ROLE_MAIN,
                               .activity = e->activity,
                               .confidence = e->confidence,
                               .account_state = ACCOUNT_STATE_NAMED,
                               .registered = NO_INDEX,
                               .identity = e->identity,
                               .origin = e->origin,
                               .carrier = NO_INDEX,
                               .place = {e->has_place, e->asn, e->country}};

    if (str_eq(e->account, STR("none")))
        c.account_state = ACCOUNT_STATE_NOBODY;
    else if (str_eq(e->account, STR("unknown")))
        c.account_state = ACCOUNT_STATE_UNKNOWN;
    else
        c.registered = account_of(s, c.platform, e->account);
    return c;
}

static struct request request_of(const struct event *e, struct str *groups, size_t n)
{
    return (struct request){.kind = REQUEST_PLAIN,
                            .method = STR("GET"),
                            .host = STR("host.invalid"),
                            .path = STR("/"),
                            .account_name = e->has_pseudonym ? STR("*") : STR_NONE, /* a name that no register holds */
                            .has_groups = true,
                            .groups = groups,
                            .n_groups = n};
}

static void add_unknown(struct looking *l, uint16_t unknown)
{
    if (unknown == NO_UNKNOWN || l->r->unknowns[unknown].fixed)
        return;
    for (unsigned i = 0; i < l->n; i++)
        if (l->unknowns[i] == unknown)
            return;
    if (l->n == FOUND_MAX)
        l->too_many = true;
    else
        l->unknowns[l->n++] = unknown;
}

/* Some clause that the record tells is not met: the rule is out, whatever else is so. */
static bool is_out(const struct looking *l, const struct match *m, const struct a_rule *rule)
{
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = &ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)[rule->clauses.at + i];

        if (is_told(l, clause) && condition_by_number(clause->condition)->args != ARG_GROUPS && match_clause(m, clause) == NO)
            return true;
    }
    return false;
}

static void add_rule(struct looking *l, const struct side *s, const struct a_rule *rule)
{
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = &clauses_of(s)[rule->clauses.at + i];
        const uint32_t *args = artefact_numbers(s->a, clause->args);

        s->relevant[rule->clauses.at + i] = 1;
        if (!is_told(l, clause))
            add_unknown(l, s->clause[rule->clauses.at + i]);
        for (uint32_t k = 0; k < clause->args.n && condition_by_number(clause->condition)->args == ARG_GROUPS; k++)
            add_unknown(l, s->group[args[k]]);
    }
    add_unknown(l, s->question[rule - rules_of(s)]);
}

static struct a_list candidates_of(const struct side *s, uint32_t platform)
{
    return platform == NO_INDEX ? ARTEFACT_ROWS(s->a, META, struct a_meta)->candidates_none
                                : ARTEFACT_ROWS(s->a, PLATFORMS, struct a_platform)[platform].candidates;
}

/* ---- groups that count alike ---- */

/* Whether the clause names the group. */
static bool names_group(const struct side *s, const struct a_clause *clause, uint16_t unknown)
{
    const uint32_t *args = artefact_numbers(s->a, clause->args);

    for (uint32_t k = 0; k < clause->args.n; k++)
        if (s->group[args[k]] == unknown)
            return true;
    return false;
}

static bool has_mode(const struct side *s, uint16_t unknown)
{
    for (uint32_t i = 0; i < s->a->n[SECTION_GROUPS]; i++)
        if (s->group[i] == unknown && (ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].mode != NO_INDEX ||
                                       ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].people != NO_INDEX))
            return true;
    return false;
}

/* Wherever one of two groups is named the other is, too: it is all the same which of them somebody is in. */
static bool count_alike(const struct side *s, uint16_t one, uint16_t other)
{
    for (uint32_t i = 0; i < s->a->n[SECTION_CLAUSES]; i++) {
        const struct a_clause *clause = &clauses_of(s)[i];

        if (s->relevant[i] && condition_by_number(clause->condition)->args == ARG_GROUPS &&
            names_group(s, clause, one) != names_group(s, clause, other))
            return false;
    }
    return !has_mode(s, one) && !has_mode(s, other);
}

/* Of groups that count alike the first stands for all. */
static void merge_groups(struct looking *l)
{
    unsigned n = 0;

    for (unsigned i = 0; i < l->n; i++) {
        unsigned k = 0;

        while (k < n && !(l->r->unknowns[l->unknowns[i]].group && l->r->unknowns[l->unknowns[k]].group &&
                          count_alike(&l->r->sides[OLD], l->unknowns[i], l->unknowns[k]) &&
                          count_alike(&l->r->sides[NEW], l->unknowns[i], l->unknowns[k])))
            k++;
        if (k == n)
            l->unknowns[n++] = l->unknowns[i];
        else
            l->like[l->n_like++] = (struct like){l->unknowns[i], (uint16_t)k};
    }
    l->n = n;
}

/* What the verdict on this kind can hang on, on one side. */
static void find_unknowns(struct looking *l, struct side *s)
{
    struct match_memory memory = {0};
    struct request request = request_of(l->e, NULL, 0);
    struct verdict v = {.what = what_of(l, s)};
    struct match m;
    struct a_list list = candidates_of(s, v.what.platform);

    memset(s->clauses, SUPPOSE_ASK, s->a->n[SECTION_CLAUSES]);
    memset(s->relevant, 0, s->a->n[SECTION_CLAUSES]);
    arena_reset(&l->r->scratch->arena);
    v.who = person_of(s->policy, &request, l->r->scratch);
    if (l->e->people < PEOPLE_COUNT)
        v.who.people = l->e->people;
    m = match_for(&s->view, &request, &v, &memory);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct a_rule *rule = &rules_of(s)[artefact_numbers(s->a, list)[i]];

        if (rule->verb != VERB_SET && !is_out(l, &m, rule))
            add_rule(l, s, rule);
    }
    for (uint32_t i = 0; i < s->a->n[SECTION_GROUPS]; i++) /* who are counted alone */
        if (ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].mode != NO_INDEX)
            add_unknown(l, s->group[i]);
}

/* Whether the unknown is so in that world. */
static bool is_so(const struct looking *l, uint32_t world, uint16_t unknown)
{
    for (unsigned i = 0; i < l->n; i++)
        if (l->unknowns[i] == unknown)
            return world >> i & 1;
    return false;
}

static void suppose(const struct looking *l, struct side *s, uint32_t world)
{
    for (uint32_t i = 0; i < s->a->n[SECTION_CLAUSES]; i++)
        s->clauses[i] = is_told(l, &clauses_of(s)[i]) ? SUPPOSE_ASK
                        : is_so(l, world, s->clause[i]) != s->negated[i] ? YES
                                                                         : NO;
    for (uint32_t i = 0; i < s->a->n[SECTION_RULES]; i++)
        s->answered[i] = s->question[i] != NO_UNKNOWN && is_so(l, world, s->question[i]);
}

static struct verdict judge(const struct looking *l, struct side *s, uint32_t world)
{
    struct str groups[REPLAY_UNKNOWNS];
    size_t n = 0;
    struct verdict v = {.rule = RULE_NONE, .page = NO_INDEX, .would_rule = RULE_NONE, .ask = ASK_COUNT,
                        .step = STEP_COUNT, .returns = NO_INDEX, .what = what_of(l, s)};
    struct request request;

    for (unsigned i = 0; i < l->n; i++)
        if (l->r->unknowns[l->unknowns[i]].group && world >> i & 1)
            groups[n++] = str_of(l->r->unknowns[l->unknowns[i]].text);
    request = request_of(l->e, groups, n);
    suppose(l, s, world);
    arena_reset(&l->r->scratch->arena);
    v.who = person_of(s->policy, &request, l->r->scratch);
    if (l->e->people < PEOPLE_COUNT)
        v.who.people = l->e->people;
    decide(&s->view, NULL, &request, &v);
    return v;
}

static struct str rule_id(const struct side *s, uint32_t rule)
{
    return rule == RULE_NONE ? STR_NONE : artefact_str(s->a, rules_of(s)[rule].id);
}

static bool as_recorded(const struct side *s, const struct verdict *v, const struct event *e)
{
    return v->action == e->action && v->why == e->why && v->shadow == e->shadow &&
           str_eq(verdict_rule(s->policy, v), e->rule) &&
           (!v->shadow || (v->would == e->would && str_eq(rule_id(s, v->would_rule), e->would_rule)));
}

static struct replay_outcome outcome_of(const struct side *s, const struct verdict *v)
{
    bool held = v->action == ACTION_ALLOW && v->shadow;
    struct verdict told = *v;
    struct replay_outcome o = {.face = held                        ? FACE_HELD_BACK
                                       : v->action == ACTION_ALLOW ? FACE_ALLOWED
                                       : v->action == ACTION_ASK   ? FACE_ASKED
                                                                   : FACE_REFUSED};

    if (held) {
        told.rule = v->would_rule;
        told.why = v->would_why;
    }
    o.rule = verdict_rule(s->policy, &told);
    o.because = verdict_because(s->policy, &told);
    o.cite = verdict_cite(s->policy, &told);
    if (v->page != NO_INDEX)
        o.page = artefact_str(s->a, ARTEFACT_ROWS(s->a, PAGES, struct a_page)[v->page].name);
    return o;
}

static bool same_face(const struct replay_outcome *a, const struct replay_outcome *b)
{
    return a->face == b->face && str_eq(a->page, b->page);
}

static void keep_after(struct replay_kind *k, const struct replay_outcome *o)
{
    for (unsigned i = 0; i < k->n_after; i++)
        if (same_face(&k->after[i], o) && str_eq(k->after[i].rule, o->rule))
            return;
    if (k->n_after < REPLAY_AFTER)
        k->after[k->n_after++] = *o;
}

/* ---- the same rules on both sides ---- */

static void put_rule(const struct side *s, const struct a_rule *rule, struct text *t)
{
    const uint32_t numbers[] = {rule->verb, rule->ask, rule->flags, rule->waives, rule->returns, rule->within, rule->every};

    text_put(t, artefact_str(s->a, rule->id));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        text_putc(t, ' ');
        text_put_u64(t, numbers[i]);
    }
    if (rule->page != NO_INDEX) {
        text_putc(t, ' ');
        text_put(t, artefact_str(s->a, ARTEFACT_ROWS(s->a, PAGES, struct a_page)[rule->page].name));
    }
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = &clauses_of(s)[rule->clauses.at + i];

        text_puts(t, clause->flags & CLAUSE_EXCEPT ? "\nexcept " : "\n");
        explain_condition(s->a, clause, t);
    }
}

static bool relevant_rule(const struct side *s, uint32_t i)
{
    const struct a_rule *rule = &rules_of(s)[i];

    return rule->clauses.n && s->relevant[rule->clauses.at];
}

/* What decides where no rule does. */
static bool same_defaults(const struct side *old, const struct side *now)
{
    const struct a_meta *a = ARTEFACT_ROWS(old->a, META, struct a_meta), *b = ARTEFACT_ROWS(now->a, META, struct a_meta);

    return a->default_action == b->default_action && a->unsure_action == b->unsure_action &&
           a->unknown_write_action == b->unknown_write_action && a->scope_classes == b->scope_classes &&
           a->scope_categories == b->scope_categories && a->mode == b->mode && a->default_page == b->default_page &&
           a->unsure_page == b->unsure_page;
}

/* The rules that can matter are word for word the same: nothing can have changed, whatever is unknown. Rules without a
 * condition always matter and are never relevant here; where there is one on either side they are compared as well. */
static bool same_rules(const struct looking *l)
{
    const struct side *old = &l->r->sides[OLD], *now = &l->r->sides[NEW];
    uint32_t i = 0, k = 0, n_old = old->a->n[SECTION_RULES], n_now = now->a->n[SECTION_RULES];
    char one[4096], other[4096];

    if (!same_defaults(old, now))
        return false;
    for (;; i++, k++) {
        struct text a, b;

        while (i < n_old && rules_of(old)[i].clauses.n && !relevant_rule(old, i))
            i++;
        while (k < n_now && rules_of(now)[k].clauses.n && !relevant_rule(now, k))
            k++;
        if (i == n_old || k == n_now)
            return i == n_old && k == n_now;
        text_init(&a, one, sizeof one);
        text_init(&b, other, sizeof other);
        put_rule(old, &rules_of(old)[i], &a);
        put_rule(now, &rules_of(now)[k], &b);
        if (a.cut || b.cut || !str_eq(text_str(&a), text_str(&b)))
            return false;
    }
}

/* ---- worlds ---- */

enum world { WORLD_NONE = 0, WORLD_SAME, WORLD_CHANGED };

/* Groups alone in their world, and unknowns on which the change hangs. */
static void find_parts(const struct looking *l, const unsigned char *worlds, struct replay_kind *k)
{
    uint32_t all_groups = 0;

    for (unsigned i = 0; i < l->n; i++)
        all_groups |= l->r->unknowns[l->unknowns[i]].group ? 1u << i : 0;
    for (uint32_t w = 0; w < 1u << l->n; w++) {
        if (worlds[w] == WORLD_NONE)
            continue;
        for (unsigned i = 0; i <= l->n; i++) {
            uint32_t bit = i < l->n ? 1u << i : 0;

            if (i == l->n || all_groups & bit) {
                if ((w & all_groups) == bit)
                    k->parts[i == l->n ? REPLAY_NAMES : i] |= worlds[w] == WORLD_CHANGED ? PART_CHANGES : PART_STAYS;
            } else if (worlds[w ^ bit] != WORLD_NONE && worlds[w ^ bit] != worlds[w]) {
                k->parts[i] = PART_BOTH;
            }
        }
    }
}

static void judge_worlds(struct looking *l, struct replay_kind *k)
{
    static unsigned char worlds[1u << REPLAY_UNKNOWNS];
    unsigned same = 0, changed = 0;

    for (uint32_t w = 0; w < 1u << l->n; w++) {
        struct verdict v = judge(l, &l->r->sides[OLD], w);
        struct replay_outcome o;

        worlds[w] = WORLD_NONE;
        if (!as_recorded(&l->r->sides[OLD], &v, l->e))
            continue;
        k->before = outcome_of(&l->r->sides[OLD], &v);
        v = judge(l, &l->r->sides[NEW], w);
        o = outcome_of(&l->r->sides[NEW], &v);
        worlds[w] = same_face(&k->before, &o) ? WORLD_SAME : WORLD_CHANGED;
        if (worlds[w] == WORLD_CHANGED)
            keep_after(k, &o);
        *(worlds[w] == WORLD_SAME ? &same : &changed) += 1;
    }
    k->fate = changed && same ? REPLAY_DEPENDS : changed ? REPLAY_CHANGED : same ? REPLAY_SAME : REPLAY_OTHERWISE;
    if (changed)
        find_parts(l, worlds, k);
}

/* The groups that another stands for are named, too. */
static void name_unknowns(const struct looking *l, struct replay_kind *k)
{
    for (unsigned i = 0; i < l->n + l->n_like; i++) {
        uint16_t unknown = i < l->n ? l->unknowns[i] : l->like[i - l->n].unknown;
        unsigned part = k->parts[i < l->n ? i : l->like[i - l->n].as];

        if (i >= l->n)
            k->parts[i] = (unsigned char)part;
        k->unknowns[i] = l->r->unknowns[unknown].text;
        k->groups[i] = l->r->unknowns[unknown].group;
    }
    k->n_unknowns = l->n + l->n_like;
}

static void run_kind(struct replay *r, struct replay_kind *k)
{
    struct looking l = {.r = r, .e = &k->event};

    l.differing_accounts = str_eq(k->event.account, STR("other")) &&
                           (lacks_account(&r->sides[OLD], &r->sides[NEW], k->event.platform) ||
                            lacks_account(&r->sides[NEW], &r->sides[OLD], k->event.platform));
    find_unknowns(&l, &r->sides[OLD]);
    find_unknowns(&l, &r->sides[NEW]);
    merge_groups(&l);
    if (l.too_many || l.n > REPLAY_UNKNOWNS) {
        k->fate = same_rules(&l) ? REPLAY_SAME : REPLAY_TOO_OPEN;
        return;
    }
    judge_worlds(&l, k);
    name_unknowns(&l, k);
}

static int by_number(const void *a, const void *b)
{
    const struct replay_kind *one = a, *other = b;

    if (one->n != other->n)
        return one->n < other->n ? 1 : -1;
    return str_cmp(one->event.platform, other->event.platform);
}

const struct replay_kind *replay_run(struct replay *r, size_t *n)
{
    *n = r->n;
    free(r->kinds);
    r->kinds = calloc(r->n + 1, sizeof *r->kinds);
    if (!r->kinds)
        return NULL;
    for (size_t i = 0; i < r->n; i++) {
        event_decode(&r->kinds[i].event, r->kept[i].bytes, r->kept[i].size);
        r->kinds[i].n = r->kept[i].n;
        run_kind(r, &r->kinds[i]);
    }
    qsort(r->kinds, r->n, sizeof *r->kinds, by_number);
    return r->kinds;
}
