#include "store/standing_write.h"

#include "core/standing_build.h"
#include "record/day.h"
#include "record/file.h"
#include "store/intern.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 86400, HOUR = 3600, MINUTE = 60, DAY_MINUTES = 1440, CHUNK = 1 << 18 };

/* The rest of the minute, and five (governance 4.4). */
enum { GRACE = 6 * MINUTE };

/* Texts that outlive the store's rows: chunks that are never moved. */
struct chunk {
    struct chunk *before;
    size_t used;
    char bytes[CHUNK];
};

struct writing {
    const struct standing_source *from;
    struct standing_written *written;
    struct chunk *texts;
    struct fact_in *facts;
    uint32_t n, room;
    struct intern known;  /* name -> its number */
    struct intern people; /* pseudonym or digest of the day -> number of the name */
    struct str *names;
    size_t n_names, room_names;
    int32_t today;
    bool no_memory;
};

int64_t local_midnight(int32_t day)
{
    int64_t t = (int64_t)day * DAY;

    return clock_local(t - HOUR).day == day ? t - HOUR : t; /* clocks never change at midnight */
}

static struct str keep(struct writing *w, struct str s)
{
    struct chunk *c = w->texts;
    char *to;

    if (s.n > CHUNK)
        s.n = CHUNK;
    if (!c || CHUNK - c->used < s.n) {
        c = malloc(sizeof *c);
        if (!c) {
            w->no_memory = true;
            return STR_NONE;
        }
        c->before = w->texts;
        c->used = 0;
        w->texts = c;
    }
    to = c->bytes + c->used;
    if (s.n)
        memcpy(to, s.p, s.n);
    c->used += s.n;
    return (struct str){to, s.n};
}

/* Room for one more in an array that doubles. */
static void *more(struct writing *w, void *array, size_t *room, size_t size)
{
    size_t wanted = *room ? 2 * *room : 1024;
    void *bigger = realloc(array, wanted * size);

    if (!bigger) {
        w->no_memory = true;
        return array;
    }
    *room = wanted;
    return bigger;
}

static void add_fact(struct writing *w, struct fact_in f)
{
    size_t room = w->room;

    if (w->n == w->room) {
        w->facts = more(w, w->facts, &room, sizeof *w->facts);
        w->room = (uint32_t)room;
    }
    f.what = keep(w, f.what);
    if (!w->no_memory)
        w->facts[w->n++] = f;
}

static void lead_to(struct writing *w, const unsigned char *bytes, size_t n, int64_t number)
{
    struct str key = {(const char *)bytes, n};

    if (!intern_find(&w->people, key) && w->people.used < INTERN_MAX - 1)
        w->no_memory |= !intern_put(&w->people, key, number);
}

/* All by which the store may know the person of that name. */
static void digest_name(struct writing *w, struct str name, int64_t number)
{
    const struct standing_source *from = w->from;
    struct str subject = from->subject ? from->subject(from->from, name) : name;
    unsigned char bytes[PSEUDONYM_SIZE];

    if (from->pseudonyms) {
        seal_pseudonym(from->pseudonyms, subject, bytes);
        lead_to(w, bytes, PSEUDONYM_SIZE, number);
    }
    for (size_t i = 0; i < from->n_days; i++) {
        day_digest(&from->days[i], subject, bytes);
        lead_to(w, bytes, DAY_DIGEST, number);
    }
}

/* Somebody who is known by name: by that of today. It is kept once. */
static struct str know(struct writing *w, struct str name)
{
    struct str today = w->from->current ? w->from->current(w->from->from, name) : name;
    const struct interned *known = intern_find(&w->known, today);

    if (known)
        return w->names[known->id];
    if (w->n_names == w->room_names)
        w->names = more(w, w->names, &w->room_names, sizeof *w->names);
    if (w->no_memory || w->known.used >= INTERN_MAX - 1 || !intern_put(&w->known, today, (int64_t)w->n_names))
        return keep(w, today);
    w->names[w->n_names] = keep(w, today);
    digest_name(w, w->names[w->n_names], (int64_t)w->n_names);
    return w->names[w->n_names++];
}

static void take_name(void *to, struct str name)
{
    if (name.n && name.n <= STORE_NAME)
        know(to, name);
}

static uint32_t seconds(int64_t t)
{
    return t < 0 ? 0 : t > UINT32_MAX ? UINT32_MAX : (uint32_t)t;
}

static void take_act(void *to, const struct act *a)
{
    struct writing *w = to;
    struct fact_in f = {
        .kind = a->kind, .what = a->what, .from = seconds(a->from), .until = seconds(a->until)};

    if (a->kind == FACT_GIVEN)
        f.number = a->number < DAY_MINUTES ? a->number : DAY_MINUTES;
    f.user = know(w, a->user);
    add_fact(w, f);
}

static bool name_of(struct writing *w, const unsigned char *bytes, size_t n, struct str *name)
{
    const struct interned *known = intern_find(&w->people, (struct str){(const char *)bytes, n});

    if (known)
        *name = w->names[known->id];
    else
        w->written->nameless++;
    return known != NULL;
}

/* Minutes used, and until when what is being played may go on: whether they are used up is for whoever knows
 * the policy to say. */
static void add_used(struct writing *w, struct str user, struct str allowance, const uint32_t minutes[2])
{
    const int64_t midnight = local_midnight(w->today), last = midnight + (int64_t)minutes[1] * MINUTE;
    struct fact_in f = {.kind = FACT_USED,
                        .user = user,
                        .what = allowance,
                        .from = seconds(midnight),
                        .until = seconds(local_midnight(w->today + 1)),
                        .number = minutes[0] < DAY_MINUTES ? minutes[0] : DAY_MINUTES};

    add_fact(w, f);
    if (last + GRACE <= w->from->now)
        return;
    f.kind = FACT_PLAYING;
    f.from = seconds(last);
    f.until = seconds(last + GRACE);
    f.number = 0;
    add_fact(w, f);
}

static void take_used(void *to, const struct used *u)
{
    struct str user;

    if (name_of(to, u->person, PSEUDONYM_SIZE, &user))
        add_used(to, user, u->allowance, (const uint32_t[]){u->minutes, u->last});
}

static void take_day_used(void *to, const struct day_used *u)
{
    struct str user;

    if (name_of(to, u->digest, DAY_DIGEST, &user))
        add_used(to, user, u->allowance, (const uint32_t[]){u->minutes, u->last});
}

static int gather(struct writing *w, struct diag *d)
{
    const struct standing_source *from = w->from;

    if (from->names)
        from->names(from->from, take_name, w);
    if (store_acts(from->store, from->now, take_act, w, d) != 0)
        return -1;
    if (from->pseudonyms && store_used(from->store, w->today, take_used, w, d) != 0)
        return -1;
    if (from->n_days && store_day_used(from->store, w->today, take_day_used, w, d) != 0)
        return -1;
    return w->no_memory ? diag_error(d, "out of memory while the standing is written", NULL, NULL) : 0;
}

static int publish(const void *bytes, size_t size, const char *path, struct diag *d)
{
    struct standing *proven;
    char beside[4096];

    if (standing_open_mem(bytes, size, &proven, d) != 0)
        return -1;
    standing_free(proven);
    if ((size_t)snprintf(beside, sizeof beside, "%s.generation", path) >= sizeof beside)
        return diag_error(d, path, ": is too long a name", NULL);
    return file_replace(path, bytes, size, d) != 0 || file_raise_generation(beside, d) != 0 ? -1 : 0;
}

static void free_all(struct writing *w)
{
    while (w->texts) {
        struct chunk *c = w->texts;

        w->texts = c->before;
        free(c);
    }
    intern_clear(&w->known);
    intern_clear(&w->people);
    free(w->names);
    free(w->facts);
}

int standing_write(const struct standing_source *from, const char *path, struct standing_written *written,
                   struct diag *d)
{
    struct writing w = {.from = from, .written = written, .today = clock_local(from->now).day};
    void *bytes = NULL;
    size_t size = 0;
    int result = -1;

    *written = (struct standing_written){0};
    if (gather(&w, d) == 0 && standing_build(w.facts, w.n, from->as_of, &bytes, &size, d) == 0)
        result = publish(bytes, size, path, d);
    written->facts = w.n;
    written->size = size;
    free(bytes);
    free_all(&w);
    return result;
}
