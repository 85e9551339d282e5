/* The category database that rules ask: whether it opens, and its age. */
#include "core/categories.h"
#include "tools/json_words.h"
#include "tools/status.h"

enum { DAY = 86400 };

static json_t *unknown(const char *file, const char *why)
{
    return json_pack("{s:o, s:o, s:n, s:n, s:n, s:n, s:n}", "file", json_slice(str_of(file)), "problem",
                     json_slice(str_of(why)), "made_at", "age_days", "lists", "names", "urls");
}

json_t *status_look_lists(struct status *s)
{
    const struct catdb_header *h;
    struct categories *c;
    struct diag d;
    json_t *o;
    int64_t made, days;

    if (!s->categories)
        return json_null();
    diag_init(&d);
    if (categories_map(s->categories, &c, &d) != 0) {
        status_attend(s, "%s: %s: no site is known to be of a category. See what update-lists says",
                      s->categories, d.messages[0].text);
        return unknown(s->categories, d.messages[0].text);
    }
    h = c->db[0].header;
    made = (int64_t)((uint64_t)h->made[1] << 32 | h->made[0]);
    days = (s->at - made) / DAY;
    if (days > STATUS_LISTS_OLD)
        status_attend(
            s, "%s is %lld days old, more than %d: see why update-lists does not run or what it refuses",
            s->categories, (long long)days, STATUS_LISTS_OLD);
    o = json_pack("{s:o, s:n, s:o, s:I, s:I, s:I, s:I}", "file", json_slice(str_of(s->categories)), "problem",
                  "made_at", json_time(made), "age_days", (json_int_t)days, "lists", (json_int_t)h->lists,
                  "names", (json_int_t)h->names, "urls", (json_int_t)h->urls);
    categories_free(c);
    return o;
}

void status_tell_lists(struct screen *sc, const json_t *facts)
{
    char when[32];

    if (!json_is_object(facts))
        return;
    if (json_is_integer(json_object_get(facts, "age_days")))
        screen_put(sc, "Category lists: made %s, %lld lists, %lld names", status_when(facts, "made_at", when),
                   (long long)status_number(facts, "lists"), (long long)status_number(facts, "names"));
    else
        screen_put(sc, "Category lists: none");
    screen_end(sc);
}
