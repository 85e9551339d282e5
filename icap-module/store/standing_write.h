/* The standing file, made anew from the store: who has answered what, how many minutes are used
 * (core/standing.h). */
#ifndef STORE_STANDING_WRITE_H
#define STORE_STANDING_WRITE_H

#include "record/seal.h"
#include "store/store.h"

struct standing_source {
    struct store *store;
    /* Minutes stand under pseudonyms in the store: they become somebody's by this key and the
     * names that are known, those of acts and those that `names` gives (NULL = none). Without a key (NULL)
     * there are no such facts. Names and pseudonyms are joined in memory alone. */
    const struct seal_key *pseudonyms;
    /* The keys of today, one of each spool: minutes of people who are known for the day alone. */
    const struct seal_key *days;
    size_t n_days;
    void (*names)(void *from, void (*take)(void *to, struct str name), void *to);
    /* The name of today of somebody who had another, and what is digested of a name: as the module has them
     * (struct request, struct person). NULL: the name itself. */
    struct str (*current)(void *from, struct str name);
    struct str (*subject)(void *from, struct str name);
    void *from;
    int64_t now;
    int64_t as_of; /* up to when the spools are imported */
};

struct standing_written {
    uint32_t facts;
    uint32_t nameless; /* facts under pseudonyms that no known name has: they are in no file */
    size_t size;
};

/* Writes it whole, proves it, renames it into place and raises PATH.generation. -1 with a message: the old
 * file stays. */
int standing_write(const struct standing_source *from, const char *path, struct standing_written *written,
                   struct diag *d);

/* UTC second of local midnight. */
int64_t local_midnight(int32_t day);

#endif
