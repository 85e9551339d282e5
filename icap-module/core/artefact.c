#include "core/artefact.h"

static const uint32_t row_sizes[SECTION_COUNT] = {
#define SECTION(NAME, type) sizeof(type),
    ARTEFACT_SECTIONS(SECTION)
#undef SECTION
};

uint32_t section_row_size(enum section s)
{
    return row_sizes[s];
}

uint32_t artefact_sum(const void *bytes, size_t size)
{
    /* Four lanes, so that 100 MB take milliseconds; this finds torn files, the digest finds the rest. */
    const unsigned char *p = bytes;
    uint32_t lane[4] = {STR_HASH_SEED, STR_HASH_SEED + 1, STR_HASH_SEED + 2, STR_HASH_SEED + 3};
    size_t i = 0;

    for (; i + 16 <= size; i += 16) {
        uint32_t w[4];

        memcpy(w, p + i, sizeof w);
        for (int l = 0; l < 4; l++)
            lane[l] = (lane[l] ^ w[l]) * 16777619u;
    }
    for (; i < size; i++)
        lane[i % 4] = (lane[i % 4] ^ p[i]) * 16777619u;
    return lane[0] ^ lane[1] * 3 ^ lane[2] * 5 ^ lane[3] * 7;
}

uint32_t artefact_check_sum(const struct artefact_header *h, size_t size)
{
    return artefact_sum(h->digest, size - offsetof(struct artefact_header, digest));
}

uint32_t host_hash(struct str name)
{
    uint32_t h = HOST_HASH_SEED;

    for (size_t i = name.n; i > 0; i--)
        h = host_hash_step(h, name.p[i - 1]);
    return h;
}

uint32_t alias_hash(uint32_t platform, struct str name)
{
    return str_hash_from((STR_HASH_SEED ^ platform) * 16777619u, name);
}

uint32_t identity_hash(uint32_t platform, const uint32_t digest[4])
{
    return digest[0] ^ platform * 2654435761u;
}

uint32_t grant_user_hash(struct str user)
{
    return str_hash(user);
}

uint32_t grant_group_hash(uint32_t group)
{
    return ((group ^ 0x9e3779b9u) * 2654435761u) | 1;
}

enum record meta_record_mode(const struct a_meta *meta)
{
    if (meta->record == RECORD_PSEUDONYM &&
        (!meta->monitoring_clause.n || !meta->notice_day || !meta->dpia.n))
        return RECORD_COUNTS;
    return (enum record)meta->record;
}

bool meta_alert_sound(const struct a_meta *meta)
{
    if (!meta->alert_count)
        return !meta->alert_minutes;
    return meta->alert_count >= ALERT_COUNT_MIN && meta->alert_count <= ALERT_COUNT_MAX && meta->alert_minutes &&
           meta->alert_minutes <= ALERT_MINUTES_MAX;
}

enum record artefact_record_mode(const struct artefact *a)
{
    return meta_record_mode(ARTEFACT_ROWS(a, META, struct a_meta));
}
