/* What is checked, for whom, and by which rules. notice_keeps.c: what is kept. */
#include "report/notice.h"

#include "core/conditions.h"
#include "report/words.h"

enum { NEVER_OPENED = 60 /* names, at most, that are listed */ };

static const struct a_meta *meta_of(const struct notice_facts *f)
{
    return ARTEFACT_ROWS(f->policy, META, struct a_meta);
}

const char *notice_text(const struct notice_facts *f, struct doc *d, struct a_str s)
{
    struct str text = artefact_str(f->policy, s);

    return pool_print(&d->pool, "%.*s", STR_ARG(text));
}

static const char *sentence(enum says says)
{
    return word_lists[WORDS_SAYS].meanings[says];
}

static enum says record_sentence(const struct notice_facts *f)
{
    static const enum says by_mode[] = {
        [RECORD_NONE] = SAYS_NOTHING, [RECORD_COUNTS] = SAYS_COUNTS, [RECORD_PSEUDONYM] = SAYS_PSEUDONYM};

    return by_mode[artefact_record_mode(f->policy)];
}

/* ---- in short ---- */

static bool enforces_some_group(const struct notice_facts *f)
{
    for (uint32_t i = 0; i < f->policy->n[SECTION_GROUPS]; i++)
        if (ARTEFACT_ROWS(f->policy, GROUPS, struct a_group)[i].mode == MODE_ENFORCE)
            return true;
    return false;
}

static void short_mode(const struct notice_facts *f, struct doc *d)
{
    if (meta_of(f)->mode == MODE_ENFORCE)
        return;
    doc_text(d, BLOCK_NOTE, "%s",
             enforces_some_group(f)
                 ? "At present the rules hold for some groups. For all others they are only tried out."
                 : "At present the rules are only tried out. No page is stopped because of them.");
}

static void in_short(const struct notice_facts *f, struct doc *d)
{
    doc_section(d, "short", "In short");
    short_mode(f, d);
    doc_text(d, BLOCK_ITEM, "We check web use to keep people safe and to follow our policy.");
    if (meta_of(f)->scope_classes)
        doc_text(d, BLOCK_ITEM, "%s We mean social sites and the like: section 3 names them.",
                 sentence(SAYS_OPENS));
    doc_text(d, BLOCK_ITEM, "%s", sentence(record_sentence(f)));
    doc_text(d, BLOCK_ITEM, "%s", sentence(SAYS_CONTENT));
    if (f->policy->n[SECTION_ALLOWANCES])
        doc_text(d, BLOCK_ITEM, "%s", sentence(SAYS_MINUTES));
    if (meta_of(f)->alert_count && artefact_record_mode(f->policy) == RECORD_PSEUDONYM)
        doc_text(d, BLOCK_ITEM,
                 "If one person is refused %u times or more in %u minutes, an alert is raised. It has no name. To find out whose it "
                 "is takes a case, as for a report. What a page loads by itself does not count.",
                 (unsigned)meta_of(f)->alert_count, (unsigned)meta_of(f)->alert_minutes);
    if (f->daemon.host)
        doc_text(d, BLOCK_ITEM, "%s", sentence(SAYS_OWN));
    doc_text(d, BLOCK_ITEM,
             "Nobody is ranked or scored. No one can watch a person live. A computer disciplines nobody.");
}

/* ---- the policy ---- */

static void pair(const struct notice_facts *f, struct doc *d, struct table *t, const char *name,
                 struct a_str s)
{
    if (s.n)
        doc_pair(d, t, name, doc_said(d, artefact_str(f->policy, s)));
}

static void day(struct doc *d, struct table *t, const char *name, uint32_t when)
{
    if (when)
        doc_pair(d, t, name, words_date(&d->pool, (int32_t)when));
}

static void the_policy(const struct notice_facts *f, struct doc *d)
{
    const struct a_meta *m = meta_of(f);
    struct table *t;

    doc_section(d, "policy", "The policy");
    t = doc_table(d, "The policy that is in force", (const char *const[]){"What", "As it is", NULL});
    pair(f, d, t, "Policy", m->title);
    pair(f, d, t, "Version", m->version);
    day(d, t, "In force from", m->from_day);
    pair(f, d, t, "Looked after by", m->owner);
    pair(f, d, t, "Approved by", m->approved_by);
    day(d, t, "To be looked at again by", m->review_day);
    pair(f, d, t, "Where no rule speaks", m->default_because);
    pair(f, d, t, "It says so in", m->default_cite);
}

/* ---- sites ---- */

/* Names with a comma between: of rows that `is` takes; NULL: there are none. */
static const char *names_of_class(const struct notice_facts *f, struct doc *d, uint32_t class)
{
    const char *names = NULL;

    for (uint32_t i = 0; i < f->policy->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(f->policy, PLATFORMS, struct a_platform)[i];

        if (p->class == class)
            names = pool_print(&d->pool, "%s%s%s", names ? names : "", names ? ", " : "",
                               notice_text(f, d, p->name));
    }
    return names;
}

static const char *names_flagged(const struct notice_facts *f, struct doc *d, uint32_t flag)
{
    const char *names = NULL;
    size_t n = 0;

    for (uint32_t i = 0; i < f->policy->n[SECTION_HOSTS]; i++) {
        const struct a_host *h = &ARTEFACT_ROWS(f->policy, HOSTS, struct a_host)[i];

        if (!(h->flags & flag))
            continue;
        if (n++ < NEVER_OPENED)
            names = pool_print(&d->pool, "%s%s%s", names ? names : "", names ? ", " : "",
                               notice_text(f, d, h->name));
    }
    return n > NEVER_OPENED ? pool_print(&d->pool, "%s and %zu more", names, n - NEVER_OPENED) : names;
}

static size_t count_flagged(const struct notice_facts *f, uint32_t flag)
{
    size_t n = 0;

    for (uint32_t i = 0; i < f->policy->n[SECTION_HOSTS]; i++)
        n += (ARTEFACT_ROWS(f->policy, HOSTS, struct a_host)[i].flags & flag) != 0;
    return n;
}

static const char *names_of_categories(const struct notice_facts *f, struct doc *d)
{
    const char *names = "";

    for (uint32_t i = 0; i < CATEGORY_COUNT; i++)
        if (meta_of(f)->scope_categories >> i & 1)
            names = pool_print(&d->pool, "%s%s%s", names, *names ? ", " : "", word_of(WORDS_CATEGORY, i));
    return names;
}

static void sites(const struct notice_facts *f, struct doc *d)
{
    uint32_t classes = meta_of(f)->scope_classes;
    const char *never;
    struct table *t;

    doc_section(d, "sites", "Which sites this is about");
    t = doc_table(d, "Sites that the policy speaks of", (const char *const[]){"Kind", "Sites", NULL});
    for (uint32_t i = 0; i < CLASS_COUNT; i++) {
        const char *names = classes >> i & 1 ? names_of_class(f, d, i) : NULL;

        if (names)
            doc_pair(
                d, t,
                pool_print(&d->pool, "%s: %s", word_of(WORDS_CLASS, i), word_lists[WORDS_CLASS].meanings[i]),
                names);
    }
    if (meta_of(f)->scope_categories)
        doc_pair(d, t, "kinds of sites, as lists name them", names_of_categories(f, d));
    doc_text(d, BLOCK_PARAGRAPH,
             "Secure connections to other sites are not opened. We keep nothing of them.");
    never = names_flagged(f, d, HOST_NEVER_BUMP);
    if (never)
        doc_text(d, BLOCK_PARAGRAPH, "Never opened, whatever a rule says: %s.", never);
    if (count_flagged(f, HOST_NEVER_LOG))
        doc_text(d, BLOCK_PARAGRAPH,
                 "We keep nothing at all of %zu sites, such as those on health, faith, trade unions, legal "
                 "advice, "
                 "sexuality, crisis lines and banks. This holds even if one of them is stopped.",
                 count_flagged(f, HOST_NEVER_LOG));
    never = names_flagged(f, d, HOST_MUST_WORK);
    if (never)
        doc_text(d, BLOCK_PARAGRAPH, "These always work: %s.", never);
}

/* ---- rules ---- */

/* The names of a clause's groups or classes of people; NULL: it is about something else. */
static const char *people_of(const struct notice_facts *f, struct doc *d, const struct a_clause *c)
{
    const uint32_t *args = artefact_numbers(f->policy, c->args);
    enum arg_kind kind = condition_by_number(c->condition)->args;
    const char *who = "";

    if (kind == ARG_GRANT)
        return "who has been given it";
    if (kind != ARG_GROUPS && kind != ARG_PEOPLE)
        return NULL;
    for (uint32_t k = 0; k < c->args.n; k++) {
        const char *name =
            kind == ARG_PEOPLE
                ? word_of(WORDS_PEOPLE, args[k])
                : notice_text(f, d, ARTEFACT_ROWS(f->policy, GROUPS, struct a_group)[args[k]].name);

        who = pool_print(&d->pool, "%s%s%s", who, k ? ", " : "", name);
    }
    return who;
}

/* Whom the rule's clauses name. */
static const char *for_whom(const struct notice_facts *f, struct doc *d, const struct a_rule *r)
{
    const char *all = NULL;

    for (uint32_t i = 0; i < r->clauses.n; i++) {
        const struct a_clause *c = &ARTEFACT_ROWS(f->policy, CLAUSES, struct a_clause)[r->clauses.at + i];
        const char *who = people_of(f, d, c),
                   *without = c->flags & CLAUSE_EXCEPT ? (all ? "not " : "everybody but ") : "";

        if (who)
            all = pool_print(&d->pool, "%s%s%s%s", all ? all : "", all ? "; " : "", without, who);
    }
    return all ? all : "everybody";
}

static bool said_before(const struct notice_facts *f, uint32_t rule)
{
    const struct a_rule *rows = ARTEFACT_ROWS(f->policy, RULES, struct a_rule), *r = &rows[rule];

    for (uint32_t i = 0; i < rule; i++)
        if (rows[i].verb == r->verb && rows[i].flags == r->flags &&
            str_eq(artefact_str(f->policy, rows[i].because), artefact_str(f->policy, r->because)) &&
            str_eq(artefact_str(f->policy, rows[i].cite), artefact_str(f->policy, r->cite)) &&
            r->verb != VERB_FORBID)
            return true;
    return false;
}

static const char *what_of(const struct a_rule *r)
{
    static const char *const what[] = {[VERB_FORBID] = "stops",
                                       [VERB_PERMIT] = "lets through",
                                       [VERB_REQUIRE] = "asks first",
                                       [VERB_SET] = "sets safer settings"};

    return r->verb < sizeof what / sizeof *what && what[r->verb] ? what[r->verb] : "explains";
}

static const char *state_of(const struct notice_facts *f, const struct a_rule *r)
{
    if (r->flags & RULE_SHADOW || (meta_of(f)->mode == MODE_SHADOW && !enforces_some_group(f)))
        return "tried out only";
    return meta_of(f)->mode == MODE_SHADOW ? "in force for some groups" : "in force";
}

static void rules(const struct notice_facts *f, struct doc *d)
{
    struct table *t;

    doc_section(d, "rules", "The rules");
    doc_text(d, BLOCK_PARAGRAPH,
             "Each rule has a sentence, and the place in the policy that it comes from. You see both when a "
             "page is stopped. "
             "\"Not in the document\" means that the council has set it as a default. A rule may ask for "
             "more than stands here, such as a time of day.");
    t = doc_table(d, "Rules in force",
                  (const char *const[]){"Rule", "In its words", "What it does", "For whom", "It says so in",
                                        "Now", NULL});
    for (uint32_t i = 0; i < f->policy->n[SECTION_RULES]; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(f->policy, RULES, struct a_rule)[i];

        if (!r->because.n || r->verb == VERB_REASON || said_before(f, i))
            continue;
        doc_cell(d, t, "%s", notice_text(f, d, r->id));
        doc_cell(d, t, "%s", doc_said(d, artefact_str(f->policy, r->because)));
        doc_cell(d, t, "%s", what_of(r));
        doc_cell(d, t, "%s", for_whom(f, d, r));
        doc_cell(d, t, "%s",
                 r->cite.n ? doc_said(d, artefact_str(f->policy, r->cite)) : "not in the document");
        doc_cell(d, t, "%s", state_of(f, r));
    }
    for (uint32_t i = 0; i < f->policy->n[SECTION_ALLOWANCES]; i++) {
        const struct a_allowance *a = &ARTEFACT_ROWS(f->policy, ALLOWANCES, struct a_allowance)[i];

        doc_text(d, BLOCK_PARAGRAPH,
                 "Own use: %u minutes a day. Only minutes in which you do something count.%s", a->minutes,
                 a->claim ? " If it was for work, say so on the page, and you get them back." : "");
    }
    for (uint32_t i = 0; i < f->policy->n[SECTION_EMERGENCIES]; i++)
        doc_text(d, BLOCK_PARAGRAPH,
                 "In an emergency some groups can open sites for %u hours. It is looked at afterwards.",
                 ARTEFACT_ROWS(f->policy, EMERGENCIES, struct a_emergency)[i].hours);
}

int notice_write(const struct notice_facts *f, struct doc *d, struct diag *diag)
{
    *d = (struct doc){
        .title = "How web use is checked here",
        .limits = {"This page is made from the settings that are in force, not written by hand."}};
    d->council = doc_said(d, artefact_str(f->policy, meta_of(f)->council));
    d->made = words_time(&d->pool, f->made);
    in_short(f, d);
    the_policy(f, d);
    sites(f, d);
    rules(f, d);
    notice_kept(f, d);
    notice_reports(f, d);
    notice_rights(f, d);
    return d->pool.failed ? diag_error(diag, "out of memory: the notice is not whole", NULL, NULL) : 0;
}
