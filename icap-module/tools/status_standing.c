/* The age of the standing file, by which rules know what people have done. Counts, never names. */
#include "core/ask.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <stdio.h>

enum { AHEAD = 300 }; /* seconds; clocks may differ so much */

/* People with at least one fact: rows are sorted by user. */
static json_int_t count_people(const struct standing *s, struct facts all)
{
    json_int_t n = 0;

    for (uint32_t i = 0; i < all.n; i++)
        n += i == 0 || !str_eq(standing_str(s, all.rows[i - 1].user), standing_str(s, all.rows[i].user));
    return n;
}

static json_t *facts_of(struct status *s, const struct standing *of)
{
    int64_t as_of = standing_as_of(of), age = s->at - as_of;
    struct facts all = standing_all(of);

    if (age < -AHEAD)
        status_attend(s, "%s is of the future: is a clock wrong?", s->standing);
    else if (s->served && standing_stale(s->served, of, s->at))
        status_attend(s,
                      "%s is %lld seconds old, older than the policy lets it be: what people do now does not "
                      "count yet. See whether portreeved runs and what it says",
                      s->standing, (long long)age);
    return json_pack("{s:o, s:n, s:o, s:I, s:I, s:I}", "file", json_slice(str_of(s->standing)), "problem",
                     "as_of", json_time(as_of), "age_seconds", (json_int_t)age, "facts", (json_int_t)all.n,
                     "people", count_people(of, all));
}

json_t *status_look_standing(struct status *s)
{
    struct standing *standing;
    struct diag d;
    json_t *o;

    if (!s->standing)
        return json_null();
    diag_init(&d);
    if (standing_map(s->standing, &standing, &d) != 0) {
        status_attend(s, "%s. What people do does not count. See whether portreeved runs and what it says",
                      d.messages[0].text);
        return json_pack("{s:o, s:o, s:n, s:n, s:n, s:n}", "file", json_slice(str_of(s->standing)), "problem",
                         json_slice(str_of(d.messages[0].text)), "as_of", "age_seconds", "facts", "people");
    }
    o = facts_of(s, standing);
    standing_free(standing);
    return o;
}

void status_tell_standing(struct screen *sc, const json_t *facts)
{
    char when[32];

    if (!json_is_object(facts))
        return;
    if (json_is_integer(json_object_get(facts, "age_seconds")))
        screen_put(sc, "Standing: %lld seconds old (%s), %lld facts about %lld people",
                   (long long)status_number(facts, "age_seconds"), status_when(facts, "as_of", when),
                   (long long)status_number(facts, "facts"), (long long)status_number(facts, "people"));
    else
        screen_put(sc, "Standing: none");
    screen_end(sc);
}
