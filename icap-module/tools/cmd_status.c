/* status: what is in force, and what needs a person's attention, on one screen or as JSON. */
#include "tools/cmd.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include "core/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { STATUS_VERSION = 1, LINE_SIZE = SCREEN_LINE };

static const struct status_item items[] = {
    {"service", status_look_service, status_tell_service},
    {"files", status_look_files, status_tell_files},
    {"alarm", status_look_alarm, status_tell_alarm},
    {"registers", status_look_registers, status_tell_registers},
    {"directory", status_look_directory, status_tell_directory},
    {"identities", status_look_identities, status_tell_identities},
    {"maps", status_look_maps, status_tell_maps},
    {"rot", status_look_rot, status_tell_rot},
    {"lists", status_look_lists, status_tell_lists},
    {"spool", status_look_spool, status_tell_spool},
    {"standing", status_look_standing, status_tell_standing},
    {"daemon", status_look_daemon, status_tell_daemon},
};

enum { N_ITEMS = sizeof items / sizeof *items };

struct status_options {
    struct status s;
    bool json, all;
};

static bool take_spool(void *to, const char *value)
{
    ((struct status_options *)to)->s.spool = value;
    return true;
}

static bool take_identity_key(void *to, const char *value)
{
    ((struct status_options *)to)->s.identity_key = value;
    return true;
}

static bool take_enrolments(void *to, const char *value)
{
    ((struct status_options *)to)->s.enrolments = value;
    return true;
}

static bool take_standing(void *to, const char *value)
{
    ((struct status_options *)to)->s.standing = value;
    return true;
}

static bool take_categories(void *to, const char *value)
{
    ((struct status_options *)to)->s.categories = value;
    return true;
}

static bool take_rot(void *to, const char *value)
{
    ((struct status_options *)to)->s.rot = value;
    return true;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct status_options *)to)->s.at) == 0)
        return true;
    fprintf(stderr, "portreeve status: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n",
            value);
    return false;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct status_options *)to)->json = true;
    return true;
}

static bool take_all(void *to, const char *value)
{
    (void)value;
    ((struct status_options *)to)->all = true;
    return true;
}

static const struct option_row rows[] = {
    {"--spool", false, take_spool},
    {"--standing", false, take_standing},
    {"--categories", false, take_categories},
    {"--rot", false, take_rot},
    {"--at", false, take_at},
    {"--identity-key", false, take_identity_key},
    {"--enrolments", false, take_enrolments},
    {"--all", true, take_all},
    {"--json", true, take_json},
};

/* ---- what items use ---- */

static void __attribute__((format(printf, 2, 0))) format_clean(char *to, const char *format, va_list args)
{
    char line[LINE_SIZE];

    vsnprintf(line, sizeof line, format, args);
    diag_copy(to, LINE_SIZE, str_of(line));
}

void status_attend(struct status *s, const char *format, ...)
{
    char text[LINE_SIZE];
    va_list args;

    va_start(args, format);
    format_clean(text, format, args);
    va_end(args);
    json_array_append_new(s->attention,
                          json_pack("{s:s, s:o}", "item", s->item, "text", json_slice(str_of(text))));
}

void status_print(const char *format, ...)
{
    char text[LINE_SIZE];
    va_list args;

    va_start(args, format);
    format_clean(text, format, args);
    va_end(args);
    fputs(text, stdout);
}

const char *status_text(const json_t *facts, const char *key)
{
    const char *text = json_string_value(json_object_get(facts, key));

    return text ? text : "-";
}

const char *status_when(const json_t *facts, const char *key, char to[32])
{
    const char *text = status_text(facts, key);

    if (strlen(text) == sizeof "2026-05-12T09:00:00Z" - 1)
        snprintf(to, 32, "%.10s %.5s UTC", text, text + 11);
    else
        snprintf(to, 32, "%.31s", text);
    return to;
}

json_int_t status_number(const json_t *facts, const char *key)
{
    return json_integer_value(json_object_get(facts, key));
}

const char *status_beside(const struct status *s, const char *end, char to[4096])
{
    if (snprintf(to, 4096, "%s%s", s->file, end) >= 4096)
        to[0] = '\0';
    return to;
}

/* ---- the whole ---- */

/* Nothing can be told of a file that we may not look at, nor where nothing was ever published: a misspelt
 * name must not pass for a council without a policy. */
static bool tellable(const struct status *s)
{
    static const char *const beside[] = {"", ".last-good", ".alarm", ".history", ".generation"};
    char name[4096];

    if (access(s->file, R_OK) != 0 && errno != ENOENT) {
        fprintf(stderr, "portreeve status: %s cannot be read: %s: nothing can be told of it\n", s->file,
                strerror(errno));
        return false;
    }
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (access(status_beside(s, beside[i], name), F_OK) == 0)
            return true;
    fprintf(stderr, "portreeve status: nothing was ever published as %s: is the name right?\n", s->file);
    return false;
}

static void open_policies(struct status *s)
{
    char last_good[4096];

    diag_init(&s->why);
    diag_init(&s->why_last_good);
    if (policy_map(s->file, &s->policy, &s->why) != 0)
        s->policy = NULL;
    if (policy_map(status_beside(s, ".last-good", last_good), &s->last_good, &s->why_last_good) != 0)
        s->last_good = NULL;
    if (s->policy || s->last_good)
        s->served = policy_artefact(s->policy ? s->policy : s->last_good);
}

static json_t *look(struct status *s)
{
    json_t *all = json_pack("{s:i, s:o, s:o}", "schema", STATUS_VERSION, "file", json_slice(str_of(s->file)),
                            "at", json_time(s->at));

    for (size_t i = 0; i < N_ITEMS; i++) {
        s->item = items[i].name;
        json_object_set_new(all, items[i].name, items[i].look(s));
    }
    json_object_set(all, "attention", s->attention);
    return all;
}

json_t *status_all(struct status *s)
{
    json_t *all;

    s->attention = json_array();
    s->today = clock_local(s->at).day;
    open_policies(s);
    all = look(s);
    json_decref(s->attention);
    policy_free(s->policy);
    policy_free(s->last_good);
    return all;
}

static int report_status(struct status_options *o)
{
    json_t *all = status_all(&o->s);
    bool in_order = json_array_size(json_object_get(all, "attention")) == 0;
    struct screen sc;

    if (o->json) {
        json_dumpf(all, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
        putchar('\n');
    } else {
        screen_init(&sc, o->all);
        screen_tell(&sc, items, N_ITEMS, all);
    }
    json_decref(all);
    return in_order ? EXIT_DONE : EXIT_REFUSED;
}

int cmd_status(int argc, char **argv)
{
    struct status_options o = {.s = {.at = now_utc()}};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1) {
        fprintf(stderr, "portreeve status: of which artefact? Write 'portreeve status FILE'.\n");
        return EXIT_BAD_INPUT;
    }
    o.s.file = argv[1];
    return tellable(&o.s) ? report_status(&o) : EXIT_BAD_INPUT;
}
