/* An artefact under construction: the parsers write finished rows, build_finish lays them out.
 * Order of work: maps, restrictions, accounts, holidays, policy, members, shifts, grants, hosts, pages; each
 * may name what came before it. Everything a builder hands out lives until build_free. Only one thread uses a
 * builder. */
#ifndef COMPILE_BUILD_H
#define COMPILE_BUILD_H

#include "core/artefact.h"
#include "core/conditions.h"

struct builder;

struct builder *build_new(void); /* NULL without memory */
void build_free(struct builder *b);

/* Appends a row to a section (a copy of `row`) and returns its index. Out of memory is remembered:
 * build_finish then fails with a message, and indexes handed out meanwhile are 0. */
uint32_t build_row(struct builder *b, enum section s, const void *row);
uint32_t build_count(const struct builder *b, enum section s);
/* For change until the next build_row of that section. */
void *build_at(struct builder *b, enum section s, uint32_t index);
struct a_meta *build_meta(struct builder *b);

/* The string in SECTION_STRINGS, equal strings once. */
struct a_str build_str(struct builder *b, struct str s);
struct str build_text(const struct builder *b, struct a_str s);
/* Numbers into SECTION_NUMBERS, strings into SECTION_WORDS; as one run. */
struct a_list build_numbers(struct builder *b, const uint32_t *numbers, uint32_t n);
struct a_list build_words(struct builder *b, const struct str *words, uint32_t n); /* sorted by the callee */
struct a_list build_words_in_order(struct builder *b, const struct str *words, uint32_t n);
/* Until the next build_numbers. */
const uint32_t *build_numbers_at(const struct builder *b, struct a_list l);

/* A terminated copy that lives until build_free; NULL (remembered) without memory. */
char *build_keep_text(struct builder *b, struct str s);

/* Indexes by name, NO_INDEX when there is none. */
uint32_t build_find_platform(const struct builder *b, struct str id);
uint32_t build_find_group(const struct builder *b, struct str name);
uint32_t build_find_page(const struct builder *b, struct str name); /* the first variant */
uint32_t build_find_contact(const struct builder *b, struct str name);
uint32_t build_find_allowance(const struct builder *b, struct str name);
uint32_t build_find_emergency(const struct builder *b, struct str name);
uint32_t build_find_rule(const struct builder *b, struct str id);
uint32_t build_find_restriction(const struct builder *b, struct str id);
uint32_t build_find_host(const struct builder *b, struct str name);   /* without a leading dot */
uint32_t build_find_member(const struct builder *b, struct str user); /* canonical names, both */
uint32_t build_find_former(const struct builder *b, struct str name);
uint32_t build_find_time(const struct builder *b, struct str name);
uint32_t build_find_region(const struct builder *b, struct str name);
uint32_t build_find_calendar(const struct builder *b, struct str name);
/* The SECTION_ALIASES row of that canonical name (an account's own or another of its forms) on that platform.
 */
uint32_t build_find_alias(const struct builder *b, uint32_t platform, struct str name);

/* A host row by its name without a leading dot (SECTION_HOSTS), made when it is not there yet (no platform,
 * role main): several files may speak of one host. Until the next build_host. */
struct a_host *build_host(struct builder *b, struct str name);

/* An account's name as compared: ASCII lower case unless the map says that case matters, without a leading
 * '@' on platforms whose notation has none, without dots where the map ignores them. Into `to`, cut at
 * `size`. */
struct str build_canonical_account(const struct builder *b, uint32_t platform, struct str name, char *to,
                                   size_t size);

/* All names of a section's rows, for "did you mean": *n names, valid until build_free. */
const char *const *build_names(struct builder *b, enum section s, size_t *n);

/* Where a rule stands in its source, for messages about meaning (not part of the artefact). */
void build_place(struct builder *b, enum section s, uint32_t index, struct str file, unsigned line,
                 unsigned column);
bool build_place_of(const struct builder *b, enum section s, uint32_t index, struct str *file, unsigned *line,
                    unsigned *column);

/* Sorts what has no order, makes tables and candidate lists, lays out, sums, and proves the result with
 * artefact_check. *bytes is malloc'ed and the caller's. Equal input gives equal bytes. */
int build_finish(struct builder *b, unsigned char **bytes, size_t *size, struct diag *d);

#endif
