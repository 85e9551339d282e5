/* Private keys of people for the commands keys and ig: read from files, opened with a passphrase from a file
 * or from the terminal. Nothing of them is ever printed. */
#ifndef TOOLS_KEYRING_H
#define TOOLS_KEYRING_H

#include "record/private.h"

enum { KEYRING_MAX = 2, PASSPHRASE_MAX = 512 };

struct keyring {
    const char *holders[KEYRING_MAX]; /* files, in the order that they were given */
    const char *signer;
    const char *passphrases[KEYRING_MAX +
                            1]; /* files: the holders', then the signer's; what is missing is asked for */
    unsigned n_holders, n_passphrases;
};

/* For option rows whose `to` begins with a struct keyring. False: too many (a message has been printed). */
bool keyring_take_holder(void *to, const char *value);
bool keyring_take_signer(void *to, const char *value);
bool keyring_take_passphrase(void *to, const char *value);

/* The first line of a file, or what is typed after `prompt` (twice, if `again`); wiped by the caller. */
int keyring_passphrase(const char *file, const char *prompt, bool again, char to[PASSPHRASE_MAX],
                       struct diag *d);

/* "alice+bob", for the access log; a file that cannot be read is "?". */
enum { KEYRING_NAMES = 3 * HOLDER_NAME + 8 };
struct str keyring_names(const struct keyring *k, char to[KEYRING_NAMES]);

/* Both holders' keys; refuses one person twice before anything is asked. */
int keyring_holders(const struct keyring *k, struct private_key keys[KEYRING_MAX], struct diag *d);
int keyring_signer(const struct keyring *k, struct private_key *key, struct diag *d);

#endif
