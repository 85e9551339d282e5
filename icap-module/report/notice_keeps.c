/* What is kept, for how long, who can see it, and what people can do about it. */
#include "report/notice.h"

#include "report/words.h"

static void keeps(struct doc *d, struct table *t, const char *what, const char *by_name, const char *how_long)
{
    doc_cell(d, t, "%s", what);
    doc_cell(d, t, "%s", by_name);
    doc_cell(d, t, "%s", how_long);
}

static const char *days(struct doc *d, int64_t n)
{
    return words_count(&d->pool, (uint64_t)n, "day", "days");
}

/* Acts under a name: struct act of the store. */
static bool keeps_answers(const struct artefact *a)
{
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        if (ARTEFACT_ROWS(a, RULES, struct a_rule)[i].verb == VERB_REQUIRE)
            return true;
    return a->n[SECTION_ALLOWANCES] || a->n[SECTION_EMERGENCIES];
}

static void kept_events(const struct notice_facts *f, struct doc *d, struct table *t)
{
    enum record mode = artefact_record_mode(f->policy);
    const char *name = mode == RECORD_PSEUDONYM ? "no: a code stands there" : "no";
    const unsigned *keep = f->daemon.keep_days;

    if (mode == RECORD_NONE)
        return;
    keeps(d, t,
          mode == RECORD_PSEUDONYM ? "which site, when, what kind of act, and what was decided"
                                   : "which site, in which hour, what kind of act, and what was decided",
          name, days(d, keep[KEEP_EVENTS]));
    keeps(d, t, "the same of attacks: harmful software, stolen sign-ins, ways around the filter", name,
          days(d, keep[KEEP_SECURITY]));
    keeps(d, t, "the same of what was done with the council's own accounts", name, days(d, keep[KEEP_CORPORATE]));
    keeps(d, t, "sums of a day, of ten people or more", "no", days(d, keep[KEEP_AGGREGATES]));
    if (f->daemon.record_days >= 0)
        keeps(d, t, "a sealed copy, to prove that nothing was changed", name,
              f->daemon.record_days ? days(d, f->daemon.record_days) : "until somebody erases it");
}

static void kept_besides(const struct notice_facts *f, struct doc *d, struct table *t)
{
    if (f->policy->n[SECTION_ALLOWANCES])
        keeps(d, t, "minutes of your own use", "no: a code stands there",
              artefact_record_mode(f->policy) == RECORD_PSEUDONYM ? days(d, f->daemon.keep_days[KEEP_EVENTS])
                                                                  : "the day");
    if (keeps_answers(f->policy))
        keeps(d, t, "what you pressed: that you read the notice, were on a break, or that it was for work",
              "yes", "as long as it proves that you were told");
    if (artefact_record_mode(f->policy) == RECORD_PSEUDONYM)
        keeps(d, t, "what you have said of your own use, such as that it was for work", "no: a code stands there",
              days(d, f->daemon.keep_days[KEEP_EVENTS]));
    if (f->daemon.access_days >= 0)
        keeps(d, t, "who has looked at any of this, and when", "yes", days(d, f->daemon.access_days));
    if (f->policy->n[SECTION_GRANTS])
        keeps(d, t, "who may use what, and who agreed to it", "yes",
              "as long as it holds, and as its list is kept");
    if (f->daemon.held_days > 0)
        keeps(d, t, "the name of a site that a list stopped, to put mistakes right",
              "no: only with the code on your page", days(d, f->daemon.held_days));
}

void notice_kept(const struct notice_facts *f, struct doc *d)
{
    struct table *t;

    doc_section(d, "kept", "What is kept, and for how long");
    t = doc_table(d, "What is kept", (const char *const[]){"What", "With your name?", "For how long", NULL});
    kept_events(f, d, t);
    kept_besides(f, d, t);
    doc_text(d, BLOCK_PARAGRAPH,
             "Never kept: addresses of pages, what you search for, read or write, messages, passwords, other "
             "people's names.");
    if (artefact_record_mode(f->policy) == RECORD_PSEUDONYM && f->daemon.epoch)
        doc_text(d, BLOCK_PARAGRAPH,
                 "The code in place of your name changes every %s. %s",
                 f->daemon.epoch,
                 f->daemon.holders ? "Only two people together can tell whose it was, for one case. Once its key is "
                                     "destroyed, nobody can."
                                   : "Nobody can tell whose it was.");
    if (f->daemon.feed_security)
        doc_text(d, BLOCK_PARAGRAPH, "Attacks are also sent to the council's security log%s.",
                 f->daemon.feed_codes && artefact_record_mode(f->policy) == RECORD_PSEUDONYM
                     ? ", with the code in place of the name"
                     : ", without any person");
    if (f->daemon.feed_policy)
        doc_text(d, BLOCK_PARAGRAPH,
                 "What was decided is also sent to the council's logs, by the hour and without any person.");
    if (!f->daemon.feed_security && !f->daemon.feed_policy)
        doc_text(d, BLOCK_PARAGRAPH, "Nothing of it is sent anywhere else.");
}

/* ---- reports about one person ---- */

static void no_reports(const struct notice_facts *f, struct doc *d)
{
    doc_text(d, BLOCK_NOTE, "There are no reports about one person here, and none can be made.");
    if (f->cases && f->cases->off_because.n)
        doc_text(d, BLOCK_PARAGRAPH, "Why: %s", doc_said(d, f->cases->off_because));
    else if (artefact_record_mode(f->policy) != RECORD_PSEUDONYM)
        doc_text(d, BLOCK_PARAGRAPH, "Why: nobody is recorded, not even by a code.");
    else if (!f->daemon.holders)
        doc_text(d, BLOCK_PARAGRAPH, "Why: nobody holds what turns a code into a name.");
}

static void reasons(const struct notice_facts *f, struct doc *d)
{
    struct table *t =
        doc_table(d, "Reasons that the policy gives", (const char *const[]){"Reason", "It says so in", NULL});

    INPUT_EACH(const struct input_reason, f->cases->reasons, reason)
    doc_pair(d, t, doc_said(d, reason->sentence), doc_said(d, reason->clause));
}

void notice_reports(const struct notice_facts *f, struct doc *d)
{
    doc_section(d, "reports", "Reports about one person");
    if (!f->cases || f->cases->off_because.n || artefact_record_mode(f->policy) != RECORD_PSEUDONYM || !f->daemon.holders) {
        no_reports(f, d);
        return;
    }
    doc_text(d, BLOCK_PARAGRAPH,
             "One can be made only for one of these reasons, about one person and one period.");
    reasons(f, d);
    doc_text(d, BLOCK_ITEM, "One person asks, another agrees. Neither can be the person that it is about.");
    doc_text(d, BLOCK_ITEM,
             "The person is told first. If that has to wait, the reason and the day are written down.");
    doc_text(d, BLOCK_ITEM,
             "It looks back %d days; more needs one more person to agree, and never more than %s.",
             CASE_USUAL_DAYS, days(d, (int64_t)f->cases->retention));
    doc_text(d, BLOCK_ITEM, "It shows times as a range, and always what may help the person.");
    doc_text(d, BLOCK_ITEM, "The person gets it, and can answer. It decides nothing.");
    doc_text(d, BLOCK_ITEM, "Each look at it is written down.");
}

/* ---- what people can do ---- */

static void contacts(const struct notice_facts *f, struct doc *d)
{
    struct table *t = doc_table(d, "Whom to ask", (const char *const[]){"Who", "How", NULL});

    for (uint32_t i = 0; i < f->policy->n[SECTION_CONTACTS]; i++) {
        const struct a_contact *c = &ARTEFACT_ROWS(f->policy, CONTACTS, struct a_contact)[i];
        const char *how =
            pool_print(&d->pool, "%s%s%s%s%s", notice_text(f, d, c->phone),
                       c->phone.n && c->mail.n ? "; " : "", notice_text(f, d, c->mail),
                       c->url.n && (c->phone.n || c->mail.n) ? "; " : "", notice_text(f, d, c->url));

        if (*how)
            doc_pair(d, t, notice_text(f, d, c->label), how);
    }
}

void notice_rights(const struct notice_facts *f, struct doc *d)
{
    doc_section(d, "rights", "What you can do");
    if (f->daemon.host) {
        doc_text(d, BLOCK_ITEM, "See what is kept about you: https://%s/mine.", f->daemon.host);
        doc_text(d, BLOCK_ITEM, "Find out why a page was stopped, by the code on it: https://%s/why.",
                 f->daemon.host);
    }
    doc_text(d, BLOCK_ITEM,
             "Say that a page was stopped by mistake: give the code on it to the service desk. You need not "
             "say why.");
    doc_text(d, BLOCK_ITEM,
             "Ask for a copy of all that is held about you, and for mistakes in it to be put right.");
    doc_text(d, BLOCK_ITEM, "Complain to the council, and to the Information Commissioner: ico.org.uk.");
    contacts(f, d);
    doc_text(d, BLOCK_PARAGRAPH,
             "What is done on your own phone, on another network or at home is not seen. On guest networks "
             "nothing is opened, "
             "and nobody has a name.");
}
