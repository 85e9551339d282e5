/* allowance, why, mine: the pages that tell somebody something, about themselves alone. */
#include "portal/asking.h"

#include <stdio.h>

enum { MINE_EVENTS = 100 };

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

/* ---- words ---- */

static const char *const decided[ACTION_COUNT] = {
    [ACTION_ALLOW] = "Opened",
    [ACTION_REFUSE] = "Stopped",
    [ACTION_ASK] = "You were asked first",
    [ACTION_UNAVAILABLE] = "Could not be checked",
};

static const char *const what_was_done[ACTIVITY_COUNT + 1] = {
    [ACTIVITY_VIEW] = "Look",       [ACTIVITY_POST] = "Post",
    [ACTIVITY_COMMENT] = "Comment", [ACTIVITY_REACT] = "Like or share",
    [ACTIVITY_MESSAGE] = "Message", [ACTIVITY_UPLOAD] = "Send a file",
    [ACTIVITY_LIVE] = "Go live",    [ACTIVITY_SIGNUP] = "Open an account",
    [ACTIVITY_LOGIN] = "Sign in",   [ACTIVITY_ADMIN] = "Look after an account",
    [ACTIVITY_DELETE] = "Delete",   [ACTIVITY_STREAM] = "Watch or listen",
    [ACTIVITY_COUNT] = "Not known",
};

static struct str words_of_activity(const struct event *e)
{
    return str_of(what_was_done[e->activity <= ACTIVITY_COUNT ? e->activity : ACTIVITY_COUNT]);
}

static struct str site_of(const struct asking *a, const struct event *e)
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
    put_pair(h, "What was decided", str_of(decided[e->action]));
    if (t->asking->house->words(t->asking->house->to, e, &w))
        put_pair(h, "Why", w.because);
    put_pair(h, "Clause of the policy", w.cite);
    put_pair(h, "Rule", e->rule);
    put_pair(h, "Version of the policy", e->policy);
    if (e->categories == 0) {
        put_pair(h, "Site", site_of(t->asking, e));
        put_pair(h, "What it was", words_of_activity(e));
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

/* ---- mine ---- */

static const char *const done[FACT_COUNT] = {
    [FACT_ACK] = "You read a page and went on",     [FACT_USED] = "Minutes used",
    [FACT_GIVEN] = "You said that it was for work", [FACT_BREAK] = "You said that you were on your break",
    [FACT_EMERGENCY] = "You declared an emergency", [FACT_PLAYING] = "Something was playing",
};

static void put_cell(struct html *h, struct str text)
{
    html_raw(h, "<td>");
    html_text(h, text);
    html_raw(h, "</td>");
}

/* What of an act its words do not say. */
static void put_about(struct html *h, const struct act *act)
{
    struct str key = act->what, ask = str_cut(&key, '/');

    html_raw(h, "<td>");
    switch (act->kind) {
    case FACT_ACK:
        html_raw(h, str_eq(ask, str_of(word_of(WORDS_ASK, ASK_NOTICE))) ? "Policy version " : "");
        html_text(h, key);
        break;
    case FACT_GIVEN:
        html_number(h, act->number);
        html_raw(h, act->number == 1 ? " minute" : " minutes");
        break;
    case FACT_BREAK:
        html_raw(h, "Until ");
        html_clock(h, act->until);
        break;
    default:
        html_name(h, act->what);
    }
    html_raw(h, "</td>");
}

static void put_act(void *to, const struct act *act)
{
    struct telling *t = to;
    struct html *h = &t->asking->html;

    t->shown++;
    html_raw(h, "<tr><td>");
    html_when(h, act->at);
    html_raw(h, "</td>");
    put_cell(h, str_of(act->by.n ? "The service desk gave you time back" : done[act->kind]));
    put_about(h, act);
    html_raw(h, "</tr>\n");
}

static void put_event(void *to, const struct event *e)
{
    struct telling *t = to;
    struct html *h = &t->asking->html;

    t->shown++;
    html_raw(h, "<tr><td>");
    html_when(h, e->time);
    html_raw(h, "</td>");
    put_cell(h, site_of(t->asking, e));
    put_cell(h, words_of_activity(e));
    put_cell(h, str_of(decided[e->action]));
    put_cell(h, e->rule);
    html_raw(h, "</tr>\n");
}

/* Where nobody is recorded, and nothing is left of a time when people were. */
static void put_counted(struct html *h, const struct portal_policy *p)
{
    html_p(h, "We count how sites are used. We do not note who used them.");
    if (p->n_allowances)
        html_p(h, "Your minutes of personal time are counted for today. At midnight they are gone for good.");
}

static void put_events(struct asking *a, struct telling *t)
{
    const struct portal_policy *p = a->house->policy(a->house->to);
    unsigned char person[PSEUDONYM_SIZE];
    struct html *h = &a->html;
    uint64_t events = 0;
    struct diag d;
    bool known = asking_person(a, person);

    diag_init(&d);
    html_raw(h, "<h2>Sites that you used</h2>");
    if (known)
        store_count_person(a->house->store, person, &events, &d);
    if (!known || (p->record != RECORD_PSEUDONYM && events == 0)) {
        put_counted(h, p);
        return;
    }
    html_raw(h, "<p>Your name is hidden in these notes. There are ");
    html_number(h, events);
    html_raw(h, " of them. The newest come first.</p><div class=\"wide\" tabindex=\"0\" role=\"region\" "
                "aria-label=\"Sites\"><table><caption>Notes</caption><tr><th scope=\"col\">When</th>"
                "<th scope=\"col\">Site</th><th scope=\"col\">What</th><th scope=\"col\">Decision</th>"
                "<th scope=\"col\">Rule</th></tr>\n");
    t->shown = 0;
    store_by_person(a->house->store, person, MINE_EVENTS, put_event, t, &d);
    html_raw(h, "</table></div>\n");
}

void page_mine(struct asking *a)
{
    struct telling t = {.asking = a};
    struct html *h = &a->html;
    struct diag d;

    a->status = 200;
    html_begin(h, "What is recorded about you");
    html_raw(h, "<p>You are signed in as <strong>");
    html_text(h, a->user);
    html_raw(h, "</strong>.</p>");
    html_p(h, "We do not record what you read, what you type or who you talk to.");
    diag_init(&d);
    put_events(a, &t);
    html_raw(h, "<h2>What you did on these pages</h2><div class=\"wide\" tabindex=\"0\" role=\"region\" "
                "aria-label=\"Answers\">"
                "<table><caption>Answers</caption><tr><th scope=\"col\">When</th><th scope=\"col\">What</th>"
                "<th scope=\"col\">About</th></tr>\n");
    store_acts_of(a->house->store, a->user, put_act, &t, &d);
    html_raw(h, "</table></div>\n");
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
