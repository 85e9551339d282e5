/* What the files of portreeved(8) share. */
#ifndef TOOLS_PORTREEVED_H
#define TOOLS_PORTREEVED_H

#include "core/policy.h"
#include "portal/portal.h"
#include "record/keeper.h"
#include "store/import.h"

enum { SPOOLS_MAX = 8, SPENDING_MAX = 256, FEEDS_MAX = 4 };

struct daemon_options {
    const char *artefact, *store, *standing, *spools[SPOOLS_MAX];
    const char *host, *listen, *certificate, *private_key, *portal_key, *pseudonym_key;
    const char *second, *alert_mail, *sendmail, *held, *held_days;
    const char *state; /* what lies beside the store; the store's own name where that is a file */
    const char *node;  /* NULL: the machine's name */
    const char *record, *signing_key, *record_days;
    const char *keys, *holders, *epoch;
    const char *nodes, *keeper; /* whom keys are handed to; who hands them */
    const char *feeds[FEEDS_MAX], *feed_queue;
    const char *cases, *case_profile;
    unsigned n_spools, n_feeds;
    uint64_t feed_lines; /* that wait for a receiver, at most */
    unsigned keep_days[KEEP_COUNT], access_days; /* access_days: lines of the access log beside the record */
    unsigned days; /* that held hosts are kept */
    bool keep_spool, once, keys_on_disk, no_holders;
};

/* False after a message on standard error. */
bool daemon_options_read(int argc, char **argv, struct daemon_options *o);

/* A small file as text, to be freed; NULL with a message. */
char *daemon_text(const char *path, struct diag *d);

/* "ADDRESS:PORT", the address in brackets if it has colons itself. */
bool daemon_address(const char *text, char *address, size_t size, uint16_t *port);

/* ---- the policy in force, as the daemon needs it ---- */

struct daemon_policy;

/* Nothing is opened yet; a policy that is not there is looked for again. NULL without memory. */
struct daemon_policy *daemon_policy_new(const char *path);
void daemon_policy_free(struct daemon_policy *p);

/* Opens the file anew when it is another than the last. 1: it is another policy now; 0: as before; -1: it
 * cannot be opened, and the one before stays (said once for each file). */
int daemon_policy_look(struct daemon_policy *p, struct diag *d);

/* All of these live until the next look. */
const struct portal_policy *daemon_policy_portal(const struct daemon_policy *p);
size_t daemon_policy_spending(const struct daemon_policy *p, const struct spending **rows);
struct str daemon_policy_platform(const struct daemon_policy *p, struct str id); /* its name, else the id */
struct str daemon_policy_current(const struct daemon_policy *p, struct str name);
struct str daemon_policy_subject(const struct daemon_policy *p, struct str name);
void daemon_policy_names(const struct daemon_policy *p, void (*take)(void *to, struct str name), void *to);
/* NULL: there is none. */
const struct artefact *daemon_policy_artefact(const struct daemon_policy *p);
/* In one of the emergency's groups, by `told` (names with a comma between) or by the registers; `emergency`
 * as in daemon_policy_portal. */
bool daemon_policy_may_declare(const struct daemon_policy *p, struct str user, struct str told,
                               size_t emergency);
/* The policy's platforms, one after the other; false behind the last. */
bool daemon_policy_site(const struct daemon_policy *p, size_t i, struct str *id, struct str *name);
/* Whom a case is about, as the registers know them (tools/case_subject.h). */
int daemon_policy_know(const struct daemon_policy *p, struct case_file *c, struct diag *d);
bool daemon_policy_words(struct daemon_policy *p, const struct event *e, struct rule_words *w);

/* ---- people ---- */

struct daemon_people {
    const struct daemon_policy *policy;
    struct store *store;
    struct epoch_file *epochs; /* memory of its own; NULL: there are no pseudonyms */
    const struct seal_key *pseudonyms; /* of the present epoch; NULL: there are none */
    struct seal_key days[SPOOLS_MAX]; /* of the local day `day`, n_days of them: a spool has one where minutes
                                         were used under a policy that records nobody */
    size_t n_days;
    int32_t day;
};

/* Reads the keys of the epochs, and keeps them where this daemon is their keeper. *changed: others are in force. -1 with
 * messages: there may be none. */
int daemon_people_epochs(struct daemon_people *p, const struct daemon_options *o, int64_t now, bool *changed,
                         struct diag *d);

/* The keys of today. What cannot be read is told and left out. */
void daemon_people_look(struct daemon_people *p, const struct daemon_options *o, int64_t now, struct diag *d);

void daemon_people_person(const struct daemon_people *p, struct str user,
                          unsigned char person[PSEUDONYM_SIZE]);

/* Minutes that they have used today. False: it cannot be told. */
bool daemon_people_used(const struct daemon_people *p, struct str user, struct str allowance,
                        uint32_t *minutes);

/* ---- keys handed from the keeper of epochs to other nodes (record/hand.h) ---- */

struct daemon_hand;

/* NULL with 0 where this is a node by itself. -1 with a message. */
int daemon_hand_open(const struct daemon_options *o, struct daemon_hand **h, struct diag *d);
void daemon_hand_close(struct daemon_hand *h); /* NULL is allowed */

/* Once a second, before the epochs are read: what the keeper has handed goes into the file of plain keys. -1 with messages, also
 * while no key is there. NULL is allowed. */
int daemon_hand_take(struct daemon_hand *h, struct store *s, int64_t now, struct diag *d);
/* And behind it: hands `f` to every node of the list that has announced itself. NULL is allowed. */
int daemon_hand_give(struct daemon_hand *h, struct store *s, const struct epoch_file *f, int64_t now,
                     struct diag *d);

/* ---- the record ---- */

struct daemon_record;

/* NULL with 0 where no record folder is given. -1 with a message. */
int daemon_record_open(const struct daemon_options *o, struct daemon_record **r, struct diag *d);
/* What is not anchored yet is, first. NULL is allowed. */
void daemon_record_close(struct daemon_record *r, int64_t now);
/* For struct import_how. */
int daemon_record_keep(void *to, const char *path, struct diag *d);
/* Each turn; anchors once a minute, and erases what is older than the record is kept. NULL is allowed. */
/* The store's legal holds keep days of the record, too. */
void daemon_record_step(struct daemon_record *r, struct store *s, int64_t now, struct diag *d);

/* ---- who looked ---- */

struct looks_asked {
    struct str user, codes; /* codes: each with a comma behind */
    int64_t now;
};

/* For struct portal_house; only with a record folder. */
int daemon_looks(const struct daemon_options *o, const struct daemon_policy *p, const struct looks_asked *asked,
                 void (*each)(void *to, const struct portal_looked *l), void *to);

/* ---- orders ---- */

/* Carries out what lies in the folder of orders beside the store. True: somebody's standing is another. */
bool daemon_orders(const char *store, const struct daemon_people *people, struct journal *j, int64_t now,
                   struct diag *d);

/* ---- what is kept how long ---- */

extern const unsigned daemon_keep_default[KEEP_COUNT]; /* days */

enum { ACCESS_DAYS = 731 };

/* What follows "access=". False after a message on standard error. */
bool daemon_keep_access(const char *text, unsigned *days);

/* "STORE=DAYS" into `days`. False after a message on standard error. */
bool daemon_keep_read(const char *text, unsigned days[KEEP_COUNT]);

/* Zeros: a pass begins with the next step. */
struct daemon_keep {
    bool busy, summing;
    enum keep at;
    struct erasing how;
    int64_t next; /* when the next pass begins */
};

/* One step, some 0.1 s at most, of a pass that begins every hour. True: there is more to be done at once. */
bool daemon_keep_step(struct daemon_keep *k, struct store *s, const unsigned days[KEEP_COUNT], int64_t now,
                      struct diag *d);

/* ---- feeds ---- */

struct daemon_feeds;

/* What waits of feeds that are not among the options is forgotten. Also after -1 to be closed. */
int daemon_feeds_open(const struct daemon_options *o, struct store *s, struct daemon_feeds **feeds, struct diag *d);
void daemon_feeds_close(struct daemon_feeds *f); /* NULL is allowed */
/* For struct import_how. */
struct import_also daemon_feeds_also(struct daemon_feeds *f, int64_t now);
/* A batch of each at most. True: there is more to be done soon. */
bool daemon_feeds_step(struct daemon_feeds *f, struct store *s, int64_t now);
/* Some batch is on its way. */
bool daemon_feeds_busy(const struct daemon_feeds *f);

/* ---- alerts ---- */

struct daemon_alerts;

/* NULL without memory. `mail`: who is told; NULL: nobody. */
struct daemon_alerts *daemon_alerts_new(const struct daemon_policy *p, const char *mail);
void daemon_alerts_free(struct daemon_alerts *a); /* NULL is allowed */
/* For struct import_how; `inner` does its part as well. */
struct import_also daemon_alerts_also(struct daemon_alerts *a, struct import_also inner);
/* Looks at some of those whose refusals were imported. True: there is more to be done at once. */
bool daemon_alerts_step(struct daemon_alerts *a, struct store *s, int64_t now, struct diag *d);

struct feed_state {
    const char *text;        /* as it was given */
    struct feed_row row;     /* `oldest` is as of the start */
    char problem[DIAG_TEXT]; /* "" = the last batch went */
    int64_t since;
};
unsigned daemon_feeds_state(const struct daemon_feeds *f, struct feed_state states[FEEDS_MAX]);

/* ---- how it goes ---- */

/* What `portreeve status` is told: in the file STANDING.daemon, JSON. */
struct daemon_state {
    int64_t at, as_of;
    uint64_t events, torn; /* since it was started */
    uint64_t behind;       /* bytes of the spools that are not imported, at most */
    const char *store, *node;
    bool acts_waiting;       /* in the journal, not yet in the store */
    char problem[DIAG_TEXT]; /* why the last import did not go to its end; "" = it did */
    int64_t since;           /* since when that is so */
    const struct daemon_options *options; /* what is kept how long, and what there is */
    unsigned holds, holds_due; /* legal holds; those whose review is due */
    struct feed_state feeds[FEEDS_MAX];
    unsigned n_feeds;
};

/* Writes the file whole. What fails is told. */
void daemon_state_tell(const char *standing, const struct daemon_state *s, struct diag *d);

/* ---- cases ---- */

struct daemon_cases {
    const char *folder, *profile;
    const struct daemon_policy *policy;
    int lock;
    struct portal_cases house;
};

/* Reads the profile once, so that a wrong one is told at the start. -1 with messages. */
int daemon_cases_open(const struct daemon_options *o, const struct daemon_policy *p, struct daemon_cases *c,
                      struct diag *d);

/* ---- letters ---- */

struct mailer {
    const char *program; /* sendmail */
    int64_t letter;      /* being sent; 0 = none */
    int64_t since;
    int child;
};

/* For store_on_act: a declared emergency is told to the second person (`to`: their address). The letter waits
 * in the store until the mail server has taken it. */
int mailer_on_act(void *to, struct store *s, const struct act *a, struct diag *d);

/* One step: takes the next letter that is due, or looks how the last one went. Never waits. */
void mailer_step(struct mailer *m, struct store *s, int64_t now);

#endif
