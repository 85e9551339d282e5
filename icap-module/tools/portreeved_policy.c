/* The artefact in force, as portreeved needs it: which rules cost whose minutes, who is known by name, what
 * the portal's pages say of a rule. */
#include "core/ask.h"
#include "core/lookup.h"
#include "tools/case_subject.h"
#include "tools/history.h"
#include "tools/portreeved.h"

#include <stdlib.h>
#include <sys/stat.h>

struct daemon_policy {
    const char *path;
    struct policy *policy;
    json_t *history;
    struct stat seen; /* the file that was opened last, whether it could be or not */
    struct portal_policy portal;
    struct spending spending[SPENDING_MAX];
    size_t n_spending;
};

struct daemon_policy *daemon_policy_new(const char *path)
{
    struct daemon_policy *p = calloc(1, sizeof *p);

    if (p)
        p->path = path;
    return p;
}

void daemon_policy_free(struct daemon_policy *p)
{
    if (!p)
        return;
    json_decref(p->history);
    policy_free(p->policy);
    free(p);
}

const struct artefact *daemon_policy_artefact(const struct daemon_policy *p)
{
    return p->policy ? policy_artefact(p->policy) : NULL;
}

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void read_allowances(struct portal_policy *p, const struct artefact *a)
{
    for (uint32_t i = 0; i < a->n[SECTION_ALLOWANCES] && p->n_allowances < PORTAL_ALLOWANCES; i++) {
        const struct a_allowance *row = &ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[i];

        p->allowances[p->n_allowances++] =
            (struct portal_allowance){artefact_str(a, row->name), row->minutes, row->claim};
    }
}

static void read_emergencies(struct portal_policy *p, const struct artefact *a)
{
    const struct a_str *words = ARTEFACT_ROWS(a, WORDS, struct a_str);

    for (uint32_t i = 0; i < a->n[SECTION_EMERGENCIES] && p->n_emergencies < PORTAL_EMERGENCIES; i++) {
        const struct a_emergency *row = &ARTEFACT_ROWS(a, EMERGENCIES, struct a_emergency)[i];
        struct portal_emergency *e = &p->emergencies[p->n_emergencies++];

        e->name = artefact_str(a, row->name);
        e->hours = row->hours;
        for (uint32_t k = 0; k < row->reasons.n && e->n_reasons < PORTAL_REASONS; k++)
            e->reasons[e->n_reasons++] = artefact_str(a, words[row->reasons.at + k]);
    }
}

static void read_rules(struct daemon_policy *p)
{
    const struct artefact *a = policy_artefact(p->policy);

    p->portal = (struct portal_policy){.record = (enum record)ARTEFACT_ROWS(a, META, struct a_meta)->record};
    read_allowances(&p->portal, a);
    read_emergencies(&p->portal, a);
    p->n_spending = 0;
    for (uint32_t i = 0; i < a->n[SECTION_RULES] && p->n_spending < SPENDING_MAX; i++) {
        uint32_t allowance = allowance_of_rule(a, i);

        if (allowance == NO_INDEX)
            continue;
        p->spending[p->n_spending++] = (struct spending){
            artefact_str(a, ARTEFACT_ROWS(a, RULES, struct a_rule)[i].id),
            artefact_str(a, ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[allowance].name)};
    }
}

int daemon_policy_look(struct daemon_policy *p, struct diag *d)
{
    struct policy *opened = NULL;
    unsigned unreadable;
    struct diag ignored;
    struct stat st;

    if (stat(p->path, &st) != 0)
        return p->policy ? 0 : diag_error(d, p->path, ": there is no policy yet", NULL);
    if (same(&st, &p->seen))
        return 0;
    p->seen = st;
    if (policy_map(p->path, &opened, d) != 0)
        return -1;
    policy_free(p->policy);
    p->policy = opened;
    read_rules(p);
    diag_init(&ignored); /* without a history there are no words, and all else works */
    json_decref(p->history);
    p->history = history_read(p->path, &unreadable, &ignored);
    return 1;
}

const struct portal_policy *daemon_policy_portal(const struct daemon_policy *p)
{
    return &p->portal;
}

size_t daemon_policy_spending(const struct daemon_policy *p, const struct spending **rows)
{
    *rows = p->spending;
    return p->n_spending;
}

void daemon_policy_names(const struct daemon_policy *p, void (*take)(void *to, struct str name), void *to)
{
    const struct artefact *a = p->policy ? policy_artefact(p->policy) : NULL;

    for (uint32_t i = 0; a && i < a->n[SECTION_MEMBERS]; i++)
        take(to, artefact_str(a, ARTEFACT_ROWS(a, MEMBERS, struct a_member)[i].user));
    for (uint32_t i = 0; a && i < a->n[SECTION_GRANTS]; i++)
        take(to, artefact_str(a, ARTEFACT_ROWS(a, GRANTS, struct a_grant)[i].user));
}

struct str daemon_policy_platform(const struct daemon_policy *p, struct str id)
{
    const struct artefact *a = p->policy ? policy_artefact(p->policy) : NULL;

    for (uint32_t i = 0; a && i < a->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *row = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i];

        if (str_eq(artefact_str(a, row->id), id))
            return artefact_str(a, row->name);
    }
    return id;
}

bool daemon_policy_site(const struct daemon_policy *p, size_t i, struct str *id, struct str *name)
{
    const struct artefact *a = p->policy ? policy_artefact(p->policy) : NULL;
    const struct a_platform *row;

    if (!a || i >= a->n[SECTION_PLATFORMS])
        return false;
    row = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i];
    *id = artefact_str(a, row->id);
    *name = artefact_str(a, row->name);
    return true;
}

int daemon_policy_know(const struct daemon_policy *p, struct case_file *c, struct diag *d)
{
    return p->policy ? case_subject_know(c, policy_artefact(p->policy), d) : 0;
}

struct str daemon_policy_current(const struct daemon_policy *p, struct str name)
{
    return p->policy ? lookup_current(policy_artefact(p->policy), name) : name;
}

/* As person_of has it. */
struct str daemon_policy_subject(const struct daemon_policy *p, struct str name)
{
    const struct artefact *a = p->policy ? policy_artefact(p->policy) : NULL;
    const struct a_member *member = a ? lookup_member(a, name) : NULL;

    return member && member->id.n ? artefact_str(a, member->id) : name;
}

static bool lists(const struct artefact *a, struct a_list groups, uint32_t group)
{
    for (uint32_t i = 0; i < groups.n; i++)
        if (artefact_numbers(a, groups)[i] == group)
            return true;
    return false;
}

bool daemon_policy_may_declare(const struct daemon_policy *p, struct str user, struct str told,
                               size_t emergency)
{
    const struct artefact *a = p->policy ? policy_artefact(p->policy) : NULL;
    const struct a_member *member;
    struct a_list groups;

    if (!a || emergency >= a->n[SECTION_EMERGENCIES])
        return false;
    groups = ARTEFACT_ROWS(a, EMERGENCIES, struct a_emergency)[emergency].groups;
    while (told.n) {
        uint32_t group = lookup_group(a, str_cut(&told, ','));

        if (group != NO_INDEX && lists(a, groups, group))
            return true;
    }
    member = lookup_member(a, user);
    for (uint32_t i = 0; member && i < member->groups.n; i++)
        if (lists(a, groups, artefact_numbers(a, member->groups)[i]))
            return true;
    return false;
}

static struct str text_of(json_t *o, const char *key)
{
    json_t *v = json_object_get(o, key);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

bool daemon_policy_words(struct daemon_policy *p, const struct event *e, struct rule_words *w)
{
    json_t *rule = p->history ? history_rule(p->history, e->policy, e->rule) : NULL;

    *w = (struct rule_words){text_of(rule, "because"), text_of(rule, "cite")};
    return rule != NULL;
}
