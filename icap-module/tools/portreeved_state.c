/* How portreeved does, in a file for `portreeve status`: it asks no daemon, so that a hung one can be told.
 */
#include "record/file.h"
#include "tools/json_words.h"
#include "tools/portreeved.h"

#include <stdio.h>
#include <stdlib.h>

/* Days by store; default: as it comes, nobody has said another. */
static json_t *keeps(const unsigned *days)
{
    json_t *o = json_object();

    for (int i = 0; o && i < KEEP_COUNT; i++)
        json_object_set_new(
            o, keep_words[i],
            json_pack("{s:i, s:b}", "days", (int)days[i], "default", days[i] == daemon_keep_default[i]));
    return o;
}

static json_t *feeds(const struct daemon_state *s)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < s->n_feeds; i++) {
        const struct feed_state *f = &s->feeds[i];

        json_array_append_new(
            list, json_pack("{s:o, s:I, s:I, s:o, s:I, s:o, s:o, s:o}", "feed", json_slice(str_of(f->text)), "waiting",
                            (json_int_t)f->row.waiting, "sent", (json_int_t)f->row.sent, "sent_at",
                            f->row.sent_at ? json_time(f->row.sent_at) : json_null(), "lost", (json_int_t)f->row.lost,
                            "lost_at", f->row.lost_at ? json_time(f->row.lost_at) : json_null(), "problem",
                            json_slice(str_of(f->problem)), "problem_since",
                            f->problem[0] ? json_time(f->since) : json_null()));
    }
    return list;
}

/* What people are told of (`portreeve notice`): what is not there is null. */
static int settings(json_t *o, const struct daemon_options *of)
{
    uint64_t days = of->keep_days[KEEP_EVENTS]; /* as daemon_record_open has it */

    if (of->record_days)
        str_u64(str_of(of->record_days), &days);
    return json_object_set_new(o, "held_days", of->held ? json_integer(of->days) : json_null()) ||
           json_object_set_new(o, "record_days", of->record ? json_integer((json_int_t)days) : json_null()) ||
           json_object_set_new(o, "access_days", of->record ? json_integer(of->access_days) : json_null()) ||
           json_object_set_new(o, "epoch", of->keys || of->keeper ? json_slice(str_of(of->epoch)) : json_null()) ||
           /* of a node that has its keys of a keeper nobody knows it here */
           json_object_set_new(o, "holders", of->keys ? json_boolean(of->holders != NULL) : json_null()) ||
           json_object_set_new(o, "portal", of->host ? json_slice(str_of(of->host)) : json_null());
}

void daemon_state_tell(const char *standing, const struct daemon_state *s, struct diag *d)
{
    json_t *o =
        json_pack("{s:i, s:o, s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:b, s:I, s:o, s:i, s:i, s:o}", "schema", 1,
                  "at", json_time(s->at), "imported_to", json_time(s->as_of), "store", s->store, "node",
                  json_slice(str_of(s->node)), "problem", json_slice(str_of(s->problem)), "problem_since",
                  s->problem[0] ? json_time(s->since) : json_null(), "behind_seconds",
                  (json_int_t)(s->as_of && s->at > s->as_of ? s->at - s->as_of : 0), "behind_bytes",
                  (json_int_t)s->behind, "events", (json_int_t)s->events, "acts_waiting", s->acts_waiting,
                  "torn", (json_int_t)s->torn, "keeps", keeps(s->options->keep_days), "holds", (int)s->holds,
                  "holds_due", (int)s->holds_due, "feeds", feeds(s));
    char path[4096], *text = o && settings(o, s->options) == 0 ? json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

    if (!text)
        diag_error(d, "how portreeved does cannot be told: out of memory", NULL, NULL);
    else if ((size_t)snprintf(path, sizeof path, "%s.daemon", standing) >= sizeof path)
        diag_error(d, standing, ": is too long a name", NULL);
    else
        file_replace(path, text, strlen(text), d);
    free(text);
    json_decref(o);
}
