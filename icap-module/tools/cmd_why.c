/* why: what the code of a page that refused by category stood for. */
#include "tools/held.h"
#include "tools/history.h"

#include <stdio.h>

static bool take_artefact(void *to, const char *value)
{
    ((struct held_options *)to)->artefact = value;
    return true;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct held_options *)to)->json = true;
    return true;
}

static json_t *told(const struct held_options *o, const struct held *h, struct diag *d)
{
    unsigned unreadable;
    json_t *history = o->artefact ? history_read(o->artefact, &unreadable, d) : NULL;
    json_t *rule = history ? history_rule(history, h->policy, h->rule) : NULL;
    json_t *lists = json_array(), *whole;
    struct str rest = h->lists;

    while (rest.n)
        json_array_append_new(lists, json_slice(str_cut(&rest, ',')));
    whole = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code", json_slice(h->code), "day", json_day((uint32_t)h->day), "host",
                      json_slice(h->host), "categories", json_bits(WORDS_CATEGORY, h->categories), "lists", lists, "policy",
                      json_slice(h->policy), "rule", json_slice(h->rule));
    json_object_set(whole, "because", rule ? json_object_get(rule, "because") : json_null());
    json_object_set(whole, "clause", rule ? json_object_get(rule, "cite") : json_null());
    json_decref(history);
    return whole;
}

static void print_row(const char *name, const json_t *value)
{
    printf("  %s:", name);
    for (size_t i = 0; i < json_array_size(value); i++)
        printf("%s %s", i ? "," : "", json_string_value(json_array_get(value, i)));
    if (!json_is_array(value))
        printf(" %s", json_is_string(value) ? json_string_value(value) : "-");
    putchar('\n');
}

static void print_told(const json_t *o)
{
    static const char *const rows[] = {"host", "categories", "lists", "policy", "rule", "because", "clause"};

    printf("%s: refused on %s\n", json_string_value(json_object_get(o, "code")),
           json_string_value(json_object_get(o, "day")));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        print_row(rows[i], json_object_get(o, rows[i]));
}

static const struct option_row why_rows[] = {
    {"--held", false, held_take_folder}, {"--access-log", false, held_take_log}, {"--artefact", false, take_artefact},
    {"--days", false, held_take_days}, {"--at", false, held_take_at},          {"--json", true, take_json},
};

int cmd_why(int argc, char **argv)
{
    struct held_options o = {.days = HELD_DAYS, .at = now_utc()};
    int operands = options_read(argc, argv, why_rows, sizeof why_rows / sizeof *why_rows, &o);
    struct held_found f = {.is = false};
    struct diag d;
    json_t *whole;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1 || !o.held || !o.log) {
        fprintf(stderr, "portreeve why: write 'portreeve why CODE --held DIR --access-log FILE [--artefact FILE]'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    held_want(&f, argv[1]);
    if (held_look(&o, &f, &d) != 0)
        return held_failed(&o, "why", &f, &d);
    if (!f.is)
        return held_not_there(&o, "why", &f, &d);
    whole = told(&o, &f.held, &d);
    if (access_note(o.log, o.at, held_entry("why", &f, "told"), &d) == 0) {
        if (o.json)
            json_dumpf(whole, stdout, JSON_INDENT(2)), putchar('\n');
        else
            print_told(whole);
    }
    json_decref(whole);
    return report(&d);
}
