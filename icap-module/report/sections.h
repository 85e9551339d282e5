#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "report/facts.h"

#define SECTION(id, title) void section_##id(const struct facts *f);
#include "report/sections.def"
#undef SECTION

#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
