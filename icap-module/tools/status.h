/* `portreeve status`: one item, one row of the table in cmd_status.c, one look and one way to tell of it. An
 * item's facts are JSON, keys always there, unknown as null (portreeve(1), STATUS); the screen is made from
 * them alone, so that both say the same. No item may put the name of a person of a register among its facts.
 */
#ifndef TOOLS_STATUS_H
#define TOOLS_STATUS_H

#include "core/policy.h"

#include <jansson.h>

enum { STATUS_DIRECTORY_OLD = 24 /* hours */, STATUS_LISTS_OLD = 14 /* days */, SCREEN_LINE = 6000 };

/* What every item may look at. */
struct status {
    const char *file;
    const char *spool;        /* NULL = not asked about */
    const char *identity_key; /* NULL = not asked about; as is */
    const char *enrolments;
    const char *standing;              /* NULL = not asked about */
    const char *categories;            /* NULL = not asked about */
    const char *rot;                   /* NULL = the one in the spool's folder */
    int64_t at;                        /* the time that all ages are told from */
    int32_t today;                     /* its local day */
    struct policy *policy, *last_good; /* FILE and FILE.last-good; NULL = does not open */
    struct diag why, why_last_good;    /* why not */
    const struct artefact *served;     /* of the two, what a worker that starts would take; NULL = neither */
    const char *item;                  /* the item that looks */
    json_t *attention;                 /* array of {item, text} */
};

/* Where items tell: a line is put together, then ended. */
struct screen {
    unsigned columns; /* of the terminal; 0 = none: lines are not broken */
    bool all;         /* every detail, else what fits on a screen */
    size_t n;         /* bytes in line */
    char line[SCREEN_LINE];
};

struct status_item {
    const char *name;                                     /* its key */
    json_t *(*look)(struct status *s);                    /* its facts */
    void (*tell)(struct screen *sc, const json_t *facts); /* no line where there is nothing to be said */
};

void screen_init(struct screen *sc, bool all);

/* More of the line; control characters as '?': some of it comes from files. */
void screen_put(struct screen *sc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void screen_end(struct screen *sc);

/* What needs attention, then all items. */
void screen_tell(struct screen *sc, const struct status_item *items, size_t n, const json_t *facts);

/* Something that a person has to look into. */
void status_attend(struct status *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints a text at once, control characters as '?': some of it comes from files. */
void status_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A member for the screen: a text ("-" when null), a time as "2026-05-12 09:00 UTC" (into `to`), a number. */
const char *status_text(const json_t *facts, const char *key);
const char *status_when(const json_t *facts, const char *key, char to[32]);
json_int_t status_number(const json_t *facts, const char *key);

/* FILE with something put behind it; "" when that is too long a name. */
const char *status_beside(const struct status *s, const char *end, char to[4096]);

/* All items' facts of s->file at s->at, with "attention"; the caller's. */
json_t *status_all(struct status *s);

/* The items, status_*.c. */
json_t *status_look_service(struct status *s);
void status_tell_service(struct screen *sc, const json_t *facts);
json_t *status_look_files(struct status *s);
void status_tell_files(struct screen *sc, const json_t *facts);
json_t *status_look_alarm(struct status *s);
void status_tell_alarm(struct screen *sc, const json_t *facts);
json_t *status_look_registers(struct status *s);
void status_tell_registers(struct screen *sc, const json_t *facts);
json_t *status_look_directory(struct status *s);
void status_tell_directory(struct screen *sc, const json_t *facts);
json_t *status_look_identities(struct status *s);
void status_tell_identities(struct screen *sc, const json_t *facts);
json_t *status_look_standing(struct status *s);
void status_tell_standing(struct screen *sc, const json_t *facts);
json_t *status_look_daemon(struct status *s);
void status_tell_daemon(struct screen *sc, const json_t *facts);
json_t *status_look_maps(struct status *s);
void status_tell_maps(struct screen *sc, const json_t *facts);
json_t *status_look_rot(struct status *s);
void status_tell_rot(struct screen *sc, const json_t *facts);
json_t *status_look_lists(struct status *s);
void status_tell_lists(struct screen *sc, const json_t *facts);
json_t *status_look_spool(struct status *s);
void status_tell_spool(struct screen *sc, const json_t *facts);

#endif
