#include "record/event.h"

/* Layout of versions 1 and 2, little-endian, nothing aligned. Version 2 has a pseudonym and its epoch, version 1 has no
 * epoch:
 *   u8 version, u8 flags, u8 action, why, activity, confidence, origin, identity, would,
 *   u32 categories, u32 people, u64 sequence, i64 time, [16 bytes pseudonym, version 2: u32 epoch;
 *   or 8 bytes day and u8 minute],
 *   [u32 asn, 2 letters of a country],
 *   seven strings, each u8 length and bytes. */
enum { STRING_MAX = 64, STRINGS = 7, FLAG_SHADOW = 1, FLAG_PSEUDONYM = 2, FLAG_DAY = 4, FLAG_PLACE = 8, FLAGS = 15 };
enum { PLACE_SIZE = 4 + 2 };

_Static_assert(9 + 4 + 4 + 8 + 8 + PSEUDONYM_SIZE + 4 + PLACE_SIZE + STRINGS * (1 + STRING_MAX) <= EVENT_MAX,
               "EVENT_MAX is too small");
_Static_assert(CATEGORY_COUNT < 32, "categories no longer fit their bit set");

/* Slots of the strings, so that both directions walk the same list in the same order. */
static void strings_of(struct event *e, struct str *slots[STRINGS])
{
    slots[0] = &e->policy;
    slots[1] = &e->rule;
    slots[2] = &e->platform;
    slots[3] = &e->account;
    slots[4] = &e->group;
    slots[5] = &e->code;
    slots[6] = &e->would_rule;
}

static unsigned char *put(unsigned char *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *to++ = (unsigned char)(value >> (8 * i));
    return to;
}

size_t event_encode(const struct event *e, unsigned char *to, size_t size)
{
    struct event copy = *e;
    struct str *strings[STRINGS];
    unsigned char *p = to;
    const bool epoch = e->has_pseudonym && e->epoch;
    size_t need = 33u + (e->has_pseudonym ? PSEUDONYM_SIZE : 0u) + (epoch ? 4u : 0u) + (e->has_day ? DAY_DIGEST + 1u : 0u) +
                  (e->has_place ? PLACE_SIZE : 0u);

    strings_of(&copy, strings);
    for (int i = 0; i < STRINGS; i++) {
        if (strings[i]->n > STRING_MAX)
            return 0;
        need += 1 + strings[i]->n;
    }
    if (need > size || (e->has_pseudonym && e->has_day))
        return 0;
    p = put(p, epoch ? EVENT_VERSION : 1, 1);
    p = put(p,
            (e->shadow ? FLAG_SHADOW : 0u) | (e->has_pseudonym ? FLAG_PSEUDONYM : 0u) |
                (e->has_day ? FLAG_DAY : 0u) | (e->has_place ? FLAG_PLACE : 0u),
            1);
    p = put(p, e->action, 1);
    p = put(p, e->why, 1);
    p = put(p, e->activity, 1);
    p = put(p, e->confidence, 1);
    p = put(p, e->origin, 1);
    p = put(p, e->identity, 1);
    p = put(p, e->would, 1);
    p = put(p, e->categories, 4);
    p = put(p, e->people, 4);
    p = put(p, e->sequence, 8);
    p = put(p, (uint64_t)e->time, 8);
    if (e->has_pseudonym) {
        memcpy(p, e->pseudonym, PSEUDONYM_SIZE);
        p += PSEUDONYM_SIZE;
    }
    if (epoch)
        p = put(p, e->epoch, 4);
    if (e->has_day) {
        memcpy(p, e->day, DAY_DIGEST);
        p = put(p + DAY_DIGEST, e->minute, 1);
    }
    if (e->has_place) {
        p = put(p, e->asn, 4);
        p = put(p, e->country, 2);
    }
    for (int i = 0; i < STRINGS; i++) {
        p = put(p, strings[i]->n, 1);
        if (strings[i]->n)
            memcpy(p, strings[i]->p, strings[i]->n);
        p += strings[i]->n;
    }
    return (size_t)(p - to);
}

/* What is left to be read; once `bad`, it yields zeros and stays bad. */
struct reader {
    const unsigned char *p;
    size_t left;
    bool bad;
};

static const unsigned char *take(struct reader *r, size_t n)
{
    const unsigned char *p = r->p;

    if (r->bad || r->left < n) {
        r->bad = true;
        return NULL;
    }
    r->p += n;
    r->left -= n;
    return p;
}

static uint64_t get(struct reader *r, unsigned bytes)
{
    const unsigned char *p = take(r, bytes);
    uint64_t value = 0;

    for (unsigned i = 0; p && i < bytes; i++)
        value |= (uint64_t)p[i] << (8 * i);
    return value;
}

/* A number that is one of `count` values. */
static unsigned choose(struct reader *r, unsigned count)
{
    uint64_t value = get(r, 1);

    if (value >= count)
        r->bad = true;
    return (unsigned)value;
}

/* Words, ids and names only: what could break a line of a report is no event of ours. */
static struct str get_string(struct reader *r)
{
    size_t n = (size_t)get(r, 1);
    const unsigned char *p = take(r, n);

    if (n > STRING_MAX)
        r->bad = true;
    for (size_t i = 0; p && i < n; i++)
        if (p[i] < 0x20 || p[i] == 0x7f)
            r->bad = true;
    return r->bad ? STR_NONE : (struct str){(const char *)p, n};
}

/* As whom, if at all: one of the two, or neither. */
static void get_person(struct reader *r, struct event *e, uint64_t flags, bool epoch)
{
    const unsigned char *bytes;

    e->has_pseudonym = flags & FLAG_PSEUDONYM;
    e->has_day = flags & FLAG_DAY;
    if (e->has_pseudonym && (bytes = take(r, PSEUDONYM_SIZE)) != NULL)
        memcpy(e->pseudonym, bytes, PSEUDONYM_SIZE);
    if (epoch) {
        e->epoch = (uint32_t)get(r, 4);
        r->bad |= !e->has_pseudonym || !e->epoch;
    }
    if (e->has_day && (bytes = take(r, DAY_DIGEST)) != NULL) {
        memcpy(e->day, bytes, DAY_DIGEST);
        e->minute = choose(r, 60);
    }
    if (flags & ~(uint64_t)FLAGS || (e->has_pseudonym && e->has_day))
        r->bad = true;
}

/* None, or two small letters. */
static bool is_country(uint32_t country)
{
    uint32_t first = country >> 8, second = country & 0xff;

    return !country || (first >= 'a' && first <= 'z' && second >= 'a' && second <= 'z');
}

int event_decode(struct event *e, const unsigned char *bytes, size_t size)
{
    struct reader r = {bytes, size, false};
    struct str *strings[STRINGS];
    uint64_t version, flags;

    *e = (struct event){0};
    strings_of(e, strings);
    version = get(&r, 1);
    if (version != 1 && version != EVENT_VERSION)
        return -1;
    flags = get(&r, 1);
    e->action = choose(&r, ACTION_COUNT);
    e->why = choose(&r, WHY_COUNT);
    e->activity = choose(&r, ACTIVITY_COUNT + 1); /* ACTIVITY_COUNT = unknown */
    e->confidence = choose(&r, CONFIDENCE_COUNT);
    e->origin = choose(&r, ORIGIN_COUNT);
    e->identity = choose(&r, IDENTITY_COUNT);
    e->would = choose(&r, ACTION_COUNT);
    e->categories = (uint32_t)get(&r, 4);
    e->people = (uint32_t)get(&r, 4);
    e->sequence = get(&r, 8);
    e->time = (int64_t)get(&r, 8);
    e->shadow = flags & FLAG_SHADOW;
    get_person(&r, e, flags, version == EVENT_VERSION);
    e->has_place = flags & FLAG_PLACE;
    if (e->has_place) {
        e->asn = (uint32_t)get(&r, 4);
        e->country = (uint32_t)get(&r, 2);
    }
    for (int i = 0; i < STRINGS; i++)
        *strings[i] = get_string(&r);
    if (!is_country(e->country) || e->categories >> CATEGORY_COUNT || (e->people >= PEOPLE_COUNT && e->people != 0xffffffff))
        return -1;
    return r.bad || r.left ? -1 : 0;
}

bool event_is_security(const struct event *e)
{
    const uint32_t mask = 1u << CATEGORY_PROXY | 1u << CATEGORY_MALWARE | 1u << CATEGORY_PHISHING;

    return (e->categories & mask) != 0;
}
