/* 1: what this report cannot say, before anything that it says. */
#include "report/sections.h"

static const char *scope(const struct facts *f)
{
    const char *names = "";
    size_t n = 0;

    INPUT_EACH(const struct str, f->in->panel.platforms, id)
    {
        const char *between = n == 0 ? "" : n + 1 == f->in->panel.platforms.n ? " and " : ", ";

        names = pool_print(&f->doc->pool, "%s%s%s", names, between, facts_platform(f, *id));
        n++;
    }
    return n ? names : "the sites that the council's policy speaks of";
}

void section_limits(const struct facts *f)
{
    struct doc *d = f->doc;

    doc_text(d, BLOCK_NOTE,
             "This report does not decide anything. It is one piece of evidence. Read it with what the "
             "person says about it.");
    doc_text(d, BLOCK_ITEM,
             "It lists requests that were sent under one sign-in. It cannot show who sat at the screen, or "
             "if anybody looked at it.");
    doc_text(d, BLOCK_ITEM,
             "All times are estimates. Each has a low, a likely and a high figure. None of them is the true "
             "time, and none should be used alone.");
    doc_text(d, BLOCK_ITEM,
             "A page that is left open can send requests all day with nobody there. So the high figure can "
             "be far too high.");
    doc_text(d, BLOCK_ITEM, "What was read, written or searched for is never kept. So it is not in here.");
    doc_text(d, BLOCK_ITEM, "It cannot show why a site was used, or how good the person's work was.");
    doc_text(d, BLOCK_ITEM,
             "It covers %s, on the council's network. It does not show other sites, or the use of a phone "
             "on another network.",
             scope(f));
    doc_text(d, BLOCK_ITEM, "It does not compare the person with anybody else.");
    doc_text(d, BLOCK_ITEM,
             "The person may see this report, answer it and add notes. Sections 8 and 14 are there for "
             "that. Read section 8 before you form a view.");
}
