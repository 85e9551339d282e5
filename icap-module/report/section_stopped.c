/* 7: what did not go through, or not at once; what a person tried apart from what pages did. */
#include "report/sections.h"

static const char *by_whom(const struct input_event *e)
{
    switch (e->origin) {
    case ORIGIN_PERSON:
        return "yes";
    case ORIGIN_EMBED:
        return "no: part of another web page";
    case ORIGIN_BACKGROUND:
        return "no: the page did it by itself";
    default:
        return "cannot be told";
    }
}

static const char *what_happened(const struct input_event *e)
{
    switch (e->action) {
    case ACTION_ASK:
        return "asked first";
    case ACTION_UNAVAILABLE:
        return "not judged: the service was not available";
    default:
        return "blocked";
    }
}

static const char *rule_of(const struct facts *f, const struct input_event *e)
{
    const struct input_rule *r = facts_rule(f, e);
    const struct input_policy *p = facts_policy(f, e->policy);

    if (!r)
        return p ? pool_print(&f->doc->pool, "the policy's default: %s", doc_said(f->doc, p->text))
                 : "the policy's default";
    return pool_print(&f->doc->pool, "%s (%s)",
                      r->because.n ? doc_said(f->doc, r->because) : doc_said(f->doc, r->id),
                      r->cite.n ? doc_said(f->doc, r->cite) : "not in the council's document");
}

static const char *activity_of(const struct input_event *e)
{
    return e->activity < ACTIVITY_COUNT ? word_lists[WORDS_ACTIVITY].meanings[e->activity]
                                        : "something the service does not know";
}

static void put_row(const struct facts *f, struct table *t, const struct stopped *s)
{
    struct doc *d = f->doc;

    doc_cell(d, t, "%s", words_time(&d->pool, s->at));
    doc_cell(d, t, "%s", facts_platform(f, s->event->platform));
    doc_cell(d, t, "%s", activity_of(s->event));
    doc_cell(d, t, "%s", by_whom(s->event));
    doc_cell(d, t, "%s", what_happened(s->event));
    doc_cell(d, t, "%s", rule_of(f, s->event));
    doc_cell(d, t, "%s", s->event->code.n ? doc_said(d, s->event->code) : "-");
}

void section_stopped(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;
    uint64_t machine = f->counts.stopped_machine;

    if (f->n_stopped == 0) {
        doc_text(d, BLOCK_PARAGRAPH, "Nothing was blocked or asked about in the period.");
        return;
    }
    doc_text(
        d, BLOCK_PARAGRAPH,
        "Requests of one kind within one minute are one row. A blocked request is no breach by itself: a "
        "link may lead anywhere, and many pages have parts of other sites in them.");
    if (f->n_stopped > machine) {
        t = doc_table(d, "Blocked or asked about, and perhaps by the person",
                      COLUMNS("When", "Site", "What", "By the person?", "What happened", "Rule and clause",
                              "Code on the page"));
        for (size_t i = 0; i < f->n_stopped; i++)
            if (f->stopped[i].event->origin == ORIGIN_PERSON || f->stopped[i].event->origin == ORIGIN_UNKNOWN)
                put_row(f, t, &f->stopped[i]);
    }
    if (machine)
        doc_text(d, BLOCK_PARAGRAPH,
                 "%s made by other web pages, or by pages by themselves. They are no attempts of the person "
                 "and are not listed.",
                 words_count(&d->pool, machine, "more request was", "more requests were"));
}
