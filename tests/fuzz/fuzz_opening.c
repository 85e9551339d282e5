/* What comes from holders and goes to them: names of a case, openings, sealed keys, lists of holders, handed keys,
 * files of epochs. The first byte says which. */
#include "fuzz.h"

#include "record/node.h"
#include "record/opening.h"

#include <stdlib.h>

enum what { NAMES, OPENING, SEALED, HOLDERS, HANDED, EPOCHS, WHATS };

/* Names, a line each. */
static void try_names(struct str text)
{
    static struct opening_case c;
    static struct opening_epoch named;
    const struct epoch e = {.id = 64 + 1, .until = 1};

    c = (struct opening_case){.n = 0};
    while (text.n)
        if (c.n % 2 ? opening_case_id(&c, str_cut(&text, '\n')) : opening_case_name(&c, str_cut(&text, '\n')))
            FUZZ_HOLDS(c.n > 0 && c.n <= CASE_NAMES && c.names[c.n - 1][0]);
    opening_name(&c, &e, &named);
    FUZZ_HOLDS(named.n == c.n);
}

static void try_opening(struct str text, struct diag *d)
{
    static const unsigned char public[SIGN_PUBLIC] = {1};
    static struct opening o;

    FUZZ_HOLDS(opening_read_mem(text, "opening", public, &o, d) != 0); /* nobody has that key */
    FUZZ_HOLDS(o.n <= OPENING_EPOCHS);
    opening_read_mem(text, "opening", NULL, &o, d);
}

static void try_sealed(struct str text, struct diag *d)
{
    static struct sealed s;
    static struct private_key a = {.name = "alice", .public = {9}}, b = {.name = "bob", .public = {8}};
    struct epoch e;

    if (sealed_read_mem(text, &s) != 0)
        return;
    FUZZ_HOLDS(s.n <= PAIRS_MAX && (s.n > 0) != s.destroyed && s.epoch.from < s.epoch.until);
    FUZZ_HOLDS(sealed_open(&s, &a, &b, &e, d) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char key[32] = {1};
    static struct holders h;
    struct str text = {(const char *)data + 1, size ? size - 1 : 0};
    struct epoch_file f;
    unsigned char again[EPOCH_FILE];
    struct diag d;

    if (!size)
        return 0;
    diag_init(&d);
    switch (data[0] % WHATS) {
    case NAMES:
        try_names(text);
        break;
    case OPENING:
        try_opening(text, &d);
        break;
    case SEALED:
        try_sealed(text, &d);
        break;
    case HOLDERS:
        FUZZ_HOLDS((holders_read_mem(text, "holders", &h, &d) == 0) == (d.errors == 0));
        break;
    case HANDED:
        node_handed_read(text, key, key, &f);
        break;
    default:
        if (epoch_read_mem(data + 1, size - 1, &f) == 0 && f.epochs[0].id)
            FUZZ_HOLDS(epoch_write_mem(&f, again) == size - 1 && memcmp(again, data + 1, size - 1) == 0);
        break;
    }
    return 0;
}
