/* The first two steps: somebody asks, somebody else decides. */
#include "report/case_internal.h"

#include "core/clock.h"
#include "report/browsing.h"

#include <stddef.h>
#include <stdio.h>

/* ---- open ---- */

static void check_profile(const struct case_profile *p, struct diag *d)
{
    char what[DIAG_TEXT];

    if (p->off_because.n) {
        snprintf(what, sizeof what,
                 "there are no reports by name at this council: %.*s First to be decided: %.*s",
                 STR_ARG(p->off_because), STR_ARG(p->decide_first));
        input_say(d, "profile", what, STR_NONE);
        return;
    }
    case_want(p->monitoring.clause, "profile.monitoring.clause", d);
    case_want(p->monitoring.dpia, "profile.monitoring.dpia", d);
    if (!p->monitoring.notice_on)
        input_say(d, "profile.monitoring.notice-on", "is missing: on which day were all staff told?",
                  STR_NONE);
}

/* The reference names a file, too. */
static void check_reference(struct str reference, struct diag *d)
{
    case_want(reference, "case.reference", d);
    for (size_t i = 0; i < reference.n; i++) {
        char c = reference.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (i > 0 && (c == '-' || c == '_' || c == '.'));

        if (!plain || reference.n > 64) {
            input_say(d, "case.reference",
                      "has other characters than letters, digits, '-', '_' and '.', or more than 64",
                      reference);
            return;
        }
    }
}

/* The reason's words are the profile's: what HR writes adds to them, and never replaces them. */
static void take_reason(struct case_file *c, const struct case_profile *p, struct diag *d)
{
    case_want(c->panel.reason.id, "case.reason.id", d);
    INPUT_EACH(const struct input_reason, p->reasons, r)
    if (str_eq(r->id, c->panel.reason.id)) {
        c->panel.reason = *r;
        return;
    }
    if (c->panel.reason.id.n)
        input_say(d, "case.reason.id", "is no reason of the council's own document", c->panel.reason.id);
}

static void check_period(const struct case_file *c, const struct case_step *s, struct diag *d)
{
    const struct input_case *p = &c->panel;

    if (!p->from)
        input_say(d, "case.from", "is missing", STR_NONE);
    if (!p->to)
        input_say(d, "case.to", "is missing", STR_NONE);
    if (!p->from || !p->to)
        return;
    if (p->to < p->from)
        input_say(d, "case.to", "the period ends before it starts", STR_NONE);
    if (p->to > case_today(s))
        input_say(d, "case.to", "the period ends after today", STR_NONE);
    if ((int64_t)p->from < (int64_t)case_today(s) - (int64_t)s->profile->retention ||
        p->to - p->from >= BROWSING_DAYS)
        input_say(d, "case.from",
                  "the period begins before what is still kept: nothing is there to report on", STR_NONE);
}

void case_check_people(const struct case_file *c, struct diag *d)
{
    if (c->subject.people == PEOPLE_MEMBER)
        input_say(d, "subject.people", "a councillor's case takes its own route (the Monitoring Officer)",
                  STR_NONE);
    if (c->subject.people == PEOPLE_SHARED || c->subject.people == PEOPLE_PUBLIC)
        input_say(d, "subject.people", "what several people or the public did is no one person's", STR_NONE);
}

static void check_subject(const struct case_file *c, const struct case_step *s, struct diag *d)
{
    if (c->alert.n && !c->subject.name.n)
        case_check_alert(c, d);
    else
        case_want(c->subject.name, "subject.name", d);
    if (case_about_themselves(c, c->panel.asked_by.name))
        input_say(d, "case.asked-by.name", "nobody asks for a report on themselves: that is subject-export",
                  c->panel.asked_by.name);
    if (c->panel.asked_by.name.n && !case_is(s->by, c->panel.asked_by.name))
        input_say(d, "case.asked-by.name", "whoever opens the case asks for it: this is somebody else",
                  c->panel.asked_by.name);
    case_check_people(c, d);
}

int case_open(struct case_file *c, const struct case_step *s, struct diag *d)
{
    unsigned before = d->errors;
    const struct input_case *p = &c->panel;

    check_profile(s->profile, d);
    check_reference(p->reference, d);
    take_reason(c, s->profile, d);
    check_period(c, s, d);
    check_subject(c, s, d);
    case_want(p->facts, "case.facts", d);
    case_want(p->raised_by, "case.raised-by", d);
    case_want(p->asked_by.name, "case.asked-by.name", d);
    case_want(p->asked_by.role, "case.asked-by.role", d);
    if (!p->raised_on || p->raised_on > case_today(s))
        input_say(d, "case.raised-on", "is missing, or a day that has not come", STR_NONE);
    if (p->expires <= s->now)
        input_say(d, "case.expires", "is missing, or past", STR_NONE);
    if (c->has_pattern && (!c->pattern.windows.n || !c->pattern.source.n))
        input_say(d, "pattern.source", "agreed hours need their windows and their source", STR_NONE);
    if (c->state.n || p->authorised_by.name.n || p->told_on || p->answers.notice.n || c->second.name.n)
        input_say(d, "state", "a request holds nothing that a later step adds", STR_NONE);
    case_go_to(c, CASE_ASKED);
    return d->errors == before ? 0 : -1;
}

/* ---- authorise ---- */

#define T struct case_authorisation
#define ROW(name, kind, need, member, of)                                                                    \
    {                                                                                                        \
        name, kind, need, offsetof(T, member), of, 0, (enum word_list_id)0                                   \
    }
static const struct field authorisation_fields[] = {
    ROW("authorised-by", FIELD_OBJECT, NEEDED, authorised_by, &input_person_form),
    ROW("checked-by", FIELD_OBJECT, NEEDED, checked_by, &input_person_form),
    ROW("second", FIELD_OBJECT, OPTIONAL, second, &input_person_form),
    ROW("answers", FIELD_OBJECT, NEEDED, answers, &input_answers_form),
    ROW("from", FIELD_DAY, OPTIONAL, from, NULL),
    ROW("to", FIELD_DAY, OPTIONAL, to, NULL),
    ROW("platforms", FIELD_NAMES, OPTIONAL, platforms, NULL),
};
const struct form case_authorisation_form = {authorisation_fields, 7, sizeof(T)};
#undef T

/* Two deciders, neither of them the asker or the person, nor whom the profile excludes. */
void case_check_decider(const struct case_file *c, const struct case_step *s, struct str name,
                        const char *field, struct diag *d)
{
    if (case_is(name, c->panel.asked_by.name))
        input_say(d, field, "whoever asks cannot decide: name another person", name);
    if (case_about_themselves(c, name))
        input_say(d, field, "nobody decides about themselves", name);
    INPUT_EACH(const struct str, s->profile->cannot_authorise, excluded)
    if (case_is(name, *excluded))
        input_say(d, field, "the council's rules exclude this person from deciding", name);
}

static bool among(struct input_list names, struct str name)
{
    INPUT_EACH(const struct str, names, one)
    if (str_eq(*one, name))
        return true;
    return false;
}

/* The authoriser may narrow what was asked for, and never widen it. */
static void narrow(struct case_file *c, const struct case_authorisation *a, struct diag *d)
{
    int32_t from = a->from ? a->from : c->panel.from, to = a->to ? a->to : c->panel.to;

    if (from < c->panel.from || to > c->panel.to || to < from)
        input_say(d, "from", "the period may be made narrower than what was asked for, never wider",
                  STR_NONE);
    INPUT_EACH(const struct str, a->platforms, p)
    if (c->panel.platforms.n && !among(c->panel.platforms, *p))
        input_say(d, "platforms", "a site may be taken away from what was asked for, never added", *p);
    c->panel.from = from;
    c->panel.to = to;
    if (a->platforms.n)
        c->panel.platforms = a->platforms;
}

bool case_is_wide(const struct case_file *c)
{
    return c->panel.to - c->panel.from + 1 > CASE_USUAL_DAYS;
}

void case_decide(struct case_file *c, const struct case_step *s, const struct case_authorisation *a,
                 struct diag *d)
{
    case_check_decider(c, s, a->authorised_by.name, "authorised-by.name", d);
    case_check_decider(c, s, a->checked_by.name, "checked-by.name", d);
    case_check_decider(c, s, a->second.name, "second.name", d);
    if (case_is(a->second.name, a->authorised_by.name))
        input_say(d, "second.name", "the second approval is another person's", a->second.name);
    if (case_is(a->checked_by.name, a->authorised_by.name))
        input_say(d, "checked-by.name", "whoever authorises does not check it, too", a->checked_by.name);
    narrow(c, a, d);
    c->panel.authorised_by = a->authorised_by;
    c->panel.checked_by = a->checked_by;
    c->panel.answers = a->answers;
    c->second = a->second;
    c->proposed = (struct case_authorisation){0};
    case_go_to(c, CASE_AUTHORISED);
}

int case_authorise(struct case_file *c, const struct case_step *s, struct str text, struct diag *d)
{
    struct case_authorisation a = {0};
    struct form_target to = {&a, &c->pool, FORM_WHOLE};
    unsigned before = d->errors;

    case_check_step(c, s, CASE_ASKED, d);
    if (case_read_text(text, &case_authorisation_form, &to, d) != 0)
        return -1;
    if (!case_is(s->by, a.authorised_by.name))
        input_say(d, "authorised-by.name", "whoever takes this step authorises: this is somebody else",
                  a.authorised_by.name);
    case_decide(c, s, &a, d);
    if (case_is_wide(c) && !a.second.name.n)
        input_say(d, "second", "is missing: more than 28 days need a second approval", STR_NONE);
    return d->errors == before ? 0 : -1;
}
