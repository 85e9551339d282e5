#include "core/url.h"

#include "core/request.h"
#include "core/text.h"

#include <arpa/inet.h>

/* Layers of escapes that are taken off; nobody who means well sends so many. */
enum { DECODE_PASSES = 8 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%XX" at `at` stands for, or -1. */
static int escaped(struct str s, size_t at)
{
    int high, low;

    if (s.n - at < 3 || s.p[at] != '%')
        return -1;
    high = hex(s.p[at + 1]);
    low = hex(s.p[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

struct str percent_decode(struct str raw, bool plus, struct arena *a)
{
    char *to = arena_alloc(a, raw.n ? raw.n : 1);
    size_t n = 0;

    if (!to)
        return STR_NONE;
    for (size_t i = 0; i < raw.n; i++) {
        int c = escaped(raw, i);

        if (c >= 0)
            i += 2;
        else
            c = plus && raw.p[i] == '+' ? ' ' : (unsigned char)raw.p[i];
        to[n++] = c < 0x20 ? ' ' : (char)c;
    }
    return (struct str){to, n};
}

bool percent_is(struct str raw, struct str plain)
{
    size_t n = 0;

    for (size_t i = 0; i < raw.n; i++, n++) {
        int c = escaped(raw, i);

        if (n == plain.n || (c >= 0 ? (char)c : raw.p[i]) != plain.p[n])
            return false;
        i += c >= 0 ? 2 : 0;
    }
    return n == plain.n;
}

static bool label_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Dotted numbers, also in the short, octal and hexadecimal spellings that browsers take for an address: a
 * host whose last label is a number is one (WHATWG URL 3.5). */
static bool ends_in_number(struct str host)
{
    size_t from = host.n;

    while (from > 0 && host.p[from - 1] != '.')
        from--;
    if (from == host.n)
        return false;
    if (host.n - from > 2 && host.p[from] == '0' && host.p[from + 1] == 'x')
        from += 2;
    else if (host.p[from] < '0' || host.p[from] > '9')
        return false;
    for (size_t i = from; i < host.n; i++)
        if (hex(host.p[i]) < 0)
            return false;
    for (size_t i = from; i < host.n; i++)
        if ((host.p[i] < '0' || host.p[i] > '9') && !(from >= 2 && host.p[from - 1] == 'x'))
            return false;
    return true;
}

/* One number of an address: decimal, octal or hexadecimal, as inet_aton reads it. */
static bool ipv4_part(struct str part, uint64_t *value)
{
    bool wide = part.n > 1 && part.p[0] == '0' && part.p[1] == 'x';
    unsigned base = wide ? 16 : part.n > 1 && part.p[0] == '0' ? 8 : 10;

    if (part.n == 0)
        return false;
    *value = 0;
    for (size_t i = wide ? 2 : 0; i < part.n; i++) {
        int digit = hex(part.p[i]);

        if (digit < 0 || (unsigned)digit >= base)
            return false;
        *value = *value * base + (unsigned)digit;
        if (*value > UINT32_MAX)
            return false;
    }
    return true;
}

/* "0x7f.1" and "2130706433" are 127.0.0.1 (WHATWG URL 3.5); what is no address stays the name that it is. */
static struct str ipv4_canonical(struct str host, struct arena *a)
{
    enum { ROOM = 16 };
    struct str rest = host;
    uint64_t address = 0, part = 0;
    unsigned parts = 0;
    struct text t;
    char *to;

    do {
        if (part > 255 || parts++ == 4 || !ipv4_part(str_cut(&rest, '.'), &part))
            return host;
        address = rest.n ? address << 8 | part : address;
    } while (rest.n);
    if (part >> (8 * (5 - parts)) != 0)
        return host;
    address = address << (8 * (5 - parts)) | part;
    to = arena_alloc(a, ROOM);
    if (!to)
        return host;
    text_init(&t, to, ROOM);
    for (unsigned i = 0; i < 4; i++) {
        text_puts(&t, i ? "." : "");
        text_put_u64(&t, address >> (24 - 8 * i) & 255);
    }
    return text_str(&t);
}

static int ipv6_canonical(struct str raw, struct arena *a, struct str *host)
{
    char z[INET6_ADDRSTRLEN];
    char *to = arena_alloc(a, INET6_ADDRSTRLEN);
    unsigned char address[16];

    if (!to || raw.n >= sizeof z)
        return -1;
    memcpy(z, raw.p, raw.n);
    z[raw.n] = '\0';
    if (inet_pton(AF_INET6, z, address) != 1 || !inet_ntop(AF_INET6, address, to, INET6_ADDRSTRLEN))
        return -1;
    /* IPv4 in IPv6's clothes (RFC 4291 2.5.5.2) is reached as IPv4. */
    *host = str_istarts(str_of(to), STR("::ffff:")) && strchr(to, '.') ? str_from(str_of(to), 7) : str_of(to);
    return 0;
}

/* An A-label without anything behind the last '-' encodes plain ASCII: no reader of IDNA takes it (RFC
 * 5891 4.2.3.1), and some programs would read it as the plain name. */
static bool empty_punycode(struct str host, size_t dash) /* a label's last byte */
{
    size_t from = dash;

    while (from > 0 && host.p[from - 1] != '.')
        from--;
    return str_istarts(str_from(host, from), STR("xn--"));
}

/* At a dot: another follows, or an empty A-label stands before it. */
static bool ends_label_badly(struct str host, size_t dot)
{
    return (dot + 1 < host.n && host.p[dot + 1] == '.') ||
           (dot > 0 && host.p[dot - 1] == '-' && empty_punycode(host, dot - 1));
}

int host_canonical(struct str raw, struct arena *a, struct str *host, bool *is_address)
{
    struct str s;
    char *p;

    *is_address = false;
    if (raw.n == 0 || raw.n > 3 * REQUEST_HOST_MAX)
        return -1;
    s = percent_decode(raw, false, a);
    if (!s.p)
        return -1;
    while (s.n && s.p[s.n - 1] == '.') /* the proxy drops them all */
        s.n--;
    if (s.n == 0 || s.n > REQUEST_HOST_MAX || s.p[0] == '.')
        return -1;
    p = (char *)(uintptr_t)s.p; /* ours: percent_decode wrote it into the arena */
    for (size_t i = 0; i < s.n; i++) {
        p[i] = ascii_lower(p[i]);
        if (!label_byte(p[i]) || (p[i] == '.' && ends_label_badly(s, i)))
            return -1;
    }
    if (p[s.n - 1] == '-' && empty_punycode(s, s.n - 1))
        return -1;
    *is_address = ends_in_number(s);
    *host = *is_address ? ipv4_canonical(s, a) : s;
    return 0;
}

static int port_of(struct str text, uint32_t *port)
{
    uint64_t value;

    *port = 0;
    if (text.n == 0)
        return 0;
    if (!str_u64(text, &value) || value == 0 || value > 65535)
        return -1;
    *port = (uint32_t)value;
    return 0;
}

int url_parse_authority(struct str authority, struct arena *a, struct url *u)
{
    struct str s = authority;
    size_t at;

    for (size_t i = s.n; i > 0; i--) /* userinfo ends at the last '@' */
        if (s.p[i - 1] == '@') {
            s = str_from(s, i);
            break;
        }
    if (s.n && s.p[0] == '[') {
        at = str_find(s, ']');
        if (at == s.n || (at + 1 < s.n && s.p[at + 1] != ':'))
            return -1;
        u->host_is_address = true;
        return ipv6_canonical(str_from(str_upto(s, at), 1), a, &u->host)
                   ? -1
                   : port_of(str_from(s, at + 2), &u->port);
    }
    at = str_find(s, ':');
    if (port_of(str_from(s, at + 1), &u->port) != 0)
        return -1;
    return host_canonical(str_upto(s, at), a, &u->host, &u->host_is_address);
}

/* Harmless decoded: it means the same in a path with and without its escape. */
static bool harmless(int c)
{
    return c > 0x20 && c < 0x7f && !strchr("/?#%\\\"<>", c);
}

/* One pass from `from` to `to` (which may be the same); true when something was decoded. */
static bool decode_pass(const char *from, size_t n, char *to, size_t *out)
{
    struct str s = {from, n};
    size_t w = 0;
    bool changed = false;

    for (size_t i = 0; i < n; i++) {
        int c = escaped(s, i);

        if (c >= 0 &&
            (harmless(c) || (c == '%' && i + 4 < n && hex(from[i + 3]) >= 0 && hex(from[i + 4]) >= 0))) {
            to[w++] = (char)c;
            i += 2;
            changed = true;
        } else {
            to[w++] = from[i] == '\\' ? '/' : from[i];
        }
    }
    *out = w;
    return changed;
}

/* Removes empty and dot segments in place; returns the new length. */
static size_t remove_dots(char *p, size_t n)
{
    size_t w = 0;

    for (size_t i = 0; i < n;) {
        size_t end = i + 1;

        while (end < n && p[end] != '/')
            end++;
        if (end - i == 1 && end < n) { /* "//" */
        } else if (end - i == 2 && p[i + 1] == '.') {
            if (end == n)
                p[w++] = '/';
        } else if (end - i == 3 && p[i + 1] == '.' && p[i + 2] == '.') {
            while (w > 0 && p[--w] != '/')
                ;
            if (end == n)
                p[w++] = '/';
        } else {
            memmove(p + w, p + i, end - i);
            w += end - i;
        }
        i = end;
    }
    if (w == 0)
        p[w++] = '/';
    return w;
}

struct str path_canonical(struct str raw, struct arena *a)
{
    char *p = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    bool again;

    if (!p)
        return STR_NONE;
    if (raw.n == 0)
        return STR("/");
    again = decode_pass(raw.p, raw.n, p, &n);
    if (p[0] != '/') {
        memmove(p + 1, p, n);
        p[0] = '/';
        n++;
    }
    n = remove_dots(p, n);
    for (int pass = 1; again && pass < DECODE_PASSES; pass++)
        again = decode_pass(p, n, p, &n);
    if (again && decode_pass(p, n, p, &n))
        return STR_NONE; /* deeper still: what it says would depend on who reads it */
    /* "/a/%252e%252e/b" is one page to a server that decodes once, another to one that decodes twice. */
    return remove_dots(p, n) == n ? (struct str){p, n} : STR_NONE;
}

/* "https://one.example\@other.example/": to a browser the host ends at the '\', to others the '@' ends what a
 * user is called. Two readers see two hosts. */
static bool two_hosts(struct str behind)
{
    struct str segment;

    if (behind.n == 0 || behind.p[0] != '\\')
        return false;
    segment = str_from(behind, 1);
    segment = str_upto(segment, str_find(segment, '/'));
    segment = str_upto(segment, str_find(segment, '?'));
    return str_find(segment, '@') < segment.n;
}

int url_parse(struct str target, struct arena *a, struct url *u)
{
    struct str rest;
    size_t colon = str_find(target, ':');
    size_t end;
    char *scheme;

    *u = (struct url){0};
    if (colon == 0 || colon > 16 || target.n - colon < 3 || memcmp(target.p + colon, "://", 3) != 0)
        return -1;
    scheme = arena_alloc(a, colon);
    if (!scheme)
        return -1;
    for (size_t i = 0; i < colon; i++)
        scheme[i] = ascii_lower(target.p[i]);
    u->scheme = (struct str){scheme, colon};
    rest = str_upto(target, str_find(target, '#'));
    rest = str_from(rest, colon + 3);
    for (end = 0; end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '\\'; end++)
        ;
    if (two_hosts(str_from(rest, end)) || url_parse_authority(str_upto(rest, end), a, u) != 0)
        return -1;
    rest = str_from(rest, end);
    u->path = path_canonical(str_upto(rest, str_find(rest, '?')), a);
    u->query = str_from(rest, str_find(rest, '?') + 1);
    return u->path.p ? 0 : -1;
}
