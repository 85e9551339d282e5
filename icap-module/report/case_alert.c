/* A case about an alert of repeated refusals in place of a name: nobody who asks or agrees knows whom it is about; Information
 * Governance names the person when the case is authorised, and not before. */
#include "report/case_internal.h"

#include <stddef.h>

bool case_alert_sound(struct str reference)
{
    static const char shape[] = "A-****-****";

    if (reference.n != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < reference.n; i++) {
        char c = reference.p[i];

        if (shape[i] == '*' ? !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) : c != shape[i])
            return false;
    }
    return true;
}

void case_check_alert(const struct case_file *c, struct diag *d)
{
    if (!case_alert_sound(c->alert))
        input_say(d, "alert", "is no reference of an alert: write it as the letter has it, as A-K7M4-29QX", c->alert);
    if (c->subject.id.n || c->subject.former_names.n)
        input_say(d, "subject.name", "is missing: an id or an earlier name is somebody's", STR_NONE);
}

void case_check_named(const struct case_file *c, struct diag *d)
{
    if (c->alert.n && !c->subject.name.n)
        input_say(d, "subject.name", "is not there yet: Information Governance names whom the alert is about first ('case name')",
                  STR_NONE);
}

static const struct field name_fields[] = {
    {"subject", FIELD_OBJECT, NEEDED, 0, &input_subject_form, 0, (enum word_list_id)0},
};
static const struct form name_form = {name_fields, 1, sizeof(struct input_subject)};

/* Who is named now may be one of those who decided without knowing it. */
static void check_deciders(const struct case_file *c, struct diag *d)
{
    const struct str deciders[] = {c->panel.asked_by.name, c->panel.authorised_by.name, c->panel.checked_by.name, c->second.name};

    for (size_t i = 0; i < sizeof deciders / sizeof *deciders; i++)
        if (case_about_themselves(c, deciders[i])) {
            input_say(d, "subject.name", "the alert is about one of those who decide in this case: close it, and have others "
                                         "open one", STR_NONE);
            return;
        }
}

int case_name(struct case_file *c, const struct case_step *s, struct str text, struct diag *d)
{
    struct input_subject subject = {0};
    struct form_target to = {&subject, &c->pool, FORM_WHOLE};
    unsigned before = d->errors;

    case_check_step(c, s, CASE_AUTHORISED, d);
    if (c->subject.name.n)
        input_say(d, "subject.name", "is there already: only a case about an alert is to be named", STR_NONE);
    if (!case_is(s->by, c->panel.checked_by.name))
        input_say(d, "by", "only the case's own reviewer in Information Governance names the person: ask", c->panel.checked_by.name);
    if (d->errors != before || case_read_text(text, &name_form, &to, d) != 0)
        return -1;
    c->subject = subject;
    case_check_people(c, d);
    check_deciders(c, d);
    return d->errors == before ? 0 : -1;
}
