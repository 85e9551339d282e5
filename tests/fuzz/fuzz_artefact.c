/* A hostile artefact: bytes of the input laid over a sound one (offset, length, bytes, again), its sum mended
 * so that the structure is what is tested, then opened and judged with. */
#include "fuzz.h"

#include "core/explain.h"
#include "core/page.h"

#include <stdlib.h>

static void judge(const struct policy *p)
{
    static const struct header headers[] = {{{"Cookie", 6}, {"uid=u%3D12345", 13}},
                                            {{"X-Op", 4}, {"CreatePost", 10}}};
    static const struct str groups[] = {{"comms", 5}, {"councillors", 11}};
    static const char *const targets[] = {"https://stage.example/council", "https://stage.example/r/abc/like",
                                          "https://x.adult.example/", "https://x.stagecdn.example/a.png"};
    static struct scratch *scratch;
    static char out[64 * 1024], story[64 * 1024];
    struct snapshot snapshot = {.policy = p};

    if (!scratch)
        scratch = scratch_new();
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct request r = {.method = i % 2 ? STR("POST") : STR("GET"),
                            .target = str_of(targets[i]),
                            .user = STR("alice"),
                            .headers = headers,
                            .n_headers = 2,
                            .groups = groups,
                            .n_groups = 2,
                            .has_groups = true,
                            .client_ip = STR("10.1.2.3"),
                            .now = 1779000000};
        struct verdict v = policy_judge(&snapshot, NULL, &r, scratch);
        struct text t;

        page_render(policy_artefact(p), v.page, FORM_PAGE, "ABCD-1234", out, sizeof out);
        text_init(&t, story, sizeof story);
        explain(&snapshot, &r, &v, &t);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str sound = fuzz_artefact();
    unsigned char *bytes = malloc(sound.n);
    struct policy *p;
    struct diag d;
    size_t total = sound.n;

    memcpy(bytes, sound.p, sound.n);
    for (size_t i = 0; i + 4 <= size;) {
        size_t at = ((size_t)data[i] | (size_t)data[i + 1] << 8 | (size_t)data[i + 2] << 16) % sound.n;
        size_t n = data[i + 3] % 9;

        i += 4;
        for (size_t k = 0; k < n && i < size && at + k < sound.n; k++)
            bytes[at + k] = data[i++];
    }
    if (size % 7 == 3)
        total = size * 13 % sound.n;
    if (total >= sizeof(struct artefact_header)) {
        struct artefact_header *h = (struct artefact_header *)(void *)bytes;

        h->check = artefact_sum(h + 1, total - sizeof *h);
        if (size % 7 == 3)
            h->size = (uint32_t)total;
    }
    diag_init(&d);
    if (policy_open_mem(bytes, total, &p, &d) == 0) {
        judge(p);
        policy_free(p);
    } else if (d.errors == 0) {
        abort(); /* a refusal always says why */
    }
    free(bytes);
    return 0;
}
