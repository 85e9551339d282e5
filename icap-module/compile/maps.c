#include "compile/maps.h"

#include "compile/compile.h"
#include "compile/diag_text.h"
#include "core/clock.h"
#include "core/policy.h"

#include <stdio.h>
#include <stdlib.h>

bool maps_day(struct str version, int32_t *day)
{
    int64_t utc;

    if (version.n != 10 || clock_parse(version, &utc) != 0)
        return false;
    *day = clock_local(utc).day;
    return true;
}

static bool in_platforms(struct str path, struct str end)
{
    static const struct str folder = {"platforms/", 10};

    return path.n > folder.n + end.n && str_eq(str_upto(path, folder.n), folder) &&
           str_eq(str_from(path, path.n - end.n), end);
}

bool maps_is_map(struct str path)
{
    return in_platforms(path, STR(".map"));
}

bool maps_is_case(struct str path)
{
    return in_platforms(path, STR(".case"));
}

struct str maps_id(struct str path)
{
    struct str id = str_from(path, sizeof "platforms/" - 1);

    id.n -= id.n >= 4 && maps_is_map(path) ? 4 : id.n >= 5 && maps_is_case(path) ? 5 : id.n;
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '-' ||
              id.p[i] == '_'))
            return STR_NONE;
    return id;
}

/* The platform is named as the file; the version lies in the text, which the builder only copies. */
static int same_name(struct builder *b, const struct source_file *file, struct str *version, struct diag *d)
{
    uint32_t platform = build_find_platform(b, maps_id(file->path));
    struct message *m;
    struct str word;

    *version = STR_NONE;
    if (platform == NO_INDEX) {
        m = diag_at(d, SEVERITY_ERROR, file->path, 1, 1);
        if (m)
            snprintf(m->text, sizeof m->text,
                     "a map's file is named after its platform, and this one is another's: call it ID.map");
        return -1;
    }
    word = build_text(b, ((const struct a_platform *)build_at(b, SECTION_PLATFORMS, platform))->version);
    for (size_t i = 0; i + word.n <= file->text.n && !version->n; i++)
        if (str_eq(str_upto(str_from(file->text, i), word.n), word))
            *version = str_upto(str_from(file->text, i), word.n);
    return 0;
}

int maps_check_map(const struct source_file *file, struct str *version, struct diag *d)
{
    struct builder *b = build_new();
    int result = -1;

    if (!b)
        return diag_error(d, "there is not enough memory to read the map", NULL, NULL);
    if (parse_map(b, file->path, file->text, d) == 0)
        result = same_name(b, file, version, d);
    diag_quote(d, file->path, file->text);
    build_free(b);
    return result;
}

int maps_overlay(const struct source *base, const struct source *over, struct source *merged)
{
    struct source_file *files = calloc(base->n + over->n + 1, sizeof *files);
    size_t i = 0, k = 0, n = 0;

    *merged = (struct source){files, 0};
    if (!files)
        return -1;
    while (i < base->n || k < over->n) { /* both are sorted by path */
        int order = i == base->n ? 1 : k == over->n ? -1 : str_cmp(base->files[i].path, over->files[k].path);

        files[n] = order < 0 ? base->files[i] : over->files[k];
        n += files[n].text.n > 0 || order < 0;
        i += order <= 0;
        k += order >= 0;
    }
    merged->n = n;
    return 0;
}

/* In it every platform is judged and recorded, and nothing refused. */
static const char neutral[] = "policy \"What platform maps say\" version 1 from 2026-01-01\n"
                              "council \"None\"\n"
                              "owner \"None\"\n"
                              "approved-by \"None\" on 2026-01-01\n"
                              "review-due 2199-12-31\n"
                              "default allow cite \"-\"\n"
                              "unsure allow\n"
                              "unknown-writes allow\n"
                              "malformed allow\n";

/* The maps alone with that policy; the texts stay those of `s`. NULL without memory. */
static struct source_file *choose(const struct source *s, size_t *n)
{
    struct source_file *files = calloc(s->n + 1, sizeof *files);

    *n = 0;
    if (!files)
        return NULL;
    files[(*n)++] = (struct source_file){STR("council.policy"), str_of(neutral)}; /* before "platforms/" */
    for (size_t i = 0; i < s->n; i++)
        if (maps_is_map(s->files[i].path))
            files[(*n)++] = s->files[i];
    return files;
}

static bool any_case(const struct source *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (maps_is_case(s->files[i].path))
            return true;
    return false;
}

static int run_all(const struct policy *p, const struct source *s, struct case_result *result, struct diag *d)
{
    const struct snapshot snapshot = {.policy = p};
    int answer = 0;

    for (size_t i = 0; i < s->n; i++) {
        unsigned failed = result->failed;

        if (maps_is_case(s->files[i].path) &&
            (cases_run(&snapshot, s->files[i].path, s->files[i].text, result, d) != 0 ||
             result->failed > failed))
            answer = -1;
    }
    return answer;
}

static int run_neutral(const struct source *maps, const struct source *s, struct case_result *result,
                       struct diag *d)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct policy *p = NULL;
    int answer = -1;

    if (compile_source(maps, 0, 0, &bytes, &size, d) == 0 && policy_open_mem(bytes, size, &p, d) == 0)
        answer = run_all(p, s, result, d);
    policy_free(p);
    free(bytes);
    return answer;
}

int maps_run_cases(const struct source *s, struct case_result *result, struct diag *d)
{
    struct source maps = {0};
    struct diag *own;
    int answer = -1;

    if (!any_case(s))
        return 0;
    maps.files = choose(s, &maps.n);
    own = malloc(sizeof *own); /* what is doubtful in the neutral policy is nobody's business */
    if (maps.files && own) {
        diag_init(own);
        answer = run_neutral(&maps, s, result, own);
        diag_add_errors(d, own);
    } else {
        diag_error(d, "there is not enough memory to test the maps", NULL, NULL);
    }
    free(own);
    free(maps.files);
    return answer;
}
