/* Whether the record is what it was when it was anchored: off line, without any secret, and in words. What
 * can be found is said at record/anchor.h and record/chain.h; what cannot: a record that was changed before
 * it was anchored for the first time (within a minute), and whatever somebody did who had the signing key. It
 * does not say who sat at the keyboard, nor that the software was right. */
#ifndef RECORD_VERIFY_H
#define RECORD_VERIFY_H

#include "record/sign.h"

enum finding { FINDING_FAIL, FINDING_NOTE };

struct verify_how {
    const unsigned char *public; /* whose signatures count; NULL: the folder's own key, and a note says so */
    const char *record;          /* verify_spool: the record folder with the anchors; NULL: none */
    void (*say)(void *to, enum finding kind, const char *where, const char *text);
    void *to;
};

struct verify_result {
    uint64_t fails, notes;
    uint64_t days, segments, records, anchors,
        erased;          /* that were checked; days that are erased with a receipt */
    uint64_t unanchored; /* records behind the last anchor of their segment */
};

/* A record folder, or a bundle made of one (it holds a manifest). 0 and the result, or -1 with a message when
 * it is none or cannot be read. */
int verify_record(const char *folder, const struct verify_how *how, struct verify_result *result,
                  struct diag *d);

/* A spool, perhaps in use. */
int verify_spool(const char *folder, const struct verify_how *how, struct verify_result *result,
                 struct diag *d);

#endif
