/* Policies: the words behind `country` and `asn`, and networks by the names of registers/networks.csv. */
#include "compile/policy_parse.h"

/* ISO 3166-1, its two-letter codes as assigned, and xk, which the databases write for Kosovo. */
static const char countries[] = "ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj "
                                "bl bm bn bo bq br bs bt bv bw by bz ca "
                                "cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec "
                                "ee eg eh er es et fi fj fk fm fo fr ga "
                                "gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id "
                                "ie il im in io iq ir is it je jm jo jp "
                                "ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md "
                                "me mf mg mh mk ml mm mn mo mp mq mr ms "
                                "mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph "
                                "pk pl pm pn pr ps pt pw py qa re ro rs "
                                "ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td "
                                "tf tg th tj tk tl tm tn to tr tt tv tw "
                                "tz ua ug um us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw ";

uint32_t policy_country_number(struct str code)
{
    for (const char *p = countries; *p; p += 3)
        if (str_ieq(code, (struct str){p, 2}))
            return (uint32_t)p[0] << 8 | (uint32_t)p[1];
    return 0;
}

uint32_t policy_asn_number(struct str text)
{
    uint64_t number;

    return str_u64(str_istarts(text, STR("AS")) ? str_from(text, 2) : text, &number) &&
                   number < PLACE_IS_UNKNOWN
               ? (uint32_t)number
               : 0;
}

/* `unknown` and `none`; false where the word is neither. */
static bool read_place_word(const struct word *w, struct policy_numbers *to)
{
    if (!word_is(w, "unknown") && !word_is(w, "none"))
        return false;
    policy_number(to, word_is(w, "none") ? PLACE_IS_NONE : PLACE_IS_UNKNOWN);
    return true;
}

int policy_country(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    uint32_t country = policy_country_number(w->text);

    if (read_place_word(w, to))
        return 0;
    if (str_ieq(w->text, STR("uk")))
        return lex_error(&p->l, w, "unknown country '%.*s': did you mean 'gb'? (codes are those of ISO 3166)",
                         STR_ARG(w->text));
    if (!country)
        return lex_error(
            &p->l, w, "unknown country '%.*s': write a code of ISO 3166 such as gb or ie, or unknown, none",
            STR_ARG(w->text));
    policy_number(to, country);
    return 0;
}

int policy_asn(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    uint32_t number = policy_asn_number(w->text);

    if (read_place_word(w, to))
        return 0;
    if (!number)
        return lex_error(&p->l, w, "'%.*s' is no AS number: write one such as AS13414, or unknown, none",
                         STR_ARG(w->text));
    policy_number(to, number);
    return 0;
}

/* All networks of that name; how many. */
static uint32_t add_named(struct policy_parser *p, struct str name, struct policy_numbers *to)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < build_count(p->b, SECTION_NETWORKS); i++) {
        const struct a_network *row = build_at(p->b, SECTION_NETWORKS, i);

        if (!str_eq(build_text(p->b, row->name), name))
            continue;
        for (unsigned k = 0; k < 5; k++)
            policy_number(to, row->network[k]);
        found++;
    }
    return found;
}

static bool looks_like_address(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '.' || text.p[i] == ':' || text.p[i] == '/')
            return true;
    return false;
}

int policy_network_arg(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    uint32_t network[5];
    const char *const *names, *problem;
    size_t n;

    if (!looks_like_address(w->text)) {
        if (add_named(p, w->text, to))
            return 0;
        names = build_names(p->b, SECTION_NETWORKS, &n);
        if (n == 0)
            return lex_error(
                &p->l, w,
                "unknown network '%.*s': write one as 10.0.0.0/8, or name it in registers/networks.csv",
                STR_ARG(w->text));
        return lex_unknown(&p->l, w, "network", names, n);
    }
    problem = policy_network(w->text, network);
    if (problem)
        return lex_error(&p->l, w, "'%.*s': %s", STR_ARG(w->text), problem);
    for (unsigned i = 0; i < 5; i++)
        policy_number(to, network[i]);
    return 0;
}

/* What the request cannot tell, and what a council will not have meant. -1 after an error. */
int policy_place_clause(struct policy_parser *p, const struct word *keyword, enum verb verb,
                        const struct policy_clause *clause)
{
    bool places = clause->kind == ARG_COUNTRIES || clause->kind == ARG_ASNS;

    if (clause->kind == ARG_SIGHTS && (verb != VERB_FORBID || clause->except))
        return lex_error(
            &p->l, keyword,
            "'seen' asks what an answer shows, once the request has gone through: only a forbid can ask "
            "it, and not behind 'except'");
    if (!places || !clause->except || verb != VERB_FORBID)
        return 0;
    for (uint32_t i = 0; i < clause->numbers->n; i++)
        if (clause->numbers->p[i] == PLACE_IS_NONE)
            return 0;
    return lex_error(
        &p->l, keyword,
        "'except %.*s' in a forbid takes in every host whose address is not told, so nearly all: add "
        "'none' for these",
        STR_ARG(keyword->text));
}
