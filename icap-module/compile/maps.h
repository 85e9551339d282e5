/* Platform maps as files that are changed by themselves, without the policy: their age and their own tests.
 */
#ifndef COMPILE_MAPS_H
#define COMPILE_MAPS_H

#include "compile/cases.h"
#include "compile/source.h"

enum { MAPS_OLD_DAYS = 180 }; /* a map that has not been looked at for so long has probably rotted */

/* A map's version is the day of its last change: that day, local. False where it is another word. */
bool maps_day(struct str version, int32_t *day);

/* Runs the cases that stand beside the maps of a source (platforms/ID.case) against those maps and a policy
 * that judges every platform and has no register: what a map makes of a request depends on no council. 0, or
 * -1 with messages in `d` when a map or a case is wrong or a case fails; the counts in *result. Without such
 * cases nothing is done. */
int maps_run_cases(const struct source *s, struct case_result *result, struct diag *d);

/* platforms/ID.map, platforms/ID.case. */
bool maps_is_map(struct str path);
bool maps_is_case(struct str path);

/* The ID of such a path; empty where it could be none. */
struct str maps_id(struct str path);

/* The text parses by itself and is the map of the platform that its file is named after. Its version, a slice
 * of the text, in *version. -1 with messages. */
int maps_check_map(const struct source_file *file, struct str *version, struct diag *d);

/* `base` with the files of `over` in it, in the place of those of the same path; an empty text takes a file
 * out. The list alone is new (free merged->files); paths and texts stay where they are. -1 without memory. */
int maps_overlay(const struct source *base, const struct source *over, struct source *merged);

#endif
