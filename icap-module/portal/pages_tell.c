/* allowance, why: pages that tell somebody something, about themselves alone. */
#include "portal/asking.h"

#include "report/plain_words.h"

/* ---- allowance ---- */

void page_allowance(struct asking *a)
{
    const struct portal_policy *p = a->house->policy(a->house->to);
    struct html *h = &a->html;
    unsigned shown = 0;

    a->status = 200;
    html_begin(h, "Your personal time today");
    for (size_t i = 0; i < p->n_allowances; i++) {
        const struct portal_allowance *w = &p->allowances[i];
        struct spent s;
        uint32_t cost;

        if (!spent_of(a, w->name, &s))
            continue;
        cost = s.used > s.given ? s.used - s.given : 0;
        html_raw(h, "<h2>");
        html_name(h, w->name);
        html_raw(h, "</h2><p>You have ");
        html_number(h, cost < w->minutes ? w->minutes - cost : 0);
        html_raw(h, " of ");
        html_number(h, w->minutes);
        html_raw(
            h, " minutes left.</p><p>A minute counts when you do something in it. What a page does by itself "
               "never counts. The time starts again at midnight.</p>");
        if (s.claims < w->claims && cost)
            html_raw(h, "<p><a href=\"/claim\">It was for work. Put the time back</a></p>");
        shown++;
    }
    if (!shown)
        html_p(h, "No personal time is counted for you.");
    html_end(h);
}

struct str told_site(const struct asking *a, const struct event *e)
{
    return e->platform.n ? a->house->platform(a->house->to, e->platform) : STR("Another site");
}

/* ---- why ---- */

struct telling {
    struct asking *asking;
    const unsigned char *person; /* NULL: of nobody */
    unsigned shown;
};

static void put_pair(struct html *h, const char *name, struct str value)
{
    if (!value.n)
        return;
    html_raw(h, "<tr><th scope=\"row\">");
    html_words(h, name);
    html_raw(h, "</th><td>");
    html_text(h, value);
    html_raw(h, "</td></tr>");
}

/* Their own, or one that stands for nobody: a code on a colleague's screen tells nothing about the colleague.
 */
static void tell_code(void *to, const struct event *e)
{
    struct telling *t = to;
    struct html *h = &t->asking->html;
    struct rule_words w = {0};

    if (e->has_pseudonym && (!t->person || memcmp(t->person, e->pseudonym, PSEUDONYM_SIZE) != 0))
        return;
    t->shown++;
    html_raw(h, "<table><caption>What happened</caption>");
    put_pair(h, "What was decided", str_of(plain_decision(e->action)));
    if (t->asking->house->words(t->asking->house->to, e, &w))
        put_pair(h, "Why", w.because);
    put_pair(h, "Clause of the policy", w.cite);
    put_pair(h, "Rule", e->rule);
    put_pair(h, "Version of the policy", e->policy);
    if (e->categories == 0) {
        put_pair(h, "Site", told_site(t->asking, e));
        put_pair(h, "What it was", str_of(plain_activity(e->activity)));
    }
    html_raw(h, "</table>\n");
}

void page_why(struct asking *a)
{
    unsigned char person[PSEUDONYM_SIZE];
    struct telling t = {.asking = a};
    struct html *h = &a->html;
    char code[32] = "";
    struct diag d;

    a->status = 200;
    html_begin(h, "Why was I stopped?");
    if (asking_query(a, "c", code, sizeof code) && code[0]) {
        for (char *c = code; *c; c++)
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        if (asking_person(a, person))
            t.person = person;
        diag_init(&d);
        store_by_code(a->house->store, str_of(code), tell_code, &t, &d);
        if (!t.shown)
            html_p(h, "We have no note of yours with this code. Is it written as on the page? A new one may "
                      "take a minute.");
    }
    html_raw(h, "<form method=\"get\" action=\"/why\"><label for=\"c\">The code at the end of the page, such "
                "as K7M4-29QX</label>"
                "<input type=\"text\" id=\"c\" name=\"c\" maxlength=\"12\" autocomplete=\"off\" "
                "spellcheck=\"false\">");
    html_button(h, "Tell me why");
    html_end(h);
}

/* ---- check ---- */

static void put_finding(struct html *h, const char *what, bool good, const char *words)
{
    html_raw(h, "<h2>");
    html_words(h, what);
    html_raw(h, good ? ": works</h2>" : ": to be done</h2>");
    html_p(h, words);
}

/* What a page can tell of the machine that opened it, and what it cannot. */
void page_check(struct asking *a)
{
    struct html *h = &a->html;

    a->status = 200;
    html_begin(h, "Is this computer ready?");
    put_finding(h, "Proxy", true, "This page came by the council's proxy: nothing else leads here.");
    if (a->user.n) {
        html_raw(h, "<h2>Sign-in: works</h2><p>The proxy knows you as <strong>");
        html_text(h, a->user);
        html_raw(h, "</strong>.</p>");
    } else {
        put_finding(h, "Sign-in", false,
                    "The proxy has not said who you are, so sites that need your name stay shut. Sign in to the "
                    "computer with your council name. If you have, call the service desk.");
    }
    html_raw(h, "<h2>Certificate: look at how you came here</h2>");
    html_p(h, "This page is sent over an encrypted connection that the council opens. If your browser warned you "
              "first and you went on, the council's certificate is missing: the service desk puts it there. If it did "
              "not warn you, it is in its place for this browser.");
    html_raw(h, "<h2>What a page cannot tell</h2><ul><li>Another browser on this computer has settings of its own. "
                "Open this page there, too.</li><li>QUIC: in Edge or Chrome open chrome://policy and look for "
                "QuicAllowed, false.</li><li>DNS over HTTPS: on the same page look for DnsOverHttpsMode, off. In "
                "Firefox open about:policies.</li><li>Off the council's network, and on mobile data, nothing is "
                "checked.</li></ul>");
    html_end(h);
}
