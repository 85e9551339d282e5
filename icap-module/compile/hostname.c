#include "compile/hostname.h"

#include <arpa/inet.h>
#include <idn2.h>

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static bool has_nul(struct str s)
{
    return str_find(s, '\0') < s.n;
}

/* IPv4 and IPv6 in the form that inet_ntop writes. */
static bool normal_address(const char *z, char *to, struct str *name)
{
    unsigned char address[sizeof(struct in6_addr)];
    size_t n = strlen(z);
    int family = memchr(z, ':', n) ? AF_INET6 : AF_INET;

    if (family == AF_INET && (n == 0 || z[n - 1] < '0' || z[n - 1] > '9'))
        return false; /* nearly all names */
    if (inet_pton(family, z, address) != 1 || !inet_ntop(family, address, to, HOSTNAME_MAX + 2))
        return false;
    *name = str_of(to);
    return true;
}

/* Labels of letters, digits, '-' and '_' (which RFC 1123 has not, but names in use have), 1 to 63 long. */
static const char *wrong_labels(struct str name)
{
    bool digits_only = true;

    if (name.n && name.p[name.n - 1] == '.')
        return "two dots follow each other";
    while (name.n) {
        struct str label = str_cut(&name, '.');

        if (label.n == 0)
            return "two dots follow each other";
        if (label.n > 63)
            return "a part between dots is longer than 63 characters";
        if (label.p[0] == '-' || label.p[label.n - 1] == '-')
            return "a part begins or ends with '-'";
        digits_only = true;
        for (size_t i = 0; i < label.n; i++) {
            char c = label.p[i];

            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
                return "only letters, digits, '-' and dots make a host name (no http://, port, path or '*')";
            digits_only &= c >= '0' && c <= '9';
        }
    }
    return digits_only ? "its last part is a number, and it is no address either" : NULL;
}

/* Lower case, in `to`; for what is not ASCII the A-labels. */
static const char *fold(struct str text, char *to, size_t size, struct str *name)
{
    uint8_t *ascii = NULL;
    char z[1024];

    if (is_ascii(text)) {
        if (text.n >= size)
            return "it is longer than 253 characters";
        for (size_t i = 0; i < text.n; i++)
            to[i] = ascii_lower(text.p[i]);
        to[text.n] = '\0';
        *name = (struct str){to, text.n};
        return NULL;
    }
    if (text.n >= sizeof z)
        return "it is longer than 253 characters";
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    if (idn2_to_ascii_8z(z, (char **)&ascii, IDN2_NONTRANSITIONAL) != IDN2_OK)
        return "it holds letters that host names cannot have";
    *name = str_of((const char *)ascii);
    if (name->n >= size) {
        idn2_free(ascii);
        return "it is longer than 253 characters";
    }
    memcpy(to, ascii, name->n + 1);
    *name = (struct str){to, name->n};
    idn2_free(ascii);
    return NULL;
}

bool hostname_normal(struct str text, bool dot, char to[HOSTNAME_MAX + 2], struct str *name,
                     const char **problem)
{
    size_t dots = text.n && text.p[0] == '.';

    if (dots && !dot) {
        *problem = "it begins with a dot, and everything below a name cannot be meant here";
        return false;
    }
    if (text.n == dots || has_nul(text)) {
        *problem = "it is empty";
        return false;
    }
    to[0] = '.';
    *problem = fold(str_from(text, dots), to + dots, HOSTNAME_MAX + 2 - dots, name);
    if (*problem)
        return false;
    if (!dots && normal_address(to, to, name))
        return true;
    if (name->n > 1 && name->p[name->n - 1] == '.')
        name->n--;
    if (name->n > HOSTNAME_MAX) {
        *problem = "it is longer than 253 characters";
        return false;
    }
    *problem = wrong_labels(*name);
    *name = (struct str){to, name->n + dots};
    return *problem == NULL;
}
