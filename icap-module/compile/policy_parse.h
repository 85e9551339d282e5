/* What policy_*.c and check.c share; nobody else includes this. */
#ifndef COMPILE_POLICY_PARSE_H
#define COMPILE_POLICY_PARSE_H

#include "compile/compile.h"
#include "compile/lex.h"

struct policy_parser {
    struct builder *b;
    struct lexer l;
    bool scope_classes_said;
};

/* Every statement: STATEMENT(NAME, "word", parser, flags, field of a_meta that takes its assumption).
 * The number is also the index under which the place of the first of its kind is kept (SECTION_META; the
 * policy's file itself under STATEMENT_COUNT). */
#define POLICY_STATEMENTS(STATEMENT)                                                                         \
    STATEMENT(POLICY, "policy", policy_title, ONCE, NONE)                                                    \
    STATEMENT(COUNCIL, "council", policy_council, ONCE, NONE)                                                \
    STATEMENT(OWNER, "owner", policy_owner, ONCE, NONE)                                                      \
    STATEMENT(APPROVED, "approved-by", policy_approved, ONCE, NONE)                                          \
    STATEMENT(REVIEW, "review-due", policy_review, ONCE, NONE)                                               \
    STATEMENT(MODE, "mode", policy_mode, ONCE, NONE)                                                         \
    STATEMENT(GROUP, "group", policy_group, 0, NONE)                                                         \
    STATEMENT(PEOPLE, "people-default", policy_people, ONCE, NONE)                                           \
    STATEMENT(MEMBERS, "members", policy_members, ONCE, members_assumption)                                  \
    STATEMENT(SCOPE, "scope", policy_scope, 0, scope_assumption)                                             \
    STATEMENT(DEFAULT, "default", policy_default, ONCE, default_assumption)                                  \
    STATEMENT(UNSURE, "unsure", policy_unsure, ONCE, unsure_assumption)                                      \
    STATEMENT(UNKNOWN_WRITES, "unknown-writes", policy_unknown_writes, ONCE, unknown_write_assumption)       \
    STATEMENT(MALFORMED, "malformed", policy_malformed, ONCE, malformed_assumption)                          \
    STATEMENT(UNAVAILABLE, "unavailable", policy_unavailable, ONCE, NONE)                                    \
    STATEMENT(RECORD, "record", policy_record, ONCE, record_assumption)                                      \
    STATEMENT(CARRIERS, "carriers", policy_carriers, ONCE, carriers_assumption)                              \
    STATEMENT(MONITORING, "monitoring", policy_monitoring, ONCE, NONE)                                       \
    STATEMENT(GRANTS, "grants", policy_grants, ONCE, grant_assumption)                                       \
    STATEMENT(CALENDAR, "calendar", policy_calendar, RULE, NONE)                                             \
    STATEMENT(SHIFTS, "shifts", policy_shifts, ONCE, shift_assumption)                                       \
    STATEMENT(REREAD, "re-read", policy_reread, ONCE, NONE)                                                  \
    STATEMENT(STANDING, "standing", policy_standing, ONCE, standing_assumption)                              \
    STATEMENT(ALLOWANCE, "allowance", policy_allowance, RULE, NONE)                                          \
    STATEMENT(EMERGENCY, "emergency", policy_emergency, RULE, NONE)                                          \
    STATEMENT(ALERT, "alert", policy_alert, ONCE, alert_assumption)                                          \
    STATEMENT(CONTACT, "contact", policy_contact, 0, NONE)                                                   \
    STATEMENT(MUST_WORK, "must-work", policy_must_work, 0, NONE)                                             \
    STATEMENT(NEVER_BUMP, "never-bump", policy_never_bump, 0, NONE)                                          \
    STATEMENT(NEVER_LOG, "never-log", policy_never_log, 0, NONE)                                             \
    STATEMENT(FORBID, "forbid", policy_forbid, RULE, NONE)                                                   \
    STATEMENT(PERMIT, "permit", policy_permit, RULE, NONE)                                                   \
    STATEMENT(REQUIRE, "require", policy_require, RULE, NONE)                                                \
    STATEMENT(REASON, "reason", policy_reason, RULE, NONE)                                                   \
    STATEMENT(SET, "set", policy_set, RULE, NONE)

enum statement_id {
#define STATEMENT(NAME, word, parser, flags, assumption) STATEMENT_##NAME,
    POLICY_STATEMENTS(STATEMENT)
#undef STATEMENT
        STATEMENT_COUNT
};

extern const char *const statement_words[STATEMENT_COUNT];

/* Each reads one statement, the cursor behind its name, up to its end. -1 after an error. */
#define STATEMENT(NAME, word, parser, flags, assumption) int parser(struct policy_parser *p);
POLICY_STATEMENTS(STATEMENT)
#undef STATEMENT

/* Readers of one thing: the next word of the statement, or an error and -1. */
int policy_text(struct policy_parser *p, const char *what, struct a_str *to); /* not empty */
int policy_page(struct policy_parser *p, uint32_t *page);

/* One of a statement's trailing parts: a keyword and the reader of what follows it. */
struct policy_part {
    const char *keyword;
    int (*read)(struct policy_parser *p, void *to);
    void *to;
};

/* Parts in any order, each once at most, up to the end of the statement. */
int policy_parts(struct policy_parser *p, const struct policy_part *parts, size_t n);
int policy_part_text(struct policy_parser *p, void *a_str);
int policy_part_date(struct policy_parser *p, void *day);
int policy_part_page(struct policy_parser *p, void *page);

/* Numbers that a clause collects. */
struct policy_numbers {
    uint32_t *p;
    uint32_t n, room;
    bool no_memory;
};

void policy_number(struct policy_numbers *to, uint32_t number);

/* Makes rows for the name of a calendar and of its windows, so that rules and calendars further up can speak
 * of them; the lexer stands at the statement. What is wrong with it is said when it is read. */
void policy_declare_calendar(struct policy_parser *p, const struct lexer *l);

/* Makes a row for the name of an allowance or emergency, so that rules further up can speak of it; the lexer
 * stands at the statement. What is wrong with it is said when it is read. */
void policy_declare_standing(struct policy_parser *p, const struct lexer *l);

/* Reads one word of a condition into its numbers (all kinds but ARG_GRANT). */
int policy_arg(struct policy_parser *p, enum arg_kind kind, const struct word *w, struct policy_numbers *to);

/* The number of a country's code (networks_country), 0 when ISO 3166 has no such code; of an AS number as
 * "AS13414" or "13414", 0 when it is none. */
uint32_t policy_country_number(struct str code);
uint32_t policy_asn_number(struct str text);

/* The same of countries, AS numbers and networks (policy_places.c). */
int policy_country(struct policy_parser *p, const struct word *w, struct policy_numbers *to);
int policy_asn(struct policy_parser *p, const struct word *w, struct policy_numbers *to);
int policy_network_arg(struct policy_parser *p, const struct word *w, struct policy_numbers *to);

/* A clause that is read, in a rule of that verb: -1 after an error where such a rule cannot ask that way. */
struct policy_clause {
    enum arg_kind kind;
    bool except;
    const struct policy_numbers *numbers;
};
int policy_place_clause(struct policy_parser *p, const struct word *keyword, enum verb verb,
                        const struct policy_clause *clause);

/* A line `restriction ID VALUE ...` of a rule of verb set, the cursor behind `restriction`. */
int policy_restriction(struct policy_parser *p, struct a_set *set);

/* "10.0.0.0/8" to five numbers: the 128-bit address, most significant word first (IPv4 as ::ffff:a.b.c.d),
 * and the length of the prefix over these 128 bits. NULL, or what is wrong. */
const char *policy_network(struct str text, uint32_t network[5]);

/* The host that a contact's mail address or URL needs, in `to`. NULL, or what is wrong with the text. */
const char *contact_mail_host(struct str mail, char to[], struct str *host);
const char *contact_url_host(struct str url, char to[], struct str *host);

#endif
