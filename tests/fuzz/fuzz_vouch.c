/* Hostile vouching headers. The first line of the input is a header's value, the second and third the
 * request's method and path, the fourth a user. The value is tried as it is, and once more with a good MAC
 * behind it: what a thief of the key could write must not break the reader either. */
#include "fuzz.h"

#include "record/base64.h"
#include "record/vouch.h"

#include <sodium.h>

enum { NOW = 1800000000, TEXT_MAX = 4096 };

static const struct seal_key key = {{1, 2, 3}}, other = {{1, 2, 4}};

static void expect_vouched(const struct vouched *v)
{
    FUZZ_HOLDS(v->user.n > 0 && v->user.n <= VOUCH_USER && v->groups.n <= VOUCH_GROUPS);
    FUZZ_HOLDS(v->expiry >= NOW && v->expiry <= NOW + VOUCH_SECONDS + VOUCH_AHEAD);
}

/* What is written is believed, for its own request alone, and not with a byte changed. */
static void expect_own(struct str user, const struct vouch_request *r, size_t at)
{
    char text[VOUCH_TEXT], room[VOUCH_ROOM];
    struct vouch_request later = *r, elsewhere = *r;
    struct str value = vouch_write(&key, &(struct vouch_who){user, user.n % 2 ? r->path : STR_NONE}, r, text);
    struct vouched v;

    if (value.n == 0) {
        FUZZ_HOLDS(r->path.n > VOUCH_GROUPS || user.n == 0 || user.n > VOUCH_USER || r->method.n == 0 ||
                   r->path.n == 0 || memchr(user.p, 0, user.n) || memchr(r->method.p, 0, r->method.n) ||
                   memchr(r->path.p, 0, r->path.n));
        return;
    }
    FUZZ_HOLDS(vouch_check(&key, value, r, room, &v) && str_eq(v.user, user));
    FUZZ_HOLDS(!vouch_check(&other, value, r, room, &v));
    later.now += VOUCH_SECONDS + 1;
    FUZZ_HOLDS(!vouch_check(&key, value, &later, room, &v));
    elsewhere.method = r->path;
    elsewhere.path = r->method;
    FUZZ_HOLDS(vouch_check(&key, value, &elsewhere, room, &v) == str_eq(r->path, r->method));
    text[at % value.n] ^= 1;
    FUZZ_HOLDS(!vouch_check(&key, value, r, room, &v));
}

static void expect_signed(struct str text, const struct vouch_request *r)
{
    static const unsigned char purpose[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-vouch";
    static char whole[TEXT_MAX + 64], hashed[3 * TEXT_MAX];
    unsigned char mac[32];
    char end[BASE64_LENGTH(32) + 1], room[VOUCH_ROOM];
    struct vouched v;
    struct text t, h;

    text_init(&h, hashed, sizeof hashed);
    text_put(&h, text);
    text_putc(&h, '\0');
    text_put(&h, r->method);
    text_putc(&h, '\0');
    text_put(&h, r->path);
    if (h.cut || text.n > TEXT_MAX)
        return;
    crypto_generichash_blake2b_salt_personal(mac, sizeof mac, (const unsigned char *)hashed, h.n, key.bytes,
                                             sizeof key.bytes, NULL, purpose);
    text_init(&t, whole, sizeof whole);
    text_put(&t, text);
    text_putc(&t, '.');
    text_put(&t, base64_write(mac, sizeof mac, end, sizeof end));
    if (vouch_check(&key, text_str(&t), r, room, &v))
        expect_vouched(&v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct str rest = {(const char *)data, size}, value, user;
    struct vouch_request r = {.now = NOW};
    char room[VOUCH_ROOM];
    struct vouched v;

    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    fuzz_unbox();
    value = fuzz_box(fuzz_line(&rest));
    r.method = fuzz_box(fuzz_line(&rest));
    r.path = fuzz_box(fuzz_line(&rest));
    user = fuzz_box(fuzz_line(&rest));
    if (vouch_check(&key, value, &r, room, &v))
        expect_vouched(&v);
    expect_signed(value, &r);
    expect_own(user, &r, size);
    return 0;
}
