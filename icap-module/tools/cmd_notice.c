/* notice: the transparency page, from the artefact in force, from what portreeved says of itself
 * (STANDING.daemon) and from the council's profile of cases. */
#include "core/clock.h"
#include "record/file.h"
#include "report/notice.h"
#include "report/report.h"
#include "store/store.h"
#include "tools/cmd.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct notice_options {
    const char *standing, *cases, *out;
    bool text;
    int64_t at;
};

static bool take_standing(void *to, const char *value)
{
    ((struct notice_options *)to)->standing = value;
    return true;
}

static bool take_cases(void *to, const char *value)
{
    ((struct notice_options *)to)->cases = value;
    return true;
}

static bool take_out(void *to, const char *value)
{
    ((struct notice_options *)to)->out = value;
    return true;
}

static bool take_text(void *to, const char *value)
{
    (void)value;
    ((struct notice_options *)to)->text = true;
    return true;
}

static bool take_at(void *to, const char *value)
{
    return take_moment("portreeve notice: --at", value, &((struct notice_options *)to)->at);
}

static const struct option_row rows[] = {
    {"--standing", false, take_standing},
    {"--cases", false, take_cases},
    {"--text", true, take_text},
    {"-o", false, take_out},
    {"--at", false, take_at},
};

/* A whole number of days at `key`; -1 where none stands there. */
static int64_t days_in(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_integer(v) ? json_integer_value(v) : -1;
}

static int keeps_in(const json_t *o, struct notice_daemon *n)
{
    const json_t *keeps = json_object_get(o, "keeps");

    for (int i = 0; i < KEEP_COUNT; i++) {
        int64_t days = days_in(json_object_get(keeps, keep_words[i]), "days");

        if (days < 0 || days > INT32_MAX)
            return -1;
        n->keep_days[i] = (unsigned)days;
    }
    return 0;
}

static void feeds_in(const json_t *o, struct notice_daemon *n)
{
    size_t i;
    json_t *f;

    json_array_foreach(json_object_get(o, "feeds"), i, f)
    {
        const char *text = json_string_value(json_object_get(f, "feed"));
        bool security = text && !strncmp(text, "security", 8);

        n->feed_security |= security;
        n->feed_codes |= security && !strstr(text, "no-user");
        n->feed_policy |= text && !security;
    }
}

/* The slices are the object's. */
static int daemon_read(const json_t *o, const char *path, struct notice_daemon *n, struct diag *d)
{
    *n = (struct notice_daemon){.held_days = days_in(o, "held_days"),
                                .record_days = days_in(o, "record_days"),
                                .access_days = days_in(o, "access_days"),
                                .holders = !json_is_false(json_object_get(o, "holders")), /* not told: they may be */
                                .host = json_string_value(json_object_get(o, "portal")),
                                .epoch = json_string_value(json_object_get(o, "epoch"))};
    feeds_in(o, n);
    if (!json_is_object(o) || keeps_in(o, n) != 0)
        return diag_error(
            d, path,
            ": cannot be read: a notice tells what portreeved keeps, so portreeved must have run with "
            "--standing",
            NULL);
    return 0;
}

static int cases_read(const char *path, struct case_profile *p, struct diag *d)
{
    struct str json = STR_NONE;
    int result;

    if (source_read_file(path, &json, d) != 0)
        return -1;
    result = case_profile_read(json, p, d);
    free((char *)(uintptr_t)json.p);
    return result;
}

static int put(const struct notice_options *o, const struct doc *doc, struct diag *d)
{
    struct html page = {0};
    int result = o->text ? out_plain(doc, &page) : out_html(doc, &page);

    if (result != 0)
        diag_error(d, "out of memory: no notice was made", NULL, NULL);
    else if (o->out)
        result = file_replace(o->out, page.p, page.n, d);
    else
        fwrite(page.p, 1, page.n, stdout);
    html_free(&page);
    return result;
}

static int make(const struct notice_options *o, const struct policy *p, const json_t *daemon, struct diag *d)
{
    struct notice_facts f = {.policy = policy_artefact(p), .made = o->at};
    struct case_profile profile = {0};
    struct doc doc = {0};
    int result = -1;

    if (daemon_read(daemon, o->standing, &f.daemon, d) == 0 &&
        (!o->cases || cases_read(o->cases, &profile, d) == 0)) {
        f.cases = o->cases ? &profile : NULL;
        result = notice_write(&f, &doc, d) == 0 ? put(o, &doc, d) : -1;
    }
    doc_free(&doc);
    case_profile_free(&profile);
    return result;
}

int cmd_notice(int argc, char **argv)
{
    struct notice_options o = {.at = now_utc()};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    struct diag d;
    struct policy *p;
    char path[4096];
    json_t *daemon;
    int result;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1 || !o.standing ||
        (size_t)snprintf(path, sizeof path, "%s.daemon", o.standing) >= sizeof path) {
        fprintf(stderr, "portreeve notice: write 'portreeve notice FILE --standing FILE [--cases FILE] "
                        "[--text] [-o FILE]'\n");
        return EXIT_BAD_INPUT;
    }
    p = open_policy(argv[1]);
    if (!p)
        return EXIT_BAD_INPUT;
    diag_init(&d);
    o.standing = path;
    daemon = json_load_file(path, 0, NULL);
    result = make(&o, p, daemon, &d) == 0 ? EXIT_DONE : EXIT_BAD_INPUT;
    report(&d);
    json_decref(daemon);
    policy_free(p);
    return result;
}
