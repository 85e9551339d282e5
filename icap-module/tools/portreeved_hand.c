/* The keeper of epochs hands their keys to the other nodes through the shared store, and they take them. */
#include "record/hand.h"
#include "tools/portreeved.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NODES_MAX = 32 };

/* What a node of the list has been given. */
struct given {
    char node[HAND_NODE + 1];
    size_t n; /* bytes of its name */
    unsigned char announced[HAND_ANNOUNCED];
    uint32_t ids[EPOCHS_MAX];
};

struct daemon_hand {
    const struct daemon_options *o;
    struct sign_key key;
    struct hand_pair *pair; /* of one who takes; NULL: this is the keeper */
    struct hand_taker taker;
    struct epoch_file *taken;
    char node[HAND_NODE + 1];
    unsigned char announced[HAND_ANNOUNCED], seen[HANDING_MAX];
    size_t n_seen;
    bool told; /* announced */
    struct given given[NODES_MAX];
    unsigned n_given;
};

static int name_of(struct daemon_hand *h, struct diag *d)
{
    char host[256] = "";

    if (!h->o->node && gethostname(host, sizeof host - 1) != 0)
        return diag_error(d, "this machine has no name: ", strerror(errno), "; give --node");
    if ((size_t)snprintf(h->node, sizeof h->node, "%s", h->o->node ? h->o->node : host) >= sizeof h->node)
        return diag_error(d, h->o->node ? h->o->node : host, ": a node's name has 64 bytes at most: give another with --node",
                          NULL);
    return 0;
}

static int begin_taking(struct daemon_hand *h, struct diag *d)
{
    if (name_of(h, d) != 0 || sign_public_read(h->o->keeper, h->taker.keeper, d) != 0 ||
        epoch_place(h->o->pseudonym_key, h->o->keys_on_disk, d) != 0)
        return -1;
    h->pair = hand_pair_new();
    h->taken = epoch_file_new();
    if (!h->pair || !h->taken)
        return diag_error(d, "out of memory, or of memory that may be locked", NULL, NULL);
    h->taker.pair = h->pair;
    h->taker.node = str_of(h->node);
    return 0;
}

int daemon_hand_open(const struct daemon_options *o, struct daemon_hand **made, struct diag *d)
{
    struct daemon_hand *h;

    *made = NULL;
    if (!o->nodes && !o->keeper)
        return 0;
    h = calloc(1, sizeof *h);
    if (!h)
        return diag_error(d, "out of memory", NULL, NULL);
    h->o = o;
    if (sign_key_read(o->signing_key, &h->key, d) == 0 && (!o->keeper || begin_taking(h, d) == 0)) {
        *made = h;
        return 0;
    }
    daemon_hand_close(h);
    return -1;
}

void daemon_hand_close(struct daemon_hand *h)
{
    if (!h)
        return;
    hand_pair_free(h->pair);
    epoch_file_free(h->taken);
    sign_key_wipe(&h->key);
    free(h);
}

/* ---- who takes ---- */

static struct str bytes_of(const unsigned char *bytes, size_t n)
{
    return (struct str){(const char *)bytes, n};
}

/* What lies there is ours; else it is put there. */
static int announced(struct daemon_hand *h, struct store *s, const struct handing *row, int64_t now, struct diag *d)
{
    if (h->told && str_eq(bytes_of(row->announced, row->n_announced), bytes_of(h->announced, sizeof h->announced)))
        return 1;
    hand_announce(h->pair, h->taker.node, now, &h->key, h->announced);
    h->told = true;
    return store_announce(s, h->taker.node, bytes_of(h->announced, sizeof h->announced), d);
}

static int take(struct daemon_hand *h, const struct handing *row, int64_t now, struct diag *d)
{
    struct str handed = bytes_of(row->handed, row->n_handed);
    int result = 0;

    if (handed.n == 0 || str_eq(handed, bytes_of(h->seen, h->n_seen)))
        return 0;
    switch (hand_take(&h->taker, handed, h->taken)) {
    case HAND_TAKEN:
        epoch_lapse(h->taken, now);
        if (h->taken->n)
            result = epoch_write(h->o->pseudonym_key, h->taken, h->o->keys_on_disk, d);
        epoch_wipe(h->taken);
        break;
    case HAND_STALE:
        return diag_error(d, h->node, ": is handed keys that are older than those it has: they are not taken. Who writes to the ",
                          "store?");
    case HAND_FORGED:
        return diag_error(d, h->node, ": is handed keys that are not signed by the keeper of ", h->o->keeper);
    }
    if (result == 0) {
        memcpy(h->seen, row->handed, row->n_handed);
        h->n_seen = row->n_handed;
    }
    return result;
}

int daemon_hand_take(struct daemon_hand *h, struct store *s, int64_t now, struct diag *d)
{
    struct handing row;
    int result;

    if (!h || !h->pair)
        return 0;
    if (store_handing(s, h->taker.node, &row, d) != 0)
        return -1;
    result = announced(h, s, &row, now, d);
    if (result == 1)
        result = take(h, &row, now, d);
    if (result == 0 && access(h->o->pseudonym_key, F_OK) != 0)
        return diag_error(d, h->o->pseudonym_key,
                          ": no key is here until the keeper hands one: until then nobody is recorded as a person, and minutes "
                          "are not counted",
                          NULL);
    return result;
}

/* ---- who gives ---- */

static struct str name_of_given(const struct given *g)
{
    return (struct str){g->node, g->n};
}

static struct given *given_of(struct daemon_hand *h, struct str node)
{
    struct given *g;

    for (unsigned i = 0; i < h->n_given; i++)
        if (str_eq(name_of_given(&h->given[i]), node))
            return &h->given[i];
    if (h->n_given == NODES_MAX)
        return NULL;
    g = &h->given[h->n_given++];
    memcpy(g->node, node.p, node.n);
    g->n = node.n;
    return g;
}

static bool has(const struct given *g, const struct handing *row, const struct epoch_file *f)
{
    if (!row->n_handed || row->n_announced != HAND_ANNOUNCED || memcmp(row->announced, g->announced, HAND_ANNOUNCED) != 0)
        return false;
    for (unsigned i = 0; i < EPOCHS_MAX; i++)
        if (g->ids[i] != (i < f->n ? f->epochs[i].id : 0))
            return false;
    return true;
}

struct giving {
    struct daemon_hand *h;
    struct store *s;
    const struct epoch_file *f;
    int64_t now;
    struct diag *d;
};

/* What lies there as announced is sealed to, if it is by the signer of that name. */
static int put(struct giving *w, struct given *g, const struct handing *row)
{
    unsigned char signer[SIGN_PUBLIC], sealed[HAND_MAX];
    const struct hand_to to = {name_of_given(g), bytes_of(row->announced, row->n_announced), signer};
    char path[4096];
    size_t n;

    if ((size_t)snprintf(path, sizeof path, "%s/%s.pub", w->h->o->nodes, g->node) >= sizeof path)
        return diag_error(w->d, w->h->o->nodes, ": is too long a name", NULL);
    if (sign_public_read(path, signer, w->d) != 0)
        return -1;
    n = hand_seal(&to, w->f, w->now, &w->h->key, sealed);
    if (n == 0)
        return diag_error(w->d, path,
                          ": what is announced in the name of this node is not signed by it: no key is handed to it", NULL);
    return store_hand(w->s, &(struct handed){to.node, to.announced, bytes_of(sealed, n), w->f->epochs[w->f->n - 1].until},
                      w->d);
}

static void hand(struct giving *w, struct given *g)
{
    struct handing row;

    if (store_handing(w->s, name_of_given(g), &row, w->d) != 0 || !row.n_announced || has(g, &row, w->f) ||
        put(w, g, &row) != 0)
        return;
    memcpy(g->announced, row.announced, sizeof g->announced);
    for (unsigned i = 0; i < EPOCHS_MAX; i++)
        g->ids[i] = i < w->f->n ? w->f->epochs[i].id : 0;
}

/* The name of a node whose key lies in such a file; empty: it is none. */
static struct str node_of(const char *file)
{
    struct str name = str_of(file);

    if (name.n <= 4 || name.n - 4 > HAND_NODE || file[0] == '.' || !str_eq(str_from(name, name.n - 4), STR(".pub")))
        return STR_NONE;
    return str_upto(name, name.n - 4);
}

int daemon_hand_give(struct daemon_hand *h, struct store *s, const struct epoch_file *f, int64_t now, struct diag *d)
{
    struct giving w = {h, s, f, now, d};
    const struct dirent *e;
    DIR *folder;
    int result;

    if (!h || h->pair || f->n == 0)
        return 0;
    folder = opendir(h->o->nodes);
    if (!folder)
        return diag_error(d, h->o->nodes, ": the nodes' keys cannot be listed: ", strerror(errno));
    result = store_handed_ended(s, now, d);
    while (result == 0 && (e = readdir(folder))) {
        struct str node = node_of(e->d_name);
        struct given *g = node.n ? given_of(h, node) : NULL;

        if (node.n && !g)
            diag_error(d, h->o->nodes, ": more than 32 nodes: the others are handed nothing", NULL);
        else if (g)
            hand(&w, g); /* what one node lacks is told and hinders no other */
    }
    closedir(folder);
    return d->errors ? -1 : result;
}
