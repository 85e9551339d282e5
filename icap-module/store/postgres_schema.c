/* The tables in PostgreSQL. A step is never changed once it is released: a change is a further step. What
 * they hold is said in sqlite_schema.c; here is told what differs.
 *
 * Texts are bytes (bytea): what a client sent is not always UTF-8, and no text may stop an import. To read
 * one: convert_from(text, 'UTF8'). */
#include "store/postgres.h"

const char *const postgres_schema[] = {
    /* 1 */
    "CREATE TABLE name(id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text bytea NOT NULL UNIQUE);"
    "CREATE TABLE person(id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pseudonym bytea NOT NULL "
    "UNIQUE);"
    "INSERT INTO person(pseudonym) VALUES('');" /* 1 = nobody */
    "CREATE TABLE kind(id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, policy integer NOT NULL, rule "
    "integer "
    "NOT NULL, platform integer NOT NULL, account integer NOT NULL, grp integer NOT NULL, would_rule integer "
    "NOT "
    "NULL, action integer NOT NULL, why integer NOT NULL, activity integer NOT NULL, confidence integer NOT "
    "NULL, "
    "origin integer NOT NULL, identity integer NOT NULL, categories bigint NOT NULL, people bigint NOT NULL, "
    "shadow "
    "integer NOT NULL, would integer NOT NULL, UNIQUE(policy, rule, platform, account, grp, would_rule, "
    "action, "
    "why, activity, confidence, origin, identity, categories, people, shadow, would));"
    /* A segment's name tells node, boot and process: it is one over all nodes. */
    "CREATE TABLE segment(id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name bytea NOT NULL UNIQUE, "
    "next "
    "bigint NOT NULL);"
    "CREATE TABLE hour(hour bigint PRIMARY KEY);"
    /* In this order a row has 24 bytes beside PostgreSQL's own 28; `sequence`: its low 31 bits, of which no
     * two in a segment are the same. What makes an event stand here once is segment.next, which is moved on
     * in the same transaction: a key would cost as much as the row. Equal keys in a btree share one entry (6
     * bytes an event); rows come by time, so that a range of blocks is index enough. */
    "CREATE TABLE event(time bigint NOT NULL, person integer NOT NULL, segment integer NOT NULL, sequence "
    "integer "
    "NOT NULL, kind integer NOT NULL, code bytea, place bigint);"
    "CREATE INDEX event_person ON event(person);"
    "CREATE INDEX event_time ON event USING brin(time) WITH (pages_per_range = 16, autosummarize = on);"
    "CREATE INDEX event_code ON event(code) WHERE code IS NOT NULL;"
    "CREATE TABLE minute(day integer NOT NULL, person integer NOT NULL, allowance integer NOT NULL, minute "
    "integer "
    "NOT NULL, PRIMARY KEY(day, person, allowance, minute));"
    "CREATE TABLE used(day integer NOT NULL, person integer NOT NULL, allowance integer NOT NULL, minutes "
    "integer "
    "NOT NULL, last integer NOT NULL, PRIMARY KEY(day, person, allowance));"
    "CREATE TABLE day_minute(day integer NOT NULL, digest bytea NOT NULL, allowance integer NOT NULL, minute "
    "integer "
    "NOT NULL, PRIMARY KEY(day, digest, allowance, minute));"
    "CREATE TABLE day_used(day integer NOT NULL, digest bytea NOT NULL, allowance integer NOT NULL, minutes "
    "integer "
    "NOT NULL, last integer NOT NULL, PRIMARY KEY(day, digest, allowance));"
    "CREATE TABLE act(id bytea PRIMARY KEY, nonce bytea NOT NULL UNIQUE, kind integer NOT NULL, \"user\" "
    "bytea NOT "
    "NULL, what bytea NOT NULL, at bigint NOT NULL, since bigint NOT NULL, until bigint NOT NULL, number "
    "bigint NOT "
    "NULL, by bytea NOT NULL);"
    "CREATE INDEX act_user ON act(\"user\", kind, what, since);"
    "CREATE TABLE letter(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, recipient bytea NOT NULL, text "
    "bytea "
    "NOT NULL, due bigint NOT NULL, tries integer NOT NULL);",
    /* 2 */
    "ALTER TABLE hour ADD COLUMN done integer NOT NULL DEFAULT 0;"
    "CREATE TABLE security_event(time bigint NOT NULL, person integer NOT NULL, segment integer NOT NULL, "
    "sequence integer NOT "
    "NULL, kind integer NOT NULL, code bytea, place bigint);"
    "CREATE INDEX security_event_time ON security_event(time);"
    "CREATE TABLE corporate_event(time bigint NOT NULL, person integer NOT NULL, segment integer NOT NULL, "
    "sequence integer NOT "
    "NULL, kind integer NOT NULL, code bytea, place bigint);"
    "CREATE INDEX corporate_event_time ON corporate_event(time);"
    "CREATE TABLE hold(reference bytea NOT NULL, person integer NOT NULL, since bigint NOT NULL, until "
    "bigint NOT NULL, review "
    "bigint NOT NULL, by bytea NOT NULL, at bigint NOT NULL, PRIMARY KEY(reference, person));"
    "CREATE INDEX hold_person ON hold(person);"
    "CREATE TABLE erased(day integer NOT NULL, store integer NOT NULL, events bigint NOT NULL, held bigint "
    "NOT NULL, at bigint "
    "NOT NULL, PRIMARY KEY(day, store));"
    "CREATE TABLE cell(day integer NOT NULL, platform integer NOT NULL, activity integer NOT NULL, action "
    "integer NOT NULL, "
    "rule integer NOT NULL, grp integer NOT NULL, events bigint NOT NULL, people bigint NOT NULL);"
    "CREATE INDEX cell_day ON cell(day);"
    "CREATE TABLE summed(day integer PRIMARY KEY, at bigint NOT NULL);",
    /* 3 */
    "CREATE TABLE feed(id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name bytea NOT NULL UNIQUE, next bigint NOT "
    "NULL, sent bigint NOT NULL, sent_at bigint NOT NULL, lost bigint NOT NULL, lost_at bigint NOT NULL, file bigint NOT "
    "NULL, size bigint NOT NULL);"
    "CREATE TABLE feed_line(feed integer NOT NULL, due bigint NOT NULL, number bigint NOT NULL, text bytea NOT NULL, "
    "PRIMARY KEY(feed, due, number));",
    /* 4 */
    "CREATE TABLE note(nonce bytea NOT NULL, part integer NOT NULL, person integer NOT NULL, at bigint NOT NULL, since bigint NOT "
    "NULL, until bigint NOT NULL, words bytea NOT NULL, PRIMARY KEY(nonce, part));"
    "CREATE INDEX note_person ON note(person, since);",
    /* 5 */
    "CREATE TABLE alert_due(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person integer NOT NULL, since bigint NOT NULL, "
    "until bigint NOT NULL);"
    "CREATE TABLE alert(person integer NOT NULL, day integer NOT NULL, reference bytea NOT NULL UNIQUE, time bigint NOT NULL, since "
    "bigint NOT NULL, until bigint NOT NULL, number bigint NOT NULL, rules bytea NOT NULL, classes bytea NOT NULL, PRIMARY "
    "KEY(person, day));"
    "CREATE INDEX alert_time ON alert(time);",
    /* 6 */
    "CREATE TABLE handing(node bytea PRIMARY KEY, announced bytea NOT NULL, handed bytea NOT NULL, until bigint NOT NULL);",
};

const unsigned postgres_schema_version = sizeof postgres_schema / sizeof *postgres_schema;
