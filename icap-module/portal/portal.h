/* The portal: portreeved's web pages for staff, reached by Squid under the portal's name. The header by which
 * the module vouches (record/vouch.h) is the only sign-in. A GET changes nothing; a change is a POST from the
 * portal's own page (Origin), with that page's token in it, sealed for this person and this page, and good
 * once.
 *
 * One thread, which calls portal_run again and again; nothing here runs but then. */
#ifndef PORTAL_PORTAL_H
#define PORTAL_PORTAL_H

#include "core/artefact.h"
#include "record/seal.h"
#include "report/case.h"
#include "store/journal.h"

enum { PORTAL_REASONS = 16, PORTAL_ALLOWANCES = 16, PORTAL_EMERGENCIES = 8 };

/* What the pages need of the policy in force. Slices live until the next portal_run. */
struct portal_allowance {
    struct str name;
    uint32_t minutes;
    uint32_t claims; /* how often a day people may say that it was for work; 0 = never, CLAIMS_ANY */
};

struct portal_emergency {
    struct str name;
    struct str reasons[PORTAL_REASONS];
    size_t n_reasons;
    uint32_t hours;
};

struct portal_policy {
    enum record record;
    struct portal_allowance allowances[PORTAL_ALLOWANCES];
    struct portal_emergency emergencies[PORTAL_EMERGENCIES];
    size_t n_allowances, n_emergencies;
};

struct rule_words {
    struct str because, cite; /* until the next call */
};

/* A line of the access log of cases: as struct case_look of the tools. */
struct portal_look {
    const char *step;
    struct str by, reference;
    int64_t at;
    const char *result, *why; /* "done", NULL; "refused", the reason */
};

/* Where cases are kept: the portal does no files itself. Bytes that are handed over are malloc'ed and the
 * portal's to free. All but `lock`: 0, or -1 with a message. */
struct portal_cases {
    int (*lock)(void *to, struct diag *d); /* 1: somebody else is at work on a case */
    void (*unlock)(void *to);
    int (*profile)(void *to, struct str *text, struct diag *d);
    bool (*has)(void *to, struct str reference);
    int (*read)(void *to, struct str reference, struct str *text, struct diag *d);
    int (*write)(void *to, const struct case_file *c, struct diag *d);
    int (*report)(void *to, struct str reference, const char *name, struct str *bytes, struct diag *d);
    int (*each)(void *to, void (*take)(void *mine, struct str reference), void *mine, struct diag *d);
    int (*log)(void *to, const struct portal_look *look, struct diag *d); /* under the lock */
    void (*say)(void *to, const struct diag *d);                          /* to whoever runs the daemon */
    /* The policy's sites, one after the other; false behind the last. */
    bool (*site)(void *to, size_t i, struct str *id, struct str *name);
    /* Whom a request is about, as the registers know them: every name, the id, what they are. */
    int (*know)(void *to, struct case_file *c, struct diag *d);
    void *to;
};

/* A look of somebody else's at what is held about a person, which that person may know of. */
struct portal_looked {
    int64_t at;
    struct str role, what, case_ref; /* as record/accesslog.h has them */
    bool refused;
};

/* Days; 0: not kept, or not told. */
struct portal_keeps {
    unsigned days[KEEP_COUNT], access_days;
};

/* What the pages are made from: all borrowed, for as long as the portal is. */
struct portal_house {
    struct store *store;
    struct journal *journal;
    const struct seal_key *key; /* shared with the module */
    const char *host;           /* the portal's name */
    const char *second;         /* whom an emergency is told by mail; NULL: none can be declared */
    const struct portal_policy *(*policy)(void *to);                      /* of now; never NULL */
    bool (*words)(void *to, const struct event *e, struct rule_words *w); /* a rule's words of that version */
    /* A platform's name by its id; the id of one that the policy does not know. */
    struct str (*platform)(void *to, struct str id);
    /* The name of today of somebody who signed in with an earlier one. */
    struct str (*current)(void *to, struct str user);
    /* The pseudonym of a person's events; NULL: nothing is known of anybody's. */
    void (*person)(void *to, struct str user, unsigned char person[PSEUDONYM_SIZE]);
    /* Minutes that somebody has used today; false: none are counted here, or it cannot be told. */
    bool (*used)(void *to, struct str user, struct str allowance, uint32_t *minutes);
    /* Somebody may declare that emergency (its place in portal_policy): they are in one of its groups, of
     * those that the proxy told and those of the registers. */
    bool (*may_declare)(void *to, struct str user, struct str groups, size_t emergency);
    /* Who looked, oldest first: at what is held about somebody, and at the pages with these codes (each with a comma
     * behind). -1: it cannot be told, or not whole. NULL: no log is kept here. */
    int (*looked)(void *to, struct str user, struct str codes, void (*each)(void *to, const struct portal_looked *l), void *mine);
    struct portal_keeps keeps;
    int64_t (*now)(void *to);
    const struct portal_cases *cases; /* NULL: there are no pages of cases */
    void *to;
};

struct portal_listen {
    const char *address;           /* "127.0.0.1" or "::1" alone: Squid is on this machine */
    uint16_t port;                 /* 0: any */
    const char *certificate, *key; /* PEM */
};

struct portal;

/* Listens. -1 with a message. `house` is copied. */
int portal_start(const struct portal_house *house, const struct portal_listen *at, struct portal **p,
                 struct diag *d);

uint16_t portal_port(const struct portal *p);

/* Answers what has come in, and waits for more for at most `milliseconds`. */
void portal_run(struct portal *p, int milliseconds);

/* Somebody has done something and waits until the standing says so. */
bool portal_waits(const struct portal *p);

/* The standing has been written anew with all that was done until now, or could not be: those who wait are
 * answered, by the next portal_run. */
void portal_published(struct portal *p, bool written);

void portal_stop(struct portal *p); /* NULL is allowed */

#endif
