#include "tools/history.h"

#include "tools/json_words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* {"permit granted-view": {"because": ..., "cite": ...}, ...} */
static json_t *rules_of(const struct artefact *a)
{
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);
    json_t *rules = json_object();

    json_object_set_new(rules, "default",
                        json_pack("{s:s, s:o, s:o}", "verb", word_of(WORDS_ACTION, m->default_action),
                                  "because", json_slice(artefact_str(a, m->default_because)), "cite",
                                  json_slice(artefact_str(a, m->default_cite))));
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];
        struct str id = artefact_str(a, r->id);
        json_t *rule =
            json_pack("{s:s, s:o, s:o}", "verb", word_of(WORDS_VERB, r->verb), "because",
                      json_slice(artefact_str(a, r->because)), "cite", json_slice(artefact_str(a, r->cite)));

        if (r->assumption.n)
            json_object_set_new(rule, "assumption", json_slice(artefact_str(a, r->assumption)));

        json_object_setn_new(rules, id.p, id.n, rule);
    }
    return rules;
}

/* What the council has decided before anybody may be named. */
static json_t *monitoring_of(const struct artefact *a)
{
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);

    return json_pack("{s:o, s:o, s:o}", "clause", json_slice(artefact_str(a, m->monitoring_clause)), "dpia",
                     json_slice(artefact_str(a, m->dpia)), "notice_on", json_day(m->notice_day));
}

static char *line_for(const struct artefact *a, const char *from)
{
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);
    json_t *o =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o}", "at", json_time(time(NULL)),
                  "by", json_publisher(), "from", json_slice(str_of(from)), "title",
                  json_slice(artefact_str(a, m->title)), "version", json_slice(artefact_str(a, m->version)),
                  "digest", json_hex(a->header->digest, ARTEFACT_DIGEST), "approved_by",
                  json_slice(artefact_str(a, m->approved_by)), "approved_on", json_day(m->approved_day),
                  "mode", word_of(WORDS_MODE, m->mode), "record",
                  word_of(WORDS_RECORD, artefact_record_mode(a)), "in_force_from", json_day(m->from_day),
                  "monitoring", monitoring_of(a), "rules", rules_of(a));
    char *text = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII);

    json_decref(o);
    return text;
}

static int name_of(const char *path, char *to, size_t size, struct diag *d)
{
    if ((size_t)snprintf(to, size, "%s.history", path) < size)
        return 0;
    return diag_error(d, path, ": is too long a name", NULL);
}

int history_add(const char *path, const struct artefact *a, const char *from, struct diag *d)
{
    char name[4096];
    char *text = line_for(a, from);
    int fd, result = -1;

    if (!text)
        return diag_error(d, path, ".history: out of memory", NULL);
    if (name_of(path, name, sizeof name, d) == 0) {
        fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
        if (fd < 0 || dprintf(fd, "%s\n", text) < 0 || fsync(fd) != 0)
            diag_error(d, name, ": cannot be written: ", strerror(errno));
        else
            result = 0;
        if (fd >= 0)
            close(fd);
    }
    free(text);
    return result;
}

json_t *history_read(const char *path, unsigned *unreadable, struct diag *d)
{
    char name[4096], *line = NULL;
    size_t room = 0;
    ssize_t n;
    json_t *all;
    FILE *f;

    *unreadable = 0;
    if (name_of(path, name, sizeof name, d) != 0)
        return NULL;
    f = fopen(name, "re");
    if (!f) {
        diag_error(d, name, ": cannot be read: ", strerror(errno));
        return NULL;
    }
    all = json_array();
    while ((n = getline(&line, &room, f)) > 0) {
        json_t *o = json_loadb(line, (size_t)n, 0, NULL);

        if (json_is_object(o))
            json_array_append_new(all, o);
        else {
            (*unreadable)++;
            json_decref(o);
        }
    }
    free(line);
    fclose(f);
    return all;
}

/* The newest line of that version, or NULL. */
static json_t *line_of(json_t *history, struct str version)
{
    size_t i = json_array_size(history);

    while (i > 0) {
        json_t *o = json_array_get(history, --i);
        json_t *v = json_object_get(o, "version");

        if (json_is_string(v) && str_eq((struct str){json_string_value(v), json_string_length(v)}, version))
            return o;
    }
    return NULL;
}

json_t *history_rule(json_t *history, struct str version, struct str rule)
{
    const json_t *rules = json_object_get(line_of(history, version), "rules");

    return rule.n ? json_object_getn(rules, rule.p, rule.n) : NULL;
}

bool history_has(json_t *history, struct str version)
{
    return line_of(history, version) != NULL;
}

json_t *history_of(const struct artefact *a)
{
    struct str version = artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->version);

    return json_pack("[{s:o, s:o}]", "version", json_slice(version), "rules", rules_of(a));
}
