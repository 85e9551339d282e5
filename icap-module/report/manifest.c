#include "report/manifest.h"

#include "record/seal.h"
#include "report/browsing.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *file_row(const struct manifest_file *f)
{
    unsigned char digest[32];
    char hex[65];

    seal_sha256(f->bytes, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return json_pack("{s:s, s:I, s:s}", "name", f->name, "bytes", (json_int_t)f->bytes.n, "sha256", hex);
}

int manifest_write(const struct manifest *m, struct html *to)
{
    json_t *files = json_array(), *o;
    char *text;

    for (size_t i = 0; i < m->n; i++)
        json_array_append_new(files, file_row(&m->files[i]));
    o = json_pack("{s:i, s:s, s:s, s:s%, s:I, s:o}", "schema", 1, "portreeve", m->version, "method",
                  BROWSING_VERSION, "case", m->reference.p, m->reference.n, "made", (json_int_t)m->made,
                  "files", files);
    text = o ? json_dumps(o, JSON_INDENT(1)) : NULL;
    json_decref(o);
    if (!text)
        return -1;
    html_raw(to, text);
    html_raw(to, "\n");
    free(text);
    return to->failed ? -1 : 0;
}
