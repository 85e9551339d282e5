/* The transparency page: what is checked, kept and shown to whom, in sentences chosen by the settings in
 * force, so that words and behaviour cannot differ. Pure: the settings come from the artefact, from what
 * portreeved says of itself and from the council's profile of cases. */
#ifndef REPORT_NOTICE_H
#define REPORT_NOTICE_H

#include "core/policy.h"
#include "report/case.h"
#include "report/doc.h"
#include "store/store.h"

/* How portreeved runs, as it says itself. */
struct notice_daemon {
    unsigned keep_days[KEEP_COUNT];
    int64_t held_days;   /* hosts of pages refused by category; 0: they are not kept */
    int64_t record_days; /* the signed record; 0: for ever; -1: there is none */
    int64_t access_days; /* who has looked; -1: that is not known to be kept */
    bool holders;        /* keys of codes are sealed to holders: else nobody can ever be named; true where that is not known */
    const char *host;    /* of the portal; NULL: there is none */
    const char *epoch;   /* "month": how long a code stands in the place of a name; NULL: no codes are made */
    bool feed_security, feed_codes /* the security feed carries the codes */, feed_policy;
};

struct notice_facts {
    const struct artefact *policy;
    struct notice_daemon daemon;
    const struct case_profile *cases; /* NULL: there are no reports by name */
    int64_t made;
};

/* The document; it borrows from the facts. -1 where memory ran out. doc_free in any case. */
int notice_write(const struct notice_facts *f, struct doc *d, struct diag *diag);

/* ---- parts of it, for notice_keeps.c ---- */

void notice_kept(const struct notice_facts *f, struct doc *d);
void notice_reports(const struct notice_facts *f, struct doc *d);
void notice_rights(const struct notice_facts *f, struct doc *d);
const char *notice_text(const struct notice_facts *f, struct doc *d,
                        struct a_str s); /* of the artefact; "" */

#endif
