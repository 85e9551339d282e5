#ifndef REPORT_OUT_CHART_H
#define REPORT_OUT_CHART_H

#include "report/doc.h"
#include "report/html.h"

/* A chart as a figure with inline SVG: dark ink on white, patterns and lengths in place of colours, its text
 * beside it. */
void out_chart(const struct chart *c, struct html *h);

#endif
