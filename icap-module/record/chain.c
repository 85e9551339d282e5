#include "record/chain.h"

#include "core/artefact.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char purpose[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-chain";

static void begin(struct chain_head *h, const struct segment_header *header)
{
    *h = (struct chain_head){.at = sizeof *header};
    crypto_generichash_blake2b_salt_personal(h->hash, CHAIN_HASH, (const unsigned char *)header,
                                             sizeof *header, NULL, 0, NULL, purpose);
}

static void step(struct chain_head *h, const unsigned char *record, uint32_t length)
{
    crypto_generichash_blake2b_state state;
    unsigned char at[8];

    for (unsigned i = 0; i < sizeof at; i++)
        at[i] = (unsigned char)(h->at >> (8 * i));
    crypto_generichash_blake2b_init_salt_personal(&state, NULL, 0, CHAIN_HASH, NULL, purpose);
    crypto_generichash_blake2b_update(&state, h->hash, CHAIN_HASH);
    crypto_generichash_blake2b_update(&state, at, sizeof at);
    crypto_generichash_blake2b_update(&state, record, RECORD_HEAD + length);
    crypto_generichash_blake2b_final(&state, h->hash, CHAIN_HASH);
    h->at += record_size(length);
    h->records++;
}

static uint32_t committed(const unsigned char *record)
{
    return atomic_load_explicit((const _Atomic uint32_t *)(const void *)record, memory_order_acquire);
}

static bool begun(const unsigned char *record, size_t room)
{
    size_t n = room < RECORD_SPACE ? room : RECORD_SPACE;

    for (size_t i = sizeof(uint32_t); i < n; i++)
        if (record[i])
            return true;
    return false;
}

static bool decode(const unsigned char *record, uint32_t length, struct event *e)
{
    uint32_t check;

    memcpy(&check, record + sizeof length, sizeof check);
    return artefact_sum(record + RECORD_HEAD, length) == check &&
           event_decode(e, record + RECORD_HEAD, length) == 0;
}

/* What stands where a record would: its length, or 0 and how the segment ends. */
static uint32_t length_at(const unsigned char *bytes, size_t at, size_t size, enum chain_end *end)
{
    size_t room = size - at;
    uint32_t length;

    *end = CHAIN_CUT;
    if (room < sizeof length)
        return 0;
    length = committed(bytes + at);
    if (length == RECORD_END)
        *end = CHAIN_CLOSED;
    else if (length == 0)
        *end = begun(bytes + at, room) ? CHAIN_TORN : CHAIN_OPEN;
    else if (length > EVENT_MAX)
        *end = CHAIN_BROKEN;
    else if (room >= RECORD_HEAD + length)
        return length;
    return 0;
}

int chain_read_mem(const unsigned char *bytes, size_t size,
                   void (*each)(void *to, const struct chain_record *r), void *to, struct chain_segment *s)
{
    uint32_t length;

    *s = (struct chain_segment){.head = s->head, .end = CHAIN_CUT};
    if (size < sizeof s->header)
        return -1;
    memcpy(&s->header, bytes, sizeof s->header);
    if (memcmp(s->header.magic, SEGMENT_MAGIC, sizeof s->header.magic) != 0 ||
        s->header.version != SEGMENT_VERSION || s->header.header_size != sizeof s->header ||
        s->header.check != artefact_sum(&s->header, offsetof(struct segment_header, check)))
        return -1;
    if (s->header.size < size)
        size = s->header.size < sizeof s->header ? sizeof s->header : (size_t)s->header.size;
    if (s->head.at == 0)
        begin(&s->head, &s->header);
    while (s->head.at <= size && (length = length_at(bytes, s->head.at, size, &s->end)) != 0) {
        struct chain_record r = {.before = s->head};

        r.sound = decode(bytes + s->head.at, length, &r.event);
        step(&s->head, bytes + s->head.at, length);
        if (r.sound)
            s->head.last = r.event.sequence;
        else
            s->unsound++;
        r.after = s->head;
        if (each)
            each(to, &r);
    }
    /* One that is used up to its last byte has no room for its writer's last word. */
    if (s->end == CHAIN_CUT && s->head.at + sizeof(uint32_t) > s->header.size)
        s->end = CHAIN_CLOSED;
    return 0;
}

int chain_read(const char *path, void (*each)(void *to, const struct chain_record *r), void *to,
               struct chain_segment *s, struct diag *d)
{
    struct stat st;
    void *base = MAP_FAILED;
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);

    if (fd < 0)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct segment_header)) {
        diag_error(d, path, ": is no spool segment", NULL);
        goto out;
    }
    base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        diag_error(d, path, ": cannot be mapped: ", strerror(errno));
        goto out;
    }
    bool live =
        flock(fd, LOCK_SH | LOCK_NB) != 0; /* before it is read: what is finished then stays as it is */

    result = chain_read_mem(base, (size_t)st.st_size, each, to, s);
    s->live = live;
    if (result != 0)
        diag_error(d, path, ": the segment's header was changed or is damaged", NULL);
out:
    if (base != MAP_FAILED)
        munmap(base, (size_t)st.st_size);
    close(fd);
    return result;
}

void chain_hex(const unsigned char hash[CHAIN_HASH], char to[2 * CHAIN_HASH + 1])
{
    sodium_bin2hex(to, 2 * CHAIN_HASH + 1, hash, CHAIN_HASH);
}

bool chain_unhex(struct str text, unsigned char *to, size_t n)
{
    size_t got;

    for (size_t i = 0; i < text.n; i++) /* one spelling */
        if (text.p[i] >= 'A' && text.p[i] <= 'F')
            return false;
    return text.n == 2 * n && sodium_hex2bin(to, n, text.p, text.n, NULL, &got, NULL) == 0 && got == n;
}
