/* One request as facts: what extract (module), the command line or a case puts in, and what
 * request_normalise makes of it. All slices are borrowed and die with the transaction. */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "core/arena.h"
#include "core/words.h"

enum {
    REQUEST_HEADERS_MAX = 256, /* a request with more is malformed */
    REQUEST_GROUPS_MAX = 256,  /* names that a request may carry */
    REQUEST_TARGET_MAX = 8192, /* Squid refuses longer ones with 400 (proxy facts 2f); longer is MALFORMED */
    REQUEST_HOST_MAX = 253,    /* RFC 1035 2.3.4 */
    REQUEST_BODY_MAX = 4096    /* only so much of a body is ever looked at */
};

struct header {
    struct str name;
    struct str value;
};

enum request_kind {
    REQUEST_PLAIN = 0, /* an HTTP request with a URL: plain, or from inside a bumped tunnel */
    REQUEST_CONNECT,   /* a tunnel is asked for: only the host is known */
    REQUEST_NONE       /* Squid's method NONE: bytes that are not TLS inside a bumped tunnel */
};

enum user_state { USER_UNKNOWN = 0, USER_KNOWN };
enum groups_state { GROUPS_UNRESOLVED = 0, GROUPS_RESOLVED };

struct request {
    /* Facts, set by the caller. */
    struct str method;
    struct str target; /* the request line's: absolute URL, or host:port for CONNECT */
    struct str sni;    /* server name of the TLS hello where the proxy passes it, or empty */
    const struct header *headers;
    size_t n_headers;
    struct str body;        /* the first bytes that are at hand; never stored */
    bool body_whole;        /* nothing follows `body` */
    struct str user;        /* as the proxy names it; the canonical form is made by request_normalise */
    enum known_by known_by; /* how the proxy says that it knows the name; KNOWN_BY_NOTHING: it does not say */
    bool has_groups;        /* the proxy resolved groups (the list may be empty) */
    const struct str *groups;
    size_t n_groups;
    struct str client_ip;
    uint32_t listening_port; /* 0 = not told */
    int64_t now;             /* seconds since 1970, UTC */

    /* Made by request_normalise; empty before it and when it fails. */
    enum request_kind kind;
    struct str scheme; /* "http", "https" or "" (CONNECT) */
    struct str host;   /* lower case, no trailing dot, no port, IPv6 without brackets */
    bool host_is_address;
    uint32_t port; /* 0 = none is written */
    struct str path;  /* percent-decoded once where harmless, dot segments and double slashes removed */
    struct str query; /* as sent, without '?' */
    struct str account_name; /* the user's sign-in name: no domain prefix, no realm, lower case; never an
                                address. policy_judge puts the name of today in place of an earlier one */
};

enum normalised { NORMALISED = 0, MALFORMED = -1 };

/* Fills the second half from the first. MALFORMED when no host can be told, a length is over its limit, or a
 * byte is there that no browser sends (NUL, controls, non-ASCII host). Allocates in `a` only. */
enum normalised request_normalise(struct request *r, struct arena *a);

/* Value of the first header of that name, or STR_NONE. */
struct str request_header(const struct request *r, struct str name);

/* Value of a cookie (RFC 6265 5.4 as sent), or STR_NONE. */
struct str request_cookie(const struct request *r, struct str name);

/* Raw (still encoded) value of a query parameter; STR_NONE when it is not there, or there with different
 * values. */
struct str query_get(struct str query, struct str key);

/* The method writes as far as HTTP says (RFC 9110 9.2.1): not GET, HEAD, OPTIONS, TRACE, CONNECT. */
bool request_unsafe(const struct request *r);

/* A name that a proxy made of a machine's address is nobody's. `user` canonical. */
bool user_is_address(struct str user);

/* "DOMAIN\user" and "user@realm" -> "user" in lower case, in `a`. */
struct str user_canonical(struct str user, struct arena *a);

#endif
