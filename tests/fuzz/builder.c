/* What texts under test may speak of, written as rows: parsing it anew for each input would take longer than
 * the input itself. */
#include "compile/compile.h"
#include "core/policy.h"
#include "fuzz.h"

static uint32_t add_platform(struct builder *b, const char *id, enum class class, const char *host)
{
    struct a_platform row = {.id = build_str(b, str_of(id)),
                             .manages = NO_INDEX,
                             .name = build_str(b, str_of(id)),
                             .version = build_str(b, STR("1")),
                             .class = class};
    uint32_t index = build_row(b, SECTION_PLATFORMS, &row);
    struct a_host *h = build_host(b, str_of(host));

    h->platform = index;
    h->flags |= HOST_SUBDOMAINS;
    return index;
}

static void add_account(struct builder *b, uint32_t platform, const char *name, const char *alias)
{
    struct a_account row = {.name = build_str(b, str_of(name)), .platform = platform};
    struct a_alias own = {.platform = platform, .account = build_row(b, SECTION_ACCOUNTS, &row)};
    char to[64];

    own.name = build_str(b, build_canonical_account(b, platform, str_of(name), to, sizeof to));
    build_row(b, SECTION_ALIASES, &own);
    own.name = build_str(b, str_of(alias));
    build_row(b, SECTION_ALIASES, &own);
}

static void add_page(struct builder *b, const char *name)
{
    struct a_page row = {.name = build_str(b, str_of(name)), .status = 403, .step = PAGE_ANY_STEP};

    build_row(b, SECTION_PAGES, &row);
}

static void add_restriction(struct builder *b, const char *id, struct a_place place)
{
    struct a_restricted host = {.name = build_str(b, STR("tube.example")),
                                .restriction = build_count(b, SECTION_RESTRICTIONS)};
    struct a_restriction row = {
        .id = build_str(b, str_of(id)), .name = build_str(b, str_of(id)), .places.n = 1};

    row.places.at = build_row(b, SECTION_PLACES, &place);
    build_row(b, SECTION_RESTRICTED, &host);
    build_row(b, SECTION_RESTRICTIONS, &row);
}

/* One of each shape that a rule gives a value for. */
static void add_restrictions(struct builder *b)
{
    const struct str choices[] = {{"Strict", 6}, {"Moderate", 8}};

    for (uint32_t shape = SHAPE_ONE_OF; shape < SHAPE_COUNT; shape++) {
        struct a_place place = {.name = build_str(b, STR("X-Mode")), .kind = PLACE_HEADER, .shape = shape};

        if (shape == SHAPE_ONE_OF)
            place.choices = build_words_in_order(b, choices, 2);
        add_restriction(b, word_of(WORDS_SHAPE, shape), place);
    }
}

/* As calendars/ would bring them. */
static void add_holidays(struct builder *b)
{
    static const char *const names[] = {"england-and-wales", "scotland"};

    for (uint32_t i = 0; i < 2; i++) {
        struct a_holiday day = {build_str(b, STR("Spring")), 20598 + 21 * i};
        struct a_region region = {build_str(b, str_of(names[i])), {build_row(b, SECTION_HOLIDAYS, &day), 1}};

        build_row(b, SECTION_REGIONS, &region);
    }
}

struct builder *fuzz_builder(void)
{
    struct builder *b = build_new();
    uint32_t stage;

    FUZZ_HOLDS(b != NULL);
    stage = add_platform(b, "stage", CLASS_SOCIAL, "stage.example");
    add_platform(b, "tube", CLASS_STREAMING, "tube.example");
    add_account(b, stage, "Council", "12345");
    add_account(b, stage, "groups/Town Walks", "777");
    add_page(b, "refused");
    add_page(b, "group chat");
    add_restrictions(b);
    add_holidays(b);
    return b;
}

struct policy *fuzz_finish(struct builder *b, struct diag *d, unsigned char **bytes)
{
    struct policy *p = NULL;
    size_t size = 0;

    FUZZ_HOLDS(build_finish(b, bytes, &size, d) == 0);
    FUZZ_HOLDS(policy_open_mem(*bytes, size, &p, d) == 0);
    return p;
}
