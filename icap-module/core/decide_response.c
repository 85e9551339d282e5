/* Steps R1 to R4 of decide.c, and the door to them. */
#include "core/decide_internal.h"
#include "core/lookup.h"
#include "core/place.h"
#include "core/policy_internal.h"

void decide_response(const struct snapshot *snapshot, const struct request *r, struct verdict *v)
{
    const struct artefact *a = &snapshot->policy->artefact;
    struct match_memory memory = {0};
    struct match m = match_for(snapshot, r, v, &memory);
    struct tally enforced, all;
    struct outcome now, would;
    bool differ;

    if (v->what.host_flags & HOST_MUST_WORK)
        return;
    differ = decide_weigh(&m, OF_ANSWER, &enforced, &all);
    now = would = decide_forbidden(a, &enforced);
    if (differ)
        would = decide_forbidden(a, &all);
    decide_put(a, v, &now, &would);
    v->in_scope = v->action != ACTION_ALLOW || v->shadow;
}

/* Of a platform that a map knows, and of what a carrier shows, the request has told all there is to ask. */
static void see(struct classification *c, const struct response *answer)
{
    if (c->platform != NO_INDEX || c->carrier != NO_INDEX)
        return;
    c->sights = response_sights(answer);
    if (c->sights >> SIGHT_STREAMING & 1) {
        c->activity = ACTIVITY_STREAM;
        c->confidence = CONFIDENCE_LIKELY;
    }
}

struct verdict policy_judge_response(const struct snapshot *snapshot, const struct recall *recall,
                                     struct request *r, const struct response *answer,
                                     struct scratch *scratch)
{
    struct verdict v = {.action = ACTION_ALLOW,
                        .why = WHY_SCOPE,
                        .would_why = WHY_SCOPE,
                        .rule = RULE_NONE,
                        .page = NO_INDEX,
                        .would_rule = RULE_NONE,
                        .ask = ASK_COUNT,
                        .step = STEP_COUNT,
                        .returns = NO_INDEX};
    bool read;

    (void)recall;
    arena_reset(&scratch->arena);
    scratch->attempts = PATTERN_ATTEMPTS;
    read = request_normalise(r, &scratch->arena) == NORMALISED;
    r->account_name = lookup_current(&snapshot->policy->artefact, r->account_name);
    v.what = classify(snapshot, r, scratch);
    see(&v.what, answer);
    if (!v.what.place.told)
        v.what.place = place_of(snapshot, answer->from);
    if (!read || (!v.what.sights && !v.what.place.told)) /* most end here */
        return v;
    v.who = person_of(snapshot->policy, r, scratch);
    decide_response(snapshot, r, &v);
    decide_unlogged(&v);
    return v;
}
