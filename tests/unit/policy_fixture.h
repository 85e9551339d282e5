/* What a policy under test can speak of: a few platforms, accounts and pages, as maps and registers would
 * make them. */
#ifndef TESTS_POLICY_FIXTURE_H
#define TESTS_POLICY_FIXTURE_H

#include "compile/compile.h"
#include "compile/diag_text.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIXTURE_TODAY = 20585 }; /* 2026-05-12 */

static inline uint32_t fixture_platform(struct builder *b, const char *id, enum class class, const char *host)
{
    struct a_platform row = {.id = build_str(b, str_of(id)),
                             .manages = NO_INDEX,
                             .name = build_str(b, str_of(id)),
                             .version = build_str(b, STR("1")),
                             .class = class};
    uint32_t index = build_row(b, SECTION_PLATFORMS, &row);
    struct a_host *h = build_host(b, str_of(host));

    h->platform = index;
    h->flags |= HOST_SUBDOMAINS;
    return index;
}

static inline void fixture_account(struct builder *b, uint32_t platform, const char *name, uint32_t flags)
{
    char to[64];
    struct a_account row = {.name = build_str(b, str_of(name)), .platform = platform, .flags = flags};
    struct a_alias alias = {.platform = platform, .account = build_row(b, SECTION_ACCOUNTS, &row)};

    alias.name = build_str(b, build_canonical_account(b, platform, str_of(name), to, sizeof to));
    build_row(b, SECTION_ALIASES, &alias);
}

/* Somebody who may do something, so that no register is empty. */
static inline void fixture_grant(struct builder *b, uint32_t platforms)
{
    uint32_t all[8];
    struct a_grant row = {.user = build_str(b, STR("a.user")),
                          .group = NO_INDEX,
                          .within = NO_INDEX,
                          .activities = 1u << ACTIVITY_VIEW,
                          .approved_by = build_str(b, STR("Director")),
                          .approved_day = FIXTURE_TODAY - 1,
                          .aup_day = FIXTURE_TODAY - 1,
                          .read_day = FIXTURE_TODAY - 1,
                          .trained_day = FIXTURE_TODAY + 1};

    for (uint32_t i = 0; i < platforms; i++)
        all[i] = i;
    row.platforms = build_numbers(b, all, platforms);
    build_row(b, SECTION_GRANTS, &row);
}

static inline struct builder *fixture_new(void)
{
    static const char *const pages[] = {"default-deny",  "step-missing", "personal-account", "inappropriate",
                                        "like-not-sent", "notice",       "not-readable",     "unavailable",
                                        "sign-up",       "one-person",   "group chat"};
    struct builder *b = build_new();
    uint32_t facebook = fixture_platform(b, "facebook", CLASS_SOCIAL, "facebook.com");
    struct a_host *casino;
    uint32_t x = fixture_platform(b, "x", CLASS_SOCIAL, "x.com");

    fixture_platform(b, "youtube", CLASS_STREAMING, "youtube.com");
    fixture_platform(b, "teams", CLASS_WORK_TOOL, "teams.microsoft.com");
    fixture_platform(b, "tripadvisor", CLASS_REVIEW, "tripadvisor.co.uk");
    casino = build_host(b, STR("casino.example"));
    casino->flags |= HOST_SUBDOMAINS;
    casino->categories = 1u << CATEGORY_GAMBLING;
    fixture_account(b, facebook, "AnytownCouncil", ACCOUNT_CONVERSATIONS);
    fixture_account(b, facebook, "groups/Anytown Walks", 0);
    fixture_account(b, x, "anytown", 0);
    fixture_grant(b, build_count(b, SECTION_PLATFORMS));
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct a_page row = {.name = build_str(b, str_of(pages[i])), .status = 403, .step = NO_INDEX};

        build_row(b, SECTION_PAGES, &row);
    }
    return b;
}

/* The whole file, terminated; the caller's. */
static inline char *fixture_file(const char *folder, const char *name)
{
    const char *root = getenv("srcdir");
    char path[512];
    char *text = NULL;
    long size;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s/%s", root ? root : ".", folder, name);
    f = fopen(path, "rb");
    if (!f)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0) {
        text = calloc((size_t)size + 1, 1);
        if (text && fread(text, 1, (size_t)size, f) != (size_t)size) {
            free(text);
            text = NULL;
        }
    }
    fclose(f);
    return text;
}

/* Parses and checks; the messages as text, the caller's: "" when there was nothing to say. */
static inline char *fixture_messages(struct builder *b, const char *file, const char *text)
{
    struct diag *d = malloc(sizeof *d);
    char *rendered;

    diag_init(d);
    if (parse_policy(b, str_of(file), str_of(text), d) == 0)
        check_policy(b, FIXTURE_TODAY, d);
    diag_quote(d, str_of(file), str_of(text));
    rendered = diag_render(d, NULL);
    free(d);
    return rendered;
}

#endif
