/* The pages of cases: who may see one, the log of each look and step, and the list. To whoever has no part in a
 * case, and none of the profile's roles, there is no such page: nothing tells that there are cases. */
#include "portal/cases.h"

#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TRIES = 20, TRY_AGAIN = 50 * 1000000 /* ns: for a step that somebody takes on the command line */ };

static const struct case_page {
    const char *path, *look, *step; /* words of the log: of a GET, of a POST */
    bool of_a_case;
    void (*show)(struct visit *v);
} pages[] = {
    {"/cases", "list", "list", false, cases_list},
    {"/cases/ask", "form", "open", false, case_ask_page},
    {"/cases/authorise", "look", "authorise", true, case_authorise_page},
    {"/cases/tell", "look", "tell", true, case_tell_page},
    {"/cases/read", "look", "comment", true, case_read_page},
    {"/cases/report", "read", "read", true, case_report_page},
};

static const struct case_page *page_of(const char *path)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].path, path) == 0)
            return &pages[i];
    return NULL;
}

bool cases_path(const struct portal_house *house, const char *path)
{
    return house->cases && page_of(path);
}

/* ---- names ---- */

struct str visit_name(struct visit *v, struct str text)
{
    struct str name;

    if (!text.n || text.n > INPUT_NAME)
        return text;
    arena_reset(&v->arena);
    name = v->a->house->current(v->a->house->to, user_canonical(text, &v->arena));
    return str_of(pool_print(&v->pool, "%.*s", STR_ARG(name)));
}

json_t *visit_names(struct visit *v, const char *id, const char *label)
{
    struct str rest = typed(v, id);
    json_t *names = json_array();

    while (rest.n) {
        struct str line = str_cut(&rest, '\n');

        while (line.n) {
            struct str name = visit_name(v, str_trim(str_cut(&line, ',')));
            json_t *one = name.n ? json_stringn(name.p, name.n) : NULL;

            if (one)
                json_array_append_new(names, one);
            else if (name.n)
                fault(v, id, label, "holds characters that cannot be read");
        }
    }
    return names;
}

/* The same person, whatever each was called then. */
static bool is_them(struct visit *v, struct str name)
{
    return name.n && str_ieq(visit_name(v, name), v->a->user);
}

static bool among(struct visit *v, struct input_list names)
{
    INPUT_EACH(const struct str, names, one)
    if (is_them(v, *one))
        return true;
    return false;
}

static void to_today(struct visit *v, struct str *name)
{
    struct str today = visit_name(v, *name);

    if (!str_ieq(today, *name))
        *name = today;
}

static void all_to_today(struct visit *v, struct input_list names)
{
    INPUT_EACH(struct str, names, one)
    to_today(v, one);
}

/* So that the rules of report/case.h, which compare names, compare people. */
static void names_of_today(struct visit *v)
{
    struct case_file *c = &v->file;
    struct str before = c->subject.name, *former;

    to_today(v, &c->panel.asked_by.name);
    to_today(v, &c->panel.authorised_by.name);
    to_today(v, &c->panel.checked_by.name);
    to_today(v, &c->second.name);
    to_today(v, &c->proposed.authorised_by.name);
    to_today(v, &c->proposed.checked_by.name);
    all_to_today(v, c->readers);
    to_today(v, &c->subject.name);
    if (str_ieq(before, c->subject.name))
        return;
    former = pool_take(&v->pool, (c->subject.former_names.n + 1) * sizeof *former);
    if (!former)
        return;
    if (c->subject.former_names.n)
        memcpy(former, c->subject.former_names.p, c->subject.former_names.n * sizeof *former);
    former[c->subject.former_names.n] = before;
    c->subject.former_names = (struct input_list){former, c->subject.former_names.n + 1};
}

/* ---- who may ---- */

/* Whoever stands in two lists under whatever names may do nothing. */
static unsigned role_of(struct visit *v)
{
    const struct case_profile *p = &v->profile;
    unsigned role = (among(v, p->may_ask) ? ROLE_ASK : 0) |
                    (among(v, p->may_authorise) ? ROLE_AUTHORISE : 0) |
                    (among(v, p->may_release) ? ROLE_RELEASE : 0);

    return role & (role - 1) ? 0 : role;
}

static bool is_subject(struct visit *v)
{
    return is_them(v, v->file.subject.name) || among(v, v->file.subject.former_names);
}

static unsigned part_of(struct visit *v)
{
    const struct case_file *c = &v->file;
    enum case_state at = case_state_of(c);
    bool asker = is_them(v, c->panel.asked_by.name), reviewer = is_them(v, c->panel.checked_by.name) ||
                                                                is_them(v, c->proposed.checked_by.name);
    unsigned part = 0;

    if (is_subject(v)) /* where telling is put off, not even that there is a case */
        return c->panel.told_on ? PART_SUBJECT : 0;
    if (v->role == ROLE_ASK && asker)
        part |= PART_ASKER;
    if (v->role == ROLE_AUTHORISE && !asker && !reviewer && !among(v, v->profile.cannot_authorise) &&
        (at == CASE_ASKED || is_them(v, c->panel.authorised_by.name) || is_them(v, c->second.name)))
        part |= PART_DECIDER;
    if (v->role == ROLE_RELEASE && is_them(v, c->panel.checked_by.name))
        part |= PART_REVIEWER;
    if ((at == CASE_RELEASED || at == CASE_CLOSED) && among(v, c->readers))
        part |= PART_READER;
    return part;
}

/* One look at a file: 1 it is a case and there, 0 there is none, -1 it cannot be read. */
static int read_file(struct visit *v, struct str reference)
{
    struct str text = STR_NONE;
    int result;

    case_free(&v->file);
    v->file = (struct case_file){0};
    v->part = 0;
    if (!v->cases->has(v->cases->to, reference))
        return 0;
    result = v->cases->read(v->cases->to, reference, &text, &v->d);
    if (result == 0)
        result = case_read(text, &v->file, &v->d);
    free((char *)(uintptr_t)text.p);
    if (result != 0 || case_state_of(&v->file) == CASE_STATES ||
        !str_eq(v->file.panel.reference, reference))
        return -1;
    names_of_today(v);
    v->part = part_of(v);
    return 1;
}

/* A broken file is told to ICT alone: who had a part in it cannot be told. */
static void say_broken(struct visit *v, struct str reference)
{
    struct diag d;

    diag_init(&d);
    diag_error(&d, "the case ", pool_print(&v->pool, "%.*s", STR_ARG(reference)),
               " cannot be read, so nobody sees it: put its file right, or back from a copy");
    v->cases->say(v->cases->to, &d);
}

bool visit_read(struct visit *v, struct str reference)
{
    int there = read_file(v, reference);

    v->reference = reference;
    if (there < 0) {
        say_broken(v, reference);
        fault(v, NULL, NULL, "the case's file cannot be read");
    } else if (there == 0) {
        fault(v, NULL, NULL, "there is no such case");
    } else if (!v->part) {
        fault(v, NULL, NULL, "this person has no part in the case");
    }
    diag_init(&v->d);
    return there > 0 && v->part;
}

struct next_step visit_next(const struct visit *v)
{
    const struct case_file *c = &v->file;
    enum case_state at = case_state_of(c);
    bool late = !c->panel.told_on && c->panel.tell_on && at > CASE_AUTHORISED && at < CASE_CLOSED;
    bool mine = str_ieq(c->proposed.authorised_by.name, v->a->user);

    if (v->part & PART_ASKER && late)
        return (struct next_step){"cases/tell", "Tell the person"};
    if (at == CASE_CLOSED || c->panel.expires <= v->a->now)
        return (struct next_step){NULL, NULL};
    if (v->part & PART_DECIDER && at == CASE_ASKED && !mine)
        return (struct next_step){"cases/authorise", "Decide"};
    if (v->part & PART_ASKER && at == CASE_AUTHORISED)
        return (struct next_step){"cases/tell", "Tell the person"};
    return (struct next_step){NULL, NULL};
}

bool visit_may_read(const struct visit *v)
{
    enum case_state at = case_state_of(&v->file);

    return v->file.panel.expires > v->a->now &&
           ((v->part & PART_REVIEWER && at == CASE_MADE) ||
            (v->part & (PART_REVIEWER | PART_READER | PART_SUBJECT) && at == CASE_RELEASED));
}

/* ---- the log, and steps ---- */

/* The first message, without what somebody wrote: the log keeps no more of a person than it must. */
static const char *first_message(struct visit *v)
{
    struct str text = str_of(v->n_faults ? v->faults[0].text : v->d.n ? v->d.messages[0].text : "refused");
    size_t end = 0;

    while (end < text.n && !str_istarts(str_from(text, end), STR(" ('")))
        end++;
    return pool_print(&v->pool, "%.*s", (int)end, text.p);
}

static void cannot(struct visit *v, const struct diag *d)
{
    v->cases->say(v->cases->to, d);
    html_free(&v->a->html);
    asking_say(v->a, 503, "Sorry, that did not work",
               "Nothing was shown and nothing has changed. Try again in a few minutes. If it goes on, call the "
               "service desk.");
}

bool visit_log(struct visit *v, bool done)
{
    struct portal_look look = {v->step, v->a->user, v->reference, v->a->now, done ? "done" : "refused", NULL};
    struct diag d;

    diag_init(&d);
    look.why = done ? NULL : first_message(v);
    if (v->cases->log(v->cases->to, &look, &d) == 0)
        return true;
    cannot(v, &d);
    return false;
}

static void refuse(struct visit *v)
{
    if (visit_log(v, false) || !v->role) { /* to others the log's trouble is none */
        html_free(&v->a->html);
        asking_none(v->a);
    }
}

bool visit_proven(struct visit *v)
{
    if (!asking_from_us(v->a)) {
        fault(v, NULL, NULL, "a form that no page of ours sent");
        if (visit_log(v, false))
            asking_say(v->a, 403, "Please press the button again",
                       "This form did not come from the council's own page. Nothing was done.");
        return false;
    }
    v->sent = true;
    if (asking_has_form(v->a) && once_use(v->a->once, &v->a->form, FORM_SECONDS, v->a->now))
        return true;
    fault(v, NULL, NULL,
          "This page was used before, or was open for too long. Nothing was done just now. Look at it again, then "
          "press the button.");
    visit_log(v, false);
    return false;
}

bool visit_finish(struct visit *v, int result)
{
    struct diag d;

    if (result != 0 || v->n_faults) {
        visit_log(v, false);
        return false;
    }
    if (!visit_log(v, true))
        return false;
    diag_init(&d);
    if (v->cases->write(v->cases->to, &v->file, &d) == 0)
        return true;
    cannot(v, &d);
    return false;
}

bool visit_again(struct visit *v)
{
    struct fault kept[VISIT_FAULTS];
    size_t n = v->n_faults;
    bool there;

    memcpy(kept, v->faults, sizeof kept);
    there = visit_read(v, v->reference);
    memcpy(v->faults, kept, sizeof kept);
    v->n_faults = n;
    return there;
}

void visit_not_now(struct visit *v)
{
    const struct case_file *c = &v->file;
    bool ended = case_state_of(c) == CASE_CLOSED || c->panel.expires <= v->a->now;

    fault(v, NULL, NULL, ended ? "the case has ended" : "this step is not this person's, or not yet, or it was taken already");
    if (!visit_log(v, false))
        return;
    asking_say(v->a, ended ? 410 : 409, ended ? "This case has ended" : "There is nothing to do here now",
               ended ? "Nothing of it can be read or done any more."
                     : "This step is not yours, or somebody has taken it already. Look at your cases again.");
}

/* ---- the list ---- */

struct listing {
    struct visit *visit;
    struct str *references;
    size_t n;
};

static void take_reference(void *mine, struct str reference)
{
    struct listing *l = mine;
    struct str *all = pool_grow(&l->visit->pool, l->references, l->n, sizeof *all);

    if (!all)
        return;
    l->references = all;
    all[l->n++] = str_of(pool_print(&l->visit->pool, "%.*s", STR_ARG(reference)));
}

/* Newest last would be by name: references are the council's own, and are shown in their order. */
static void references_of(struct visit *v, struct listing *l)
{
    *l = (struct listing){.visit = v};
    v->cases->each(v->cases->to, take_reference, l, &v->d);
}

static const char *stands(const struct visit *v)
{
    const struct case_file *c = &v->file;

    if (c->declined.because.n)
        return "It was declined";
    if (case_state_of(c) == CASE_CLOSED)
        return "It is closed";
    if (c->panel.expires <= v->a->now)
        return "It has ended: its last day is over";
    if (case_state_of(c) == CASE_ASKED && c->proposed.authorised_by.name.n)
        return "It waits for a second approval";
    return NULL;
}

static void put_way(struct visit *v, struct next_step next)
{
    struct html *h = &v->a->html;

    if (!next.page)
        return;
    html_raw(h, "<a href=\"/");
    html_words(h, next.page);
    html_raw(h, "?c=");
    html_text(h, v->file.panel.reference);
    html_raw(h, "\">");
    html_words(h, next.words);
    html_raw(h, "<span class=\"away\"> (");
    html_text(h, v->file.panel.reference);
    html_raw(h, ")</span></a> ");
}

static void put_row(struct visit *v)
{
    static const char *const waits[CASE_STATES] = {
        [CASE_ASKED] = "It waits for somebody to authorise it",
        [CASE_AUTHORISED] = "It waits for the person to be told",
        [CASE_TOLD] = "It waits for the report to be made",
        [CASE_MADE] = "It waits for the review",
        [CASE_RELEASED] = "The report can be read",
        [CASE_CLOSED] = "It is closed",
    };
    struct html *h = &v->a->html;
    struct next_step next = visit_next(v);
    const char *words = stands(v);

    html_raw(h, "<tr><th scope=\"row\">");
    html_text(h, v->file.panel.reference);
    html_raw(h, "</th><td>");
    html_words(h, words ? words : waits[case_state_of(&v->file)]);
    html_raw(h, "</td><td>Last day: ");
    html_text(h, day_words(v, clock_local(v->file.panel.expires).day));
    html_raw(h, "</td><td>");
    put_way(v, next);
    if (visit_may_read(v))
        put_way(v, (struct next_step){"cases/read", case_state_of(&v->file) == CASE_MADE ? "Review" : "Read"});
    else if (!next.page)
        html_raw(h, "Nothing for you to do now");
    html_raw(h, "</td></tr>\n");
}

static void put_intro(struct visit *v)
{
    struct html *h = &v->a->html;

    if (v->role == ROLE_ASK)
        html_raw(h, "<p>You can ask for a report on how one person used social media sites.</p>"
                    "<p><a href=\"/cases/ask\">Ask for a usage report</a></p>\n");
    else if (v->role == ROLE_AUTHORISE)
        html_p(h, "You decide on requests for a report on one person.");
    else if (v->role == ROLE_RELEASE)
        html_p(h, "You review reports on one person, and release them.");
    html_p(h, "Each look at a case is noted with your name.");
}

void cases_list(struct visit *v)
{
    struct html rows = {0}, *h = &v->a->html;
    struct listing l;
    unsigned shown = 0, broken = 0;

    references_of(v, &l);
    for (size_t i = 0; i < l.n; i++) {
        int there = read_file(v, l.references[i]);

        if (there < 0)
            say_broken(v, l.references[i]);
        broken += there < 0;
        if (there > 0 && v->part) {
            put_row(v);
            shown++;
        }
    }
    rows = *h;
    *h = (struct html){0};
    diag_init(&v->d);
    if (!v->role && !shown) {
        fault(v, NULL, NULL, "this person has no part in any case");
        refuse(v);
    } else if (visit_log(v, true)) {
        v->a->status = 200;
        html_begin(h, "Your cases");
        put_intro(v);
        if (shown) {
            html_raw(h, "<table class=\"list\"><caption>Cases</caption><thead><tr><th scope=\"col\">Case</th><th "
                        "scope=\"col\">Where it stands</th><th scope=\"col\">It ends</th><th scope=\"col\">What "
                        "you can do</th></tr></thead><tbody>\n");
            html_bytes(h, (struct str){rows.p, rows.n});
            html_raw(h, "</tbody></table>\n");
        } else {
            html_p(h, "There is no case for you now.");
        }
        if (broken && v->role)
            html_p(h, "Some case cannot be read from the disk, so it is not shown here. Tell the service desk.");
        html_end(h);
    }
    html_free(&rows);
}

/* ---- from a request to a page ---- */

static void off_page(struct visit *v)
{
    struct html *h = &v->a->html;
    const struct portal_policy *p = v->a->house->policy(v->a->house->to);

    v->a->status = 200;
    html_begin(h, "No person is recorded here");
    html_raw(h, "<p>There are no reports on one person at <strong>");
    html_text(h, v->profile.council);
    html_raw(h, "</strong>.</p>");
    if (p->record != RECORD_PSEUDONYM)
        html_p(h, "The web gate does not note what any person does.");
    html_raw(h, "<h2>Why</h2><p>");
    html_text(h, v->profile.off_because);
    html_raw(h, "</p><h2>What would have to be decided first</h2><p>");
    html_text(h, v->profile.decide_first);
    html_raw(h, "</p>\n");
    html_end(h);
}

static bool read_profile(struct visit *v)
{
    struct str text = STR_NONE;
    bool good = v->cases->profile(v->cases->to, &text, &v->d) == 0 &&
                case_profile_read(text, &v->profile, &v->d) == 0;

    free((char *)(uintptr_t)text.p);
    if (!good) {
        v->cases->say(v->cases->to, &v->d);
        return false;
    }
    all_to_today(v, v->profile.cannot_authorise);
    all_to_today(v, v->profile.may_release);
    v->role = role_of(v);
    return true;
}

/* A step on the command line takes moments; a report takes longer. */
static bool locked(struct visit *v)
{
    struct diag d;
    int result = 1;

    diag_init(&d);
    for (int i = 0; i < TRIES && result == 1; i++) {
        if (i)
            nanosleep(&(struct timespec){0, TRY_AGAIN}, NULL);
        result = v->cases->lock(v->cases->to, &d);
    }
    if (result == 0)
        return true;
    if (result == 1)
        diag_error(&d, "somebody is at work on a case, so one look could not be noted, and showed nothing: by ",
                   pool_print(&v->pool, "%.*s", STR_ARG(v->a->user)), NULL);
    v->cases->say(v->cases->to, &d);
    if (v->role)
        asking_say(v->a, 503, "Somebody else is at work on a case",
                   "Nothing has changed. Go back and press the button again in a minute.");
    else
        asking_none(v->a);
    return false;
}

static void find_reference(struct visit *v, bool post, char room[INPUT_NAME + 1])
{
    if (post)
        v->reference = str_upto(typed(v, "c"), INPUT_NAME);
    else if (asking_query(v->a, "c", room, INPUT_NAME + 1))
        v->reference = str_of(room);
}

static void serve(struct visit *v, const struct case_page *page, bool post)
{
    char room[INPUT_NAME + 1];
    struct asking *a = v->a;

    if (!locked(v))
        return;
    if (page->of_a_case) {
        find_reference(v, post, room);
        v->reference = str_upto(v->reference, 64);
        snprintf(a->sealed, sizeof a->sealed, "%s %.*s", page->path + 1, STR_ARG(v->reference));
    } else {
        snprintf(a->sealed, sizeof a->sealed, "%s", page->path + 1);
    }
    a->post = post;
    if (page->of_a_case && !visit_read(v, v->reference))
        refuse(v);
    else if (!page->of_a_case && page->show != cases_list && v->role != ROLE_ASK) {
        fault(v, NULL, NULL, "this person may not ask for reports");
        refuse(v);
    } else if (a->too_long) {
        fault(v, NULL, NULL, "the form was too long");
        if (visit_log(v, false))
            asking_say(a, 413, "That was too long",
                       "Go back: what you wrote is still there. Each answer can have 8,000 letters at most.");
    } else {
        page->show(v);
        if (!a->html.n)
            refuse(v);
    }
    v->cases->unlock(v->cases->to);
}

static struct visit *visit_new(struct asking *a)
{
    struct visit *v = calloc(1, sizeof *v);

    if (!v)
        return NULL;
    v->a = a;
    v->cases = a->house->cases;
    diag_init(&v->d);
    arena_init(&v->arena, v->names, sizeof v->names);
    return v;
}

static void visit_free(struct visit *v)
{
    case_free(&v->file);
    case_profile_free(&v->profile);
    pool_free(&v->pool);
    free(v);
}

void cases_page(struct asking *a, const char *path, const char *method)
{
    bool post = strcmp(method, "POST") == 0;
    struct visit *v;

    if ((!post && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) ||
        !asking_signed_in(a, path, method) || !(v = visit_new(a))) {
        asking_none(a);
        return;
    }
    v->step = post ? page_of(path)->step : page_of(path)->look;
    if (!read_profile(v))
        asking_none(a);
    else if (v->profile.off_because.n)
        off_page(v);
    else
        serve(v, page_of(path), post);
    visit_free(v);
}

/* A link, for whom there is something to see; that they could look is no look. */
void cases_way(struct asking *a)
{
    struct visit *v = a->house->cases ? visit_new(a) : NULL;
    struct listing l = {0};
    bool has = false;

    if (!v)
        return;
    if (read_profile(v) && !v->profile.off_because.n) {
        has = v->role != 0;
        if (!has)
            references_of(v, &l);
        for (size_t i = 0; i < l.n && !has; i++)
            has = read_file(v, l.references[i]) > 0 && v->part;
    }
    if (has)
        html_raw(&a->html, "<p><a href=\"/cases\">Your cases</a></p>\n");
    visit_free(v);
}
