/* ArcSight Common Event Format, version 0 (Micro Focus Security ArcSight Common Event Format, version 26):
 *
 *     CEF:0|Vendor|Product|Version|Event class id|Name|Severity|key=value key=value ...
 *
 * In the head `|` and `\` are escaped, in values `=`, `\` and line ends. Custom strings have the labels of
 * the field map: cs1 Pseudonym, cs2 Group, cs3 RuleName, cs4 PolicyVersion, cs5 Categories, cs6 ShadowAction;
 * cn1 Sequence, cn2 FeedSchema. */
#include "feed/feed.h"

#include <jansson.h>

#include <stdio.h>

#include "config.h"

/* jansson knows UTF-8. */
static struct str clean(struct str s)
{
    json_t *text = json_stringn(s.p ? s.p : "", s.n);

    json_decref(text);
    return text ? s : STR("?");
}

static void put_head(struct text *t, struct str value)
{
    value = clean(value);
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];

        if (c == '|' || c == '\\')
            text_putc(t, '\\');
        text_putc(t, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
    }
}

static void put_value(struct text *t, struct str value)
{
    value = clean(value);
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];

        if (c == '\n' || c == '\r') {
            text_puts(t, c == '\n' ? "\\n" : "\\r");
            continue;
        }
        if (c == '=' || c == '\\')
            text_putc(t, '\\');
        text_putc(t, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
    }
}

/* Any but the first. `label` NULL: the key is one of CEF's own. */
static void put(struct text *t, const char *key, const char *label, struct str value)
{
    if (!value.n)
        return;
    text_putc(t, ' ');
    text_puts(t, key);
    text_putc(t, '=');
    put_value(t, value);
    if (label) {
        text_putc(t, ' ');
        text_puts(t, key);
        text_puts(t, "Label=");
        text_puts(t, label);
    }
}

static void put_number(struct text *t, const char *key, const char *label, uint64_t value)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    put(t, key, label, str_of(digits));
}

static void put_head_fields(struct text *t, const struct feed *f, const struct event *e)
{
    char name[64];

    text_puts(t, "CEF:0|Portreeve|Portreeve|");
    put_head(t, STR(PACKAGE_VERSION));
    text_putc(t, '|');
    text_puts(t, feed_words[f->kind]);
    text_putc(t, '-');
    text_puts(t, word_of(WORDS_ACTION, e->action));
    snprintf(name, sizeof name, "|Web access: %s|", word_of(WORDS_ACTION, e->action));
    text_puts(t, name);
    text_put_u64(t, feed_severity(f, e));
    text_putc(t, '|');
}

/* What the security feed alone tells. */
static void put_security(struct text *t, const struct feed *f, const struct feed_item *i)
{
    const struct event *e = i->event;
    char hex[2 * PSEUDONYM_SIZE + 1] = "", words[256];
    struct text categories;

    if (f->users && e->has_pseudonym)
        feed_hex(e->pseudonym, PSEUDONYM_SIZE, hex);
    put(t, "cs1", "Pseudonym", str_of(hex));
    put(t, "cs2", "Group", f->users ? e->group : STR_NONE);
    text_init(&categories, words, sizeof words);
    feed_categories(e, &categories);
    put(t, "cs5", "Categories", text_str(&categories));
    put(t, "externalId", NULL, e->code);
    put_number(t, "cn1", "Sequence", i->number);
}

size_t feed_cef(const struct feed *f, const struct feed_item *i, char *to, size_t size)
{
    const struct event *e = i->event;
    struct text t;
    char id[32];

    text_init(&t, to, size);
    put_head_fields(&t, f, e);
    text_puts(&t, "rt=");
    text_put_u64(&t, (uint64_t)feed_time(f, e) * 1000);
    put(&t, "act", NULL, str_of(word_of(WORDS_ACTION, e->action)));
    put(&t, "outcome", NULL, e->action == ACTION_ALLOW ? STR("success") : STR("failure"));
    put(&t, "reason", NULL, str_of(word_of(WORDS_WHY, e->why)));
    put(&t, "cs3", "RuleName", e->rule);
    put(&t, "cs4", "PolicyVersion", e->policy);
    put(&t, "dhost", NULL, e->platform);
    if (e->activity < ACTIVITY_COUNT)
        put(&t, "cat", NULL, str_of(word_of(WORDS_ACTIVITY, e->activity)));
    if (e->shadow)
        put(&t, "cs6", "ShadowAction", str_of(word_of(WORDS_ACTION, e->would)));
    put(&t, "dvchost", NULL, str_of(i->node));
    put_number(&t, "cn2", "FeedSchema", FEED_SCHEMA);
    if (f->kind == FEED_SECURITY) {
        put_security(&t, f, i);
    } else {
        snprintf(id, sizeof id, "%016llx", (unsigned long long)i->number);
        put(&t, "externalId", NULL, str_of(id));
    }
    return t.cut ? 0 : t.n;
}
