#include "core/scan.h"

#include "core/url.h"

enum body_type body_type(const struct request *r)
{
    struct str type = request_header(r, STR("content-type"));
    struct str coding = request_header(r, STR("content-encoding"));

    if (r->body.n == 0)
        return BODY_NONE;
    if (coding.n && !str_ieq(coding, STR("identity")))
        return BODY_OTHER;
    type = str_trim(str_upto(type, str_find(type, ';')));
    if (str_ieq(type, STR("application/x-www-form-urlencoded")))
        return BODY_FORM;
    if (str_ieq(type, STR("multipart/form-data")))
        return BODY_MULTIPART;
    if (str_istarts(type, STR("application/")) && type.n >= 4 &&
        str_ieq(str_from(type, type.n - 4), STR("json")))
        return BODY_JSON;
    if ((type.n == 0 || str_ieq(type, STR("text/plain"))) && (r->body.p[0] == '{' || r->body.p[0] == '['))
        return BODY_JSON;
    return BODY_OTHER;
}

static struct str field_of_form(const struct request *r, struct str key, struct arena *a)
{
    struct str form = r->body, value;

    while (!r->body_whole && form.n && form.p[form.n - 1] != '&')
        form.n--;
    value = query_get(form, key);
    return value.p ? percent_decode(value, true, a) : STR_NONE;
}

/* Position of `what` in s, or s.n. */
static size_t find_text(struct str s, struct str what)
{
    if (what.n == 0 || s.n < what.n)
        return s.n;
    for (size_t i = 0; i + what.n <= s.n; i++) {
        const char *hit = memchr(s.p + i, what.p[0], s.n - what.n - i + 1);

        if (!hit)
            return s.n;
        i = (size_t)(hit - s.p);
        if (memcmp(hit, what.p, what.n) == 0)
            return i;
    }
    return s.n;
}

/* RFC 7578: name="key" in a part's header, an empty line, the value up to the next line that begins with
 * "--". */
static struct str field_of_multipart(struct str body, struct str key)
{
    struct str rest = body;

    for (;;) {
        size_t at = find_text(rest, STR("name=\""));

        if (at == rest.n)
            return STR_NONE;
        rest = str_from(rest, at + 6);
        if (rest.n <= key.n || memcmp(rest.p, key.p, key.n) != 0 || rest.p[key.n] != '"')
            continue;
        rest = str_from(rest, key.n + 1);
        at = find_text(rest, STR("\r\n\r\n"));
        rest = str_from(rest, at + 4);
        at = find_text(rest, STR("\r\n--"));
        return at == rest.n ? STR_NONE : str_upto(rest, at);
    }
}

struct str form_get(const struct request *r, struct str key, struct arena *a)
{
    switch (body_type(r)) {
    case BODY_FORM:
        return field_of_form(r, key, a);
    case BODY_MULTIPART:
        return field_of_multipart(r->body, key);
    case BODY_NONE:
    case BODY_JSON:
    case BODY_OTHER:
        break;
    }
    return STR_NONE;
}

static size_t skip_blanks(struct str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\n' || s.p[at] == '\r'))
        at++;
    return at;
}

/* Index of the quote that closes the string which opened before `at`, or s.n; *escapes counts backslashes. */
static size_t string_end(struct str s, size_t at, unsigned *escapes)
{
    *escapes = 0;
    while (at < s.n && s.p[at] != '"') {
        if (s.p[at] == '\\') {
            (*escapes)++;
            at++;
        }
        at++;
    }
    return at < s.n ? at : s.n;
}

/* "\/" becomes "/"; any other escape makes the value unreadable. */
static struct str unescape(struct str s, struct arena *a)
{
    char *to = arena_alloc(a, s.n ? s.n : 1);
    size_t n = 0;

    for (size_t i = 0; to && i < s.n; i++) {
        if (s.p[i] == '\\' && (i + 1 == s.n || s.p[++i] != '/'))
            return STR_NONE;
        to[n++] = s.p[i];
    }
    return to ? (struct str){to, n} : STR_NONE;
}

static struct str json_value(struct str s, size_t at, struct arena *a)
{
    unsigned escapes;
    size_t end = at;

    if (at < s.n && s.p[at] == '"') {
        end = string_end(s, at + 1, &escapes);
        if (end == s.n)
            return STR_NONE;
        s = str_from(str_upto(s, end), at + 1);
        return escapes ? unescape(s, a) : s;
    }
    while (end < s.n && ((s.p[end] >= '0' && s.p[end] <= '9') || s.p[end] == '-'))
        end++;
    return end == s.n || end == at ? STR_NONE : str_from(str_upto(s, end), at);
}

/* Walks on from *at to the next member of that name: the place of its value, or json.n at the end and where a
 * string is cut off. Strings are walked whole, so that a key inside somebody's text is never taken for a
 * member. */
static size_t next_place(struct str json, struct str key, size_t *at)
{
    unsigned escapes;

    while (*at < json.n) {
        size_t open = *at + str_find(str_from(json, *at), '"');
        size_t close = open < json.n ? string_end(json, open + 1, &escapes) : json.n;
        size_t value;

        if (close >= json.n)
            return json.n;
        *at = close + 1;
        value = skip_blanks(json, close + 1);
        if (value == json.n || json.p[value] != ':')
            continue;
        *at = value = skip_blanks(json, value + 1);
        if (value < json.n && json.p[value] == '"') /* text: stepped over */
            *at = string_end(json, value + 1, &escapes) + 1;
        if (str_eq(str_from(str_upto(json, close), open + 1), key))
            return *at <= json.n ? value : json.n;
    }
    return json.n;
}

/* The one string or number of a list at `at`, or STR_NONE: of several none is the value. */
static struct str only_element(struct str json, size_t at, struct arena *a)
{
    size_t first = skip_blanks(json, at + 1), end = first;
    unsigned escapes;
    struct str value = json_value(json, first, a);

    if (first < json.n && json.p[first] == '"')
        end = string_end(json, first + 1, &escapes) + 1;
    else if (value.p)
        end = first + value.n;
    end = skip_blanks(json, end);
    return end < json.n && json.p[end] == ']' ? value : STR_NONE;
}

/* The next member of that name whose value is a string or number, or a list of one; false when there is none.
 */
static bool next_member(struct str json, struct str key, size_t *at, struct str *value, struct arena *a)
{
    size_t place;

    while ((place = next_place(json, key, at)) < json.n) {
        *value = json.p[place] == '[' ? only_element(json, place, a) : json_value(json, place, a);
        if (value->p || json.p[place] == '"')
            return true;
    }
    return false;
}

bool json_there(struct str json, struct str key)
{
    size_t at = 0, place;

    while ((place = next_place(json, key, &at)) < json.n) {
        size_t inner = skip_blanks(json, place + 1);
        char first = json.p[place], next = inner < json.n ? json.p[inner] : '\0';

        if ((first == '"' && json.p[place + 1] != '"') || (first == '{' && next != '}') ||
            (first == '[' && next != ']') || first == 't' || first == '-' || (first >= '0' && first <= '9'))
            return true;
    }
    return false;
}

struct str json_get(struct str json, struct str key, struct arena *a)
{
    struct str value;
    size_t at = 0;

    return next_member(json, key, &at, &value, a) ? value : STR_NONE;
}

size_t json_all(struct str json, struct str key, struct str *values, size_t room, struct arena *a)
{
    struct str value;
    size_t at = 0, n = 0;

    while (next_member(json, key, &at, &value, a)) {
        if (n < room)
            values[n] = value;
        n++;
    }
    return n;
}
