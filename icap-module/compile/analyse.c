/* The table of analyses, in the order in which they speak: warnings before notes. */
#include "compile/analyse.h"

#include <stdlib.h>

/* portreeve.policy(5), section ANALYSES, has a paragraph for each; scripts/check-docs holds it to that. */
const struct analysis analyses[] = {
    {1, "dead", SEVERITY_WARNING, analyse_dead, "conditions of a rule that never hold together"},
    {2, "contradictory", SEVERITY_WARNING, analyse_contradictory,
     "a permit and a forbid of the same requests"},
    {3, "shadowed", SEVERITY_WARNING, analyse_shadowed, "a rule wholly inside one that decides before it"},
    {4, "unsure-only", SEVERITY_WARNING, analyse_unsure_only, "a rule that can be unsure but never match"},
    {5, "outranked", SEVERITY_WARNING, analyse_outranked,
     "a rule whose page and words never come to be chosen"},
    {6, "open", SEVERITY_WARNING, analyse_open,
     "a permit that speaks of persons only and so opens everything"},
    {7, "wide-network", SEVERITY_WARNING, analyse_wide_network,
     "a network that takes in nearly all addresses"},
    {8, "wide-host", SEVERITY_WARNING, analyse_wide_host, "a host name that takes in everybody's hosts"},
    {9, "open-platform", SEVERITY_WARNING, analyse_open_platform,
     "a platform's main host among the must-work"},
    {10, "unjudged-platform", SEVERITY_WARNING, analyse_unjudged_platform,
     "a platform's main host among the never-bump"},
    {11, "listed-host", SEVERITY_WARNING, analyse_listed_host, "a platform's main host in a category"},
    {12, "wide-grant", SEVERITY_WARNING, analyse_wide_grant, "a grant of every account and every activity"},
    {13, "not-yet", SEVERITY_WARNING, analyse_not_yet, "a policy that holds from a day to come"},
    {14, "differing", SEVERITY_WARNING, analyse_differing, "two sets of one restriction to different values"},
    {15, "members", SEVERITY_WARNING, analyse_members, "elected members for whom nothing is declared"},
    {16, "redundant", SEVERITY_NOTE, analyse_redundant, "a rule that adds nothing to another"},
    {17, "no-effect", SEVERITY_NOTE, analyse_no_effect, "a rule where what it brings is there already"},
    {18, "any-account", SEVERITY_NOTE, analyse_any_account, "a permit of every act with every account"},
    {19, "idle", SEVERITY_NOTE, analyse_idle, "rules that wait for something in the registers"},
    {20, "expired", SEVERITY_NOTE, analyse_expired, "grants whose last day is past"},
    {21, "untrained", SEVERITY_NOTE, analyse_untrained, "grants whose training is past"},
    {22, "empty-group", SEVERITY_NOTE, analyse_empty_group, "a group that the register fills with nobody"},
    {23, "unused-account", SEVERITY_NOTE, analyse_unused_account, "an account that nobody may use"},
    {24, "listed-must-work", SEVERITY_NOTE, analyse_listed_must_work, "a must-work host in a category"},
    {25, "no-sponsor", SEVERITY_NOTE, analyse_no_sponsor, "people for whom nobody answers"},
    {26, "unknown-person", SEVERITY_NOTE, analyse_unknown_person,
     "grants of people whom the directory does not know"},
    {27, "ending", SEVERITY_NOTE, analyse_ending, "grants that end soon"},
    {28, "unread", SEVERITY_NOTE, analyse_unread, "grants of people who have read an earlier version"},
    {29, "moved", SEVERITY_NOTE, analyse_moved,
     "grants of people who have left the group that they had them in"},
    {30, "stale-owner", SEVERITY_NOTE, analyse_stale_owner,
     "accounts whose owner, deputy or officer the directory does not know"},
};

const unsigned n_analyses = sizeof analyses / sizeof *analyses;

unsigned analyse_line(const struct study *s, enum section section, uint32_t index)
{
    struct str file;
    unsigned line, column;

    return build_place_of(s->c->b, section, index, &file, &line, &column) ? line : 0;
}

void analyse_policy(struct check *c, int32_t today)
{
    struct study s = {.c = c, .today = today, .n_rules = build_count(c->b, SECTION_RULES)};

    s.world = world_new(c->b, WORLD_ANY);
    s.rules = calloc(s.n_rules + 1, sizeof *s.rules);
    if (s.world && s.rules &&
        analyse_fates(&s)) /* without memory there is nothing to say; build_finish does */
        for (unsigned i = 0; i < n_analyses; i++)
            analyses[i].say(&s, &analyses[i]);
    for (uint32_t i = 0; s.rules && i < s.n_rules; i++) {
        free(s.rules[i].regions[SURE]);
        free(s.rules[i].regions[POSSIBLE]);
        free(s.rules[i].acts);
    }
    free(s.rules);
    world_free(s.world);
}
