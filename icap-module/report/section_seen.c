/* 13: every look at this person's record, also those that were refused. */
#include "report/sections.h"

void section_seen(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;

    if (f->in->access.n == 0) {
        doc_text(d, BLOCK_NOTE, "The access log was not given. So this report cannot say who has looked.");
        return;
    }
    doc_text(d, BLOCK_PARAGRAPH,
             "Every look is on record, also one that was refused. Looks at this report after it was made are "
             "in the access log; the "
             "person may ask for it.");
    t = doc_table(d, "Looks before this report was made", COLUMNS("When", "Who", "What"));
    INPUT_EACH(const struct input_look, f->in->access, l)
    {
        doc_cell(d, t, "%s", words_time(&d->pool, l->at));
        doc_cell(d, t, "%s", doc_said(d, l->who));
        doc_cell(d, t, "%s", doc_said(d, l->what));
    }
}
