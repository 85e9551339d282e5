/* The statement `alert repeated-refusals 10 in 10 minutes cite "32"`: read, checked and printed. */
#include "compile/check.h"
#include "compile/out.h"

static int number(struct policy_parser *p, const char *what, uint32_t min_max[2], uint32_t *to)
{
    const struct word *w = lex_expect(&p->l, what);
    uint64_t value;

    if (!w)
        return -1;
    if (!str_u64(w->text, &value) || value < min_max[0] || value > min_max[1])
        return lex_error(&p->l, w, "'%.*s' is no number from %u to %u", STR_ARG(w->text), min_max[0], min_max[1]);
    *to = (uint32_t)value;
    return 0;
}

static int word(struct policy_parser *p, const char *expected)
{
    const struct word *last = &p->l.words[p->l.at - 1];

    return lex_accept(&p->l, expected)
               ? 0
               : lex_error(&p->l, last, "'%.*s' must be followed by '%s', as in 'alert repeated-refusals 10 in 10 minutes'",
                           STR_ARG(last->text), expected);
}

/* Off unless the council's own document asks for it: so the clause must be named. */
int policy_alert(struct policy_parser *p)
{
    static const char *const kinds[] = {"repeated-refusals"};
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {{"cite", policy_part_text, &m->alert_cite}};
    const struct word *w = lex_expect(&p->l, "repeated-refusals");

    if (!w)
        return -1;
    if (!word_is(w, kinds[0]))
        return lex_unknown(&p->l, w, "alert", kinds, 1);
    if (number(p, "how many refusals", (uint32_t[]){ALERT_COUNT_MIN, ALERT_COUNT_MAX}, &m->alert_count) || word(p, "in") ||
        number(p, "a number of minutes", (uint32_t[]){1, ALERT_MINUTES_MAX}, &m->alert_minutes) || word(p, "minutes") ||
        policy_parts(p, parts, 1))
        return -1;
    if (!m->alert_cite.n)
        return lex_error(&p->l, &p->l.words[0],
                         "an alert about people needs the clause of the council's document that asks for it: add cite \"...\"");
    return 0;
}

void check_alert(struct check *c)
{
    const struct a_meta *m = c->meta;

    if (!m->alert_count || m->record == RECORD_PSEUDONYM)
        return;
    check_say(c, SEVERITY_ERROR, SECTION_META, STATEMENT_ALERT,
              "an alert of repeated refusals is about one person, and this policy records none ('record %s'): take it out. "
              "First the council would have to decide on monitoring ('record pseudonym', and the statement 'monitoring')",
              word_of(WORDS_RECORD, m->record));
}

void print_alert(struct out *o, const struct a_meta *m)
{
    if (!m->alert_count)
        return;
    out_puts(o, "alert repeated-refusals ");
    out_number(o, m->alert_count);
    out_puts(o, " in ");
    out_number(o, m->alert_minutes);
    out_puts(o, " minutes");
    out_part(o, " cite ", m->alert_cite);
    out_part(o, "\n    assumption ", m->alert_assumption);
    out_puts(o, "\n");
}
