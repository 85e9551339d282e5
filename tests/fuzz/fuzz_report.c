/* Hostile inputs of reports: whatever is taken makes a whole report in each form; what is not taken is said. */
#include "fuzz.h"

#include "core/diag.h"
#include "report/report.h"

#include <stdlib.h>

/* Times that rise, sums within the clock: for any events. */
static void write_forms(const struct report_input *in, struct diag *d)
{
    struct html html = {0}, csv = {0}, json = {0};
    struct doc doc;

    FUZZ_HOLDS(report_write(in, &doc, d) == 0);
    FUZZ_HOLDS(doc.n == 15);
    FUZZ_HOLDS(out_html(&doc, &html) == 0 && out_csv(&doc, &csv) == 0 && out_json(&doc, &json) == 0);
    for (size_t i = 0; i < html.n; i++)
        FUZZ_HOLDS((unsigned char)html.p[i] >= ' ' || html.p[i] == '\n');
    for (size_t i = 0; i < doc.n; i++)
        for (size_t k = 0; k < doc.sections[i].n; k++) {
            const struct table *t = doc.sections[i].blocks[k].table;

            FUZZ_HOLDS(!t || t->n_cells % t->n_columns == 0);
        }
    html_free(&html);
    html_free(&csv);
    html_free(&json);
    doc_free(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct report_input in;

    diag_init(&d);
    if (input_read((struct str){(const char *)data, size}, &in, &d) == 0) {
        FUZZ_HOLDS(d.errors == 0);
        write_forms(&in, &d);
    } else {
        FUZZ_HOLDS(d.errors > 0 && d.messages[0].text[0] != '\0');
    }
    input_free(&in);
    return 0;
}

static const char *const lines[] = {
    " \"number\": 1,\n",
    "  \"told-on\": \"2026-03-16\",\n",
    "  \"from\": \"2026-03-02\",\n",
    "  \"to\": \"2026-03-15\",\n",
    "   \"from\": \"08:30\",\n",
    "   \"days\": \"mon tue wed\",\n",
    "  \"name\": \"=cmd \\u202e \\u0001 \\ud83d\\ude42\",\n",
    "   \"origin\": \"person\",\n",
    "   \"origin\": \"background\",\n",
    "   \"activity\": \"stream\",\n",
    "   \"action\": \"refuse\",\n",
    "   \"time\": \"2026-03-29T00:59:59Z\",\n",
    "   \"rule\": \"default\",\n",
    "   \"people\": \"member\",\n",
    "   \"until\": \"2026-03-09\",\n",
    "  {\n",
    "  },\n",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
