#include "core/page.h"

#include "core/text.h"

/* One word of a header to the form that fits it. */
struct form_row {
    const char *word;
    enum form form;
};

static const struct form_row by_destination[] = {
    {"document", FORM_PAGE},      {"iframe", FORM_FRAME},        {"frame", FORM_FRAME},
    {"embed", FORM_FRAME},        {"object", FORM_FRAME},        {"fencedframe", FORM_FRAME},
    {"image", FORM_IMAGE},        {"empty", FORM_PROBLEM},       {"style", FORM_EMPTY},
    {"script", FORM_EMPTY},       {"font", FORM_EMPTY},          {"audio", FORM_EMPTY},
    {"video", FORM_EMPTY},        {"track", FORM_EMPTY},         {"report", FORM_EMPTY},
    {"manifest", FORM_EMPTY},     {"worker", FORM_EMPTY},        {"sharedworker", FORM_EMPTY},
    {"json", FORM_PROBLEM},       {"serviceworker", FORM_EMPTY}, {"audioworklet", FORM_EMPTY},
    {"paintworklet", FORM_EMPTY}, {"xslt", FORM_EMPTY},          {"webidentity", FORM_PROBLEM},
};

/* First media type of Accept; browsers name what the element wants first. */
static const struct form_row by_accept[] = {
    {"text/html", FORM_PAGE}, {"application/xhtml+xml", FORM_PAGE},
    {"image/", FORM_IMAGE},   {"application/json", FORM_PROBLEM},
    {"text/css", FORM_EMPTY}, {"text/event-stream", FORM_EMPTY},
    {"video/", FORM_EMPTY},   {"audio/", FORM_EMPTY},
    {"font/", FORM_EMPTY},
};

static const struct form_row by_ending[] = {
    {".js", FORM_EMPTY},    {".mjs", FORM_EMPTY},    {".css", FORM_EMPTY},  {".woff", FORM_EMPTY},
    {".woff2", FORM_EMPTY}, {".m3u8", FORM_EMPTY},   {".mpd", FORM_EMPTY},  {".mp4", FORM_EMPTY},
    {".m4s", FORM_EMPTY},   {".ts", FORM_EMPTY},     {".png", FORM_IMAGE},  {".jpg", FORM_IMAGE},
    {".jpeg", FORM_IMAGE},  {".gif", FORM_IMAGE},    {".webp", FORM_IMAGE}, {".svg", FORM_IMAGE},
    {".ico", FORM_IMAGE},   {".json", FORM_PROBLEM},
};

#define ROWS(table) (table), sizeof(table) / sizeof *(table)

static bool equal_to(struct str text, struct str word)
{
    return str_ieq(text, word);
}

static bool ends_with(struct str text, struct str word)
{
    return text.n > word.n && str_ieq(str_from(text, text.n - word.n), word);
}

static bool find_form(struct str text, bool (*fits)(struct str, struct str), const struct form_row *rows,
                      size_t n, enum form *form)
{
    for (size_t i = 0; text.n && i < n; i++)
        if (fits(text, str_of(rows[i].word))) {
            *form = rows[i].form;
            return true;
        }
    return false;
}

enum form page_form(const struct request *r)
{
    enum form form = FORM_PAGE;
    struct str type = request_header(r, STR("content-type"));

    if (r->kind != REQUEST_PLAIN)
        return FORM_TUNNEL;
    if (request_header(r, STR("upgrade")).n ||
        str_istarts(request_header(r, STR("sec-purpose")), STR("prefetch")))
        return FORM_EMPTY;
    if (find_form(request_header(r, STR("sec-fetch-dest")), equal_to, ROWS(by_destination), &form))
        return form;
    if (str_ieq(request_header(r, STR("x-requested-with")), STR("XMLHttpRequest")))
        return FORM_PROBLEM;
    if (find_form(request_header(r, STR("accept")), str_istarts, ROWS(by_accept), &form))
        return form;
    if (str_istarts(type, STR("application/json")) || request_header(r, STR("authorization")).n)
        return FORM_PROBLEM;
    find_form(r->path, ends_with, ROWS(by_ending), &form);
    return form;
}

void page_code(const unsigned char random[5], char code[CODE_SIZE])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford: no I, L, O, U */
    uint64_t bits = 0;

    for (int i = 0; i < 5; i++)
        bits = bits << 8 | random[i];
    for (int i = CODE_SIZE - 1; i >= 0; i--) {
        if (i == 4) {
            code[i] = '-';
            continue;
        }
        code[i] = alphabet[bits & 31];
        bits >>= 5;
    }
}

static const char fallback_page[] =
    "<!DOCTYPE html><html lang=\"en-GB\"><meta charset=\"utf-8\"><title>Web access</title>"
    "<h1>Sorry, this page cannot be opened now</h1><p>It is not about you or the page. Try again in a few "
    "minutes. "
    "If you need help, ask your ICT service desk and give them this code: ";

/* Behind the heading of a page that is owed. The empty address is the page's own (RFC 3986 4.4). */
static const char owed_words[] =
    "\n<p>This is about something that you did on this site a few minutes ago. We had no place to tell you "
    "then.</p>\n<p><a class=\"go\" href=\"\">Go on</a></p>";

/* Where the heading ends: what the policy's texts hold is escaped, so that the first is the heading's own. 0:
 * there is none. */
static uint32_t heading_end(struct str html)
{
    static const struct str end = {"</h1>", 5};

    for (size_t i = 0; i + end.n <= html.n; i++)
        if (str_eq(str_upto(str_from(html, i), end.n), end))
            return (uint32_t)(i + end.n);
    return 0;
}

/* The page from one offset to another, the code in the holes that lie between them. */
static void put_piece(const struct artefact *a, const struct a_page *row, uint32_t from, uint32_t to,
                      const char *code, struct text *t)
{
    size_t start = t->n;

    text_put(t, str_upto(str_from(artefact_str(a, row->html), from), to - from));
    for (uint32_t i = 0; i < row->holes.n; i++) {
        uint64_t at = artefact_numbers(a, row->holes)[i];

        if (at >= from && at + CODE_SIZE <= to && start + (at - from) + CODE_SIZE <= t->n)
            memcpy(t->p + start + (at - from), code, CODE_SIZE);
    }
}

/* https://PORTAL/continue?t=TOKEN: host and token have no byte that HTML or an address would take for its
 * own. */
static void put_link(const struct artefact *a, const struct a_page *row, const uint32_t *link,
                     const struct page_fill *fill, struct text *t)
{
    put_piece(a, row, link[0], link[1], fill->code, t);
    text_puts(t, "https://");
    text_put(t, fill->portal);
    put_piece(a, row, link[1], link[2], fill->code, t);
    text_puts(t, fill->token.n ? "?t=" : "");
    text_put(t, fill->token);
    put_piece(a, row, link[2], link[3], fill->code, t);
}

static struct answer_body whole_page(const struct artefact *a, uint32_t page, const struct page_fill *fill,
                                     struct text *t)
{
    const struct a_page *row = page == NO_INDEX ? NULL : &ARTEFACT_ROWS(a, PAGES, struct a_page)[page];
    struct answer_body b = {503, STR("text/html; charset=utf-8"), STR_NONE};
    uint32_t at = 0;

    if (!row) {
        text_puts(t, fallback_page);
        text_put(t, (struct str){fill->code, CODE_SIZE});
    } else {
        b.status = row->status;
        if (fill->owed) {
            at = heading_end(artefact_str(a, row->html));
            put_piece(a, row, 0, at, fill->code, t);
            text_puts(t, owed_words);
        }
        for (uint32_t i = 0; i < row->links.n; i += PAGE_LINK_NUMBERS) {
            const uint32_t *link = artefact_numbers(a, row->links) + i;

            put_piece(a, row, at, link[0], fill->code, t);
            if (fill->portal.n)
                put_link(a, row, link, fill, t);
            at = link[PAGE_LINK_NUMBERS - 1];
        }
        put_piece(a, row, at, row->html.n, fill->code, t);
    }
    b.body = text_str(t);
    return b;
}

bool page_leads_to_portal(const struct artefact *a, uint32_t page)
{
    return page != NO_INDEX && ARTEFACT_ROWS(a, PAGES, struct a_page)[page].links.n > 0;
}

/* RFC 9457: no reason, no site, no CORS header; the code is all that anyone needs. */
static struct str problem(const char *code, uint32_t status, struct text *t)
{
    text_puts(t, "{\"type\":\"about:blank\",\"title\":\"Not allowed on the council network\",\"status\":");
    text_put_u64(t, status);
    text_puts(t, ",\"instance\":\"");
    text_put(t, (struct str){code, CODE_SIZE});
    text_puts(t, "\"}\n");
    return text_str(t);
}

struct answer_body page_render(const struct artefact *a, uint32_t page, enum form form,
                               const struct page_fill *fill, char *out, size_t size)
{
    uint32_t status = page == NO_INDEX ? 503 : ARTEFACT_ROWS(a, PAGES, struct a_page)[page].status;
    struct answer_body b = {status, STR_NONE, STR_NONE};
    struct text t;

    text_init(&t, out, size);
    switch (form) {
    case FORM_PAGE:
        b = whole_page(a, page, fill, &t);
        break;
    case FORM_FRAME:
        b.media_type = STR("text/html; charset=utf-8");
        b.body =
            STR("<!DOCTYPE html><html lang=\"en-GB\"><title>Not shown</title><p>This part of the page is not "
                "shown.</p>\n");
        break;
    case FORM_PROBLEM:
        b.media_type = STR("application/problem+json");
        b.body = problem(fill->code, status, &t);
        break;
    case FORM_IMAGE:
        b.media_type = STR("image/svg+xml");
        b.body = STR("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>");
        break;
    case FORM_EMPTY:
    case FORM_TUNNEL:
        break;
    }
    if (t.cut)
        return (struct answer_body){status, STR_NONE, STR_NONE};
    return b;
}
