/* The closed vocabulary as enums and tables, all made from words.def. */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "core/str.h"

enum activity {
#define ACTIVITY(name, word, meaning) ACTIVITY_##name,
#include "core/words.def"
    ACTIVITY_COUNT
};

enum class {
#define CLASS(name, word, meaning) CLASS_##name,
#include "core/words.def"
    CLASS_COUNT
};

enum role {
#define ROLE(name, word, meaning) ROLE_##name,
#include "core/words.def"
    ROLE_COUNT
};

enum people {
#define PEOPLE(name, word, meaning) PEOPLE_##name,
#include "core/words.def"
    PEOPLE_COUNT
};

enum known_by {
#define KNOWN_BY(name, word, meaning) KNOWN_BY_##name,
#include "core/words.def"
    KNOWN_BY_COUNT
};

enum category {
#define CATEGORY(name, word, meaning) CATEGORY_##name,
#include "core/words.def"
    CATEGORY_COUNT
};

enum identity {
#define IDENTITY(name, word, meaning) IDENTITY_##name,
#include "core/words.def"
    IDENTITY_COUNT
};

enum origin {
#define ORIGIN(name, word, meaning) ORIGIN_##name,
#include "core/words.def"
    ORIGIN_COUNT
};

enum confidence {
#define CONFIDENCE(name, word, meaning) CONFIDENCE_##name,
#include "core/words.def"
    CONFIDENCE_COUNT
};

enum action {
#define ACTION(name, word, meaning) ACTION_##name,
#include "core/words.def"
    ACTION_COUNT
};

enum ask {
#define ASK(name, word, meaning) ASK_##name,
#include "core/words.def"
    ASK_COUNT
};

enum why {
#define WHY(name, word, meaning) WHY_##name,
#include "core/words.def"
    WHY_COUNT
};

enum verb {
#define VERB(name, word, meaning) VERB_##name,
#include "core/words.def"
    VERB_COUNT
};

enum mode {
#define MODE(name, word, meaning) MODE_##name,
#include "core/words.def"
    MODE_COUNT
};

enum record {
#define RECORD(name, word, meaning) RECORD_##name,
#include "core/words.def"
    RECORD_COUNT
};

enum step {
#define STEP(name, word, meaning) STEP_##name,
#include "core/words.def"
    STEP_COUNT
};

enum grant_state {
#define GRANT_STATE(name, word, meaning) GRANT_STATE_##name,
#include "core/words.def"
    GRANT_STATE_COUNT
};

enum account_state {
#define ACCOUNT_STATE(name, word, meaning) ACCOUNT_STATE_##name,
#include "core/words.def"
    ACCOUNT_STATE_COUNT
};

enum place_kind {
#define PLACE(name, word, meaning) PLACE_##name,
#include "core/words.def"
    PLACE_COUNT
};

enum shape {
#define SHAPE(name, word, meaning) SHAPE_##name,
#include "core/words.def"
    SHAPE_COUNT
};

enum hours {
#define HOURS(name, word, meaning) HOURS_##name,
#include "core/words.def"
    HOURS_COUNT
};

enum proof_state {
#define PROOF(name, word, meaning) PROOF_##name,
#include "core/words.def"
    PROOF_COUNT
};

enum rot {
#define ROT(name, word, meaning) ROT_##name,
#include "core/words.def"
    ROT_COUNT
};

enum carriers {
#define CARRIERS(name, word, meaning) CARRIERS_##name,
#include "core/words.def"
    CARRIERS_COUNT
};

/* The portal's pages: each has its word for a path. */
enum portal_page {
#define PORTAL(name, word, meaning) PORTAL_##name,
#include "core/words.def"
    PORTAL_COUNT
};

enum period {
#define PERIOD(name, word, meaning) PERIOD_##name,
#include "core/words.def"
    PERIOD_COUNT
};

enum fact {
#define FACT(name, word, meaning) FACT_##name,
#include "core/words.def"
    FACT_COUNT
};

enum says {
#define SAYS(name, word, meaning) SAYS_##name,
#include "core/words.def"
    SAYS_COUNT
};

/* Of what kind the account is that a request is about. */
enum concern {
#define CONCERN(name, word, meaning) CONCERN_##name,
#include "core/words.def"
    CONCERN_COUNT
};

/* What the head and first bytes of an answer show. */
enum sight {
#define SIGHT(name, word, meaning) SIGHT_##name,
#include "core/words.def"
    SIGHT_COUNT
};

/* What the council's networks are, by registers/networks.csv. */
enum zone {
#define ZONE(name, word, meaning) ZONE_##name,
#include "core/words.def"
    ZONE_COUNT
};

/* One list of words, in the order of its enum. */
struct word_list {
    const char *what; /* "activity", for messages */
    const char *const *words;
    const char *const *meanings;
    unsigned n;
};

/* clang-format off */
enum word_list_id {
    WORDS_ACTIVITY,
    WORDS_CLASS,
    WORDS_ROLE,
    WORDS_PEOPLE,
    WORDS_KNOWN_BY,
    WORDS_CATEGORY,
    WORDS_IDENTITY,
    WORDS_ORIGIN,
    WORDS_CONFIDENCE,
    WORDS_ACTION,
    WORDS_ASK,
    WORDS_WHY,
    WORDS_VERB,
    WORDS_MODE,
    WORDS_RECORD,
    WORDS_STEP,
    WORDS_GRANT_STATE,
    WORDS_ACCOUNT_STATE,
    WORDS_PLACE,
    WORDS_SHAPE,
    WORDS_PROOF,
    WORDS_HOURS,
    WORDS_ROT,
    WORDS_CARRIERS,
    WORDS_PORTAL,
    WORDS_PERIOD,
    WORDS_FACT,
    WORDS_SAYS,
    WORDS_CONCERN,
    WORDS_SIGHT,
    WORDS_ZONE,
    WORDS_LISTS
};
/* clang-format on */

extern const struct word_list word_lists[WORDS_LISTS];

/* The number of a word in its list, or -1 when the list has no such word. */
int word_find(enum word_list_id list, struct str word);

/* The word for a number; "?" beyond the list (never NULL). */
const char *word_of(enum word_list_id list, unsigned value);

#endif
