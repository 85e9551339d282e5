/* setup: asks or reads the answers, checks them, and hands them to the program that writes the configuration
 * (packaging/lib/setup): normalised, a `key = value` a line, on its standard input. */
#include "compile/source.h"
#include "core/text.h"
#include "tools/cmd.h"
#include "tools/setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "/usr/lib/portreeve/setup"
#define STORED "/etc/portreeve/setup.answers"

enum { PATH_SIZE = 4096, TEXT_SIZE = (SETUP_KEYS + SETUP_CONTACTS) * (SETUP_VALUE + 64) };

struct setup_options {
    const char *answers, *root, *program, *maps;
    bool yes, dry_run, remove, questions;
};

#define TAKE(field)                                                                                          \
    static bool take_##field(void *to, const char *value)                                                    \
    {                                                                                                        \
        ((struct setup_options *)to)->field = value;                                                         \
        return true;                                                                                         \
    }
TAKE(answers)
TAKE(root)
TAKE(program)
TAKE(maps)
#undef TAKE
#define FLAG(field)                                                                                          \
    static bool take_##field(void *to, const char *value)                                                    \
    {                                                                                                        \
        (void)value;                                                                                         \
        ((struct setup_options *)to)->field = true;                                                          \
        return true;                                                                                         \
    }
FLAG(yes)
FLAG(dry_run)
FLAG(remove)
FLAG(questions)
#undef FLAG

static const struct option_row rows[] = {
    {"--answers", false, take_answers}, {"--root", false, take_root},
    {"--program", false, take_program}, {"--maps", false, take_maps},
    {"--yes", true, take_yes},          {"--dry-run", true, take_dry_run},
    {"--remove", true, take_remove},    {"--questions", true, take_questions},
};

/* A file of answers to be filled in. */
static void print_questions(void)
{
    for (int i = 0; i < SETUP_KEYS; i++) {
        const struct setup_key *key = &setup_keys[i];

        printf("# %s\n", key->question);
        if (key->words[0])
            printf("#   one of: %s%s\n", key->words, key->kind == SETUP_FILE ? ", or a path" : "");
        if (key->when)
            printf("#   only where %s = %s\n", key->when, key->is);
        printf("%s%s = %s\n\n", key->when || (key->preset && !*key->preset) ? "#" : "", key->name,
               key->preset ? key->preset : "");
    }
}

/* One question at the terminal, until the answer fits. False: the terminal has ended. */
static bool ask(struct setup_answers *a, int i)
{
    const struct setup_key *key = &setup_keys[i];
    struct setup_answer *to = &a->of[i];
    char line[SETUP_VALUE], why[DIAG_TEXT];

    for (;;) {
        const char *preset = to->value[0] ? to->value : key->preset ? key->preset : "";

        printf("\n%s\n", key->question);
        if (key->words[0])
            printf("  (%s)\n", key->words);
        printf("%s [%s]: ", key->name, preset);
        (void)fflush(stdout);
        if (!fgets(line, sizeof line, stdin))
            return false;
        line[strcspn(line, "\r\n")] = '\0';
        if (!line[0])
            snprintf(line, sizeof line, "%s", preset);
        if (!line[0] && key->preset)
            return true;
        if (line[0] && setup_value_fits(key, line, why, sizeof why)) {
            snprintf(to->value, sizeof to->value, "%s", line);
            return true;
        }
        printf("%s\n", line[0] ? why : "This must be answered.");
    }
}

static int ask_all(struct setup_answers *a)
{
    for (int i = 0; i < SETUP_KEYS; i++)
        if (setup_keys[i].kind != SETUP_CONTACT && setup_wanted(a, &setup_keys[i]) && !ask(a, i)) {
            fprintf(stderr, "portreeve setup: the answers ended; nothing has been written\n");
            return -1;
        }
    return 0;
}

static int read_answers(const struct setup_options *o, struct setup_answers *a)
{
    static char stored[PATH_SIZE];
    struct str text = STR_NONE;
    struct diag d;
    int result = 0;

    diag_init(&d);
    snprintf(stored, sizeof stored, "%s%s", o->root ? o->root : "", STORED);
    a->file = o->answers ? o->answers : stored;
    if (o->answers || access(stored, F_OK) == 0)
        result = source_read_file(a->file, &text, &d) == 0 ? setup_read(text, a, &d) : -1;
    if (result == 0 && !o->answers && isatty(STDIN_FILENO))
        result = ask_all(a);
    if (result == 0)
        result = setup_check(a, &d);
    report(&d);
    free((char *)(uintptr_t)text.p);
    return result;
}

static void put_answer(struct text *t, const char *key, const char *value)
{
    text_puts(t, key);
    text_puts(t, " = ");
    text_puts(t, value);
    text_putc(t, '\n');
}

static struct str normalised(const struct setup_answers *a, char *storage)
{
    struct text t;

    text_init(&t, storage, TEXT_SIZE);
    for (int i = 0; i < SETUP_KEYS; i++)
        if (setup_keys[i].kind != SETUP_CONTACT && setup_wanted(a, &setup_keys[i]) && a->of[i].value[0])
            put_answer(&t, setup_keys[i].name, a->of[i].value);
    for (unsigned i = 0; i < a->n_contacts; i++)
        put_answer(&t, "contact", a->contacts[i].value);
    return text_str(&t);
}

static void start(const struct setup_options *o, int in)
{
    const char *argv[12];
    char self[PATH_SIZE];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    int argc = 0;

    if (n > 0) {
        self[n] = '\0';
        setenv("PORTREEVE", self, 1);
    }
    argv[argc++] = o->program ? o->program : PROGRAM;
    argv[argc++] = o->remove ? "remove" : "apply";
    argv[argc++] = "--root";
    argv[argc++] = o->root ? o->root : "";
    argv[argc++] = "--maps";
    argv[argc++] = o->maps ? o->maps : PORTREEVE_DATADIR;
    if (o->yes)
        argv[argc++] = "--yes";
    if (o->dry_run)
        argv[argc++] = "--dry-run";
    argv[argc] = NULL;
    dup2(in, STDIN_FILENO);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    fprintf(stderr, "portreeve setup: %s: %s\n", argv[0], strerror(errno));
    _exit(EXIT_BAD_INPUT);
}

static int hand_over(const struct setup_options *o, struct str text)
{
    FILE *file = tmpfile();
    int status = 0;
    pid_t child;

    if (!file || fwrite(text.p, 1, text.n, file) != text.n || fflush(file) != 0 ||
        fseek(file, 0, SEEK_SET) != 0) {
        fprintf(stderr, "portreeve setup: no room for the answers: %s; nothing has been written\n",
                strerror(errno));
        if (file)
            fclose(file);
        return EXIT_BAD_INPUT;
    }
    (void)fflush(stdout);
    child = fork();
    if (child == 0)
        start(o, fileno(file));
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    fclose(file);
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BAD_INPUT;
}

int cmd_setup(int argc, char **argv)
{
    struct setup_options o = {.answers = NULL};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result = EXIT_BAD_INPUT;
    struct setup_answers *a;
    char *storage;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands > 0 || (o.root && o.root[0] != '/' && o.root[0]) || (o.remove && o.answers)) {
        fprintf(stderr, "portreeve setup: write 'portreeve setup [--answers FILE] [--root DIR] [--yes] "
                        "[--dry-run]', '--remove' or "
                        "'--questions'; DIR begins with /\n");
        return EXIT_BAD_INPUT;
    }
    if (o.questions) {
        print_questions();
        return EXIT_DONE;
    }
    if (o.remove)
        return hand_over(&o, STR(""));
    a = calloc(1, sizeof *a);
    storage = malloc(TEXT_SIZE);
    if (a && storage && read_answers(&o, a) == 0)
        result = hand_over(&o, normalised(a, storage));
    free(storage);
    free(a);
    return result;
}
