#include "portal/html.h"

#include "record/seal.h"

#include <stdio.h>
#include <stdlib.h>

/* As the pages inside refused sites: black on white, nothing from elsewhere, targets of 44 px, a focus that
 * is seen. */
static const char style[] =
    "body{margin:0;background:#fff;color:#0b0c0c;font:1.1875rem/1.5 Arial,Helvetica,sans-serif}"
    "header,main,footer{max-width:42rem;margin:0 auto;padding:1rem}"
    "h1{font-size:2rem;line-height:1.2;margin:1rem 0}h2{font-size:1.4rem}"
    "a{color:#1d4f91}a:focus,button:focus,input:focus{outline:3px solid #0b0c0c;outline-offset:2px;"
    "background-color:#ffdd00;color:#0b0c0c}"
    "button{font:inherit;min-height:44px;padding:.5rem 1rem;border:2px solid "
    "#0b5d3b;background:#0b5d3b;color:#fff}"
    "label,legend{display:block;margin:.5rem 0}fieldset{border:0;margin:1rem "
    "0;padding:0}legend{font-weight:bold}"
    "input[type=radio]{width:24px;height:24px;margin:10px;vertical-align:middle}"
    "input[type=text]{font:inherit;min-height:44px;padding:.25rem .5rem;border:2px solid #0b0c0c}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem .4rem 0;"
    "border-bottom:1px solid "
    "#6f777b;vertical-align:top}table+form{margin-top:2rem}caption{text-align:left;font-weight:bold}"
    "div.wide{overflow-x:auto}footer{border-top:1px solid #6f777b}";

void html_begin(struct html *h, const char *heading)
{
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    html_words(h, heading);
    html_raw(h, " - Web access</title><style>");
    html_raw(h, style);
    html_raw(h, "</style></head><body><main><h1>");
    html_words(h, heading);
    html_raw(h, "</h1>\n");
}

void html_end(struct html *h)
{
    html_raw(
        h,
        "</main><footer><p>This page is from the council.</p><nav aria-label=\"Web access\"><p>"
        "<a href=\"/mine\">What is recorded about me</a> &middot; <a href=\"/allowance\">My time today</a> "
        "&middot; <a href=\"/why\">Why was I stopped?</a></p></nav></footer></body></html>\n");
}

void html_form(struct html *h, const char *page, struct str token)
{
    html_raw(h, "<form method=\"post\" action=\"/");
    html_words(h, page);
    html_raw(h, "\">");
    html_hidden(h, "f", token);
}

void html_hidden(struct html *h, const char *name, struct str value)
{
    html_raw(h, "<input type=\"hidden\" name=\"");
    html_words(h, name);
    html_raw(h, "\" value=\"");
    html_text(h, value);
    html_raw(h, "\">");
}

void html_button(struct html *h, const char *label)
{
    html_raw(h, "<p><button>");
    html_words(h, label);
    html_raw(h, "</button></p></form>\n");
}

const char *html_policy(void)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static char policy[256];
    unsigned char digest[33] = {0};
    char base64[45];

    if (policy[0])
        return policy;
    seal_sha256(str_of(style), digest); /* 32 bytes and a zero: 11 groups of three */
    for (size_t i = 0; i < 33; i += 3) {
        uint32_t v = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | digest[i + 2];

        for (size_t k = 0; k < 4; k++)
            base64[i / 3 * 4 + k] = letters[v >> (18 - 6 * k) & 63];
    }
    base64[43] = '=';
    base64[44] = '\0';
    snprintf(policy, sizeof policy,
             "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; "
             "base-uri 'none'",
             base64);
    return policy;
}
