/* Who, what was seen, what they did, the registers. subject_kept.c: how long, who looked, what to do about it. */
#include "report/subject.h"

#include "report/plain_words.h"
#include "report/words.h"

static const char *said(struct doc *d, struct str s)
{
    return s.n ? doc_said(d, s) : "-";
}

static bool left_out(enum subject_reader reader, bool kept_back)
{
    return kept_back && reader == FOR_PERSON;
}

/* ---- in short ---- */

static size_t events_of(const struct subject_facts *f, enum subject_reader reader, unsigned store)
{
    size_t n = 0;

    INPUT_EACH(const struct subject_event, f->events[store], e)
    n += !left_out(reader, e->kept_back);
    return n;
}

static size_t withheld(const struct subject_facts *f)
{
    size_t n = events_of(f, FOR_IG, SUBJECT_EVENTS) - events_of(f, FOR_PERSON, SUBJECT_EVENTS);

    INPUT_EACH(const struct subject_hold, f->holds, h)
    n += h->kept_back;
    INPUT_EACH(const struct subject_look, f->looks, l)
    n += l->kept_back;
    return n;
}

static void for_ig(const struct subject_facts *f, struct doc *d)
{
    size_t n = withheld(f);

    doc_text(d, BLOCK_NOTE, "This form is for Information Governance. Do not give it away: it has what the person's form leaves "
                            "out.");
    if (n)
        doc_text(d, BLOCK_FINDING,
                 "%s left out of the person's form. The person has not been told of the case yet, and telling was put off. "
                 "They are marked \"not told yet\" here. Once the person is told, make the export again.",
                 words_count(&d->pool, n, "entry is", "entries are"));
    else
        doc_text(d, BLOCK_PARAGRAPH, "The person's form leaves out nothing but the names of other people.");
}

static void in_short(const struct subject_facts *f, enum subject_reader reader, struct doc *d)
{
    struct pool *p = &d->pool;

    doc_section(d, "short", "In short");
    if (reader == FOR_IG)
        for_ig(f, d);
    doc_text(d, BLOCK_PARAGRAPH, "This is what is held on %s about web use, from %s to %s. It was asked for on %s. %s checked who asked.",
             said(d, f->name), words_date(p, f->from), words_date(p, f->to), words_date(p, f->asked_on),
             reader == FOR_IG ? said(d, f->checked_by) : "Information Governance");
    doc_text(d, BLOCK_ITEM, "%s of which site was used, when, and what was decided.",
             words_count(p, events_of(f, reader, SUBJECT_EVENTS), "note", "notes"));
    doc_text(d, BLOCK_ITEM, "%s on the council's own pages.", words_count(p, f->acts.n, "answer", "answers"));
    doc_text(d, BLOCK_ITEM, "%s in the council's lists.", words_count(p, f->rows.n, "line", "lines"));
    doc_text(d, BLOCK_PARAGRAPH,
             "Never kept: addresses of pages, what was searched for, read or written, messages, passwords. So it cannot be here.");
}

static void who(const struct subject_facts *f, struct doc *d)
{
    struct table *t;

    doc_section(d, "who", "Who this is about");
    t = doc_table(d, "Names", (const char *const[]){"What", "As it is held", NULL});
    doc_pair(d, t, "Sign-in name", said(d, f->name));
    INPUT_EACH(const struct str, f->names, name)
    doc_pair(d, t, "Other sign-in name", said(d, *name));
    if (f->id.n)
        doc_pair(d, t, "Number in the council's directory", said(d, f->id));
    doc_text(d, BLOCK_PARAGRAPH, "In the notes of sites a code stands in place of the name. Two people of Information Governance "
                                 "told together which codes were this person's. They did it for this answer alone.");
    if (!f->gaps.n)
        return;
    t = doc_table(d, "What could not be looked into", (const char *const[]){"From", "To", "Why", NULL});
    INPUT_EACH(const struct input_gap, f->gaps, g)
    {
        doc_cell(d, t, "%s", words_time(&d->pool, g->from));
        doc_cell(d, t, "%s", words_time(&d->pool, g->to));
        doc_cell(d, t, "%s", said(d, g->what));
    }
}

/* ---- sites ---- */

static const char *origin_words(uint32_t origin)
{
    static const char *const words[ORIGIN_COUNT] = {
        [ORIGIN_PERSON] = "a person", [ORIGIN_EMBED] = "another page", [ORIGIN_BACKGROUND] = "a page by itself"};

    return origin < ORIGIN_COUNT && words[origin] ? words[origin] : "not known";
}

static const char *notes_of(const struct subject_facts *f, struct doc *d, int64_t time)
{
    const char *all = "";

    INPUT_EACH(const struct input_note, f->notes, n)
    if (n->from <= time && time <= n->to)
        all = pool_print(&d->pool, "%s%s%s", all, *all ? "; " : "", said(d, n->words));
    return *all ? all : "-";
}

static const char *decision(const struct subject_event *e, struct doc *d)
{
    const char *words = plain_decision((enum action)(e->action < ACTION_COUNT ? e->action : ACTION_UNAVAILABLE));

    return e->shadow ? pool_print(&d->pool, "%s (the rule was only tried out)", words) : words;
}

static void put_event(const struct subject_facts *f, struct doc *d, struct table *t, const struct subject_event *e)
{
    doc_cell(d, t, "%s", words_time(&d->pool, e->time));
    doc_cell(d, t, "%s", said(d, e->site));
    doc_cell(d, t, "%s", plain_activity(e->activity));
    doc_cell(d, t, "%s", origin_words(e->origin));
    doc_cell(d, t, "%s%s", decision(e, d), e->kept_back ? " (not told yet)" : "");
    doc_cell(d, t, "%s", said(d, e->rule));
    doc_cell(d, t, "%s", said(d, e->because));
    doc_cell(d, t, "%s", said(d, e->cite));
    doc_cell(d, t, "%s", said(d, e->code));
    doc_cell(d, t, "%s", notes_of(f, d, e->time));
}

static void sites(const struct subject_facts *f, enum subject_reader reader, struct doc *d)
{
    static const char *const captions[SUBJECT_STORES] = {
        "Sites that were used", "Kept for security, too: attacks, and ways round the rules",
        "Kept as the council's record, too: what was done in its name"};

    doc_section(d, "sites", "Sites that were used");
    doc_text(d, BLOCK_PARAGRAPH,
             "Each line is one moment. It does not say how long somebody looked. \"By whom\" says whether a person did it, or a page "
             "by itself. Somebody else at the same computer would be seen as the person who is signed in.");
    for (unsigned i = 0; i < SUBJECT_STORES; i++) {
        struct table *t;

        if (!events_of(f, reader, i)) {
            if (i == SUBJECT_EVENTS)
                doc_text(d, BLOCK_PARAGRAPH, "Nothing is held of this time.");
            continue;
        }
        t = doc_table(d, captions[i],
                      (const char *const[]){"When", "Site", "What", "By whom", "Decision", "Rule", "The rule's words",
                                            "Clause of the policy", "Code on the page", "What the person said", NULL});
        INPUT_EACH(const struct subject_event, f->events[i], e)
        if (!left_out(reader, e->kept_back))
            put_event(f, d, t, e);
    }
}

/* ---- acts and lists ---- */

static const char *act_about(const struct subject_act *a, struct doc *d)
{
    if (a->kind == FACT_GIVEN)
        return pool_print(&d->pool, "%s: %s", said(d, a->about), words_count(&d->pool, a->number, "minute", "minutes"));
    return said(d, a->about);
}

static void acts(const struct subject_facts *f, struct doc *d)
{
    struct table *t;

    doc_section(d, "acts", "What was pressed on the council's own pages");
    if (!f->acts.n) {
        doc_text(d, BLOCK_PARAGRAPH, "Nothing.");
    } else {
        t = doc_table(d, "Answers", (const char *const[]){"When", "What", "About", "Until", "Signed in as", NULL});
        INPUT_EACH(const struct subject_act, f->acts, a)
        {
            doc_cell(d, t, "%s", words_time(&d->pool, a->at));
            doc_cell(d, t, "%s", plain_act((enum fact)a->kind, a->by_desk));
            doc_cell(d, t, "%s", act_about(a, d));
            doc_cell(d, t, "%s", a->until ? words_time(&d->pool, a->until) : "-");
            doc_cell(d, t, "%s", said(d, a->user));
        }
    }
    INPUT_EACH(const struct subject_minutes, f->minutes, m)
    doc_text(d, BLOCK_PARAGRAPH, "Counted today of \"%s\": %s. At midnight that is gone.",
             said(d, m->allowance), words_count(&d->pool, m->minutes, "minute", "minutes"));
}

static void lists(const struct subject_facts *f, struct doc *d)
{
    doc_section(d, "lists", "Lines in the council's lists");
    if (!f->rows.n)
        doc_text(d, BLOCK_PARAGRAPH, "No list has a line about this person.");
    else
        doc_text(d, BLOCK_PARAGRAPH, "Lists say who may use what, who looks after which account, and who belongs to which group. "
                                     "Other people's sign-in names are taken out.");
    INPUT_EACH(const struct subject_row, f->rows, row)
    {
        struct table *t = doc_table(d, pool_print(&d->pool, "A line of %s", said(d, row->list)),
                                    (const char *const[]){"What", "As it is held", NULL});

        for (size_t i = 0; i + 1 < row->n; i += 2)
            if (row->cells[i + 1].n)
                doc_pair(d, t, said(d, row->cells[i]), said(d, row->cells[i + 1]));
    }
}

int subject_write(const struct subject_facts *f, enum subject_reader reader, struct doc *d, struct diag *diag)
{
    *d = (struct doc){
        .title = reader == FOR_PERSON ? "What is held on you about web use" : "What is held on one person about web use",
        .marking = reader == FOR_PERSON ? "Personal: for the person whom it is about" : "For Information Governance only",
        .limits = {"It says what was decided for a signed-in name. It does not say who sat at the keyboard.",
                   "One moment a line: no time spent can be read from it."}};
    d->council = doc_said(d, f->council);
    d->made = words_time(&d->pool, f->made);
    d->reference = pool_print(&d->pool, "%.*s", STR_ARG(f->reference));
    in_short(f, reader, d);
    who(f, d);
    sites(f, reader, d);
    acts(f, d);
    lists(f, d);
    subject_held(f, reader, d);
    subject_looked(f, reader, d);
    subject_rights(f, d);
    return d->pool.failed ? diag_error(diag, "out of memory: the export is not whole", NULL, NULL) : 0;
}
