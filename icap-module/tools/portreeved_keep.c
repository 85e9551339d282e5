/* What is kept how long: days are summed up, then what is older than its store is kept is erased, a chunk a
 * turn, so that imports and pages go on in between. */
#include "tools/portreeved.h"

#include <stdio.h>

enum { AGAIN = 3600 /* s until the next pass */, AFTER_FAILURE = 60, DAYS_MIN = 7, DAYS_MAX = 36600 };

/* Marked defaults: a proposal (the law sets no number), the council decides. */
const unsigned daemon_keep_default[KEEP_COUNT] = {
    [KEEP_EVENTS] = 90, [KEEP_SECURITY] = 365, [KEEP_CORPORATE] = 731, [KEEP_AGGREGATES] = 731};

_Static_assert(DAYS_MIN > SUM_AFTER + 1, "a day is summed up before it is erased");

bool daemon_keep_access(const char *text, unsigned *days)
{
    uint64_t value;

    if (str_u64(str_of(text), &value) && value >= DAYS_MIN && value <= DAYS_MAX) {
        *days = (unsigned)value;
        return true;
    }
    fprintf(stderr, "portreeved: --keep access=%s: days from %d to %d, such as access=%d\n", text, DAYS_MIN, DAYS_MAX,
            ACCESS_DAYS);
    return false;
}

bool daemon_keep_read(const char *text, unsigned days[KEEP_COUNT])
{
    struct str rest = str_of(text), word = str_cut(&rest, '=');
    const char *near;
    uint64_t value;

    for (int i = 0; i < KEEP_COUNT; i++) {
        if (!str_eq(word, str_of(keep_words[i])))
            continue;
        if (!str_u64(rest, &value) || value < DAYS_MIN || value > DAYS_MAX) {
            fprintf(stderr, "portreeved: --keep %s: days from %d to %d, such as %s=%u\n", text, DAYS_MIN,
                    DAYS_MAX, keep_words[i], daemon_keep_default[i]);
            return false;
        }
        days[i] = (unsigned)value;
        return true;
    }
    near = diag_nearest(word, keep_words, KEEP_COUNT);
    near = near ? near : diag_nearest(word, (const char *const[]){"access"}, 1);
    fprintf(stderr, "portreeved: --keep %s: there is no store '%.*s'", text, STR_ARG(word));
    fprintf(stderr, near ? "; did you mean '%s'?\n" : "; write STORE=DAYS\n", near);
    return false;
}

static bool begins(struct daemon_keep *k, int64_t now)
{
    if (k->busy)
        return true;
    if (now < k->next && k->next - now <= AGAIN)
        return false;
    *k = (struct daemon_keep){.busy = true, .summing = true};
    return true;
}

static int erase(struct daemon_keep *k, struct store *s, const unsigned days[KEEP_COUNT], int64_t now,
                 struct diag *d)
{
    const struct erased what = {
        .store = k->at, .day = clock_local(now).day - (int32_t)days[k->at], .at = now};

    if (store_erase(s, &what, &k->how, d) != 0)
        return -1;
    if (!k->how.more) {
        k->how = (struct erasing){0};
        k->at++;
    }
    return 0;
}

/* What is not summed up is not erased either. */
bool daemon_keep_step(struct daemon_keep *k, struct store *s, const unsigned days[KEEP_COUNT], int64_t now,
                      struct diag *d)
{
    int result;

    if (!begins(k, now))
        return false;
    result = k->summing ? store_sum_up(s, now, &k->summing, d) : erase(k, s, days, now, d);
    if (result != 0 || k->at == KEEP_COUNT) {
        k->busy = false;
        k->next = now + (result != 0 ? AFTER_FAILURE : AGAIN);
    }
    return k->busy;
}
