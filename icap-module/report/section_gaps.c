/* 11: when the record was not whole. That there was no gap has to be shown, too: by the beats of the service.
 */
#include "report/sections.h"

static void put_beats(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct input_beats *b = &f->in->beats;

    if (!f->in->has_beats)
        doc_text(
            d, BLOCK_NOTE,
            "Whether there were other gaps cannot be shown: the signs of life of the service were not kept.");
    else if (b->seen < b->expected)
        doc_text(d, BLOCK_PARAGRAPH,
                 "The service should have given a sign of life %llu times; %llu are on record. So there may "
                 "be gaps of "
                 "which nothing is known.",
                 (unsigned long long)b->expected, (unsigned long long)b->seen);
    else
        doc_text(d, BLOCK_PARAGRAPH, "The service gave all %llu signs of life that were due in the period.",
                 (unsigned long long)b->expected);
}

void section_gaps(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;

    put_beats(f);
    if (f->in->gaps.n == 0) {
        doc_text(d, BLOCK_PARAGRAPH, "No outage, bypass, lost event or fault of the clock is on record.");
        return;
    }
    t = doc_table(d, "Gaps on record",
                  COLUMNS("From", "To", "What happened", "What it means for this report"));
    INPUT_EACH(const struct input_gap, f->in->gaps, g)
    {
        doc_cell(d, t, "%s", words_time(&d->pool, g->from));
        doc_cell(d, t, "%s", words_time(&d->pool, g->to));
        doc_cell(d, t, "%s", doc_said(d, g->what));
        doc_cell(d, t, "%s", doc_said(d, g->effect));
    }
}
