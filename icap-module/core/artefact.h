/* The artefact: a compiled policy as one immutable file that every worker maps.
 *
 * A header, a table of sections, then the sections: arrays of fixed rows made of 32-bit little-endian
 * numbers. Rows point to each other by index, to strings by offset and length. Nothing is a pointer, so the
 * file is used where it lies. artefact_check() proves every index and offset once; after it the hot path
 * cannot fail. A published file is never changed in place: a new one is renamed over it. */
#ifndef CORE_ARTEFACT_H
#define CORE_ARTEFACT_H

#include "core/diag.h"
#include "core/words.h"

enum { ARTEFACT_VERSION = 7, ARTEFACT_DIGEST = 16, NO_INDEX = 0xffffffff };
#define ARTEFACT_MAGIC "PORTREEV"
/* What goes into events (rule ids, the policy's version, platform ids, registered accounts) and a page, in
 * bytes at most. */
enum { ARTEFACT_NAME_MAX = 64, ARTEFACT_PAGE_MAX = 64 << 10 };
enum { ARTEFACT_SIZE_MAX = 256 << 20 };

struct a_str { /* bytes of SECTION_STRINGS */
    uint32_t at, n;
};

struct a_list { /* `n` rows of another section, from `at` */
    uint32_t at, n;
};

/* What a policy says of elected members. */
enum members_rule { MEMBERS_UNSAID = 0, MEMBERS_AS_EMPLOYEES, MEMBERS_OWN_RULES, MEMBERS_RULES };

/* What is said once about the whole policy. */
struct a_meta {
    struct a_str title, version, council, owner, approved_by;
    uint32_t from_day, approved_day, review_day; /* days since 1970; 0 = not said */
    uint32_t mode;                               /* enum mode */
    /* Each ACTION_ALLOW or ACTION_REFUSE. Unknown writes: acts on a platform that its map does not know. */
    uint32_t default_action, unsure_action, malformed_action, unknown_write_action;
    uint32_t default_page, unsure_page, malformed_page, unavailable_page; /* SECTION_PAGES */
    struct a_str default_because, default_cite, default_assumption;
    struct a_str unsure_assumption, malformed_assumption, unknown_write_assumption;
    uint32_t scope_classes, scope_categories; /* bit sets by enum class, enum category */
    struct a_str scope_assumption;
    uint32_t record; /* enum record */
    struct a_str record_assumption;
    struct a_str monitoring_clause, dpia;
    uint32_t notice_day;
    uint32_t grant_needs;  /* bit set by enum step */
    uint32_t grant_months; /* a grant without an end lasts so long after approval; 0 = for ever */
    uint32_t
        grant_second; /* bit set by enum activity: only grants of one of these need STEP_SECOND; 0: all */
    struct a_str grant_cite, grant_assumption;
    uint32_t
        people_default; /* enum people of those whom no register and no group classes; NO_INDEX = unknown */
    uint32_t directory_read; /* when people.csv was read: seconds since 1970, unsigned; 0 = there is none */
    uint32_t members;        /* enum members_rule */
    struct a_str members_cite, members_assumption;
    struct a_list candidates_none; /* SECTION_NUMBERS: rules that can match where no platform is known */
    struct a_list set_rules;       /* SECTION_NUMBERS: the rules of verb set, in order */
    uint32_t carriers;             /* enum carriers */
    struct a_str carriers_assumption;
    struct a_str csp;  /* Content-Security-Policy of every page: one style sheet, one hash */
    uint32_t calendar; /* SECTION_CALENDARS: whose no group has another one; NO_INDEX = none */
    uint32_t shifts;   /* enum shifts: where a rota says nothing of the day; NO_INDEX = there are no rotas */
    uint32_t shift_weeks; /* a row of a rota without an end lasts so long; 0 = for ever */
    struct a_str shift_cite, shift_assumption;
    uint32_t reread_day; /* who has read an earlier version goes on until this day ends; 0 = not said */
    struct a_list reread_except; /* SECTION_WORDS: earlier versions whose readers need not read again */
    uint32_t standing_minutes;   /* a standing file that is older tells nothing of what may have come since */
    uint32_t standing_missing;   /* enum standing_missing: what is thought of minutes without any file */
    struct a_str standing_assumption;
    uint32_t alert_count, alert_minutes; /* repeated refusals: so many within so many minutes; 0 = no alert */
    struct a_str alert_cite, alert_assumption;
};

/* What an alert of repeated refusals may be set to. */
enum { ALERT_COUNT_MIN = 5, ALERT_COUNT_MAX = 1000, ALERT_MINUTES_MAX = 60 };

/* reread_day: whoever has read any version need not read this one. */
enum { REREAD_NONE = 2932896 }; /* 9999-12-31 */

enum standing_missing { STANDING_UNUSED = 0, STANDING_UNSURE };
enum { STANDING_MINUTES_DEFAULT = 10, MINUTES_A_DAY = 1440 };

enum platform_flag {
    PLATFORM_BROADCAST_ONLY = 1,
    PLATFORM_DOTS_IGNORED = 2,
    PLATFORM_CASE_MATTERS = 4,
    PLATFORM_IDENTITIES = 0x10000 /* SECTION_IDENTITIES has rows for it */
};

/* Rows of a platform map. The first row of a kind that matches decides. */
enum row_kind {
    ROW_OPERATION = 0, /* where the operation's name stands */
    ROW_BACKGROUND,    /* the page's machinery, not a person */
    ROW_EMBED,         /* made to be shown in other sites */
    ROW_ACTIVITY,      /* value: enum activity */
    ROW_ACCOUNT,       /* format: how the captured name is written */
    ROW_IDENTITY,      /* names the cookie or header that tells who is signed in */
    ROW_KINDS
};

/* What a row of ROW_ACCOUNT may have as its format in the place of a name. */
#define ACCOUNT_NOBODY "-"     /* no account is concerned */
#define ACCOUNT_NOT_TOLD "?"   /* somebody's, but the request does not tell whose; nor does its page */
#define ACCOUNT_OF_PAGE "page" /* that of the page whose address the row's key holds */

struct a_platform {
    struct a_str id, name, version;
    struct a_str family;  /* platforms of one company share their pictures' hosts; n = 0: none */
    struct a_str managed; /* id of the platform whose accounts this one is a tool for; n = 0: none */
    uint32_t manages;     /* its row, or NO_INDEX */
    uint32_t class, flags;
    struct a_list rows;        /* SECTION_ROWS: kind by kind, within a kind in the map's order */
    uint32_t kinds[ROW_KINDS]; /* how many rows there are of each kind, in the order of the kinds */
    struct a_list reserved;    /* SECTION_WORDS: first path segments that are no account, sorted */
    struct a_list candidates;  /* SECTION_NUMBERS: rules that can match on this platform */
    /* SECTION_WORDS, sorted: hosts below the main domain that are no news. ".x.example" is a host and what is
     * below it, any other word what stands before the domain, with '*' at an end. */
    struct a_list hosts_known;
};

enum row_source { FROM_NOTHING = 0, FROM_HEADER, FROM_COOKIE, FROM_QUERY, FROM_FORM, FROM_JSON, FROM_PATH };

enum row_method {
    METHOD_GET = 1,
    METHOD_POST = 2,
    METHOD_PUT = 4,
    METHOD_DELETE = 8,
    METHOD_PATCH = 16,
    METHOD_OTHER = 32
};

enum row_flag {
    ROW_REGEX = 1,          /* `path` is a PCRE2 pattern; `regex` its number */
    ROW_LIKELY = 2,         /* an answer of confidence likely, not sure */
    ROW_UPGRADE = 4,        /* only a WebSocket upgrade */
    ROW_OTHER_SITE = 8,     /* only with a Referer or Origin of another site */
    ROW_STARRED = 32,       /* the operation's name has a '*' elsewhere than at its ends */
    ROW_HOST_CATCHES = 16,  /* `host` is "{account}.example.com": its first label is caught */
    ROW_ORGANISATION = 64,  /* of an account row: the account is no one person's */
    ROW_PEOPLE_SEARCH = 128 /* of an account row: what is asked for is a search for people */
};

struct a_row {
    uint32_t kind, flags, methods, roles; /* bit sets; 0 = any */
    uint32_t value;                       /* enum activity for ROW_ACTIVITY */
    uint32_t first;                       /* str_hash of the path's first segment; 0 = not a literal */
    struct a_str path;                    /* template, see template.h; n = 0: any */
    struct a_str host; /* exact, ".example.com" or "{account}.example.com"; n = 0: any of the platform's */
    struct a_str operation;      /* name in lower case, '*' allowed; n = 0: any */
    uint32_t operation_hash;     /* str_hash; 0 = has a '*' or is absent */
    uint32_t source;             /* enum row_source of `key` */
    struct a_str key, key_value; /* that header, cookie or parameter must be there (with that value) */
    struct a_str format;         /* "groups/{account}" */
    struct a_list except;        /* SECTION_WORDS: captured names that are none, sorted */
    uint32_t regex;              /* n-th pattern of the artefact, or NO_INDEX */
};

/* What a row asks for first, close together: nearly every row ends here. One for each row, in the same order.
 */
struct a_key {
    uint32_t first, second; /* str_hash of the path's first two segments; 0 = not literals */
    uint32_t operation;     /* str_hash of the operation's name; 0 = any, or with a '*' */
    uint32_t fits;          /* bits of enum key_bit: all that fit */
};

/* A request has one role, one method and at most both of the others: each of its bits must be among the
 * row's. */
enum key_bit {
    KEY_ROLE = 0,                /* 1 << enum role */
    KEY_METHOD = 16,             /* enum row_method << 16 */
    KEY_NO_UPGRADE = 1 << 24,    /* no WebSocket is asked for */
    KEY_NO_OTHER_SITE = 1 << 25, /* no Referer or Origin of another site */
    KEY_NO_OPERATION = 1 << 26   /* no operation is named */
};

enum host_flag {
    HOST_SUBDOMAINS = 1,     /* and everything below it */
    HOST_MUST_WORK = 2,      /* never refused, never asked about */
    HOST_NEVER_BUMP = 4,     /* never opened */
    HOST_SHARED = 8,         /* serves several platforms: counts only with a Referer or Origin of this one */
    HOST_CARRIER = 16,       /* shows other sites' pages under its own address: SECTION_CARRIERS says where */
    HOST_CARRIER_OPENED = 32, /* and tunnels to it are opened for that */
    HOST_NEVER_LOG = 64,      /* nothing is recorded of it and of all below it, whatever HOST_SUBDOMAINS says */
    HOST_NEVER_LOG_OWN = 128  /* the policy itself says so, not the shipped list */
};

struct a_host {
    struct a_str name;
    uint32_t platform; /* or NO_INDEX */
    uint32_t role, flags, categories;
    struct a_list below; /* SECTION_WORDS: only below these path templates the host is the platform's; n = 0:
                            all of it */
};

/* Where a carrier's address holds the other one. */
enum carrier_place {
    INSIDE_QUERY = 0, /* the value of the parameter `key` */
    INSIDE_PATH,      /* the rest of the path, behind `path` (a template for each segment) */
    INSIDE_NAME, /* the host's name itself, as translate.goog writes it; path and query are the page's own */
    INSIDE_HIDDEN, /* nowhere: what stands at these paths is some other site's, but not which */
    INSIDE_PLACES
};

/* Several of a carrier's, tried in the order of its map. */
struct a_carrier {
    struct a_str id;
    struct a_str host;  /* exact, or ".example.com" */
    struct a_str path;  /* INSIDE_PATH: prefix; else a template, n = 0: any */
    struct a_str key;   /* INSIDE_QUERY */
    struct a_str after; /* what stands in front of the address, or n = 0 */
    uint32_t place;     /* enum carrier_place */
};

/* Whose network an address literal lies in (AS number, RFC 6793); sorted by number. */
struct a_owner {
    uint32_t number, platform;
    struct a_str host; /* of the platform's, that rows about hosts see in the address's place */
};

enum rule_flag {
    RULE_SHADOW = 1,
    RULE_HOST_ONLY = 2, /* where it matches, no tunnel is opened */
    RULE_FLAGS = RULE_SHADOW | RULE_HOST_ONLY
};

struct a_rule {
    struct a_str id, because, cite, assumption;
    uint32_t verb, flags, page, ask; /* page: SECTION_PAGES or NO_INDEX; ask: enum ask for REQUIRE */
    struct a_list clauses;
    struct a_list sets; /* SECTION_SETS: what a rule of verb set puts in */
    uint32_t every;     /* enum period: how often a require asks anew; NO_INDEX: a notice, or no require */
    uint32_t waives;    /* bit set by enum ask: what is not asked where this permit matches */
    uint32_t returns,
        within; /* of a `require person`: asked after so many visits within so many seconds; else 0 */
};

/* Visits that a rule can wait for, and how far back it can look (recall.h). */
enum { RETURNS_MAX = 12, WITHIN_MIN = 60 * 60, WITHIN_MAX = 7 * 24 * 60 * 60 };

/* Minutes of a day that people may use as they like. */
struct a_allowance {
    struct a_str name, cite, assumption;
    struct a_list groups; /* SECTION_NUMBERS: SECTION_GROUPS; empty = everybody who is known */
    uint32_t minutes;
    uint32_t claim; /* how often a day people may say that it was for work and get the time back: 0 = never,
                       CLAIMS_ANY = as often as they like, else at most CLAIMS_MAX */
};

enum { CLAIMS_MAX = 50 };
#define CLAIMS_ANY UINT32_MAX

/* What opens for some hours when somebody of these groups declares it. */
struct a_emergency {
    struct a_str name, cite, assumption;
    struct a_list groups;    /* SECTION_NUMBERS: SECTION_GROUPS, never empty */
    struct a_list platforms; /* SECTION_NUMBERS: SECTION_PLATFORMS; empty = all of them */
    struct a_list reasons;   /* SECTION_WORDS, as written, never empty: ids that the portal offers */
    uint32_t hours;
};

enum { EMERGENCY_HOURS_MAX = 24 };

/* What a site offers to be told by a header or a parameter. */
struct a_restriction {
    struct a_str id, name;
    struct a_list paths;  /* SECTION_WORDS: templates; only there; n = 0: everywhere on its hosts */
    struct a_list places; /* SECTION_PLACES, never empty */
    uint32_t proof;       /* enum proof_state */
};

/* One header or parameter of a restriction. */
struct a_place {
    struct a_str name, value; /* value: with SHAPE_IS; what a rule must give otherwise */
    struct a_list choices;    /* SECTION_WORDS: with SHAPE_ONE_OF, the strictest first */
    uint32_t kind, shape;     /* enum place_kind, enum shape */
};

/* A host at which a restriction that some rule sets is in force. */
struct a_restricted {
    struct a_str name;
    uint32_t restriction, flags; /* SECTION_RESTRICTIONS; HOST_SUBDOMAINS */
};

/* A restriction with the values that a rule gives it. */
struct a_set {
    uint32_t restriction; /* SECTION_RESTRICTIONS */
    uint32_t rank;        /* of several values for one request the lowest counts: the strictest */
    struct a_list values; /* SECTION_WORDS: one for each place that asks for one, in their order */
};

/* What some of a rule's clauses ask for, as bits: a request that has none of them in common with one of the
 * three can only be answered NO (decide.c). All ones: not asked. Groups are folded: group i is bit i % 32. */
struct a_filter {
    uint32_t activities, categories, groups;
};

/* Restrictions that may meet at one host, headers and parameters of one, bytes of a value. */
enum { RESTRICTIONS_MAX = 8, PLACES_MAX = 4, RESTRICTION_VALUE_MAX = 1024 };

enum clause_flag { CLAUSE_EXCEPT = 1 };

struct a_clause {
    uint32_t condition, flags; /* number in conditions.def */
    struct a_list args;        /* SECTION_NUMBERS; what they mean is the condition's */
};

struct a_group {
    struct a_str name, about;
    uint32_t mode;   /* enum mode, or NO_INDEX: as the policy */
    uint32_t people; /* enum people that membership tells, or NO_INDEX */
};

struct a_member {
    struct a_str user;
    uint32_t people;      /* enum people or NO_INDEX */
    struct a_list groups; /* SECTION_NUMBERS: SECTION_GROUPS */
    struct a_str id;      /* the directory's object id, which outlives every name; n = 0: none */
    struct a_str sponsor; /* who answers for somebody who is no employee; n = 0: nobody is named */
};

struct a_former {            /* a sign-in name that somebody had before; sorted by it */
    struct a_str name, user; /* canonical; user: the name of today */
};

enum account_flag_bit { ACCOUNT_CONVERSATIONS = 1, ACCOUNT_MEMBER = 2 };

struct a_account {
    struct a_str name, owner; /* name in the map's notation, as written in the register */
    uint32_t platform, flags;
    struct a_str holder,
        deputy;             /* sign-in names: who answers for it today, and who stands in; n = 0: nobody */
    struct a_list officers; /* SECTION_WORDS, sign-in names: these alone may act as it; n = 0: not said */
};

struct a_alias { /* every form of an account, canonical; the account's own name too */
    struct a_str name;
    uint32_t platform, account;
};

struct a_identity {    /* a confirmed sign-in; sorted by platform and digest */
    struct a_str user; /* whose own profile it is; n = 0: the account's, whoever uses it */
    uint32_t platform, account;
    uint32_t digest[4];
    uint32_t key; /* identity_key.id, the same in every row */
};

enum grant_flag_bit { GRANT_READ_EARLIER = 1 /* read_day is of an earlier version of the policy */ };
enum { CLEAN_UP_SECONDS = 24 * 3600 };

struct a_grant {
    struct a_str user;       /* or n = 0 and */
    uint32_t group;          /* SECTION_GROUPS, or NO_INDEX */
    struct a_list platforms; /* SECTION_NUMBERS, never empty */
    struct a_list accounts;  /* SECTION_NUMBERS; empty = every registered account of those platforms */
    uint32_t activities;     /* bit set by enum activity */
    uint32_t approved_day, aup_day, read_day, trained_day, expires_day; /* 0 = not there */
    struct a_str approved_by, document;
    struct a_str second_by; /* another person's approval, */
    uint32_t second_day;    /* and its day; 0 = not there */
    uint32_t flags;         /* enum grant_flag_bit */
    uint32_t within; /* SECTION_GROUPS: a user's holds only while they are in this group; NO_INDEX: always */
    uint32_t clean_from; /* a clean-up grant: seconds since 1970 UTC at which its 24 hours begin; 0 = none */
};

enum page_step { PAGE_ANY_STEP = NO_INDEX };

struct a_page {
    struct a_str name, html, source;
    uint32_t status;     /* HTTP status */
    uint32_t step;       /* enum step this variant is for, or NO_INDEX */
    struct a_list holes; /* SECTION_NUMBERS: offsets in html of the 9 bytes where the reference code goes */
    /* SECTION_NUMBERS, PAGE_LINK_NUMBERS a link to the portal, in their order: offsets in html of its
     * element's first byte, of where the portal's origin and the token are put in, and of what follows the
     * element. */
    struct a_list links;
};

enum { PAGE_LINK_NUMBERS = 4, PAGE_LINKS_MAX = 4 };

struct a_contact {
    struct a_str name, label, mail, url, phone;
};

/* A name under which calendars have windows of time. */
struct a_time {
    struct a_str name;
};

/* Where the same days are bank holidays. */
struct a_region {
    struct a_str name;
    struct a_list holidays; /* SECTION_HOLIDAYS, by day */
};

struct a_holiday {
    struct a_str name;
    uint32_t day;
};

enum window_kind { WINDOW_WORK = 0, WINDOW_OWN, WINDOW_NAMED, WINDOW_KINDS };

enum {
    WINDOWS_MAX = 32, /* that are looked at for one request at one calendar or rota */
    CYCLE_MAX = 8     /* weeks after which a rota begins anew */
};

/* Some hours of some days of the week. What begins on a day belongs to it, also behind midnight. */
struct a_window {
    uint32_t time, kind;   /* SECTION_TIMES or NO_INDEX; enum window_kind */
    uint32_t days;         /* bit set, 0 = Monday */
    uint32_t begin, end;   /* minutes since that day's midnight, end after begin, within two days */
    uint32_t cycle, phase; /* in weeks whose number modulo `cycle` is `phase` (during.h) */
};

struct a_calendar {
    struct a_str name, cite, assumption;
    struct a_list windows; /* SECTION_WINDOWS, as written */
    struct a_list closed;  /* SECTION_NUMBERS: pairs of days, from and to, sorted */
    uint32_t region;       /* SECTION_REGIONS, or NO_INDEX: no holidays */
};

/* Members of the group have that calendar in the place of the policy's. */
struct a_calendar_group {
    uint32_t group, calendar; /* calendar: SECTION_CALENDARS, or NO_INDEX: they work by the rota */
};

enum shifts { SHIFTS_UNSURE = 0, SHIFTS_DEFAULT };

/* Somebody's or a group's shifts. */
struct a_rota {
    struct a_str user;     /* or n = 0 and */
    uint32_t group;        /* SECTION_GROUPS, or NO_INDEX */
    struct a_list periods; /* SECTION_PERIODS, by day, none touching another */
};

struct a_period {
    uint32_t first, last;  /* local days since 1970 */
    struct a_list windows; /* SECTION_WINDOWS */
    uint32_t region;       /* SECTION_REGIONS, or NO_INDEX: also on bank holidays */
};

struct a_network { /* registers/networks.csv, in its order */
    struct a_str name;
    uint32_t zone;       /* enum zone */
    uint32_t network[5]; /* as ARG_NETWORKS */
};

struct a_source { /* the registers, maps and pages that it was made of, word for word */
    struct a_str path, text;
};

/* SECTION(NAME, row type). Tables are open-addressed: slot = index + 1, 0 = empty, a power of two of slots.
 */
#define ARTEFACT_SECTIONS(SECTION)                                                                           \
    SECTION(STRINGS, char)                                                                                   \
    SECTION(META, struct a_meta)                                                                             \
    SECTION(NUMBERS, uint32_t)                                                                               \
    SECTION(WORDS, struct a_str)                                                                             \
    SECTION(PLATFORMS, struct a_platform)                                                                    \
    SECTION(ROWS, struct a_row)                                                                              \
    SECTION(KEYS, struct a_key) /* one for each row, in the same order */                                    \
    SECTION(HOSTS, struct a_host)                                                                            \
    SECTION(HOST_TABLE, uint32_t)                                                                            \
    SECTION(CARRIERS, struct a_carrier)                                                                      \
    SECTION(OWNERS, struct a_owner)                                                                          \
    SECTION(RULES, struct a_rule)                                                                            \
    SECTION(FILTERS, struct a_filter) /* one for each rule, in the same order */                             \
    SECTION(CLAUSES, struct a_clause)                                                                        \
    SECTION(RESTRICTIONS, struct a_restriction)                                                              \
    SECTION(PLACES, struct a_place)                                                                          \
    SECTION(RESTRICTED, struct a_restricted)                                                                 \
    SECTION(RESTRICTED_TABLE, uint32_t)                                                                      \
    SECTION(SETS, struct a_set)                                                                              \
    SECTION(GROUPS, struct a_group)                                                                          \
    SECTION(GROUP_TABLE, uint32_t)                                                                           \
    SECTION(MEMBERS, struct a_member)                                                                        \
    SECTION(FORMERS, struct a_former)                                                                        \
    SECTION(MEMBER_TABLE, uint32_t)                                                                          \
    SECTION(ACCOUNTS, struct a_account)                                                                      \
    SECTION(ALIASES, struct a_alias)                                                                         \
    SECTION(ALIAS_TABLE, uint32_t)                                                                           \
    SECTION(IDENTITIES, struct a_identity)                                                                   \
    SECTION(IDENTITY_TABLE, uint32_t)                                                                        \
    SECTION(GRANTS, struct a_grant)                                                                          \
    SECTION(GRANT_TABLE, uint32_t)                                                                           \
    SECTION(PAGES, struct a_page)                                                                            \
    SECTION(ALLOWANCES, struct a_allowance)                                                                  \
    SECTION(EMERGENCIES, struct a_emergency)                                                                 \
    SECTION(CONTACTS, struct a_contact)                                                                      \
    SECTION(TIMES, struct a_time)                                                                            \
    SECTION(REGIONS, struct a_region)                                                                        \
    SECTION(HOLIDAYS, struct a_holiday)                                                                      \
    SECTION(WINDOWS, struct a_window)                                                                        \
    SECTION(CALENDARS, struct a_calendar)                                                                    \
    SECTION(CALENDAR_GROUPS, struct a_calendar_group)                                                        \
    SECTION(ROTAS, struct a_rota)                                                                            \
    SECTION(ROTA_TABLE, uint32_t)                                                                            \
    SECTION(PERIODS, struct a_period)                                                                        \
    SECTION(NETWORKS, struct a_network)                                                                      \
    SECTION(SOURCES, struct a_source)

enum section {
#define SECTION(NAME, type) SECTION_##NAME,
    ARTEFACT_SECTIONS(SECTION)
#undef SECTION
        SECTION_COUNT
};

struct artefact_header {
    char magic[8];
    uint32_t version;    /* ARTEFACT_VERSION: of this layout */
    uint32_t size;       /* of the whole file, bytes */
    uint32_t n_sections; /* SECTION_COUNT */
    uint32_t check;      /* artefact_check_sum: against torn files and flipped bits */
    unsigned char
        digest[ARTEFACT_DIGEST]; /* BLAKE2b over everything behind the header: the policy's identity */
    struct a_list sections[SECTION_COUNT]; /* at: offset in the file, a multiple of 4; n: rows */
};

/* Row size of a section in bytes. */
uint32_t section_row_size(enum section s);

/* An artefact in memory, proven. Owned by whoever holds the bytes. */
struct artefact {
    const unsigned char *base;
    const struct artefact_header *header;
    const void *rows[SECTION_COUNT];
    uint32_t n[SECTION_COUNT];
};

/* Proves all of it: sizes, every index, offset, enum, table. 0, or -1 with a message that names section and
 * row. `bytes` must be aligned to 4 and stay as long as the artefact is used. */
int artefact_check(const void *bytes, size_t size, struct artefact *a, struct diag *d);

static inline struct str artefact_str(const struct artefact *a, struct a_str s)
{
    return (struct str){(const char *)a->rows[SECTION_STRINGS] + s.at, s.n};
}

static inline const uint32_t *artefact_numbers(const struct artefact *a, struct a_list l)
{
    return (const uint32_t *)a->rows[SECTION_NUMBERS] + l.at;
}

#define ARTEFACT_ROWS(a, NAME, type) ((const type *)(a)->rows[SECTION_##NAME])

/* What is recorded in fact: `pseudonym` only where the monitoring clause, the day of the notice and the
 * DPIA's reference are all filled in; with one of them still open it is `counts`, without any person. */
enum record artefact_record_mode(const struct artefact *a);
enum record meta_record_mode(const struct a_meta *meta);
/* An alert of repeated refusals within its bounds, or none. */
bool meta_alert_sound(const struct a_meta *meta);

/* The sum of header.check, and of the spool's records. */
uint32_t artefact_sum(const void *bytes, size_t size);

/* What header.check must be: the sum over all that stands behind it, digest and table of sections included.
 * `size` of the whole file, at least that of the header. */
uint32_t artefact_check_sum(const struct artefact_header *h, size_t size);

/* Hash of a host name, taken from its end, so that one pass yields the hash of every parent domain. */
#define HOST_HASH_SEED STR_HASH_SEED
static inline uint32_t host_hash_step(uint32_t h, char c)
{
    return (h ^ (unsigned char)c) * 16777619u;
}
uint32_t host_hash(struct str name);

/* Hash of an alias: the platform's index, then the canonical name. */
uint32_t alias_hash(uint32_t platform, struct str name);

/* Hash of a platform's identity; the digest is one already. */
uint32_t identity_hash(uint32_t platform, const uint32_t digest[4]);

/* Hash of a grant's subject: users and groups share one table. */
uint32_t grant_user_hash(struct str user);
uint32_t grant_group_hash(uint32_t group);

#endif
