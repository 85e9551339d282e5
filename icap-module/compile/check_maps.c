/* Maps age: platforms change without telling anybody. */
#include "compile/check.h"
#include "compile/maps.h"
#include "core/text.h"

/* The day of a platform's map, and that it is over MAPS_OLD_DAYS old. */
static bool is_old(const struct check *c, uint32_t platform, int32_t today, int32_t *day)
{
    const struct a_platform *row = build_at(c->b, SECTION_PLATFORMS, platform);

    return maps_day(build_text(c->b, row->version), day) && today - *day > MAPS_OLD_DAYS;
}

/* One message for all of them, at the oldest: a council cannot mend one map more easily than all. */
void check_maps(struct check *c, int32_t today)
{
    uint32_t oldest = NO_INDEX;
    int32_t oldest_day = INT32_MAX, day;
    char names[DIAG_TEXT / 2];
    struct text t;

    text_init(&t, names, sizeof names - 1);
    for (uint32_t i = 0; i < build_count(c->b, SECTION_PLATFORMS); i++) {
        const struct a_platform *row = build_at(c->b, SECTION_PLATFORMS, i);

        if (!is_old(c, i, today, &day))
            continue;
        text_puts(&t, t.n ? ", " : "");
        text_put(&t, build_text(c->b, row->id));
        if (day < oldest_day) {
            oldest_day = day;
            oldest = i;
        }
    }
    names[t.n] = '\0';
    if (oldest != NO_INDEX)
        check_say(
            c, SEVERITY_WARNING, SECTION_PLATFORMS, oldest,
            "over %d days old, this one %d: the map(s) of %s%s. Platforms change: look for newer maps and "
            "take them in with 'portreeve maps update'",
            MAPS_OLD_DAYS, today - oldest_day, names, t.cut ? " ..." : "");
}
