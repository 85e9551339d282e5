/* A bundle: some days of a record folder by themselves, to be handed on. It is laid out as the record folder
 * is (all roots and receipts, the days asked for, no accesses), and has a list "manifest":
 *
 *     bundle from=DAY to=DAY
 *     file name=PATH size=BYTES sha256=HASH         each file but the manifest, by name
 *     whole files=N                                 signed, if there is a key
 *
 * The same days give the same bytes but for the moment in its lines. */
#ifndef RECORD_BUNDLE_H
#define RECORD_BUNDLE_H

#include "record/sign.h"

#define BUNDLE_MANIFEST "manifest"

struct bundle_order {
    const char *record, *to;    /* `to`: a folder that is not there yet */
    int32_t from_day, to_day;   /* local */
    const struct sign_key *key; /* NULL: not signed */
    int64_t now;
};

/* -1 with a message; what was begun stays for a look. */
int bundle_make(const struct bundle_order *o, uint64_t *files, struct diag *d);

/* Writes (anew) the manifest of a folder for these days: also of what others have put into it. */
int bundle_manifest(const struct bundle_order *o, uint64_t *files, struct diag *d);

/* A path inside of a bundle: parts of letters, digits and -_., none of them empty or "..". */
bool bundle_name(struct str name);

/* SHA-256 of a file. */
int bundle_sha256(const char *path, unsigned char out[32], struct diag *d);

/* Files in a folder and below it. */
int bundle_count(const char *folder, uint64_t *files, struct diag *d);

#endif
