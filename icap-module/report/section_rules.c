/* 9: the rules in force on those dates, in the policy's own words, with what tells that nothing was changed
 * since. */
#include "report/sections.h"

static bool met(const struct facts *f, const struct input_policy *p, struct str rule)
{
    INPUT_EACH(const struct input_event, f->in->events, e)
    if (str_eq(e->policy, p->version) && str_eq(e->rule, rule))
        return true;
    return false;
}

static const char *verb_of(const struct input_rule *r)
{
    switch (r->verb) {
    case VERB_FORBID:
        return "blocks";
    case VERB_PERMIT:
        return "allows";
    case VERB_REQUIRE:
        return "asks first";
    default:
        return "explains";
    }
}

static void put_rule(const struct facts *f, struct table *t, const struct input_policy *p,
                     const struct input_rule *r)
{
    struct doc *d = f->doc;

    doc_cell(d, t, "%s", doc_said(d, r->id));
    doc_cell(d, t, "%s", verb_of(r));
    doc_cell(d, t, "%s", r->because.n ? doc_said(d, r->because) : "-");
    doc_cell(d, t, "%s", r->cite.n ? doc_said(d, r->cite) : "not in the council's document");
    doc_cell(d, t, "%s", r->assumption.n ? doc_said(d, r->assumption) : "-");
    doc_cell(d, t, "%s", met(f, p, r->id) ? "yes" : "no");
}

static void put_policy(const struct facts *f, const struct input_policy *p)
{
    struct doc *d = f->doc;
    struct table *t = doc_table(d, pool_print(&d->pool, "Policy version %s", doc_said(d, p->version)),
                                COLUMNS("Field", "Value"));

    doc_pair(d, t, "Policy", doc_said(d, p->title));
    doc_pair(d, t, "In force",
             pool_print(&d->pool, "from %s %s%s", words_date(&d->pool, p->from),
                        p->until ? "to " : "and still", p->until ? words_date(&d->pool, p->until) : ""));
    doc_pair(d, t, "Where no rule speaks", doc_said(d, p->text));
    doc_pair(d, t, "Lets the council look at use",
             pool_print(&d->pool, "clause %s; all staff told on %s; impact assessment %s",
                        doc_said(d, p->monitoring.clause), words_date(&d->pool, p->monitoring.notice_on),
                        doc_said(d, p->monitoring.dpia)));
    doc_pair(d, t, "SHA-256 of what was in force", doc_said(d, p->digest));
    if (p->rules.n == 0)
        return;
    t = doc_table(d, pool_print(&d->pool, "Rules of version %s", doc_said(d, p->version)),
                  COLUMNS("Rule", "It", "Because", "Clause", "Assumption behind it", "Met in this report?"));
    INPUT_EACH(const struct input_rule, p->rules, r)
    put_rule(f, t, p, r);
}

void section_rules(const struct facts *f)
{
    doc_text(f->doc, BLOCK_PARAGRAPH,
             "Each request was judged by the version in force at that moment. A rule that rests on an "
             "assumption is "
             "not in the council's own document.");
    INPUT_EACH(const struct input_policy, f->in->policies, p)
    put_policy(f, p);
}
