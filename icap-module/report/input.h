/* All that a report is made from: one case, one person, one period, and nothing else. It is read whole from a
 * text file (JSON, portreeve.report(5)), so that anybody can make the same report again; names of members
 * here are names of fields there. Slices live as long as the input. Text that others wrote has had its
 * control characters, and those that turn the direction of writing, made visible. */
#ifndef REPORT_INPUT_H
#define REPORT_INPUT_H

#include "core/diag.h"
#include "core/words.h"
#include "report/pool.h"

enum { INPUT_NAME = 200, INPUT_TEXT = 8000, INPUT_PSEUDONYM = 16 };

/* An array of the pool's. */
struct input_list {
    void *p;
    size_t n;
};

/* NOLINTBEGIN(bugprone-macro-parentheses): a type and a name that is declared cannot stand in parentheses */
#define INPUT_EACH(type, list, item)                                                                         \
    for (type *item = (list).p, *item##_end = item ? item + (list).n : item; item < item##_end; item++)
/* NOLINTEND(bugprone-macro-parentheses) */

struct input_person {
    struct str name, role;
};

struct input_reason {
    struct str id, sentence, clause;
};

/* What the European Court asked in Barbulescu (5 September 2017, paragraph 121), answered by the authoriser.
 */
struct input_answers {
    struct str notice, extent, reasons, less_intrusive, consequences, safeguards;
};

struct input_case {
    struct str reference, facts, raised_by, letter, deferred_because;
    struct input_reason reason;
    struct input_person asked_by, authorised_by, checked_by;
    struct input_answers answers;
    struct input_list platforms;         /* struct str; empty: all that the policy speaks of */
    int32_t from, to;                    /* days, both counted */
    int32_t raised_on, told_on, tell_on; /* days; 0: not said */
    int64_t expires;
};

struct input_subject {
    struct str name, id; /* id: the directory's, for opening; no part of a report */
    uint32_t people; /* enum people */
    struct input_list former_names;
};

struct input_window {
    uint32_t weekdays, from, to; /* as struct working_window */
};

struct input_pattern {
    struct str words, source;
    int32_t confirmed_on;           /* by the person; 0: not yet */
    struct input_list windows, off; /* struct input_window; int32_t */
};

/* What this person was called in the record, epoch by epoch: the opening that Information Governance signed.
 */
struct input_epoch {
    struct str epoch;
    int32_t from, to;
    unsigned char pseudonym[INPUT_PSEUDONYM];
};

struct input_rule {
    struct str id, because, cite, assumption;
    uint32_t verb; /* enum verb */
};

struct input_monitoring {
    struct str clause, dpia;
    int32_t notice_on;
};

struct input_policy {
    struct str title, version, digest, text; /* text: what the default says */
    int32_t from, until;                     /* until: 0 = still in force */
    uint32_t record;                         /* enum record */
    struct input_monitoring monitoring;
    struct input_list rules;
};

struct input_platform {
    struct str id, name;
};

struct input_event {
    int64_t time;
    struct str policy, rule, platform, account, code;
    uint32_t action, activity, origin, identity; /* enums of core/words.h */
    bool shadow;
    unsigned char pseudonym[INPUT_PSEUDONYM];
};

struct input_ack {
    struct str what, version;
    int64_t at;
};

struct input_gap {
    int64_t from, to;
    struct str what, effect;
};

struct input_beats {
    uint64_t expected, seen;
};

struct input_look {
    int64_t at;
    struct str who, what;
};

struct input_note {
    int64_t at, from, to;
    struct str words;
};

struct input_claim {
    int64_t from, to;
    struct str what; /* "work", "break" */
};

struct input_root {
    int32_t day;
    struct str root;
};

struct input_integrity {
    struct str verdict, by; /* what `portreeve verify` said, and who ran it; empty: not run */
    int64_t at;
    uint64_t records, clock_error; /* seconds that the proxy's clock may be wrong by */
    struct input_list roots;
};

struct report_input {
    struct pool pool;
    struct str format, council;
    int64_t made;
    uint64_t number, of;
    struct input_case panel;
    struct input_subject subject;
    struct input_pattern pattern;
    bool has_pattern, has_beats;
    struct input_list opening, policies, platforms, events, acknowledgements, gaps, access, notes, claims;
    struct input_beats beats;
    struct input_integrity integrity;
};

/* Reads and checks it. -1 after messages that name each field; input_free in any case. */
int input_read(struct str json, struct report_input *in, struct diag *d);

/* The second half: do the fields fit each other, and may there be a report at all? */
void input_check(const struct report_input *in, struct diag *d);

/* Told, or put off with a reason and a day: exactly one of them. `prefix` stands before the fields' names. */
void input_check_told(const struct input_case *c, const char *prefix, struct diag *d);

void input_free(struct report_input *in);

/* One message about a field. */
void input_say(struct diag *d, const char *field, const char *what, struct str value);

#endif
