/* The tables. A step is never changed once it is released: a change is a further step. */
#include "store/backend.h"

const char *const sqlite_schema[] = {
    /* 1 */
    /* Rule ids, platforms, versions: each word once. */
    "CREATE TABLE name(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    /* Pseudonyms. No name of a person stands beside one, in any table. 1 = nobody. */
    "CREATE TABLE person(id INTEGER PRIMARY KEY, pseudonym BLOB NOT NULL UNIQUE);"
    "INSERT INTO person VALUES(1, x'');"
    /* `next`: all before that offset is imported. */
    "CREATE TABLE segment(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next INTEGER NOT NULL);"
    /* What governance 2.3 allows and nothing else (record/event.h); numbers are words.def's. */
    /* By hours, then by people: what is imported in one go lies in few pages, and so does what one person did
     * in an hour. `hour` lists those that there are. */
    "CREATE TABLE hour(hour INTEGER PRIMARY KEY);"
    "CREATE TABLE event(hour INTEGER NOT NULL, person INTEGER NOT NULL, time INTEGER NOT NULL, segment "
    "INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, policy INTEGER NOT NULL, rule INTEGER NOT NULL, platform INTEGER NOT NULL,"
    " account INTEGER NOT NULL, action INTEGER NOT NULL, why INTEGER NOT NULL, activity INTEGER NOT NULL,"
    " confidence INTEGER NOT NULL, origin INTEGER NOT NULL, identity INTEGER NOT NULL,"
    " categories INTEGER NOT NULL, people INTEGER NOT NULL, shadow INTEGER NOT NULL, would INTEGER NOT NULL,"
    " would_rule INTEGER NOT NULL, code TEXT NOT NULL,"
    " PRIMARY KEY(hour, person, time, segment, sequence)) WITHOUT ROWID;"
    "CREATE INDEX event_code ON event(code) WHERE code <> '';"
    "CREATE TABLE minute(day INTEGER NOT NULL, person INTEGER NOT NULL, allowance INTEGER NOT NULL,"
    " minute INTEGER NOT NULL, PRIMARY KEY(day, person, allowance, minute)) WITHOUT ROWID;"
    "CREATE TABLE used(day INTEGER NOT NULL, person INTEGER NOT NULL, allowance INTEGER NOT NULL,"
    " minutes INTEGER NOT NULL, PRIMARY KEY(day, person, allowance)) WITHOUT ROWID;"
    /* Acts: under the name that was signed in with. */
    "CREATE TABLE act(id BLOB PRIMARY KEY, nonce BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, user TEXT NOT "
    "NULL,"
    " what TEXT NOT NULL, at INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,"
    " number INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX act_user ON act(user, kind, what, since, until, at, number);"
    "CREATE TABLE letter(id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, text TEXT NOT NULL,"
    " due INTEGER NOT NULL, tries INTEGER NOT NULL);",
    /* 2 */
    /* Minutes of people who are known for the day alone: no row of another table tells of them. */
    "CREATE TABLE day_minute(day INTEGER NOT NULL, digest BLOB NOT NULL, allowance INTEGER NOT NULL,"
    " minute INTEGER NOT NULL, PRIMARY KEY(day, digest, allowance, minute)) WITHOUT ROWID;"
    "CREATE TABLE day_used(day INTEGER NOT NULL, digest BLOB NOT NULL, allowance INTEGER NOT NULL,"
    " minutes INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(day, digest, allowance)) WITHOUT ROWID;"
    /* The last minute of those used: what is being played then goes on for a while. */
    "ALTER TABLE used ADD COLUMN last INTEGER NOT NULL DEFAULT 0;"
    /* Who did it in the person's place; '' = themselves. */
    "ALTER TABLE act ADD COLUMN by TEXT NOT NULL DEFAULT '';",
    /* 3 */
    /* What events have in common stands once (a verdict without whose and when: some thousands of them in a
     * year); an event is whose, when, where it came from, and which kind. `place`: bit 62, country, AS number
     * (store_place); NULL for nearly all. */
    "CREATE TABLE kind(id INTEGER PRIMARY KEY, policy INTEGER NOT NULL, rule INTEGER NOT NULL, platform "
    "INTEGER "
    "NOT NULL, account INTEGER NOT NULL, grp INTEGER NOT NULL, would_rule INTEGER NOT NULL, action INTEGER "
    "NOT "
    "NULL, why INTEGER NOT NULL, activity INTEGER NOT NULL, confidence INTEGER NOT NULL, origin INTEGER NOT "
    "NULL, "
    "identity INTEGER NOT NULL, categories INTEGER NOT NULL, people INTEGER NOT NULL, shadow INTEGER NOT "
    "NULL, "
    "would INTEGER NOT NULL, UNIQUE(policy, rule, platform, account, grp, would_rule, action, why, activity, "
    "confidence, origin, identity, categories, people, shadow, would));"
    "INSERT OR IGNORE INTO name(text) VALUES('');"
    "INSERT INTO kind(policy, rule, platform, account, grp, would_rule, action, why, activity, confidence, "
    "origin, "
    "identity, categories, people, shadow, would) SELECT DISTINCT policy, rule, platform, account, (SELECT "
    "id FROM "
    "name WHERE text = ''), would_rule, action, why, activity, confidence, origin, identity, categories, "
    "people, "
    "shadow, would FROM event;"
    "CREATE TABLE event3(hour INTEGER NOT NULL, person INTEGER NOT NULL, time INTEGER NOT NULL, segment "
    "INTEGER "
    "NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL, code TEXT, place INTEGER, PRIMARY KEY(hour, "
    "person, time, segment, sequence)) WITHOUT ROWID;"
    "INSERT INTO event3 SELECT hour, person, time, segment, sequence, kind.id, nullif(code, ''), NULL FROM "
    "event "
    "JOIN kind USING(policy, rule, platform, account, would_rule, action, why, activity, confidence, origin, "
    "identity, categories, people, shadow, would);"
    "DROP TABLE event; ALTER TABLE event3 RENAME TO event;"
    "CREATE INDEX event_code ON event(code) WHERE code IS NOT NULL;",
    /* 4 */
    /* An hour of which nothing is left. */
    "ALTER TABLE hour ADD COLUMN done INTEGER NOT NULL DEFAULT 0;"
    /* Stores of purposes of their own (enum keep): what is asked of one is answered from one. */
    "CREATE TABLE security_event(hour INTEGER NOT NULL, person INTEGER NOT NULL, time INTEGER NOT NULL, "
    "segment INTEGER "
    "NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL, code TEXT, place INTEGER, PRIMARY KEY(hour, "
    "person, "
    "time, segment, sequence)) WITHOUT ROWID;"
    "CREATE TABLE corporate_event(hour INTEGER NOT NULL, person INTEGER NOT NULL, time INTEGER NOT NULL, "
    "segment INTEGER "
    "NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL, code TEXT, place INTEGER, PRIMARY KEY(hour, "
    "person, "
    "time, segment, sequence)) WITHOUT ROWID;"
    /* Legal holds, by case: what of a person is not erased. */
    "CREATE TABLE hold(reference TEXT NOT NULL, person INTEGER NOT NULL, since INTEGER NOT NULL, until "
    "INTEGER NOT NULL, "
    "review INTEGER NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(reference, person)) WITHOUT "
    "ROWID;"
    "CREATE INDEX hold_person ON hold(person);"
    /* Receipts: of a local day, how many have been erased, how many a hold keeps. */
    "CREATE TABLE erased(day INTEGER NOT NULL, store INTEGER NOT NULL, events INTEGER NOT NULL, held INTEGER "
    "NOT NULL, at "
    "INTEGER NOT NULL, PRIMARY KEY(day, store)) WITHOUT ROWID;"
    /* Sums by local day (sums.c); 0 = all that is told in no other cell. people 0: of nobody. */
    "CREATE TABLE cell(day INTEGER NOT NULL, platform INTEGER NOT NULL, activity INTEGER NOT NULL, action "
    "INTEGER NOT NULL, "
    "rule INTEGER NOT NULL, grp INTEGER NOT NULL, events INTEGER NOT NULL, people INTEGER NOT NULL);"
    "CREATE INDEX cell_day ON cell(day);"
    "CREATE TABLE summed(day INTEGER PRIMARY KEY, at INTEGER NOT NULL);",
    /* 5 */
    /* Feeds to a council's log collection, and their lines that no receiver has yet. */
    "CREATE TABLE feed(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next INTEGER NOT NULL, sent INTEGER NOT NULL, "
    "sent_at INTEGER NOT NULL, lost INTEGER NOT NULL, lost_at INTEGER NOT NULL, file INTEGER NOT NULL, size INTEGER NOT "
    "NULL);"
    "CREATE TABLE feed_line(feed INTEGER NOT NULL, due INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, "
    "PRIMARY KEY(feed, due, number)) WITHOUT ROWID;",
    /* 6 */
    /* What somebody says of events of their own, under the pseudonym that those have: since and until are the first
     * and the last of them. A page's token (nonce) is good for one writing of so many parts. */
    "CREATE TABLE note(nonce BLOB NOT NULL, part INTEGER NOT NULL, person INTEGER NOT NULL, at INTEGER NOT NULL, since INTEGER "
    "NOT NULL, until INTEGER NOT NULL, words TEXT NOT NULL, PRIMARY KEY(nonce, part)) WITHOUT ROWID;"
    "CREATE INDEX note_person ON note(person, since);",
    /* 7 */
    /* Alerts of repeated refusals, and whose refusals are still to be looked at. */
    "CREATE TABLE alert_due(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
    "CREATE TABLE alert(person INTEGER NOT NULL, day INTEGER NOT NULL, reference TEXT NOT NULL UNIQUE, time INTEGER NOT NULL, "
    "since INTEGER NOT NULL, until INTEGER NOT NULL, number INTEGER NOT NULL, rules TEXT NOT NULL, classes TEXT NOT NULL, PRIMARY "
    "KEY(person, day)) WITHOUT ROWID;"
    "CREATE INDEX alert_time ON alert(time);",
    /* 8 */
    /* The epochs' keys on their way from the keeper to a node (record/hand.h): signed, sealed, none of the store's own. */
    "CREATE TABLE handing(node TEXT PRIMARY KEY, announced BLOB NOT NULL, handed BLOB NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;",
};

const unsigned sqlite_schema_version = sizeof sqlite_schema / sizeof *sqlite_schema;
