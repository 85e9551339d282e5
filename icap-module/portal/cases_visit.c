/* One visit: who may see which case, and the log and the writing of each look and step. */
#include "portal/cases.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- names ---- */

struct str visit_name(struct visit *v, struct str text)
{
    struct str name;

    if (!text.n || text.n > INPUT_NAME)
        return text;
    arena_reset(&v->arena);
    name = v->a->house->current(v->a->house->to, user_canonical(text, &v->arena));
    return str_of(pool_print(&v->pool, "%.*s", STR_ARG(name)));
}

json_t *visit_names(struct visit *v, const char *id, const char *label)
{
    struct str rest = typed(v, id);
    json_t *names = json_array();

    while (rest.n) {
        struct str line = str_cut(&rest, '\n');

        while (line.n) {
            struct str name = visit_name(v, str_trim(str_cut(&line, ',')));
            json_t *one = name.n ? json_stringn(name.p, name.n) : NULL;

            if (one)
                json_array_append_new(names, one);
            else if (name.n)
                fault(v, id, label, "holds characters that cannot be read");
        }
    }
    return names;
}

/* The same person, whatever each was called then. */
static bool is_them(struct visit *v, struct str name)
{
    return name.n && str_ieq(visit_name(v, name), v->a->user);
}

static bool among(struct visit *v, struct input_list names)
{
    INPUT_EACH(const struct str, names, one)
    if (is_them(v, *one))
        return true;
    return false;
}

static void to_today(struct visit *v, struct str *name)
{
    struct str today = visit_name(v, *name);

    if (!str_ieq(today, *name))
        *name = today;
}

static void all_to_today(struct visit *v, struct input_list names)
{
    INPUT_EACH(struct str, names, one)
    to_today(v, one);
}

/* So that the rules of report/case.h, which compare names, compare people. */
static void names_of_today(struct visit *v)
{
    struct case_file *c = &v->file;
    struct str before = c->subject.name, *former;

    to_today(v, &c->panel.asked_by.name);
    to_today(v, &c->panel.authorised_by.name);
    to_today(v, &c->panel.checked_by.name);
    to_today(v, &c->second.name);
    to_today(v, &c->proposed.authorised_by.name);
    to_today(v, &c->proposed.checked_by.name);
    all_to_today(v, c->readers);
    to_today(v, &c->subject.name);
    if (str_ieq(before, c->subject.name))
        return;
    former = pool_take(&v->pool, (c->subject.former_names.n + 1) * sizeof *former);
    if (!former)
        return;
    if (c->subject.former_names.n)
        memcpy(former, c->subject.former_names.p, c->subject.former_names.n * sizeof *former);
    former[c->subject.former_names.n] = before;
    c->subject.former_names = (struct input_list){former, c->subject.former_names.n + 1};
}

/* ---- who may ---- */

/* Whoever stands in two lists under whatever names may do nothing. */
static unsigned role_of(struct visit *v)
{
    const struct case_profile *p = &v->profile;
    unsigned role = (among(v, p->may_ask) ? ROLE_ASK : 0) |
                    (among(v, p->may_authorise) ? ROLE_AUTHORISE : 0) |
                    (among(v, p->may_release) ? ROLE_RELEASE : 0);

    return role & (role - 1) ? 0 : role;
}

static bool is_subject(struct visit *v)
{
    return is_them(v, v->file.subject.name) || among(v, v->file.subject.former_names);
}

static unsigned part_of(struct visit *v)
{
    const struct case_file *c = &v->file;
    enum case_state at = case_state_of(c);
    bool asker = is_them(v, c->panel.asked_by.name),
         reviewer = is_them(v, c->panel.checked_by.name) || is_them(v, c->proposed.checked_by.name);
    unsigned part = 0;

    if (is_subject(v)) /* where telling is put off, not even that there is a case */
        return c->panel.told_on ? PART_SUBJECT : 0;
    if (v->role == ROLE_ASK && asker)
        part |= PART_ASKER;
    if (v->role == ROLE_AUTHORISE && !asker && !reviewer && !among(v, v->profile.cannot_authorise) &&
        (at == CASE_ASKED || is_them(v, c->panel.authorised_by.name) || is_them(v, c->second.name)))
        part |= PART_DECIDER;
    if (v->role == ROLE_RELEASE && is_them(v, c->panel.checked_by.name))
        part |= PART_REVIEWER;
    if ((at == CASE_RELEASED || at == CASE_CLOSED) && among(v, c->readers))
        part |= PART_READER;
    return part;
}

/* One look at a file: 1 it is a case and there, 0 there is none, -1 it cannot be read. */
int visit_look(struct visit *v, struct str reference)
{
    struct str text = STR_NONE;
    int result;

    case_free(&v->file);
    v->file = (struct case_file){0};
    v->part = 0;
    if (!v->cases->has(v->cases->to, reference))
        return 0;
    result = v->cases->read(v->cases->to, reference, &text, &v->d);
    if (result == 0)
        result = case_read(text, &v->file, &v->d);
    free((char *)(uintptr_t)text.p);
    if (result != 0 || case_state_of(&v->file) == CASE_STATES || !str_eq(v->file.panel.reference, reference))
        return -1;
    names_of_today(v);
    v->part = part_of(v);
    return 1;
}

/* A broken file is told to ICT alone: who had a part in it cannot be told. */
void visit_broken(struct visit *v, struct str reference)
{
    struct diag d;

    diag_init(&d);
    diag_error(&d, "the case ", pool_print(&v->pool, "%.*s", STR_ARG(reference)),
               " cannot be read, so nobody sees it: put its file right, or back from a copy");
    v->cases->say(v->cases->to, &d);
}

bool visit_read(struct visit *v, struct str reference)
{
    int there = visit_look(v, reference);

    v->reference = reference;
    if (there < 0) {
        visit_broken(v, reference);
        fault(v, NULL, NULL, "the case's file cannot be read");
    } else if (there == 0) {
        fault(v, NULL, NULL, "there is no such case");
    } else if (!v->part) {
        fault(v, NULL, NULL, "this person has no part in the case");
    }
    diag_init(&v->d);
    return there > 0 && v->part;
}

struct next_step visit_next(const struct visit *v)
{
    const struct case_file *c = &v->file;
    enum case_state at = case_state_of(c);
    bool late = !c->panel.told_on && c->panel.tell_on && at > CASE_AUTHORISED && at < CASE_CLOSED;
    bool mine = str_ieq(c->proposed.authorised_by.name, v->a->user);

    if (v->part & PART_ASKER && late)
        return (struct next_step){"cases/tell", "Tell the person"};
    if (at == CASE_CLOSED || c->panel.expires <= v->a->now)
        return (struct next_step){NULL, NULL};
    if (v->part & PART_DECIDER && at == CASE_ASKED && !mine)
        return (struct next_step){"cases/authorise", "Decide"};
    if (v->part & PART_ASKER && at == CASE_AUTHORISED)
        return (struct next_step){"cases/tell", "Tell the person"};
    return (struct next_step){NULL, NULL};
}

bool visit_may_read(const struct visit *v)
{
    enum case_state at = case_state_of(&v->file);

    return v->file.panel.expires > v->a->now &&
           ((v->part & PART_REVIEWER && at == CASE_MADE) ||
            (v->part & (PART_REVIEWER | PART_READER | PART_SUBJECT) && at == CASE_RELEASED));
}

/* ---- the log, and steps ---- */

/* The first message, without what somebody wrote: the log keeps no more of a person than it must. */
static const char *first_message(struct visit *v)
{
    struct str text = str_of(v->n_faults ? v->faults[0].text : v->d.n ? v->d.messages[0].text : "refused");
    size_t end = 0;

    while (end < text.n && !str_istarts(str_from(text, end), STR(" ('")))
        end++;
    return pool_print(&v->pool, "%.*s", (int)end, text.p);
}

static void cannot(struct visit *v, const struct diag *d)
{
    v->cases->say(v->cases->to, d);
    html_free(&v->a->html);
    asking_say(
        v->a, 503, "Sorry, that did not work",
        "Nothing was shown and nothing has changed. Try again in a few minutes. If it goes on, call the "
        "service desk.");
}

bool visit_log(struct visit *v, bool done)
{
    struct portal_look look = {v->step, v->a->user, v->reference, v->a->now, done ? "done" : "refused", NULL};
    struct diag d;

    diag_init(&d);
    look.why = done ? NULL : first_message(v);
    if (v->cases->log(v->cases->to, &look, &d) == 0)
        return true;
    cannot(v, &d);
    return false;
}

void visit_refuse(struct visit *v)
{
    if (visit_log(v, false) || !v->role) { /* to others the log's trouble is none */
        html_free(&v->a->html);
        asking_none(v->a);
    }
}

bool visit_proven(struct visit *v)
{
    if (!asking_from_us(v->a)) {
        fault(v, NULL, NULL, "a form that no page of ours sent");
        if (visit_log(v, false))
            asking_say(v->a, 403, "Please press the button again",
                       "This form did not come from the council's own page. Nothing was done.");
        return false;
    }
    v->sent = true;
    if (asking_has_form(v->a) && once_use(v->a->once, &v->a->form, FORM_SECONDS, v->a->now))
        return true;
    fault(v, NULL, NULL,
          "This page was used before, or was open for too long. Nothing was done just now. Look at it again, "
          "then "
          "press the button.");
    visit_log(v, false);
    return false;
}

bool visit_finish(struct visit *v, int result)
{
    struct diag d;

    if (result != 0 || v->n_faults) {
        visit_log(v, false);
        return false;
    }
    if (!visit_log(v, true))
        return false;
    diag_init(&d);
    if (v->cases->write(v->cases->to, &v->file, &d) == 0)
        return true;
    cannot(v, &d);
    return false;
}

bool visit_again(struct visit *v)
{
    struct fault kept[VISIT_FAULTS];
    size_t n = v->n_faults;
    bool there;

    memcpy(kept, v->faults, sizeof kept);
    there = visit_read(v, v->reference);
    memcpy(v->faults, kept, sizeof kept);
    v->n_faults = n;
    return there;
}

void visit_not_now(struct visit *v)
{
    const struct case_file *c = &v->file;
    bool ended = case_state_of(c) == CASE_CLOSED || c->panel.expires <= v->a->now;

    fault(v, NULL, NULL,
          ended ? "the case has ended"
                : "this step is not this person's, or not yet, or it was taken already");
    if (!visit_log(v, false))
        return;
    asking_say(v->a, ended ? 410 : 409, ended ? "This case has ended" : "There is nothing to do here now",
               ended ? "Nothing of it can be read or done any more."
                     : "This step is not yours, or somebody has taken it already. Look at your cases again.");
}

/* ---- a visit ---- */

bool visit_profile(struct visit *v)
{
    struct str text = STR_NONE;
    bool good = v->cases->profile(v->cases->to, &text, &v->d) == 0 &&
                case_profile_read(text, &v->profile, &v->d) == 0;

    free((char *)(uintptr_t)text.p);
    if (!good) {
        v->cases->say(v->cases->to, &v->d);
        return false;
    }
    all_to_today(v, v->profile.cannot_authorise);
    all_to_today(v, v->profile.may_release);
    v->role = role_of(v);
    return true;
}

struct visit *visit_new(struct asking *a)
{
    struct visit *v = calloc(1, sizeof *v);

    if (!v)
        return NULL;
    v->a = a;
    v->cases = a->house->cases;
    diag_init(&v->d);
    arena_init(&v->arena, v->names, sizeof v->names);
    return v;
}

void visit_free(struct visit *v)
{
    case_free(&v->file);
    case_profile_free(&v->profile);
    pool_free(&v->pool);
    free(v);
}

bool visit_is_next(const struct visit *v, const char *page)
{
    const char *next = visit_next(v).page;

    return next && strcmp(next, page) == 0;
}

void visit_step(struct visit *v, const struct visit_step *s, bool due)
{
    int result;

    if (!due) {
        visit_not_now(v);
        return;
    }
    if (!v->a->post) {
        if (visit_log(v, true))
            s->show(v);
        return;
    }
    if (visit_proven(v)) {
        result = s->take(v);
        faults_of_step(v, s->fields, s->n_fields);
        if (visit_finish(v, result))
            s->say_done(v);
    }
    if (!v->a->status && visit_again(v))
        s->show(v);
}
