/* Whose minutes, for one day: what stands in the spool in place of a person where a policy records none. A
 * keyed digest of the person and no more than eight bytes of it, by a key that is made anew for each local
 * day, lies in the spool's folder alone, and is deleted when the day is over: from then on nobody, whatever
 * else they hold, can tell whose the digests were.
 *
 * The key's file is "minutes-DAY.key" (DAY: clock_local's), made by whichever process needs it first. */
#ifndef RECORD_DAY_H
#define RECORD_DAY_H

#include "record/seal.h"

/* The key of that day, read; made, where there is none yet. -1 with a message. Several processes may do so at
 * once: all of them get the same key. */
int day_key_make(const char *folder, int32_t day, struct seal_key *key, struct diag *d);

/* The same, and nothing is made: *there says whether there is one. -1 with a message when it cannot be read.
 */
int day_key_read(const char *folder, int32_t day, struct seal_key *key, bool *there, struct diag *d);

/* Deletes the keys of the days before `today`. -1 with a message when one stays. */
int day_keys_retire(const char *folder, int32_t today, struct diag *d);

/* `subject`: what stands for the person (struct person). */
void day_digest(const struct seal_key *key, struct str subject, unsigned char out[DAY_DIGEST]);

#endif
