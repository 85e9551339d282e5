#include "module/conf.h"

#include "module/snapshot.h"

#include <stdarg.h>
#include <stdio.h>

static struct settings all;

/* stderr is the terminal or the journal while the configuration is read. */
__attribute__((format(printf, 2, 3))) static int complain(const char *directive, const char *format, ...)
{
    char text[600];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "srv_portreeve: %s: %s\n", directive, text);
    say(1, "%s: %s\n", directive, text);
    return 0;
}

void conf_print(const char *where, const struct diag *d)
{
    for (unsigned i = 0; i < d->n; i++)
        complain(where, "%s", d->messages[i].text);
}

const struct settings *settings(void)
{
    return &all;
}

void conf_reset(void)
{
    all = (struct settings){.user_header = "X-Client-Username",
                            .groups_header = "X-Groups",
                            .sni_header = "X-Sni",
                            .origin_header = "X-Origin-IP",
                            .port_header = "X-Listening-Port",
                            .known_by_header = "X-Known-By",
                            .bump_header = "X-Portreeve-Bump"};
}

/* The one value of a directive, or NULL after a complaint. */
static const char *single(const char *directive, const char **argv)
{
    if (!argv || !argv[0] || !argv[0][0]) {
        complain(directive, "needs a value: write \"portreeve.%s VALUE\"", directive);
        return NULL;
    }
    if (argv[1]) {
        complain(directive, "takes one value, and \"%.100s\" follows it: put a value with blanks in quotes",
                 argv[1]);
        return NULL;
    }
    return argv[0];
}

/* `to` has CONF_PATH bytes. */
static int set_path(const char *directive, const char **argv, void *to)
{
    const char *value = single(directive, argv);

    if (!value)
        return 0;
    if (value[0] != '/')
        return complain(directive, "\"%.200s\" is no absolute path: begin it with /", value);
    if (strlen(value) >= CONF_PATH)
        return complain(directive, "the path is longer than %d bytes", CONF_PATH - 1);
    memcpy(to, value, strlen(value) + 1);
    return 1;
}

/* `to` has CONF_NAME bytes. RFC 9110 5.6.2: a field name is a token. */
static int set_header(const char *directive, const char **argv, void *to)
{
    static const char token[] =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const char *value = single(directive, argv);

    if (!value)
        return 0;
    if (value[strspn(value, token)] != '\0')
        return complain(directive, "\"%.100s\" is no header name: letters, digits and '-', without the colon",
                        value);
    if (strlen(value) >= CONF_NAME)
        return complain(directive, "the name is longer than %d bytes", CONF_NAME - 1);
    memcpy(to, value, strlen(value) + 1);
    return 1;
}

static int set_node(const char *directive, const char **argv, void *to)
{
    const char *value = single(directive, argv);

    if (!value)
        return 0;
    if (strlen(value) >= CONF_NAME ||
        value[strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_")])
        return complain(directive, "\"%.100s\" is no node name: up to %d letters, digits, '.', '-' and '_'",
                        value, CONF_NAME - 1);
    memcpy(to, value, strlen(value) + 1);
    return 1;
}

/* RFC 952, RFC 1123 2.1: as the proxy writes a host, so in lower case and without the dot at its end. */
static int set_portal(const char *directive, const char **argv, void *to)
{
    const char *value = single(directive, argv);
    size_t n = value ? strlen(value) : 0;

    (void)to;
    if (!value)
        return 0;
    if (n >= CONF_HOST ||
        value[strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-")] ||
        value[0] == '.' || value[0] == '-' || value[n - 1] == '.' || !strchr(value, '.'))
        return complain(directive,
                        "\"%.100s\" is no host name: write it in full, without https:// and without a port",
                        value);
    for (size_t i = 0; i <= n; i++)
        all.portal[i] = ascii_lower(value[i]);
    return 1;
}

/* The number of the value among `words`, or -1 after a complaint. */
static int choose(const char *directive, const char **argv, const char *const *words, size_t n)
{
    const char *value = single(directive, argv);
    const char *nearest;

    if (!value)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (strcmp(value, words[i]) == 0)
            return (int)i;
    nearest = diag_nearest(str_of(value), words, n);
    complain(directive, "\"%.100s\" is not known: did you mean '%s'?", value, nearest ? nearest : words[0]);
    return -1;
}

static int set_encoding(const char *directive, const char **argv, void *to)
{
    static const char *const words[] = {"plain", "base64"};
    int n = choose(directive, argv, words, 2);

    (void)to;
    if (n >= 0)
        all.user_encoding = (enum user_encoding)n;
    return n >= 0;
}

/* The policy may be named before or after what to do without one: whichever comes last finds out. */
static int check_fatal(const char *directive)
{
    if (all.on_missing != MISSING_FATAL || !all.policy[0] || snapshot_present())
        return 1;
    return complain(directive,
                    "there is no usable policy and OnMissingPolicy is fatal: compile one, or say refuse");
}

static int set_missing(const char *directive, const char **argv, void *to)
{
    static const char *const words[] = {"refuse", "allow", "fatal"};
    int n = choose(directive, argv, words, 3);

    (void)to;
    if (n < 0)
        return 0;
    all.on_missing = (enum on_missing)n;
    return check_fatal(directive);
}

/* Mapped here and not later: a service that fails in post_init leaves a server that answers 500 to
 * everything, and the children share what the master has mapped. */
static int set_policy(const char *directive, const char **argv, void *to)
{
    struct diag d;

    if (!set_path(directive, argv, to))
        return 0;
    diag_init(&d);
    snapshot_start(all.policy, &d);
    conf_print(directive, &d);
    return check_fatal(directive);
}

/* Opened here for the same reasons; without a sound one nothing is known of networks, which is told and no
 * more. */
static int set_networks(const char *directive, const char **argv, void *to)
{
    struct diag d;

    if (!set_path(directive, argv, to))
        return 0;
    diag_init(&d);
    snapshot_networks(all.networks, NETWORKS_OWNERS, &d);
    conf_print(directive, &d);
    return 1;
}

static int set_countries(const char *directive, const char **argv, void *to)
{
    struct diag d;

    if (!set_path(directive, argv, to))
        return 0;
    diag_init(&d);
    snapshot_networks(all.countries, NETWORKS_COUNTRIES, &d);
    conf_print(directive, &d);
    return 1;
}

/* The same: without a sound one nothing is known of what people have done. */
static int set_standing(const char *directive, const char **argv, void *to)
{
    struct diag d;

    if (!set_path(directive, argv, to))
        return 0;
    diag_init(&d);
    snapshot_standing(all.standing, &d);
    conf_print(directive, &d);
    return 1;
}

/* The same: without a sound one only the policy's own lists say what a host is. */
static int set_categories(const char *directive, const char **argv, void *to)
{
    struct diag d;

    if (!set_path(directive, argv, to))
        return 0;
    diag_init(&d);
    snapshot_categories(all.categories, &d);
    conf_print(directive, &d);
    return 1;
}

struct ci_conf_entry conf_directives[] = {
    {"Policy", all.policy, set_policy, "the compiled policy"},
    {"Standing", all.standing, set_standing, "what people have done that rules ask about"},
    {"Categories", all.categories, set_categories, "the category database"},
    {"NetworkOwners", all.networks, set_networks, "an ASN database"},
    {"NetworkCountries", all.countries, set_countries, "a country database"},
    {"Spool", all.spool, set_path, "the folder that events are written to"},
    {"RotCounts", all.rot, set_path, "the file that counts what platform maps do not know"},
    {"HeldHosts", all.held, set_path, "the folder that holds hosts refused by category for the service desk"},
    {"PseudonymKey", all.key, set_path, "the keys of the epochs"},
    {"IdentityKey", all.identity_key, set_path, "32 random bytes, others than the pseudonyms'"},
    {"Enrolments", all.enrolments, set_path, "the file that enrolled sign-ins are written to"},
    {"Portal", NULL, set_portal, "the name that the portal is reached under"},
    {"PortalKey", all.portal_key, set_path, "32 random bytes that the portal has, too"},
    {"UserHeader", all.user_header, set_header, "the ICAP header that names the user"},
    {"UserEncoding", NULL, set_encoding, "plain or base64"},
    {"GroupsHeader", all.groups_header, set_header, "the ICAP header that lists the user's groups"},
    {"SniHeader", all.sni_header, set_header, "the ICAP header with the TLS server name"},
    {"OriginHeader", all.origin_header, set_header, "the ICAP header with the address an answer came from"},
    {"PortHeader", all.port_header, set_header, "the ICAP header with the proxy's port"},
    {"KnownByHeader", all.known_by_header, set_header, "the ICAP header that says how the user is known"},
    {"BumpHeader", all.bump_header, set_header, "the HTTP header that asks the proxy to open a tunnel"},
    {"OnMissingPolicy", NULL, set_missing, "refuse, allow or fatal"},
    {"NodeName", all.node, set_node, "this machine's name in the spool"},
    {NULL, NULL, NULL, NULL},
};
