/* Asking for a report: the form of a request, and the step "open". */
#include "portal/cases.h"

#include <stdio.h>

static const char heading[] = "Ask for a usage report";

static const struct field_of fields[] = {
    {"profile.monitoring.clause", NULL,
     "The council has not named the clause that lets it do this. Tell ICT."},
    {"profile.monitoring.dpia", NULL, "The council has not named its impact assessment here. Tell ICT."},
    {"profile.monitoring.notice-on", NULL,
     "The council has not said on which day all staff were told of checks. Tell ICT."},
    {"case.reference", "reference", "Case reference"},
    {"case.asked-by.role", "role", "Your job"},
    {"case.asked-by", "subject", "Sign-in name"},
    {"subject.name", "subject", "Sign-in name"},
    {"subject.former-names", "former", "Earlier sign-in names"},
    {"alert", "alert", "Alert reference"},
    {"subject.people", "people", "What they are"},
    {"case.reason", "reason", "Reason"},
    {"case.facts", "facts", "What happened"},
    {"case.raised-by", "raised-by", "Who raised it"},
    {"case.raised-on", "raised-on", "Raised on"},
    {"case.from", "from", "First day"},
    {"case.to", "to", "Last day"},
    {"case.platforms", "site", "Sites"},
    {"case.expires", "expires", "The case ends on"},
    {"pattern.source", "source", "Where the hours come from"},
    {"pattern", "hours", "Agreed working hours"},
};

static const struct weekday {
    const char *word, *name, *from, *to;
} weekdays[] = {
    {"mon", "Monday", "mon-from", "mon-to"},    {"tue", "Tuesday", "tue-from", "tue-to"},
    {"wed", "Wednesday", "wed-from", "wed-to"}, {"thu", "Thursday", "thu-from", "thu-to"},
    {"fri", "Friday", "fri-from", "fri-to"},    {"sat", "Saturday", "sat-from", "sat-to"},
    {"sun", "Sunday", "sun-from", "sun-to"},
};

enum { DAYS = sizeof weekdays / sizeof *weekdays };

static const struct {
    const char *word, *label;
} kinds[] = {
    {"employee", "An employee"},
    {"agency", "A worker from an agency"},
    {"casual", "A casual worker"},
    {"consultant", "A consultant"},
    {"interim", "Somebody in a post for a time"},
    {"volunteer", "A volunteer"},
    {"member", "A councillor"},
    {"shared", "Several people who share a sign-in"},
};

/* ---- the form ---- */

static void put_intro(struct visit *v)
{
    struct html *h = &v->a->html;
    const struct portal_policy *p = v->a->house->policy(v->a->house->to);

    html_p(
        h,
        "A second person reads what you write here and decides. The person it is about can read it, too, so "
        "write what you would say to them.");
    if (p->record != RECORD_PSEUDONYM)
        html_raw(h, "<p class=\"note\">The council's policy does not record what people do at present. A "
                    "report would "
                    "be empty.</p>\n");
}

static void put_who(struct visit *v)
{
    struct input kind = {"people", "What they are", NULL, "radio", STR_NONE};

    put_input(
        v, &(struct input){"reference", "Case reference",
                           "Such as HR-2026-014. Letters, digits, dots and dashes. Do not put a name in it.",
                           NULL, STR_NONE});
    put_input(v, &(struct input){"role", "Your job", "Such as HR adviser.", NULL, STR_NONE});
    html_raw(&v->a->html, "<h2>Who it is about</h2>\n");
    put_input(v, &(struct input){"subject", "Sign-in name",
                                 "The name with which they sign in to a computer, such as a.user.", NULL,
                                 STR_NONE});
    put_area(v, &(struct input){"former", "Earlier sign-in names (if any)",
                                "If their name has changed. One on each line.", "few", STR_NONE});
    put_input(v, &(struct input){"alert", "Alert reference (if there was one)",
                                 "If the case began with an alert from the web gate.", NULL, STR_NONE});
    group_open(v, &kind, NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        group_choice(v, &kind, str_of(kinds[i].word), str_of(kinds[i].label));
    group_close(v);
}

static void put_why(struct visit *v)
{
    struct input reason = {"reason", "Reason", "These are the words of the council's own document.", "radio",
                           STR_NONE};

    html_raw(&v->a->html, "<h2>Why</h2>\n");
    group_open(v, &reason, NULL);
    INPUT_EACH(const struct input_reason, v->profile.reasons, r)
    group_choice(
        v, &reason, r->id,
        str_of(pool_print(&v->pool, "%.*s (clause %.*s)", STR_ARG(r->sentence), STR_ARG(r->clause))));
    group_close(v);
    put_area(v, &(struct input){"facts", "What happened",
                                "Facts only, with dates. Leave out the person's health, "
                                "beliefs and union.",
                                NULL, STR_NONE});
    put_input(v, &(struct input){"raised-by", "Who raised it", "Such as: the line manager.", NULL, STR_NONE});
    put_input(v, &(struct input){"raised-on", "Raised on", "A date, such as 18 3 2026.", "day", STR_NONE});
}

static void put_scope(struct visit *v)
{
    struct input sites = {"site", "Sites",
                          "Tick the ones that the reason is about. With no tick, all of them count.",
                          "checkbox", STR_NONE};
    struct str id, name;

    html_raw(&v->a->html, "<h2>How much</h2>\n");
    put_input(v, &(struct input){
                     "from", "First day",
                     pool_print(&v->pool,
                                "A date, such as 2 3 2026. Keep the time as short as you can. More than %d "
                                "days need two people to approve. Nothing older than %u days is kept.",
                                CASE_USUAL_DAYS, (unsigned)v->profile.retention),
                     "day", STR_NONE});
    put_input(v, &(struct input){"to", "Last day", "A date, such as 15 3 2026.", "day", STR_NONE});
    group_open(v, &sites, "sites");
    for (size_t i = 0; v->cases->site(v->cases->to, i, &id, &name); i++)
        group_choice(v, &sites, id, name);
    group_close(v);
    put_input(v, &(struct input){"expires", "The case ends on",
                                 "After this day nobody can make or read a report for it.", "day", STR_NONE});
}

static void put_hours(struct visit *v)
{
    struct html *h = &v->a->html;
    struct input group = {"hours", "Agreed working hours",
                          "Leave days without work empty. Times are on the 24-hour clock, such as 08:30.",
                          NULL, STR_NONE};

    html_raw(h, "<h2>Working hours</h2>\n");
    html_p(h,
           "The report tells work time from own time by these hours. Leave all of them empty if they are not "
           "known: then it does not tell the two apart.");
    group_open(v, &group, NULL);
    for (size_t i = 0; i < DAYS; i++) {
        html_raw(h, "<div class=\"hours\">");
        put_input(v, &(struct input){weekdays[i].from, pool_print(&v->pool, "%s from", weekdays[i].name),
                                     NULL, "clock", STR_NONE});
        put_input(v, &(struct input){weekdays[i].to, pool_print(&v->pool, "%s to", weekdays[i].name), NULL,
                                     "clock", STR_NONE});
        html_raw(h, "</div>");
    }
    html_raw(h, "<div class=\"hours\">");
    put_input(v, &(struct input){"break-from", "Break from", NULL, "clock", STR_NONE});
    put_input(v, &(struct input){"break-to", "Break to", NULL, "clock", STR_NONE});
    html_raw(h, "</div>");
    group_close(v);
    put_input(v, &(struct input){"source", "Where the hours come from", "Such as: the HR record of 1 March.",
                                 NULL, STR_NONE});
    put_area(v, &(struct input){"off", "Days off in that time (if any)",
                                "Leave and illness, one date on each line. Do "
                                "not write why.",
                                "few", STR_NONE});
}

static void show(struct visit *v)
{
    v->a->status = v->n_faults ? 422 : 200;
    v->reference = STR_NONE;
    page_open(v, heading);
    put_intro(v);
    form_open(v, "cases/ask", "ask");
    put_who(v);
    put_why(v);
    put_scope(v);
    put_hours(v);
    form_close(v, "Send the request");
    page_close(v);
}

/* ---- what was typed, as a request (report/case.h) ---- */

struct window {
    struct str from, to;
    const char *days, *names;
};

struct windows {
    struct window rows[2 * DAYS];
    size_t n;
};

static void add_window(struct visit *v, struct windows *w, const struct weekday *day, struct str from,
                       struct str to)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq(w->rows[i].from, from) && str_eq(w->rows[i].to, to)) {
            w->rows[i].days = pool_print(&v->pool, "%s %s", w->rows[i].days, day->word);
            w->rows[i].names = pool_print(&v->pool, "%s, %s", w->rows[i].names, day->name);
            return;
        }
    w->rows[w->n++] = (struct window){from, to, day->word, day->name};
}

static void read_windows(struct visit *v, struct windows *w)
{
    struct str away = typed_clock(v, "break-from", "Break from"),
               back = typed_clock(v, "break-to", "Break to");

    if (away.n && back.n ? str_cmp(away, back) >= 0 : away.n != back.n)
        fault(v, away.n ? "break-to" : "break-from", "The break",
              "write when it begins and when it ends, the earlier "
              "time first");
    for (size_t i = 0; i < DAYS; i++) {
        struct str from = typed_clock(v, weekdays[i].from, weekdays[i].name),
                   to = typed_clock(v, weekdays[i].to, weekdays[i].name);

        if (!from.n && !to.n)
            continue;
        if (!from.n || !to.n || str_cmp(from, to) >= 0) {
            fault(v, from.n ? weekdays[i].to : weekdays[i].from, weekdays[i].name,
                  "write when work begins and when it ends, the earlier time first");
        } else if (away.n && back.n && str_cmp(from, away) < 0 && str_cmp(back, to) < 0) {
            add_window(v, w, &weekdays[i], from, away);
            add_window(v, w, &weekdays[i], back, to);
        } else {
            add_window(v, w, &weekdays[i], from, to);
        }
    }
}

/* Nothing where no hours are given, and no source for them. */
static json_t *pattern_of(struct visit *v)
{
    struct windows w = {.n = 0};
    json_t *o = json_object(), *list = json_array(), *off = json_array();
    const char *words = "";
    struct str rest = typed(v, "off");

    read_windows(v, &w);
    for (size_t i = 0; i < w.n; i++) {
        json_t *one = json_object();

        put_str(one, "days", str_of(w.rows[i].days));
        put_str(one, "from", w.rows[i].from);
        put_str(one, "to", w.rows[i].to);
        json_array_append_new(list, one);
        words = pool_print(&v->pool, "%s%s%s %.*s to %.*s", words, *words ? "; " : "", w.rows[i].names,
                           STR_ARG(w.rows[i].from), STR_ARG(w.rows[i].to));
    }
    while (rest.n) {
        struct str line = str_trim(str_cut(&rest, '\n')), day = line.n ? day_of(v, line) : STR_NONE;

        if (day.n)
            json_array_append_new(off, json_stringn(day.p, day.n));
        else if (line.n)
            fault(v, "off", "Days off", "write one date on each line, such as 18 3 2026");
    }
    put_str(o, "words", str_of(words));
    put_typed(v, o, "source", "source", "Where the hours come from");
    if (!w.n && json_object_size(o))
        fault(v, "hours", "Agreed working hours", "write the hours that this source gives");
    json_object_set_new(o, "windows", list);
    if (json_array_size(off))
        json_object_set(o, "off", off);
    json_decref(off);
    if (w.n || typed(v, "source").n)
        return o;
    json_decref(o);
    return NULL;
}

/* The sign-in name as it is today; the one that was written is an earlier one. */
static json_t *subject_of(struct visit *v)
{
    json_t *o = json_object(), *former = visit_names(v, "former", "Earlier sign-in names");
    struct str written = typed(v, "subject"), today = visit_name(v, written);

    if (written.n && !json_object_set_new(o, "name", json_stringn(today.p, today.n)) && today.n &&
        user_is_address(today))
        fault(v, "subject", "Sign-in name", "this is the address of a machine, not a person");
    if (written.n && !json_object_get(o, "name"))
        fault(v, "subject", "Sign-in name", "holds characters that cannot be read");
    if (!written.n && typed(v, "alert").n)
        fault(v, "subject", "Sign-in name",
              "alerts cannot be looked up here: ask information governance who it is");
    put_typed(v, o, "people", "people", "What they are");
    if (!json_object_get(o, "people"))
        fault(v, "people", "What they are", "choose one");
    if (json_array_size(former))
        json_object_set(o, "former-names", former);
    json_decref(former);
    return o;
}

static json_t *sites_of(struct visit *v)
{
    json_t *list = json_array();
    struct str id, name;

    for (size_t i = 0; v->cases->site(v->cases->to, i, &id, &name); i++)
        if (typed_holds(v, "site", id))
            json_array_append_new(list, json_stringn(id.p, id.n));
    return list;
}

/* To the end of that day. */
static struct str expiry_of(struct visit *v)
{
    struct str day = typed_day(v, "expires", "The case ends on");

    return day.n ? str_of(pool_print(&v->pool, "%.*sT22:59:59Z", STR_ARG(day))) : day;
}

static json_t *panel_of(struct visit *v)
{
    json_t *o = json_object(), *reason = json_object(), *by = json_object(), *sites = sites_of(v);

    put_typed(v, o, "reference", "reference", "Case reference");
    put_typed(v, reason, "id", "reason", "Reason");
    put_object(o, "reason", reason);
    put_typed(v, o, "facts", "facts", "What happened");
    put_typed(v, o, "raised-by", "raised-by", "Who raised it");
    put_str(o, "raised-on", typed_day(v, "raised-on", "Raised on"));
    put_str(by, "name", v->a->user);
    put_typed(v, by, "role", "role", "Your job");
    put_object(o, "asked-by", by);
    put_str(o, "from", typed_day(v, "from", "First day"));
    put_str(o, "to", typed_day(v, "to", "Last day"));
    if (json_array_size(sites))
        json_object_set(o, "platforms", sites);
    json_decref(sites);
    put_str(o, "expires", expiry_of(v));
    return o;
}

static struct str request_of(struct visit *v)
{
    json_t *o = json_object(), *pattern = pattern_of(v);

    put_object(o, "case", panel_of(v));
    put_object(o, "subject", subject_of(v));
    if (pattern)
        put_object(o, "pattern", pattern);
    put_typed(v, o, "alert", "alert", "Alert reference");
    return text_of_object(v, o);
}

static void say_sent(struct visit *v)
{
    struct html *h = &v->a->html;

    v->a->status = 200;
    html_begin(h, "Your request is sent");
    html_raw(h, "<p>Case <strong>");
    html_text(h, v->reference);
    html_raw(h, "</strong> waits for somebody to authorise it. No report is made until then.</p>\n");
    html_p(h, "Once it is authorised, tell the person. The page with your cases shows you when.");
    page_close(v);
}

static void open_case(struct visit *v)
{
    struct case_step s = {v->a->user, v->a->now, &v->profile};
    int result = case_read(request_of(v), &v->file, &v->d);

    v->reference = str_upto(typed(v, "reference"), 64);
    if (v->cases->know(v->cases->to, &v->file, &v->d) != 0)
        result = -1;
    if (case_open(&v->file, &s, &v->d) != 0)
        result = -1;
    if (v->cases->has(v->cases->to, v->file.panel.reference))
        fault(v, "reference", "Case reference", "there is such a case already: choose another");
    faults_of_step(v, fields, sizeof fields / sizeof *fields);
    if (visit_finish(v, result))
        say_sent(v);
    else if (!v->a->status)
        show(v);
}

void case_ask_page(struct visit *v)
{
    if (v->a->post && visit_proven(v))
        open_case(v);
    else if (!v->a->status && (v->a->post || visit_log(v, true)))
        show(v);
}
