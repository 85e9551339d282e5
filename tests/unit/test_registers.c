#include "compile/compile.h"
#include "unit.h"

#include <stdio.h>

static struct builder *b;
static struct diag diag;

static const char facebook[] =
    "platform facebook \"Facebook\"\nclass social\nversion 1\naccounts ignore-dots\n"
    "host main .facebook.com\naccount {account} path /{account}/**\nidentity cookie c_user\n";
static const char youtube[] =
    "platform youtube \"YouTube\"\nclass social\nversion 1\nhost main .youtube.com\nreserved feed watch\n"
    "account @{account} path /@{account}/**\naccount - path /about/**\naccount {account} path /channel query "
    "id={account}\n"
    "account c/{account} host m.youtube.com path /c/{account}\naccount {account} path /{account}\n";

static void add_group(const char *name)
{
    struct a_group group = {.name = build_str(b, str_of(name)), .mode = NO_INDEX, .people = NO_INDEX};

    build_row(b, SECTION_GROUPS, &group);
}

static void setup(void)
{
    b = build_new();
    diag_init(&diag);
    ck_assert_int_eq(parse_map(b, STR("facebook.map"), STR(facebook), &diag), 0);
    ck_assert_int_eq(parse_map(b, STR("youtube.map"), STR(youtube), &diag), 0);
    add_group("comms");
    add_group("leisure");
    add_group("Social Media Users");
    ck_assert_int_eq(parse_accounts(b, STR("accounts.csv"),
                                    STR("platform,account,aliases\nfacebook,HavantBorough,123456789\n"
                                        "facebook,HavantLeisure,\nyoutube,@HavantBC,\n"),
                                    &diag),
                     0);
}

static void teardown(void)
{
    build_free(b);
}

static void expect_good(int (*parse)(struct builder *, struct str, struct str, struct diag *),
                        const char *text)
{
    int result = parse(b, STR("r.csv"), str_of(text), &diag);

    ck_assert_msg(result == 0 && diag.errors == 0, "%s", diag.n ? diag.messages[0].text : "?");
}

static void expect_error(int (*parse)(struct builder *, struct str, struct str, struct diag *),
                         const char *text, unsigned line, const char *part)
{
    build_free(b);
    setup();
    ck_assert_msg(parse(b, STR("r.csv"), str_of(text), &diag) == -1, "taken: %s", text);
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert_uint_eq(diag.messages[0].line, line);
}

#define ck_assert_built(a, text) ck_assert_slice(build_text(b, (a)), (text))

START_TEST(accounts_go_by_all_their_names)
{
    const struct a_account *account;
    uint32_t alias;

    build_free(b);
    setup();
    expect_good(parse_accounts,
                "Platform,Account,Aliases,Owner,Flags\n"
                "facebook,Havant.Museum,\"777 havantmuseum; Old.Museum\",Jo Example,conversations member\n");
    account = build_at(b, SECTION_ACCOUNTS, 3);
    ck_assert_built(account->name, "Havant.Museum");
    ck_assert_built(account->owner, "Jo Example");
    ck_assert_uint_eq(account->flags, ACCOUNT_CONVERSATIONS | ACCOUNT_MEMBER);
    alias = build_find_alias(b, account->platform, STR("havantmuseum"));
    ck_assert_uint_ne(alias, NO_INDEX);
    ck_assert_uint_eq(((struct a_alias *)build_at(b, SECTION_ALIASES, alias))->account, 3);
    ck_assert_uint_ne(build_find_alias(b, account->platform, STR("777")), NO_INDEX);
    ck_assert_uint_ne(build_find_alias(b, account->platform, STR("oldmuseum")), NO_INDEX);
    ck_assert_uint_eq(build_find_alias(b, account->platform, STR("Havant.Museum")), NO_INDEX);
    ck_assert_uint_ne(build_find_alias(b, build_find_platform(b, STR("youtube")), STR("@havantbc")),
                      NO_INDEX);
}
END_TEST

START_TEST(accounts_are_checked)
{
    expect_error(parse_accounts, "platform,account\nfacebok,X\n", 2, "did you mean 'facebook'?");
    expect_error(parse_accounts, "platform,account\nfacebook,havant.borough\n", 2,
                 "account in row 2 already");
    expect_error(parse_accounts, "platform,account,aliases\nfacebook,a,b\nfacebook,c,b\n", 3,
                 "account in row 2 already");
    expect_error(parse_accounts, "platform,account\nfacebook,\n", 2, "needs the account's name");
    expect_error(parse_accounts, "platform,account\n,x\n", 2, "which platform");
    expect_error(parse_accounts, "platform,account\nfacebook,two words\n", 2, "holds a blank");
    expect_error(parse_accounts, "platform,account\nfacebook,...\n", 2, "no account's name");
    expect_error(parse_accounts, "platform,account,flags\nfacebook,x,membr\n", 2, "did you mean 'member'?");
}
END_TEST

START_TEST(members_have_groups_and_a_class)
{
    const struct a_member *member;
    const uint32_t *groups;

    expect_good(parse_members, "user,groups,class\nHAVANT\\Alice,\"leisure comms;comms\",member\n"
                               "bob@havant.gov.uk,Social Media Users; leisure,\ncarol,,agency\n");
    ck_assert_uint_eq(build_count(b, SECTION_MEMBERS), 3);
    member = build_at(b, SECTION_MEMBERS, 0);
    ck_assert_built(member->user, "alice");
    ck_assert_uint_eq(member->people, PEOPLE_MEMBER);
    ck_assert_uint_eq(member->groups.n, 2);
    groups = build_numbers_at(b, member->groups);
    ck_assert_uint_eq(groups[0], 0);
    ck_assert_uint_eq(groups[1], 1);
    member = build_at(b, SECTION_MEMBERS, 1);
    ck_assert_built(member->user, "bob");
    ck_assert_uint_eq(member->people, NO_INDEX);
    groups = build_numbers_at(b, member->groups);
    ck_assert_uint_eq(member->groups.n, 2);
    ck_assert_uint_eq(groups[1], 2);
    member = build_at(b, SECTION_MEMBERS, 2);
    ck_assert_uint_eq(member->groups.n, 0);
    ck_assert_uint_eq(member->people, PEOPLE_AGENCY);
}
END_TEST

START_TEST(members_are_checked)
{
    expect_error(parse_members, "user,groups\nalice,comms\nbob,\nH\\ALICE,leisure\n", 4,
                 "'alice' has a row already, row 2");
    expect_error(parse_members, "user,groups\nalice,coms\n", 2, "did you mean 'comms'?");
    expect_error(parse_members, "user,class\nalice,memeber\n", 2, "did you mean 'member'?");
    expect_error(parse_members, "user,groups\n,comms\n", 2, "signs in");
    expect_error(parse_members, "user\nalice smith\n", 2, "no name with which a person signs in");
    expect_error(parse_members, "user\nHAVANT\\\n", 2, "no name with which a person signs in");
    expect_error(parse_members, "users\nalice\n", 1, "did you mean 'user'?");
}
END_TEST

#define PEOPLE "user,id,names,groups,class,sponsor,synced_on\n"
#define ID(n) "00112233-4455-6677-8899-aabbccddee0" n
#define AT "2026-05-12T09:00:00Z"

START_TEST(people_are_known_under_all_their_names)
{
    const struct a_member *member;
    uint32_t former;

    expect_good(parse_people,
                PEOPLE "a.smith," ID("1") ",a.jones A.Maiden,comms,agency,b.boss," AT "\n"
                                          "b.boss," ID("2") ",,Social Media Users;leisure,,," AT "\n");
    member = build_at(b, SECTION_MEMBERS, build_find_member(b, STR("a.smith")));
    ck_assert_built(member->id, ID("1"));
    ck_assert_built(member->sponsor, "b.boss");
    ck_assert_uint_eq(member->people, PEOPLE_AGENCY);
    former = build_find_former(b, STR("a.maiden"));
    ck_assert_uint_ne(former, NO_INDEX);
    ck_assert_built(((struct a_former *)build_at(b, SECTION_FORMERS, former))->user, "a.smith");
    ck_assert_uint_eq(build_meta(b)->directory_read, 1778576400);
    member = build_at(b, SECTION_MEMBERS, build_find_member(b, STR("b.boss")));
    ck_assert_uint_eq(member->groups.n, 2);
    /* What stands in members.csv is put together with it; a row under an earlier name is the person's. */
    ck_assert_int_eq(
        parse_members(b, STR("members.csv"),
                      STR("user,groups,class,sponsor\nA.Jones,leisure,casual,c.other\nb.boss,,,\n"
                          "d.hand,comms,,\n"),
                      &diag),
        0);
    ck_assert_uint_eq(diag.warnings, 1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "'a.jones' is called 'a.smith' now (r.csv, line 2)"));
    ck_assert_uint_eq(build_count(b, SECTION_MEMBERS), 3);
    member = build_at(b, SECTION_MEMBERS, build_find_member(b, STR("a.smith")));
    ck_assert_uint_eq(member->groups.n, 2);
    ck_assert_uint_eq(member->people, PEOPLE_CASUAL);
    ck_assert_built(member->sponsor, "c.other");
    ck_assert_built(member->id, ID("1"));
}
END_TEST

START_TEST(people_are_checked)
{
    static const char *const ids[] = {"", "x", "00112233-4455-6677-8899-AABBCCDDEEFF",
                                      "001122334455-6677-8899-aabbccddeeff-"};
    char text[300];

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        snprintf(text, sizeof text, PEOPLE "a,%s,,,,," AT "\n", ids[i]);
        expect_error(parse_people, text, 2, "is no object id");
    }
    expect_error(parse_people, PEOPLE "a," ID("1") ",,,,," AT "\nb," ID("1") ",,,,," AT "\n", 3,
                 "the same object stands in row 2 already");
    expect_error(parse_people, PEOPLE "a," ID("1") ",,,,," AT "\nA," ID("2") ",,,,," AT "\n", 3,
                 "'a' has a row already, row 2");
    expect_error(parse_people, PEOPLE "a," ID("1") ",,,,,\n", 2, "is no time as sync-directory writes it");
    expect_error(parse_people, PEOPLE "a," ID("1") ",,,,,2026-05-12\n", 2,
                 "is no time as sync-directory writes it");
    expect_error(parse_people, PEOPLE "a," ID("1") ",,,,," AT "\nb," ID("2") ",,,,,2026-05-12T09:00:01Z\n", 3,
                 "another time than in the rows above");
    expect_error(parse_people, PEOPLE "a," ID("1") ",b,,,," AT "\nb," ID("2") ",,,,," AT "\n", 3,
                 "'b' is an earlier name of 'a' (line 2)");
    expect_error(parse_people, PEOPLE "b," ID("2") ",,,,," AT "\na," ID("1") ",b,,,," AT "\n", 3,
                 "'b' is another person's sign-in name (r.csv, line 2)");
    expect_error(parse_people, PEOPLE "a," ID("1") ",c,,,," AT "\nb," ID("2") ",c,,,," AT "\n", 3,
                 "'c' is an earlier name of 'a' already (r.csv, line 2)");
    expect_error(parse_people, PEOPLE "a," ID("1") ",A,,,," AT "\n", 2, "the person's name of today");
    expect_error(parse_people, PEOPLE "a," ID("1") ",,,,a," AT "\n", 2, "cannot answer for themselves");
    expect_error(parse_people, PEOPLE "a," ID("1") ",,coms,,," AT "\n", 2, "did you mean 'comms'?");
    expect_error(parse_people, "user,groups,id\na,comms," ID("1") "\n", 1, "synced_on");
    expect_error(parse_members, "user\n10.1.2.3\n", 2, "is a machine's address");
    expect_error(parse_members, "user,names\na,2001:db8::1\n", 2, "is a machine's address");
    expect_error(parse_members, "user,names\na,b\nB,\n", 3, "'b' is an earlier name of 'a'");
    expect_error(parse_members, "user,names\na,1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n", 2,
                 "more than 16 earlier names");
}
END_TEST

START_TEST(a_grant_follows_its_person)
{
    expect_good(parse_people, PEOPLE "a.smith," ID("1") ",a.jones,,,," AT "\n");
    expect_good(parse_grants, "user,platforms,approved_by,approved_on\na.jones,facebook,D,2026-04-01\n");
    ck_assert_built(((struct a_grant *)build_at(b, SECTION_GRANTS, 0))->user, "a.smith");
    ck_assert_int_eq(
        parse_grants(b, STR("g.csv"),
                     STR("user,platforms,approved_by,approved_on\na.smith,facebook,D,2026-04-01\n"
                         "a.jones,facebook,D,2026-04-01\n"),
                     &diag),
        -1); /* one grant twice */
}
END_TEST

START_TEST(an_earlier_name_is_the_same_person)
{
    const struct a_account *account;

    expect_good(parse_people, PEOPLE "a.smith," ID("1") ",a.jones,,,," AT "\n");
    ck_assert_int_eq(
        parse_grants(b, STR("g.csv"),
                     STR("user,platforms,approved_by,approved_on\na.smith,facebook,a.jones,2026-04-01\n"),
                     &diag),
        -1);
    ck_assert_msg(strstr(diag.messages[0].text, "to themselves") != NULL, "%s", diag.messages[0].text);
    diag_init(&diag);
    ck_assert_int_eq(
        parse_grants(b, STR("g.csv"),
                     STR("user,platforms,approved_by,approved_on,second_approved_by,"
                         "second_approved_on\nc,facebook,a.smith,2026-04-01,a.jones,2026-04-02\n"),
                     &diag),
        -1);
    ck_assert_msg(strstr(diag.messages[0].text, "somebody else's") != NULL, "%s", diag.messages[0].text);
    diag_init(&diag);
    ck_assert_int_eq(parse_accounts(b, STR("a.csv"),
                                    STR("platform,account,owner_user,deputy_user,officers\n"
                                        "youtube,@New,H\\A.Jones,c,c a.jones\n"),
                                    &diag),
                     0);
    accounts_follow_people(b);
    account = build_at(b, SECTION_ACCOUNTS, build_count(b, SECTION_ACCOUNTS) - 1);
    ck_assert_built(account->holder, "a.smith");
    ck_assert_built(account->deputy, "c");
    ck_assert_uint_eq(account->officers.n, 2);
    ck_assert_built(*(struct a_str *)build_at(b, SECTION_WORDS, account->officers.at), "c");
    ck_assert_built(*(struct a_str *)build_at(b, SECTION_WORDS, account->officers.at + 1), "a.smith");
}
END_TEST

/* Longer than any sign-in name, and so compared as they are written. */
START_TEST(long_offices_are_told_apart)
{
    enum { LONG = 300 };
    char text[3 * LONG + 200], office[LONG + 1];

    memset(office, 'x', LONG);
    office[LONG] = '\0';
    snprintf(text, sizeof text,
             "user,platforms,approved_by,approved_on,second_approved_by,second_approved_on\n"
             "c,facebook,%s A,2026-04-01,%s B,2026-04-02\n",
             office, office);
    expect_good(parse_grants, text);
    snprintf(text, sizeof text,
             "user,platforms,approved_by,approved_on,second_approved_by,second_approved_on\n"
             "c,facebook,%s A,2026-04-01,%s a,2026-04-02\n",
             office, office);
    expect_error(parse_grants, text, 2, "has given");
}
END_TEST

START_TEST(officers_are_no_crowd)
{
    char text[1024] = "platform,account,officers\nyoutube,@New,";
    size_t n = strlen(text);

    for (int i = 0; i < 64; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "u%d ", i);
    snprintf(text + n, sizeof text - n, "\n");
    expect_good(parse_accounts, text);
    snprintf(text + n, sizeof text - n, "u64\n");
    expect_error(parse_accounts, text, 2, "more than 64 officers");
}
END_TEST

#define GRANTS                                                                                               \
    "user,group,platforms,accounts,activities,approved_by,approved_on,aup_signed_on,policy_read_on,"         \
    "trained_until,expires,document\n"

START_TEST(grants_name_what_they_allow)
{
    const struct a_grant *g;
    const uint32_t *numbers;

    expect_good(parse_grants, GRANTS
                "H\\Alice,,youtube facebook,facebook:Havant.Leisure youtube:@havantbc facebook:123456789,"
                "post;comment,Director,2026-04-01,02/04/2026,3/4/2026,2027-04-01,31/03/2027,APP-1\n"
                ",comms,facebook,HavantBorough,,Director,1/4/2026,,,,,\n"
                "bob,,facebook,,,,,,,,,\n");
    g = build_at(b, SECTION_GRANTS, 0);
    ck_assert_built(g->user, "alice");
    ck_assert_uint_eq(g->group, NO_INDEX);
    ck_assert_uint_eq(g->platforms.n, 2);
    ck_assert_uint_eq(g->accounts.n, 3);
    numbers = build_numbers_at(b, g->accounts);
    ck_assert_uint_eq(numbers[0], 0);
    ck_assert_uint_eq(numbers[1], 1);
    ck_assert_uint_eq(numbers[2], 2);
    ck_assert_uint_eq(g->activities, 1u << ACTIVITY_POST | 1u << ACTIVITY_COMMENT);
    ck_assert_uint_eq(g->aup_day, g->approved_day + 1);
    ck_assert_uint_eq(g->read_day, g->approved_day + 2);
    ck_assert_uint_eq(g->trained_day, g->approved_day + 365);
    ck_assert_uint_eq(g->expires_day, g->approved_day + 364);
    ck_assert_built(g->approved_by, "Director");
    ck_assert_built(g->document, "APP-1");
    g = build_at(b, SECTION_GRANTS, 1);
    ck_assert_uint_eq(g->user.n, 0);
    ck_assert_uint_eq(g->group, 0);
    ck_assert_uint_eq(g->activities, 1u << ACTIVITY_VIEW);
    ck_assert_uint_eq(g->expires_day, 0);
    ck_assert_uint_eq(((struct a_grant *)build_at(b, SECTION_GRANTS, 2))->approved_day, 0);
}
END_TEST

START_TEST(grants_are_checked)
{
    expect_error(parse_grants, GRANTS "alice,comms,facebook,,,,,,,,,\n", 2, "not to both");
    expect_error(parse_grants, GRANTS ",,facebook,,,,,,,,,\n", 2, "signs in");
    expect_error(parse_grants, GRANTS ",coms,facebook,,,,,,,,,\n", 2, "did you mean 'comms'?");
    expect_error(parse_grants, GRANTS "alice,,,,,,,,,,,\n", 2, "at least one platform");
    expect_error(parse_grants, GRANTS "alice,,facebok,,,,,,,,,\n", 2, "did you mean 'facebook'?");
    expect_error(parse_grants, GRANTS "alice,,facebook,HavantBoro,,,,,,,,\n", 2,
                 "did you mean 'HavantBorough'?");
    expect_error(parse_grants, GRANTS "alice,,facebook youtube,HavantBorough,,,,,,,,\n", 2,
                 "write PLATFORM:HavantBorough");
    expect_error(parse_grants, GRANTS "alice,,facebook,youtube:@HavantBC,,,,,,,,\n", 2,
                 "not on one of the grant's");
    expect_error(parse_grants, GRANTS "alice,,facebook,,viw,,,,,,,\n", 2, "did you mean 'view'?");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,D,2026-04-01,,,,2026-03-31,\n", 2,
                 "before it is approved");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,D,04/25/2026,,,,,\n", 2,
                 "looks like month/day/year");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,,2026-04-01,,,,,\n", 2, "who approved");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,D,,,,,,\n", 2, "on which day");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,H\\ALICE,2026-04-01,,,,,\n", 2, "to themselves");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,al\xe2\x80\x8bice,2026-04-01,,,,,\n", 2,
                 "a zero-width space");
    expect_error(parse_grants, GRANTS "alice,,facebook,,,#N/A,2026-04-01,,,,,\n", 2, "a formula that failed");
}
END_TEST

START_TEST(a_grant_stands_once_but_may_be_renewed)
{
    expect_good(parse_grants,
                GRANTS "alice,,facebook,,,D,2026-04-01,,,,,\nalice,,facebook,,,D,2027-04-01,,,,,\n"
                       "alice,,facebook,HavantBorough,,D,2026-04-01,,,,,\nbob,,facebook,,,D,2026-04-01,,,,,\n"
                       "alice,,facebook,,post,D,2026-04-01,,,,,\n");
    ck_assert_uint_eq(build_count(b, SECTION_GRANTS), 5);
    expect_error(parse_grants,
                 GRANTS "alice,,facebook,HavantBorough 123456789,,D,2026-04-01,,,,,\nbob,,facebook,,,,,,,,,\n"
                        "ALICE,,facebook facebook,havantborough,view,E,1/4/2026,2026-05-01,,,,\n",
                 4, "stands in row 2");
}
END_TEST

START_TEST(hosts_get_categories)
{
    const struct a_host *host;

    expect_good(parse_hosts, "host,category,owner,note\n.Casino.Example,gambling,ICT,asked for\n"
                             "pub.example,alcohol gambling,,\n.facebook.com,hate,,\n");
    host = build_host(b, STR("casino.example"));
    ck_assert_uint_eq(host->categories, 1u << CATEGORY_GAMBLING);
    ck_assert_uint_eq(host->flags, HOST_SUBDOMAINS);
    ck_assert_uint_eq(host->platform, NO_INDEX);
    host = build_host(b, STR("pub.example"));
    ck_assert_uint_eq(host->categories, 1u << CATEGORY_ALCOHOL | 1u << CATEGORY_GAMBLING);
    ck_assert_uint_eq(host->flags, 0);
    host = build_host(b, STR("facebook.com"));
    ck_assert_uint_eq(host->categories, 1u << CATEGORY_HATE);
    ck_assert_uint_eq(host->platform, build_find_platform(b, STR("facebook")));
    expect_good(parse_hosts, "host,category\npub.example,alcohol\n"); /* another list may name it, too */
}
END_TEST

START_TEST(hosts_are_checked)
{
    expect_error(parse_hosts, "host,category\nx.example,gamblin\n", 2, "did you mean 'gambling'?");
    expect_error(parse_hosts, "host,category\nhttp://x.example/,adult\n", 2, "no host name");
    expect_error(parse_hosts, "host,category\nx.example,\n", 2, "a host and a category");
    expect_error(parse_hosts, "host,category\nx.example,adult\ny.example,adult\nX.example,adult\n", 4,
                 "above");
}
END_TEST

/* What spreadsheets make of numbers and names, and what browsers show, in both registers that hold accounts.
 */
START_TEST(accounts_are_looked_at_for_what_spreadsheets_do)
{
    static const struct {
        const char *word, *part;
    } wrong[] = {
        {"1.00044E+14", "Excel has written a long number as '1.00044E+14', and its last digits are lost"},
        {"1E+14", "Excel has written a long number"},
        {"1.e+14", "Excel has written a long number"},
        {"6155000000000000", "Excel keeps 15 digits"},
        {"1234567890123450000", "Excel keeps 15 digits"},
        {"\"100,044,123\"", "'100,044,123' is written with commas between its digits"},
        {"=HYPERLINK(x)", "is a formula"},
        {"#NAME?", "a formula that failed"},
        {"Havant\xe2\x80\x8b"
         "BC",
         "a zero-width space (U+200B), which nobody sees, after 'Havant'"},
        {"https://www.facebook.com/HavantBorough", "is an address: write HavantBorough"},
        {"http://facebook.com/HavantBorough/?ref=x#y", "is an address: write HavantBorough"},
        {"facebook.com/HavantBorough/", "is an address: write HavantBorough"},
        {"WWW.Facebook.com/Havant.Borough/posts/1", "is an address: write Havant.Borough"},
        {"https://www.youtube.com/@x",
         "is an address: write only the account's name"}, /* another platform's */
        {"https://other.example/x", "is an address: write only the account's name"},
        {"https://www.facebook.com/", "is an address: write only the account's name"},
    };
    char text[300];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(text, sizeof text, "platform,account,aliases\nfacebook,zzz,yyy\nfacebook,%s,\n",
                 wrong[i].word);
        expect_error(parse_accounts, text, 3, wrong[i].part);
        ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "row 3, column 'account': "));
        snprintf(text, sizeof text, "platform,account,aliases\nfacebook,zzz,%s\n", wrong[i].word);
        expect_error(parse_accounts, text, 2, wrong[i].part);
        ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "column 'aliases': "));
        snprintf(text, sizeof text, "user,platforms,accounts,approved by,approved on\nalice,facebook,%s,,\n",
                 wrong[i].word);
        expect_error(parse_grants, text, 2, wrong[i].part);
    }
}
END_TEST

START_TEST(addresses_are_read_by_the_platforms_map)
{
    static const struct {
        const char *address, *part;
    } known[] = {
        {"https://www.youtube.com/@HavantBC/videos", "write @HavantBC"},
        {"https://www.youtube.com/channel?x=y&id=UCabc", "write UCabc"},
        {"https://m.youtube.com/c/Havant", "write c/Havant"},
        {"https://www.youtube.com/c/Havant", "write only the account's name"},
        {"https://www.youtube.com/Havant", "write Havant"},
        {"https://www.youtube.com/feed", "write only the account's name"},
        {"https://www.youtube.com/about", "write only the account's name"},
    };
    char text[300];

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        snprintf(text, sizeof text, "platform,account\nyoutube,%s\n", known[i].address);
        expect_error(parse_accounts, text, 2, known[i].part);
    }
}
END_TEST

START_TEST(accounts_that_only_look_strange_are_taken)
{
    static const char *const names[] = {"100044123456789",
                                        "1234567890123456",
                                        "12345678901234501",
                                        "'1234567890123450",
                                        "'1.0E+5",
                                        "1e5",
                                        "group.s/x",
                                        "@zzz",
                                        "5"};
    char text[300], name[40];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct a_account *account;

        build_free(b);
        setup();
        snprintf(text, sizeof text, "platform,account\nfacebook,%s\n", names[i]);
        expect_good(parse_accounts, text);
        account = build_at(b, SECTION_ACCOUNTS, 3);
        snprintf(name, sizeof name, "%s", names[i] + (names[i][0] == '\''));
        ck_assert_built(account->name, name);
    }
    ck_assert_uint_ne(build_find_alias(b, build_find_platform(b, STR("facebook")), STR("5")), NO_INDEX);
    expect_good(parse_accounts, "platform,account,aliases\nfacebook,@handle,'1234567890123450 '77\n");
    ck_assert_uint_ne(build_find_alias(b, build_find_platform(b, STR("facebook")), STR("handle")), NO_INDEX);
    ck_assert_uint_ne(build_find_alias(b, build_find_platform(b, STR("facebook")), STR("1234567890123450")),
                      NO_INDEX);
    ck_assert_uint_ne(build_find_alias(b, build_find_platform(b, STR("facebook")), STR("77")), NO_INDEX);
}
END_TEST

START_TEST(sign_in_names_are_looked_at_for_what_spreadsheets_do)
{
    static const struct {
        const char *cell, *part;
    } wrong[] = {
        {"02-Jan", "reads like a date: Excel makes dates of names such as jan2"},
        {"1.00E+05", "is a number that Excel shortened"},
        {"o\xe2\x80\x99neil", "has a curly quotation mark"},
        {"al\xe2\x80\x8bice", "a zero-width space (U+200B), which nobody sees, after 'al'"},
        {"alice;comms", "is no name with which a person signs in"},
        {"\"alice,comms\"", "is no name with which a person signs in"},
        {"al\xc2\xa0ice", "is no name with which a person signs in"},
        {"<alice>", "is no name with which a person signs in"},
        {"########", "when a column is too narrow"},
        {"=A1", "is a formula"},
    };
    char text[200];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(text, sizeof text, "user,groups\nbob,comms\n%s,comms\ncarol,\n", wrong[i].cell);
        expect_error(parse_members, text, 3, wrong[i].part);
        ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "row 3, column 'user': "));
        ck_assert_uint_eq(build_count(b, SECTION_MEMBERS), 2);
    }
    build_free(b);
    setup();
    expect_good(parse_members, "user\n'0123\no'neil\nzo\xc3\xab\n\xe2\x80\x8bHAVANT\\dave\xc2\xa0\n");
    ck_assert_built(((struct a_member *)build_at(b, SECTION_MEMBERS, 0))->user, "0123");
    ck_assert_built(((struct a_member *)build_at(b, SECTION_MEMBERS, 3))->user, "dave");
}
END_TEST

/* The same facts as an officer of another council may have saved them. */
START_TEST(a_register_may_be_saved_in_many_ways)
{
    static const char *const sheets[] = {
        "user,platforms,accounts,approved by,approved on\nalice,facebook,HavantBorough "
        "123456789,O\xe2\x80\x99Neil,"
        "2026-04-01\n",
        "sep=;\r\nUser;Platforms;Accounts;\"Approved\r\nby\";Approved on;;\r\nHAVANT\\Alice;facebook;"
        "\"@HavantBorough;'123456789\";O\xe2\x80\x99Neil;Wednesday, 1 April 2026;;\r\n;;;;;;\r\n",
        "Grants,,,,\nUSER,Platforms,Accounts,Approved-By,APPROVED ON\nalice@havant.gov.uk,facebook,"
        "\"HavantBorough, "
        "123456789\",O\xe2\x80\x99Neil,01-Apr-26\nUSER,Platforms,Accounts,Approved-By,APPROVED ON\n",
        "user\tplatforms\taccounts\tapproved_by\tapproved_on\nALICE\tfacebook\thavant."
        "borough\tO\xe2\x80\x99Neil\t"
        "01/04/2026 00:00:00\n",
    };

    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        const struct a_grant *g;

        build_free(b);
        setup();
        expect_good(parse_grants, sheets[i]);
        ck_assert_uint_eq(build_count(b, SECTION_GRANTS), 1);
        g = build_at(b, SECTION_GRANTS, 0);
        ck_assert_built(g->user, "alice");
        ck_assert_built(g->approved_by, "O\xe2\x80\x99Neil");
        ck_assert_uint_eq(g->accounts.n, 1);
        ck_assert_uint_eq(g->approved_day, 20544);
    }
}
END_TEST

/* Rows as the spreadsheet counts them, lines as the file has them. */
START_TEST(duplicates_name_both_rows)
{
    static const char text[] = "user,groups\n\"alice\",\"comms\n\nleisure\"\nbob,\nH\\ALICE,\n";

    expect_error(parse_members, text, 6,
                 "row 4 (line 6 of the file), column 'user': 'alice' has a row already, row 2");
}
END_TEST

START_TEST(twenty_messages_are_kept_and_the_rest_counted)
{
    char text[4000];
    size_t n = (size_t)snprintf(text, sizeof text, "user,class\n");

    for (int i = 0; i < 50; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "user%d,%s\n", i, i % 2 ? "nobody" : "employee");
    ck_assert_int_eq(parse_members(b, STR("m.csv"), str_of(text), &diag), -1);
    ck_assert_uint_eq(diag.n, DIAG_MAX);
    ck_assert_uint_eq(diag.errors, 25);
    for (unsigned i = 0; i < DIAG_MAX; i++)
        ck_assert_uint_eq(diag.messages[i].line, 3 + 2 * i);
}
END_TEST

#define IDENTITIES "platform,account,profile,user,digest,key,enrolled_on,confirmed_by,confirmed_on,note\n"
#define DIGEST "d-7dd3512ed8d89316fdeb8d2d3874255d"
#define KEY "k-dcf6973d"

/* Something that tells who is signed in, so that rows are of use. */
static void add_identity_row(void)
{
    ck_assert_int_eq(parse_map(b, STR("x.map"),
                               STR("platform x \"X\"\nclass social\nversion 1\nhost main x.com\n"
                                   "account {account} path /{account}/**\nidentity cookie twid\n"),
                               &diag),
                     0);
    ck_assert_int_eq(parse_accounts(b, STR("accounts.csv"), STR("platform,account\nx,Havant\n"), &diag), 0);
}

START_TEST(identities_stand_for_accounts_or_for_persons)
{
    const struct a_identity *row;

    add_identity_row();
    expect_good(parse_identities, IDENTITIES
                "x,Havant,account,a.officer," DIGEST "," KEY ",2026-04-01,Director,02/04/2026,made for work\n"
                "x,@havant,Own,DOM\\B.Officer,D-7DD3512ED8D89316FDEB8D2D3874255E," KEY
                ",,Director,2026-04-02,\n");
    ck_assert_uint_eq(build_count(b, SECTION_IDENTITIES), 2);
    row = build_at(b, SECTION_IDENTITIES, 0);
    ck_assert_uint_eq(row->user.n, 0);
    ck_assert_uint_eq(row->key, 0xdcf6973d);
    ck_assert_uint_eq(((unsigned char *)row->digest)[0], 0x7d);
    row = build_at(b, SECTION_IDENTITIES, 1);
    ck_assert_built(row->user, "b.officer");
    ck_assert_uint_eq(diag.n, 0);
}
END_TEST

START_TEST(an_identity_without_a_confirmation_counts_for_nothing)
{
    add_identity_row();
    expect_good(parse_identities, IDENTITIES "x,Havant,own,a.officer," DIGEST "," KEY ",2026-04-01,,,\n");
    ck_assert_uint_eq(build_count(b, SECTION_IDENTITIES), 0);
    ck_assert_uint_eq(diag.n, 1);
    ck_assert_int_eq(diag.messages[0].severity, SEVERITY_WARNING);
    ck_assert_uint_eq(diag.messages[0].line, 2);
    ck_assert_ptr_nonnull(
        strstr(diag.messages[0].text, "row 2, column 'confirmed_by': nobody has confirmed what 'a.officer'"));
}
END_TEST

START_TEST(an_identity_where_none_is_told_is_doubtful)
{
    expect_good(parse_identities,
                IDENTITIES "youtube,@HavantBC,own,a," DIGEST "," KEY ",,Director,2026-04-02,\n");
    ck_assert_uint_eq(diag.n, 1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "do not say who is signed in"));
}
END_TEST

START_TEST(identities_are_checked)
{
#define ROW(digest, key)                                                                                     \
    IDENTITIES "facebook,HavantBorough,own,a.user," digest "," key ",2026-04-01,Director,2026-04-02,\n"
    expect_error(parse_identities, IDENTITIES "facebok,X,own,a," DIGEST "," KEY ",,,,\n", 2,
                 "did you mean 'facebook'?");
    expect_error(parse_identities, IDENTITIES "facebook,HavantBorugh,own,a," DIGEST "," KEY ",,,,\n", 2,
                 "did you mean 'HavantBorough'?");
    expect_error(parse_identities, IDENTITIES "facebook,,own,a," DIGEST "," KEY ",,,,\n", 2,
                 "which registered account");
    expect_error(parse_identities, IDENTITIES "facebook,HavantBorough,onw,a," DIGEST "," KEY ",,,,\n", 2,
                 "did you mean 'own'?");
    expect_error(parse_identities, IDENTITIES "facebook,HavantBorough,own,," DIGEST "," KEY ",,,,\n", 2,
                 "needs the name with which the person signs in");
    expect_error(parse_identities, ROW("", KEY), 2, "let the person enrol");
    expect_error(parse_identities, ROW("d-7dd3", KEY), 2,
                 "'d-7dd3' is no digest: it has 'd-' and 32 hexadecimal");
    expect_error(parse_identities, ROW("1.23E+31", KEY), 2,
                 "row 2, column 'digest': '1.23E+31' is what a spreadsheet made");
    expect_error(parse_identities, ROW("123456789012345", KEY), 2, "which it took for a number");
    expect_error(parse_identities, ROW(DIGEST, "1.2E+7"), 2,
                 "row 2, column 'key': '1.2E+7' is what a spreadsheet made");
    expect_error(parse_identities, ROW(DIGEST, "697312"), 2, "which it took for a number");
    expect_error(parse_identities, ROW(DIGEST, ""), 2, "which key");
    expect_error(parse_identities, ROW(DIGEST, "k-00000000"), 2, "is no key's name");
#undef ROW
#define ROW(rest) IDENTITIES "facebook,HavantBorough,own,a.user," DIGEST "," KEY "," rest ",\n"
    expect_error(parse_identities, ROW("2026-04-01,A.User,2026-04-02"), 2,
                 "'A.User' enrolled, and cannot confirm it");
    expect_error(parse_identities, ROW("2026-04-01,DOM\\a.user,2026-04-02"), 2, "cannot confirm it");
    expect_error(parse_identities, ROW("2026-04-01,Director,"), 2, "on which day");
    expect_error(parse_identities, ROW("2026-04-01,,2026-04-02"), 2, "who confirmed?");
    expect_error(parse_identities, ROW("2026-04-03,Director,2026-04-02"), 2, "before it was enrolled");
    expect_error(parse_identities, ROW("2026-04-31,Director,2026-05-02"), 2, "column 'enrolled_on'");
#undef ROW
#define ROW IDENTITIES "facebook,HavantBorough,own,a.user," DIGEST "," KEY ",,Director,2026-04-02,\n"
    expect_error(parse_identities,
                 ROW "facebook,HavantBorough,own,A.User," DIGEST "," KEY ",,Chief,2026-04-02,\n", 3,
                 "the same sign-in stands in row 2");
    expect_error(parse_identities,
                 ROW "facebook,HavantBorough,own,b.user," DIGEST ",k-12345678,,Chief,2026-04-02,\n", 3,
                 "made with the key k-12345678, that of row 2 with k-dcf6973d");
#undef ROW
}
END_TEST

/* Registers of a large council: linear, or this takes minutes and the test's time is up. */
START_TEST(fifty_thousand_rows_are_read_at_once)
{
    enum { ROWS = 50000, ROOM = ROWS * 80 + 200 };
    char *text = malloc(ROOM);
    size_t n = (size_t)snprintf(text, ROOM, "%s", "user,groups\n");

    for (int i = 0; i < ROWS; i++)
        n += (size_t)snprintf(text + n, ROOM - n, "user%d,comms leisure\n", i);
    ck_assert_int_eq(parse_members(b, STR("m.csv"), (struct str){text, n}, &diag), 0);
    ck_assert_uint_eq(build_count(b, SECTION_MEMBERS), ROWS);
    n = (size_t)snprintf(text, ROOM, "%s", "platform,account,aliases\n");
    for (int i = 0; i < ROWS; i++)
        n += (size_t)snprintf(text + n, ROOM - n, "facebook,account%d,9%07d other%d\n", i, i, i);
    ck_assert_int_eq(parse_accounts(b, STR("a.csv"), (struct str){text, n}, &diag), 0);
    n = (size_t)snprintf(text, ROOM, "%s", "user,platforms,accounts,approved_by,approved_on\n");
    for (int i = 0; i < ROWS; i++)
        n += (size_t)snprintf(text + n, ROOM - n, "user%d,facebook,other%d,Director,2026-04-01\n", i, i);
    ck_assert_int_eq(parse_grants(b, STR("g.csv"), (struct str){text, n}, &diag), 0);
    ck_assert_uint_eq(build_count(b, SECTION_GRANTS), ROWS);
    n = (size_t)snprintf(text, ROOM, "%s", "host,category\n");
    for (int i = 0; i < ROWS; i++)
        n += (size_t)snprintf(text + n, ROOM - n, ".host%d.example,adult\n", i);
    ck_assert_int_eq(parse_hosts(b, STR("h.csv"), (struct str){text, n}, &diag), 0);
    n = (size_t)snprintf(text, ROOM, "%s", "user,platforms,accounts,approved_by,approved_on\n");
    for (int i = 0; i < ROWS; i++) /* every row wrong: only the first messages look for the nearest name */
        n += (size_t)snprintf(text + n, ROOM - n, "user%d,facebook,nobody%d,Director,2026-04-01\n", i, i);
    ck_assert_int_eq(parse_grants(b, STR("g.csv"), (struct str){text, n}, &diag), -1);
    ck_assert_uint_eq(diag.errors, ROWS);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registers");
    TCase *tests = tcase_create("registers");

    tcase_set_timeout(tests, 30);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, accounts_go_by_all_their_names);
    tcase_add_test(tests, accounts_are_checked);
    tcase_add_test(tests, members_have_groups_and_a_class);
    tcase_add_test(tests, members_are_checked);
    tcase_add_test(tests, people_are_known_under_all_their_names);
    tcase_add_test(tests, people_are_checked);
    tcase_add_test(tests, a_grant_follows_its_person);
    tcase_add_test(tests, an_earlier_name_is_the_same_person);
    tcase_add_test(tests, long_offices_are_told_apart);
    tcase_add_test(tests, officers_are_no_crowd);
    tcase_add_test(tests, grants_name_what_they_allow);
    tcase_add_test(tests, grants_are_checked);
    tcase_add_test(tests, a_grant_stands_once_but_may_be_renewed);
    tcase_add_test(tests, hosts_get_categories);
    tcase_add_test(tests, hosts_are_checked);
    tcase_add_test(tests, accounts_are_looked_at_for_what_spreadsheets_do);
    tcase_add_test(tests, addresses_are_read_by_the_platforms_map);
    tcase_add_test(tests, accounts_that_only_look_strange_are_taken);
    tcase_add_test(tests, sign_in_names_are_looked_at_for_what_spreadsheets_do);
    tcase_add_test(tests, identities_stand_for_accounts_or_for_persons);
    tcase_add_test(tests, an_identity_without_a_confirmation_counts_for_nothing);
    tcase_add_test(tests, an_identity_where_none_is_told_is_doubtful);
    tcase_add_test(tests, identities_are_checked);
    tcase_add_test(tests, a_register_may_be_saved_in_many_ways);
    tcase_add_test(tests, duplicates_name_both_rows);
    tcase_add_test(tests, twenty_messages_are_kept_and_the_rest_counted);
    tcase_add_test(tests, fifty_thousand_rows_are_read_at_once);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
