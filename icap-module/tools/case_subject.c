#include "tools/case_subject.h"

#include "core/arena.h"
#include "core/lookup.h"
#include "core/request.h"

static bool has(const struct input_subject *s, struct str name)
{
    if (str_ieq(s->name, name))
        return true;
    INPUT_EACH(const struct str, s->former_names, known)
    if (str_ieq(*known, name))
        return true;
    return false;
}

static int add_former(struct case_file *c, struct str name)
{
    struct input_list *names = &c->subject.former_names;
    struct str *all;

    if (has(&c->subject, name))
        return 0;
    all = pool_take(&c->pool, (names->n + 1) * sizeof *all);
    if (!all)
        return -1;
    if (names->n)
        memcpy(all, names->p, names->n * sizeof *all);
    all[names->n] = input_clean(&c->pool, name, false);
    *names = (struct input_list){all, names->n + 1};
    return 0;
}

static int take_formers(struct case_file *c, const struct artefact *a, struct str today)
{
    for (uint32_t i = 0; i < a->n[SECTION_FORMERS]; i++) {
        const struct a_former *f = &ARTEFACT_ROWS(a, FORMERS, struct a_former)[i];

        if (str_eq(artefact_str(a, f->user), today) && add_former(c, artefact_str(a, f->name)) != 0)
            return -1;
    }
    return 0;
}

/* Members, shared sign-ins and the public have no report by name: the register's word counts. */
static void take_class(struct case_file *c, const struct a_member *m)
{
    if (m->people == PEOPLE_MEMBER || m->people == PEOPLE_SHARED || m->people == PEOPLE_PUBLIC)
        c->subject.people = m->people;
}

int case_subject_know(struct case_file *c, const struct artefact *a, struct diag *d)
{
    unsigned char room[4096];
    struct arena arena;
    struct str asked, today;
    const struct a_member *m;

    arena_init(&arena, room, sizeof room);
    asked = user_canonical(c->subject.name, &arena);
    today = lookup_current(a, asked);
    m = lookup_member(a, today);
    if (!str_eq(asked, today)) {
        struct str former = c->subject.name;

        c->subject.name = input_clean(&c->pool, today, false);
        if (add_former(c, former) != 0)
            return diag_error(d, "out of memory", NULL, NULL);
    }
    if (m) {
        take_class(c, m);
        c->subject.id = input_clean(&c->pool, artefact_str(a, m->id), false);
    }
    return take_formers(c, a, today) == 0 ? 0 : diag_error(d, "out of memory", NULL, NULL);
}
