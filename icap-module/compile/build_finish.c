/* From rows in the order of their writing to the bytes of an artefact. A second builder takes the rows in
 * their final order, and with them only the strings, words and numbers that they use, in the order of their
 * use: so the order of statements in the sources, and what was looked up on the way, leave no trace in the
 * bytes. */
#include "compile/build_internal.h"
#include "core/template.h"
#include "record/seal.h"

#include <stdlib.h>

/* What a field of a row holds beside plain numbers. */
enum field_kind { END = 0, TEXT, NUMBERS, WORDS };

struct field {
    enum field_kind kind;
    size_t at;
};

/* clang-format off */
#define FIELD_TEXT(type, name) {TEXT, offsetof(struct type, name)}
#define FIELD_NUMBERS(type, name) {NUMBERS, offsetof(struct type, name)}
#define FIELD_WORDS(type, name) {WORDS, offsetof(struct type, name)}

static const struct field fields[SECTION_COUNT][28] = {
    [SECTION_META] = {FIELD_TEXT(a_meta, title), FIELD_TEXT(a_meta, version), FIELD_TEXT(a_meta, council),
                      FIELD_TEXT(a_meta, owner), FIELD_TEXT(a_meta, approved_by),
                      FIELD_TEXT(a_meta, default_because), FIELD_TEXT(a_meta, default_cite),
                      FIELD_TEXT(a_meta, default_assumption), FIELD_TEXT(a_meta, unsure_assumption),
                      FIELD_TEXT(a_meta, malformed_assumption), FIELD_TEXT(a_meta, unknown_write_assumption),
                      FIELD_TEXT(a_meta, scope_assumption),
                      FIELD_TEXT(a_meta, record_assumption), FIELD_TEXT(a_meta, monitoring_clause),
                      FIELD_TEXT(a_meta, dpia), FIELD_TEXT(a_meta, grant_cite),
                      FIELD_TEXT(a_meta, grant_assumption), FIELD_TEXT(a_meta, carriers_assumption), FIELD_TEXT(a_meta, csp),
                      FIELD_TEXT(a_meta, members_cite), FIELD_TEXT(a_meta, members_assumption),
                      FIELD_TEXT(a_meta, shift_cite), FIELD_TEXT(a_meta, shift_assumption),
                      FIELD_WORDS(a_meta, reread_except), FIELD_TEXT(a_meta, standing_assumption),
                      FIELD_TEXT(a_meta, alert_cite), FIELD_TEXT(a_meta, alert_assumption)},
    [SECTION_PLATFORMS] = {FIELD_TEXT(a_platform, id), FIELD_TEXT(a_platform, name),
                           FIELD_TEXT(a_platform, version), FIELD_TEXT(a_platform, family), FIELD_TEXT(a_platform, managed), FIELD_WORDS(a_platform, reserved),
                           FIELD_WORDS(a_platform, hosts_known)},
    [SECTION_ROWS] = {FIELD_TEXT(a_row, path), FIELD_TEXT(a_row, host), FIELD_TEXT(a_row, operation),
                      FIELD_TEXT(a_row, key), FIELD_TEXT(a_row, key_value), FIELD_TEXT(a_row, format),
                      FIELD_WORDS(a_row, except)},
    [SECTION_HOSTS] = {FIELD_TEXT(a_host, name), FIELD_WORDS(a_host, below)},
    [SECTION_CARRIERS] = {FIELD_TEXT(a_carrier, id), FIELD_TEXT(a_carrier, host), FIELD_TEXT(a_carrier, path),
                          FIELD_TEXT(a_carrier, key), FIELD_TEXT(a_carrier, after)},
    [SECTION_OWNERS] = {FIELD_TEXT(a_owner, host)},
    [SECTION_RULES] = {FIELD_TEXT(a_rule, id), FIELD_TEXT(a_rule, because), FIELD_TEXT(a_rule, cite),
                       FIELD_TEXT(a_rule, assumption)},
    [SECTION_CLAUSES] = {FIELD_NUMBERS(a_clause, args)},
    [SECTION_GROUPS] = {FIELD_TEXT(a_group, name), FIELD_TEXT(a_group, about)},
    [SECTION_MEMBERS] = {FIELD_TEXT(a_member, user), FIELD_NUMBERS(a_member, groups), FIELD_TEXT(a_member, id),
                         FIELD_TEXT(a_member, sponsor)},
    [SECTION_FORMERS] = {FIELD_TEXT(a_former, name), FIELD_TEXT(a_former, user)},
    [SECTION_ACCOUNTS] = {FIELD_TEXT(a_account, name), FIELD_TEXT(a_account, owner),
                          FIELD_TEXT(a_account, holder), FIELD_TEXT(a_account, deputy),
                          FIELD_WORDS(a_account, officers)},
    [SECTION_ALIASES] = {FIELD_TEXT(a_alias, name)},
    [SECTION_IDENTITIES] = {FIELD_TEXT(a_identity, user)},
    [SECTION_GRANTS] = {FIELD_TEXT(a_grant, user), FIELD_NUMBERS(a_grant, platforms),
                        FIELD_NUMBERS(a_grant, accounts), FIELD_TEXT(a_grant, approved_by),
                        FIELD_TEXT(a_grant, document), FIELD_TEXT(a_grant, second_by)},
    [SECTION_PAGES] = {FIELD_TEXT(a_page, name), FIELD_TEXT(a_page, html), FIELD_TEXT(a_page, source),
                       FIELD_NUMBERS(a_page, holes), FIELD_NUMBERS(a_page, links)},
    [SECTION_ALLOWANCES] = {FIELD_TEXT(a_allowance, name), FIELD_TEXT(a_allowance, cite),
                            FIELD_TEXT(a_allowance, assumption), FIELD_NUMBERS(a_allowance, groups)},
    [SECTION_EMERGENCIES] = {FIELD_TEXT(a_emergency, name), FIELD_TEXT(a_emergency, cite),
                             FIELD_TEXT(a_emergency, assumption), FIELD_NUMBERS(a_emergency, groups),
                             FIELD_NUMBERS(a_emergency, platforms), FIELD_WORDS(a_emergency, reasons)},
    [SECTION_CONTACTS] = {FIELD_TEXT(a_contact, name), FIELD_TEXT(a_contact, label),
                          FIELD_TEXT(a_contact, mail), FIELD_TEXT(a_contact, url), FIELD_TEXT(a_contact, phone)},
    [SECTION_RESTRICTIONS] = {FIELD_TEXT(a_restriction, id), FIELD_TEXT(a_restriction, name),
                              FIELD_WORDS(a_restriction, paths)},
    [SECTION_PLACES] = {FIELD_TEXT(a_place, name), FIELD_TEXT(a_place, value), FIELD_WORDS(a_place, choices)},
    [SECTION_RESTRICTED] = {FIELD_TEXT(a_restricted, name)},
    [SECTION_SETS] = {FIELD_WORDS(a_set, values)},
    [SECTION_TIMES] = {FIELD_TEXT(a_time, name)},
    [SECTION_REGIONS] = {FIELD_TEXT(a_region, name)},
    [SECTION_HOLIDAYS] = {FIELD_TEXT(a_holiday, name)},
    [SECTION_CALENDARS] = {FIELD_TEXT(a_calendar, name), FIELD_TEXT(a_calendar, cite),
                           FIELD_TEXT(a_calendar, assumption), FIELD_NUMBERS(a_calendar, closed)},
    [SECTION_ROTAS] = {FIELD_TEXT(a_rota, user)},
    [SECTION_NETWORKS] = {FIELD_TEXT(a_network, name)},
    [SECTION_SOURCES] = {FIELD_TEXT(a_source, path), FIELD_TEXT(a_source, text)},
};
/* clang-format on */

/* Whoever adds a text or list to a row comes by here, and names it above. */
_Static_assert(sizeof(struct a_meta) == 356 && sizeof(struct a_platform) == 108 && sizeof(struct a_row) == 92,
               "a row has other fields than the list above knows");
_Static_assert(sizeof(struct a_host) == 32 && sizeof(struct a_rule) == 80 && sizeof(struct a_clause) == 16 &&
                   sizeof(struct a_group) == 24 && sizeof(struct a_member) == 36 &&
                   sizeof(struct a_former) == 16 && sizeof(struct a_account) == 48,
               "a row has other fields than the list above knows");
_Static_assert(sizeof(struct a_alias) == 16 && sizeof(struct a_identity) == 36 &&
                   sizeof(struct a_grant) == 92 && sizeof(struct a_page) == 48 &&
                   sizeof(struct a_contact) == 40 && sizeof(struct a_source) == 16 &&
                   sizeof(struct a_carrier) == 44 && sizeof(struct a_owner) == 16,
               "a row has other fields than the list above knows");

_Static_assert(sizeof(struct a_region) == 16 && sizeof(struct a_holiday) == 12 &&
                   sizeof(struct a_window) == 28 && sizeof(struct a_calendar) == 44 &&
                   sizeof(struct a_rota) == 20 && sizeof(struct a_period) == 20 &&
                   sizeof(struct a_time) == 8 && sizeof(struct a_calendar_group) == 8 &&
                   sizeof(struct a_allowance) == 40 && sizeof(struct a_emergency) == 52,
               "a row has other fields than the list above knows");

_Static_assert(sizeof(struct a_restriction) == 36 && sizeof(struct a_place) == 32 &&
                   sizeof(struct a_restricted) == 16 && sizeof(struct a_set) == 16,
               "a row has other fields than the list above knows");

static struct a_str move_text(struct builder *to, const struct builder *from, struct a_str s)
{
    return build_str(to, build_text(from, s));
}

static struct a_list move_numbers(struct builder *to, const struct builder *from, struct a_list l)
{
    return build_numbers(to, l.n ? build_numbers_at(from, l) : NULL, l.n);
}

static struct a_list move_words(struct builder *to, const struct builder *from, struct a_list l)
{
    struct a_list moved = {l.n ? build_count(to, SECTION_WORDS) : 0, l.n};

    for (uint32_t i = 0; i < l.n; i++) {
        struct a_str word = build_str(to, build_name_of(from, SECTION_WORDS, l.at + i));

        build_row(to, SECTION_WORDS, &word);
    }
    return moved;
}

/* A host condition's numbers are strings: offset and length. */
static void move_host_args(struct builder *to, const struct builder *from, struct a_clause *clause)
{
    const struct condition *condition = condition_by_number(clause->condition);
    uint32_t *args = (uint32_t *)build_at(to, SECTION_NUMBERS, clause->args.at);

    if (!condition || condition->args != ARG_HOSTS)
        return;
    for (uint32_t i = 0; i + 1 < clause->args.n; i += 2) {
        struct a_str moved = move_text(to, from, (struct a_str){args[i], args[i + 1]});

        args[i] = moved.at;
        args[i + 1] = moved.n;
    }
}

/* Copies a row; returns its new place. */
static uint32_t move_row(struct builder *to, const struct builder *from, enum section s, uint32_t index)
{
    uint32_t room[SPARE_WORDS] = {0};
    unsigned char *row = (unsigned char *)room;

    memcpy(row, build_row_at(from, s, index), section_row_size(s));
    for (const struct field *f = fields[s]; f->kind != END; f++) {
        struct a_str text;
        struct a_list list;

        memcpy(&text, row + f->at, sizeof text);
        memcpy(&list, row + f->at, sizeof list);
        if (f->kind == TEXT)
            text = move_text(to, from, text);
        else
            list = f->kind == NUMBERS ? move_numbers(to, from, list) : move_words(to, from, list);
        if (f->kind == TEXT)
            memcpy(row + f->at, &text, sizeof text);
        else
            memcpy(row + f->at, &list, sizeof list);
    }
    if (s == SECTION_CLAUSES)
        move_host_args(to, from, (struct a_clause *)room);
    return build_row(to, s, row);
}

/* What a row is sorted by: a class of its own, its name, a number, at last where it stood. */
struct sort_key {
    struct str name;
    uint32_t group, number, index;
};

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_keys(const void *a, const void *b)
{
    const struct sort_key *x = a, *y = b;
    int order = compare_numbers(x->group, y->group);

    if (order == 0)
        order = str_cmp(x->name, y->name);
    if (order == 0)
        order = compare_numbers(x->number, y->number);
    return order ? order : compare_numbers(x->index, y->index);
}

static struct sort_key key_of(const struct builder *b, enum section s, uint32_t index)
{
    struct sort_key key = {.index = index};

    if (s == SECTION_OWNERS)
        key.number = ((const struct a_owner *)build_row_at(b, s, index))->number;
    else
        key.name = build_name_of(b, s, index);

    if (s == SECTION_ALIASES)
        key.group = ((const struct a_alias *)build_row_at(b, s, index))->platform;
    if (s == SECTION_IDENTITIES) { /* those of one digest stand together */
        const struct a_identity *identity = build_row_at(b, s, index);

        key.group = identity->platform;
        key.name = (struct str){(const char *)identity->digest, sizeof identity->digest};
        key.number = identity->account;
    }
    if (s == SECTION_GRANTS && key.name.n == 0) {
        key.group = 1; /* groups' grants behind those of users */
        key.number = ((const struct a_grant *)build_row_at(b, s, index))->group;
    }
    if (s == SECTION_RESTRICTED)
        key.number = ((const struct a_restricted *)build_row_at(b, s, index))->restriction;
    return key;
}

/* A run of rows that belong to another; its new place. */
static struct a_list move_run(struct builder *to, const struct builder *from, enum section s,
                              struct a_list run)
{
    uint32_t first = build_count(to, s);

    for (uint32_t i = 0; i < run.n; i++)
        move_row(to, from, s, run.at + i);
    return (struct a_list){run.n ? first : 0, run.n};
}

/* A rule's clauses and what it sets. */
static void move_parts(struct builder *to, const struct builder *from, uint32_t rule)
{
    struct a_rule *moved = build_at(to, SECTION_RULES, rule);

    moved->clauses = move_run(to, from, SECTION_CLAUSES, moved->clauses);
    moved->sets = move_run(to, from, SECTION_SETS, moved->sets);
}

/* Hosts of restrictions that no rule sets are looked up for nothing. */
static bool is_idle(const struct builder *b, enum section s, uint32_t index)
{
    const struct a_restricted *host = s == SECTION_RESTRICTED ? build_row_at(b, s, index) : NULL;

    if (!host)
        return false;
    for (uint32_t i = 0; i < build_count(b, SECTION_SETS); i++)
        if (((const struct a_set *)build_row_at(b, SECTION_SETS, i))->restriction == host->restriction)
            return false;
    return true;
}

static void move_sorted(struct builder *to, const struct builder *from, enum section s)
{
    uint32_t n = build_count(from, s);
    struct sort_key *keys = calloc(n ? n : 1, sizeof *keys);

    if (!keys) {
        to->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        keys[i] = key_of(from, s, i);
    qsort(keys, n, sizeof *keys, compare_keys);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t moved;

        if (is_idle(from, s, keys[i].index))
            continue;
        moved = move_row(to, from, s, keys[i].index);
        if (s == SECTION_RULES) {
            move_parts(to, from, moved);
        }
    }
    free(keys);
}

static struct a_key key_of_row(const struct builder *b, const struct a_row *row)
{
    struct str path = row->flags & ROW_REGEX ? STR_NONE : build_text(b, row->path);
    uint32_t roles = row->roles ? row->roles : 0xffff, methods = row->methods ? row->methods : 0xff;

    return (struct a_key){
        .first = row->first,
        .second = path.n ? template_second(path) : 0,
        .operation = row->operation_hash,
        .fits = roles << KEY_ROLE | methods << KEY_METHOD | (row->flags & ROW_UPGRADE ? 0 : KEY_NO_UPGRADE) |
                (row->flags & ROW_OTHER_SITE ? 0 : KEY_NO_OTHER_SITE) |
                (row->operation.n ? 0 : KEY_NO_OPERATION),
    };
}

/* A platform's rows kind by kind, each kind in the map's order; patterns are numbered anew as they come. */
static void move_map_rows(struct builder *to, const struct builder *from)
{
    uint32_t patterns = 0;

    for (uint32_t i = 0; i < build_count(from, SECTION_PLATFORMS); i++) {
        struct a_list rows = ((const struct a_platform *)build_row_at(from, SECTION_PLATFORMS, i))->rows;
        uint32_t first = build_count(to, SECTION_ROWS), kinds[ROW_KINDS] = {0};
        struct a_platform *platform;

        for (uint32_t kind = 0; kind < ROW_KINDS; kind++) {
            for (uint32_t k = 0; k < rows.n; k++) {
                const struct a_row *row = build_row_at(from, SECTION_ROWS, rows.at + k);
                struct a_row *moved;
                struct a_key key;

                if (!row || row->kind != kind)
                    continue;
                moved = build_at(to, SECTION_ROWS, move_row(to, from, SECTION_ROWS, rows.at + k));
                if (moved->flags & ROW_REGEX)
                    moved->regex = patterns++;
                key = key_of_row(to, moved);
                build_row(to, SECTION_KEYS, &key);
                kinds[kind]++;
            }
        }
        platform = build_at(to, SECTION_PLATFORMS, i);
        platform->rows = (struct a_list){rows.n ? first : 0, build_count(to, SECTION_ROWS) - first};
        memcpy(platform->kinds, kinds, sizeof kinds);
    }
}

/* Rows that others point to keep their order (it is that of the sources, which are read in the order of their
 * names; rotas are written in the order of their people); the rest is sorted. */
static void move_all(struct builder *to, const struct builder *from)
{
    static const enum section kept[] = {
        SECTION_PLATFORMS,  SECTION_GROUPS,          SECTION_ACCOUNTS, SECTION_PAGES,
        SECTION_CONTACTS,   SECTION_RESTRICTIONS,    SECTION_PLACES,   SECTION_CARRIERS,
        SECTION_TIMES,      SECTION_REGIONS,         SECTION_HOLIDAYS, SECTION_WINDOWS,
        SECTION_CALENDARS,  SECTION_CALENDAR_GROUPS, SECTION_ROTAS,    SECTION_PERIODS,
        SECTION_ALLOWANCES, SECTION_EMERGENCIES,     SECTION_NETWORKS};
    static const enum section sorted[] = {
        SECTION_HOSTS,      SECTION_RULES,  SECTION_MEMBERS, SECTION_FORMERS,    SECTION_ALIASES,
        SECTION_IDENTITIES, SECTION_GRANTS, SECTION_SOURCES, SECTION_RESTRICTED, SECTION_OWNERS};

    to->rows[SECTION_META].n = 0;
    move_row(to, from, SECTION_META, 0);
    for (unsigned k = 0; k < sizeof kept / sizeof *kept; k++)
        for (uint32_t i = 0; i < build_count(from, kept[k]); i++)
            move_row(to, from, kept[k], i);
    move_map_rows(to, from);
    for (unsigned k = 0; k < sizeof sorted / sizeof *sorted; k++)
        move_sorted(to, from, sorted[k]);
}

static uint32_t string_bytes(const struct builder *b)
{
    const struct chunk *last = b->n_chunks ? &b->chunks[b->n_chunks - 1] : NULL;

    return last ? last->at + last->n : 0;
}

/* Fills the header's table of sections; the size of the file, or 0 when it would be too large. */
static uint64_t plan(const struct builder *b, struct artefact_header *header)
{
    uint64_t at = sizeof *header;

    for (unsigned s = 0; s < SECTION_COUNT; s++) {
        uint32_t n = s == SECTION_STRINGS ? string_bytes(b) : build_count(b, s);

        header->sections[s] = (struct a_list){(uint32_t)at, n};
        at += (uint64_t)n * section_row_size(s);
        at = (at + 3) & ~(uint64_t)3;
        if (at > ARTEFACT_SIZE_MAX)
            return 0;
    }
    return at;
}

static void write_sections(const struct builder *b, const struct artefact_header *header,
                           unsigned char *bytes)
{
    for (unsigned s = 0; s < SECTION_COUNT; s++) {
        unsigned char *to = bytes + header->sections[s].at;

        if (s != SECTION_STRINGS && b->rows[s].n)
            memcpy(to, b->rows[s].p, (size_t)b->rows[s].n * section_row_size(s));
        for (uint32_t c = 0; s == SECTION_STRINGS && c < b->n_chunks; c++)
            memcpy(to + b->chunks[c].at, b->chunks[c].p, b->chunks[c].n);
    }
}

static int lay_out(const struct builder *b, unsigned char **bytes, size_t *size, struct diag *d)
{
    struct artefact_header header = {
        .magic = ARTEFACT_MAGIC, .version = ARTEFACT_VERSION, .n_sections = SECTION_COUNT};
    uint64_t total = plan(b, &header);
    struct str behind;

    if (b->too_large || total == 0)
        return diag_error(d, "the compiled policy would be over 256 MiB: bring fewer or smaller registers",
                          NULL, NULL);
    *bytes = b->no_memory ? NULL : calloc(1, total);
    if (!*bytes)
        return diag_error(d, "there is not enough memory to compile the policy", NULL, NULL);
    *size = total;
    write_sections(b, &header, *bytes);
    behind = (struct str){(char *)*bytes + sizeof header, total - sizeof header};
    header.size = (uint32_t)total;
    seal_digest(behind, header.digest);
    memcpy(*bytes, &header, sizeof header);
    header.check = artefact_check_sum((const struct artefact_header *)(const void *)*bytes, total);
    memcpy(*bytes, &header, sizeof header);
    return 0;
}

int build_finish(struct builder *b, unsigned char **bytes, size_t *size, struct diag *d)
{
    struct builder *to = build_new();
    struct artefact proven;
    int result = -1;

    *bytes = NULL;
    *size = 0;
    if (!to)
        return diag_error(d, "there is not enough memory to compile the policy", NULL, NULL);
    to->no_memory |= b->no_memory;
    to->too_large |= b->too_large;
    move_all(to, b);
    build_tables(to);
    if (lay_out(to, bytes, size, d) == 0 && artefact_check(*bytes, *size, &proven, d) == 0)
        result = 0;
    build_free(to);
    if (result != 0) {
        free(*bytes);
        *bytes = NULL;
        *size = 0;
    }
    return result;
}
