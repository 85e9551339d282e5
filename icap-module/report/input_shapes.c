#include "report/input_shapes.h"

#include <stddef.h>

#define FIELDS(type, table)                                                                                  \
    {                                                                                                        \
        table, sizeof(table) / sizeof *(table), sizeof(type)                                                 \
    }
#define ROW(type, name, kind, need, member)                                                                  \
    {                                                                                                        \
        name, kind, need, offsetof(type, member), NULL, 0, (enum word_list_id)0                              \
    }
#define WORD(type, name, need, member, list)                                                                 \
    {                                                                                                        \
        name, FIELD_WORD, need, offsetof(type, member), NULL, 0, list                                        \
    }
#define PART(type, name, kind, need, member, of)                                                             \
    {                                                                                                        \
        name, kind, need, offsetof(type, member), of, 0, (enum word_list_id)0                                \
    }
#define IGNORED(name)                                                                                        \
    {                                                                                                        \
        name, FIELD_IGNORED, OPTIONAL, 0, NULL, 0, (enum word_list_id)0                                      \
    }

#define T struct input_person
static const struct field person_fields[] = {
    ROW(T, "name", FIELD_NAME, NEEDED, name),
    ROW(T, "role", FIELD_NAME, NEEDED, role),
};
const struct form input_person_form = FIELDS(T, person_fields);
#undef T

#define T struct input_reason
static const struct field reason_fields[] = {
    ROW(T, "id", FIELD_NAME, NEEDED, id),
    ROW(T, "sentence", FIELD_TEXT, NEEDED, sentence),
    ROW(T, "clause", FIELD_NAME, NEEDED, clause),
};
const struct form input_reason_form = FIELDS(T, reason_fields);
#undef T

#define T struct input_answers
static const struct field answer_fields[] = {
    ROW(T, "notice", FIELD_TEXT, NEEDED, notice),
    ROW(T, "extent", FIELD_TEXT, NEEDED, extent),
    ROW(T, "reasons", FIELD_TEXT, NEEDED, reasons),
    ROW(T, "less-intrusive", FIELD_TEXT, NEEDED, less_intrusive),
    ROW(T, "consequences", FIELD_TEXT, NEEDED, consequences),
    ROW(T, "safeguards", FIELD_TEXT, NEEDED, safeguards),
};
const struct form input_answers_form = FIELDS(T, answer_fields);
#undef T

#define T struct input_case
static const struct field case_fields[] = {
    ROW(T, "reference", FIELD_NAME, NEEDED, reference),
    PART(T, "reason", FIELD_OBJECT, NEEDED, reason, &input_reason_form),
    ROW(T, "facts", FIELD_TEXT, NEEDED, facts),
    ROW(T, "raised-by", FIELD_NAME, NEEDED, raised_by),
    ROW(T, "raised-on", FIELD_DAY, NEEDED, raised_on),
    PART(T, "asked-by", FIELD_OBJECT, NEEDED, asked_by, &input_person_form),
    PART(T, "authorised-by", FIELD_OBJECT, NEEDED, authorised_by, &input_person_form),
    PART(T, "checked-by", FIELD_OBJECT, NEEDED, checked_by, &input_person_form),
    ROW(T, "told-on", FIELD_DAY, OPTIONAL, told_on),
    ROW(T, "letter", FIELD_NAME, OPTIONAL, letter),
    ROW(T, "deferred-because", FIELD_TEXT, OPTIONAL, deferred_because),
    ROW(T, "tell-on", FIELD_DAY, OPTIONAL, tell_on),
    ROW(T, "from", FIELD_DAY, NEEDED, from),
    ROW(T, "to", FIELD_DAY, NEEDED, to),
    ROW(T, "platforms", FIELD_NAMES, OPTIONAL, platforms),
    ROW(T, "expires", FIELD_TIME, NEEDED, expires),
    PART(T, "answers", FIELD_OBJECT, NEEDED, answers, &input_answers_form),
};
const struct form input_case_form = FIELDS(T, case_fields);
#undef T

#define T struct input_subject
static const struct field subject_fields[] = {
    ROW(T, "name", FIELD_NAME, NEEDED, name),
    ROW(T, "id", FIELD_NAME, OPTIONAL, id),
    WORD(T, "people", NEEDED, people, WORDS_PEOPLE),
    ROW(T, "former-names", FIELD_NAMES, OPTIONAL, former_names),
};
const struct form input_subject_form = FIELDS(T, subject_fields);
#undef T

#define T struct input_window
static const struct field window_fields[] = {
    ROW(T, "days", FIELD_WEEKDAYS, NEEDED, weekdays),
    ROW(T, "from", FIELD_CLOCK, NEEDED, from),
    ROW(T, "to", FIELD_CLOCK, NEEDED, to),
};
static const struct form window_shape = FIELDS(T, window_fields);
#undef T

#define T struct input_pattern
static const struct field pattern_fields[] = {
    ROW(T, "words", FIELD_TEXT, NEEDED, words),
    ROW(T, "source", FIELD_TEXT, NEEDED, source),
    ROW(T, "confirmed-on", FIELD_DAY, OPTIONAL, confirmed_on),
    PART(T, "windows", FIELD_LIST, NEEDED, windows, &window_shape),
    ROW(T, "off", FIELD_DAYS, OPTIONAL, off),
};
const struct form input_pattern_form = FIELDS(T, pattern_fields);
#undef T

#define T struct input_epoch
static const struct field epoch_fields[] = {
    ROW(T, "epoch", FIELD_NAME, NEEDED, epoch),
    ROW(T, "from", FIELD_DAY, NEEDED, from),
    ROW(T, "to", FIELD_DAY, NEEDED, to),
    ROW(T, "pseudonym", FIELD_HEX, NEEDED, pseudonym),
};
static const struct form epoch_shape = FIELDS(T, epoch_fields);
#undef T

#define T struct input_rule
static const struct field rule_fields[] = {
    ROW(T, "id", FIELD_NAME, NEEDED, id),
    WORD(T, "verb", NEEDED, verb, WORDS_VERB),
    ROW(T, "because", FIELD_TEXT, OPTIONAL, because),
    ROW(T, "cite", FIELD_NAME, OPTIONAL, cite),
    ROW(T, "assumption", FIELD_TEXT, OPTIONAL, assumption),
};
static const struct form rule_shape = FIELDS(T, rule_fields);
#undef T

#define T struct input_monitoring
static const struct field monitoring_fields[] = {
    ROW(T, "clause", FIELD_NAME, OPTIONAL, clause),
    ROW(T, "dpia", FIELD_NAME, OPTIONAL, dpia),
    ROW(T, "notice-on", FIELD_DAY, OPTIONAL, notice_on),
};
const struct form input_monitoring_form = FIELDS(T, monitoring_fields);
#undef T

#define T struct input_policy
static const struct field policy_fields[] = {
    ROW(T, "title", FIELD_NAME, NEEDED, title),
    ROW(T, "version", FIELD_NAME, NEEDED, version),
    ROW(T, "digest", FIELD_NAME, NEEDED, digest),
    ROW(T, "default", FIELD_TEXT, NEEDED, text),
    ROW(T, "from", FIELD_DAY, NEEDED, from),
    ROW(T, "until", FIELD_DAY, OPTIONAL, until),
    WORD(T, "record", NEEDED, record, WORDS_RECORD),
    PART(T, "monitoring", FIELD_OBJECT, OPTIONAL, monitoring, &input_monitoring_form),
    PART(T, "rules", FIELD_LIST, NEEDED, rules, &rule_shape),
};
static const struct form policy_shape = FIELDS(T, policy_fields);
#undef T

#define T struct input_platform
static const struct field platform_fields[] = {
    ROW(T, "id", FIELD_NAME, NEEDED, id),
    ROW(T, "name", FIELD_NAME, NEEDED, name),
};
static const struct form platform_shape = FIELDS(T, platform_fields);
#undef T

/* As `portreeve events` prints them. */
#define T struct input_event
static const struct field event_fields[] = {
    ROW(T, "time", FIELD_TIME, NEEDED, time),
    ROW(T, "policy", FIELD_NAME, NEEDED, policy),
    ROW(T, "rule", FIELD_NAME, OPTIONAL, rule),
    WORD(T, "action", NEEDED, action, WORDS_ACTION),
    ROW(T, "platform", FIELD_NAME, NEEDED, platform),
    WORD(T, "activity", OPTIONAL, activity, WORDS_ACTIVITY),
    ROW(T, "account", FIELD_NAME, OPTIONAL, account),
    WORD(T, "identity", OPTIONAL, identity, WORDS_IDENTITY),
    WORD(T, "origin", NEEDED, origin, WORDS_ORIGIN),
    ROW(T, "pseudonym", FIELD_HEX, NEEDED, pseudonym),
    ROW(T, "code", FIELD_NAME, OPTIONAL, code),
    ROW(T, "shadow", FIELD_BOOL, OPTIONAL, shadow),
    IGNORED("schema"),
    IGNORED("sequence"),
    IGNORED("why"),
    IGNORED("confidence"),
    IGNORED("categories"),
    IGNORED("people"),
    IGNORED("epoch"),
    IGNORED("would"),
    IGNORED("would_rule"),
    IGNORED("country"),
    IGNORED("asn"),
};
static const struct form event_shape = FIELDS(T, event_fields);
#undef T

#define T struct input_ack
static const struct field ack_fields[] = {
    ROW(T, "what", FIELD_NAME, NEEDED, what),
    ROW(T, "version", FIELD_NAME, NEEDED, version),
    ROW(T, "at", FIELD_TIME, NEEDED, at),
};
static const struct form ack_shape = FIELDS(T, ack_fields);
#undef T

#define T struct input_gap
static const struct field gap_fields[] = {
    ROW(T, "from", FIELD_TIME, NEEDED, from),
    ROW(T, "to", FIELD_TIME, NEEDED, to),
    ROW(T, "what", FIELD_TEXT, NEEDED, what),
    ROW(T, "effect", FIELD_TEXT, NEEDED, effect),
};
static const struct form gap_shape = FIELDS(T, gap_fields);
#undef T

#define T struct input_beats
static const struct field beat_fields[] = {
    ROW(T, "expected", FIELD_NUMBER, NEEDED, expected),
    ROW(T, "seen", FIELD_NUMBER, NEEDED, seen),
};
static const struct form beat_shape = FIELDS(T, beat_fields);
#undef T

#define T struct input_look
static const struct field look_fields[] = {
    ROW(T, "at", FIELD_TIME, NEEDED, at),
    ROW(T, "who", FIELD_NAME, NEEDED, who),
    ROW(T, "what", FIELD_TEXT, NEEDED, what),
};
static const struct form look_shape = FIELDS(T, look_fields);
#undef T

#define T struct input_note
static const struct field note_fields[] = {
    ROW(T, "at", FIELD_TIME, NEEDED, at),
    ROW(T, "from", FIELD_TIME, NEEDED, from),
    ROW(T, "to", FIELD_TIME, NEEDED, to),
    ROW(T, "words", FIELD_TEXT, NEEDED, words),
};
static const struct form note_shape = FIELDS(T, note_fields);
#undef T

#define T struct input_claim
static const struct field claim_fields[] = {
    ROW(T, "from", FIELD_TIME, NEEDED, from),
    ROW(T, "to", FIELD_TIME, NEEDED, to),
    ROW(T, "what", FIELD_NAME, NEEDED, what),
};
static const struct form claim_shape = FIELDS(T, claim_fields);
#undef T

#define T struct input_root
static const struct field root_fields[] = {
    ROW(T, "day", FIELD_DAY, NEEDED, day),
    ROW(T, "root", FIELD_NAME, NEEDED, root),
};
static const struct form root_shape = FIELDS(T, root_fields);
#undef T

#define T struct input_integrity
static const struct field integrity_fields[] = {
    ROW(T, "verdict", FIELD_TEXT, OPTIONAL, verdict),
    ROW(T, "by", FIELD_NAME, OPTIONAL, by),
    ROW(T, "at", FIELD_TIME, OPTIONAL, at),
    ROW(T, "records", FIELD_NUMBER, OPTIONAL, records),
    ROW(T, "clock-error", FIELD_NUMBER, OPTIONAL, clock_error),
    PART(T, "roots", FIELD_LIST, OPTIONAL, roots, &root_shape),
};
static const struct form integrity_shape = FIELDS(T, integrity_fields);
#undef T

#define T struct report_input
static const struct field input_fields[] = {
    ROW(T, "format", FIELD_NAME, NEEDED, format),
    ROW(T, "council", FIELD_NAME, NEEDED, council),
    ROW(T, "made", FIELD_TIME, NEEDED, made),
    ROW(T, "number", FIELD_NUMBER, NEEDED, number),
    ROW(T, "of", FIELD_NUMBER, NEEDED, of),
    PART(T, "case", FIELD_OBJECT, NEEDED, panel, &input_case_form),
    PART(T, "subject", FIELD_OBJECT, NEEDED, subject, &input_subject_form),
    {"pattern", FIELD_OBJECT, OPTIONAL, offsetof(T, pattern), &input_pattern_form, offsetof(T, has_pattern),
     (enum word_list_id)0},
    PART(T, "opening", FIELD_LIST, NEEDED, opening, &epoch_shape),
    PART(T, "policies", FIELD_LIST, NEEDED, policies, &policy_shape),
    PART(T, "platforms", FIELD_LIST, NEEDED, platforms, &platform_shape),
    PART(T, "acknowledgements", FIELD_LIST, NEEDED, acknowledgements, &ack_shape),
    PART(T, "events", FIELD_LIST, NEEDED, events, &event_shape),
    PART(T, "gaps", FIELD_LIST, NEEDED, gaps, &gap_shape),
    {"heartbeats", FIELD_OBJECT, OPTIONAL, offsetof(T, beats), &beat_shape, offsetof(T, has_beats),
     (enum word_list_id)0},
    PART(T, "access", FIELD_LIST, NEEDED, access, &look_shape),
    PART(T, "notes", FIELD_LIST, NEEDED, notes, &note_shape),
    PART(T, "claims", FIELD_LIST, NEEDED, claims, &claim_shape),
    PART(T, "integrity", FIELD_OBJECT, OPTIONAL, integrity, &integrity_shape),
};
const struct form input_form = FIELDS(T, input_fields);
#undef T
