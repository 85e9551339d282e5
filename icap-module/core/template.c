#include "core/template.h"

static const struct str CATCH = {"{account}", 9};

static bool starts_at(struct str s, size_t at, struct str what)
{
    return s.n - at >= what.n && memcmp(s.p + at, what.p, what.n) == 0;
}

/* What the pattern asks for at a place: '*', a catch, or one literal byte. */
enum token { TOKEN_STAR, TOKEN_CATCH, TOKEN_BYTE };

static enum token token_at(struct str pattern, size_t at, size_t *next)
{
    if (pattern.p[at] == '*') {
        *next = at + 1;
        return TOKEN_STAR;
    }
    if (pattern.p[at] == '{' && starts_at(pattern, at, CATCH)) {
        *next = at + CATCH.n;
        return TOKEN_CATCH;
    }
    *next = at + 1;
    return TOKEN_BYTE;
}

/* Place to go back to when a literal fails: after the last run that can still grow. Only the last run ever
 * has to grow (leftmost-shortest), so the time is bounded by pattern times text. */
struct retry {
    bool set;
    size_t pattern, text;
    bool catching; /* the run that grows is the catch */
};

bool glob_match(struct str pattern, struct str text, struct str *captured)
{
    size_t p = 0, t = 0, next = 0;
    size_t catch_from = 0, catch_to = 0;
    bool caught = false;
    struct retry retry = {0};

    for (;;) {
        if (p < pattern.n) {
            enum token token = token_at(pattern, p, &next);

            if (token != TOKEN_BYTE) {
                bool catching = token == TOKEN_CATCH;

                if (catching && t == text.n) {
                    goto again; /* a catch is never empty */
                }
                if (catching) {
                    caught = true;
                    catch_from = t;
                    catch_to = ++t;
                }
                p = next;
                retry = (struct retry){true, p, t, catching};
                if (p == pattern.n) { /* a run at the end takes all that is left, without a walk */
                    t = text.n;
                    if (catching)
                        catch_to = t;
                }
                continue;
            }
            if (t < text.n && ascii_lower(pattern.p[p]) == ascii_lower(text.p[t])) {
                p++, t++;
                continue;
            }
        } else if (t == text.n) {
            if (caught && captured)
                *captured = (struct str){text.p + catch_from, catch_to - catch_from};
            return true;
        }
    again:
        if (!retry.set || retry.text >= text.n)
            return false;
        t = ++retry.text;
        p = retry.pattern;
        if (retry.catching)
            catch_to = t;
    }
}

static struct str next_segment(struct str *rest)
{
    return str_cut(rest, '/');
}

static struct str without_slashes(struct str s)
{
    while (s.n && s.p[0] == '/')
        s = str_from(s, 1);
    while (s.n && s.p[s.n - 1] == '/')
        s.n--;
    return s;
}

/* Whole segments that are one run are the most, and need no walk. */
static bool segment_match(struct str pattern, struct str segment, struct str *captured)
{
    if (pattern.n == 1 && pattern.p[0] == '*')
        return true;
    if (!str_eq(pattern, CATCH))
        return glob_match(pattern, segment, captured);
    if (segment.n && captured)
        *captured = segment;
    return segment.n > 0;
}

bool template_match(struct str template, struct str path, struct str *captured)
{
    struct str t = without_slashes(template);
    struct str p = without_slashes(path);

    while (t.n) {
        struct str pattern = next_segment(&t);

        if (str_eq(pattern, STR("**")))
            return true;
        if (!p.n || !segment_match(pattern, next_segment(&p), captured))
            return false;
    }
    return p.n == 0;
}

static const char *segment_problem(struct str segment, unsigned *catches)
{
    unsigned parts = 0;
    bool after_run = false;
    size_t at = 0, next;

    while (at < segment.n) {
        enum token token = token_at(segment, at, &next);

        if (token != TOKEN_BYTE && after_run)
            return "two runs ('*' or {account}) stand side by side";
        if (token == TOKEN_BYTE && (segment.p[at] == '{' || segment.p[at] == '}'))
            return "the only name in braces is {account}";
        if (token == TOKEN_CATCH)
            (*catches)++;
        if (token != TOKEN_BYTE && ++parts > TEMPLATE_PARTS)
            return "too many runs in one segment";
        after_run = token != TOKEN_BYTE;
        at = next;
    }
    return NULL;
}

bool template_sound(struct str template, const char **problem)
{
    struct str rest = template;
    unsigned catches = 0;

    *problem = NULL;
    if (!template.n || template.p[0] != '/') {
        *problem = "a path begins with '/'";
        return false;
    }
    rest = str_from(rest, 1);
    while (rest.n && !*problem) {
        struct str segment = next_segment(&rest);

        if (str_eq(segment, STR("**"))) {
            if (rest.n)
                *problem = "'**' may only stand at the end";
        } else if (!segment.n) {
            *problem = "an empty segment ('//')";
        } else {
            *problem = segment_problem(segment, &catches);
        }
    }
    if (!*problem && catches > 1)
        *problem = "more than one {account}";
    return !*problem;
}

bool template_captures(struct str template)
{
    for (size_t i = 0; i < template.n; i++)
        if (starts_at(template, i, CATCH))
            return true;
    return false;
}

static uint32_t literal_hash(struct str segment)
{
    if (!segment.n || str_find(segment, '*') < segment.n || str_find(segment, '{') < segment.n)
        return 0;
    return str_hash(segment);
}

uint32_t template_first(struct str template)
{
    struct str rest = without_slashes(template);

    return literal_hash(next_segment(&rest));
}

uint32_t template_second(struct str template)
{
    struct str rest = without_slashes(template);

    next_segment(&rest);
    return literal_hash(next_segment(&rest));
}
