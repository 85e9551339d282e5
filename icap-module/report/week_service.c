/* Of the weekly summary: how the service, its lists, maps and grants went. Nothing here is about what people did. */
#include "report/sections.h"
#include "report/week.h"
#include "report/words.h"

#include "core/clock.h"

/* ---- pages that were called wrong ---- */

static const char *span(struct doc *d, int64_t seconds)
{
    if (seconds < 3600)
        return words_count(&d->pool, (uint64_t)(seconds + 59) / 60, "minute", "minutes");
    return seconds < 2 * 86400 ? words_count(&d->pool, (uint64_t)seconds / 3600, "hour", "hours")
                               : words_count(&d->pool, (uint64_t)seconds / 86400, "day", "days");
}

static void pair(struct doc *d, struct table *t, const char *name, const char *value)
{
    doc_cell(d, t, "%s", name);
    doc_cell(d, t, "%s", value);
}

static void desk(const struct week_facts *f, struct doc *d)
{
    const struct week_desk *k = &f->desk;
    struct table *t;

    doc_section(d, "wrong", "Pages that people asked the service desk about");
    if (!f->has_desk) {
        doc_text(d, BLOCK_PARAGRAPH, "Not looked at for this page.");
        return;
    }
    t = doc_table(d, "Of pages that refused a site by its kind, such as gambling", COLUMNS("What", "How many"));
    pair(d, t, "Codes of pages that the desk looked up", week_few(d, k->asked));
    pair(d, t, "of them on the day of the page", week_few(d, k->same_day));
    pair(d, t, "of them on the day after", week_few(d, k->next_day));
    pair(d, t, "of them later, or the page is no longer held", week_few(d, k->later));
    pair(d, t, "Codes that no page had", week_few(d, k->not_found));
    pair(d, t, "Sites that were opened", week_number(d, k->opened));
    pair(d, t, "Sites that the desk may not open itself", week_number(d, k->refused));
    pair(d, t, "From the first question to the opening (half of them took less)", k->answer < 0 ? "none was opened" : span(d, k->answer));
    doc_text(d, BLOCK_PARAGRAPH, "Not counted: calls without a code, and pages that refused by a rule about a site or an activity.");
}

/* ---- maps ---- */

static void unknown_acts(const struct week_facts *f, struct doc *d)
{
    struct table *t;
    bool any = false;

    if (!f->has_rot) {
        doc_text(d, BLOCK_PARAGRAPH, "Acts that the maps do not know: not looked at. These counts are kept for two weeks only.");
        return;
    }
    for (size_t i = 0; i < f->n_unknown; i++)
        any |= f->unknown[i].writes >= WEEK_FEW;
    if (!any) {
        doc_text(d, BLOCK_PARAGRAPH, "Acts that the maps do not know: too few were seen to say anything.");
        return;
    }
    t = doc_table(d, "Acts (posts, likes, uploads) that a site's map does not know, in the last two weeks before this page was made",
                  COLUMNS("Site", "Map of", "#Acts seen", "#Not known"));
    for (size_t i = 0; i < f->n_unknown; i++) {
        const struct week_unknown *u = &f->unknown[i];

        if (u->writes < WEEK_FEW)
            continue;
        doc_cell(d, t, "%s", week_site(f, d, u->platform));
        doc_cell(d, t, "%s", doc_said(d, u->version));
        doc_cell(d, t, "%s", week_number(d, u->writes));
        doc_cell(d, t, "%s", u->unknown && u->unknown < WEEK_FEW ? "fewer than 10" : week_number(d, u->unknown));
    }
}

static const char *list_names(const struct week_facts *f, struct doc *d)
{
    const char *names = "";

    for (size_t i = 0; i < f->n_seen; i++)
        names = pool_print(&d->pool, "%s%s%s", names, i ? ", " : "", week_site(f, d, f->seen[i]));
    return names;
}

static void maps(const struct week_facts *f, struct doc *d)
{
    doc_section(d, "maps", "Sites and their maps");
    doc_text(d, BLOCK_PARAGRAPH, "A map tells the service how a site is built. Sites change, and maps grow old.");
    if (f->n_seen && !f->first)
        doc_text(d, BLOCK_PARAGRAPH, "Sites in this week's sums for the first time: %s.", list_names(f, d));
    else if (!f->first && f->summed)
        doc_text(d, BLOCK_PARAGRAPH, "No site is in this week's sums for the first time.");
    if (!f->has_maps)
        doc_text(d, BLOCK_PARAGRAPH, "Changes of maps: not looked at.");
    else if (!f->n_maps)
        doc_text(d, BLOCK_PARAGRAPH, "No map was changed.");
    for (size_t i = 0; i < f->n_maps; i++) {
        const struct week_map *m = &f->maps[i];

        if (!m->from.n)
            doc_text(d, BLOCK_ITEM, "New: %s, map of %s.", week_site(f, d, m->platform), doc_said(d, m->to));
        else if (!m->to.n)
            doc_text(d, BLOCK_ITEM, "Taken away: %s, map of %s.", week_site(f, d, m->platform), doc_said(d, m->from));
        else
            doc_text(d, BLOCK_ITEM, "Changed: %s, from the map of %s to that of %s.", week_site(f, d, m->platform),
                     doc_said(d, m->from), doc_said(d, m->to));
    }
    unknown_acts(f, d);
}

/* ---- grants ---- */

static void grants(const struct week_facts *f, struct doc *d)
{
    static const char *const says[WEEK_GRANTS] = {
        [WEEK_LIVE] = "In force",
        [WEEK_ENDING] = "In force, and ending within 30 days",
        [WEEK_INERT] = "Not in force: a step is missing (such as training)",
        [WEEK_LEFT] = "Held by people who have left",
        [WEEK_MOVED] = "Ended: the holder has changed team",
    };
    struct table *t;

    doc_section(d, "grants", "Grants to use the council's accounts");
    if (!f->has_grants) {
        doc_text(d, BLOCK_PARAGRAPH, "Not looked at.");
        return;
    }
    t = doc_table(d, "Grants in the register on the day this page was made", COLUMNS("What", "#How many"));
    for (unsigned i = 0; i < WEEK_GRANTS; i++) {
        doc_cell(d, t, "%s", says[i]);
        doc_cell(d, t, "%s", week_number(d, f->grants[i]));
    }
    doc_text(d, BLOCK_PARAGRAPH, "These come from the council's own register, not from what people did. 'portreeve grants' names them "
                                 "for those who look after it.");
}

/* ---- the record ---- */

static void beats(const struct week_facts *f, struct doc *d)
{
    const struct week_record *r = &f->record;

    if (!r->has_beats)
        doc_text(d, BLOCK_ITEM, "Whether the record was kept all week was not looked at.");
    else if (r->beats < r->beats_due)
        doc_text(d, BLOCK_ITEM,
                 "The record is signed once a minute. Of %s minutes %s are signed. In the others the collector (portreeved) did not "
                 "run, or the clock was set. What was done then is still counted, if it came in later.",
                 week_number(d, r->beats_due), week_number(d, r->beats));
    else
        doc_text(d, BLOCK_ITEM, "The record was kept all week: each of its %s minutes is signed.", week_number(d, r->beats_due));
}

static void said_by_collector(const struct week_facts *f, struct doc *d)
{
    const struct week_record *r = &f->record;

    if (!r->has_daemon) {
        doc_text(d, BLOCK_ITEM, "How the collector (portreeved) does now was not looked at.");
        return;
    }
    doc_text(d, BLOCK_ITEM, "At %s the collector%s was %s behind. Since it was started %s damaged and lost, and %s lost on the "
                            "way to the council's log collection.",
             words_time(&d->pool, r->at), f->shared ? " of this machine" : "",
             r->behind_seconds ? span(d, (int64_t)r->behind_seconds) : "not",
             words_count(&d->pool, r->torn, "record was", "records were"), words_count(&d->pool, r->feeds_lost, "line was", "lines were"));
    if (r->problem.n)
        doc_text(d, BLOCK_ITEM, "It said then: %s", doc_said(d, r->problem));
    if (f->shared)
        doc_text(d, BLOCK_ITEM, "Several machines share the store. What another one has not handed in yet is not in these numbers.");
}

static void record(const struct week_facts *f, struct doc *d)
{
    const struct week_record *r = &f->record;

    doc_section(d, "record", "Gaps, and how old the lists are");
    beats(f, d);
    said_by_collector(f, d);
    if (r->erased || r->held)
        doc_text(d, BLOCK_ITEM, "Of this week's events %s have been erased, as their time was over; %s kept by a legal hold. The sums "
                                "above stay.",
                 week_few(d, r->erased), r->held ? "some are" : "none is");
    else
        doc_text(d, BLOCK_ITEM, "No event of this week has been erased yet.");
    if (f->lists_made)
        doc_text(d, BLOCK_ITEM, "The lists that say of which kind a site is were made on %s, %s before this page.", words_time(&d->pool, f->lists_made),
                 span(d, f->made > f->lists_made ? f->made - f->lists_made : 0));
    else
        doc_text(d, BLOCK_ITEM, "How old the lists of kinds of sites are was not looked at.");
}

void week_service(const struct week_facts *f, struct doc *d)
{
    desk(f, d);
    maps(f, d);
    grants(f, d);
    record(f, d);
}
