#include "record/sign.h"

#include "record/base64.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

static const char public_word[] = "portreeve-public 1 ed25519 ";

void sign_key_of_seed(const unsigned char seed[32], struct sign_key *key)
{
    crypto_sign_seed_keypair(key->public, key->secret, seed);
}

int sign_key_read(const char *path, struct sign_key *key, struct diag *d)
{
    struct seal_key seed;

    if (seal_key_read(path, &seed, d) != 0)
        return -1;
    sign_key_of_seed(seed.bytes, key);
    sodium_memzero(&seed, sizeof seed);
    return 0;
}

void sign_key_wipe(struct sign_key *key)
{
    sodium_memzero(key, sizeof *key);
}

int sign_public_read(const char *path, unsigned char public[SIGN_PUBLIC], struct diag *d)
{
    char text[256];
    struct str line = {text, 0};
    ssize_t n;
    size_t got = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return diag_error(d, path, ": the public key cannot be opened: ", strerror(errno));
    n = read(fd, text, sizeof text);
    close(fd);
    line.n = n > 0 ? (size_t)n : 0;
    if (line.n && line.p[line.n - 1] == '\n')
        line.n--;
    if (line.n <= sizeof public_word - 1 || memcmp(line.p, public_word, sizeof public_word - 1) != 0 ||
        !base64_read(str_from(line, sizeof public_word - 1), public, SIGN_PUBLIC, &got) || got != SIGN_PUBLIC)
        return diag_error(d, path, ": is no public key: one line 'portreeve-public 1 ed25519 ...'", NULL);
    return 0;
}

int sign_public_write(const char *path, const unsigned char public[SIGN_PUBLIC], struct diag *d)
{
    char text[128], key[BASE64_LENGTH(SIGN_PUBLIC) + 1];
    int n;

    base64_write(public, SIGN_PUBLIC, key, sizeof key);
    n = snprintf(text, sizeof text, "%s%s\n", public_word, key);
    return file_replace(path, text, (size_t)n, d);
}

void sign_fingerprint(const unsigned char public[SIGN_PUBLIC], char to[FINGERPRINT_TEXT])
{
    unsigned char hash[16];

    crypto_generichash(hash, sizeof hash, public, SIGN_PUBLIC, NULL, 0);
    for (unsigned i = 0; i < 8; i++)
        snprintf(to + (size_t)i * 5, 6, "%02x%02x%s", hash[2 * (size_t)i], hash[2 * (size_t)i + 1],
                 i < 7 ? "-" : "");
}

/* What is signed: a digest of both, so that no bytes of one purpose can be taken for another's. */
static void digest(const char *purpose, struct str bytes, unsigned char out[32])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, 32);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)bytes.p, bytes.n);
    crypto_generichash_final(&state, out, 32);
}

void sign_make(const struct sign_key *key, const char *purpose, struct str bytes,
               unsigned char out[SIGNATURE])
{
    unsigned char hash[32];

    digest(purpose, bytes, hash);
    crypto_sign_detached(out, NULL, hash, sizeof hash, key->secret);
}

bool sign_check(const unsigned char public[SIGN_PUBLIC], const char *purpose, struct str bytes,
                const unsigned char signature[SIGNATURE])
{
    unsigned char hash[32];

    digest(purpose, bytes, hash);
    return crypto_sign_verify_detached(signature, hash, sizeof hash, public) == 0;
}
