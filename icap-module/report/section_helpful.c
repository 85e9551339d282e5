/* 8: what speaks for the person, or against the figures. Every line is always there, also where it says that
 * nothing was found: whoever reads shall see that it was looked for. (Acas: look for what supports and for
 * what contradicts.) */
#include "report/sections.h"

#include "core/clock.h"

static void put(const struct facts *f, struct table *t, const char *question, const char *answer)
{
    doc_pair(f->doc, t, question, answer);
}

static bool read_before(const struct facts *f, const struct input_policy *p)
{
    int64_t first = f->in->events.n ? f->events[0]->time : INT64_MAX;

    INPUT_EACH(const struct input_ack, f->in->acknowledgements, a)
    if (str_eq(a->version, p->version) && (a->at <= first || clock_local(a->at).day <= p->from))
        return true;
    return false;
}

static const char *notice(const struct facts *f)
{
    struct pool *pool = &f->doc->pool;
    const char *missing = "";

    INPUT_EACH(const struct input_policy, f->in->policies, p)
    if (!read_before(f, p))
        missing =
            pool_print(pool, "%s%sversion %s", missing, *missing ? ", " : "", doc_said(f->doc, p->version));
    if (!*missing)
        return "Yes, for each version in force, before the first use in this report.";
    return pool_print(pool,
                      "Not shown for %s. The person may not have known this rule, or that use was recorded.",
                      missing);
}

static const char *changed(const struct facts *f)
{
    if (f->in->policies.n < 2)
        return "No. One version was in force all the time.";
    return pool_print(&f->doc->pool, "Yes. %llu versions were in force, one after the other. See section 9.",
                      (unsigned long long)f->in->policies.n);
}

static const char *for_work(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    if (!f->in->notes.n && !f->counts.claims)
        return "No note or claim is on record. That does not mean that it was not for work.";
    return pool_print(p, "%s and %s are on record, for %s of the likely time. See sections 5 and 14.",
                      words_count(p, f->in->notes.n, "note", "notes"),
                      words_count(p, f->counts.claims, "claim made at the time", "claims made at the time"),
                      words_spoken(p, f->rounded.claimed));
}

static uint64_t as_council(const struct facts *f)
{
    uint64_t n = 0;

    INPUT_EACH(const struct input_event, f->in->events, e)
    n += e->action == ACTION_ALLOW && e->origin == ORIGIN_PERSON &&
         (e->identity == IDENTITY_REGISTERED ||
          (e->account.n && !str_eq(e->account, STR("none")) && !str_eq(e->account, STR("other")) &&
           !str_eq(e->account, STR("unknown"))));
    return n;
}

static const char *council_acts(const struct facts *f)
{
    struct pool *p = &f->doc->pool;
    uint64_t n = as_council(f);

    return n ? pool_print(p, "%s with an account of the council's. Those were for work.",
                          words_count(p, n, "act was", "acts were"))
             : "None was found.";
}

static const char *permitted(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    return pool_print(p, "%s let through by the rules in force. What a rule lets through does not break it.",
                      words_count(p, f->counts.acts, "act of the person was", "acts of the person were"));
}

static const char *own_time(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    if (!f->in->has_pattern)
        return "Not known: the case gives no working hours.";
    return pool_print(p, "%s of the likely time fell outside the working hours that the case gives. %s",
                      words_spoken(p, f->rounded.total[LIKELY] - f->rounded.work),
                      f->in->pattern.confirmed_on ? "The person has confirmed those hours."
                                                  : "The person has not yet confirmed those hours.");
}

static const char *on_break(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    if (!f->counts.breaks)
        return "No break was declared at the time.";
    if (!f->in->has_pattern)
        return pool_print(p, "%s declared at the time. See section 5.",
                          words_count(p, f->counts.breaks, "break was", "breaks were"));
    return pool_print(p, "%s declared at the time. Of what is called work time here, %s fell in them.",
                      words_count(p, f->counts.breaks, "break was", "breaks were"),
                      words_spoken(p, f->rounded.breaks));
}

static const char *left_open(const struct facts *f)
{
    struct pool *p = &f->doc->pool;
    uint32_t apart = f->rounded.total[HIGH] - f->rounded.total[LIKELY];

    if (!apart)
        return "No sign of it: the likely and the high figure are the same.";
    return pool_print(p, "It may explain up to %s: so far apart are the likely and the high figure.",
                      words_spoken(p, apart));
}

static const char *background(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    return pool_print(p,
                      "%s made by pages themselves, and for %llu we cannot tell who made them. None of them "
                      "adds to the low "
                      "figure; video adds at most ten minutes after the last click to the likely one.",
                      words_count(p, f->counts.machine, "request was", "requests were"),
                      (unsigned long long)f->counts.perhaps);
}

static const char *embeds(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    return f->counts.embeds
               ? pool_print(
                     p,
                     "%s parts of other web pages, such as a like button on a news site. None was counted.",
                     words_count(p, f->counts.embeds, "request was for", "requests were for"))
               : "None was found.";
}

static const char *reloads(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    return f->browsing.regular
               ? pool_print(p,
                            "%s as regularly as a clock. They were taken for a page that loads itself anew.",
                            words_count(p, f->browsing.regular, "page was opened", "pages were opened"))
               : "None was found.";
}

static const char *not_tried(const struct facts *f)
{
    struct pool *p = &f->doc->pool;
    uint64_t n = f->counts.stopped_machine + f->counts.stopped_unknown;

    return n ? pool_print(
                   p, "%s made by pages, or we cannot tell by whom. They are no proof that the person tried.",
                   words_count(p, n, "request that was stopped was", "requests that were stopped were"))
             : "None was found.";
}

static const char *outages(const struct facts *f)
{
    struct pool *p = &f->doc->pool;

    return f->in->gaps.n ? pool_print(p, "%s in the record. See section 11.",
                                      words_count(p, f->in->gaps.n, "gap is", "gaps are"))
                         : "No gap is on record. See section 11.";
}

static const char *assumptions(const struct facts *f)
{
    struct pool *p = &f->doc->pool;
    uint64_t n = 0;

    INPUT_EACH(const struct input_policy, f->in->policies, policy)
    INPUT_EACH(const struct input_rule, policy->rules, r)
    n += r->assumption.n > 0;
    return n ? pool_print(p,
                          "%s on an assumption, not on the words of the council's document. See section 9.",
                          words_count(p, n, "rule rests", "rules rest"))
             : "None was found.";
}

void section_helpful(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;

    doc_text(
        d, BLOCK_PARAGRAPH,
        "This section is in every report and cannot be left out. A fair inquiry looks for what speaks for "
        "the person as hard as for what speaks against.");
    t = doc_table(d, "Looked for, and what was found", COLUMNS("Question", "What was found"));
    put(f, t, "Had the person read the notice and the policy?", notice(f));
    put(f, t, "Did the rules change in the period?", changed(f));
    put(f, t, "Does the person say that it was for work?", for_work(f));
    put(f, t, "Was it done with the council's accounts?", council_acts(f));
    put(f, t, "Did the rules allow it?", permitted(f));
    put(f, t, "Was it in the person's own time?", own_time(f));
    put(f, t, "Was the person on a break?", on_break(f));
    put(f, t, "Could a page have been left open?", left_open(f));
    put(f, t, "Did pages send requests by themselves?", background(f));
    put(f, t, "Were parts of other web pages among it?", embeds(f));
    put(f, t, "Did pages load themselves anew?", reloads(f));
    put(f, t, "Was something blocked that the person did not try?", not_tried(f));
    put(f, t, "Were there faults or outages?", outages(f));
    put(f, t, "Does a rule rest on an assumption?", assumptions(f));
    put(f, t, "Could it have been somebody else?",
        "Yes, if the person's computer was left unlocked or the sign-in was shared. "
        "This record cannot rule it out.");
}
