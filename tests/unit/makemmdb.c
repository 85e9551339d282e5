/* makemmdb FILE [AS32934=157.240.0.0/16 ...]: a small ASN database for tests that are no C; or, with
 * gb=192.0.2.0/24 ..., a small country database; or, with central-library:library:NOTE=10.3.0.0/16 ..., one of a
 * council's own networks. */
#include "mmdb.h"

/* What stands before the network; false where it is neither. */
static int read_value(struct mmdb *m, const char *text, const char *equals, uint32_t *value)
{
    if (strncmp(text, "AS", 2) == 0) {
        *value = (uint32_t)strtoul(text + 2, NULL, 10);
        return 1;
    }
    if (memchr(text, ':', (size_t)(equals - text))) {
        char *copy = strndup(text, (size_t)(equals - text)), *rest = copy;

        m->record = MMDB_COUNCIL;
        m->type = "Council-Networks";
        *value = m->n_networks;
        for (int i = 0; i < 3; i++)
            m->texts[*value][i] = strsep(&rest, ":");
        return copy != NULL; /* kept until the end */
    }
    m->record = MMDB_COUNTRY;
    m->type = "Test-Country";
    *value = (uint32_t)text[0] << 8 | (uint32_t)text[1];
    return equals - text == 2;
}

int main(int argc, char **argv)
{
    static struct mmdb m;
    unsigned char *bytes;
    size_t n;
    int result = 1;

    mmdb_init(&m);
    for (int i = 2; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        uint32_t value;

        if (!equals || !read_value(&m, argv[i], equals, &value) || mmdb_add(&m, equals + 1, value) != 0) {
            fprintf(stderr, "makemmdb: '%s' is no AS32934=157.240.0.0/16, gb=192.0.2.0/24 or name:kind:note=10.0.0.0/8\n", argv[i]);
            return 2;
        }
    }
    bytes = mmdb_bytes(&m, &n);
    if (argc > 1 && bytes)
        result = mmdb_publish(bytes, n, argv[1]) != 0;
    free(bytes);
    return result;
}
