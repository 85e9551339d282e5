/* One entry of a list: is it a name or address that may be listed? */
#include "compile/hostname.h"
#include "compile/lists_import_internal.h"
#include "core/url.h"

#include <arpa/inet.h>
#include <libpsl.h>

void list_leave(struct list_lines *l, enum lists_left why, struct str text)
{
    struct lists_tally *t = l->tally;
    uint64_t n = t->left[why]++;

    if (n < LISTS_LEFT_SAMPLES) {
        char number[24];
        struct text to;

        text_init(&to, number, sizeof number);
        text_put_u64(&to, l->line);
        text_puts(&to, ": ");
        memcpy(t->samples[why][n], number, to.n);
        diag_copy(t->samples[why][n] + to.n, LISTS_SAMPLE - to.n, text);
    }
}

static void added(struct list_lines *l, enum lists_added result, bool url)
{
    if (result == LISTS_FULL)
        l->full = true;
    else if (result == LISTS_KNOWN)
        l->tally->twice++;
    else
        *(url ? &l->tally->urls : &l->tally->names) += 1;
}

static bool is_address(struct str name)
{
    unsigned char to[sizeof(struct in6_addr)];
    char z[INET6_ADDRSTRLEN];

    if (name.n == 0 || name.n >= sizeof z ||
        ((name.p[name.n - 1] < '0' || name.p[name.n - 1] > '9') && str_find(name, ':') == name.n))
        return false;
    memcpy(z, name.p, name.n);
    z[name.n] = '\0';
    return inet_pton(AF_INET, z, to) == 1 || inet_pton(AF_INET6, z, to) == 1;
}

/* RFC 6890: what no site on the Internet has. IPv6 is global unicast (2000::/3) or none. */
static bool is_private(struct str name)
{
    unsigned char b[sizeof(struct in6_addr)];
    char z[INET6_ADDRSTRLEN];

    memcpy(z, name.p, name.n);
    z[name.n] = '\0';
    if (inet_pton(AF_INET, z, b) == 1)
        return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 || (b[0] == 169 && b[1] == 254) ||
               (b[0] == 172 && b[1] >= 16 && b[1] < 32) || (b[0] == 192 && b[1] == 168) ||
               (b[0] == 100 && b[1] >= 64 && b[1] < 128);
    return inet_pton(AF_INET6, z, b) == 1 && b[0] >> 5 != 1;
}

/* No bit of the address is set behind the network's: else "192.0.2.7/24" is a machine's page. */
static bool is_network(struct str address, uint64_t bits)
{
    unsigned char b[sizeof(struct in6_addr)];
    char z[INET6_ADDRSTRLEN];
    size_t size = str_find(address, ':') < address.n ? 16 : 4;

    memcpy(z, address.p, address.n);
    z[address.n] = '\0';
    if (inet_pton(size == 4 ? AF_INET : AF_INET6, z, b) != 1 || bits > size * 8)
        return false;
    for (size_t i = (size_t)bits; i < size * 8; i++)
        if (b[i / 8] >> (7 - i % 8) & 1)
            return false;
    return true;
}

/* "192.0.2.0/24", "192.0.2.1-192.0.2.9". */
static bool is_range(struct str text, bool url)
{
    size_t at = str_find(text, '/');
    uint64_t bits;

    if (at < text.n && is_address(str_upto(text, at)))
        return str_u64(str_from(text, at + 1), &bits) && (!url || is_network(str_upto(text, at), bits));
    at = str_find(text, '-');
    return at < text.n && is_address(str_upto(text, at)) && is_address(str_from(text, at + 1));
}

static bool has_dot(struct str name)
{
    return str_find(name, '.') < name.n;
}

/* The public suffix list (publicsuffix.org, through libpsl). */
enum suffix { SUFFIX_NOT, SUFFIX_PUBLIC, SUFFIX_HOSTING };

static enum suffix suffix_of(const struct list_lines *l, struct str name)
{
    char z[HOSTNAME_MAX + 2];

    memcpy(z, name.p, name.n);
    z[name.n] = '\0';
    if (!has_dot(name))
        return SUFFIX_PUBLIC;
    if (!psl_is_public_suffix2(l->i->suffixes, z, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE))
        return SUFFIX_NOT; /* nearly all: one search is enough */
    return psl_is_public_suffix2(l->i->suffixes, z, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) ? SUFFIX_PUBLIC
                                                                                            : SUFFIX_HOSTING;
}

/* A normalised name, an address's host too: false after it was left out. */
static bool may_be_listed(struct list_lines *l, struct str text, struct str name, unsigned flags)
{
    enum lists_left why = LEFT_COUNT;

    if (is_address(name))
        why = is_private(name) ? LEFT_PRIVATE : LEFT_COUNT;
    else if (!has_dot(name))
        why = LEFT_BROKEN;
    if (why == LEFT_COUNT && lists_is_guarded(&l->i->guarded, name, flags))
        why = LEFT_PROTECTED;
    if (why != LEFT_COUNT)
        list_leave(l, why, text);
    return why == LEFT_COUNT;
}

/* With all below it, but for a name below which strangers have sites of their own: they are not listed with it.
 * Of a public suffix (gov.uk is one) it is first asked whether it must work itself: a list that names that is not
 * to be trusted, while one that names co.uk is only careless. */
static void list_below(struct list_lines *l, struct str text, struct str name)
{
    enum suffix suffix = is_address(name) ? SUFFIX_NOT : suffix_of(l, name);
    unsigned flags = suffix == SUFFIX_NOT ? 0 : CATDB_EXACT;

    if (suffix == SUFFIX_PUBLIC) {
        list_leave(l, lists_is_guarded(&l->i->guarded, name, flags) ? LEFT_PROTECTED : LEFT_SUFFIX, text);
        return;
    }
    if (!may_be_listed(l, text, name, flags))
        return;
    if (suffix == SUFFIX_HOSTING)
        list_leave(l, LEFT_HOSTING, text);
    added(l, lists_name(l->i->how->to, name, l->list, flags), false);
}

void list_host(struct list_lines *l, struct str text, unsigned flags)
{
    char to[HOSTNAME_MAX + 2];
    struct str rest = text, name;
    const char *problem;

    if (str_istarts(rest, STR("*."))) {
        rest = str_from(rest, 2);
        flags = 0;
    } else if (rest.n && rest.p[0] == '.') {
        rest = str_from(rest, 1);
        flags = 0;
    }
    if (rest.n == 0 || str_eq(rest, STR("*")))
        list_leave(l, LEFT_ALL, text);
    else if (is_range(rest, false))
        list_leave(l, LEFT_RANGE, text);
    else if (str_find(rest, '*') < rest.n)
        list_leave(l, LEFT_RULE, text);
    else if (!hostname_normal(rest, false, to, &name, &problem))
        list_leave(l, LEFT_BROKEN, text);
    else if (!(flags & CATDB_EXACT))
        list_below(l, text, name);
    else if (may_be_listed(l, text, name, flags))
        added(l, lists_name(l->i->how->to, name, l->list, flags), false);
}

static struct str lower(struct str s, char *to)
{
    for (size_t i = 0; i < s.n; i++)
        to[i] = ascii_lower(s.p[i]);
    return (struct str){to, s.n};
}

/* "/a/b/?q=1" as the database has it: "/a/b?q=1"; "" for the whole host. */
static struct str url_key(const struct url *u, char *to)
{
    struct str path = lower(u->path, to);

    while (path.n > (u->query.n > 0) && path.p[path.n - 1] == '/')
        path.n--; /* of "/?q=1" the '/' stays */
    if (u->query.n) {
        to[path.n] = '?';
        lower(u->query, to + path.n + 1);
        path.n += 1 + u->query.n;
    }
    return (struct str){to, path.n};
}

/* No browser sends them in an address. */
static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return true;
    return false;
}

void list_url(struct list_lines *l, struct str text)
{
    char z[4096 + 16], to[HOSTNAME_MAX + 2], key[4096 + 16] = "";
    struct text whole;
    struct str host, name, url;
    const char *problem;
    struct url u;

    text_init(&whole, z, sizeof z);
    if (!str_istarts(text, STR("http://")) && !str_istarts(text, STR("https://")))
        text_puts(&whole, "http://");
    text_put(&whole, text);
    arena_reset(&l->i->arena);
    if (is_range(text, true)) {
        list_leave(l, LEFT_RANGE, text);
        return;
    }
    if (whole.cut || url_parse(text_str(&whole), &l->i->arena, &u) != 0 || u.path.n + u.query.n + 2 > sizeof key ||
        !hostname_normal(u.host, false, to, &name, &problem)) {
        list_leave(l, LEFT_BROKEN, text);
        return;
    }
    host = str_istarts(name, STR("www.")) && has_dot(str_from(name, 4)) ? str_from(name, 4) : name;
    url = url_key(&u, key);
    if (has_control(url))
        list_leave(l, LEFT_BROKEN, text);
    else if (!may_be_listed(l, text, host, CATDB_EXACT))
        return;
    else if (url.n == 0)
        added(l, lists_name(l->i->how->to, name, l->list, CATDB_EXACT), false);
    else
        added(l, lists_url(l->i->how->to, host, url, l->list), true);
}
