/* Epochs: pseudonyms are of an epoch, a month unless the council says otherwise, and each epoch has a random
 * key of its own. The plain key lies in one file in memory-backed storage (/run), in no backup and on no
 * disk, from a few minutes before the epoch begins until it ends; then it is overwritten. What is left is the
 * sealed copy that two holders can open together (record/sealed.h), off this machine. So whoever takes the
 * machine, its disk or a backup can name nobody of an earlier epoch.
 *
 * An epoch's id is the local day that its period begins on, and a part: 2026-12-01.1. Where the plain key is
 * lost within the period (a reboot), a new part begins, with a new key: nothing has to be brought to the
 * proxy.
 *
 * Layout of the file: "PTREPOCH", u32 version 1, u32 n (1 or 2), n times {u32 id, u32 0, i64 from, i64 until,
 * 32 bytes key}, then 16 bytes BLAKE2b over all before. Little-endian. Instead a file may hold 32 bytes
 * alone, a key without an epoch: such pseudonyms stay linkable for as long as the key is there. */
#ifndef RECORD_EPOCH_H
#define RECORD_EPOCH_H

#include "record/seal.h"

enum epoch_length { EPOCH_MONTH, EPOCH_WEEK, EPOCH_QUARTER, EPOCH_LENGTHS };
enum { EPOCH_TEXT = 16, EPOCH_PARTS = 63, EPOCHS_MAX = 2, EPOCH_FILE = 16 + 56 * EPOCHS_MAX + 16 };

struct epoch {
    uint32_t id;         /* 0 = a key without an epoch */
    int64_t from, until; /* UTC seconds; until is not of it any more */
    struct seal_key key;
};

struct epoch_file {
    struct epoch epochs[EPOCHS_MAX]; /* by time */
    unsigned n;
};

/* "month", "week", "quarter"; -1 on anything else. */
int epoch_length_of(struct str word);

/* The local day on which the period begins that `day` lies in, and the one after it begins. */
int32_t epoch_begins(enum epoch_length length, int32_t day);
int32_t epoch_follows(enum epoch_length length, int32_t day);

uint32_t epoch_id(int32_t day, unsigned part);
int32_t epoch_id_day(uint32_t id);
unsigned epoch_id_part(uint32_t id);
/* "2026-12-01.1" and a NUL. */
void epoch_id_write(uint32_t id, char to[EPOCH_TEXT]);
bool epoch_id_read(struct str text, uint32_t *id);

/* UTC second of local midnight. */
int64_t epoch_midnight(int32_t day);

/* The epoch that `t` lies in, or NULL. */
const struct epoch *epoch_at(const struct epoch_file *f, int64_t t);

/* Those that have ended by `now` are wiped. True: there were some. */
bool epoch_lapse(struct epoch_file *f, int64_t now);

/* Wiped by epoch_wipe. -1 with a message. */
int epoch_read(const char *path, struct epoch_file *f, struct diag *d);
int epoch_read_mem(const unsigned char *bytes, size_t size, struct epoch_file *f);
size_t epoch_write_mem(const struct epoch_file *f, unsigned char to[EPOCH_FILE]);
void epoch_wipe(struct epoch_file *f);

/* Empty, in memory of its own that is locked (as far as the process may) and not dumped; NULL without memory.
 * Wiped and given back; NULL is allowed. */
struct epoch_file *epoch_file_new(void);
void epoch_file_free(struct epoch_file *f);

/* Renamed into place (0640); what lay there before is overwritten first and then gone. Refuses a file system
 * that is not in memory unless `on_disk`. */
int epoch_write(const char *path, const struct epoch_file *f, bool on_disk, struct diag *d);
/* Overwrites and removes it; 0 also where there is none. */
int epoch_destroy(const char *path, struct diag *d);

/* 0 when a file of that name lies in memory, or may lie on a disk; -1 with a message. */
int epoch_place(const char *path, bool on_disk, struct diag *d);

/* Whether a folder lies in memory (tmpfs, ramfs): 1 yes, 0 no, -1 it cannot be told, with a message. */
int epoch_in_memory(const char *folder, struct diag *d);

#endif
