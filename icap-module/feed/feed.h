/* What goes to a council's own log collection: two feeds that never mix, each a line an event.
 *
 *   security   malware, phishing and proxy avoidance alone; may carry the pseudonym (an event has no name)
 *   policy     every event, and of nobody: no user, group, code or category; the time is the hour's beginning,
 *              and no line leaves before its hour is over, so that the time of its coming tells no more
 *
 * Neither ever has a path, a host beyond the catalogue's name of the platform, a query or an address.
 *
 * A line is made once, while its event is imported, and is the same bytes whenever it is sent: as ECS 8.17
 * (one JSON object) or CEF 0 (ArcSight Common Event Format), in a file as it is, in syslog as a message of
 * RFC 5424. FEED_SCHEMA is the version of what fields there are; portreeve.feeds(5) is their table. */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include "core/diag.h"
#include "record/event.h"

#define FEED_ECS_VERSION "8.17.0"

enum { FEED_SCHEMA = 1, FEED_LINE = 8192 /* bytes, at most */, FEED_HOUR = 3600 };

enum feed_kind { FEED_SECURITY, FEED_POLICY, FEED_KINDS };
enum feed_format { FEED_ECS, FEED_CEF };
enum feed_place {
    FEED_FILE /* appended to */,
    FEED_TCP /* octet counting, RFC 6587 3.4.1 */,
    FEED_UNIX /* datagrams */
};

struct feed {
    const char *text; /* as it was given, borrowed: the feed's name in the store */
    enum feed_kind kind;
    enum feed_format format;
    enum feed_place place;
    bool users;       /* of security: with pseudonyms */
    const char *path; /* of the file or socket, in `text` */
    char address[64]; /* of FEED_TCP: a number, never a name that somebody would have to look up */
    uint16_t port;
};

extern const char *const feed_words[FEED_KINDS];

/* KIND[,ecs|,cef][,no-user]=file:PATH|tcp:ADDRESS:PORT|unix:PATH. -1 with a message. */
int feed_read(const char *text, struct feed *f, struct diag *d);

bool feed_takes(const struct feed *f, const struct event *e);

/* Not to be sent before that; an hour off at most, whatever a clock has told the event. */
int64_t feed_due(const struct feed *f, const struct event *e, int64_t now);

/* What a line is made of. */
struct feed_item {
    const struct event *event;
    uint64_t number;  /* security: 1, 2, 3 ... of this feed and node; policy: random, as the order within an
                         hour is nobody's business */
    const char *node; /* this machine's name */
};

/* The whole of what is sent, without newline or count; its length, 0 when it cannot be made (no memory). */
size_t feed_line(const struct feed *f, const struct feed_item *i, char to[FEED_LINE]);

/* ---- parts of it, for the files of this folder ---- */

size_t feed_ecs(const struct feed *f, const struct feed_item *i, char *to, size_t size);
size_t feed_cef(const struct feed *f, const struct feed_item *i, char *to, size_t size);
/* The message's head, up to and with the blank before MSG. */
size_t feed_syslog_head(const struct feed *f, const struct feed_item *i, char *to, size_t size);
int64_t feed_time(const struct feed *f, const struct event *e);      /* as it is told */
unsigned feed_severity(const struct feed *f, const struct event *e); /* 0 to 10, as CEF has it */
void feed_time_text(int64_t utc, char to[32]);                       /* 2026-05-12T09:00:00.000Z */
void feed_categories(const struct event *e, struct text *to);        /* words with a comma between */
void feed_hex(const unsigned char *bytes, size_t n, char *to);       /* 2n digits and a NUL */

#endif
