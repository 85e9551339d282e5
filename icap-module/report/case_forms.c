/* The forms of cases and profiles; reading and writing them. */
#include "report/case_internal.h"

#include <stddef.h>

#define FIELDS(type, table)                                                                                  \
    {                                                                                                        \
        table, sizeof(table) / sizeof *(table), sizeof(type)                                                 \
    }
#define ROW(type, name, kind, need, member)                                                                  \
    {                                                                                                        \
        name, kind, need, offsetof(type, member), NULL, 0, (enum word_list_id)0                              \
    }
#define PART(type, name, kind, need, member, of)                                                             \
    {                                                                                                        \
        name, kind, need, offsetof(type, member), of, 0, (enum word_list_id)0                                \
    }

#define T struct case_profile
static const struct field profile_fields[] = {
    ROW(T, "council", FIELD_NAME, NEEDED, council),
    ROW(T, "off-because", FIELD_TEXT, OPTIONAL, off_because),
    ROW(T, "decide-first", FIELD_TEXT, OPTIONAL, decide_first),
    PART(T, "monitoring", FIELD_OBJECT, OPTIONAL, monitoring, &input_monitoring_form),
    PART(T, "reasons", FIELD_LIST, NEEDED, reasons, &input_reason_form),
    ROW(T, "cannot-authorise", FIELD_NAMES, OPTIONAL, cannot_authorise),
    ROW(T, "may-ask", FIELD_NAMES, OPTIONAL, may_ask),
    ROW(T, "may-authorise", FIELD_NAMES, OPTIONAL, may_authorise),
    ROW(T, "may-release", FIELD_NAMES, OPTIONAL, may_release),
    ROW(T, "retention", FIELD_NUMBER, NEEDED, retention),
};
static const struct form profile_form = FIELDS(T, profile_fields);
#undef T

#define T struct case_hold
static const struct field hold_fields[] = {
    ROW(T, "because", FIELD_TEXT, NEEDED, because),
    ROW(T, "by", FIELD_NAME, OPTIONAL, by),
    ROW(T, "review-on", FIELD_DAY, NEEDED, review_on),
};
const struct form case_hold_form = FIELDS(T, hold_fields);
#undef T

#define T struct case_comment
static const struct field comment_fields[] = {
    ROW(T, "at", FIELD_TIME, NEEDED, at),
    ROW(T, "by", FIELD_NAME, NEEDED, by),
    ROW(T, "words", FIELD_TEXT, NEEDED, words),
};
static const struct form comment_form = FIELDS(T, comment_fields);
#undef T

#define T struct case_refusal
static const struct field refusal_fields[] = {
    ROW(T, "because", FIELD_TEXT, NEEDED, because),
    ROW(T, "by", FIELD_NAME, NEEDED, by),
    ROW(T, "on", FIELD_DAY, NEEDED, on),
};
static const struct form refusal_form = FIELDS(T, refusal_fields);
#undef T

#define T struct case_file
static const struct field case_fields[] = {
    ROW(T, "state", FIELD_NAME, OPTIONAL, state),
    PART(T, "case", FIELD_OBJECT, NEEDED, panel, &input_case_form),
    PART(T, "subject", FIELD_OBJECT, NEEDED, subject, &input_subject_form),
    {"pattern", FIELD_OBJECT, OPTIONAL, offsetof(T, pattern), &input_pattern_form, offsetof(T, has_pattern),
     (enum word_list_id)0},
    PART(T, "second", FIELD_OBJECT, OPTIONAL, second, &input_person_form),
    PART(T, "hold", FIELD_OBJECT, OPTIONAL, hold, &case_hold_form),
    PART(T, "comments", FIELD_LIST, OPTIONAL, comments, &comment_form),
    ROW(T, "readers", FIELD_NAMES, OPTIONAL, readers),
    ROW(T, "outcome", FIELD_NAME, OPTIONAL, outcome),
    ROW(T, "reports", FIELD_NUMBER, OPTIONAL, reports),
    PART(T, "proposed", FIELD_OBJECT, OPTIONAL, proposed, &case_authorisation_form),
    PART(T, "declined", FIELD_OBJECT, OPTIONAL, declined, &refusal_form),
    ROW(T, "alert", FIELD_NAME, OPTIONAL, alert),
    ROW(T, "released", FIELD_NAME, OPTIONAL, released),
};
static const struct form case_form = FIELDS(T, case_fields);
#undef T

static int read_form(struct str json, const struct form *form, const struct form_target *to, struct diag *d)
{
    json_t *root = form_load(json, d);
    int result = root ? form_read(root, form, to, d) : -1;

    json_decref(root);
    return result;
}

int case_profile_read(struct str json, struct case_profile *p, struct diag *d)
{
    struct form_target to = {p, &p->pool, FORM_WHOLE};

    *p = (struct case_profile){0};
    return read_form(json, &profile_form, &to, d);
}

void case_profile_free(struct case_profile *p)
{
    pool_free(&p->pool);
}

int case_read(struct str json, struct case_file *c, struct diag *d)
{
    struct form_target to = {c, &c->pool, FORM_PARTIAL};

    *c = (struct case_file){0};
    return read_form(json, &case_form, &to, d);
}

json_t *case_write(const struct case_file *c)
{
    return form_write(&case_form, c);
}

void case_free(struct case_file *c)
{
    pool_free(&c->pool);
}
