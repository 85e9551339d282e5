/* The frame and the forms of the portal's pages, around report/html.h. */
#ifndef PORTAL_HTML_H
#define PORTAL_HTML_H

#include "report/html.h"

enum { HTML_POLICY = 256 };

/* Head, the council's frame and the heading; then what stands below every page. */
void html_begin(struct html *h, const char *heading);
/* The same; "Error: " stands before the title where something has to be put right. */
void html_begin_again(struct html *h, const char *heading);
void html_end(struct html *h);

/* A form that posts to /page, its token in it; closed by html_button. */
void html_form(struct html *h, const char *page, struct str token);
void html_hidden(struct html *h, const char *name, struct str value);
void html_button(struct html *h, const char *label);

/* The Content-Security-Policy that fits these pages (static storage). Not before seal_init, nor from two
 * threads. */
const char *html_policy(void);
/* The same for a page of ours that has another style: "style-src 'sha256-...'" of that text, no forms. */
void html_policy_of(struct str css, char to[HTML_POLICY]);

#endif
