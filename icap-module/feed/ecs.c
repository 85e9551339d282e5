/* Elastic Common Schema 8.17.0 (https://github.com/elastic/ecs, tag v8.17.0): always @timestamp, ecs.version,
 * event.kind, .category and .type; of the types, `allowed` and `denied` belong to the category network, so
 * that both categories stand there. What ECS has no field for is a label. Unknown is left out. */
#include "feed/feed.h"

#include <jansson.h>

#include <stdio.h>

#include "config.h"

static void set(json_t *o, const char *key, struct str value)
{
    json_t *text = value.n ? json_stringn(value.p, value.n) : NULL;

    if (value.n)
        json_object_set_new(o, key, text ? text : json_string("?")); /* not UTF-8 */
}

static void set_word(json_t *o, const char *key, const char *word)
{
    json_object_set_new(o, key, json_string(word));
}

static const char *outcome_of(const struct event *e)
{
    return e->action == ACTION_ALLOW ? "success" : e->action == ACTION_UNAVAILABLE ? "unknown" : "failure";
}

static json_t *event_of(const struct feed *f, const struct feed_item *i)
{
    const struct event *e = i->event;
    json_t *o =
        json_pack("{s:s, s:[s,s], s:[s,s], s:s, s:s, s:s, s:i, s:s, s:s}", "kind", "event", "category", "web",
                  "network", "type", "access", e->action == ACTION_ALLOW ? "allowed" : "denied", "action",
                  word_of(WORDS_ACTION, e->action), "outcome", outcome_of(e), "reason",
                  word_of(WORDS_WHY, e->why), "severity", (int)feed_severity(f, e), "module", "portreeve",
                  "dataset", f->kind == FEED_SECURITY ? "portreeve.security" : "portreeve.policy");
    char id[32];

    if (f->kind == FEED_POLICY) {
        snprintf(id, sizeof id, "%016llx", (unsigned long long)i->number);
        set_word(o, "id", id);
        return o;
    }
    json_object_set_new(o, "sequence", json_integer((json_int_t)i->number));
    set(o, "id", e->code);
    return o;
}

static json_t *labels_of(const struct feed *f, const struct event *e)
{
    json_t *o = json_object();
    char words[256], schema[16];
    struct text categories;

    snprintf(schema, sizeof schema, "%d", FEED_SCHEMA);
    set_word(o, "feed_schema", schema);
    if (e->activity < ACTIVITY_COUNT)
        set_word(o, "social_action", word_of(WORDS_ACTIVITY, e->activity));
    set_word(o, "origin", word_of(WORDS_ORIGIN, e->origin));
    if (e->shadow) {
        set_word(o, "shadow_action", word_of(WORDS_ACTION, e->would));
        set(o, "shadow_rule", e->would_rule);
    }
    if (f->kind == FEED_POLICY)
        return o;
    text_init(&categories, words, sizeof words);
    feed_categories(e, &categories);
    set(o, "categories", text_str(&categories));
    return o;
}

static void add_who(json_t *o, const struct feed *f, const struct event *e)
{
    char hex[2 * PSEUDONYM_SIZE + 1];

    if (f->users && e->has_pseudonym) {
        feed_hex(e->pseudonym, PSEUDONYM_SIZE, hex);
        json_object_set_new(o, "user", json_pack("{s:s}", "id", hex));
    }
    if (f->users && e->group.n) {
        json_t *group = json_object();

        set(group, "name", e->group);
        json_object_set_new(o, "group", group);
    }
}

static json_t *object_of(const struct feed *f, const struct feed_item *i)
{
    const struct event *e = i->event;
    json_t *o = json_object(), *rule = json_object(), *url = json_object(), *observer = json_object();
    char when[32];

    feed_time_text(feed_time(f, e), when);
    set_word(o, "@timestamp", when);
    json_object_set_new(o, "ecs", json_pack("{s:s}", "version", FEED_ECS_VERSION));
    json_object_set_new(o, "event", event_of(f, i));
    set(rule, "id", e->rule);
    set(rule, "version", e->policy);
    json_object_set_new(o, "rule", rule);
    add_who(o, f, e);
    set(url, "domain", e->platform);
    if (e->platform.n)
        json_object_set(o, "url", url);
    json_decref(url);
    set(observer, "name", str_of(i->node));
    set_word(observer, "product", "Portreeve");
    set_word(observer, "type", "proxy");
    set_word(observer, "version", PACKAGE_VERSION);
    json_object_set_new(o, "observer", observer);
    json_object_set_new(o, "labels", labels_of(f, e));
    return o;
}

/* In ASCII: whatever a receiver takes it for, it is the same. */
size_t feed_ecs(const struct feed *f, const struct feed_item *i, char *to, size_t size)
{
    json_t *o = object_of(f, i);
    size_t n = o ? json_dumpb(o, to, size, JSON_COMPACT | JSON_ENSURE_ASCII) : 0;

    json_decref(o);
    return n <= size ? n : 0;
}
