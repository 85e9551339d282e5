#include "tools/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

bool keyring_take_holder(void *to, const char *value)
{
    struct keyring *k = to;

    if (k->n_holders == KEYRING_MAX) {
        fprintf(stderr, "portreeve: --holder: two holders open a key, no more\n");
        return false;
    }
    k->holders[k->n_holders++] = value;
    return true;
}

bool keyring_take_signer(void *to, const char *value)
{
    ((struct keyring *)to)->signer = value;
    return true;
}

bool keyring_take_passphrase(void *to, const char *value)
{
    struct keyring *k = to;

    if (k->n_passphrases == KEYRING_MAX + 1) {
        fprintf(stderr, "portreeve: --passphrase-file: one for each key, no more\n");
        return false;
    }
    k->passphrases[k->n_passphrases++] = value;
    return true;
}

/* One line, without its end. */
static int read_line(int fd, char to[PASSPHRASE_MAX])
{
    size_t n = 0;
    char c;

    for (;;) {
        ssize_t got = read(fd, &c, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || c == '\n')
            break;
        if (n + 1 == PASSPHRASE_MAX)
            return -1;
        to[n++] = c;
    }
    to[n] = '\0';
    return n ? 0 : -1;
}

static int ask(int fd, const char *prompt, char to[PASSPHRASE_MAX])
{
    struct termios before, quiet;
    int result;

    if (write(fd, prompt, strlen(prompt)) < 0 || tcgetattr(fd, &before) != 0)
        return -1;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    result = read_line(fd, to);
    tcsetattr(fd, TCSAFLUSH, &before);
    return write(fd, "\n", 1) < 0 ? -1 : result;
}

int keyring_passphrase(const char *file, const char *prompt, bool again, char to[PASSPHRASE_MAX],
                       struct diag *d)
{
    char twice[PASSPHRASE_MAX];
    int fd = open(file ? file : "/dev/tty", (file ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOCTTY);
    int result;

    if (fd < 0)
        return diag_error(
            d, file ? file : "there is no terminal to ask for the passphrase, and no --passphrase-file",
            file ? ": the passphrase cannot be read: " : NULL, file ? strerror(errno) : NULL);
    result = file ? read_line(fd, to) : ask(fd, prompt, to);
    if (result == 0 && again && !file) {
        result = ask(fd, "The same once more: ", twice);
        if (result == 0 && strcmp(to, twice) != 0)
            result = diag_error(d, "the two are not the same", NULL, NULL);
        seal_wipe(twice, sizeof twice);
    } else if (result != 0) {
        diag_error(d, file ? file : "the passphrase", ": is empty or too long", NULL);
    }
    close(fd);
    return result;
}

static int open_key(const char *path, enum private_kind kind, const char *passphrase_file,
                    struct private_key *key, struct diag *d)
{
    char passphrase[PASSPHRASE_MAX], prompt[HOLDER_NAME + 64], name[HOLDER_NAME + 1];
    int result;

    if (private_name(path, name, d) != 0)
        return -1;
    snprintf(prompt, sizeof prompt, "Passphrase of %s: ", name);
    result = keyring_passphrase(passphrase_file, prompt, false, passphrase, d);
    if (result == 0)
        result = private_read(path, kind, str_of(passphrase), key, d);
    seal_wipe(passphrase, sizeof passphrase);
    return result;
}

static const char *passphrase_of(const struct keyring *k, unsigned nth)
{
    return nth < k->n_passphrases ? k->passphrases[nth] : NULL;
}

int keyring_holders(const struct keyring *k, struct private_key keys[KEYRING_MAX], struct diag *d)
{
    char names[KEYRING_MAX][HOLDER_NAME + 1];

    if (k->n_holders != KEYRING_MAX)
        return diag_error(d, "two holders open a key together: give --holder twice", NULL, NULL);
    for (unsigned i = 0; i < KEYRING_MAX; i++)
        if (private_name(k->holders[i], names[i], d) != 0)
            return -1;
    if (strcmp(names[0], names[1]) == 0)
        return diag_error(d, names[0], ": is one holder twice: two people open a sealed key together", NULL);
    for (unsigned i = 0; i < KEYRING_MAX; i++)
        if (open_key(k->holders[i], PRIVATE_HOLDER, passphrase_of(k, i), &keys[i], d) != 0)
            return -1;
    return 0;
}

int keyring_signer(const struct keyring *k, struct private_key *key, struct diag *d)
{
    if (!k->signer)
        return diag_error(d, "an opening is signed: give --signer", NULL, NULL);
    return open_key(k->signer, PRIVATE_SIGNER, passphrase_of(k, k->n_holders), key, d);
}

struct str keyring_names(const struct keyring *k, char to[KEYRING_NAMES])
{
    char names[KEYRING_MAX][HOLDER_NAME + 1] = {"?", "?"};
    struct diag ignored;

    diag_init(&ignored);
    for (unsigned i = 0; i < k->n_holders; i++)
        private_name(k->holders[i], names[i], &ignored);
    return (struct str){to, (size_t)snprintf(to, KEYRING_NAMES, "%s+%s", names[0], names[1])};
}
