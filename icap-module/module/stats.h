/* What `portreeve` counts in c-icap's own statistics (its info service and MONITOR show them). How many
 * requests there were c-icap counts itself, for every service. */
#ifndef MODULE_STATS_H
#define MODULE_STATS_H

#include <stdint.h>

/* COUNTER(NAME, "label"). */
#define COUNTERS(COUNTER)                                                                                    \
    COUNTER(ALLOWED, "allowed")                                                                              \
    COUNTER(REFUSED, "refused")                                                                              \
    COUNTER(ASKED, "asked")                                                                                  \
    COUNTER(UNAVAILABLE, "unavailable")                                                                      \
    COUNTER(MALFORMED, "malformed")                                                                          \
    COUNTER(SHADOW, "held back by shadow")                                                                   \
    COUNTER(OWED, "pages shown late")                                                                        \
    COUNTER(PERSON, "asked about one person")                                                                \
    COUNTER(PERSON_HELD, "asked about one person held back by shadow")                                       \
    COUNTER(UNANSWERABLE, "asks held back as nobody could answer")                                           \
    COUNTER(OPENED, "tunnels opened")                                                                        \
    COUNTER(FORGED, "forged headers removed")                                                                \
    COUNTER(VOUCHED, "portal requests vouched for")                                                          \
    COUNTER(UNVOUCHED, "portal requests of nobody known")                                                    \
    COUNTER(RESTRICTED, "requests with restrictions set")                                                    \
    COUNTER(ANSWERS, "answers looked at")                                                                    \
    COUNTER(ANSWERS_UNREAD, "answers let through unread")                                                    \
    COUNTER(ANSWERS_REFUSED, "answers refused")                                                              \
    COUNTER(EVENTS_WRITTEN, "events written")                                                                \
    COUNTER(UNLOGGED, "not recorded: never-log hosts")                                                      \
    COUNTER(HELD_LOST, "refused hosts not held")                                                             \
    COUNTER(EVENTS_LOST, "events lost")                                                                      \
    COUNTER(KEY_MISSING, "events without a pseudonym for want of the key")                                   \
    COUNTER(MINUTES_LOST, "minutes not counted for want of the day's key")                                   \
    COUNTER(IDENTITY_KEY, "sign-ins not told for want of the identity key")                                  \
    COUNTER(ENROLLED, "sign-ins enrolled")                                                                   \
    COUNTER(ENROL_REFUSED, "enrolment codes not taken")                                                      \
    COUNTER(ENROL_LOST, "enrolments that could not be written")                                              \
    COUNTER(SWAPS, "policy swaps")                                                                           \
    COUNTER(BAD_ARTEFACTS, "bad artefacts")                                                                  \
    COUNTER(WITHIN_100, "answered within 100 us")                                                            \
    COUNTER(WITHIN_250, "answered within 250 us")                                                            \
    COUNTER(WITHIN_500, "answered within 500 us")                                                            \
    COUNTER(WITHIN_1000, "answered within 1000 us")                                                          \
    COUNTER(WITHIN_2500, "answered within 2500 us")                                                          \
    COUNTER(WITHIN_10000, "answered within 10000 us")                                                        \
    COUNTER(LATER, "answered later")

enum counter {
#define COUNTER(name, label) COUNT_##name,
    COUNTERS(COUNTER)
#undef COUNTER
        COUNTER_COUNT
};

/* Before c-icap sets its statistics' memory up: in mod_init_service. `group` is the heading they stand under.
 */
void stats_register(const char *group);

/* From any thread. */
void stats_count(enum counter c);

/* How long an answer took, in one of the buckets: from when the request's head and first bytes were there. */
int64_t stats_clock(void); /* ns, CLOCK_MONOTONIC */
void stats_time(int64_t since);

#endif
