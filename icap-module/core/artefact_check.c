/* The proof of an artefact, done once when it is opened: every size, index, offset, enum and table. After it
 * the hot path needs no check of its own. All arithmetic on what the file says is 64 bits wide. */
#include "core/artefact.h"
#include "core/conditions.h"

/* What the check walks through: the artefact so far, and where it is, for the message. */
struct proof {
    const struct artefact *a;
    struct diag *d;
    const char *section;
    uint32_t row;
};

static const char *const section_names[SECTION_COUNT] = {
#define SECTION(NAME, type) #NAME,
    ARTEFACT_SECTIONS(SECTION)
#undef SECTION
};

/* Every failure ends here: which section, which row, what. */
static bool fail(struct proof *p, const char *what)
{
    struct message *m = diag_at(p->d, SEVERITY_ERROR, STR_NONE, 0, 0);
    struct text t;

    if (!m)
        return false;
    text_init(&t, m->text, sizeof m->text - 1);
    text_puts(&t, "the artefact is damaged: section ");
    text_puts(&t, p->section);
    text_puts(&t, ", row ");
    text_put_u64(&t, p->row);
    text_puts(&t, ": ");
    text_puts(&t, what);
    text_puts(&t, "; compile it again");
    m->text[t.n] = '\0';
    return false;
}

static bool string_in(struct proof *p, struct a_str s)
{
    return (uint64_t)s.at + s.n <= p->a->n[SECTION_STRINGS] || fail(p, "a string lies outside");
}

static bool list_in(struct proof *p, struct a_list l, enum section s)
{
    return (uint64_t)l.at + l.n <= p->a->n[s] || fail(p, "a list lies outside");
}

static bool index_in(struct proof *p, uint32_t index, enum section s)
{
    return index < p->a->n[s] || fail(p, "an index lies outside");
}

static bool index_or_none(struct proof *p, uint32_t index, enum section s)
{
    return index == NO_INDEX || index_in(p, index, s);
}

static bool word_in(struct proof *p, uint32_t value, enum word_list_id list)
{
    return value < word_lists[list].n || fail(p, word_lists[list].what);
}

static bool word_or_none(struct proof *p, uint32_t value, enum word_list_id list)
{
    return value == NO_INDEX || word_in(p, value, list);
}

static bool bits_in(struct proof *p, uint32_t bits, enum word_list_id list)
{
    return bits >> word_lists[list].n == 0 || fail(p, word_lists[list].what);
}

/* Every number of the list is an index of section s. */
static bool indexes_in(struct proof *p, struct a_list l, enum section s)
{
    if (!list_in(p, l, SECTION_NUMBERS))
        return false;
    for (uint32_t i = 0; i < l.n; i++)
        if (!index_in(p, artefact_numbers(p->a, l)[i], s))
            return false;
    return true;
}

static bool prove_strings(struct proof *p, const struct a_str *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!string_in(p, s[i]))
            return false;
    return true;
}

static bool decision(struct proof *p, uint32_t action)
{
    return action == ACTION_ALLOW || action == ACTION_REFUSE ||
           fail(p, "an action is neither allow nor refuse");
}

/* What is written as a date has one. */
static bool days_in(struct proof *p, const uint32_t *days, unsigned n)
{
    enum { LAST_DAY = 2932896 }; /* 9999-12-31 */

    for (unsigned i = 0; i < n; i++)
        if (days[i] > LAST_DAY)
            return fail(p, "a day after the year 9999");
    return true;
}

static bool prove_meta(struct proof *p, const void *row)
{
    const struct a_meta *m = row;
    const struct a_str strings[] = {m->title,
                                    m->version,
                                    m->council,
                                    m->owner,
                                    m->approved_by,
                                    m->default_because,
                                    m->default_cite,
                                    m->default_assumption,
                                    m->unsure_assumption,
                                    m->malformed_assumption,
                                    m->unknown_write_assumption,
                                    m->scope_assumption,
                                    m->record_assumption,
                                    m->monitoring_clause,
                                    m->dpia,
                                    m->grant_cite,
                                    m->grant_assumption,
                                    m->carriers_assumption,
                                    m->csp,
                                    m->members_cite,
                                    m->members_assumption,
                                    m->shift_cite,
                                    m->shift_assumption,
                                    m->standing_assumption,
                                    m->alert_cite, m->alert_assumption};
    const uint32_t days[] = {m->from_day, m->approved_day, m->review_day, m->notice_day, m->reread_day};

    return prove_strings(p, strings, sizeof strings / sizeof *strings) && days_in(p, days, 5) &&
           word_in(p, m->mode, WORDS_MODE) && decision(p, m->default_action) &&
           (m->members < MEMBERS_RULES || fail(p, "a rule for members that is none")) &&
           decision(p, m->unsure_action) && decision(p, m->malformed_action) &&
           decision(p, m->unknown_write_action) && index_or_none(p, m->default_page, SECTION_PAGES) &&
           index_or_none(p, m->unsure_page, SECTION_PAGES) &&
           index_or_none(p, m->malformed_page, SECTION_PAGES) &&
           index_or_none(p, m->unavailable_page, SECTION_PAGES) &&
           bits_in(p, m->scope_classes, WORDS_CLASS) && bits_in(p, m->scope_categories, WORDS_CATEGORY) &&
           word_in(p, m->record, WORDS_RECORD) && word_in(p, m->carriers, WORDS_CARRIERS) &&
           bits_in(p, m->grant_needs, WORDS_STEP) &&
           (m->grant_months <= 1200 || fail(p, "grants last over a century")) &&
           bits_in(p, m->grant_second, WORDS_ACTIVITY) && word_or_none(p, m->people_default, WORDS_PEOPLE) &&
           index_or_none(p, m->calendar, SECTION_CALENDARS) &&
           (m->shifts == NO_INDEX || m->shifts <= SHIFTS_DEFAULT || fail(p, "an unknown word for shifts")) &&
           (m->shift_weeks <= 1200 || fail(p, "rotas last over twenty years")) &&
           list_in(p, m->reread_except, SECTION_WORDS) &&
           (meta_alert_sound(m) || fail(p, "an alert that is none")) &&
           (m->standing_missing <= STANDING_UNSURE || fail(p, "a state of the standing that is none")) &&
           ((m->standing_minutes && m->standing_minutes <= MINUTES_A_DAY) ||
            fail(p, "an age of the standing that is none, or over a day")) &&
           indexes_in(p, m->candidates_none, SECTION_RULES) && indexes_in(p, m->set_rules, SECTION_RULES);
}

static bool prove_word(struct proof *p, const void *row)
{
    return string_in(p, *(const struct a_str *)row);
}

/* Classification walks the rows of one kind without looking at the kind again. */
static bool rows_by_kind(struct proof *p, const struct a_platform *f)
{
    const struct a_row *row = &ARTEFACT_ROWS(p->a, ROWS, struct a_row)[f->rows.at];
    uint32_t left = f->rows.n;

    for (uint32_t kind = 0; kind < ROW_KINDS; kind++) {
        if (f->kinds[kind] > left)
            return fail(p, "rows of a kind lie outside");
        left -= f->kinds[kind];
        for (uint32_t i = 0; i < f->kinds[kind]; i++, row++)
            if (row->kind != kind)
                return fail(p, "a row stands among those of another kind");
    }
    return left == 0 || fail(p, "rows without a kind");
}

static bool prove_platform(struct proof *p, const void *row)
{
    const struct a_platform *f = row;
    const struct a_str strings[] = {f->id, f->name, f->version, f->family, f->managed};

    return prove_strings(p, strings, 5) && index_or_none(p, f->manages, SECTION_PLATFORMS) &&
           word_in(p, f->class, WORDS_CLASS) && list_in(p, f->rows, SECTION_ROWS) && rows_by_kind(p, f) &&
           list_in(p, f->reserved, SECTION_WORDS) && list_in(p, f->hosts_known, SECTION_WORDS) &&
           indexes_in(p, f->candidates, SECTION_RULES);
}

static bool prove_row(struct proof *p, const void *row)
{
    const struct a_row *r = row;
    const struct a_str strings[] = {r->path, r->host, r->operation, r->key, r->key_value, r->format};

    return prove_strings(p, strings, 6) && list_in(p, r->except, SECTION_WORDS) &&
           (r->kind < ROW_KINDS || fail(p, "an unknown kind")) &&
           (r->source <= FROM_PATH || fail(p, "an unknown source")) &&
           (r->kind != ROW_ACTIVITY || word_in(p, r->value, WORDS_ACTIVITY)) &&
           bits_in(p, r->roles, WORDS_ROLE);
}

static bool prove_host(struct proof *p, const void *row)
{
    const struct a_host *h = row;

    return string_in(p, h->name) && list_in(p, h->below, SECTION_WORDS) &&
           index_or_none(p, h->platform, SECTION_PLATFORMS) && word_in(p, h->role, WORDS_ROLE) &&
           bits_in(p, h->categories, WORDS_CATEGORY);
}

static bool prove_carrier(struct proof *p, const void *row)
{
    const struct a_carrier *c = row;
    const struct a_str strings[] = {c->id, c->host, c->path, c->key, c->after};

    return prove_strings(p, strings, 5) && (c->place < INSIDE_PLACES || fail(p, "an unknown place"));
}

/* Sorted, as it is found by halves. */
static bool prove_owner(struct proof *p, const void *row)
{
    const struct a_owner *o = row;

    return index_in(p, o->platform, SECTION_PLATFORMS) && string_in(p, o->host) &&
           (p->row == 0 || o[-1].number < o->number || fail(p, "the numbers are not in order"));
}

/* A `require person`, and no other rule, counts visits, as many and as long as recall can tell. */
static bool prove_returns(struct proof *p, const struct a_rule *r)
{
    if (r->verb != VERB_REQUIRE || r->ask != ASK_PERSON)
        return (r->returns == 0 && r->within == 0) ||
               fail(p, "visits are counted by a rule that asks no such thing");
    return (r->returns > 0 && r->returns <= RETURNS_MAX && r->within >= WITHIN_MIN &&
            r->within <= WITHIN_MAX && r->within % WITHIN_MIN == 0 &&
            (r->every == PERIOD_DAY || r->every == PERIOD_WEEK)) ||
           fail(p, "visits that cannot be counted");
}

static bool prove_rule(struct proof *p, const void *row)
{
    const struct a_rule *r = row;
    const struct a_str strings[] = {r->id, r->because, r->cite, r->assumption};

    return prove_strings(p, strings, 4) && word_in(p, r->verb, WORDS_VERB) &&
           index_or_none(p, r->page, SECTION_PAGES) && word_or_none(p, r->ask, WORDS_ASK) &&
           (r->verb != VERB_REQUIRE || word_in(p, r->ask, WORDS_ASK)) &&
           word_or_none(p, r->every, WORDS_PERIOD) && bits_in(p, r->waives, WORDS_ASK) &&
           (!(r->waives >> ASK_NOTICE & 1) || fail(p, "a notice is waived")) && prove_returns(p, r) &&
           (!(r->flags & ~(uint32_t)RULE_FLAGS) || fail(p, "a flag that no rule has")) &&
           list_in(p, r->clauses, SECTION_CLAUSES) && list_in(p, r->sets, SECTION_SETS);
}

/* What is written into requests as it stands: no line break, no control byte, nothing beyond ASCII. */
static bool printable(struct proof *p, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return fail(p, "a byte that no header may hold");
    return s.n <= RESTRICTION_VALUE_MAX || fail(p, "a value that is too long");
}

/* A name of RFC 9110 5.6.2 (token), and so no '&' or '=' for a parameter either. */
static bool is_token(struct proof *p, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}&", s.p[i]))
            return fail(p, "a name that no header has");
    return (s.n > 0 && s.n <= ARTEFACT_NAME_MAX) || fail(p, "a name that is empty or too long");
}

static struct str word_at(const struct artefact *a, uint32_t i)
{
    return artefact_str(a, ARTEFACT_ROWS(a, WORDS, struct a_str)[i]);
}

static bool prove_restriction(struct proof *p, const void *row)
{
    const struct a_restriction *r = row;

    return string_in(p, r->id) && string_in(p, r->name) && list_in(p, r->paths, SECTION_WORDS) &&
           list_in(p, r->places, SECTION_PLACES) && word_in(p, r->proof, WORDS_PROOF) &&
           ((r->places.n > 0 && r->places.n <= PLACES_MAX) || fail(p, "no places, or too many"));
}

static bool prove_place(struct proof *p, const void *row)
{
    const struct a_place *l = row;

    return string_in(p, l->name) && string_in(p, l->value) && is_token(p, artefact_str(p->a, l->name)) &&
           printable(p, artefact_str(p->a, l->value)) && list_in(p, l->choices, SECTION_WORDS) &&
           word_in(p, l->kind, WORDS_PLACE) && word_in(p, l->shape, WORDS_SHAPE);
}

static bool prove_restricted(struct proof *p, const void *row)
{
    const struct a_restricted *h = row;

    return string_in(p, h->name) && index_in(p, h->restriction, SECTION_RESTRICTIONS);
}

/* How many of a restriction's places ask for a value; its rows are proven before those of the sets. */
static uint32_t asked(const struct artefact *a, uint32_t restriction)
{
    struct a_list places = ARTEFACT_ROWS(a, RESTRICTIONS, struct a_restriction)[restriction].places;
    uint32_t n = 0;

    for (uint32_t i = 0; i < places.n; i++) {
        const struct a_place *l = &ARTEFACT_ROWS(a, PLACES, struct a_place)[places.at + i];

        n += l->kind != PLACE_WITHOUT && l->shape != SHAPE_IS;
    }
    return n;
}

static bool prove_set(struct proof *p, const void *row)
{
    const struct a_set *s = row;

    if (!index_in(p, s->restriction, SECTION_RESTRICTIONS) || !list_in(p, s->values, SECTION_WORDS))
        return false;
    for (uint32_t i = 0; i < s->values.n; i++)
        if (!string_in(p, ARTEFACT_ROWS(p->a, WORDS, struct a_str)[s->values.at + i]) ||
            !printable(p, word_at(p->a, s->values.at + i)))
            return false;
    return s->values.n == asked(p->a, s->restriction) || fail(p, "values that are too few or too many");
}

static bool prove_account_arg(struct proof *p, uint32_t arg)
{
    return arg >= ACCOUNT_IS_REGISTERED ? arg <= ACCOUNT_IS_NONE || fail(p, "an unknown account word")
                                        : index_in(p, arg, SECTION_ACCOUNTS);
}

static bool prove_during_arg(struct proof *p, uint32_t arg)
{
    return arg >= DURING_OWN_TIME ? arg <= DURING_WORK_TIME || fail(p, "an unknown kind of time")
                                  : index_in(p, arg, SECTION_TIMES);
}

static bool prove_country_arg(struct proof *p, uint32_t arg)
{
    uint32_t first = arg >> 8, second = arg & 0xff;

    return arg == PLACE_IS_UNKNOWN || arg == PLACE_IS_NONE ||
           (first >= 'a' && first <= 'z' && second >= 'a' && second <= 'z') ||
           fail(p, "a country that is none");
}

/* One number of a clause whose numbers stand for themselves. */
static bool prove_arg(struct proof *p, enum arg_kind kind, uint32_t arg)
{
    switch (kind) {
    case ARG_PLATFORMS:
        return index_in(p, arg, SECTION_PLATFORMS);
    case ARG_CLASSES:
        return word_in(p, arg, WORDS_CLASS);
    case ARG_ROLES:
        return word_in(p, arg, WORDS_ROLE);
    case ARG_CATEGORIES:
        return word_in(p, arg, WORDS_CATEGORY);
    case ARG_ACTIVITIES:
        return arg == ACTIVITY_COUNT || word_in(p, arg, WORDS_ACTIVITY);
    case ARG_ACCOUNTS:
        return prove_account_arg(p, arg);
    case ARG_IDENTITIES:
        return word_in(p, arg, WORDS_IDENTITY);
    case ARG_ORIGINS:
        return word_in(p, arg, WORDS_ORIGIN);
    case ARG_GROUPS:
        return index_in(p, arg, SECTION_GROUPS);
    case ARG_ALLOWANCES:
        return index_in(p, arg, SECTION_ALLOWANCES);
    case ARG_EMERGENCIES:
        return index_in(p, arg, SECTION_EMERGENCIES);
    case ARG_PEOPLE:
        return word_in(p, arg, WORDS_PEOPLE);
    case ARG_KNOWN_BY:
        return word_in(p, arg, WORDS_KNOWN_BY);
    case ARG_CONCERNS:
        return word_in(p, arg, WORDS_CONCERN);
    case ARG_DURING:
        return prove_during_arg(p, arg);
    case ARG_MEDIA:
    case ARG_USER:
    case ARG_GROUPS_STATE:
        return arg <= 1 || fail(p, "a state that is none");
    case ARG_SIGHTS:
        return word_in(p, arg, WORDS_SIGHT);
    case ARG_COUNTRIES:
        return prove_country_arg(p, arg);
    case ARG_ACCOUNT_FLAGS:
    case ARG_ASNS:
    case ARG_PORTS:
    case ARG_HOSTS:
    case ARG_GRANT:
    case ARG_NETWORKS:
        return true;
    }
    return fail(p, "an unknown kind of argument");
}

static bool prove_clause(struct proof *p, const void *row)
{
    const struct a_clause *c = row;
    const struct condition *condition = condition_by_number(c->condition);
    const uint32_t *args;

    if (!condition)
        return fail(p, "an unknown condition (made by a newer version?)");
    if (!list_in(p, c->args, SECTION_NUMBERS) || c->args.n == 0)
        return fail(p, "a condition without arguments");
    args = artefact_numbers(p->a, c->args);
    if (condition->args == ARG_GRANT &&
        (c->args.n != 3 || args[0] >> GRANT_STATE_COUNT || args[1] >> STEP_COUNT))
        return fail(p, "a grant condition of another shape");
    if (condition->args == ARG_NETWORKS)
        for (uint32_t i = 0; i < c->args.n; i += 5)
            if (c->args.n % 5 || args[i + 4] > 128)
                return fail(p, "a network that is none");
    if (condition->args == ARG_HOSTS)
        for (uint32_t i = 0; i < c->args.n; i += 2)
            if (c->args.n % 2 || !string_in(p, (struct a_str){args[i], args[i + 1]}))
                return fail(p, "a host that is none");
    for (uint32_t i = 0; i < c->args.n; i++)
        if (!prove_arg(p, condition->args, args[i]))
            return false;
    return true;
}

static bool prove_group(struct proof *p, const void *row)
{
    const struct a_group *g = row;

    return string_in(p, g->name) && string_in(p, g->about) && word_or_none(p, g->mode, WORDS_MODE) &&
           word_or_none(p, g->people, WORDS_PEOPLE);
}

static bool prove_member(struct proof *p, const void *row)
{
    const struct a_member *m = row;

    return string_in(p, m->user) && string_in(p, m->id) && string_in(p, m->sponsor) &&
           word_or_none(p, m->people, WORDS_PEOPLE) && indexes_in(p, m->groups, SECTION_GROUPS);
}

/* One that is not in order is not found, and opens nothing. */
static bool prove_former(struct proof *p, const void *row)
{
    const struct a_former *f = row;

    return string_in(p, f->name) && string_in(p, f->user);
}

static bool prove_account(struct proof *p, const void *row)
{
    const struct a_account *c = row;

    return string_in(p, c->name) && string_in(p, c->owner) && index_in(p, c->platform, SECTION_PLATFORMS) &&
           string_in(p, c->holder) && string_in(p, c->deputy) && list_in(p, c->officers, SECTION_WORDS);
}

static bool prove_alias(struct proof *p, const void *row)
{
    const struct a_alias *c = row;

    return string_in(p, c->name) && index_in(p, c->platform, SECTION_PLATFORMS) &&
           index_in(p, c->account, SECTION_ACCOUNTS);
}

static bool prove_identity(struct proof *p, const void *row)
{
    const struct a_identity *c = row;
    const struct artefact *a = p->a;

    if (!string_in(p, c->user) || !index_in(p, c->platform, SECTION_PLATFORMS) ||
        !index_in(p, c->account, SECTION_ACCOUNTS))
        return false;
    if (ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[c->account].platform != c->platform)
        return fail(p, "an identity of an account on another platform");
    if (!(ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[c->platform].flags & PLATFORM_IDENTITIES))
        return fail(p, "an identity of a platform that is said to have none");
    return (c->key && c->key == ARTEFACT_ROWS(a, IDENTITIES, struct a_identity)->key) ||
           fail(p, "a digest of another key");
}

static bool prove_grant(struct proof *p, const void *row)
{
    const struct a_grant *g = row;
    const uint32_t days[] = {g->approved_day, g->aup_day,     g->read_day,
                             g->trained_day,  g->expires_day, g->second_day};

    return days_in(p, days, 6) && string_in(p, g->user) && string_in(p, g->approved_by) &&
           string_in(p, g->second_by) && string_in(p, g->document) &&
           index_or_none(p, g->group, SECTION_GROUPS) && index_or_none(p, g->within, SECTION_GROUPS) &&
           (g->user.n > 0 || g->group != NO_INDEX || fail(p, "a grant for nobody")) &&
           indexes_in(p, g->platforms, SECTION_PLATFORMS) && indexes_in(p, g->accounts, SECTION_ACCOUNTS) &&
           bits_in(p, g->activities, WORDS_ACTIVITY);
}

/* Offsets only ever go forward: so a page is put together in one pass. */
static bool links_in(struct proof *p, const struct a_page *g)
{
    uint32_t at = 0;

    if (!list_in(p, g->links, SECTION_NUMBERS))
        return false;
    if (g->links.n % PAGE_LINK_NUMBERS || g->links.n > PAGE_LINK_NUMBERS * PAGE_LINKS_MAX)
        return fail(p, "a part of a link");
    for (uint32_t i = 0; i < g->links.n; i++) {
        uint32_t next = artefact_numbers(p->a, g->links)[i];

        if (next < at || next > g->html.n)
            return fail(p, "a link outside the page");
        at = next;
    }
    return true;
}

static bool prove_page(struct proof *p, const void *row)
{
    const struct a_page *g = row;

    if (!string_in(p, g->name) || !string_in(p, g->html) || !string_in(p, g->source) ||
        !list_in(p, g->holes, SECTION_NUMBERS) || !word_or_none(p, g->step, WORDS_STEP))
        return false;
    if (g->status < 200 || g->status > 599)
        return fail(p, "a status that is none");
    for (uint32_t i = 0; i < g->holes.n; i++)
        if ((uint64_t)artefact_numbers(p->a, g->holes)[i] + 9 > g->html.n)
            return fail(p, "a hole outside the page");
    return links_in(p, g);
}

/* Its name is half of what a fact says ("used personal"). */
static bool prove_name(struct proof *p, struct a_str name)
{
    return string_in(p, name) &&
           ((name.n > 0 && name.n <= ARTEFACT_NAME_MAX) || fail(p, "a name that is empty or too long"));
}

static bool prove_allowance(struct proof *p, const void *row)
{
    const struct a_allowance *w = row;

    return prove_name(p, w->name) && string_in(p, w->cite) && string_in(p, w->assumption) &&
           indexes_in(p, w->groups, SECTION_GROUPS) &&
           (w->claim <= CLAIMS_MAX || w->claim == CLAIMS_ANY || fail(p, "more claims than a day takes")) &&
           ((w->minutes && w->minutes <= MINUTES_A_DAY) || fail(p, "minutes that are none, or over a day"));
}

static bool prove_emergency(struct proof *p, const void *row)
{
    const struct a_emergency *e = row;

    return prove_name(p, e->name) && string_in(p, e->cite) && string_in(p, e->assumption) &&
           indexes_in(p, e->groups, SECTION_GROUPS) && (e->groups.n || fail(p, "an emergency of nobody")) &&
           indexes_in(p, e->platforms, SECTION_PLATFORMS) && list_in(p, e->reasons, SECTION_WORDS) &&
           (e->reasons.n || fail(p, "an emergency without reasons")) &&
           ((e->hours && e->hours <= EMERGENCY_HOURS_MAX) || fail(p, "hours that are none, or over a day"));
}

static bool prove_contact(struct proof *p, const void *row)
{
    const struct a_contact *c = row;
    const struct a_str strings[] = {c->name, c->label, c->mail, c->url, c->phone};

    return prove_strings(p, strings, 5);
}

static bool prove_region(struct proof *p, const void *row)
{
    const struct a_region *r = row;

    return string_in(p, r->name) && list_in(p, r->holidays, SECTION_HOLIDAYS);
}

static bool prove_time(struct proof *p, const void *row)
{
    return string_in(p, ((const struct a_time *)row)->name);
}

static bool prove_holiday(struct proof *p, const void *row)
{
    const struct a_holiday *h = row;

    return string_in(p, h->name) && days_in(p, &h->day, 1);
}

static bool prove_window(struct proof *p, const void *row)
{
    const struct a_window *w = row;

    return index_or_none(p, w->time, SECTION_TIMES) &&
           (w->kind < WINDOW_KINDS || fail(p, "a window of an unknown kind")) &&
           ((w->days && w->days < 1u << 7) || fail(p, "a window on no day of the week")) &&
           ((w->begin < w->end && w->end <= 2 * MINUTES_A_DAY) || fail(p, "a window that never opens")) &&
           ((w->cycle >= 1 && w->cycle <= CYCLE_MAX && w->phase < w->cycle) ||
            fail(p, "a window in weeks that are none"));
}

/* So many are looked at in a request's time, no more. */
static bool windows_in(struct proof *p, struct a_list windows)
{
    return list_in(p, windows, SECTION_WINDOWS) && (windows.n <= WINDOWS_MAX || fail(p, "too many windows"));
}

static bool prove_calendar(struct proof *p, const void *row)
{
    const struct a_calendar *c = row;
    const struct a_str strings[] = {c->name, c->cite, c->assumption};

    return prove_strings(p, strings, 3) && windows_in(p, c->windows) &&
           list_in(p, c->closed, SECTION_NUMBERS) &&
           (c->closed.n % 2 == 0 || fail(p, "a closed day without an end")) &&
           index_or_none(p, c->region, SECTION_REGIONS);
}

static bool prove_calendar_group(struct proof *p, const void *row)
{
    const struct a_calendar_group *g = row;

    return index_in(p, g->group, SECTION_GROUPS) && index_or_none(p, g->calendar, SECTION_CALENDARS);
}

static bool prove_rota(struct proof *p, const void *row)
{
    const struct a_rota *r = row;

    return string_in(p, r->user) && index_or_none(p, r->group, SECTION_GROUPS) &&
           (r->user.n > 0 || r->group != NO_INDEX || fail(p, "a rota of nobody")) &&
           list_in(p, r->periods, SECTION_PERIODS);
}

static bool prove_period(struct proof *p, const void *row)
{
    const struct a_period *r = row;

    return windows_in(p, r->windows) && index_or_none(p, r->region, SECTION_REGIONS);
}

static bool prove_network(struct proof *p, const void *row)
{
    const struct a_network *n = row;

    return string_in(p, n->name) && word_in(p, n->zone, WORDS_ZONE) &&
           (n->network[4] <= 128 || fail(p, "a network that is none"));
}

static bool prove_source(struct proof *p, const void *row)
{
    const struct a_source *s = row;

    return string_in(p, s->path) && string_in(p, s->text);
}

/* Rows proven one by one; sections without a row here hold plain bytes or numbers, or are tables. */
static bool (*const row_proofs[SECTION_COUNT])(struct proof *, const void *) = {
    [SECTION_META] = prove_meta,
    [SECTION_WORDS] = prove_word,
    [SECTION_PLATFORMS] = prove_platform,
    [SECTION_ROWS] = prove_row,
    [SECTION_HOSTS] = prove_host,
    [SECTION_RULES] = prove_rule,
    [SECTION_CARRIERS] = prove_carrier,
    [SECTION_OWNERS] = prove_owner,
    [SECTION_CLAUSES] = prove_clause,
    [SECTION_GROUPS] = prove_group,
    [SECTION_MEMBERS] = prove_member,
    [SECTION_ACCOUNTS] = prove_account,
    [SECTION_ALIASES] = prove_alias,
    [SECTION_IDENTITIES] = prove_identity,
    [SECTION_GRANTS] = prove_grant,
    [SECTION_FORMERS] = prove_former,
    [SECTION_PAGES] = prove_page,
    [SECTION_CONTACTS] = prove_contact,
    [SECTION_SOURCES] = prove_source,
    [SECTION_RESTRICTIONS] = prove_restriction,
    [SECTION_PLACES] = prove_place,
    [SECTION_RESTRICTED] = prove_restricted,
    [SECTION_ALLOWANCES] = prove_allowance,
    [SECTION_EMERGENCIES] = prove_emergency,
    [SECTION_SETS] = prove_set,
    [SECTION_REGIONS] = prove_region,
    [SECTION_TIMES] = prove_time,
    [SECTION_HOLIDAYS] = prove_holiday,
    [SECTION_WINDOWS] = prove_window,
    [SECTION_CALENDARS] = prove_calendar,
    [SECTION_CALENDAR_GROUPS] = prove_calendar_group,
    [SECTION_ROTAS] = prove_rota,
    [SECTION_PERIODS] = prove_period,
    [SECTION_NETWORKS] = prove_network,
};

static const struct {
    enum section table, rows;
} tables[] = {
    {SECTION_HOST_TABLE, SECTION_HOSTS},
    {SECTION_GROUP_TABLE, SECTION_GROUPS},
    {SECTION_MEMBER_TABLE, SECTION_MEMBERS},
    {SECTION_ALIAS_TABLE, SECTION_ALIASES},
    {SECTION_IDENTITY_TABLE, SECTION_IDENTITIES},
    {SECTION_GRANT_TABLE, SECTION_GRANTS},
    {SECTION_RESTRICTED_TABLE, SECTION_RESTRICTED},
    {SECTION_ROTA_TABLE, SECTION_ROTAS},
};

/* Slots point to rows, and one is empty, so that every search ends. */
static bool prove_table(struct proof *p, enum section table, enum section rows)
{
    const uint32_t *slots = p->a->rows[table];
    uint32_t n = p->a->n[table];
    bool empty = false;

    p->section = section_names[table];
    p->row = 0;
    if (n == 0 || (n & (n - 1)) != 0)
        return fail(p, "the number of slots is no power of two");
    for (uint32_t i = 0; i < n; i++) {
        p->row = i;
        if (slots[i] > p->a->n[rows])
            return fail(p, "a slot points outside");
        empty |= slots[i] == 0;
    }
    return empty || fail(p, "no slot is empty");
}

static bool prove_layout(struct proof *p, struct artefact *a, size_t size)
{
    const struct artefact_header *h = a->header;

    for (unsigned s = 0; s < SECTION_COUNT; s++) {
        uint64_t end =
            (uint64_t)h->sections[s].at + (uint64_t)h->sections[s].n * section_row_size((enum section)s);

        p->section = section_names[s];
        p->row = 0;
        if (h->sections[s].at % 4 || h->sections[s].at < sizeof *h || end > size)
            return fail(p, "the section lies outside the file");
        a->rows[s] = a->base + h->sections[s].at;
        a->n[s] = h->sections[s].n;
    }
    p->section = "META";
    return a->n[SECTION_META] == 1 || fail(p, "there must be exactly one");
}

static bool prove_rows(struct proof *p)
{
    for (unsigned s = 0; s < SECTION_COUNT; s++) {
        const unsigned char *row = p->a->rows[s];

        p->section = section_names[s];
        for (p->row = 0; row_proofs[s] && p->row < p->a->n[s];
             p->row++, row += section_row_size((enum section)s))
            if (!row_proofs[s](p, row))
                return false;
    }
    p->section = "KEYS";
    if (p->a->n[SECTION_KEYS] != p->a->n[SECTION_ROWS])
        return fail(p, "there must be one for each row");
    p->section = "FILTERS";
    if (p->a->n[SECTION_FILTERS] != p->a->n[SECTION_RULES])
        return fail(p, "there must be one for each rule");
    for (unsigned t = 0; t < sizeof tables / sizeof *tables; t++)
        if (!prove_table(p, tables[t].table, tables[t].rows))
            return false;
    return true;
}

int artefact_check(const void *bytes, size_t size, struct artefact *a, struct diag *d)
{
    const struct artefact_header *h = bytes;
    struct proof p = {.a = a, .d = d};

    if (size < sizeof *h || memcmp(h->magic, ARTEFACT_MAGIC, sizeof h->magic) != 0)
        return diag_error(d, "this is no compiled policy: make one with 'portreeve compile DIR -o FILE'",
                          NULL, NULL);
    if (h->version != ARTEFACT_VERSION || h->n_sections != SECTION_COUNT)
        return diag_error(d, "the policy was compiled by another version of portreeve: compile it again",
                          NULL, NULL);
    if (size > ARTEFACT_SIZE_MAX || h->size != size)
        return diag_error(d, "the compiled policy is cut short or has grown: copy or compile it again", NULL,
                          NULL);
    if (h->check != artefact_check_sum(h, size))
        return diag_error(d, "the compiled policy is damaged (its sum does not match): compile it again",
                          NULL, NULL);
    a->base = bytes;
    a->header = h;
    return prove_layout(&p, a, size) && prove_rows(&p) ? 0 : -1;
}
