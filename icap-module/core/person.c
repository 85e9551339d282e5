/* Who asks, as far as a policy can speak of it (portreeve.policy(5), WHO ASKS): groups from the proxy and
 * from the registers together (the union), the class of person from the register, else from a group, else as
 * the policy says of all others; and how sure it is that one person asks. */
#include "core/lookup.h"
#include "core/policy_internal.h"

static void join(uint64_t *groups, uint32_t group)
{
    groups[group / 64] |= (uint64_t)1 << (group % 64);
}

static unsigned lowest_bit(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits);
}

/* Enforce wins where a person's groups disagree: nobody leaves the policy by a second group. */
static void settle(const struct artefact *a, struct person *who)
{
    bool shadow = false, enforce = false;

    for (uint32_t i = 0; i <= a->n[SECTION_GROUPS] / 64; i++) {
        for (uint64_t left = who->groups[i]; left; left &= left - 1) {
            const struct a_group *g = &ARTEFACT_ROWS(a, GROUPS, struct a_group)[64 * i + lowest_bit(left)];

            shadow |= g->mode == MODE_SHADOW;
            enforce |= g->mode == MODE_ENFORCE;
            if (who->people == NO_INDEX)
                who->people = g->people;
        }
    }
    if (shadow || enforce)
        who->mode = enforce ? MODE_ENFORCE : MODE_SHADOW;
}

/* A name tells of one person only where somebody signed in with it, and nobody else does. */
static void tell_how(const struct request *r, const struct a_member *member, struct person *who,
                     const struct artefact *a)
{
    if (who->user == USER_UNKNOWN)
        who->known_by = r->client_ip.n ? KNOWN_BY_ADDRESS : KNOWN_BY_NOTHING;
    else if (r->known_by == KNOWN_BY_ADDRESS)
        who->known_by = KNOWN_BY_ADDRESS;
    else
        who->known_by = r->known_by == KNOWN_BY_SHARED || who->people == PEOPLE_SHARED ? KNOWN_BY_SHARED
                                                                                       : KNOWN_BY_SIGN_IN;
    if (who->known_by == KNOWN_BY_SIGN_IN)
        who->subject = member && member->id.n ? artefact_str(a, member->id) : r->account_name;
}

struct person person_of(const struct policy *p, const struct request *r, struct scratch *s)
{
    const struct artefact *a = &p->artefact;
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);
    struct person who = {.people = NO_INDEX, .mode = (enum mode)meta->mode};
    size_t words = a->n[SECTION_GROUPS] / 64 + 1;
    const struct a_member *member = NULL;

    who.groups = arena_alloc(&s->arena, words * sizeof *who.groups);
    if (!who.groups)
        return who;
    memset(who.groups, 0, words * sizeof *who.groups);
    who.groups_state = r->has_groups ? GROUPS_RESOLVED : GROUPS_UNRESOLVED;
    for (size_t i = 0; i < r->n_groups; i++) {
        uint32_t group = lookup_group(a, str_trim(r->groups[i]));

        if (group != NO_INDEX)
            join(who.groups, group);
    }
    if (r->account_name.n) {
        who.user = USER_KNOWN;
        member = lookup_member(a, r->account_name);
    }
    if (member) {
        for (uint32_t i = 0; i < member->groups.n; i++)
            join(who.groups, artefact_numbers(a, member->groups)[i]);
        who.groups_state = GROUPS_RESOLVED;
        who.people = member->people;
        who.sponsor = artefact_str(a, member->sponsor);
    }
    settle(a, &who);
    if (who.people == NO_INDEX)
        who.people = meta->people_default;
    tell_how(r, member, &who, a);
    return who;
}
