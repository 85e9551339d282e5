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
    w->page_by_default = c->activity == ACTIVITY_VIEW && c->role == ROLE_MAIN && is_document(w->rows.request);
    if (w->page_by_default)
        c->confidence = CONFIDENCE_SURE;
}

static void activity_of_held(struct work *w)
{
    const struct a_row *row = first_row(w, ROW_ACTIVITY, NULL);
    struct classification *c = w->out;

    w->act = row;
    c->activity = ACTIVITY_COUNT;
    if (!row) {
        default_activity(w);
        return;
    }
    c->activity = (enum activity)row->value;
    c->confidence = row->flags & ROW_LIKELY ? CONFIDENCE_LIKELY : CONFIDENCE_SURE;
}

/* Of several acts in one request the gravest is judged: what a policy forbids cannot hide behind a 'like'. A
 * read hides nothing either: an act that is not known stands before it. */
static unsigned gravity(enum activity activity)
{
    static const unsigned char ranks[] = {
        [ACTIVITY_ADMIN] = 12, [ACTIVITY_DELETE] = 11, [ACTIVITY_SIGNUP] = 10, [ACTIVITY_LIVE] = 9,
        [ACTIVITY_POST] = 8,   [ACTIVITY_UPLOAD] = 7,  [ACTIVITY_MESSAGE] = 6, [ACTIVITY_COMMENT] = 5,
        [ACTIVITY_REACT] = 4,  [ACTIVITY_LOGIN] = 3,   [ACTIVITY_COUNT] = 2,   [ACTIVITY_STREAM] = 1,
        [ACTIVITY_VIEW] = 0,
    };

    return ranks[activity];
}

/* Each operation is held against the rows by itself; w->rows is left holding the one that counts. */
static void gravest_operation(struct work *w)
{
    struct classification *c = w->out, best = *c;
    struct str counts = w->operations[0];
    bool machinery = true;

    for (unsigned i = 0; i < w->n_operations; i++) {
        hold_operation(w, w->operations[i]);
        w->background = first_row(w, ROW_BACKGROUND, NULL) != NULL;
        machinery &= w->background;
        activity_of_held(w);
        if (i == 0 || gravity(c->activity) > gravity(best.activity)) {
            best = *c;
            counts = w->operations[i];
        } else if (c->activity == best.activity && c->confidence > best.confidence) {
            best.confidence = c->confidence; /* the less sure of two */
        }
    }
    *c = best;
    hold_operation(w, counts);
    w->background = machinery && !w->operations_left;
    if (w->operations_left && gravity(c->activity) <= gravity(ACTIVITY_COUNT)) {
        c->activity = ACTIVITY_COUNT;
        c->confidence = CONFIDENCE_UNKNOWN;
    } else if (w->operations_left && c->confidence == CONFIDENCE_SURE) {
        c->confidence = CONFIDENCE_LIKELY;
    }
}

void find_activity(struct work *w)
{
    if (w->n_operations) {
        gravest_operation(w);
        return;
    }
    w->background = first_row(w, ROW_BACKGROUND, NULL) != NULL;
    activity_of_held(w);
}
