#include "record/enrol.h"

#include "core/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* "ptrv-" and 22 bytes in hexadecimal: version, profile, end, account, seal. Letters, digits and '-' alone,
 * which no browser and no search box changes. */
static const struct str code_mark = {"ptrv-", 5};
enum { CODE_VERSION = 1, CODE_BYTES = 10 + ENROL_SEAL };
_Static_assert(ENROL_CODE == 5 + 2 * CODE_BYTES, "the mark and the bytes");

static void put_u32(unsigned char *to, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(v >> (24 - 8 * i));
}

static uint32_t get_u32(const unsigned char *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static void make_seal(const struct identity_key *key, const struct enrolment *e, uint32_t end,
                      unsigned char seal[ENROL_SEAL])
{
    char bytes[4];
    struct str parts[] = {STR("enrol"), e->platform,          e->account, str_of(profile_words[e->profile]),
                          e->user,      {bytes, sizeof bytes}};
    struct digest made;

    put_u32((unsigned char *)bytes, end);
    made = digest_sealed(key, parts, sizeof parts / sizeof *parts);
    memcpy(seal, made.words, ENROL_SEAL);
}

void enrol_code_write(const struct identity_key *key, const struct enrolment *e, uint32_t end,
                      char to[ENROL_CODE])
{
    unsigned char bytes[CODE_BYTES] = {CODE_VERSION, (unsigned char)e->profile};
    char hex[2 * CODE_BYTES + 1];

    put_u32(bytes + 2, end);
    put_u32(bytes + 6, str_hash(e->account));
    make_seal(key, e, end, bytes + 10);
    sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
    memcpy(to, code_mark.p, code_mark.n);
    memcpy(to + code_mark.n, hex, sizeof hex - 1);
}

/* The bytes behind the mark; nothing may follow that would make them longer. */
static bool read_code(struct str s, unsigned char bytes[CODE_BYTES])
{
    const char *end;
    size_t n;

    if (s.n < 2 * CODE_BYTES || sodium_hex2bin(bytes, CODE_BYTES, s.p, 2 * CODE_BYTES, NULL, &n, &end) != 0 ||
        n != CODE_BYTES || end != s.p + 2 * CODE_BYTES)
        return false;
    return s.n == 2 * CODE_BYTES || !strchr("0123456789abcdefABCDEF", s.p[2 * CODE_BYTES]);
}

bool enrol_code_find(struct str query, struct enrol_code *code)
{
    unsigned char bytes[CODE_BYTES];
    const char *hit;

    while (query.n && (hit = memmem(query.p, query.n, code_mark.p, code_mark.n))) {
        query = str_from(query, (size_t)(hit - query.p) + code_mark.n);
        if (!read_code(query, bytes) || bytes[0] != CODE_VERSION || bytes[1] >= PROFILES)
            continue;
        code->profile = (enum profile)bytes[1];
        code->end = get_u32(bytes + 2);
        code->account = get_u32(bytes + 6);
        memcpy(code->seal, bytes + 10, ENROL_SEAL);
        return true;
    }
    return false;
}

bool enrol_code_holds(const struct identity_key *key, const struct enrol_code *code,
                      const struct enrolment *e, int64_t now)
{
    unsigned char seal[ENROL_SEAL];

    if (now > (int64_t)code->end || !e->user.n || e->profile != code->profile)
        return false;
    make_seal(key, e, code->end, seal);
    return sodium_memcmp(seal, code->seal, sizeof seal) == 0;
}

/* ---- the inbox: fields with tabs between them ---- */

enum { VERSION, TIME, PLATFORM, ACCOUNT, PROFILE, USER, DIGEST, KEY, FIELDS };

/* Neither empty nor with what would part the line elsewhere. */
static bool sound(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return s.n > 0;
}

static void put_time(struct text *t, int64_t time)
{
    time_t seconds = (time_t)time;
    char text[32];
    struct tm tm;

    if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        text_puts(t, text);
}

struct str enrol_line_write(const struct enrolment *e, char to[ENROL_LINE])
{
    struct text t;

    if (!sound(e->platform) || !sound(e->account) || !sound(e->user))
        return STR_NONE;
    text_init(&t, to, ENROL_LINE);
    text_puts(&t, "1\t");
    put_time(&t, e->time);
    text_putc(&t, '\t');
    text_put(&t, e->platform);
    text_putc(&t, '\t');
    text_put(&t, e->account);
    text_putc(&t, '\t');
    text_puts(&t, profile_words[e->profile]);
    text_putc(&t, '\t');
    text_put(&t, e->user);
    text_putc(&t, '\t');
    digest_put(&t, &e->digest);
    text_putc(&t, '\t');
    identity_key_put(&t, e->key);
    text_putc(&t, '\n');
    return t.cut ? STR_NONE : text_str(&t);
}

bool enrol_line_read(struct str line, struct enrolment *e)
{
    struct str field[FIELDS];
    unsigned n = 0;
    int profile = -1;

    while (n < FIELDS && line.n)
        field[n++] = str_cut(&line, '\t');
    if (n != FIELDS || line.n || !str_eq(field[VERSION], STR("1")))
        return false;
    for (int i = 0; i < PROFILES; i++)
        if (str_eq(field[PROFILE], str_of(profile_words[i])))
            profile = i;
    *e = (struct enrolment){.platform = field[PLATFORM], .account = field[ACCOUNT], .user = field[USER]};
    if (profile < 0 || !sound(e->platform) || !sound(e->account) || !sound(e->user))
        return false;
    e->profile = (enum profile)profile;
    return field[TIME].n == 20 && clock_parse(field[TIME], &e->time) == 0 &&
           digest_read(field[DIGEST], &e->digest) && identity_key_read_id(field[KEY], &e->key);
}

int enrol_inbox_add(const char *path, struct str line, struct diag *d)
{
    struct stat st;
    int result = -1;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0640);

    if (fd < 0)
        return diag_error(d, path, ": the enrolment cannot be written: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        diag_error(d, path, ": the enrolments' inbox is no regular file", NULL);
    else if (st.st_size > ENROL_INBOX_MAX)
        diag_error(d, path, ": the enrolments' inbox is full: confirm what stands there, then empty it",
                   NULL);
    else if (write(fd, line.p, line.n) != (ssize_t)line.n) /* one write: lines of other workers stay whole */
        diag_error(d, path, ": the enrolment cannot be written: ", strerror(errno ? errno : ENOSPC));
    else
        result = 0;
    close(fd);
    return result;
}
