/* A hostile artefact: edits laid over a sound one, its sum mended so that the structure is what is tested,
 * then opened and judged with. The input is edits of eight bytes each. */
#include "fuzz.h"

#include "compile/compile.h"
#include "core/explain.h"
#include "core/page.h"
#include "core/rehearse.h"

#include <stdlib.h>

enum { EDIT = 8, EDITS_MAX = 32 };

/* what, where (a section), a row, a word of that row, which value, the value's own 16 bits */
enum { WHAT, WHERE, ROW, WORD = 4, CHOICE, VALUE };

enum what {
    EDIT_FIELD = 0, /* a 32-bit word of a row */
    EDIT_TABLE,     /* a section's place or number of rows */
    EDIT_BYTES,     /* four bytes anywhere */
    EDIT_SWAP,      /* a word of a row takes the value of the same word of another */
    EDIT_SIZE,      /* the file is cut or its size misstated */
    EDIT_STRING,    /* bytes of a string that a row names */
    EDIT_KINDS
};

static uint32_t number(const uint8_t *edit, size_t at)
{
    return (uint32_t)edit[at] | (uint32_t)edit[at + 1] << 8;
}

/* Near limits, near what stands there, or anything. */
static uint32_t value_of(const uint8_t *edit, uint32_t old, uint32_t rows)
{
    const uint32_t low = number(edit, VALUE);
    const uint32_t values[] = {low,
                               0,
                               1,
                               old + 1,
                               old - 1,
                               rows,
                               rows - 1,
                               rows + 1,
                               NO_INDEX,
                               NO_INDEX - 1,
                               0x7fffffff,
                               0x80000000,
                               ACCOUNT_IS_NONE + 1,
                               low << 16,
                               old ^ 1u << low % 32,
                               low * 4,
                               old + low,
                               old * 2,
                               31,
                               32};

    return values[edit[CHOICE] % (sizeof values / sizeof *values)];
}

struct image {
    unsigned char *bytes;
    size_t size;
    struct artefact_header sound; /* as it was */
};

/* The word that an edit means, or NULL. */
static unsigned char *word_at(const struct image *im, const uint8_t *edit, uint32_t row)
{
    enum section s = (enum section)(edit[WHERE] % SECTION_COUNT);
    struct a_list section = im->sound.sections[s];
    uint32_t words = section_row_size(s) / 4;

    if (section.n < 4 && (section.n == 0 || words == 0))
        return NULL;
    if (words == 0) /* text */
        return im->bytes + section.at + (size_t)row * 4 % (section.n & ~3u);
    return im->bytes + section.at + (size_t)(row % section.n) * words * 4 + edit[WORD] % words * 4;
}

static void edit_field(const struct image *im, const uint8_t *edit, bool swap)
{
    enum section about = (enum section)(edit[VALUE] % SECTION_COUNT);
    unsigned char *at = word_at(im, edit, number(edit, ROW));
    const unsigned char *other = word_at(im, edit, number(edit, VALUE));
    uint32_t old, value;

    if (!at)
        return;
    memcpy(&old, at, sizeof old);
    value = value_of(edit, old, im->sound.sections[about].n);
    memcpy(at, swap ? other : (const unsigned char *)&value, sizeof value);
}

static void edit_table(const struct image *im, const uint8_t *edit)
{
    struct artefact_header *h = (struct artefact_header *)(void *)im->bytes;
    struct a_list *section = &h->sections[edit[WHERE] % SECTION_COUNT];
    uint32_t *word = edit[ROW] & 1 ? &section->n : &section->at;

    *word = value_of(edit, *word, (uint32_t)im->size);
}

/* A row's word taken as the place of a string, and bytes put there: templates, patterns, names. */
static void edit_string(const struct image *im, const uint8_t *edit)
{
    struct a_list strings = im->sound.sections[SECTION_STRINGS];
    const unsigned char *at = word_at(im, edit, number(edit, ROW));
    uint32_t from;

    if (!at)
        return;
    memcpy(&from, at, sizeof from);
    for (uint32_t i = 0; i < 3 && (uint64_t)from + edit[WORD] / 64 + i < strings.n; i++)
        im->bytes[strings.at + from + edit[WORD] / 64 + i] = edit[CHOICE + i];
}

static void apply(struct image *im, const uint8_t *edit)
{
    size_t at;

    switch (edit[WHAT] % EDIT_KINDS) {
    case EDIT_FIELD:
        edit_field(im, edit, false);
        break;
    case EDIT_SWAP:
        edit_field(im, edit, true);
        break;
    case EDIT_TABLE:
        edit_table(im, edit);
        break;
    case EDIT_STRING:
        edit_string(im, edit);
        break;
    case EDIT_SIZE:
        if (edit[WHERE] & 1)
            im->size = (number(edit, ROW) | number(edit, VALUE) << 16) % (im->size + 1);
        else
            memcpy(im->bytes + offsetof(struct artefact_header, size), edit + WORD, 4);
        break;
    default:
        at = (number(edit, ROW) | (uint32_t)edit[WHERE] << 16) % (im->size - 3);
        memcpy(im->bytes + at, edit + WORD, 4);
    }
}

static void judge(const struct policy *p)
{
    static const struct header headers[] = {{{"Cookie", 6}, {"uid=u%3D12345", 13}},
                                            {{"X-Op", 4}, {"CreatePost", 10}},
                                            {{"Referer", 7}, {"https://stage.example/council", 29}},
                                            {{"Content-Type", 12}, {"application/json", 16}},
                                            {{"Sec-Fetch-Mode", 14}, {"navigate", 8}},
                                            {{"Sec-Fetch-Dest", 14}, {"document", 8}}};
    static const struct str groups[] = {{"comms", 5}, {"councillors", 11}};
    static const char *const targets[] = {
        "https://stage.example/council",      "https://stage.example/r/abc/like",
        "https://x.adult.example/",           "https://x.stagecdn.example/a.png",
        "https://stage.example/api?op=Edit",  "https://tube.example/c/Council",
        "https://www.press.example/player/x", "https://stage.example/profile?id=7",
        "https://a.council.example/",
    };
    static const char *const users[] = {"alice", "carol", "", "DOM\\bob"};
    static struct scratch *scratch;
    static const struct page_fill fill = {"ABCD-1234", {"portal.example", 14}, {"TOKEN", 5}, true};
    static char out[64 * 1024], story[64 * 1024];
    static _Alignas(64) char recall[1024];
    struct snapshot snapshot = {.policy = p};

    if (!scratch)
        scratch = scratch_new();
    FUZZ_HOLDS(rehearse_size() <= sizeof recall);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct request r = {.method = i % 2 ? STR("POST") : STR("GET"),
                            .target = str_of(targets[i]),
                            .user = str_of(users[i % 4]),
                            .headers = headers,
                            .n_headers = i % 8 ? 2 + i % 3 : 6,
                            .groups = groups,
                            .n_groups = 2,
                            .body = STR("{\"opName\":\"Edit\",\"target\":\"council\"}"),
                            .body_whole = true,
                            .has_groups = i % 3 != 0,
                            .client_ip = STR("10.1.2.3"),
                            .listening_port = 3130,
                            .now = 1779000000};
        struct verdict v =
            rehearse(&snapshot, &(struct rehearsal){i % 8, i % 2 ? STR_NONE : STR("default"), i % 3 == 0},
                     recall, &r, scratch);
        struct text t;

        page_render(policy_artefact(p), v.page, FORM_PAGE, &fill, out, sizeof out);
        if (i % 4 == 1) {
            text_init(&t, story, sizeof story);
            explain(&snapshot, &r, &v, &t);
        }
    }
}

static void line(void *to, const char *text)
{
    *(size_t *)to += strlen(text);
}

/* What the tool does with an artefact that it was given. */
static void print(const struct artefact *a)
{
    size_t n = 0;
    char *text = print_policy(a, &n);

    FUZZ_HOLDS(!text || strlen(text) <= n); /* none: a word of it is longer than any can be */
    free(text);
    list_assumptions(a, line, &n);
}

static void mend(const struct image *im)
{
    struct artefact_header *h = (struct artefact_header *)(void *)im->bytes;

    if (im->size < sizeof *h)
        return;
    h->check = artefact_check_sum(h, im->size);
    if (im->size < im->sound.size)
        h->size = (uint32_t)im->size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct str sound = fuzz_artefact();
    struct image im = {malloc(sound.n), sound.n, {{0}, 0, 0, 0, 0, {0}, {{0, 0}}}};
    unsigned char *exact;
    struct policy *p;

    memcpy(im.bytes, sound.p, sound.n);
    memcpy(&im.sound, sound.p, sizeof im.sound);
    for (size_t i = 0; i + EDIT <= size && i < EDITS_MAX * EDIT && im.size > 4; i += EDIT)
        apply(&im, data + i);
    mend(&im);
    exact = im.size < sound.n ? realloc(im.bytes, im.size ? im.size : 1) : im.bytes; /* an overread is seen */
    diag_init(&d);
    if (policy_open_mem(exact, im.size, &p, &d) == 0) {
        judge(p);
        print(policy_artefact(p));
        policy_free(p);
    } else {
        FUZZ_HOLDS(d.errors > 0); /* a refusal always says why */
    }
    free(exact);
    return 0;
}

/* Whole edits: a new one, one less, a field of one. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct dice d = {(uint64_t)seed * 0x9e3779b97f4a7c15u + 1};
    size_t n = size / EDIT, at = dice_below(&d, (uint32_t)n + 1) * EDIT;

    switch (dice_below(&d, 5)) {
    case 0:
    case 1:
        if (n >= EDITS_MAX || (n + 1) * EDIT > max_size)
            break;
        memmove(data + at + EDIT, data + at, n * EDIT - at);
        for (size_t i = 0; i < EDIT; i++)
            data[at + i] = (uint8_t)dice_below(&d, i == ROW + 1 ? 2 : 256);
        return (n + 1) * EDIT;
    case 2:
        if (n < 2 || at == n * EDIT)
            break;
        memmove(data + at, data + at + EDIT, n * EDIT - at - EDIT);
        return (n - 1) * EDIT;
    case 3:
        if (at == n * EDIT)
            break;
        data[at + dice_below(&d, EDIT)] = (uint8_t)dice_below(&d, 256);
        return n * EDIT;
    default:
        break;
    }
    return LLVMFuzzerMutate(data, size, max_size);
}
