/* 2: who asked for what, and why; the six answers on the person's private life. */
#include "report/sections.h"

#include "core/clock.h"

static const char *person(struct doc *d, const struct input_person *p)
{
    return pool_print(&d->pool, "%s, %s", doc_said(d, p->name), doc_said(d, p->role));
}

static const char *told(const struct facts *f)
{
    const struct input_case *c = &f->in->panel;
    struct doc *d = f->doc;

    if (c->told_on)
        return pool_print(&d->pool, "Yes, on %s, letter %s", words_date(&d->pool, c->told_on),
                          doc_said(d, c->letter));
    return pool_print(&d->pool, "Not yet. To be told on %s. Why later: %s", words_date(&d->pool, c->tell_on),
                      doc_said(d, c->deferred_because));
}

static const char *subject(const struct facts *f)
{
    struct doc *d = f->doc;
    const char *text = pool_print(&d->pool, "%s (%s)", doc_said(d, f->in->subject.name),
                                  word_of(WORDS_PEOPLE, f->in->subject.people));

    INPUT_EACH(const struct str, f->in->subject.former_names, name)
    text = pool_print(&d->pool, "%s, earlier %s", text, doc_said(d, *name));
    return text;
}

static const char *scope(const struct facts *f)
{
    const char *text = "";

    INPUT_EACH(const struct str, f->in->panel.platforms, id)
    text = pool_print(&f->doc->pool, "%s%s%s", text, *text ? ", " : "", facts_platform(f, *id));
    return *text ? text : "All sites that the policy speaks of. Other sites are not recorded.";
}

static const char *acknowledged(const struct facts *f)
{
    struct doc *d = f->doc;
    const char *text = "";

    INPUT_EACH(const struct input_ack, f->in->acknowledgements, a)
    text = pool_print(&d->pool, "%s%s%s, version %s, on %s", text, *text ? "; " : "", doc_said(d, a->what),
                      doc_said(d, a->version), words_time(&d->pool, a->at));
    return *text ? text : "None is on record";
}

static const char *hours(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct input_pattern *p = &f->in->pattern;

    if (!f->in->has_pattern)
        return "Not given, so no time is called work time or own time";
    return pool_print(&d->pool, "%s. Source: %s. Confirmed by the person: %s", doc_said(d, p->words),
                      doc_said(d, p->source),
                      p->confirmed_on ? words_date(&d->pool, p->confirmed_on) : "not yet");
}

static void put_answers(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct input_answers *a = &f->in->panel.answers;
    struct table *t =
        doc_table(d, "Six questions on the person's private life, answered before the report was made",
                  COLUMNS("Question", "Answer"));

    doc_pair(d, t, "Was the person told that use may be looked at, and how?", doc_said(d, a->notice));
    doc_pair(d, t, "How much is looked at: what, for how long, seen by whom?", doc_said(d, a->extent));
    doc_pair(d, t, "What good reason is there?", doc_said(d, a->reasons));
    doc_pair(d, t, "Why would a less intrusive way not do?", doc_said(d, a->less_intrusive));
    doc_pair(d, t, "What may follow for the person?", doc_said(d, a->consequences));
    doc_pair(d, t, "What protects the person?", doc_said(d, a->safeguards));
}

void section_panel(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct input_case *c = &f->in->panel;
    struct table *t =
        doc_table(d, "What this report is about, and who decided on it", COLUMNS("Field", "Value"));

    doc_pair(d, t, "Case",
             pool_print(&d->pool, "%s, report %llu of %llu", doc_said(d, c->reference),
                        (unsigned long long)f->in->number, (unsigned long long)f->in->of));
    doc_pair(d, t, "Made", words_time(&d->pool, f->in->made));
    doc_pair(d, t, "Person", subject(f));
    doc_pair(d, t, "Has read the notice", acknowledged(f));
    doc_pair(d, t, "Reason",
             pool_print(&d->pool, "%s: %s (policy, %s)", doc_said(d, c->reason.id),
                        doc_said(d, c->reason.sentence), doc_said(d, c->reason.clause)));
    doc_pair(
        d, t, "Raised by",
        pool_print(&d->pool, "%s, on %s", doc_said(d, c->raised_by), words_date(&d->pool, c->raised_on)));
    doc_pair(d, t, "Facts given", doc_said(d, c->facts));
    doc_pair(d, t, "Asked by", person(d, &c->asked_by));
    doc_pair(d, t, "Authorised by", person(d, &c->authorised_by));
    doc_pair(d, t, "Checked by", person(d, &c->checked_by));
    doc_pair(d, t, "Person told first?", told(f));
    doc_pair(d, t, "Period",
             pool_print(&d->pool, "%s to %s", words_day(&d->pool, c->from), words_day(&d->pool, c->to)));
    doc_pair(d, t, "Sites", scope(f));
    doc_pair(d, t, "Working hours used", hours(f));
    doc_pair(d, t, "Case ends", words_time(&d->pool, c->expires));
    put_answers(f);
}
