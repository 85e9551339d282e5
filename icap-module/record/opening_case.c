/* The case file. */
#include "record/opening.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/request.h"
#include "record/file.h"

#include <stdio.h>
#include <stdlib.h>

enum field { CASE, SUBJECT, ID, FROM, TO, EXPIRES, FIELDS };
static const char *const words[FIELDS] = {"case", "subject", "id", "from", "to", "expires"};

static int refuse(struct diag *d, const char *where, const char *word, const char *what)
{
    char text[160];

    snprintf(text, sizeof text, ": '%s' %s", word, what);
    return diag_error(d, where, text, NULL);
}

static bool plain(struct str value, size_t max)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
            return false;
    return value.n > 0 && value.n <= max;
}

/* As the module has it: a pseudonym is of the name that c-icap's side canonicalises. */
static bool add_name(struct case_file *c, struct str name)
{
    unsigned char room[4096];
    struct arena arena;

    arena_init(&arena, room, sizeof room);
    name = user_canonical(name, &arena);
    if (c->n == CASE_NAMES - 1 || !plain(name, CASE_NAME))
        return false;
    memcpy(c->names[c->n], name.p, name.n);
    c->names[c->n++][name.n] = '\0';
    return true;
}

static bool take_day(struct str text, int32_t *day)
{
    int64_t noon;

    if (text.n != 10 || clock_parse(text, &noon) != 0)
        return false;
    *day = clock_local(noon).day;
    return true;
}

struct reading {
    struct case_file *c;
    char id[CASE_NAME + 1];
    bool seen[FIELDS];
};

static bool take(struct reading *r, enum field f, struct str value)
{
    struct case_file *c = r->c;

    switch (f) {
    case CASE:
        if (!plain(value, CASE_REF))
            return false;
        memcpy(c->ref, value.p, value.n);
        return true;
    case SUBJECT:
        return add_name(c, value);
    case ID:
        if (!plain(value, CASE_NAME))
            return false;
        memcpy(r->id, value.p, value.n);
        return true;
    case FROM:
        return take_day(value, &c->from);
    case TO:
        return take_day(value, &c->to);
    default:
        return take_day(value, &c->expires);
    }
}

static int take_line(struct reading *r, struct str line, const char *where, struct diag *d)
{
    struct str word = str_cut(&line, ' ');

    line = str_trim(line);
    if (str_eq(word, STR("also")))
        return r->seen[SUBJECT] && add_name(r->c, line)
                   ? 0
                   : refuse(d, where, "also",
                            "is no sign-in name, stands before the subject, or is one too many");
    for (unsigned f = 0; f < FIELDS; f++) {
        if (!str_eq(word, str_of(words[f])))
            continue;
        if (r->seen[f])
            return refuse(d, where, words[f],
                          "stands there twice: a case is about one person and one period");
        r->seen[f] = true;
        return take(r, (enum field)f, line) ? 0 : refuse(d, where, words[f], "has no value that it can have");
    }
    return 0;
}

int case_read_mem(struct str text, const char *where, struct case_file *c, struct diag *d)
{
    struct reading r = {.c = c};

    *c = (struct case_file){.n = 0};
    if (!str_eq(str_trim(str_cut(&text, '\n')), STR("portreeve-case 1")))
        return diag_error(d, where, ": is no case file: its first line is 'portreeve-case 1'", NULL);
    while (text.n)
        if (take_line(&r, str_trim(str_cut(&text, '\n')), where, d) != 0)
            return -1;
    for (unsigned f = 0; f < FIELDS; f++)
        if (!r.seen[f] && f != ID)
            return refuse(d, where, words[f], "is missing");
    c->has_id = r.seen[ID];
    if (c->has_id)
        memcpy(c->names[c->n++], r.id, sizeof r.id);
    return 0;
}

int case_read(const char *path, struct case_file *c, struct diag *d)
{
    char *text;
    size_t size;
    bool there;
    int result;

    if (file_read_all(path, OPENING_TEXT, &text, &size, &there, d) != 0)
        return -1;
    if (!there)
        return diag_error(d, path, ": there is no such case file", NULL);
    result = case_read_mem((struct str){text, size}, path, c, d);
    free(text);
    return result;
}

int case_check(const struct case_file *c, int64_t now, struct diag *d)
{
    int32_t today = clock_local(now).day;

    if (today >= c->expires)
        return diag_error(d, c->ref, ": the case has expired: nobody is named by it any more", NULL);
    if (c->to < c->from)
        return diag_error(d, c->ref, ": the period ends before it starts", NULL);
    if (c->from > today)
        return diag_error(d, c->ref, ": the period has not begun: nobody is watched", NULL);
    return 0;
}
