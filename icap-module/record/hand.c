#include "record/hand.h"

#include <sodium.h>

_Static_assert(crypto_box_PUBLICKEYBYTES == HAND_PUBLIC && crypto_box_SEALBYTES == 48, "libsodium's sealed boxes");

enum { SIGNED_MAX = HAND_NODE + 1 + HAND_PUBLIC + HAND_MAX };

static const char announcing[] = "portreeve-node-announced", handing[] = "portreeve-epochs-handed";

static void put_time(unsigned char *to, int64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = (unsigned char)((uint64_t)value >> (8 * i));
}

static int64_t get_time(const unsigned char *from)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < 8; i++)
        value |= (uint64_t)from[i] << (8 * i);
    return (int64_t)value;
}

struct hand_pair {
    unsigned char public[HAND_PUBLIC], secret[crypto_box_SECRETKEYBYTES];
};

struct hand_pair *hand_pair_new(void)
{
    struct hand_pair *p = sodium_malloc(sizeof *p);

    if (p)
        crypto_box_keypair(p->public, p->secret);
    return p;
}

void hand_pair_free(struct hand_pair *p)
{
    sodium_free(p);
}

static struct str str_of_public(const unsigned char public[HAND_PUBLIC])
{
    return (struct str){(const char *)public, HAND_PUBLIC};
}

/* What is signed: whose it is, then the bytes. */
static struct str signed_text(struct str node, struct str public, struct str bytes, char to[SIGNED_MAX])
{
    size_t n = node.n < HAND_NODE ? node.n : HAND_NODE;

    memcpy(to, node.p, n);
    to[n++] = '\0';
    if (public.n) {
        memcpy(to + n, public.p, public.n);
        n += public.n;
    }
    memcpy(to + n, bytes.p, bytes.n);
    return (struct str){to, n + bytes.n};
}

void hand_announce(const struct hand_pair *p, struct str node, int64_t now, const struct sign_key *key,
                   unsigned char to[HAND_ANNOUNCED])
{
    char text[SIGNED_MAX];

    put_time(to, now);
    memcpy(to + 8, p->public, HAND_PUBLIC);
    sign_make(key, announcing, signed_text(node, STR_NONE, (struct str){(const char *)to, 8 + HAND_PUBLIC}, text),
              to + 8 + HAND_PUBLIC);
}

static bool announced_by(const struct hand_to *to)
{
    char text[SIGNED_MAX];

    return to->announced.n == HAND_ANNOUNCED && to->node.n <= HAND_NODE &&
           sign_check(to->signer, announcing, signed_text(to->node, STR_NONE, str_upto(to->announced, 8 + HAND_PUBLIC), text),
                      (const unsigned char *)to->announced.p + 8 + HAND_PUBLIC);
}

size_t hand_seal(const struct hand_to *to, const struct epoch_file *f, int64_t now, const struct sign_key *key,
                 unsigned char out[HAND_MAX])
{
    const unsigned char *public = (const unsigned char *)to->announced.p + 8;
    unsigned char plain[EPOCH_FILE];
    char text[SIGNED_MAX];
    size_t n;
    bool sealed;

    if (!announced_by(to))
        return 0;
    n = epoch_write_mem(f, plain);
    put_time(out, now);
    sealed = crypto_box_seal(out + 8, plain, n, public) == 0;
    sodium_memzero(plain, sizeof plain);
    if (!sealed)
        return 0;
    n += 8 + crypto_box_SEALBYTES;
    sign_make(key, handing, signed_text(to->node, str_of_public(public), (struct str){(const char *)out, n}, text), out + n);
    return n + SIGNATURE;
}

enum hand_result hand_take(struct hand_taker *t, struct str handed, struct epoch_file *f)
{
    const unsigned char *bytes = (const unsigned char *)handed.p;
    unsigned char plain[EPOCH_FILE];
    char text[SIGNED_MAX];
    size_t n;
    int read;

    if (handed.n <= 8 + crypto_box_SEALBYTES + SIGNATURE || handed.n > HAND_MAX || t->node.n > HAND_NODE)
        return HAND_FORGED;
    n = handed.n - SIGNATURE;
    if (!sign_check(t->keeper, handing, signed_text(t->node, str_of_public(t->pair->public), str_upto(handed, n), text), bytes + n))
        return HAND_FORGED;
    if (get_time(bytes) < t->last)
        return HAND_STALE;
    if (crypto_box_seal_open(plain, bytes + 8, n - 8, t->pair->public, t->pair->secret) != 0)
        return HAND_FORGED;
    read = epoch_read_mem(plain, n - 8 - crypto_box_SEALBYTES, f);
    sodium_memzero(plain, sizeof plain);
    if (read != 0)
        return HAND_FORGED;
    t->last = get_time(bytes);
    return HAND_TAKEN;
}
