/* What the steps of a case share. */
#ifndef REPORT_CASE_INTERNAL_H
#define REPORT_CASE_INTERNAL_H

#include "report/case.h"
#include "report/input_shapes.h"

extern const struct form case_hold_form, case_authorisation_form;

bool case_is(struct str a, struct str b); /* the same name; an empty one is nobody's */
void case_want(struct str value, const char *field, struct diag *d);
bool case_about_themselves(const struct case_file *c, struct str name); /* the subject, under any name */

/* The case must be in that state and not have expired, and whoever acts not be the subject. */
void case_check_step(const struct case_file *c, const struct case_step *s, enum case_state from,
                     struct diag *d);
void case_go_to(struct case_file *c, enum case_state s);
int32_t case_today(const struct case_step *s);

/* Nobody decides who asks, whom it is about, or whom the profile excludes. */
void case_check_decider(const struct case_file *c, const struct case_step *s, struct str name,
                        const char *field, struct diag *d);
/* An authorisation is held against the case and taken over; whether there is a second is not asked. */
void case_decide(struct case_file *c, const struct case_step *s, const struct case_authorisation *a,
                 struct diag *d);
bool case_is_wide(const struct case_file *c); /* more days than one person can authorise */
/* Whose case takes its own route, or none. */
void case_check_people(const struct case_file *c, struct diag *d);

/* "A-K7M4-29QX"; the alert of a request that stands in place of a name; and that somebody is named by now. */
bool case_alert_sound(struct str reference);
void case_check_alert(const struct case_file *c, struct diag *d);
void case_check_named(const struct case_file *c, struct diag *d);

/* A step's text by its form. */
int case_read_text(struct str text, const struct form *form, const struct form_target *to, struct diag *d);

#endif
