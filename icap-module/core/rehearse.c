#include "core/rehearse.h"

#include "core/match.h"

enum { BUCKETS = 1, HOUR = 60 * 60 };

size_t rehearse_size(void)
{
    return recall_size(BUCKETS);
}

/* Far enough apart to be visits of their own, and close enough for the rule that looks back least. */
static void play_visits(const struct snapshot *s, uint32_t returns, struct recall *table,
                        const struct request *r, const struct verdict *v)
{
    const struct artefact *a = policy_artefact(s->policy);
    int64_t apart = HOUR;

    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++) {
        const struct a_rule *rule = &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];

        if (rule->returns && (int64_t)(rule->within / (returns + 1)) < apart)
            apart = rule->within / (returns + 1);
    }
    if (apart < RECALL_SITTING + 60)
        apart = RECALL_SITTING + 60;
    for (uint32_t i = returns; v->returns != NO_INDEX && i > 0; i--)
        recall_note(table, &v->notes[0], r->now - i * apart, WITHIN_MAX);
}

static void play_owed(const struct snapshot *s, const struct rehearsal *before, struct recall *table,
                      const struct request *r, const struct verdict *v)
{
    const struct artefact *a = policy_artefact(s->policy);
    struct match_memory memory = {.has_facts = false};
    struct match m = match_for(s, r, v, &memory);
    uint32_t rule = RULE_NONE, page = ARTEFACT_ROWS(a, META, struct a_meta)->default_page;
    struct recall_key keys[2];
    unsigned n;

    m.recall = table;
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, RULES, struct a_rule)[i].id), before->owes)) {
            rule = i;
            page = ARTEFACT_ROWS(a, RULES, struct a_rule)[i].page;
        }
    if (v->what.platform == NO_INDEX || page == NO_INDEX || v->who.subject.n == 0)
        return;
    n = match_owes(&m, rule, page, keys);
    for (unsigned i = 0; i < n; i++)
        recall_note(table, &keys[i], r->now, WITHIN_MAX);
}

struct verdict rehearse(const struct snapshot *snapshot, const struct rehearsal *before, void *memory,
                        struct request *r, struct scratch *scratch)
{
    static const unsigned char salt[DIGEST_KEY] = "rehearsal";
    struct recall *table;
    struct verdict v;

    memset(memory, 0, rehearse_size());
    table = recall_init(memory, BUCKETS, salt);
    v = policy_judge(snapshot, table, r, scratch);
    if (before->returns)
        play_visits(snapshot, before->returns, table, r, &v);
    if (before->owes.n)
        play_owed(snapshot, before, table, r, &v);
    if (before->returns || before->owes.n)
        v = policy_judge(snapshot, table, r, scratch);
    if (before->shown) { /* what has been shown is not shown again */
        for (uint32_t i = 0; i < v.n_notes; i++)
            recall_note(table, &v.notes[i], r->now, WITHIN_MAX);
        v = policy_judge(snapshot, table, r, scratch);
    }
    return v;
}
