#include "tools/replay_notes.h"

#include "core/lookup.h"

#include <stdlib.h>
#include <string.h>

enum { SOME = 5 /* names that a note lists */ };

/* Names of one kind: the first few, and how many there are. */
struct names {
    json_t *some;
    unsigned n;
};

static void add_name(struct names *names, struct str name)
{
    if (names->n++ < SOME)
        json_array_append_new(names->some, json_stringn(name.p, name.n));
}

/* "before a, b and 3 more after"; nothing of no names. Gives the names back. */
static void note_names(json_t *notes, struct names *names, const char *before, const char *after)
{
    char *list = NULL;
    size_t size = 0, i;
    json_t *name;
    FILE *f = names->n ? open_memstream(&list, &size) : NULL;

    if (f) {
        fputs(before, f);
        json_array_foreach(names->some, i, name) fprintf(f, "%s%s", i ? ", " : "", json_string_value(name));
        if (names->n > SOME)
            fprintf(f, " and %u more", names->n - SOME);
        fputs(after, f);
        if (fclose(f) == 0)
            json_array_append_new(notes, json_string(list));
        free(list);
    }
    json_decref(names->some);
}

static const struct a_meta *meta_of(const struct artefact *a)
{
    return ARTEFACT_ROWS(a, META, struct a_meta);
}

/* ---- what is recorded at all ---- */

static void add_words(struct names *names, enum word_list_id list, uint32_t bits)
{
    for (unsigned i = 0; i < 32; i++)
        if (bits >> i & 1)
            add_name(names, str_of(word_of(list, i)));
}

static bool has_platform(const struct artefact *a, struct str id)
{
    for (uint32_t i = 0; i < a->n[SECTION_PLATFORMS]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i].id), id))
            return true;
    return false;
}

static void note_scope(json_t *notes, const struct artefact *old, const struct artefact *now)
{
    struct names wider = {json_array(), 0}, platforms = {json_array(), 0};

    add_words(&wider, WORDS_CLASS, meta_of(now)->scope_classes & ~meta_of(old)->scope_classes);
    add_words(&wider, WORDS_CATEGORY, meta_of(now)->scope_categories & ~meta_of(old)->scope_categories);
    for (uint32_t i = 0; i < now->n[SECTION_PLATFORMS]; i++) {
        struct str id = artefact_str(now, ARTEFACT_ROWS(now, PLATFORMS, struct a_platform)[i].id);

        if (!has_platform(old, id))
            add_name(&platforms, id);
    }
    note_names(notes, &wider, "NEW alone has in its scope: ",
               ". OLD recorded nothing of these, so what comes of them is not told.");
    note_names(notes, &platforms, "NEW alone has a map of: ",
               ". OLD recorded nothing of these, so what comes of them is not told.");
}

/* ---- what of a host no event tells ---- */

static void add_must_work(struct names *names, const struct artefact *of, const struct artefact *other)
{
    for (uint32_t i = 0; i < of->n[SECTION_HOSTS]; i++) {
        const struct a_host *h = &ARTEFACT_ROWS(of, HOSTS, struct a_host)[i];
        struct str name = artefact_str(of, h->name);

        if (h->flags & HOST_MUST_WORK && !(lookup_host(other, name).flags & HOST_MUST_WORK))
            add_name(names, name);
    }
}

static bool is_map(struct str path)
{
    return str_istarts(path, STR("platforms/"));
}

static const struct a_source *source_of(const struct artefact *a, struct str path)
{
    for (uint32_t i = 0; i < a->n[SECTION_SOURCES]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, SOURCES, struct a_source)[i].path), path))
            return &ARTEFACT_ROWS(a, SOURCES, struct a_source)[i];
    return NULL;
}

static void note_hosts(json_t *notes, const struct artefact *old, const struct artefact *now)
{
    struct names must_work = {json_array(), 0}, maps = {json_array(), 0};

    add_must_work(&must_work, now, old);
    add_must_work(&must_work, old, now);
    for (uint32_t i = 0; i < now->n[SECTION_SOURCES]; i++) {
        const struct a_source *source = &ARTEFACT_ROWS(now, SOURCES, struct a_source)[i];
        const struct a_source *before = source_of(old, artefact_str(now, source->path));

        if (is_map(artefact_str(now, source->path)) && before &&
            !str_eq(artefact_str(old, before->text), artefact_str(now, source->text)))
            add_name(&maps, artefact_str(now, source->path));
    }
    note_names(notes, &must_work, "Of one policy alone these hosts must work: ",
               ". An event names no host, so what comes of that is not told.");
    note_names(notes, &maps, "These maps differ: ", ". Events count as OLD's maps understood the requests.");
}

/* ---- whose events they are ---- */

static uint64_t of_others(const struct artefact *old, const struct replay_kind *kinds, size_t n,
                          struct names *versions)
{
    struct str version = artefact_str(old, meta_of(old)->version);
    uint64_t events = 0;

    for (size_t i = 0; i < n; i++) {
        bool known = str_eq(kinds[i].event.policy, version);

        if (known)
            continue;
        events += kinds[i].n;
        for (size_t k = 0; k < i && !known; k++)
            known = str_eq(kinds[k].event.policy, kinds[i].event.policy);
        if (!known)
            add_name(versions, kinds[i].event.policy);
    }
    return events;
}

static void note_versions(json_t *notes, const struct artefact *old, const struct replay_kind *kinds,
                          size_t n)
{
    struct names versions = {json_array(), 0};
    uint64_t events = of_others(old, kinds, n, &versions);
    struct str version = artefact_str(old, meta_of(old)->version);
    char before[160];

    snprintf(before, sizeof before, "%llu event(s) were not recorded under OLD's version %.*s but under ",
             (unsigned long long)events, STR_ARG(str_upto(version, 64)));
    note_names(notes, &versions, before,
               ". They are weighed where OLD decides the same; see 'otherwise' for the rest.");
}

json_t *replay_notes(const struct artefact *old, const struct artefact *now, const struct replay_kind *kinds,
                     size_t n)
{
    json_t *notes = json_array();

    if (memcmp(old->header->digest, now->header->digest, ARTEFACT_DIGEST) == 0)
        json_array_append_new(
            notes,
            json_string("OLD and NEW are the same policy: nothing can change. The numbers tell whether the "
                        "events are what it decides."));
    else if (!str_eq(artefact_str(old, meta_of(old)->version), artefact_str(now, meta_of(now)->version)))
        json_array_append_new(
            notes,
            json_string(
                "The versions differ: whoever has to read a notice by version is asked anew; questions "
                "of both count as answered alike."));
    note_versions(notes, old, kinds, n);
    note_scope(notes, old, now);
    note_hosts(notes, old, now);
    json_array_append_new(
        notes, json_string(
                   "Not told: what was outside OLD's scope, on a must-work or never-log host, and what could "
                   "not be told when it happened (groups not resolved, a database missing)."));
    return notes;
}

const char *replay_otherwise(const struct artefact *old, const struct replay_kind *k)
{
    if (!str_eq(k->event.policy, artefact_str(old, meta_of(old)->version)))
        return "it was recorded under another version";
    if (k->event.why == WHY_MALFORMED)
        return "the request could not be read";
    if (k->event.why == WHY_UNSURE)
        return "something that a rule asks could not be told then";
    if (k->event.platform.n && !has_platform(old, k->event.platform))
        return "OLD has no map of its platform";
    return "a page was owed, the portal was away, the site's category has changed, or this is another policy "
           "of that version";
}
