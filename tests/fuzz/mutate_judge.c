/* Requests made of the words of the policy that judges them: its hosts, paths, operations, cookies, fields
 * and people, so that what is tested lies behind the first comparison. */
#include "core/text.h"
#include "fuzz.h"
#include "fuzz_request.h"

enum { FIELDS = 7, MADE = 16 << 10 };
enum field { METHOD, TARGET, USER, GROUPS, SNI, CLIENT, BODY };

struct maker {
    const struct artefact *a;
    struct dice d;
};

static const char *pick(struct maker *m, const char *const *words, size_t n)
{
    return words[dice_below(&m->d, (uint32_t)n)];
}
#define PICK(m, words) pick((m), (words), sizeof(words) / sizeof *(words))

static const void *row_of(struct maker *m, enum section s)
{
    uint32_t n = m->a->n[s];

    return n ? (const unsigned char *)m->a->rows[s] + (size_t)dice_below(&m->d, n) * section_row_size(s)
             : NULL;
}

/* The text of a row's first field: its name. */
static struct str name_of(struct maker *m, enum section s)
{
    const void *row = row_of(m, s);
    struct a_str name = {0, 0};

    if (row)
        memcpy(&name, row, sizeof name);
    return artefact_str(m->a, name);
}

static void put_word(struct maker *m, struct text *t)
{
    static const char *const odd[] = {"a",      "about", "0",     "12345",    "x.y", "-",
                                      "%2e%2e", "%252f", "a%00b", "\xc3\xa9", ".."};

    switch (dice_below(&m->d, 6)) {
    case 0:
    case 1:
        text_put(t, name_of(m, SECTION_ALIASES));
        break;
    case 2:
        text_put(t, name_of(m, SECTION_WORDS));
        break;
    case 3:
        text_put(t, name_of(m, SECTION_ACCOUNTS));
        break;
    default:
        text_puts(t, PICK(m, odd));
    }
}

/* A name with stars and an {account} in it, as a request would write it. */
static void put_filled(struct maker *m, struct text *t, struct str s)
{
    static const struct str catch = {"{account}", 9};

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '*') {
            put_word(m, t);
            i += i + 1 < s.n && s.p[i + 1] == '*';
        } else if (str_eq(str_upto(str_from(s, i), catch.n), catch)) {
            put_word(m, t);
            i += catch.n - 1;
        } else {
            text_putc(t, s.p[i]);
        }
    }
}

/* Something like what a pattern matches: its literals, a letter or digit for each class. */
static void put_pattern(struct maker *m, struct text *t, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '[') {
            text_puts(t, dice_one_in(&m->d, 2) ? "5" : "ab");
            while (i < s.n && s.p[i] != ']')
                i++;
        } else if (c == '{') {
            while (i < s.n && s.p[i] != '}')
                i++;
        } else if (c == '|') { /* the first way */
            while (i < s.n && s.p[i] != ')')
                i++;
        } else if (c == '\\' && i + 1 < s.n) {
            c = s.p[++i];
            text_putc(t, c == 'd' ? '7' : c == 'w' ? 'w' : c);
        } else if (!strchr("^$()?*+:", c)) {
            text_putc(t, c);
        }
    }
}

static void put_host(struct maker *m, struct text *t)
{
    static const char *const before[] = {"", "", "", "www.", "a.b.", "WWW.", "x", "."};
    static const char *const behind[] = {"", "", "", "", ".", ":443", ":8080", ":0", "%2e", "@x.example"};

    text_puts(t, PICK(m, before));
    text_put(t, name_of(m, SECTION_HOSTS));
    text_puts(t, PICK(m, behind));
}

static void put_address(struct maker *m, struct text *t)
{
    static const char *const addresses[] = {
        "10.1.2.3", "192.0.2.1", "2001:db8::5", "::ffff:10.0.0.1", "::", "1.2.3", "-"};

    text_puts(t, PICK(m, addresses));
}

/* A row of some platform, and that platform's own host when it can be had. */
static const struct a_row *some_row(struct maker *m, struct str *host)
{
    const struct a_row *row = row_of(m, SECTION_ROWS);
    uint32_t index;

    *host = name_of(m, SECTION_HOSTS);
    if (!row)
        return NULL;
    index = (uint32_t)(row - ARTEFACT_ROWS(m->a, ROWS, struct a_row));
    for (uint32_t i = 0; i < 64; i++) {
        const struct a_host *h = row_of(m, SECTION_HOSTS);
        const struct a_platform *p =
            h->platform == NO_INDEX ? NULL : &ARTEFACT_ROWS(m->a, PLATFORMS, struct a_platform)[h->platform];

        if (p && index - p->rows.at < p->rows.n && (row->roles == 0 || row->roles >> h->role & 1)) {
            *host = artefact_str(m->a, h->name);
            break;
        }
    }
    if (row->host.n)
        *host = artefact_str(m->a, row->host);
    return row;
}

static void put_path(struct maker *m, struct text *t, const struct a_row *row)
{
    struct str path = artefact_str(m->a, row->path);

    if (path.n == 0 || path.p[0] != '/')
        text_putc(t, '/');
    if (row->flags & ROW_REGEX)
        put_pattern(m, t, path);
    else
        put_filled(m, t, path);
    if (path.n == 0)
        put_word(m, t);
}

static void put_pair(struct maker *m, struct text *t, const struct a_row *row)
{
    put_filled(m, t, artefact_str(m->a, row->key));
    text_putc(t, '=');
    if (row->key_value.n)
        put_filled(m, t, artefact_str(m->a, row->key_value));
    else
        put_word(m, t);
}

/* A carrier's address up to where the other one begins; it goes on as any target. */
static void put_carrier(struct maker *m, struct text *t)
{
    const struct a_carrier *c = row_of(m, SECTION_CARRIERS);
    struct str host;

    if (!c)
        return;
    host = artefact_str(m->a, c->host);
    text_puts(t, "https://");
    text_puts(t, host.n && host.p[0] == '.' ? "www-stage-example" : "");
    text_put(t, host);
    put_filled(m, t, artefact_str(m->a, c->path));
    text_putc(t, '/');
    if (c->place == INSIDE_QUERY) {
        text_putc(t, '?');
        text_put(t, artefact_str(m->a, c->key));
        text_putc(t, '=');
        text_put(t, artefact_str(m->a, c->after));
    }
}

static void put_target(struct maker *m, struct text *t, const struct a_row *row, struct str host)
{
    static const char *const schemes[] = {"https://", "https://", "https://", "http://",
                                          "HTTPS://", "wss://",   "ftp://"};

    while (dice_one_in(&m->d, 6))
        put_carrier(m, t);
    text_puts(t, PICK(m, schemes));
    if (host.n && host.p[0] == '.')
        text_puts(t, dice_one_in(&m->d, 2) ? "www" : "a.b");
    text_put(t, dice_one_in(&m->d, 12) ? STR("") : host);
    if (dice_one_in(&m->d, 8))
        put_host(m, t);
    put_path(m, t, row);
    if (row->source == FROM_QUERY || dice_one_in(&m->d, 4)) {
        text_putc(t, '?');
        put_pair(m, t, row);
    }
}

static const char *method_of(struct maker *m, const struct a_row *row)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
    static const char *const others[] = {"GET", "POST", "HEAD", "CONNECT", "NONE", "get", "TRACE", "X"};

    for (unsigned i = 0; i < 6; i++)
        if (row->methods >> i & 1 && !dice_one_in(&m->d, 8))
            return methods[i];
    return PICK(m, others);
}

/* The operation's name, or a pair, where the row looks for it. */
static void put_json(struct maker *m, struct text *t, const struct a_row *row, bool operation)
{
    const struct a_row *other = row_of(m, SECTION_ROWS);

    text_puts(t, "{\"a\":[1,{\"");
    put_filled(m, t, artefact_str(m->a, row->key));
    text_puts(t, "\": \"");
    put_filled(m, t, operation ? artefact_str(m->a, other->operation) : artefact_str(m->a, row->key_value));
    text_puts(t, dice_one_in(&m->d, 8) ? "\\u0041\\/\"}" : "\"}]}");
}

static void put_multipart(struct maker *m, struct text *t, struct str key)
{
    text_puts(t, "--b\vContent-Disposition: form-data; name=\"");
    text_put(t, key);
    text_puts(t, "\"\v\v");
    text_put(t, ((const struct a_row *)row_of(m, SECTION_ROWS))->operation.n ? name_of(m, SECTION_ALIASES)
                                                                             : STR("v"));
    text_puts(t, dice_one_in(&m->d, 4) ? "" : "\v--b--\v");
}

static void put_body(struct maker *m, struct text *t, const struct a_row *row)
{
    const struct a_row *from = row;

    if (dice_one_in(&m->d, 2))
        from = row_of(m, SECTION_ROWS);
    if (from->source == FROM_JSON) {
        put_json(m, t, from, from->kind == ROW_OPERATION);
    } else if (from->source == FROM_FORM && dice_one_in(&m->d, 3)) {
        put_multipart(m, t, artefact_str(m->a, from->key));
    } else if (from->source == FROM_FORM && from->kind == ROW_OPERATION) {
        text_put(t, artefact_str(m->a, from->key));
        text_putc(t, '=');
        put_filled(m, t, artefact_str(m->a, row->operation));
    } else if (from->source == FROM_FORM) {
        text_puts(t, dice_one_in(&m->d, 4) ? "a=%41+b&" : "");
        put_pair(m, t, from);
    }
}

static void put_page_address(struct maker *m, struct text *t)
{
    struct str host;
    const struct a_row *row = some_row(m, &host);

    if (row)
        put_target(m, t, row, host);
}

/* clang-format off */
static const char *const headers[] = {
    "Sec-Fetch-Mode: navigate", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: document",
    "Sec-Fetch-Dest: iframe", "Sec-Fetch-Dest: image", "Sec-Fetch-Dest: empty",
    "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: none",
    "Sec-Fetch-User: ?1", "Sec-Purpose: prefetch", "Upgrade: websocket", "Connection: Upgrade",
    "Content-Type: application/json", "Content-Type: text/plain",
    "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
    "Content-Type: multipart/form-data; boundary=b", "Content-Encoding: gzip",
    "X-Requested-With: XMLHttpRequest", "Accept: text/html,*/*", "Accept: image/png", "Authorization: x",
    "Origin: null", "Referer:",
};
/* clang-format on */

static void put_header(struct maker *m, struct text *t, const struct a_row *row)
{
    switch (dice_below(&m->d, 5)) {
    case 0:
        text_puts(t, dice_one_in(&m->d, 2) ? "Referer: " : "Origin: ");
        put_page_address(m, t);
        break;
    case 1:
        text_puts(t, "Cookie: a=b; ");
        put_pair(m, t, dice_one_in(&m->d, 2) ? row : (const struct a_row *)row_of(m, SECTION_ROWS));
        break;
    case 2: /* a header that the map names */
        text_put(t, artefact_str(m->a, ((const struct a_row *)row_of(m, SECTION_ROWS))->key));
        text_puts(t, ": ");
        put_filled(m, t, artefact_str(m->a, row->operation));
        break;
    default:
        text_puts(t, PICK(m, headers));
    }
}

static void put_user(struct maker *m, struct text *t)
{
    static const char *const before[] = {"", "", "", "DOM\\", "A\\B\\"};
    static const char *const behind[] = {"", "", "", "@COUNCIL.EXAMPLE", " "};
    const struct a_grant *grant = row_of(m, SECTION_GRANTS);

    text_puts(t, PICK(m, before));
    text_put(t,
             grant && dice_one_in(&m->d, 2) ? artefact_str(m->a, grant->user) : name_of(m, SECTION_MEMBERS));
    text_puts(t, PICK(m, behind));
}

static void put_field(struct maker *m, struct text *t, enum field field, const struct a_row *row,
                      struct str host)
{
    /* a lunch, a night, holidays, both clock changes, a leap day, a year's end, and what is no time at all */
    static const char *const times[] = {"1778586300", "1778713200", "1779706800",
                                        "1781510400", "1774746000", "1792890000",
                                        "1835438400", "1798761599", "9223372036854775807",
                                        "1900000000", "0",          "18446744073709551615"};

    switch (field) {
    case METHOD:
        text_puts(t, method_of(m, row));
        text_puts(t, dice_one_in(&m->d, 3) ? "\t3130" : "\t");
        if (dice_one_in(&m->d, 3)) {
            text_putc(t, '\t');
            text_puts(t, PICK(m, times));
        }
        break;
    case TARGET:
        if (dice_one_in(&m->d, 10))
            put_host(m, t);
        else
            put_target(m, t, row, host);
        break;
    case USER:
        if (!dice_one_in(&m->d, 4))
            put_user(m, t);
        break;
    case GROUPS:
        for (uint32_t i = dice_below(&m->d, 4); i > 0; i--) {
            text_put(t, name_of(m, SECTION_GROUPS));
            text_puts(t, i > 1 ? "," : "");
        }
        break;
    case SNI:
        if (dice_one_in(&m->d, 4))
            put_host(m, t);
        break;
    case CLIENT:
        if (dice_one_in(&m->d, 2))
            put_address(m, t);
        break;
    case BODY:
        put_body(m, t, row);
        break;
    }
}

static void make(struct maker *m, struct text *t)
{
    struct str host;
    const struct a_row *row = some_row(m, &host);

    for (unsigned i = 0; row && i < FIELDS; i++) {
        put_field(m, t, (enum field)i, row, host);
        text_putc(t, '\n');
    }
    for (uint32_t i = dice_below(&m->d, 6); row && i > 0; i--) {
        put_header(m, t, row);
        text_putc(t, '\n');
    }
}

/* One line made anew, or a header more. */
static void change(struct maker *m, struct text *t, struct str in)
{
    uint32_t which = dice_below(&m->d, FIELDS + 3);
    struct str host;
    const struct a_row *row = some_row(m, &host);

    for (uint32_t i = 0; i < FIELDS || in.n; i++) {
        struct str line = str_cut(&in, '\n');

        if (i == which && i < FIELDS && row)
            put_field(m, t, (enum field)i, row, host);
        else
            text_put(t, line);
        text_putc(t, '\n');
    }
    if (which >= FIELDS && row) {
        put_header(m, t, row);
        text_putc(t, '\n');
    }
}

/* One byte of the target as %XX. */
static void encode(struct maker *m, struct text *t, struct str in)
{
    static const char digits[] = "0123456789abcdef";
    struct str rest = in;
    size_t from = str_cut(&rest, '\n').n + 1, at;
    struct str target = str_cut(&rest, '\n');

    at = from + dice_below(&m->d, (uint32_t)target.n);
    text_put(t, str_upto(in, at));
    if (at < in.n) {
        text_putc(t, '%');
        text_putc(t, digits[(unsigned char)in.p[at] >> 4]);
        text_putc(t, digits[in.p[at] & 15]);
    }
    text_put(t, str_from(in, at + 1));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static char made[MADE];
    struct maker m = {.a = policy_artefact(fuzz_judged()), .d = {(uint64_t)seed * 0x9e3779b97f4a7c15u + 1}};
    struct str in = {(const char *)data, size};
    uint32_t how = dice_below(&m.d, 10);
    struct text t;

    if (how < 4)
        return LLVMFuzzerMutate(data, size, max_size);
    text_init(&t, made, sizeof made);
    if (how < 6)
        make(&m, &t);
    else if (how < 9)
        change(&m, &t, in);
    else
        encode(&m, &t, in);
    size = t.n < max_size ? t.n : max_size;
    memcpy(data, made, size);
    return size;
}
