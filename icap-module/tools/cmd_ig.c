/* ig: on a machine of the holders', two of them name one person for one case. */
#include "core/clock.h"
#include "record/accesslog.h"
#include "record/file.h"
#include "record/opening.h"
#include "tools/access.h"
#include "tools/cmd.h"
#include "tools/ig_case.h"
#include "tools/ig_name.h"
#include "tools/keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ig_options {
    struct keyring ring; /* first */
    const char *out, *folder, *log, *key, *alert, *people;
};

static bool take_out(void *to, const char *value)
{
    ((struct ig_options *)to)->out = value;
    return true;
}

static bool take_folder(void *to, const char *value)
{
    ((struct ig_options *)to)->folder = value;
    return true;
}

static bool take_log(void *to, const char *value)
{
    ((struct ig_options *)to)->log = value;
    return true;
}

static bool take_key(void *to, const char *value)
{
    ((struct ig_options *)to)->key = value;
    return true;
}

static bool take_alert(void *to, const char *value)
{
    ((struct ig_options *)to)->alert = value;
    return true;
}

static bool take_people(void *to, const char *value)
{
    ((struct ig_options *)to)->people = value;
    return true;
}

static const struct option_row rows[] = {
    {"-o", false, take_out},
    {"--keys", false, take_folder},
    {"--log", false, take_log},
    {"--key", false, take_key},
    {"--alert", false, take_alert},
    {"--people", false, take_people},
    {"--holder", false, keyring_take_holder},
    {"--signer", false, keyring_take_signer},
    {"--passphrase-file", false, keyring_take_passphrase},
};

/* One opening in the making. */
struct opening_work {
    const struct ig_options *o;
    struct opening_case c;
    struct opening made;
    struct private_key holders[KEYRING_MAX], signer;
    int64_t from, until; /* the period */
    struct diag *d;
    unsigned opened, destroyed;
};

static void take_sealed(void *to, const char *path, const struct sealed *s)
{
    struct opening_work *w = to;
    struct opening_epoch *e = &w->made.epochs[w->made.n];
    struct epoch epoch = {.id = 0};

    (void)path;
    if (s->epoch.until <= w->from || s->epoch.from >= w->until || w->d->errors)
        return;
    if (w->made.n == OPENING_EPOCHS) {
        diag_error(w->d, w->c.ref, ": the period has more epochs than an opening can hold", NULL);
        return;
    }
    if (s->destroyed) {
        *e = (struct opening_epoch){.id = s->epoch.id,
                                    .from = s->epoch.from,
                                    .until = s->epoch.until,
                                    .destroyed = true,
                                    .destroyed_at = s->destroyed_at};
        w->destroyed++;
    } else if (sealed_open(s, &w->holders[0], &w->holders[1], &epoch, w->d) == 0) {
        opening_name(&w->c, &epoch, e);
        w->opened++;
    } else {
        return;
    }
    seal_wipe(&epoch, sizeof epoch);
    w->made.n++;
}

/* What no sealed key covers; epochs come by time, and parts may overlap. */
static void find_gaps(struct opening_work *w)
{
    int64_t covered = w->from;
    unsigned n = w->made.n;

    for (unsigned i = 0; i <= n && covered < w->until; i++) {
        int64_t next = i < n ? w->made.epochs[i].from : w->until;

        if (next > covered && w->made.n < OPENING_EPOCHS)
            w->made.epochs[w->made.n++] = (struct opening_epoch){.from = covered, .until = next};
        if (i < n && w->made.epochs[i].until > covered)
            covered = w->made.epochs[i].until;
    }
}

static int make(struct opening_work *w)
{
    int64_t now = now_utc();

    w->from = epoch_midnight(w->c.from);
    w->until = epoch_midnight(w->c.to + 1);
    if (w->until > now) /* what has not been has no gaps */
        w->until = now + 1;
    w->made.from = w->c.from;
    w->made.to = w->c.to;
    w->made.made = now;
    w->made.expires = w->c.expires;
    memcpy(w->made.ref, w->c.ref, sizeof w->made.ref);
    memcpy(w->made.subject, w->c.names[0], sizeof w->made.subject);
    for (unsigned i = 0; i < KEYRING_MAX; i++)
        memcpy(w->made.holders[i], w->holders[i].name, sizeof w->made.holders[i]);
    if (sealed_each(w->o->folder, take_sealed, w, w->d) != 0 || w->d->errors)
        return -1;
    if (w->opened == 0)
        return diag_error(
            w->d, w->c.ref,
            w->destroyed ? ": the keys of all epochs of this period are destroyed: nobody can be named in it"
                         : ": there is no sealed key for this period",
            NULL);
    find_gaps(w);
    return 0;
}

static int prepare(struct opening_work *w, const char *path)
{
    return seal_init(w->d) == 0 && ig_case_read(path, &w->c, w->d) == 0 &&
                   opening_case_check(&w->c, now_utc(), w->d) == 0 &&
                   keyring_holders(&w->o->ring, w->holders, w->d) == 0 &&
                   keyring_signer(&w->o->ring, &w->signer, w->d) == 0
               ? make(w)
               : -1;
}

/* Every look has its line, also one that was refused; without it nothing is shown. */
static int note(struct opening_work *w, bool refused)
{
    char by[KEYRING_NAMES];
    struct access_entry e = {.role = STR("ig"),
                             .what = STR("ig open"),
                             .result = refused ? STR("refused") : STR("done"),
                             .refused = refused};
    char login[128];

    e.by = keyring_names(&w->o->ring, by);
    e.login = access_login(login, sizeof login);
    e.case_ref = str_of(w->c.ref);
    e.about = str_of(w->c.names[0]);
    e.why = refused && w->d->n ? str_of(w->d->messages[0].text) : STR_NONE;
    return accesslog_add(w->o->log, &e, now_utc(), NULL, w->d);
}

static int put_opening(struct opening_work *w)
{
    size_t size;
    char *text = opening_write(&w->made, &w->signer, &size, w->d);
    int result = -1;

    if (text && note(w, false) == 0)
        result = access(w->o->out, F_OK) == 0 ? diag_error(w->d, w->o->out, ": is there already", NULL)
                                              : file_replace(w->o->out, text, size, w->d);
    free(text);
    return result;
}

static void tell(const struct opening *o)
{
    char id[EPOCH_TEXT], from[LEDGER_TIME], until[LEDGER_TIME], when[LEDGER_TIME];

    for (unsigned i = 0; i < o->n; i++) {
        const struct opening_epoch *e = &o->epochs[i];

        epoch_id_write(e->id, id);
        ledger_time(e->from, from);
        ledger_time(e->until, until);
        if (e->id == 0) {
            printf("from %s to %s: no sealed key covers this part of the period; it cannot be opened\n", from,
                   until);
        } else if (e->destroyed) {
            ledger_time(e->destroyed_at, when);
            printf("epoch %s, %s to %s: its key was destroyed at %s; this part cannot be opened\n", id, from,
                   until, when);
        } else {
            printf("epoch %s, %s to %s: %u pseudonym(s)\n", id, from, until, e->n);
        }
    }
}

static int open_case(const struct ig_options *o, const char *path)
{
    struct opening_work *w = calloc(1, sizeof *w);
    struct diag d;

    diag_init(&d);
    if (!o->folder || !o->log || !o->out || !w) {
        fprintf(stderr, "portreeve ig: write 'portreeve ig open CASE --keys DIR --holder FILE --holder FILE "
                        "--signer FILE --log FILE "
                        "-o FILE'\n");
        free(w);
        return EXIT_BAD_INPUT;
    }
    w->o = o;
    w->d = &d;
    if (prepare(w, path) != 0)
        note(w, true);
    else if (put_opening(w) == 0) {
        printf("%s: case %s, %s\n", o->out, w->made.ref, w->made.subject);
        tell(&w->made);
    }
    seal_wipe(w, sizeof *w);
    free(w);
    return report(&d) == EXIT_DONE ? EXIT_DONE : EXIT_REFUSED;
}

static int check_opening(const struct ig_options *o, const char *path)
{
    struct opening *made = calloc(1, sizeof *made);
    unsigned char public[SIGN_PUBLIC];
    char words[FINGERPRINT_TEXT], expires[LEDGER_TIME];
    struct diag d;

    diag_init(&d);
    if (!made || seal_init(&d) != 0 || (o->key && sign_public_read(o->key, public, &d) != 0)) {
        free(made);
        return report(&d);
    }
    if (opening_read(path, o->key ? public : NULL, made, &d) == 0) {
        sign_fingerprint(made->public, words);
        ledger_time(made->expires, expires);
        printf("case %s, %s, opened by %s and %s, signed by %s (%s%s)\n", made->ref, made->subject,
               made->holders[0], made->holders[1], made->signer,
               o->key ? "" : "compare the fingerprint: ", words);
        tell(made);
        if (now_utc() >= made->expires)
            diag_error(&d, path, ": has expired at ", expires);
    }
    free(made);
    return report(&d) == EXIT_DONE ? EXIT_DONE : EXIT_REFUSED;
}

static int name_alert(const struct ig_options *o, const char *path)
{
    const struct naming n = {path, o->alert, o->people, o->folder, o->log, o->out, &o->ring, now_utc()};
    struct diag d;

    if (!o->alert || !o->people || !o->folder || !o->log || !o->out) {
        fprintf(stderr, "portreeve ig: write 'portreeve ig name CASE --alert FILE --people FILE --keys DIR --holder FILE --holder "
                        "FILE --log FILE -o FILE'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (ig_name(&n, &d) == 0)
        printf("%s: whom the alert is about, for 'portreeve case name'\n", o->out);
    return report(&d) == EXIT_DONE ? EXIT_DONE : EXIT_REFUSED;
}

int cmd_ig(int argc, char **argv)
{
    struct ig_options o = {.out = NULL};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands == 2 && strcmp(argv[1], "open") == 0)
        return open_case(&o, argv[2]);
    if (operands == 2 && strcmp(argv[1], "check") == 0)
        return check_opening(&o, argv[2]);
    if (operands == 2 && strcmp(argv[1], "name") == 0)
        return name_alert(&o, argv[2]);
    fprintf(stderr, "portreeve ig: write 'portreeve ig open CASE ...', 'portreeve ig name CASE ...' or 'portreeve ig check OPENING'; 'portreeve access "
                    "FILE' shows who has looked\n");
    return EXIT_BAD_INPUT;
}
