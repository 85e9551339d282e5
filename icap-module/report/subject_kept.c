/* How long it is kept, who looked, what the person can do. */
#include "core/clock.h"
#include "report/plain_words.h"
#include "report/subject.h"
#include "report/words.h"

static const char *said(struct doc *d, struct str s)
{
    return s.n ? doc_said(d, s) : "-";
}

/* ---- how long ---- */

/* The day on which an event of `time` is gone. */
static const char *gone(struct doc *d, int64_t time, int64_t days)
{
    return words_date(&d->pool, clock_local(time).day + (int32_t)days + 1);
}

static void put_days(struct doc *d, struct table *t, const char *what, int64_t days, const struct input_list *events)
{
    const struct subject_event *first = NULL, *last = NULL;
    struct pool *p = &d->pool;

    INPUT_EACH(const struct subject_event, *events, e)
    if (!e->kept_back) {
        first = first ? first : e;
        last = e;
    }
    doc_cell(d, t, "%s", what);
    doc_cell(d, t, "%s", days > 0 ? words_count(p, (uint64_t)days, "day", "days") : "not told");
    doc_cell(d, t, "%s", first && days > 0 ? pool_print(p, "the first of them on %s, the last on %s", gone(d, first->time, days),
                                                        gone(d, last->time, days))
                                           : "-");
}

static void holds(const struct subject_facts *f, enum subject_reader reader, struct doc *d)
{
    struct table *t = NULL;

    INPUT_EACH(const struct subject_hold, f->holds, h)
    {
        if (h->kept_back && reader == FOR_PERSON)
            continue;
        if (!t)
            t = doc_table(d, "Kept for longer, for a case",
                          (const char *const[]){"Case", "From", "Until", "Looked at again on", NULL});
        doc_cell(d, t, "%s%s", said(d, h->reference), h->kept_back ? " (not told yet)" : "");
        doc_cell(d, t, "%s", words_time(&d->pool, h->from));
        doc_cell(d, t, "%s", words_time(&d->pool, h->until));
        doc_cell(d, t, "%s", words_date(&d->pool, clock_local(h->review).day));
    }
    if (!t)
        doc_text(d, BLOCK_PARAGRAPH, "Nothing is kept for longer than that.");
}

void subject_held(const struct subject_facts *f, enum subject_reader reader, struct doc *d)
{
    struct table *t;

    doc_section(d, "held", "How long it is kept");
    t = doc_table(d, "Kept for", (const char *const[]){"What", "How long", "Gone on", NULL});
    put_days(d, t, "Sites that were used, and what the person said of them", f->keep_days[0], &f->events[SUBJECT_EVENTS]);
    put_days(d, t, "The same, for security", f->keep_days[1], &f->events[SUBJECT_SECURITY]);
    put_days(d, t, "The same, as the council's record", f->keep_days[2], &f->events[SUBJECT_CORPORATE]);
    put_days(d, t, "Who looked", f->access_days, &(struct input_list){NULL, 0});
    doc_cell(d, t, "What was pressed on the council's own pages");
    doc_cell(d, t, "as long as it proves what was told");
    doc_cell(d, t, "-");
    doc_cell(d, t, "Lines in the council's lists");
    doc_cell(d, t, "as long as the list has them");
    doc_cell(d, t, "-");
    holds(f, reader, d);
}

/* ---- who looked ---- */

static void put_look(struct doc *d, struct table *t, const struct subject_look *l, enum subject_reader reader)
{
    const char *words = plain_look(l->what);

    doc_cell(d, t, "%s", words_time(&d->pool, l->at));
    if (reader == FOR_IG)
        doc_cell(d, t, "%s (%s)", said(d, l->by), plain_role(l->role));
    else
        doc_cell(d, t, "%s", plain_role(l->role));
    doc_cell(d, t, "%s%s", words ? words : said(d, l->what), l->refused ? " (this was refused)" : "");
    doc_cell(d, t, "%s%s", said(d, l->case_ref), l->kept_back ? " (not told yet)" : "");
}

void subject_looked(const struct subject_facts *f, enum subject_reader reader, struct doc *d)
{
    struct table *t = NULL;

    doc_section(d, "looked", "Who looked");
    INPUT_EACH(const struct subject_look, f->looks, l)
    {
        if (l->kept_back && reader == FOR_PERSON)
            continue;
        if (!t)
            t = doc_table(d, "Looks", (const char *const[]){"When", "Who", "What they did", "Case", NULL});
        put_look(d, t, l, reader);
    }
    if (!t)
        doc_text(d, BLOCK_PARAGRAPH, "Nobody has looked, by the list of looks that is kept.");
}

/* ---- rights ---- */

static void contacts(const struct subject_facts *f, struct doc *d)
{
    struct table *t = doc_table(d, "Whom to ask", (const char *const[]){"Who", "How", NULL});

    for (uint32_t i = 0; i < f->policy->n[SECTION_CONTACTS]; i++) {
        const struct a_contact *c = &ARTEFACT_ROWS(f->policy, CONTACTS, struct a_contact)[i];
        struct str parts[] = {artefact_str(f->policy, c->phone), artefact_str(f->policy, c->mail),
                              artefact_str(f->policy, c->url)};
        const char *how = "";

        for (size_t k = 0; k < 3; k++)
            if (parts[k].n)
                how = pool_print(&d->pool, "%s%s%.*s", how, *how ? "; " : "", STR_ARG(parts[k]));
        if (*how)
            doc_pair(d, t, said(d, artefact_str(f->policy, c->label)), how);
    }
}

void subject_rights(const struct subject_facts *f, struct doc *d)
{
    doc_section(d, "rights", "What can be done about it");
    doc_text(d, BLOCK_ITEM, "If something is wrong: say so. It is looked at, and put right or noted.");
    doc_text(d, BLOCK_ITEM, "If a line was for work: say so, here or on the council's page. Your words then stand beside it, and in "
                            "every report.");
    doc_text(d, BLOCK_ITEM, "Complain to the council. It must answer within 30 days that it has your complaint.");
    doc_text(d, BLOCK_ITEM, "Complain to the Information Commissioner: ico.org.uk/make-a-complaint, phone 0303 123 1113.");
    contacts(f, d);
}
