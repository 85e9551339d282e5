/* Stage 4: what the request does. */
#include "core/classify_internal.h"

/* What no row names: a safe method reads; hosts made for one purpose say so; any other write is unknown. */
static void default_activity(struct work *w)
{
    struct classification *c = w->out;
    bool unsafe = request_unsafe(w->rows.request);

    c->confidence = CONFIDENCE_LIKELY;
    if (c->role == ROLE_LOGINS)
        c->activity = ACTIVITY_LOGIN;
    else if (c->role == ROLE_MANAGE)
        c->activity = ACTIVITY_ADMIN;
    else if (c->role == ROLE_MEDIA && !unsafe)
        c->activity = ACTIVITY_STREAM;
    else if (c->role == ROLE_UPLOADS && unsafe)
        c->activity = ACTIVITY_UPLOAD;
    else if ((!unsafe || w->background) && !w->rows.unsure)
        c->activity = ACTIVITY_VIEW; /* telemetry is posted, but nobody writes anything */
    else
        c->confidence = CONFIDENCE_UNKNOWN;
    if (c->activity == ACTIVITY_VIEW && c->role == ROLE_MAIN && is_document(w->rows.request))
        c->confidence = CONFIDENCE_SURE;
}

void find_activity(struct work *w)
{
    const struct a_row *row = first_row(w, ROW_ACTIVITY, NULL);
    struct classification *c = w->out;

    if (!row) {
        default_activity(w);
        return;
    }
    c->activity = (enum activity)row->value;
    c->confidence = row->flags & ROW_LIKELY ? CONFIDENCE_LIKELY : CONFIDENCE_SURE;
}
