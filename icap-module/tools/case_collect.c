/* The opening, the events, what the person did on the portal, and who looked. */
#include "tools/case_collect_internal.h"

#include "core/clock.h"
#include "report/input_shapes.h"
#include "store/store.h"
#include "tools/case_store.h"

#include <stdlib.h>

static const struct str any_listed = {"listed-site", 11};

void *collect_row(struct collecting *w, struct input_list *list, size_t size)
{
    char *rows = pool_grow(&w->in.pool, list->p, list->n, size);

    if (!rows)
        return NULL;
    list->p = rows;
    return rows + list->n++ * size;
}

struct str collect_text(struct collecting *w, struct str s)
{
    return input_clean(&w->in.pool, s, true);
}

void collect_gap(struct collecting *w, int64_t from, int64_t to, const char *what, const char *effect)
{
    struct input_gap *g;

    from = from > w->begins ? from : w->begins;
    to = to < w->ends ? to : w->ends;
    g = from < to ? collect_row(w, &w->in.gaps, sizeof *g) : NULL;
    if (g)
        *g = (struct input_gap){from, to, str_of(what), str_of(effect)};
}

/* ---- the opening ---- */

static int wrong_opening(struct collecting *w, const char *what)
{
    return diag_error(w->d, w->from->opening, what, NULL);
}

static int read_opening(struct collecting *w)
{
    unsigned char public[SIGN_PUBLIC];
    const struct opening *o = &w->opening;

    if (sign_public_read(w->from->opening_key, public, w->d) != 0 ||
        opening_read(w->from->opening, public, &w->opening, w->d) != 0)
        return -1;
    if (!str_eq(str_of(o->ref), w->c->panel.reference))
        return wrong_opening(w, ": is of another case");
    if (!str_ieq(str_of(o->subject), w->c->subject.name))
        return wrong_opening(w, ": is about another person than the case");
    if (o->from > w->c->panel.from || o->to < w->c->panel.to)
        return wrong_opening(w, ": does not cover the period of the case: have it opened again");
    return w->step->now < o->expires ? 0 : wrong_opening(w, ": has expired");
}

static void take_epoch(struct collecting *w, const struct opening_epoch *e)
{
    char id[EPOCH_TEXT];

    if (e->id == 0)
        collect_gap(w, e->from, e->until, "no key of this time was kept",
                    "What was done then cannot be told to be this person's. It is not in this report.");
    else if (e->destroyed)
        collect_gap(w, e->from, e->until, "the key of this time was destroyed, as its time was over",
                    "What was done then cannot be told to be this person's. It is not in this report.");
    epoch_id_write(e->id, id);
    for (unsigned i = 0; i < e->n && e->from < w->ends && e->until > w->begins; i++) {
        struct input_epoch *row = collect_row(w, &w->in.opening, sizeof *row);

        if (!row)
            return;
        *row = (struct input_epoch){
            collect_text(w, str_of(id)), clock_local(e->from).day, clock_local(e->until - 1).day, {0}};
        memcpy(row->pseudonym, e->pseudonyms[i], INPUT_PSEUDONYM);
    }
}

/* ---- events ---- */

static bool asked_for(const struct collecting *w, struct str platform)
{
    INPUT_EACH(const struct str, w->c->panel.platforms, name)
    if (str_eq(*name, platform))
        return true;
    return w->c->panel.platforms.n == 0;
}

static void take_event(void *to, const struct event *e)
{
    struct collecting *w = to;
    struct str platform = e->platform.n ? e->platform : any_listed;
    struct input_event *row = asked_for(w, platform) ? collect_row(w, &w->in.events, sizeof *row) : NULL;

    if (!row)
        return;
    *row = (struct input_event){.time = e->time,
                                .policy = collect_text(w, e->policy),
                                .rule = collect_text(w, e->rule),
                                .platform = collect_text(w, platform),
                                .account = collect_text(w, e->account),
                                .code = collect_text(w, e->code),
                                .action = e->action,
                                .activity = e->activity,
                                .origin = e->origin,
                                .identity = e->identity,
                                .shadow = e->shadow};
    memcpy(row->pseudonym, w->pseudonym, INPUT_PSEUDONYM);
}

/* What the person has said of these events. */
static void take_note(void *to, const struct note *n)
{
    struct collecting *w = to;
    struct input_note *row = collect_row(w, &w->in.notes, sizeof *row);

    if (row)
        *row = (struct input_note){n->at, n->from, n->until, collect_text(w, n->words)};
}

static int take_events(struct collecting *w, struct store *s)
{
    for (unsigned i = 0; i < w->opening.n; i++) {
        const struct opening_epoch *e = &w->opening.epochs[i];
        int64_t span[2] = {e->from > w->begins ? e->from : w->begins,
                           e->until < w->ends ? e->until : w->ends};

        take_epoch(w, e);
        for (unsigned k = 0; k < e->n && span[0] < span[1]; k++) {
            w->pseudonym = e->pseudonyms[k];
            if (store_person_between(s, e->pseudonyms[k], span, take_event, w, w->d) != 0 ||
                store_notes(s, e->pseudonyms[k], span, take_note, w, w->d) != 0)
                return -1;
        }
    }
    return 0;
}

/* ---- what the person did on the portal ---- */

static void take_ack(struct collecting *w, const struct act *act)
{
    struct str version = act->what, ask = str_cut(&version, '/');
    struct input_ack *row;

    if (!str_eq(ask, str_of(word_of(WORDS_ASK, ASK_NOTICE))) || act->at >= w->ends)
        return;
    row = collect_row(w, &w->in.acknowledgements, sizeof *row);
    if (row)
        *row = (struct input_ack){STR("the notice"), collect_text(w, version), act->at};
}

static void take_claim(struct collecting *w, int64_t from, int64_t to, const char *what)
{
    struct input_claim *row =
        to > w->begins && from < w->ends ? collect_row(w, &w->in.claims, sizeof *row) : NULL;

    if (row)
        *row = (struct input_claim){from, to, str_of(what)};
}

static void take_act(void *to, const struct act *act)
{
    struct collecting *w = to;

    if (act->kind == FACT_ACK)
        take_ack(w, act);
    else if (act->kind == FACT_BREAK)
        take_claim(w, act->from ? act->from : act->at, act->until, "break");
    else if (act->kind == FACT_GIVEN && !act->by.n) /* the service desk's are no word of the person's */
        take_claim(w, act->at - 60 * (int64_t)act->number, act->at, "work");
}

static int take_acts(struct collecting *w, struct store *s)
{
    struct opening_case names = {.n = 0}; /* as the portal has them */

    opening_case_name(&names, w->c->subject.name);
    INPUT_EACH(const struct str, w->c->subject.former_names, former)
    opening_case_name(&names, *former);
    for (unsigned i = 0; i < names.n; i++)
        if (store_acts_of(s, str_of(names.names[i]), take_act, w, w->d) != 0)
            return -1;
    return 0;
}

static void take_erased(void *to, const struct erased *e)
{
    struct collecting *w = to;

    if (e->store == KEEP_EVENTS && e->events)
        collect_gap(w, epoch_midnight(e->day), epoch_midnight(e->day + 1),
                    "the record of this day was erased, as its time was over",
                    "Of this day nothing, or not all, is in this report.");
}

static int read_store(struct collecting *w)
{
    struct store *s = NULL;
    int result = -1;

    if (store_open_read(w->from->store, &s, w->d) == 0 && take_events(w, s) == 0 && take_acts(w, s) == 0 &&
        store_erased(s, take_erased, w, w->d) == 0)
        result = 0;
    store_close(s);
    return result;
}

/* ---- who has looked ---- */

static const struct {
    const char *step, *words;
} looks[] = {
    {"open", "asked for a report"},
    {"authorise", "decided on it"},
    {"tell", "told the person, or put it off"},
    {"report", "had the report made"},
    {"release", "released the report"},
    {"comment", "added the person's words"},
    {"hold", "put the case on hold"},
    {"close", "closed the case"},
    {"read", "read the report"},
    {"look", "looked at the case"},
    {"propose", "gave the first approval"},
    {"second", "gave the second approval"},
    {"decline", "declined the request"},
};

static void take_look(void *to, const struct case_look *look)
{
    struct collecting *w = to;
    struct input_look *row;
    const char *words = look->step;

    if (strcmp(look->result, "begun") == 0 && look->at != w->step->now)
        return; /* how it ended stands there, too */
    row = collect_row(w, &w->in.access, sizeof *row);
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].step, look->step) == 0)
            words = looks[i].words;
    if (row)
        *row =
            (struct input_look){look->at, collect_text(w, look->by),
                                str_of(pool_print(&w->in.pool, "%s%s", words,
                                                  strcmp(look->result, "refused") == 0 ? ": refused" : ""))};
}

static void take_opened(struct collecting *w)
{
    struct input_look *row = collect_row(w, &w->in.access, sizeof *row);

    if (row)
        *row = (struct input_look){
            w->opening.made,
            str_of(pool_print(&w->in.pool, "%s and %s", w->opening.holders[0], w->opening.holders[1])),
            STR("told together what the person is called in the record")};
}

/* ---- all of it ---- */

static void take_case(struct collecting *w)
{
    w->in.format = STR("portreeve-report-1");
    w->in.council = w->step->profile->council;
    w->in.made = w->step->now;
    w->in.number = w->in.of = w->c->reports;
    w->in.panel = w->c->panel;
    w->in.subject = w->c->subject;
    w->in.subject.id = STR_NONE;
    w->in.pattern = w->c->pattern;
    w->in.has_pattern = w->c->has_pattern;
    w->begins = epoch_midnight(w->c->panel.from);
    w->ends = epoch_midnight(w->c->panel.to + 1);
    if (w->ends > w->step->now) /* what has not been is no gap */
        w->ends = w->step->now + 1;
}

/* Lists that are empty stand there all the same: they were looked for. */
static char *write_input(struct collecting *w)
{
    static const char *const lists[] = {"opening",          "policies", "platforms",
                                        "acknowledgements", "events",   "gaps",
                                        "access",           "notes",    "claims"};
    json_t *o = form_write(&input_form, &w->in);
    char *text;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!json_object_get(o, lists[i]))
            json_object_set_new(o, lists[i], json_array());
    text = json_dumps(o, JSON_INDENT(1));
    json_decref(o);
    return text;
}

static int collect(struct collecting *w, char **text)
{
    take_case(w);
    if (read_opening(w) != 0 || read_store(w) != 0 || collect_policies(w) != 0 || collect_record(w) != 0 ||
        case_store_looks(w->from->cases, w->c->panel.reference, take_look, w, w->d) != 0)
        return -1;
    take_opened(w);
    *text = w->in.pool.failed ? NULL : write_input(w);
    return *text ? 0 : diag_error(w->d, "out of memory: no report was made", NULL, NULL);
}

int case_collect(const struct case_file *c, const struct case_step *s, const struct collect_from *from,
                 char **text, struct diag *d)
{
    struct collecting *w = calloc(1, sizeof *w);
    int result = -1;

    *text = NULL;
    if (!w)
        return diag_error(d, "out of memory: no report was made", NULL, NULL);
    w->c = c;
    w->step = s;
    w->from = from;
    w->d = d;
    result = collect(w, text);
    input_free(&w->in);
    free(w);
    return result;
}
