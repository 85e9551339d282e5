/* Answers to a refused request as bytes: the page that the artefact holds with its reference code put in, or
 * the short form that fits the kind of request (governance 4.4). No request data ever gets into an
 * answer, but for the sealed token (record/token.h) that only the portal can read. */
#ifndef CORE_PAGE_H
#define CORE_PAGE_H

#include "core/policy.h"

enum { CODE_SIZE = 9 }; /* "K7M4-29QX": 8 of Crockford's base32, 40 bits */

enum form {
    FORM_PAGE = 0, /* a top-level page or form: the whole HTML page */
    FORM_FRAME,    /* inside a frame: one line of HTML */
    FORM_PROBLEM,  /* script call or app: application/problem+json (RFC 9457) */
    FORM_IMAGE,    /* a small neutral SVG */
    FORM_EMPTY,    /* style, script, font, media, beacon, WebSocket: nothing */
    FORM_TUNNEL    /* CONNECT: the browser shows its own error */
};

/* By Fetch Metadata (Sec-Fetch-Mode, -Dest), Accept, Upgrade and the path; FORM_PAGE when nothing tells. */
enum form page_form(const struct request *r);

struct answer_body {
    uint32_t status;       /* HTTP */
    struct str media_type; /* "" = no body */
    struct str body;       /* in `out` or static */
};

/* What is put into a page while a request waits. */
struct page_fill {
    const char *code;  /* CODE_SIZE bytes */
    struct str portal; /* the portal's host; empty: there is none, and what leads there is left out */
    struct str token;  /* base64url; empty: what leads to the portal goes there without one */
    bool owed; /* the page is about something before: it says so first, and leads on to the address it stands
                  at */
};

/* The page has a link to the portal. `page` may be NO_INDEX. */
bool page_leads_to_portal(const struct artefact *a, uint32_t page);

/* Writes the answer into `out` (of `size` bytes) and returns it. What does not fit is answered with
 * FORM_EMPTY. `page` may be NO_INDEX: then a built-in page of three sentences is used.
 */
struct answer_body page_render(const struct artefact *a, uint32_t page, enum form form,
                               const struct page_fill *fill, char *out, size_t size);

/* 5 bytes of randomness to a code. */
void page_code(const unsigned char random[5], char code[CODE_SIZE]);

#endif
