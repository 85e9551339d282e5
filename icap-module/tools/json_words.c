#include "tools/json_words.h"

#include "core/clock.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

json_t *json_slice(struct str s)
{
    json_t *j = s.n ? json_stringn(s.p, s.n) : json_null();

    return j ? j : json_string("?");
}

json_t *json_word(enum word_list_id list, unsigned value)
{
    return value < word_lists[list].n ? json_string(word_of(list, value)) : json_null();
}

json_t *json_bits(enum word_list_id words, uint32_t bits)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < word_lists[words].n; i++)
        if (bits >> i & 1)
            json_array_append_new(list, json_string(word_of(words, i)));
    return list;
}

json_t *json_time(int64_t utc)
{
    time_t t = (time_t)utc;
    struct tm tm;
    char out[32];

    if (!gmtime_r(&t, &tm) || !strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &tm))
        return json_null();
    return json_string(out);
}

json_t *json_day(uint32_t day)
{
    char text[10];

    if (!day)
        return json_null();
    clock_format_date((int32_t)day, text);
    return json_stringn(text, sizeof text);
}

json_t *json_hex(const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char hex[64];

    if (n > sizeof hex / 2)
        n = sizeof hex / 2;
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return json_stringn(hex, 2 * n);
}

json_t *json_publisher(void)
{
    const char *behind = getenv("SUDO_USER");
    const struct passwd *who = getpwuid(getuid());
    char number[32];

    if (behind && *behind && getuid() == 0)
        return json_slice(str_of(behind));
    if (who)
        return json_slice(str_of(who->pw_name));
    snprintf(number, sizeof number, "uid %lu", (unsigned long)getuid());
    return json_string(number);
}
