/* What policy_calendar.c and policy_windows.c share; nobody else includes this. */
#ifndef COMPILE_POLICY_CALENDAR_H
#define COMPILE_POLICY_CALENDAR_H

#include "compile/policy_parse.h"

/* A calendar while its lines are read. */
struct calendar {
    struct a_calendar row;
    uint32_t index;
    struct a_window windows[WINDOWS_MAX];
    const struct word *places[WINDOWS_MAX];
    struct policy_numbers closed;
    unsigned said;
};

/* `work Mon-Thu 08:45-17:00 Fri 08:45-16:40`, the cursor behind the kind. -1 after an error. */
int calendar_windows(struct policy_parser *p, struct calendar *c, enum window_kind kind);

/* Of a calendar or a window: small letters, digits and '-', and no weekday. */
bool calendar_is_name(struct str s);

#endif
