/* A page under construction: grows as it must, and knows when memory ran out. */
#ifndef PORTAL_HTML_H
#define PORTAL_HTML_H

#include "core/str.h"

struct html {
    char *p;
    size_t n, room;
    bool failed;
};

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

/* Head, the council's frame and the heading; then what stands below every page. */
void html_begin(struct html *h, const char *heading);
void html_end(struct html *h);

/* A form that posts to /page, its token in it; closed by html_button. */
void html_form(struct html *h, const char *page, struct str token);
void html_hidden(struct html *h, const char *name, struct str value);
void html_button(struct html *h, const char *label);

/* The Content-Security-Policy that fits these pages (static storage). Not before seal_init, nor from two
 * threads. */
const char *html_policy(void);

void html_free(struct html *h);

#endif
