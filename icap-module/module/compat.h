/* All that differs between c-icap 0.5 (from 0.5.10) and 0.6, and the one place that includes its headers. */
#ifndef MODULE_COMPAT_H
#define MODULE_COMPAT_H

#include <c_icap/c-icap.h>
#include <c_icap/cfg_param.h>
#include <c_icap/commands.h>
#include <c_icap/debug.h>
#include <c_icap/header.h>
#include <c_icap/request.h>
#include <c_icap/service.h>
#include <c_icap/simple_api.h>
#include <c_icap/stats.h>

/* Both find the service by a variable named `service`. 0.6 also looks for what the module was built for, and
 * refuses a module of another release instead of misreading its structures. */
#ifdef _CI_DECLARE_SERVICE
#define COMPAT_BUILT_FOR CI_DECLARE_MOD_DATA uint64_t __ci_build_for = C_ICAP_HEX_VERSION
#else
#define COMPAT_BUILT_FOR _Static_assert(1, "0.5 does not ask")
#endif

/* 0.5 takes writable strings, which it copies. */
static inline int compat_stat_register(const char *label, const char *group)
{
#ifdef _CI_DECLARE_SERVICE
    return ci_stat_entry_register(label, CI_STAT_INT64_T, group);
#else
    return ci_stat_entry_register((char *)(uintptr_t)label, STAT_INT64_T, (char *)(uintptr_t)group);
#endif
}

/* A line for c-icap's server log; level 1 is always shown. Never with anything of a request in it. */
#define say(level, ...)                                                                                      \
    do {                                                                                                     \
        ci_debug_printf(level, "srv_portreeve: " __VA_ARGS__)                                                \
    } while (0)

#endif
