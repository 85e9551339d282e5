/* Runs a fuzz target over the files and folders of its command line: the corpora as plain tests. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static unsigned long inputs;

/* Mutators are linked, and never run here. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    (void)data;
    (void)max_size;
    return size;
}

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    uint8_t *bytes;
    size_t n;

    if (!f || fstat(fileno(f), &st) != 0) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return -1;
    }
    bytes = malloc((size_t)st.st_size + 1); /* exactly its size under ASan: an overread is seen */
    n = bytes ? fread(bytes, 1, (size_t)st.st_size, f) : 0;
    fclose(f);
    if (bytes) {
        uint8_t *exact = malloc(n ? n : 1);

        memcpy(exact, bytes, n);
        LLVMFuzzerTestOneInput(exact, n);
        free(exact);
        inputs++;
    }
    free(bytes);
    return 0;
}

static int replay(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;
    int result = 0;

    if (!d)
        return replay_file(path);
    while ((e = readdir(d))) {
        char below[4096];

        if (e->d_name[0] == '.')
            continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        result |= replay(below);
    }
    closedir(d);
    return result;
}

int main(int argc, char **argv)
{
    int result = 0;

    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++)
        result |= replay(argv[i]);
    printf("%lu inputs replayed\n", inputs);
    return result == 0 && inputs > 0 ? 0 : 1;
}
