/* One answer of `portreeve setup` held against its key's kind. */
#include "tools/setup.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX = 64 };

struct network {
    unsigned char bytes[16];
    unsigned bits, size; /* size: 4 or 16 */
};

static bool number_of(const char *text, unsigned most, unsigned *n)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end || value > most)
        return false;
    *n = (unsigned)value;
    return true;
}

static bool read_network(const char *text, struct network *n)
{
    char address[PREFIX];
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);

    if (length >= sizeof address)
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    n->size = strchr(address, ':') ? 16 : 4;
    if (inet_pton(n->size == 16 ? AF_INET6 : AF_INET, address, n->bytes) != 1)
        return false;
    n->bits = n->size * 8;
    if (slash && !number_of(slash + 1, n->size * 8, &n->bits))
        return false;
    for (unsigned bit = n->bits; bit < n->size * 8; bit++)
        if (n->bytes[bit / 8] >> (7 - bit % 8) & 1)
            return false; /* Squid would take it with a warning */
    return true;
}

bool setup_networks_meet(const char *a, const char *b)
{
    struct network x, y;
    unsigned bits;

    if (!read_network(a, &x) || !read_network(b, &y) || x.size != y.size)
        return false;
    bits = x.bits < y.bits ? x.bits : y.bits;
    for (unsigned bit = 0; bit < bits; bit++)
        if ((x.bytes[bit / 8] ^ y.bytes[bit / 8]) >> (7 - bit % 8) & 1)
            return false;
    return true;
}

/* a-z 0-9 - . with a dot inside; `dot`: one may stand before it. */
static bool is_host(const char *text, bool dot)
{
    size_t n;

    text += dot && text[0] == '.';
    n = strlen(text);
    return n > 0 && n < 254 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == n &&
           text[0] != '.' && text[0] != '-' && text[n - 1] != '.' && !strstr(text, "..");
}

bool setup_next_word(const char **at, char *word, size_t size)
{
    size_t n;

    *at += strspn(*at, " \t");
    n = strcspn(*at, " \t");
    if (n)
        snprintf(word, size, "%.*s", (int)(n < size ? n : size - 1), *at);
    *at += n;
    return n > 0;
}

static bool each_fits(const char *value, bool (*fits)(const char *), char *wrong, size_t size)
{
    char word[SETUP_WORD_SIZE];

    while (setup_next_word(&value, word, sizeof word))
        if (!fits(word)) {
            snprintf(wrong, size, "%.100s", word);
            return false;
        }
    return true;
}

static bool fits_network(const char *word)
{
    struct network n;

    return read_network(word, &n);
}

static bool fits_entry(const char *word)
{
    return is_host(word, true);
}

static bool one_of(const char *value, const char *words)
{
    size_t n = strlen(value);

    for (const char *at = words; (at = strstr(at, value)); at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return true;
    return false;
}

/* What goes into configuration files between quotes, and nothing that ends a quote or a line. */
static bool is_plain(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value < 0x20 || strchr("\"\\$`@&|'%", *value))
            return false;
    return true;
}

static bool is_mail(const char *value)
{
    size_t n = strlen(value),
           name = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_");

    return name && name + 1 < n && value[name] == '@' && is_host(value + name + 1, false);
}

static bool fits_choice(const struct setup_key *key, const char *value, char *why, size_t size)
{
    char words[8][32];
    const char *names[8];
    const char *near, *at = key->words;
    size_t n = 0;

    if (one_of(value, key->words))
        return true;
    while (n < 8 && setup_next_word(&at, words[n], sizeof words[n])) {
        names[n] = words[n];
        n++;
    }
    near = diag_nearest(str_of(value), names, n);
    snprintf(why, size, "'%.60s' is none of: %s%s%s%s", value, key->words, near ? ". Did you mean '" : "",
             near ? near : "", near ? "'?" : "");
    return false;
}

bool setup_value_fits(const struct setup_key *key, const char *value, char *why, size_t size)
{
    char wrong[PREFIX * 2] = "";
    unsigned n;

    if (key->kind != SETUP_MAIL && key->kind != SETUP_CONTACT && key->kind != SETUP_TEXT &&
        !is_plain(value)) {
        snprintf(why, size,
                 "has a character that no configuration file takes (quotes, $, @, & and the like)");
        return false;
    }
    switch (key->kind) {
    case SETUP_TEXT: /* Kerberos writes one @ */
        snprintf(why, size, "has a character that no configuration file takes (quotes, $, & and the like)");
        return strcspn(value, "\"\\$`&|'%") == strlen(value);
    case SETUP_CONTACT:
        snprintf(why, size, "write NAME mail=ADDRESS url=ADDRESS phone=NUMBER, without quotes");
        return strchr(value, ' ') && strchr(value, '=') && strcspn(value, "\"\\`|'") == strlen(value);
    case SETUP_WORD:
        snprintf(why, size, "'%.60s' is not one word", value);
        return !strpbrk(value, " \t/");
    case SETUP_HOST:
        snprintf(why, size,
                 "'%.60s' is no host name: small letters, digits, - and dots (portreeve.council.example)",
                 value);
        return is_host(value, false) && strchr(value, '.');
    case SETUP_RESOLVED:
        snprintf(why, size, "'%.60s' is no host name: small letters, digits, - and dots", value);
        return is_host(value, false);
    case SETUP_PORT:
        snprintf(why, size, "'%.60s' is no port: a number from 1 to 65535", value);
        return number_of(value, 65535, &n) && n;
    case SETUP_DAYS:
        snprintf(why, size, "'%.60s' is no number of days from 1 to 3660", value);
        return number_of(value, 3660, &n) && n;
    case SETUP_NETWORKS:
        if (each_fits(value, fits_network, wrong, sizeof wrong))
            return true;
        snprintf(why, size,
                 "'%s' is no network: write 192.0.2.0/24 or 2001:db8::/32, with nothing set behind the bits",
                 wrong);
        return false;
    case SETUP_HOSTS:
        if (each_fits(value, fits_entry, wrong, sizeof wrong))
            return true;
        snprintf(why, size, "'%s' is no host: write bank.example, or .bank.example for all below it, too",
                 wrong);
        return false;
    case SETUP_CHOICE:
        return fits_choice(key, value, why, size);
    case SETUP_MAIL:
        snprintf(why, size, "'%.60s' is no mail address", value);
        return is_mail(value);
    case SETUP_FILE:
        snprintf(why, size, "'%.60s' is no path from the root (/etc/...)%s%s", value,
                 *key->words ? " and not " : "", key->words);
        return one_of(value, key->words) || (value[0] == '/' && !strchr(value, ' '));
    }
    return false;
}
