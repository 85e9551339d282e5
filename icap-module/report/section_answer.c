/* 3: five sentences. Every figure in them stands in a table below. */
#include "report/sections.h"

static void put_time(const struct facts *f)
{
    struct doc *d = f->doc;
    const uint32_t *total = f->rounded.total;
    const char *name = doc_said(d, f->in->subject.name);
    const char *days = words_count(&d->pool, f->browsing.n_days, "day", "days");

    if (f->browsing.time.s[HIGH] == 0)
        doc_text(d, BLOCK_ITEM, "We found no use of these sites by %s in these %s.", name, days);
    else if (total[LOW] == total[HIGH])
        doc_text(d, BLOCK_ITEM, "We think that %s used these sites for about %s in these %s.", name,
                 words_spoken(&d->pool, total[LIKELY]), days);
    else
        doc_text(d, BLOCK_ITEM,
                 "We think that %s used these sites for between %s and %s in these %s. The most likely "
                 "figure is %s.",
                 name, words_spoken(&d->pool, total[LOW]), words_spoken(&d->pool, total[HIGH]), days,
                 words_spoken(&d->pool, total[LIKELY]));
}

static void put_split(const struct facts *f)
{
    struct doc *d = f->doc;
    uint32_t work = f->rounded.work, own = f->rounded.total[LIKELY] - work;

    if (!f->in->has_pattern)
        doc_text(d, BLOCK_ITEM,
                 "The case gives no working hours. So we do not say what was work time and what was the "
                 "person's own time.");
    else if (f->browsing.time.s[HIGH] == 0)
        doc_text(d, BLOCK_ITEM, "So no time falls in the working hours that the case gives.");
    else
        doc_text(d, BLOCK_ITEM,
                 "Of the likely figure, %s fell in the working hours that the case gives. The rest, %s, was in "
                 "the person's own time.",
                 words_spoken(&d->pool, work), words_spoken(&d->pool, own));
}

static void put_purpose(const struct facts *f)
{
    struct doc *d = f->doc;

    if (f->in->notes.n || f->counts.claims)
        doc_text(d, BLOCK_ITEM,
                 "The person says that some of it was for work. That is %s of the likely figure.",
                 words_spoken(&d->pool, f->rounded.claimed));
    else
        doc_text(d, BLOCK_ITEM, "The person has not yet said what it was for. It may have been for work.");
}

static void put_stopped(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct counts *c = &f->counts;
    uint64_t all = c->stopped_person + c->stopped_unknown + c->stopped_machine, others = c->stopped_machine;

    if (all == 0)
        doc_text(d, BLOCK_ITEM, "Nothing was blocked or asked about.");
    else
        doc_text(d, BLOCK_ITEM,
                 "%s blocked or asked about. The person made %llu of them. Web pages made %llu by "
                 "themselves, and for %llu we "
                 "cannot tell.",
                 words_count(&d->pool, all, "request was", "requests were"),
                 (unsigned long long)c->stopped_person, (unsigned long long)others,
                 (unsigned long long)c->stopped_unknown);
}

void section_answer(const struct facts *f)
{
    put_time(f);
    put_split(f);
    put_purpose(f);
    put_stopped(f);
    doc_text(f->doc, BLOCK_ITEM,
             "We cannot tell if %s was looking at the screen, or why the sites were used.",
             doc_said(f->doc, f->in->subject.name));
}
