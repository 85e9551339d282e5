/* The policy in force: pinned by each request from stage 1 to 7, swapped while others go on.
 *
 * A new artefact is noticed by the generation word (`<policy>.generation`, 8 bytes that the publisher adds
 * one to, in place, after renaming the artefact; never truncated) and, once a second, by the policy's file
 * having changed. One thread opens it aside; the others go on with the old one. What does not open is logged
 * once, counted, and
 * `<policy>.last-good` is taken where that is another policy than the one in force. */
#ifndef MODULE_SNAPSHOT_H
#define MODULE_SNAPSHOT_H

#include "core/policy.h"

/* A policy that requests hold. */
struct loaded {
    struct snapshot view;
    struct policy *policy; /* owned */
    unsigned holders;      /* requests, and one for being in force; under the module's mutex */
};

/* The policy's path, and the first attempt to open it (in the master: the children share the mapping). -1
 * when neither it nor its last-good opens; later looks may find it. The reasons are in *d in either case. */
int snapshot_start(const char *path, struct diag *d);

/* In each child: looks at the files again, as the master may have mapped them long ago. */
void snapshot_child(void);

/* Called (by the thread that loads) with each policy that comes into force. Set before snapshot_start. */
void snapshot_tell(void (*in_force)(const struct artefact *a));

bool snapshot_present(void);

/* Stage 1. NULL: there is no policy. Give it back with snapshot_unpin. */
struct loaded *snapshot_pin(void);
void snapshot_unpin(struct loaded *l);

/* The module goes: what requests still hold is freed by the last of them. */
void snapshot_stop(void);

#endif
