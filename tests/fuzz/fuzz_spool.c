/* A hostile segment of the spool. The first byte says how far sums are mended: bit 0 the header is made
 * sound, bit 1 each record's sum is. Behind it stand records (u16 length, then that many bytes), or with bit
 * 2 the segment's bytes as they are. */
#include "fuzz.h"

#include "core/artefact.h"
#include "record/chain.h"
#include "record/spool.h"
#include "record/spool_segment.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SEGMENT = 16 << 10 };
enum option { SOUND_HEADER = 1, SOUND_RECORDS = 2, AS_IT_IS = 4, SHORT_SIZE = 8, ENDED = 16 };

static _Alignas(8) unsigned char segment[SEGMENT];

static void put_header(size_t size, unsigned options)
{
    struct segment_header *h = (struct segment_header *)(void *)segment;

    if (options & SOUND_HEADER) {
        memcpy(h->magic, SEGMENT_MAGIC, sizeof h->magic);
        h->version = SEGMENT_VERSION;
        h->header_size = sizeof *h;
        h->size = options & SHORT_SIZE ? size / 2 : size;
        h->check = artefact_sum(h, offsetof(struct segment_header, check));
    }
}

static size_t put_record(size_t at, struct str bytes, uint32_t length, bool sound)
{
    uint32_t check = sound ? artefact_sum(bytes.p, bytes.n) : length;

    if (at + RECORD_HEAD + bytes.n > SEGMENT)
        return at;
    memcpy(segment + at, &length, sizeof length);
    memcpy(segment + at + sizeof length, &check, sizeof check);
    if (bytes.n)
        memcpy(segment + at + RECORD_HEAD, bytes.p, bytes.n);
    return at + record_size(bytes.n);
}

/* The segment that the input tells of; its size. */
static size_t make(struct str in, unsigned options)
{
    size_t at = sizeof(struct segment_header);

    memset(segment, 0, sizeof segment);
    if (options & AS_IT_IS) {
        in = str_upto(in, SEGMENT);
        if (in.n)
            memcpy(segment, in.p, in.n);
        if (in.n >= at)
            put_header(in.n, options);
        return in.n;
    }
    while (in.n > 2) {
        uint32_t length = (unsigned char)in.p[0] | (uint32_t)(unsigned char)in.p[1] << 8;
        struct str bytes = str_upto(str_from(in, 2), length);

        at = put_record(at, bytes, length, options & SOUND_RECORDS);
        in = str_from(in, 2 + bytes.n);
    }
    if (options & ENDED)
        at = put_record(at, STR_NONE, RECORD_END, false);
    at = at < SEGMENT ? at : SEGMENT;
    put_header(at, options);
    return at;
}

static void take(void *to, const struct event *e)
{
    unsigned char again[EVENT_MAX];

    FUZZ_HOLDS(event_encode(e, again, sizeof again) > 0);
    ++*(uint64_t *)to;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    static char path[64];
    static int fd = -1;
    struct spool_read result = {0, 0};
    uint64_t taken = 0;
    struct chain_segment chain = {.live = false};
    size_t n;
    int answer;

    if (fd < 0) {
        fd = memfd_create("segment", MFD_CLOEXEC);
        FUZZ_HOLDS(fd >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    n = size ? make((struct str){(const char *)data + 1, size - 1}, data[0]) : 0;
    FUZZ_HOLDS(ftruncate(fd, (off_t)n) == 0 && pwrite(fd, segment, n, 0) == (ssize_t)n);
    diag_init(&d);
    answer = spool_read(path, take, &taken, &result, &d);
    FUZZ_HOLDS((answer != 0) == (d.errors > 0));
    FUZZ_HOLDS(taken == result.events && (answer == 0 || taken + result.torn == 0));
    FUZZ_HOLDS((result.events + result.torn) * RECORD_HEAD <= n);
    /* The chain goes over the same records. */
    FUZZ_HOLDS((chain_read_mem(segment, n, NULL, NULL, &chain) == 0) == (answer == 0));
    FUZZ_HOLDS(answer != 0 || chain.head.records - chain.unsound == result.events);
    return 0;
}
