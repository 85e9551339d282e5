/* The store: what portreeved keeps between a spool and a standing file. Operations, not SQL: the same calls
 * go to one SQLite file, or to PostgreSQL where several nodes share one store (backend.h). One thread uses a
 * store; another process may read it at the same time.
 *
 * What it holds of a person: events under a pseudonym, which nothing in here turns into a name; acts (a
 * notice read, a break, a claim) under the name that the person signed in with, because the standing must say
 * whose they are. The two are never joined on the disk: whoever holds the pseudonyms' key joins them in
 * memory.
 *
 * Errors: -1 with a message; inside a transaction it is then the caller's to roll back. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/clock.h"
#include "core/diag.h"
#include "core/words.h"
#include "record/event.h"

struct store;

enum { STORE_NAME = 256, STORE_WHAT = 128, STORE_BY = 80, ACT_ID = 16, ACT_NONCE = 16 };

/* Whose store it is. */
struct store_how {
    const char *node; /* this machine among those that share a store; NULL: its host name */
};

/* It names no file, but PostgreSQL: "postgresql://..." or "host=... dbname=...". */
bool store_is_shared(const char *name);

/* `name` is a file, made when it is not there (mode 0640), or where PostgreSQL is; a
 * schema of an older version is brought up to date. -1 also when another process writes to the file, or for
 * the same node: one portreeved a file, and one a node. `how` may be NULL. */
int store_open(const char *name, const struct store_how *how, struct store **s, struct diag *d);

/* For reading alone (`portreeve ref`): nothing is made, nothing is changed. */
int store_open_read(const char *name, struct store **s, struct diag *d);

/* "SQLite" or "PostgreSQL". */
const char *store_backend_name(const struct store *s);

/* Another node has done something since the last call that the standing has to tell. */
bool store_changed_elsewhere(struct store *s);

/* NULL is allowed. What was not committed is gone. */
void store_close(struct store *s);

/* What is between the two is there whole or not at all, also after the power went. */
int store_begin(struct store *s, struct diag *d);
int store_commit(struct store *s, struct diag *d);
void store_rollback(struct store *s);

/* ---- spools ---- */

struct store_segment {
    int64_t id;
    uint64_t next; /* where the next record starts; 0 = nothing imported yet */
    uint64_t was;  /* what it is in the store */
};

/* The segment of that file name, made when it is new. */
int store_segment(struct store *s, struct str name, struct store_segment *segment, struct diag *d);
/* -1 also when it is not `was` any more: somebody else imports the same segment. */
int store_segment_read(struct store *s, const struct store_segment *segment, struct diag *d);

int store_event(struct store *s, int64_t segment, const struct event *e, struct diag *d);

/* One clock minute of somebody's allowance; the same one again is nothing. `day` local, `minute` since its
 * midnight: a day has 1,380 to 1,500 of them. */
int store_minute(struct store *s, const unsigned char person[PSEUDONYM_SIZE], struct str allowance,
                 const struct local_time *at, struct diag *d);

/* The same of somebody who is known for the day alone (record/day.h). It stands in tables of its own, that
 * know of no event, and goes with its day. */
int store_day_minute(struct store *s, const unsigned char digest[DAY_DIGEST], struct str allowance,
                     const struct local_time *at, struct diag *d);

/* What somebody did on the portal, as a fact of the standing (core/standing.h). Slices are borrowed. */
struct act {
    unsigned char id[ACT_ID];       /* random: the same act twice is one */
    unsigned char nonce[ACT_NONCE]; /* of the token that it spends */
    enum fact kind;
    struct str user, what;
    int64_t at, from, until; /* until 0 = no end */
    uint32_t number;
    struct str by; /* who did it in their place (the service desk); empty: themselves */
};

enum act_result { ACT_NEW, ACT_KNOWN /* that id is there */, ACT_SPENT /* that nonce is there */ };

/* *result says what became of it; only ACT_NEW changed anything. */
int store_act(struct store *s, const struct act *a, enum act_result *result, struct diag *d);

/* `each` is called for every act that is new, in the same transaction: what must come of an act (a letter)
 * comes of it also when it reaches the store late, out of the journal. -1: the act is not taken either. NULL:
 * nothing comes of one. */
void store_on_act(struct store *s,
                  int (*each)(void *to, struct store *s, const struct act *a, struct diag *d), void *to);

int store_nonce_spent(struct store *s, const unsigned char nonce[ACT_NONCE], bool *spent, struct diag *d);

/* ---- reading ----
 * Callbacks get slices that end when they return. */

/* Of each user, kind and what: the newest act that holds at `now`; of given, all of today's together. */
int store_acts(struct store *s, int64_t now, void (*each)(void *to, const struct act *a), void *to,
               struct diag *d);

/* Somebody's own acts, newest first. */
int store_acts_of(struct store *s, struct str user, void (*each)(void *to, const struct act *a), void *to,
                  struct diag *d);

/* What is looked at by name afterwards, oldest first: emergencies, and minutes that somebody else gave back.
 */
int store_acts_to_review(struct store *s, int64_t since, void (*each)(void *to, const struct act *a),
                         void *to, struct diag *d);

struct used {
    unsigned char person[PSEUDONYM_SIZE];
    struct str allowance;
    uint32_t minutes, last; /* how many, and the last of them (since midnight) */
};

int store_used(struct store *s, int32_t day, void (*each)(void *to, const struct used *u), void *to,
               struct diag *d);
int store_used_by(struct store *s, const unsigned char person[PSEUDONYM_SIZE], struct str allowance,
                  int32_t day, uint32_t *minutes, struct diag *d);

struct day_used {
    unsigned char digest[DAY_DIGEST];
    struct str allowance;
    uint32_t minutes, last;
};

int store_day_used(struct store *s, int32_t day, void (*each)(void *to, const struct day_used *u), void *to,
                   struct diag *d);
int store_day_used_by(struct store *s, const unsigned char digest[DAY_DIGEST], struct str allowance,
                      int32_t day, uint32_t *minutes, struct diag *d);

/* Events with that code on their page, and of one pseudonym, newest first, `limit` at most. */
int store_by_code(struct store *s, struct str code, void (*each)(void *to, const struct event *e), void *to,
                  struct diag *d);
int store_by_person(struct store *s, const unsigned char person[PSEUDONYM_SIZE], unsigned limit,
                    void (*each)(void *to, const struct event *e), void *to, struct diag *d);
/* The same from <= time < until, oldest first, all of them. */
int store_person_between(struct store *s, const unsigned char person[PSEUDONYM_SIZE],
                         const int64_t from_until[2], void (*each)(void *to, const struct event *e), void *to,
                         struct diag *d);
/* Everybody's, in no order: for sums. */
int store_between(struct store *s, const int64_t from_until[2], void (*each)(void *to, const struct event *e), void *to,
                  struct diag *d);
int store_count_person(struct store *s, const unsigned char person[PSEUDONYM_SIZE], uint64_t *events,
                       struct diag *d);

/* ---- letters that wait for the mail server ---- */

struct letter {
    int64_t id;
    struct str to, text; /* text: header lines and body, as sendmail -t takes them */
};

int store_letter(struct store *s, struct str to, struct str text, int64_t now, struct diag *d);
/* The oldest one that is due; letter.id 0: none. Its slices live until the next call. */
int store_letter_due(struct store *s, int64_t now, struct letter *l, struct diag *d);
int store_letter_sent(struct store *s, int64_t id, struct diag *d);
int store_letter_later(struct store *s, int64_t id, int64_t when, struct diag *d);

/* ---- lines that wait for a feed's receiver (feed/feed.h) ----
 * They are put here in the transaction that imports their event, and go when the receiver has them. */

/* A feed, by its name: one of each node's own. */
struct feed_row {
    int64_t id;
    uint64_t next;             /* the next line's number, from 1 */
    uint64_t sent, lost;       /* lost: there was no room, or they grew too old */
    int64_t sent_at, lost_at;  /* the last of each; 0 = never */
    uint64_t file, size;       /* where a file's last line ended (feed/sink.h) */
    uint64_t waiting;          /* lines in the store (store_feed alone tells) */
    int64_t oldest;            /* when the first of them was due */
};

struct feed_waiting {
    int64_t due;
    uint64_t number; /* no two of a feed are the same with one `due` */
    struct str text;
};

struct feed_asked {
    int64_t now;
    unsigned limit;
};

/* Made when it is new. */
int store_feed(struct store *s, struct str name, struct feed_row *row, struct diag *d);
int store_feed_put(struct store *s, const struct feed_row *row, struct diag *d);
int store_feed_add(struct store *s, int64_t feed, const struct feed_waiting *line, struct diag *d);
/* What is due, by `due`, then number, until `each` is false. */
int store_feed_due(struct store *s, int64_t feed, const struct feed_asked *asked,
                   bool (*each)(void *to, const struct feed_waiting *line), void *to, struct diag *d);
/* Takes away all up to and with that line. */
int store_feed_drop(struct store *s, int64_t feed, const struct feed_waiting *upto, uint64_t *dropped, struct diag *d);
/* All feeds of all nodes, without what waits. */
int store_feeds(struct store *s, void (*each)(void *to, struct str name, const struct feed_row *row), void *to,
                struct diag *d);
int store_feed_forget(struct store *s, int64_t feed, struct diag *d);

/* ---- stores by purpose, and how long they are kept ----
 * An event lies in the first; besides, while it is imported, in one of the others where that is its business.
 * Each is asked and erased by itself: what one is asked is never answered from another. */

enum keep {
    KEEP_EVENTS,
    KEEP_SECURITY,   /* malware, phishing, proxy avoidance */
    KEEP_CORPORATE,  /* what was done as the council: anything but viewing, with a registered account */
    KEEP_AGGREGATES, /* sums without a person */
    KEEP_COUNT
};

extern const char *const keep_words[KEEP_COUNT];

/* Events of KEEP_SECURITY or KEEP_CORPORATE, from <= time < until, oldest first. */
int store_kept(struct store *s, enum keep which, const int64_t from_until[2],
               void (*each)(void *to, const struct event *e), void *to, struct diag *d);

enum { ERASE_CHUNK = 10000 /* rows in one call: some 0.1 s */ };

/* How far an erasure has come. Zeros: at its beginning. */
struct erasing {
    int64_t hour; /* the next to be looked at (of sums: the day, since 1970) */
    bool more;    /* there is more to be had at once */
};

/* What was erased of a local day. */
struct erased {
    enum keep store;
    int32_t day;
    uint64_t events, held; /* held: what a hold keeps of the last hour that was looked at */
    int64_t at;
};

/* A chunk of what lies before the local day `before`, in a transaction of its own together with its receipt.
 * What a hold keeps stays, and is looked at again by the next erasure that begins. */
int store_erase(struct store *s, const struct erased *what /* store, day: before this, at */,
                struct erasing *how, struct diag *d);

/* Receipts, oldest first: one for each day and store. */
int store_erased(struct store *s, void (*each)(void *to, const struct erased *e), void *to, struct diag *d);

/* `each` is called with every chunk's receipt in its transaction: what signs receipts hangs here. -1: nothing
 * is erased. */
void store_on_erased(struct store *s,
                     int (*each)(void *to, struct store *s, const struct erased *e, struct diag *d),
                     void *to);

/* A legal hold: what lies under a pseudonym from <= time < until is not erased while the hold stands. One
 * case may have several, a pseudonym each. */
struct hold {
    struct str reference; /* of the case */
    unsigned char person[PSEUDONYM_SIZE];
    int64_t from, until, review; /* review: when somebody has to look whether it is still needed */
    struct str by;
    int64_t at;
};

int store_hold(struct store *s, const struct hold *h, struct diag *d); /* the same again replaces it */
int store_release(struct store *s, struct str reference, struct diag *d);
/* By the date of their review. */
int store_holds(struct store *s, void (*each)(void *to, const struct hold *h), void *to, struct diag *d);

/* ---- notes: "this was for work" ----
 * What somebody says of events of their own. A note lies under the pseudonym of its events, and is erased with them. */

enum { NOTE_WORDS = 300 };

struct note {
    int64_t at, from, until; /* from, until: the first and the last event that it is about */
    struct str words;
};

/* All of them or none, spending the token's nonce. *added false: it was spent before. */
struct notes {
    unsigned char person[PSEUDONYM_SIZE], nonce[ACT_NONCE];
    const struct note *rows;
    size_t n;
};
int store_notes_add(struct store *s, const struct notes *all, bool *added, struct diag *d);

/* Those about events from <= time < until, oldest first. */
int store_notes(struct store *s, const unsigned char person[PSEUDONYM_SIZE], const int64_t from_until[2],
                void (*each)(void *to, const struct note *n), void *to, struct diag *d);

/* ---- sums (sums.c says why they can be shown) ---- */

enum { SUM_MIN = 10 /* people in every number */, SUM_AFTER = 2 /* days until a day is summed up */ };

struct cell {
    int32_t day;
    struct str platform, rule, group; /* empty: several, or none */
    uint32_t activity, action;        /* CELL_ALL: several */
    bool all_platforms, all_rules, all_groups;
    uint64_t events, people; /* people 0: nobody is recorded */
};
enum { CELL_ALL = 0xffff };

/* Sums up the next day that is over for SUM_AFTER days, once and for all. *more: another one is due. */
int store_sum_up(struct store *s, int64_t now, bool *more, struct diag *d);

/* from <= day < until */
int store_cells(struct store *s, const int32_t from_until[2], void (*each)(void *to, const struct cell *c),
                void *to, struct diag *d);

/* What no standing needs any more: minutes of days before. Of those known for the day alone
 * nothing is left once it is over. */
int store_tidy(struct store *s, int64_t now, struct diag *d);

#endif
