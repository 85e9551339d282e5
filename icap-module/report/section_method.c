/* 10: bt-1 in words, its settings, what other settings would give, and how it did on simulated people. */
#include "report/sections.h"

#include "report/calibration.h"

static const char *seconds(const struct facts *f, uint32_t s)
{
    struct pool *p = &f->doc->pool;

    return s % 60 ? words_count(p, s, "second", "seconds") : words_count(p, s / 60, "minute", "minutes");
}

static void put_steps(struct doc *d)
{
    doc_text(d, BLOCK_PARAGRAPH,
             "Method " BROWSING_VERSION
             ". A proxy sees requests, not people. A request is an act of the person "
             "only if it says so itself: a page was opened, or something was sent. Scrolling cannot be told "
             "from a "
             "page that asks by itself; so it counts in the high figure alone.");
    doc_text(d, BLOCK_ITEM,
             "Low: the time between two acts on one site that are close together, and video that an act "
             "began and a later "
             "act ended.");
    doc_text(d, BLOCK_ITEM,
             "Likely: from each act to the next one, but never more than the cap; a short while after the "
             "last act; and "
             "video while it played, up to the video cap after the last act.");
    doc_text(d, BLOCK_ITEM,
             "High: from the first to the last request of a visit, whoever made it, and a minute more. What "
             "a page sends by itself keeps "
             "a visit open for one hour only; video as long as it played.");
    doc_text(d, BLOCK_ITEM,
             "Not counted at all: parts of other web pages, and whatever was blocked or asked about.");
    doc_text(d, BLOCK_ITEM,
             "Pages that open as regularly as a clock are taken for pages that load themselves anew.");
    doc_text(d, BLOCK_ITEM,
             "A minute with several sites in it is shared between them. Figures are rounded to five minutes "
             "at the very end.");
}

static void put_settings(const struct facts *f)
{
    struct doc *d = f->doc;
    const struct browsing_settings *s = &browsing_bt1;
    struct table *t = doc_table(d, "Settings of " BROWSING_VERSION, COLUMNS("Setting", "Value"));

    doc_pair(d, t, "Cap: an act counts for at most", seconds(f, s->cap));
    doc_pair(d, t, "Tail: after the last act of a visit", seconds(f, s->tail));
    doc_pair(d, t, "Gap: a longer pause ends a visit", seconds(f, s->gap));
    doc_pair(d, t, "Close together: acts at most this far apart prove the time between",
             seconds(f, s->low_gap));
    doc_pair(d, t, "Video cap: video counts for so long after the last act", seconds(f, s->media_cap));
    doc_pair(d, t, "Added to a visit's end in the high figure", seconds(f, s->extra));
    doc_pair(d, t, "What a page sends by itself keeps a visit open for", seconds(f, s->background_cap));
}

static void put_sensitivity(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t = doc_table(d, "What other settings would give, for the whole period",
                                COLUMNS("Setting", "#Gap 5 minutes", "#Gap 10 minutes", "#Gap 30 minutes"));

    for (size_t c = 0; c < SENSITIVITY; c++) {
        doc_cell(d, t, "Likely, cap %s", seconds(f, f->caps[c]));
        for (size_t g = 0; g < SENSITIVITY; g++)
            doc_cell(d, t, "%s", words_steps(&d->pool, f->likely[c][g]));
    }
    doc_cell(d, t, "High, cap 3 minutes");
    for (size_t g = 0; g < SENSITIVITY; g++)
        doc_cell(d, t, "%s", words_steps(&d->pool, f->high[g]));
}

static void put_calibration(struct doc *d)
{
    const struct calibration *c = &calibration;
    struct table *t;

    doc_text(d, BLOCK_NOTE,
             "Tested on simulated people only, not calibrated at this council. Nobody here has kept a diary "
             "to compare with.");
    t = doc_table(d, "How " BROWSING_VERSION " did on simulated people", COLUMNS("Question", "Answer"));
    doc_pair(d, t, "Days that were simulated", pool_print(&d->pool, "%d", CALIBRATION_DAYS));
    doc_pair(d, t, "True time between low and high",
             pool_print(&d->pool, "%u of 1,000 days", c->within * 1000 / CALIBRATION_DAYS));
    doc_pair(d, t, "True time below low, so that low was too high",
             pool_print(&d->pool, "%u of %d days", c->below, CALIBRATION_DAYS));
    doc_pair(d, t, "True time above high, so that high was too low",
             pool_print(&d->pool, "%u of %d days", c->above, CALIBRATION_DAYS));
    doc_pair(d, t, "Minutes a day on average: true; low, likely, high",
             pool_print(&d->pool, "%d; %d, %d, %d", c->truth, c->low, c->likely, c->high));
    doc_pair(d, t, "Bias of the likely figure: likely less true, on average",
             pool_print(&d->pool, "%d minutes a day", c->likely - c->truth));
    doc_pair(d, t, "Spread: nine of ten days, likely less true",
             pool_print(&d->pool, "between %d and %d minutes", c->error_low, c->error_high));
}

void section_method(const struct facts *f)
{
    put_steps(f->doc);
    put_settings(f);
    put_sensitivity(f);
    put_calibration(f->doc);
    doc_text(f->doc, BLOCK_PARAGRAPH,
             "What no method can mend: an open page is not reading; several people may share a computer; use "
             "through a "
             "mobile network or a private tunnel is not seen; of apps that refuse inspection nothing is "
             "seen, or a visit alone; "
             "a label may be wrong.");
}
