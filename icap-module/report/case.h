/* A case: how HR comes to a usage report, step by step, and who may take which step (governance 3.0). A case
 * is one text file; each step reads it, checks all that it rests on, and gives the case as it is afterwards.
 * Nothing here reads a clock or a file.
 *
 * What a council allows stands in its profile: the reasons in its own document, how far back, who may not
 * authorise, or why there are no reports by name at all. */
#ifndef REPORT_CASE_H
#define REPORT_CASE_H

#include "report/form.h"

enum case_state {
#define CASE(name, word, waits) CASE_##name,
#include "report/case_states.def"
#undef CASE
    CASE_STATES
};

enum { CASE_USUAL_DAYS = 28 }; /* longer periods need a second approval */

struct case_profile {
    struct pool pool;
    struct str council, off_because, decide_first; /* off_because: no reports by name, and why */
    struct input_monitoring monitoring;
    struct input_list reasons;          /* struct input_reason, word for word from the document */
    struct input_list cannot_authorise; /* names: struct str */
    struct input_list may_ask, may_authorise, may_release; /* on the portal: names; nobody in two of them */
    uint64_t retention;                 /* days */
};

struct case_hold {
    struct str because, by;
    int32_t review_on;
};

struct case_comment {
    int64_t at;
    struct str by, words;
};

/* What whoever authorises says. */
struct case_authorisation {
    struct input_person authorised_by, checked_by, second;
    struct input_answers answers;
    int32_t from, to; /* narrower than asked for; 0: as asked for */
    struct input_list platforms;
};

struct case_refusal {
    struct str because, by;
    int32_t on;
};

struct case_file {
    struct pool pool;
    struct str state; /* a word of case_states.def */
    struct input_case panel;
    struct input_subject subject;
    struct input_pattern pattern;
    bool has_pattern;
    struct input_person second; /* the second approval of a wide period */
    struct case_hold hold;
    struct input_list comments, readers; /* readers: names to whom it was released */
    struct str outcome;                  /* keep or erase */
    struct case_authorisation proposed;  /* the first approval of a wide period; it waits for the second */
    struct case_refusal declined;
    struct str alert;    /* the reference of the alert that led to the case; it may stand in place of a subject until that is named */
    struct str released; /* SHA-256 of the report.html that the reviewer released, in hexadecimal */
    uint64_t reports;                    /* made so far */
};

/* Who takes a step, and when: from the caller, who knows them. */
struct case_step {
    struct str by;
    int64_t now; /* seconds UTC */
    const struct case_profile *profile;
};

int case_profile_read(struct str json, struct case_profile *p, struct diag *d);
void case_profile_free(struct case_profile *p);

/* A case's file, or a request for one (which lacks what later steps add). -1 after messages. */
int case_read(struct str json, struct case_file *c, struct diag *d);
json_t *case_write(const struct case_file *c);
void case_free(struct case_file *c);

/* The steps. Each: 0, and `c` is as it stands afterwards; -1 after messages that name the field, and it must
 * not be written. `text`: what is added, a JSON object of the fields that the step is about. */
int case_open(struct case_file *c, const struct case_step *s, struct diag *d);
int case_authorise(struct case_file *c, const struct case_step *s, struct str text, struct diag *d);
/* A wide period: the first of two approves (the same text as for case_authorise, without "second"), and it
 * stays asked; then the second does, by an act of their own, and it is authorised. */
int case_propose(struct case_file *c, const struct case_step *s, struct str text, struct diag *d);
int case_second(struct case_file *c, const struct case_step *s, struct str role, struct diag *d);
/* Whoever may authorise does not, and the case is closed. */
int case_decline(struct case_file *c, const struct case_step *s, struct str because, struct diag *d);
/* Whom the case's alert is about: by Information Governance, of an authorised case. */
int case_name(struct case_file *c, const struct case_step *s, struct str text, struct diag *d);
int case_tell(struct case_file *c, const struct case_step *s, struct str text, struct diag *d);
int case_report(struct case_file *c, const struct case_step *s, struct diag *d);
int case_release(struct case_file *c, const struct case_step *s, struct str text, struct diag *d);
int case_comment(struct case_file *c, const struct case_step *s, struct str words, struct diag *d);
int case_hold(struct case_file *c, const struct case_step *s, struct str text, struct diag *d);
int case_close(struct case_file *c, const struct case_step *s, struct str outcome, struct diag *d);

/* CASE_STATES where the word is none. */
enum case_state case_state_of(const struct case_file *c);
const char *case_waits_for(const struct case_file *c);

#endif
