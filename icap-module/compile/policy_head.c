/* Policies: the statements that are said once about the whole policy. */
#include "compile/policy_parse.h"

/* The keyword that has to follow, as in `version 3.2`. */
static int keyword(struct policy_parser *p, const char *word)
{
    const struct word *last = &p->l.words[p->l.at - 1], *next = lex_peek(&p->l);

    if (lex_accept(&p->l, word))
        return 0;
    if (next)
        return lex_error(&p->l, next, "'%s' must come here, not '%.*s'", word, STR_ARG(next->text));
    return lex_error(&p->l, last, "'%.*s' must be followed by '%s'", STR_ARG(last->text), word);
}

/* One of a few words; its place in the list, or -1 with an error. */
static int choose(struct policy_parser *p, const char *what, const char *const *words, size_t n)
{
    char all[DIAG_TEXT], one_of[DIAG_TEXT] = "one of ";
    const struct word *w;

    diag_copy(one_of + strlen(one_of), sizeof one_of - strlen(one_of),
              lex_choices(words, n, all, sizeof all));
    w = lex_expect(&p->l, one_of);
    for (size_t i = 0; w && i < n; i++)
        if (word_is(w, words[i]))
            return (int)i;
    return w ? lex_unknown(&p->l, w, what, words, n) : -1;
}

static int choose_word(struct policy_parser *p, enum word_list_id list, uint32_t *to)
{
    const struct word_list *words = &word_lists[list];
    char all[DIAG_TEXT], what[DIAG_TEXT] = "one of ";
    const struct word *w;
    int value;

    diag_copy(what + strlen(what), sizeof what - strlen(what),
              lex_choices(words->words, words->n, all, sizeof all));
    w = lex_expect(&p->l, what);
    value = w ? lex_word_of(&p->l, w, list) : -1;
    if (value < 0)
        return -1;
    *to = (uint32_t)value;
    return 0;
}

int policy_title(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);

    if (policy_text(p, "the policy's title in quotes", &m->title) || keyword(p, "version") ||
        policy_text(p, "the version", &m->version) || keyword(p, "from"))
        return -1;
    return policy_part_date(p, &m->from_day);
}

int policy_council(struct policy_parser *p)
{
    return policy_text(p, "the council's name in quotes", &build_meta(p->b)->council);
}

int policy_owner(struct policy_parser *p)
{
    return policy_text(p, "the owner's office in quotes", &build_meta(p->b)->owner);
}

int policy_approved(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);

    if (policy_text(p, "who approved the policy, in quotes", &m->approved_by) || keyword(p, "on"))
        return -1;
    return policy_part_date(p, &m->approved_day);
}

int policy_review(struct policy_parser *p)
{
    return policy_part_date(p, &build_meta(p->b)->review_day);
}

int policy_mode(struct policy_parser *p)
{
    return choose_word(p, WORDS_MODE, &build_meta(p->b)->mode);
}

int policy_people(struct policy_parser *p)
{
    return choose_word(p, WORDS_PEOPLE, &build_meta(p->b)->people_default);
}

/* What is written is what was decided: a policy that says nothing of elected members has not decided. */
int policy_members(struct policy_parser *p)
{
    static const char *const answers[] = {"as-employees", "own-rules"};
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {{"cite", policy_part_text, &m->members_cite}};
    int answer = choose(p, "rule for members", answers, 2);

    if (answer < 0)
        return -1;
    m->members = answer == 0 ? MEMBERS_AS_EMPLOYEES : MEMBERS_OWN_RULES;
    return policy_parts(p, parts, 1);
}

int policy_record(struct policy_parser *p)
{
    return choose_word(p, WORDS_RECORD, &build_meta(p->b)->record);
}

int policy_carriers(struct policy_parser *p)
{
    return choose_word(p, WORDS_CARRIERS, &build_meta(p->b)->carriers);
}

int policy_scope(struct policy_parser *p)
{
    static const char *const kinds[] = {"class", "category"};
    int kind = choose(p, "kind of scope", kinds, 2);
    enum word_list_id list = kind == 0 ? WORDS_CLASS : WORDS_CATEGORY;
    struct a_meta *m = build_meta(p->b);
    uint32_t bits = 0;

    if (kind < 0)
        return -1;
    do {
        uint32_t value;

        if (choose_word(p, list, &value))
            return -1;
        bits |= 1u << value;
    } while (lex_peek(&p->l));
    if (kind == 1) {
        m->scope_categories |= bits;
        return 0;
    }
    /* The first `scope class` takes the place of the default. */
    m->scope_classes = p->scope_classes_said ? m->scope_classes | bits : bits;
    p->scope_classes_said = true;
    return 0;
}

int policy_default(struct policy_parser *p)
{
    static const char *const answers[] = {"deny", "allow"};
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {
        {"cite", policy_part_text, &m->default_cite},
        {"page", policy_part_page, &m->default_page},
        {"because", policy_part_text, &m->default_because},
    };
    int answer = choose(p, "default", answers, 2);

    if (answer < 0)
        return -1;
    m->default_action = answer == 0 ? ACTION_REFUSE : ACTION_ALLOW;
    return policy_parts(p, parts, sizeof parts / sizeof *parts);
}

/* `refuse` or `allow`, and perhaps a page. */
static int answer_and_page(struct policy_parser *p, uint32_t *action, uint32_t *page)
{
    static const char *const answers[] = {"refuse", "allow"};
    const struct policy_part parts[] = {{"page", policy_part_page, page}};
    int answer = choose(p, "answer", answers, 2);

    if (answer < 0)
        return -1;
    *action = answer == 0 ? ACTION_REFUSE : ACTION_ALLOW;
    return policy_parts(p, parts, 1);
}

int policy_unsure(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);

    return answer_and_page(p, &m->unsure_action, &m->unsure_page);
}

int policy_unknown_writes(struct policy_parser *p)
{
    static const char *const answers[] = {"refuse", "allow"};
    int answer = choose(p, "answer", answers, 2);

    if (answer < 0)
        return -1;
    build_meta(p->b)->unknown_write_action = answer == 0 ? ACTION_REFUSE : ACTION_ALLOW;
    return 0;
}

int policy_malformed(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);

    return answer_and_page(p, &m->malformed_action, &m->malformed_page);
}

int policy_unavailable(struct policy_parser *p)
{
    return keyword(p, "page") ? -1 : policy_page(p, &build_meta(p->b)->unavailable_page);
}

/* What a shipped policy leaves to its council: empty, or these words. check_policy says what they are needed
 * for. */
static bool is_left_open(struct str text)
{
    const struct str words = STR("to be filled in");

    text = str_trim(text);
    if (text.n != words.n)
        return text.n == 0;
    for (size_t i = 0; i < text.n; i++)
        if (ascii_lower(text.p[i]) != words.p[i] && !(text.p[i] == '-' && words.p[i] == ' '))
            return false;
    return true;
}

static int part_text_or_open(struct policy_parser *p, void *a_str)
{
    const struct word *w = lex_expect(&p->l, "a text in quotes");
    struct a_str *to = a_str;

    if (w && !is_left_open(w->text))
        *to = build_str(p->b, w->text);
    return w ? 0 : -1;
}

static int part_date_or_open(struct policy_parser *p, void *day)
{
    const struct word *w = lex_peek(&p->l);

    if (!w || !is_left_open(w->text))
        return policy_part_date(p, day);
    lex_word(&p->l);
    return 0;
}

int policy_monitoring(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {
        {"clause", part_text_or_open, &m->monitoring_clause},
        {"notice-on", part_date_or_open, &m->notice_day},
        {"dpia", part_text_or_open, &m->dpia},
    };

    return policy_parts(p, parts, sizeof parts / sizeof *parts);
}

/* `12 months`, the cursor behind `last`. */
static int part_months(struct policy_parser *p, void *months)
{
    enum { CENTURY = 1200 };
    const struct word *w = lex_expect(&p->l, "a number of months, as in 'last 12 months'");
    uint64_t value;

    if (!w)
        return -1;
    if (!str_u64(w->text, &value) || value == 0 || value > CENTURY)
        return lex_error(&p->l, w, "'%.*s' is no number of months from 1 to 1200", STR_ARG(w->text));
    *(uint32_t *)months = (uint32_t)value;
    return keyword(p, "months");
}

/* `signup admin`, the cursor behind `for`. */
static int part_activities(struct policy_parser *p, void *bits)
{
    const struct word *w;

    do {
        uint32_t activity;

        if (choose_word(p, WORDS_ACTIVITY, &activity))
            return -1;
        *(uint32_t *)bits |= 1u << activity;
        w = lex_peek(&p->l);
    } while (w && !word_is(w, "last") && !word_is(w, "cite"));
    return 0;
}

/* `grants need approval second-approval for signup last 12 months cite "5c"` */
int policy_grants(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {
        {"for", part_activities, &m->grant_second},
        {"last", part_months, &m->grant_months},
        {"cite", policy_part_text, &m->grant_cite},
    };
    const struct word *w;

    if (keyword(p, "need"))
        return -1;
    do {
        uint32_t step;

        if (choose_word(p, WORDS_STEP, &step))
            return -1;
        m->grant_needs |= 1u << step;
        w = lex_peek(&p->l);
    } while (w && !word_is(w, "for") && !word_is(w, "last") && !word_is(w, "cite"));
    if (policy_parts(p, parts, sizeof parts / sizeof *parts))
        return -1;
    if (m->grant_second && !(m->grant_needs >> STEP_SECOND & 1))
        return lex_error(&p->l, &p->l.words[0],
                         "'for' says which grants need the second approval: write 'need %s' before it",
                         word_of(WORDS_STEP, STEP_SECOND));
    return 0;
}
