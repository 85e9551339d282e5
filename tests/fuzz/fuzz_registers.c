/* Hostile registers; the first byte says which ('8' and '<' the identities, 'P' and 'T' people.csv, '9' and '=' the
 * shifts, ':' and '>' the bank holidays, else bits 0 and 1), and by its bit 2 whether the bytes are first read for
 * their encoding, as those of a file are. Whoever stands in one without an error is found in the artefact. */
#include "fuzz.h"

#include "compile/compile.h"
#include "compile/encoding.h"
#include "compile/utf8.h"
#include "core/lookup.h"
#include "record/seal.h"

#include <stdlib.h>

static const struct a_group groups[2] = {{.mode = NO_INDEX, .people = NO_INDEX},
                                         {.mode = NO_INDEX, .people = NO_INDEX}};

static const struct a_calendar_group by_rota = {.group = 0, .calendar = NO_INDEX};

/* A platform of whose accounts people may write the addresses. */
static const char map[] =
    "platform town \"Town\"\nclass social\nversion 2026-01-01\nhost main .town.example\n"
    "reserved login about\naccount groups/{account} path /groups/{account}/**\n"
    "account - path /help\naccount {account} path /profile query id={account}\n"
    "account {account} path /{account}/**\n";

static struct builder *start(void)
{
    static const char *const names[] = {"comms", "Elected Members"};
    static struct diag d;
    struct builder *b = fuzz_builder();

    diag_init(&d);
    FUZZ_HOLDS(parse_map(b, STR("platforms/town.map"), str_of(map), &d) == 0);

    for (size_t i = 0; i < 2; i++) {
        struct a_group row = groups[i];

        row.name = build_str(b, str_of(names[i]));
        build_row(b, SECTION_GROUPS, &row);
    }
    build_meta(b)->shifts = SHIFTS_UNSURE;
    build_meta(b)->shift_weeks = 12;
    build_row(b, SECTION_CALENDAR_GROUPS, &by_rota);
    return b;
}

static void find_all(const struct artefact *a)
{
    for (uint32_t i = 0; i < a->n[SECTION_MEMBERS]; i++) {
        const struct a_member *row = &ARTEFACT_ROWS(a, MEMBERS, struct a_member)[i];

        FUZZ_HOLDS(row->user.n > 0 && lookup_member(a, artefact_str(a, row->user)) == row);
    }
    for (uint32_t i = 0; i < a->n[SECTION_FORMERS]; i++) {
        const struct a_former *row = &ARTEFACT_ROWS(a, FORMERS, struct a_former)[i];
        struct str name = artefact_str(a, row->name), user = artefact_str(a, row->user);

        FUZZ_HOLDS(str_eq(lookup_current(a, name), user) && !lookup_member(a, name) &&
                   lookup_member(a, user));
    }
    for (uint32_t i = 0; i < a->n[SECTION_ALIASES]; i++) {
        const struct a_alias *row = &ARTEFACT_ROWS(a, ALIASES, struct a_alias)[i];

        FUZZ_HOLDS(lookup_account(a, row->platform, artefact_str(a, row->name)) == row->account);
    }
    for (uint32_t i = 0; i < a->n[SECTION_IDENTITIES]; i++) {
        const struct a_identity *row = &ARTEFACT_ROWS(a, IDENTITIES, struct a_identity)[i];
        struct a_list run = lookup_identity(a, row->platform, row->digest);

        FUZZ_HOLDS(run.at <= i && i < run.at + run.n && row->key != 0);
    }
    for (uint32_t i = 0; i < a->n[SECTION_GRANTS]; i++) {
        const struct a_grant *row = &ARTEFACT_ROWS(a, GRANTS, struct a_grant)[i];
        struct a_list run = row->user.n ? lookup_user_grants(a, artefact_str(a, row->user))
                                        : lookup_group_grants(a, row->group);

        FUZZ_HOLDS(run.at <= i && i < run.at + run.n && row->platforms.n > 0);
    }
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++) {
        const struct a_host *row = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];
        struct host_hits hits = lookup_host(a, artefact_str(a, row->name));

        FUZZ_HOLDS((hits.categories & row->categories) == row->categories);
    }
}

/* Periods follow each other; each is found on its days and on no other. */
static void find_rotas(const struct artefact *a)
{
    for (uint32_t i = 0; i < a->n[SECTION_ROTAS]; i++) {
        const struct a_rota *row = &ARTEFACT_ROWS(a, ROTAS, struct a_rota)[i];
        const struct a_period *p = &ARTEFACT_ROWS(a, PERIODS, struct a_period)[row->periods.at];

        FUZZ_HOLDS(row->periods.n > 0 &&
                   (row->user.n ? lookup_user_rota(a, artefact_str(a, row->user))
                                : lookup_group_rota(a, row->group)) == row);
        for (uint32_t k = 0; k < row->periods.n; k++) {
            FUZZ_HOLDS(p[k].first <= p[k].last && (k == 0 || p[k - 1].last < p[k].first));
            FUZZ_HOLDS(lookup_period(a, row, (int32_t)p[k].first) == &p[k] &&
                       lookup_period(a, row, (int32_t)p[k].last) == &p[k]);
        }
        FUZZ_HOLDS(!lookup_period(a, row, (int32_t)p[0].first - 1) &&
                   !lookup_period(a, row, (int32_t)p[row->periods.n - 1].last + 1));
    }
    for (uint32_t i = 0; i < a->n[SECTION_REGIONS]; i++) {
        struct a_list days = ARTEFACT_ROWS(a, REGIONS, struct a_region)[i].holidays;

        for (uint32_t k = 0; k < days.n; k++)
            FUZZ_HOLDS(lookup_holiday(a, i, (int32_t)ARTEFACT_ROWS(a, HOLIDAYS, struct a_holiday)[days.at + k].day) ==
                       days.at + k);
    }
}

static void finish(struct builder *b, struct diag *d)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct artefact a;

    FUZZ_HOLDS(build_finish(b, &bytes, &size, d) == 0);
    FUZZ_HOLDS(artefact_check(bytes, size, &a, d) == 0);
    find_all(&a);
    find_rotas(&a);
    free(bytes);
}

/* What has become UTF-8 is UTF-8, and stays as it is. The caller's to free. */
static struct str decoded(struct str in, struct diag *d)
{
    struct str text = {malloc(in.n + 1), in.n}, once;
    char *p = (char *)text.p;

    if (in.n)
        memcpy(p, in.p, in.n);
    p[in.n] = '\0';
    if (encoding_to_utf8(STR("input.csv"), &text, d) != 0) {
        FUZZ_HOLDS(d->errors > 0);
        return text;
    }
    once = text;
    FUZZ_HOLDS(once.p == p || utf8_bad(once) == once.n);
    FUZZ_HOLDS(encoding_to_utf8(STR("input.csv"), &text, d) == 0 && (once.p == p || text.p == once.p));
    return text;
}

static unsigned parser_of(uint8_t first)
{
    switch (first) {
    case '8':
    case '<': return 4;
    case '9':
    case '=': return 5;
    case ':':
    case '>': return 6;
    case 'P':
    case 'T': return 7;
    case 'N':
        return 8;
    default: return first % 4;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int (*const parsers[])(struct builder *, struct str, struct str, struct diag *) = {
        parse_accounts, parse_members,  parse_grants, parse_hosts,   parse_identities,
        parse_shifts,   parse_holidays, parse_people, parse_networks};
    static struct diag d;
    struct str text = {(const char *)data + 1, size - 1}, own = STR_NONE;
    struct builder *b;
    int result;

    if (size == 0)
        return 0;
    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    if (data[0] & 4)
        text = own = decoded(text, &d);
    if (d.errors == 0) {
        b = start();
        result = parsers[parser_of(data[0])](b, STR("input.csv"), text, &d);
        FUZZ_HOLDS((result != 0) == (d.errors > 0));
        if (result == 0)
            finish(b, &d);
        build_free(b);
    }
    free((char *)own.p);
    return 0;
}

static const char *const lines[] = {
    "0platform,account,aliases,owner,flags\n",
    "1user,groups,class\n",
    "1user,groups,class,names,sponsor\n",
    "Puser,id,names,groups,class,sponsor,synced_on\n",
    "alice,00112233-4455-6677-8899-aabbccddeeff,a.before a.first,comms,agency,bob,2026-05-12T09:00:00Z\n",
    "bob,10112233-4455-6677-8899-aabbccddeeff,,comms;elected members,,,2026-05-12T09:00:00Z\n",
    "2user,group,platforms,accounts,activities,approved_by,approved_on,aup_signed_on,policy_read_on,"
    "trained_until,expires,document\n",
    "3host,category,owner,note\n",
    "8platform,account,profile,user,digest,key,enrolled_on,confirmed_by,confirmed_on,note\n",
    "Ncidr,name,kind,note\n",
    "10.3.0.0/16,library,library,n\n",
    "2001:db8:3::/48,visitors,guest,\n",
    "9user,group,from,until,days,week,work,breaks,holidays,note\n",
    ":region,date,name,status,source\n",
    "alice,,2026-01-05,2026-12-31,Mon-Fri,1/2,22:00-06:00 next-day,02:00-02:30,scotland,n\n",
    ",comms,2026-01-05,,Mon;Wed Sat-Sun,,06:00-14:00 15:00-24:00,10:00-10:30,,\n",
    "alice,,2026-06-03,2026-06-03,Wed,,off,,,\n",
    "alice,,2026-03-01,2026-08-31,Tue,2/2,09:00-17:00,,,\n",
    "wales,2026-12-28,Boxing Day,known,x\n",
    "ulster,17/03/2026,\"St Patrick's, Day\",computed,\n",
    "stage,Council,own,alice,d-7dd3512ed8d89316fdeb8d2d3874255d,k-dcf6973d,2026-01-02,Director,2026-01-03,\n",
    "stage,Council,account,bob,d-eb0da28dc17602487b88fe281f8a7f2b,k-dcf6973d,,,,n\n",
    "town,https://www.town.example/x,own,alice,12345678901234567890,1.2E+7,1/1/2026,alice,,\n",
    "stage,New,1 2;3,Comms,conversations member\n",
    "tube,@chan,UCx,,\n",
    "alice,comms;elected members,employee\n",
    "DOM\\bob,\"comms, Elected Members\",member\n",
    "alice,,stage,Council,view;post,Director,2026-01-01,2026-01-02,03/01/2026,2027-01-01,2029-01-01,D1\n",
    ",comms,stage tube,stage:Council,view,Director,2026-01-01,,,,31/12/2029,D2\n",
    ".adult.example,adult,ICT,note\n",
    "xn--caf-dma.example,gambling,ICT,\"a, \"\"b\"\"\"\n",
    "caf\xc3\xa9.example;10.0.0.1,malware phishing,ICT,\n",
    "\xef\xbb\xbf",
    "town,https://www.town.example/groups/Walks,town.example/profile?id=5,,\n",
    "town,'100044000000000,1.00044E+14 1;000;000,,\n",
    "Jan-02,comms,1e5\n",
    "alice,,town,town:Walks,,Director,12 March 2026,Mon 1/12/2025,2026-04-01 10:00,46023,31-Dec-27,D\n",
    "alice;;stage;Council;view;Director;1.4.2026;;;;;\n",
    "sep=;\n",
    "Register of members,,\n",
    ",,,,,,,\r\n",
    "\"\n\"",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
