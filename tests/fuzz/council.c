/* The council that the fuzz targets judge by: small, but with every condition, verb and kind of map row in
 * it. */
#include "fuzz.h"

#include "compile/compile.h"
#include "core/policy.h"

#include <stdio.h>
#include <stdlib.h>

static const char policy_text[] =
    "policy \"Fuzz\" version 1 from 2026-01-01\n"
    "council \"Fuzz Council\"\n"
    "owner \"ICT\"\n"
    "approved-by \"ICT\" on 2026-01-01\n"
    "review-due 2030-01-01\n"
    "group comms \"Communications\" people employee\n"
    "group councillors \"Members\" people member shadow\n"
    "scope class social messaging streaming\n"
    "scope category adult\n"
    "default deny cite \"1\" because \"Off by default.\" page refused\n"
    "unsure refuse page refused\n"
    "malformed refuse page refused\n"
    "unavailable page refused\n"
    "record counts\n"
    "grants need approval aup cite \"1\"\n"
    "contact desk \"Service desk\" mail desk@council.example\n"
    "must-work .council.example\n"
    "never-bump bank.example\n"
    "forbid adult\n    category adult\n    except group comms\n    because \"No.\"\n    cite \"2\"\n    page "
    "refused\n"
    "forbid signup\n    activity signup\n    class social\n    shadow\n    because \"No.\"\n    cite \"2\"\n "
    "   page refused\n"
    "forbid elsewhere\n    network 10.0.0.0/8 2001:db8::/32\n    port 3130\n    host .elsewhere.example\n"
    "    because \"No.\"\n    cite \"2\"\n    page refused\n"
    "permit granted\n    grant live\n    account granted\n    activity granted\n    because \"Yes.\"\n    "
    "cite \"3\"\n"
    "permit readers\n    user known\n    groups resolved\n    group councillors\n    people member\n    "
    "media interactive\n"
    "    identity registered none\n    origin person unknown\n    role main api\n    platform stage\n    "
    "account registered "
    "unknown none\n    except account-flag conversations\n    because \"Yes.\"\n    cite \"4\"\n"
    "require notice seen\n    class social\n    because \"Read.\"\n    cite \"5\"\n    page refused\n"
    "reason inert\n    grant inert\n    page refused\n    because \"A step.\"\n    cite \"6\"\n";

static const char map_text[] =
    "platform stage \"Stage\"\nclass social\nmedia interactive\nversion 2026-01-01\n"
    "host main stage.example .stage.example\nhost cdn .stagecdn.example shared\nhost upload "
    "up.stage.example\n"
    "reserved login about groups\n"
    "operation header X-Op\noperation form op\noperation json opName\noperation query op\noperation path "
    "/gql/*/{account}\n"
    "background path /beacon/** other-site\nembed path /plugins/**\n"
    "activity post method POST path /api op Create* Edit\n"
    "activity comment method POST path /comments/*/add\nactivity message method WS path /ws\n"
    "activity signup path /signup query step=1*\n"
    "activity react method POST match \"^/r/([a-z]{1,20})/like$\"\n"
    "account groups/{account} path /groups/{account}/** except feed\n"
    "account - path /login /about/**\n"
    "account {account} path /profile query id={account}\n"
    "account {account} method POST path /api json target={account}\n"
    "account {account} path /@{account}/** /{account} likely\n"
    "identity cookie uid after \"u%3D\"\n";

static const char page_text[] =
    "status 403\ntitle \"Web access\"\nh1 \"Not here\"\np \"Ask {contact desk label}.\"\n"
    "action \"Ask\" contact desk\nwhy \"Policy\"\n";

static struct str artefact;

static void build(void)
{
    struct source_file files[] = {
        {STR("council.policy"), str_of(policy_text)},
        {STR("pages/refused.page"), str_of(page_text)},
        {STR("platforms/stage.map"), str_of(map_text)},
        {STR("registers/accounts.csv"),
         STR("platform,account,aliases,owner,flags\nstage,Council,12345,Comms,conversations\n")},
        {STR("registers/grants.csv"),
         STR("user,platforms,accounts,activities,approved_by,approved_on,aup_signed_on,expires,document\n"
             "alice,stage,Council,view;post,Director,2026-01-01,2026-01-02,2029-01-01,D1\n"
             "bob,stage,Council,view,Director,2026-01-01,,2029-01-01,D2\n")},
        {STR("registers/hosts.csv"), STR("host,category,owner,note\n.adult.example,adult,ICT,test\n")},
        {STR("registers/members.csv"), STR("user,groups,class\ncarol,councillors,member\n")},
    };
    struct source s = {files, sizeof files / sizeof *files};
    unsigned char *bytes;
    size_t size;
    struct diag d;

    diag_init(&d);
    if (compile_source(&s, 20600, 0, &bytes, &size, &d) != 0) {
        for (unsigned i = 0; i < d.n; i++)
            fprintf(stderr, "%s:%u:%u: %s\n", d.messages[i].file, d.messages[i].line, d.messages[i].column,
                    d.messages[i].text);
        abort();
    }
    artefact = (struct str){(const char *)bytes, size};
}

struct str fuzz_artefact(void)
{
    if (!artefact.p)
        build();
    return artefact;
}

const struct policy *fuzz_policy(void)
{
    static struct policy *p;
    struct str bytes = fuzz_artefact();
    struct diag d;

    diag_init(&d);
    if (!p && policy_open_mem(bytes.p, bytes.n, &p, &d) != 0)
        abort();
    return p;
}

struct str fuzz_line(struct str *rest)
{
    return str_cut(rest, '\n');
}
