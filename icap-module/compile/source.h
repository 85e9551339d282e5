/* The text files that a policy is made of: a council's folder with the shared maps and pages beside it, or a
 * bundle, one text that `portreeve print` wrote. Whatever its origin, a source is a list of named texts. */
#ifndef COMPILE_SOURCE_H
#define COMPILE_SOURCE_H

#include "core/diag.h"

struct source_file {
    struct str path; /* "council.policy", "registers/grants.csv", "platforms/facebook.map", "carriers.map",
                        "platforms/facebook.case" (what that map makes of requests),
                        "pages/step-missing.page", "tests/posting.case", "tests/registers/grants.csv" */
    struct str text; /* its last line ended, whatever the file had */
};

struct source {
    struct source_file *files; /* sorted by path */
    size_t n;
};

/* Reads DIR/council.policy, DIR/registers, DIR/tests and the platforms/, pages/, calendars/ and categories/
 * folders, carriers.map and never-log.map under `maps` (a file of the same name below DIR wins). `maps` NULL: DIR/../.. when
 * it holds platforms/, else `fallback`. -1 with messages. Files over 64 MiB are refused; hidden files,
 * backups ("~") and notes (README*, *.md, *.txt) are passed over, other names with a warning. Registers and
 * categories become UTF-8 where that is without doubt (encoding_to_utf8), so that a bundle holds them as
 * text. Whatever it answers, source_free gives back what was read. */
int source_read_folder(const char *dir, const char *maps, const char *fallback, struct source *s,
                       struct diag *d);

/* Only the platforms/ folder under `maps`; the rest as above. */
int source_read_maps(const char *maps, struct source *s, struct diag *d);

/* Puts a text into the source, in the place of one of that path; `text` is malloc'ed, and taken over also
 * when this fails. -1 with a message without memory. */
int source_take(struct source *s, struct str path, struct str text, struct diag *d);

/* Bundle: each file begins with a line "=== PATH" (a line of the text that begins with "===" or "\" has a "\"
 * put before it). */
int source_parse_bundle(struct str text, struct source *s, struct diag *d);

/* The bundle that source_parse_bundle reads back to the same source. malloc'ed, the caller's; NULL without
 * memory. */
char *source_print_bundle(const struct source *s, size_t *n);

/* Reads a whole file (or pipe) of 64 MiB at most; *text is malloc'ed (one byte more: '\0') and the caller's.
 */
int source_read_file(const char *path, struct str *text, struct diag *d);

const struct source_file *source_find(const struct source *s, struct str path);

void source_free(struct source *s);

#endif
