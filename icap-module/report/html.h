/* Markup under construction: grows as it must, and knows when memory ran out. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "core/str.h"

struct html {
    char *p;
    size_t n, room;
    bool failed;
};

void html_bytes(struct html *h, struct str s);     /* as they are */
void html_raw(struct html *h, const char *markup); /* ours alone */
void html_text(struct html *h, struct str s);      /* escaped: anybody's */
void html_words(struct html *h, const char *z);    /* the same for what ends with NUL */
void html_name(struct html *h, struct str id);     /* "power-cut" as it is said: "Power cut"; escaped */
void html_number(struct html *h, uint64_t n);
void html_time(struct html *h, int64_t utc);  /* "12 May 2026, 14:05", local */
void html_when(struct html *h, int64_t utc);  /* "12 May, 14:05", for tables */
void html_clock(struct html *h, int64_t utc); /* "14:05" */

/* <p>words</p> */
void html_p(struct html *h, const char *words);

void html_free(struct html *h);

#endif
