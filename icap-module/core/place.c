#include "core/place.h"

#include "core/networks.h"

struct whereabouts place_of(const struct snapshot *snapshot, struct str address)
{
    if (!networks_public(address))
        return (struct whereabouts){.told = false};
    if (snapshot->place)
        return *snapshot->place;
    return (struct whereabouts){.told = true,
                                .asn = networks_owner(snapshot->networks, address),
                                .country = networks_country(snapshot->countries, address)};
}

struct str place_country(uint32_t country, char to[2])
{
    to[0] = (char)(country >> 8);
    to[1] = (char)(country & 0xff);
    return (struct str){to, country ? 2 : 0};
}
