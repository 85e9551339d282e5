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
    "group investigators \"Safeguarding\" enforce\n"
    "calendar office\n    default\n    work Mon-Thu 08:45-17:00 Fri 08:45-16:40\n    own lunch Mon-Fri "
    "12:30-13:30\n"
    "    work Sat 22:00-06:00 next-day\n    window late Mon-Fri 18:00-20:00\n    holidays england-and-wales\n"
    "    group comms calendar scots\n    group investigators shifts\n    group councillors shifts\n"
    "calendar scots\n    work Mon-Fri 09:00-17:00\n    window slots Mon 00:00-00:10 Mon 01:00-01:10 Mon "
    "02:00-02:10 Mon 03:00-03:10 Mon 04:00-04:10 Mon 05:00-05:10 Mon 06:00-06:10 Mon 07:00-07:10 Mon "
    "08:00-08:10 Mon 09:00-09:10 Mon 10:00-10:10 Mon 11:00-11:10"
    " Mon 12:00-12:10 Mon 13:00-13:10 Mon 14:00-14:10 Mon 15:00-15:10 Mon 16:00-16:10 Mon 17:00-17:10 Mon "
    "18:00-18:10 Mon 19:00-19:10 Mon 20:00-20:10 Mon 21:00-21:10 Mon 22:00-22:10 Mon 23:00-23:10\n    "
    "holidays scotland\n    closed 2026-05-13 to 2026-05-20\n"
    "shifts unsure last 12 weeks\n"
    "people-default public\n"
    "scope class social messaging streaming\n"
    "scope category adult gambling\n"
    "malformed refuse page refused\n"
    "unavailable page refused\n"
    "record counts\n"
    "grants need approval aup policy-read training last 12 months cite \"1\"\n"
    "contact desk \"Service desk\" mail desk@council.example\n"
    "must-work .council.example\n"
    "never-bump bank.example\n"
    "forbid adult\n    category adult\n    except group comms\n    because \"No.\"\n    cite \"2\"\n"
    "    page refused\n"
    "forbid bets\n    category gambling\n    user known\n    because \"No.\"\n    cite \"2\"\n    page "
    "refused\n"
    "forbid signup\n    activity signup\n    class social\n    shadow\n    because \"No.\"\n    cite \"2\"\n"
    "    page refused\n"
    "forbid streams\n    seen streaming\n    except group comms\n    because \"No.\"\n    cite \"2\"\n    "
    "page refused\n"
    "forbid abroad\n    country fr unknown\n    except asn AS64500 none\n    because \"No.\"\n    cite "
    "\"2\"\n    page refused\n"
    "forbid elsewhere\n    network 10.0.0.0/8 2001:db8::/32\n    port 3130\n    host .elsewhere.example\n"
    "    because \"No.\"\n    cite \"2\"\n    page refused\n"
    "forbid members-talk\n    account-flag conversations member\n    except people employee\n    activity "
    "message unknown\n"
    "    because \"No.\"\n    cite \"2\"\n    page refused\n"
    "forbid other-identity\n    identity other unknown\n    activity post comment\n    user known\n"
    "    because \"No.\"\n    cite \"2\"\n    page refused\n"
    "forbid at-work\n    platform tube\n    during work-time\n    because \"No.\"\n    cite \"2\"\n    page "
    "refused\n"
    "permit late\n    user known\n    during late own-time\n    activity stream\n    because \"Yes.\"\n    "
    "cite \"3\"\n"
    "permit granted\n    grant live\n    account granted\n    activity granted\n    because \"Yes.\"\n"
    "    cite \"3\"\n"
    "permit ended\n    grant expired\n    activity view\n    port 3128\n    because \"Yes.\"\n    cite "
    "\"3\"\n"
    "permit embeds\n    user known\n    origin embed background\n    media broadcast-only\n    because "
    "\"Yes.\"\n    cite \"3\"\n"
    "permit one-page\n    account stage:Council stage:groups/Walks\n    activity view\n    groups "
    "unresolved\n"
    "    user known\n    because \"Yes.\"\n    cite \"3\"\n"
    "permit readers\n    user known\n    groups resolved\n    group councillors\n    people member\n"
    "    media interactive\n    identity registered none\n    origin person unknown\n    role main api\n"
    "    platform stage\n    account registered unknown none\n    except account-flag conversations\n"
    "    because \"Yes.\"\n    cite \"4\"\n"
    "require notice seen\n    class social\n    because \"Read.\"\n    cite \"5\"\n    page refused\n"
    "require coach gentle\n    account unregistered\n    except concerns people-search\n    class streaming\n    because \"Think.\"\n    cite "
    "\"5\"\n"
    "    page refused\n"
    "re-read by 2026-06-01 except 0.9\n"
    "standing max-age 10 minutes missing unsure\n"
    "allowance personal minutes 30 a day group comms claim yes\n"
    "emergency flood group comms platform stage hours 12 reason weather outage\n"
    "permit own-minutes\n    allowance personal\n    class streaming\n    waives coach\n    because "
    "\"Yes.\"\n    cite \"8\"\n"
    "permit in-need\n    emergency flood\n    because \"Yes.\"\n    cite \"8\"\n"
    "require person one\n    account unregistered\n    class social\n    returns 3 within 12 hours\n    every week\n    because \"Think.\"\n    cite "
    "\"5\"\n    page who\n"
    "reason inert\n    grant inert\n    page refused\n    because \"A step.\"\n    cite \"6\"\n"
    "reason inert-aup\n    grant inert aup\n    user known\n    page refused\n    because \"Sign.\"\n    "
    "cite \"6\"\n"
    "reason no-grant\n    grant none\n    page refused\n    because \"Ask.\"\n    cite \"6\"\n"
    "set mode\n    restriction mode moderate\n    restriction search\n    except group comms\n    because "
    "\"M.\"\n"
    "    cite \"7\"\n"
    "set mode-of-members\n    restriction mode strict\n    people member\n    because \"M.\"\n    cite "
    "\"7\"\n"
    "set accounts\n    restriction spaces T1 T1,T2\n    restriction tenants council.example\n    shadow\n"
    "    activity view\n    because \"M.\"\n    cite \"7\"\n";

static const char restrictions_text[] =
    "restriction mode \"Mode\"\n    hosts .tube.example stage.example\n"
    "    header X-Mode one-of Strict Moderate\n    without X-Free\n"
    "    confidence verified\n    checked 2026-01-01\n    source \"test\"\n"
    "restriction search \"Search\"\n    hosts stage.example .find.example\n    paths /search/** / /api\n"
    "    query safe is active\n    query ui is on\n"
    "    confidence verified\n    checked 2026-01-01\n    source \"test\"\n"
    "restriction spaces \"Spaces\"\n    hosts .tube.example\n    header X-Asker token\n    header X-Spaces tokens\n"
    "    confidence single\n    checked 2026-01-01\n    source \"test\"\n"
    "restriction tenants \"Tenants\"\n    hosts .stage.example\n    header X-Mode domains\n"
    "    confidence disputed\n    checked 2026-01-01\n    source \"test\"\n";

/* The same rules under the one default and under the other. */
static const char shut_text[] = "default deny cite \"1\" because \"Off by default.\" page refused\n"
                                "unsure refuse page refused\n";
static const char open_text[] = "default allow cite \"1\" because \"On by default.\"\n"
                                "unsure allow page refused\nunknown-writes refuse\n";

static const char map_text[] =
    "platform stage \"Stage\"\nclass social\nfamily players\nmedia interactive\nversion 2026-01-01\n"
    "accounts ignore-dots\n"
    "owner AS32934\n"
    "host main stage.example .stage.example\nhost cdn .stagecdn.example shared\nhost cdn .famcdn.example\n"
    "host upload up.stage.example\nhost manage ads.stage.example\nhost embed w.stage.example\n"
    "hosts-known web eu-* *-live\n"
    "reserved login about groups\n"
    "operation header X-Op\noperation form op\noperation json opName\noperation query op\n"
    "operation path /gql/*/{account}\n"
    "background path /beacon/** other-site\nbackground op *Ping*\nbackground header X-Poll=yes\n"
    "embed path /plugins/**\nembed role embed\n"
    "activity post method POST path /api op Create* Edit\n"
    "activity comment method POST path /comments/*/add\nactivity message method WS path /ws\n"
    "activity signup path /signup query step=1*\n"
    "activity react method POST match \"^/r/([a-z]{1,20})/like$\"\n"
    "activity delete method DELETE\nactivity admin role manage\n"
    "activity upload method POST PUT role upload\n"
    "activity live form kind=live*\nactivity login json type=login\nactivity stream host .famcdn.example\n"
    "activity comment cookie talk likely\n"
    "account groups/{account} path /groups/{account}/** except feed organisation\n"
    "account - path /login /about/**\n"
    "account ? op *Feed\naccount page path /route form url\naccount page path /preview query url\n"
    "account page path /graph json url\naccount page path /moved header X-Url\n"
    "account {account} path /profile query id={account}\n"
    "account {account} method POST path /api json target={account}\n"
    "account {account} method POST path /api form target={account}\n"
    "account {account} path /plugins/** query \"href=*.stage.example/{account}?*\"\n"
    "account {account} match \"^/c/[^/]++/([0-9]{3,20})(?:/.*+)?$\"\n"
    "account {account} path /@{account}/** /{account} likely\n"
    "identity cookie uid after \"u%3D\"\nidentity header X-Account\nidentity cookie sess opaque\n";

static const char tube_text[] =
    "platform tube \"Tube\"\nclass streaming\nfamily players\nmedia broadcast-only\nversion 2026-01-01\n"
    "accounts case-matters\n"
    "host main .tube.example\nhost main www.press.example below /player/**\nhost short tu.example shared\n"
    "host cdn .tubecdn.example shared\nhost media .tubemedia.example\nhost live chat.tube.example\n"
    "host login login.tube.example\nhost api api.tube.example\n"
    "reserved watch feed\noperation query op\n"
    "embed path /embed/**\nactivity stream role media\nactivity message role live method WS OTHER\n"
    "activity login role login\nactivity react method POST PATCH path /like\n"
    "activity view path /watch likely\n"
    "account @{account} path /@{account}/**\naccount {account} path /channel/{account}/**\n"
    "account - path /watch\nidentity cookie SID opaque\n";

static const char page_text[] =
    "status 403\ntitle \"Web access\"\nh1 \"Not here\"\np \"Ask {contact desk label}.\"\n"
    "action \"Ask\" contact desk\naction \"Go on\" portal continue\nsteps aup \"Sign.\" any \"Ask.\"\np \"{step}\"\nwhy rule\n";

static const char person_text[] =
    "status 403\ntitle \"Web access\"\nh1 \"One person?\"\np \"Ask {contact desk label}.\"\naction \"Go on\" again\n"
    "why rule\n";

static const char carriers_text[] =
    "version 2026-01-01\n"
    "carrier tr host .tr.example name\n"
    "carrier old host old.trans.example query u url\n"
    "carrier ar host ar.example .archive.example path /{url} /*/{url}\n"
    "carrier ar host ar.example hidden path /* /*/image\n"
    "carrier ca host ca.example query q after \"cache:\" path /search\n"
    "carrier amp host .amp.example path /c/s/{url} /c/{url} if-open\n";

static struct str build(const char *answers)
{
    static char policy[sizeof policy_text + sizeof shut_text + sizeof open_text];
    int length = snprintf(policy, sizeof policy, "%s%s", policy_text, answers);
    struct source_file files[] = {
        {STR("calendars/bank-holidays.csv"),
         STR("region,date,name\nengland-and-wales,2026-05-25,Spring\nscotland,2026-06-15,World Cup\n")},
        {STR("carriers.map"), str_of(carriers_text)},
        {STR("council.policy"), {policy, (size_t)length}},
        {STR("pages/refused.page"), str_of(page_text)},
        {STR("pages/who.page"), str_of(person_text)},
        {STR("platforms/stage.map"), str_of(map_text)},
        {STR("platforms/tube.map"), str_of(tube_text)},
        {STR("registers/accounts.csv"),
         STR("platform,account,aliases,owner,flags\nstage,Council,12345,Comms,conversations\n"
             "stage,groups/Walks,777,Comms,member\ntube,@Council,UCx,Comms,\n")},
        {STR("registers/grants.csv"),
         STR("user,group,platforms,accounts,activities,approved_by,approved_on,aup_signed_on,policy_read_on,"
             "trained_until,expires,document\n"
             "alice,,stage,Council,view;post,Director,2026-01-01,2026-01-02,2026-01-02,2028-01-01,2029-01-01,"
             "D1\n"
             "alice,,tube,,view,Director,2026-01-01,2026-01-02,2026-01-02,2028-01-01,,D1\n"
             "bob,,stage,Council,view,Director,2026-01-01,,,,2029-01-01,D2\n"
             "dave,,stage,,view,Director,2025-01-01,2025-01-02,2025-01-02,2025-06-01,2025-12-31,D3\n"
             ",comms,stage "
             "tube,,view;comment;react,Director,2026-01-01,2026-01-02,2026-01-02,2028-01-01,,D4\n")},
        {STR("registers/hosts.csv"),
         STR("host,category,owner,note\n.adult.example,adult,ICT,test\nbets.example,gambling,ICT,test\n"
             "pages.stage.example,adult,ICT,test\n")},
        {STR("registers/identities.csv"), /* of the ids 555 and 666, with the key of the word "fuzz" */
         STR("platform,account,profile,user,digest,key,enrolled_on,confirmed_by,confirmed_on\n"
             "stage,Council,own,alice,d-7dd3512ed8d89316fdeb8d2d3874255d,k-dcf6973d,2026-01-02,Director,2026-01-03\n"
             "stage,groups/Walks,own,alice,d-7dd3512ed8d89316fdeb8d2d3874255d,k-dcf6973d,2026-01-02,Director,2026-01-03\n"
             "stage,Council,account,bob,d-eb0da28dc17602487b88fe281f8a7f2b,k-dcf6973d,2026-01-02,Director,2026-01-03\n")},
        {STR("registers/members.csv"),
         STR("user,groups,class\nalice,comms,employee\ncarol,councillors,member\nerin,investigators,\n")},
        {STR("registers/shifts.csv"),
         STR("user,group,from,until,days,week,work,breaks,holidays\n"
             ",investigators,2026-01-05,2026-12-31,Mon-Sun,,06:00-14:00,10:00-10:30,\n"
             "alice,,2026-01-05,2026-12-31,Mon-Fri,1/2,22:00-06:00 next-day,02:00-02:30,scotland\n"
             "alice,,2026-05-17,2026-05-17,Sun,,off,,\n")},
        {STR("restrictions/sites.map"), str_of(restrictions_text)},
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
    return (struct str){(const char *)bytes, size};
}

const struct identity_key *fuzz_identity_key(void)
{
    static struct identity_key key;

    if (!key.id)
        key = identity_key_of_words(STR("fuzz"));
    return &key;
}

struct str fuzz_artefact(void)
{
    static struct str artefact;

    if (!artefact.p)
        artefact = build(shut_text);
    return artefact;
}

static const struct policy *opened(struct str bytes)
{
    struct policy *p = NULL;
    struct diag d;

    diag_init(&d);
    if (policy_open_mem(bytes.p, bytes.n, &p, &d) != 0)
        abort();
    return p;
}

const struct policy *fuzz_policy(void)
{
    static const struct policy *p;

    if (!p)
        p = opened(fuzz_artefact());
    return p;
}

const struct policy *fuzz_open_policy(void)
{
    static const struct policy *p;

    if (!p)
        p = opened(build(open_text));
    return p;
}
