#include "report/html.h"

#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>

static bool room_for(struct html *h, size_t n)
{
    size_t wanted = h->room ? h->room : 8192;
    char *bigger;

    while (!h->failed && wanted - h->n < n)
        wanted *= 2;
    if (h->failed || wanted == h->room)
        return !h->failed;
    bigger = realloc(h->p, wanted);
    if (!bigger) {
        h->failed = true;
        return false;
    }
    h->p = bigger;
    h->room = wanted;
    return true;
}

void html_bytes(struct html *h, struct str s)
{
    if (s.n == 0 || !room_for(h, s.n))
        return;
    memcpy(h->p + h->n, s.p, s.n);
    h->n += s.n;
}

void html_raw(struct html *h, const char *markup)
{
    html_bytes(h, str_of(markup));
}

void html_text(struct html *h, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            html_raw(h, "&amp;");
            break;
        case '<':
            html_raw(h, "&lt;");
            break;
        case '>':
            html_raw(h, "&gt;");
            break;
        case '"':
            html_raw(h, "&quot;");
            break;
        case '\'':
            html_raw(h, "&#39;");
            break;
        default:
            html_bytes(h, (struct str){s.p + i, 1});
        }
    }
}

void html_words(struct html *h, const char *z)
{
    html_text(h, str_of(z));
}

void html_name(struct html *h, struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i] == '-' ? ' ' : id.p[i];

        if (i == 0 && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        html_text(h, (struct str){&c, 1});
    }
}

void html_number(struct html *h, uint64_t n)
{
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)n);
    html_raw(h, text);
}

void html_clock(struct html *h, int64_t utc)
{
    struct local_time t = clock_local(utc);
    char text[16];

    snprintf(text, sizeof text, "%02u:%02u", (unsigned)(t.minute / 60 % 24), (unsigned)(t.minute % 60));
    html_raw(h, text);
}

static void put_date(struct html *h, int64_t utc, bool with_year)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    unsigned month, day;
    char text[48];
    int year;

    clock_date(clock_local(utc).day, &year, &month, &day);
    snprintf(text, sizeof text, "%u %s", day, months[(month - 1) % 12]);
    html_raw(h, text);
    snprintf(text, sizeof text, " %d", year);
    html_raw(h, with_year ? text : "");
    html_raw(h, ", ");
    html_clock(h, utc);
}

void html_time(struct html *h, int64_t utc)
{
    put_date(h, utc, true);
}

void html_when(struct html *h, int64_t utc)
{
    put_date(h, utc, false);
}

void html_p(struct html *h, const char *words)
{
    html_raw(h, "<p>");
    html_words(h, words);
    html_raw(h, "</p>\n");
}

void html_free(struct html *h)
{
    free(h->p);
    *h = (struct html){0};
}
