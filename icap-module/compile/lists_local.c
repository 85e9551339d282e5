/* local.csv: hosts that the council allows or denies whatever the lists say, by whom and until when. */
#include "compile/csv.h"
#include "compile/date.h"
#include "compile/encoding.h"
#include "compile/hostname.h"
#include "compile/lists.h"
#include "compile/lists_import.h"
#include "core/clock.h"

#include <libpsl.h>

enum { HOST, ACTION, CATEGORY, OWNER, UNTIL, NOTE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
    [HOST] = {"host", true, CSV_WORDS},   [ACTION] = {"action", true, CSV_WORDS},
    [CATEGORY] = {"category", false, CSV_WORDS}, [OWNER] = {"owner", true, CSV_PROSE},
    [UNTIL] = {"until", true, CSV_WORDS}, [NOTE] = {"note", false, CSV_PROSE},
};

/* What an allowed host is taken off when the row names no category: all but what a council may never wave
 * through by default. */
enum { ALLOWED_ALWAYS = (1u << CATEGORY_COUNT) - 1 - (1u << CATEGORY_ILLEGAL) };

static int read_action(const struct csv_row *row, struct list_in *in)
{
    static const char *const names[] = {"allow", "deny"};
    static const struct csv_choice choice = {"action", names, 2};

    if (str_ieq(row->cells[ACTION], STR("allow")))
        in->kind = CATDB_ALLOWED;
    else if (str_ieq(row->cells[ACTION], STR("deny")))
        in->kind = CATDB_DENIED;
    else {
        csv_unknown(row, ACTION, row->cells[ACTION], &choice);
        return -1;
    }
    return 0;
}

static int read_categories(const struct csv_row *row, struct list_in *in)
{
    struct str rest = row->cells[CATEGORY], word;
    struct csv_choice choice = {"category", word_lists[WORDS_CATEGORY].words, CATEGORY_COUNT};

    while (csv_word(&rest, &word)) {
        int k = word_find(WORDS_CATEGORY, word);

        if (k < 0) {
            csv_unknown(row, CATEGORY, word, &choice);
            return -1;
        }
        in->categories |= 1u << k;
    }
    if (in->categories)
        return 0;
    if (in->kind == CATDB_ALLOWED) {
        in->categories = ALLOWED_ALWAYS;
        return 0;
    }
    csv_wrong(row, CATEGORY, "a host that is denied needs a category: which rule shall refuse it?");
    return -1;
}

/* The first second of a local day (23:00 UTC of the day before in summer). */
static uint32_t day_begins(int32_t day)
{
    int64_t utc = (int64_t)day * 86400;

    return (uint32_t)(clock_local(utc).minute ? utc - 3600 : utc);
}

static int read_until(const struct csv_row *row, struct list_in *in)
{
    char why[DATE_WHY];
    uint32_t day;

    if (!row->cells[UNTIL].n) {
        if (in->kind == CATDB_DENIED)
            return 0;
        csv_wrong(row, UNTIL, "until when? What is allowed has an end, so that somebody looks at it again");
        return -1;
    }
    if (date_parse(row->cells[UNTIL], &day, why) != 0) {
        csv_wrong(row, UNTIL, "'%.*s' %s", STR_ARG(row->cells[UNTIL]), why);
        return -1;
    }
    in->until = day_begins((int32_t)day + 1);
    return 0;
}

struct local {
    struct lists *lists;
    struct str name;
};

/* All below it is strangers' (publicsuffix.org), not one owner's. To allow .gov.uk is sound. `name` begins with a
 * dot. */
static bool is_too_wide(struct str name, enum catdb_kind kind)
{
    char z[HOSTNAME_MAX + 2];
    struct str bare = str_from(name, 1);

    memcpy(z, bare.p, bare.n);
    z[bare.n] = '\0';
    if (str_find(bare, '.') == bare.n || kind == CATDB_ALLOWED)
        return str_find(bare, '.') == bare.n;
    return psl_is_public_suffix2(psl_builtin(), z, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

static void take(const struct csv_row *row, void *to)
{
    const struct local *l = to;
    struct list_in in = {.name = l->name, .owner = row->cells[OWNER]};
    char normal[HOSTNAME_MAX + 2];
    struct str name;
    const char *problem;
    int list;

    if (!hostname_normal(row->cells[HOST], true, normal, &name, &problem)) {
        csv_wrong(row, HOST, "'%.*s' is no host name: %s", STR_ARG(row->cells[HOST]), problem);
        return;
    }
    if (!in.owner.n) {
        csv_wrong(row, OWNER, "whose decision is it? A name or a team");
        return;
    }
    if (read_action(row, &in) != 0)
        return;
    if (name.p[0] == '.' && is_too_wide(name, in.kind)) {
        csv_wrong(row, HOST, "'%.*s' is a whole public suffix, such as co.uk: name the sites", STR_ARG(name));
        return;
    }
    if (read_categories(row, &in) != 0 || read_until(row, &in) != 0)
        return;
    list = lists_list(l->lists, &in);
    if (list < 0 || lists_name(l->lists, str_from(name, name.p[0] == '.'), list,
                               name.p[0] == '.' ? 0 : CATDB_EXACT) == LISTS_FULL)
        csv_wrong(row, HOST, "there is no room for more rows");
}

int lists_local(struct lists *to, struct str name, struct str file, struct str text, struct diag *d)
{
    struct local l = {to, name};
    static const struct csv_sheet sheet = {columns, COLUMNS, take};

    return csv_read(&sheet, file, text, &l, d);
}
