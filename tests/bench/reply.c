#include "reply.h"

enum { CHUNK_LINE_MAX = 1024 };

void reply_init(struct reply *r, struct reply_allow allow)
{
    *r = (struct reply){.allow = allow};
}

static enum reply_result bad(struct reply *r, const char *what)
{
    r->error = what;
    return REPLY_BAD;
}

/* Three digits from 100 to 599, then a blank or the end; 0 for anything else. */
static unsigned status_of(struct str s)
{
    uint64_t v = 0;

    if (!str_u64(str_upto(s, 3), &v) || (s.n > 3 && s.p[3] != ' '))
        return 0;
    return v >= 100 && v <= 599 ? (unsigned)v : 0;
}

/* Cuts the first line off *rest without its CRLF. False when it does not end so or holds a control
 * character. */
static bool cut_line(struct str *rest, struct str *line)
{
    size_t end = str_find(*rest, '\n');

    if (end == rest->n || end == 0 || rest->p[end - 1] != '\r')
        return false;
    *line = str_upto(*rest, end - 1);
    *rest = str_from(*rest, end + 1);
    for (size_t i = 0; i < line->n; i++)
        if ((unsigned char)line->p[i] < 0x20 && line->p[i] != '\t')
            return false;
    return true;
}

static bool cut_header(struct str line, struct str *name, struct str *value)
{
    *value = line;
    *name = str_cut(value, ':');
    *value = str_trim(*value);
    return name->n > 0 && name->n < line.n && str_find(*name, ' ') == name->n;
}

/* One part of an Encapsulated header, `name=offset`; *last is set by the parts that end the list.
 */
static bool read_part(struct reply *r, struct str part, bool *last)
{
    struct str name = str_trim(part);
    struct str value = name;
    uint64_t offset = 0;

    name = str_cut(&value, '=');
    if (*last || !str_u64(value, &offset))
        return false;
    if (str_eq(name, STR("req-hdr")) || str_eq(name, STR("res-hdr"))) {
        if (offset != 0 || r->section)
            return false;
        r->response = str_eq(name, STR("res-hdr"));
        r->section = UINT64_MAX; /* until the next part gives its end */
        return true;
    }
    *last = true;
    r->body = !str_eq(name, STR("null-body"));
    if (r->body && !str_eq(name, r->response ? STR("res-body") : STR("req-body")))
        return false;
    if (!r->section && (offset != 0 || r->body))
        return false;
    if (r->section && (offset == 0 || offset > REPLY_HEAD_MAX))
        return false;
    r->section = offset;
    return true;
}

static bool read_encapsulated(struct reply *r, struct str list)
{
    bool last = false;

    while (list.n)
        if (!read_part(r, str_cut(&list, ','), &last))
            return false;
    return last;
}

/* What may follow a head of this status; the answer itself is over when nothing follows. */
static enum reply_result judge_head(struct reply *r, bool encapsulated)
{
    unsigned status = r->icap_status;

    if (status == 100) {
        if (!r->allow.more)
            return bad(r, "100 Continue although the whole body was sent");
        if (r->section || r->body)
            return bad(r, "100 Continue with a body");
        r->allow.preview = r->allow.more = false;
        reply_init(r, r->allow);
        return REPLY_CONTINUE;
    }
    if (status == 204 && !r->allow.no_content && !r->allow.preview)
        return bad(r, "204 although it was not allowed");
    if (status == 206 && !r->allow.partial)
        return bad(r, "206 although it was not allowed");
    if (status == 204 && r->section)
        return bad(r, "204 with a body");
    if ((status == 200 || status == 206) && !(encapsulated && r->section))
        return bad(r, "200 or 206 without an encapsulated header");
    r->state = REPLY_SECTION;
    return r->section ? REPLY_MORE : REPLY_DONE;
}

static enum reply_result read_head(struct reply *r, struct str head)
{
    struct str line, name, value;
    bool encapsulated = false;

    if (!cut_line(&head, &line) || !str_istarts(line, STR("ICAP/1.0 ")))
        return bad(r, "no ICAP status line");
    r->icap_status = status_of(str_from(line, 9));
    if (!r->icap_status)
        return bad(r, "no ICAP status in the status line");
    while (head.n > 2) {
        if (!cut_line(&head, &line) || !cut_header(line, &name, &value))
            return bad(r, "malformed ICAP header line");
        if (str_ieq(name, STR("Connection")))
            r->close = str_ieq(value, STR("close"));
        if (!str_ieq(name, STR("Encapsulated")))
            continue;
        if (encapsulated || !read_encapsulated(r, value))
            return bad(r, "malformed Encapsulated header");
        encapsulated = true;
    }
    return judge_head(r, encapsulated);
}

/* The encapsulated header: it must end exactly where Encapsulated says. */
static enum reply_result read_section(struct reply *r, struct str section)
{
    struct str line, name, value;

    if (section.n < 4 || memcmp(section.p + section.n - 4, "\r\n\r\n", 4) != 0)
        return bad(r, "the encapsulated header does not end at the offset that Encapsulated gives");
    if (!cut_line(&section, &line))
        return bad(r, "malformed first line of the encapsulated header");
    if (r->response) {
        r->http_status = str_istarts(line, STR("HTTP/1.")) ? status_of(str_from(line, 9)) : 0;
        if (!r->http_status)
            return bad(r, "no HTTP status line in the encapsulated response");
    }
    while (section.n > 2) {
        if (!cut_line(&section, &line) || !cut_header(line, &name, &value))
            return bad(r, "malformed line in the encapsulated header");
        if (!r->response || !str_ieq(name, STR("Content-Length")))
            continue;
        if (r->has_length || !str_u64(value, &r->length))
            return bad(r, "malformed Content-Length in the encapsulated response");
        r->has_length = true;
    }
    r->state = REPLY_CHUNK_SIZE;
    return r->body ? REPLY_MORE : REPLY_DONE;
}

static bool read_hex(struct str s, uint64_t *value)
{
    uint64_t v = 0;

    if (s.n == 0 || s.n > 15)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);

        if (c >= '0' && c <= '9')
            v = v * 16 + (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            v = v * 16 + (uint64_t)(c - 'a' + 10);
        else
            return false;
    }
    *value = v;
    return true;
}

static enum reply_result read_chunk_size(struct reply *r, struct str line)
{
    struct str extension = line;
    struct str size = str_trim(str_cut(&extension, ';'));

    if (!read_hex(size, &r->chunk_left))
        return bad(r, "malformed chunk size");
    if (r->chunk_left) {
        r->state = REPLY_CHUNK_DATA;
        return REPLY_MORE;
    }
    if (str_istarts(str_trim(extension), STR("use-original-body="))) {
        if (r->icap_status != 206)
            return bad(r, "use-original-body in an answer that is not 206");
        r->original_body = true;
    }
    r->state = REPLY_TRAILER;
    return REPLY_MORE;
}

static enum reply_result finish_body(struct reply *r)
{
    if (r->has_length && !r->original_body && r->length != r->body_bytes)
        return bad(r, "the encapsulated body is not as long as its Content-Length");
    return REPLY_DONE;
}

/* Lines of the chunked framing: sizes, the CRLF behind a chunk, trailers. */
static enum reply_result read_chunk_line(struct reply *r, struct str line)
{
    if (r->state == REPLY_CHUNK_SIZE)
        return read_chunk_size(r, line);
    if (r->state == REPLY_TRAILER)
        return line.n ? REPLY_MORE : finish_body(r);
    if (line.n)
        return bad(r, "no CRLF behind a chunk");
    r->state = REPLY_CHUNK_SIZE;
    return REPLY_MORE;
}

/* Takes a head, a section or a line when it is there whole; *used stays 0 while it is not. */
static enum reply_result take_text(struct reply *r, struct str bytes, size_t *used)
{
    struct str line, rest = bytes;

    if (r->state == REPLY_HEAD) {
        const char *end = bytes.n ? memmem(bytes.p, bytes.n, "\r\n\r\n", 4) : NULL;

        if (!end)
            return bytes.n < REPLY_HEAD_MAX ? REPLY_MORE : bad(r, "the ICAP head does not end");
        *used = (size_t)(end - bytes.p) + 4;
        return read_head(r, str_upto(bytes, *used));
    }
    if (r->state == REPLY_SECTION) {
        if (bytes.n < r->section)
            return REPLY_MORE;
        *used = (size_t)r->section;
        return read_section(r, str_upto(bytes, *used));
    }
    if (str_find(bytes, '\n') == bytes.n)
        return bytes.n < CHUNK_LINE_MAX ? REPLY_MORE
                                        : bad(r, "a line of the chunked body does not end");
    if (!cut_line(&rest, &line))
        return bad(r, "malformed line in the chunked body");
    *used = bytes.n - rest.n;
    return read_chunk_line(r, line);
}

static size_t take_data(struct reply *r, struct str bytes)
{
    size_t n = bytes.n < r->chunk_left ? bytes.n : (size_t)r->chunk_left;

    r->chunk_left -= n;
    r->body_bytes += n;
    if (!r->chunk_left)
        r->state = REPLY_CHUNK_END;
    return n;
}

enum reply_result reply_feed(struct reply *r, struct str bytes, size_t *used)
{
    enum reply_result result = REPLY_MORE;

    *used = 0;
    while (result == REPLY_MORE) {
        size_t took = 0;

        if (r->state == REPLY_CHUNK_DATA)
            took = take_data(r, str_from(bytes, *used));
        else
            result = take_text(r, str_from(bytes, *used), &took);
        *used += took;
        if (!took)
            break;
    }
    return result;
}
