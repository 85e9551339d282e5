/* report: a usage report out of its input: HTML, CSV, JSON and, where WeasyPrint is there, PDF; and what
 * tells that they are whole. */
#include "record/seal.h"
#include "tools/cmd.h"
#include "tools/report_make.h"

#include <stdio.h>
#include <stdlib.h>

struct report_options {
    const char *from;
    struct report_order order;
};

static bool take_from(void *to, const char *value)
{
    ((struct report_options *)to)->from = value;
    return true;
}

static bool take_out(void *to, const char *value)
{
    ((struct report_options *)to)->order.out = value;
    return true;
}

static bool take_signing_key(void *to, const char *value)
{
    ((struct report_options *)to)->order.signing_key = value;
    return true;
}

static bool take_no_pdf(void *to, const char *value)
{
    (void)value;
    ((struct report_options *)to)->order.no_pdf = true;
    return true;
}

static const struct option_row rows[] = {
    {"--from", false, take_from},
    {"--out", false, take_out},
    {"--no-pdf", true, take_no_pdf},
    {"--signing-key", false, take_signing_key},
};

int cmd_report(int argc, char **argv)
{
    struct report_options o = {0};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    struct str json = STR_NONE;
    struct diag d;
    int result = EXIT_BAD_INPUT;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 0 || !o.from || !o.order.out) {
        fprintf(stderr, "portreeve report: write 'portreeve report --from FILE --out FOLDER [--signing-key FILE] [--no-pdf]'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (seal_init(&d) == 0 && source_read_file(o.from, &json, &d) == 0 &&
        report_make(&o.order, json, &d) == 0)
        result = EXIT_DONE;
    report(&d);
    if (result != EXIT_DONE)
        fprintf(stderr, "portreeve report: no report was made of %s\n", o.from);
    free((char *)(uintptr_t)json.p);
    return result;
}
