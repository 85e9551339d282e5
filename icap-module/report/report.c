#include "report/report.h"

#include "report/sections.h"

#include <stdlib.h>

static const struct {
    const char *id, *title;
    void (*write)(const struct facts *f);
} sections[] = {
#define SECTION(id, title) {#id, title, section_##id},
#include "report/sections.def"
#undef SECTION
};

int report_write(const struct report_input *in, struct doc *d, struct diag *diag)
{
    struct facts *f = calloc(1, sizeof *f);

    *d = (struct doc){.title = "Report on the use of social media and video sites",
                      .marking = "OFFICIAL-SENSITIVE [PERSONNEL]",
                      .limits = {"This report does not decide anything.",
                                 "All times are estimates: low, likely and high. None is the true time.",
                                 "It shows requests under one sign-in, not who sat at the screen."}};
    if (!f || facts_find(in, d, f) != 0) {
        free(f);
        return diag_error(diag, "out of memory: a report of so many events cannot be made here", NULL, NULL);
    }
    d->council = doc_said(d, in->council);
    d->reference = doc_said(d, in->panel.reference);
    d->made = words_time(&d->pool, in->made);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        doc_section(d, sections[i].id, sections[i].title);
        sections[i].write(f);
    }
    free(f);
    return d->pool.failed ? diag_error(diag, "out of memory: the report is not whole", NULL, NULL) : 0;
}
