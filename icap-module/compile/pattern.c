#include "compile/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

enum { UNBOUNDED = 11 }; /* bits: a subject has at most 2048 bytes */

/* A walk over the pattern's text: PCRE2 has no switch for "nothing expensive". */
struct walk {
    struct str text;
    size_t at;
    unsigned cost; /* bits: see pattern.h */
    unsigned depth;
    const char *problem;
};

static bool wrong(struct walk *w, const char *problem)
{
    w->problem = problem;
    return false;
}

static bool next_is(const struct walk *w, char c)
{
    return w->at < w->text.n && w->text.p[w->at] == c;
}

static unsigned read_number(struct walk *w, bool *digits)
{
    unsigned n = 0;

    *digits = false;
    for (; w->at < w->text.n && w->text.p[w->at] >= '0' && w->text.p[w->at] <= '9' && n < 10000; w->at++) {
        n = n * 10 + (unsigned)(w->text.p[w->at] - '0');
        *digits = true;
    }
    return n;
}

static unsigned bits(unsigned choices)
{
    unsigned n = 0;

    while (n < UNBOUNDED && 1u << n < choices)
        n++;
    return n;
}

/* "{n}", "{n,}", "{n,m}". PCRE2 takes any other brace as a literal; here it must be escaped, to keep maps
 * clear. */
static bool counted(struct walk *w, unsigned *cost)
{
    unsigned least, most;
    bool digits;

    w->at++;
    least = most = read_number(w, &digits);
    if (digits && next_is(w, ',')) {
        w->at++;
        most = read_number(w, &digits);
        if (!digits)
            most = least + (1u << UNBOUNDED);
        digits = true;
    }
    if (!digits || !next_is(w, '}'))
        return wrong(w, "write a literal '{' as '\\{'");
    w->at++;
    *cost = most > least ? bits(most - least + 1) : 0;
    return true;
}

/* The quantifier behind an atom, if there is one. */
static bool quantifier(struct walk *w, bool group)
{
    unsigned cost = 1;

    if (group && (next_is(w, '*') || next_is(w, '+') || next_is(w, '{')))
        return wrong(w, "a group may only be repeated by '?'");
    if (next_is(w, '{')) {
        if (!counted(w, &cost))
            return false;
    } else if (next_is(w, '*') || next_is(w, '+')) {
        cost = UNBOUNDED;
        w->at++;
    } else if (next_is(w, '?')) {
        w->at++;
    } else {
        return true;
    }
    if (next_is(w, '+')) {
        cost = 0;
        w->at++;
    } else if (next_is(w, '?')) {
        w->at++;
    }
    w->cost += cost;
    return w->cost <= PATTERN_COST_MAX ||
           wrong(w, "too many repeats that may have to be tried again: make some possessive ('*+')");
}

static bool escape(struct walk *w)
{
    char c = w->at + 1 < w->text.n ? w->text.p[w->at + 1] : '\0';

    if (!c || (!strchr("dDwWsSbB", c) && !strchr("^$\\.[]|()?*+{}/-_~!@#%&=:;,'\"<> ", c)))
        return wrong(w, "only \\d \\w \\s \\b (and capitals) and escaped punctuation may follow a backslash");
    w->at += 2;
    return true;
}

static bool class(struct walk *w)
{
    size_t start = w->at++;

    if (next_is(w, '^'))
        w->at++;
    if (next_is(w, ']'))
        w->at++;
    while (w->at < w->text.n && !next_is(w, ']')) {
        if (next_is(w, '\\')) {
            if (!escape(w))
                return false;
        } else if (next_is(w, '[')) {
            return wrong(w, "write a literal '[' in a class as '\\['");
        } else {
            w->at++;
        }
    }
    if (w->at == w->text.n) {
        w->at = start;
        return wrong(w, "this class has no ']'");
    }
    w->at++;
    return true;
}

static bool open_group(struct walk *w)
{
    w->at++;
    w->depth++;
    if (next_is(w, '*'))
        return wrong(w, "no verbs: '(*' cannot be used");
    if (!next_is(w, '?'))
        return true;
    w->at++;
    if (!next_is(w, ':'))
        return wrong(w, "only '(...)' and '(?:...)' groups can be used");
    w->at++;
    return true;
}

static bool one_atom(struct walk *w)
{
    char c = w->text.p[w->at];

    switch (c) {
    case '(':
        return open_group(w);
    case ')':
        if (w->depth == 0)
            return wrong(w, "a ')' without its '('");
        w->depth--;
        w->at++;
        return quantifier(w, true);
    case '[':
        return class(w) && quantifier(w, false);
    case '\\':
        return escape(w) && quantifier(w, false);
    case '|':
        w->cost++;
        w->at++;
        return true;
    case '^':
    case '$':
        w->at++;
        return true;
    case '*':
    case '+':
    case '?':
    case '{':
        return wrong(w, "a repeat with nothing before it");
    default:
        w->at++;
        return quantifier(w, false);
    }
}

/* An alternative outside all groups would not stand behind the '^'. */
static bool walk_through(struct walk *w)
{
    if (!next_is(w, '^'))
        return wrong(w, "a pattern begins with '^'");
    while (w->at < w->text.n) {
        if (next_is(w, '|') && w->depth == 0)
            return wrong(w, "put alternatives into a group: '^(?:a|b)'");
        if ((unsigned char)w->text.p[w->at] < 0x20)
            return wrong(w, "a control character");
        if (!one_atom(w))
            return false;
    }
    if (w->depth > 0)
        return wrong(w, "a '(' without its ')'");
    return w->cost <= PATTERN_COST_MAX || wrong(w, "too many alternatives");
}

bool pattern_sound(struct str pattern, unsigned *captures, char problem[PATTERN_PROBLEM], size_t *at)
{
    struct walk w = {.text = pattern};
    PCRE2_SIZE offset = 0;
    pcre2_code *code;
    int error;

    if (!walk_through(&w)) {
        *at = w.at;
        snprintf(problem, PATTERN_PROBLEM, "%s", w.problem);
        return false;
    }
    code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
                         PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_CASELESS, &error, &offset, NULL);
    if (!code) {
        pcre2_get_error_message(error, (PCRE2_UCHAR *)problem, PATTERN_PROBLEM);
        *at = offset;
        return false;
    }
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, captures);
    pcre2_code_free(code);
    if (*captures > PATTERN_CAPTURES_MAX) {
        *at = 0;
        snprintf(problem, PATTERN_PROBLEM, "more than %d captures", PATTERN_CAPTURES_MAX);
        return false;
    }
    return true;
}
