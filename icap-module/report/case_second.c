/* Authorising by two, each by an act of their own; and declining. */
#include "report/case_internal.h"

int case_propose(struct case_file *c, const struct case_step *s, struct str text, struct diag *d)
{
    struct case_authorisation a = {0};
    struct form_target to = {&a, &c->pool, FORM_WHOLE};
    unsigned before = d->errors;
    struct case_file trial;

    case_check_step(c, s, CASE_ASKED, d);
    if (c->proposed.authorised_by.name.n)
        input_say(d, "state", "somebody has approved it already; it waits for the second approval", STR_NONE);
    if (case_read_text(text, &case_authorisation_form, &to, d) != 0)
        return -1;
    if (!case_is(s->by, a.authorised_by.name))
        input_say(d, "authorised-by.name", "whoever takes this step authorises: this is somebody else",
                  a.authorised_by.name);
    if (a.second.name.n)
        input_say(d, "second", "the second approval is given by that person, not for them", a.second.name);
    trial = *c; /* shares the pool, of which nothing more is taken */
    case_decide(&trial, s, &a, d);
    if (!case_is_wide(&trial))
        input_say(d, "second", "so few days need no second approval", STR_NONE);
    c->proposed = a;
    return d->errors == before ? 0 : -1;
}

int case_second(struct case_file *c, const struct case_step *s, struct str role, struct diag *d)
{
    struct case_authorisation a = c->proposed;
    unsigned before = d->errors;

    case_check_step(c, s, CASE_ASKED, d);
    if (!a.authorised_by.name.n) {
        input_say(d, "state", "nobody has given the first approval yet", STR_NONE);
        return -1;
    }
    case_want(role, "second.role", d);
    if (case_is(s->by, a.checked_by.name))
        input_say(d, "second.name", "whoever reviews the report does not approve it, too", s->by);
    a.second = (struct input_person){s->by, input_clean(&c->pool, str_upto(role, INPUT_NAME), false)};
    if (role.n > INPUT_NAME || a.second.role.n > INPUT_NAME)
        input_say(d, "second.role", "has more than 200 bytes", STR_NONE);
    case_decide(c, s, &a, d);
    return d->errors == before ? 0 : -1;
}

int case_decline(struct case_file *c, const struct case_step *s, struct str because, struct diag *d)
{
    struct case_refusal r = {.by = s->by, .on = case_today(s)};
    unsigned before = d->errors;

    case_check_step(c, s, CASE_ASKED, d);
    case_check_decider(c, s, s->by, "by", d);
    r.because = input_clean(&c->pool, str_upto(because, INPUT_TEXT), true);
    case_want(r.because, "declined.because", d);
    if (because.n > INPUT_TEXT || r.because.n > INPUT_TEXT)
        input_say(d, "declined.because", "has more than 8,000 bytes", STR_NONE);
    c->declined = r;
    c->proposed = (struct case_authorisation){0};
    c->outcome = STR("keep");
    case_go_to(c, CASE_CLOSED);
    return d->errors == before ? 0 : -1;
}
