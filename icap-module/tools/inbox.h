/* The inbox of enrolments as the module writes it (record/enrol.h): a line each, some more than once. */
#ifndef TOOLS_INBOX_H
#define TOOLS_INBOX_H

#include "record/enrol.h"

struct inbox {
    struct enrolment *lines; /* each once, the first of equals, in the file's order; slices into `text` */
    size_t n;
    unsigned unreadable;
    char *text;
};

/* 0, or -1 with a message; inbox_free gives back what was read in either case. */
int inbox_read(const char *path, struct inbox *inbox, struct diag *d);
void inbox_free(struct inbox *inbox);

/* The same sign-in for the same account, profile and user: all but the time. */
bool inbox_same(const struct enrolment *a, const struct enrolment *b);

#endif
