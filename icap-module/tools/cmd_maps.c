/* maps: the platform maps by themselves: what there is, whether they hold, new ones, the ones before. A map
 * never changes the policy, and passes the same gate as one: whatever `compile` would refuse is refused here.
 */
#include "tools/cmd.h"
#include "tools/json_words.h"
#include "tools/maps.h"

#include "compile/maps.h"
#include "core/clock.h"
#include "record/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool take_maps(void *to, const char *value)
{
    ((struct maps_options *)to)->maps = value;
    return true;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct maps_options *)to)->at) == 0)
        return true;
    fprintf(stderr, "portreeve maps: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n",
            value);
    return false;
}

static const struct option_row rows[] = {
    {"--maps", false, take_maps},
    {"--at", false, take_at},
};

/* ---- list ---- */

static struct str version_of(const struct source_file *file, struct diag *d)
{
    struct str version = STR_NONE;

    return maps_check_map(file, &version, d) == 0 ? version : STR("?");
}

/* Installed with Portreeve, word for word; else local: brought or changed here. Where none are installed, the
 * council's own are local and the others shared. */
static const char *origin_of(const struct source *shipped, const struct source_file *file,
                             const char *council)
{
    const struct source_file *same = source_find(shipped, file->path);
    char own[4096];

    if (shipped->n)
        return same && str_eq(same->text, file->text) ? "shipped" : "local";
    snprintf(own, sizeof own, "%s/%.*s", council, STR_ARG(file->path));
    return access(own, F_OK) == 0 ? "local" : "shared";
}

static void list_one(const struct source *s, const struct source_file *file, const char *origin,
                     const struct maps_options *o)
{
    char path[128], age[32] = "no date";
    struct str id = maps_id(file->path), version;
    int32_t day, today = clock_local(o->at).day;
    struct diag d;

    diag_init(&d);
    version = version_of(file, &d);
    if (maps_day(version, &day))
        snprintf(age, sizeof age, "%d days%s", today - day, today - day > MAPS_OLD_DAYS ? ", old" : "");
    snprintf(path, sizeof path, "platforms/%.*s.case", STR_ARG(id));
    printf("%-20.*s  %-12.*s  %-14s  %s%s\n", STR_ARG(id), STR_ARG(version), age, origin,
           source_find(s, str_of(path)) ? "" : ", without cases");
    if (d.errors)
        report(&d);
}

static int list(int n, char **names, struct maps_options *o)
{
    struct source s = {0}, shipped = {0};
    struct diag d, ignored;
    int result = EXIT_BAD_INPUT;

    if (n != 1)
        return maps_usage("list DIR: of which council?");
    diag_init(&d);
    diag_init(&ignored);
    if (source_read_maps(PORTREEVE_DATADIR, &shipped, &ignored) != 0)
        source_free(&shipped);
    if (read_source(names[0], o->maps, &s, &d) == 0)
        result = EXIT_DONE;
    for (size_t i = 0; result == EXIT_DONE && i < s.n; i++)
        if (maps_is_map(s.files[i].path))
            list_one(&s, &s.files[i], origin_of(&shipped, &s.files[i], names[0]), o);
    report(&d);
    source_free(&s);
    source_free(&shipped);
    return result;
}

/* ---- test ---- */

/* The maps that stand beside those that are tested: a case may speak of another platform's page. Without
 * cases. */
static void read_others(const struct maps_options *o, struct source *others)
{
    struct diag ignored;

    diag_init(&ignored);
    if (source_read_maps(o->maps ? o->maps : PORTREEVE_DATADIR, others, &ignored) != 0)
        source_free(others);
    for (size_t i = 0; i < others->n; i++)
        if (maps_is_case(others->files[i].path))
            others->files[i].text.n = 0; /* still malloc'ed; no case, no failure */
}

static int test(int n, char **names, struct maps_options *o)
{
    struct source given = {0}, others = {0}, all = {0};
    struct case_result sum = {0, 0};
    struct diag d;
    int result = EXIT_BAD_INPUT;

    if (n < 1)
        return maps_usage("test FILE...: which maps?");
    diag_init(&d);
    read_others(o, &others);
    if (seal_init(&d) == 0 && maps_read_given(n, names, &given, &d) == 0 &&
        maps_check_given(&given, NULL, &d) == 0 && maps_overlay(&others, &given, &all) == 0 &&
        (maps_run_cases(&all, &sum, &d) == 0 || sum.failed))
        result = sum.failed ? EXIT_REFUSED : EXIT_DONE;
    report(&d);
    if (result != EXIT_BAD_INPUT)
        printf("%u passed, %u failed\n", sum.passed, sum.failed);
    free(all.files);
    source_free(&given);
    source_free(&others);
    return result;
}

/* ---- history ---- */

static const char *word(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? text : "-";
}

static int history(int n, char **names, struct maps_options *o)
{
    json_t *all, *one, *map;
    struct diag d;
    size_t i, k;

    if (n != 1)
        return maps_usage("history DIR: of which council?");
    diag_init(&d);
    all = maps_store_changes(o->maps ? o->maps : names[0], &d);
    json_array_foreach(all, i, one)
    {
        printf("%s  %s  %s by %s", word(one, "name"), word(one, "at"), word(one, "verb"), word(one, "by"));
        json_array_foreach(json_object_get(one, "maps"), k, map) printf(
            "%s %s: %s -> %s", k ? "," : ":", word(map, "platform"), word(map, "from"), word(map, "to"));
        putchar('\n');
    }
    json_decref(all);
    return report(&d);
}

static const struct {
    const char *name;
    int (*run)(int n, char **names, struct maps_options *o);
} verbs[] = {{"list", list},
             {"test", test},
             {"update", maps_update},
             {"rollback", maps_rollback},
             {"history", history}};

enum { VERBS = sizeof verbs / sizeof *verbs };

int maps_usage(const char *what)
{
    fprintf(stderr, "portreeve maps %s See portreeve(1).\n", what);
    return EXIT_BAD_INPUT;
}

int cmd_maps(int argc, char **argv)
{
    struct maps_options o = {.at = now_utc()};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    const char *names[VERBS], *near;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands < 1)
        return maps_usage("VERB: list, test, update, rollback or history?");
    for (size_t i = 0; i < VERBS; i++) {
        names[i] = verbs[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return verbs[i].run(operands - 1, argv + 2, &o);
    }
    near = diag_nearest(str_of(argv[1]), names, VERBS);
    fprintf(stderr, "portreeve maps: there is no verb '%s': did you mean '%s'?\n", argv[1],
            near ? near : "list");
    return EXIT_BAD_INPUT;
}
