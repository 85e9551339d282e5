/* From an artefact's rows back to the policy's text: it parses to the same rows again. */
#include "compile/compile.h"
#include "compile/out.h"

#include <stdlib.h>

/* The end of a statement, and its assumption below. */
static void put_end(struct out *o, struct a_str assumption)
{
    out_part(o, "\n    assumption ", assumption);
    out_puts(o, "\n");
}

static const char *answer(uint32_t action)
{
    return action == ACTION_ALLOW ? "allow" : "refuse";
}

static void print_title(struct out *o, const struct a_meta *m)
{
    if (m->title.n) {
        out_part(o, "policy ", m->title);
        out_puts(o, " version ");
        out_name(o, out_text(o, m->version));
        out_puts(o, " from ");
        out_date(o, m->from_day);
        out_puts(o, "\n");
    }
    out_part(o, "council ", m->council);
    out_puts(o, m->council.n ? "\n" : "");
    out_part(o, "owner ", m->owner);
    out_puts(o, m->owner.n ? "\n" : "");
    if (m->approved_by.n) {
        out_part(o, "approved-by ", m->approved_by);
        out_puts(o, " on ");
        out_date(o, m->approved_day);
        out_puts(o, "\n");
    }
    if (m->review_day) {
        out_puts(o, "review-due ");
        out_date(o, m->review_day);
        out_puts(o, "\n");
    }
    out_puts(o, "mode ");
    out_puts(o, word_of(WORDS_MODE, m->mode));
    out_puts(o, "\n");
}

static void print_answers(struct out *o, const struct a_meta *m)
{
    out_puts(o, m->default_action == ACTION_ALLOW ? "default allow" : "default deny");
    out_part(o, " cite ", m->default_cite);
    out_page(o, m->default_page);
    out_part(o, " because ", m->default_because);
    put_end(o, m->default_assumption);
    out_puts(o, "unsure ");
    out_puts(o, answer(m->unsure_action));
    out_page(o, m->unsure_page);
    put_end(o, m->unsure_assumption);
    out_puts(o, "unknown-writes ");
    out_puts(o, answer(m->unknown_write_action));
    put_end(o, m->unknown_write_assumption);
    out_puts(o, "malformed ");
    out_puts(o, answer(m->malformed_action));
    out_page(o, m->malformed_page);
    put_end(o, m->malformed_assumption);
    if (m->unavailable_page != NO_INDEX) {
        out_puts(o, "unavailable");
        out_page(o, m->unavailable_page);
        out_puts(o, "\n");
    }
}

static void print_scope(struct out *o, const struct a_meta *m)
{
    if (m->scope_classes) {
        out_puts(o, "scope class");
        out_bits(o, WORDS_CLASS, m->scope_classes);
        put_end(o, m->scope_assumption);
    }
    if (m->scope_categories) {
        out_puts(o, "scope category");
        out_bits(o, WORDS_CATEGORY, m->scope_categories);
        out_puts(o, "\n");
    }
    if (m->people_default != NO_INDEX) {
        out_puts(o, "people-default ");
        out_puts(o, word_of(WORDS_PEOPLE, m->people_default));
        out_puts(o, "\n");
    }
}

static void print_members(struct out *o, const struct a_meta *m)
{
    if (m->members == MEMBERS_UNSAID)
        return;
    out_puts(o, m->members == MEMBERS_OWN_RULES ? "members own-rules" : "members as-employees");
    out_part(o, " cite ", m->members_cite);
    put_end(o, m->members_assumption);
}

static void print_record(struct out *o, const struct a_meta *m)
{
    out_puts(o, "record ");
    out_puts(o, word_of(WORDS_RECORD, m->record));
    put_end(o, m->record_assumption);
    out_puts(o, "carriers ");
    out_puts(o, word_of(WORDS_CARRIERS, m->carriers));
    put_end(o, m->carriers_assumption);
    if (m->monitoring_clause.n || m->notice_day || m->dpia.n) {
        out_puts(o, "monitoring");
        out_part(o, " clause ", m->monitoring_clause);
        if (m->notice_day) {
            out_puts(o, " notice-on ");
            out_date(o, m->notice_day);
        }
        out_part(o, " dpia ", m->dpia);
        out_puts(o, "\n");
    }
    if (m->grant_needs) {
        out_puts(o, "grants need");
        out_bits(o, WORDS_STEP, m->grant_needs);
        out_puts(o, m->grant_second ? " for" : "");
        out_bits(o, WORDS_ACTIVITY, m->grant_second);
        if (m->grant_months) {
            out_puts(o, " last ");
            out_number(o, m->grant_months);
            out_puts(o, " months");
        }
        out_part(o, " cite ", m->grant_cite);
        put_end(o, m->grant_assumption);
    }
}

static void print_contacts(struct out *o)
{
    for (uint32_t i = 0; i < o->a->n[SECTION_CONTACTS]; i++) {
        const struct a_contact *c = &ARTEFACT_ROWS(o->a, CONTACTS, struct a_contact)[i];

        out_puts(o, "contact ");
        out_name(o, out_text(o, c->name));
        out_puts(o, " ");
        out_quoted(o, out_text(o, c->label));
        if (c->mail.n) {
            out_puts(o, " mail ");
            out_name(o, out_text(o, c->mail));
        }
        if (c->url.n) {
            out_puts(o, " url ");
            out_name(o, out_text(o, c->url));
        }
        out_part(o, " phone ", c->phone);
        out_puts(o, "\n");
    }
}

static void print_hosts(struct out *o, const char *statement, uint32_t flag)
{
    for (uint32_t i = 0; i < o->a->n[SECTION_HOSTS]; i++) {
        const struct a_host *h = &ARTEFACT_ROWS(o->a, HOSTS, struct a_host)[i];

        if (!(h->flags & flag))
            continue;
        out_puts(o, statement);
        out_puts(o, h->flags & HOST_SUBDOMAINS || flag == HOST_NEVER_LOG_OWN ? " ." : " ");
        out_str(o, out_text(o, h->name));
        out_puts(o, "\n");
    }
}

static void print_groups(struct out *o)
{
    for (uint32_t i = 0; i < o->a->n[SECTION_GROUPS]; i++) {
        const struct a_group *g = &ARTEFACT_ROWS(o->a, GROUPS, struct a_group)[i];

        out_puts(o, "group ");
        out_name(o, out_text(o, g->name));
        out_part(o, " ", g->about);
        if (g->people != NO_INDEX) {
            out_puts(o, " people ");
            out_puts(o, word_of(WORDS_PEOPLE, g->people));
        }
        if (g->mode != NO_INDEX) {
            out_puts(o, " ");
            out_puts(o, word_of(WORDS_MODE, g->mode));
        }
        out_puts(o, "\n");
    }
}

char *print_policy(const struct artefact *a, size_t *n)
{
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);
    struct out o = {.a = a};

    print_title(&o, m);
    print_answers(&o, m);
    print_scope(&o, m);
    print_members(&o, m);
    print_record(&o, m);
    print_contacts(&o);
    print_hosts(&o, "must-work", HOST_MUST_WORK);
    print_hosts(&o, "never-bump", HOST_NEVER_BUMP);
    print_hosts(&o, "never-log", HOST_NEVER_LOG_OWN);
    print_groups(&o);
    print_calendars(&o);
    print_alert(&o, m);
    print_standing(&o, m);
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        print_rule(&o, &ARTEFACT_ROWS(a, RULES, struct a_rule)[i]);
    out_str(&o, (struct str){"", 1}); /* terminated */
    if (o.no_memory) {
        free(o.p);
        return NULL;
    }
    *n = o.n - 1;
    return o.p;
}

/* Who is told, line by line. */
struct listener {
    const struct artefact *a;
    void (*line)(void *to, const char *text);
    void *to;
};

/* "permit readers: ...", the name only where there is one; nothing without a text. */
static void tell(const struct listener *l, const char *statement, struct a_str name, struct a_str text)
{
    struct out o = {.a = l->a};

    if (text.n == 0)
        return;
    out_puts(&o, statement);
    out_puts(&o, name.n ? " " : "");
    out_str(&o, out_text(&o, name));
    out_puts(&o, ": ");
    out_str(&o, out_text(&o, text));
    out_str(&o, (struct str){"", 1});
    if (!o.no_memory)
        l->line(l->to, o.p);
    free(o.p);
}

void list_assumptions(const struct artefact *a, void (*line)(void *to, const char *text), void *to)
{
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);
    const struct listener l = {a, line, to};
    const struct {
        const char *statement;
        struct a_str text;
    } said[] = {
        {"default", m->default_assumption},
        {"unsure", m->unsure_assumption},
        {"unknown-writes", m->unknown_write_assumption},
        {"malformed", m->malformed_assumption},
        {"scope", m->scope_assumption},
        {"members", m->members_assumption},
        {"record", m->record_assumption},
        {"carriers", m->carriers_assumption},
        {"grants", m->grant_assumption},
        {"shifts", m->shift_assumption},
        {"standing", m->standing_assumption},
        {"alert", m->alert_assumption},
    };

    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        tell(&l, said[i].statement, (struct a_str){0, 0}, said[i].text);
    for (uint32_t i = 0; i < a->n[SECTION_CALENDARS]; i++) {
        const struct a_calendar *c = &ARTEFACT_ROWS(a, CALENDARS, struct a_calendar)[i];

        tell(&l, "calendar", c->name, c->assumption);
    }
    for (uint32_t i = 0; i < a->n[SECTION_ALLOWANCES]; i++) {
        const struct a_allowance *w = &ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[i];

        tell(&l, "allowance", w->name, w->assumption);
    }
    for (uint32_t i = 0; i < a->n[SECTION_EMERGENCIES]; i++) {
        const struct a_emergency *e = &ARTEFACT_ROWS(a, EMERGENCIES, struct a_emergency)[i];

        tell(&l, "emergency", e->name, e->assumption);
    }
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];

        tell(&l, word_of(WORDS_VERB, r->verb), r->id, r->assumption);
    }
}
