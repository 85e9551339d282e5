/* keys: the keys of the epochs and of the people who hold them. */
#include "tools/keys.h"

#include "core/clock.h"
#include "record/node.h"
#include "tools/cmd.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_OPTION(name, field)                                                                             \
    static bool name(void *to, const char *value)                                                            \
    {                                                                                                        \
        ((struct keys_options *)to)->field = value;                                                          \
        return true;                                                                                         \
    }
#define FLAG_OPTION(name, field)                                                                             \
    static bool name(void *to, const char *value)                                                            \
    {                                                                                                        \
        (void)value;                                                                                         \
        ((struct keys_options *)to)->field = true;                                                           \
        return true;                                                                                         \
    }
TEXT_OPTION(take_out, out)
TEXT_OPTION(take_plain, plain)
TEXT_OPTION(take_folder, folder)
TEXT_OPTION(take_holders, holders)
TEXT_OPTION(take_epoch, epoch)
TEXT_OPTION(take_node, node)
TEXT_OPTION(take_node_key, node_key)
TEXT_OPTION(take_before, before)
FLAG_OPTION(take_on_disk, on_disk)
FLAG_OPTION(take_no_holders, no_holders)
FLAG_OPTION(take_quick, gentle)
FLAG_OPTION(take_json, json)

static const struct option_row rows[] = {
    {"-o", false, take_out},
    {"--plain", false, take_plain},
    {"--keys", false, take_folder},
    {"--holders", false, take_holders},
    {"--holder", false, keyring_take_holder},
    {"--passphrase-file", false, keyring_take_passphrase},
    {"--epoch", false, take_epoch},
    {"--node", false, take_node},
    {"--node-key", false, take_node_key},
    {"--ended-before", false, take_before},
    {"--keys-on-disk", true, take_on_disk},
    {"--no-holders", true, take_no_holders},
    {"--quick-passphrase", true, take_quick},
    {"--json", true, take_json},
};

/* ---- list ---- */

struct listing {
    json_t *array; /* NULL: as text */
    int64_t now;
};

static const char *state_of(const struct sealed *s, int64_t now)
{
    return s->destroyed           ? "destroyed"
           : now < s->epoch.from  ? "next"
           : now < s->epoch.until ? "present"
                                  : "ended";
}

static void list_one(void *to, const char *path, const struct sealed *s)
{
    const struct listing *l = to;
    char id[EPOCH_TEXT], from[LEDGER_TIME], until[LEDGER_TIME], when[LEDGER_TIME] = "";

    (void)path;
    epoch_id_write(s->epoch.id, id);
    ledger_time(s->epoch.from, from);
    ledger_time(s->epoch.until, until);
    if (s->destroyed)
        ledger_time(s->destroyed_at, when);
    if (l->array)
        json_array_append_new(l->array,
                              json_pack("{s:s, s:s, s:s, s:s, s:i, s:o}", "epoch", id, "from", from, "until",
                                        until, "state", state_of(s, l->now), "pairs", (int)s->n, "destroyed",
                                        s->destroyed ? json_string(when) : json_null()));
    else
        printf("%-13s %s to %s  %s%s%s, %u pair(s)\n", id, from, until, state_of(s, l->now),
               s->destroyed ? " " : "", when, s->n);
}

/* The list of what was done with them must be whole. */
static void check_notes(const char *folder, struct diag *d)
{
    char path[4096];
    struct ledger_read read;
    bool there;

    if ((size_t)snprintf(path, sizeof path, "%s/keys", folder) < sizeof path &&
        ledger_read(path, "keys", NULL, NULL, NULL, &read, &there, d) == 0 && read.fault != LEDGER_SOUND &&
        read.fault != LEDGER_TORN)
        diag_error(d, path, ": a line ", ledger_fault_words(read.fault));
}

static int keys_list(const struct keys_options *o, const char *operand)
{
    struct listing l = {.array = o->json ? json_array() : NULL, .now = now_utc()};
    struct diag d;

    (void)operand;
    diag_init(&d);
    if (!o->folder) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys list --keys DIR'\n");
        return EXIT_BAD_INPUT;
    }
    if (sealed_each(o->folder, list_one, &l, &d) == 0) {
        check_notes(o->folder, &d);
        if (l.array) {
            json_dumpf(l.array, stdout, JSON_INDENT(2));
            putchar('\n');
        }
    }
    json_decref(l.array);
    return report(&d);
}

/* ---- destroy ---- */

struct ended {
    const struct keys_options *o;
    int32_t before;
    int64_t now;
    struct diag *d;
    unsigned n;
};

static void destroy(struct ended *e, const struct epoch *epoch)
{
    const struct keeper k = {.folder = e->o->folder};
    char id[EPOCH_TEXT];

    epoch_id_write(epoch->id, id);
    if (sealed_destroy(e->o->folder, epoch->id, e->now, e->d) != 0 ||
        keeper_note(&k, e->now, "destroyed", epoch, STR_NONE, e->d) != 0)
        return;
    e->n++;
    printf("epoch %s: destroyed here. Copies elsewhere must be destroyed there: then nobody can be named in "
           "it any more\n",
           id);
}

static void destroy_ended(void *to, const char *path, const struct sealed *s)
{
    struct ended *e = to;

    (void)path;
    if (!s->destroyed && s->epoch.until <= e->now && clock_local(s->epoch.until - 1).day < e->before)
        destroy(e, &s->epoch);
}

struct wanted {
    uint32_t id;
    struct epoch epoch;
    bool found;
};

static void find_one(void *to, const char *path, const struct sealed *s)
{
    struct wanted *w = to;

    (void)path;
    if (s->epoch.id == w->id) {
        w->epoch = s->epoch;
        w->found = true;
    }
}

static int keys_destroy(const struct keys_options *o, const char *operand)
{
    struct diag d;
    struct ended e = {.o = o, .now = now_utc(), .d = &d};
    struct wanted w = {.found = false};
    int64_t noon;

    diag_init(&d);
    if (!o->folder || !operand == !o->before) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys destroy EPOCH --keys DIR', or --ended-before "
                        "DAY in the place of the "
                        "epoch\n");
        return EXIT_BAD_INPUT;
    }
    if (o->before) {
        if (clock_parse(str_of(o->before), &noon) != 0)
            diag_error(&d, o->before, ": is no day, as 2026-12-01", NULL);
        e.before = clock_local(noon).day;
        if (!d.errors)
            sealed_each(o->folder, destroy_ended, &e, &d);
    } else if (!epoch_id_read(str_of(operand), &w.id)) {
        diag_error(&d, operand, ": is no epoch, as 2026-12-01.1", NULL);
    } else if (sealed_each(o->folder, find_one, &w, &d) == 0) {
        if (!w.found)
            diag_error(&d, operand, ": there is no sealed key of this epoch in ", o->folder);
        else if (w.epoch.until > e.now)
            diag_error(&d, operand,
                       ": has not ended: its key is in use; 'portreeve keys rotate' begins a new part first",
                       NULL);
        else
            destroy(&e, &w.epoch);
    }
    if (o->before && !d.errors && e.n == 0)
        printf("no sealed key ended before %s\n", o->before);
    return report(&d);
}

/* ---- what two holders do, off the proxy ---- */

static int open_sealed(const struct keys_options *o, const char *path, struct epoch *e, struct diag *d)
{
    struct private_key keys[KEYRING_MAX] = {{.kind = PRIVATE_HOLDER}};
    struct sealed *s = calloc(1, sizeof *s);
    int result = -1;

    if (!s)
        diag_error(d, "out of memory", NULL, NULL);
    else if (seal_init(d) == 0 && sealed_read(path, s, d) == 0 && keyring_holders(&o->ring, keys, d) == 0)
        result = sealed_open(s, &keys[0], &keys[1], e, d);
    for (unsigned i = 0; i < KEYRING_MAX; i++)
        private_wipe(&keys[i]);
    free(s);
    return result;
}

static int keys_prove(const struct keys_options *o, const char *operand)
{
    struct epoch e = {.id = 0};
    char id[EPOCH_TEXT];
    struct diag d;

    diag_init(&d);
    if (!operand) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys prove SEALED --holder FILE --holder FILE'\n");
        return EXIT_BAD_INPUT;
    }
    if (open_sealed(o, operand, &e, &d) == 0) {
        epoch_id_write(e.id, id);
        printf("epoch %s: these two holders can open its key\n", id);
    }
    seal_wipe(&e, sizeof e);
    return report(&d);
}

static int keys_recover(const struct keys_options *o, const char *operand)
{
    struct epoch_file f = {.n = 1};
    struct diag d;

    diag_init(&d);
    if (!operand || !o->node || !o->out) {
        fprintf(stderr, "portreeve keys: write 'portreeve keys recover SEALED --holder FILE --holder FILE "
                        "--node FILE -o FILE': the "
                        "key is sealed to the node that has lost it\n");
        return EXIT_BAD_INPUT;
    }
    if (open_sealed(o, operand, &f.epochs[0], &d) == 0) {
        if (f.epochs[0].until <= now_utc())
            diag_error(
                &d, operand,
                ": this epoch has ended: its key goes back to no proxy; 'portreeve ig' names people in it",
                NULL);
        else if (node_hand(&f, o->node, o->out, &d) == 0)
            printf("%s: opens on that node alone, by 'portreeve keys accept'\n", o->out);
    }
    epoch_wipe(&f);
    return report(&d);
}

static const struct {
    const char *word;
    int (*run)(const struct keys_options *o, const char *operand);
} verbs[] = {
    {"create-holder", keys_create_holder},
    {"create-signer", keys_create_signer},
    {"create", keys_create},
    {"rotate", keys_rotate},
    {"escrow", keys_escrow},
    {"list", keys_list},
    {"prove", keys_prove},
    {"recover", keys_recover},
    {"destroy", keys_destroy},
    {"public", keys_public},
    {"node", keys_node},
    {"hand", keys_hand},
    {"accept", keys_accept},
};

int cmd_keys(int argc, char **argv)
{
    enum { VERBS = sizeof verbs / sizeof *verbs };
    struct keys_options o = {.out = NULL};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    const char *words[VERBS], *near;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    for (size_t i = 0; i < VERBS; i++) {
        words[i] = verbs[i].word;
        if (operands >= 1 && operands <= 2 && strcmp(argv[1], words[i]) == 0)
            return verbs[i].run(&o, operands == 2 ? argv[2] : NULL);
    }
    near = operands ? diag_nearest(str_of(argv[1]), words, VERBS) : NULL;
    fprintf(stderr, "portreeve keys: what is to be done? 'portreeve keys --help' lists it");
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputc('\n', stderr);
    return EXIT_BAD_INPUT;
}
