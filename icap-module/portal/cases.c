/* The pages of cases: from a request to its page, under the lock. To whoever has no part in a case, and none
 * of the profile's roles, there is no such page: nothing tells that there are cases. */
#include "portal/cases.h"

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
        diag_error(&d,
                   "somebody is at work on a case, so one look could not be noted, and showed nothing: by ",
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
        visit_refuse(v);
    else if (!page->of_a_case && page->show != cases_list && v->role != ROLE_ASK) {
        fault(v, NULL, NULL, "this person may not ask for reports");
        visit_refuse(v);
    } else if (a->too_long) {
        fault(v, NULL, NULL, "the form was too long");
        if (visit_log(v, false))
            asking_say(a, 413, "That was too long",
                       "Go back: what you wrote is still there. Each answer can have 8,000 letters at most.");
    } else {
        page->show(v);
        if (!a->html.n)
            visit_refuse(v);
    }
    v->cases->unlock(v->cases->to);
}

void cases_page(struct asking *a, const char *path, const char *method)
{
    bool post = strcmp(method, "POST") == 0;
    const struct case_page *page = page_of(path);
    struct visit *v;

    if (!page || (!post && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) ||
        !asking_signed_in(a, path, method) || !(v = visit_new(a))) {
        asking_none(a);
        return;
    }
    v->step = post ? page->step : page->look;
    if (!visit_profile(v))
        asking_none(a);
    else if (v->profile.off_because.n)
        off_page(v);
    else
        serve(v, page, post);
    visit_free(v);
}
