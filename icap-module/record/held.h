/* Held hosts: for some days after a page that refused by category, which host it was about, under the page's code, so that
 * the service desk can say why and put a wrong list right. The host alone: no path, no person, no address of a machine, no
 * time but the day; and no host that the never-log list names (its caller sees to that).
 *
 * A folder with one text file a day, held-2026-12-01, so that a day is forgotten by deleting it (portreeved does). A line is
 *
 *     CODE <tab> policy version <tab> rule <tab> categories, by comma <tab> lists, by comma <tab> host <tab> .
 *
 * written with one write(2) behind a line feed of its own: all processes add to the same file (O_APPEND), and a line that a
 * full disk cut off spoils no other. It is file work while somebody waits, but only for pages that refuse by category, and a
 * day has room for HELD_DAY bytes. */
#ifndef RECORD_HELD_H
#define RECORD_HELD_H

#include "core/diag.h"
#include "core/words.h"

#include <sys/types.h>

enum { HELD_DAY = 16 << 20, HELD_CODE = 9, HELD_LISTS = 256, HELD_DAYS = 14 /* unless the council says otherwise */ };

struct held {
    struct str code, policy, rule, lists, host; /* lists: "ut1/gambling,local", or empty */
    uint32_t categories;                /* bit set by enum category */
    int32_t day;                        /* local */
};

/* A process's way into the folder. Zeros but for the folder: nothing is open yet. Not for two threads at once. */
struct held_book {
    const char *folder;
    int fd;
    bool open;
    dev_t device; /* of the file in hand */
    ino_t inode;
};

/* Adds one. 0, or an errno: ENOSPC also where the day is full. */
int held_add(struct held_book *b, const struct held *h);

void held_close(struct held_book *b);

/* Every whole line of the folder's files of the days `from` to `to`, oldest day first; slices end when `each` returns. -1 with
 * a message when the folder or a file cannot be read. No folder: nothing is held. */
int held_read(const char *folder, int32_t from, int32_t to, void (*each)(void *to, const struct held *h), void *with,
              struct diag *d);

/* Deletes the files of the days before `day`. The number of files in *gone. -1 with a message. */
int held_forget(const char *folder, int32_t day, unsigned *gone, struct diag *d);

#endif
