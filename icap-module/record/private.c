#include "record/private.h"

#include "record/base64.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SEED = 32, BOX = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + SEED };
enum { OPS_MAX = 16, MEMORY_MAX = 1 << 30, PASSPHRASE_MIN = 12 };

static const char *const kinds[PRIVATE_KINDS] = {"holder", "signer"};

bool holder_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        if (!((c >= 'a' && c <= 'z') || (i && ((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'))))
            return false;
    }
    return name.n > 0 && name.n <= HOLDER_NAME;
}

/* What is kept under the passphrase: a signer's seed, which is the first half of its secret, or a holder's
 * secret. */
static void expand(struct private_key *k, const unsigned char seed[SEED])
{
    if (k->kind == PRIVATE_SIGNER) {
        crypto_sign_seed_keypair(k->public, k->secret, seed);
    } else {
        memcpy(k->secret, seed, SEED);
        crypto_scalarmult_base(k->public, k->secret);
    }
}

int private_make(enum private_kind kind, struct str name, struct private_key *k, struct diag *d)
{
    unsigned char seed[SEED];

    *k = (struct private_key){.kind = kind};
    if (!holder_name(name))
        return diag_error(
            d, "a name has 1 to 32 small letters, digits, '.', '-' and '_', and begins with a letter", NULL,
            NULL);
    memcpy(k->name, name.p, name.n);
    randombytes_buf(seed, sizeof seed);
    expand(k, seed);
    sodium_memzero(seed, sizeof seed);
    return 0;
}

void private_wipe(struct private_key *k)
{
    sodium_memzero(k, sizeof *k);
}

static int write_new(const char *path, const char *text, size_t n, struct diag *d)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int result;

    if (fd < 0)
        return diag_error(d, path, ": cannot be made: ", strerror(errno));
    result = file_write_synced(fd, text, n);
    close(fd);
    if (result == 0)
        return 0;
    unlink(path);
    return diag_error(d, path, ": cannot be written: ", strerror(errno));
}

struct derivation {
    uint64_t ops, memory;
    unsigned char salt[crypto_pwhash_SALTBYTES];
};

static int derive(const struct derivation *how, struct str passphrase,
                  unsigned char key[crypto_secretbox_KEYBYTES], struct diag *d)
{
    if (crypto_pwhash(key, crypto_secretbox_KEYBYTES, passphrase.p, passphrase.n, how->salt, how->ops,
                      (size_t)how->memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return diag_error(d, "the passphrase cannot be worked on: there is not enough memory", NULL, NULL);
    return 0;
}

int private_write(const char *path, const struct private_key *k, struct str passphrase, bool gentle,
                  struct diag *d)
{
    struct derivation how = {.ops = gentle ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_MODERATE,
                             .memory = gentle ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_MODERATE};
    unsigned char key[crypto_secretbox_KEYBYTES], seed[SEED], box[BOX];
    char text[PRIVATE_TEXT], public[64], salt[64], sealed[160];
    int n;

    if (passphrase.n < PASSPHRASE_MIN)
        return diag_error(d, "a passphrase has 12 characters at least", NULL, NULL);
    randombytes_buf(how.salt, sizeof how.salt);
    if (derive(&how, passphrase, key, d) != 0)
        return -1;
    memcpy(seed, k->secret, SEED);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, seed, sizeof seed, box, key);
    sodium_memzero(key, sizeof key);
    sodium_memzero(seed, sizeof seed);
    base64_write(k->public, sizeof k->public, public, sizeof public);
    base64_write(how.salt, sizeof how.salt, salt, sizeof salt);
    base64_write(box, sizeof box, sealed, sizeof sealed);
    n = snprintf(text, sizeof text,
                 "portreeve-private 1\nkind %s\nname %s\npublic %s\nkdf argon2id13 %llu %llu %s\nbox %s\n",
                 kinds[k->kind], k->name, public, (unsigned long long)how.ops, (unsigned long long)how.memory,
                 salt, sealed);
    return write_new(path, text, (size_t)n, d);
}

/* ---- reading ---- */

struct parsed {
    struct str kind, name;
    unsigned char public[32], box[BOX];
    struct derivation how;
};

/* The next line, which begins with `word`. */
static bool line(struct str *text, const char *word, struct str *rest)
{
    struct str one = str_cut(text, '\n');
    size_t n = strlen(word);

    if (one.n < n || memcmp(one.p, word, n) != 0)
        return false;
    *rest = str_from(one, n);
    return true;
}

static bool exact(struct str text, unsigned char *to, size_t size)
{
    size_t n;

    return base64_read(text, to, size, &n) && n == size;
}

static bool parse(struct str text, struct parsed *p)
{
    struct str rest;

    if (!line(&text, "portreeve-private 1", &rest) || rest.n || !line(&text, "kind ", &p->kind) ||
        !line(&text, "name ", &p->name) || !holder_name(p->name) || !line(&text, "public ", &rest) ||
        !exact(rest, p->public, sizeof p->public) || !line(&text, "kdf argon2id13 ", &rest))
        return false;
    if (!str_u64(str_cut(&rest, ' '), &p->how.ops) || !str_u64(str_cut(&rest, ' '), &p->how.memory) ||
        p->how.ops < crypto_pwhash_OPSLIMIT_MIN || p->how.ops > OPS_MAX ||
        p->how.memory < crypto_pwhash_MEMLIMIT_MIN || p->how.memory > MEMORY_MAX ||
        !exact(rest, p->how.salt, sizeof p->how.salt))
        return false;
    return line(&text, "box ", &rest) && exact(rest, p->box, sizeof p->box) && text.n == 0;
}

static int load(const char *path, char **text, struct parsed *p, struct diag *d)
{
    size_t size;
    bool there;

    if (file_read_all(path, PRIVATE_TEXT, text, &size, &there, d) != 0)
        return -1;
    if (!there) {
        diag_error(d, path, ": there is no such key", NULL);
        return -1;
    }
    if (parse((struct str){*text, size}, p))
        return 0;
    free(*text);
    diag_error(d, path, ": is no private key of portreeve's, or was changed", NULL);
    return -1;
}

int private_name(const char *path, char name[HOLDER_NAME + 1], struct diag *d)
{
    struct parsed p;
    char *text;

    if (load(path, &text, &p, d) != 0)
        return -1;
    memcpy(name, p.name.p, p.name.n);
    name[p.name.n] = '\0';
    free(text);
    return 0;
}

static int open_box(const char *path, const struct parsed *p, struct str passphrase, unsigned char seed[SEED],
                    struct diag *d)
{
    unsigned char key[crypto_secretbox_KEYBYTES];
    int result;

    if (derive(&p->how, passphrase, key, d) != 0)
        return -1;
    result = crypto_secretbox_open_easy(seed, p->box + crypto_secretbox_NONCEBYTES,
                                        BOX - crypto_secretbox_NONCEBYTES, p->box, key);
    sodium_memzero(key, sizeof key);
    return result == 0 ? 0 : diag_error(d, path, ": the passphrase is wrong, or the file was changed", NULL);
}

int private_read(const char *path, enum private_kind kind, struct str passphrase, struct private_key *k,
                 struct diag *d)
{
    unsigned char seed[SEED];
    struct parsed p;
    char *text;
    int result = -1;

    *k = (struct private_key){.kind = kind};
    if (load(path, &text, &p, d) != 0)
        return -1;
    if (!str_eq(p.kind, str_of(kinds[kind]))) {
        diag_error(d, path, kind == PRIVATE_HOLDER ? ": is no holder's key" : ": is no signer's key", NULL);
    } else if (open_box(path, &p, passphrase, seed, d) == 0) {
        memcpy(k->name, p.name.p, p.name.n);
        expand(k, seed);
        result = memcmp(k->public, p.public, sizeof p.public) == 0
                     ? 0
                     : diag_error(d, path, ": its public part is another key's: the file was changed", NULL);
    }
    sodium_memzero(seed, sizeof seed);
    free(text);
    if (result != 0)
        private_wipe(k);
    return result;
}
