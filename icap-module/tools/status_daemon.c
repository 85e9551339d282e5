/* What portreeved says of itself, in a file beside the standing: how far behind it is, what it cannot do. */
#include "core/clock.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <stdio.h>

enum { SILENT = 60, BEHIND = 60, TELL_LOST = 7 * 86400 /* seconds */ };

/* What there is no word of is null: in nothing that was written, and in what an older portreeved wrote. */
static void complete(json_t *o)
{
    static const char *const keys[] = {
        "at",     "store",     "node",         "imported_to",   "behind_seconds", "behind_bytes",
        "events", "torn",      "acts_waiting", "keeps",         "holds",          "holds_due",
        "feeds",  "held_days", "problem",      "problem_since", "record_days",    "epoch",
        "portal", "access_days", "holders"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_object_get(o, keys[i]))
            json_object_set_new(o, keys[i], json_null());
}

static json_t *unknown(const char *file, const char *why)
{
    json_t *o = json_pack("{s:o, s:o}", "file", json_slice(str_of(file)), "problem", json_slice(str_of(why)));

    complete(o);
    return o;
}

static int64_t time_in(const json_t *o, const char *key)
{
    int64_t t;

    return clock_parse(str_of(status_text(o, key)), &t) == 0 ? t : 0;
}

/* What is lost is told for a week. */
static void attend_feeds(struct status *s, const json_t *feeds)
{
    size_t i;
    json_t *f;

    json_array_foreach(feeds, i, f)
    {
        const char *name = status_text(f, "feed");

        if (json_is_string(json_object_get(f, "problem")))
            status_attend(s, "feed %s does not get through, %lld line(s) wait: %s", name,
                          (long long)status_number(f, "waiting"), status_text(f, "problem"));
        if (s->at - time_in(f, "lost_at") < TELL_LOST)
            status_attend(
                s, "feed %s: %lld line(s) were lost up to now, as its receiver did not take them in time",
                name, (long long)status_number(f, "lost"));
    }
}

static void attend(struct status *s, const json_t *o)
{
    int64_t silent = s->at - time_in(o, "at");

    if (json_is_string(json_object_get(o, "problem")))
        status_attend(s, "portreeved cannot import: %s", status_text(o, "problem"));
    if (json_is_true(json_object_get(o, "acts_waiting")))
        status_attend(s, "what people did on the portal waits in the journal: the store does not take it");
    if (status_number(o, "holds_due"))
        status_attend(s, "%lld legal hold(s) are due for review: are they still needed?",
                      (long long)status_number(o, "holds_due"));
    attend_feeds(s, json_object_get(o, "feeds"));
    if (silent > SILENT)
        status_attend(s, "portreeved has said nothing for %lld seconds: does it run?", (long long)silent);
    else if (status_number(o, "behind_seconds") > BEHIND)
        status_attend(s, "portreeved is %lld seconds behind, some %lld MiB of the spools",
                      (long long)status_number(o, "behind_seconds"),
                      (long long)status_number(o, "behind_bytes") >> 20);
}

json_t *status_look_daemon(struct status *s)
{
    json_error_t error;
    char path[4096];
    json_t *o;

    if (!s->standing)
        return json_null();
    if ((size_t)snprintf(path, sizeof path, "%s.daemon", s->standing) >= sizeof path)
        return unknown(s->standing, "is too long a name");
    o = json_load_file(path, 0, &error);
    if (!json_is_object(o)) {
        json_decref(o);
        status_attend(s, "%s cannot be read: %s. Has portreeved ever run?", path, error.text);
        return unknown(path, error.text);
    }
    json_object_del(o, "schema");
    json_object_set_new(o, "file", json_slice(str_of(path)));
    complete(o);
    attend(s, o);
    return o;
}

static void tell_feeds(struct screen *sc, const json_t *feeds)
{
    json_int_t sent = 0, waiting = 0, lost = 0;
    size_t i;
    json_t *f;

    json_array_foreach(feeds, i, f)
    {
        sent += status_number(f, "sent");
        waiting += status_number(f, "waiting");
        lost += status_number(f, "lost");
        if (!sc->all)
            continue;
        screen_put(sc, "  feed %s: %lld sent, %lld waiting, %lld lost", status_text(f, "feed"),
                   (long long)status_number(f, "sent"), (long long)status_number(f, "waiting"),
                   (long long)status_number(f, "lost"));
        screen_end(sc);
    }
    if (sc->all || json_array_size(feeds) == 0)
        return;
    screen_put(sc, "  %zu feed(s): %lld line(s) sent, %lld waiting, %lld lost", json_array_size(feeds),
               (long long)sent, (long long)waiting, (long long)lost);
    screen_end(sc);
}

void status_tell_daemon(struct screen *sc, const json_t *facts)
{
    char when[32];

    if (!json_is_object(facts))
        return;
    if (json_is_string(json_object_get(facts, "at")))
        screen_put(sc, "portreeved: %lld seconds behind (%lld KiB) at %s",
                   (long long)status_number(facts, "behind_seconds"),
                   (long long)status_number(facts, "behind_bytes") >> 10, status_when(facts, "at", when));
    else
        screen_put(sc, "portreeved: nothing is known of it");
    screen_end(sc);
    if (json_is_integer(json_object_get(facts, "events"))) {
        screen_put(sc, "  %lld event(s) imported since it started, %s",
                   (long long)status_number(facts, "events"), status_text(facts, "store"));
        screen_end(sc);
    }
    tell_feeds(sc, json_object_get(facts, "feeds"));
}
