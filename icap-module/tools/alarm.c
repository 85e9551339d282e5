#include "tools/alarm.h"

#include "compile/utf8.h"
#include "core/clock.h"
#include "core/policy.h"
#include "core/text.h"
#include "record/file.h"
#include "tools/json_words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

enum { ALARM_VERSION = 1, ALARM_SIZE_MAX = 1 << 20, LOG_LINE = 1024 };

static const char *const severity_words[] = {"error", "warning", "note"}; /* enum severity, in its order */

static int name_of(const char *path, char *to, size_t size, struct diag *d)
{
    if ((size_t)snprintf(to, size, "%s.alarm", path) < size)
        return 0;
    return diag_error(d, path, ": is too long a name", NULL);
}

/* ---- the system's log ---- */

/* Silent where no syslog runs: neither LOG_CONS nor LOG_PERROR. */
static void __attribute__((format(printf, 2, 3))) tell_log(int priority, const char *format, ...)
{
    char line[LOG_LINE], clean[LOG_LINE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    diag_copy(clean, sizeof clean, str_of(line));
    openlog("portreeve", LOG_PID, LOG_DAEMON);
    syslog(priority, "%s", clean);
    closelog();
}

static const struct message *first_error(const struct diag *why)
{
    for (unsigned i = 0; i < why->n; i++)
        if (why->messages[i].severity == SEVERITY_ERROR)
            return &why->messages[i];
    return NULL;
}

static void describe(const struct message *m, char *to, size_t size)
{
    char text[DIAG_TEXT];

    if (!m) {
        snprintf(to, size, "no message");
        return;
    }
    alarm_mask(m->file, m->text, text);
    if (m->file[0] && m->line && m->column)
        snprintf(to, size, "%s:%u:%u: %s", m->file, m->line, m->column, text);
    else if (m->file[0] && m->line)
        snprintf(to, size, "%s:%u: %s", m->file, m->line, text);
    else
        snprintf(to, size, "%s%s%s", m->file, m->file[0] ? ": " : "", text);
}

/* What the council is left with, in words. */
static void say_in_force(const char *path, char *to, size_t size)
{
    struct policy *p = NULL;
    struct stat st;
    char day[10];
    struct diag d;

    diag_init(&d);
    if (stat(path, &st) != 0) {
        snprintf(to, size, "there is no policy yet");
    } else if (policy_map(path, &p, &d) != 0) {
        snprintf(to, size, "and what stands there does not open");
    } else {
        clock_format_date(clock_local(st.st_mtime).day, day);
        snprintf(to, size, "the policy of %.*s stays in force", (int)sizeof day, day);
    }
    policy_free(p);
}

static void log_refusal(const char *path, const struct diag *why)
{
    char first[DIAG_FILE + DIAG_TEXT + 32], in_force[64];

    describe(first_error(why), first, sizeof first);
    say_in_force(path, in_force, sizeof in_force);
    tell_log(LOG_ALERT, "%s was not published: %u error(s), first: %s; %s; portreeve status %s", path,
             why->errors, first, in_force, path);
}

/* ---- the file ---- */

/* A message may quote bytes that are no UTF-8, or be cut within a character. */
static json_t *clean_string(const char *z)
{
    char text[DIAG_TEXT];
    struct str s = {text, strnlen(z, sizeof text - 1)};
    size_t bad;

    memcpy(text, z, s.n);
    while ((bad = utf8_bad(s)) < s.n)
        text[bad] = '?';
    return json_stringn(text, s.n);
}

static json_t *number_or_null(unsigned n)
{
    return n ? json_integer(n) : json_null();
}

static json_t *messages_of(const struct diag *why)
{
    json_t *all = json_array();

    for (unsigned i = 0; i < why->n; i++) {
        const struct message *m = &why->messages[i];

        json_array_append_new(
            all, json_pack("{s:s, s:o, s:o, s:o, s:o}", "severity", severity_words[m->severity], "file",
                           m->file[0] ? clean_string(m->file) : json_null(), "line", number_or_null(m->line),
                           "column", number_or_null(m->column), "text", clean_string(m->text)));
    }
    return all;
}

/* Failures are counted on from the alarm that stands; one that cannot be read starts the count anew. */
static json_t *alarm_of(const char *path, const char *from, const struct diag *why)
{
    json_t *now = json_time(time(NULL)), *before, *o;
    json_int_t failures = 0;
    struct diag d;

    diag_init(&d);
    before = alarm_read(path, &d);
    if (before)
        failures = json_integer_value(json_object_get(before, "failures"));
    o = json_pack("{s:i, s:O, s:O, s:I, s:o, s:o, s:I, s:I, s:o}", "schema", ALARM_VERSION, "at", now,
                  "first_at", before ? json_object_get(before, "first_at") : now, "failures", failures + 1,
                  "by", json_publisher(), "from", json_slice(str_of(from)), "errors", (json_int_t)why->errors,
                  "warnings", (json_int_t)why->warnings, "messages", messages_of(why));
    json_decref(before);
    json_decref(now);
    return o;
}

static int write_alarm(const char *path, const char *from, const struct diag *why, struct diag *d)
{
    char name[4096];
    json_t *o;
    char *text;
    int result;

    if (name_of(path, name, sizeof name, d) != 0)
        return -1;
    o = alarm_of(path, from, why);
    text = json_dumps(o, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    json_decref(o);
    if (!text)
        return diag_error(d, name, ": out of memory", NULL);
    result = file_replace(name, text, strlen(text), d);
    free(text);
    return result;
}

int alarm_raise(const char *path, const char *from, const struct diag *why, struct diag *d)
{
    log_refusal(path, why);
    return write_alarm(path, from, why, d);
}

int alarm_clear(const char *path, const struct artefact *a, struct diag *d)
{
    struct str version = artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->version);
    char name[4096];

    tell_log(LOG_NOTICE, "%s: published version %.*s", path, STR_ARG(version));
    if (name_of(path, name, sizeof name, d) != 0)
        return -1;
    if (unlink(name) == 0 || errno == ENOENT)
        return 0;
    return diag_error(d, name, ": the alarm from before cannot be taken away: ", strerror(errno));
}

/* ---- reading ---- */

static bool string_or_null(json_t *o)
{
    return json_is_string(o) || json_is_null(o);
}

static bool integer_or_null(json_t *o)
{
    return json_is_integer(o) || json_is_null(o);
}

static bool is_message(json_t *o)
{
    return json_is_string(json_object_get(o, "severity")) && string_or_null(json_object_get(o, "file")) &&
           integer_or_null(json_object_get(o, "line")) && integer_or_null(json_object_get(o, "column")) &&
           json_is_string(json_object_get(o, "text"));
}

static bool is_alarm(json_t *o)
{
    const char *at, *first_at, *by, *from;
    json_int_t failures, errors, warnings;
    json_t *messages, *m;
    size_t i;

    if (json_unpack(o, "{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o}", "at", &at, "first_at", &first_at, "by",
                    &by, "from", &from, "failures", &failures, "errors", &errors, "warnings", &warnings,
                    "messages", &messages) != 0 ||
        !json_is_array(messages) || json_array_size(messages) > DIAG_MAX)
        return false;
    json_array_foreach(messages, i, m)
    {
        if (!is_message(m))
            return false;
    }
    return failures > 0;
}

json_t *alarm_read(const char *path, struct diag *d)
{
    char name[4096];
    struct stat st;
    json_t *o;
    int fd;

    if (name_of(path, name, sizeof name, d) != 0)
        return NULL;
    fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        if (errno != ENOENT)
            diag_error(d, name, ": cannot be read: ", strerror(errno));
        return NULL;
    }
    o = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= ALARM_SIZE_MAX
            ? json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL)
            : NULL;
    close(fd);
    if (o && is_alarm(o))
        return o;
    json_decref(o);
    diag_error(d, name, ": is no alarm that this version can read", NULL);
    return NULL;
}

/* ---- names ---- */

static bool is_register(const char *file)
{
    size_t n = strlen(file);

    return n > 4 && strcmp(file + n - 4, ".csv") == 0;
}

static bool follows(const char *text, const char *at, const char *words)
{
    size_t n = strlen(words);

    return (size_t)(at - text) >= n && memcmp(at - n, words, n) == 0;
}

/* The first quotation mark that may quote a cell, or NULL. A column's name in quotation marks is the
 * manual's, be it in "there is no column 'X'" or where the message stands ("column 'X': ", "row 3, column
 * 'X': "). */
static const char *open_of_cell(const char *text)
{
    const char *open = strchr(text, '\'');
    const char *end = open ? strchr(open + 1, '\'') : NULL;

    if (!end || !follows(text, open, "column "))
        return open;
    if (follows(text, open, "there is no column ") || open - text == 7 || follows(text, open, ", column "))
        return strchr(end + 1, '\'');
    return open;
}

/* Where the cell that begins behind `open` ends: at the last quotation mark, as a name may hold one itself,
 * but before a suggestion, which comes from the policy; a text that was cut has no end. */
static const char *end_of_cell(const char *open)
{
    const char *end = strstr(open + 1, "': did you mean '");

    if (!end)
        end = strrchr(open + 1, '\'');
    return end ? end : open + strlen(open);
}

static void put_masked(struct text *t, struct str s, struct str cell)
{
    while (s.n) {
        if (cell.n && s.n >= cell.n && memcmp(s.p, cell.p, cell.n) == 0) {
            text_puts(t, "...");
            s = str_from(s, cell.n);
        } else {
            text_putc(t, s.p[0]);
            s = str_from(s, 1);
        }
    }
}

void alarm_mask(const char *file, const char *text, char to[DIAG_TEXT])
{
    const char *open = is_register(file) ? open_of_cell(text) : NULL;
    struct text t;

    text_init(&t, to, DIAG_TEXT - 1);
    if (!open) {
        text_puts(&t, text);
    } else {
        const char *end = end_of_cell(open);
        struct str cell = {open + 1, end > open ? (size_t)(end - open - 1) : 0};

        text_put(&t, (struct str){text, (size_t)(open + 1 - text)});
        text_puts(&t, "...");
        put_masked(&t, str_of(end), cell);
    }
    to[t.n] = '\0';
}
