/* The service's directives (srv_portreeve(8)), as c-icap hands them over while it reads its configuration. */
#ifndef MODULE_CONF_H
#define MODULE_CONF_H

#include "core/diag.h"
#include "module/compat.h"

enum { CONF_PATH = 1024, CONF_NAME = 64, CONF_HOST = 254 };

enum user_encoding { USER_PLAIN = 0, USER_BASE64 };

/* What is answered while there is no policy at all. */
enum on_missing { MISSING_REFUSE = 0, MISSING_ALLOW, MISSING_FATAL };

struct settings {
    char policy[CONF_PATH]; /* "" = not said, as with all of these */
    char standing[CONF_PATH];
    char categories[CONF_PATH];
    char networks[CONF_PATH];
    char countries[CONF_PATH];
    char spool[CONF_PATH];
    char key[CONF_PATH];
    char identity_key[CONF_PATH];
    char enrolments[CONF_PATH];
    char rot[CONF_PATH];
    char held[CONF_PATH];
    char portal[CONF_HOST]; /* lower case */
    char portal_key[CONF_PATH];
    char user_header[CONF_NAME];
    char groups_header[CONF_NAME];
    char sni_header[CONF_NAME];
    char origin_header[CONF_NAME];
    char port_header[CONF_NAME];
    char known_by_header[CONF_NAME];
    char bump_header[CONF_NAME];
    char node[CONF_NAME];
    enum user_encoding user_encoding;
    enum on_missing on_missing;
};

/* Constant once the configuration is read. */
const struct settings *settings(void);

/* The defaults; before the first directive. */
void conf_reset(void);

/* c-icap's table of our directives. */
extern struct ci_conf_entry conf_directives[];

/* Prints collected messages to stderr and the server log: c-icap itself stops without a word. */
void conf_print(const char *where, const struct diag *d);

#endif
