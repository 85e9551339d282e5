#include "compile/pages.h"

#include <stdlib.h>

enum { CODE = 9, CODES_MAX = 32, FIRST_ROOM = 4096 };

/* No red, no icon, nothing from elsewhere; every target is 44 pixels high. */
const char page_style[] =
    "body{margin:0;background:#fff;color:#0b0c0c;font:1.1875rem/1.5 "
    "Arial,Helvetica,sans-serif;color-scheme:light}"
    "main{max-width:38rem;margin:0 auto;padding:1.5rem 1rem 3rem}"
    "h1{margin:0 0 1.25rem;font-size:1.875rem;line-height:1.2}"
    "h2{margin:2rem 0 .5rem;font-size:1.25rem;line-height:1.3}"
    "p{margin:0 0 1rem}"
    "ul{margin:0 0 1rem;padding:0;list-style:none}"
    "a{display:inline-block;min-height:44px;line-height:44px;color:#0b0c0c;text-decoration:underline;"
    "text-underline-offset:.2em;overflow-wrap:anywhere}"
    "a:hover{text-decoration-thickness:.2em}"
    "a:focus-visible{outline:4px solid #0b0c0c;outline-offset:3px}"
    ".go{box-sizing:border-box;min-width:44px;padding:2px 1.25rem;border:2px solid #0b0c0c;font-weight:700;"
    "text-decoration:none}"
    ".code{font-family:monospace;font-weight:700;white-space:nowrap}"
    "footer{margin-top:2rem;padding-top:1rem;border-top:1px solid #0b0c0c}";

static const char code_hole[] = "XXXX-XXXX";

/* HTML that grows. */
struct html {
    struct builder *b;
    const struct page_text *page;
    const struct page_view *view;
    char *p;
    size_t n, room;
    bool failed;
    uint32_t holes[CODES_MAX];
    uint32_t n_holes;
    uint32_t links[PAGE_LINK_NUMBERS * PAGE_LINKS_MAX];
    uint32_t n_links;
};

static void raw(struct html *h, struct str s)
{
    if (h->n + s.n > h->room) {
        size_t room = (h->room ? h->room * 2 : FIRST_ROOM) + s.n;
        char *p = realloc(h->p, room);

        if (!p)
            h->failed = true;
        else
            h->p = p, h->room = room;
    }
    if (h->failed || s.n == 0)
        return;
    memcpy(h->p + h->n, s.p, s.n);
    h->n += s.n;
}

static void tag(struct html *h, const char *z)
{
    raw(h, str_of(z));
}

/* Text and attribute values alike. */
static void text(struct html *h, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        switch (s.p[i]) {
        case '&':
            tag(h, "&amp;");
            break;
        case '<':
            tag(h, "&lt;");
            break;
        case '>':
            tag(h, "&gt;");
            break;
        case '"':
            tag(h, "&quot;");
            break;
        case '\'':
            tag(h, "&#39;");
            break;
        default:
            raw(h, str_upto(str_from(s, i), 1));
        }
}

static void stored(struct html *h, struct a_str s)
{
    text(h, build_text(h->b, s));
}

static void code(struct html *h)
{
    if (h->n_holes == CODES_MAX)
        return;
    h->holes[h->n_holes++] = (uint32_t)h->n;
    tag(h, code_hole);
}

static const struct a_contact *contact_of(struct builder *b, struct str name)
{
    uint32_t i = build_find_contact(b, name);

    return i == NO_INDEX ? NULL : build_at(b, SECTION_CONTACTS, i);
}

/* Who is named at the foot of every page: the service desk, or else whom the policy names first. */
static const struct a_contact *help_contact(struct builder *b)
{
    const struct a_contact *desk = contact_of(b, STR("service-desk"));

    return desk || build_count(b, SECTION_CONTACTS) == 0 ? desk : build_at(b, SECTION_CONTACTS, 0);
}

bool page_cut_hole(struct str s, struct page_hole *hole)
{
    size_t open = str_find(s, '{');
    struct str rest = str_from(s, open + 1);
    size_t close = str_find(rest, '}');

    *hole = (struct page_hole){.before = s};
    if (open == s.n || close == rest.n)
        return false;
    hole->before = str_upto(s, open);
    hole->inside = str_trim(str_upto(rest, close));
    hole->after = str_from(rest, close + 1);
    return true;
}

/* "contact approver label" */
static void contact_text(struct html *h, struct str words)
{
    struct str name, field;
    const struct a_contact *contact;

    str_cut(&words, ' ');
    words = str_trim(words);
    name = str_cut(&words, ' ');
    field = str_trim(words);
    contact = contact_of(h->b, name);
    if (!contact)
        text(h, STR("your service desk"));
    else if (str_eq(field, STR("mail")))
        stored(h, contact->mail);
    else if (str_eq(field, STR("phone")))
        stored(h, contact->phone);
    else if (str_eq(field, STR("url")))
        stored(h, contact->url);
    else
        stored(h, contact->label);
}

static void step_text(struct html *h)
{
    const struct word *step = &h->page->steps[h->view->step];

    if (step->text.n == 0)
        step = &h->page->steps[PAGE_ANY];
    text(h, step->text.n ? step->text : STR("the last step"));
}

/* A text of the page with its {...} filled in. */
static void filled(struct html *h, struct str s)
{
    struct page_hole hole;

    while (page_cut_hole(s, &hole)) {
        text(h, hole.before);
        if (str_eq(hole.inside, STR("council")))
            stored(h, build_meta(h->b)->council);
        else if (str_eq(hole.inside, STR("code")))
            code(h);
        else if (str_eq(hole.inside, STR("step")))
            step_text(h);
        else
            contact_text(h, hole.inside);
        s = hole.after;
    }
    text(h, hole.before);
}

/* mailto: with the code as subject. Mail addresses were checked by the policy's parser. */
static void mail_link(struct html *h, const struct a_contact *c, const char *attributes)
{
    tag(h, "<a");
    tag(h, attributes);
    tag(h, " href=\"mailto:");
    stored(h, c->mail);
    tag(h, "?subject=Web%20access%20");
    code(h);
    tag(h, "\">");
}

/* The form's address with the code as a parameter, before a fragment. */
static void url_link(struct html *h, const struct a_contact *c, const char *attributes)
{
    struct str url = build_text(h->b, c->url);
    size_t fragment = str_find(url, '#');
    struct str front = str_upto(url, fragment);

    tag(h, "<a");
    tag(h, attributes);
    tag(h, " href=\"");
    text(h, front);
    tag(h, str_find(front, '?') < front.n ? "&amp;code=" : "?code=");
    code(h);
    text(h, str_from(url, fragment));
    tag(h, "\">");
}

static void phone_link(struct html *h, const struct a_contact *c, const char *attributes)
{
    struct str phone = build_text(h->b, c->phone);

    tag(h, "<a");
    tag(h, attributes);
    tag(h, " href=\"tel:");
    for (size_t i = 0; i < phone.n; i++)
        if ((phone.p[i] >= '0' && phone.p[i] <= '9') || (i == 0 && phone.p[i] == '+'))
            raw(h, str_upto(str_from(phone, i), 1));
    tag(h, "\">");
}

/* Opens a link to the contact by the best way there is; false when there is none. */
static bool open_link(struct html *h, const struct a_contact *c, const char *attributes)
{
    if (!c)
        return false;
    if (c->url.n)
        url_link(h, c, attributes);
    else if (c->mail.n)
        mail_link(h, c, attributes);
    else if (c->phone.n)
        phone_link(h, c, attributes);
    else
        return false;
    return true;
}

static void link_offset(struct html *h)
{
    h->links[h->n_links++] = (uint32_t)h->n;
}

/* A link and no form: what the portal changes, somebody presses for on the portal's own page, where no script
 * of the refused site's reaches. Which host that is and the token are put in while a request waits; without a
 * portal the whole element is left out. */
static void portal_link(struct html *h, const struct page_item *item)
{
    if (h->n_links + PAGE_LINK_NUMBERS > sizeof h->links / sizeof *h->links)
        return;
    link_offset(h);
    tag(h, "<p><a class=\"go\" href=\"");
    link_offset(h);
    tag(h, "/");
    tag(h, word_of(WORDS_PORTAL, item->portal));
    link_offset(h);
    tag(h, "\">");
    filled(h, item->text.text);
    tag(h, "</a></p>\n");
    link_offset(h);
}

static void items(struct html *h)
{
    for (unsigned i = 0; i < h->page->n; i++) {
        const struct page_item *item = &h->page->items[i];

        if (item->kind == ITEM_TEXT) {
            tag(h, item->goes_on ? " " : "<p>");
            filled(h, item->text.text);
            if (i + 1 == h->page->n || !h->page->items[i + 1].goes_on)
                tag(h, "</p>\n");
        } else if (item->kind == ITEM_PORTAL) {
            portal_link(h, item);
        } else if (item->kind == ITEM_AGAIN) { /* the empty address is the page's own (RFC 3986 4.4) */
            tag(h, "<p><a class=\"go\" href=\"\">");
            filled(h, item->text.text);
            tag(h, "</a></p>\n");
        } else if (contact_of(h->b, item->contact.text)) {
            tag(h, "<p>");
            open_link(h, contact_of(h->b, item->contact.text), " class=\"go\"");
            filled(h, item->text.text);
            tag(h, "</a></p>\n");
        }
    }
}

static void sentence(struct html *h, struct str s)
{
    text(h, s);
    if (s.n && !strchr(".!?", s.p[s.n - 1]))
        tag(h, ".");
}

/* The sentence of the rule, and where the council's policy says so. */
static void why(struct html *h)
{
    const struct page_view *v = h->view;

    if (h->page->why_kind == WHY_OF_NOTHING)
        return;
    tag(h, "<p>Why: ");
    if (h->page->why_kind == WHY_OF_TEXT) {
        sentence(h, h->page->why.text);
    } else {
        sentence(h, v->because);
        tag(h, v->because.n ? " This is in our policy “" : "this is in our policy “");
        stored(h, build_meta(h->b)->title);
        tag(h, "”");
        tag(h, v->cite.n ? ", " : "");
        sentence(h, v->cite);
        tag(h, v->cite.n ? "" : ".");
    }
    tag(h, "</p>\n");
}

static void help(struct html *h)
{
    const struct a_contact *c = help_contact(h->b);

    tag(h, "<h2>Who to ask</h2>\n<p>Ask ");
    if (c)
        stored(h, c->label);
    else
        tag(h, "your ICT service desk");
    tag(h, ". Give them this code: <span class=\"code\">");
    code(h);
    tag(h, "</span></p>\n");
    if (!c)
        return;
    tag(h, "<ul>\n");
    if (c->phone.n) {
        tag(h, "<li>");
        phone_link(h, c, "");
        stored(h, c->phone);
        tag(h, "</a></li>\n");
    }
    if (c->mail.n) {
        tag(h, "<li>");
        mail_link(h, c, "");
        stored(h, c->mail);
        tag(h, "</a></li>\n");
    }
    tag(h, "<li>");
    if (open_link(h, c, ""))
        tag(h, "Is this wrong? Tell us</a>");
    tag(h, "</li>\n</ul>\n");
}

static void foot(struct html *h)
{
    const struct a_contact *record = contact_of(h->b, STR("record"));
    const struct a_meta *meta = build_meta(h->b);

    tag(h, "<footer>\n<p>This page is from ");
    stored(h, meta->council);
    tag(h, ", not the website.</p>\n");
    if (meta->record != RECORD_NONE) {
        tag(h, "<p>We keep a short note that this page was shown.");
        tag(h, record ? " " : "");
        if (open_link(h, record, ""))
            tag(h, "See what we record</a>");
        tag(h, "</p>\n");
    }
    tag(h, "<p>Policy version ");
    stored(h, meta->version);
    if (h->page->why_kind == WHY_OF_RULE && h->view->rule.n) {
        tag(h, ", rule ");
        text(h, h->view->rule);
    }
    tag(h, "</p>\n</footer>\n");
}

static void whole(struct html *h)
{
    tag(h, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" "
           "content=\"noindex\">\n<title>");
    text(h, h->page->title.text);
    tag(h, " – ");
    stored(h, build_meta(h->b)->council);
    tag(h, "</title>\n<style>");
    tag(h, page_style);
    tag(h, "</style>\n</head>\n<body>\n<main>\n<h1>");
    filled(h, h->page->h1.text);
    tag(h, "</h1>\n");
    items(h);
    why(h);
    help(h);
    foot(h);
    tag(h, "</main>\n</body>\n</html>\n");
}

int page_html(struct builder *b, const struct page_text *page, const struct page_view *view,
              struct a_page *row)
{
    struct html h = {.b = b, .page = page, .view = view};

    whole(&h);
    row->status = page->status;
    row->step = view->step == PAGE_ANY ? PAGE_ANY_STEP : view->step;
    if (!h.failed) {
        row->html = build_str(b, (struct str){h.p, h.n});
        row->holes = build_numbers(b, h.holes, h.n_holes);
        row->links = build_numbers(b, h.links, h.n_links);
    }
    free(h.p);
    return h.failed ? -1 : 0;
}
