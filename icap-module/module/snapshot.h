/* The policy in force: pinned by each request from stage 1 to 7, swapped while others go on.
 *
 * A new artefact is noticed by the generation word (`<policy>.generation`, 8 bytes that the publisher adds
 * one to, in place, after renaming the artefact; never truncated) and, once a second, by the policy's file
 * having changed. One thread, the looker, opens it aside; the others go on with the old one. What does not
 * open is told once, and `<policy>.last-good` is taken where that is another policy than the one in force.
 *
 * The life of a policy. `current`, `looking`, `running`, the generation word's place and every `holders` are
 * read and written under one mutex and nowhere else, but as 3 says. A loaded policy is
 *
 *     opened     known to the looker alone                holders = 1
 *     in force   what `current` points to                 holders = 1 + requests that pinned it
 *     replaced   `current` points elsewhere or nowhere    holders = requests that pinned it
 *     freed      by the thread that took holders to 0, once the mutex is let go
 *
 * and goes from one line to the next only. Why that holds:
 *
 * 1. One looker. `looking` goes from false to true under the mutex, and back by the thread that set it. So at
 *    most one thread opens, replaces and tells; what only the looker touches (`tried`, ...) passes from one
 *    looker to the next through the mutex.
 * 2. No use after free. Each pin adds its 1 in the same critical section that reads `current`, whose own 1 is
 *    in `holders` until the critical section that takes `current` away. So no pin finds 0, holders reaches 0
 *    once, and whoever takes it there is the last that knows the pointer.
 * 3. `current` and the word's place change by the looker's hand or by snapshot_stop's, which waits until
 *    nobody looks. So the looker may read them without the mutex, and what it tells of lives until it has
 *    told it.
 * 4. Never back. Lookers come one after the other (1), each maps the file after the one before it did, and
 *    a request pins what is in force. A thread that pins twice gets the same policy or a later publication,
 *    as long as `last-good` is published in the same order.
 * 5. No mutex is held over I/O: files are looked at, opened, read, proven and given back, and the listener is
 *    told, with the mutex free. A request that is not the looker waits for some twenty instructions of
 *    another and never for the disk.
 * 6. Fork. c-icap forks from the master's only thread, which is in none of these functions then: a child
 *    begins with the mutex free, nobody looking, and a copy of `current` of its own (holders 1; its pages
 * stay shared, as nobody writes to them). What it does with that copy moves no other process.
 * 7. Stop ends looks, waits for the one in progress, and takes `current` away: it is then replaced, and the
 *    last request frees it. c-icap has joined its workers by then; where it gave one up that hangs in the
 *    disk, that thread keeps the process alive anyhow, and we wait for it rather than pull the ground away.
 *
 * The databases about addresses, the standing and the category database are more files that are looked at
 * once a second, by the same looker; the standing has a generation word, too, so that who has answered goes
 * on at once. What is in force is a set of parts, policy, databases, standing and categories; when one is
 * replaced, a new set takes the others over. A part's `holders` changes under the same mutex: +1 by the
 * looker for the set it makes, while the set in force (3) or the looker itself still holds the part; -1 by
 * whoever took a set's holders to 0. So a part is given back once, after its last set (2).
 *
 * tests/unit/test_snapshot.c drives this with threads, under ThreadSanitizer too (scripts/check). */
#ifndef MODULE_SNAPSHOT_H
#define MODULE_SNAPSHOT_H

#include "core/categories.h"
#include "core/networks.h"
#include "core/policy.h"
#include "core/standing.h"

/* A file that is in force: its thing is given back by the last `loaded` that holds it. */
struct part {
    struct policy *policy; /* one of the four */
    struct networks *networks;
    struct standing *standing;
    struct categories *categories;
    unsigned holders; /* under the module's mutex: how many `loaded` have it */
};

/* What requests hold. */
struct loaded {
    struct snapshot view;
    struct policy *policy;                       /* that of policy_part, */
    struct part *policy_part;                    /* held */
    struct part *networks_parts[NETWORKS_KINDS]; /* held, or NULL */
    struct part *standing_part;                  /* held, or NULL */
    struct part *categories_part;                /* held, or NULL */
    unsigned holders;                            /* under the module's mutex */
};

/* Who is told what becomes of looks: by the looker, so never by two threads at once, with no mutex held. */
struct snapshot_listener {
    void (*in_force)(const struct artefact *a); /* it has come into force; `a` lives until this returns */
    void (*swapped)(void);                      /* and it did so in the place of another */
    void (*bad)(void);                          /* a file was not taken */
    void (*message)(const char *line);          /* for the log, without a newline; no word of any request */
};

/* Borrowed until snapshot_stop. Before snapshot_start. */
void snapshot_tell(const struct snapshot_listener *to);

/* The policy's path, borrowed until snapshot_stop, and the first attempt to open it (in the master: the
 * children share its pages). -1 when neither it nor its last-good opens; later looks may find it. The
 * reasons are in *d in either case. Before there are other threads. */
int snapshot_start(const char *path, struct diag *d);

/* The path of a database about addresses (core/networks.h), borrowed until snapshot_stop, and the first
 * attempt to open it; before or after snapshot_start, before there are other threads. -1 with the reasons in
 * *d: nothing is known of addresses from it until a later look finds a sound one. */
int snapshot_networks(const char *path, enum networks_kind kind, struct diag *d);

/* The same for the standing file (core/standing.h): what is not sound is told once, and the one before it
 * stays, which in time is too old to be sure of anything. */
int snapshot_standing(const char *path, struct diag *d);

/* The same for the category database and the local lists beside it (core/categories.h): a bad one is told
 * once, and the one before it stays, mapped; at the start `<path>.previous` is taken in its place. Categories
 * that the policy's rules name and nothing fills are told of whenever policy or lists change. */
int snapshot_categories(const char *path, struct diag *d);

/* In each child: looks at the files again, as the master may have read them long ago. */
void snapshot_child(void);

bool snapshot_present(void);

/* Stage 1. NULL: there is no policy. Give it back with snapshot_unpin. */
struct loaded *snapshot_pin(void);
void snapshot_unpin(struct loaded *l);

/* The module goes: what requests still hold is freed by the last of them; pins find NULL, and the listener
 * hears nothing more. Not from a listener. snapshot_start may follow. */
void snapshot_stop(void);

#endif
