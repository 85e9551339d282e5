/* The age of what the directory told (registers/people.csv). Counts, never names. */
#include "tools/json_words.h"
#include "tools/status.h"

#include <stdio.h>

enum { HOUR = 3600, DAY = 24 * HOUR, AHEAD = 300 }; /* seconds; clocks may differ so much */

/* "2 days", "25 hours": whole ones. */
static void put_age(int64_t seconds, char to[32])
{
    int64_t days = seconds / DAY, hours = seconds / HOUR;

    if (days >= 2)
        snprintf(to, 32, "%lld days", (long long)days);
    else
        snprintf(to, 32, "%lld hour%s", (long long)hours, hours == 1 ? "" : "s");
}

json_t *status_look_directory(struct status *s)
{
    uint32_t read = s->served ? ARTEFACT_ROWS(s->served, META, struct a_meta)->directory_read : 0;
    int64_t age = s->at - (int64_t)read;
    json_int_t people = 0;
    char text[32];

    if (!read)
        return json_null();
    for (uint32_t i = 0; i < s->served->n[SECTION_MEMBERS]; i++)
        people += ARTEFACT_ROWS(s->served, MEMBERS, struct a_member)[i].id.n > 0;
    put_age(age, text);
    if (age > (int64_t)STATUS_DIRECTORY_OLD * HOUR)
        status_attend(
            s,
            "the directory was read %s ago: older than %d hours. See why sync-directory does not run or "
            "what it refuses, then compile again",
            text, STATUS_DIRECTORY_OLD);
    else if (age < -AHEAD)
        status_attend(s, "the directory was read in the future: is a clock wrong?");
    return json_pack("{s:o, s:I, s:I}", "read_at", json_time((int64_t)read), "age_hours",
                     (json_int_t)(age / HOUR), "people", people);
}

void status_tell_directory(struct screen *sc, const json_t *facts)
{
    char when[32], age[32];

    if (!json_is_object(facts))
        return;
    put_age(status_number(facts, "age_hours") * HOUR, age);
    screen_put(sc, "Directory: read %s ago (%s), %lld people", age, status_when(facts, "read_at", when),
               (long long)status_number(facts, "people"));
    screen_end(sc);
}
