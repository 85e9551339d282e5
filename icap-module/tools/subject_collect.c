#include "tools/subject_collect.h"

#include "core/clock.h"
#include "store/store.h"
#include "tools/history.h"

#include <stdio.h>
#include <stdlib.h>

void *subject_more(struct collected *w, struct input_list *list, size_t size)
{
    char *rows = pool_grow(&w->pool, list->p, list->n, size);

    if (!rows)
        return NULL;
    list->p = rows;
    return rows + list->n++ * size;
}

struct str subject_text(struct collected *w, struct str s)
{
    return input_clean(&w->pool, s, true);
}

/* ---- the opening ---- */

static int wrong_opening(struct collected *w, const char *what)
{
    return diag_error(w->d, w->from->opening, what, NULL);
}

static int read_opening(struct collected *w)
{
    const struct opening *o = &w->opening;
    unsigned char public[SIGN_PUBLIC];

    if (sign_public_read(w->from->opening_key, public, w->d) != 0 ||
        opening_read(w->from->opening, public, &w->opening, w->d) != 0)
        return -1;
    if (!sar_is_reference(str_of(o->ref)))
        return wrong_opening(w, ": is of a case: what is held on somebody is exported at their own request alone");
    if (!str_eq(str_of(o->ref), w->request->reference))
        return wrong_opening(w, ": is of another request");
    if (!str_eq(str_of(o->subject), str_of(w->names.names[0])))
        return wrong_opening(w, ": is about another person than the request");
    if (o->from > w->request->from || o->to < w->request->to)
        return wrong_opening(w, ": does not cover the period of the request: have it opened again");
    return w->from->now < o->expires ? 0 : wrong_opening(w, ": has expired");
}

static int take_names(struct collected *w)
{
    const struct input_subject *s = &w->request->subject;
    struct str *row;

    if (!opening_case_name(&w->names, s->name))
        return diag_error(w->d, "subject.name: is no sign-in name", NULL, NULL);
    INPUT_EACH(const struct str, s->former_names, name)
    if (opening_case_name(&w->names, *name) && (row = subject_more(w, &w->facts.names, sizeof *row)) != NULL)
        *row = subject_text(w, *name);
    w->all = pool_take(&w->pool, (CASE_NAMES + 1) * sizeof *w->all);
    if (!w->all)
        return diag_error(w->d, "out of memory", NULL, NULL);
    for (unsigned i = 0; i < w->names.n; i++)
        w->all[w->n_all++] = str_of(w->names.names[i]);
    if (s->id.n)
        w->all[w->n_all++] = s->id;
    w->facts.id = subject_text(w, s->id);
    return 0;
}

static void take_gap(struct collected *w, const struct opening_epoch *e)
{
    struct input_gap *g = e->id && !e->destroyed ? NULL : subject_more(w, &w->facts.gaps, sizeof *g);

    if (g)
        *g = (struct input_gap){e->from, e->until,
                                e->id ? STR("the key of this time was destroyed: nobody can tell any more what was whose")
                                      : STR("no key of this time was kept: nobody can tell what was whose"),
                                STR_NONE};
}

/* ---- events ---- */

struct known_rule {
    struct str policy, rule, because, cite;
};

static struct str text_in(struct collected *w, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_string(v) ? subject_text(w, (struct str){json_string_value(v), json_string_length(v)}) : STR_NONE;
}

static const struct known_rule *rule_of(struct collected *w, const struct event *e)
{
    struct known_rule *row;
    const json_t *rule;

    INPUT_EACH(struct known_rule, w->words, known)
    if (str_eq(known->policy, e->policy) && str_eq(known->rule, e->rule))
        return known;
    row = subject_more(w, &w->words, sizeof *row);
    if (!row)
        return NULL;
    rule = history_rule(w->history, e->policy, e->rule);
    *row = (struct known_rule){subject_text(w, e->policy), subject_text(w, e->rule), text_in(w, rule, "because"),
                               text_in(w, rule, "cite")};
    return row;
}

static struct str site_of(struct collected *w, struct str id)
{
    const struct artefact *a = policy_artefact(w->policy);

    for (uint32_t i = 0; i < a->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i];

        if (str_eq(artefact_str(a, p->id), id))
            return artefact_str(a, p->name);
    }
    return id.n ? subject_text(w, id) : STR("a site that is on a list");
}

static void take_event(void *to, const struct event *e)
{
    struct collected *w = to;
    const struct known_rule *rule = rule_of(w, e);
    struct subject_event *row = subject_more(w, &w->facts.events[w->into], sizeof *row);

    if (!row || !rule)
        return;
    *row = (struct subject_event){.time = e->time,
                                  .site = site_of(w, e->platform),
                                  .account = subject_text(w, e->account),
                                  .rule = rule->rule,
                                  .because = rule->because,
                                  .cite = rule->cite,
                                  .code = subject_text(w, e->code),
                                  .action = e->action,
                                  .activity = e->activity,
                                  .origin = e->origin,
                                  .shadow = e->shadow};
}

/* Stores by purpose have no index by person; they are small. */
static void take_kept(void *to, const struct event *e)
{
    struct collected *w = to;

    for (unsigned i = 0; e->has_pseudonym && i < w->opening.n; i++)
        for (unsigned k = 0; k < w->opening.epochs[i].n; k++)
            if (memcmp(w->opening.epochs[i].pseudonyms[k], e->pseudonym, PSEUDONYM_SIZE) == 0) {
                take_event(w, e);
                return;
            }
}

static void take_note(void *to, const struct note *n)
{
    struct collected *w = to;
    struct input_note *row = subject_more(w, &w->facts.notes, sizeof *row);

    if (row)
        *row = (struct input_note){n->at, n->from, n->until, subject_text(w, n->words)};
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct subject_event *)a)->time, y = ((const struct subject_event *)b)->time;

    return (x > y) - (x < y);
}

static int take_events(struct collected *w, struct store *s, const int64_t period[2])
{
    static const enum keep purposes[] = {KEEP_SECURITY, KEEP_CORPORATE};

    for (unsigned i = 0; i < w->opening.n; i++) {
        const struct opening_epoch *e = &w->opening.epochs[i];
        const int64_t span[2] = {e->from > period[0] ? e->from : period[0], e->until < period[1] ? e->until : period[1]};

        take_gap(w, e);
        w->into = SUBJECT_EVENTS;
        for (unsigned k = 0; k < e->n && span[0] < span[1]; k++)
            if (store_person_between(s, e->pseudonyms[k], span, take_event, w, w->d) != 0 ||
                store_notes(s, e->pseudonyms[k], span, take_note, w, w->d) != 0)
                return -1;
    }
    for (unsigned i = 0; i < 2; i++) {
        w->into = SUBJECT_SECURITY + i;
        if (store_kept(s, purposes[i], period, take_kept, w, w->d) != 0)
            return -1;
    }
    for (unsigned i = 0; i < SUBJECT_STORES; i++)
        if (w->facts.events[i].n)
            qsort(w->facts.events[i].p, w->facts.events[i].n, sizeof(struct subject_event), by_time);
    return 0;
}

/* ---- acts, minutes, holds ---- */

static void take_act(void *to, const struct act *a)
{
    struct collected *w = to;
    struct subject_act *row = subject_more(w, &w->facts.acts, sizeof *row);
    struct str version = a->what, ask = str_cut(&version, '/');

    if (!row)
        return;
    *row = (struct subject_act){.at = a->at,
                                .until = a->until,
                                .about = subject_text(w, a->what),
                                .user = subject_text(w, a->user),
                                .kind = a->kind,
                                .number = a->number,
                                .by_desk = a->by.n != 0};
    if (a->kind == FACT_ACK && str_eq(ask, str_of(word_of(WORDS_ASK, ASK_NOTICE))))
        row->about = str_of(pool_print(&w->pool, "the notice of policy version %.*s", STR_ARG(subject_text(w, version))));
}

static bool is_pseudonym(const struct collected *w, const unsigned char who[PSEUDONYM_SIZE])
{
    for (unsigned i = 0; i < w->opening.n; i++)
        for (unsigned k = 0; k < w->opening.epochs[i].n; k++)
            if (memcmp(w->opening.epochs[i].pseudonyms[k], who, PSEUDONYM_SIZE) == 0)
                return true;
    return false;
}

static void take_used(void *to, const struct used *u)
{
    struct collected *w = to;
    struct subject_minutes *row;

    if (!is_pseudonym(w, u->person))
        return;
    INPUT_EACH(struct subject_minutes, w->facts.minutes, known)
    if (str_eq(known->allowance, u->allowance)) {
        known->minutes += u->minutes; /* under another name */
        return;
    }
    row = subject_more(w, &w->facts.minutes, sizeof *row);
    if (row)
        *row = (struct subject_minutes){subject_text(w, u->allowance), u->minutes};
}

static void take_hold(void *to, const struct hold *h)
{
    struct collected *w = to;
    struct subject_hold *row = is_pseudonym(w, h->person) ? subject_more(w, &w->facts.holds, sizeof *row) : NULL;

    if (row)
        *row = (struct subject_hold){subject_text(w, h->reference), h->from, h->until, h->review, true};
}

static int read_store(struct collected *w)
{
    const int64_t period[2] = {epoch_midnight(w->request->from), epoch_midnight(w->request->to + 1)};
    struct store *s = NULL;
    int result = -1;

    if (store_open_read(w->from->store, &s, w->d) != 0)
        return -1;
    result = take_events(w, s, period);
    for (unsigned i = 0; result == 0 && i < w->names.n; i++)
        result = store_acts_of(s, str_of(w->names.names[i]), take_act, w, w->d);
    if (result == 0)
        result = store_used(s, clock_local(w->from->now).day, take_used, w, w->d) | store_holds(s, take_hold, w, w->d);
    store_close(s);
    return result;
}

/* ---- how portreeved runs ---- */

static int read_settings(struct collected *w)
{
    char path[4096];
    json_t *o = NULL;
    const json_t *days;
    int result = 0;

    if ((size_t)snprintf(path, sizeof path, "%s.daemon", w->from->standing) < sizeof path)
        o = json_load_file(path, 0, NULL);
    for (int i = 0; i < KEEP_COUNT && result == 0; i++) {
        days = json_object_get(json_object_get(json_object_get(o, "keeps"), keep_words[i]), "days");
        if (json_is_integer(days))
            w->facts.keep_days[i] = json_integer_value(days);
        else
            result = diag_error(w->d, w->from->standing,
                                ".daemon: cannot be read: how long things are kept is told by portreeved beside its standing file", NULL);
    }
    days = json_object_get(o, "access_days");
    w->facts.access_days = json_is_integer(days) ? json_integer_value(days) : -1;
    json_decref(o);
    return result;
}

/* ---- who looked; what may not be given away ---- */

static void take_look(void *to, const struct look *l)
{
    struct collected *w = to;
    struct subject_look *row = subject_more(w, &w->facts.looks, sizeof *row);

    if (row)
        *row = (struct subject_look){l->at,
                                     subject_text(w, l->by),
                                     subject_text(w, l->role),
                                     subject_text(w, l->what),
                                     subject_text(w, l->case_ref),
                                     l->refused,
                                     l->kept_back};
}

static int looks_by_time(const void *a, const void *b)
{
    int64_t x = ((const struct subject_look *)a)->at, y = ((const struct subject_look *)b)->at;

    return (x > y) - (x < y);
}

/* What is older than it is kept, and kept by such a hold, would tell of it. */
static void keep_back(struct collected *w, const struct subject_hold *h)
{
    const int32_t first = clock_local(w->from->now).day - (int32_t)w->facts.keep_days[KEEP_EVENTS];

    INPUT_EACH(struct subject_event, w->facts.events[SUBJECT_EVENTS], e)
    if (e->time >= h->from && e->time < h->until && clock_local(e->time).day < first)
        e->kept_back = true;
}

static int read_looks(struct collected *w)
{
    struct looks_wanted l = {.n_logs = w->from->n_logs,
                             .cases = w->from->cases,
                             .names = w->all,
                             .n_names = w->n_all,
                             .today = clock_local(w->from->now).day};
    struct input_list codes = {NULL, 0};

    memcpy(l.logs, w->from->logs, sizeof l.logs);
    INPUT_EACH(const struct subject_event, w->facts.events[SUBJECT_EVENTS], e)
    {
        struct str *code = e->code.n ? subject_more(w, &codes, sizeof *code) : NULL;

        if (code)
            *code = e->code;
    }
    l.codes = codes.p;
    l.n_codes = codes.n;
    INPUT_EACH(struct subject_hold, w->facts.holds, h)
    {
        if (looks_kept_back(&l, h->reference, &h->kept_back, w->d) != 0)
            return -1;
        if (h->kept_back)
            keep_back(w, h);
    }
    if (looks_read(&l, take_look, w, w->d) != 0)
        return -1;
    if (w->facts.looks.n)
        qsort(w->facts.looks.p, w->facts.looks.n, sizeof(struct subject_look), looks_by_time);
    return 0;
}

/* ---- all of it ---- */

int subject_collect(struct collected *w, const struct subject_from *from, const struct sar *request, struct diag *d)
{
    unsigned unreadable;

    *w = (struct collected){.from = from, .request = request, .d = d};
    if (take_names(w) != 0 || read_opening(w) != 0 || policy_map(from->artefact, &w->policy, d) != 0)
        return -1;
    w->history = history_read(from->artefact, &unreadable, d);
    if (!w->history)
        return -1;
    w->facts.reference = request->reference;
    w->facts.name = request->subject.name;
    w->facts.checked_by = request->checked_by;
    w->facts.asked_on = request->asked_on;
    w->facts.from = request->from;
    w->facts.to = request->to;
    w->facts.made = from->now;
    w->facts.policy = policy_artefact(w->policy);
    w->facts.council = artefact_str(w->facts.policy, ARTEFACT_ROWS(w->facts.policy, META, struct a_meta)->council);
    if (read_settings(w) != 0 || read_store(w) != 0 || subject_rows(w) != 0 || read_looks(w) != 0)
        return -1;
    return w->pool.failed ? diag_error(d, "out of memory: nothing was exported", NULL, NULL) : 0;
}

void subject_collect_free(struct collected *w)
{
    json_decref(w->history);
    policy_free(w->policy);
    pool_free(&w->pool);
}
