/* The access log, as the weekly summary reads it. */
#include "compile/source.h"
#include "tools/week.h"

#include <stdlib.h>

static struct str member(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

int week_access_read(const char *path, const int64_t from_until[2], void (*each)(void *to, const struct week_access *a), void *to,
                     struct diag *d)
{
    struct str text = STR_NONE, rest;

    if (source_read_file(path, &text, d) != 0)
        return -1;
    for (rest = text; rest.n;) {
        struct str line = str_cut(&rest, '\n');
        json_t *o = line.n ? json_loadb(line.p, line.n, 0, NULL) : NULL;
        struct week_access a = {.command = member(o, "command"),
                                .outcome = member(o, "outcome"),
                                .code = member(o, "code"),
                                .host = member(o, "host")};

        if (clock_parse(member(o, "time"), &a.time) == 0 && a.time >= from_until[0] && a.time < from_until[1])
            each(to, &a);
        json_decref(o);
    }
    free((char *)(uintptr_t)text.p);
    return 0;
}
