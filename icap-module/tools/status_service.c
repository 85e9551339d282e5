/* The policy in force, the files beside it, and the alarm of a refused publication. */
#include "tools/alarm.h"
#include "tools/history.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ISTAG_BYTES = 8, /* of the digest, as the module shows it (srv_portreeve(8)) */
    ERRORS_SHOWN = 3 /* of an alarm, where the screen is to hold all; no warnings */
};

/* ---- service ---- */

static json_t *first_message(const struct diag *d)
{
    return d->n ? json_slice(str_of(d->messages[0].text)) : json_null();
}

/* The newest line of the history that speaks of this very artefact; the caller's, or NULL. */
static json_t *line_of(const struct status *s)
{
    json_t *digest = json_hex(s->served->header->digest, ARTEFACT_DIGEST), *all, *found = NULL;
    unsigned unreadable;
    struct diag d;

    diag_init(&d);
    all = history_read(s->file, &unreadable, &d);
    for (size_t i = json_array_size(all); i > 0 && !found; i--) {
        json_t *o = json_array_get(all, i - 1);

        if (json_equal(json_object_get(o, "digest"), digest))
            found = json_incref(o);
    }
    json_decref(digest);
    json_decref(all);
    return found;
}

static json_t *copy_member(const json_t *o, const char *key)
{
    json_t *value = json_object_get(o, key);

    return json_is_string(value) ? json_incref(value) : json_null();
}

static void add_history(struct status *s, json_t *o)
{
    json_t *line = line_of(s);

    json_object_set_new(o, "published_at", copy_member(line, "at"));
    json_object_set_new(o, "published_by", copy_member(line, "by"));
    json_object_set_new(o, "compiled_from", copy_member(line, "from"));
    json_decref(line);
}

static void add_counts(const struct artefact *a, json_t *o)
{
    static const struct {
        const char *key;
        enum section section;
    } counts[] = {{"rules", SECTION_RULES},         {"groups", SECTION_GROUPS},
                  {"platforms", SECTION_PLATFORMS}, {"members", SECTION_MEMBERS},
                  {"accounts", SECTION_ACCOUNTS},   {"grants", SECTION_GRANTS}};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_object_set_new(o, counts[i].key, a ? json_integer(a->n[counts[i].section]) : json_null());
}

/* Groups whose verdicts are acted on, and those for which they are only counted. */
static void add_modes(const struct artefact *a, json_t *o)
{
    json_int_t n[2] = {0};

    for (uint32_t i = 0; a && i < a->n[SECTION_GROUPS]; i++) {
        uint32_t mode = ARTEFACT_ROWS(a, GROUPS, struct a_group)[i].mode;

        n[(mode == NO_INDEX ? ARTEFACT_ROWS(a, META, struct a_meta)->mode : mode) == MODE_SHADOW]++;
    }
    json_object_set_new(o, "groups_enforced", a ? json_integer(n[0]) : json_null());
    json_object_set_new(o, "groups_in_shadow", a ? json_integer(n[1]) : json_null());
}

static void add_policy(struct status *s, json_t *o)
{
    const struct artefact *a = s->served;
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);
    bool overdue = m->review_day && s->today > (int32_t)m->review_day;
    json_t *due = json_day(m->review_day);

    json_object_set_new(o, "title", json_slice(artefact_str(a, m->title)));
    json_object_set_new(o, "version", json_slice(artefact_str(a, m->version)));
    json_object_set_new(o, "digest", json_hex(a->header->digest, ISTAG_BYTES));
    json_object_set_new(o, "mode", json_word(WORDS_MODE, m->mode));
    json_object_set_new(o, "record", json_word(WORDS_RECORD, artefact_record_mode(a)));
    json_object_set_new(o, "record_asked_for", json_word(WORDS_RECORD, m->record));
    json_object_set(o, "review_due", due);
    json_object_set_new(o, "review_overdue", json_boolean(overdue));
    add_history(s, o);
    if (overdue)
        status_attend(s, "the policy's review was due on %s: have it reviewed, then put in the next date",
                      json_string_value(due));
    json_decref(due);
}

static void add_nothing(json_t *o)
{
    static const char *const keys[] = {"title",        "version",          "digest",       "mode",
                                       "record",       "record_asked_for", "review_due",   "review_overdue",
                                       "published_at", "published_by",     "compiled_from"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_object_set_new(o, keys[i], json_null());
}

json_t *status_look_service(struct status *s)
{
    json_t *o = json_pack("{s:s, s:o}", "served",
                          s->policy      ? "file"
                          : s->last_good ? "last-good"
                                         : "nothing",
                          "problem", s->policy ? json_null() : first_message(&s->why));

    if (s->served)
        add_policy(s, o);
    else
        add_nothing(o);
    add_counts(s->served, o);
    add_modes(s->served, o);
    if (!s->policy && s->last_good)
        status_attend(
            s,
            "%s does not open: workers that start take %s.last-good, those that run keep what they have. "
            "Compile again",
            s->file, s->file);
    else if (!s->policy)
        status_attend(s,
                      "neither %s nor %s.last-good opens: workers that start have no policy, and do as "
                      "OnMissingPolicy says (refuse all as unavailable). Compile again",
                      s->file, s->file);
    return o;
}

/* "enforce", "shadow, 2 of 5 groups in enforce". */
static void tell_modes(struct screen *sc, const json_t *facts)
{
    const char *mode = status_text(facts, "mode");
    bool shadow = strcmp(mode, word_of(WORDS_MODE, MODE_SHADOW)) == 0;
    enum mode other = shadow ? MODE_ENFORCE : MODE_SHADOW;
    json_int_t n = status_number(facts, shadow ? "groups_enforced" : "groups_in_shadow");

    screen_put(sc, "  %s", mode);
    if (n)
        screen_put(sc, ", %lld of %lld groups in %s", (long long)n, (long long)status_number(facts, "groups"),
                   word_of(WORDS_MODE, other));
}

void status_tell_service(struct screen *sc, const json_t *facts)
{
    const char *served = status_text(facts, "served");
    char when[32];

    if (json_is_string(json_object_get(facts, "problem"))) {
        screen_put(sc, "Does not open: %s", status_text(facts, "problem"));
        screen_end(sc);
    }
    if (strcmp(served, "nothing") == 0)
        return;
    screen_put(sc, "%s: %s, version %s (%s)",
               strcmp(served, "file") == 0 ? "In service" : "The last good one", status_text(facts, "title"),
               status_text(facts, "version"), status_text(facts, "digest"));
    screen_end(sc);
    if (json_is_string(json_object_get(facts, "published_at")))
        screen_put(sc, "  published %s by %s, compiled from %s", status_when(facts, "published_at", when),
                   status_text(facts, "published_by"), status_text(facts, "compiled_from"));
    else
        screen_put(sc, "  the history does not say who published it");
    screen_end(sc);
    tell_modes(sc, facts);
    screen_put(sc, ", record %s", status_text(facts, "record"));
    if (!json_equal(json_object_get(facts, "record"), json_object_get(facts, "record_asked_for")))
        screen_put(sc, " (the policy says %s: its monitoring statement is still to be filled in)",
                   status_text(facts, "record_asked_for"));
    screen_put(sc, "; review due %s", status_text(facts, "review_due"));
    screen_end(sc);
    if (!sc->all)
        return;
    screen_put(sc, "  %lld rules, %lld groups, %lld platforms, %lld members, %lld accounts, %lld grants",
               (long long)status_number(facts, "rules"), (long long)status_number(facts, "groups"),
               (long long)status_number(facts, "platforms"), (long long)status_number(facts, "members"),
               (long long)status_number(facts, "accounts"), (long long)status_number(facts, "grants"));
    screen_end(sc);
}

/* ---- files ---- */

static const char *compare_last_good(struct status *s)
{
    char name[4096];

    if (access(status_beside(s, ".last-good", name), F_OK) != 0) {
        status_attend(s, "%s is missing: it is what is served should %s be damaged. Compile again", name,
                      s->file);
        return "missing";
    }
    if (!s->last_good) {
        status_attend(s, "%s does not open: %s. Compile again", name,
                      s->why_last_good.n ? s->why_last_good.messages[0].text : "no message");
        return "damaged";
    }
    if (!s->policy)
        return "other";
    if (memcmp(policy_artefact(s->policy)->header->digest, policy_artefact(s->last_good)->header->digest,
               ARTEFACT_DIGEST) == 0)
        return "same";
    status_attend(s, "%s is another policy than %s: compile again", name, s->file);
    return "other";
}

static json_t *read_generation(struct status *s)
{
    char name[4096];
    uint64_t word = 0;
    int fd = open(status_beside(s, ".generation", name), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool whole = fd >= 0 && pread(fd, &word, sizeof word, 0) == (ssize_t)sizeof word;

    if (fd >= 0)
        close(fd);
    if (whole)
        return json_integer((json_int_t)word);
    status_attend(s, "%s is %s: workers see a new policy after a second, not at once. Compile again", name,
                  fd >= 0 ? "no 8-byte word" : "missing or cannot be read");
    return json_null();
}

/* c-icap reads them as a member of their group; registers within are nobody else's business. */
static void check_mode(struct status *s, const char *name, mode_t mode)
{
    unsigned bits = (unsigned)mode & 0777;

    if (!(mode & S_IRGRP))
        status_attend(s, "%s cannot be read by its group (mode %04o), which c-icap belongs to: chmod 0640",
                      name, bits);
    if (mode & (S_IROTH | S_IWOTH | S_IWGRP))
        status_attend(
            s, "%s is open to more than its owner's writing and its group's reading (mode %04o): chmod 0640",
            name, bits);
}

static void check_modes(struct status *s, json_t *o)
{
    static const char *const beside[] = {"", ".last-good", ".generation", ".history", ".alarm"};
    struct stat st;
    char name[4096], mode[8];

    json_object_set_new(o, "mode", json_null());
    json_object_set_new(o, "group", json_null());
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        const struct group *group;

        if (stat(status_beside(s, beside[i], name), &st) != 0)
            continue;
        check_mode(s, name, st.st_mode);
        if (i != 0)
            continue;
        group = getgrgid(st.st_gid);
        snprintf(mode, sizeof mode, "%04o", (unsigned)st.st_mode & 0777);
        json_object_set_new(o, "mode", json_string(mode));
        json_object_set_new(o, "group", group ? json_slice(str_of(group->gr_name)) : json_null());
    }
}

json_t *status_look_files(struct status *s)
{
    json_t *o = json_pack("{s:s, s:o}", "last_good", compare_last_good(s), "generation", read_generation(s));

    check_modes(s, o);
    return o;
}

void status_tell_files(struct screen *sc, const json_t *facts)
{
    if (!sc->all)
        return;
    screen_put(sc, "Files: mode %s, group %s; last-good: %s; ", status_text(facts, "mode"),
               status_text(facts, "group"), status_text(facts, "last_good"));
    if (json_is_integer(json_object_get(facts, "generation")))
        screen_put(sc, "generation %lld", (long long)status_number(facts, "generation"));
    else
        screen_put(sc, "no generation");
    screen_end(sc);
}

/* ---- alarm ---- */

/* What more people see than the alarm itself. */
static void mask_messages(json_t *messages)
{
    char masked[DIAG_TEXT];
    json_t *m;
    size_t i;

    json_array_foreach(messages, i, m)
    {
        const char *file = json_string_value(json_object_get(m, "file"));

        alarm_mask(file ? file : "", status_text(m, "text"), masked);
        json_object_set_new(m, "text", json_slice(str_of(masked)));
    }
}

json_t *status_look_alarm(struct status *s)
{
    struct diag d;
    json_t *o;

    diag_init(&d);
    o = alarm_read(s->file, &d);
    if (!o && d.n == 0)
        return json_null();
    if (!o) {
        status_attend(s, "%s: publish again, and it is written anew or taken away", d.messages[0].text);
        return json_pack("{s:o, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n}", "problem",
                         json_slice(str_of(d.messages[0].text)), "at", "first_at", "failures", "by", "from",
                         "errors", "warnings", "messages");
    }
    mask_messages(json_object_get(o, "messages"));
    json_object_del(o, "schema");
    json_object_set_new(o, "problem", json_null());
    status_attend(s, "the last publication was refused: mend what the alarm names and compile again");
    return o;
}

static void tell_message(struct screen *sc, const json_t *m)
{
    json_int_t line = status_number(m, "line"), column = status_number(m, "column");

    screen_put(sc, "    %s", json_is_string(json_object_get(m, "file")) ? status_text(m, "file") : "");
    if (line)
        screen_put(sc, ":%lld", (long long)line);
    if (line && column)
        screen_put(sc, ":%lld", (long long)column);
    screen_put(sc, "%s%s: %s", json_is_string(json_object_get(m, "file")) ? ": " : "",
               status_text(m, "severity"), status_text(m, "text"));
    screen_end(sc);
}

/* How many messages were not shown, and how many not kept. */
static void tell_rest(struct screen *sc, size_t rest, json_int_t more)
{
    if (rest) {
        screen_put(sc, "    and %zu more: --all shows them", rest);
        screen_end(sc);
    }
    if (more > 0) {
        screen_put(sc, "    and %lld more that the alarm has not kept", (long long)more);
        screen_end(sc);
    }
}

void status_tell_alarm(struct screen *sc, const json_t *facts)
{
    json_t *messages = json_object_get(facts, "messages"), *m;
    char first[32], last[32];
    json_int_t failures, more;
    size_t i, told = 0;

    if (!json_is_array(messages)) {
        if (json_is_object(facts)) {
            screen_put(sc, "Alarm: there is one that cannot be read");
            screen_end(sc);
        }
        return;
    }
    failures = status_number(facts, "failures");
    more = status_number(facts, "errors") + status_number(facts, "warnings") -
           (json_int_t)json_array_size(messages);
    screen_put(sc, "Alarm: not published on %s, by %s from %s", status_when(facts, "at", last),
               status_text(facts, "by"), status_text(facts, "from"));
    if (failures > 1)
        screen_put(sc, "; %lld refused since %s", (long long)failures, status_when(facts, "first_at", first));
    screen_end(sc);
    json_array_foreach(messages, i, m)
    {
        if (!sc->all && (told == ERRORS_SHOWN || strcmp(status_text(m, "severity"), "error") != 0))
            continue;
        tell_message(sc, m);
        told++;
    }
    tell_rest(sc, json_array_size(messages) - told, more);
}
