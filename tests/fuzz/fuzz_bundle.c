/* Hostile bundles; what parses must be printed as a bundle that parses to the same files. */
#include "fuzz.h"

#include "compile/diag_text.h"
#include "compile/source.h"

#include <stdlib.h>

static void expect_same(const struct source *a, const struct source *b)
{
    FUZZ_HOLDS(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        FUZZ_HOLDS(str_eq(a->files[i].path, b->files[i].path));
        FUZZ_HOLDS(str_eq(a->files[i].text, b->files[i].text));
        FUZZ_HOLDS(i == 0 || str_cmp(a->files[i - 1].path, a->files[i].path) < 0);
        FUZZ_HOLDS(source_find(a, a->files[i].path) == &a->files[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct source s = {0}, again = {0};
    size_t n = 0;
    char *printed;

    diag_init(&d);
    if (source_parse_bundle((struct str){(const char *)data, size}, &s, &d) == 0) {
        printed = source_print_bundle(&s, &n);
        FUZZ_HOLDS(printed != NULL);
        FUZZ_HOLDS(source_parse_bundle((struct str){printed, n}, &again, &d) == 0);
        expect_same(&s, &again);
        source_free(&again);
        free(printed);
    } else {
        FUZZ_HOLDS(d.errors > 0);
    }
    source_free(&s);
    return 0;
}

static const char *const lines[] = {"=== council.policy\n",
                                    "=== registers/grants.csv\n",
                                    "=== platforms/a.map\n",
                                    "=== a/../b\n",
                                    "=== /a\n",
                                    "=== \n",
                                    "===\n",
                                    "\\=== x\n",
                                    "\\\\\n",
                                    "\n",
                                    "=== council.policy\r\n",
                                    "text",
                                    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
