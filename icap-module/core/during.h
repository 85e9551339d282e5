/* What time it is for a person: work time, own time, a window that their calendar has a name for.
 *
 * Whose hours hold, in this order:
 *   1. a break that the person has declared (core/standing.h): own time;
 *   2. the person's own rota, where it covers the day;
 *   3. of the person's groups those that have a calendar or a rota: where they say different things, unsure.
 * Of somebody with a rota of their own only the rotas of their groups count;
 *   4. with a rota that does not cover the day (ended, or not there yet): what `shifts` says, unsure or
 *   5. the policy's calendar. So it is for everybody who is not known, or whose groups are not told.
 *
 * Within one calendar or rota: own time in a window of own time and wherever no window of work is open, so
 * that one of both always holds. What begins on a bank holiday or closed day is not open; what began the day
 * before goes on over midnight. All in local time: the hour that the clocks leave out never comes, the one
 * that comes twice counts twice. Weeks of a rota are counted from the Monday of 1969-12-29, week 0.
 *
 * No heap, no clock, at most WINDOWS_MAX windows a calendar or rota. */
#ifndef CORE_DURING_H
#define CORE_DURING_H

#include "core/match.h"
#include "core/text.h"

/* Found out once a request, by the first who asks; lives as long as `m->memory`. */
const struct time_view *during_view(const struct match *m);

/* "Tue 2026-05-12 12:45 is own time: office, lunch". */
void during_tell(const struct match *m, struct text *t);

/* For whoever has no match at hand: as policy_judge left request and verdict. `to` may be NULL. */
enum hours during_hours(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
                        struct text *to);

#endif
