/* enforce, shadow: for whom the policy's verdicts are acted on, group by group. Both write
 * registers/enforced.csv of the council's folder and publish; where that fails, the file is as it was before.
 */
#include "compile/registers_enforced.h"
#include "core/text.h"
#include "record/file.h"
#include "tools/cmd.h"
#include "tools/json_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROWS_MAX = 600, TEXT = 96, PATH_SIZE = 4096, FILE_SIZE = ROWS_MAX * 4 * TEXT };

/* Where packages put things. */
#define COUNCIL "/etc/portreeve/council"
#define PUBLISH "/usr/lib/portreeve/publish"

struct enforce_options {
    const char *group, *output, *maps, *identity_key, *categories, *publish;
    bool everybody, list;
};

static bool take_group(void *to, const char *value)
{
    ((struct enforce_options *)to)->group = value;
    return true;
}

static bool take_output(void *to, const char *value)
{
    ((struct enforce_options *)to)->output = value;
    return true;
}

static bool take_maps(void *to, const char *value)
{
    ((struct enforce_options *)to)->maps = value;
    return true;
}

static bool take_identity_key(void *to, const char *value)
{
    ((struct enforce_options *)to)->identity_key = value;
    return true;
}

static bool take_categories(void *to, const char *value)
{
    ((struct enforce_options *)to)->categories = value;
    return true;
}

static bool take_publish(void *to, const char *value)
{
    ((struct enforce_options *)to)->publish = value;
    return true;
}

static bool take_everybody(void *to, const char *value)
{
    (void)value;
    ((struct enforce_options *)to)->everybody = true;
    return true;
}

static bool take_list(void *to, const char *value)
{
    (void)value;
    ((struct enforce_options *)to)->list = true;
    return true;
}

static const struct option_row rows[] = {
    {"--group", false, take_group},
    {"--everybody", true, take_everybody},
    {"--list", true, take_list},
    {"-o", false, take_output},
    {"--maps", false, take_maps},
    {"--identity-key", false, take_identity_key},
    {"--categories", false, take_categories},
    {"--publish", false, take_publish},
};

/* ---- the register ---- */

struct enforced {
    char cells[ROWS_MAX][ENFORCED_COLUMNS][TEXT];
    unsigned n;
    bool full;
};

static void take_row(const struct csv_row *row, void *to)
{
    struct enforced *e = to;

    if (e->n == ROWS_MAX) {
        e->full = true;
        return;
    }
    for (unsigned i = 0; i < ENFORCED_COLUMNS; i++)
        diag_copy(e->cells[e->n][i], TEXT, row->cells[i]);
    e->n++;
}

/* One that is not there has no rows. *text: the file as it is, to be put back. */
static int read_enforced(const char *path, struct enforced *e, struct str *text, struct diag *d)
{
    static const struct csv_sheet sheet = {enforced_columns, ENFORCED_COLUMNS, take_row};

    *text = STR_NONE;
    if (access(path, F_OK) != 0)
        return 0;
    if (source_read_file(path, text, d) != 0 || csv_read(&sheet, str_of(path), *text, e, d) != 0)
        return -1;
    return e->full ? diag_error(d, path, ": has more rows than there can be groups", NULL) : 0;
}

/* What a spreadsheet reads as it is: no quotes, no commas, no ends of lines in a cell. */
static void put_cell(struct text *t, const char *cell, char end)
{
    for (; *cell; cell++)
        text_putc(t, *cell == ',' || *cell == '"' || (unsigned char)*cell < 0x20 ? ' ' : *cell);
    text_putc(t, end);
}

static int write_enforced(const char *path, const struct enforced *e, struct diag *d)
{
    static char bytes[FILE_SIZE];
    struct text t;

    text_init(&t, bytes, sizeof bytes);
    for (unsigned i = 0; i < ENFORCED_COLUMNS; i++)
        put_cell(&t, enforced_columns[i].name, i + 1 < ENFORCED_COLUMNS ? ',' : '\n');
    for (unsigned row = 0; row < e->n; row++)
        for (unsigned i = 0; i < ENFORCED_COLUMNS; i++)
            put_cell(&t, e->cells[row][i], i + 1 < ENFORCED_COLUMNS ? ',' : '\n');
    return file_replace(path, bytes, t.n, d);
}

/* Belongs to whom the folder belongs to, also when root wrote it. */
static void give_back(const char *path, const char *folder)
{
    struct stat st;

    if (geteuid() == 0 && stat(folder, &st) == 0 &&
        (chown(path, st.st_uid, st.st_gid) != 0 || chmod(path, (st.st_mode & 0066) | 0640) != 0))
        fprintf(stderr, "portreeve: %s does not belong to whom %s belongs to: %s\n", path, folder,
                strerror(errno));
}

static void set_row(struct enforced *e, const char *group, const char *mode)
{
    json_t *by = json_publisher();
    time_t now = (time_t)now_utc();
    struct tm tm;
    unsigned i = 0;

    while (i < e->n && strcmp(e->cells[i][ENFORCED_GROUP], group) != 0)
        i++;
    if (i == ROWS_MAX)
        return;
    if (i == e->n)
        e->n++;
    diag_copy(e->cells[i][ENFORCED_GROUP], TEXT, str_of(group));
    diag_copy(e->cells[i][ENFORCED_MODE], TEXT, str_of(mode));
    if (!gmtime_r(&now, &tm) || !strftime(e->cells[i][ENFORCED_SINCE], TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm))
        e->cells[i][ENFORCED_SINCE][0] = '\0';
    diag_copy(e->cells[i][ENFORCED_BY], TEXT, str_of(json_is_string(by) ? json_string_value(by) : ""));
    json_decref(by);
}

/* ---- publishing ---- */

static int run(const char *program)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        execl(program, program, (char *)NULL);
        fprintf(stderr, "portreeve: %s: %s\n", program, strerror(errno));
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* As `portreeve compile DIR -o FILE`, or as the package publishes. */
static int publish(const struct enforce_options *o, const char *folder)
{
    char *argv[16] = {(char *)(uintptr_t) "compile", (char *)(uintptr_t)folder};
    const char *options[][2] = {{"-o", o->output},
                                {"--maps", o->maps},
                                {"--identity-key", o->identity_key},
                                {"--categories", o->categories}};
    int argc = 2;

    if (!o->output)
        return run(o->publish ? o->publish : PUBLISH);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i][1]) {
            argv[argc++] = (char *)(uintptr_t)options[i][0];
            argv[argc++] = (char *)(uintptr_t)options[i][1];
        }
    return cmd_compile(argc, argv) == EXIT_DONE ? 0 : -1;
}

static void put_back(const char *path, struct str text)
{
    struct diag d;

    diag_init(&d);
    if (!text.p)
        unlink(path);
    else
        file_replace(path, text.p, text.n, &d);
    report(&d);
}

static const char *whom(const char *group)
{
    return strcmp(group, ENFORCED_EVERYBODY) == 0 ? "everybody else" : group;
}

static int set(const struct enforce_options *o, const char *folder, const char *path, const char *mode)
{
    struct enforced *e = calloc(1, sizeof *e);
    const char *group = o->everybody ? ENFORCED_EVERYBODY : o->group;
    struct str before = STR_NONE;
    struct diag d;
    int result = EXIT_BAD_INPUT;

    diag_init(&d);
    if (e && read_enforced(path, e, &before, &d) == 0) {
        set_row(e, group, mode);
        if (write_enforced(path, e, &d) == 0) {
            give_back(path, folder);
            result = publish(o, folder) == 0 ? EXIT_DONE : EXIT_REFUSED;
        }
    }
    report(&d);
    if (result == EXIT_REFUSED) {
        put_back(path, before);
        give_back(path, folder);
        fprintf(stderr, "portreeve: nothing has changed for %s: the policy could not be published\n",
                whom(group));
    }
    if (result == EXIT_DONE)
        printf("%s: %s, within seconds\n", whom(group),
               strcmp(mode, "enforce") == 0 ? "the policy is enforced" : "the policy only counts");
    free((char *)(uintptr_t)before.p);
    free(e);
    return result;
}

static int list(const char *path)
{
    struct enforced *e = calloc(1, sizeof *e);
    struct str text = STR_NONE;
    struct diag d;
    int result = EXIT_BAD_INPUT;

    diag_init(&d);
    if (e && read_enforced(path, e, &text, &d) == 0) {
        result = EXIT_DONE;
        for (unsigned i = 0; i < e->n; i++)
            printf("%-24s %-8s since %s by %s\n", whom(e->cells[i][ENFORCED_GROUP]),
                   e->cells[i][ENFORCED_MODE],
                   e->cells[i][ENFORCED_SINCE][0] ? e->cells[i][ENFORCED_SINCE] : "-",
                   e->cells[i][ENFORCED_BY][0] ? e->cells[i][ENFORCED_BY] : "-");
        if (e->n == 0)
            printf("as council.policy says: no group has been set\n");
    }
    report(&d);
    free((char *)(uintptr_t)text.p);
    free(e);
    return result;
}

static int change(int argc, char **argv, const char *mode)
{
    struct enforce_options o = {.group = NULL};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    const char *folder = operands == 1 ? argv[1] : COUNCIL;
    char path[PATH_SIZE];

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands > 1 || (o.group != NULL) + o.everybody + o.list != 1 || (o.group && !*o.group) ||
        (o.output && o.publish)) {
        fprintf(stderr,
                "portreeve %s: write 'portreeve %s [DIR] --group NAME' or '--everybody' or '--list', with -o "
                "FILE where "
                "the policy is not published by the package\n",
                mode, mode);
        return EXIT_BAD_INPUT;
    }
    if ((size_t)snprintf(path, sizeof path, "%s/registers/enforced.csv", folder) >= sizeof path) {
        fprintf(stderr, "portreeve %s: %s is too long a name\n", mode, folder);
        return EXIT_BAD_INPUT;
    }
    return o.list ? list(path) : set(&o, folder, path, mode);
}

int cmd_enforce(int argc, char **argv)
{
    return change(argc, argv, "enforce");
}

int cmd_shadow(int argc, char **argv)
{
    return change(argc, argv, "shadow");
}
