/* networks.csv, and what networks.mmdb is read as: the council's own networks by names that rules can ask for,
 * and what kind they are of. */
#include "compile/policy_parse.h"
#include "compile/registers_internal.h"

enum { CIDR, NAME, KIND, NOTE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
    [CIDR] = {"cidr", true, CSV_WORDS},
    [NAME] = {"name", true, CSV_WORDS},
    [KIND] = {"kind", true, CSV_WORDS},
    [NOTE] = {"note", false, CSV_PROSE},
};

/* As groups are named: what can stand in a policy without quotes, and is no address. */
static bool sound_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.p[i]))
            return false;
    return s.n > 0 && s.n <= ARTEFACT_NAME_MAX;
}

static bool same_network(uint32_t row, void *to)
{
    const struct reading *r = to;
    const struct a_network *one = build_at(r->b, SECTION_NETWORKS, row), *other = r->about;

    return memcmp(one->network, other->network, sizeof one->network) == 0;
}

/* A spreadsheet's cell has "10.3.0.0/16"; of one address nothing else. NULL, or what is wrong. */
static const char *read_cidr(const struct csv_row *row, struct a_network *made)
{
    const char *problem = policy_network(row->cells[CIDR], made->network);
    bool four = !problem && !made->network[0] && !made->network[1] && made->network[2] == 0xffff;

    if (!problem && made->network[4] < (four ? 96 + 8 : 16))
        problem = "it takes in a large part of the Internet: write the council's own networks";
    return problem;
}

/* What the file before this one brought. */
static void note_others(struct reading *r)
{
    for (uint32_t i = 0; i < build_count(r->b, SECTION_NETWORKS); i++) {
        const struct a_network *made = build_at(r->b, SECTION_NETWORKS, i);

        r->about = made;
        seen_before(&r->seen, str_hash((struct str){(const char *)made->network, sizeof made->network}), i,
                    same_network, r);
    }
}

static void take(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    const struct word_list *zones = &word_lists[WORDS_ZONE];
    const struct csv_choice choice = {zones->what, zones->words, zones->n};
    struct a_network made = {.zone = 0};
    const char *problem = read_cidr(row, &made);
    int zone = word_find(WORDS_ZONE, row->cells[KIND]);
    uint32_t before;

    if (problem) {
        csv_wrong(row, CIDR, "'%.*s': %s", STR_ARG(row->cells[CIDR]), problem);
        return;
    }
    if (!sound_name(row->cells[NAME])) {
        csv_wrong(row, NAME,
                  "'%.*s' is no name for a network: use small letters, digits and '-', as in central-library",
                  STR_ARG(row->cells[NAME]));
        return;
    }
    if (zone < 0) {
        csv_unknown(row, KIND, row->cells[KIND], &choice);
        return;
    }
    if (!r->n_numbers)
        note_others(r);
    made.name = build_str(r->b, row->cells[NAME]);
    made.zone = (uint32_t)zone;
    r->about = &made;
    before = seen_before(&r->seen, str_hash((struct str){(const char *)made.network, sizeof made.network}),
                         build_count(r->b, SECTION_NETWORKS), same_network, r);
    if (before != SEEN_NONE) {
        csv_wrong(row, CIDR, "'%.*s' stands in %srow %u already", STR_ARG(row->cells[CIDR]),
                  r->n_numbers && before >= r->first ? "" : "networks.csv, ",
                  register_row(r, SECTION_NETWORKS, before));
        return;
    }
    register_keep(r, row, SECTION_NETWORKS, &made);
}

int parse_networks(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}
