/* What the files of `portreeve keys` share. */
#ifndef TOOLS_KEYS_H
#define TOOLS_KEYS_H

#include "record/keeper.h"
#include "tools/keyring.h"

struct keys_options {
    struct keyring ring; /* first */
    const char *out, *plain, *folder, *holders, *epoch, *node, *node_key, *key, *before, *by;
    bool on_disk, no_holders, gentle, yes, json;
};

/* Each prints its messages and returns an exit status; `operand` is what stands behind the verb, or NULL. */
int keys_create_holder(const struct keys_options *o, const char *operand);
int keys_create_signer(const struct keys_options *o, const char *operand);
int keys_create(const struct keys_options *o, const char *operand);
int keys_rotate(const struct keys_options *o, const char *operand);
int keys_escrow(const struct keys_options *o, const char *operand);
int keys_public(const struct keys_options *o, const char *operand);
int keys_node(const struct keys_options *o, const char *operand);
int keys_hand(const struct keys_options *o, const char *operand);
int keys_accept(const struct keys_options *o, const char *operand);

#endif
