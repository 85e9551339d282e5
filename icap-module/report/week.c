#include "report/week.h"

#include "core/lookup.h"
#include "report/sections.h"
#include "report/words.h"

const char *week_number(struct doc *d, uint64_t n)
{
    const char *rest = "";

    for (; n >= 1000; n /= 1000)
        rest = pool_print(&d->pool, ",%03u%s", (unsigned)(n % 1000), rest);
    return pool_print(&d->pool, "%u%s", (unsigned)n, rest);
}

const char *week_few(struct doc *d, uint64_t n)
{
    return n == 0 ? "none" : n < WEEK_FEW ? "fewer than 10" : week_number(d, n);
}

const char *week_site(const struct week_facts *f, struct doc *d, struct str id)
{
    for (uint32_t i = 0; i < f->policy->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(f->policy, PLATFORMS, struct a_platform)[i];

        if (str_eq(artefact_str(f->policy, p->id), id))
            return doc_said(d, artefact_str(f->policy, p->name));
    }
    return id.n ? doc_said(d, id) : "Sites that no map names";
}

static const struct a_meta *meta_of(const struct week_facts *f)
{
    return ARTEFACT_ROWS(f->policy, META, struct a_meta);
}

uint64_t week_sum(const uint64_t n[WEEK_ACTIONS])
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < WEEK_ACTIONS; i++)
        sum += n[i];
    return sum;
}

/* Both weeks, or neither: what stands in one alone would tell of what the other holds back. */
static const char *before(const struct week_facts *f, struct doc *d, uint64_t now, uint64_t n)
{
    return f->has_before && now && n ? week_number(d, n) : "-";
}

/* ---- what the page is of ---- */

static unsigned days_in(unsigned bits)
{
    unsigned n = 0;

    for (unsigned i = 0; i < WEEK_DAYS; i++)
        n += bits >> i & 1;
    return n;
}

static void tell_days(const struct week_facts *f, struct doc *d)
{
    unsigned waiting = days_in(f->waiting), without = WEEK_DAYS - days_in(f->summed) - waiting;

    if (waiting)
        doc_text(d, BLOCK_NOTE,
                 "%u of the 7 days %s not summed up yet: a day is summed up once it has been over for two days. Make this page "
                 "again later.",
                 waiting, waiting == 1 ? "is" : "are");
    if (without == WEEK_DAYS)
        doc_text(d, BLOCK_PARAGRAPH, "There are no sums of this week: nothing was recorded, it was not imported, or its time is over.");
    else if (without)
        doc_text(d, BLOCK_PARAGRAPH, "Of %s there are no sums: nothing was recorded then, or it was not imported.",
                 words_count(&d->pool, without, "day", "days"));
    if (f->first && f->summed)
        doc_text(d, BLOCK_PARAGRAPH, "This is the first week on record. There is nothing to compare it with.");
    else if (!f->has_before && f->summed)
        doc_text(d, BLOCK_PARAGRAPH, "Of the week before there are no sums, so nothing is compared.");
}

/* Why there are no people in it. */
static void tell_record(const struct week_facts *f, struct doc *d)
{
    enum record mode = artefact_record_mode(f->policy);

    if (mode == RECORD_NONE)
        doc_text(d, BLOCK_NOTE, "This council's policy records nothing (record none). So there are no numbers about use. What "
                                "follows tells how the service went.");
    else if (mode == RECORD_COUNTS && meta_of(f)->record == RECORD_PSEUDONYM)
        doc_text(d, BLOCK_NOTE, "No person is recorded here yet: the policy's monitoring statement is still to be filled in. "
                                "These are counts of requests. A number of fewer than ten requests is not shown.");
    else if (mode == RECORD_COUNTS)
        doc_text(d, BLOCK_NOTE, "No person is recorded at this council: its policy has no ground for it (record counts). These "
                                "are counts of requests. A number of fewer than ten requests is not shown.");
}

static void both(const struct week_facts *f, struct doc *d, struct table *t, const uint64_t now_before[2])
{
    doc_cell(d, t, "%s", week_number(d, now_before[0]));
    doc_cell(d, t, "%s", before(f, d, now_before[0], now_before[1]));
}

static void put_totals(const struct week_facts *f, struct doc *d)
{
    static const char *const says[WEEK_ACTIONS] = {[ACTION_ALLOW] = "Allowed",
                                                   [ACTION_REFUSE] = "Refused",
                                                   [ACTION_ASK] = "Asked something first (such as to read the notice)",
                                                   [ACTION_UNAVAILABLE] = "Not served: the service was not available",
                                                   [ACTION_COUNT] = "Too few people to tell apart which of these"};
    uint64_t sums[WEEK_ACTIONS][2] = {0}, all[2] = {0};
    struct table *t = doc_table(d, "Requests that this page counts", COLUMNS("What became of them", "#This week", "#Week before"));

    for (unsigned k = 0; k < WEEK_ACTIONS; k++) {
        for (size_t i = 0; i < f->sites.n; i++) {
            sums[k][0] += f->sites.p[i].now[k];
            sums[k][1] += f->sites.p[i].before[k];
        }
        all[0] += sums[k][0];
        all[1] += sums[k][1];
        if (!sums[k][0] && k != ACTION_ALLOW && k != ACTION_REFUSE)
            continue;
        doc_cell(d, t, "%s", says[k]);
        both(f, d, t, sums[k]);
    }
    doc_cell(d, t, "All that are counted");
    both(f, d, t, all);
    t->total = true;
}

static void tell_short(const struct week_facts *f, struct doc *d)
{
    doc_section(d, "short", "The week in short");
    tell_record(f, d);
    tell_days(f, d);
    if (f->sites.n)
        put_totals(f, d);
    if (meta_of(f)->alert_count)
        doc_text(d, BLOCK_PARAGRAPH, "Alerts of repeated refusals: %s. An alert has a reference and no name.", week_few(d, f->alerts));
}

/* ---- use ---- */

#define ACTIONS "#Allowed", "#Asked first", "#Refused", "#All", "#All, week before"

/* Of what could not be told apart there may be no more than the sum. */
static void put_line(const struct week_facts *f, struct doc *d, struct table *t, const struct week_line *l)
{
    const uint64_t parts[] = {l->now[ACTION_ALLOW], l->now[ACTION_ASK], l->now[ACTION_REFUSE] + l->now[ACTION_UNAVAILABLE]};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        doc_cell(d, t, "%s", l->several ? "-" : week_number(d, parts[i]));
    doc_cell(d, t, "%s", week_number(d, week_sum(l->now)));
    doc_cell(d, t, "%s", l->several ? "-" : before(f, d, week_sum(l->now), week_sum(l->before)));
}

static void by_site(const struct week_facts *f, struct doc *d)
{
    struct table *t = doc_table(d, "By site", COLUMNS("Site", ACTIONS));

    for (size_t i = 0; i < f->sites.n; i++) {
        const struct week_line *l = &f->sites.p[i];

        if (!week_sum(l->now))
            continue;
        doc_cell(d, t, "%s", l->several ? "Several: too few people to tell apart" : week_site(f, d, l->name));
        put_line(f, d, t, l);
    }
}

/* "React: like, share, save ..." */
static const char *activity_of(struct doc *d, struct str word)
{
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        if (str_eq(word, str_of(word_of(WORDS_ACTIVITY, i))))
            return pool_print(&d->pool, "%c%.*s: %s", word.p[0] - 'a' + 'A', STR_ARG(str_from(word, 1)),
                              word_lists[WORDS_ACTIVITY].meanings[i]);
    return "Not known";
}

static void by_activity(const struct week_facts *f, struct doc *d)
{
    struct table *t = doc_table(d, "By what was done", COLUMNS("Activity", ACTIONS));

    for (size_t i = 0; i < f->activities.n; i++) {
        const struct week_line *l = &f->activities.p[i];

        if (!week_sum(l->now))
            continue;
        doc_cell(d, t, "%s", l->several ? "Several: too few people to tell apart" : activity_of(d, l->name));
        put_line(f, d, t, l);
    }
}

static const char *sentence_of(const struct week_facts *f, struct doc *d, struct str rule)
{
    for (uint32_t i = 0; i < f->policy->n[SECTION_RULES]; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(f->policy, RULES, struct a_rule)[i];

        if (str_eq(artefact_str(f->policy, r->id), rule))
            return r->because.n ? doc_said(d, artefact_str(f->policy, r->because)) : "-";
    }
    return str_eq(rule, STR("default")) ? "No rule speaks of it: the policy's default." : "Not a rule of the policy in force now.";
}

static void by_rule(const struct week_facts *f, struct doc *d)
{
    struct table *t = doc_table(d, "By rule", COLUMNS("Rule", "What it says", "#This week", "#Week before"));

    for (size_t i = 0; i < f->rules.n; i++) {
        const struct week_line *l = &f->rules.p[i];

        if (!week_sum(l->now))
            continue;
        doc_cell(d, t, "%s", l->several ? "Several: too few" : l->name.n ? doc_said(d, l->name) : "No rule");
        doc_cell(d, t, "%s", l->several ? "Too few people to tell apart." : l->name.n ? sentence_of(f, d, l->name)
                                                                                      : "Could not be read, or no rule was asked.");
        doc_cell(d, t, "%s", week_number(d, week_sum(l->now)));
        doc_cell(d, t, "%s", l->several ? "-" : before(f, d, week_sum(l->now), week_sum(l->before)));
    }
}

static void the_use(const struct week_facts *f, struct doc *d)
{
    doc_section(d, "use", "Requests and decisions");
    if (!f->sites.n) {
        doc_text(d, BLOCK_PARAGRAPH, "There is nothing to be shown.");
        return;
    }
    by_site(f, d);
    by_activity(f, d);
    by_rule(f, d);
}

static void on_trial(const struct week_facts *f, struct doc *d)
{
    struct table *t;

    doc_section(d, "trial", "Rules on trial");
    if (!f->n_shadow)
        doc_text(d, BLOCK_PARAGRAPH, "%s",
                 f->shadow_few ? "What rules on trial would have done concerned fewer than ten people each. So it is not shown."
                               : "No rule on trial would have done anything.");
    if (!f->n_shadow)
        return;
    doc_text(d, BLOCK_PARAGRAPH, "These rules only watch (shadow). Nobody was refused or asked anything by them.%s",
             f->shadow_few ? " What concerned fewer than ten people is left out." : "");
    t = doc_table(d, "What rules on trial would have done", COLUMNS("Rule", "Site", "Activity", "Would have been", "#Requests", "#People"));
    for (size_t i = 0; i < f->n_shadow; i++) {
        const struct week_shadow *s = &f->shadow[i];

        doc_cell(d, t, "%s", s->rule.n ? doc_said(d, s->rule) : "No rule");
        if (s->platform.n || !s->categories.n)
            doc_cell(d, t, "%s", week_site(f, d, s->platform));
        else
            doc_cell(d, t, "Sites listed as %.*s", STR_ARG(s->categories));
        doc_cell(d, t, "%s", s->activity);
        doc_cell(d, t, "%s", s->would);
        doc_cell(d, t, "%s or more", week_number(d, s->events - s->events % WEEK_FEW)); /* no difference to the sums is told */
        doc_cell(d, t, "%.*s", STR_ARG(s->people.n ? s->people : STR("not recorded")));
    }
}

/* ---- the whole ---- */

static void not_counted(const struct week_facts *f, struct doc *d)
{
    doc_section(d, "uncounted", "What these numbers do not count");
    doc_text(d, BLOCK_ITEM, "What fewer than ten people did on a day. It goes into a wider number; if that is still too small, it "
                            "is left out. So the tables do not add up to all requests, and a site that is missing may have been used.");
    doc_text(d, BLOCK_ITEM, "People. A request is not a person, nor a minute of anybody's time. One page can make many requests.");
    doc_text(d, BLOCK_ITEM, "Sites outside of the policy's scope, and sites on the never-log list, such as health or unions.");
    doc_text(d, BLOCK_ITEM, "What Squid let through or refused by itself while the service was away. Squid's own log counts that.");
    doc_text(d, BLOCK_ITEM, "What was taken into the record more than two days after its day.%s",
             f->record.has_daemon ? "" : " How far it had come was not looked at.");
    doc_text(d, BLOCK_ITEM, "Nothing here can be opened to see one person. There is no list of people, and no order of them.");
    doc_text(d, BLOCK_PARAGRAPH, "The same page goes to ICT, to the unions and to Information Governance. A '-' in place of a number of "
                                 "the week before means: not shown in one of the two weeks.");
}

int week_write(const struct week_facts *f, struct doc *d, struct diag *diag)
{
    const struct a_meta *m = meta_of(f);

    *d = (struct doc){.limits = {"Counts of requests, never of one person. Numbers about use stand for ten people or more.",
                                 "It ranks nobody, names nobody and holds no code of anybody.",
                                 "What is not counted is told at its end."}};
    d->title = pool_print(&d->pool, "Web access: the week to Sunday, %s", words_date(&d->pool, f->monday + WEEK_DAYS - 1));
    d->council = doc_said(d, artefact_str(f->policy, m->council));
    d->made = words_time(&d->pool, f->made);
    d->brief = true;
    tell_short(f, d);
    the_use(f, d);
    on_trial(f, d);
    week_service(f, d);
    not_counted(f, d);
    return d->pool.failed ? diag_error(diag, "out of memory: the summary is not whole", NULL, NULL) : 0;
}
