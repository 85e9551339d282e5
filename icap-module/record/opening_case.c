/* What of a case an opening is made of. */
#include "record/opening.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/request.h"

static bool add(struct opening_case *c, struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
            return false;
    if (name.n == 0 || name.n > CASE_NAME || c->n == CASE_NAMES)
        return false;
    memcpy(c->names[c->n], name.p, name.n);
    c->names[c->n++][name.n] = '\0';
    return true;
}

bool opening_case_name(struct opening_case *c, struct str name)
{
    unsigned char room[4096];
    struct arena arena;

    arena_init(&arena, room, sizeof room);
    return add(c, user_canonical(name, &arena));
}

bool opening_case_id(struct opening_case *c, struct str id)
{
    return add(c, id);
}

int opening_case_check(const struct opening_case *c, int64_t now, struct diag *d)
{
    if (now >= c->expires)
        return diag_error(d, c->ref, ": the case has expired: nobody is named by it any more", NULL);
    if (c->to < c->from)
        return diag_error(d, c->ref, ": the period ends before it starts", NULL);
    if (c->from > clock_local(now).day)
        return diag_error(d, c->ref, ": the period has not begun: nobody is watched", NULL);
    return 0;
}
