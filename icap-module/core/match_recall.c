/* What rules and pages ask of recall (recall.h): how often somebody has come back to one person's profile,
 * and which page is owed to them. What is to be noted goes into the verdict. */
#include "core/lookup.h"
#include "core/match.h"
#include "core/page.h"

static const struct str VISIT = {"visit", 5}, ASKED = {"asked", 5}, OWED = {"owed", 4}, SEEN = {"seen", 4};

static struct recall_key key_of(const struct match *m, struct str kind, uint32_t platform,
                                const struct str about[2], uint32_t sitting)
{
    const struct str parts[RECALL_PARTS] = {
        kind, m->who->subject,
        artefact_str(m->artefact, ARTEFACT_ROWS(m->artefact, PLATFORMS, struct a_platform)[platform].id),
        about[0], about[1]};

    return recall_key(m->recall, parts, RECALL_PARTS, sitting);
}

/* A browser's own page, asked for by a person: the one kind of request in whose place a page is seen, and
 * after which loading again is safe. */
static bool opens_page(const struct match *m)
{
    const struct request *r = m->request;

    return r->kind == REQUEST_PLAIN && str_eq(r->method, STR("GET")) && m->what->origin == ORIGIN_PERSON &&
           str_ieq(request_header(r, STR("sec-fetch-mode")), STR("navigate")) &&
           str_ieq(request_header(r, STR("sec-fetch-dest")), STR("document")) && page_form(r) == FORM_PAGE;
}

/* ---- one person's profile ---- */

/* Somebody's, whom the register does not know, looked at by a person. */
static bool at_profile(const struct match *m)
{
    const struct classification *c = m->what;

    return m->recall && m->who->subject.n && c->account_state == ACCOUNT_STATE_NAMED &&
           c->registered == NO_INDEX && c->concern != CONCERN_ORGANISATION && c->activity == ACTIVITY_VIEW &&
           opens_page(m);
}

/* The profile as registers would write its name: every form of it is one. */
static const struct recall_profile *profile_of(const struct match *m)
{
    struct recall_profile *p = &m->memory->profile;
    uint32_t platform;
    struct text t;

    if (p->looked)
        return p;
    p->looked = true;
    p->is = at_profile(m);
    if (!p->is)
        return p;
    platform = identity_platform(m->artefact, m->what->platform);
    text_init(&t, p->name, sizeof p->name);
    lookup_fold(&ARTEFACT_ROWS(m->artefact, PLATFORMS, struct a_platform)[platform], m->what->account, &t);
    p->n = t.n;
    p->platform = platform;
    p->visit = key_of(m, VISIT, platform, (struct str[]){{p->name, p->n}, STR_NONE}, RECALL_SITTING);
    return p;
}

static struct recall_key asked_key(const struct match *m, const struct a_rule *rule,
                                   const struct recall_profile *p)
{
    return key_of(m, ASKED, p->platform, (struct str[]){artefact_str(m->artefact, rule->id), {p->name, p->n}},
                  UINT32_MAX);
}

uint32_t match_returns(const struct match *m, const struct a_rule *rule)
{
    const struct recall_profile *p = profile_of(m);

    return p->is ? recall_visits(m->recall, &p->visit, m->request->now, rule->within) : NO_INDEX;
}

bool match_prompted(const struct match *m, const struct a_rule *rule)
{
    const struct recall_profile *p = profile_of(m);
    uint32_t returns = match_returns(m, rule);
    struct recall_key asked;
    int64_t when;

    if (returns == NO_INDEX)
        return true;
    if (m->memory->returns == NO_INDEX || m->memory->returns < returns)
        m->memory->returns = returns;
    if (returns < rule->returns)
        return true;
    asked = asked_key(m, rule, p);
    when = recall_latest(m->recall, &asked, m->request->now);
    return when && ask_same_period(rule->every, when, m->request->now);
}

static void note(struct verdict *v, struct recall_key key)
{
    if (v->n_notes < RECALL_NOTES)
        v->notes[v->n_notes++] = key;
}

/* The visit, where a rule counts such and the page is seen; and that somebody has been asked, or would have
 * been. */
static void note_profile(const struct match *m, struct verdict *v)
{
    const struct a_rule *rules = ARTEFACT_ROWS(m->artefact, RULES, struct a_rule);
    uint32_t rule = verdict_person_rule(m->policy, v);

    v->returns = m->memory->returns;
    if (v->returns == NO_INDEX || (v->action != ACTION_ALLOW && rule == RULE_NONE))
        return;
    note(v, profile_of(m)->visit);
    if (rule != RULE_NONE)
        note(v, asked_key(m, &rules[rule], profile_of(m)));
}

/* ---- a page that is owed ---- */

/* Of the whole platform: so that one look tells that nothing is owed, as nearly always. */
static struct recall_key owed_anything(const struct match *m)
{
    return key_of(m, OWED, m->what->platform, (struct str[]){STR_NONE, STR_NONE}, UINT32_MAX);
}

/* By the rule, and by the page where there is none. */
static struct recall_key owed_page(const struct match *m, struct str kind, uint32_t rule, uint32_t page)
{
    struct str id = STR_NONE;

    if (rule != RULE_NONE)
        id = artefact_str(m->artefact, ARTEFACT_ROWS(m->artefact, RULES, struct a_rule)[rule].id);
    return key_of(
        m, kind, m->what->platform,
        (struct str[]){
            id, artefact_str(m->artefact, ARTEFACT_ROWS(m->artefact, PAGES, struct a_page)[page].name)},
        UINT32_MAX);
}

static bool noted_within(const struct match *m, struct recall_key key, int64_t seconds)
{
    int64_t when = recall_latest(m->recall, &key, m->request->now);

    return when && m->request->now - when <= seconds;
}

unsigned match_owes(const struct match *m, uint32_t rule, uint32_t page, struct recall_key to[2])
{
    to[0] = owed_anything(m);
    to[1] = owed_page(m, OWED, rule, page);
    return 2;
}

/* An act inside an app was stopped, where no page can be shown (governance 4.4). What was shown of it within
 * the hour is not owed again: an app that tries by itself, again and again, must not stand in anybody's way.
 */
static void owe(const struct match *m, struct verdict *v)
{
    if (v->page == NO_INDEX || m->what->origin != ORIGIN_PERSON || page_form(m->request) != FORM_PROBLEM ||
        noted_within(m, owed_page(m, SEEN, v->rule, v->page), RECALL_QUIET))
        return;
    v->n_notes = match_owes(m, v->rule, v->page, v->notes);
}

static bool is_owed(const struct match *m, uint32_t rule, uint32_t page)
{
    return page != NO_INDEX && noted_within(m, owed_page(m, OWED, rule, page), RECALL_OWED) &&
           !noted_within(m, owed_page(m, SEEN, rule, page), RECALL_QUIET);
}

/* The page of a rule, or of the default where it has none of its own. */
static bool owes_of(const struct match *m, uint32_t rule, uint32_t own, uint32_t *page)
{
    const struct a_meta *meta = ARTEFACT_ROWS(m->artefact, META, struct a_meta);

    *page = own != NO_INDEX ? own : meta->default_page;
    if (is_owed(m, rule, *page))
        return true;
    *page = meta->unsure_page;
    return own == NO_INDEX && is_owed(m, rule, *page);
}

/* All that can stop somebody: forbids, asks that are still open, reasons, and the default. */
static bool find_owed(const struct match *m, struct a_list candidates, uint32_t *rule, uint32_t *page)
{
    const uint32_t *rules = artefact_numbers(m->artefact, candidates);

    for (uint32_t i = 0; i < candidates.n; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(m->artefact, RULES, struct a_rule)[rules[i]];

        *rule = rules[i];
        if (r->verb != VERB_PERMIT && owes_of(m, *rule, r->page, page) &&
            (r->verb != VERB_REQUIRE || !match_answered(m, r)))
            return true;
    }
    *rule = RULE_NONE;
    return owes_of(m, *rule, NO_INDEX, page);
}

/* The page comes once, in the place of the next one that would be seen there; loading again goes on. */
static void pay(const struct match *m, struct a_list candidates, struct verdict *v)
{
    const struct a_rule *rules = ARTEFACT_ROWS(m->artefact, RULES, struct a_rule);
    const struct a_meta *meta = ARTEFACT_ROWS(m->artefact, META, struct a_meta);
    uint32_t rule, page;

    if (!noted_within(m, owed_anything(m), RECALL_OWED) || !find_owed(m, candidates, &rule, &page))
        return;
    v->action = ACTION_ASK;
    v->why = rule != RULE_NONE ? WHY_RULE : page == meta->default_page ? WHY_DEFAULT : WHY_UNSURE;
    v->rule = rule;
    v->page = page;
    v->ask = rule != RULE_NONE && rules[rule].verb == VERB_REQUIRE ? (enum ask)rules[rule].ask : ASK_COUNT;
    v->step = STEP_COUNT;
    v->owed = true;
    v->shadow = false;
    v->n_sets = 0;
    v->notes[0] = owed_page(m, SEEN, rule, page);
    v->n_notes = 1;
}

void match_recall(const struct match *m, struct a_list candidates, struct verdict *v)
{
    if (!m->recall)
        return;
    note_profile(m, v);
    if (m->who->subject.n == 0 || m->what->platform == NO_INDEX || m->request->kind != REQUEST_PLAIN)
        return;
    if (v->action == ACTION_REFUSE || (v->action == ACTION_ASK && v->ask != ASK_PERSON))
        owe(m, v);
    else if (v->action == ACTION_ALLOW && m->who->mode == MODE_ENFORCE && opens_page(m))
        pay(m, candidates, v);
}
