/* hosts.csv: a council's own list of hosts, by category or as further hosts of a platform (a Mastodon
 * instance). */
#include "compile/hostname.h"
#include "compile/registers_internal.h"

enum { HOST, CATEGORY, PLATFORM, OWNER, NOTE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
    [HOST] = {"host", true, CSV_WORDS},          [CATEGORY] = {"category", false, CSV_WORDS},
    [PLATFORM] = {"platform", false, CSV_WORDS}, [OWNER] = {"owner", false, CSV_PROSE},
    [NOTE] = {"note", false, CSV_PROSE},
};

static bool same_host(uint32_t row, void *to)
{
    return row == *(const uint32_t *)to;
}

/* Twice in one file is a mistake; several lists may name one host. */
static bool repeated(struct reading *r, struct a_host *host, uint32_t categories)
{
    uint32_t index = (uint32_t)(host - (struct a_host *)build_at(r->b, SECTION_HOSTS, 0));
    uint32_t hash = str_hash(build_text(r->b, host->name));

    return seen_before(&r->seen, hash, index, same_host, &index) != SEEN_NONE &&
           (host->categories & categories) == categories;
}

/* Where the policy names the host stands already, for messages about that. */
static void place(struct reading *r, const struct csv_row *row, uint32_t host)
{
    struct str file;
    unsigned line, column;

    if (!build_place_of(r->b, SECTION_HOSTS, host, &file, &line, &column))
        build_place(r->b, SECTION_HOSTS, host, row->file, row->line, 1);
}

/* A site of its own that runs a platform's software is a main host of it. */
static int take_platform(struct reading *r, const struct csv_row *row, struct a_host *host)
{
    uint32_t platform;

    if (!row->cells[PLATFORM].n)
        return 0;
    platform = register_platform(r->b, row, PLATFORM, row->cells[PLATFORM]);
    if (platform == NO_INDEX)
        return -1;
    if (host->platform != NO_INDEX && host->platform != platform) {
        const struct a_platform *other = build_at(r->b, SECTION_PLATFORMS, host->platform);

        csv_wrong(row, HOST, "'%.*s' is a host of platform '%.*s' already", STR_ARG(row->cells[HOST]),
                  STR_ARG(build_text(r->b, other->id)));
        return -1;
    }
    if (host->platform == NO_INDEX) {
        host->platform = platform;
        host->role = ROLE_MAIN;
    }
    return 0;
}

static void take(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    char normal[HOSTNAME_MAX + 2];
    struct str name;
    struct a_host *host;
    const char *problem;
    uint32_t categories = 0, flags = 0;

    if (!row->cells[HOST].n || (!row->cells[CATEGORY].n && !row->cells[PLATFORM].n)) {
        csv_wrong(row, row->cells[HOST].n ? CATEGORY : HOST,
                  "the cell is empty: a row needs a host and a category or a platform");
        return;
    }
    if (!hostname_normal(row->cells[HOST], true, normal, &name, &problem)) {
        csv_wrong(row, HOST, "'%.*s' is no host name: %s", STR_ARG(row->cells[HOST]), problem);
        return;
    }
    if (row->cells[CATEGORY].n && register_bits(row, CATEGORY, WORDS_CATEGORY, &categories))
        return;
    if (name.p[0] == '.') {
        name = str_from(name, 1);
        flags = HOST_SUBDOMAINS;
    }
    host = build_host(r->b, name);
    if (repeated(r, host, categories)) {
        csv_wrong(row, HOST, "'%.*s' is listed under that category above", STR_ARG(name));
        return;
    }
    if (take_platform(r, row, host))
        return;
    host->categories |= categories;
    host->flags |= flags;
    place(r, row, build_find_host(r->b, name));
}

int parse_hosts(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}
