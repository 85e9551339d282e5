#include "tools/ig_case.h"

#include "compile/source.h"
#include "report/case.h"
#include "tools/sar.h"

#include <stdlib.h>

static void check_state(const struct case_file *f, struct diag *d)
{
    enum case_state at = case_state_of(f);
    const struct input_case *p = &f->panel;

    if (at == CASE_STATES || at == CASE_ASKED)
        input_say(d, "state", "the case is not authorised: nobody is named by it", f->state);
    else if (at == CASE_CLOSED)
        input_say(d, "state", "the case is closed: nobody is named by it any more", STR_NONE);
    else if (!p->authorised_by.name.n || str_ieq(p->authorised_by.name, p->asked_by.name) ||
             str_ieq(p->authorised_by.name, f->subject.name))
        input_say(d, "case.authorised-by.name", "is not another person than who asks and whom it is about",
                  p->authorised_by.name);
}

static void take_names(const struct case_file *f, struct opening_case *c, struct diag *d)
{
    if (!opening_case_name(c, f->subject.name))
        input_say(d, "subject.name", "is missing, or no sign-in name", f->subject.name);
    INPUT_EACH(const struct str, f->subject.former_names, name)
    if (!opening_case_name(c, *name))
        input_say(d, "subject.former-names", "is no sign-in name, or one too many", *name);
    if (f->subject.id.n && !opening_case_id(c, f->subject.id))
        input_say(d, "subject.id", "is no id of a directory, or one name too many", f->subject.id);
}

static void take(const struct case_file *f, struct opening_case *c, struct diag *d)
{
    const struct input_case *p = &f->panel;

    if (p->reference.n == 0 || p->reference.n > CASE_REF)
        input_say(d, "case.reference", "is missing, or longer than 64 bytes", STR_NONE);
    else if (sar_is_reference(p->reference))
        input_say(d, "case.reference", "is that of a subject access request, and this is none", p->reference);
    else
        memcpy(c->ref, p->reference.p, p->reference.n);
    if (!p->from || !p->to)
        input_say(d, p->from ? "case.to" : "case.from", "is missing", STR_NONE);
    c->from = p->from;
    c->to = p->to;
    c->expires = p->expires;
    take_names(f, c, d);
    check_state(f, d);
}

static void read_case(struct str text, struct opening_case *c, struct diag *d)
{
    struct case_file *f = calloc(1, sizeof *f);

    if (!f)
        diag_error(d, "out of memory", NULL, NULL);
    else if (case_read(text, f, d) == 0)
        take(f, c, d);
    if (f)
        case_free(f);
    free(f);
}

static void read_request(const json_t *o, struct opening_case *c, struct diag *d)
{
    struct sar r = {.asked_on = 0};

    if (sar_read(o, &r, d) == 0)
        sar_case(&r, c, d);
    sar_free(&r);
}

int ig_case_read(const char *path, struct opening_case *c, struct diag *d)
{
    struct str text = STR_NONE;
    unsigned before = d->errors;
    json_t *o = NULL;

    *c = (struct opening_case){.n = 0};
    if (source_read_file(path, &text, d) == 0 && (o = form_load(text, d)) != NULL) {
        if (sar_is(o))
            read_request(o, c, d);
        else
            read_case(text, c, d);
    }
    json_decref(o);
    free((char *)(uintptr_t)text.p);
    return d->errors == before ? 0 : -1;
}
