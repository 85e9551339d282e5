/* 15: words used in this report. */
#include "report/sections.h"

void section_glossary(const struct facts *f)
{
    static const char *const words[][2] = {
        {"Act", "A request that the person made for sure: a page was opened, or something was sent."},
        {"Asked first", "The person saw a page with a notice or a question before going on."},
        {"Blocked", "The request did not go through. The person saw a page that says why, if it was a page."},
        {"Clause", "The place in the council's own policy on which a rule rests."},
        {"Low, likely, high",
         "Three estimates of one time. The true time is mostly between low and high, but not always."},
        {"Notice", "The page that tells what is recorded. Everybody sees it before the first use."},
        {"Own time", "Time outside the working hours that the case gives."},
        {"Part of another page",
         "Many web pages load pieces of other sites, such as a like button. Nobody has to press them."},
        {"Proxy", "The council's computer through which web requests go."},
        {"Pseudonym", "A code that stands in place of a name in the record. It changes with each key."},
        {"Request", "What a browser or an app sends to a site. Opening one page sends many."},
        {"Visit", "Acts on one site with no pause of more than ten minutes between them."},
        {"Work time", "Time within the working hours that the case gives."},
    };
    struct table *t = doc_table(f->doc, "Words and what they mean here", COLUMNS("Word", "Meaning"));

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        doc_pair(f->doc, t, words[i][0], words[i][1]);
}
