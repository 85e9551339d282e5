/* The form of a report's input as tables: one row a field. */
#ifndef REPORT_INPUT_SHAPES_H
#define REPORT_INPUT_SHAPES_H

#include "report/input.h"

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

extern const struct form input_shape;

/* Text with all that could mislead a reader made visible: controls and marks that turn the direction of
 * writing become
 * "[U+202E]". `lines`: ends of lines stay. */
struct str input_clean(struct pool *p, struct str text, bool lines);

#endif
