#include "core/request.h"

#include "core/url.h"

#include <arpa/inet.h>

struct str request_header(const struct request *r, struct str name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (str_ieq(r->headers[i].name, name))
            return str_trim(r->headers[i].value);
    return STR_NONE;
}

/* Only blanks stand between `at` and the beginning or the ';' before it. */
static bool begins_pair(struct str list, size_t at)
{
    while (at > 0 && (list.p[at - 1] == ' ' || list.p[at - 1] == '\t'))
        at--;
    return at == 0 || list.p[at - 1] == ';';
}

/* The pair of a cookie list that has this name; in one search, as a list may be 64 KiB long. STR_NONE when it
 * is not there. */
static struct str cookie_pair(struct str list, struct str name)
{
    struct str rest = list;
    const char *hit;

    while (rest.n && (hit = memmem(rest.p, rest.n, name.p, name.n))) {
        size_t at = (size_t)(hit - list.p);
        struct str pair = str_from(list, at);
        size_t end = str_find(pair, ';');

        /* From a hit inside a value the search goes on at the next pair. */
        rest = str_from(pair, end + 1);
        if (!begins_pair(list, at))
            continue;
        pair = str_trim(str_upto(pair, end));
        if (pair.n == name.n || pair.p[name.n] == '=')
            return pair;
    }
    return STR_NONE;
}

struct str request_cookie(const struct request *r, struct str name)
{
    for (size_t i = 0; name.n && i < r->n_headers; i++) {
        struct str pair;

        if (!str_ieq(r->headers[i].name, STR("cookie")))
            continue;
        pair = cookie_pair(r->headers[i].value, name);
        if (pair.p)
            return str_from(pair, name.n + 1);
    }
    return STR_NONE;
}

struct str query_get(struct str query, struct str key)
{
    struct str found = STR_NONE;

    while (query.n) {
        struct str value = str_cut(&query, '&');
        struct str name = str_cut(&value, '=');

        if (!percent_is(name, key))
            continue;
        if (found.p && !str_eq(found, value))
            return STR_NONE; /* some servers take the first, some the last */
        found = value;
    }
    return found;
}

bool request_unsafe(const struct request *r)
{
    static const struct str safe[] = {{"GET", 3}, {"HEAD", 4}, {"OPTIONS", 7}, {"TRACE", 5}, {"CONNECT", 7}};

    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        if (str_eq(r->method, safe[i]))
            return false;
    return true;
}

struct str user_canonical(struct str user, struct arena *a)
{
    struct str name = user;
    char *p;

    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '\\') {
            name = str_from(name, i);
            break;
        }
    name = str_trim(str_upto(name, str_find(name, '@')));
    p = arena_alloc(a, name.n ? name.n : 1);
    if (!p)
        return STR_NONE;
    for (size_t i = 0; i < name.n; i++)
        p[i] = ascii_lower(name.p[i]);
    return (struct str){p, name.n};
}

bool user_is_address(struct str user)
{
    char z[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (user.n == 0 || user.n >= sizeof z)
        return false;
    memcpy(z, user.p, user.n);
    z[user.n] = '\0';
    return inet_pton(AF_INET, z, bytes) == 1 || inet_pton(AF_INET6, z, bytes) == 1;
}

/* RFC 9110 5.6.2 token. */
static bool token(struct str s)
{
    if (s.n == 0 || s.n > 32)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", s.p[i]))
            return false;
    return true;
}

/* No control byte may stand in a target; a byte above ASCII may, browsers send some unencoded. */
static bool printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f)
            return false;
    return true;
}

/* A tunnel's target is a host and a port: in "host/?@other" or "host@other" two readers see two hosts. */
static bool bare_authority(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("/?#\\@", s.p[i]))
            return false;
    return true;
}

static enum request_kind kind_of(struct str method)
{
    if (str_eq(method, STR("CONNECT")))
        return REQUEST_CONNECT;
    return str_eq(method, STR("NONE")) ? REQUEST_NONE : REQUEST_PLAIN;
}

/* The server name of the TLS hello says more than an address; the proxy sends it on the second question. */
static void prefer_sni(struct request *r, struct url *u, struct arena *a)
{
    struct str host;
    bool is_address;

    if (r->kind != REQUEST_CONNECT || r->sni.n == 0 || str_eq(r->sni, STR("-")))
        return;
    if (host_canonical(r->sni, a, &host, &is_address) == 0) {
        u->host = host;
        u->host_is_address = is_address;
    }
}

enum normalised request_normalise(struct request *r, struct arena *a)
{
    struct url u = {0};

    r->kind = kind_of(r->method);
    r->scheme = r->host = r->path = r->query = r->account_name = STR_NONE;
    r->host_is_address = false;
    r->port = 0;
    if (r->user.n <= 256)
        r->account_name = user_canonical(r->user, a);
    if (user_is_address(r->account_name))
        r->account_name = STR_NONE;
    if (!token(r->method) || r->target.n > REQUEST_TARGET_MAX || !printable(r->target))
        return MALFORMED;
    if (r->kind != REQUEST_PLAIN && !bare_authority(r->target))
        return MALFORMED;
    if (r->kind == REQUEST_PLAIN ? url_parse(r->target, a, &u) : url_parse_authority(r->target, a, &u))
        return MALFORMED;
    prefer_sni(r, &u, a);
    r->scheme = u.scheme;
    r->host = u.host;
    r->host_is_address = u.host_is_address;
    r->port = u.port;
    r->path = r->kind == REQUEST_PLAIN ? u.path : STR("/");
    r->query = u.query;
    return a->full ? MALFORMED : NORMALISED;
}
