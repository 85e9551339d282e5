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
    "input[type=radio],input[type=checkbox]{width:24px;height:24px;margin:10px;vertical-align:middle}"
    "input[type=text]{font:inherit;min-height:44px;padding:.25rem .5rem;border:2px solid #0b0c0c}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem .4rem 0;"
    "border-bottom:1px solid "
    "#6f777b;vertical-align:top}table+form{margin-top:2rem}caption{text-align:left;font-weight:bold}"
    "div.wide{overflow-x:auto}footer{border-top:1px solid #6f777b}"
    /* the pages of cases */
    "textarea,input.text{font:inherit;box-sizing:border-box;width:100%;padding:.25rem .5rem;border:2px solid "
    "#0b0c0c;overflow-wrap:anywhere}input.text{min-height:44px}input.day{max-width:14rem}"
    "input.clock{max-width:7rem}textarea{min-height:5rem}textarea:focus,summary:focus,[tabindex]:focus{"
    "outline:3px solid #0b0c0c;outline-offset:2px}"
    ".field{margin:1.5rem 0}.field label,legend{font-weight:bold}.choice{display:flex;align-items:flex-start;"
    "margin:.25rem 0}"
    ".choice label{font-weight:normal;padding:.35rem 0;margin:.25rem 0}.choice input{width:24px;height:24px;"
    "margin:.6rem .75rem 0 0;flex:none}"
    ".hint{color:#42484b;margin:.25rem 0}.bad{border-left:5px solid #a8200d;padding-left:1rem}"
    ".error{color:#a8200d;font-weight:bold;margin:.25rem 0}"
    ".problem{border:5px solid #a8200d;padding:0 1rem 1rem;margin:1rem 0}.problem a{color:#a8200d;"
    "font-weight:bold}"
    ".note{border-left:8px solid #6f777b;padding:.25rem 0 .25rem 1rem;margin:1.5rem 0}"
    ".said{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}"
    ".away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    ".sites{columns:12rem}.sites .choice{break-inside:avoid}"
    ".hours{display:flex;gap:0 1rem;align-items:flex-end}.hours .field{margin:.25rem 0;flex:0 1 11rem}"
    "button.second{background:#fff;color:#0b0c0c;border-color:#0b0c0c}"
    ".facts{overflow-wrap:anywhere;table-layout:fixed;margin-top:1.5rem}.facts th{width:36%}@media(max-width:30rem){.facts th,.facts td{display:block;border:0;"
    "padding:0;width:auto}.facts td{border-bottom:1px solid #6f777b;padding-bottom:.5rem;margin-bottom:.5rem}"
    ".list thead{display:none}.list tr{display:block;border-bottom:2px solid #0b0c0c;padding:.5rem 0}"
    ".list td,.list th{display:block;border:0;padding:.1rem 0}}";

static void begin(struct html *h, const char *before, const char *heading)
{
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    html_raw(h, before);
    html_words(h, heading);
    html_raw(h, " - Web access</title><style>");
    html_raw(h, style);
    html_raw(h, "</style></head><body><main><h1>");
    html_words(h, heading);
    html_raw(h, "</h1>\n");
}

void html_begin(struct html *h, const char *heading)
{
    begin(h, "", heading);
}

void html_begin_again(struct html *h, const char *heading)
{
    begin(h, "Error: ", heading);
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

static void digest_of(struct str css, char base64[45])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char digest[33] = {0};

    seal_sha256(css, digest); /* 32 bytes and a zero: 11 groups of three */
    for (size_t i = 0; i < 33; i += 3) {
        uint32_t v = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | digest[i + 2];

        for (size_t k = 0; k < 4; k++)
            base64[i / 3 * 4 + k] = letters[v >> (18 - 6 * k) & 63];
    }
    base64[43] = '=';
    base64[44] = '\0';
}

const char *html_policy(void)
{
    static char policy[HTML_POLICY];
    char base64[45];

    if (policy[0])
        return policy;
    digest_of(str_of(style), base64);
    snprintf(policy, sizeof policy,
             "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; "
             "base-uri 'none'",
             base64);
    return policy;
}

void html_policy_of(struct str css, char to[HTML_POLICY])
{
    char base64[45];

    digest_of(css, base64);
    snprintf(to, HTML_POLICY,
             "default-src 'none'; style-src 'sha256-%s'; form-action 'none'; frame-ancestors 'none'; "
             "base-uri 'none'",
             base64);
}
