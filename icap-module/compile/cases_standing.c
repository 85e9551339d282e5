/* What the person of a case has done before: lines `ack`, `used`, `given`, `break`, `emergency`, `standing`.
 */
#include "compile/cases_internal.h"

#include "core/clock.h"

#include <stdlib.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* A word of the line, or an error about what must stand there. */
static const struct word *needed(struct lexer *l, const char *what)
{
    const struct word *w = lex_line_word(l);

    if (!w)
        lex_error(l, &l->words[l->at - 1], "'%.*s' must be followed by %s", STR_ARG(l->words[l->at - 1].text),
                  what);
    return w;
}

/* "12:45" of the case's local day, or a time in full. */
static int read_moment(struct lexer *l, const struct word *w, int64_t now, int64_t *to)
{
    struct str minutes = w->text, hours = str_cut(&minutes, ':');
    struct local_time local = clock_local(now);
    uint64_t h, m;

    if (clock_parse(w->text, to) == 0)
        return 0;
    if (!str_u64(hours, &h) || !str_u64(minutes, &m) || minutes.n != 2 || h > 23 || m > 59)
        return lex_error(l, w, "this is no time: write 12:45 or 2026-05-12T10:00:00+01:00");
    *to = now + ((int64_t)(h * 60 + m) - local.minute) * MINUTE - now % MINUTE;
    return 0;
}

/* The time that may follow on the line; `otherwise` without one. */
static int optional_moment(struct lexer *l, int64_t now, int64_t otherwise, int64_t *to)
{
    const struct word *w = lex_line_word(l);

    *to = otherwise;
    return w ? read_moment(l, w, now, to) : 0;
}

static bool is_allowance(const struct artefact *a, struct str name)
{
    for (uint32_t i = 0; i < a->n[SECTION_ALLOWANCES]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[i].name), name))
            return true;
    return false;
}

/* `used personal 26`, `given personal 10` */
static int read_minutes(struct lexer *l, const struct policy *p, int64_t now, struct fact_in *f)
{
    const struct word *name = needed(l, "the name of an allowance"), *n = name ? needed(l, "minutes") : NULL;
    struct local_time local = clock_local(now);
    uint64_t minutes;

    if (!n)
        return -1;
    if (!is_allowance(policy_artefact(p), name->text))
        return lex_error(l, name, "the policy has no allowance '%.*s'", STR_ARG(name->text));
    if (!str_u64(n->text, &minutes) || minutes > MINUTES_A_DAY)
        return lex_error(l, n, "'%.*s' is no number of minutes of a day", STR_ARG(n->text));
    f->what = name->text;
    f->number = (uint32_t)minutes;
    f->from = (uint32_t)(now - (int64_t)local.minute * MINUTE - now % MINUTE);
    f->until = f->from + DAY; /* the clock's change is none of a case's business */
    return 0;
}

/* The words `notice/1.0`. NULL after an error. */
static const struct word *read_answered(struct lexer *l)
{
    const struct word *what = needed(l, "what was answered: notice/VERSION, coach/RULE");
    struct str key, ask;

    if (!what)
        return NULL;
    key = what->text;
    ask = str_cut(&key, '/');
    if (str_eq(ask, str_of(word_of(WORDS_ASK, ASK_PERSON)))) {
        lex_error(l, what,
                  "who was asked about one person is written down nowhere: write 'returns 5', and 'shown' "
                  "below it");
        return NULL;
    }
    if (word_find(WORDS_ASK, ask) >= 0 && key.n > 0)
        return what;
    lex_error(l, what, "write what was answered as notice/VERSION, coach/RULE or claim/RULE");
    return NULL;
}

int file_ack_read(struct lexer *l, struct file_acks *to)
{
    const struct word *what = read_answered(l);

    if (!what)
        return -1;
    if (to->n == CASE_FACTS)
        return lex_error(l, what, "too many answers for one file");
    to->what[to->n++] = what->text;
    return lex_done(l);
}

/* `ack notice/1.0 [when]` */
static int read_ack(struct lexer *l, int64_t now, struct fact_in *f)
{
    const struct word *what = read_answered(l);
    int64_t from;

    if (!what || optional_moment(l, now, now, &from))
        return -1;
    f->what = what->text;
    f->from = (uint32_t)from;
    return 0;
}

/* `break 12:45`: until when. */
static int read_break(struct lexer *l, int64_t now, struct fact_in *f)
{
    const struct word *w = needed(l, "a time: until when");
    int64_t until;

    if (!w || read_moment(l, w, now, &until))
        return -1;
    f->until = (uint32_t)until;
    f->from = (uint32_t)(until < now ? until : now);
    return 0;
}

/* `playing personal 12:45`: until when. */
static int read_playing(struct lexer *l, const struct policy *p, int64_t now, struct fact_in *f)
{
    const struct word *w = needed(l, "an allowance");

    if (!w)
        return -1;
    if (!is_allowance(policy_artefact(p), w->text))
        return lex_error(l, w, "the policy has no allowance '%.*s'", STR_ARG(w->text));
    f->what = w->text;
    return read_break(l, now, f);
}

/* `emergency weather [since]` */
static int read_emergency(struct lexer *l, int64_t now, struct fact_in *f)
{
    const struct word *w = needed(l, "the reason that was given");
    int64_t from;

    if (!w || optional_moment(l, now, now, &from))
        return -1;
    f->what = w->text;
    f->from = (uint32_t)from;
    f->until = (uint32_t)(from + EMERGENCY_HOURS_MAX * HOUR);
    return 0;
}

/* `standing empty`, `standing as-of TIME` */
static int read_standing(struct lexer *l, int64_t now, struct case_standing *s)
{
    static const char *const words[] = {"empty", "as-of"};
    const struct word *w = needed(l, "empty or as-of TIME"), *when;

    if (!w)
        return -1;
    s->present = true;
    if (word_is(w, "empty")) {
        s->alone = true;
        return 0;
    }
    if (!word_is(w, "as-of"))
        return lex_unknown(l, w, "word", words, 2);
    when = needed(l, "a time");
    s->has_as_of = when != NULL;
    return when ? read_moment(l, when, now, &s->as_of) : -1;
}

static int read_fact(struct lexer *l, const struct policy *p, int64_t now, struct fact_in *f)
{
    switch (f->kind) {
    case FACT_ACK:
        return read_ack(l, now, f);
    case FACT_USED:
    case FACT_GIVEN:
        return read_minutes(l, p, now, f);
    case FACT_BREAK:
        return read_break(l, now, f);
    case FACT_EMERGENCY:
        return read_emergency(l, now, f);
    case FACT_PLAYING:
        return read_playing(l, p, now, f);
    default:
        return -1;
    }
}

int case_standing_read(struct lexer *l, const struct policy *p, int64_t now, struct case_standing *s)
{
    const struct word *w = &l->words[l->at - 1];
    int kind = w->quoted ? -1 : word_find(WORDS_FACT, w->text);

    if (word_is(w, "standing"))
        return read_standing(l, now, s) ? -1 : 1;
    if (kind < 0)
        return 0;
    if (s->n == CASE_FACTS)
        return lex_error(l, w, "too many facts for one case");
    s->present = true;
    s->facts[s->n] = (struct fact_in){.kind = (enum fact)kind};
    if (read_fact(l, p, now, &s->facts[s->n]))
        return -1;
    s->n++;
    return 1;
}

int case_standing_open(struct case_standing *s, const struct file_acks *acks, struct str user, int64_t now,
                       struct standing **standing, void **bytes, struct diag *d)
{
    struct fact_in facts[2 * CASE_FACTS];
    struct arena arena;
    uint32_t n = 0;
    size_t size;

    *standing = NULL;
    *bytes = NULL;
    arena_init(&arena, s->user, sizeof s->user);
    user = user_canonical(user, &arena);
    if (s->n && user.n == 0)
        return diag_error(d, "a case with facts needs a user who has done them", NULL, NULL);
    for (uint32_t i = 0; i < s->n; i++) {
        facts[n] = s->facts[i];
        facts[n++].user = user;
    }
    for (uint32_t i = 0; i < acks->n && user.n && !s->alone; i++)
        facts[n++] = (struct fact_in){
            .user = user, .kind = FACT_ACK, .what = acks->what[i], .from = now > 0 ? (uint32_t)now : 0};
    if (!s->present && !n)
        return 0;
    if (standing_build(facts, n, s->has_as_of ? s->as_of : now, bytes, &size, d) != 0)
        return -1;
    return standing_open_mem(*bytes, size, standing, d);
}
