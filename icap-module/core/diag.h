/* Messages collected while something is read: all at once, not only the first.
 * A message says where (file, line, column), what, and what to do; `line` of the source is kept for the
 * caret. The low function says what; the caller that knows the file adds where (diag_at). */
#ifndef CORE_DIAG_H
#define CORE_DIAG_H

#include "core/text.h"

enum { DIAG_MAX = 20, DIAG_WARNINGS = 5, DIAG_TEXT = 360, DIAG_LINE = 160, DIAG_FILE = 120 };

enum severity { SEVERITY_ERROR = 0, SEVERITY_WARNING, SEVERITY_NOTE };

struct message {
    enum severity severity;
    unsigned line;   /* from 1; 0 = the message is not about a line */
    unsigned column; /* from 1, in bytes; 0 = none */
    char file[DIAG_FILE];
    char source[DIAG_LINE]; /* the offending line, cut to fit; "" = none */
    char text[DIAG_TEXT];
};

struct diag {
    struct message messages[DIAG_MAX];
    unsigned n;      /* kept */
    unsigned errors; /* all, also those beyond DIAG_MAX */
    unsigned warnings;
};

void diag_init(struct diag *d);

/* Adds a message; returns the text to be filled before the next one comes, or NULL when the cap is reached
 * (it is counted all the same); a milder message then gives its place to a graver one, but for DIAG_WARNINGS
 * warnings. `file` and `source` may be STR_NONE. The text is terminated by diag_end. */
struct message *diag_at(struct diag *d, enum severity severity, struct str file, unsigned line,
                        unsigned column);

/* An error made of up to three parts put one after the other (NULL parts are skipped). Always returns -1. */
int diag_error(struct diag *d, const char *a, const char *b, const char *c);

/* Copies into a fixed char array, cut to fit, always terminated; control bytes become '?'. */
void diag_copy(char *to, size_t size, struct str from);

/* The candidate nearest to `word` by edit distance (at most a third of its length), or NULL: for "did you
 * mean". */
const char *diag_nearest(struct str word, const char *const *candidates, size_t n);

#endif
