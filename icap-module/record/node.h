/* Handing an epoch's key to another proxy, or back to one that has lost it: sealed to that node's own key
 * pair, which lies in memory-backed storage and lives as long as the machine runs. Text, one line each:
 *
 *     portreeve-node-private 1 PUBLIC SECRET     on the node (0600), in memory
 *     portreeve-node 1 PUBLIC                    for whoever hands keys
 *     portreeve-handed 1 BOX                     a file of epochs (record/epoch.h) in a sealed box */
#ifndef RECORD_NODE_H
#define RECORD_NODE_H

#include "record/epoch.h"

/* Makes PATH and PATH.pub; refuses a disk unless `on_disk`. */
int node_make(const char *path, bool on_disk, struct diag *d);

/* Seals the epochs to the node whose public line lies in `node`; a new file. */
int node_hand(const struct epoch_file *f, const char *node, const char *to, struct diag *d);

/* Opens what was handed, with the node's key. */
int node_accept(const char *handed, const char *key, struct epoch_file *f, struct diag *d);
int node_handed_read(struct str text, const unsigned char public[32], const unsigned char secret[32],
                     struct epoch_file *f);

#endif
