#include "compile/cases_internal.h"
#include "compile/policy_parse.h"

#include "core/clock.h"
#include "core/digest.h"
#include "core/rehearse.h"

#include <stdlib.h>

enum { CASE_HEADERS = 64, CASE_GROUPS = 64, MADE_MAX = 16384 };

/* A case while it is read; what has to be made (header values, bodies) lies in `made`. */
struct one_case {
    const struct word *name;
    struct request r;
    struct header headers[CASE_HEADERS];
    struct str groups[CASE_GROUPS];
    struct expected expected;
    struct case_standing standing;
    struct rehearsal before;
    struct response answer; /* to the request, where `answered`: then that is judged */
    struct header answer_headers[CASE_HEADERS];
    struct whereabouts place; /* what the databases say of the address, where it is told */
    bool answered;
    bool expects, has_time;
    char made[MADE_MAX];
    size_t n_made;
};

struct run {
    const struct snapshot *snapshot;
    struct lexer l;
    struct scratch *scratch;
    void *recall; /* rehearse_size bytes */
    struct case_result *result;
    bool has_time;
    int64_t now;
    bool has_key;
    struct file_acks acks;
    struct identity_key key;
    struct one_case one;
};

static int wrong(struct run *run, const struct word *at, const char *what)
{
    return lex_error(&run->l, at, "%s", what);
}

static struct str keep(struct run *run, struct str s)
{
    struct one_case *c = &run->one;
    char *to = c->made + c->n_made;

    if (s.n > MADE_MAX - c->n_made) {
        wrong(run, c->name, "the case is too long: its headers and body take more than 16 KiB");
        return STR_NONE;
    }
    if (s.n)
        memcpy(to, s.p, s.n);
    c->n_made += s.n;
    return (struct str){to, s.n};
}

static int one_word(struct run *run, const char *what, struct str *to)
{
    const struct word *w = lex_line_word(&run->l);

    if (!w)
        return lex_error(&run->l, &run->l.words[run->l.at - 1], "'%.*s' must be followed by %s",
                         STR_ARG(run->l.words[run->l.at - 1].text), what);
    *to = w->text;
    return 0;
}

static int read_groups(struct run *run)
{
    struct one_case *c = &run->one;
    const struct word *w;

    c->r.has_groups = true;
    c->r.groups = c->groups;
    while ((w = lex_line_word(&run->l)) != NULL) {
        if (c->r.n_groups == CASE_GROUPS)
            return wrong(run, w, "too many groups for one case");
        c->groups[c->r.n_groups++] = w->text;
    }
    return 0;
}

/* "header Name: value", the value as it stands to the end of the line, or all of it in quotes. */
static int read_header(struct run *run, struct header *to, size_t *n)
{
    const struct word *first = lex_line_word(&run->l), *w, *last = first;
    struct str line, name;

    if (!first)
        return wrong(run, &run->l.words[run->l.at - 1], "'header' must be followed by 'Name: value'");
    while ((w = lex_line_word(&run->l)) != NULL)
        last = w;
    line = first == last
               ? first->text
               : (struct str){run->l.text.p + first->offset, last->offset + last->text.n - first->offset};
    if (first != last && (last->quoted || first->quoted))
        return wrong(run, first, "put the whole of 'Name: value' in quotes, or nothing of it");
    if (*n == CASE_HEADERS)
        return wrong(run, first, "too many headers for one case");
    if (str_find(line, ':') == line.n)
        return wrong(run, first, "a header is written 'Name: value'");
    line = keep(run, line);
    name = str_cut(&line, ':');
    to[(*n)++] = (struct header){str_trim(name), str_trim(line)};
    return 0;
}

static int hex_digit(char c)
{
    c = ascii_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at s.p[*i] (behind the backslash) stands for; *i on its last character. */
static char escaped(struct str s, size_t *i)
{
    char c = s.p[*i];

    if (c == 'x' && *i + 2 < s.n && hex_digit(s.p[*i + 1]) >= 0 && hex_digit(s.p[*i + 2]) >= 0) {
        *i += 2;
        return (char)(hex_digit(s.p[*i - 1]) * 16 + hex_digit(s.p[*i]));
    }
    return c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

/* body "..." with the escapes \r \n \t \xHH \" \\, read from the text itself: the lexer knows only two of
 * them. */
static int read_body(struct run *run, struct str *to)
{
    const struct word *w = lex_line_word(&run->l);
    struct str raw, body;
    size_t n = 0;

    if (!w || !w->quoted)
        return wrong(run, &run->l.words[run->l.at - 1], "'body' must be followed by a text in quotes");
    raw = str_from(run->l.text, w->offset + 1);
    body = keep(run, str_upto(raw, str_find(raw, '\n')));
    for (size_t i = 0; i < body.n && raw.p[i] != '"'; i++) {
        char c = raw.p[i];

        if (c == '\\' && i + 1 < body.n) {
            i++;
            c = escaped(str_upto(raw, body.n), &i);
        }
        run->one.made[(size_t)(body.p - run->one.made) + n++] = c;
    }
    *to = (struct str){body.p, n};
    return 0;
}

static int read_port(struct run *run)
{
    struct str port;
    uint64_t value;

    if (one_word(run, "a port", &port) != 0)
        return -1;
    if (!str_u64(port, &value) || value == 0 || value > 65535)
        return wrong(run, &run->l.words[run->l.at - 1], "this is no port: a number from 1 to 65535");
    run->one.r.listening_port = (uint32_t)value;
    return 0;
}

/* How the proxy says that it knows the name. */
static int read_known_by(struct run *run)
{
    const struct word_list *l = &word_lists[WORDS_KNOWN_BY];
    const struct word *w = lex_line_word(&run->l);
    int value;

    if (!w)
        return wrong(run, &run->l.words[run->l.at - 1],
                     "'known-by' must be followed by how the proxy knows the name");
    value = word_find(WORDS_KNOWN_BY, w->text);
    if (value < 0)
        return lex_unknown(&run->l, w, l->what, l->words, l->n);
    run->one.r.known_by = (enum known_by)value;
    return 0;
}

/* Of the file, or of one case. */
static int one_time(struct run *run, int64_t *now)
{
    const struct word *w = lex_line_word(&run->l);

    if (!w)
        return wrong(run, &run->l.words[run->l.at - 1], "'at' must be followed by a time");
    if (clock_parse(w->text, now) != 0)
        return wrong(
            run, w,
            "this is no time: write 2026-05-12T10:00 (local time; with +01:00, +00:00 or Z where the clocks "
            "change) or 2026-05-12");
    return 0;
}

static bool is_method(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    return s.n > 0;
}

/* `returns 5`: earlier visits to the profile that the case is about. */
static int read_returns(struct run *run)
{
    struct str number;
    uint64_t value;

    if (one_word(run, "how many visits there were before", &number) != 0)
        return -1;
    if (!str_u64(number, &value) || value > REHEARSE_RETURNS_MAX)
        return lex_error(&run->l, &run->l.words[run->l.at - 1], "this is no number of visits from 0 to %d",
                         REHEARSE_RETURNS_MAX);
    run->one.before.returns = (uint32_t)value;
    return 0;
}

/* `owes no-reactions`: the rule whose page could not be shown a moment ago. */
static int read_owes(struct run *run)
{
    const struct artefact *a = policy_artefact(run->snapshot->policy);
    struct str *id = &run->one.before.owes;

    if (one_word(run, "the rule whose page is owed, or 'default'", id) != 0)
        return -1;
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, RULES, struct a_rule)[i].id), *id))
            return 0;
    if (str_eq(*id, STR("default")))
        return 0;
    return lex_error(&run->l, &run->l.words[run->l.at - 1], "the policy has no rule '%.*s'", STR_ARG(*id));
}

static int read_answer_status(struct run *run)
{
    struct str text = STR_NONE;
    uint64_t status;

    if (one_word(run, "the status of the answer", &text) != 0)
        return -1;
    if (!str_u64(text, &status) || status < 100 || status > 599)
        return wrong(run, &run->l.words[run->l.at - 1], "this is no status: a number from 100 to 599");
    run->one.answer.status = (uint32_t)status;
    return 0;
}

/* What the databases say: 1, 0 when the line is about something else, -1 after an error. */
static int read_place(struct run *run, const struct word *w)
{
    struct whereabouts *place = &run->one.place;
    bool country = word_is(w, "country");
    struct str text = STR_NONE;

    if (!country && !word_is(w, "asn"))
        return 0;
    if (one_word(run, country ? "a country's code" : "an AS number", &text) != 0)
        return -1;
    place->told = true;
    if (country)
        place->country = policy_country_number(text);
    else
        place->asn = policy_asn_number(text);
    if (country ? !place->country : !place->asn)
        return wrong(run, &run->l.words[run->l.at - 1],
                     country ? "this is no country: a code of ISO 3166 such as gb" : "this is no AS number");
    return 1;
}

/* The answer to the request: 1, 0 when the line is about something else, -1 after an error. */
static int read_answer(struct run *run, const struct word *w)
{
    struct response *a = &run->one.answer;
    bool status = word_is(w, "answer"), header = word_is(w, "answer-header"),
         body = word_is(w, "answer-body");

    if (!status && !header && !body && !word_is(w, "answer-from"))
        return 0;
    run->one.answered = true;
    a->headers = run->one.answer_headers;
    if ((status   ? read_answer_status(run)
         : header ? read_header(run, run->one.answer_headers, &a->n_headers)
         : body   ? read_body(run, &a->body)
                  : one_word(run, "an address", &a->from)) != 0)
        return -1;
    return 1;
}

/* One item of a case; several may stand in one line. */
static int read_item(struct run *run)
{
    static const char *const words[] = {
        "user",  "groups",    "client",   "port",    "header", "sni",   "body",
        "at",    "body-part", "known-by", "expect",  "ack",    "used",  "given",
        "break", "emergency", "standing", "returns", "owes",   "shown", "answer",
        "answer-header", "answer-body", "answer-from", "country", "asn", "GET https://..."};
    struct request *r = &run->one.r;
    const struct word *w = lex_word(&run->l);
    int result = case_standing_read(&run->l, run->snapshot->policy, run->one.r.now, &run->one.standing);

    if (!result)
        result = read_answer(run, w);
    if (!result)
        result = read_place(run, w);
    if (result)
        return result < 0 ? -1 : 0;
    if (word_is(w, "returns"))
        return read_returns(run);
    if (word_is(w, "owes"))
        return read_owes(run);
    if (word_is(w, "shown")) {
        run->one.before.shown = true;
        return 0;
    }
    if (word_is(w, "user"))
        return one_word(run, "a sign-in name", &r->user);
    if (word_is(w, "client"))
        return one_word(run, "an address", &r->client_ip);
    if (word_is(w, "sni"))
        return one_word(run, "a host name", &r->sni);
    if (word_is(w, "groups"))
        return read_groups(run);
    if (word_is(w, "known-by"))
        return read_known_by(run);
    if (word_is(w, "at")) {
        run->one.has_time = true;
        return one_time(run, &r->now);
    }
    if (word_is(w, "port"))
        return read_port(run);
    if (word_is(w, "header")) {
        r->headers = run->one.headers;
        return read_header(run, run->one.headers, &r->n_headers);
    }
    if (word_is(w, "body") || word_is(w, "body-part")) {
        result = read_body(run, &r->body);
        r->body_whole = word_is(w, "body");
        return result;
    }
    if (word_is(w, "expect")) {
        run->one.expects = true;
        return expect_read(&run->l, run->snapshot->policy, &run->one.expected);
    }
    if (w->quoted || !is_method(w->text))
        return lex_unknown(&run->l, w, "line of a case", words, sizeof words / sizeof *words);
    r->method = w->text;
    return one_word(run, "an address", &r->target);
}

static int read_case(struct run *run)
{
    struct one_case *c = &run->one;
    unsigned failures = run->l.failures;

    *c = (struct one_case){.expected = {.ask = ASK_COUNT}, .answer = {.status = 200}};
    c->name = lex_line_word(&run->l);
    if (!c->name)
        return wrong(run, &run->l.words[0], "'case' must be followed by a sentence in quotes");
    c->r.now = run->now;
    lex_line_done(&run->l);
    while (lex_peek(&run->l))
        if (read_item(run) != 0)
            while (lex_line_word(&run->l))
                continue;
    if (!run->has_time && !c->has_time)
        wrong(run, c->name, "say what time it is first: 'at 2026-05-12T10:00:00+01:00'");
    if (run->l.failures > failures)
        return -1;
    if (c->r.method.n == 0)
        return wrong(run, c->name, "the case has no request: a line such as 'GET https://www.facebook.com/'");
    return c->expects ? 0 : wrong(run, c->name, "the case expects nothing: a line such as 'expect refuse'");
}

static void judge_with(struct run *run, const struct standing *standing)
{
    struct snapshot snapshot = *run->snapshot;
    struct verdict v;
    const struct case_came came = {.snapshot = &snapshot, .verdict = &v, .request = &run->one.r};
    char differences[DIAG_TEXT];
    struct text t;
    bool met;

    snapshot.standing = standing;
    if (run->has_key)
        snapshot.identity_key = &run->key;
    if (run->one.place.told)
        snapshot.place = &run->one.place;
    v = run->one.answered
            ? policy_judge_response(&snapshot, NULL, &run->one.r, &run->one.answer, run->scratch)
            : rehearse(&snapshot, &run->one.before, run->recall, &run->one.r, run->scratch);
    text_init(&t, differences, sizeof differences);
    met = expect_met(&run->one.expected, run->snapshot->policy, &came, &t);
    met &= expect_sets_met(&run->one.expected, run->snapshot->policy, &came, &t);
    if (met) {
        run->result->passed++;
        return;
    }
    run->result->failed++;
    lex_error(&run->l, run->one.name, "case '%.*s': expected %.*s", STR_ARG(run->one.name->text), (int)t.n,
              t.p);
}

static void judge(struct run *run)
{
    struct one_case *c = &run->one;
    struct standing *standing;
    struct diag d;
    void *bytes;

    diag_init(&d);
    if (case_standing_open(&c->standing, &run->acks, c->r.user, c->r.now, &standing, &bytes, &d) == 0)
        judge_with(run, standing);
    else
        lex_error(&run->l, c->name, "case '%.*s': %s", STR_ARG(c->name->text), d.messages[0].text);
    standing_free(standing);
    free(bytes);
}

static int read_time(struct run *run)
{
    if (one_time(run, &run->now) != 0)
        return -1;
    run->has_time = true;
    return lex_done(&run->l);
}

/* The key of the fixture register's digests, made of words: `portreeve accounts fixture` makes such digests.
 */
static int read_key(struct run *run)
{
    const struct word *w = lex_expect(&run->l, "words in quotes");

    if (!w)
        return -1;
    run->key = identity_key_of_words(w->text);
    run->has_key = true;
    return lex_done(&run->l);
}

static void run_statements(struct run *run)
{
    static const char *const words[] = {"ack", "at", "case", "identity-key"};

    while (lex_statement(&run->l)) {
        const struct word *w = &run->l.words[0];

        if (word_is(w, "at"))
            read_time(run);
        else if (word_is(w, "ack"))
            file_ack_read(&run->l, &run->acks);
        else if (word_is(w, "identity-key"))
            read_key(run);
        else if (!word_is(w, "case"))
            lex_unknown(&run->l, w, "statement of a case file", words, sizeof words / sizeof *words);
        else if (read_case(run) == 0)
            judge(run);
    }
}

int cases_run(const struct snapshot *snapshot, struct str file, struct str text, struct case_result *result,
              struct diag *d)
{
    struct run *run = calloc(1, sizeof *run);
    int answer = -1;

    if (!run)
        return diag_error(d, "there is not enough memory to run the cases", NULL, NULL);
    run->snapshot = snapshot;
    run->result = result;
    run->scratch = scratch_new();
    run->recall = malloc(rehearse_size());
    if (!run->scratch || !run->recall)
        diag_error(d, "there is not enough memory to run the cases", NULL, NULL);
    else if (lex_open(&run->l, file, text, d) == 0) {
        unsigned failed = result->failed;

        run_statements(run);
        /* Statements that the lexer skipped are among its failures, beside those that are counted. */
        answer = run->l.failures > result->failed - failed ? -1 : 0;
    }
    lex_close(&run->l);
    scratch_free(run->scratch);
    free(run->recall);
    free(run);
    return answer;
}
