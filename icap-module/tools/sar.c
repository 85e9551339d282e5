#include "tools/sar.h"

#include "report/input_shapes.h"

#include <stddef.h>

#define ROW(name, kind, member)                                                                                        \
    {                                                                                                                  \
        name, kind, NEEDED, offsetof(struct sar, member), NULL, 0, (enum word_list_id)0                                \
    }
static const struct field fields[] = {
    ROW("reference", FIELD_NAME, reference), ROW("asked-on", FIELD_DAY, asked_on),
    ROW("identity-checked-by", FIELD_NAME, checked_by),
    ROW("from", FIELD_DAY, from),            ROW("to", FIELD_DAY, to),
    ROW("expires", FIELD_TIME, expires),
};
static const struct form form = {fields, sizeof fields / sizeof *fields, sizeof(struct sar)};

bool sar_is_reference(struct str reference)
{
    return str_istarts(reference, STR("SAR-"));
}

bool sar_is(const json_t *o)
{
    return json_object_get(o, "subject-access") != NULL;
}

static void check(const struct sar *r, struct diag *d)
{
    if (!sar_is_reference(r->reference) || r->reference.n > CASE_REF)
        input_say(d, "subject-access.reference", "begins with SAR- and has 64 bytes at most", r->reference);
    if (r->to < r->from)
        input_say(d, "subject-access.to", "the period ends before it starts", STR_NONE);
    if (!r->subject.name.n)
        input_say(d, "subject.name", "is missing", STR_NONE);
    if (str_ieq(r->checked_by, r->subject.name))
        input_say(d, "subject-access.identity-checked-by", "nobody checks themselves", r->checked_by);
    if (r->subject.people == PEOPLE_SHARED || r->subject.people == PEOPLE_PUBLIC)
        input_say(d, "subject.people", "what several people do under one name is nobody's own", STR_NONE);
}

int sar_read(const json_t *o, struct sar *r, struct diag *d)
{
    const struct form_target head = {r, &r->pool, FORM_WHOLE}, subject = {&r->subject, &r->pool, FORM_PARTIAL};
    const char *key;
    json_t *v;
    unsigned before = d->errors;

    json_object_foreach((json_t *)(uintptr_t)o, key, v) if (strcmp(key, "subject-access") != 0 && strcmp(key, "subject") != 0)
        input_say(d, key, "is no field of a subject access request", STR_NONE);
    if (form_read(json_object_get(o, "subject-access"), &form, &head, d) == 0 &&
        form_read(json_object_get(o, "subject"), &input_subject_form, &subject, d) == 0)
        check(r, d);
    return d->errors == before ? 0 : -1;
}

json_t *sar_write(const struct sar *r)
{
    return json_pack("{s:o, s:o}", "subject-access", form_write(&form, r), "subject", form_write(&input_subject_form, &r->subject));
}

void sar_free(struct sar *r)
{
    pool_free(&r->pool);
}

void sar_case(const struct sar *r, struct opening_case *c, struct diag *d)
{
    memcpy(c->ref, r->reference.p, r->reference.n);
    c->from = r->from;
    c->to = r->to;
    c->expires = r->expires;
    if (!opening_case_name(c, r->subject.name))
        input_say(d, "subject.name", "is no sign-in name", r->subject.name);
    INPUT_EACH(const struct str, r->subject.former_names, name)
    if (!opening_case_name(c, *name))
        input_say(d, "subject.former-names", "is no sign-in name, or one too many", *name);
    if (r->subject.id.n && !opening_case_id(c, r->subject.id))
        input_say(d, "subject.id", "is no id of a directory, or one name too many", r->subject.id);
}
