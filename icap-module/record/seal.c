#include "record/seal.h"

#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/* BLAKE2b's personalisation: the same key can never yield the same bytes for another purpose. */
static const unsigned char purpose_user[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-user";

int seal_init(struct diag *d)
{
    if (sodium_init() < 0)
        return diag_error(d, "libsodium cannot be started: no source of randomness", NULL, NULL);
    return 0;
}

/* All of it or nothing; a byte more in the file is one too many. */
static int read_whole(int fd, struct seal_key *key)
{
    unsigned char bytes[sizeof key->bytes + 1];
    size_t n = 0;
    ssize_t got;

    while (n < sizeof bytes && (got = read(fd, bytes + n, sizeof bytes - n)) != 0) {
        if (got > 0)
            n += (size_t)got;
        else if (errno != EINTR)
            break;
    }
    if (n == sizeof key->bytes)
        memcpy(key->bytes, bytes, sizeof key->bytes);
    sodium_memzero(bytes, sizeof bytes);
    return n == sizeof key->bytes ? 0 : -1;
}

int seal_key_read(const char *path, struct seal_key *key, struct diag *d)
{
    struct stat st;
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return diag_error(d, path, ": the key cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        diag_error(d, path, ": the key is no regular file", NULL);
    else if (st.st_mode & S_IRWXO)
        diag_error(d, path,
                   ": others than owner and group can use the key: chmod 0640 it, and make a new one",
                   " if anybody may have read it");
    else if (read_whole(fd, key) != 0)
        diag_error(d, path, ": a key is 32 random bytes, no more and no less", NULL);
    else
        result = 0;
    close(fd);
    return result;
}

int seal_identity_key_read(const char *path, struct identity_key *key, struct diag *d)
{
    struct seal_key file;

    if (seal_key_read(path, &file, d) != 0)
        return -1;
    memcpy(key->bytes, file.bytes, sizeof key->bytes);
    sodium_memzero(&file, sizeof file);
    identity_key_name(key);
    return 0;
}

int seal_key_create(const char *path, struct diag *d)
{
    struct seal_key key;
    int result, error;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

    if (fd < 0)
        return diag_error(d, path, ": the key cannot be made: ", strerror(errno));
    randombytes_buf(key.bytes, sizeof key.bytes);
    result = fchmod(fd, 0640) != 0 || file_write_synced(fd, key.bytes, sizeof key.bytes) != 0 ? -1 : 0;
    error = errno;
    sodium_memzero(&key, sizeof key);
    if (close(fd) != 0 && result == 0) {
        result = -1;
        error = errno;
    }
    if (result == 0)
        return 0;
    unlink(path); /* half a key would look like a key to nobody but an administrator */
    return diag_error(d, path, ": the key cannot be written: ", strerror(error));
}

void seal_pseudonym(const struct seal_key *key, struct str user, unsigned char out[PSEUDONYM_SIZE])
{
    enum { DEEP = 2048 /* bytes of stack that the digest may have used */ };
    crypto_generichash_blake2b_state state;

    crypto_generichash_blake2b_init_salt_personal(&state, key->bytes, sizeof key->bytes, PSEUDONYM_SIZE, NULL,
                                                  purpose_user);
    crypto_generichash_blake2b_update(&state, (const unsigned char *)user.p, user.n);
    crypto_generichash_blake2b_final(&state, out, PSEUDONYM_SIZE);
    sodium_memzero(&state, sizeof state); /* it holds the key, and a worker must not keep it (record/epoch.h) */
    sodium_stackzero(DEEP);
}

void seal_random(unsigned char *out, size_t n)
{
    randombytes_buf(out, n);
}

void seal_wipe(void *bytes, size_t n)
{
    sodium_memzero(bytes, n);
}

void seal_sha256(struct str bytes, unsigned char out[32])
{
    crypto_hash_sha256(out, (const unsigned char *)bytes.p, bytes.n);
}

void seal_digest(struct str bytes, unsigned char out[16])
{
    crypto_generichash(out, 16, (const unsigned char *)bytes.p, bytes.n, NULL, 0);
}
