/* May there be a report, and do its fields fit each other? Each refusal names the field and says what to do.
 */
#include "report/browsing.h"
#include "report/input.h"

#include "core/clock.h"

#include <stdio.h>

static void check_period(const struct report_input *in, struct diag *d)
{
    const struct input_case *c = &in->panel;

    if (c->to < c->from)
        input_say(d, "case.to", "the period ends before it starts", STR_NONE);
    else if (c->to - c->from >= BROWSING_DAYS)
        input_say(d, "case.to", "the period is longer than 400 days: no record is kept that long", STR_NONE);
    if (c->to > clock_local(in->made).day)
        input_say(d, "case.to", "the period ends after the day on which the report is made", STR_NONE);
    if (c->expires <= in->made)
        input_say(d, "case.expires", "the case has expired: ask the authoriser anew", STR_NONE);
    if (in->number < 1 || in->number > in->of)
        input_say(d, "number", "is not one of the reports that 'of' counts", STR_NONE);
    if (!str_eq(in->format, STR("portreeve-report-1")))
        input_say(d, "format", "is not portreeve-report-1, the form that this version reads", in->format);
}

/* Two people decide, and neither of them about themselves. */
static void check_people(const struct report_input *in, struct diag *d)
{
    const struct input_case *c = &in->panel;

    if (str_ieq(c->asked_by.name, c->authorised_by.name))
        input_say(d, "case.authorised-by.name", "whoever asks cannot authorise: name another person",
                  c->authorised_by.name);
    if (str_ieq(c->asked_by.name, in->subject.name))
        input_say(d, "case.asked-by.name", "nobody asks for a report on themselves: that is subject-export",
                  c->asked_by.name);
    if (str_ieq(c->authorised_by.name, in->subject.name))
        input_say(d, "case.authorised-by.name", "nobody authorises a report on themselves",
                  c->authorised_by.name);
    if (str_ieq(c->checked_by.name, in->subject.name))
        input_say(d, "case.checked-by.name", "nobody checks a report on themselves", c->checked_by.name);
    if (in->subject.people == PEOPLE_SHARED || in->subject.people == PEOPLE_PUBLIC)
        input_say(
            d, "subject.people",
            "what several people or the public did is no one person's: it never enters a report by name",
            STR_NONE);
    if (in->subject.people == PEOPLE_MEMBER)
        input_say(d, "subject.people",
                  "a councillor's case takes its own route (the Monitoring Officer), not this one", STR_NONE);
}

static void say_told(struct diag *d, const char *prefix, const char *field, const char *what)
{
    char name[64];

    snprintf(name, sizeof name, "%s%s", prefix, field);
    input_say(d, name, what, STR_NONE);
}

void input_check_told(const struct input_case *c, const char *prefix, struct diag *d)
{
    bool deferred = c->deferred_because.n || c->tell_on;

    if (c->told_on && deferred)
        say_told(d, prefix, "told-on",
                 "the person was told, and telling was deferred: only one of them can be so");
    else if (c->told_on && !c->letter.n)
        say_told(d, prefix, "letter", "is missing: which letter told the person?");
    else if (!c->told_on && !deferred)
        say_told(
            d, prefix, "told-on",
            "is missing: tell the person first, or say why not ('deferred-because') and when ('tell-on')");
    else if (!c->told_on && !c->deferred_because.n)
        say_told(d, prefix, "deferred-because", "is missing: why was the person not told?");
    else if (!c->told_on && !c->tell_on)
        say_told(d, prefix, "tell-on", "is missing: when will the person be told?");
}

/* What the council has decided before anybody may be named: governance 1.13, 2.2 L5 and L17. */
static void check_policy(const struct input_policy *p, const char *field, struct diag *d)
{
    if (p->record != RECORD_PSEUDONYM)
        input_say(d, field,
                  "this policy records no person, so there can be no report on one: the council would first "
                  "have to add a monitoring clause, assess its impact and tell all staff. Version",
                  p->version);
    else if (!p->monitoring.clause.n)
        input_say(d, field,
                  "this policy has no monitoring clause: its owner would first have to add one. Version",
                  p->version);
    else if (!p->monitoring.dpia.n)
        input_say(d, field, "the impact of monitoring has not been assessed (dpia). Version", p->version);
    else if (!p->monitoring.notice_on)
        input_say(d, field, "staff have not been told of monitoring (notice-on). Version", p->version);
}

static bool in_force(const struct report_input *in, int32_t day)
{
    INPUT_EACH(const struct input_policy, in->policies, p)
    if (p->from <= day && (!p->until || day <= p->until))
        return true;
    return false;
}

static void check_policies(const struct report_input *in, struct diag *d)
{
    char field[64];
    size_t i = 0;

    INPUT_EACH(const struct input_policy, in->policies, p)
    {
        snprintf(field, sizeof field, "policies[%zu]", i++);
        check_policy(p, field, d);
    }
    for (int32_t day = in->panel.from; day <= in->panel.to; day++)
        if (!in_force(in, day)) {
            char date[10];

            clock_format_date(day, date);
            input_say(d, "policies", "no policy of the list was in force on",
                      (struct str){date, sizeof date});
            return;
        }
}

static const struct input_policy *policy_named(const struct report_input *in, struct str version)
{
    INPUT_EACH(const struct input_policy, in->policies, p)
    if (str_eq(p->version, version))
        return p;
    return NULL;
}

static bool rule_known(const struct input_policy *p, struct str id)
{
    if (id.n == 0 || str_eq(id, STR("default")))
        return true;
    INPUT_EACH(const struct input_rule, p->rules, r)
    if (str_eq(r->id, id))
        return true;
    return false;
}

static bool opened(const struct report_input *in, const struct input_event *e)
{
    int32_t day = clock_local(e->time).day;

    INPUT_EACH(const struct input_epoch, in->opening, o)
    if (o->from <= day && day <= o->to && memcmp(o->pseudonym, e->pseudonym, INPUT_PSEUDONYM) == 0)
        return true;
    return false;
}

static bool named(struct input_list names, struct str id)
{
    INPUT_EACH(const struct str, names, name)
    if (str_eq(*name, id))
        return true;
    return false;
}

static const char *wrong_with(const struct report_input *in, const struct input_event *e)
{
    int32_t day = clock_local(e->time).day;
    const struct input_policy *p = policy_named(in, e->policy);
    bool known = false;

    INPUT_EACH(const struct input_platform, in->platforms, at)
    known = known || str_eq(at->id, e->platform);
    if (!opened(in, e))
        return "is not this person's by the opening: it must not be in this report";
    if (day < in->panel.from || day > in->panel.to)
        return "lies outside the period of the case: it must not be in this report";
    if (in->panel.platforms.n && !named(in->panel.platforms, e->platform))
        return "is of a platform that the case does not name: it must not be in this report";
    if (!known)
        return "is of a platform that 'platforms' does not name";
    if (!p)
        return "was judged by a policy that 'policies' does not hold";
    return rule_known(p, e->rule) ? NULL : "was decided by a rule that its policy does not hold";
}

static void check_events(const struct report_input *in, struct diag *d)
{
    char field[64];
    size_t i = 0;

    if (in->platforms.n > BROWSING_PLATFORMS)
        input_say(d, "platforms", "more than 64: a report can tell no more apart", STR_NONE);
    INPUT_EACH(const struct input_event, in->events, e)
    {
        const char *what = wrong_with(in, e);

        snprintf(field, sizeof field, "events[%zu]", i++);
        if (what)
            input_say(d, field, what, STR_NONE);
    }
}

static void check_spans(const struct report_input *in, struct diag *d)
{
    INPUT_EACH(const struct input_gap, in->gaps, g)
    if (g->to < g->from)
        input_say(d, "gaps", "one ends before it starts:", g->what);
    INPUT_EACH(const struct input_note, in->notes, n)
    if (n->to < n->from)
        input_say(d, "notes", "one ends before it starts:", n->words);
    INPUT_EACH(const struct input_claim, in->claims, c)
    {
        if (c->to < c->from)
            input_say(d, "claims", "one ends before it starts:", c->what);
        if (!str_eq(c->what, STR("work")) && !str_eq(c->what, STR("break")))
            input_say(d, "claims", "are of 'work' or 'break', not of", c->what);
    }
    INPUT_EACH(const struct input_epoch, in->opening, o)
    if (o->to < o->from)
        input_say(d, "opening", "an epoch ends before it starts:", o->epoch);
    if (in->pattern.windows.n > BROWSING_WINDOWS || in->pattern.off.n > BROWSING_DAYS)
        input_say(d, "pattern", "has more windows or days off than can be taken (32, 400)", STR_NONE);
    INPUT_EACH(const struct input_window, in->pattern.windows, w)
    if (w->to <= w->from)
        input_say(d, "pattern.windows", "one ends before it starts: hours over midnight are two windows",
                  STR_NONE);
}

void input_check(const struct report_input *in, struct diag *d)
{
    check_period(in, d);
    check_people(in, d);
    input_check_told(&in->panel, "case.", d);
    if (in->panel.to < in->panel.from)
        return; /* nothing else can be judged */
    check_policies(in, d);
    check_events(in, d);
    check_spans(in, d);
}
