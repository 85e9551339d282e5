/* Sign-ins of the register: how many, whether the key at hand is theirs, and what waits for a confirmation.
 * Counts, never names or digests. */
#include "record/seal.h"
#include "tools/inbox.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <stdio.h>

static json_t *key_name(uint32_t id)
{
    char text[KEY_TEXT];
    struct text t;

    text_init(&t, text, sizeof text);
    identity_key_put(&t, id);
    return json_slice(text_str(&t));
}

/* "good", "other", "unreadable", or null where it was not asked about. */
static json_t *look_key(struct status *s, uint32_t wanted)
{
    struct identity_key key;
    struct diag d;

    if (!s->identity_key)
        return json_null();
    diag_init(&d);
    if (seal_init(&d) != 0 || seal_identity_key_read(s->identity_key, &key, &d) != 0) {
        status_attend(s, "%s: who is signed in is unknown where only the register can tell",
                      d.messages[0].text);
        return json_string("unreadable");
    }
    if (wanted == 0 || wanted == key.id)
        return json_string("good");
    status_attend(s,
                  "%s is another key than the register's digests were made with: who is signed in is unknown "
                  "where only "
                  "the register can tell. Name that key, or let all enrol again",
                  s->identity_key);
    return json_string("other");
}

/* Of the inbox, what the register in service does not hold. */
static json_int_t count_pending(const struct artefact *a, const struct inbox *inbox)
{
    const struct a_identity *rows = ARTEFACT_ROWS(a, IDENTITIES, struct a_identity);
    json_int_t n = 0;

    for (size_t i = 0; i < inbox->n; i++) {
        bool held = false;

        for (uint32_t k = 0; k < a->n[SECTION_IDENTITIES] && !held; k++)
            held = memcmp(rows[k].digest, inbox->lines[i].digest.words, sizeof rows[k].digest) == 0 &&
                   str_eq(artefact_str(a, ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[rows[k].account].name),
                          inbox->lines[i].account);
        n += !held;
    }
    return n;
}

static void look_inbox(struct status *s, json_t *o)
{
    struct inbox inbox = {0};
    struct diag d;
    json_int_t n;

    diag_init(&d);
    if (!s->enrolments || inbox_read(s->enrolments, &inbox, &d) != 0) {
        if (s->enrolments)
            status_attend(s, "%s: nobody can enrol until it can be read and written",
                          d.n ? d.messages[0].text : "the inbox cannot be read");
        json_object_set_new(o, "pending", json_null());
        json_object_set_new(o, "unreadable", json_null());
        inbox_free(&inbox);
        return;
    }
    n = count_pending(s->served, &inbox);
    if (n)
        status_attend(s, "%lld enrolment(s) wait for the accounts' owners: portreeve accounts pending %s",
                      (long long)n, s->enrolments);
    json_object_set_new(o, "pending", json_integer(n));
    json_object_set_new(o, "unreadable", json_integer(inbox.unreadable));
    inbox_free(&inbox);
}

json_t *status_look_identities(struct status *s)
{
    const struct a_identity *rows;
    json_int_t own = 0;
    uint32_t n, key;
    json_t *o;

    if (!s->served)
        return json_null();
    rows = ARTEFACT_ROWS(s->served, IDENTITIES, struct a_identity);
    n = s->served->n[SECTION_IDENTITIES];
    key = n ? rows->key : 0;
    for (uint32_t i = 0; i < n; i++)
        own += rows[i].user.n > 0;
    o = json_pack("{s:I, s:I, s:o, s:o}", "sign_ins", (json_int_t)n, "own_profiles", own, "made_with",
                  n ? key_name(key) : json_null(), "identity_key", look_key(s, key));
    look_inbox(s, o);
    return o;
}

void status_tell_identities(struct screen *sc, const json_t *facts)
{
    json_int_t n = status_number(facts, "sign_ins");
    bool asked = json_is_string(json_object_get(facts, "identity_key"));

    if (n == 0 && !asked && json_is_null(json_object_get(facts, "pending")))
        return;
    screen_put(sc, "Sign-ins: %lld confirmed, %lld of them people's own profiles", (long long)n,
               (long long)status_number(facts, "own_profiles"));
    if (n)
        screen_put(sc, "; they need the key %s", status_text(facts, "made_with"));
    if (n && !asked)
        screen_put(sc, " (say --identity-key FILE to have it looked at)");
    screen_end(sc);
}
