/* The gathered names as a file: tinycdb writes the container, the header is filled in when all is known. */
#include "compile/lists_internal.h"

#include <cdb.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct str key_of(const struct lists *l, const struct lists_entry *e)
{
    return (struct str){l->keys + e->key, e->n};
}

static uint32_t labels(struct str name)
{
    uint32_t n = 1;

    for (size_t i = 0; i < name.n; i++)
        n += name.p[i] == '.';
    return n;
}

/* The items of an entry as they stand in the file; returns how many bytes. */
static unsigned items_of(const struct lists *l, const struct lists_entry *e,
                         unsigned char to[CATDB_ITEMS * CATDB_ITEM])
{
    const struct lists_item *item = &e->item;
    unsigned n = 0;

    for (;; item = &l->items[item->next - 1]) {
        to[n++] = (unsigned char)(item->list & 255);
        to[n++] = (unsigned char)(item->list >> 8);
        to[n++] = item->flags;
        if (!item->next)
            return n;
    }
}

/* What the header and the rows say of one entry. */
static void count(const struct lists *l, const struct lists_entry *e, struct catdb_header *h,
                  struct catdb_list *rows)
{
    const struct lists_item *item = &e->item;
    bool url = e->n > e->host;
    uint32_t of = 0, n = labels((struct str){l->keys + e->key, e->host});

    for (;; item = &l->items[item->next - 1]) {
        if (item->list != CATDB_HAS_URLS) {
            struct catdb_list *row = &rows[item->list];

            *(url ? &row->urls : &row->names) += 1;
            of |= row->kind == CATDB_ALLOWED ? 0 : row->categories;
        }
        if (!item->next)
            break;
    }
    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        h->filled[k] += of >> k & 1;
    *(url ? &h->urls : &h->names) += 1;
    if (h->labels[0] == 0 || n < h->labels[0])
        h->labels[0] = n;
    if (n > h->labels[1])
        h->labels[1] = n;
}

/* The longest walk: of each filled slot how far it lies behind where its hash begins. */
static uint32_t longest_walk(const unsigned char *base)
{
    uint32_t longest = 1;

    for (size_t t = 0; t < 256; t++) {
        const unsigned char *slots = base + cdb_unpack(base + t * 8);
        uint32_t n = cdb_unpack(base + t * 8 + 4);

        for (uint32_t i = 0; i < n; i++) {
            uint32_t first = (cdb_unpack(slots + (size_t)i * 8) >> 8) % n;
            uint32_t walk = (i >= first ? i - first : i + n - first) + 1;

            if (cdb_unpack(slots + (size_t)i * 8 + 4) && walk > longest)
                longest = walk;
        }
    }
    return longest;
}

static int failed(struct diag *d)
{
    return diag_error(d, "the category database cannot be written: ", strerror(errno), NULL);
}

/* All records; the header's value as zeros of the right length. */
static int write_records(const struct lists *l, int fd, size_t header, struct diag *d)
{
    struct cdb_make make;
    unsigned char items[CATDB_ITEMS * CATDB_ITEM];
    void *zeros = calloc(1, header);
    int result;

    if (!zeros || cdb_make_start(&make, fd) != 0) {
        free(zeros);
        return failed(d);
    }
    result = cdb_make_add(&make, CATDB_KEY, sizeof CATDB_KEY - 1, zeros, (unsigned)header);
    for (uint32_t i = 0; i < l->n_entries && result == 0; i++) {
        struct str key = key_of(l, &l->entries[i]);

        result = cdb_make_add(&make, key.p, (unsigned)key.n, items, items_of(l, &l->entries[i], items));
    }
    free(zeros);
    if (cdb_make_finish(&make) != 0 || result != 0) /* finish gives its memory back, too */
        return failed(d);
    return 0;
}

static int fill_header(const struct lists *l, unsigned char *base, size_t size, int64_t now, struct diag *d)
{
    struct catdb_header *h = (void *)(base + CATDB_AT);
    struct catdb_list *rows = (void *)(h + 1);

    memcpy(rows, l->rows ? (void *)l->rows : (void *)rows, l->n_rows * sizeof *rows);
    if (l->n_text)
        memcpy(rows + l->n_rows, l->text, l->n_text);
    memcpy(h->magic, CATDB_MAGIC, sizeof h->magic);
    h->version = CATDB_VERSION;
    h->size = (uint32_t)size;
    h->lists = l->n_rows;
    h->text = l->n_text;
    h->made[0] = (uint32_t)now;
    h->made[1] = (uint32_t)((uint64_t)now >> 32);
    for (uint32_t i = 0; i < l->n_entries; i++)
        count(l, &l->entries[i], h, rows);
    h->probes = longest_walk(base);
    if (h->probes > CATDB_PROBES)
        return diag_error(d,
                          "the names of these lists are made to be slow to find: more than a thousand share "
                          "one place of the table; leave the list out that has them",
                          NULL, NULL);
    catdb_sum(base, size, h->sum);
    return 0;
}

int lists_write(const struct lists *l, int fd, int64_t now, struct diag *d)
{
    size_t header = sizeof(struct catdb_header) + l->n_rows * sizeof *l->rows + l->n_text;
    struct stat st;
    void *base;
    int result;

    if (write_records(l, fd, header, d) != 0)
        return -1;
    if (fstat(fd, &st) != 0)
        return failed(d);
    base = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        return failed(d);
    result = fill_header(l, base, (size_t)st.st_size, now, d);
    if (munmap(base, (size_t)st.st_size) != 0 || fsync(fd) != 0)
        return failed(d);
    return result;
}
