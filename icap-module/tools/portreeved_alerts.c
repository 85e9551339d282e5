/* Alerts of repeated refusals, where the policy asks for them and people are recorded. Two steps, so that nothing is missed
 * and nothing comes twice: in the transaction that imports a refusal the store notes that this person is to be looked at;
 * behind it (in PostgreSQL what was copied can be read only then) the refusals around are read, and an alert is put in,
 * together with its letter and the note's end. A person has one alert a local day, under a reference that follows from
 * both, so that an import done again makes the same one. Nothing here knows a name, and nothing tells a pseudonym. */
#include "store/intern.h"
#include "store/standing_write.h"
#include "tools/portreeved.h"

#include <stdio.h>
#include <stdlib.h>

enum { A_TURN = 100, LETTER = 3072, MINUTE = 60 };

/* Somebody's refusals in the transaction under way. */
struct refused {
    unsigned char person[PSEUDONYM_SIZE];
    int64_t from, until;
};

struct daemon_alerts {
    const struct daemon_policy *policy;
    const char *mail;
    struct import_also inner;
    struct intern who; /* a pseudonym: which of: */
    struct refused *refused;
    size_t n, room;
    bool due; /* the store may have notes */
};

struct daemon_alerts *daemon_alerts_new(const struct daemon_policy *p, const char *mail)
{
    struct daemon_alerts *a = calloc(1, sizeof *a);

    if (a)
        *a = (struct daemon_alerts){.policy = p, .mail = mail, .due = true};
    return a;
}

void daemon_alerts_free(struct daemon_alerts *a)
{
    if (!a)
        return;
    intern_clear(&a->who);
    free(a->refused);
    free(a);
}

/* NULL: no alerts. */
static const struct a_meta *asked_for(const struct daemon_alerts *a)
{
    const struct artefact *of = daemon_policy_artefact(a->policy);
    const struct a_meta *m = of ? ARTEFACT_ROWS(of, META, struct a_meta) : NULL;

    return m && m->alert_count && artefact_record_mode(of) == RECORD_PSEUDONYM ? m : NULL;
}

/* ---- in, with the import ---- */

static void forget(struct daemon_alerts *a)
{
    intern_clear(&a->who);
    a->n = 0;
}

/* What people did themselves and were refused: no embed, background or beacon. */
static bool counts(const struct event *e)
{
    return e->action == ACTION_REFUSE && e->origin == ORIGIN_PERSON && e->has_pseudonym;
}

static struct refused *row_of(struct daemon_alerts *a, const struct event *e)
{
    const struct str key = {(const char *)e->pseudonym, PSEUDONYM_SIZE};
    const struct interned *known = intern_find(&a->who, key);

    if (known)
        return &a->refused[known->id];
    if (a->n == a->room) {
        size_t room = a->room ? 2 * a->room : 64;
        struct refused *grown = realloc(a->refused, room * sizeof *grown);

        if (!grown)
            return NULL;
        a->refused = grown;
        a->room = room;
    }
    if (!intern_put(&a->who, key, (int64_t)a->n))
        return NULL;
    a->refused[a->n] = (struct refused){.from = e->time, .until = e->time + 1};
    memcpy(a->refused[a->n].person, e->pseudonym, PSEUDONYM_SIZE);
    return &a->refused[a->n++];
}

static int on_event(void *to, struct store *s, const struct event *e, struct diag *d)
{
    struct daemon_alerts *a = to;
    struct refused *r;

    if (a->inner.event && a->inner.event(a->inner.to, s, e, d) != 0)
        return -1;
    if (!counts(e) || !asked_for(a))
        return 0;
    r = row_of(a, e);
    if (!r)
        return diag_error(d, "refusals cannot be noted: out of memory", NULL, NULL);
    if (e->time < r->from)
        r->from = e->time;
    if (e->time >= r->until)
        r->until = e->time + 1;
    return 0;
}

static int on_end(void *to, struct store *s, struct diag *d)
{
    struct daemon_alerts *a = to;
    int result = a->inner.ends ? a->inner.ends(a->inner.to, s, d) : 0;

    for (size_t i = 0; i < a->n && result == 0; i++)
        result = store_alert_due(s, a->refused[i].person, (const int64_t[]){a->refused[i].from, a->refused[i].until}, d);
    a->due |= a->n > 0;
    forget(a);
    return result;
}

static void on_undone(void *to)
{
    struct daemon_alerts *a = to;

    forget(a);
    if (a->inner.undone)
        a->inner.undone(a->inner.to);
}

struct import_also daemon_alerts_also(struct daemon_alerts *a, struct import_also inner)
{
    a->inner = inner;
    return (struct import_also){on_event, on_end, on_undone, a};
}

/* ---- the look ---- */

/* The first time that so many came within the span. */
struct finding {
    int64_t last[ALERT_COUNT_MAX]; /* times, the newest at (n - 1) % wanted */
    uint64_t n;
    uint32_t wanted;
    int64_t span; /* s */
    bool found;
    int64_t from, at;
};

static void find(void *to, const struct event *e)
{
    struct finding *f = to;

    if (f->found)
        return;
    f->last[f->n++ % f->wanted] = e->time;
    f->from = f->last[f->n % f->wanted]; /* the one before which `wanted` - 1 came */
    f->found = f->n >= f->wanted && e->time - f->from < f->span;
    f->at = e->time;
}

/* What an alert says of the refusals that it was raised for. */
struct telling {
    const struct artefact *policy;
    uint32_t count;
    char rules[ALERT_WORDS], classes[ALERT_WORDS];
};

/* Each word once, in the order of their coming; those that find no room become "...". */
static void add_word(char *to, struct str word)
{
    struct str rest = str_of(to);
    size_t n = strlen(to);

    while (rest.n)
        if (str_eq(str_cut(&rest, ' '), word))
            return;
    if (n + word.n + 6 < ALERT_WORDS)
        snprintf(to + n, ALERT_WORDS - n, "%s%.*s", n ? " " : "", STR_ARG(word));
    else if (strcmp(to + n - 3, "...") != 0)
        snprintf(to + n, ALERT_WORDS - n, " ...");
}

static struct str class_of(const struct artefact *a, struct str platform)
{
    for (uint32_t i = 0; i < a->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i];

        if (str_eq(artefact_str(a, p->id), platform))
            return str_of(word_of(WORDS_CLASS, p->class));
    }
    return STR("-");
}

static void tell(void *to, const struct event *e)
{
    struct telling *t = to;

    t->count++;
    add_word(t->rules, e->rule.n ? e->rule : STR("-"));
    add_word(t->classes, class_of(t->policy, e->platform));
}

/* "12/05/2026 10:04". */
static void moment(int64_t t, char to[24])
{
    const struct local_time at = clock_local(t);
    unsigned month, day;
    int year;

    clock_date(at.day, &year, &month, &day);
    snprintf(to, 24, "%02u/%02u/%04d %02u:%02u", day % 100, month % 100, year % 10000, (unsigned)(at.minute / 60) % 100,
             (unsigned)(at.minute % 60));
}

static int write_letter(const struct daemon_alerts *a, struct store *s, const struct alert *what, int64_t now, struct diag *d)
{
    char text[LETTER], at[24];
    int n;

    if (!a->mail)
        return 0;
    moment(what->time, at);
    n = snprintf(text, sizeof text,
                 "To: %s\nSubject: Web access: alert %.*s (repeated refusals)\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
                 "Content-Type: text/plain; charset=utf-8\n\nAlert %.*s: one person was refused %u times within a short while, "
                 "until %s.\n\nRules: %.*s\nKind of site: %.*s\n\nThis letter names nobody, and nobody in ICT can find out who "
                 "it was. It says nothing of why: a page that tries again by itself, a wrong rule and a mistake look the same.\n\n"
                 "If the council's policy calls for it, HR may open a case with the alert's reference in place of a name. Two "
                 "people must agree before information governance names anybody. There is nothing else to be done.\n",
                 a->mail, STR_ARG(what->reference), STR_ARG(what->reference), (unsigned)what->count, at, STR_ARG(what->rules),
                 STR_ARG(what->classes));
    if (n < 0 || (size_t)n >= sizeof text)
        return diag_error(d, "a letter is too long", NULL, NULL);
    return store_letter(s, str_of(a->mail), (struct str){text, (size_t)n}, now, d);
}

/* One local day of somebody's. */
static int look_at_day(const struct daemon_alerts *a, struct store *s, const struct alert_due *due, int32_t day, int64_t now,
                       struct diag *d)
{
    const struct a_meta *m = asked_for(a);
    struct finding f = {.wanted = m ? m->alert_count : 0, .span = m ? (int64_t)m->alert_minutes * MINUTE : 0};
    struct telling t = {.policy = daemon_policy_artefact(a->policy)};
    const int64_t begins = local_midnight(day), ends = local_midnight(day + 1);
    const int64_t near[2] = {due->from - f.span > begins ? due->from - f.span : begins,
                             due->until + f.span < ends ? due->until + f.span : ends};
    char reference[ALERT_REFERENCE + 1];
    struct alert alert = {.day = day};
    bool raised;

    if (!f.wanted || store_refusals(s, due->person, near, find, &f, d) != 0 || !f.found)
        return d->errors ? -1 : 0;
    alert.from = f.from;
    alert.until = f.from + f.span < ends ? f.from + f.span : ends;
    if (store_refusals(s, due->person, (const int64_t[]){alert.from, alert.until}, tell, &t, d) != 0)
        return -1;
    store_alert_reference(due->person, day, reference);
    memcpy(alert.person, due->person, PSEUDONYM_SIZE);
    alert.reference = str_of(reference);
    alert.time = f.at;
    alert.count = t.count;
    alert.rules = str_of(t.rules);
    alert.classes = str_of(t.classes);
    if (store_alert_add(s, &alert, &raised, d) != 0)
        return -1;
    return raised ? write_letter(a, s, &alert, now, d) : 0;
}

static int look_at(const struct daemon_alerts *a, struct store *s, const struct alert_due *due, int64_t now, struct diag *d)
{
    int32_t last = clock_local(due->until - 1).day;

    if (asked_for(a)) /* else the policy has changed meanwhile */
        for (int32_t day = clock_local(due->from).day; day <= last; day++)
            if (look_at_day(a, s, due, day, now, d) != 0)
                return -1;
    return store_alert_done(s, due->id, d);
}

bool daemon_alerts_step(struct daemon_alerts *a, struct store *s, int64_t now, struct diag *d)
{
    struct alert_due due = {.id = 1};

    if (!a->due || store_begin(s, d) != 0)
        return false;
    for (int i = 0; i < A_TURN && due.id; i++)
        if (store_alert_next(s, &due, d) != 0 || (due.id && look_at(a, s, &due, now, d) != 0)) {
            store_rollback(s);
            return false;
        }
    if (store_commit(s, d) != 0) {
        store_rollback(s);
        return false;
    }
    a->due = due.id != 0;
    return a->due;
}
