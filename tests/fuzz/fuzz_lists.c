/* A hostile list. The first line: the list's format (a digit) and where its pieces part; what follows are the
 * list's lines. Whatever it holds, each line is counted, and what was taken makes a sound database in which
 * nothing guarded is found. */
#include "fuzz.h"

#include "../unit/lists_fixture.h"
#include "compile/lists_import_internal.h"
#include "core/categories.h"

static struct lists_map *map;

static void read_map(void)
{
    static const char text[] = "version 2026-01-01\nprotect .gov.uk must.example.org\nsource s \"S\" licence \"L\"\n"
                               "list s x as adult\n";
    struct diag d;

    diag_init(&d);
    if (!map)
        FUZZ_HOLDS(lists_map_read(STR("map"), str_of(text), &map, &d) == 0);
}

static void found(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    (void)list, (void)host, (void)url;
    *(bool *)to = true;
}

static void prove(struct lists *l)
{
    static const char *const guarded[] = {"www.cabinetoffice.gov.uk", "gov.uk", "must.example.org", "bbc.co.uk"};
    struct catdb db;
    struct diag d;
    size_t n = 0;
    unsigned char *bytes;

    diag_init(&d);
    bytes = lists_bytes(l, 1779000000, &n, &d);
    FUZZ_HOLDS(bytes && catdb_open(bytes, n, &db, &d) == 0);
    FUZZ_HOLDS(lists_check(&db, &d) == 0);
    for (size_t i = 0; i < 3; i++) {
        bool listed = false;

        catdb_ask(&db, &(struct catdb_question){.host = str_of(guarded[i]), .path = STR("/a")}, found, &listed);
        FUZZ_HOLDS(!listed);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, first = fuzz_line(&rest);
    struct lists *l = lists_new();
    struct lists_how how = {.to = l, .broken_percent = 5, .bytes_max = 1 << 20};
    struct list_lines lines = {.csv_column = -1};
    struct lists_import *i;
    size_t part = first.n > 1 ? (unsigned char)first.p[1] : 64;
    struct diag d;

    read_map();
    diag_init(&d);
    how.map = map;
    i = lists_import_new(&how, &d);
    FUZZ_HOLDS(i && l);
    lines.i = i;
    lines.tally = &i->tallies[0];
    i->n_tallies = 1;
    lines.list = lists_of(l, "s/x", CATEGORY_ADULT);
    lines.format = (enum list_format)(first.n ? (unsigned char)first.p[0] % LIST_FORMATS : 0);
    while (rest.n) {
        struct str piece = str_upto(rest, part + 1);

        FUZZ_HOLDS(list_lines_feed(&lines, piece.p, piece.n));
        rest = str_from(rest, piece.n);
    }
    FUZZ_HOLDS(list_lines_end(&lines));
    lists_import_done(i, &d);
    lists_import_free(i);
    prove(l);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const lines[] = {"bad.example", "||bad.example^", "0.0.0.0 bad.example", "bad.example CNAME .",
                                        "https://bad.example/a?b=c", "198.51.100.0/24", "*.example.com", "co.uk",
                                        "id,url", "www.cabinetoffice.gov.uk", "$ORIGIN x.", "b\xc3\xbc" "cher.example", NULL};

    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
