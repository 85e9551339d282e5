/* The lists of a record folder: roots, receipts, anchors, accesses; and the manifest of a bundle. */
#include "record/verify_internal.h"

#include "record/bundle.h"
#include "record/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct root_row *verify_root_of(const struct verifying *v, const char *date)
{
    for (size_t i = v->n_roots; i > 0; i--)
        if (strcmp(v->roots[i - 1].date, date) == 0)
            return &v->roots[i - 1];
    return NULL;
}

static bool hash_of(const struct ledger_line *line, const char *key, unsigned char to[CHAIN_HASH])
{
    return chain_unhex(ledger_field(line, key), to, CHAIN_HASH);
}

static void unsigned_line(struct verifying *v, const char *list, const struct ledger_line *line)
{
    if (!line->is_signed)
        verify_say(v, FINDING_FAIL, list, "line %llu is not signed", (unsigned long long)line->number);
}

static void take_root(void *to, const struct ledger_line *line)
{
    struct verifying *v = to;
    struct root_row *row = verify_more(v, v->roots, v->n_roots, &v->room_roots, sizeof *row);

    unsigned_line(v, "roots", line);
    if (!row)
        return;
    v->roots = row;
    row = &v->roots[v->n_roots];
    *row = (struct root_row){.seen = false};
    diag_copy(row->date, sizeof row->date, ledger_field(line, "day"));
    memcpy(row->hash, line->hash, CHAIN_HASH);
    row->has_access =
        hash_of(line, "access", row->access) && ledger_number(line, "access-lines", &row->access_lines);
    if (!str_eq(line->word, STR("root")) || !ledger_number(line, "segments", &row->segments) ||
        !ledger_number(line, "records", &row->records) || !hash_of(line, "digest", row->digest) ||
        !hash_of(line, "anchors", row->anchors))
        verify_say(v, FINDING_FAIL, "roots", "line %llu is no root of a day",
                   (unsigned long long)line->number);
    else if (v->n_roots && strcmp(v->roots[v->n_roots - 1].date, row->date) >= 0)
        verify_say(v, FINDING_FAIL, "roots", "line %llu: day %s does not come after the one before it",
                   (unsigned long long)line->number, row->date);
    v->n_roots++;
}

static void take_receipt(void *to, const struct ledger_line *line)
{
    struct verifying *v = to;
    unsigned char root[CHAIN_HASH], digest[CHAIN_HASH];
    char date[ANCHOR_DATE];
    struct root_row *row;

    unsigned_line(v, "receipts", line);
    diag_copy(date, sizeof date, ledger_field(line, "day"));
    row = verify_root_of(v, date);
    if (!row || !hash_of(line, "root", root) || !hash_of(line, "digest", digest) ||
        memcmp(root, row->hash, CHAIN_HASH) != 0 || memcmp(digest, row->digest, CHAIN_HASH) != 0)
        verify_say(v, FINDING_FAIL, "receipts",
                   "line %llu: the receipt for %s does not fit the day's root: it is forged, or the root is",
                   (unsigned long long)line->number, date);
    else
        row->receipt = true;
}

/* A list that must be sound to its end. False: it is not, and that has been said. */
static bool read_list(struct verifying *v, const char *path, const char *name,
                      void (*each)(void *to, const struct ledger_line *line), struct ledger_read *read)
{
    bool there;

    if (ledger_read(path, name, v->public, each, v, read, &there, v->d) != 0)
        return false;
    if (there && read->fault == LEDGER_TORN)
        verify_say(v, FINDING_NOTE, name, "line %llu %s", (unsigned long long)read->head.lines + 1,
                   ledger_fault_words(read->fault));
    else if (there && read->fault != LEDGER_SOUND)
        verify_say(v, FINDING_FAIL, name, "line %llu %s", (unsigned long long)read->head.lines + 1,
                   ledger_fault_words(read->fault));
    return there && (read->fault == LEDGER_SOUND || read->fault == LEDGER_TORN);
}

/* Each root holds the head of the list of accesses as it was then. */
struct accesses {
    struct verifying *v;
    size_t next; /* root whose head comes next */
};

static void take_access(void *to, const struct ledger_line *line)
{
    struct accesses *a = to;

    for (; a->next < a->v->n_roots; a->next++) {
        const struct root_row *row = &a->v->roots[a->next];

        if (row->has_access && row->access_lines > line->number)
            return;
        if (row->has_access && row->access_lines == line->number &&
            memcmp(row->access, line->hash, CHAIN_HASH) != 0)
            verify_say(a->v, FINDING_FAIL, "access",
                       "line %llu is not the one that the root of %s tells of: changed or removed",
                       (unsigned long long)line->number, row->date);
    }
}

static void read_accesses(struct verifying *v, const char *path)
{
    struct accesses a = {.v = v};
    struct ledger_read read;
    uint64_t wanted = 0;
    bool there;

    if (ledger_read(path, "access", v->public, take_access, &a, &read, &there, v->d) != 0)
        return;
    if (read.erased)
        verify_say(v, FINDING_NOTE, "access", "line(s) 1 to %llu were erased when their time was over; a signed receipt says so",
                   (unsigned long long)read.erased);
    for (size_t i = 0; i < v->n_roots; i++)
        if (v->roots[i].has_access)
            wanted = v->roots[i].access_lines;
    if (there && read.fault != LEDGER_SOUND && read.fault != LEDGER_TORN)
        verify_say(v, FINDING_FAIL, "access", "line %llu %s", (unsigned long long)read.head.lines + 1,
                   ledger_fault_words(read.fault));
    else if (wanted > read.head.lines && !(v->from[0] && !there))
        verify_say(v, FINDING_FAIL, "access",
                   "has %llu line(s), and a root tells of %llu: lines were removed",
                   (unsigned long long)read.head.lines, (unsigned long long)wanted);
}

int verify_lists(struct verifying *v, const char *folder)
{
    char path[ANCHOR_PATH], words[FINGERPRINT_TEXT];
    struct ledger_read read;

    if ((size_t)snprintf(path, sizeof path, "%s/public.key", folder) >= sizeof path)
        return diag_error(v->d, folder, ": is too long a name", NULL);
    if (v->how->public) {
        memcpy(v->public, v->how->public, sizeof v->public);
    } else {
        if (sign_public_read(path, v->public, v->d) != 0)
            return -1;
        sign_fingerprint(v->public, words);
        verify_say(v, FINDING_NOTE, "public.key",
                   "checked by the key that lies beside the record: compare its fingerprint, %s, with one "
                   "that you trust",
                   words);
    }
    snprintf(path, sizeof path, "%s/roots", folder);
    read_list(v, path, "roots", take_root, &read);
    snprintf(path, sizeof path, "%s/receipts", folder);
    read_list(v, path, "receipts", take_receipt, &read);
    snprintf(path, sizeof path, "%s/access", folder);
    read_accesses(v, path);
    return v->no_memory ? diag_error(v->d, "out of memory", NULL, NULL) : 0;
}

/* ---- anchors ---- */

static void take_anchor(void *to, const struct ledger_line *line)
{
    struct verifying *v = to;
    struct anchor_row *row;
    bool is_end = str_eq(line->word, STR("end"));

    v->unsigned_lines = line->is_signed ? 0 : v->unsigned_lines + 1;
    if (!is_end && !str_eq(line->word, STR("head")))
        return;
    row = verify_more(v, v->anchors, v->n_anchors, &v->room_anchors, sizeof *row);
    if (!row)
        return;
    v->anchors = row;
    row += v->n_anchors;
    *row = (struct anchor_row){.time = line->time, .is_end = is_end};
    diag_copy(row->name, sizeof row->name, ledger_field(line, "segment"));
    if (!ledger_number(line, "at", &row->head.at) || !ledger_number(line, "records", &row->head.records) ||
        !ledger_number(line, "last", &row->head.last) || !hash_of(line, "head", row->head.hash))
        verify_say(v, FINDING_FAIL, row->name, "has an anchor that is none, line %llu",
                   (unsigned long long)line->number);
    else
        v->n_anchors++;
}

static int by_place(const void *a, const void *b)
{
    const struct anchor_row *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    if (order)
        return order;
    if (x->head.at != y->head.at)
        return x->head.at < y->head.at ? -1 : 1;
    return (int)x->is_end - (int)y->is_end;
}

int verify_anchors(struct verifying *v, const char *folder, const char *date, struct ledger_read *close)
{
    char path[ANCHOR_PATH], name[32];
    const size_t before = v->n_anchors;

    snprintf(name, sizeof name, "anchors %s", date);
    if ((size_t)snprintf(path, sizeof path, "%s/days/%s/anchors", folder, date) >= sizeof path)
        return diag_error(v->d, folder, ": is too long a name", NULL);
    v->unsigned_lines = 0;
    if (access(path, F_OK) != 0) {
        ledger_read_mem(STR_NONE, name, NULL, NULL, NULL, close);
        verify_say(v, FINDING_FAIL, name, "is missing");
        return 0;
    }
    read_list(v, path, name, take_anchor, close);
    if (v->unsigned_lines && v->unsigned_lines <= v->n_anchors - before) {
        verify_say(v, FINDING_NOTE, name, "%llu line(s) behind the last signature do not count",
                   (unsigned long long)v->unsigned_lines);
        v->n_anchors -= (size_t)v->unsigned_lines;
    }
    if (v->n_anchors)
        qsort(v->anchors, v->n_anchors, sizeof *v->anchors, by_place);
    return v->no_memory ? diag_error(v->d, "out of memory", NULL, NULL) : 0;
}

void verify_drop_anchors(struct verifying *v,
                         bool (*drop)(const struct verifying *v, const struct anchor_row *last))
{
    size_t kept = 0;

    for (size_t i = 0, last; i < v->n_anchors; i = last + 1) {
        for (last = i; last + 1 < v->n_anchors && strcmp(v->anchors[last + 1].name, v->anchors[i].name) == 0;
             last++)
            ;
        if (drop(v, &v->anchors[last]))
            continue;
        for (size_t k = i; k <= last; k++)
            v->anchors[kept++] = v->anchors[k];
    }
    v->n_anchors = kept;
}

/* ---- the manifest ---- */

struct manifest {
    struct verifying *v;
    const char *folder;
    uint64_t files;
    bool is_signed;
};

static void take_file(void *to, const struct ledger_line *line)
{
    struct manifest *m = to;
    char path[ANCHOR_PATH], name[LEDGER_VALUE + 1];
    unsigned char wanted[CHAIN_HASH], got[CHAIN_HASH];
    struct diag ignored;

    m->is_signed |= line->is_signed;
    if (str_eq(line->word, STR("bundle"))) {
        diag_copy(m->v->from, sizeof m->v->from, ledger_field(line, "from"));
        diag_copy(m->v->to, sizeof m->v->to, ledger_field(line, "to"));
        return;
    }
    if (!str_eq(line->word, STR("file")))
        return;
    m->files++;
    diag_copy(name, sizeof name, ledger_field(line, "name"));
    diag_init(&ignored);
    if (!bundle_name(str_of(name)) ||
        (size_t)snprintf(path, sizeof path, "%s/%s", m->folder, name) >= sizeof path)
        verify_say(m->v, FINDING_FAIL, "manifest", "names a file outside of the bundle, line %llu",
                   (unsigned long long)line->number);
    else if (bundle_sha256(path, got, &ignored) != 0)
        verify_say(m->v, FINDING_FAIL, name, "is in the manifest and is missing or cannot be read");
    else if (!hash_of(line, "sha256", wanted) || memcmp(wanted, got, CHAIN_HASH) != 0)
        verify_say(m->v, FINDING_FAIL, name,
                   "is not the file that the manifest tells of: at least one byte was changed");
}

int verify_manifest(struct verifying *v, const char *folder)
{
    struct manifest m = {.v = v, .folder = folder};
    struct ledger_read read;
    char path[ANCHOR_PATH];
    uint64_t there_are;
    bool there;

    if ((size_t)snprintf(path, sizeof path, "%s/" BUNDLE_MANIFEST, folder) >= sizeof path)
        return diag_error(v->d, folder, ": is too long a name", NULL);
    if (ledger_read(path, "manifest", v->public, take_file, &m, &read, &there, v->d) != 0)
        return -1;
    if (!there)
        return 0;
    if (read.fault != LEDGER_SOUND || !v->from[0])
        verify_say(v, FINDING_FAIL, "manifest", "line %llu %s", (unsigned long long)read.head.lines + 1,
                   ledger_fault_words(read.fault == LEDGER_SOUND ? LEDGER_SHAPE : read.fault));
    if (!m.is_signed)
        verify_say(v, FINDING_NOTE, "manifest", "is not signed; roots and anchors are");
    if (bundle_count(folder, &there_are, v->d) != 0)
        return -1;
    if (there_are > m.files + 1)
        verify_say(v, FINDING_FAIL, "manifest",
                   "%llu file(s) lie in the bundle that it does not name: inserted",
                   (unsigned long long)(there_are - m.files - 1));
    return 0;
}
