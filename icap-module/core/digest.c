#include "core/digest.h"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

_Static_assert(DIGEST_KEY == crypto_generichash_KEYBYTES, "the key that libsodium wants");
_Static_assert(sizeof(struct digest) >= crypto_generichash_BYTES_MIN, "no shorter than libsodium makes them");

const char *const profile_words[PROFILES] = {"account", "own"};

/* The parts, with a NUL before all but the first. */
static struct digest seal(const unsigned char *key, const struct str *parts, size_t n)
{
    static const unsigned char nul = 0;
    crypto_generichash_state state;
    unsigned char out[sizeof(struct digest)];
    struct digest made;

    crypto_generichash_init(&state, key, key ? DIGEST_KEY : 0, sizeof out);
    for (size_t i = 0; i < n; i++) {
        if (i)
            crypto_generichash_update(&state, &nul, 1);
        if (parts[i].n)
            crypto_generichash_update(&state, (const unsigned char *)parts[i].p, parts[i].n);
    }
    crypto_generichash_final(&state, out, sizeof out);
    sodium_memzero(&state, sizeof state); /* it holds the last 128 bytes as they were */
    memcpy(&made, out, sizeof made);
    return made;
}

struct digest identity_digest(const struct identity_key *key, struct str platform, struct str value)
{
    const struct str parts[] = {platform, value};

    return seal(key->bytes, parts, 2);
}

struct digest digest_sealed(const struct identity_key *key, const struct str *parts, size_t n)
{
    struct str all[DIGEST_PARTS + 1] = {STR("")};

    if (n > DIGEST_PARTS)
        n = DIGEST_PARTS;
    memcpy(all + 1, parts, n * sizeof *parts);
    return seal(key->bytes, all, n + 1);
}

void identity_key_name(struct identity_key *key)
{
    static const struct str what[] = {{"key", 3}};
    struct digest d = digest_sealed(key, what, 1);
    unsigned char bytes[4];

    memcpy(bytes, d.words, sizeof bytes);
    key->id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    key->id += key->id == 0;
}

struct identity_key identity_key_of_words(struct str words)
{
    struct identity_key key = {{0}, 0};

    crypto_generichash(key.bytes, sizeof key.bytes, (const unsigned char *)words.p, words.n, NULL, 0);
    identity_key_name(&key);
    return key;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return memcmp(a->words, b->words, sizeof a->words) == 0;
}

void digest_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

static void put_hex(struct text *t, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;

    for (size_t i = 0; i < n; i++) {
        text_putc(t, digits[p[i] >> 4]);
        text_putc(t, digits[p[i] & 15]);
    }
}

void digest_put(struct text *t, const struct digest *digest)
{
    text_puts(t, "d-");
    put_hex(t, digest->words, sizeof digest->words);
}

void identity_key_put(struct text *t, uint32_t id)
{
    const unsigned char bytes[] = {(unsigned char)(id >> 24), (unsigned char)(id >> 16),
                                   (unsigned char)(id >> 8), (unsigned char)id};

    text_puts(t, "k-");
    put_hex(t, bytes, sizeof bytes);
}

static int nibble(char c)
{
    c = ascii_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The prefix, then 2 * n digits and nothing more. */
static bool read_hex(struct str s, struct str prefix, unsigned char *to, size_t n)
{
    if (s.n != prefix.n + 2 * n || !str_istarts(s, prefix))
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = nibble(s.p[prefix.n + 2 * i]), low = nibble(s.p[prefix.n + 2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

bool digest_read(struct str s, struct digest *digest)
{
    unsigned char bytes[sizeof digest->words];

    if (!read_hex(s, STR("d-"), bytes, sizeof bytes))
        return false;
    memcpy(digest->words, bytes, sizeof bytes);
    return true;
}

bool identity_key_read_id(struct str s, uint32_t *id)
{
    unsigned char bytes[4];

    if (!read_hex(s, STR("k-"), bytes, sizeof bytes))
        return false;
    *id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return *id != 0;
}
