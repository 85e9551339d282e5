/* What the record folder tells of the period: signs of life, seals of days, and whether anything was changed.
 */
#include "tools/case_collect_internal.h"

#include "core/clock.h"
#include "record/gaps.h"
#include "record/verify.h"

#include <stdio.h>
#include <sys/timex.h>

enum { PATH_SIZE = 4096, SILENCE = 3 * ANCHOR_EVERY, GAPS_MAX = 200 };

/* ---- signs of life: a line a minute ---- */

struct beats {
    struct collecting *w;
    int64_t last; /* the last sign of life, or the beginning of the period */
};

static void silence(struct beats *b, int64_t until)
{
    if (until - b->last > SILENCE && b->w->in.gaps.n < GAPS_MAX)
        collect_gap(b->w, b->last, until, "the service that keeps the record gave no sign of life",
                    "Requests of this time may be missing, or be recorded later.");
}

static void take_minute(void *to, const struct ledger_line *line)
{
    struct beats *b = to;

    if (!str_eq(line->word, STR("minute")) || line->time < b->w->begins || line->time >= b->w->ends)
        return;
    silence(b, line->time);
    b->last = line->time;
    b->w->in.beats.seen++;
}

static int read_beats(struct collecting *w)
{
    struct beats b = {w, w->begins};

    w->in.has_beats = true;
    w->in.beats.expected = w->ends > w->begins ? (uint64_t)(w->ends - w->begins) / ANCHOR_EVERY : 0;
    for (int32_t day = w->c->panel.from; day <= w->c->panel.to; day++) {
        char path[PATH_SIZE], name[32], date[11] = "";
        struct ledger_read read;
        bool there;

        clock_format_date(day, date);
        snprintf(name, sizeof name, "anchors %s", date);
        if ((size_t)snprintf(path, sizeof path, "%s/days/%s/anchors", w->from->record, date) >= sizeof path)
            return diag_error(w->d, w->from->record, ": is too long a name", NULL);
        if (ledger_read(path, name, NULL, take_minute, &b, &read, &there, w->d) != 0)
            return -1;
    }
    silence(&b, w->ends);
    if (w->in.beats.seen > w->in.beats.expected)
        w->in.beats.seen = w->in.beats.expected;
    return 0;
}

/* ---- what is missing, or cannot be trusted ---- */

static void take_gap(void *to, const struct gap *g)
{
    static const char *const effects[] = {
        [GAP_LOST] = "They are missing here. Whose they were is not known.",
        [GAP_TORN] = "At most that one request is missing.",
        [GAP_BROKEN] = "What stood there cannot be read. Requests of this time may be missing.",
        [GAP_CLOCK] = "Times in between were given twice. What came first is sure, the minute is not.",
    };
    struct collecting *w = to;
    const char *what = "a part of the record of this service was ended while it wrote down a request";

    if (w->in.gaps.n >= GAPS_MAX)
        return;
    if (g->kind == GAP_LOST)
        what = pool_print(&w->in.pool, "%llu request(s) could not be written down, as there was no room",
                          (unsigned long long)g->number);
    else if (g->kind == GAP_CLOCK)
        what = pool_print(&w->in.pool, "the clock of the machine was set back by %llu seconds",
                          (unsigned long long)g->number);
    else if (g->kind == GAP_BROKEN)
        what = "a part of the record was damaged or changed before it was sealed";
    collect_gap(w, g->from, g->to > g->from ? g->to : g->from + 1, what, effects[g->kind]);
}

static int read_gaps(struct collecting *w)
{
    return gaps_of(w->from->record, (const int32_t[]){w->c->panel.from, w->c->panel.to}, take_gap, w, w->d);
}

/* ---- seals ---- */

static void take_root(void *to, const struct ledger_line *line)
{
    struct collecting *w = to;
    char hex[2 * CHAIN_HASH + 1];
    struct input_root *row;
    int64_t noon;

    if (!str_eq(line->word, STR("root")) || clock_parse(ledger_field(line, "day"), &noon) != 0 ||
        clock_local(noon).day < w->c->panel.from || clock_local(noon).day > w->c->panel.to)
        return;
    row = collect_row(w, &w->in.integrity.roots, sizeof *row);
    if (!row)
        return;
    chain_hex(line->hash, hex);
    *row = (struct input_root){clock_local(noon).day, collect_text(w, str_of(hex))};
}

static int read_roots(struct collecting *w)
{
    char path[PATH_SIZE];
    struct ledger_read read;
    bool there;

    if ((size_t)snprintf(path, sizeof path, "%s/roots", w->from->record) >= sizeof path)
        return diag_error(w->d, w->from->record, ": is too long a name", NULL);
    return ledger_read(path, "roots", NULL, take_root, w, &read, &there, w->d);
}

/* ---- changed? ---- */

struct findings {
    char first[DIAG_TEXT];
};

static void take_finding(void *to, enum finding kind, const char *where, const char *text)
{
    struct findings *f = to;

    if (kind == FINDING_FAIL && !f->first[0])
        snprintf(f->first, sizeof f->first, "%s: %s", where, text);
}

static int check(struct collecting *w)
{
    struct findings f = {""};
    struct verify_how how = {.say = take_finding, .to = &f};
    struct verify_result r;

    if (verify_record(w->from->record, &how, &r, w->d) != 0)
        return -1;
    if (r.fails)
        w->in.integrity.verdict =
            collect_text(w, str_of(pool_print(&w->in.pool, "FAIL: %llu fault(s) were found; the first: %s",
                                              (unsigned long long)r.fails, f.first)));
    else
        w->in.integrity.verdict = str_of(pool_print(
            &w->in.pool,
            "PASS: %llu days, %llu records and %llu seals were checked. None was changed after it "
            "was sealed.",
            (unsigned long long)r.days, (unsigned long long)r.records, (unsigned long long)r.anchors));
    w->in.integrity.by = collect_text(w, w->step->by);
    w->in.integrity.at = w->step->now;
    w->in.integrity.records = r.records;
    return 0;
}

/* At most so far off, as the kernel keeps it (adjtimex(2), maxerror); rounded up. */
static uint64_t clock_error(void)
{
    struct timex t = {.modes = 0};

    if (adjtimex(&t) < 0 || t.maxerror < 0)
        return 0;
    return (uint64_t)t.maxerror / 1000000 + 1;
}

int collect_record(struct collecting *w)
{
    w->in.integrity.clock_error = clock_error();
    if (!w->from->record)
        return 0;
    return read_beats(w) == 0 && read_gaps(w) == 0 && read_roots(w) == 0 ? check(w) : -1;
}
