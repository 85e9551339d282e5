/* One segment against its anchors, and segments against each other. */
#include "record/verify_internal.h"

#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>

/* What was met between the last anchor that fits and the record in hand. */
struct stretch {
    struct verifying *v;
    const char *name;
    const struct anchor_row *row, *end; /* the anchors still to be met */
    const struct anchor_row *good;      /* the last one that fits, or NULL */
    uint64_t last;                      /* sequence before */
    uint64_t broken;                    /* number of the first record whose sum does not fit; 0 = none */
    bool twice, back;                   /* a sequence that was there already, or a lower one */
    bool failed;
    struct chain_head at;
};

static void moment(const struct anchor_row *row, char to[LEDGER_TIME])
{
    ledger_time(row->time, to);
}

/* What became of the stretch, as far as numbers tell. */
static const char *tell(const struct stretch *s, const struct anchor_row *row)
{
    if (s->twice)
        return "a record was inserted, or stands twice";
    if (s->back)
        return "records were reordered";
    if (s->at.last > row->head.last)
        return "a record was removed: later ones stand where earlier ones were";
    if (s->at.last < row->head.last)
        return s->at.records > row->head.records ? "a record was inserted"
                                                 : "a record was inserted or made longer";
    if (s->at.records < row->head.records)
        return "a record was removed";
    if (s->at.records > row->head.records)
        return "a record was inserted";
    return "a record was changed, and its sum made to fit";
}

static void fail(struct stretch *s, const struct anchor_row *row)
{
    char since[LEDGER_TIME] = "its beginning", until[LEDGER_TIME];

    s->failed = true;
    moment(row, until);
    if (s->good)
        moment(s->good, since);
    if (s->broken)
        verify_say(s->v, FINDING_FAIL, s->name,
                   "record %llu was changed: its sum does not fit (anchored at %s)",
                   (unsigned long long)s->broken, until);
    else
        verify_say(
            s->v, FINDING_FAIL, s->name,
            "%s, between the anchors of %s and %s (records %llu to %llu): the chain does not lead to the "
            "anchored head",
            tell(s, row), since, until, (unsigned long long)(s->good ? s->good->head.records + 1 : 1),
            (unsigned long long)row->head.records);
}

/* Anchors of that head. */
static void meet(struct stretch *s, const struct chain_head *head)
{
    for (; s->row < s->end && s->row->head.at == head->at; s->row++) {
        if (memcmp(s->row->head.hash, head->hash, CHAIN_HASH) != 0) {
            fail(s, s->row);
            return;
        }
        if (s->broken)
            verify_say(
                s->v, FINDING_NOTE, s->name,
                "record %llu cannot be read, and could not when it was anchored: its writer was ended in it",
                (unsigned long long)s->broken);
        s->good = s->row;
        s->broken = 0;
        s->v->result->anchors++;
    }
}

static void take(void *to, const struct chain_record *r)
{
    struct stretch *s = to;

    if (r->before.records == 0)
        meet(s, &r->before); /* anchored before anything was in it */
    if (s->failed)
        return;
    /* An anchor inside of a record: lengths have changed before it. */
    if (s->row < s->end && s->row->head.at < r->after.at && s->row->head.at > r->before.at) {
        fail(s, s->row);
        return;
    }
    if (!r->sound && !s->broken)
        s->broken = r->after.records;
    if (r->sound) {
        s->twice |= s->last && r->event.sequence == s->last;
        s->back |= r->event.sequence < s->last;
        s->last = r->event.sequence;
    }
    s->at = r->after;
    meet(s, &r->after);
}

/* NULL where there is none at all. */
static const struct anchor_row *anchor_at(const struct verifying *v, size_t i)
{
    return v->n_anchors ? &v->anchors[i] : NULL;
}

static const struct anchor_row *first_of(const struct verifying *v, const char *name)
{
    size_t low = 0, high = v->n_anchors;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(v->anchors[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return anchor_at(v, low);
}

static void note_segment(struct verifying *v, const char *name, const struct segment_header *h, bool rooted)
{
    struct segment_row *row = verify_more(v, v->segments, v->n_segments, &v->room_segments, sizeof *row);

    if (!row)
        return;
    v->segments = row;
    row += v->n_segments++;
    *row = (struct segment_row){.number = h->number, .rooted = rooted};
    snprintf(row->name, sizeof row->name, "%s", name);
    memcpy(row->process, h->process, sizeof row->process);
    memcpy(row->root, h->imported_root, sizeof row->root);
    for (unsigned i = 0; i < sizeof h->follows; i++)
        row->follows |= (uint64_t)h->follows[i] << (8 * i);
}

/* What follows the last anchor that was met. */
static void tell_rest(struct stretch *s, const struct chain_segment *read, bool rooted)
{
    uint64_t behind = read->head.records - (s->good ? s->good->head.records : 0);
    char since[LEDGER_TIME];

    if (s->row < s->end) {
        moment(s->end - 1, since);
        verify_say(s->v, FINDING_FAIL, s->name,
                   "was truncated: it ends behind record %llu, and at %s it was anchored with %llu records%s",
                   (unsigned long long)read->head.records, since, (unsigned long long)s->end[-1].head.records,
                   read->end == CHAIN_TORN || read->end == CHAIN_BROKEN
                       ? "; the bytes that follow are torn, below an anchored head"
                       : "");
        return;
    }
    s->v->result->unanchored += behind;
    if (behind && rooted)
        verify_say(s->v, FINDING_FAIL, s->name,
                   "has %llu record(s) behind its last anchor, and its day is closed: inserted",
                   (unsigned long long)behind);
    else if (behind && s->good)
        verify_say(s->v, FINDING_NOTE, s->name,
                   "%llu record(s) are behind the last anchor: only their sums could be checked",
                   (unsigned long long)behind);
    if (s->broken && !rooted)
        verify_say(s->v, FINDING_NOTE, s->name, "record %llu, behind the last anchor, cannot be read",
                   (unsigned long long)s->broken);
    if (read->end == CHAIN_TORN && !read->live)
        verify_say(s->v, FINDING_NOTE, s->name,
                   "ends in a torn record, above every anchored head: its writer was killed there");
    if (read->end == CHAIN_BROKEN)
        verify_say(s->v, FINDING_NOTE, s->name,
                   "ends in bytes that are no record, above every anchored head");
}

void verify_segment(struct verifying *v, const char *path, bool rooted)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    struct stretch s = {.v = v, .name = name, .row = first_of(v, name)};
    struct chain_segment read = {.live = false};
    struct diag said;

    for (s.end = s.row; s.end < anchor_at(v, v->n_anchors) && strcmp(s.end->name, name) == 0; s.end++)
        ;
    diag_init(&said);
    if (chain_read(path, take, &s, &read, &said) != 0) {
        verify_say(v, FINDING_FAIL, name, "%s", said.n ? said.messages[0].text : "cannot be read");
        note_segment(v, name, &(struct segment_header){.number = 0}, false); /* it is there */
        return;
    }
    if (read.head.records == 0)
        meet(&s, &read.head); /* its writer was ended before it wrote anything */
    v->result->segments++;
    v->result->records += read.head.records;
    note_segment(v, name, &read.header, rooted);
    if (s.row == s.end && !s.good && !s.failed && v->n_anchors && read.head.records && rooted)
        verify_say(v, FINDING_FAIL, name, "was inserted: no anchor knows of it");
    else if (!s.failed)
        tell_rest(&s, &read, rooted);
}

/* ---- segments against each other ---- */

bool verify_is_there(const struct verifying *v, const char *name)
{
    for (size_t i = v->n_segments; i > 0; i--)
        if (strcmp(v->segments[i - 1].name, name) == 0)
            return true;
    return false;
}

void verify_missing(struct verifying *v, bool spool)
{
    char when[LEDGER_TIME], date[ANCHOR_DATE];

    for (size_t i = 0; i < v->n_anchors; i++) {
        const struct anchor_row *row = &v->anchors[i];
        bool gone;

        if (i + 1 < v->n_anchors && strcmp(row->name, v->anchors[i + 1].name) == 0)
            continue; /* the last of each name */
        if (verify_is_there(v, row->name))
            continue;
        moment(row, when);
        anchor_date(clock_local(row->time).day, date);
        gone = spool ? !row->is_end : row->is_end || verify_root_of(v, date);
        if (gone)
            verify_say(v, FINDING_FAIL, row->name, "is missing: it was anchored at %s with %llu records%s",
                       when, (unsigned long long)row->head.records,
                       spool ? ", and was removed from the spool before it was kept" : "");
        else if (!spool)
            verify_say(v, FINDING_NOTE, row->name, "is still in the spool");
    }
}

/* Whether the record has to have it: another one of its process, made before, is here. */
static bool has_earlier(const struct verifying *v, const struct segment_row *row)
{
    for (size_t k = 0; k < v->n_segments; k++)
        if (v->segments[k].number < row->number &&
            memcmp(v->segments[k].process, row->process, sizeof row->process) == 0)
            return true;
    return false;
}

static bool has_followed(const struct verifying *v, const struct segment_row *row)
{
    for (size_t k = 0; k < v->n_segments; k++)
        if (v->segments[k].number == row->follows &&
            memcmp(v->segments[k].process, row->process, sizeof row->process) == 0)
            return true;
    return row->follows == 0;
}

void verify_links(struct verifying *v)
{
    static const unsigned char none[CHAIN_HASH];

    for (size_t i = 0; i < v->n_segments; i++) {
        const struct segment_row *row = &v->segments[i];
        bool known = memcmp(row->root, none, sizeof none) == 0;

        for (size_t k = 0; k < v->n_roots && !known; k++)
            known = memcmp(v->roots[k].hash, row->root, CHAIN_HASH) == 0;
        if (!known)
            verify_say(v, FINDING_FAIL, row->name,
                       "tells of a daily root that is not in the list of roots: one of the two was changed");
        if (row->rooted && !has_followed(v, row))
            verify_say(v, has_earlier(v, row) && !v->from[0] ? FINDING_FAIL : FINDING_NOTE, row->name,
                       "follows segment %llu of the same process, which is not here: removed before it was "
                       "anchored, "
                       "of a day that is erased, or from before the record began",
                       (unsigned long long)row->follows);
    }
}
