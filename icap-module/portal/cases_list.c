/* A person's cases, and whether there is a way to them. */
#include "portal/cases.h"

#include "core/clock.h"

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
        put_way(v,
                (struct next_step){"cases/read", case_state_of(&v->file) == CASE_MADE ? "Review" : "Read"});
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
        int there = visit_look(v, l.references[i]);

        if (there < 0)
            visit_broken(v, l.references[i]);
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
        visit_refuse(v);
    } else if (visit_log(v, true)) {
        v->a->status = 200;
        html_begin(h, "Your cases");
        put_intro(v);
        if (shown) {
            html_raw(
                h, "<table class=\"list\"><caption>Cases</caption><thead><tr><th scope=\"col\">Case</th><th "
                   "scope=\"col\">Where it stands</th><th scope=\"col\">It ends</th><th scope=\"col\">What "
                   "you can do</th></tr></thead><tbody>\n");
            html_bytes(h, (struct str){rows.p, rows.n});
            html_raw(h, "</tbody></table>\n");
        } else {
            html_p(h, "There is no case for you now.");
        }
        if (broken && v->role)
            html_p(h,
                   "Some case cannot be read from the disk, so it is not shown here. Tell the service desk.");
        html_end(h);
    }
    html_free(&rows);
}

/* A link, for whom there is something to see; that they could look is no look. */
void cases_way(struct asking *a)
{
    struct visit *v = a->house->cases ? visit_new(a) : NULL;
    struct listing l = {0};
    bool has = false;

    if (!v)
        return;
    if (visit_profile(v) && !v->profile.off_because.n) {
        has = v->role != 0;
        if (!has)
            references_of(v, &l);
        for (size_t i = 0; i < l.n && !has; i++)
            has = visit_look(v, l.references[i]) > 0 && v->part;
    }
    if (has)
        html_raw(&a->html, "<p><a href=\"/cases\">Your cases</a></p>\n");
    visit_free(v);
}
