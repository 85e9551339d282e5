/* lists: the category database made from lists, looked into, taken back. */
#include "tools/cmd.h"
#include "tools/lists.h"
#include "tools/lists_store.h"

#include "compile/hostname.h"
#include "core/categories.h"
#include "core/clock.h"
#include "core/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool take_output(void *to, const char *value)
{
    ((struct lists_options *)to)->output = value;
    return true;
}

static bool take_map(void *to, const char *value)
{
    ((struct lists_options *)to)->map = value;
    return true;
}

static bool take_artefact(void *to, const char *value)
{
    ((struct lists_options *)to)->artefact = value;
    return true;
}

static bool take_accept(void *to, const char *value)
{
    (void)value;
    ((struct lists_options *)to)->accept = true;
    return true;
}

static bool take_leave_out(void *to, const char *value)
{
    (void)value;
    ((struct lists_options *)to)->leave_out = true;
    return true;
}

static bool number(const char *option, const char *value, uint64_t most, uint64_t *to)
{
    if (str_u64(str_of(value), to) && *to <= most)
        return true;
    fprintf(stderr, "portreeve lists: %s %s: give a number up to %llu\n", option, value, (unsigned long long)most);
    return false;
}

static bool take_bound(void *to, const char *value)
{
    return number("--bound", value, 1000, &((struct lists_options *)to)->bound);
}

static bool take_broken(void *to, const char *value)
{
    return number("--broken", value, 100, &((struct lists_options *)to)->broken);
}

static bool take_size(void *to, const char *value)
{
    return number("--max-size", value, 4096, &((struct lists_options *)to)->max_size);
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct lists_options *)to)->at) == 0)
        return true;
    fprintf(stderr, "portreeve lists: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n", value);
    return false;
}

static const struct option_row rows[] = {
    {"-o", false, take_output},          {"--output", false, take_output},     {"--map", false, take_map},
    {"--artefact", false, take_artefact}, {"--accept", true, take_accept},     {"--leave-out", true, take_leave_out},
    {"--bound", false, take_bound},      {"--broken", false, take_broken},     {"--max-size", false, take_size},
    {"--at", false, take_at},
};

int lists_usage(const char *what)
{
    fprintf(stderr, "portreeve lists %s See portreeve.lists(5).\n", what);
    return EXIT_BAD_INPUT;
}

/* ---- show ---- */

static void print_words(uint32_t categories)
{
    const char *comma = "";

    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        if (categories >> k & 1) {
            printf("%s%s", comma, word_of(WORDS_CATEGORY, k));
            comma = ", ";
        }
}

static void print_day(const char *before, int32_t day)
{
    char date[10];

    clock_format_date(day, date);
    printf("%s%.10s", before, date);
}

static void print_list(const struct catdb *db, const struct catdb_list *list)
{
    static const char *const kinds[CATDB_KINDS] = {"", " denied", " allowed"};

    printf("  %.*s%s: ", STR_ARG(catdb_str(db, list->name)), kinds[list->kind]);
    print_words(list->categories);
    printf("; %u names, %u addresses", list->names, list->urls);
    if (list->date)
        print_day("; of ", (int32_t)list->date);
    if (list->until)
        print_day("; to the end of ", clock_local((int64_t)list->until - 1).day);
    if (list->owner.n)
        printf("; by %.*s", STR_ARG(catdb_str(db, list->owner)));
    if (list->source.n)
        printf("; %.*s, %.*s", STR_ARG(catdb_str(db, list->source)), STR_ARG(catdb_str(db, list->licence)));
    putchar('\n');
}

static void print_database(const char *path, const struct catdb *db)
{
    const struct catdb_header *h = db->header;
    int64_t made = (int64_t)((uint64_t)h->made[1] << 32 | h->made[0]);

    printf("%s: %u names and %u addresses of %u lists, %zu bytes", path, h->names, h->urls, h->lists, db->size);
    print_day(", made on ", clock_local(made).day);
    putchar('\n');
    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        if (h->filled[k])
            printf("  %s: %u\n", word_of(WORDS_CATEGORY, k), h->filled[k]);
    for (uint32_t i = 0; i < h->lists; i++)
        print_list(db, &db->lists[i]);
}

/* What is printed about one host. */
struct looking {
    const struct catdb *db;
    unsigned n;
};

static void print_found(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    struct looking *l = to;

    printf("%.*s%.*s is on", STR_ARG(host), STR_ARG(url));
    print_list(l->db, list);
    l->n++;
}

static int look_up(const struct categories *c, const char *text)
{
    static char room[16384], whole[REQUEST_TARGET_MAX + 16];
    struct looking l = {0};
    char normal[HOSTNAME_MAX + 2];
    const char *problem;
    struct arena arena;
    struct str name;
    struct url u;

    arena_init(&arena, room, sizeof room);
    if (hostname_normal(str_of(text), false, normal, &name, &problem))
        text = normal; /* as people write it */
    snprintf(whole, sizeof whole, "%s%s", strstr(text, "://") ? "" : "https://", text);
    if (url_parse(str_of(whole), &arena, &u) != 0) {
        fprintf(stderr, "portreeve lists: '%s' is no host and no address\n", text);
        return EXIT_BAD_INPUT;
    }
    for (unsigned i = 0; i < c->n; i++) {
        l.db = &c->db[i];
        catdb_ask(l.db, &(struct catdb_question){u.host, u.path, u.query, u.host_is_address}, print_found, &l);
    }
    if (!l.n)
        printf("%.*s is on no list\n", STR_ARG(u.host));
    return EXIT_DONE;
}

static int show(int n, char **names, struct lists_options *o)
{
    struct categories *c;
    int result = EXIT_DONE;

    (void)o;
    if (n < 1)
        return lists_usage("show FILE [HOST...]: which file?");
    c = open_categories(names[0]);
    if (!c)
        return EXIT_BAD_INPUT;
    for (unsigned i = 0; n == 1 && i < c->n; i++)
        print_database(i ? c->suffix[i] + 1 : names[0], &c->db[i]);
    for (int i = 1; i < n; i++)
        if (look_up(c, names[i]) != EXIT_DONE)
            result = EXIT_BAD_INPUT;
    categories_free(c);
    return result;
}

/* ---- check, changes, rollback ---- */

static int check(int n, char **names, struct lists_options *o)
{
    struct categories *c;
    struct diag d;

    (void)o;
    if (n != 1)
        return lists_usage("check FILE: which file?");
    c = open_categories(names[0]);
    if (!c)
        return EXIT_BAD_INPUT;
    diag_init(&d);
    for (unsigned i = 0; i < c->n; i++)
        if (lists_check(&c->db[i], &d) == 0)
            printf("%s%s: whole; %u names, %u addresses\n", names[0], c->suffix[i],
                   c->db[i].header->names, c->db[i].header->urls);
    categories_free(c);
    return report(&d);
}

static int changes(int n, char **names, struct lists_options *o)
{
    char path[4096];
    struct str text;
    struct diag d;

    (void)o;
    if (n != 1)
        return lists_usage("changes FILE: which file?");
    diag_init(&d);
    snprintf(path, sizeof path, "%s.changes", names[0]);
    if (source_read_file(path, &text, &d) != 0)
        return report(&d);
    fwrite(text.p, 1, text.n, stdout);
    free((char *)(uintptr_t)text.p);
    return EXIT_DONE;
}

static int rollback(int n, char **names, struct lists_options *o)
{
    struct diag d;
    int lock;

    if (n != 1)
        return lists_usage("rollback FILE: which file?");
    diag_init(&d);
    lock = lists_lock(names[0], &d);
    if (lock >= 0 && lists_rollback(names[0], &d) == 0) {
        printf("%s: the lists before are in force; workers take them within a second or two\n", names[0]);
        lists_log(names[0], "rollback", o->at, NULL, &d);
    }
    if (lock >= 0)
        close(lock);
    return report(&d);
}

static const struct {
    const char *name;
    int (*run)(int n, char **names, struct lists_options *o);
} verbs[] = {{"import", lists_import_verb}, {"local", lists_local_verb}, {"show", show},
             {"check", check},              {"changes", changes},         {"rollback", rollback}};

enum { VERBS = sizeof verbs / sizeof *verbs };

int cmd_lists(int argc, char **argv)
{
    struct lists_options o = {.at = now_utc(), .bound = 20, .broken = 5, .max_size = 2048};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    const char *names[VERBS], *near;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands < 1)
        return lists_usage("VERB: import, local, show, check, changes or rollback?");
    for (size_t i = 0; i < VERBS; i++) {
        names[i] = verbs[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return verbs[i].run(operands - 1, argv + 2, &o);
    }
    near = diag_nearest(str_of(argv[1]), names, VERBS);
    fprintf(stderr, "portreeve lists: there is no verb '%s': did you mean '%s'?\n", argv[1], near ? near : "show");
    return EXIT_BAD_INPUT;
}
