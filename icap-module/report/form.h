/* Structs from JSON and back, by tables of one row a field: closed forms, every message with the field's
 * path. */
#ifndef REPORT_FORM_H
#define REPORT_FORM_H

#include "report/input.h"

#include <jansson.h>

enum field_kind {
    FIELD_NAME,   /* text of INPUT_NAME bytes on one line */
    FIELD_TEXT,   /* text of INPUT_TEXT bytes; lines may end */
    FIELD_TIME,   /* 2026-03-18T10:02:00Z */
    FIELD_DAY,    /* 2026-03-18 */
    FIELD_NUMBER, /* from 0 */
    FIELD_BOOL,
    FIELD_WORD,     /* of the list `words` */
    FIELD_CLOCK,    /* 08:30, to 24:00 */
    FIELD_WEEKDAYS, /* "mon tue" */
    FIELD_HEX,      /* a pseudonym */
    FIELD_OBJECT,
    FIELD_LIST,    /* of objects */
    FIELD_NAMES,   /* a list of names */
    FIELD_DAYS,    /* a list of days */
    FIELD_IGNORED, /* known, and no part of a report */
    FIELD_KINDS
};

enum need { OPTIONAL, NEEDED };

struct form;

struct field {
    const char *name;
    enum field_kind kind;
    enum need need;
    size_t at;                /* offset in the struct */
    const struct form *shape; /* FIELD_OBJECT, FIELD_LIST */
    size_t has;               /* FIELD_OBJECT: offset of a bool that says that it is there; 0: none */
    enum word_list_id words;
};

struct form {
    const struct field *fields;
    size_t n, size;
};

/* Where a field is wanted: PARTIAL takes a text in which needed fields may still be missing. */
enum form_whole { FORM_WHOLE, FORM_PARTIAL };

struct form_target {
    void *base;        /* the zeroed struct that the form describes */
    struct pool *pool; /* texts and lists come to lie there */
    enum form_whole whole;
};

/* The JSON of a text; the caller's. NULL after a message with its line. */
json_t *form_load(struct str json, struct diag *d);

/* -1 after messages that name each field; the fields that could be read are in place. */
int form_read(const json_t *o, const struct form *form, const struct form_target *to, struct diag *d);

/* The other way; empty texts, days of 0 and empty lists are left out. The caller's; NULL where memory ran
 * out. */
json_t *form_write(const struct form *form, const void *base);

/* Text with all that could mislead a reader made visible: controls and marks that turn the direction of
 * writing become
 * "[U+202E]". `lines`: ends of lines stay. */
struct str input_clean(struct pool *p, struct str text, bool lines);

/* Without blanks and ends of lines at both ends: what holds nothing else is empty. */
struct str input_trim(struct str s);

#endif
