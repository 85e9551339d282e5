#include "core/words.h"

static const char *const activity_words[] = {
#define ACTIVITY(name, word, meaning) word,
#include "core/words.def"
};
static const char *const activity_meanings[] = {
#define ACTIVITY(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const class_words[] = {
#define CLASS(name, word, meaning) word,
#include "core/words.def"
};
static const char *const class_meanings[] = {
#define CLASS(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const role_words[] = {
#define ROLE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const role_meanings[] = {
#define ROLE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const people_words[] = {
#define PEOPLE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const people_meanings[] = {
#define PEOPLE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const known_by_words[] = {
#define KNOWN_BY(name, word, meaning) word,
#include "core/words.def"
};
static const char *const known_by_meanings[] = {
#define KNOWN_BY(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const category_words[] = {
#define CATEGORY(name, word, meaning) word,
#include "core/words.def"
};
static const char *const category_meanings[] = {
#define CATEGORY(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const identity_words[] = {
#define IDENTITY(name, word, meaning) word,
#include "core/words.def"
};
static const char *const identity_meanings[] = {
#define IDENTITY(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const origin_words[] = {
#define ORIGIN(name, word, meaning) word,
#include "core/words.def"
};
static const char *const origin_meanings[] = {
#define ORIGIN(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const confidence_words[] = {
#define CONFIDENCE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const confidence_meanings[] = {
#define CONFIDENCE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const action_words[] = {
#define ACTION(name, word, meaning) word,
#include "core/words.def"
};
static const char *const action_meanings[] = {
#define ACTION(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const ask_words[] = {
#define ASK(name, word, meaning) word,
#include "core/words.def"
};
static const char *const ask_meanings[] = {
#define ASK(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const why_words[] = {
#define WHY(name, word, meaning) word,
#include "core/words.def"
};
static const char *const why_meanings[] = {
#define WHY(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const verb_words[] = {
#define VERB(name, word, meaning) word,
#include "core/words.def"
};
static const char *const verb_meanings[] = {
#define VERB(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const mode_words[] = {
#define MODE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const mode_meanings[] = {
#define MODE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const record_words[] = {
#define RECORD(name, word, meaning) word,
#include "core/words.def"
};
static const char *const record_meanings[] = {
#define RECORD(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const step_words[] = {
#define STEP(name, word, meaning) word,
#include "core/words.def"
};
static const char *const step_meanings[] = {
#define STEP(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const grant_state_words[] = {
#define GRANT_STATE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const grant_state_meanings[] = {
#define GRANT_STATE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const account_state_words[] = {
#define ACCOUNT_STATE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const account_state_meanings[] = {
#define ACCOUNT_STATE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const place_words[] = {
#define PLACE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const place_meanings[] = {
#define PLACE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const shape_words[] = {
#define SHAPE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const shape_meanings[] = {
#define SHAPE(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const proof_words[] = {
#define PROOF(name, word, meaning) word,
#include "core/words.def"
};
static const char *const proof_meanings[] = {
#define PROOF(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const hours_words[] = {
#define HOURS(name, word, meaning) word,
#include "core/words.def"
};
static const char *const hours_meanings[] = {
#define HOURS(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const rot_words[] = {
#define ROT(name, word, meaning) word,
#include "core/words.def"
};
static const char *const rot_meanings[] = {
#define ROT(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const portal_words[] = {
#define PORTAL(name, word, meaning) word,
#include "core/words.def"
};
static const char *const portal_meanings[] = {
#define PORTAL(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const carriers_words[] = {
#define CARRIERS(name, word, meaning) word,
#include "core/words.def"
};
static const char *const carriers_meanings[] = {
#define CARRIERS(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const period_words[] = {
#define PERIOD(name, word, meaning) word,
#include "core/words.def"
};
static const char *const period_meanings[] = {
#define PERIOD(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const fact_words[] = {
#define FACT(name, word, meaning) word,
#include "core/words.def"
};
static const char *const fact_meanings[] = {
#define FACT(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const says_words[] = {
#define SAYS(name, word, meaning) word,
#include "core/words.def"
};
static const char *const says_meanings[] = {
#define SAYS(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const concern_words[] = {
#define CONCERN(name, word, meaning) word,
#include "core/words.def"
};
static const char *const concern_meanings[] = {
#define CONCERN(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const sight_words[] = {
#define SIGHT(name, word, meaning) word,
#include "core/words.def"
};
static const char *const sight_meanings[] = {
#define SIGHT(name, word, meaning) meaning,
#include "core/words.def"
};
static const char *const zone_words[] = {
#define ZONE(name, word, meaning) word,
#include "core/words.def"
};
static const char *const zone_meanings[] = {
#define ZONE(name, word, meaning) meaning,
#include "core/words.def"
};

const struct word_list word_lists[WORDS_LISTS] = {
    [WORDS_ACTIVITY] = {"activity", activity_words, activity_meanings, ACTIVITY_COUNT},
    [WORDS_CLASS] = {"class", class_words, class_meanings, CLASS_COUNT},
    [WORDS_ROLE] = {"host role", role_words, role_meanings, ROLE_COUNT},
    [WORDS_PEOPLE] = {"class of people", people_words, people_meanings, PEOPLE_COUNT},
    [WORDS_KNOWN_BY] = {"way of knowing", known_by_words, known_by_meanings, KNOWN_BY_COUNT},
    [WORDS_CATEGORY] = {"category", category_words, category_meanings, CATEGORY_COUNT},
    [WORDS_IDENTITY] = {"identity", identity_words, identity_meanings, IDENTITY_COUNT},
    [WORDS_ORIGIN] = {"origin", origin_words, origin_meanings, ORIGIN_COUNT},
    [WORDS_CONFIDENCE] = {"confidence", confidence_words, confidence_meanings, CONFIDENCE_COUNT},
    [WORDS_ACTION] = {"action", action_words, action_meanings, ACTION_COUNT},
    [WORDS_ASK] = {"ask", ask_words, ask_meanings, ASK_COUNT},
    [WORDS_WHY] = {"why", why_words, why_meanings, WHY_COUNT},
    [WORDS_VERB] = {"verb", verb_words, verb_meanings, VERB_COUNT},
    [WORDS_MODE] = {"mode", mode_words, mode_meanings, MODE_COUNT},
    [WORDS_RECORD] = {"record mode", record_words, record_meanings, RECORD_COUNT},
    [WORDS_STEP] = {"step", step_words, step_meanings, STEP_COUNT},
    [WORDS_GRANT_STATE] = {"grant state", grant_state_words, grant_state_meanings, GRANT_STATE_COUNT},
    [WORDS_ACCOUNT_STATE] = {"account", account_state_words, account_state_meanings, ACCOUNT_STATE_COUNT},
    [WORDS_PLACE] = {"place", place_words, place_meanings, PLACE_COUNT},
    [WORDS_SHAPE] = {"shape of a value", shape_words, shape_meanings, SHAPE_COUNT},
    [WORDS_PROOF] = {"confidence", proof_words, proof_meanings, PROOF_COUNT},
    [WORDS_HOURS] = {"time", hours_words, hours_meanings, HOURS_COUNT},
    [WORDS_ROT] = {"sign of rot", rot_words, rot_meanings, ROT_COUNT},
    [WORDS_PORTAL] = {"page of the portal", portal_words, portal_meanings, PORTAL_COUNT},
    [WORDS_CARRIERS] = {"way with carriers", carriers_words, carriers_meanings, CARRIERS_COUNT},
    [WORDS_PERIOD] = {"period", period_words, period_meanings, PERIOD_COUNT},
    [WORDS_FACT] = {"fact", fact_words, fact_meanings, FACT_COUNT},
    [WORDS_SAYS] = {"sentence", says_words, says_meanings, SAYS_COUNT},
    [WORDS_CONCERN] = {"concern", concern_words, concern_meanings, CONCERN_COUNT},
    [WORDS_SIGHT] = {"thing that is seen", sight_words, sight_meanings, SIGHT_COUNT},
    [WORDS_ZONE] = {"kind of network", zone_words, zone_meanings, ZONE_COUNT},
};

int word_find(enum word_list_id list, struct str word)
{
    const struct word_list *l = &word_lists[list];

    for (unsigned i = 0; i < l->n; i++)
        if (str_eq(word, str_of(l->words[i])))
            return (int)i;
    return -1;
}

const char *word_of(enum word_list_id list, unsigned value)
{
    return value < word_lists[list].n ? word_lists[list].words[value] : "?";
}
