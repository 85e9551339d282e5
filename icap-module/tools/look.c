#include "tools/look.h"

#include "tools/cmd.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include "core/clock.h"
#include "core/lookup.h"
#include "record/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

const char *const known_words[] = {"here", "left", "moved", "untold"};

static int compile_folder(const char *from, const char *maps, struct look *l)
{
    struct source s = {0};
    size_t size = 0;
    struct diag d;
    int result = -1;

    diag_init(&d);
    if (seal_init(&d) == 0 && read_source(from, maps, &s, &d) == 0 &&
        compile_source(&s, l->today, 0, &l->bytes, &size, &d) == 0 &&
        policy_open_mem(l->bytes, size, &l->policy, &d) == 0)
        result = 0;
    else
        report(&d);
    source_free(&s);
    return result;
}

static int find_filled(struct look *l)
{
    l->filled = calloc(l->a->n[SECTION_GROUPS] + 1, sizeof *l->filled);
    for (uint32_t i = 0; l->filled && i < l->a->n[SECTION_MEMBERS]; i++) {
        struct a_list groups = ARTEFACT_ROWS(l->a, MEMBERS, struct a_member)[i].groups;

        for (uint32_t k = 0; k < groups.n; k++)
            l->filled[artefact_numbers(l->a, groups)[k]] = true;
    }
    if (!l->filled)
        fputs("portreeve: out of memory\n", stderr);
    return l->filled ? 0 : -1;
}

int look_open(const char *from, const char *maps, int64_t at, struct look *l)
{
    struct stat st;

    *l = (struct look){.at = at, .today = clock_local(at).day};
    if (stat(from, &st) == 0 && S_ISDIR(st.st_mode)) {
        if (compile_folder(from, maps, l) != 0)
            return -1;
    } else {
        l->policy = open_policy(from);
    }
    return l->policy ? look_artefact(policy_artefact(l->policy), at, l) : -1;
}

int look_artefact(const struct artefact *a, int64_t at, struct look *l)
{
    l->a = a;
    l->meta = ARTEFACT_ROWS(a, META, struct a_meta);
    l->at = at;
    l->today = clock_local(at).day;
    return find_filled(l);
}

void look_close(struct look *l)
{
    policy_free(l->policy);
    free(l->bytes);
    free(l->filled);
}

/* ---- people ---- */

enum known look_known(const struct look *l, struct str user)
{
    if (lookup_member(l->a, user))
        return KNOWN_HERE;
    return l->meta->directory_read ? KNOWN_LEFT : KNOWN_UNTOLD;
}

enum known look_holder(const struct look *l, const struct a_grant *g)
{
    const struct a_member *m = lookup_member(l->a, artefact_str(l->a, g->user));

    if (!m || g->within == NO_INDEX || !l->filled[g->within])
        return look_known(l, artefact_str(l->a, g->user));
    for (uint32_t i = 0; i < m->groups.n; i++)
        if (artefact_numbers(l->a, m->groups)[i] == g->within)
            return KNOWN_HERE;
    return KNOWN_MOVED;
}

static bool has_left(const struct look *l, struct a_str who)
{
    return who.n && look_known(l, artefact_str(l->a, who)) == KNOWN_LEFT;
}

bool look_stale(const struct look *l, const struct a_account *account)
{
    bool stale = has_left(l, account->holder) || has_left(l, account->deputy);

    for (uint32_t i = 0; i < account->officers.n; i++)
        stale |= has_left(l, ARTEFACT_ROWS(l->a, WORDS, struct a_str)[account->officers.at + i]);
    return stale;
}

/* As the register says, else the first declared of the person's groups that has one, else the policy. */
static uint32_t class_of(const struct look *l, const struct a_member *m)
{
    const struct a_group *groups = ARTEFACT_ROWS(l->a, GROUPS, struct a_group);

    if (m && m->people != NO_INDEX)
        return m->people;
    for (uint32_t i = 0; m && i < m->groups.n; i++) /* sorted */
        if (groups[artefact_numbers(l->a, m->groups)[i]].people != NO_INDEX)
            return groups[artefact_numbers(l->a, m->groups)[i]].people;
    return l->meta->people_default;
}

json_t *look_person(const struct look *l, struct str user, enum known known)
{
    const struct a_member *m = lookup_member(l->a, user);
    uint32_t people = class_of(l, m);

    return json_pack("{s:o, s:o, s:o, s:b, s:s}", "user", json_slice(user), "class",
                     json_word(WORDS_PEOPLE, people), "sponsor",
                     m ? json_slice(artefact_str(l->a, m->sponsor)) : json_null(), "shared",
                     people == PEOPLE_SHARED, "known", known_words[known]);
}

static bool needs_sponsor(int people)
{
    return people == PEOPLE_AGENCY || people == PEOPLE_CASUAL || people == PEOPLE_CONSULTANT ||
           people == PEOPLE_INTERIM || people == PEOPLE_VOLUNTEER;
}

void look_print_person(const json_t *person)
{
    const char *known = status_text(person, "known"), *class = status_text(person, "class");

    status_print("%s", status_text(person, "user"));
    if (strcmp(known, known_words[KNOWN_LEFT]) == 0)
        printf(" (not in the directory");
    else if (json_is_true(json_object_get(person, "shared")))
        printf(" (a shared sign-in");
    else
        status_print(" (%s", json_is_null(json_object_get(person, "class")) ? "class not known" : class);
    if (json_is_string(json_object_get(person, "sponsor")))
        status_print(", for %s", status_text(person, "sponsor"));
    else if (needs_sponsor(word_find(WORDS_PEOPLE, str_of(class))))
        printf(", nobody answers for them");
    if (strcmp(known, known_words[KNOWN_MOVED]) == 0)
        printf("; no longer in the group");
    putchar(')');
}

/* ---- names ---- */

json_t *look_group(const struct look *l, uint32_t group)
{
    return group == NO_INDEX
               ? json_null()
               : json_slice(artefact_str(l->a, ARTEFACT_ROWS(l->a, GROUPS, struct a_group)[group].name));
}

json_t *look_account(const struct look *l, uint32_t account)
{
    const struct a_account *row = &ARTEFACT_ROWS(l->a, ACCOUNTS, struct a_account)[account];
    struct str platform =
        artefact_str(l->a, ARTEFACT_ROWS(l->a, PLATFORMS, struct a_platform)[row->platform].id);
    struct str name = artefact_str(l->a, row->name);

    return json_sprintf("%.*s:%.*s", STR_ARG(platform), STR_ARG(name));
}

void look_print_words(const json_t *words)
{
    const json_t *word;
    size_t i;

    json_array_foreach(words, i, word) status_print(" %s", json_string_value(word));
}

void look_attend(json_t *o, const char *word)
{
    json_array_append_new(json_object_get(o, "attention"), json_string(word));
}
