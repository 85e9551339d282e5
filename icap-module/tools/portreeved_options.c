#include "tools/portreeved.h"

#include "record/held.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"

static const char usage[] =
    "portreeved " PACKAGE_VERSION
    ": takes spools into the store, writes the standing file, serves the portal\n\n"
    "  portreeved --artefact FILE --store FILE --standing FILE --spool DIR [--spool DIR]... [--pseudonym-key "
    "FILE]\n"
    "      [--keys DIR --holders FILE|--no-holders [--epoch month|week|quarter] [--keys-on-disk]]\n"
    "      [--keep-spool] [--once] [--state FILE] [--node NAME] [--keep STORE=DAYS]...\n"
    "      [--host NAME --portal-key FILE --certificate FILE --private-key FILE [--listen ADDRESS:PORT]]\n"
    "      [--second ADDRESS] [--sendmail PROGRAM] [--held DIR [--held-days N]]\n"
    "      [--record DIR --signing-key FILE [--record-days N]]\n"
    "      [--feed KIND[,FORMAT]=PLACE]... [--feed-queue LINES]\n"
    "      [--cases DIR --case-profile FILE]\n\nSee portreeved(8).\n";

enum { FLAG = 1, REQUIRED = 2, PORTAL = 4 };
enum { FILE_MAX = 1 << 20, DAYS_MAX = 36500, QUEUE = 100000, QUEUE_MAX = 10000000 };

struct option {
    const char *name;
    unsigned kind;
    size_t at; /* in struct daemon_options */
};

#define OPTION(name, kind, field)                                                                            \
    {                                                                                                        \
        name, kind, offsetof(struct daemon_options, field)                                                   \
    }
static const struct option options[] = {
    OPTION("--artefact", REQUIRED, artefact),
    OPTION("--store", REQUIRED, store),
    OPTION("--standing", REQUIRED, standing),
    OPTION("--spool", REQUIRED, spools),
    OPTION("--pseudonym-key", 0, pseudonym_key),
    OPTION("--keys", 0, keys),
    OPTION("--holders", 0, holders),
    OPTION("--no-holders", FLAG, no_holders),
    OPTION("--epoch", 0, epoch),
    OPTION("--keys-on-disk", FLAG, keys_on_disk),
    OPTION("--keep-spool", FLAG, keep_spool),
    OPTION("--once", FLAG, once),
    OPTION("--host", 0, host),
    OPTION("--listen", 0, listen),
    OPTION("--portal-key", PORTAL, portal_key),
    OPTION("--certificate", PORTAL, certificate),
    OPTION("--private-key", PORTAL, private_key),
    OPTION("--second", 0, second),
    OPTION("--sendmail", 0, sendmail),
    OPTION("--held", 0, held),
    OPTION("--held-days", 0, held_days),
    OPTION("--state", 0, state),
    OPTION("--node", 0, node),
    OPTION("--keep", 0, keep_days),
    OPTION("--record", 0, record),
    OPTION("--signing-key", 0, signing_key),
    OPTION("--record-days", 0, record_days),
    OPTION("--feed", 0, feeds),
    OPTION("--feed-queue", 0, feed_queue),
    OPTION("--cases", 0, cases),
    OPTION("--case-profile", 0, case_profile),
};
enum { N_OPTIONS = sizeof options / sizeof *options };

static const struct option *find(const char *word, size_t n)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (str_eq((struct str){word, n}, str_of(options[i].name)))
            return &options[i];
    return NULL;
}

static bool unknown(const char *word)
{
    const char *names[N_OPTIONS], *near;

    for (size_t i = 0; i < N_OPTIONS; i++)
        names[i] = options[i].name;
    near = diag_nearest(str_of(word), names, N_OPTIONS);
    fprintf(stderr, "portreeved: there is no option '%s'", word);
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputs("\n'portreeved --help' lists them all.\n", stderr);
    return false;
}

static const char **text_at(struct daemon_options *o, const struct option *row)
{
    return (const char **)(void *)((char *)o + row->at);
}

static bool take(struct daemon_options *o, const struct option *row, const char *value)
{
    if (row->kind & FLAG) {
        *((bool *)(void *)((char *)o + row->at)) = true;
    } else if (row->at == offsetof(struct daemon_options, spools)) {
        if (o->n_spools == SPOOLS_MAX) {
            fprintf(stderr, "portreeved: at most %d spools\n", SPOOLS_MAX);
            return false;
        }
        o->spools[o->n_spools++] = value;
    } else if (row->at == offsetof(struct daemon_options, feeds)) {
        if (o->n_feeds == FEEDS_MAX) {
            fprintf(stderr, "portreeved: at most %d feeds\n", FEEDS_MAX);
            return false;
        }
        o->feeds[o->n_feeds++] = value;
    } else if (row->at == offsetof(struct daemon_options, keep_days)) {
        return strncmp(value, "access=", 7) == 0 ? daemon_keep_access(value + 7, &o->access_days)
                                                 : daemon_keep_read(value, o->keep_days);
    } else {
        *text_at(o, row) = value;
    }
    return true;
}

static bool held_days(struct daemon_options *o)
{
    uint64_t days = HELD_DAYS;

    if (o->held_days && (!str_u64(str_of(o->held_days), &days) || days < 1 || days > 366)) {
        fprintf(stderr, "portreeved: --held-days %s: give a number of days, 1 to 366\n", o->held_days);
        return false;
    }
    o->days = (unsigned)days;
    return true;
}

static bool feed_queue(struct daemon_options *o)
{
    o->feed_lines = QUEUE;
    if (o->feed_queue && (!str_u64(str_of(o->feed_queue), &o->feed_lines) || o->feed_lines < 1 || o->feed_lines > QUEUE_MAX)) {
        fprintf(stderr, "portreeved: --feed-queue %s: give a number of lines, 1 to %d\n", o->feed_queue, QUEUE_MAX);
        return false;
    }
    return true;
}

static bool complete(struct daemon_options *o)
{
    uint64_t days;

    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option *row = &options[i];
        bool needed = row->kind & REQUIRED || (row->kind & PORTAL && o->host && !o->once);

        if (needed && !*text_at(o, row)) {
            fprintf(stderr, "portreeved: %s is missing%s\n", row->name,
                    row->kind & PORTAL ? ": the portal needs it" : "");
            return false;
        }
    }
    if (!held_days(o) || !feed_queue(o))
        return false;
    if (!o->state && store_is_shared(o->store)) {
        fprintf(stderr, "portreeved: --state is missing: where this node keeps its journal and orders\n");
        return false;
    }
    if (!o->state)
        o->state = o->store;
    if (!o->record != !o->signing_key) {
        fprintf(stderr, "portreeved: --record and --signing-key go together: what is kept is signed\n");
        return false;
    }
    if (!o->cases != !o->case_profile || (o->cases && !o->host)) {
        fprintf(stderr, "portreeved: --cases and --case-profile go together, and with --host: they are pages of the portal\n");
        return false;
    }
    if (o->record_days && (!str_u64(str_of(o->record_days), &days) || days > DAYS_MAX)) {
        fprintf(stderr, "portreeved: --record-days: a number of days, 0 (for ever) to %d\n", DAYS_MAX);
        return false;
    }
    if (epoch_length_of(str_of(o->epoch)) < 0) {
        fprintf(stderr, "portreeved: --epoch: month, week or quarter\n");
        return false;
    }
    if (o->keys && (!o->pseudonym_key || !o->holders == !o->no_holders)) {
        fprintf(stderr, "portreeved: --keys: needs --pseudonym-key, the file of the plain keys, and either --holders, to whom "
                        "each is sealed, or --no-holders: then nobody can ever be named\n");
        return false;
    }
    if (o->second)
        for (const char *c = o->second; *c; c++)
            if ((unsigned char)*c <= 0x20 || *c == ',' || *c == 0x7f) {
                fprintf(stderr, "portreeved: --second: one mail address alone\n");
                return false;
            }
    return true;
}

bool daemon_options_read(int argc, char **argv, struct daemon_options *o)
{
    *o = (struct daemon_options){
        .listen = "127.0.0.1:8100", .sendmail = "/usr/sbin/sendmail", .epoch = "month", .access_days = ACCESS_DAYS};
    memcpy(o->keep_days, daemon_keep_default, sizeof o->keep_days);
    if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        fputs(usage, stdout);
        exit(EXIT_SUCCESS);
    }
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        const struct option *row = find(argv[i], equals ? (size_t)(equals - argv[i]) : strlen(argv[i]));
        const char *value = equals ? equals + 1 : NULL;

        if (!row)
            return unknown(argv[i]);
        if (!equals && !(row->kind & FLAG) && ++i < argc)
            value = argv[i];
        if ((value != NULL) == ((row->kind & FLAG) != 0)) {
            fprintf(stderr, "portreeved: %s %s\n", row->name,
                    row->kind & FLAG ? "takes no value" : "needs a value");
            return false;
        }
        if (!take(o, row, value))
            return false;
    }
    return complete(o);
}

char *daemon_text(const char *path, struct diag *d)
{
    char *text = calloc(1, FILE_MAX + 1);
    FILE *f = text ? fopen(path, "re") : NULL;
    size_t n = f ? fread(text, 1, FILE_MAX, f) : 0;

    if (f)
        fclose(f);
    if (n > 0)
        return text;
    diag_error(d, path, ": cannot be read: ", f ? "it is empty" : strerror(errno));
    free(text);
    return NULL;
}

bool daemon_address(const char *text, char *address, size_t size, uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    uint64_t value;
    size_t n = colon ? (size_t)(colon - text) : 0;

    if (!colon || n == 0 || n >= size || !str_u64(str_of(colon + 1), &value) || value > 65535)
        return false;
    if (text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    memcpy(address, text, n);
    address[n] = '\0';
    *port = (uint16_t)value;
    return true;
}
