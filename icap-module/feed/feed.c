#include "feed/feed.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <time.h>

const char *const feed_words[FEED_KINDS] = {"security", "policy"};

/* ---- where to ---- */

static int option_of(struct feed *f, struct str word, struct diag *d)
{
    if (str_eq(word, STR("ecs")) || str_eq(word, STR("cef"))) {
        f->format = word.p[0] == 'e' ? FEED_ECS : FEED_CEF;
    } else if (str_eq(word, STR("no-user"))) {
        f->users = false;
    } else if (str_eq(word, STR("name")) || str_eq(word, STR("user"))) {
        return diag_error(d, f->text,
                          ": no feed can carry names: an event has a pseudonym at most, "
                          "and who it is, two holders tell (portreeve ig)",
                          NULL);
    } else {
        return diag_error(d, f->text, ": after security or policy come ecs, cef or no-user, with commas",
                          NULL);
    }
    return 0;
}

static int address_of(struct feed *f, const char *at, struct diag *d)
{
    const char *colon = strrchr(at, ':');
    size_t n = colon ? (size_t)(colon - at) : 0;
    struct in6_addr six;
    uint64_t port;

    if (!n || n >= sizeof f->address || !str_u64(str_of(colon + 1), &port) || port < 1 || port > 65535)
        return diag_error(d, f->text, ": a receiver is tcp:ADDRESS:PORT, an IPv6 address in brackets", NULL);
    if (at[0] == '[' && at[n - 1] == ']') {
        at++;
        n -= 2;
    }
    memcpy(f->address, at, n);
    f->address[n] = '\0';
    f->port = (uint16_t)port;
    if (inet_pton(AF_INET, f->address, &six) != 1 && inet_pton(AF_INET6, f->address, &six) != 1)
        return diag_error(d, f->text,
                          ": a receiver is given by its address in numbers: looking up a name could hold up "
                          "the record",
                          NULL);
    return 0;
}

static int place_of(struct feed *f, const char *at, struct diag *d)
{
    static const char *const words[] = {[FEED_FILE] = "file:", [FEED_TCP] = "tcp:", [FEED_UNIX] = "unix:"};

    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);

        if (strncmp(at, words[i], n) != 0)
            continue;
        f->place = (enum feed_place)i;
        f->path = at + n;
        if (f->place == FEED_TCP)
            return address_of(f, f->path, d);
        if (f->path[0] == '/' && (f->place == FEED_FILE || strlen(f->path) < 100))
            return 0;
        return diag_error(d, f->text, ": write the whole path, from / on", NULL);
    }
    return diag_error(d, f->text, ": it goes to file:PATH, tcp:ADDRESS:PORT or unix:PATH", NULL);
}

int feed_read(const char *text, struct feed *f, struct diag *d)
{
    const char *equals = strchr(text, '=');
    struct str head = {text, equals ? (size_t)(equals - text) : 0}, word = str_cut(&head, ',');

    *f = (struct feed){.text = text, .users = true};
    if (!equals || (!str_eq(word, STR("security")) && !str_eq(word, STR("policy"))))
        return diag_error(d, text, ": a feed is security=PLACE or policy=PLACE", NULL);
    f->kind = word.p[0] == 's' ? FEED_SECURITY : FEED_POLICY;
    while (head.n)
        if (option_of(f, str_cut(&head, ','), d) != 0)
            return -1;
    f->users &= f->kind == FEED_SECURITY;
    return place_of(f, equals + 1, d);
}

/* ---- what ---- */

bool feed_takes(const struct feed *f, const struct event *e)
{
    return f->kind == FEED_POLICY || event_is_security(e);
}

int64_t feed_time(const struct feed *f, const struct event *e)
{
    return f->kind == FEED_POLICY ? e->time - e->time % FEED_HOUR : e->time;
}

int64_t feed_due(const struct feed *f, const struct event *e, int64_t now)
{
    int64_t over = feed_time(f, e) + FEED_HOUR;

    if (f->kind == FEED_SECURITY || over < now)
        return now;
    return over > now + FEED_HOUR ? now + FEED_HOUR : over;
}

/* What went through is worse than what did not: an exempt group, a rule in shadow. */
unsigned feed_severity(const struct feed *f, const struct event *e)
{
    const uint32_t bad = 1u << CATEGORY_MALWARE | 1u << CATEGORY_PHISHING;

    if (f->kind == FEED_POLICY)
        return e->action == ACTION_ALLOW ? 1 : 3;
    return (e->categories & bad ? 6u : 4u) + (e->action == ACTION_ALLOW ? 2u : 0u);
}

size_t feed_line(const struct feed *f, const struct feed_item *i, char to[FEED_LINE])
{
    static const char bom[] = "\xef\xbb\xbf"; /* RFC 5424, 6.4: of what is not ASCII alone */
    char body[FEED_LINE - 1024];
    size_t n = f->format == FEED_ECS ? feed_ecs(f, i, body, sizeof body) : feed_cef(f, i, body, sizeof body);
    size_t head = 0;

    if (n == 0)
        return 0;
    if (f->place != FEED_FILE) {
        head = feed_syslog_head(f, i, to, 1000);
        for (size_t k = 0; k < n; k++)
            if ((unsigned char)body[k] >= 0x80) {
                memcpy(to + head, bom, 3);
                head += 3;
                break;
            }
    }
    memcpy(to + head, body, n);
    return head + n;
}

/* ---- words ---- */

void feed_time_text(int64_t utc, char to[32])
{
    time_t t = (time_t)utc;
    struct tm tm;

    if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099 ||
        !strftime(to, 32, "%Y-%m-%dT%H:%M:%S.000Z", &tm))
        memcpy(to, "1970-01-01T00:00:00.000Z", 25); /* no calendar has it */
}

void feed_categories(const struct event *e, struct text *to)
{
    for (unsigned i = 0; i < CATEGORY_COUNT; i++)
        if (e->categories >> i & 1) {
            if (to->n)
                text_putc(to, ',');
            text_puts(to, word_of(WORDS_CATEGORY, i));
        }
}

void feed_hex(const unsigned char *bytes, size_t n, char *to)
{
    for (size_t i = 0; i < n; i++)
        snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}
