/* A segment's layout on disk, known to the spool's writer and reader alone. Numbers are little-endian, as in
 * artefacts. A change of layout is a new SEGMENT_VERSION. The header is written before the file has its final
 * name and never again; as segments are made ahead of need, its times and numbers say when it was made, not
 * when it came into use. It is used on the local day that it was made on, and on no later one. */
#ifndef RECORD_SPOOL_SEGMENT_H
#define RECORD_SPOOL_SEGMENT_H

#include "record/event.h"

#define SEGMENT_MAGIC "PTRSPOOL"
#define SEGMENT_SUFFIX ".spool"     /* of a segment with its header in place */
#define SEGMENT_ROOT "imported.root" /* beside the segments: the hash of the last daily root, 32 bytes, or missing */
#define SEGMENT_UNBORN ".spool.new" /* of one that is still being made; no reader looks at it */

enum {
    SEGMENT_VERSION = 1,
    SEGMENT_NODE = 64,
    SEGMENT_BOOT = 40,
    RECORD_HEAD = 8,          /* u32 length (the commit word), u32 check */
    RECORD_END = 0xffffffffu, /* in place of a length: closed in good order, nothing follows */
    RECORD_SPACE = RECORD_HEAD + EVENT_MAX
};

struct segment_header {
    char magic[8];
    uint32_t version;
    uint32_t header_size; /* the first record's offset */
    uint64_t size;        /* of the whole segment, bytes */
    uint64_t number;      /* of the segment in its process, from 1 */
    uint64_t first;       /* no event with a lower sequence stands in it; the first one tells its own */
    int64_t created;      /* seconds since 1970 UTC: no event was written to it before */
    uint32_t created_ns;
    uint32_t pid;
    char node[SEGMENT_NODE];         /* padded with NUL */
    char boot[SEGMENT_BOOT];         /* the kernel's boot id */
    unsigned char imported_root[32]; /* SEGMENT_ROOT as it was when the segment was made; zeros: there was none */
    uint32_t check;                  /* artefact_sum over what stands before it */
    unsigned char process[8];        /* random, one a process; zeros in segments of releases before */
    unsigned char follows[8];        /* number of the process's segment before this one; 0 = it is the first */
    unsigned char reserved[44];      /* zeros */
};

_Static_assert(sizeof(struct segment_header) == 256, "the segment header is 256 bytes");

/* Where the next record starts behind one of `length` bytes. */
static inline size_t record_size(size_t length)
{
    return (RECORD_HEAD + length + 7) / 8 * 8;
}

#endif
