/* The head of a syslog message, RFC 5424:
 *
 *     <PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID [SD-ELEMENT] MSG
 *
 * Facility local0. Structured data is of IANA's own SD-IDs alone (origin, meta): a name of ours would need an
 * enterprise number. */
#include "feed/feed.h"

#include <stdio.h>

#include "config.h"

enum {
    LOCAL0 = 16,
    WARNING = 4,
    NOTICE = 5,
    INFORMATIONAL = 6,
    HOSTNAME_MAX = 255,
    SEQUENCE_MAX = 2147483647
};

/* 6: PRINTUSASCII, or "-". */
static void put_name(struct text *t, const char *name)
{
    size_t n = 0;

    for (const char *c = name; *c && n < HOSTNAME_MAX; c++)
        if (*c > 0x20 && *c < 0x7f) {
            text_putc(t, *c);
            n++;
        }
    if (n == 0)
        text_putc(t, '-');
}

/* 6.3.3: `"`, `\` and `]` are escaped. */
static void put_param(struct text *t, const char *name, const char *value)
{
    text_putc(t, ' ');
    text_puts(t, name);
    text_puts(t, "=\"");
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\' || *c == ']')
            text_putc(t, '\\');
        text_putc(t, *c);
    }
    text_putc(t, '"');
}

size_t feed_syslog_head(const struct feed *f, const struct feed_item *i, char *to, size_t size)
{
    unsigned severity = feed_severity(f, i->event);
    char when[32], number[24];
    struct text t;

    text_init(&t, to, size);
    text_putc(&t, '<');
    text_put_u64(&t, LOCAL0 * 8u + (severity >= 6 ? WARNING : severity >= 4 ? NOTICE : INFORMATIONAL));
    text_puts(&t, ">1 ");
    feed_time_text(feed_time(f, i->event), when);
    text_puts(&t, when);
    text_putc(&t, ' ');
    put_name(&t, i->node);
    text_puts(&t, " portreeve - ");
    text_puts(&t, feed_words[f->kind]);
    text_puts(&t, " [origin");
    put_param(&t, "software", "Portreeve");
    put_param(&t, "swVersion", PACKAGE_VERSION);
    text_putc(&t, ']');
    if (f->kind == FEED_SECURITY) { /* 7.3.1: begins again at 1 */
        snprintf(number, sizeof number, "%llu", (unsigned long long)((i->number - 1) % SEQUENCE_MAX + 1));
        text_puts(&t, "[meta");
        put_param(&t, "sequenceId", number);
        text_putc(&t, ']');
    }
    text_putc(&t, ' ');
    return t.n;
}
