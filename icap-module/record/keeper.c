#include "record/keeper.h"

#include "core/clock.h"
#include "record/file.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

/* The parts of a period that there have been: a number is never used twice. */
struct parts {
    int32_t day;
    unsigned last;
};

static void take_part(void *to, const char *path, const struct sealed *s)
{
    struct parts *p = to;

    (void)path;
    if (epoch_id_day(s->epoch.id) == p->day && epoch_id_part(s->epoch.id) > p->last)
        p->last = epoch_id_part(s->epoch.id);
}

/* Of one that is not sealed there is a mark, so that its number is known. */
static void mark_path(const struct keeper *k, uint32_t id, char *path, size_t size)
{
    char text[EPOCH_TEXT];

    epoch_id_write(id, text);
    snprintf(path, size, "%s/%s.unsealed", k->folder, text);
}

static unsigned next_part(const struct keeper *k, int32_t day, struct diag *d)
{
    struct parts p = {.day = day};
    char path[4096];

    if (sealed_each(k->folder, take_part, &p, d) != 0)
        return 0;
    while (p.last < EPOCH_PARTS) {
        mark_path(k, epoch_id(day, p.last + 1), path, sizeof path);
        if (access(path, F_OK) != 0)
            break;
        p.last++;
    }
    if (p.last < EPOCH_PARTS)
        return p.last + 1;
    diag_error(d, k->folder, ": the period has had 63 parts: no key is made until the next one begins", NULL);
    return 0;
}

static int keep_copy(const struct keeper *k, const struct epoch *e, struct diag *d)
{
    static struct holders h; /* some 700 bytes; one thread keeps keys */
    char path[4096];

    if (k->holders)
        return holders_read(k->holders, &h, d) == 0 ? sealed_make(k->folder, e, &h, d) : -1;
    mark_path(k, e->id, path, sizeof path);
    return file_replace(path, "", 0, d);
}

int keeper_note(const struct keeper *k, int64_t now, const char *word, const struct epoch *e, struct str by,
                struct diag *d)
{
    char path[4096], id[EPOCH_TEXT], from[LEDGER_TIME], until[LEDGER_TIME];
    struct ledger_field fields[4];

    epoch_id_write(e->id, id);
    ledger_time(e->from, from);
    ledger_time(e->until, until);
    fields[0] = (struct ledger_field){"epoch", str_of(id)};
    fields[1] = (struct ledger_field){"from", str_of(from)};
    fields[2] = (struct ledger_field){"until", str_of(until)};
    fields[3] = (struct ledger_field){"by", by};
    if ((size_t)snprintf(path, sizeof path, "%s/keys", k->folder) >= sizeof path)
        return diag_error(d, k->folder, ": is too long a name", NULL);
    return ledger_add(path, "keys", now, word, fields, by.n ? 4 : 3, k->sign, NULL, d);
}

/* An epoch from `from` to the end of its period: first sealed, then used. */
static int make(const struct keeper *k, int64_t from, struct epoch *e, struct diag *d)
{
    int32_t day = clock_local(from).day, begins = epoch_begins(k->length, day);
    unsigned part = next_part(k, begins, d);

    if (!part)
        return -1;
    *e = (struct epoch){
        .id = epoch_id(begins, part), .from = from, .until = epoch_midnight(epoch_follows(k->length, day))};
    randombytes_buf(e->key.bytes, sizeof e->key.bytes);
    if (keep_copy(k, e, d) == 0 &&
        keeper_note(k, from, k->holders ? "sealed" : "unsealed", e, STR_NONE, d) == 0)
        return 0;
    sodium_memzero(e, sizeof *e);
    return -1;
}

static int add(const struct keeper *k, int64_t from, struct epoch_file *f, struct diag *d)
{
    if (make(k, from, &f->epochs[f->n], d) != 0)
        return -1;
    f->n++;
    return 0;
}

static int publish(const struct keeper *k, const struct epoch_file *f, struct diag *d)
{
    return f->n ? epoch_write(k->plain, f, k->on_disk, d) : epoch_destroy(k->plain, d);
}

int keeper_step(const struct keeper *k, int64_t now, struct epoch_file *f, bool *changed, struct diag *d)
{
    bool there = access(k->plain, F_OK) == 0;
    int result = 0;

    *changed = false;
    if (!there)
        epoch_wipe(f);
    else if (epoch_read(k->plain, f, d) != 0)
        return -1; /* somebody must look: a key may be at stake */
    if (f->n && f->epochs[0].id == 0)
        return diag_error(d, k->plain, ": holds a key without an epoch: destroy it, then epochs can begin",
                          NULL);
    *changed = epoch_lapse(f, now);
    if (!epoch_at(f, now) && f->n == 0) {
        result = add(k, now, f, d);
        *changed |= result == 0;
    }
    if (f->n == 1 && f->epochs[0].until - now <= (k->ahead ? k->ahead : KEEPER_AHEAD)) {
        int failed = add(k, f->epochs[0].until, f, d);

        result |= failed;
        *changed |= failed == 0;
    }
    if (*changed && publish(k, f, d) != 0)
        result = -1;
    return result;
}

int keeper_rotate(const struct keeper *k, int64_t now, struct epoch_file *f, struct diag *d)
{
    struct epoch_file fresh = {.n = 0};
    int result;

    if (add(k, now, &fresh, d) != 0)
        return -1;
    result = publish(k, &fresh, d);
    *f = fresh;
    sodium_memzero(&fresh, sizeof fresh);
    return result;
}
