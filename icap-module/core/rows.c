#include "core/rows.h"

#include "core/lookup.h"
#include "core/scan.h"
#include "core/template.h"
#include "core/url.h"

uint32_t row_method_of(struct str method)
{
    static const struct {
        struct str name;
        uint32_t bit;
    } methods[] = {
        {{"GET", 3}, METHOD_GET}, {{"HEAD", 4}, METHOD_GET},      {{"POST", 4}, METHOD_POST},
        {{"PUT", 3}, METHOD_PUT}, {{"DELETE", 6}, METHOD_DELETE}, {{"PATCH", 5}, METHOD_PATCH},
    };

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_eq(method, methods[i].name))
            return methods[i].bit;
    return METHOD_OTHER;
}

struct str row_value(struct row_context *c, const struct a_row *row)
{
    const struct request *r = c->request;
    struct str key = artefact_str(c->a, row->key);
    struct str value = STR_NONE;

    switch (row->source) {
    case FROM_HEADER:
        return request_header(r, key);
    case FROM_COOKIE:
        return request_cookie(r, key);
    case FROM_QUERY:
        value = query_get(r->query, key);
        return value.p ? percent_decode(value, true, &c->scratch->arena) : value;
    case FROM_FORM:
        return form_get(r, key, &c->scratch->arena);
    case FROM_JSON:
        if (body_type(r) == BODY_JSON)
            return json_get(r->body, key, &c->scratch->arena);
        return STR_NONE;
    case FROM_PATH:
        template_match(artefact_str(c->a, row->path), r->path, &value);
        return value;
    default:
        return STR_NONE;
    }
}

/* PCRE2 within bounds: a short subject, few attempts, a low match limit. What goes beyond is unsure, not
 * "no". */
static bool pattern_match(struct row_context *c, const struct a_row *row, struct str *captured)
{
    struct scratch *s = c->scratch;
    pcre2_match_data *match = s->match;
    PCRE2_SIZE *at;
    int n;

    if (c->request->path.n > PATTERN_SUBJECT_MAX || s->attempts == 0) {
        c->unsure = true;
        return false;
    }
    s->attempts--;
    n = pcre2_match(c->policy->patterns[row->regex], (PCRE2_SPTR)c->request->path.p, c->request->path.n, 0,
                    PCRE2_NO_UTF_CHECK, match, s->limits);
    if (n < 0) {
        c->unsure |= n != PCRE2_ERROR_NOMATCH;
        return false;
    }
    at = pcre2_get_ovector_pointer(match);
    if (captured && pcre2_get_ovector_count(match) > 1 && n > 1)
        *captured = str_from(str_upto(c->request->path, at[3]), at[2]);
    return true;
}

static bool path_match(struct row_context *c, const struct a_row *row, struct str *captured)
{
    if (row->path.n == 0 || row->source == FROM_PATH)
        return true;
    if (row->flags & ROW_REGEX)
        return pattern_match(c, row, captured);
    return template_match(artefact_str(c->a, row->path), c->request->path, captured);
}

/* Both are in lower case. Nearly all patterns are a word with a '*' at either end or both, for which a search
 * is quicker than a match byte by byte. */
bool row_names_operation(const struct row_context *c, const struct a_row *row)
{
    struct str pattern = artefact_str(c->a, row->operation), name = c->operation, word;
    bool before, behind;

    if (pattern.n == 0)
        return true;
    before = pattern.p[0] == '*';
    behind = pattern.p[pattern.n - 1] == '*';
    word = str_from(str_upto(pattern, pattern.n - behind), before);
    if (row->flags & ROW_STARRED)
        return glob_match(pattern, name, NULL);
    if (name.n < word.n || (!before && !behind && name.n != word.n))
        return false;
    if (before && behind)
        return memmem(name.p, name.n, word.p, word.n) != NULL;
    if (before)
        name = str_from(name, name.n - word.n);
    return memcmp(name.p, word.p, word.n) == 0;
}

/* Any of a parameter's occurrences fits: which one the server follows is not known, and a row that catches
 * nothing only says what kind of act it is (a second "flow_name=login" does not hide a sign-up). */
static bool query_match(struct row_context *c, struct str key, struct str pattern)
{
    struct str rest = c->request->query;

    while (rest.n) {
        struct str value = str_cut(&rest, '&');
        struct str name = str_cut(&value, '=');

        if (percent_is(name, key) &&
            (pattern.n == 0 || glob_match(pattern, percent_decode(value, true, &c->scratch->arena), NULL)))
            return true;
    }
    return false;
}

/* The row's key must be there, with its value where one is given ("{account}" catches it). */
static bool key_match(struct row_context *c, const struct a_row *row, struct str *captured)
{
    struct str value;

    if (row->source == FROM_NOTHING || row->source == FROM_PATH)
        return true;
    if (row->source == FROM_QUERY && !template_captures(artefact_str(c->a, row->key_value)))
        return query_match(c, artefact_str(c->a, row->key), artefact_str(c->a, row->key_value));
    if (row->source == FROM_JSON && row->key_value.n == 0)
        return body_type(c->request) == BODY_JSON &&
               json_there(c->request->body, artefact_str(c->a, row->key));
    value = row_value(c, row);
    if (!value.p)
        return false;
    return row->key_value.n == 0 || glob_match(artefact_str(c->a, row->key_value), value, captured);
}

static bool host_match(const struct row_context *c, const struct a_row *row, struct str *captured)
{
    struct str pattern = artefact_str(c->a, row->host);

    if (row->flags & ROW_HOST_CATCHES)
        return host_catch(c->request->host, pattern, captured);
    return host_below(c->request->host, pattern);
}

static inline bool key_fits(const struct row_context *c, const struct a_key *k)
{
    return (c->bits & ~k->fits) == 0 && (k->first == 0 || k->first == c->first) &&
           (k->second == 0 || k->second == c->second) &&
           (k->operation == 0 || k->operation == c->operation_hash);
}

static bool row_match(struct row_context *c, const struct a_row *row, struct str *captured)
{
    size_t mark = c->scratch->arena.used;

    if (row->host.n && !host_match(c, row, captured))
        return false;
    if (row_names_operation(c, row) && path_match(c, row, captured) && key_match(c, row, captured) &&
        !(captured && captured->n && row->except.n && lookup_word(c->a, row->except, *captured)))
        return true;
    c->scratch->arena.used = mark; /* what was decoded for a row that does not match is not needed */
    return false;
}

const struct a_row *next_match(struct row_context *c, struct row_range *r, struct str *captured)
{
    while (r->row < r->end) {
        const struct a_row *row = r->row++;

        if (key_fits(c, r->key++) && row_match(c, row, captured))
            return row;
    }
    return NULL;
}
