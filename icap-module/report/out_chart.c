#include "report/out_chart.h"

#include <stdarg.h>
#include <stdio.h>

enum { WIDTH = 760, LABEL = 150, PLOT = 430, ROW = 34, HOUR = 25, DAY_ROW = 28, NAME = 20 };

static void draw(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void draw(struct html *h, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    html_raw(h, text);
}

/* Names without marks, cut to what there is room for: whole in the table. */
static void put_name(struct html *h, const char *name)
{
    size_t n = 0;

    for (const char *p = name; *p && n < NAME; p++) {
        if (*p == DOC_SAID_BEGIN || *p == DOC_SAID_END)
            continue;
        html_text(h, (struct str){p, 1});
        while ((p[1] & 0xc0) == 0x80) { /* the rest of a character of UTF-8 */
            p++;
            html_text(h, (struct str){p, 1});
        }
        n++;
    }
}

static void text_at(struct html *h, int x, int y, const char *more)
{
    draw(h, "<text x=\"%d\" y=\"%d\"%s>", x, y, more);
}

static void begin(const struct chart *c, struct html *h, int height)
{
    html_raw(h, "<figure><figcaption>");
    html_words(h, c->title);
    draw(h,
         "</figcaption><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" height=\"%d\" "
         "viewBox=\"0 0 %d %d\" "
         "font-family=\"Arial,'DejaVu Sans',sans-serif\" font-size=\"13\" fill=\"#0b0c0c\" aria-label=\"",
         WIDTH, height, WIDTH, height);
    html_words(h, c->title);
    html_raw(h, ". ");
    html_words(h, c->text);
    html_raw(h, "\">\n<defs><pattern id=\"may\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
                "patternTransform=\"rotate(45)\">"
                "<rect width=\"7\" height=\"7\" fill=\"#fff\"/><rect width=\"2\" height=\"7\" "
                "fill=\"#4c5a63\"/></pattern></defs>\n");
}

static void end(const struct chart *c, struct html *h)
{
    html_raw(h, "</svg><p>");
    html_words(h, c->text);
    html_raw(h, "</p></figure>\n");
}

/* ---- ranges ---- */

/* A length of the axis that people can divide: a whole number of steps of that many minutes. */
static uint32_t axis_step(uint32_t most)
{
    static const uint32_t steps[] = {5, 15, 30, 60, 120, 240, 480, 1440, 2880};
    size_t i = 0;

    while (i + 1 < sizeof steps / sizeof *steps && steps[i] * 6 < most)
        i++;
    return steps[i];
}

static void draw_axis(struct html *h, uint32_t most, uint32_t step, int bottom)
{
    for (uint32_t at = 0; at <= most; at += step) {
        int x = LABEL + (int)((uint64_t)at * PLOT / most);

        draw(h, "<line x1=\"%d\" y1=\"4\" x2=\"%d\" y2=\"%d\" stroke=\"#b1b4b6\"/>\n", x, x, bottom);
        text_at(h, x, bottom + 17, " text-anchor=\"middle\"");
        draw(h, "%u:%02u</text>\n", (unsigned)(at / 60), (unsigned)(at % 60));
    }
}

static void draw_range(struct html *h, const struct chart_row *r, uint32_t most, int y)
{
    int x[3];

    for (size_t i = 0; i < 3; i++)
        x[i] = LABEL + (int)((uint64_t)r->range[i] * PLOT / most);
    text_at(h, 0, y + 16, "");
    put_name(h, r->name);
    html_raw(h, "</text>\n");
    draw(h, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"16\" fill=\"url(#may)\" stroke=\"#0b0c0c\"/>\n",
         x[0], y + 3, x[2] - x[0] > 2 ? x[2] - x[0] : 2);
    draw(h, "<rect x=\"%d\" y=\"%d\" width=\"6\" height=\"24\" fill=\"#0b0c0c\" stroke=\"#fff\"/>\n",
         x[1] - 3, y - 1);
    text_at(h, LABEL + PLOT + 14, y + 16, "");
    draw(h, "%u:%02u to %u:%02u, likely %u:%02u</text>\n", r->range[0] / 60, r->range[0] % 60,
         r->range[2] / 60, r->range[2] % 60, r->range[1] / 60, r->range[1] % 60);
}

static void draw_ranges(const struct chart *c, struct html *h)
{
    uint32_t most = 5, step;
    int bottom = (int)c->n * ROW + 8;

    for (size_t i = 0; i < c->n; i++)
        if (c->rows[i].range[2] > most)
            most = c->rows[i].range[2];
    step = axis_step(most);
    most = (most + step - 1) / step * step;
    begin(c, h, bottom + 26);
    draw_axis(h, most, step, bottom);
    for (size_t i = 0; i < c->n; i++)
        draw_range(h, &c->rows[i], most, (int)i * ROW + 8);
    end(c, h);
}

/* ---- hours ---- */

static void draw_day(struct html *h, const struct chart_row *r, int y)
{
    int floor = y + DAY_ROW - 5;

    text_at(h, 0, floor, "");
    put_name(h, r->name);
    html_raw(h, "</text>\n");
    for (int hour = 0; hour < 24; hour++) {
        int x = LABEL - 50 + hour * HOUR;
        uint32_t minutes = r->hours[hour] > 60 ? 60 : r->hours[hour];
        int tall = (int)(minutes * (DAY_ROW - 8) / 60);

        draw(h, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#b1b4b6\"/>\n", x, floor, x + HOUR,
             floor);
        if (minutes)
            draw(h, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#0b0c0c\"/>\n", x + 3,
                 floor - (tall > 1 ? tall : 1), HOUR - 6, tall > 1 ? tall : 1);
        for (int quarter = 0; quarter < 4; quarter++)
            if (r->work[hour] >> quarter & 1)
                draw(
                    h,
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#0b0c0c\" stroke-width=\"3\"/>\n",
                    x + quarter * HOUR / 4, floor + 3, x + (quarter + 1) * HOUR / 4, floor + 3);
    }
}

static void draw_hours(const struct chart *c, struct html *h)
{
    int top = 20;

    begin(c, h, top + (int)c->n * DAY_ROW + 8);
    for (int hour = 0; hour <= 24; hour += 3) {
        text_at(h, LABEL - 50 + hour * HOUR, 13, " text-anchor=\"middle\"");
        draw(h, "%02d:00</text>\n", hour);
        draw(h, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#b1b4b6\"/>\n",
             LABEL - 50 + hour * HOUR, top - 2, LABEL - 50 + hour * HOUR, top + (int)c->n * DAY_ROW);
    }
    for (size_t i = 0; i < c->n; i++)
        draw_day(h, &c->rows[i], top + (int)i * DAY_ROW);
    end(c, h);
}

void out_chart(const struct chart *c, struct html *h)
{
    if (c->kind == CHART_RANGES)
        draw_ranges(c, h);
    else
        draw_hours(c, h);
}
