/* 14: the person's own words: notes that are there, and room for more. */
#include "report/sections.h"

void section_comments(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;

    doc_text(d, BLOCK_PARAGRAPH,
             "This page is the person's. Whoever decides on the case must read it first.");
    if (f->in->notes.n) {
        t = doc_table(d, "What the person has noted beside the record",
                      COLUMNS("Written", "About, from", "To", "In the person's words"));
        INPUT_EACH(const struct input_note, f->in->notes, n)
        {
            doc_cell(d, t, "%s", words_time(&d->pool, n->at));
            doc_cell(d, t, "%s", words_time(&d->pool, n->from));
            doc_cell(d, t, "%s", words_time(&d->pool, n->to));
            doc_cell(d, t, "%s", doc_said(d, n->words));
        }
    } else {
        doc_text(d, BLOCK_PARAGRAPH, "The person has noted nothing beside the record so far.");
    }
    doc_text(d, BLOCK_SPACE, "What I want to say about this report");
    doc_text(d, BLOCK_SPACE, "What was for work, and when");
    doc_text(d, BLOCK_SPACE, "What is wrong, or missing");
}
