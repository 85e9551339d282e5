/* A never-log site holds no host of a platform and lies in none: what the policy is about would go unrecorded behind its
 * back. */
#include "compile/check.h"

static const struct a_host *host_at(const struct check *c, uint32_t i)
{
    return build_at(c->b, SECTION_HOSTS, i);
}

/* `name` is `site` or lies below it. */
static bool within(struct str name, struct str site)
{
    struct str end = name.n < site.n ? STR_NONE : str_from(name, name.n - site.n);

    return str_eq(end, site) && (name.n == site.n || name.p[name.n - site.n - 1] == '.');
}

/* The platform's host that makes the site one of its own, or NULL. */
static const struct a_host *platform_host(const struct check *c, struct str site)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_HOSTS); i++) {
        const struct a_host *host = host_at(c, i);
        struct str name = build_text(c->b, host->name);

        if (host->platform != NO_INDEX &&
            (within(name, site) || (host->flags & HOST_SUBDOMAINS && within(site, name))))
            return host;
    }
    return NULL;
}

void check_never_log(struct check *c)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_HOSTS); i++) {
        struct str site = build_text(c->b, host_at(c, i)->name);
        const struct a_host *host = host_at(c, i)->flags & HOST_NEVER_LOG ? platform_host(c, site) : NULL;
        const struct a_platform *platform;

        if (!host)
            continue;
        platform = build_at(c->b, SECTION_PLATFORMS, host->platform);
        check_say(c, SEVERITY_ERROR, SECTION_HOSTS, i,
                  "'.%.*s' shall leave no record, but '%.*s' is a host of platform '%.*s', whose use is recorded as "
                  "'record' says: take it out",
                  STR_ARG(site), STR_ARG(build_text(c->b, host->name)), STR_ARG(build_text(c->b, platform->id)));
    }
}
