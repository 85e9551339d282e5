/* review --alerts: references, times and counts of repeated refusals. Of nobody: who it was stays in the
 * store. */
#include "core/clock.h"
#include "store/store.h"
#include "tools/cmd.h"
#include "tools/ig_name.h"

#include <stdio.h>

struct options {
    const char *store, *naming, *out;
    int64_t days;
};

static bool take_store(void *to, const char *value)
{
    ((struct options *)to)->store = value;
    return true;
}

static bool take_days(void *to, const char *value)
{
    uint64_t days;

    if (!str_u64(str_of(value), &days) || days == 0 || days > 3660) {
        fprintf(stderr, "portreeve review: '%s' is no number of days from 1 to 3660\n", value);
        return false;
    }
    ((struct options *)to)->days = (int64_t)days;
    return true;
}

static bool take_naming(void *to, const char *value)
{
    ((struct options *)to)->naming = value;
    return true;
}

static bool take_out(void *to, const char *value)
{
    ((struct options *)to)->out = value;
    return true;
}

static bool take_alerts(void *to, const char *value)
{
    (void)to, (void)value;
    return true;
}

static const struct option_row rows[] = {
    {"--alerts", true, take_alerts},      {"--store", false, take_store}, {"--days", false, take_days},
    {"--for-naming", false, take_naming}, {"-o", false, take_out},
};

static void put_alert(void *to, const struct alert *a)
{
    struct local_time at = clock_local(a->time);
    char date[11] = "";

    ++*(unsigned *)to;
    clock_format_date(at.day, date);
    printf("%.*s  %s %02u:%02u  %u refusals within %u minute(s)  sites: %.*s  rules: %.*s\n",
           STR_ARG(a->reference), date, (unsigned)(at.minute / 60), (unsigned)(at.minute % 60),
           (unsigned)a->count, (unsigned)((a->until - a->from + 59) / 60), STR_ARG(a->classes),
           STR_ARG(a->rules));
}

/* The pseudonym, for the holders' machine: it is nobody's name, and says only which refusals were one
 * person's. */
static int write_naming(struct store *s, const struct options *o, struct diag *d)
{
    struct alert a;
    bool found;

    if (store_alert(s, str_of(o->naming), &a, &found, d) != 0)
        return -1;
    if (!found)
        return diag_error(d, o->naming, ": there is no alert of that reference", NULL);
    return alert_file_write(o->out, a.reference, a.person, a.time, d);
}

int review_alerts(int argc, char **argv)
{
    struct options o = {.days = 92};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result;
    const int64_t now = now_utc();
    struct store *s = NULL;
    unsigned n = 0;
    struct diag d;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 0 || !o.store || !o.naming != !o.out) {
        fprintf(stderr, "portreeve review: write 'portreeve review --alerts --store STORE [--days N] "
                        "[--for-naming REFERENCE -o FILE]'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    result = store_open_read(o.store, &s, &d) == 0 &&
                     (o.naming ? write_naming(s, &o, &d)
                               : store_alerts(s, (const int64_t[]){now - o.days * 86400, INT64_MAX},
                                              put_alert, &n, &d)) == 0
                 ? EXIT_DONE
                 : report(&d);
    store_close(s);
    if (result == EXIT_DONE && n == 0 && !o.naming)
        printf("no alert in the last %lld days\n", (long long)o.days);
    return result;
}
