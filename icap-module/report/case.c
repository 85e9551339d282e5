/* Where a case stands, and what its steps ask in common. */
#include "report/case_internal.h"

#include "core/clock.h"

#include <stdio.h>

static const struct {
    const char *word, *waits;
} states[] = {
#define CASE(name, word, waits) {word, waits},
#include "report/case_states.def"
#undef CASE
};

enum case_state case_state_of(const struct case_file *c)
{
    for (unsigned i = 0; i < CASE_STATES; i++)
        if (str_eq(c->state, str_of(states[i].word)))
            return (enum case_state)i;
    return CASE_STATES;
}

const char *case_waits_for(const struct case_file *c)
{
    enum case_state s = case_state_of(c);

    return s < CASE_STATES ? states[s].waits : "?";
}

void case_go_to(struct case_file *c, enum case_state s)
{
    c->state = str_of(states[s].word);
}

bool case_is(struct str a, struct str b)
{
    return a.n > 0 && str_ieq(a, b);
}

void case_want(struct str value, const char *field, struct diag *d)
{
    if (!value.n)
        input_say(d, field, "is missing", STR_NONE);
}

bool case_about_themselves(const struct case_file *c, struct str name)
{
    if (case_is(name, c->subject.name))
        return true;
    INPUT_EACH(const struct str, c->subject.former_names, former)
    if (case_is(name, *former))
        return true;
    return false;
}

/* The steps from a state on, until the case ends. */
void case_check_step(const struct case_file *c, const struct case_step *s, enum case_state from,
                     struct diag *d)
{
    enum case_state at = case_state_of(c);
    char what[160];

    if (at == CASE_STATES)
        input_say(d, "state", "is no state of a case", c->state);
    else if (at != from) {
        snprintf(what, sizeof what, "the case is '%s'; this step is for one that is '%s'. It waits for: %s",
                 states[at].word, states[from].word, states[at].waits);
        input_say(d, "state", what, STR_NONE);
    }
    if (c->panel.expires <= s->now)
        input_say(d, "case.expires", "the case has expired: nothing more may be made of it; open a new one",
                  STR_NONE);
    if (case_about_themselves(c, s->by))
        input_say(d, "by", "nobody takes a step in a case about themselves, but for a comment", s->by);
}

int32_t case_today(const struct case_step *s)
{
    return clock_local(s->now).day;
}

int case_read_text(struct str text, const struct form *form, const struct form_target *to, struct diag *d)
{
    json_t *root = form_load(text, d);
    int result = root ? form_read(root, form, to, d) : -1;

    json_decref(root);
    return result;
}
