/* diff: what one policy says and the other does not, statement by statement and rule by rule, in the policy's
 * own words. */
#include "tools/cmd.h"

#include <stdio.h>
#include <stdlib.h>

/* A statement as print_policy writes it: its first line, and the indented ones below. */
struct statement {
    struct str key;  /* what makes it the same statement in both: "permit granted-view", "default" */
    struct str text; /* all its lines */
};

struct statements {
    struct statement *rows;
    size_t n;
    char *text; /* what they point into */
};

/* Statements that may stand more than once are told apart by their second word too. */
static const char *const named[] = {"forbid", "permit",  "require",   "reason",    "set",
                                    "group",  "contact", "must-work", "never-bump", "never-log"};

static struct str first_words(struct str line)
{
    struct str rest = line;
    struct str verb = str_cut(&rest, ' ');
    size_t n = verb.n;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (str_eq(verb, str_of(named[i])))
            n += 1 + str_cut(&rest, ' ').n;
    if (str_eq(verb, STR("require")) || str_eq(verb, STR("scope"))) /* "require notice ID", "scope class" */
        n += 1 + str_cut(&rest, ' ').n;
    return str_trim(str_upto(line, n));
}

static struct str next_line(struct str *rest)
{
    return str_cut(rest, '\n');
}

static int read_statements(const struct artefact *a, struct statements *s)
{
    size_t size = 0, room = 0;
    struct str rest;

    *s = (struct statements){.text = print_policy(a, &size)};
    if (!s->text)
        return -1;
    for (size_t i = 0; i < size; i++)
        room += s->text[i] == '\n';
    s->rows = calloc(room + 1, sizeof *s->rows);
    if (!s->rows)
        return -1;
    rest = (struct str){s->text, size};
    while (rest.n) {
        struct str line = next_line(&rest);

        if (line.n == 0)
            continue;
        if (line.p[0] != ' ')
            s->rows[s->n++] = (struct statement){first_words(line), line};
        else if (s->n)
            s->rows[s->n - 1].text.n = (size_t)(line.p + line.n - s->rows[s->n - 1].text.p);
    }
    return 0;
}

static void free_statements(struct statements *s)
{
    free(s->rows);
    free(s->text);
}

static const struct statement *find_statement(const struct statements *s, struct str key)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->rows[i].key, key))
            return &s->rows[i];
    return NULL;
}

static bool has_line(struct str text, struct str line)
{
    while (text.n)
        if (str_eq(str_trim(next_line(&text)), line))
            return true;
    return false;
}

/* The lines of `text` that `other` does not have, each behind a sign. */
static void print_lines(struct str text, struct str other, const char *sign)
{
    while (text.n) {
        struct str line = str_trim(next_line(&text));

        if (line.n && !has_line(other, line))
            printf("    %s %.*s\n", sign, STR_ARG(line));
    }
}

static unsigned compare(const struct statements *a, const struct statements *b)
{
    unsigned changes = 0;

    for (size_t i = 0; i < a->n; i++) {
        const struct statement *old = &a->rows[i], *new = find_statement(b, old->key);

        if (new &&str_eq(new->text, old->text))
            continue;
        changes++;
        printf("%.*s: %s\n", STR_ARG(old->key), new ? "changed" : "removed");
        print_lines(old->text, new ? new->text : STR_NONE, "-");
        if (new)
            print_lines(new->text, old->text, "+");
    }
    for (size_t i = 0; i < b->n; i++)
        if (!find_statement(a, b->rows[i].key)) {
            changes++;
            printf("%.*s: added\n", STR_ARG(b->rows[i].key));
            print_lines(b->rows[i].text, STR_NONE, "+");
        }
    return changes;
}

static const struct a_source *find_source(const struct artefact *a, struct str path)
{
    for (uint32_t i = 0; i < a->n[SECTION_SOURCES]; i++) {
        const struct a_source *s = &ARTEFACT_ROWS(a, SOURCES, struct a_source)[i];

        if (str_eq(artefact_str(a, s->path), path))
            return s;
    }
    return NULL;
}

/* Registers, maps and pages: only that they differ; their rows may name people. */
static unsigned compare_sources(const struct artefact *a, const struct artefact *b, bool only_missing)
{
    unsigned changes = 0;

    for (uint32_t i = 0; i < a->n[SECTION_SOURCES]; i++) {
        const struct a_source *old = &ARTEFACT_ROWS(a, SOURCES, struct a_source)[i];
        const struct a_source *new = find_source(b, artefact_str(a, old->path));

        if (new && (only_missing || str_eq(artefact_str(a, old->text), artefact_str(b, new->text))))
            continue;
        changes++;
        printf("%.*s: %s\n", STR_ARG(artefact_str(a, old->path)),
               new            ? "changed"
               : only_missing ? "added"
                              : "removed");
    }
    return changes;
}

static unsigned diff(const struct artefact *a, const struct artefact *b)
{
    struct statements before = {0}, after = {0};
    unsigned changes = 0;

    if (read_statements(a, &before) == 0 && read_statements(b, &after) == 0)
        changes = compare(&before, &after);
    free_statements(&before);
    free_statements(&after);
    return changes + compare_sources(a, b, false) + compare_sources(b, a, true);
}

int cmd_diff(int argc, char **argv)
{
    int operands = options_read(argc, argv, NULL, 0, NULL);
    struct policy *a = NULL, *b = NULL;
    unsigned changes;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 2) {
        fprintf(stderr, "portreeve diff: which two artefacts? Write 'portreeve diff OLD NEW'.\n");
        return EXIT_BAD_INPUT;
    }
    a = open_policy(argv[1]);
    b = a ? open_policy(argv[2]) : NULL;
    if (!b) {
        policy_free(a);
        return EXIT_BAD_INPUT;
    }
    changes = diff(policy_artefact(a), policy_artefact(b));
    if (changes == 0)
        printf("the two say the same\n");
    policy_free(a);
    policy_free(b);
    return changes ? EXIT_REFUSED : EXIT_DONE;
}
