/* calendars/bank-holidays.csv: the days on which a region of the United Kingdom has a bank holiday. */
#include "compile/registers_internal.h"

#include <stdlib.h>

enum { REGION, DATE, NAME, STATUS, SOURCE, COLUMNS, REGIONS_MAX = 16 };

static const struct csv_column columns[COLUMNS] = {
    [REGION] = {"region", true, CSV_WORDS},  [DATE] = {"date", true, CSV_WORDS},
    [NAME] = {"name", true, CSV_PROSE},      [STATUS] = {"status", false, CSV_WORDS},
    [SOURCE] = {"source", false, CSV_PROSE},
};

struct day {
    struct a_holiday row;
    uint32_t region;
    unsigned number; /* of its row in the file */
};

struct days {
    struct builder *b;
    uint32_t known; /* regions that other files brought */
    struct day *p;
    uint32_t n, room;
    bool no_memory;
};

static bool sound_region(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz-", s.p[i]))
            return false;
    return s.n > 0 && s.n <= ARTEFACT_NAME_MAX;
}

/* The region of a row, made where it comes first. NO_INDEX with an error. */
static uint32_t region_of(struct days *d, const struct csv_row *row)
{
    struct str name = row->cells[REGION];
    uint32_t region = build_find_region(d->b, name);
    struct a_region made = {.holidays = {0, 0}};

    if (!sound_region(name)) {
        csv_wrong(row, REGION, "'%.*s' is no region: a name of small letters and '-', like england-and-wales",
                  STR_ARG(name));
        return NO_INDEX;
    }
    if (region != NO_INDEX && region < d->known) {
        csv_wrong(row, REGION, "another file has the holidays of '%.*s' already: keep one", STR_ARG(name));
        return NO_INDEX;
    }
    if (region != NO_INDEX)
        return region;
    if (build_count(d->b, SECTION_REGIONS) == REGIONS_MAX) {
        csv_wrong(row, REGION, "more than %d regions: is the column the right one?", REGIONS_MAX);
        return NO_INDEX;
    }
    made.name = build_str(d->b, name);
    return build_row(d->b, SECTION_REGIONS, &made);
}

static void take(const struct csv_row *row, void *to)
{
    static const char *const states[] = {"known", "computed"};
    struct days *d = to;
    struct csv_choice choice = {"status", states, 2};
    struct str status = row->cells[STATUS];
    struct day day = {.number = row->number};

    day.region = region_of(d, row);
    if (day.region == NO_INDEX || register_day(row, DATE, &day.row.day))
        return;
    if (!day.row.day || !row->cells[NAME].n) {
        csv_wrong(row, day.row.day ? NAME : DATE, "the cell is empty: a holiday needs a date and a name");
        return;
    }
    if (status.n && !str_eq(status, STR("known")) && !str_eq(status, STR("computed"))) {
        csv_unknown(row, STATUS, status, &choice);
        return;
    }
    for (uint32_t i = 0; i < d->n; i++)
        if (d->p[i].region == day.region && d->p[i].row.day == day.row.day) {
            csv_wrong(row, DATE, "row %u has that day for '%.*s' already", d->p[i].number,
                      STR_ARG(row->cells[REGION]));
            return;
        }
    if (d->n == d->room) {
        uint32_t room = d->room ? d->room * 2 : 64;
        struct day *grown = realloc(d->p, room * sizeof *grown);

        if (!grown) {
            d->no_memory = true;
            return;
        }
        d->p = grown;
        d->room = room;
    }
    day.row.name = build_str(d->b, row->cells[NAME]);
    d->p[d->n++] = day;
}

static int by_day(const void *a, const void *b)
{
    const struct day *x = a, *y = b;

    if (x->region != y->region)
        return x->region < y->region ? -1 : 1;
    return (x->row.day > y->row.day) - (x->row.day < y->row.day);
}

int parse_holidays(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};
    struct days days = {.b = b, .known = build_count(b, SECTION_REGIONS)};
    int result = csv_read(&sheet, file, text, &days, d);

    if (days.no_memory)
        result = diag_error(d, "out of memory while bank holidays are read", NULL, NULL);
    if (days.n)
        qsort(days.p, days.n, sizeof *days.p, by_day);
    for (uint32_t i = 0; i < days.n; i++) {
        uint32_t index = build_row(b, SECTION_HOLIDAYS, &days.p[i].row);
        struct a_region *region = build_at(b, SECTION_REGIONS, days.p[i].region);

        if (region->holidays.n++ == 0)
            region->holidays.at = index;
    }
    free(days.p);
    return result;
}
