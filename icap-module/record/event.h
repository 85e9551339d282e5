/* One verdict as a record: what governance 2.3 allows and nothing else. No path, query, title, body, cookie,
 * address or foreign account ever has a place here. */
#ifndef RECORD_EVENT_H
#define RECORD_EVENT_H

#include "core/words.h"

enum { EVENT_VERSION = 2 /* with an epoch; else 1 */, EVENT_MAX = 520, PSEUDONYM_SIZE = 16, DAY_DIGEST = 8 };

struct event {
    uint64_t sequence;   /* set by the spool: position in the segment's chain */
    int64_t time;        /* seconds since 1970 UTC; rounded down to the hour when nobody is named (counts) */
    struct str policy;   /* version of the policy, as its header gives it */
    struct str rule;     /* rule id, "default", or "" */
    struct str platform; /* platform id or "" */
    struct str account;  /* the council's registered account, "other", "unknown" or "none" */
    struct str group;    /* reserved for the record's issue; "" now */
    struct str code;     /* reference code on the page, or "" */
    enum action action;
    enum why why;
    enum activity activity; /* ACTIVITY_COUNT = unknown */
    enum confidence confidence;
    enum origin origin;
    enum identity identity;
    uint32_t categories; /* bit set by enum category */
    bool has_place;   /* the request named an address of the Internet, or a rule asked where its answer came
                         from: */
    uint32_t asn;     /* whose network it lies in, by AS number; 0 = not known */
    uint32_t country; /* and where, as core/networks.h; 0 = not known */
    uint32_t people;     /* enum people, or 0xffffffff */
    bool shadow;         /* action is what happened; would is what shadow held back */
    enum action would;
    struct str would_rule;
    bool has_pseudonym;
    uint32_t epoch; /* of the pseudonym (record/epoch.h); 0 = its key has none */
    unsigned char pseudonym[PSEUDONYM_SIZE];
    /* Where nobody is named and an allowance let them through: whose minute it was (record/day.h) and which
     * of the hour. For counting minutes; it goes into no record of events and is shown nowhere. */
    bool has_day;
    unsigned char day[DAY_DIGEST];
    uint32_t minute;
};

/* Bytes used in `to` (at most EVENT_MAX), or 0 when a field is too long (each string: 64 bytes at most). */
size_t event_encode(const struct event *e, unsigned char *to, size_t size);

/* Slices point into `bytes`. -1 when they are no event (length, version, enum out of range, trailing bytes).
 */
int event_decode(struct event *e, const unsigned char *bytes, size_t size);

/* Of malware, phishing or proxy avoidance: what security is told of. */
bool event_is_security(const struct event *e);

#endif
