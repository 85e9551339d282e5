/* mine: what is recorded about somebody, for themselves alone; who looked at it, how long it is kept, and what they say
 * of it. */
#include "portal/asking.h"

#include "report/plain_words.h"

#include <stdio.h>

enum { MINE_EVENTS = 100, MINE_LOOKS = 200 };

struct telling {
    struct asking *asking;
    unsigned char person[PSEUDONYM_SIZE];
    bool known; /* there is a pseudonym of theirs */
    unsigned shown;
    int64_t times[MINE_EVENTS]; /* of the events that are shown, newest first */
    struct html codes;          /* on their pages, each with a comma behind */
};

static void put_cell(struct html *h, struct str text)
{
    html_raw(h, "<td>");
    html_text(h, text);
    html_raw(h, "</td>");
}

static void begin_table(struct html *h, const char *caption, const char *const *columns)
{
    html_raw(h, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html_words(h, caption);
    html_raw(h, "\"><table><caption>");
    html_words(h, caption);
    html_raw(h, "</caption><thead><tr>");
    for (; *columns; columns++) {
        html_raw(h, "<th scope=\"col\">");
        html_words(h, *columns);
        html_raw(h, "</th>");
    }
    html_raw(h, "</tr></thead><tbody>\n");
}

static void end_table(struct html *h)
{
    html_raw(h, "</tbody></table></div>\n");
}

/* ---- sites ---- */

static void note_event(void *to, const struct event *e)
{
    struct telling *t = to;

    if (t->shown < MINE_EVENTS)
        t->times[t->shown++] = e->time;
    if (e->code.n) {
        html_bytes(&t->codes, e->code);
        html_raw(&t->codes, ",");
    }
}

static void put_event(void *to, const struct event *e)
{
    struct telling *t = to;
    struct html *h = &t->asking->html;
    char name[32];

    snprintf(name, sizeof name, "t%lld", (long long)e->time);
    html_raw(h, "<tr><td><input type=\"checkbox\" name=\"");
    html_raw(h, name);
    html_raw(h, "\" id=\"");
    html_raw(h, name);
    html_raw(h, "-");
    html_number(h, t->shown++);
    html_raw(h, "\" aria-label=\"Mark ");
    html_when(h, e->time);
    html_raw(h, ", ");
    html_text(h, told_site(t->asking, e));
    html_raw(h, "\"></td><td>");
    html_when(h, e->time);
    html_raw(h, "</td>");
    put_cell(h, told_site(t->asking, e));
    put_cell(h, str_of(plain_activity(e->activity)));
    put_cell(h, str_of(plain_decision(e->action)));
    put_cell(h, e->rule);
    html_raw(h, "</tr>\n");
}

static void put_note(void *to, const struct note *n)
{
    struct telling *t = to;
    struct html *h = &t->asking->html;

    html_raw(h, "<tr><td>");
    html_when(h, n->from);
    if (n->until != n->from) {
        html_raw(h, " to ");
        html_when(h, n->until);
    }
    html_raw(h, "</td><td><bdi>");
    html_text(h, n->words);
    html_raw(h, "</bdi></td></tr>\n");
    t->shown++;
}

static void count_note(void *to, const struct note *n)
{
    (void)n;
    ++*(unsigned *)to;
}

static void put_notes(struct asking *a, struct telling *t)
{
    const int64_t all[] = {0, INT64_MAX};
    unsigned n = 0;
    struct diag d;

    diag_init(&d);
    store_notes(a->house->store, t->person, all, count_note, &n, &d);
    if (!n)
        return;
    html_p(&a->html, "You said this of what stands above. It stays beside it, and is in every report that is made of it.");
    begin_table(&a->html, "What you said", (const char *const[]){"Of", "In your words", NULL});
    store_notes(a->house->store, t->person, all, put_note, t, &d);
    end_table(&a->html);
}

/* Where nobody is recorded, and nothing is left of a time when people were. */
static void put_counted(struct html *h, const struct portal_policy *p)
{
    html_p(h, "We count how sites are used. We do not note who used them.");
    if (p->n_allowances)
        html_p(h, "Your minutes of personal time are counted for today. At midnight they are gone for good.");
}

static void put_marks(struct asking *a, struct telling *t)
{
    struct html *h = &a->html;
    struct diag d;

    diag_init(&d);
    html_form(h, word_of(WORDS_PORTAL, a->page), asking_form(a));
    begin_table(h, "Notes", (const char *const[]){"Mark", "When", "Site", "What", "Decision", "Rule", NULL});
    t->shown = 0;
    store_by_person(a->house->store, t->person, MINE_EVENTS, put_event, t, &d);
    end_table(h);
    html_raw(h, "<p><label for=\"w\">Was it for work? Mark the lines above, and say what it was for. Do not write about "
                "other people.</label><input type=\"text\" id=\"w\" name=\"w\" maxlength=\"300\" "
                "autocomplete=\"off\"></p>");
    html_button(h, "This was for work");
}

static void put_events(struct asking *a, struct telling *t)
{
    const struct portal_policy *p = a->house->policy(a->house->to);
    struct html *h = &a->html;
    uint64_t events = 0;
    struct diag d;

    diag_init(&d);
    html_raw(h, "<h2>Sites that you used</h2>");
    if (t->known)
        store_count_person(a->house->store, t->person, &events, &d);
    if (!t->known || (p->record != RECORD_PSEUDONYM && events == 0)) {
        put_counted(h, p);
        return;
    }
    html_raw(h, "<p>Your name is hidden in these notes. There are ");
    html_number(h, events);
    html_raw(h, events > MINE_EVENTS ? " of them. The newest 100 stand here.</p>" : " of them. The newest come first.</p>");
    html_p(h, "The code in place of your name changes from time to time. This page can only show what stands under the code "
              "of now. Ask Information Governance for what is older.");
    if (events)
        put_marks(a, t);
    put_notes(a, t);
}

/* ---- what they did ---- */

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

    html_raw(h, "<tr><td>");
    html_when(h, act->at);
    html_raw(h, "</td>");
    put_cell(h, str_of(plain_act(act->kind, act->by.n != 0)));
    put_about(h, act);
    html_raw(h, "</tr>\n");
}

static void put_acts(struct asking *a, struct telling *t)
{
    struct diag d;

    diag_init(&d);
    html_raw(&a->html, "<h2>What you did on these pages</h2>");
    begin_table(&a->html, "Answers", (const char *const[]){"When", "What", "About", NULL});
    store_acts_of(a->house->store, a->user, put_act, t, &d);
    end_table(&a->html);
}

/* ---- who looked ---- */

static void put_look(void *to, const struct portal_looked *l)
{
    struct telling *t = to;
    struct html *h = &t->asking->html;
    const char *words = plain_look(l->what);

    if (t->shown++ == 0)
        begin_table(h, "Who looked", (const char *const[]){"When", "Who", "What they did", "Case", NULL});
    html_raw(h, "<tr><td>");
    html_when(h, l->at);
    html_raw(h, "</td>");
    put_cell(h, str_of(plain_role(l->role)));
    html_raw(h, "<td>");
    if (words)
        html_words(h, words);
    else
        html_text(h, l->what);
    html_raw(h, l->refused ? " (this was refused)</td>" : "</td>");
    put_cell(h, l->case_ref.n ? l->case_ref : STR("none"));
    html_raw(h, "</tr>\n");
}

static void put_looks(struct asking *a, struct telling *t)
{
    struct html *h = &a->html;
    struct str codes = {t->codes.p, t->codes.n};

    html_raw(h, "<h2>Who looked</h2>");
    t->shown = 0;
    if (!a->house->looked) {
        html_p(h, "Ask Information Governance who has looked at what is recorded about you.");
        return;
    }
    if (a->house->looked(a->house->to, a->user, codes, put_look, t) != 0) {
        if (t->shown)
            end_table(h);
        html_p(h, "We cannot show all of this now. Information Governance can tell you.");
    } else if (t->shown) {
        end_table(h);
    } else {
        html_p(h, "Nobody has looked at what is recorded about you, by the list of looks that we keep.");
    }
}

/* ---- how long, and where to go ---- */

static void put_days(struct html *h, const char *what, unsigned days)
{
    if (!days)
        return;
    html_raw(h, "<tr><td>");
    html_words(h, what);
    html_raw(h, "</td><td>");
    html_number(h, days);
    html_raw(h, " days</td></tr>\n");
}

static void put_keeps(struct asking *a)
{
    const struct portal_keeps *k = &a->house->keeps;
    struct html *h = &a->html;

    if (!k->days[KEEP_EVENTS])
        return;
    html_raw(h, "<h2>How long it is kept</h2>");
    begin_table(h, "Kept for", (const char *const[]){"What", "How long", NULL});
    put_days(h, "Which site, when, and what was decided", k->days[KEEP_EVENTS]);
    put_days(h, "The same of an attack or of a way round the rules", k->days[KEEP_SECURITY]);
    put_days(h, "What was done in the council's name", k->days[KEEP_CORPORATE]);
    put_days(h, "Who looked", k->access_days);
    html_raw(h, "<tr><td>What you did on these pages</td><td>As long as it proves that you were told</td></tr>");
    end_table(h);
    html_p(h, "What stands above goes by itself when its time is over. A case can keep some of it for longer. Then you are told "
              "of the case.");
}

static void put_rights(struct html *h)
{
    html_raw(h, "<h2>If something is wrong</h2>"
                "<p>Ask Information Governance for a copy of all that is held about you, or to put a mistake right.</p>"
                "<p>You can complain to the council. You can also complain to the Information Commissioner: "
                "<a href=\"https://ico.org.uk/make-a-complaint/\">ico.org.uk/make-a-complaint</a>, phone 0303 123 1113.</p>");
}

/* ---- this was for work ---- */

static bool is_marked(const struct asking *a, int64_t time)
{
    char name[32], value[8];

    snprintf(name, sizeof name, "t%lld", (long long)time);
    return asking_posted(a, name, value, sizeof value);
}

/* Marked events one after the other are one note. They are looked for among the person's own, newest first. */
static size_t take_marks(const struct asking *a, const struct telling *t, struct str words, struct note notes[MINE_EVENTS])
{
    size_t n = 0;
    bool before = false;

    for (unsigned i = 0; i < t->shown; i++) {
        bool marked = is_marked(a, t->times[i]);

        if (marked && before)
            notes[n - 1].from = t->times[i];
        else if (marked)
            notes[n++] = (struct note){a->now, t->times[i], t->times[i], words};
        before = marked;
    }
    return n;
}

static void take_note(struct asking *a, const struct telling *t)
{
    char words[NOTE_WORDS + 1];
    struct note notes[MINE_EVENTS];
    struct notes all = {.rows = notes};
    bool added;
    struct diag d;

    diag_init(&d);
    if (!asking_posted(a, "w", words, sizeof words) || !str_trim(str_of(words)).n) {
        asking_say(a, 400, "What was it for?", "Go back and write some words, 300 letters at most.");
        return;
    }
    all.n = take_marks(a, t, str_trim(str_of(words)), notes);
    memcpy(all.person, t->person, PSEUDONYM_SIZE);
    memcpy(all.nonce, a->form.nonce, ACT_NONCE);
    if (!all.n)
        asking_say(a, 400, "Which lines do you mean?", "Go back and mark at least one line.");
    else if (store_notes_add(a->house->store, &all, &added, &d) != 0)
        asking_say(a, 503, "Sorry, that did not work", "We could not write it down, so nothing has changed. Try again in a few "
                                                       "minutes.");
    else if (!added)
        asking_say(a, 409, "You have done this already", "This page was used before. Load it again.");
    else
        asking_say(a, 200, "We have noted it", "Your words stand beside what you marked, and will be in every report that is made "
                                               "of it.");
}

void page_mine(struct asking *a)
{
    struct telling t = {.asking = a};
    struct html *h = &a->html;
    struct diag d;

    diag_init(&d);
    t.known = asking_person(a, t.person);
    if (t.known)
        store_by_person(a->house->store, t.person, MINE_EVENTS, note_event, &t, &d);
    if (a->post) {
        take_note(a, &t);
        html_free(&t.codes);
        return;
    }
    a->status = 200;
    html_begin(h, "What is recorded about you");
    html_raw(h, "<p>You are signed in as <strong>");
    html_text(h, a->user);
    html_raw(h, "</strong>.</p>");
    html_p(h, "We do not record what you read, what you type or who you talk to.");
    put_events(a, &t);
    put_acts(a, &t);
    put_looks(a, &t);
    put_keeps(a);
    put_rights(h);
    html_end(h);
    html_free(&t.codes);
}
