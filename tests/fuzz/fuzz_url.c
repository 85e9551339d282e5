/* Hostile targets. The canonical form is canonical: normalising it again changes nothing, and every other
 * spelling of it that servers take for the same place comes out the same. The first byte: bit 0 CONNECT, the
 * rest how the second spelling is made. */
#include "fuzz.h"

#include "core/request.h"
#include "core/text.h"

#include <arpa/inet.h>

enum { ARENA = 128 << 10, SPELT = 64 << 10 };

static enum normalised normalise(struct request *r, bool tunnel, struct str target, struct arena *a)
{
    *r = (struct request){.method = tunnel ? STR("CONNECT") : STR("GET"), .target = target};
    arena_reset(a);
    return request_normalise(r, a);
}

static bool has(struct str s, const char *part)
{
    return s.n && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static void expect_sound(const struct request *r)
{
    FUZZ_HOLDS(r->host.n > 0 && r->host.n <= REQUEST_HOST_MAX);
    for (size_t i = 0; i < r->host.n; i++)
        FUZZ_HOLDS(strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.:", r->host.p[i]) != NULL);
    FUZZ_HOLDS(r->host.p[0] != '.' && r->host.p[r->host.n - 1] != '.' && !has(r->host, ".."));
    FUZZ_HOLDS(!has(r->host, ":") || r->host_is_address);
    if (has(r->host, ":")) {
        unsigned char address[16];
        char z[REQUEST_HOST_MAX + 1] = {0};

        memcpy(z, r->host.p, r->host.n);
        FUZZ_HOLDS(inet_pton(AF_INET6, z, address) == 1);
    }
    FUZZ_HOLDS(r->path.n > 0 && r->path.p[0] == '/' && r->port < 65536);
    FUZZ_HOLDS(!has(r->path, "//") && !has(r->path, "/./") && !has(r->path, "/../"));
    for (size_t i = 0; i < r->path.n; i++)
        FUZZ_HOLDS((unsigned char)r->path.p[i] > 0x20 && !strchr("?#\\\x7f", r->path.p[i]));
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, ascii_lower(c)) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* An escape that another look would take off. */
static bool open_escape(struct str s)
{
    for (size_t i = 0; i + 2 < s.n; i++) {
        int high = hex(s.p[i + 1]), low = hex(s.p[i + 2]), c = high * 16 + low;

        if (s.p[i] != '%' || high < 0 || low < 0)
            continue;
        if (c > 0x20 && c < 0x7f && !strchr("/?#%\\\"<>", c))
            return true;
        if (c == '%' && i + 4 < s.n && hex(s.p[i + 3]) >= 0 && hex(s.p[i + 4]) >= 0)
            return true;
    }
    return false;
}

static bool plain_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           strchr("-_.~@!$,", c);
}

/* The byte as %XX, `layers` times over. */
static void put_encoded(struct text *t, char c, unsigned layers, bool capital)
{
    const char *digits = capital ? "0123456789ABCDEF" : "0123456789abcdef";

    text_putc(t, '%');
    for (unsigned i = 1; i < layers; i++)
        text_puts(t, "25");
    text_putc(t, digits[(unsigned char)c >> 4]);
    text_putc(t, digits[c & 15]);
}

static void put_host(struct text *t, const struct request *r, struct dice *d)
{
    bool v6 = has(r->host, ":");

    text_puts(t, v6 ? "[" : "");
    for (size_t i = 0; i < r->host.n; i++) {
        char c = r->host.p[i];

        if (c >= 'a' && c <= 'z' && dice_one_in(d, 3))
            c = (char)(c - 'a' + 'A');
        if (!v6 && d->state && dice_one_in(d, 8))
            put_encoded(t, c, 1, dice_one_in(d, 2));
        else
            text_putc(t, c);
    }
    text_puts(t, v6 ? "]" : "");
    if (r->port) {
        text_putc(t, ':');
        text_put_u64(t, r->port);
    }
}

static void put_path(struct text *t, struct str path, struct dice *d)
{
    unsigned layers = 1 + dice_below(d, 3);

    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];

        if (c == '/' && i + 1 < path.n && dice_one_in(d, 6))
            text_puts(t, dice_one_in(d, 2) ? "/." : dice_one_in(d, 2) ? "/" : "/x/%2e.");
        if (c == '/')
            text_putc(t, i > 0 && dice_one_in(d, 8) ? '\\' : '/'); /* the first might make two hosts */
        else if (plain_byte(c) && dice_one_in(d, 3))
            put_encoded(t, c, layers, dice_one_in(d, 2));
        else
            text_putc(t, c);
    }
}

/* The same place, written anew; with dice as it is. */
static struct str spell(const struct request *r, bool tunnel, struct dice *d, char *to)
{
    struct text t;

    text_init(&t, to, SPELT);
    if (!tunnel) {
        text_put(&t, r->scheme);
        text_puts(&t, "://");
    }
    if (d) {
        put_host(&t, r, d);
    } else {
        text_puts(&t, has(r->host, ":") ? "[" : "");
        text_put(&t, r->host);
        text_puts(&t, has(r->host, ":") ? "]" : "");
        if (r->port) {
            text_putc(&t, ':');
            text_put_u64(&t, r->port);
        }
    }
    if (!tunnel) {
        if (d)
            put_path(&t, r->path, d);
        else
            text_put(&t, r->path);
        text_putc(&t, '?');
        text_put(&t, r->query);
    }
    return text_str(&t);
}

static void expect_same(const struct request *r, bool tunnel, struct str spelt)
{
    static _Alignas(16) char storage[ARENA];
    struct arena a;
    struct request again;

    arena_init(&a, storage, sizeof storage);
    if (spelt.n > REQUEST_TARGET_MAX)
        return;
    FUZZ_HOLDS(normalise(&again, tunnel, spelt, &a) == NORMALISED);
    FUZZ_HOLDS(str_eq(again.scheme, r->scheme) && str_eq(again.host, r->host) && again.port == r->port);
    FUZZ_HOLDS(again.host_is_address == r->host_is_address);
    FUZZ_HOLDS(str_eq(again.path, r->path) && str_eq(again.query, r->query));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(16) char storage[ARENA];
    static char spelt[SPELT];
    struct dice d = {size ? data[0] * 0x9e3779b97f4a7c15u + size : 1};
    bool tunnel = size && data[0] & 1;
    struct str target;
    struct request r;
    struct arena a;

    fuzz_unbox();
    arena_init(&a, storage, sizeof storage);
    if (size == 0)
        return 0;
    target = fuzz_box((struct str){(const char *)data + 1, size - 1});
    if (normalise(&r, tunnel, target, &a) != NORMALISED)
        return 0;
    expect_sound(&r);
    FUZZ_HOLDS(!open_escape(r.path));
    expect_same(&r, tunnel, spell(&r, tunnel, NULL, spelt));
    if (!has(r.path, "%"))
        expect_same(&r, tunnel, spell(&r, tunnel, &d, spelt));
    return 0;
}
