/* portreeve keys: what makes keys and moves them. */
#include "tools/keys.h"

#include "core/clock.h"
#include "record/base64.h"
#include "record/file.h"
#include "record/node.h"
#include "tools/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int public_of(const struct keys_options *o, const struct private_key *k, struct diag *d)
{
    char path[4096], text[160], key[64], words[FINGERPRINT_TEXT];
    int n;

    if ((size_t)snprintf(path, sizeof path, "%s.pub", o->out) >= sizeof path)
        return diag_error(d, o->out, ": is too long a name", NULL);
    sign_fingerprint(k->public, words);
    printf("%s: the private key of %s, under its passphrase\n%s: the public one, fingerprint %s\n", o->out,
           k->name, path, words);
    if (k->kind == PRIVATE_SIGNER)
        return sign_public_write(path, k->public, d);
    base64_write(k->public, HOLDER_PUBLIC, key, sizeof key);
    n = snprintf(text, sizeof text, "portreeve-holder 1 %s %s\n", k->name, key);
    return file_replace(path, text, (size_t)n, d);
}

static int create_private(const struct keys_options *o, const char *name, enum private_kind kind)
{
    char passphrase[PASSPHRASE_MAX];
    struct private_key k = {.kind = kind};
    struct diag d;

    diag_init(&d);
    if (!name || !o->out) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys create-%s NAME -o FILE'\n",
                kind == PRIVATE_HOLDER ? "holder" : "signer");
        return EXIT_BAD_INPUT;
    }
    if (seal_init(&d) == 0 && private_make(kind, str_of(name), &k, &d) == 0 &&
        keyring_passphrase(o->ring.n_passphrases ? o->ring.passphrases[0] : NULL,
                           "A passphrase, 12 characters or more: ", true, passphrase, &d) == 0 &&
        private_write(o->out, &k, str_of(passphrase), o->gentle, &d) == 0)
        public_of(o, &k, &d);
    seal_wipe(passphrase, sizeof passphrase);
    private_wipe(&k);
    return report(&d);
}

int keys_create_holder(const struct keys_options *o, const char *operand)
{
    return create_private(o, operand, PRIVATE_HOLDER);
}

int keys_create_signer(const struct keys_options *o, const char *operand)
{
    return create_private(o, operand, PRIVATE_SIGNER);
}

/* Of a raw signing key, as portreeved has one: by it a keeper knows its nodes, and they know it. */
int keys_public(const struct keys_options *o, const char *operand)
{
    char words[FINGERPRINT_TEXT];
    struct sign_key k;
    struct diag d;

    diag_init(&d);
    if (!operand || !o->out) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys public SIGNING-KEY -o FILE'\n");
        return EXIT_BAD_INPUT;
    }
    if (seal_init(&d) == 0 && sign_key_read(operand, &k, &d) == 0 && sign_public_write(o->out, k.public, &d) == 0) {
        sign_fingerprint(k.public, words);
        printf("%s: the public part, fingerprint %s\n", o->out, words);
    }
    sign_key_wipe(&k);
    return report(&d);
}

/* ---- on the proxy ---- */

static bool keeper_of(const struct keys_options *o, struct keeper *k, const char *verb)
{
    int length = epoch_length_of(str_of(o->epoch ? o->epoch : "month"));

    if (length < 0) {
        fprintf(stderr, "portreeve keys: --epoch: month, week or quarter\n");
        return false;
    }
    if (!o->plain || !o->folder || !o->holders == !o->no_holders) {
        fprintf(stderr,
                "portreeve keys: write 'portreeve keys %s --plain FILE --keys DIR --holders FILE' (or "
                "--no-holders: then "
                "nobody can ever be named)\n",
                verb);
        return false;
    }
    *k = (struct keeper){.plain = o->plain,
                         .folder = o->folder,
                         .holders = o->holders,
                         .length = (enum epoch_length)length,
                         .on_disk = o->on_disk};
    return true;
}

static void print_epochs(const struct epoch_file *f)
{
    char id[EPOCH_TEXT], from[LEDGER_TIME], until[LEDGER_TIME];

    for (unsigned i = 0; i < f->n; i++) {
        epoch_id_write(f->epochs[i].id, id);
        ledger_time(f->epochs[i].from, from);
        ledger_time(f->epochs[i].until, until);
        printf("epoch %s from %s until %s\n", id, from, until);
    }
}

static int keep(const struct keys_options *o, const char *verb, bool rotate)
{
    struct epoch_file f = {.n = 0};
    struct keeper k;
    bool changed = true;
    struct diag d;
    int result;

    if (!keeper_of(o, &k, verb))
        return EXIT_BAD_INPUT;
    diag_init(&d);
    result = seal_init(&d);
    if (result == 0)
        result = rotate ? keeper_rotate(&k, now_utc(), &f, &d) : keeper_step(&k, now_utc(), &f, &changed, &d);
    if (result == 0 && !changed)
        printf("nothing to be made: the present epoch has its key\n");
    if (result == 0)
        print_epochs(&f);
    epoch_wipe(&f);
    return report(&d);
}

int keys_create(const struct keys_options *o, const char *operand)
{
    (void)operand;
    return keep(o, "create", false);
}

int keys_rotate(const struct keys_options *o, const char *operand)
{
    (void)operand;
    return keep(o, "rotate", true);
}

/* The sealed copy of one epoch gives way to one for the holders of today. The old one is kept until the new
 * one is proved. */
static int seal_anew(const char *folder, const struct epoch *e, const struct holders *h, struct diag *d)
{
    char path[4096], old[4096 + 8], id[EPOCH_TEXT];

    epoch_id_write(e->id, id);
    if ((size_t)snprintf(path, sizeof path, "%s/%s.sealed", folder, id) >= sizeof path)
        return diag_error(d, folder, ": is too long a name", NULL);
    snprintf(old, sizeof old, "%s.old", path);
    if (access(path, F_OK) == 0 && rename(path, old) != 0)
        return diag_error(d, path, ": cannot be set aside", NULL);
    if (sealed_make(folder, e, h, d) != 0) {
        if (access(old, F_OK) == 0 && rename(old, path) != 0)
            diag_error(d, old, ": is the sealed copy: it could not be given its name back", NULL);
        return -1;
    }
    printf("epoch %s is sealed to %u holders, and the copy is proved to open\n", id, h->n);
    return epoch_destroy(old, d);
}

int keys_escrow(const struct keys_options *o, const char *operand)
{
    struct holders *h = calloc(1, sizeof *h);
    struct sealed *s = calloc(1, sizeof *s);
    struct private_key keys[KEYRING_MAX] = {{.kind = PRIVATE_HOLDER}};
    struct epoch_file f = {.n = 0};
    struct diag d;
    int result = -1;

    diag_init(&d);
    if (!h || !s || !o->folder || !o->holders || !operand == !o->plain) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys escrow --plain FILE --keys DIR --holders "
                        "FILE' on the proxy, or "
                        "'portreeve keys escrow SEALED --holder FILE --holder FILE --keys DIR --holders "
                        "FILE' where the holders "
                        "are\n");
        d.errors = 1;
    } else if (seal_init(&d) == 0 && holders_read(o->holders, h, &d) == 0) {
        if (o->plain)
            result = epoch_read(o->plain, &f, &d);
        else if (sealed_read(operand, s, &d) == 0 && keyring_holders(&o->ring, keys, &d) == 0 &&
                 sealed_open(s, &keys[0], &keys[1], &f.epochs[0], &d) == 0)
            result = (int)(f.n = 1) - 1;
        if (result == 0 && f.epochs[0].id == 0)
            result = diag_error(&d, o->plain, ": holds a key without an epoch", NULL);
        for (unsigned i = 0; result == 0 && i < f.n; i++)
            result = seal_anew(o->folder, &f.epochs[i], h, &d);
    }
    epoch_wipe(&f);
    private_wipe(&keys[0]);
    private_wipe(&keys[1]);
    free(h);
    free(s);
    return report(&d);
}

/* ---- nodes ---- */

int keys_node(const struct keys_options *o, const char *operand)
{
    struct diag d;

    (void)operand;
    diag_init(&d);
    if (!o->out) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys node -o FILE', a file in memory\n");
        return EXIT_BAD_INPUT;
    }
    if (seal_init(&d) == 0 && node_make(o->out, o->on_disk, &d) == 0)
        printf("%s: this node's key, until the machine is restarted; %s.pub: what others seal to\n", o->out,
               o->out);
    return report(&d);
}

int keys_hand(const struct keys_options *o, const char *operand)
{
    struct epoch_file f = {.n = 0};
    struct diag d;

    (void)operand;
    diag_init(&d);
    if (!o->plain || !o->node || !o->out) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys hand --plain FILE --node FILE -o FILE'\n");
        return EXIT_BAD_INPUT;
    }
    if (seal_init(&d) == 0 && epoch_read(o->plain, &f, &d) == 0 && node_hand(&f, o->node, o->out, &d) == 0)
        printf("%s: opens on that node alone\n", o->out);
    epoch_wipe(&f);
    return report(&d);
}

int keys_accept(const struct keys_options *o, const char *operand)
{
    struct epoch_file f = {.n = 0};
    struct diag d;
    int result = -1;

    diag_init(&d);
    if (!operand || !o->plain || !o->node_key) {
        fprintf(stderr,
                "portreeve keys: write 'portreeve keys accept HANDED --node-key FILE --plain FILE'\n");
        return EXIT_BAD_INPUT;
    }
    if (seal_init(&d) == 0 && node_accept(operand, o->node_key, &f, &d) == 0) {
        epoch_lapse(&f, now_utc());
        result = f.n ? epoch_write(o->plain, &f, o->on_disk, &d)
                     : diag_error(&d, operand, ": holds no epoch that has not ended", NULL);
    }
    if (result == 0) {
        print_epochs(&f);
        epoch_destroy(operand, &d); /* it has done what it was for */
    }
    epoch_wipe(&f);
    return report(&d);
}
