/* What the commands about held hosts (record/held.h) share. */
#ifndef TOOLS_HELD_H
#define TOOLS_HELD_H

#include "core/clock.h"
#include "record/held.h"
#include "tools/access.h"
#include "tools/cmd.h"
#include "tools/json_words.h"

enum { HELD_DAYS_MAX = 366 };

struct held_options {
    const char *held, *log, *artefact, *categories, *until, *owner;
    uint64_t days;
    int64_t at;
    bool harmful, json;
};

/* For their tables of options. */
bool held_take_folder(void *to, const char *value);
bool held_take_log(void *to, const char *value);
bool held_take_days(void *to, const char *value);
bool held_take_at(void *to, const char *value);

struct held_found {
    char code[HELD_CODE + 1]; /* wanted, in capitals */
    bool is;
    struct held held; /* slices into: */
    char text[5][512];
};

/* The code as it was typed, in capitals; cut where it is too long to be one. */
void held_want(struct held_found *f, const char *code);

/* Looks the wanted code up. -1 with a message when the folder cannot be read. */
int held_look(const struct held_options *o, struct held_found *f, struct diag *d);

/* The line for the access log. */
json_t *held_entry(const char *command, const struct held_found *f, const char *outcome);

/* Also what came to nothing is logged. Both print what `d` holds and return the exit status. */
int held_not_there(const struct held_options *o, const char *command, const struct held_found *f, struct diag *d);
int held_failed(const struct held_options *o, const char *command, const struct held_found *f, struct diag *d);

#endif
