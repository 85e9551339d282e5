/* registers/networks.mmdb, a council's own database of its networks, as the text of a register: so the
 * artefact holds what it said, a bundle has it as text, and it is checked as strictly as networks.csv. */
#include "compile/source_internal.h"
#include "compile/utf8.h"
#include "core/networks.h"

#include <stdio.h>
#include <stdlib.h>

struct writing {
    FILE *to;
    bool not_utf8;
};

/* In quotes; what would end a line is a blank. */
static void cell(struct writing *w, struct str s, char end)
{
    fputc('"', w->to);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            fputc('"', w->to);
        fputc((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i], w->to);
    }
    fputc('"', w->to);
    fputc(end, w->to);
}

static void write_row(void *to, const struct networks_row *row)
{
    struct writing *w = to;

    w->not_utf8 |= utf8_bad(row->name) < row->name.n || utf8_bad(row->kind) < row->kind.n ||
                   utf8_bad(row->note) < row->note.n;
    fprintf(w->to, "%.*s,", STR_ARG(row->cidr));
    cell(w, row->name, ',');
    cell(w, row->kind, ',');
    cell(w, row->note, '\n');
}

int source_read_networks(const char *path, struct str *text, struct diag *d)
{
    struct networks *n = NULL;
    struct writing w = {NULL, false};
    const char *problem;
    char *bytes = NULL;
    size_t size = 0;

    *text = STR_NONE;
    if (networks_map(path, NETWORKS_COUNCIL, &n, d) != 0)
        return -1;
    w.to = open_memstream(&bytes, &size);
    if (w.to)
        fputs("cidr,name,kind,note\n", w.to);
    problem = w.to ? networks_each(n, write_row, &w) : "there is not enough memory to read it";
    networks_free(n);
    if (w.to && fclose(w.to) != 0 && !problem)
        problem = "there is not enough memory to read it";
    if (!problem && w.not_utf8)
        problem = "a text in it is no UTF-8";
    if (problem) {
        free(bytes);
        return diag_error(d, path, ": is not taken: ", problem);
    }
    *text = (struct str){bytes, size};
    return 0;
}
