#include "tools/held.h"

#include <stdio.h>

bool held_take_folder(void *to, const char *value)
{
    ((struct held_options *)to)->held = value;
    return true;
}

bool held_take_log(void *to, const char *value)
{
    ((struct held_options *)to)->log = value;
    return true;
}

bool held_take_days(void *to, const char *value)
{
    uint64_t *days = &((struct held_options *)to)->days;

    if (str_u64(str_of(value), days) && *days >= 1 && *days <= HELD_DAYS_MAX)
        return true;
    fprintf(stderr, "portreeve: --days %s: give a number of days, 1 to %d\n", value, HELD_DAYS_MAX);
    return false;
}

bool held_take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct held_options *)to)->at) == 0)
        return true;
    fprintf(stderr, "portreeve: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n", value);
    return false;
}

static struct str keep(char room[512], struct str s)
{
    diag_copy(room, 512, s);
    return str_of(room);
}

static void take(void *to, const struct held *h)
{
    struct held_found *f = to;

    if (!str_ieq(h->code, str_of(f->code)))
        return;
    f->is = true;
    f->held = *h;
    f->held.code = keep(f->text[0], h->code);
    f->held.rule = keep(f->text[1], h->rule);
    f->held.lists = keep(f->text[2], h->lists);
    f->held.host = keep(f->text[3], h->host);
    f->held.policy = keep(f->text[4], h->policy);
}

json_t *held_entry(const char *command, const struct held_found *f, const char *outcome)
{
    return json_pack("{s:s, s:o, s:s}", "command", command, "code", json_slice(str_of(f->code)), "outcome", outcome);
}

void held_want(struct held_found *f, const char *code)
{
    diag_copy(f->code, sizeof f->code, str_of(code));
    for (char *c = f->code; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
}

int held_look(const struct held_options *o, struct held_found *f, struct diag *d)
{
    int32_t today = clock_local(o->at).day;

    return held_read(o->held, today - (int32_t)o->days + 1, today, take, f, d);
}

int held_not_there(const struct held_options *o, const char *command, const struct held_found *f, struct diag *d)
{
    access_note(o->log, o->at, held_entry(command, f, "not found"), d);
    if (d->n)
        return report(d);
    fprintf(stderr,
            "portreeve %s: no page with the code %s refused a host by category within %llu days: is it written as on the "
            "page (K7M4-29QX)? 'portreeve ref' tells of other pages. Of sites on the never-log list nothing is held\n",
            command, f->code, (unsigned long long)o->days);
    return EXIT_REFUSED;
}

int held_failed(const struct held_options *o, const char *command, const struct held_found *f, struct diag *d)
{
    access_note(o->log, o->at, held_entry(command, f, "failed"), d);
    report(d);
    return EXIT_BAD_INPUT;
}
