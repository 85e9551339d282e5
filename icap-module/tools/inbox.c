#include "tools/inbox.h"

#include "compile/source.h"

#include <stdlib.h>

bool inbox_same(const struct enrolment *a, const struct enrolment *b)
{
    return digest_eq(&a->digest, &b->digest) && a->key == b->key && a->profile == b->profile &&
           str_eq(a->platform, b->platform) && str_eq(a->account, b->account) && str_eq(a->user, b->user);
}

static bool known(const struct inbox *inbox, const struct enrolment *e)
{
    for (size_t i = 0; i < inbox->n; i++)
        if (inbox_same(&inbox->lines[i], e))
            return true;
    return false;
}

int inbox_read(const char *path, struct inbox *inbox, struct diag *d)
{
    struct str text, rest;
    size_t room = 1;

    *inbox = (struct inbox){0};
    if (source_read_file(path, &text, d) != 0)
        return -1;
    inbox->text = (char *)(uintptr_t)text.p;
    for (size_t i = 0; i < text.n; i++)
        room += text.p[i] == '\n';
    inbox->lines = calloc(room, sizeof *inbox->lines);
    if (!inbox->lines)
        return diag_error(d, path, ": out of memory", NULL);
    rest = text;
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        struct enrolment e;

        if (line.n == 0)
            continue;
        if (!enrol_line_read(line, &e))
            inbox->unreadable++;
        else if (!known(inbox, &e))
            inbox->lines[inbox->n++] = e;
    }
    return 0;
}

void inbox_free(struct inbox *inbox)
{
    free(inbox->lines);
    free(inbox->text);
    *inbox = (struct inbox){0};
}
