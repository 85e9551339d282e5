/* What people are asked and allowed by what they have done, as text. */
#include "compile/out.h"

static void put_word(struct out *o, struct a_str word)
{
    out_puts(o, " ");
    out_quoted(o, out_text(o, word)); /* bare it might be a keyword of the statement */
}

static void put_words(struct out *o, const char *keyword, struct a_list words)
{
    out_puts(o, words.n ? keyword : "");
    for (uint32_t i = 0; i < words.n; i++)
        put_word(o, ARTEFACT_ROWS(o->a, WORDS, struct a_str)[words.at + i]);
}

static void put_groups(struct out *o, struct a_list groups)
{
    out_puts(o, groups.n ? " group" : "");
    for (uint32_t i = 0; i < groups.n; i++)
        put_word(o, ARTEFACT_ROWS(o->a, GROUPS, struct a_group)[artefact_numbers(o->a, groups)[i]].name);
}

static void put_end(struct out *o, struct a_str cite, struct a_str assumption)
{
    out_part(o, " cite ", cite);
    out_part(o, "\n    assumption ", assumption);
    out_puts(o, "\n");
}

static void print_allowance(struct out *o, const struct a_allowance *w)
{
    out_puts(o, "allowance");
    put_word(o, w->name);
    out_puts(o, " minutes ");
    out_number(o, w->minutes);
    out_puts(o, " a day");
    put_groups(o, w->groups);
    out_puts(o, w->claim == CLAIMS_ANY ? " claim yes" : w->claim ? " claim " : " claim no");
    if (w->claim && w->claim != CLAIMS_ANY) {
        out_number(o, w->claim);
        out_puts(o, " a day");
    }
    put_end(o, w->cite, w->assumption);
}

static void print_emergency(struct out *o, const struct a_emergency *e)
{
    out_puts(o, "emergency");
    put_word(o, e->name);
    put_groups(o, e->groups);
    out_puts(o, e->platforms.n ? " platform" : "");
    for (uint32_t i = 0; i < e->platforms.n; i++)
        put_word(
            o, ARTEFACT_ROWS(o->a, PLATFORMS, struct a_platform)[artefact_numbers(o->a, e->platforms)[i]].id);
    out_puts(o, " hours ");
    out_number(o, e->hours);
    put_words(o, " reason", e->reasons);
    put_end(o, e->cite, e->assumption);
}

void print_standing(struct out *o, const struct a_meta *m)
{
    if (m->reread_day || m->reread_except.n) {
        out_puts(o, "re-read");
        if (m->reread_day == REREAD_NONE) {
            out_puts(o, " none");
        } else if (m->reread_day) {
            out_puts(o, " by ");
            out_date(o, m->reread_day);
        }
        put_words(o, " except", m->reread_except);
        out_puts(o, "\n");
    }
    out_puts(o, "standing max-age ");
    out_number(o, m->standing_minutes);
    out_puts(o,
             m->standing_missing == STANDING_UNUSED ? " minutes missing unused" : " minutes missing unsure");
    put_end(o, (struct a_str){0, 0}, m->standing_assumption);
    for (uint32_t i = 0; i < o->a->n[SECTION_ALLOWANCES]; i++)
        print_allowance(o, &ARTEFACT_ROWS(o->a, ALLOWANCES, struct a_allowance)[i]);
    for (uint32_t i = 0; i < o->a->n[SECTION_EMERGENCIES]; i++)
        print_emergency(o, &ARTEFACT_ROWS(o->a, EMERGENCIES, struct a_emergency)[i]);
}
