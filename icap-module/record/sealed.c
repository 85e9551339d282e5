/* Making and opening; sealed_file.c reads and writes. */
#include "record/sealed_internal.h"

#include "record/file.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char magic[16] = "portreeve-epoch";
static const unsigned char purpose[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-sealed";

static void put(unsigned char *to, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

static void write_plain(const struct epoch *e, unsigned char to[SEALED_PLAIN])
{
    memcpy(to, magic, sizeof magic);
    put(to + 16, e->id, 4);
    put(to + 20, (uint64_t)e->from, 8);
    put(to + 28, (uint64_t)e->until, 8);
    memcpy(to + 36, e->key.bytes, sizeof e->key.bytes);
}

static void commit_to(const unsigned char plain[SEALED_PLAIN], unsigned char out[32])
{
    crypto_generichash_blake2b_salt_personal(out, 32, plain, SEALED_PLAIN, NULL, 0, NULL, purpose);
}

/* The half of a box that its maker has: with it the box can be opened once more, to see that it opens. */
struct maker {
    unsigned char public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
};

/* As crypto_box_seal has it (libsodium: the sender's key, then the box by the digest of both keys). */
static void box_nonce(const unsigned char *maker, const unsigned char *holder,
                      unsigned char nonce[crypto_box_NONCEBYTES])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, crypto_box_NONCEBYTES);
    crypto_generichash_update(&state, maker, crypto_box_PUBLICKEYBYTES);
    crypto_generichash_update(&state, holder, crypto_box_PUBLICKEYBYTES);
    crypto_generichash_final(&state, nonce, crypto_box_NONCEBYTES);
}

static int box_make(const unsigned char *bytes, size_t n, const struct holder *to, struct maker *m,
                    unsigned char *box)
{
    unsigned char nonce[crypto_box_NONCEBYTES];

    crypto_box_keypair(m->public, m->secret);
    box_nonce(m->public, to->public, nonce);
    memcpy(box, m->public, sizeof m->public);
    return crypto_box_easy(box + sizeof m->public, bytes, n, nonce, to->public, m->secret);
}

/* The key that maker and holder share is the same from both sides. */
static int box_prove(const unsigned char *box, size_t n, const struct holder *to, const struct maker *m,
                     unsigned char *bytes)
{
    unsigned char nonce[crypto_box_NONCEBYTES];

    box_nonce(m->public, to->public, nonce);
    return memcmp(box, m->public, sizeof m->public) == 0
               ? crypto_box_open_easy(bytes, box + sizeof m->public, n - sizeof m->public, nonce, to->public,
                                      m->secret)
               : -1;
}

enum { INNER = SEALED_PLAIN + crypto_box_SEALBYTES };
_Static_assert(INNER + crypto_box_SEALBYTES == SEALED_BOX, "two sealed boxes");

struct makers {
    struct maker outer, inner;
};

static int seal_pair(const unsigned char plain[SEALED_PLAIN], const struct holder *a, const struct holder *b,
                     struct makers *m, struct sealed_pair *pair)
{
    unsigned char inner[INNER];

    snprintf(pair->first, sizeof pair->first, "%s", a->name);
    snprintf(pair->second, sizeof pair->second, "%s", b->name);
    return box_make(plain, SEALED_PLAIN, b, &m->inner, inner) == 0 &&
                   box_make(inner, INNER, a, &m->outer, pair->box) == 0
               ? 0
               : -1;
}

static bool prove_pair(const unsigned char plain[SEALED_PLAIN], const struct holder *a,
                       const struct holder *b, const struct makers *m, const struct sealed_pair *pair)
{
    unsigned char inner[INNER], again[SEALED_PLAIN];
    bool good = strcmp(pair->first, a->name) == 0 && strcmp(pair->second, b->name) == 0 &&
                box_prove(pair->box, SEALED_BOX, a, &m->outer, inner) == 0 &&
                box_prove(inner, INNER, b, &m->inner, again) == 0 &&
                sodium_memcmp(again, plain, SEALED_PLAIN) == 0;

    sodium_memzero(again, sizeof again);
    return good;
}

/* What lies on the disk, read back, against what was to be sealed. */
static int prove(const char *path, const struct holders *h, const unsigned char plain[SEALED_PLAIN],
                 const struct makers *makers, struct diag *d)
{
    struct sealed *back = calloc(1, sizeof *back);
    bool good = back && sealed_read(path, back, d) == 0 && back->n == h->n * (h->n - 1) / 2;
    unsigned k = 0;

    for (unsigned i = 0; good && i < h->n; i++)
        for (unsigned j = i + 1; good && j < h->n; j++, k++)
            good = prove_pair(plain, &h->list[i], &h->list[j], &makers[k], &back->pairs[k]);
    free(back);
    return good ? 0
                : diag_error(d, path, ": the sealed copy does not open again: the epoch is not begun", NULL);
}

static int seal_all(struct sealed *s, const struct holders *h, const unsigned char plain[SEALED_PLAIN],
                    struct makers *makers, struct diag *d)
{
    for (unsigned i = 0; i < h->n; i++)
        for (unsigned j = i + 1; j < h->n; j++, s->n++)
            if (seal_pair(plain, &h->list[i], &h->list[j], &makers[s->n], &s->pairs[s->n]) != 0)
                return diag_error(d, h->list[i].name,
                                  ": nothing can be sealed to the key of this holder, or of ",
                                  h->list[j].name);
    return 0;
}

int sealed_make(const char *folder, const struct epoch *e, const struct holders *h, struct diag *d)
{
    struct sealed *s = calloc(1, sizeof *s);
    struct makers *makers = calloc(PAIRS_MAX, sizeof *makers);
    unsigned char plain[SEALED_PLAIN];
    char path[4096], id[EPOCH_TEXT];
    int result = -1;

    epoch_id_write(e->id, id);
    if (!s || !makers || (size_t)snprintf(path, sizeof path, "%s/%s.sealed", folder, id) >= sizeof path) {
        diag_error(d, folder, ": out of memory, or too long a name", NULL);
        goto out;
    }
    write_plain(e, plain);
    s->epoch = (struct epoch){.id = e->id, .from = e->from, .until = e->until};
    commit_to(plain, s->commit);
    if (seal_all(s, h, plain, makers, d) == 0 && sealed_write(path, s, d) == 0) {
        result = prove(path, h, plain, makers, d);
        if (result != 0)
            unlink(path);
    }
    sodium_memzero(plain, sizeof plain);
out:
    if (makers)
        sodium_memzero(makers, PAIRS_MAX * sizeof *makers);
    free(makers);
    free(s);
    return result;
}

/* ---- opening ---- */

static int seal_open(const unsigned char *box, size_t n, const struct private_key *k, unsigned char *to)
{
    return crypto_box_seal_open(to, box, n, k->public, k->secret);
}

static int open_pair(const struct sealed *s, const struct sealed_pair *pair, const struct private_key *a,
                     const struct private_key *b, struct epoch *e)
{
    unsigned char inner[INNER], plain[SEALED_PLAIN], again[SEALED_PLAIN], commit[32];
    int result = -1;

    if (seal_open(pair->box, SEALED_BOX, a, inner) == 0 && seal_open(inner, INNER, b, plain) == 0) {
        *e = s->epoch;
        memcpy(e->key.bytes, plain + 36, sizeof e->key.bytes);
        write_plain(e, again); /* id and period are those that were sealed */
        commit_to(plain, commit);
        if (sodium_memcmp(again, plain, sizeof plain) == 0 && memcmp(commit, s->commit, sizeof commit) == 0)
            result = 0;
        else
            sodium_memzero(e, sizeof *e);
    }
    sodium_memzero(plain, sizeof plain);
    sodium_memzero(again, sizeof again);
    return result;
}

int sealed_open(const struct sealed *s, const struct private_key *a, const struct private_key *b,
                struct epoch *e, struct diag *d)
{
    char id[EPOCH_TEXT];

    epoch_id_write(s->epoch.id, id);
    if (s->destroyed)
        return diag_error(d, id, ": the key of this epoch is destroyed: nobody can be named in it any more",
                          NULL);
    if (memcmp(a->public, b->public, sizeof a->public) == 0 || strcmp(a->name, b->name) == 0)
        return diag_error(d, a->name, ": is one holder twice: two people open a sealed key together", NULL);
    for (unsigned i = 0; i < s->n; i++) {
        const struct sealed_pair *pair = &s->pairs[i];
        bool as_it_is = strcmp(pair->first, a->name) == 0 && strcmp(pair->second, b->name) == 0;

        if (!as_it_is && (strcmp(pair->first, b->name) != 0 || strcmp(pair->second, a->name) != 0))
            continue;
        if (open_pair(s, pair, as_it_is ? a : b, as_it_is ? b : a, e) == 0)
            return 0;
        return diag_error(d, id,
                          ": the sealed copy does not open with these two keys: it was changed, or a holder "
                          "has another key",
                          " now");
    }
    return diag_error(d, id, ": is not sealed to these two holders together", NULL);
}
