/* lists import, lists local: read, prove, hold against what is in force, publish. */
#include "tools/lists.h"
#include "tools/lists_store.h"

#include "compile/encoding.h"
#include "compile/lists_import.h"
#include "core/categories.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FEW = 100 }; /* so many entries may come or go in any category, whatever the bound says */

/* ---- the report ---- */

static void print_tally(const struct lists_tally *t)
{
    printf("%s: %llu names, %llu addresses", t->name, (unsigned long long)t->names,
           (unsigned long long)t->urls);
    if (t->twice)
        printf(", %llu twice", (unsigned long long)t->twice);
    putchar('\n');
    for (unsigned why = 0; why < LEFT_COUNT; why++) {
        if (!t->left[why])
            continue;
        printf("  %s: %llu %s (line %s", why == LEFT_HOSTING ? "kept in part" : "left out",
               (unsigned long long)t->left[why], lists_left_words[why], t->samples[why][0]);
        for (unsigned i = 1; i < t->left[why] && i < LISTS_LEFT_SAMPLES; i++)
            printf("; %s", t->samples[why][i]);
        printf(")\n");
    }
}

static void print_report(const struct lists_import *i)
{
    const struct lists_tally *tallies;
    size_t n = lists_import_tallies(i, &tallies);

    for (size_t k = 0; k < n; k++)
        print_tally(&tallies[k]);
    if (lists_import_unmapped(i)[0])
        printf("not in the map of categories, and passed over: %s\n", lists_import_unmapped(i));
    if (lists_import_links(i))
        printf("links, which are never followed: %llu\n", (unsigned long long)lists_import_links(i));
}

/* ---- the guard ---- */

static bool beyond(uint32_t n, uint32_t before, uint64_t percent)
{
    return before && n > FEW && (uint64_t)n * 100 > (uint64_t)before * percent;
}

/* An update that changes a category by more than the bound may be a broken or hijacked list. */
static int guard(const struct lists_change *changes, const struct lists_options *o, struct diag *d)
{
    int result = 0;

    for (unsigned k = 0; k < CATEGORY_COUNT; k++) {
        const struct lists_change *c = &changes[k];
        char text[DIAG_TEXT];

        if (!(c->before && c->removed == c->before && !c->added) && !beyond(c->added, c->before, o->bound) &&
            !beyond(c->removed, c->before, o->bound))
            continue;
        snprintf(text, sizeof text,
                 "%s: %u entries before, %u new, %u gone, which is more than the bound of %llu %%: refused; "
                 "look at "
                 "the lists, then say --accept if they are right",
                 word_of(WORDS_CATEGORY, k), c->before, c->added, c->removed, (unsigned long long)o->bound);
        result = diag_error(d, text, NULL, NULL);
    }
    return o->accept ? 0 : result;
}

/* ---- import ---- */

/* What an import needs from its beginning to its end. */
struct work {
    struct lists_options *o;
    struct str map_text;
    struct lists_map *map;
    struct policy *policy; /* NULL: no artefact was given */
    struct str *must_work;
    char *names; /* of must_work */
    struct lists *lists;
    struct lists_how how;
    struct lists_import *import;
    int lock;
    struct diag d;
};

/* The policy's must-work hosts, ".name" where all below is meant. */
static int read_must_work(struct work *w)
{
    const struct artefact *a;
    size_t n = 0, bytes = 0;

    if (!w->o->artefact)
        return 0;
    if (policy_map(w->o->artefact, &w->policy, &w->d) != 0)
        return -1;
    a = policy_artefact(w->policy);
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++)
        bytes += ARTEFACT_ROWS(a, HOSTS, struct a_host)[i].name.n + 1;
    w->must_work = calloc(a->n[SECTION_HOSTS] + 1, sizeof *w->must_work);
    w->names = malloc(bytes + 1);
    if (!w->must_work || !w->names)
        return diag_error(&w->d, "there is not enough memory", NULL, NULL);
    bytes = 0;
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++) {
        const struct a_host *row = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];
        struct str name = artefact_str(a, row->name);
        bool below = row->flags & HOST_SUBDOMAINS;

        if (!(row->flags & HOST_MUST_WORK))
            continue;
        w->names[bytes] = '.';
        memcpy(w->names + bytes + below, name.p, name.n);
        w->must_work[n++] = (struct str){w->names + bytes, name.n + below};
        bytes += name.n + below;
    }
    w->how.n_must_work = n;
    return 0;
}

static int read_map(struct work *w)
{
    const char *path = w->o->map ? w->o->map : PORTREEVE_DATADIR "/categories/categories.map";

    return source_read_file(path, &w->map_text, &w->d) == 0 &&
                   lists_map_read(str_of(path), w->map_text, &w->map, &w->d) == 0
               ? 0
               : -1;
}

/* "SOURCE=PATH" or "PATH". */
static int read_operand(struct work *w, const char *operand)
{
    struct str text = str_of(operand), source = str_upto(text, str_find(text, '='));

    if (source.n == text.n || str_find(source, '/') < source.n || access(operand, F_OK) == 0)
        return lists_import_path(w->import, operand, STR_NONE, &w->d);
    return lists_import_path(w->import, operand + source.n + 1, source, &w->d);
}

static int gather(struct work *w, int n, char **names)
{
    w->how = (struct lists_how){.broken_percent = (unsigned)w->o->broken,
                                .leave_out = w->o->leave_out,
                                .bytes_max = w->o->max_size << 20};
    if (read_map(w) != 0 || read_must_work(w) != 0)
        return -1;
    w->lists = lists_new();
    if (!w->lists)
        return diag_error(&w->d, "there is not enough memory", NULL, NULL);
    w->how.map = w->map;
    w->how.to = w->lists;
    w->how.must_work = w->must_work;
    w->import = lists_import_new(&w->how, &w->d);
    if (!w->import)
        return -1;
    for (int i = 0; i < n; i++)
        if (read_operand(w, names[i]) != 0)
            return -1;
    return 0;
}

/* Written beside, held against what is in force, put in its place. */
static int publish(struct work *w)
{
    struct lists_change *changes = calloc(CATEGORY_COUNT, sizeof *changes);
    struct lists_file from = {.mapping = NULL}, to = {.mapping = NULL};
    char aside[PATH_MAX];
    int result = -1;

    if (!changes || lists_make_aside(w->lists, w->o->output, w->o->at, aside, &w->d) != 0) {
        free(changes);
        return -1;
    }
    if (lists_file_open(w->o->output, true, &from, &w->d) == 0 &&
        lists_file_open(aside, false, &to, &w->d) == 0) {
        lists_compare(from.mapping ? &from.db : NULL, &to.db, changes);
        lists_print_changes(stdout, changes);
        result = guard(changes, w->o, &w->d);
    }
    if (result == 0 && lists_publish(w->o->output, aside, from.mapping != NULL, &w->d) == 0) {
        printf("%s: %u names and %u addresses in force\n", w->o->output, to.db.header->names,
               to.db.header->urls);
        result =
            lists_log(w->o->output, w->o->accept ? "import, accepted" : "import", w->o->at, changes, &w->d);
    } else {
        unlink(aside);
        result = -1;
    }
    lists_file_close(&from);
    lists_file_close(&to);
    free(changes);
    return result;
}

static void finish(struct work *w)
{
    lists_import_free(w->import);
    lists_free(w->lists);
    lists_map_free(w->map);
    policy_free(w->policy);
    free(w->must_work);
    free(w->names);
    free((char *)(uintptr_t)w->map_text.p);
    if (w->lock >= 0)
        close(w->lock);
}

int lists_import_verb(int n, char **names, struct lists_options *o)
{
    static struct work w;
    int result;

    if (n < 1)
        return lists_usage("import [SOURCE=]PATH... -o FILE: what shall be imported?");
    if (!o->output)
        return lists_usage("import: where to? Say -o FILE.");
    w = (struct work){.o = o};
    diag_init(&w.d);
    w.lock = lists_lock(o->output, &w.d);
    result = w.lock < 0 ? -1 : gather(&w, n, names);
    if (result == 0) {
        print_report(w.import);
        result = lists_import_done(w.import, &w.d);
    }
    if (result == 0)
        result = publish(&w);
    finish(&w);
    report(&w.d);
    if (result == 0)
        return EXIT_DONE;
    fprintf(stderr, "portreeve lists: %s was not changed; what was in force still is\n", o->output);
    return EXIT_REFUSED;
}

/* ---- local ---- */

int lists_local_verb(int n, char **names, struct lists_options *o)
{
    struct str text = STR_NONE;
    struct lists *l = lists_new();
    char path[PATH_MAX], aside[PATH_MAX];
    struct diag d;
    int result = -1, lock = -1;

    diag_init(&d);
    if (n != 1 || !o->output) {
        lists_free(l);
        return lists_usage("local CSV -o FILE: which register, beside which database?");
    }
    snprintf(path, sizeof path, "%s%s", o->output, CATEGORIES_LOCAL);
    if (l && source_read_file(names[0], &text, &d) == 0 &&
        encoding_to_utf8(str_of(names[0]), &text, &d) == 0 && (lock = lists_lock(path, &d)) >= 0 &&
        lists_local(l, STR("local"), str_of(names[0]), text, &d) == 0 &&
        lists_make_aside(l, path, o->at, aside, &d) == 0)
        result = lists_publish(path, aside, false, &d);
    if (result == 0)
        printf("%s: %u hosts in force within a second or two\n", path, lists_count(l));
    lists_free(l);
    free((char *)(uintptr_t)text.p);
    if (lock >= 0)
        close(lock);
    report(&d);
    return result == 0 ? EXIT_DONE : EXIT_REFUSED;
}
