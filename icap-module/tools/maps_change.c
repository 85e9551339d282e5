/* `portreeve maps update` and `rollback`: the new texts are put over the council's in memory, all of it is
 * compiled and tested, and only then does a file change. */
#include "tools/cmd.h"
#include "tools/json_words.h"
#include "tools/maps.h"

#include "compile/maps.h"
#include "core/clock.h"
#include "record/seal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_ROOM = 128 };

/* ---- what the command line names ---- */

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

static int take_file(struct source *given, const char *file, struct diag *d)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    char path[NAME_ROOM];
    struct str text;

    if (snprintf(path, sizeof path, "platforms/%s", name) >= (int)sizeof path || maps_id(str_of(path)).n == 0)
        return diag_error(d, file, ": is no map and no case file: they are called ID.map and ID.case", NULL);
    if (source_find(given, str_of(path)))
        return diag_error(d, file, ": another file of that name is given, too", NULL);
    if (source_read_file(file, &text, d) != 0)
        return -1;
    return source_take(given, str_of(path), text, d);
}

static int take_folder(struct source *given, const char *folder, struct diag *d)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    size_t before = given->n;
    int result = 0;

    if (!dir)
        return diag_error(d, folder, ": cannot be listed: ", strerror(errno));
    while ((entry = readdir(dir)) != NULL) {
        char file[4096];

        if (entry->d_name[0] == '.' ||
            !(ends_with(entry->d_name, ".map") || ends_with(entry->d_name, ".case")))
            continue;
        if (snprintf(file, sizeof file, "%s/%s", folder, entry->d_name) >= (int)sizeof file ||
            take_file(given, file, d) != 0)
            result = -1;
    }
    closedir(dir);
    if (result == 0 && given->n == before)
        return diag_error(d, folder, ": holds no map and no case file", NULL);
    return result;
}

int maps_read_given(int n, char **names, struct source *given, struct diag *d)
{
    struct stat st;
    int result = 0;

    for (int i = 0; i < n; i++) {
        bool folder = stat(names[i], &st) == 0 && S_ISDIR(st.st_mode);

        if ((folder ? take_folder : take_file)(given, names[i], d) != 0)
            result = -1;
    }
    return result;
}

static const struct source_file *beside(const struct source *s, struct str path, const char *end)
{
    char name[NAME_ROOM];

    snprintf(name, sizeof name, "platforms/%.*s%s", STR_ARG(maps_id(path)), end);
    return s ? source_find(s, str_of(name)) : NULL;
}

static bool has_case(const struct source_file *file)
{
    static const struct str word = {"\ncase ", 6};

    if (!file || str_eq(str_upto(file->text, word.n - 1), str_from(word, 1)))
        return file != NULL;
    for (size_t i = 0; i + word.n <= file->text.n; i++)
        if (str_eq(str_upto(str_from(file->text, i), word.n), word))
            return true;
    return false;
}

int maps_check_given(const struct source *given, const struct source *base, struct diag *d)
{
    int result = 0;

    for (size_t i = 0; i < given->n; i++) {
        const struct source_file *file = &given->files[i], *cases = beside(given, file->path, ".case");
        struct str version;

        if (!maps_is_map(file->path))
            continue;
        if (maps_check_map(file, &version, d) != 0)
            result = -1;
        else if (!has_case(cases ? cases : beside(base, file->path, ".case")))
            result = diag_error(d, file->path.p, ": no map is used untested: give its cases, too, as ID.case",
                                NULL);
    }
    return result;
}

/* ---- a change ---- */

struct change {
    const struct maps_options *o;
    const char *council, *root;
    struct source base, given; /* `given`: an empty text takes a file out */
    struct map_change *files;
    json_t *maps;
    struct diag d;
};

static void begin(struct change *c, const char *council, const struct maps_options *o)
{
    *c = (struct change){
        .o = o, .council = council, .root = o->maps ? o->maps : council, .maps = json_array()};
    diag_init(&c->d);
}

static void end(struct change *c)
{
    json_decref(c->maps);
    free(c->files);
    source_free(&c->base);
    source_free(&c->given);
}

static int read_base(struct change *c)
{
    struct stat st;

    if (stat(c->council, &st) == 0 && !S_ISDIR(st.st_mode))
        return diag_error(&c->d, c->council, ": is no council's folder", NULL);
    return seal_init(&c->d) || read_source(c->council, c->o->maps, &c->base, &c->d) ? -1 : 0;
}

/* A council's own map goes before one of the folder that all share: a new one there would do nothing. */
static int check_root(struct change *c)
{
    for (size_t i = 0; c->o->maps && i < c->given.n; i++) {
        char own[4096];

        snprintf(own, sizeof own, "%s/%.*s", c->council, STR_ARG(c->given.files[i].path));
        if (access(own, F_OK) == 0)
            return diag_error(&c->d, own,
                              ": goes before the one that --maps names: change that, without --maps", NULL);
    }
    return 0;
}

static json_t *version_word(const struct source_file *file)
{
    struct str version = STR_NONE;
    struct diag ignored;

    diag_init(&ignored);
    if (!file || file->text.n == 0)
        return json_null();
    maps_check_map(file, &version, &ignored);
    return json_slice(version);
}

/* What is different of what was given, before and after; what is the same is no change. */
static int compare(struct change *c, size_t *n)
{
    *n = 0;
    c->files = calloc(c->given.n + 1, sizeof *c->files);
    if (!c->files)
        return diag_error(&c->d, "out of memory", NULL, NULL);
    for (size_t i = 0; i < c->given.n; i++) {
        const struct source_file *new = &c->given.files[i], *old = source_find(&c->base, new->path);
        struct str before = old ? old->text : STR_NONE;

        if (str_eq(before, new->text))
            continue;
        c->files[(*n)++] =
            (struct map_change){str_from(new->path, sizeof "platforms/" - 1), before, new->text};
        if (maps_is_map(new->path))
            json_array_append_new(c->maps,
                                  json_pack("{s:o, s:o, s:o}", "platform", json_slice(maps_id(new->path)),
                                            "from", version_word(old), "to", version_word(new)));
    }
    return 0;
}

/* The gate: the council's policy with the new maps, as `portreeve compile` would have it. */
static int gate(struct change *c)
{
    struct source all = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    int result = maps_overlay(&c->base, &c->given, &all);

    if (result == 0)
        result = compile_source(&all, clock_local(c->o->at).day, COMPILE_TESTS, &bytes, &size, &c->d);
    free(bytes);
    free(all.files);
    return result;
}

static void tell(const struct change *c)
{
    const json_t *one;
    size_t i;

    json_array_foreach(c->maps, i, one)
    {
        const char *from = json_string_value(json_object_get(one, "from"));
        const char *to = json_string_value(json_object_get(one, "to"));

        printf("%s: %s -> %s\n", json_string_value(json_object_get(one, "platform")), from ? from : "none",
               to ? to : "none");
    }
    printf("Not in service yet: publish it with 'portreeve compile %s -o FILE%s%s'\n", c->council,
           c->o->maps ? " --maps " : "", c->o->maps ? c->o->maps : "");
}

static int finish(struct change *c, const char *verb)
{
    size_t n;
    struct maps_changes changes;
    int result;

    if (compare(c, &n) != 0)
        return -1;
    if (n == 0) {
        printf("Nothing to do: these maps are in place already\n");
        return 0;
    }
    if (gate(c) != 0)
        return -1;
    changes = (struct maps_changes){verb, c->maps, c->files, n};
    result = maps_store_change(c->root, &changes, &c->d);
    if (result >= 0)
        tell(c);
    return result;
}

static int answer(struct change *c, int result)
{
    report(&c->d);
    if (result < 0)
        fprintf(stderr, "portreeve maps: nothing was changed in %s/platforms\n", c->root);
    else if (result > 0)
        fprintf(
            stderr,
            "portreeve maps: %s/platforms is changed, but what belongs beside it is not as it should be\n",
            c->root);
    end(c);
    return result == 0 ? EXIT_DONE : EXIT_BAD_INPUT;
}

int maps_update(int n, char **names, struct maps_options *o)
{
    struct change c;
    int result = -1;

    if (n < 2)
        return maps_usage("update DIR FILE...: which council, and which maps?");
    begin(&c, names[0], o);
    if (read_base(&c) == 0 && maps_read_given(n - 1, names + 1, &c.given, &c.d) == 0 &&
        maps_check_given(&c.given, &c.base, &c.d) == 0 && check_root(&c) == 0)
        result = finish(&c, "update");
    return answer(&c, result);
}

/* ---- back ---- */

/* The newest change that brought or took this file; NULL: none. */
static const char *last_change(json_t *all, const char *root, const char *name, struct diag *d)
{
    static const char *const which[] = {"new", "old"};

    for (size_t i = json_array_size(all); i > 0; i--) {
        const char *change = json_string_value(json_object_get(json_array_get(all, i - 1), "name"));

        for (size_t k = 0; k < 2; k++) {
            struct str text;
            int result = maps_store_file(root, change, which[k], name, &text, d);
            bool there = text.n > 0;

            free((char *)(uintptr_t)text.p);
            if (result != 0)
                return NULL;
            if (there)
                return change;
        }
    }
    return NULL;
}

/* The file as it was before that change; the file that is there must be the one that the change made. */
static int take_back(struct change *c, const char *change, const char *name)
{
    struct str made = STR_NONE, old = STR_NONE;
    const struct source_file *now;
    char path[NAME_ROOM];
    int result = -1;

    snprintf(path, sizeof path, "platforms/%s", name);
    now = source_find(&c->base, str_of(path));
    if (maps_store_file(c->root, change, "new", name, &made, &c->d) != 0 ||
        maps_store_file(c->root, change, "old", name, &old, &c->d) != 0) {
    } else if (made.n == 0 && old.n == 0) {
        result = 0; /* not of this change */
    } else if (!str_eq(made, now ? now->text : STR_NONE)) {
        diag_error(&c->d, path,
                   ": is not what the last change made of it: put it right by hand, or update it", NULL);
    } else {
        result = source_take(&c->given, str_of(path), old, &c->d);
        old = STR_NONE;
    }
    free((char *)(uintptr_t)made.p);
    free((char *)(uintptr_t)old.p);
    return result;
}

static int find_back(struct change *c, const char *id)
{
    char map[NAME_ROOM], cases[NAME_ROOM];
    json_t *all = maps_store_changes(c->root, &c->d);
    const char *change;
    int result = -1;

    snprintf(map, sizeof map, "%.100s.map", id);
    snprintf(cases, sizeof cases, "%.100s.case", id);
    change = all ? last_change(all, c->root, map, &c->d) : NULL;
    if (change)
        result = take_back(c, change, map) || take_back(c, change, cases) ? -1 : 0;
    else if (!c->d.errors)
        diag_error(&c->d, id, ": no change of its map is kept: 'portreeve maps history' lists them", NULL);
    json_decref(all);
    return result;
}

int maps_rollback(int n, char **names, struct maps_options *o)
{
    struct change c;
    int result = -1;

    if (n != 2)
        return maps_usage("rollback DIR ID: which council, and which platform?");
    begin(&c, names[0], o);
    if (read_base(&c) == 0 && find_back(&c, names[1]) == 0 && check_root(&c) == 0)
        result = finish(&c, "rollback");
    return answer(&c, result);
}
