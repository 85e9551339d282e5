/* Days of the week and hours of the day as policies and shifts.csv write them: "Mon-Thu", "08:45-17:00". */
#ifndef COMPILE_HOURS_H
#define COMPILE_HOURS_H

#include "core/artefact.h"
#include "core/text.h"

enum { HOURS_WHY = 160 };

extern const char *const weekday_names[7]; /* "Mon", for messages and print */

/* "Mon", "monday", "Mon-Fri", "Sat-Mon" as a bit set, 0 = Monday. False with what is no weekday in *unknown.
 */
bool hours_days(struct str word, uint32_t *days, struct str *unknown);

/* Something that was meant as a day or days, right or wrong: it may not stand where a name does. */
bool hours_is_day(struct str word);

/* "08:45-17:00" into begin and end, minutes since midnight; "24:00" is the end of the day. `over`: its end is
 * on the next day. 0; or -1 and `why` ends a sentence that begins with the text ("... ends before it
 * begins"). */
int hours_span(struct str word, bool over, struct a_window *window, char why[HOURS_WHY]);

/* Two windows of one calendar or rota are open at the same time at some moment. */
bool hours_meet(const struct a_window *x, const struct a_window *y);

/* "Mon-Thu 08:45-17:00", "Mon Wed 22:00-06:00 next-day", as hours_days and hours_span read it. */
void hours_put(const struct a_window *w, struct text *t);

#endif
