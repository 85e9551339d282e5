#include "record/node.h"

#include "record/base64.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TEXT = 1024, PUBLIC = crypto_box_PUBLICKEYBYTES, SECRET = crypto_box_SECRETKEYBYTES };
enum { BOX = EPOCH_FILE + crypto_box_SEALBYTES };

static const char private_word[] = "portreeve-node-private 1 ", public_word[] = "portreeve-node 1 ",
                  handed_word[] = "portreeve-handed 1 ";

static bool exact(struct str text, unsigned char *to, size_t size)
{
    size_t n;

    return base64_read(text, to, size, &n) && n == size;
}

/* The line behind its word. */
static bool line(struct str text, const char *word, struct str *rest)
{
    size_t n = strlen(word);

    if (text.n && text.p[text.n - 1] == '\n')
        text.n--;
    if (text.n < n || memcmp(text.p, word, n) != 0 || str_find(text, '\n') != text.n)
        return false;
    *rest = str_from(text, n);
    return true;
}

static char *load(const char *path, struct str *text, struct diag *d)
{
    char *bytes;
    size_t size;
    bool there;

    if (file_read_all(path, TEXT, &bytes, &size, &there, d) != 0)
        return NULL;
    if (!there)
        diag_error(d, path, ": is missing", NULL);
    *text = (struct str){bytes, size};
    return bytes;
}

static int write_new(const char *path, const char *text, int n, struct diag *d)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int result;

    if (fd < 0)
        return diag_error(d, path, ": cannot be made: ", strerror(errno));
    result = file_write_synced(fd, text, (size_t)n);
    if (result != 0)
        diag_error(d, path, ": cannot be written: ", strerror(errno));
    close(fd);
    if (result != 0)
        unlink(path);
    return result;
}

int node_make(const char *path, bool on_disk, struct diag *d)
{
    unsigned char public[PUBLIC], secret[SECRET];
    char text[TEXT], one[64], other[64], beside[4096];
    int n, result;

    if (epoch_place(path, on_disk, d) != 0)
        return -1;
    if ((size_t)snprintf(beside, sizeof beside, "%s.pub", path) >= sizeof beside)
        return diag_error(d, path, ": is too long a name", NULL);
    crypto_box_keypair(public, secret);
    base64_write(public, PUBLIC, one, sizeof one);
    base64_write(secret, SECRET, other, sizeof other);
    n = snprintf(text, sizeof text, "%s%s %s\n", private_word, one, other);
    result = write_new(path, text, n, d);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(other, sizeof other);
    sodium_memzero(text, sizeof text);
    n = snprintf(text, sizeof text, "%s%s\n", public_word, one);
    return result == 0 ? file_replace(beside, text, (size_t)n, d) : -1;
}

int node_hand(const struct epoch_file *f, const char *node, const char *to, struct diag *d)
{
    unsigned char bytes[EPOCH_FILE], box[BOX], public[PUBLIC];
    char text[TEXT], sealed[BASE64_LENGTH(BOX) + 1];
    struct str line_text, rest;
    char *loaded = load(node, &line_text, d);
    bool good = loaded && line(line_text, public_word, &rest) && exact(rest, public, PUBLIC);
    size_t n;
    int length;

    if (!good && loaded)
        diag_error(d, node,
                   ": is no node's public key: 'portreeve-node 1 ...', as 'portreeve keys node' writes it",
                   NULL);
    free(loaded);
    if (!good)
        return -1;
    n = epoch_write_mem(f, bytes);
    good = crypto_box_seal(box, bytes, n, public) == 0;
    sodium_memzero(bytes, sizeof bytes);
    if (!good)
        return diag_error(d, node, ": nothing can be sealed to this key", NULL);
    base64_write(box, n + crypto_box_SEALBYTES, sealed, sizeof sealed);
    length = snprintf(text, sizeof text, "%s%s\n", handed_word, sealed);
    return write_new(to, text, length, d);
}

int node_handed_read(struct str text, const unsigned char public[32], const unsigned char secret[32],
                     struct epoch_file *f)
{
    unsigned char box[BOX], bytes[EPOCH_FILE];
    struct str rest;
    size_t n;
    int result = -1;

    if (line(text, handed_word, &rest) && base64_read(rest, box, sizeof box, &n) &&
        n > crypto_box_SEALBYTES && crypto_box_seal_open(bytes, box, n, public, secret) == 0) {
        result = epoch_read_mem(bytes, n - crypto_box_SEALBYTES, f);
        sodium_memzero(bytes, sizeof bytes);
    }
    return result;
}

int node_accept(const char *handed, const char *key, struct epoch_file *f, struct diag *d)
{
    unsigned char public[PUBLIC], secret[SECRET];
    struct str text, rest = STR_NONE;
    char *loaded = load(key, &text, d);
    int result = -1;

    if (!loaded)
        return -1;
    if (!line(text, private_word, &rest) || !exact(str_cut(&rest, ' '), public, PUBLIC) ||
        !exact(rest, secret, SECRET))
        result = diag_error(d, key, ": is no node's key, as 'portreeve keys node' makes it", NULL);
    else
        result = 0;
    sodium_memzero(loaded, text.n);
    free(loaded);
    loaded = result == 0 ? load(handed, &text, d) : NULL;
    result = loaded ? node_handed_read(text, public, secret, f) : -1;
    if (loaded && result != 0)
        diag_error(d, handed, ": does not open with this node's key, or was changed", NULL);
    sodium_memzero(secret, sizeof secret);
    free(loaded);
    return result;
}
