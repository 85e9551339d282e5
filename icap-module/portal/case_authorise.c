/* Deciding on a request: the six questions, a narrower scope, a second approval, or no. */
#include "portal/cases.h"

#include "core/clock.h"

static const char heading[] = "Decide on a request";

static const struct question {
    const char *field, *label, *hint;
} questions[] = {
    {"notice", "Was the person told before?",
     "How did they learn that the council may check this, and what it looks at?"},
    {"extent", "How far does it go?", "Think of the days, the sites, and who will read the report."},
    {"reasons", "Why is it right to look?", "Say which reasons are strong enough for a look at one person."},
    {"less-intrusive", "Is there a milder way?",
     "Could you talk to the person first? Why is that not enough?"},
    {"consequences", "What can come of it for the person?", "Say what the report will be used for."},
    {"safeguards", "What protects the person?", "Such as few readers, a chance to answer, and an end."},
};

enum { QUESTIONS = sizeof questions / sizeof *questions };

static const struct field_of fields[] = {
    {"authorised-by.role", "role", "Your job"},
    {"second.role", "role", "Your job"},
    {"checked-by", "reviewer", "Who reviews the report"},
    {"answers.notice", "notice", "Was the person told before?"},
    {"answers.extent", "extent", "How far does it go?"},
    {"answers.reasons", "reasons", "Why is it right to look?"},
    {"answers.less-intrusive", "less-intrusive", "Is there a milder way?"},
    {"answers.consequences", "consequences", "What can come of it for the person?"},
    {"answers.safeguards", "safeguards", "What protects the person?"},
    {"from", "from", "First day"},
    {"platforms", "site", "Sites"},
    {"declined.because", "because", "Why not"},
};

/* ---- the form ---- */

static void put_questions(struct visit *v)
{
    html_raw(&v->a->html, "<h2>Six questions</h2>\n");
    html_p(&v->a->html,
           "A court asks these six when an employer looks at what a person does. Your answers stand in "
           "the report, and the person can read them.");
    for (size_t i = 0; i < QUESTIONS; i++)
        put_area(v,
                 &(struct input){questions[i].field, questions[i].label, questions[i].hint, NULL, STR_NONE});
}

static void put_sites(struct visit *v)
{
    const struct input_list *asked = &v->file.panel.platforms;
    struct input some = {"site", "Sites", "Untick what is not needed.", "checkbox", STR("*")};
    struct input all = {"site", "Sites", "All of them are asked for. Tick some, and only those count.",
                        "checkbox", STR_NONE};
    struct str id, name;

    group_open(v, asked->n ? &some : &all, "sites");
    INPUT_EACH(const struct str, *asked, one)
    group_choice(v, &some, *one, v->a->house->platform(v->a->house->to, *one));
    for (size_t i = 0; !asked->n && v->cases->site(v->cases->to, i, &id, &name); i++)
        group_choice(v, &all, id, name);
    group_close(v);
}

static void put_scope(struct visit *v)
{
    html_raw(&v->a->html, "<h2>Make it smaller</h2>\n");
    html_p(&v->a->html, "You can take days and sites away. You cannot add any.");
    put_input(v, &(struct input){"from", "First day", "A date, such as 2 3 2026.", "day",
                                 day_words(v, v->file.panel.from)});
    put_input(v, &(struct input){"to", "Last day",
                                 pool_print(&v->pool, "More than %d days need a second person to approve.",
                                            CASE_USUAL_DAYS),
                                 "day", day_words(v, v->file.panel.to)});
    put_sites(v);
}

static void put_reviewers(struct visit *v)
{
    struct input group = {"reviewer", "Who reviews the report",
                          "They look if anybody else is seen in it, and release it to its readers.", "radio",
                          STR_NONE};

    group_open(v, &group, NULL);
    INPUT_EACH(const struct str, v->profile.may_release, one)
    group_choice(v, &group, *one, *one);
    if (!v->profile.may_release.n)
        html_p(&v->a->html, "The council has named nobody. Tell ICT.");
    group_close(v);
}

static void put_approval(struct visit *v)
{
    form_open(v, "cases/authorise", "authorise");
    put_questions(v);
    put_scope(v);
    html_raw(&v->a->html, "<h2>People</h2>\n");
    put_reviewers(v);
    put_input(v, &(struct input){"role", "Your job", "Such as Head of HR.", NULL, STR_NONE});
    form_close(v, "Authorise the report");
}

static void put_first_approval(struct visit *v)
{
    const struct case_authorisation *a = &v->file.proposed;
    const struct str answers[QUESTIONS] = {a->answers.notice,       a->answers.extent,
                                           a->answers.reasons,      a->answers.less_intrusive,
                                           a->answers.consequences, a->answers.safeguards};

    facts_open(v, "The first approval");
    put_fact(v, "Approved by", a->authorised_by.name);
    put_fact(v, "First day", day_words(v, a->from ? a->from : v->file.panel.from));
    put_fact(v, "Last day", day_words(v, a->to ? a->to : v->file.panel.to));
    put_fact(v, "Sites that are left", list_words(v, a->platforms));
    put_fact(v, "Who reviews the report", a->checked_by.name);
    for (size_t i = 0; i < QUESTIONS; i++)
        put_fact(v, questions[i].label, answers[i]);
    facts_close(v);
    html_p(&v->a->html, "So many days need a second approval. It is yours to give or not.");
    form_open(v, "cases/authorise", "second");
    put_input(v, &(struct input){"role", "Your job", "Such as Chief Executive.", NULL, STR_NONE});
    form_close(v, "Approve this, too");
}

static void put_refusal(struct visit *v)
{
    html_raw(&v->a->html, "<h2>Or say no</h2>\n");
    html_p(&v->a->html, "The case is closed then, and no report is made.");
    form_open(v, "cases/authorise", "decline");
    put_area(v, &(struct input){"because", "Why not", NULL, NULL, STR_NONE});
    form_close_second(v, "Decline the request");
}

static void show(struct visit *v)
{
    bool first = !v->file.proposed.authorised_by.name.n;

    v->a->status = v->n_faults ? 422 : 200;
    page_open(v, heading);
    put_case(v);
    if (first)
        put_approval(v);
    else
        put_first_approval(v);
    put_refusal(v);
    page_close(v);
}

/* ---- the steps ---- */

static json_t *person(struct visit *v, struct str name, struct str role)
{
    json_t *o = new_object();

    (void)v;
    put_str(o, "name", name);
    put_str(o, "role", role);
    return o;
}

static struct str reviewer(struct visit *v)
{
    struct str chosen = typed(v, "reviewer");

    INPUT_EACH(const struct str, v->profile.may_release, one)
    if (str_eq(*one, chosen))
        return *one;
    fault(v, "reviewer", "Who reviews the report", "choose one of them");
    return STR_NONE;
}

static json_t *sites(struct visit *v)
{
    json_t *list = json_array();
    struct str one;

    for (size_t i = 0; (one = typed_nth(v, "site", i)).n; i++)
        json_array_append_new(list, json_stringn(one.p, one.n));
    return list;
}

static struct str authorisation(struct visit *v, struct str from, struct str to)
{
    json_t *o = new_object(), *answers = new_object(), *by = new_object(), *platforms = sites(v);

    put_str(by, "name", v->a->user);
    put_typed(v, by, "role", "role", "Your job");
    put_object(o, "authorised-by", by);
    put_object(o, "checked-by", person(v, reviewer(v), STR("Information Governance")));
    for (size_t i = 0; i < QUESTIONS; i++)
        put_typed(v, answers, questions[i].field, questions[i].field, questions[i].label);
    put_object(o, "answers", answers);
    put_str(o, "from", from);
    put_str(o, "to", to);
    if (json_array_size(platforms))
        json_object_set(o, "platforms", platforms);
    json_decref(platforms);
    return text_of_object(v, o);
}

static int32_t day_number(struct str iso, int32_t otherwise)
{
    int64_t utc;

    return iso.n && clock_parse(iso, &utc) == 0 ? clock_local(utc).day : otherwise;
}

static int approve(struct visit *v, const struct case_step *s)
{
    struct str from = typed_day(v, "from", "First day"), to = typed_day(v, "to", "Last day");
    int32_t days = day_number(to, v->file.panel.to) - day_number(from, v->file.panel.from) + 1;
    struct str text = authorisation(v, from, to);

    if (days <= CASE_USUAL_DAYS)
        return case_authorise(&v->file, s, text, &v->d);
    v->step = "propose";
    return case_propose(&v->file, s, text, &v->d);
}

static int take(struct visit *v)
{
    struct case_step s = {v->a->user, v->a->now, &v->profile};

    if (form_is(v, "authorise"))
        return approve(v, &s);
    v->step = form_is(v, "second") ? "second" : "decline";
    if (form_is(v, "second"))
        return case_second(&v->file, &s, typed_text(v, "role", "Your job"), &v->d);
    return case_decline(&v->file, &s, typed_text(v, "because", "Why not"), &v->d);
}

static void say_done(struct visit *v)
{
    const struct case_file *c = &v->file;

    v->a->status = 200;
    if (c->declined.because.n) {
        html_begin(&v->a->html, "The request is declined");
        html_p(&v->a->html, "The case is closed. No report is made.");
    } else if (case_state_of(c) == CASE_ASKED) {
        html_begin(&v->a->html, "It waits for a second approval");
        html_p(&v->a->html,
               "So many days need two people. Another person who may authorise sees it among their cases.");
    } else {
        html_begin(&v->a->html, "The report is authorised");
        html_p(&v->a->html, "Next, the person is told, or telling is put off for a reason.");
    }
    page_close(v);
}

void case_authorise_page(struct visit *v)
{
    static const struct visit_step step = {show, take, say_done, fields, sizeof fields / sizeof *fields};

    visit_step(v, &step, visit_is_next(v, "cases/authorise"));
}
