/* events: a spool as JSON Lines. key: the pseudonyms' key. */
#include "tools/cmd.h"

#include "core/place.h"
#include "record/epoch.h"
#include "record/spool.h"
#include "tools/json_words.h"

#include <stdio.h>

static void print_event(void *to, const struct event *e)
{
    char letters[2], epoch[EPOCH_TEXT] = "";
    json_t *o;

    if (e->epoch)
        epoch_id_write(e->epoch, epoch);
    o = json_pack(
        "{s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, "
        "s:o, s:o, s:o}",
        "schema", e->epoch ? EVENT_VERSION : 1, "sequence", (json_int_t)e->sequence, "time", json_time(e->time), "policy",
        json_slice(e->policy), "rule", json_slice(e->rule), "action", json_word(WORDS_ACTION, e->action),
        "why", json_word(WORDS_WHY, e->why), "platform", json_slice(e->platform), "activity",
        json_word(WORDS_ACTIVITY, e->activity), "account", json_slice(e->account), "identity",
        json_word(WORDS_IDENTITY, e->identity), "origin", json_word(WORDS_ORIGIN, e->origin), "confidence",
        json_word(WORDS_CONFIDENCE, e->confidence), "categories", json_bits(WORDS_CATEGORY, e->categories),
        "people", json_word(WORDS_PEOPLE, e->people), "pseudonym",
        e->has_pseudonym ? json_hex(e->pseudonym, PSEUDONYM_SIZE) : json_null(), "epoch",
        e->epoch ? json_string(epoch) : json_null(), "code", json_slice(e->code),
        "shadow", e->shadow, "would", e->shadow ? json_word(WORDS_ACTION, e->would) : json_null(),
        "would_rule", json_slice(e->would_rule), "country",
        e->country ? json_slice(place_country(e->country, letters)) : json_null(), "asn",
        e->asn ? json_integer(e->asn) : json_null());

    json_dumpf(o, to, JSON_COMPACT | JSON_ENSURE_ASCII);
    fputc('\n', to);
    json_decref(o);
}

int cmd_events(int argc, char **argv)
{
    int operands = options_read(argc, argv, NULL, 0, NULL);
    int result = EXIT_DONE;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands == 0) {
        fprintf(stderr, "portreeve events: which spool? Name its folder or its segments.\n");
        return EXIT_BAD_INPUT;
    }
    for (int i = 1; i <= operands; i++) {
        struct spool_read read = {0};
        struct diag d;

        diag_init(&d);
        if (spool_read(argv[i], print_event, stdout, &read, &d) != 0)
            result = EXIT_BAD_INPUT;
        report(&d);
        if (read.torn)
            fprintf(stderr, "%s: %llu torn record(s) skipped: a worker ended in the middle of one\n", argv[i],
                    (unsigned long long)read.torn);
    }
    return result;
}

int cmd_key(int argc, char **argv)
{
    int operands = options_read(argc, argv, NULL, 0, NULL);
    struct diag d;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 2 || strcmp(argv[1], "create") != 0) {
        fprintf(stderr, "portreeve key: write 'portreeve key create FILE'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (seal_init(&d) == 0)
        seal_key_create(argv[2], &d);
    return report(&d);
}
