/* What a report is made from: read by the tables of input_shapes.c. */
#include "report/input_shapes.h"

#include <stdio.h>

void input_say(struct diag *d, const char *field, const char *what, struct str value)
{
    struct message *m = diag_at(d, SEVERITY_ERROR, STR_NONE, 0, 0);
    char text[DIAG_TEXT];

    if (!m)
        return;
    snprintf(text, sizeof text, "%s: %s%s%.*s%s", field, what, value.n ? " ('" : "",
             (int)(value.n < 60 ? value.n : 60), value.p ? value.p : "", value.n ? "')" : "");
    diag_copy(m->text, sizeof m->text, str_of(text));
}

/* What `portreeve events` prints as null. */
static void fill_unknown(const json_t *events, struct report_input *in)
{
    size_t i = 0;

    INPUT_EACH(struct input_event, in->events, e)
    {
        const json_t *o = json_array_get(events, i++);

        if (!json_is_string(json_object_get(o, "activity")))
            e->activity = ACTIVITY_COUNT;
        if (!json_is_string(json_object_get(o, "identity")))
            e->identity = IDENTITY_UNKNOWN;
    }
}

int input_read(struct str json, struct report_input *in, struct diag *d)
{
    struct form_target to = {in, &in->pool, FORM_WHOLE};
    json_t *root;
    int result = -1;

    *in = (struct report_input){0};
    root = form_load(json, d);
    if (!root)
        return -1;
    if (form_read(root, &input_form, &to, d) == 0) {
        unsigned before = d->errors;

        fill_unknown(json_object_get(root, "events"), in);
        input_check(in, d);
        result = d->errors == before ? 0 : -1;
    }
    json_decref(root);
    return result;
}

void input_free(struct report_input *in)
{
    pool_free(&in->pool);
}
