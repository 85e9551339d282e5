/* Days of grants that have not come yet: nobody has approved, signed or read what is dated tomorrow. */
#include "compile/check.h"

#include "core/clock.h"

struct dated {
    const char *column;
    uint32_t day;
};

static void check_day(struct check *c, uint32_t grant, const struct dated *dated, int32_t today)
{
    char day[11] = {0}, now[11] = {0};

    if ((int32_t)dated->day <= today)
        return;
    clock_format_date((int32_t)dated->day, day);
    clock_format_date(today, now);
    check_say(c, SEVERITY_ERROR, SECTION_GRANTS, grant,
              "%s is %s, which has not come yet (today is %s): put in the day on which it was done, or leave "
              "it out until it is",
              dated->column, day, now);
}

void check_grants(struct check *c, int32_t today)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = build_at(c->b, SECTION_GRANTS, i);
        const struct dated days[] = {{"approved_on", g->approved_day},
                                     {"second_approved_on", g->second_day},
                                     {"aup_signed_on", g->aup_day},
                                     {"policy_read_on", g->read_day}};

        for (size_t k = 0; k < sizeof days / sizeof *days; k++)
            check_day(c, i, &days[k], today);
    }
}
