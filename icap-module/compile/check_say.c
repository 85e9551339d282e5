#include "compile/check.h"

#include <stdarg.h>
#include <stdio.h>

void check_say(struct check *c, enum severity severity, enum section s, uint32_t index, const char *format,
               ...)
{
    struct str file = STR_NONE;
    unsigned line = 0, column = 0;
    char text[DIAG_TEXT];
    struct message *m;
    va_list args;

    if (!build_place_of(c->b, s, index, &file, &line, &column)) {
        build_place_of(c->b, SECTION_META, STATEMENT_COUNT, &file, &line, &column);
        line = column = 0; /* about what is not there: only the file */
    }
    m = diag_at(c->d, severity, file, line, column);
    if (severity == SEVERITY_ERROR)
        c->errors++;
    if (!m)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_copy(m->text, sizeof m->text, str_of(text));
}
