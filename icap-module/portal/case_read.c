/* Reading: the way to the report, what the person says to it, and its release by the reviewer. */
#include "portal/cases.h"

#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>

static const char heading[] = "Read a report";

static const struct field_of fields[] = {
    {"readers", "readers", "Who may read it"},
    {"third-parties-checked", "third-parties", "Other people"},
    {"never-log-checked", "never-log", "Sites that are never noted"},
    {"words", "words", "What the person says"},
};

/* ---- the page ---- */

static void put_comments(struct visit *v)
{
    struct html *h = &v->a->html;

    if (!v->file.comments.n)
        return;
    html_raw(h, "<h2>What was said to it</h2>\n");
    INPUT_EACH(const struct case_comment, v->file.comments, one)
    {
        html_raw(h, "<p>");
        html_time(h, one->at);
        html_raw(h, ", by <span class=\"said\">");
        html_text(h, one->by);
        html_raw(h, "</span></p><p class=\"note said\" dir=\"auto\">");
        html_text(h, one->words);
        html_raw(h, "</p>\n");
    }
}

static bool may_comment(const struct visit *v)
{
    return case_state_of(&v->file) == CASE_RELEASED && v->part & (PART_SUBJECT | PART_ASKER);
}

static void put_comment_form(struct visit *v)
{
    bool own = v->part & PART_SUBJECT;

    html_raw(&v->a->html,
             own ? "<h2>What do you say to it?</h2>\n" : "<h2>What does the person say to it?</h2>\n");
    html_p(&v->a->html,
           own ? "Is something wrong, or was it for work? Write it here. Your words stay beside the report, "
                 "and all its readers see them. You can write as often as you like."
               : "Write down what the person says, in their own words. Your name stands beside it.");
    form_open(v, "cases/read", "comment");
    put_area(v, &(struct input){"words", own ? "What you say" : "What the person says",
                                "At most 8,000 letters at a time.", NULL, STR_NONE});
    form_close(v, "Add this");
}

static void put_release_form(struct visit *v)
{
    struct input others = {"third-parties", "Other people", NULL, "checkbox", STR_NONE};
    struct input sites = {"never-log", "Sites that are never noted", NULL, "checkbox", STR_NONE};

    html_raw(&v->a->html, "<h2>Release it</h2>\n");
    html_p(&v->a->html,
           "Read the report first. The person can read it, too, once you release it, unless telling them "
           "was put off.");
    form_open(v, "cases/read", "release");
    put_area(v, &(struct input){"readers", "Who may read it",
                                "Sign-in names, one on each line. As few as you can.", "few",
                                v->file.panel.asked_by.name});
    group_open(v, &others, NULL);
    group_choice(v, &others, STR("yes"), STR("I have looked: nobody else can be recognised in it"));
    group_close(v);
    group_open(v, &sites, NULL);
    group_choice(v, &sites, STR("yes"), STR("I have looked: it holds no site that must not be noted"));
    group_close(v);
    form_close(v, "Release the report");
}

static void show(struct visit *v)
{
    struct html *h = &v->a->html;
    bool made = case_state_of(&v->file) == CASE_MADE;

    v->a->status = v->n_faults ? 422 : 200;
    page_open(v, made ? "Review a report" : heading);
    html_raw(h, "<p>Case <strong>");
    html_text(h, v->file.panel.reference);
    html_raw(h, "</strong>. It can be read until ");
    html_text(h, day_words(v, clock_local(v->file.panel.expires).day));
    html_raw(h, ".</p>\n");
    html_p(h, "Each look is noted with your name, and the person it is about can ask who looked. Do not pass "
              "the report "
              "on.");
    html_raw(h, "<p><a href=\"/cases/report?c=");
    html_text(h, v->reference);
    html_raw(h, "\">Open the report</a></p>\n");
    put_comments(v);
    if (may_comment(v))
        put_comment_form(v);
    if (made)
        put_release_form(v);
    page_close(v);
}

/* ---- the report ---- */

static void hex_of(struct str bytes, char hex[65])
{
    unsigned char digest[32];

    seal_sha256(bytes, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* The manifest is of this case and names this digest. */
static bool vouched_by(struct visit *v, struct str manifest, const char *hex)
{
    json_t *o = form_load(manifest, &v->d), *file;
    const char *of = json_string_value(json_object_get(o, "case"));
    bool good = false;
    size_t i;

    json_array_foreach(json_object_get(o, "files"), i, file)
    {
        const char *name = json_string_value(json_object_get(file, "name"));
        const char *sha = json_string_value(json_object_get(file, "sha256"));

        good |= name && sha && strcmp(name, "report.html") == 0 && strcmp(sha, hex) == 0;
    }
    good &= of && str_eq(str_of(of), v->file.panel.reference);
    json_decref(o);
    diag_init(&v->d);
    return good;
}

/* The report as it was made, and, once it is released, as it was then. False after a fault. */
static bool read_report(struct visit *v, struct str *html, char hex[65])
{
    struct str manifest = STR_NONE;
    bool good = false;

    *html = STR_NONE;
    if (v->cases->report(v->cases->to, v->file.panel.reference, "report.html", html, &v->d) != 0 ||
        v->cases->report(v->cases->to, v->file.panel.reference, "manifest.json", &manifest, &v->d) != 0) {
        fault(v, NULL, NULL, "The report does not lie where this page can read it yet");
    } else {
        hex_of(*html, hex);
        good = vouched_by(v, manifest, hex) && (!v->file.released.n || str_eq(v->file.released, str_of(hex)));
        if (!good)
            fault(v, NULL, NULL, "The report is not as it was when it was made or released");
    }
    diag_init(&v->d);
    free((char *)(uintptr_t)manifest.p);
    return good;
}

static struct str style_of(struct str html)
{
    static const struct str open = {"<style>", 7}, close = {"</style>", 8};
    size_t from = 0, to;

    while (from < html.n && !str_istarts(str_from(html, from), open))
        from++;
    from += open.n;
    to = from;
    while (to < html.n && !str_istarts(str_from(html, to), close))
        to++;
    return to < html.n ? (struct str){html.p + from, to - from} : STR_NONE;
}

static void say_unreadable(struct visit *v)
{
    const char *why = v->faults[0].text;

    v->a->status = 409;
    html_begin(&v->a->html, "The report cannot be shown");
    html_raw(&v->a->html, "<p>");
    html_words(&v->a->html, why);
    html_raw(&v->a->html, ". Tell information governance. Nothing of it was shown.</p>\n");
    page_close(v);
}

void case_report_page(struct visit *v)
{
    struct str html;
    char hex[65];

    if (v->a->post || !visit_may_read(v)) {
        visit_not_now(v);
        return;
    }
    if (!read_report(v, &html, hex)) {
        if (visit_log(v, false))
            say_unreadable(v);
    } else if (visit_log(v, true)) {
        html_policy_of(style_of(html), v->a->policy);
        v->a->status = 200;
        html_bytes(&v->a->html, html);
    }
    free((char *)(uintptr_t)html.p);
}

/* ---- the steps ---- */

/* Pinned to the bytes that the reviewer saw. */
static int release(struct visit *v, const struct case_step *s)
{
    json_t *o = new_object();
    struct str html;
    char hex[65];
    int result;

    put_object(o, "readers", visit_names(v, "readers", "Who may read it"));
    json_object_set_new(o, "third-parties-checked", json_boolean(typed(v, "third-parties").n > 0));
    json_object_set_new(o, "never-log-checked", json_boolean(typed(v, "never-log").n > 0));
    result = case_release(&v->file, s, text_of_object(v, o), &v->d);
    if (result == 0 && read_report(v, &html, hex)) {
        v->file.released = str_of(pool_print(&v->pool, "%s", hex));
        free((char *)(uintptr_t)html.p);
    }
    return result;
}

static int take(struct visit *v)
{
    struct case_step s = {v->a->user, v->a->now, &v->profile};

    if (form_is(v, "release") && v->part & PART_REVIEWER) {
        v->step = "release";
        return release(v, &s);
    }
    if (may_comment(v))
        return case_comment(&v->file, &s, typed_text(v, "words", "What the person says"), &v->d);
    fault(v, NULL, NULL, "This step is not yours");
    return -1;
}

static void say_done(struct visit *v)
{
    bool released = form_is(v, "release");

    v->a->status = 200;
    html_begin(&v->a->html, released ? "The report is released" : "Your words are added");
    html_p(&v->a->html, released ? "Its readers see it among their cases."
                                 : "All who read the report see them beside it.");
    page_close(v);
}

void case_read_page(struct visit *v)
{
    static const struct visit_step step = {show, take, say_done, fields, sizeof fields / sizeof *fields};

    visit_step(v, &step, visit_may_read(v));
}
