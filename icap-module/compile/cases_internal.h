/* What cases.c and cases_expect.c share; nobody else includes this. */
#ifndef COMPILE_CASES_INTERNAL_H
#define COMPILE_CASES_INTERNAL_H

#include "compile/cases.h"
#include "compile/lex.h"
#include "core/standing_build.h"

/* clang-format off */
/* What a case can expect. EXPECT(NAME, "word", kind of value) */
#define CASE_EXPECTATIONS(EXPECT)                        \
    EXPECT(RULE, "rule", VALUE_RULE)                     \
    EXPECT(PAGE, "page", VALUE_PAGE)                     \
    EXPECT(WHY, "why", WORDS_WHY)                        \
    EXPECT(STEP, "step", WORDS_STEP)                     \
    EXPECT(PLATFORM, "platform", VALUE_PLATFORM)         \
    EXPECT(CLASS, "class", WORDS_CLASS)                  \
    EXPECT(ACTIVITY, "activity", WORDS_ACTIVITY)         \
    EXPECT(ACCOUNT, "account", VALUE_TEXT)               \
    EXPECT(ACCOUNT_STATE, "account-state", WORDS_ACCOUNT_STATE) \
    EXPECT(IDENTITY, "identity", WORDS_IDENTITY)         \
    EXPECT(ORIGIN, "origin", WORDS_ORIGIN)               \
    EXPECT(CONFIDENCE, "confidence", WORDS_CONFIDENCE)   \
    EXPECT(VIA, "via", VALUE_TEXT)                       \
    EXPECT(CATEGORY, "category", WORDS_CATEGORY)         \
    EXPECT(ROT, "rot", WORDS_ROT)                        \
    EXPECT(PEOPLE, "people", WORDS_PEOPLE)               \
    EXPECT(KNOWN_BY, "known-by", WORDS_KNOWN_BY)         \
    EXPECT(TIME, "time", WORDS_HOURS)                    \
    EXPECT(WHEN, "when", VALUE_TEXT)                     \
    EXPECT(BUMP, "bump", VALUE_YES_NO)                   \
    EXPECT(SHADOW, "shadow", WORDS_ACTION)               \
    EXPECT(WOULD, "would", VALUE_RULE)                   \
    EXPECT(CONCERNS, "concerns", WORDS_CONCERN)          \
    EXPECT(OWED, "owed", VALUE_YES_NO)                   \
    EXPECT(KEPT, "kept", VALUE_YES_NO)
/* clang-format on */

/* Kinds of values that are no list of words.def. */
enum value_kind { VALUE_RULE = WORDS_LISTS, VALUE_PAGE, VALUE_PLATFORM, VALUE_TEXT, VALUE_YES_NO };

enum expectation {
#define EXPECT(NAME, word, kind) EXPECT_##NAME,
    CASE_EXPECTATIONS(EXPECT)
#undef EXPECT
        EXPECTATIONS
};

/* What can be expected of restrictions, several of each. */
enum set_expectation { EXPECT_SETS, EXPECT_WOULD_SET, EXPECT_QUERY, SET_EXPECTATIONS };
enum { SETS_PER_CASE = 8 };

/* What one case expects; words live until the lexer is closed. n = 0: not said. */
struct expected {
    bool has_action;
    enum action action;
    enum ask ask; /* ASK_COUNT: not said */
    struct str values[EXPECTATIONS];
    struct str sets[SET_EXPECTATIONS][SETS_PER_CASE];
    unsigned n_sets[SET_EXPECTATIONS];
};

/* What the person of a case has done before (cases_standing.c). */
enum { CASE_FACTS = 16 };

struct case_standing {
    struct fact_in facts[CASE_FACTS];
    uint32_t n;
    bool present, has_as_of; /* without any line there is no standing at all */
    bool alone;              /* `standing empty`: what the file says of everybody does not count */
    int64_t as_of;
    _Alignas(16) char user[2 * STANDING_USER_MAX];
};

/* Reads a line that begins with the word taken last: 1, 0 when it is about something else, -1 after an error.
 */
int case_standing_read(struct lexer *l, const struct policy *p, int64_t now, struct case_standing *s);

/* `ack` before the cases: what everybody in the file has answered before. */
struct file_acks {
    struct str what[CASE_FACTS];
    uint32_t n;
};

/* Reads what follows the word `ack` of such a line. -1 after an error. */
int file_ack_read(struct lexer *l, struct file_acks *to);

/* The standing that the case and its file speak of; NULL where they speak of none. *bytes outlive it; the
 * caller frees both. */
int case_standing_open(struct case_standing *s, const struct file_acks *acks, struct str user, int64_t now,
                       struct standing **standing, void **bytes, struct diag *d);

/* What came of a case. */
struct case_came {
    const struct snapshot *snapshot;
    const struct verdict *verdict;
    const struct request *request;
};

/* Reads what follows the word `w` when it is about restrictions: 1, 0 when it is not, -1 after an error
 * (cases_sets.c). */
int expect_set_read(struct lexer *l, const struct policy *p, const struct word *w, struct expected *e);
bool expect_sets_met(const struct expected *e, const struct policy *p, const struct case_came *came,
                     struct text *t);

/* Reads the words of one `expect` line, the cursor behind it. -1 after an error. */
int expect_read(struct lexer *l, const struct policy *p, struct expected *e);

/* Compares; what differs is written to `t`, as "page like-not-sent, not default-deny". True when all is as
 * expected. */
bool expect_met(const struct expected *e, const struct policy *p, const struct case_came *came,
                struct text *t);

#endif
