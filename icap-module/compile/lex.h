/* The lexical rules that policies and platform maps share: statements made of words.
 *
 * A statement begins at column 1; lines that begin with white space belong to the statement above (as more
 * words, or, in a policy's rule, as one clause a line: `starts_line`). `#` at the start of a line or after
 * white space begins a comment. "Quoted strings" may hold blanks; \" and \\ are the escapes, any other
 * backslash stands for itself. Blank and comment lines mean nothing. The text is UTF-8; LF and CRLF both end
 * a line.
 *
 * A statement with a lexical error is reported and skipped: parsers see sound statements only. */
#ifndef COMPILE_LEX_H
#define COMPILE_LEX_H

#include "core/diag.h"
#include "core/words.h"

struct word {
    struct str text; /* escapes resolved, without the quotes; lives until lex_close; never holds a NUL */
    size_t offset;   /* of its first byte (or quote) in the text */
    unsigned line, column; /* from 1, column in bytes */
    bool quoted;
    bool starts_line; /* first of its line */
};

struct lexer {
    struct str file, text; /* borrowed until lex_close */
    struct diag *d;
    const struct word *words; /* the statement at hand, until the next lex_statement; [0] is its name */
    unsigned n;
    unsigned at;       /* the next word that lex_word gives */
    unsigned failures; /* errors added through this lexer, its own included: 0 = the text is sound so far */

    /* Private. */
    struct word *storage;
    unsigned room;
    struct lex_kept *kept; /* texts made while reading */
    size_t position;
    unsigned line; /* of `position` */
};

/* -1 with a message without memory. What it opens, lex_close gives back (also after a failure). */
int lex_open(struct lexer *l, struct str file, struct str text, struct diag *d);
void lex_close(struct lexer *l);

/* Moves to the next statement (l->words, l->n > 0, the cursor l->at behind the name); false at the end. */
bool lex_statement(struct lexer *l);

/* The next word of the statement, NULL at its end. peek leaves the cursor where it is. */
const struct word *lex_word(struct lexer *l);
const struct word *lex_peek(const struct lexer *l);

/* The same, but NULL at the end of the line of the word taken last, too. */
const struct word *lex_line_word(struct lexer *l);
const struct word *lex_line_peek(const struct lexer *l);

/* Takes the next word when it is this one, unquoted. */
bool lex_accept(struct lexer *l, const char *keyword);

/* The next word, whatever it is, or an error "'X' must be followed by WHAT" and NULL.
 * `what`: "a date", "the page's name". */
const struct word *lex_expect(struct lexer *l, const char *what);

/* The statement (or, with lex_line_done, the line) ends here; else an error about the word too many. */
int lex_done(struct lexer *l);
int lex_line_done(struct lexer *l);

bool word_is(const struct word *w, const char *keyword); /* unquoted and equal */

/* Messages at a word: file, line, column, the source line, and a text made as by printf. `at` NULL: about the
 * file. lex_error returns -1. */
int lex_error(struct lexer *l, const struct word *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void lex_warning(struct lexer *l, const struct word *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "a, b, c" in `to`, or nothing where that would be too long for a message. */
struct str lex_choices(const char *const *names, size_t n, char *to, size_t size);

/* "unknown WHAT 'x': did you mean 'y'?", or the words that there are when none is near. Returns -1. */
int lex_unknown(struct lexer *l, const struct word *at, const char *what, const char *const *names, size_t n);

/* The number of a word in a list of words.def, or -1 with lex_unknown's error. */
int lex_word_of(struct lexer *l, const struct word *at, enum word_list_id list);

/* A date 2026-04-01 as days since 1970 (never 0), or -1 with an error. */
int lex_date(struct lexer *l, const struct word *at, uint32_t *day);

/* A host name, ".name" allowed where `dot`: *name is normalised (hostname.h) and lives until lex_close. */
int lex_host(struct lexer *l, const struct word *at, bool dot, struct str *name);

#endif
