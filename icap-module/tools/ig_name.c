#include "tools/ig_name.h"

#include "compile/csv.h"
#include "compile/source.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/request.h"
#include "record/accesslog.h"
#include "record/chain.h"
#include "record/file.h"
#include "record/sealed.h"
#include "report/case.h"
#include "tools/access.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD "portreeve-alert 1\n"

enum { USER, ID, NAMES, CLASS };

/* As people.csv and members.csv have them; what is not asked about is read and left. */
static const struct csv_column columns[] = {
    [USER] = {"user", true, CSV_WORDS},    [ID] = {"id", false, CSV_WORDS},
    [NAMES] = {"names", false, CSV_WORDS}, [CLASS] = {"class", false, CSV_WORDS},
    {"groups", false, CSV_WORDS},          {"sponsor", false, CSV_WORDS},
    {"synced_on", false, CSV_WORDS},       {"note", false, CSV_PROSE},
};

struct trying {
    const struct naming *n;
    struct case_file f;
    struct str reference;
    unsigned char person[PSEUDONYM_SIZE];
    int64_t time;
    struct epoch epoch;
    bool destroyed;
    struct private_key holders[KEYRING_MAX];
    json_t *found; /* {"subject": ...} */
    struct diag *d;
};

/* ---- the alert ---- */

int alert_file_write(const char *path, struct str reference, const unsigned char *person, int64_t time,
                     struct diag *d)
{
    char text[ALERT_FILE], when[LEDGER_TIME], hex[2 * CHAIN_HASH + 1];
    unsigned char whole[CHAIN_HASH] = {0};
    int n;

    memcpy(whole, person, PSEUDONYM_SIZE);
    chain_hex(whole, hex);
    ledger_time(time, when);
    n = snprintf(text, sizeof text, HEAD "reference %.*s\npseudonym %.32s\ntime %s\n", STR_ARG(reference),
                 hex, when);
    return file_replace(path, text, (size_t)n, d);
}

static bool take(struct str *text, const char *word, struct str *value)
{
    struct str line = str_cut(text, '\n');

    *value = str_from(line, strlen(word) < line.n ? strlen(word) : line.n);
    return line.n > strlen(word) && memcmp(line.p, word, strlen(word)) == 0;
}

static int read_alert(struct trying *t, struct str text)
{
    struct str rest = text, reference, hex, when;

    if (text.n < sizeof HEAD || memcmp(text.p, HEAD, sizeof HEAD - 1) != 0)
        return diag_error(t->d, t->n->alert,
                          ": is no alert's file: 'portreeve review --alerts --for-naming' writes one", NULL);
    rest = str_from(rest, sizeof HEAD - 1);
    if (!take(&rest, "reference ", &reference) || !take(&rest, "pseudonym ", &hex) ||
        !take(&rest, "time ", &when) || !chain_unhex(hex, t->person, PSEUDONYM_SIZE) ||
        clock_parse(when, &t->time) != 0)
        return diag_error(t->d, t->n->alert, ": was changed, or cut", NULL);
    if (!str_eq(reference, t->f.alert))
        return diag_error(t->d, t->n->alert, ": is another alert than the case is about", NULL);
    return 0;
}

static int read_case(struct trying *t, struct str text)
{
    const struct input_case *p = &t->f.panel;

    if (case_read(text, &t->f, t->d) != 0)
        return -1;
    t->reference = p->reference;
    if (!t->f.alert.n || t->f.subject.name.n)
        return diag_error(t->d, t->n->of, ": is not about an alert, or its person is named already", NULL);
    if (case_state_of(&t->f) != CASE_AUTHORISED || !p->authorised_by.name.n ||
        str_ieq(p->authorised_by.name, p->asked_by.name))
        return diag_error(t->d, t->n->of,
                          ": is not authorised by somebody else than who asks: nobody is named by it", NULL);
    return t->n->now < p->expires
               ? 0
               : diag_error(t->d, t->n->of, ": has expired: nobody is named by it any more", NULL);
}

/* ---- the epoch ---- */

static void look_at(void *to, const char *path, const struct sealed *s)
{
    struct trying *t = to;

    (void)path;
    if (t->time < s->epoch.from || t->time >= s->epoch.until || t->epoch.id || t->d->errors)
        return;
    if (s->destroyed)
        t->destroyed = true;
    else
        sealed_open(s, &t->holders[0], &t->holders[1], &t->epoch, t->d);
}

static int open_epoch(struct trying *t)
{
    if (keyring_holders(t->n->ring, t->holders, t->d) != 0 ||
        sealed_each(t->n->keys, look_at, t, t->d) != 0 || t->d->errors)
        return -1;
    if (t->epoch.id)
        return 0;
    return diag_error(t->d, t->n->alert,
                      t->destroyed ? ": the key of its time is destroyed: nobody can be named any more"
                                   : ": there is no sealed key for its time",
                      NULL);
}

/* ---- the people ---- */

static bool is_person(const struct trying *t, struct str name)
{
    unsigned char own[PSEUDONYM_SIZE];

    if (!name.n)
        return false;
    seal_pseudonym(&t->epoch.key, name, own);
    return memcmp(own, t->person, sizeof own) == 0;
}

static json_t *text_of(struct str s)
{
    return json_stringn(s.p, s.n);
}

static void keep(struct trying *t, const struct csv_row *row, struct str user)
{
    json_t *subject = json_pack("{s:o, s:o}", "name", text_of(user), "people",
                                row->cells[CLASS].n ? text_of(row->cells[CLASS]) : json_string("employee")),
           *names = json_array();
    struct str rest = row->cells[NAMES], word;

    while (csv_word(&rest, &word))
        json_array_append_new(names, text_of(word));
    if (row->cells[ID].n)
        json_object_set_new(subject, "id", text_of(row->cells[ID]));
    if (json_array_size(names))
        json_object_set(subject, "former-names", names);
    json_decref(names);
    t->found = json_pack("{s:o}", "subject", subject);
}

/* The module makes a pseudonym of the directory's id where there is one, else of the name as it canonicalises
 * it. */
static void try_row(const struct csv_row *row, void *to)
{
    struct trying *t = to;
    unsigned char room[4096];
    struct arena arena;
    struct str user, rest = row->cells[NAMES], word;
    bool is;

    if (t->found)
        return;
    arena_init(&arena, room, sizeof room);
    user = user_canonical(row->cells[USER], &arena);
    is = is_person(t, row->cells[ID]) || is_person(t, user);
    while (!is && csv_word(&rest, &word))
        is = is_person(t, user_canonical(word, &arena));
    if (is)
        keep(t, row, user);
}

static int try_people(struct trying *t)
{
    static const struct csv_sheet sheet = {columns, sizeof columns / sizeof *columns, try_row};
    struct str text = STR_NONE;
    int result = source_read_file(t->n->people, &text, t->d) == 0
                     ? csv_read(&sheet, str_of(t->n->people), text, t, t->d)
                     : -1;

    free((char *)(uintptr_t)text.p);
    if (result == 0 && !t->found)
        return diag_error(t->d, t->n->people,
                          ": has nobody whom the alert is about: try the register of that time", NULL);
    return result;
}

/* ---- all of it ---- */

/* Every try has its line, also one that was refused; without it nothing is shown. */
static int note(struct trying *t, bool refused)
{
    char by[KEYRING_NAMES], login[128];
    struct access_entry e = {.role = STR("ig"),
                             .what = STR("ig name"),
                             .case_ref = t->reference,
                             .result = refused ? STR("refused") : STR("done"),
                             .refused = refused};

    e.by = keyring_names(t->n->ring, by);
    e.login = access_login(login, sizeof login);
    if (!refused)
        e.about = str_of(json_string_value(json_object_get(json_object_get(t->found, "subject"), "name")));
    e.why = refused && t->d->n ? str_of(t->d->messages[0].text) : STR_NONE;
    return accesslog_add(t->n->log, &e, t->n->now, NULL, t->d);
}

static int try_all(struct trying *t, struct str of, struct str alert)
{
    return read_case(t, of) == 0 && read_alert(t, alert) == 0 && open_epoch(t) == 0 ? try_people(t) : -1;
}

static int put(struct trying *t)
{
    char *text = json_dumps(t->found, JSON_INDENT(1));
    int result = text && note(t, false) == 0 ? file_replace(t->n->out, text, strlen(text), t->d) : -1;

    free(text);
    return result;
}

int ig_name(const struct naming *n, struct diag *d)
{
    struct trying *t = calloc(1, sizeof *t);
    struct str of = STR_NONE, alert = STR_NONE;
    int result = -1;

    if (!t)
        return diag_error(d, "out of memory", NULL, NULL);
    t->n = n;
    t->d = d;
    if (seal_init(d) == 0 && source_read_file(n->of, &of, d) == 0 &&
        source_read_file(n->alert, &alert, d) == 0 && try_all(t, of, alert) == 0)
        result = put(t);
    else
        note(t, true);
    json_decref(t->found);
    case_free(&t->f);
    free((char *)(uintptr_t)of.p);
    free((char *)(uintptr_t)alert.p);
    seal_wipe(t, sizeof *t);
    free(t);
    return result;
}
