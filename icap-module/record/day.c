#include "record/day.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const unsigned char purpose_day[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-day";
static const char before[] = "minutes-", behind[] = ".key";

_Static_assert(DAY_DIGEST <= crypto_generichash_blake2b_BYTES_MIN, "a digest is cut to size");

enum { PATH = 4096 };

static int name_key(const char *folder, int32_t day, char path[PATH], struct diag *d)
{
    if ((size_t)snprintf(path, PATH, "%s/%s%ld%s", folder, before, (long)day, behind) >= PATH)
        return diag_error(d, folder, ": is too long a name", NULL);
    return 0;
}

int day_key_read(const char *folder, int32_t day, struct seal_key *key, bool *there, struct diag *d)
{
    char path[PATH];

    *there = false;
    if (name_key(folder, day, path, d) != 0)
        return -1;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    if (seal_key_read(path, key, d) != 0)
        return -1;
    *there = true;
    return 0;
}

/* Whole under its name or not there: whoever links first has made it. */
int day_key_make(const char *folder, int32_t day, struct seal_key *key, struct diag *d)
{
    char path[PATH], aside[PATH];
    int result = -1;
    bool there;

    if (day_key_read(folder, day, key, &there, d) != 0 || there)
        return there ? 0 : -1;
    if (name_key(folder, day, path, d) != 0 ||
        (size_t)snprintf(aside, sizeof aside, "%s/%s%ld%s.%ld", folder, before, (long)day, behind,
                         (long)getpid()) >= sizeof aside)
        return -1;
    unlink(aside); /* of a process of that number that was killed here */
    if (seal_key_create(aside, d) != 0)
        return -1;
    if (link(aside, path) == 0 || errno == EEXIST)
        result = seal_key_read(path, key, d);
    else
        diag_error(d, path, ": cannot be made: ", strerror(errno));
    unlink(aside);
    return result;
}

/* The day of a key's file, whole or half made. */
static bool day_of(const char *name, long *day)
{
    char *end;

    if (strncmp(name, before, sizeof before - 1) != 0)
        return false;
    name += sizeof before - 1;
    errno = 0;
    *day = strtol(name, &end, 10);
    return errno == 0 && end != name && strncmp(end, behind, sizeof behind - 1) == 0;
}

int day_keys_retire(const char *folder, int32_t today, struct diag *d)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    char path[PATH];
    int result = 0;
    long day;

    if (!entries)
        return diag_error(d, folder, ": cannot be listed: ", strerror(errno));
    while ((entry = readdir(entries)) != NULL) {
        if (!day_of(entry->d_name, &day) || day >= today ||
            (size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= sizeof path)
            continue;
        if (unlink(path) != 0 && errno != ENOENT)
            result = diag_error(d, path, ": a key whose day is over cannot be deleted: ", strerror(errno));
    }
    closedir(entries);
    return result;
}

void day_digest(const struct seal_key *key, struct str subject, unsigned char out[DAY_DIGEST])
{
    unsigned char whole[crypto_generichash_blake2b_BYTES_MIN];

    crypto_generichash_blake2b_salt_personal(whole, sizeof whole, (const unsigned char *)subject.p, subject.n,
                                             key->bytes, sizeof key->bytes, NULL, purpose_day);
    memcpy(out, whole, DAY_DIGEST);
    sodium_memzero(whole, sizeof whole);
}
