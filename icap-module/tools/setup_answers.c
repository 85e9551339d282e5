/* The file of answers, the table of keys, and what must fit between answers. */
#include "tools/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct setup_key setup_keys[SETUP_KEYS] = {
#define KEY(name, kind, words, preset, when, is, question)                                                   \
    {name, SETUP_##kind, words, preset, when, is, question},
#include "tools/setup_keys.def"
#undef KEY
};

int setup_key_of(struct str name)
{
    for (int i = 0; i < SETUP_KEYS; i++)
        if (str_eq(name, str_of(setup_keys[i].name)))
            return i;
    return -1;
}

const char *setup_answer_to(const struct setup_answers *a, const char *key)
{
    int i = setup_key_of(str_of(key));

    return i < 0 ? "" : a->of[i].value;
}

bool setup_wanted(const struct setup_answers *a, const struct setup_key *key)
{
    return !key->when || strcmp(setup_answer_to(a, key->when), key->is) == 0;
}

/* A message about a line of the file, or, where it has none, about the key. */
static int complain(const struct setup_answers *a, struct diag *d, unsigned line, const char *words)
{
    struct message *m = diag_at(d, SEVERITY_ERROR, str_of(a->file), line, 0);

    if (m)
        diag_copy(m->text, sizeof m->text, str_of(words));
    return -1;
}

static void unknown_key(struct setup_answers *a, struct diag *d, unsigned line, struct str word)
{
    const char *names[SETUP_KEYS];
    const char *near;
    char words[DIAG_TEXT];

    for (int i = 0; i < SETUP_KEYS; i++)
        names[i] = setup_keys[i].name;
    near = diag_nearest(word, names, SETUP_KEYS);
    snprintf(words, sizeof words, "there is no key '%.*s'%s%s%s; 'portreeve setup --questions' lists them",
             (int)(word.n < 60 ? word.n : 60), word.p, near ? ": did you mean '" : "", near ? near : "",
             near ? "'?" : "");
    complain(a, d, line, words);
}

static struct str trimmed(struct str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = str_from(s, 1);
    while (s.n && strchr(" \t\r", s.p[s.n - 1]))
        s.n--;
    return s;
}

static bool is_full(const struct setup_answers *a, int key)
{
    return setup_keys[key].kind == SETUP_CONTACT && a->n_contacts == SETUP_CONTACTS;
}

/* Where there is room: is_full. */
static struct setup_answer *place_of(struct setup_answers *a, int key)
{
    return setup_keys[key].kind == SETUP_CONTACT ? &a->contacts[a->n_contacts++] : &a->of[key];
}

static void take_line(struct setup_answers *a, struct diag *d, unsigned line, struct str text)
{
    struct str value = text, name = trimmed(str_cut(&value, '='));
    struct setup_answer *to;
    char why[DIAG_TEXT], words[DIAG_TEXT];
    int key = setup_key_of(name);

    value = trimmed(value);
    if (key < 0) {
        unknown_key(a, d, line, name);
        return;
    }
    if (is_full(a, key)) {
        snprintf(words, sizeof words, "too many answers to '%s'", setup_keys[key].name);
        complain(a, d, line, words);
        return;
    }
    to = place_of(a, key);
    if (to->line) {
        snprintf(words, sizeof words, "'%s' is answered twice: take one of the lines out", setup_keys[key].name);
        complain(a, d, line, words);
        return;
    }
    to->line = line;
    if (value.n >= SETUP_VALUE) {
        snprintf(words, sizeof words, "%s: the answer is too long", setup_keys[key].name);
        complain(a, d, line, words);
        return;
    }
    memcpy(to->value, value.p, value.n);
    to->value[value.n] = '\0';
    if (value.n && !setup_value_fits(&setup_keys[key], to->value, why, sizeof why)) {
        snprintf(words, sizeof words, "%s: %.300s", setup_keys[key].name, why);
        complain(a, d, line, words);
    }
}

int setup_read(struct str text, struct setup_answers *a, struct diag *d)
{
    for (unsigned line = 1; text.n; line++) {
        struct str words = trimmed(str_cut(&text, '\n'));

        if (memchr(words.p, 0, words.n))
            return complain(a, d, line, "a NUL byte: this is no text");
        if (words.n && words.p[0] != '#')
            take_line(a, d, line, words);
    }
    return d->errors ? -1 : 0;
}

/* ---- what must fit ---- */

static int missing(struct setup_answers *a, struct diag *d)
{
    char words[DIAG_TEXT];

    for (int i = 0; i < SETUP_KEYS; i++) {
        const struct setup_key *key = &setup_keys[i];
        struct setup_answer *answer = &a->of[i];

        if (key->kind == SETUP_CONTACT)
            continue;
        if (!setup_wanted(a, key)) {
            if (answer->value[0]) {
                snprintf(words, sizeof words,
                         "'%s' is answered, but '%s' is not '%s': take one of the two back", key->name,
                         key->when, key->is);
                complain(a, d, answer->line, words);
            }
            continue;
        }
        if (!answer->value[0] && key->preset)
            snprintf(answer->value, sizeof answer->value, "%s", key->preset);
        else if (!answer->value[0]) {
            snprintf(words, sizeof words, "'%s' has no answer. %.280s", key->name, key->question);
            complain(a, d, 0, words);
        }
    }
    return d->errors ? -1 : 0;
}

/* Ports of this machine, each for one server. */
static void apart(struct setup_answers *a, struct diag *d)
{
    static const char *const ports[] = {"proxy-port", "icap-port", "portal-port"};
    char words[DIAG_TEXT];

    for (size_t i = 0; i < 3; i++)
        for (size_t k = i + 1; k < 3; k++)
            if (strcmp(setup_answer_to(a, ports[i]), setup_answer_to(a, ports[k])) == 0) {
                snprintf(words, sizeof words,
                         "'%s' and '%s' are the same port, %s: each needs one of its own", ports[i], ports[k],
                         setup_answer_to(a, ports[i]));
                complain(a, d, a->of[setup_key_of(str_of(ports[k]))].line, words);
            }
}

static void zones(struct setup_answers *a, struct diag *d)
{
    const char *guests = setup_answer_to(a, "guest-networks"), *own;
    char guest[SETUP_WORD_SIZE], mine[SETUP_WORD_SIZE], words[DIAG_TEXT];

    while (setup_next_word(&guests, guest, sizeof guest)) {
        own = setup_answer_to(a, "own-networks");
        while (setup_next_word(&own, mine, sizeof mine))
            if (setup_networks_meet(guest, mine)) {
                snprintf(words, sizeof words,
                         "the guests' network %.60s and the council's own %.60s have addresses in common: "
                         "nobody can "
                         "be in both",
                         guest, mine);
                complain(a, d, a->of[setup_key_of(STR("guest-networks"))].line, words);
            }
    }
}

/* `name` is what a list's entry ("name" or ".name") covers. */
static bool covers(const char *entry, const char *name)
{
    size_t n = strlen(name), m;

    if (entry[0] != '.')
        return strcmp(entry, name) == 0;
    m = strlen(entry);
    return strcmp(entry + 1, name) == 0 || (n > m && strcmp(name + n - m, entry) == 0);
}

static void portal_is_seen(struct setup_answers *a, struct diag *d)
{
    const char *portal = setup_answer_to(a, "portal"), *entries = setup_answer_to(a, "never-bump");
    char entry[SETUP_WORD_SIZE], words[DIAG_TEXT];

    while (setup_next_word(&entries, entry, sizeof entry))
        if (covers(entry, portal)) {
            snprintf(words, sizeof words,
                     "'never-bump' has %.100s, and so the portal %.100s: its pages could not know who asks",
                     entry, portal);
            complain(a, d, a->of[setup_key_of(STR("never-bump"))].line, words);
        }
    if (strcmp(portal, setup_answer_to(a, "proxy-name")) == 0)
        complain(a, d, a->of[setup_key_of(STR("portal"))].line,
                 "'portal' and 'proxy-name' are the same name: the portal needs one of its own, which leads "
                 "through "
                 "the proxy");
}

int setup_check(struct setup_answers *a, struct diag *d)
{
    if (missing(a, d) != 0)
        return -1;
    apart(a, d);
    zones(a, d);
    portal_is_seen(a, d);
    return d->errors ? -1 : 0;
}
