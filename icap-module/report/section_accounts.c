/* 6: which of the council's accounts were used. No other account is ever named. */
#include "report/sections.h"

struct account {
    const struct input_event *event; /* the first with this platform and account */
    uint64_t viewed, sent, other;
};

static const char *account_name(const struct facts *f, struct str account)
{
    if (!account.n || str_eq(account, STR("none")))
        return "no account";
    if (str_eq(account, STR("other")))
        return "an account of the person's own, or of others";
    if (str_eq(account, STR("unknown")))
        return "cannot be told";
    return pool_print(&f->doc->pool, "the council's account %s", doc_said(f->doc, account));
}

static bool sends(uint32_t activity)
{
    return activity == ACTIVITY_POST || activity == ACTIVITY_COMMENT || activity == ACTIVITY_REACT ||
           activity == ACTIVITY_MESSAGE || activity == ACTIVITY_UPLOAD || activity == ACTIVITY_LIVE;
}

static struct account *find(struct account *rows, size_t n, const struct input_event *e)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].event->platform, e->platform) && str_eq(rows[i].event->account, e->account))
            return &rows[i];
    return NULL;
}

static size_t collect(const struct facts *f, struct account **rows)
{
    size_t n = 0;

    for (size_t i = 0; i < f->in->events.n; i++) {
        const struct input_event *e = f->events[i];
        struct account *a;

        if (e->action != ACTION_ALLOW || e->origin != ORIGIN_PERSON)
            continue;
        a = find(*rows, n, e);
        if (!a) {
            a = pool_grow(&f->doc->pool, *rows, n, sizeof *a);
            if (!a)
                return n;
            *rows = a;
            a[n] = (struct account){.event = e};
            a = &a[n++];
        }
        a->viewed += e->activity == ACTIVITY_VIEW || e->activity == ACTIVITY_STREAM;
        a->sent += sends(e->activity);
        a->other += e->activity != ACTIVITY_VIEW && e->activity != ACTIVITY_STREAM && !sends(e->activity);
    }
    return n;
}

void section_accounts(const struct facts *f)
{
    struct doc *d = f->doc;
    struct account *rows = NULL;
    size_t n = collect(f, &rows);
    struct table *t;

    doc_text(d, BLOCK_PARAGRAPH,
             "Only accounts in the council's own register are named. Whose profile, page or group was looked "
             "at is not recorded, nor what was written. \"Sent\" means that a post, reply, like, message or "
             "file was sent to the site; it does not mean that the site published it.");
    if (n == 0) {
        doc_text(d, BLOCK_PARAGRAPH, "No act of the person went through to these sites.");
        return;
    }
    t = doc_table(d, "What the person did, by site and account",
                  COLUMNS("Site", "Account", "#Pages and videos opened", "#Sent", "#Other acts"));
    for (size_t i = 0; i < n; i++) {
        doc_cell(d, t, "%s", facts_platform(f, rows[i].event->platform));
        doc_cell(d, t, "%s", account_name(f, rows[i].event->account));
        doc_cell(d, t, "%llu", (unsigned long long)rows[i].viewed);
        doc_cell(d, t, "%llu", (unsigned long long)rows[i].sent);
        doc_cell(d, t, "%llu", (unsigned long long)rows[i].other);
    }
}
