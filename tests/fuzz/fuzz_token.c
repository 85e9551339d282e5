/* Hostile tokens. The input is tried as a token's text, and as what stands in a box that was sealed with the
 * key: what a thief of the key could write must not break the reader either. */
#include "fuzz.h"

#include "record/base64.h"
#include "record/token.h"

#include <sodium.h>

enum { NOW = 1800000000, NONCE = 24, SEAL = 16 };

static const struct seal_key key = {{1, 2, 3}}, other = {{1, 2, 4}};

static bool alike(const struct token *a, const struct token *b)
{
    return a->ask == b->ask && a->expiry == b->expiry && str_eq(a->user, b->user) &&
           str_eq(a->platform, b->platform) && str_eq(a->rule, b->rule) && str_eq(a->version, b->version) &&
           str_eq(a->back, b->back);
}

/* What was opened can be sealed again, opens as the same, and not with another key or a bit changed. */
static void expect_again(const struct token *t, size_t length, size_t at)
{
    static unsigned char room[TOKEN_BOX];
    static char text[TOKEN_TEXT];
    struct token again = *t, found;
    struct str s = token_seal(&key, &again, text);

    FUZZ_HOLDS(t->user.n > 0 && t->user.n <= TOKEN_NAME && t->back.n <= TOKEN_BACK && t->expiry >= NOW);
    FUZZ_HOLDS(s.n == length && s.n < TOKEN_TEXT);
    FUZZ_HOLDS(token_open(&key, s, NOW, room, &found) && alike(&found, t));
    FUZZ_HOLDS(memcmp(found.nonce, again.nonce, TOKEN_NONCE) == 0);
    FUZZ_HOLDS(!token_open(&other, s, NOW, room, &found) && found.user.n == 0);
    text[at % s.n] ^= 1;
    FUZZ_HOLDS(!token_open(&key, s, NOW, room, &found));
}

static struct str sealed(struct str clear, char to[TOKEN_TEXT])
{
    static const unsigned char purpose[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-token";
    static unsigned char box[TOKEN_BOX];
    unsigned char own[32];
    unsigned long long n = 0;

    clear = str_upto(clear, TOKEN_BOX - NONCE - SEAL - 1);
    crypto_generichash_blake2b_salt_personal(own, 32, NULL, 0, key.bytes, sizeof key.bytes, NULL, purpose);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, &n, (const unsigned char *)clear.p, clear.n, NULL,
                                               0, NULL, box, own);
    return base64_write(box, NONCE + (size_t)n, to, TOKEN_TEXT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char room[TOKEN_BOX];
    static char text[TOKEN_TEXT];
    static struct diag d;
    struct str input;
    struct token t;

    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    fuzz_unbox();
    input = fuzz_box((struct str){(const char *)data, size});
    if (token_open(&key, input, NOW, room, &t))
        expect_again(&t, input.n, size);
    else
        FUZZ_HOLDS(t.user.n == 0 && t.back.n == 0);
    input = sealed(input, text);
    if (token_open(&key, input, NOW, room, &t))
        expect_again(&t, input.n, size);
    return 0;
}
