/* The rows of a platform map: selectors read from a statement, their alternatives made into rows. */
#ifndef COMPILE_MAP_ROW_H
#define COMPILE_MAP_ROW_H

#include "compile/build.h"
#include "compile/lex.h"

enum { MAP_SIZE_MAX = 1 << 20, MAP_STATEMENT_ROWS_MAX = 512, MAP_WORD_MAX = 255, MAP_SAID_PATH = 2 };

/* Words one after the other; the list is heap of its own, the words are borrowed. */
struct map_words {
    struct str *p;
    uint32_t n, room;
};

/* One statement that makes rows. */
struct map_rows {
    struct builder *b;
    struct lexer *l;
    struct a_row row; /* what all its rows share; the caller sets kind and what its kind asks for */
    struct map_words paths, operations, hosts, except;
    uint32_t said; /* bit set of selectors read, by their order in map_row.c */
    /* Where {account} stands: in a path, in the value of the row's key, in the host; captures of a pattern.
     */
    bool path_catches, value_catches, host_catches;
    unsigned pattern_captures;
    bool upgrade; /* WS is among the methods */
};

/* How many places of the statement catch a name. */
unsigned map_catches(const struct map_rows *r);

/* Reads the selectors up to the end of the statement. -1 with errors. */
int map_selectors(struct map_rows *r);

/* Appends one row for every combination of the alternatives, paths first; -1 with an error when they are too
 * many. */
int map_add_rows(struct map_rows *r);

/* A path template into r->paths, checked. */
int map_add_path(struct map_rows *r, const struct word *w);

void map_rows_free(struct map_rows *r);

/* Appends the word itself, which must live as long as the list. */
int map_words_add(struct map_words *words, struct lexer *l, struct str word);

/* Appends the word in lower case, as the builder keeps it; -1 with an error. */
int map_words_add_folded(struct map_words *words, struct builder *b, struct lexer *l, const struct word *w);

#endif
