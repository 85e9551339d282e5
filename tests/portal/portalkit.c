/* What the module does and a test has to: vouch, seal tokens, write events, read the standing.
 *   portalkit vouch KEY USER METHOD PATH [NOW [GROUPS]]          NOW "-": the clock's
 *   portalkit token KEY USER ASK RULE VERSION BACK [EXPIRY]      ASK: notice coach person, or "refused"
 *   portalkit event SPOOL KEY USER ACTION RULE PLATFORM CODE [TIME]
 *   portalkit load SPOOL KEY PEOPLE COUNT RULE [TIME]            so many events of so many people, a minute
 * apart each; prints how many are in the spool portalkit minute SPOOL USER RULE [TIME]                      a
 * minute of somebody's where nobody is recorded portalkit standing FILE a fact a line: user kind what seconds
 * number
 */
#include "core/clock.h"
#include "core/standing.h"
#include "record/day.h"
#include "record/epoch.h"
#include "record/spool.h"
#include "record/token.h"
#include "record/vouch.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int fail(const struct diag *d)
{
    for (unsigned i = 0; i < d->n; i++)
        fprintf(stderr, "portalkit: %s\n", d->messages[i].text);
    return 2;
}

static int64_t number(const char *text, int64_t otherwise)
{
    return text && strcmp(text, "-") != 0 ? strtoll(text, NULL, 10) : otherwise;
}

static int print(struct str s)
{
    printf("%.*s\n", STR_ARG(s));
    return s.n ? 0 : 1;
}

static int vouch(char **w, const struct seal_key *key)
{
    struct vouch_request r = {str_of(w[2]), str_of(w[3]), number(w[4], time(NULL))};
    char to[VOUCH_TEXT];

    return print(vouch_write(key, &(struct vouch_who){str_of(w[1]), str_of(w[4] ? w[5] : NULL)}, &r, to));
}

static int token(char **w, const struct seal_key *key)
{
    int ask = word_find(WORDS_ASK, str_of(w[2]));
    struct token t = {.ask = ask < 0 ? ASK_COUNT : (enum ask)ask,
                      .user = str_of(w[1]),
                      .rule = str_of(w[3]),
                      .version = str_of(w[4]),
                      .back = str_of(w[5])};
    char to[TOKEN_TEXT];

    t.expiry = number(w[6], time(NULL) + 600);
    return print(token_seal(key, &t, to));
}

static int put(const char *folder, struct event *e)
{
    struct spool *s;
    struct diag d;
    int result;

    diag_init(&d);
    if (spool_open(folder, "test", SPOOL_SEGMENT_MIN, &s, &d) != 0)
        return fail(&d);
    result = spool_append(s, e);
    spool_close(s);
    return result ? 2 : 0;
}

static int minute(const char *folder, char **w)
{
    int64_t now = number(w[2], time(NULL));
    struct event e = {.policy = STR("1.0"),
                      .origin = ORIGIN_PERSON,
                      .has_day = true,
                      .people = 0xffffffff,
                      .action = ACTION_ALLOW,
                      .rule = str_of(w[1]),
                      .platform = STR("x")};
    struct seal_key key;
    struct diag d;

    diag_init(&d);
    if (day_key_make(folder, clock_local(now).day, &key, &d) != 0)
        return fail(&d);
    day_digest(&key, str_of(w[0]), e.day);
    e.time = now - now % 3600;
    e.minute = (uint32_t)(now % 3600 / 60);
    return put(folder, &e);
}

/* Under the pseudonym of the epoch that its time lies in; of a time before them all, the first. */
static int event(const char *folder, char **w)
{
    struct epoch_file keys;
    const struct epoch *of;
    struct diag d;
    int action = word_find(WORDS_ACTION, str_of(w[2]));
    struct event e = {.policy = STR("1.0"),
                      .account = STR("none"),
                      .origin = ORIGIN_PERSON,
                      .has_pseudonym = true,
                      .people = 0xffffffff,
                      .action = (enum action)action,
                      .rule = str_of(w[3]),
                      .platform = str_of(w[4]),
                      .code = str_of(w[5])};

    e.time = number(w[6], time(NULL));
    diag_init(&d);
    if (epoch_read(w[0], &keys, &d) != 0)
        return fail(&d);
    of = epoch_at(&keys, e.time) ? epoch_at(&keys, e.time) : &keys.epochs[0];
    e.epoch = of->id;
    seal_pseudonym(&of->key, str_of(w[1]), e.pseudonym);
    return action < 0 ? 2 : put(folder, &e);
}

static int load(const char *folder, char **w, const struct seal_key *key)
{
    int64_t people = number(w[1], 1), count = number(w[2], 1), start = number(w[4], time(NULL)), written = 0;
    struct spool *s;
    struct diag d;

    diag_init(&d);
    if (people < 1 || spool_open(folder, "test", 1 << 20, &s, &d) != 0)
        return fail(&d);
    for (int64_t i = 0; i < count; i++) {
        struct event e = {.policy = STR("1.0"),
                          .account = STR("none"),
                          .origin = ORIGIN_PERSON,
                          .has_pseudonym = true,
                          .people = 0xffffffff,
                          .action = ACTION_ALLOW,
                          .rule = str_of(w[3]),
                          .platform = STR("x")};
        char name[32];

        e.time = start + 60 * (i / people % 60);
        snprintf(name, sizeof name, "load.%lld", (long long)(i % people));
        seal_pseudonym(key, str_of(name), e.pseudonym);
        written += spool_append(s, &e) == 0;
    }
    spool_close(s);
    printf("%lld\n", (long long)written);
    return 0;
}

static int standing(const char *path)
{
    struct standing *s;
    struct facts all;
    struct diag d;

    diag_init(&d);
    if (standing_map(path, &s, &d) != 0)
        return fail(&d);
    all = standing_all(s);
    for (uint32_t i = 0; i < all.n; i++) {
        const struct s_fact *f = &all.rows[i];
        struct str user = standing_str(s, f->user), what = standing_str(s, f->what);

        printf("%.*s %s %.*s %lld %u\n", STR_ARG(user), word_of(WORDS_FACT, f->kind), STR_ARG(what),
               f->until ? (long long)f->until - (long long)f->from : 0, f->number);
    }
    standing_free(s);
    return 0;
}

int main(int argc, char **argv)
{
    struct seal_key key;
    struct diag d;

    diag_init(&d);
    if (argc == 3 && !strcmp(argv[1], "standing"))
        return standing(argv[2]);
    if (argc >= 5 && !strcmp(argv[1], "minute"))
        return seal_init(&d) == 0 ? minute(argv[2], argv + 3) : fail(&d);
    if (argc >= 6 && seal_init(&d) == 0) {
        bool event_asked = !strcmp(argv[1], "event"), load_asked = !strcmp(argv[1], "load");

        if (event_asked && argc >= 9)
            return event(argv[2], argv + 3);
        if (seal_key_read(argv[load_asked ? 3 : 2], &key, &d) != 0)
            return fail(&d);
        if (!strcmp(argv[1], "vouch"))
            return vouch(argv + 2, &key);
        if (!strcmp(argv[1], "token") && argc >= 8)
            return token(argv + 2, &key);
        if (load_asked && argc >= 7)
            return load(argv[2], argv + 3, &key);
    }
    fputs("portalkit: how it is called stands in the head of tests/portal/portalkit.c\n", stderr);
    return 2;
}
