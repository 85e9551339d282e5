/* The later steps: tell, make, release, comment, hold, close. */
#include "report/case_internal.h"

#include <stddef.h>

#define ROW(type, name, kind, need, member)                                                                  \
    {                                                                                                        \
        name, kind, need, offsetof(type, member), NULL, 0, (enum word_list_id)0                              \
    }

/* ---- tell ---- */

static const struct field tell_fields[] = {
    ROW(struct input_case, "told-on", FIELD_DAY, OPTIONAL, told_on),
    ROW(struct input_case, "letter", FIELD_NAME, OPTIONAL, letter),
    ROW(struct input_case, "deferred-because", FIELD_TEXT, OPTIONAL, deferred_because),
    ROW(struct input_case, "tell-on", FIELD_DAY, OPTIONAL, tell_on),
};
static const struct form tell_form = {tell_fields, 4, sizeof(struct input_case)};

/* Telling was put off, and comes now: also in a case that has expired. */
static bool is_late(const struct case_file *c)
{
    enum case_state at = case_state_of(c);

    return !c->panel.told_on && c->panel.tell_on && at > CASE_AUTHORISED && at < CASE_CLOSED;
}

/* Told, or put off with a reason and a day: exactly one of them. */
int case_tell(struct case_file *c, const struct case_step *s, struct str text, struct diag *d)
{
    struct input_case told = {0};
    struct form_target to = {&told, &c->pool, FORM_WHOLE};
    unsigned before = d->errors;

    bool late = is_late(c);

    if (!late)
        case_check_step(c, s, CASE_AUTHORISED, d);
    case_check_named(c, d);
    if (case_read_text(text, &tell_form, &to, d) != 0)
        return -1;
    input_check_told(&told, "", d);
    if (late && !told.told_on && d->errors == before)
        input_say(d, "told-on", "is missing: telling can be put off once", STR_NONE);
    if (told.told_on > case_today(s))
        input_say(d, "told-on", "is a day that has not come", STR_NONE);
    if (told.tell_on && told.tell_on <= case_today(s))
        input_say(d, "tell-on", "is no day to come", STR_NONE);
    c->panel.told_on = told.told_on;
    c->panel.letter = told.letter;
    c->panel.deferred_because = told.deferred_because;
    c->panel.tell_on = told.tell_on;
    if (!late)
        case_go_to(c, CASE_TOLD);
    return d->errors == before ? 0 : -1;
}

/* ---- report, release ---- */

int case_report(struct case_file *c, const struct case_step *s, struct diag *d)
{
    unsigned before = d->errors;

    case_check_step(c, s, CASE_TOLD, d);
    c->reports++;
    case_go_to(c, CASE_MADE);
    return d->errors == before ? 0 : -1;
}

struct release {
    struct input_list readers;
    bool third_parties, never_log;
};

static const struct field release_fields[] = {
    ROW(struct release, "readers", FIELD_NAMES, NEEDED, readers),
    ROW(struct release, "third-parties-checked", FIELD_BOOL, NEEDED, third_parties),
    ROW(struct release, "never-log-checked", FIELD_BOOL, NEEDED, never_log),
};
static const struct form release_form = {release_fields, 3, sizeof(struct release)};

/* By Information Governance alone, to readers by name. */
int case_release(struct case_file *c, const struct case_step *s, struct str text, struct diag *d)
{
    struct release r = {0};
    struct form_target to = {&r, &c->pool, FORM_WHOLE};
    unsigned before = d->errors;

    case_check_step(c, s, CASE_MADE, d);
    if (!case_is(s->by, c->panel.checked_by.name))
        input_say(d, "by", "only the case's own reviewer releases it: ask", c->panel.checked_by.name);
    if (case_read_text(text, &release_form, &to, d) != 0)
        return -1;
    if (!r.third_parties)
        input_say(d, "third-parties-checked", "must be done first: is anybody else to be seen in it?",
                  STR_NONE);
    if (!r.never_log)
        input_say(d, "never-log-checked", "must be done first: is a site in it that is never to be recorded?",
                  STR_NONE);
    if (!r.readers.n)
        input_say(d, "readers", "name at least one", STR_NONE);
    c->readers = r.readers;
    case_go_to(c, CASE_RELEASED);
    return d->errors == before ? 0 : -1;
}

/* ---- comment, hold, close ---- */

static int add_comment(struct case_file *c, const struct case_comment *comment)
{
    struct case_comment *all = pool_take(&c->pool, (c->comments.n + 1) * sizeof *all);

    if (!all)
        return -1;
    if (c->comments.n)
        memcpy(all, c->comments.p, c->comments.n * sizeof *all);
    all[c->comments.n] = *comment;
    c->comments = (struct input_list){all, c->comments.n + 1};
    return 0;
}

/* The person's words, brought by the person or by whoever took them down: also in a case that has expired. */
int case_comment(struct case_file *c, const struct case_step *s, struct str words, struct diag *d)
{
    struct case_comment comment = {s->now, s->by, input_clean(&c->pool, str_upto(words, INPUT_TEXT), true)};
    enum case_state at = case_state_of(c);

    if (at != CASE_MADE && at != CASE_RELEASED) {
        input_say(d, "state", "there is no report yet to comment on, or the case is closed; it waits for:",
                  str_of(case_waits_for(c)));
        return -1;
    }
    if (words.n > INPUT_TEXT || comment.words.n > INPUT_TEXT) {
        input_say(d, "words", "are longer than 8,000 bytes: bring them in parts, so that nothing is lost",
                  STR_NONE);
        return -1;
    }
    if (!comment.words.n) {
        input_say(d, "words", "are missing", STR_NONE);
        return -1;
    }
    return add_comment(c, &comment) == 0 ? 0 : diag_error(d, "out of memory", NULL, NULL);
}

/* A hold keeps what the case rests on from being erased; it is looked at again on a day. */
int case_hold(struct case_file *c, const struct case_step *s, struct str text, struct diag *d)
{
    struct case_hold hold = {0};
    struct form_target to = {&hold, &c->pool, FORM_WHOLE};
    unsigned before = d->errors;

    if (case_about_themselves(c, s->by))
        input_say(d, "by", "nobody takes a step in a case about themselves, but for a comment", s->by);
    if (case_read_text(text, &case_hold_form, &to, d) != 0)
        return -1;
    if (hold.review_on <= case_today(s))
        input_say(d, "review-on", "is no day to come", STR_NONE);
    hold.by = s->by;
    c->hold = hold;
    return d->errors == before ? 0 : -1;
}

int case_close(struct case_file *c, const struct case_step *s, struct str outcome, struct diag *d)
{
    bool erase = str_eq(outcome, STR("erase"));
    unsigned before = d->errors;

    if (case_state_of(c) == CASE_CLOSED)
        input_say(d, "state", "the case is closed already", STR_NONE);
    if (case_about_themselves(c, s->by))
        input_say(d, "by", "nobody takes a step in a case about themselves, but for a comment", s->by);
    if (!erase && !str_eq(outcome, STR("keep")))
        input_say(d, "outcome", "is neither keep nor erase", outcome);
    if (erase && c->hold.because.n)
        input_say(d, "outcome", "a hold keeps this case: nothing of it may be erased. Held because",
                  c->hold.because);
    if (!c->panel.told_on && c->panel.tell_on && case_state_of(c) >= CASE_MADE)
        input_say(d, "case.told-on",
                  "telling the person was put off and has not been done: tell them before the case is closed",
                  STR_NONE);
    c->outcome = outcome;
    case_go_to(c, CASE_CLOSED);
    return d->errors == before ? 0 : -1;
}
