#include "compile/policy_parse.h"
#include "core/clock.h"
#include "policy_fixture.h"
#include "unit.h"

#include <dirent.h>

#define HEAD                                                                                                 \
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on 2026-03-01\n"  \
    "review-due 2027-03-31\ndefault deny page default-deny\n"

static struct builder *builder;

static void parse(const char *text)
{
    char *messages;

    builder = fixture_new();
    messages = fixture_messages(builder, "p", text);
    ck_assert_ptr_nonnull(messages);
    ck_assert_msg(strstr(messages, "error") == NULL && strstr(messages, "was due") == NULL, "%s", messages);
    free(messages);
}

/* The messages that the text brings about. */
static char *messages_of(const char *text)
{
    struct builder *b = fixture_new();
    char *messages = fixture_messages(b, "p", text);

    ck_assert_ptr_nonnull(messages);
    build_free(b);
    return messages;
}

static const struct a_rule *rule(const char *id)
{
    uint32_t index = build_find_rule(builder, str_of(id));

    ck_assert_msg(index != NO_INDEX, "no rule '%s'", id);
    return build_at(builder, SECTION_RULES, index);
}

static const struct a_clause *clause(const char *id, uint32_t n)
{
    const struct a_rule *r = rule(id);

    ck_assert_uint_lt(n, r->clauses.n);
    return build_at(builder, SECTION_CLAUSES, r->clauses.at + n);
}

/* The clause's condition and numbers as text: "class 0 3", "-" in front for except. */
static const char *shown(const char *id, uint32_t n)
{
    static char text[256];
    const struct a_clause *c = clause(id, n);
    const uint32_t *numbers = build_numbers_at(builder, c->args);
    size_t at;

    at = (size_t)snprintf(text, sizeof text, "%s%s", c->flags & CLAUSE_EXCEPT ? "-" : "",
                          condition_by_number(c->condition)->word);
    for (uint32_t i = 0; i < c->args.n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, " %x", numbers[i]);
    return text;
}

static struct str text_of(struct a_str s)
{
    return build_text(builder, s);
}

START_TEST(what_is_not_said_has_a_default)
{
    const struct a_meta *m;

    parse(HEAD);
    m = build_meta(builder);
    ck_assert_uint_eq(m->mode, MODE_ENFORCE);
    ck_assert_uint_eq(m->default_action, ACTION_REFUSE);
    ck_assert_uint_eq(m->unsure_action, ACTION_REFUSE);
    ck_assert_uint_eq(m->malformed_action, ACTION_REFUSE);
    ck_assert_uint_eq(m->unknown_write_action, ACTION_REFUSE);
    ck_assert_uint_eq(m->record, RECORD_NONE);
    ck_assert_uint_eq(m->people_default, NO_INDEX);
    ck_assert_uint_eq(m->scope_classes, 0x3f & ~(1u << CLASS_WORK_TOOL));
    ck_assert_uint_eq(m->scope_categories, 0);
    ck_assert_uint_eq(m->unavailable_page, NO_INDEX);
    /* refusals for want of knowledge show the default's page */
    ck_assert_uint_eq(m->default_page, build_find_page(builder, STR("default-deny")));
    ck_assert_uint_eq(m->unsure_page, m->default_page);
    ck_assert_uint_eq(m->malformed_page, m->default_page);
    build_free(builder);
}
END_TEST

START_TEST(unknown_writes_are_refused_with_the_page_of_unsure)
{
    parse("policy \"T\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on "
          "2026-03-18\n"
          "review-due 2027-03-31\ndefault allow page notice\nunsure allow\nmalformed allow\n");
    ck_assert_uint_eq(build_meta(builder)->unsure_page, build_find_page(builder, STR("notice")));
    ck_assert_uint_eq(build_meta(builder)->malformed_page, NO_INDEX);
    build_free(builder);
}
END_TEST

START_TEST(the_head_is_read)
{
    const struct a_meta *m;

    parse(
        "policy \"T\" version 3.2 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on "
        "2026-03-18\n"
        "review-due 2027-03-31\nmode shadow\npeople-default agency\n"
        "default allow cite \"20\" because \"b\"\n    page notice\n    assumption \"d\"\n"
        "unsure allow page default-deny\n    assumption \"u\"\nunknown-writes refuse\n    assumption \"w\"\n"
        "malformed allow\n    assumption \"m\"\nunavailable page unavailable\n"
        "scope class social\nscope class review\n    assumption \"s\"\nscope category adult hate\n"
        "record pseudonym\n    assumption \"r\"\nmonitoring clause \"7\" notice-on 2026-04-02 dpia \"D\"\n"
        "grants need approval training last 18 months cite \"5c\"\n    assumption \"g\"\n");
    m = build_meta(builder);
    ck_assert_slice(text_of(m->title), "T");
    ck_assert_slice(text_of(m->version), "3.2");
    ck_assert_int_eq((int)m->from_day, clock_day(2026, 4, 1));
    ck_assert_slice(text_of(m->council), "C");
    ck_assert_slice(text_of(m->owner), "O");
    ck_assert_slice(text_of(m->approved_by), "A");
    ck_assert_int_eq((int)m->approved_day, clock_day(2026, 3, 18));
    ck_assert_int_eq((int)m->review_day, clock_day(2027, 3, 31));
    ck_assert_uint_eq(m->mode, MODE_SHADOW);
    ck_assert_uint_eq(m->people_default, PEOPLE_AGENCY);
    ck_assert_uint_eq(m->default_action, ACTION_ALLOW);
    ck_assert_slice(text_of(m->default_cite), "20");
    ck_assert_slice(text_of(m->default_because), "b");
    ck_assert_uint_eq(m->default_page, build_find_page(builder, STR("notice")));
    ck_assert_slice(text_of(m->default_assumption), "d");
    ck_assert_uint_eq(m->unsure_action, ACTION_ALLOW);
    ck_assert_uint_eq(m->unsure_page, build_find_page(builder, STR("default-deny")));
    ck_assert_slice(text_of(m->unsure_assumption), "u");
    ck_assert_uint_eq(m->unknown_write_action, ACTION_REFUSE);
    ck_assert_slice(text_of(m->unknown_write_assumption), "w");
    ck_assert_uint_eq(m->malformed_action, ACTION_ALLOW);
    ck_assert_uint_eq(m->malformed_page, NO_INDEX);
    ck_assert_slice(text_of(m->malformed_assumption), "m");
    ck_assert_uint_eq(m->unavailable_page, build_find_page(builder, STR("unavailable")));
    ck_assert_uint_eq(m->scope_classes, 1u << CLASS_SOCIAL | 1u << CLASS_REVIEW);
    ck_assert_uint_eq(m->scope_categories, 1u << CATEGORY_ADULT | 1u << CATEGORY_HATE);
    ck_assert_slice(text_of(m->scope_assumption), "s");
    ck_assert_uint_eq(m->record, RECORD_PSEUDONYM);
    ck_assert_slice(text_of(m->record_assumption), "r");
    ck_assert_slice(text_of(m->monitoring_clause), "7");
    ck_assert_int_eq((int)m->notice_day, clock_day(2026, 4, 2));
    ck_assert_slice(text_of(m->dpia), "D");
    ck_assert_uint_eq(m->grant_needs, 1u << STEP_APPROVAL | 1u << STEP_TRAINING);
    ck_assert_uint_eq(m->grant_months, 18);
    ck_assert_slice(text_of(m->grant_cite), "5c");
    ck_assert_slice(text_of(m->grant_assumption), "g");
    build_free(builder);
}
END_TEST

START_TEST(groups_may_be_used_before_they_are_declared)
{
    const struct a_group *g;

    parse(HEAD "permit a\n    group late \"GG Two Words\"\n    because \"b\"\n    cite \"c\"\n"
               "group early \"about it\" shadow people member\ngroup late\ngroup \"GG Two Words\" enforce\n");
    ck_assert_uint_eq(build_count(builder, SECTION_GROUPS), 3);
    g = build_at(builder, SECTION_GROUPS, build_find_group(builder, STR("early")));
    ck_assert_slice(text_of(g->about), "about it");
    ck_assert_uint_eq(g->mode, MODE_SHADOW);
    ck_assert_uint_eq(g->people, PEOPLE_MEMBER);
    g = build_at(builder, SECTION_GROUPS, build_find_group(builder, STR("late")));
    ck_assert_uint_eq(g->about.n, 0);
    ck_assert_uint_eq(g->mode, NO_INDEX);
    ck_assert_uint_eq(g->people, NO_INDEX);
    ck_assert_str_eq(shown("a", 0), "group 1 2");
    build_free(builder);
}
END_TEST

START_TEST(hosts_are_marked_where_they_are_known)
{
    const struct a_host *h;

    parse(HEAD "must-work .council.example www.gov.uk\nmust-work b\xc3\xbc"
               "cher.example\n"
               "never-bump .facebook.com www.gov.uk\n");
    h = build_at(builder, SECTION_HOSTS, build_find_host(builder, STR("council.example")));
    ck_assert_uint_eq(h->flags, HOST_MUST_WORK | HOST_SUBDOMAINS);
    ck_assert_uint_eq(h->platform, NO_INDEX);
    h = build_at(builder, SECTION_HOSTS, build_find_host(builder, STR("www.gov.uk")));
    ck_assert_uint_eq(h->flags, HOST_MUST_WORK | HOST_NEVER_BUMP);
    h = build_at(builder, SECTION_HOSTS, build_find_host(builder, STR("facebook.com")));
    ck_assert_uint_eq(h->flags, HOST_NEVER_BUMP | HOST_SUBDOMAINS);
    ck_assert_uint_eq(h->platform, build_find_platform(builder, STR("facebook")));
    ck_assert_uint_ne(build_find_host(builder, STR("xn--bcher-kva.example")), NO_INDEX);
    build_free(builder);
}
END_TEST

START_TEST(contacts_are_kept)
{
    const struct a_contact *c;

    parse(HEAD "contact a \"the A\" mail a.b+c@council.example url https://h.example:8443/f?x=1#y phone "
               "\"+44 (0) 1\"\n");
    c = build_at(builder, SECTION_CONTACTS, build_find_contact(builder, STR("a")));
    ck_assert_slice(text_of(c->label), "the A");
    ck_assert_slice(text_of(c->mail), "a.b+c@council.example");
    ck_assert_slice(text_of(c->url), "https://h.example:8443/f?x=1#y");
    ck_assert_slice(text_of(c->phone), "+44 (0) 1");
    build_free(builder);
}
END_TEST

START_TEST(rules_are_rows)
{
    const struct a_rule *r;

    parse(HEAD
          "forbid a\n    class social\n    except platform x youtube\n    because \"b\"\n    cite \"c\"\n"
          "    page inappropriate\n    assumption \"s\"\n    shadow\n"
          "permit b\n    because \"b\"\n    cite \"c\"\nrequire coach slow\n    page notice\nrequire person\n"
          "    page one-person\n    returns 5 within 7 days\n    every week\nreason d\n    cite \"x\"\n");
    r = rule("a");
    ck_assert_uint_eq(r->verb, VERB_FORBID);
    ck_assert_uint_eq(r->ask, NO_INDEX);
    ck_assert_uint_eq(r->flags, RULE_SHADOW);
    ck_assert_slice(text_of(r->because), "b");
    ck_assert_slice(text_of(r->cite), "c");
    ck_assert_slice(text_of(r->assumption), "s");
    ck_assert_uint_eq(r->page, build_find_page(builder, STR("inappropriate")));
    ck_assert_uint_eq(r->clauses.n, 2);
    ck_assert_str_eq(shown("a", 0), "class 0");
    ck_assert_str_eq(shown("a", 1), "-platform 1 2");
    ck_assert_uint_eq(rule("b")->clauses.n, 0);
    ck_assert_uint_eq(rule("b")->page, NO_INDEX);
    ck_assert_uint_eq(rule("slow")->ask, ASK_COACH);
    ck_assert_uint_eq(rule("person")->verb, VERB_REQUIRE);
    ck_assert_uint_eq(rule("person")->ask, ASK_PERSON);
    ck_assert_uint_eq(rule("person")->returns, 5);
    ck_assert_uint_eq(rule("person")->within, 7 * 24 * 60 * 60);
    ck_assert_uint_eq(rule("person")->every, PERIOD_WEEK);
    ck_assert_uint_eq(rule("slow")->returns, 0);
    ck_assert_uint_eq(rule("d")->verb, VERB_REASON);
    build_free(builder);
}
END_TEST

START_TEST(every_condition_is_read)
{
    static const char *const lines[][2] = {
        {"platform facebook x", "platform 0 1"},
        {"class streaming work-tool", "class 2 4"},
        {"media broadcast-only interactive", "media 1 0"},
        {"role main media", "role 0 9"},
        {"category adult gambling", "category 0 9"},
        {"activity view stream unknown", "activity 0 b c"},
        {"account x:anytown @x", NULL},
        {"account x:AnyTown registered unregistered unknown none",
         "account 2 fffffff0 fffffff1 fffffff2 fffffff3"},
        {"account facebook:@anytowncouncil", "account 0"},
        {"account-flag member conversations", "account-flag 2 1"},
        {"identity registered other none unknown", "identity 0 1 2 3"},
        {"origin person embed background unknown", "origin 0 1 2 3"},
        {"user known unknown", "user 1 0"},
        {"groups resolved unresolved", "groups 1 0"},
        {"group g", "group 0"},
        {"people shared employee", "people 8 0"},
        {"grant live", "grant 1 0 0"},
        {"grant expired inert aup training none", "grant e 14 0"},
        {"account granted", "grant 0 0 1"},
        {"activity granted", "grant 0 0 2"},
        {"network 10.0.0.0/8", "network 0 0 ffff a000000 68"},
        {"network 192.0.2.7 2001:db8:5::/48", "network 0 0 ffff c0000207 80 20010db8 50000 0 0 30"},
        {"network 0.0.0.0/0 ::/0", "network 0 0 ffff 0 60 0 0 0 0 0"},
        {"network 10.0.0.1/31", NULL},
        {"network 2001:db8::1/127", NULL},
        {"port 3128 65535", "port c38 ffff"},
    };
    char text[2048];

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (int except = 0; except < 2; except++) {
            snprintf(text, sizeof text,
                     HEAD "scope class social work-tool streaming\nscope category adult gambling\ngroup g\n"
                          "permit a\n    %s%s\n    because \"b\"\n    cite \"c\"\n",
                     except ? "except " : "", lines[i][0]);
            if (!lines[i][1]) {
                char *messages = messages_of(text);

                ck_assert_ptr_nonnull(strstr(messages, "error"));
                free(messages);
                continue;
            }
            parse(text);
            ck_assert_uint_eq(rule("a")->clauses.n, 1);
            ck_assert_str_eq(shown("a", 0) + (except ? 1 : 0), lines[i][1]);
            ck_assert_uint_eq(clause("a", 0)->flags, except ? CLAUSE_EXCEPT : 0);
            build_free(builder);
        }
    }
}
END_TEST

START_TEST(host_conditions_point_to_strings)
{
    const uint32_t *numbers;

    parse(HEAD "permit a\n    host Www.Example.com .example.org.\n    because \"b\"\n    cite \"c\"\n");
    ck_assert_uint_eq(clause("a", 0)->args.n, 4);
    numbers = build_numbers_at(builder, clause("a", 0)->args);
    ck_assert_slice(text_of((struct a_str){numbers[0], numbers[1]}), "www.example.com");
    ck_assert_slice(text_of((struct a_str){numbers[2], numbers[3]}), ".example.org");
    build_free(builder);
}
END_TEST

START_TEST(what_is_granted_is_one_clause)
{
    parse(HEAD "permit a\n    activity granted\n    class social\n    grant live\n    account granted\n"
               "    because \"b\"\n    cite \"c\"\n"
               "permit b\n    account granted\n    activity granted\n    because \"b\"\n    cite \"c\"\n"
               "permit d\n    grant live\n    except account granted\n    except activity granted\n"
               "    except grant expired\n    because \"b\"\n    cite \"c\"\n");
    ck_assert_uint_eq(rule("a")->clauses.n, 2);
    ck_assert_str_eq(shown("a", 0), "grant 1 0 3");
    ck_assert_str_eq(shown("a", 1), "class 0");
    ck_assert_uint_eq(rule("b")->clauses.n, 1);
    ck_assert_str_eq(shown("b", 0), "grant 0 0 3");
    ck_assert_uint_eq(rule("d")->clauses.n, 4);
    ck_assert_str_eq(shown("d", 1), "-grant 0 0 1");
    ck_assert_str_eq(shown("d", 2), "-grant 0 0 2");
    ck_assert_str_eq(shown("d", 3), "-grant 4 0 0");
    build_free(builder);
}
END_TEST

/* A `require person` says when it asks, as far as visits are remembered, and nothing else does. */
START_TEST(returns_are_counted_as_far_as_is_remembered)
{
    static const char *const wrong[][2] = {
        {"require person p\n    page one-person\n", "does not say when it asks: add a line 'returns 5 within 7 days'"},
        {"require person p\n    returns 5 within 7 days\n", "has no page: add a line 'page one-person'"},
        {"require person p\n    page one-person\n    returns 13 within 7 days\n", "'13' is no number from 1 to 12"},
        {"require person p\n    page one-person\n    returns 0 within 7 days\n", "'0' is no number from 1 to 12"},
        {"require person p\n    page one-person\n    returns 5\n", "say how far back visits count"},
        {"require person p\n    page one-person\n    returns 5 within\n", "visits are remembered for 1 hour to 7 days"},
        {"require person p\n    page one-person\n    returns 5 within 8 days\n", "visits are remembered for 1 hour"},
        {"require person p\n    page one-person\n    returns 5 within 3 weeks\n", "visits are remembered for 1 hour"},
        {"require person p\n    page one-person\n    returns 5 within 99999999999999999999 days\n", "visits are remembered"},
        {"require person p\n    page one-person\n    returns 5 within 7 days\n    every month\n",
         "is not remembered for a month"},
        {"require coach p\n    page notice\n    returns 5 within 7 days\n", "'returns' is a line of 'require person' alone"},
        {"permit p\n    returns 5 within 7 days\n", "'returns' is a line of 'require person' alone"},
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct builder *b = fixture_new();
        char text[1024], *messages;

        snprintf(text, sizeof text, HEAD "%s", wrong[i][0]);
        messages = fixture_messages(b, "p", text);
        ck_assert_msg(strstr(messages, wrong[i][1]) != NULL, "%s: %s", wrong[i][0], messages);
        free(messages);
        build_free(b);
    }
}
END_TEST

START_TEST(a_broken_rule_leaves_no_row)
{
    struct builder *b = fixture_new();
    char *messages =
        fixture_messages(b, "p", HEAD "permit a\n    class sociall\n    class social\npermit b\n");

    ck_assert_uint_eq(build_find_rule(b, STR("a")), NO_INDEX);
    ck_assert_uint_ne(build_find_rule(b, STR("b")), NO_INDEX);
    ck_assert_uint_eq(build_count(b, SECTION_CLAUSES), 0);
    free(messages);
    build_free(b);
}
END_TEST

START_TEST(a_rule_has_a_bounded_number_of_conditions)
{
    static char storage[8192];
    struct text text;
    char *messages;

    text_init(&text, storage, sizeof storage - 1);
    text_puts(&text, HEAD "permit a\n    because \"b\"\n    cite \"c\"\n");
    for (int i = 0; i < 64; i++)
        text_puts(&text, "    activity view\n");
    messages = messages_of(storage);
    ck_assert_str_eq(messages, "");
    free(messages);
    text_puts(&text, "    account granted\n    class social\n");
    messages = messages_of(storage);
    ck_assert_ptr_nonnull(strstr(messages, "at most 64 conditions"));
    free(messages);
}
END_TEST

START_TEST(a_contact_where_only_a_part_of_the_host_is_the_platforms_is_fine)
{
    struct builder *b = fixture_new();
    struct a_host *h = build_host(b, STR("www.bbc.example"));
    char *messages;

    h->platform = build_find_platform(b, STR("youtube"));
    h->below = build_words(b, (struct str[]){STR("/iplayer/**")}, 1);
    messages = fixture_messages(b, "p", HEAD "contact a \"A\" url https://www.bbc.example/help\n");
    ck_assert_str_eq(messages, "");
    free(messages);
    build_free(b);
}
END_TEST

START_TEST(a_contact_below_a_host_that_stands_alone_is_fine)
{
    struct builder *b = fixture_new();
    char *messages;

    build_host(b, STR("alone.example"))->platform = build_find_platform(b, STR("youtube"));
    messages = fixture_messages(b, "p", HEAD "contact a \"A\" url https://www.alone.example/help\n");
    ck_assert_str_eq(messages, "");
    free(messages);
    build_free(b);
}
END_TEST

START_TEST(groups_in_no_rule_and_no_grant_are_noted)
{
    struct builder *b = fixture_new();
    struct a_grant grants[] = {{.group = 1, .within = NO_INDEX},
                               {.user = build_str(b, STR("alice")), .group = 2, .within = NO_INDEX}};
    char *messages;

    build_row(b, SECTION_GRANTS, &grants[0]);
    build_row(b, SECTION_GRANTS, &grants[1]);
    messages = fixture_messages(b, "p",
                                HEAD "group ruled\ngroup granted\ngroup idle\ngroup told people member\n"
                                     "permit a\n    except group ruled\n    activity view\n    because \"b\"\n"
                                     "    cite \"c\"\n");
    ck_assert_str_eq(messages,
                     "p:9:7: note: group 'idle' is in no rule and no grant\n    group idle\n          ^\n");
    free(messages);
    build_free(b);
}
END_TEST

START_TEST(what_is_in_order_brings_no_warning)
{
#define WHY "    because \"b\"\n    cite \"c\"\n"
    static const char *const texts[] = {
        ("permit a\n    except class work-tool\n    except category adult\n    activity view\n" WHY),
        ("scope category hate\npermit a\n    category hate\n" WHY),
        ("permit a\n    class social\n    activity view\n    because \"b\"\n"
         "    assumption \"not in the document\"\n"),
        "reason a\n    grant live\n    account unregistered\n    cite \"c\"\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[1024], *messages;

        snprintf(text, sizeof text, HEAD "%s", texts[i]);
        messages = messages_of(text);
        ck_assert_str_eq(messages, "");
        free(messages);
    }
    /* due today is not overdue */
    parse("policy \"T\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on "
          "2026-03-18\n"
          "review-due 2026-05-12\ndefault deny page default-deny\n");
    build_free(builder);
}
END_TEST

/* Every file of the folder that ends so; returns how many there were. */
static unsigned each_file(const char *folder, const char *end,
                          void (*each)(const char *folder, const char *name))
{
    char path[512];
    const char *root = getenv("srcdir");
    struct dirent *entry;
    unsigned n = 0;
    DIR *d;

    snprintf(path, sizeof path, "%s/%s", root ? root : ".", folder);
    d = opendir(path);
    ck_assert_msg(d != NULL, "cannot open %s", path);
    while ((entry = readdir(d)) != NULL) {
        size_t length = strlen(entry->d_name);

        if (length > strlen(end) && strcmp(entry->d_name + length - strlen(end), end) == 0) {
            each(folder, entry->d_name);
            n++;
        }
    }
    closedir(d);
    return n;
}

static void expect_messages(const char *folder, const char *name)
{
    struct builder *b = fixture_new();
    char *text = fixture_file(folder, name), *messages, *expected;
    char expect[300];
    size_t at = 0;

    snprintf(expect, sizeof expect, "%.*s.expect", (int)(strlen(name) - strlen(".policy")), name);
    expected = fixture_file(folder, expect);
    ck_assert_msg(text && expected, "%s or %s cannot be read", name, expect);
    messages = fixture_messages(b, name, text);
    for (size_t i = 0; messages[at + i] && messages[at + i] == expected[at + i]; i++) {
        if (messages[at + i] == '\n') { /* the messages are shown from the first line that differs */
            at += i + 1;
            i = (size_t)-1;
        }
    }
    ck_assert_msg(strcmp(messages, expected) == 0, "%s: expected\n%.300s\ngot\n%.300s", name, expected + at,
                  messages + at);
    free(messages);
    free(expected);
    free(text);
    build_free(b);
}

START_TEST(bad_policies_say_what_is_wrong)
{
    ck_assert_uint_ge(each_file("tests/check/bad", ".policy", expect_messages), 14);
}
END_TEST

static void expect_silence(const char *folder, const char *name)
{
    struct builder *b = fixture_new();
    char *text = fixture_file(folder, name), *messages;

    ck_assert_msg(text != NULL, "%s cannot be read", name);
    messages = fixture_messages(b, name, text);
    ck_assert_str_eq(messages, "");
    free(messages);
    free(text);
    build_free(b);
}

START_TEST(good_policies_say_nothing)
{
    ck_assert_uint_ge(each_file("tests/check/good", ".policy", expect_silence), 2);
}
END_TEST

/* Texts cut off anywhere, and with one byte changed, are read to the end without harm. */
START_TEST(broken_texts_do_no_harm)
{
    char *text = fixture_file("tests/check/good", "open.policy");
    size_t n;

    ck_assert_ptr_nonnull(text);
    n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        struct builder *b = fixture_new();
        struct diag d;
        char kept = text[i];

        diag_init(&d);
        parse_policy(b, STR("p"), (struct str){text, i}, &d);
        build_free(b);
        b = fixture_new();
        diag_init(&d);
        text[i] = "\"\n #\0\xc3"[i % 6];
        if (parse_policy(b, STR("p"), (struct str){text, n}, &d) == 0)
            check_policy(b, FIXTURE_TODAY, &d);
        text[i] = kept;
        build_free(b);
    }
    free(text);
}
END_TEST

/* The manual's text from `heading` on, white space as one blank. */
static char *manual_words(const char *heading)
{
    char *page = fixture_file("icap-module/man", "portreeve.policy.5");
    char *from = page ? strstr(page, heading) : NULL;
    char *words = from ? calloc(strlen(from) + 1, 1) : NULL;
    size_t n = 0;

    ck_assert_msg(words != NULL, "the manual has no %s", heading);
    for (const char *p = from; *p; p++) {
        char c = *p == '\n' ? ' ' : *p;

        if (c != ' ' || (n > 0 && words[n - 1] != ' '))
            words[n++] = c;
    }
    free(page);
    return words;
}

START_TEST(the_manual_has_every_statement_and_condition)
{
    char *words = manual_words(".Sh STATEMENTS"), *conditions_part = strstr(words, ".Sh CONDITIONS");
    char sought[300];

    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        snprintf(sought, sizeof sought, "Ic %s ", statement_words[i]);
        ck_assert_msg(strstr(words, sought) != NULL, "the manual lacks statement '%s'", statement_words[i]);
    }
    ck_assert_ptr_nonnull(conditions_part);
    for (unsigned i = 0; i < n_conditions; i++) {
        const char *at, *next;

        snprintf(sought, sizeof sought, ".It Ic %s ", conditions[i].word);
        at = strstr(conditions_part, sought);
        ck_assert_msg(at != NULL, "the manual lacks condition '%s'", conditions[i].word);
        next = strstr(at + 1, ".It Ic ");
        snprintf(sought, sizeof sought, "Unsure: %s.", conditions[i].unsure);
        at = strstr(at, sought);
        ck_assert_msg(at != NULL && (!next || at < next), "the manual does not say of '%s': %s",
                      conditions[i].word, sought);
    }
    free(words);
}
END_TEST

/* Cuts the next literal block out of *page, its escapes resolved; NULL when there is none. */
static char *next_example(char **page)
{
    char *from = strstr(*page, "\n.Bd -literal"), *end, *text, *to;

    if (!from)
        return NULL;
    from = strchr(from + 1, '\n') + 1;
    end = strstr(from, "\n.Ed");
    ck_assert_ptr_nonnull(end);
    text = to = calloc((size_t)(end - from) + 2, 1);
    for (const char *p = from; p <= end; p++) {
        if (p[0] == '\\' && p[1] == '&') {
            p++;
        } else if (p[0] == '\\' && p[1] == 'e') {
            *to++ = '\\';
            p++;
        } else {
            *to++ = *p;
        }
    }
    *page = end;
    return text;
}

START_TEST(the_examples_of_the_manual_are_sound)
{
    char *page = fixture_file("icap-module/man", "portreeve.policy.5"), *rest = page, *text;
    unsigned n = 0;

    ck_assert_ptr_nonnull(page);
    while ((text = next_example(&rest)) != NULL) {
        char *messages = messages_of(text);

        ck_assert_str_eq(messages, "");
        free(messages);
        free(text);
        n++;
    }
    ck_assert_uint_ge(n, 2);
    free(page);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("policy");
    TCase *t = tcase_create("policy");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, what_is_not_said_has_a_default);
    tcase_add_test(t, the_head_is_read);
    tcase_add_test(t, groups_may_be_used_before_they_are_declared);
    tcase_add_test(t, hosts_are_marked_where_they_are_known);
    tcase_add_test(t, contacts_are_kept);
    tcase_add_test(t, rules_are_rows);
    tcase_add_test(t, every_condition_is_read);
    tcase_add_test(t, host_conditions_point_to_strings);
    tcase_add_test(t, what_is_granted_is_one_clause);
    tcase_add_test(t, a_broken_rule_leaves_no_row);
    tcase_add_test(t, returns_are_counted_as_far_as_is_remembered);
    tcase_add_test(t, a_rule_has_a_bounded_number_of_conditions);
    tcase_add_test(t, a_contact_where_only_a_part_of_the_host_is_the_platforms_is_fine);
    tcase_add_test(t, unknown_writes_are_refused_with_the_page_of_unsure);
    tcase_add_test(t, a_contact_below_a_host_that_stands_alone_is_fine);
    tcase_add_test(t, groups_in_no_rule_and_no_grant_are_noted);
    tcase_add_test(t, what_is_in_order_brings_no_warning);
    tcase_add_test(t, bad_policies_say_what_is_wrong);
    tcase_add_test(t, good_policies_say_nothing);
    tcase_add_test(t, broken_texts_do_no_harm);
    tcase_add_test(t, the_manual_has_every_statement_and_condition);
    tcase_add_test(t, the_examples_of_the_manual_are_sound);
    suite_add_tcase(s, t);
    return run_suite(s);
}
