/* Stage 5, in numbered steps. The same numbers stand in portreeve.policy(5) and in the tests:
 *
 *   1. A request that cannot be read, or the address inside a carrier's: what `malformed` says.
 *   2. A must-work host: allowed, out of scope.
 *   3. A forbid that matches: refused. The one with most conditions names the reason, then the first by id.
 *   4. A forbid that is unsure: what `unsure` says; one that asks for a category is refused always.
 *   5. A permit that matches: allowed. An unsure permit does not permit.
 *   6. On a carrier, a page that its address hides: what `unsure` says. Out of the policy's scope: allowed.
 *   7. An act on a platform that its map does not know: what `unknown-writes` says.
 *   8. The default. A reason gives a refusal its page and words: one that matches, else one that is unsure.
 *   9. Allowed, but a require is not answered in the standing: ask. A notice first; a permit that matches can
 * waive the others.
 *  10. Shadow: what would have happened is kept, the request goes through.
 *  11. A tunnel that is in scope, would be refused, leads to a carrier, or holds what a restriction could be
 *      set on: opened (bumped), so that it is judged inside. Never one of a never-bump host, nor of a guest's
 *      machine, which does not know the council's certificate: what is refused there has no page.
 *  12. What goes through gets the restrictions of the set rules that match or are unsure.
 *  13. A page of the site that would be seen, while one of ours is owed for something that was stopped inside
 *      an app: ours once, in its place.
 *
 * Of the answer to what went through (decide_response.c):
 *
 *  R1. A must-work host: goes on.
 *  R2. A forbid that matches and asks for what an answer tells (seen, country, asn): refused, as in 3.
 *  R3. One that is unsure: as in 4. Not where it is the country or owner that cannot be told.
 *  R4. All else goes on: what could be said of the request has been said.
 */
#include "core/ask.h"
#include "core/decide_internal.h"
#include "core/lookup.h"
#include "core/policy_internal.h"
#include "core/restrict.h"

static const struct a_rule *rule_at(const struct artefact *a, uint32_t i)
{
    return &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];
}

/* A rule that names a category: in doubt its gate stays shut, whatever `unsure` says. */
static bool asks_category(const struct artefact *a, uint32_t rule)
{
    const struct a_rule *r = rule_at(a, rule);

    for (uint32_t i = 0; i < r->clauses.n; i++) {
        const struct a_clause *clause = &ARTEFACT_ROWS(a, CLAUSES, struct a_clause)[r->clauses.at + i];

        if (condition_by_number(clause->condition)->args == ARG_CATEGORIES)
            return true;
    }
    return false;
}

/* More conditions win; rules are sorted by id, so the first of equals stays. */
static bool better(const struct artefact *a, uint32_t candidate, uint32_t holder)
{
    return holder == RULE_NONE || rule_at(a, candidate)->clauses.n > rule_at(a, holder)->clauses.n;
}

static void count(struct tally *t, const struct artefact *a, uint32_t i, enum answer answer, enum step step)
{
    uint32_t *place = NULL;

    t->host_only |= answer == YES && rule_at(a, i)->flags & RULE_HOST_ONLY;
    switch (rule_at(a, i)->verb) {
    case VERB_FORBID:
        place = answer == YES ? &t->forbid : &t->unsure_forbid;
        break;
    case VERB_PERMIT:
        place = answer == YES ? &t->permit : &t->unsure_permit;
        t->waived |= answer == YES ? rule_at(a, i)->waives : 0;
        break;
    case VERB_REQUIRE: /* unsure asks too: it opens nothing */
        place = &t->require[rule_at(a, i)->ask];
        break;
    default:
        place = answer == YES ? &t->reason : &t->unsure_reason;
        break;
    }
    if (place == &t->unsure_forbid && asks_category(a, i) && better(a, i, t->unsure_category))
        t->unsure_category = i;
    if (!better(a, i, *place))
        return;
    *place = i;
    if (place == &t->reason)
        t->reason_step = step;
    else if (place == &t->forbid)
        t->forbid_step = step;
}

_Static_assert(ASK_COUNT == 4, "NO_RULES has a place for each ask");
static const struct tally NO_RULES = {.forbid = RULE_NONE,
                                      .unsure_forbid = RULE_NONE,
                                      .permit = RULE_NONE,
                                      .unsure_permit = RULE_NONE,
                                      .require = {RULE_NONE, RULE_NONE, RULE_NONE, RULE_NONE},
                                      .reason = RULE_NONE,
                                      .unsure_reason = RULE_NONE,
                                      .unsure_category = RULE_NONE,
                                      .forbid_step = STEP_COUNT,
                                      .reason_step = STEP_COUNT};

static bool in_class_scope(const struct artefact *a, const struct classification *c)
{
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);

    return c->platform != NO_INDEX &&
           meta->scope_classes >> ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[c->platform].class & 1;
}

static struct outcome by_rule(const struct artefact *a, enum action action, enum why why, uint32_t rule,
                              uint32_t page)
{
    struct outcome o = {action, why, rule, page, ASK_COUNT, STEP_COUNT};

    if (rule != RULE_NONE && rule_at(a, rule)->page != NO_INDEX)
        o.page = rule_at(a, rule)->page;
    return o;
}

static bool unknown_write(const struct request *r, const struct classification *c)
{
    return r->kind == REQUEST_PLAIN && c->activity == ACTIVITY_COUNT;
}

/* Steps 7 and 8. A reason opens nothing, so an unsure one may speak where none is sure. */
static struct outcome by_default(const struct match *m, const struct tally *t)
{
    uint32_t reason = t->reason != RULE_NONE ? t->reason : t->unsure_reason;
    const struct artefact *a = m->artefact;
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);
    struct outcome o;

    if (meta->default_action == ACTION_ALLOW) {
        if (unknown_write(m->request, m->what) && meta->unknown_write_action == ACTION_REFUSE)
            return by_rule(a, ACTION_REFUSE, WHY_UNSURE, reason, meta->unsure_page);
        return by_rule(a, ACTION_ALLOW, WHY_DEFAULT, RULE_NONE, NO_INDEX);
    }
    o = by_rule(a, ACTION_REFUSE, t->unsure_permit != RULE_NONE ? WHY_UNSURE : WHY_DEFAULT, reason,
                meta->default_page);
    if (t->reason != RULE_NONE)
        o.step = t->reason_step;
    return o;
}

/* Step 9: the rule that asks, or RULE_NONE. */
static uint32_t asking(const struct artefact *a, const struct tally *t)
{
    uint32_t rule = RULE_NONE;

    if (t->require[ASK_NOTICE] != RULE_NONE)
        return t->require[ASK_NOTICE];
    for (unsigned ask = 0; ask < ASK_COUNT; ask++)
        if (t->require[ask] != RULE_NONE && !(t->waived >> ask & 1) && better(a, t->require[ask], rule))
            rule = t->require[ask];
    return rule;
}

struct outcome decide_forbidden(const struct artefact *a, const struct tally *t)
{
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);
    struct outcome o;

    if (t->forbid != RULE_NONE) {
        o = by_rule(a, ACTION_REFUSE, WHY_RULE, t->forbid, meta->default_page);
        o.step = t->forbid_step;
        return o;
    }
    if (t->unsure_forbid != RULE_NONE && meta->unsure_action == ACTION_REFUSE)
        return by_rule(a, ACTION_REFUSE, WHY_UNSURE, t->unsure_forbid, meta->unsure_page);
    if (t->unsure_category != RULE_NONE)
        return by_rule(a, ACTION_REFUSE, WHY_UNSURE, t->unsure_category, meta->unsure_page);
    return by_rule(a, ACTION_ALLOW, WHY_SCOPE, RULE_NONE, NO_INDEX);
}

/* Steps 3 to 9 over the rules of one tally. */
static struct outcome conclude(const struct match *m, const struct tally *t)
{
    const struct artefact *a = m->artefact;
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);
    struct outcome o = decide_forbidden(a, t);

    if (o.action == ACTION_REFUSE)
        return o;
    if (t->permit != RULE_NONE)
        o = by_rule(a, ACTION_ALLOW, WHY_RULE, t->permit, NO_INDEX);
    else if (m->what->carried == CARRIED_HIDDEN)
        return by_rule(a, (enum action)meta->unsure_action, WHY_UNSURE, RULE_NONE,
                       meta->unsure_action == ACTION_REFUSE ? meta->unsure_page : NO_INDEX);
    else if (!in_class_scope(a, m->what))
        return by_rule(a, ACTION_ALLOW, WHY_SCOPE, RULE_NONE, NO_INDEX);
    else
        o = by_default(m, t);
    if (o.action == ACTION_ALLOW && asking(a, t) != RULE_NONE) {
        o = by_rule(a, ACTION_ASK, WHY_RULE, asking(a, t), meta->default_page);
        o.ask = (enum ask)rule_at(a, o.rule)->ask;
    }
    return o;
}

static struct a_list candidates(const struct artefact *a, const struct classification *c)
{
    if (c->platform == NO_INDEX)
        return ARTEFACT_ROWS(a, META, struct a_meta)->candidates_none;
    return ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[c->platform].candidates;
}

/* A request in the bits that filters compare. What is unknown could be anything. */
static struct a_filter filter_of(const struct match *m)
{
    const struct classification *c = m->what;
    struct a_filter f = {.activities = c->activity == ACTIVITY_COUNT ? UINT32_MAX : 1u << c->activity,
                         .categories = c->categories,
                         .groups = UINT32_MAX};

    if (m->who->groups_state == GROUPS_RESOLVED) {
        f.groups = 0;
        for (uint32_t i = 0; m->who->groups && i <= m->artefact->n[SECTION_GROUPS] / 64; i++)
            f.groups |= (uint32_t)(m->who->groups[i] | m->who->groups[i] >> 32);
    }
    return f;
}

/* The rule asks for nothing of what the request lacks; a rule that does is passed over unread. */
static bool may_match(const struct a_filter *rule, const struct a_filter *request)
{
    return rule->activities & request->activities &&
           (rule->categories == UINT32_MAX || rule->categories & request->categories) &&
           (rule->groups == UINT32_MAX || rule->groups & request->groups);
}

static bool is_answered(const struct match *m, const struct a_rule *rule)
{
    return rule->verb == VERB_REQUIRE && match_answered(m, rule);
}

/* An old standing: the portal is away, and takes no answer. */
static bool is_away(const struct match *m)
{
    return m->snapshot->standing && standing_stale(m->artefact, m->snapshot->standing, m->request->now);
}

/* In shadow by its own word, or because nobody could answer it: a question must not shut a council. While the
 * portal is away reminders wait; a notice does not, as the law wants people told before anything is noted of
 * them. */
static bool is_held_back(const struct match *m, const struct a_rule *rule)
{
    if (rule->flags & RULE_SHADOW)
        return true;
    if (rule->verb != VERB_REQUIRE || rule->ask == ASK_PERSON)
        return false;
    return m->snapshot->unanswerable || (rule->ask != ASK_NOTICE && is_away(m));
}

/* It asks for what only an answer tells of a host by name, so that it is asked again then. */
static bool asks_answer(const struct artefact *a, const struct a_rule *r)
{
    for (uint32_t i = 0; r->verb == VERB_FORBID && i < r->clauses.n; i++) {
        const struct a_clause *clause = &ARTEFACT_ROWS(a, CLAUSES, struct a_clause)[r->clauses.at + i];
        enum arg_kind kind = condition_by_number(clause->condition)->args;

        if (kind == ARG_SIGHTS || kind == ARG_COUNTRIES || kind == ARG_ASNS)
            return true;
    }
    return false;
}

/* Where the answer's address lies cannot be told: with a database missing that is so of every site, and must
 * not shut them all. */
static bool nowhere(const struct match *m, const struct a_rule *r)
{
    for (uint32_t i = 0; i < r->clauses.n; i++) {
        const struct a_clause *clause =
            &ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)[r->clauses.at + i];
        enum arg_kind kind = condition_by_number(clause->condition)->args;

        if ((kind == ARG_COUNTRIES || kind == ARG_ASNS) && match_clause(m, clause) == UNSURE)
            return true;
    }
    return false;
}

bool decide_weigh(struct match *m, enum judged_of of, struct tally *enforced, struct tally *all)
{
    struct a_list list = candidates(m->artefact, m->what);
    const uint32_t *rules = artefact_numbers(m->artefact, list);
    const struct a_filter *filters = ARTEFACT_ROWS(m->artefact, FILTERS, struct a_filter);
    struct a_filter request = filter_of(m);
    bool differ = false;

    *enforced = *all = NO_RULES;
    for (uint32_t i = 0; i < list.n; i++) {
        enum step step = STEP_COUNT;
        enum answer answer;

        if (!may_match(&filters[rules[i]], &request) ||
            (of == OF_ANSWER && !asks_answer(m->artefact, rule_at(m->artefact, rules[i]))))
            continue;
        m->step = &step;
        answer = match_rule(m, rule_at(m->artefact, rules[i]));
        if (of == OF_ANSWER && answer == UNSURE && nowhere(m, rule_at(m->artefact, rules[i])))
            continue;
        if (answer == NO || is_answered(m, rule_at(m->artefact, rules[i])))
            continue;
        count(all, m->artefact, rules[i], answer, step);
        if (is_held_back(m, rule_at(m->artefact, rules[i])))
            differ = true;
        else
            count(enforced, m->artefact, rules[i], answer, step);
    }
    return differ;
}

/* A page's variants for the steps stand behind it, until the next page begins with its general row. */
static uint32_t page_for_step(const struct artefact *a, uint32_t page, enum step step)
{
    const struct a_page *rows = ARTEFACT_ROWS(a, PAGES, struct a_page);

    if (page == NO_INDEX || step == STEP_COUNT)
        return page;
    for (uint32_t i = page + 1; i < a->n[SECTION_PAGES] && rows[i].step != NO_INDEX; i++)
        if (rows[i].step == step)
            return i;
    return page;
}

static void set(const struct artefact *a, struct verdict *v, const struct outcome *o)
{
    v->action = o->action;
    v->why = o->why;
    v->rule = o->rule;
    v->page = page_for_step(a, o->page, o->step);
    v->ask = o->ask;
    v->step = o->step;
}

/* Step 10. */
void decide_put(const struct artefact *a, struct verdict *v, const struct outcome *now,
                const struct outcome *would)
{
    set(a, v, now);
    v->would = would->action;
    v->would_why = would->why;
    v->would_rule = would->rule;
    if (v->who.mode == MODE_SHADOW) {
        v->shadow = would->action != ACTION_ALLOW;
        set(a, v, would);
        v->action = ACTION_ALLOW;
        v->page = NO_INDEX;
    } else {
        v->shadow = would->action != v->action;
    }
}

/* A carrier's tunnel tells nothing: what it carries is seen inside alone. */
static bool opens_carrier(const struct artefact *a, const struct classification *c)
{
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);

    return c->host_flags & HOST_CARRIER_OPENED && meta->carriers == CARRIERS_OPEN &&
           (meta->scope_classes || a->n[SECTION_RULES]);
}

/* A policy's host-only rule, or a guest's machine: the host alone decides. What would be asked is counted, as nobody could see it.
 */
static void left_closed(struct verdict *v)
{
    v->host_only = true;
    if (v->action != ACTION_ASK)
        return;
    v->action = ACTION_ALLOW;
    v->page = NO_INDEX;
    v->shadow = true;
}

/* Step 11. The second question about a spliced tunnel comes with the server's name: then it is too late to
 * open. */
static void tunnel(const struct match *m, const struct tally *t, struct verdict *v)
{
    const struct request *r = m->request;
    bool second = r->sni.n && !str_eq(r->sni, STR("-"));

    if (r->kind == REQUEST_CONNECT && (t->host_only || match_from_guest(m))) {
        left_closed(v);
        return;
    }
    if (r->kind != REQUEST_CONNECT || second || v->what.host_flags & HOST_NEVER_BUMP || r->host_is_address)
        return;
    if (v->action != ACTION_ALLOW || v->shadow || in_class_scope(m->artefact, &v->what) ||
        opens_carrier(m->artefact, &v->what) || restrict_tunnel(m)) {
        v->bump = true;
        v->action = ACTION_ALLOW;
        v->page = NO_INDEX;
        v->in_scope = v->shadow = false; /* what is inside will be judged and counted */
    }
}

void decide(const struct snapshot *snapshot, const struct recall *recall, const struct request *r,
            struct verdict *v)
{
    const struct artefact *a = &snapshot->policy->artefact;
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);
    struct match_memory memory = {0};
    struct match m = match_for(snapshot, r, v, &memory);
    struct tally enforced, all;
    struct outcome now, would;
    enum step step = STEP_COUNT; /* a set has no page to word */

    if (v->what.host_flags & HOST_MUST_WORK) {
        now = by_rule(a, ACTION_ALLOW, WHY_SCOPE, RULE_NONE, NO_INDEX);
        set(a, v, &now);
        return;
    }
    m.recall = recall;
    v->in_scope = in_class_scope(a, &v->what) || v->what.categories & meta->scope_categories;
    if (decide_weigh(&m, OF_REQUEST, &enforced, &all)) {
        now = conclude(&m, &enforced);
        would = conclude(&m, &all);
    } else {
        now = would = conclude(&m, &enforced);
    }
    decide_put(a, v, &now, &would);
    m.step = &step;
    tunnel(&m, &enforced, v);
    restrict_request(&m, v);
    match_recall(&m, candidates(a, &v->what), v);
}

/* Step 1. Shadow holds it back as it does all else. */
static void cannot_be_read(const struct a_meta *meta, struct verdict *v)
{
    v->would = (enum action)meta->malformed_action;
    v->why = v->would_why = WHY_MALFORMED;
    v->rule = v->would_rule = RULE_NONE;
    v->shadow = v->who.mode == MODE_SHADOW && v->would != ACTION_ALLOW;
    v->action = v->shadow ? ACTION_ALLOW : v->would;
    v->page = v->action == ACTION_REFUSE ? meta->malformed_page : NO_INDEX;
    v->ask = ASK_COUNT;
    v->step = STEP_COUNT;
    v->bump = v->owed = false;
    v->n_sets = v->n_notes = 0;
}

void decide_unlogged(struct verdict *v)
{
    v->unlogged = v->in_scope && v->what.host_flags & HOST_NEVER_LOG;
    if (v->unlogged)
        v->in_scope = false;
}

struct verdict policy_judge(const struct snapshot *snapshot, const struct recall *recall, struct request *r,
                            struct scratch *scratch)
{
    const struct a_meta *meta = ARTEFACT_ROWS(&snapshot->policy->artefact, META, struct a_meta);
    struct verdict v = {.rule = RULE_NONE,
                        .page = NO_INDEX,
                        .would_rule = RULE_NONE,
                        .ask = ASK_COUNT,
                        .step = STEP_COUNT,
                        .returns = NO_INDEX};
    bool read;

    arena_reset(&scratch->arena);
    scratch->attempts = PATTERN_ATTEMPTS;
    read = request_normalise(r, &scratch->arena) == NORMALISED;
    r->account_name = lookup_current(&snapshot->policy->artefact, r->account_name);
    v.what = classify(snapshot, r, scratch); /* without a host: nothing known */
    v.who = person_of(snapshot->policy, r, scratch);
    if (read)
        decide(snapshot, recall, r, &v);
    read &= v.what.carried != CARRIED_UNREADABLE || v.what.host_flags & HOST_MUST_WORK;
    /* The arena is never full with requests within the limits; were it, this is shut, not open. */
    if (!read || (scratch->arena.full && !(v.what.host_flags & HOST_MUST_WORK)))
        cannot_be_read(meta, &v);
    decide_unlogged(&v);
    return v;
}
