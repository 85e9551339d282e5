#include "tools/metrics.h"

#include "core/clock.h"
#include "core/str.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"

enum kind { NUMBER, AGE, FLAG, PRESENT, SIZE, IS_FILE };

static const struct fact {
    const char *name, *type, *path;
    enum kind kind;
    const char *help;
} fact_rows[] = {
#define FACT(name, type, path, kind, help) {#name, #type, path, kind, help},
#include "tools/metrics.def"
};

static const struct counter_row {
    const char *name, *labels, *counter, *help;
} counter_rows[] = {
#define COUNTER(name, labels, counter, help) {#name, labels, counter, help},
#include "tools/metrics.def"
};

static const struct bucket {
    const char *counter, *below; /* seconds */
} buckets[] = {
    {"answered within 100 us", "0.0001"},
    {"answered within 250 us", "0.00025"},
    {"answered within 500 us", "0.0005"},
    {"answered within 1000 us", "0.001"},
    {"answered within 2500 us", "0.0025"},
    {"answered within 10000 us", "0.01"},
    {"answered later", "+Inf"},
};

/* ---- facts ---- */

static const json_t *at_path(const json_t *facts, const char *path)
{
    char key[64];

    while (facts && *path) {
        size_t n = strcspn(path, ".");

        snprintf(key, sizeof key, "%.*s", (int)n, path);
        facts = json_object_get(facts, key);
        path += n + (path[n] == '.');
    }
    return facts;
}

/* False: it is not known, and so not shown. */
static bool value_of(const struct fact *f, const json_t *v, int64_t now, int64_t *value)
{
    const char *text = json_string_value(v);
    int64_t t;

    switch (f->kind) {
    case NUMBER:
        *value = json_integer_value(v);
        return json_is_integer(v);
    case AGE:
        if (!text || clock_parse(str_of(text), &t) != 0)
            return false;
        *value = now > t ? now - t : 0;
        return true;
    case FLAG:
        *value = json_is_true(v);
        return json_is_boolean(v);
    case PRESENT:
        *value = v && !json_is_null(v);
        return true;
    case SIZE:
        *value = (int64_t)json_array_size(v);
        return true;
    default:
        *value = text && strcmp(text, "file") == 0;
        return true;
    }
}

static void head(FILE *to, const char *name, const char *type, const char *help)
{
    fprintf(to, "# HELP portreeve_%s %s\n# TYPE portreeve_%s %s\n", name, help, name, type);
}

static void write_facts(FILE *to, const json_t *facts, int64_t now)
{
    for (size_t i = 0; i < sizeof fact_rows / sizeof *fact_rows; i++) {
        const struct fact *f = &fact_rows[i];
        int64_t value;

        if (!value_of(f, at_path(facts, f->path), now, &value))
            continue;
        head(to, f->name, f->type, f->help);
        fprintf(to, "portreeve_%s %lld\n", f->name, (long long)value);
    }
}

/* ---- counters ---- */

/* The number behind "portreeve LABEL : "; false where there is none. */
static bool counter(const char *counters, const char *label, uint64_t *value)
{
    size_t n = strlen(label);

    for (const char *line = counters; line && *line; line = strchr(line, '\n'), line += line != NULL)
        if (strncmp(line, "portreeve ", 10) == 0 && strncmp(line + 10, label, n) == 0 &&
            strncmp(line + 10 + n, " : ", 3) == 0) {
            const char *digits = line + 13 + n;

            return str_u64((struct str){digits, strspn(digits, "0123456789")}, value);
        }
    return false;
}

static void write_counters(FILE *to, const char *counters)
{
    for (size_t i = 0; i < sizeof counter_rows / sizeof *counter_rows; i++) {
        const struct counter_row *row = &counter_rows[i];
        uint64_t value;

        if (!counter(counters, row->counter, &value))
            continue;
        if (row->help[0])
            head(to, row->name, "counter", row->help);
        fprintf(to, row->labels[0] ? "portreeve_%s{%s} %llu\n" : "portreeve_%s%s %llu\n", row->name,
                row->labels, (unsigned long long)value);
    }
}

/* The sum is not known: buckets alone are counted. */
static void write_latency(FILE *to, const char *counters)
{
    uint64_t sum = 0, value;

    if (!counter(counters, buckets[0].counter, &value))
        return;
    head(to, "answer_seconds", "histogram", "from a request's head to its answer, in the module");
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++) {
        sum += counter(counters, buckets[i].counter, &value) ? value : 0;
        fprintf(to, "portreeve_answer_seconds_bucket{le=\"%s\"} %llu\n", buckets[i].below,
                (unsigned long long)sum);
    }
    fprintf(to, "portreeve_answer_seconds_count %llu\n", (unsigned long long)sum);
}

/* "portreeve facebook requests : 17": ids of maps are small letters, digits, '-' and '_'. */
static void write_platforms(FILE *to, const char *counters, const char *what, const char *name,
                            const char *help)
{
    bool begun = false;

    for (const char *line = counters; line && *line; line = strchr(line, '\n'), line += line != NULL) {
        const char *id = line + 10;
        size_t n, m = strlen(what);
        uint64_t value;

        if (strncmp(line, "portreeve ", 10) != 0)
            continue;
        n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-");
        if (n == 0 || id[n] != ' ' || strncmp(id + n + 1, what, m) != 0 ||
            strncmp(id + n + 1 + m, " : ", 3) != 0 ||
            !str_u64((struct str){id + n + m + 4, strspn(id + n + m + 4, "0123456789")}, &value))
            continue;
        if (!begun)
            head(to, name, "counter", help);
        begun = true;
        fprintf(to, "portreeve_%s{platform=\"%.*s\"} %llu\n", name, (int)n, id,
                (unsigned long long)value / 10 * 10);
    }
}

void metrics_write(FILE *to, const json_t *facts, const char *counters, int64_t now)
{
    head(to, "up", "gauge", "1: c-icap answers");
    fprintf(to, "portreeve_up %d\n", counters != NULL);
    head(to, "build_info", "gauge", "the version of this tool");
    fprintf(to, "portreeve_build_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
    write_facts(to, facts, now);
    if (!counters)
        return;
    write_counters(to, counters);
    write_latency(to, counters);
    write_platforms(to, counters, "requests", "platform_requests_total",
                    "requests of a platform, in tens, rounded down");
    write_platforms(to, counters, "refused", "platform_refused_total",
                    "of these refused or asked about, in tens, rounded down");
}

/* ---- ready ---- */

bool metrics_ready(const json_t *facts, const char *counters, FILE *to)
{
    const char *served = json_string_value(at_path(facts, "service.served"));
    bool ready = true;

    if (!counters) {
        fputs("c-icap does not answer: Squid refuses what must be judged\n", to);
        ready = false;
    }
    if (!served) {
        fputs("no policy can be read\n", to);
        ready = false;
    } else if (strcmp(served, "file") != 0) {
        fputs("the policy that was published last cannot be read; the one before it serves\n", to);
        ready = false;
    }
    return ready;
}
