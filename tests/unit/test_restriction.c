/* Restrictions: their maps, the values that rules give them, what is put into a request, and the maps that are
 * shipped. */
#include "compile/compile.h"
#include "core/restrict.h"
#include "policy_fixture.h"
#include "unit.h"

#include <unistd.h>

#define END "    confidence verified\n    checked 2026-01-01\n    source \"s\"\n"
#define HEAD "restriction r \"R\"\n    hosts a.example\n"

static const char sites[] = "restriction mode \"Mode\"\n    hosts www.tube.example .api.tube.example\n"
                            "    header X-Mode one-of Strict Moderate\n    without X-Free\n" END
                            "restriction search \"Search\"\n    hosts find.example\n    paths /search\n"
                            "    query safe is active\n    query ui is on\n" END
                            "restriction spaces \"Spaces\"\n    hosts chat.example\n    header X-Asker token\n"
                            "    header X-Spaces tokens\n" END
                            "restriction tenants \"T\"\n    hosts login.example\n    header X-T tenants\n"
                            "    header X-C guid\n" END
                            "restriction pair \"P\"\n    hosts login.example\n    header X-P guid-pair\n" END
                            "restriction tried \"Tried\"\n    hosts find.example\n    query f is 1\n"
                            "    confidence disputed\n    checked 2026-01-01\n    source \"s\"\n";

static const char head[] = "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\n"
                           "approved-by \"A\" on 2026-03-18\nreview-due 2027-03-31\ndefault allow\n"
                           "unsure refuse page p\nmalformed refuse page p\n"
                           "group comms \"Communications\" people employee\n";

#define WHY "    because \"b\"\n    cite \"c\"\n"

static const char page[] = "status 403\ntitle \"Web access\"\nh1 \"No\"\np \"No.\"\nwhy rule\n";

static struct diag diag;
static struct policy *policy;
static unsigned char *bytes;

/* Everything that is said of a policy with these rules and maps, one line a message; opened when it is sound. */
static const char *compile(const char *rules, const char *maps)
{
    static char said[4096];
    char text[8192];
    struct source_file files[] = {{STR("council.policy"), {text, 0}},
                                  {STR("pages/p.page"), str_of(page)},
                                  {STR("platforms/x.map"), STR("platform x \"X\"\nclass social\nversion 1\n"
                                                               "host main x.example\n")},
                                  {STR("registers/members.csv"), STR("user,groups\na.user,comms\n")},
                                  {STR("restrictions/sites.map"), str_of(maps)}};
    struct source s = {files, 5};
    size_t size, n = 0;

    policy_free(policy);
    free(bytes);
    policy = NULL;
    bytes = NULL;
    diag_init(&diag);
    files[0].text.n = (size_t)snprintf(text, sizeof text, "%s%s", head, rules);
    if (compile_source(&s, FIXTURE_TODAY, 0, &bytes, &size, &diag) == 0)
        ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &diag), 0);
    said[0] = '\0';
    for (unsigned i = 0; i < diag.n; i++)
        if (diag.messages[i].severity != SEVERITY_NOTE)
            n += (size_t)snprintf(said + n, sizeof said - n, "%u:%u: %s\n", diag.messages[i].line,
                                  diag.messages[i].column, diag.messages[i].text);
    return said;
}

static void expect_said(const char *rules, const char *maps, const char *part)
{
    const char *said = compile(rules, maps);

    ck_assert_msg(strstr(said, part) != NULL, "\"%s\" is not in: %s(%s)", part, said, rules);
}

/* ---- maps ---- */

static const struct {
    const char *map, *part;
} bad_maps[] = {
    {"restiction r \"R\"\n", "1:1: unknown statement 'restiction': did you mean 'restriction'?"},
    {"restriction r\n", "'restriction' is followed by its id and its name in quotes"},
    {"restriction R \"R\"\n" END, "an id is made of a-z, 0-9 and '-'"},
    {HEAD "    header X is y\n" END HEAD "    header X is y\n" END, "there is a restriction 'r' already"},
    {HEAD "    heder X is y\n" END, "3:5: unknown line of a restriction 'heder': did you mean 'header'?"},
    {HEAD END, "puts nothing in"},
    {HEAD "    without X\n" END, "puts nothing in"},
    {"restriction r \"R\"\n    header X is y\n" END, "add a line 'hosts"},
    {HEAD "    header X is y\n    checked 2026-01-01\n    source \"s\"\n", "add a line 'confidence' and 'verified'"},
    {HEAD "    header X is y\n    confidence verified\n    source \"s\"\n", "add a line 'checked'"},
    {HEAD "    header X is y\n    confidence verified\n    checked 2026-01-01\n", "add a line 'source'"},
    {HEAD "    header X is y\n    confidence certain\n", "unknown confidence 'certain'"},
    {HEAD "    header X is y\n    confidence verified\n" END, "'confidence' was said already"},
    {HEAD "    header X oneof a b\n" END, "3:14: unknown shape of a value 'oneof': did you mean 'one-of'?"},
    {HEAD "    header X one-of a\n" END, "'one-of' is followed by two words or more"},
    {HEAD "    header X is\n" END, "'is' must be followed by the value"},
    {HEAD "    header X\n" END, "is followed by a name and the shape of its value"},
    {HEAD "    header X is y z\n" END, "too much"},
    {HEAD "    header \"X Y\" is y\n" END, "is no name of a header or parameter"},
    {HEAD "    header \"X:\" is y\n" END, "is no name of a header or parameter"},
    {HEAD "    header Host is y\n" END, "the header 'Host' is not a restriction's to change"},
    {HEAD "    header content-length is 1\n" END, "is not a restriction's to change"},
    {HEAD "    header X-Portreeve-Bump is yes\n" END, "is not a restriction's to change"},
    {HEAD "    without Proxy-Authorization\n    header X is y\n" END, "is not a restriction's to change"},
    {HEAD "    header X is \"a\rb\"\n" END, "a byte that is no text (0x0d)"},
    {HEAD "    header X is \"a\tb\"\n" END, "no line break, no control byte"},
    {HEAD "    header X is \"caf\xc3\xa9\"\n" END, "printable ASCII only"},
    {HEAD "    header X is \" a\"\n" END, "neither begins nor ends with a blank"},
    {HEAD "    query safe is \"a&b=c\"\n" END, "a parameter's value is made of"},
    {HEAD "    query \"sa&fe\" is a\n" END, "is no name of a header or parameter"},
    {HEAD "    header X is y\n    without x\n" END, "'x' was said already"},
    {HEAD "    header A is y\n    header B is y\n    header C is y\n    header D is y\n    header E is y\n" END,
     "at most 4 headers and parameters"},
    {HEAD "    paths search\n    header X is y\n" END, "'search' is no path template"},
    {HEAD "    paths /{account}\n    header X is y\n" END, "a restriction's path catches nothing"},
    {"restriction r \"R\"\n    hosts a..example\n    header X is y\n" END, "is no host name"},
    {HEAD "    header X is y\n    confidence verified\n    checked yesterday\n    source \"s\"\n", "yesterday"},
};

START_TEST(a_bad_map_says_what_is_wrong)
{
    expect_said("", bad_maps[_i].map, bad_maps[_i].part);
    ck_assert_ptr_null(policy);
}
END_TEST

/* ---- the values that rules give ---- */

#define GUID "00000000-1111-2222-3333-444444444444"

static const struct {
    const char *rule, *part;
} bad_rules[] = {
    {"set s\n" WHY, "10:5: set 's' sets nothing: add a line 'restriction'"},
    {"set s\n    restriction\n" WHY, "'restriction' must be followed by the id of one"},
    {"set s\n    restriction mod strict\n" WHY, "11:17: unknown restriction 'mod': did you mean 'mode'?"},
    {"set s\n    restriction mode stict\n" WHY, "11:22: unknown value 'stict': did you mean 'strict'?"},
    {"set s\n    restriction mode\n" WHY, "'mode' needs a value for header 'X-Mode': one of these words"},
    {"set s\n    restriction mode strict moderate\n" WHY, "'moderate' is too much here: 'mode' takes 1 value"},
    {"set s\n    restriction search yes\n" WHY, "'yes' is too much here: 'search' takes no value"},
    {"set s\n    restriction spaces T1\n" WHY, "needs a value for header 'X-Spaces'"},
    {"set s\n    restriction spaces \"T 1\" T1\n" WHY, "'T 1' is no id"},
    {"set s\n    restriction spaces \"T1\r\" T1\n" WHY, "a byte that is no text (0x0d)"},
    {"set s\n    restriction spaces T1 \"T1,\tX-Evil: 1\"\n" WHY, "'X-Evil: 1' in"},
    {"set s\n    restriction spaces T1 T1,T1\n" WHY, "'T1' stands twice in this list"},
    {"set s\n    restriction spaces T1 T1,,T2\n" WHY, "'' in 'T1,,T2'"},
    {"set s\n    restriction tenants \"a b\" " GUID "\n" WHY, "'a b' in"},
    {"set s\n    restriction tenants a.example not-a-guid\n" WHY, "'not-a-guid' is no GUID"},
    {"set s\n    restriction pair " GUID "\n" WHY, "is no pair of GUIDs"},
    {"set s\n    restriction mode strict\n    restriction mode moderate\n" WHY, "sets that restriction already"},
    {"set s\n    restriction mode strict\n    page p\n" WHY, "nobody would see its page"},
    {"forbid f\n    restriction mode strict\n" WHY, "'restriction' is a line of 'set': this rule is a forbid"},
    {"restriction mode strict\n", "is a line of a rule: put white space in front of it"},
    {"set s\n    restriction mode strict\nset t\n    resriction mode strict\n", "did you mean 'restriction'?"},
};

START_TEST(a_bad_rule_says_what_is_wrong)
{
    expect_said(bad_rules[_i].rule, sites, bad_rules[_i].part);
    ck_assert_ptr_null(policy);
}
END_TEST

static const struct {
    const char *rules, *part;
} doubtful[] = {
    {"set s\n    restriction tried\n" WHY, "that 'tried' works is disputed: sources say otherwise, too"},
    {"never-bump .tube.example\nset s\n    restriction mode strict\n" WHY,
     "'mode' cannot be set at 'www.tube.example', which is never-bump"},
    {"must-work find.example\nset s\n    restriction search\n" WHY,
     "'search' cannot be set at 'find.example', which is must-work"},
    {"set s\n    restriction mode strict\n", "set 's' has no because, no cite"},
    {"set s\n    restriction spaces T1 T1\n" WHY "set t\n    restriction spaces T2 T2\n" WHY,
     "set 't' and set 's' (line 10) give the same people different values of 'spaces', of which neither is the "
     "stricter: put an 'except' into one of them [differing]"},
    {"set s\n    restriction mode strict\n    user known\n    user unknown\n" WHY, "set 's' can never match"},
    {"forbid f\n    host .tube.example\n    page p\n" WHY "set s\n    restriction mode strict\n    host .tube.example\n" WHY,
     "set 's' never sets anything: forbid 'f' (line 10) refuses all of it"},
};

START_TEST(what_is_doubtful_is_told)
{
    expect_said(doubtful[_i].rules, sites, doubtful[_i].part);
    ck_assert_ptr_nonnull(policy);
}
END_TEST

START_TEST(what_is_in_order_says_nothing)
{
    ck_assert_str_eq(compile("set s\n    restriction mode strict\n    restriction search\n" WHY
                             "set t\n    restriction mode moderate\n    group comms\n" WHY
                             "set u\n    restriction spaces T1 T1\n    group comms\n" WHY
                             "set v\n    restriction spaces T2 T2\n    except group comms\n" WHY,
                             sites),
                     "");
}
END_TEST

START_TEST(what_adds_nothing_is_noted)
{
    bool noted = false;

    compile("set s\n    restriction mode strict\n" WHY "set t\n    restriction mode strict\n    group comms\n" WHY, sites);
    for (unsigned i = 0; i < diag.n; i++)
        noted |= strstr(diag.messages[i].text, "set 't' adds nothing: set 's' (line 10)") != NULL;
    ck_assert(noted);
}
END_TEST

/* Nine restrictions at one host: one more than a verdict has room for. */
START_TEST(more_than_eight_at_one_host_are_an_error)
{
    char maps[4096], rule[2048];
    size_t n = 0, m = (size_t)snprintf(rule, sizeof rule, "set s\n");

    for (int i = 0; i < 9; i++) {
        n += (size_t)snprintf(maps + n, sizeof maps - n,
                              "restriction r%d \"R\"\n    hosts %sa.b.example\n    header X-%d is y\n" END, i,
                              i % 2 ? "." : i % 3 ? "" : ".b.example ", i);
        m += (size_t)snprintf(rule + m, sizeof rule - m, "    restriction r%d\n", i);
    }
    snprintf(rule + m, sizeof rule - m, WHY);
    expect_said(rule, maps, "more than 8 restrictions meet at");
    ck_assert_ptr_null(policy);
    m -= strlen("    restriction r8\n");
    snprintf(rule + m, sizeof rule - m, WHY);
    ck_assert_str_eq(compile(rule, maps), "");
    ck_assert_ptr_nonnull(policy);
}
END_TEST

/* ---- what is put in ---- */

static struct scratch *scratch;

static struct verdict judge(const char *target)
{
    const struct snapshot snapshot = {.policy = policy};
    struct request r = {.method = STR("GET"), .target = str_of(target), .user = STR("a.user"), .body_whole = true};

    return policy_judge(&snapshot, NULL, &r, scratch);
}

/* "X-Mode: Strict; -X-Free; safe=active" */
static const char *changes_at(const char *target)
{
    static char said[4096];
    struct verdict v = judge(target);
    struct change changes[CHANGES_MAX];
    uint32_t n = restrict_changes(policy_artefact(policy), &v, false, changes);
    struct text t;

    text_init(&t, said, sizeof said - 1);
    for (uint32_t i = 0; i < n; i++) {
        text_puts(&t, i ? "; " : "");
        text_puts(&t, changes[i].kind == PLACE_WITHOUT ? "-" : "");
        text_put(&t, changes[i].name);
        text_puts(&t, changes[i].kind == PLACE_HEADER ? ": " : changes[i].kind == PLACE_QUERY ? "=" : "");
        text_put(&t, changes[i].value);
    }
    said[t.n] = '\0';
    return said;
}

START_TEST(values_are_sent_as_the_map_or_the_rule_writes_them)
{
    ck_assert_str_eq(compile("set s\n    restriction mode MODERATE\n    restriction spaces T1 \"T1 , t2\"\n"
                             "    restriction tenants \"Council.Example,  " GUID "\" " GUID "\n" WHY,
                             sites),
                     "");
    ck_assert_str_eq(changes_at("https://www.tube.example/"), "X-Mode: Moderate; -X-Free");
    ck_assert_str_eq(changes_at("https://chat.example/"), "X-Asker: T1; X-Spaces: T1,t2");
    ck_assert_str_eq(changes_at("https://login.example/"), "X-T: council.example," GUID "; X-C: " GUID);
    ck_assert_str_eq(changes_at("https://find.example/search"), "");
    ck_assert_uint_eq(policy_artefact(policy)->n[SECTION_RESTRICTED], 4); /* of what is set, and no other */
}
END_TEST

START_TEST(a_name_that_two_restrictions_share_is_the_firsts)
{
    static const char shared[] = "restriction a \"A\"\n    hosts h.example\n    without X-C\n    header X-A is one\n" END
                                 "restriction b \"B\"\n    hosts h.example\n    header x-a is two\n    header X-C is c\n"
                                 "    query X-A is q\n" END;

    ck_assert_str_eq(compile("set s\n    restriction b\n    restriction a\n" WHY, shared), "");
    ck_assert_str_eq(changes_at("https://h.example/"), "X-A: one; X-C: c; X-A=q");
}
END_TEST

static const struct {
    const char *from, *to;
} targets[] = {
    {"https://h/search", "https://h/search?safe=active&ui=on"},
    {"https://h/search?", "https://h/search?safe=active&ui=on"},
    {"https://h", "https://h?safe=active&ui=on"},
    {"https://h?q=1", "https://h?q=1&safe=active&ui=on"},
    {"https://h/s?q=1#top", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?q=1&safe=off", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?safe=off&q=1&ui=off&safe=off", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?SaFe=off&q=1", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?%73%61%66%65=off&q=1", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?%2573afe=off&q=1", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?%252573afe=off&q=1", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?+safe=off&%20safe=off&safe%00=1&q=1", "https://h/s?q=1&safe=active&ui=on"},
    {"https://h/s?q=1;safe=off;b=2", "https://h/s?q=1;b=2&safe=active&ui=on"},
    {"https://h/s?safe", "https://h/s?safe=active&ui=on"},
    {"https://h/s?safe%3Doff&q=1", "https://h/s?safe%3Doff&q=1&safe=active&ui=on"},
    {"https://h/s?q=safe=off", "https://h/s?q=safe=off&safe=active&ui=on"},
    {"https://h/s?a&&b", "https://h/s?a&&b&safe=active&ui=on"},
    {"https://h/s?%&%7&q=%zz", "https://h/s?%&%7&q=%zz&safe=active&ui=on"},
};

START_TEST(the_address_has_each_parameter_once)
{
    static const struct change changes[] = {{PLACE_HEADER, {"X", 1}, {"y", 1}, 0},
                                            {PLACE_QUERY, {"safe", 4}, {"active", 6}, 0},
                                            {PLACE_QUERY, {"ui", 2}, {"on", 2}, 0}};
    char to[512];
    struct text t;

    text_init(&t, to, sizeof to);
    ck_assert(restrict_target(changes, 3, str_of(targets[_i].from), &t));
    ck_assert_slice(text_str(&t), targets[_i].to);
    text_init(&t, to, 20);
    restrict_target(changes, 3, STR("https://h/search?q=1"), &t);
    ck_assert(t.cut);
}
END_TEST

/* ---- the shipped maps ---- */

static const struct {
    const char *restriction, *target, *changes;
} shipped[] = {
    {"youtube-restrict strict", "https://www.youtube.com/watch?v=1", "YouTube-Restrict: Strict"},
    {"youtube-restrict moderate", "https://youtubei.googleapis.com/youtubei/v1/player", "YouTube-Restrict: Moderate"},
    {"youtube-restrict moderate", "https://www.youtube-nocookie.com/embed/x", "YouTube-Restrict: Moderate"},
    {"youtube-restrict moderate", "https://fonts.googleapis.com/css", ""},
    {"google-safe-search", "https://www.google.com/search?q=x", "safe=active; ssui=on"},
    {"google-safe-search", "https://www.google.co.uk/", "safe=active; ssui=on"},
    {"google-safe-search", "https://mail.google.com/mail", ""},
    {"google-safe-search", "https://www.google.com/maps/place/x", ""},
    {"bing-safe-search", "https://www.bing.com/images/search?q=x", "adlt=strict"},
    {"bing-safe-search", "https://www.bing.com/maps", ""},
    {"duckduckgo-safe-search", "https://duckduckgo.com/?q=x", "kp=1; p=1"},
    {"yahoo-safe-search", "https://uk.search.yahoo.com/search?p=x", "vm=r"},
    {"yahoo-safe-search", "https://www.yahoo.com/search?p=x", ""},
    {"yandex-safe-search", "https://yandex.com/search/?text=x", "fyandex=1"},
    {"google-accounts council.example,school.example", "https://accounts.google.com/x",
     "X-GoogApps-Allowed-Domains: council.example,school.example"},
    {"microsoft-tenants council.example " GUID, "https://login.microsoftonline.com/common",
     "Restrict-Access-To-Tenants: council.example; Restrict-Access-Context: " GUID},
    {"microsoft-tenants council.example " GUID, "https://login.live.com/", ""},
    {"microsoft-personal", "https://login.live.com/", "sec-Restrict-Tenant-Access-Policy: restrict-msa"},
    {"microsoft-tenants-v2 " GUID ":" GUID "\n    restriction microsoft-personal", "https://login.live.com/",
     "sec-Restrict-Tenant-Access-Policy: " GUID ":" GUID "; -Restrict-Access-To-Tenants"},
    {"slack-workspaces T0 T0,T1", "https://council.slack.com/",
     "X-Slack-Allowed-Workspaces-Requester: T0; X-Slack-Allowed-Workspaces: T0,T1"},
    {"dropbox-teams 123456789", "https://www.dropbox.com/login", "X-Dropbox-allowed-Team-Ids: 123456789"},
    {"github-enterprise council", "https://api.github.com/user", "sec-GitHub-allowed-enterprise: council"},
    {"github-enterprise council", "https://council.github.io/", ""},
    {"chatgpt-workspace " GUID, "https://chatgpt.com/", "ChatGPT-Allowed-Workspace-Id: " GUID},
};

static char *shipped_maps(void)
{
    char *content = fixture_file("policy-maps/restrictions", "content.map"),
         *tenants = fixture_file("policy-maps/restrictions", "tenants.map");
    size_t n = strlen(content) + strlen(tenants) + 1;
    char *both = malloc(n);

    snprintf(both, n, "%s%s", content, tenants);
    free(content);
    free(tenants);
    return both;
}

START_TEST(the_shipped_maps_say_what_sites_ask_for)
{
    char *maps = shipped_maps(), rule[512];

    snprintf(rule, sizeof rule, "set s\n    restriction %s\n" WHY, shipped[_i].restriction);
    compile(rule, maps);
    ck_assert_msg(policy != NULL, "%s", diag.messages[0].text);
    ck_assert_str_eq(changes_at(shipped[_i].target), shipped[_i].changes);
    free(maps);
}
END_TEST

static void setup(void)
{
    scratch = scratch_new();
}

static void teardown(void)
{
    policy_free(policy);
    free(bytes);
    policy = NULL;
    bytes = NULL;
    scratch_free(scratch);
}

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *s = suite_create("restriction");
    TCase *t = tcase_create("restriction");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, a_bad_map_says_what_is_wrong, 0, COUNT(bad_maps));
    tcase_add_loop_test(t, a_bad_rule_says_what_is_wrong, 0, COUNT(bad_rules));
    tcase_add_loop_test(t, what_is_doubtful_is_told, 0, COUNT(doubtful));
    tcase_add_test(t, what_is_in_order_says_nothing);
    tcase_add_test(t, what_adds_nothing_is_noted);
    tcase_add_test(t, more_than_eight_at_one_host_are_an_error);
    tcase_add_test(t, values_are_sent_as_the_map_or_the_rule_writes_them);
    tcase_add_test(t, a_name_that_two_restrictions_share_is_the_firsts);
    tcase_add_loop_test(t, the_address_has_each_parameter_once, 0, COUNT(targets));
    tcase_add_loop_test(t, the_shipped_maps_say_what_sites_ask_for, 0, COUNT(shipped));
    suite_add_tcase(s, t);
    return run_suite(s);
}
