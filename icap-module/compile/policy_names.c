/* Policies: groups, contacts and hosts, the names that other statements and pages speak of. */
#include "compile/policy_parse.h"

#include "compile/hostname.h"
#include "compile/never_log.h"

/* Another group whose name differs in nothing but case: the proxy's groups compare without it. */
static uint32_t same_group(const struct policy_parser *p, uint32_t index, struct str name)
{
    for (uint32_t i = 0; i < build_count(p->b, SECTION_GROUPS); i++) {
        const struct a_group *g = build_at(p->b, SECTION_GROUPS, i);

        if (i != index && str_ieq(build_text(p->b, g->name), name))
            return i;
    }
    return NO_INDEX;
}

static int part_people(struct policy_parser *p, const struct word *keyword, struct a_group *group)
{
    const struct word *w = lex_expect(&p->l, "a class of people");
    int value;

    if (!w)
        return -1;
    if (group->people != NO_INDEX)
        return lex_error(&p->l, keyword, "'people' is said twice in one statement: keep one");
    value = lex_word_of(&p->l, w, WORDS_PEOPLE);
    group->people = value < 0 ? NO_INDEX : (uint32_t)value;
    return value < 0 ? -1 : 0;
}

static int group_parts(struct policy_parser *p, struct a_group *group)
{
    static const char *const words[] = {"people", "shadow", "enforce"};
    const struct word *w;

    while ((w = lex_word(&p->l)) != NULL) {
        int mode = w->quoted ? -1 : word_find(WORDS_MODE, w->text);

        if (word_is(w, "people")) {
            if (part_people(p, w, group))
                return -1;
        } else if (mode < 0) {
            return lex_unknown(&p->l, w, "word", words, sizeof words / sizeof *words);
        } else if (group->mode != NO_INDEX) {
            return lex_error(&p->l, w, "a group has one mode: keep one of 'shadow' and 'enforce'");
        } else {
            group->mode = (uint32_t)mode;
        }
    }
    return 0;
}

int policy_group(struct policy_parser *p)
{
    const struct word *name = lex_expect(&p->l, "the group's name"), *about;
    struct a_group group = {.mode = NO_INDEX, .people = NO_INDEX};
    struct str file;
    unsigned line, column;
    uint32_t index;

    if (!name)
        return -1;
    if (str_trim(name->text).n == 0)
        return lex_error(&p->l, name, "this is empty: write the group's name");
    index = build_find_group(p->b, name->text); /* there since declare_names */
    if (index == NO_INDEX)
        return -1;
    if (!build_place_of(p->b, SECTION_GROUPS, index, &file, &line, &column)) {
        uint32_t other = same_group(p, index, name->text);

        build_place(p->b, SECTION_GROUPS, index, p->l.file, name->line, name->column);
        if (other == NO_INDEX || !build_place_of(p->b, SECTION_GROUPS, other, &file, &line, &column))
            line = 0;
    }
    if (line)
        return lex_error(&p->l, name, "group '%.*s' is declared twice, first in line %u", STR_ARG(name->text),
                         line);
    about = lex_peek(&p->l);
    if (about && about->quoted)
        group.about = build_str(p->b, lex_word(&p->l)->text);
    if (group_parts(p, &group))
        return -1;
    group.name = build_str(p->b, name->text);
    *(struct a_group *)build_at(p->b, SECTION_GROUPS, index) = group;
    return 0;
}

static bool is_one_of(char c, const char *others)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr(others, c) != NULL);
}

static bool all_of(struct str s, const char *others)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_one_of(s.p[i], others))
            return false;
    return s.n > 0;
}

const char *contact_mail_host(struct str mail, char to[], struct str *host)
{
    struct str rest = mail, name = str_cut(&rest, '@');
    const char *problem;

    if (!all_of(name, "._+'-") || rest.n == 0 || str_find(rest, '@') < rest.n)
        return "it is no mail address (as in help@example.gov.uk)";
    return hostname_normal(rest, false, to, host, &problem) ? NULL : problem;
}

const char *contact_url_host(struct str url, char to[], struct str *host)
{
    struct str rest, authority, port;
    const char *problem;
    uint64_t number;

    if (str_istarts(url, STR("https://")))
        rest = str_from(url, 8);
    else if (str_istarts(url, STR("http://")))
        rest = str_from(url, 7);
    else
        return "it must begin with https:// (or http://)";
    if (!all_of(rest, "-._~:/?#[]@!$&()*+,;=%"))
        return "it holds a character that no address has";
    authority = str_upto(rest, str_find(rest, '/'));
    authority = str_upto(authority, str_find(authority, '?'));
    port = str_upto(authority, str_find(authority, '#'));
    authority = str_cut(&port, ':');
    if (port.n && (!str_u64(port, &number) || number == 0 || number > UINT16_MAX))
        return "its port is none";
    return hostname_normal(authority, false, to, host, &problem) ? NULL : problem;
}

static int part_mail(struct policy_parser *p, void *a_str)
{
    const struct word *w = lex_peek(&p->l);
    char to[HOSTNAME_MAX + 2];
    struct str host;
    const char *problem = w ? contact_mail_host(w->text, to, &host) : NULL;

    if (problem)
        return lex_error(&p->l, w, "'%.*s': %s", STR_ARG(w->text), problem);
    return policy_text(p, "a mail address", a_str);
}

static int part_url(struct policy_parser *p, void *a_str)
{
    const struct word *w = lex_peek(&p->l);
    char to[HOSTNAME_MAX + 2];
    struct str host;
    const char *problem = w ? contact_url_host(w->text, to, &host) : NULL;

    if (problem)
        return lex_error(&p->l, w, "'%.*s': %s", STR_ARG(w->text), problem);
    return policy_text(p, "a web address", a_str);
}

static int part_phone(struct policy_parser *p, void *a_str)
{
    const struct word *w = lex_peek(&p->l);

    for (size_t i = 0; w && i < w->text.n; i++)
        if (!strchr("0123456789 +()-", w->text.p[i]))
            return lex_error(&p->l, w, "'%.*s' is no telephone number", STR_ARG(w->text));
    return policy_text(p, "a telephone number in quotes", a_str);
}

int policy_contact(struct policy_parser *p)
{
    const struct word *name = lex_expect(&p->l, "the contact's name");
    struct a_contact contact = {.mail = {0, 0}};
    const struct policy_part parts[] = {
        {"mail", part_mail, &contact.mail},
        {"url", part_url, &contact.url},
        {"phone", part_phone, &contact.phone},
    };
    uint32_t index;

    if (!name)
        return -1;
    if (!all_of(name->text, "-_"))
        return lex_error(&p->l, name, "a contact's name is made of letters, digits and '-'");
    if (build_find_contact(p->b, name->text) != NO_INDEX)
        return lex_error(&p->l, name, "contact '%.*s' is declared twice: keep one", STR_ARG(name->text));
    if (policy_text(p, "how pages call it, in quotes", &contact.label) ||
        policy_parts(p, parts, sizeof parts / sizeof *parts))
        return -1;
    if (contact.mail.n == 0 && contact.url.n == 0 && contact.phone.n == 0)
        return lex_error(&p->l, name, "contact '%.*s' cannot be reached: add mail, url or phone",
                         STR_ARG(name->text));
    contact.name = build_str(p->b, name->text);
    index = build_row(p->b, SECTION_CONTACTS, &contact);
    build_place(p->b, SECTION_CONTACTS, index, p->l.file, name->line, name->column);
    return 0;
}

/* A name has one row, and with it one reach: itself, or everything below it, too. */
static int mark_host(struct policy_parser *p, const struct word *w, uint32_t flag)
{
    struct str name;
    struct a_host *host;
    uint32_t reach;
    bool known, free;

    if (lex_host(&p->l, w, true, &name))
        return -1;
    reach = name.p[0] == '.' ? HOST_SUBDOMAINS : 0;
    name = str_from(name, reach ? 1 : 0);
    known = build_find_host(p->b, name) != NO_INDEX;
    host = build_host(p->b, name);
    free = reach && host->platform == NO_INDEX &&
           !(host->flags & (HOST_MUST_WORK | HOST_NEVER_BUMP)); /* a carrier's */
    if (known && !free && (host->flags & HOST_SUBDOMAINS) != reach)
        return lex_error(&p->l, w,
                         "elsewhere (in a platform map or above) this name is written '%s%.*s': write it so",
                         reach ? "" : ".", STR_ARG(name));
    host->flags |= flag | reach;
    build_place(p->b, SECTION_HOSTS, build_find_host(p->b, name), p->l.file, w->line, w->column);
    return 0;
}

static int mark_hosts(struct policy_parser *p, uint32_t flag)
{
    const struct word *w = lex_expect(&p->l, "host names");

    if (!w)
        return -1;
    for (; w; w = lex_word(&p->l))
        mark_host(p, w, flag); /* all of them are read, whatever is wrong with one */
    return 0;
}

int policy_must_work(struct policy_parser *p)
{
    return mark_hosts(p, HOST_MUST_WORK);
}

int policy_never_log(struct policy_parser *p)
{
    const struct word *w = lex_expect(&p->l, "sites, as '.name'");

    if (!w)
        return -1;
    for (; w; w = lex_word(&p->l))
        never_log_host(p->b, &p->l, w, HOST_NEVER_LOG_OWN);
    return 0;
}

int policy_never_bump(struct policy_parser *p)
{
    return mark_hosts(p, HOST_NEVER_BUMP);
}
