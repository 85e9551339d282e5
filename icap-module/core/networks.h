/* Whose network or which country an Internet address lies in: a database in MaxMind's format (MaxMind DB
 * specification 2.0), read through libmaxminddb.
 *
 * The file is mapped and must be replaced by renaming, never written to: as geoipupdate does. It is proven
 * whole when it is opened: every node of the tree, and every record that a look-up can end at. So the hot
 * path cannot fail; it makes no heap call and no system call. */
#ifndef CORE_NETWORKS_H
#define CORE_NETWORKS_H

#include "core/diag.h"

struct networks;

/* What a database tells. */
enum networks_kind {
    NETWORKS_OWNERS,    /* AS numbers: "autonomous_system_number" */
    NETWORKS_COUNTRIES, /* "country" with "iso_code" in it (MaxMind's), or "country_code" */
    NETWORKS_KINDS,
    NETWORKS_COUNCIL = NETWORKS_KINDS /* a council's own networks by name; read by networks_each alone, when a
                                         policy is compiled: the module looks nothing up in it */
};

/* -1 with messages, and *n untouched, when it is no sound database of that kind. In mapfile.c, as it reads a
 * file. */
int networks_map(const char *path, enum networks_kind kind, struct networks **n, struct diag *d);
void networks_free(struct networks *n);

/* The AS number (RFC 6793) that announces this address, as host_canonical and inet_ntop write it; 0 where the
 * database does not know or tells something else, and for what is no address. `n` may be NULL. */
uint32_t networks_owner(const struct networks *n, struct str address);

/* The country of the address by ISO 3166-1: two small letters, the first times 256 and the second. 0 as
 * above. */
uint32_t networks_country(const struct networks *n, struct str address);

/* One network of a council's own database, as "10.3.0.0/16"; the record's texts "name", "kind" and "note", n = 0
 * where it has none. Slices live during the call. */
struct networks_row {
    struct str cidr, name, kind, note;
};
typedef void networks_told(void *to, const struct networks_row *row);

enum { NETWORKS_ROWS = 4096 };

/* Tells every network of a database of NETWORKS_COUNCIL, by address, neighbours with one record as one; what
 * stands for IPv4 a second time (mapped, 6to4) once. NULL, or what is wrong: it is no tree, or has more than
 * NETWORKS_ROWS networks, and nothing was told. */
const char *networks_each(const struct networks *n, networks_told *told, void *to);

/* An address that packets cross the Internet to: not a machine's own, a building's, a provider's inside or a
 * group's (RFC 6890, RFC 1112). False for what is no address. */
bool networks_public(struct str address);

#endif
