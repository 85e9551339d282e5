/* Made-up people whose true attention is known, for the test of bt-1. The same seed makes the same people, by whole
 * numbers alone.
 *
 * Each person lives one day: looks at sites and leaves them, alone or in several windows, glances, watches videos and
 * walks away from some, leaves tabs open that ask by themselves, regularly or not, or load themselves anew; reads other
 * sites that have parts of platforms in them; is refused. `truth` has the seconds in which the person looked at a platform.
 * What is recorded of it is what the module could tell (core/origin.c): opening a page and sending something is a
 * person's; what a page's script asks for, scrolling as well as polling, is unknown unless the map knows it as machinery;
 * pieces of video are background; a page that loads itself anew looks as if somebody had opened it. */
#ifndef TESTS_REPORT_PEOPLE_H
#define TESTS_REPORT_PEOPLE_H

#include "report/browsing.h"

enum { PEOPLE_PLATFORMS = 5, PEOPLE_DAY = 86400, PEOPLE_USES = 60000 };

enum habit { READER, GLANCER, TAB_LEAVER, VIDEO, TWO_WINDOWS, SELDOM, NEVER, HABITS };

struct simulated {
    enum habit habit;
    int64_t midnight; /* UTC, of a day without a change of the clocks */
    size_t n;
    struct use uses[PEOPLE_USES];
    unsigned char truth[PEOPLE_DAY];
    uint64_t random;
};

/* Lives the person's day; `seed` tells all. */
void simulate(struct simulated *p, uint64_t seed, int64_t midnight);

uint32_t simulated_truth(const struct simulated *p); /* seconds */

extern const char *const habit_names[HABITS];

#endif
