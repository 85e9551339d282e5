#include "tools/verdict_json.h"

#include "core/clock.h"
#include "core/during.h"
#include "core/restrict.h"
#include "tools/cmd.h"
#include "tools/json_words.h"

#include <stdlib.h>

enum { BATCH_GROUPS = 256, BATCH_HEADERS = 256, BATCH_LINE = 1 << 20 };

static void put(json_t *o, const char *key, json_t *value)
{
    json_object_set_new(o, key, value ? value : json_null());
}

static void put_what(json_t *o, const struct artefact *a, const struct classification *c)
{
    const struct a_platform *f =
        c->platform == NO_INDEX ? NULL : &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[c->platform];

    put(o, "platform", f ? json_slice(artefact_str(a, f->id)) : json_null());
    put(o, "class", f ? json_word(WORDS_CLASS, f->class) : json_null());
    put(o, "activity", f ? json_word(WORDS_ACTIVITY, c->activity) : json_null());
    put(o, "account", json_slice(c->account));
    put(o, "identity", json_word(WORDS_IDENTITY, c->identity));
    put(o, "origin", json_word(WORDS_ORIGIN, c->origin));
    put(o, "confidence", json_word(WORDS_CONFIDENCE, c->confidence));
    put(o, "categories", json_bits(WORDS_CATEGORY, c->categories));
}

/* What is put into the request, or, `would`, what shadow keeps out of it: one object a change. */
static json_t *changes(const struct artefact *a, const struct verdict *v, bool would)
{
    const struct a_rule *rules = ARTEFACT_ROWS(a, RULES, struct a_rule);
    json_t *list = json_array();
    struct change all[CHANGES_MAX];
    uint32_t n = restrict_changes(a, v, would, all);

    for (uint32_t i = 0; i < n; i++) {
        const struct verdict_set *s = &v->sets[all[i].set];
        const struct a_set *set = &ARTEFACT_ROWS(a, SETS, struct a_set)[would ? s->would : s->set];
        json_t *o;

        if (would && s->would == s->set)
            continue;
        o = json_object();
        put(o, "restriction",
            json_slice(
                artefact_str(a, ARTEFACT_ROWS(a, RESTRICTIONS, struct a_restriction)[set->restriction].id)));
        put(o, "place", json_word(WORDS_PLACE, all[i].kind));
        put(o, "name", json_slice(all[i].name));
        put(o, "value", all[i].kind == PLACE_WITHOUT ? json_null() : json_slice(all[i].value));
        put(o, "rule", json_slice(artefact_str(a, rules[would ? s->would_rule : s->rule].id)));
        json_array_append_new(list, o);
    }
    return list;
}

static void put_extras(json_t *o, const struct artefact *a, const struct verdict *v)
{
    const struct classification *c = &v->what;

    put(o, "account_state", json_word(WORDS_ACCOUNT_STATE, c->account_state));
    put(o, "registered",
        c->registered == NO_INDEX
            ? json_null()
            : json_slice(artefact_str(a, ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[c->registered].name)));
    put(o, "known_by", json_word(WORDS_KNOWN_BY, v->who.known_by));
    put(o, "rot", json_bits(WORDS_ROT, c->rot));
    put(o, "via",
        c->carrier == NO_INDEX
            ? json_null()
            : json_slice(artefact_str(a, ARTEFACT_ROWS(a, CARRIERS, struct a_carrier)[c->carrier].id)));
    put(o, "concerns", json_word(WORDS_CONCERN, c->concern));
    put(o, "returns", v->returns == NO_INDEX ? json_null() : json_integer(v->returns));
    put(o, "owed", json_boolean(v->owed));
    put(o, "owner", c->owner ? json_integer(c->owner) : json_null());
    put(o, "step", json_word(WORDS_STEP, v->step));
    put(o, "bump", json_boolean(v->bump));
    put(o, "host_only", json_boolean(v->host_only));
    put(o, "in_scope", json_boolean(v->in_scope));
    put(o, "unlogged", json_boolean(v->unlogged));
    put(o, "shadow", json_boolean(v->shadow));
    put(o, "would", v->shadow ? json_word(WORDS_ACTION, v->would) : json_null());
    put(o, "would_rule",
        v->shadow && v->would_rule != RULE_NONE
            ? json_slice(artefact_str(a, ARTEFACT_ROWS(a, RULES, struct a_rule)[v->would_rule].id))
            : json_null());
    put(o, "sets", changes(a, v, false));
    put(o, "would_set", changes(a, v, true));
}

/* "time": which kind of time it is for the person, null where the policy has no calendar; "when": in words.
 */
static void put_time(json_t *o, const struct snapshot *s, const struct request *r, const struct verdict *v)
{
    char room[256];
    struct text t;
    enum hours hours;

    if (!policy_artefact(s->policy)->n[SECTION_CALENDARS] || v->why == WHY_MALFORMED) {
        put(o, "time", json_null());
        put(o, "when", json_null());
        return;
    }
    text_init(&t, room, sizeof room);
    hours = during_hours(s, r, v, &t);
    put(o, "time", hours == HOURS_COUNT ? json_string("unknown") : json_word(WORDS_HOURS, hours));
    put(o, "when", json_slice(text_str(&t)));
}

void verdict_json(const struct snapshot *snapshot, const struct request *r, const struct verdict *v, FILE *to)
{
    const struct policy *p = snapshot->policy;
    const struct artefact *a = policy_artefact(p);
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);
    json_t *o = json_object();

    put_what(o, a, &v->what);
    put(o, "action", json_word(WORDS_ACTION, v->action));
    put(o, "ask", json_word(WORDS_ASK, v->ask));
    put(o, "why", json_word(WORDS_WHY, v->why));
    put(o, "rule", json_slice(verdict_rule(p, v)));
    put(o, "because", json_slice(verdict_because(p, v)));
    put(o, "cite", json_slice(verdict_cite(p, v)));
    put(o, "page",
        v->page == NO_INDEX
            ? json_null()
            : json_slice(artefact_str(a, ARTEFACT_ROWS(a, PAGES, struct a_page)[v->page].name)));
    put(o, "policy", json_slice(artefact_str(a, meta->title)));
    put(o, "version", json_slice(artefact_str(a, meta->version)));
    put_extras(o, a, v);
    put_time(o, snapshot, r, v);
    json_dumpf(o, to, JSON_COMPACT | JSON_ENSURE_ASCII);
    fputc('\n', to);
    json_decref(o);
}

/* ---- a request from JSON ---- */

struct batch {
    struct header headers[BATCH_HEADERS];
    struct str groups[BATCH_GROUPS];
    const char *problem;
};

static struct str string_member(json_t *o, const char *key, struct batch *b)
{
    json_t *j = json_object_get(o, key);

    if (!j || json_is_null(j))
        return STR_NONE;
    if (!json_is_string(j)) {
        b->problem = key;
        return STR_NONE;
    }
    return (struct str){json_string_value(j), json_string_length(j)};
}

static void take_headers(json_t *headers, struct request *r, struct batch *b)
{
    const char *name;
    json_t *value;

    if (headers && !json_is_null(headers) && !json_is_object(headers))
        b->problem = "headers";
    json_object_foreach(headers, name, value)
    {
        if (!json_is_string(value) || r->n_headers == BATCH_HEADERS) {
            b->problem = "headers";
            return;
        }
        b->headers[r->n_headers++] =
            (struct header){str_of(name), {json_string_value(value), json_string_length(value)}};
    }
}

static void take_group_names(json_t *groups, struct request *r, struct batch *b)
{
    size_t i;
    json_t *value;

    if (!groups || json_is_null(groups))
        return;
    if (!json_is_array(groups) || json_array_size(groups) > BATCH_GROUPS) {
        b->problem = "groups";
        return;
    }
    r->has_groups = true;
    json_array_foreach(groups, i, value)
    {
        if (!json_is_string(value)) {
            b->problem = "groups";
            return;
        }
        b->groups[r->n_groups++] = (struct str){json_string_value(value), json_string_length(value)};
    }
}

static void request_from_json(json_t *o, struct request *r, struct batch *b)
{
    struct str at, known_by;
    int word;
    json_t *port = json_object_get(o, "port");

    *r = (struct request){.headers = b->headers, .groups = b->groups, .now = now_utc()};
    b->problem = NULL;
    r->method = string_member(o, "method", b);
    if (!r->method.n)
        r->method = STR("GET");
    r->target = string_member(o, "url", b);
    r->user = string_member(o, "user", b);
    r->client_ip = string_member(o, "client_ip", b);
    known_by = string_member(o, "known_by", b);
    word = known_by.n ? word_find(WORDS_KNOWN_BY, known_by) : KNOWN_BY_NOTHING;
    if (word < 0)
        b->problem = "known_by";
    else
        r->known_by = (enum known_by)word;
    r->sni = string_member(o, "sni", b);
    r->body = string_member(o, "body", b);
    r->body_whole = r->body.n <= REQUEST_BODY_MAX;
    r->body = str_upto(r->body, REQUEST_BODY_MAX);
    at = string_member(o, "at", b);
    if (at.n && clock_parse(at, &r->now) != 0)
        b->problem = "at";
    if (json_is_integer(port) && json_integer_value(port) > 0 && json_integer_value(port) < 65536)
        r->listening_port = (uint32_t)json_integer_value(port);
    else if (port && !json_is_null(port))
        b->problem = "port";
    take_headers(json_object_get(o, "headers"), r, b);
    take_group_names(json_object_get(o, "groups"), r, b);
    if (!r->target.n)
        b->problem = "url";
}

static void put_error(FILE *to, unsigned long line, const char *what, const char *detail)
{
    json_t *o = json_pack("{s:s++, s:I}", "error", what, detail ? ": " : "", detail ? detail : "", "line",
                          (json_int_t)line);

    json_dumpf(o, to, JSON_COMPACT | JSON_ENSURE_ASCII);
    fputc('\n', to);
    json_decref(o);
}

int explain_batch(const struct snapshot *snapshot, struct scratch *scratch, FILE *from, FILE *to)
{
    static struct batch b;
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    unsigned long number = 0;
    int result = EXIT_DONE;

    while ((n = getline(&line, &room, from)) > 0) {
        struct request r;
        json_error_t error;
        json_t *o = n <= BATCH_LINE
                        ? json_loadb(line, (size_t)n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error)
                        : NULL;

        number++;
        if (!json_is_object(o)) {
            put_error(to, number, "this line is no JSON object of at most 1 MiB",
                      n <= BATCH_LINE && !o ? error.text : NULL);
            result = EXIT_BAD_INPUT;
        } else {
            request_from_json(o, &r, &b);
            if (b.problem) {
                put_error(to, number, "this member is missing or of the wrong type", b.problem);
                result = EXIT_BAD_INPUT;
            } else {
                struct verdict v = policy_judge(snapshot, NULL, &r, scratch);

                verdict_json(snapshot, &r, &v, to);
            }
        }
        json_decref(o);
    }
    free(line);
    return result;
}
