/* A folder of platform maps (ROOT/platforms) that is changed as a whole: a new folder is made aside and
 * exchanged with the one in place by one rename(2), so that readers, and whoever comes after a crash, find
 * the old maps or the new ones. What each change replaced is kept in ROOT/.previous/NUMBER-DATE/: old/ and
 * new/ with the files, and change.json, which says when, by whom and what. A change that was cut off is
 * finished or taken back by the next one; nothing of it is seen before. */
#ifndef TOOLS_MAPS_STORE_H
#define TOOLS_MAPS_STORE_H

#include "core/diag.h"

#include <jansson.h>

/* One file: "x.map" or "x.case", as it is and as it shall be; no text: none. Borrowed. */
struct map_change {
    struct str name;
    struct str before, after;
};

struct maps_changes {
    const char *verb; /* "update" or "rollback" */
    json_t *maps;     /* what is told of it: array of {platform, from, to}; borrowed */
    const struct map_change *p;
    size_t n;
};

/* -1 with messages, and then nothing has changed but for what was left half done before; 1 with messages: it
 * is changed, but what belongs to it is not as it should be. One change at a time: a lock on ROOT. */
int maps_store_change(const char *root, const struct maps_changes *c, struct diag *d);

/* The changes kept, oldest first: change.json's members and "name" (of the folder in .previous). The
 * caller's; NULL with a message when they cannot be read; an empty list when there are none. */
json_t *maps_store_changes(const char *root, struct diag *d);

/* A file of a change: `which` is "old" or "new". Empty text where the change has none of that name; malloc'ed
 * and the caller's. -1 with a message when it cannot be read. */
int maps_store_file(const char *root, const char *change, const char *which, const char *name,
                    struct str *text, struct diag *d);

#endif
