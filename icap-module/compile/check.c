/* What is wrong or doubtful in meaning although every statement is right by itself. Errors first, so that
 * warnings never take their room. */
#include "compile/analyse.h"
#include "compile/hostname.h"
#include "compile/pages.h"

#include "core/clock.h"

#include <stdio.h>

static bool said(const struct check *c, enum statement_id id)
{
    struct str file;
    unsigned line, column;

    return build_place_of(c->b, SECTION_META, id, &file, &line, &column);
}

static void check_missing(struct check *c)
{
    static const struct {
        enum statement_id id;
        const char *example;
    } required[] = {
        {STATEMENT_POLICY, "policy \"Social media policy\" version 1.0 from 2026-04-01"},
        {STATEMENT_COUNCIL, "council \"Anytown Council\""},
        {STATEMENT_OWNER, "owner \"Director of Resources\""},
        {STATEMENT_APPROVED, "approved-by \"Director of Resources\" on 2026-03-18"},
        {STATEMENT_REVIEW, "review-due 2027-03-31"},
        {STATEMENT_DEFAULT, "default deny cite \"5c\" page default-deny"},
    };

    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!said(c, required[i].id))
            check_say(c, SEVERITY_ERROR, SECTION_META, required[i].id,
                      "the statement '%s' is missing: add a line like: %s", statement_words[required[i].id],
                      required[i].example);
}

/* Events about persons need a lawful footing before there is one event (artefact_record_mode holds the module
 * to it). */
static void check_record(struct check *c)
{
    const struct a_meta *m = c->meta;
    char wanted[DIAG_TEXT];
    struct text t;

    if (m->record != RECORD_PSEUDONYM || (m->monitoring_clause.n && m->notice_day && m->dpia.n))
        return;
    text_init(&t, wanted, sizeof wanted - 1);
    if (!m->monitoring_clause.n)
        text_puts(&t, ", clause \"...\" (where the council's policy says that use is monitored)");
    if (!m->notice_day)
        text_puts(&t, ", notice-on DATE (when staff were told)");
    if (!m->dpia.n)
        text_puts(&t, ", dpia \"...\" (the data protection impact assessment's reference)");
    wanted[t.n] = '\0';
    if (m->monitoring_clause.n) {
        check_say(c, SEVERITY_WARNING, SECTION_META, STATEMENT_MONITORING,
                  "to be filled in: %s. Until then nobody is recorded: events are counts", wanted + 2);
        return;
    }
    check_say(c, SEVERITY_ERROR, SECTION_META, STATEMENT_RECORD,
              "'record pseudonym' needs a statement 'monitoring' that is filled in; missing: %s. Until then: "
              "'record counts'",
              wanted + 2);
}

/* Minutes are told from events (record/day.h): without any nobody's would ever be used up. */
static void check_counting(struct check *c)
{
    if (c->meta->record == RECORD_NONE && build_count(c->b, SECTION_ALLOWANCES))
        check_say(c, SEVERITY_ERROR, SECTION_ALLOWANCES, 0,
                  "an allowance is counted from what the module records, and this policy records nothing: "
                  "write 'record counts', which names nobody");
}

static void need_page(struct check *c, enum statement_id id, uint32_t action, uint32_t page)
{
    if (action == ACTION_REFUSE && page == NO_INDEX)
        check_say(c, SEVERITY_ERROR, SECTION_META, id,
                  "'%s' refuses: name the page that people then see, with '%spage NAME'%s",
                  statement_words[id], id == STATEMENT_UNKNOWN_WRITES ? "unsure allow " : "",
                  said(c, id) ? "" : " (it refuses unless the policy says otherwise)");
}

/* Rules may have rows of their own of one page. */
static struct str page_of(const struct check *c, const struct a_rule *r)
{
    uint32_t page = r->page == NO_INDEX ? c->meta->default_page : r->page;

    return page == NO_INDEX ? STR_NONE : build_text(c->b, ((const struct a_page *)build_at(c->b, SECTION_PAGES, page))->name);
}

/* One page for all kinds of sites: else whoever looks on learns from it which kind it was. */
static void check_screen(struct check *c)
{
    uint32_t first = NO_INDEX;

    for (uint32_t i = 0; i < build_count(c->b, SECTION_RULES); i++) {
        const struct a_rule *r = check_rule_at(c, i), *other;

        if (!page_categories(c->b, r))
            continue;
        if (first == NO_INDEX)
            first = i;
        other = check_rule_at(c, first);
        if (!str_eq(page_of(c, r), page_of(c, other)))
            check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                      "forbid '%.*s' and '%.*s' refuse kinds of sites with different pages, so that whoever looks on can tell "
                      "which it was: let them show the same",
                      STR_ARG(build_text(c->b, other->id)), STR_ARG(build_text(c->b, r->id)));
    }
}

static void check_pages(struct check *c)
{
    const struct a_meta *m = c->meta;

    if (said(c, STATEMENT_DEFAULT))
        need_page(c, STATEMENT_DEFAULT, m->default_action, m->default_page);
    if (m->default_action == ACTION_ALLOW || m->default_page != NO_INDEX) {
        need_page(c, STATEMENT_UNSURE, m->unsure_action, m->unsure_page);
        if (m->default_action == ACTION_ALLOW && m->unsure_action == ACTION_ALLOW)
            need_page(c, STATEMENT_UNKNOWN_WRITES, m->unknown_write_action, m->unsure_page);
        need_page(c, STATEMENT_MALFORMED, m->malformed_action, m->malformed_page);
    }
    for (uint32_t i = 0; i < build_count(c->b, SECTION_RULES); i++) {
        const struct a_rule *r = check_rule_at(c, i);

        if (check_shows_page(r) && r->page == NO_INDEX && m->default_page == NO_INDEX)
            check_say(c, SEVERITY_ERROR, SECTION_RULES, i,
                      "rule '%.*s' %s: name the page that people then see, with "
                      "'page NAME'",
                      STR_ARG(build_text(c->b, r->id)), r->verb == VERB_FORBID ? "refuses" : "asks");
    }
}

/* Everything known about a host: the union over its own row and those above it that reach down to it. */
struct host_facts {
    uint32_t platform, flags, categories;
};

static struct host_facts facts_of(const struct check *c, struct str host)
{
    struct host_facts facts = {.platform = NO_INDEX};

    for (size_t i = host.n; i > 0; i--) {
        uint32_t index =
            i > 1 && host.p[i - 2] != '.' ? NO_INDEX : build_find_host(c->b, str_from(host, i - 1));
        const struct a_host *row;

        if (index == NO_INDEX)
            continue;
        row = build_at(c->b, SECTION_HOSTS, index);
        if (i > 1 && !(row->flags & HOST_SUBDOMAINS))
            continue;
        facts.flags |= row->flags;
        facts.categories |= row->categories;
        /* Where only a path or only other sites' requests are the platform's, a link to the host is not. */
        if (row->platform != NO_INDEX)
            facts.platform = row->below.n || row->flags & HOST_SHARED ? NO_INDEX : row->platform;
    }
    return facts;
}

/* Categories that some rule refuses, whoever asks. */
static uint32_t forbidden_categories(const struct check *c)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < build_count(c->b, SECTION_RULES); i++)
        bits |= page_categories(c->b, check_rule_at(c, i));
    return bits;
}

static void check_contact_host(struct check *c, uint32_t contact, const char *what, struct str host)
{
    const struct a_contact *row = build_at(c->b, SECTION_CONTACTS, contact);
    struct host_facts facts = facts_of(c, host);
    uint32_t refused = facts.categories & forbidden_categories(c);

    if (facts.flags & HOST_MUST_WORK)
        return;
    if (facts.platform != NO_INDEX && c->meta->default_action == ACTION_REFUSE) {
        const struct a_platform *platform = build_at(c->b, SECTION_PLATFORMS, facts.platform);

        if (c->meta->scope_classes >> platform->class & 1) {
            check_say(
                c, SEVERITY_ERROR, SECTION_CONTACTS, contact,
                "contact '%.*s': its %s '%.*s' is platform '%.*s', which "
                "this policy refuses by default: people could not get there; take another or add 'must-work "
                "%.*s'",
                STR_ARG(build_text(c->b, row->name)), what, STR_ARG(host),
                STR_ARG(build_text(c->b, platform->id)), STR_ARG(host));
            return;
        }
    }
    for (uint32_t k = 0; k < CATEGORY_COUNT; k++) {
        if (refused >> k & 1) {
            check_say(c, SEVERITY_ERROR, SECTION_CONTACTS, contact,
                      "contact '%.*s': its %s '%.*s' is in category '%s', which "
                      "this policy forbids: people could not get there; take another or add 'must-work %.*s'",
                      STR_ARG(build_text(c->b, row->name)), what, STR_ARG(host), word_of(WORDS_CATEGORY, k),
                      STR_ARG(host));
            return;
        }
    }
}

static void check_contacts(struct check *c)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CONTACTS); i++) {
        const struct a_contact *row = build_at(c->b, SECTION_CONTACTS, i);
        char to[HOSTNAME_MAX + 2];
        struct str host;

        if (row->url.n && !contact_url_host(build_text(c->b, row->url), to, &host))
            check_contact_host(c, i, "url", host);
        if (row->mail.n && !contact_mail_host(build_text(c->b, row->mail), to, &host))
            check_contact_host(c, i, "mail host", host);
    }
}

static bool in_list(const struct check *c, struct a_list list, uint32_t value)
{
    const uint32_t *numbers = build_numbers_at(c->b, list);

    for (uint32_t i = 0; i < list.n; i++)
        if (numbers[i] == value)
            return true;
    return false;
}

/* A group matters where a rule, a grant or a calendar names it, or where membership alone says something. */
static bool group_used(const struct check *c, uint32_t group)
{
    const struct a_group *row = build_at(c->b, SECTION_GROUPS, group);

    if (row->mode != NO_INDEX || row->people != NO_INDEX)
        return true;
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CLAUSES); i++) {
        const struct a_clause *clause = build_at(c->b, SECTION_CLAUSES, i);

        if (check_kind_of(clause) == ARG_GROUPS && in_list(c, clause->args, group))
            return true;
    }
    for (uint32_t i = 0; i < build_count(c->b, SECTION_GRANTS); i++) {
        const struct a_grant *grant = build_at(c->b, SECTION_GRANTS, i);

        if (grant->user.n ? grant->within == group : grant->group == group)
            return true;
    }
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDAR_GROUPS); i++)
        if (((const struct a_calendar_group *)build_at(c->b, SECTION_CALENDAR_GROUPS, i))->group == group)
            return true;
    return false;
}

static void check_groups(struct check *c)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_GROUPS); i++) {
        const struct a_group *row = build_at(c->b, SECTION_GROUPS, i);

        if (!group_used(c, i))
            check_say(c, SEVERITY_NOTE, SECTION_GROUPS, i, "group '%.*s' is in no rule and no grant",
                      STR_ARG(build_text(c->b, row->name)));
    }
}

/* Events have room for so much of a name, answers for so much of a page. */
static void check_lengths(struct check *c)
{
    static const char too_long[] =
        "'%.40s...' is longer than %d bytes: events have no room for it, make it shorter";

    if (c->meta->version.n > ARTEFACT_NAME_MAX)
        check_say(c, SEVERITY_ERROR, SECTION_META, STATEMENT_POLICY, too_long,
                  build_text(c->b, c->meta->version).p, ARTEFACT_NAME_MAX);
    for (uint32_t i = 0; i < build_count(c->b, SECTION_RULES); i++)
        if (check_rule_at(c, i)->id.n > ARTEFACT_NAME_MAX)
            check_say(c, SEVERITY_ERROR, SECTION_RULES, i, too_long,
                      build_text(c->b, check_rule_at(c, i)->id).p, ARTEFACT_NAME_MAX);
    for (uint32_t i = 0; i < build_count(c->b, SECTION_ACCOUNTS); i++) {
        const struct a_account *row = build_at(c->b, SECTION_ACCOUNTS, i);

        if (row->name.n > ARTEFACT_NAME_MAX)
            check_say(c, SEVERITY_ERROR, SECTION_ACCOUNTS, i, too_long, build_text(c->b, row->name).p,
                      ARTEFACT_NAME_MAX);
    }
    for (uint32_t i = 0; i < build_count(c->b, SECTION_PAGES); i++) {
        const struct a_page *row = build_at(c->b, SECTION_PAGES, i);

        if (row->html.n > ARTEFACT_PAGE_MAX)
            check_say(c, SEVERITY_ERROR, SECTION_PAGES, i,
                      "page '%.*s' is longer than %d bytes: shorten its text",
                      STR_ARG(build_text(c->b, row->name)), ARTEFACT_PAGE_MAX);
    }
}

static void check_dates(struct check *c, int32_t today)
{
    char date[11] = {0};
    const struct a_meta *m = c->meta;

    if (m->review_day && (int32_t)m->review_day < today) {
        clock_format_date((int32_t)m->review_day, date);
        check_say(c, SEVERITY_WARNING, SECTION_META, STATEMENT_REVIEW,
                  "the review was due on %s: have the policy reviewed, "
                  "then put in the next date",
                  date);
    }
    if (m->record == RECORD_PSEUDONYM && m->notice_day && (int32_t)m->notice_day > today) {
        clock_format_date((int32_t)m->notice_day, date);
        check_say(
            c, SEVERITY_WARNING, SECTION_META, STATEMENT_MONITORING,
            "staff are told only on %s, but recording begins when this is published: publish it no earlier",
            date);
    }
    if (m->from_day && m->approved_day > m->from_day)
        check_say(c, SEVERITY_WARNING, SECTION_META, STATEMENT_APPROVED,
                  "the policy was approved after the day from which "
                  "it holds: is one of the dates wrong?");
}

int check_policy(struct builder *b, int32_t today, struct diag *d)
{
    struct check c = {.b = b, .d = d, .meta = build_meta(b)};

    check_missing(&c);
    check_record(&c);
    check_counting(&c);
    check_alert(&c);
    check_pages(&c);
    check_screen(&c);
    check_lengths(&c);
    check_contacts(&c);
    check_dates(&c, today);
    check_maps(&c, today);
    check_never_log(&c);
    check_calendars(&c);
    check_grants(&c, today);
    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++)
        check_rule(&c, i);
    if (!c.errors)
        analyse_policy(&c, today);
    check_groups(&c);
    if (!c.errors)
        check_calendar_days(&c, today);
    return c.errors ? -1 : 0;
}
