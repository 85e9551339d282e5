/* Answers to a refused request as bytes: the page that the artefact holds with its reference code put in, or
 * the short form that fits the kind of request (governance 4.4). No request data ever gets into an answer. */
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

/* Writes the answer into `out` (of `size` bytes) and returns it. `code` has CODE_SIZE bytes. What does not
 * fit is answered with FORM_EMPTY. `page` may be NO_INDEX: then a built-in page of three sentences is used.
 */
struct answer_body page_render(const struct artefact *a, uint32_t page, enum form form, const char *code,
                               char *out, size_t size);

/* 5 bytes of randomness to a code. */
void page_code(const unsigned char random[5], char code[CODE_SIZE]);

#endif
