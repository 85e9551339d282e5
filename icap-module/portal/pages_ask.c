/* continue, claim, break, emergency: the pages on which somebody does something. Each shows its form on GET
 * and acts on a POST. */
#include "portal/asking.h"

#include "store/standing_write.h"

#include <stdio.h>
#include <stdlib.h>

enum { BREAK_FIRST = 15, BREAK_LAST = 60 };

static const char *const used_up = "This link is no longer good. Go back to the site and load it again.";

/* ---- continue ---- */

static const char *const headings[ASK_COUNT] = {
    [ASK_NOTICE] = "How we check web use at work",
    [ASK_COACH] = "Before you go on",
};

static bool can_continue(const struct asking *a)
{
    return a->has_token && a->token.ask < ASK_COUNT && headings[a->token.ask];
}

static void put_question(struct asking *a)
{
    struct html *h = &a->html;

    html_begin(h, headings[a->token.ask]);
    switch (a->token.ask) {
    case ASK_NOTICE:
        html_p(h, "You have just seen a page on how the council checks web use. Press the button when you "
                  "have read it.");
        html_p(h, "We only ask this once for each version of the policy.");
        break;
    case ASK_COACH:
        html_p(h, "You have just read a reminder. Press the button and we take you back to the site.");
        break;
    default: /* no other is answered here: see can_continue */
        break;
    }
    html_form(h, word_of(WORDS_PORTAL, a->page), asking_form(a));
    html_hidden(h, "t", a->token_text);
    html_button(h, a->token.ask == ASK_NOTICE ? "I have read this" : "Go on");
    html_end(h);
    a->status = 200;
}

void page_continue(struct asking *a)
{
    struct act act = {.kind = FACT_ACK};
    char what[STORE_WHAT + 1];
    bool notice;
    int n;

    if (!can_continue(a)) {
        asking_say(a, 410, "There is nothing to answer here", used_up);
        return;
    }
    if (!a->post) {
        put_question(a);
        return;
    }
    notice = a->token.ask == ASK_NOTICE;
    n = snprintf(what, sizeof what, "%s/%.*s", word_of(WORDS_ASK, a->token.ask),
                 STR_ARG(notice ? a->token.version : a->token.rule));
    if (n < 0 || (size_t)n >= sizeof what) {
        asking_say(a, 410, "There is nothing to answer here", used_up);
        return;
    }
    act.what = (struct str){what, (size_t)n};
    if (asking_act(a, &act, a->token.nonce))
        asking_back(a, "Thank you", "You can go on now. Go back to the site and load it again.");
}

/* ---- claim ---- */

static void offer_claim(struct asking *a, const struct portal_allowance *w, const struct spent *s,
                        struct str form)
{
    struct html *h = &a->html;

    html_raw(h, "<h2>");
    html_name(h, w->name);
    html_raw(h, "</h2><p>You have used ");
    html_number(h, s->used);
    html_raw(h, " of ");
    html_number(h, w->minutes);
    html_raw(h, " minutes today.");
    if (s->given) {
        html_raw(h, " We have put back ");
        html_number(h, s->given);
        html_raw(h, ".");
    }
    html_raw(h, "</p>\n");
    if (s->used <= s->given)
        return;
    if (s->claims >= w->claims) {
        html_p(h,
               "You have told us as often as you can for one day. If you need more time for work, call the "
               "service desk.");
        return;
    }
    html_form(h, word_of(WORDS_PORTAL, a->page), form);
    html_hidden(h, "a", w->name);
    if (a->has_token)
        html_hidden(h, "t", a->token_text);
    html_button(h, "It was for work. Put the time back");
}

static void show_claims(struct asking *a)
{
    const struct portal_policy *p = a->house->policy(a->house->to);
    struct str form = asking_form(a);
    unsigned shown = 0;

    a->status = 200;
    html_begin(&a->html, "Were you using it for work?");
    html_p(&a->html, "Tell us and we will put the time back. We keep a note that you said so.");
    for (size_t i = 0; i < p->n_allowances; i++) {
        struct spent s;

        if (!p->allowances[i].claims || !spent_of(a, p->allowances[i].name, &s))
            continue;
        offer_claim(a, &p->allowances[i], &s, form);
        shown++;
    }
    if (!shown)
        html_p(&a->html, "There is no personal time that can be put back here.");
    html_end(&a->html);
}

void page_claim(struct asking *a)
{
    const struct portal_policy *p = a->house->policy(a->house->to);
    char name[STORE_WHAT + 1];

    if (!a->post) {
        show_claims(a);
        return;
    }
    for (size_t i = 0; asking_posted(a, "a", name, sizeof name) && i < p->n_allowances; i++) {
        const struct portal_allowance *w = &p->allowances[i];
        struct spent s;
        struct act act = {
            .kind = FACT_GIVEN, .what = w->name, .until = local_midnight(clock_local(a->now).day + 1)};

        if (!str_eq(w->name, str_of(name)) || !spent_of(a, w->name, &s) || s.used <= s.given ||
            s.claims >= w->claims)
            continue;
        act.number = s.used - s.given;
        if (asking_act(a, &act, a->form.nonce))
            asking_back(a, "We have put the time back",
                        "You can go on now. Go back to the site and load it again.");
        return;
    }
    asking_say(
        a, 409, "There is no time to put back",
        "You have used none of it, or all of it has been put back. Or you have told us as often as you can "
        "for one day.");
}

/* ---- break ---- */

static void offer_break(struct asking *a)
{
    struct html *h = &a->html;

    a->status = 200;
    html_begin(h, "Are you on your break now?");
    html_p(h, "Tell us how long it is. We keep a note that you said so.");
    html_form(h, word_of(WORDS_PORTAL, a->page), asking_form(a));
    if (a->has_token)
        html_hidden(h, "t", a->token_text);
    html_raw(h, "<fieldset><legend>My break is</legend>");
    for (unsigned m = BREAK_FIRST; m <= BREAK_LAST; m += BREAK_FIRST) {
        html_raw(h, "<label><input type=\"radio\" name=\"m\" value=\"");
        html_number(h, m);
        html_raw(h, m == 2 * BREAK_FIRST ? "\" checked>" : "\">");
        html_number(h, m);
        html_raw(h, " minutes</label>");
    }
    html_raw(h, "</fieldset>");
    html_button(h, "I am on my break");
    html_end(h);
}

void page_break(struct asking *a)
{
    struct act act = {.kind = FACT_BREAK};
    char text[8];
    uint64_t minutes;

    if (!a->post) {
        offer_break(a);
        return;
    }
    if (!asking_posted(a, "m", text, sizeof text) || !str_u64(str_of(text), &minutes) ||
        minutes < BREAK_FIRST || minutes > BREAK_LAST || minutes % BREAK_FIRST) {
        asking_say(a, 400, "How long is your break?", "Go back and choose one of the times.");
        return;
    }
    act.until = a->now + (int64_t)minutes * 60;
    if (asking_act(a, &act, a->form.nonce))
        asking_back(a, "Enjoy your break", "You can go on now. Go back to the site and load it again.");
}

/* ---- emergency ---- */

static void offer_emergency(struct asking *a, const struct portal_emergency *e, struct str form)
{
    struct html *h = &a->html;

    html_raw(h, "<h2>");
    html_name(h, e->name);
    html_raw(h, "</h2>");
    html_form(h, word_of(WORDS_PORTAL, a->page), form);
    html_hidden(h, "e", e->name);
    html_raw(h, "<fieldset><legend>What is it?</legend>");
    for (size_t i = 0; i < e->n_reasons; i++) {
        html_raw(h, "<label><input type=\"radio\" name=\"r\" required value=\"");
        html_text(h, e->reasons[i]);
        html_raw(h, "\">");
        html_name(h, e->reasons[i]);
        html_raw(h, "</label>");
    }
    html_raw(h, "</fieldset><p>It ends by itself after ");
    html_number(h, e->hours);
    html_raw(h, " hours.</p>");
    html_button(h, "Open it now");
}

static bool may_declare(const struct asking *a, size_t emergency)
{
    return a->house->may_declare(a->house->to, a->user, a->groups, emergency);
}

static void show_emergencies(struct asking *a, const struct portal_policy *p)
{
    struct str form = asking_form(a);
    size_t offered = 0;

    a->status = 200;
    html_begin(&a->html, "Open a site in an emergency");
    for (size_t i = 0; a->house->second && i < p->n_emergencies; i++) {
        if (!may_declare(a, i))
            continue;
        if (offered++ == 0)
            html_p(&a->html, "Use this when people need help and the site is shut. A second person gets a "
                             "message at once. Your name, the time and the reason are kept, and looked at "
                             "in the next review.");
        offer_emergency(a, &p->emergencies[i], form);
    }
    if (!p->n_emergencies || !a->house->second)
        html_p(&a->html, "It is not set up here. Call the service desk.");
    else if (!offered)
        html_p(&a->html,
               "The council's policy names the people who can do this, and you are not one of them. "
               "If there is an emergency, call the service desk.");
    html_end(&a->html);
}

/* The reason of that emergency's list, or none. */
static struct str reason_of(const struct portal_emergency *e, const char *reason)
{
    for (size_t r = 0; r < e->n_reasons; r++)
        if (str_eq(e->reasons[r], str_of(reason)))
            return e->reasons[r];
    return STR_NONE;
}

static void declare(struct asking *a, const struct portal_emergency *e, const char *reason)
{
    const uint32_t hours = e->hours < EMERGENCY_HOURS_MAX ? e->hours : EMERGENCY_HOURS_MAX;
    struct act act = {.kind = FACT_EMERGENCY, .what = reason_of(e, reason)};

    act.until = a->now + (int64_t)hours * 3600;
    if (!act.what.n) {
        asking_say(a, 400, "What is the emergency?", "Go back and choose one of the reasons.");
        return;
    }
    if (!asking_act(a, &act, a->form.nonce))
        return;
    a->status = 200;
    html_begin(&a->html, "It is open");
    html_raw(&a->html, "<p>It is open until ");
    html_time(&a->html, act.until);
    html_raw(&a->html, ". Then it ends by itself.</p>\n");
    html_p(&a->html, "A second person gets a message now. Go back to the site and load it again.");
    html_end(&a->html);
}

void page_emergency(struct asking *a)
{
    const struct portal_policy *p = a->house->policy(a->house->to);
    char name[STORE_WHAT + 1], reason[STORE_WHAT + 1];

    if (!a->post) {
        show_emergencies(a, p);
        return;
    }
    if (!a->house->second || !asking_posted(a, "e", name, sizeof name) ||
        !asking_posted(a, "r", reason, sizeof reason))
        name[0] = reason[0] = '\0';
    for (size_t i = 0; i < p->n_emergencies; i++) {
        if (!str_eq(p->emergencies[i].name, str_of(name)))
            continue;
        if (may_declare(a, i))
            declare(a, &p->emergencies[i], reason);
        else
            asking_say(a, 403, "You cannot do this",
                       "The council's policy names the people who can. If there is an emergency, call the "
                       "service desk.");
        return;
    }
    asking_say(a, 400, "What is the emergency?", "Go back and choose one of the reasons.");
}
