/* makemmdb FILE [AS32934=157.240.0.0/16 ...]: a small ASN database for tests that are no C. */
#include "mmdb.h"

int main(int argc, char **argv)
{
    static struct mmdb m;
    unsigned char *bytes;
    size_t n;
    int result = 1;

    mmdb_init(&m);
    for (int i = 2; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');

        if (!equals || strncmp(argv[i], "AS", 2) != 0 ||
            mmdb_add(&m, equals + 1, (uint32_t)strtoul(argv[i] + 2, NULL, 10)) != 0) {
            fprintf(stderr, "makemmdb: '%s' is no AS32934=157.240.0.0/16\n", argv[i]);
            return 2;
        }
    }
    bytes = mmdb_bytes(&m, &n);
    if (argc > 1 && bytes)
        result = mmdb_publish(bytes, n, argv[1]) != 0;
    free(bytes);
    return result;
}
