/* 12: what shows that the record was not changed, and how anybody checks it. */
#include "report/sections.h"

#include "core/clock.h"

static void put_roots(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;

    if (f->in->integrity.roots.n == 0)
        return;
    t = doc_table(d, "Seals of the days (compare them with the copies that Information Governance holds)",
                  COLUMNS("Day", "Seal"));
    INPUT_EACH(const struct input_root, f->in->integrity.roots, r)
    {
        doc_cell(d, t, "%s", words_day(&d->pool, r->day));
        doc_cell(d, t, "%s", doc_said(d, r->root));
    }
}

static void put_opening(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t = doc_table(d, "What this person was called in the record",
                                COLUMNS("Key of", "From", "To", "Pseudonym"));

    INPUT_EACH(const struct input_epoch, f->in->opening, o)
    {
        const char *hex = "";

        for (size_t i = 0; i < INPUT_PSEUDONYM; i++)
            hex = pool_print(&d->pool, "%s%02x", hex, o->pseudonym[i]);
        doc_cell(d, t, "%s", doc_said(d, o->epoch));
        doc_cell(d, t, "%s", words_day(&d->pool, o->from));
        doc_cell(d, t, "%s", words_day(&d->pool, o->to));
        doc_cell(d, t, "%s", hex);
    }
}

void section_integrity(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct input_integrity *i = &f->in->integrity;

    if (i->verdict.n)
        doc_text(d, BLOCK_PARAGRAPH, "The record was checked on %s by %s: %s", words_time(&d->pool, i->at),
                 doc_said(d, i->by), doc_said(d, i->verdict));
    else
        doc_text(
            d, BLOCK_NOTE,
            "The record behind this report was not checked for changes. Ask for that before you rely on it.");
    doc_text(
        d, BLOCK_PARAGRAPH,
        "This report was made from %s. The clock of the service was right within %s, as far as is known.",
        words_count(&d->pool, f->in->events.n, "recorded request", "recorded requests"),
        i->clock_error ? words_count(&d->pool, i->clock_error, "second", "seconds") : "a second");
    doc_text(d, BLOCK_PARAGRAPH,
             "A check shows that no row was changed after it was written. It does not show who sat at the "
             "keyboard, or that "
             "the software was right.");
    doc_text(d, BLOCK_ITEM, "Files: compare the SHA-256 of each file with the one in manifest.json.");
    doc_text(d, BLOCK_ITEM,
             "Figures: input.json holds all that the report was made from. \"portreeve report --from "
             "input.json --out FOLDER\" "
             "makes the same files again, byte by byte (the PDF apart, which other software makes).");
    doc_text(d, BLOCK_ITEM, "Anybody may do so, on a computer of their own.");
    put_opening(f);
    put_roots(f);
}
