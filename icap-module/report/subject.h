/* What is held on one person, for that person, or for Information Governance, who releases it. Pure: everything is in
 * the facts. The person's form leaves out what may not be given away yet (`kept_back`) and other people; the other form
 * has it, and says why it is left out. */
#ifndef REPORT_SUBJECT_H
#define REPORT_SUBJECT_H

#include "core/artefact.h"
#include "core/standing.h"
#include "report/doc.h"
#include "report/input.h"

enum subject_reader { FOR_PERSON, FOR_IG };

/* Texts have been cleaned (report/form.h). */
struct subject_event {
    int64_t time;
    struct str site, account, rule, because, cite, code;
    uint32_t action, activity, origin; /* enums of core/words.h */
    bool shadow, kept_back /* only a hold that is not told keeps it */;
};

struct subject_act {
    int64_t at, until;
    struct str about, user; /* user: under which sign-in name */
    uint32_t kind, number;  /* kind: enum fact */
    bool by_desk;
};

struct subject_row { /* of a register: heading and cell, heading and cell ... */
    struct str list;
    const struct str *cells;
    size_t n;
};

struct subject_hold {
    struct str reference;
    int64_t from, until, review;
    bool kept_back;
};

struct subject_look {
    int64_t at;
    struct str by, role, what, case_ref;
    bool refused, kept_back;
};

struct subject_minutes {
    struct str allowance;
    uint32_t minutes;
};

enum { SUBJECT_EVENTS, SUBJECT_SECURITY, SUBJECT_CORPORATE, SUBJECT_STORES };

struct subject_facts {
    struct str reference, council, name, checked_by;
    int32_t asked_on, from, to;
    int64_t made;
    struct input_list names;                  /* struct str: other sign-in names */
    struct str id;                            /* the directory's */
    struct input_list events[SUBJECT_STORES]; /* struct subject_event, oldest first */
    struct input_list notes;                  /* struct input_note */
    struct input_list acts, rows, holds, looks, minutes;
    struct input_list gaps; /* struct input_gap: what could not be looked into, and why */
    int64_t keep_days[4];   /* enum keep of the store */
    int64_t access_days;    /* -1: not told */
    const struct artefact *policy; /* whom to ask */
};

/* The document borrows from the facts. -1 where memory ran out. doc_free in any case. */
int subject_write(const struct subject_facts *f, enum subject_reader reader, struct doc *d, struct diag *diag);

/* ---- parts of it, for subject_kept.c ---- */

void subject_held(const struct subject_facts *f, enum subject_reader reader, struct doc *d);
void subject_looked(const struct subject_facts *f, enum subject_reader reader, struct doc *d);
void subject_rights(const struct subject_facts *f, struct doc *d);

#endif
