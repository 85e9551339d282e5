#include "record/vouch.h"

#include "record/base64.h"

#include <sodium.h>

/* Another purpose than any that the same key is used for. */
static const unsigned char purpose_vouch[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-vouch";

enum { MAC = 32, MAC_TEXT = 43, NONCE_TEXT = 22, EXPIRY_TEXT = 12 };

_Static_assert(3 + EXPIRY_TEXT + 1 + NONCE_TEXT + 1 + BASE64_LENGTH(VOUCH_USER) + 1 +
                       BASE64_LENGTH(VOUCH_GROUPS) + 1 + MAC_TEXT + 1 <=
                   VOUCH_TEXT,
               "the longest name fits");
_Static_assert((int)VOUCH_GROUPS <= (int)VOUCH_USER, "put_base64 has room");

static void put_base64(struct text *t, const unsigned char *bytes, size_t n)
{
    char text[BASE64_LENGTH(VOUCH_USER) + 1];

    text_put(t, base64_write(bytes, n, text, sizeof text));
}

/* What is hashed has two NULs, whoever writes it: so it can be parted in one way only, and a reader need not
 * look. */
static bool sound(struct str s)
{
    return s.n && str_find(s, '\0') == s.n;
}

static void mac_of(const struct seal_key *key, struct str text, const struct vouch_request *r,
                   unsigned char mac[MAC])
{
    static const unsigned char nul[1] = "";
    crypto_generichash_blake2b_state state;

    crypto_generichash_blake2b_init_salt_personal(&state, key->bytes, sizeof key->bytes, MAC, NULL,
                                                  purpose_vouch);
    crypto_generichash_blake2b_update(&state, (const unsigned char *)text.p, text.n);
    crypto_generichash_blake2b_update(&state, nul, 1);
    crypto_generichash_blake2b_update(&state, (const unsigned char *)r->method.p, r->method.n);
    crypto_generichash_blake2b_update(&state, nul, 1);
    crypto_generichash_blake2b_update(&state, (const unsigned char *)r->path.p, r->path.n);
    crypto_generichash_blake2b_final(&state, mac, MAC);
    sodium_memzero(&state, sizeof state);
}

struct str vouch_write(const struct seal_key *key, const struct vouch_who *who, const struct vouch_request *r,
                       char to[VOUCH_TEXT])
{
    unsigned char nonce[VOUCH_NONCE], mac[MAC];
    struct text t;

    if (!sound(who->user) || who->user.n > VOUCH_USER || !sound(r->method) || !sound(r->path) || r->now < 0 ||
        (who->groups.n && !sound(who->groups)) || who->groups.n > VOUCH_GROUPS)
        return STR_NONE;
    seal_random(nonce, sizeof nonce);
    text_init(&t, to, VOUCH_TEXT);
    text_puts(&t, who->groups.n ? "v2." : "v1.");
    text_put_u64(&t, (uint64_t)r->now + VOUCH_SECONDS);
    text_putc(&t, '.');
    put_base64(&t, nonce, sizeof nonce);
    text_putc(&t, '.');
    put_base64(&t, (const unsigned char *)who->user.p, who->user.n);
    if (who->groups.n) {
        text_putc(&t, '.');
        put_base64(&t, (const unsigned char *)who->groups.p, who->groups.n);
    }
    mac_of(key, text_str(&t), r, mac);
    text_putc(&t, '.');
    put_base64(&t, mac, sizeof mac);
    return t.cut ? STR_NONE : text_str(&t);
}

/* Decimal without a sign, a blank or a nought in front. */
static bool read_expiry(struct str s, int64_t *expiry)
{
    uint64_t value;

    if (s.n > EXPIRY_TEXT || (s.n && s.p[0] == '0') || !str_u64(s, &value))
        return false;
    *expiry = (int64_t)value;
    return true;
}

bool vouch_check(const struct seal_key *key, struct str value, const struct vouch_request *r,
                 char room[VOUCH_ROOM], struct vouched *v)
{
    unsigned char mac[MAC], told[MAC];
    struct str rest = value, version = str_cut(&rest, '.'), expiry, nonce, user, groups, text;
    bool second = str_eq(version, STR("v2"));
    size_t n, more = 0;

    *v = (struct vouched){0};
    if (!second && !str_eq(version, STR("v1")))
        return false;
    expiry = str_cut(&rest, '.');
    nonce = str_cut(&rest, '.');
    user = str_cut(&rest, '.');
    groups = second ? str_cut(&rest, '.') : STR_NONE;
    if (!base64_read(rest, told, sizeof told, &n) || n != sizeof told)
        return false;
    text = str_upto(value, value.n - rest.n - 1);
    mac_of(key, text, r, mac);
    if (sodium_memcmp(mac, told, sizeof mac) != 0)
        return false;
    if (!read_expiry(expiry, &v->expiry) || v->expiry < r->now ||
        v->expiry > r->now + VOUCH_SECONDS + VOUCH_AHEAD ||
        !base64_read(nonce, v->nonce, sizeof v->nonce, &n) || n != sizeof v->nonce ||
        !base64_read(user, (unsigned char *)room, VOUCH_USER, &n) ||
        (second && !base64_read(groups, (unsigned char *)room + VOUCH_USER, VOUCH_GROUPS, &more)))
        return false;
    v->user = (struct str){room, n};
    v->groups = (struct str){room + VOUCH_USER, more};
    return true;
}
