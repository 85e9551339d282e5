#include "core/response.h"

/* ---- by the head ---- */

static struct str header_of(const struct response *r, struct str name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (str_ieq(r->headers[i].name, name))
            return r->headers[i].value;
    return STR_NONE;
}

/* RFC 8216 4 (HLS), ISO/IEC 23009-1 annex C (DASH), [MS-SSTR] 2.2.2 (Smooth Streaming), RFC 4337, RFC 5334.
 */
static const char *const stream_types[] = {
    "application/vnd.apple.mpegurl", "application/x-mpegurl",   "application/mpegurl", "application/dash+xml",
    "application/vnd.ms-sstr+xml",   "application/f4m+xml",     "application/mp4",     "application/ogg",
    "application/vnd.ms-asf",        "application/x-mms-framed"};

static bool type_streams(struct str type)
{
    if (str_istarts(type, STR("video/")) || str_istarts(type, STR("audio/")))
        return true;
    for (size_t i = 0; i < sizeof stream_types / sizeof *stream_types; i++)
        if (str_ieq(type, str_of(stream_types[i])))
            return true;
    return false;
}

/* Internet radio says so in headers of its own ("icy-name", "icy-metaint"). */
static bool is_radio(const struct response *r)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (str_istarts(r->headers[i].name, STR("icy-")))
            return true;
    return false;
}

/* ---- by the first bytes ---- */

static bool at_is(struct str body, size_t at, struct str bytes)
{
    return at <= body.n && body.n - at >= bytes.n && memcmp(body.p + at, bytes.p, bytes.n) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str skip_blanks(struct str s)
{
    size_t n = 0;

    while (n < s.n && is_blank(s.p[n]))
        n++;
    return str_from(s, n);
}

/* Behind the first `end`; all of it where there is none. */
static struct str behind(struct str s, struct str end)
{
    for (size_t i = 0; i + end.n <= s.n; i++)
        if (at_is(s, i, end))
            return str_from(s, i + end.n);
    return STR_NONE;
}

/* The name of an XML document's outermost element, without its prefix; empty where there is none, or not
 * all of it is at hand. */
static struct str root_element(struct str text)
{
    size_t n = 0, colon;

    for (;;) {
        text = skip_blanks(text);
        if (at_is(text, 0, STR("<!--")))
            text = behind(text, STR("-->"));
        else if (at_is(text, 0, STR("<?")) || at_is(text, 0, STR("<!")))
            text = behind(text, STR(">"));
        else
            break;
    }
    if (!at_is(text, 0, STR("<")))
        return STR_NONE;
    text = str_from(text, 1);
    while (n < text.n && !is_blank(text.p[n]) && text.p[n] != '>' && text.p[n] != '/')
        n++;
    if (n == text.n)
        return STR_NONE;
    text = str_upto(text, n);
    colon = str_find(text, ':');
    return colon < text.n ? str_from(text, colon + 1) : text;
}

static bool is_manifest(struct str body)
{
    struct str text = at_is(body, 0, STR("\xef\xbb\xbf")) ? str_from(body, 3) : body, root;

    text = skip_blanks(text);
    if (at_is(text, 0, STR("#EXTM3U")))
        return true;
    root = root_element(text);
    return str_eq(root, STR("MPD")) || str_eq(root, STR("SmoothStreamingMedia"));
}

/* ISO/IEC 14496-12: a box's length, then its type. Pictures come in such boxes, too (AVIF, HEIC, JPEG 2000,
 * raw ones): their brands say so. */
static bool is_boxes(struct str body)
{
    static const char *const media[] = {"styp", "moof", "sidx", "moov"};
    static const char *const pictures[] = {"avif", "avis", "heic", "heix", "heim", "heis", "hevc", "hevx",
                                           "mif1", "mif2", "msf1", "miaf", "jp2 ", "jpx ", "jpm ", "crx "};

    for (size_t i = 0; i < sizeof media / sizeof *media; i++)
        if (at_is(body, 4, str_of(media[i])))
            return body.p[0] == '\0'; /* no segment's first box has 16 MiB */
    if (!at_is(body, 4, STR("ftyp")) || body.n < 12)
        return false;
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (at_is(body, 8, str_of(pictures[i])))
            return false;
    return true;
}

/* ISO/IEC 13818-1 2.4.3: packets of 188 bytes (192 with a time before each), each begins with 0x47. */
static bool is_transport_stream(struct str body)
{
    static const size_t starts[][2] = {{0, 188}, {4, 192}};

    for (size_t i = 0; i < 2; i++) {
        size_t at = starts[i][0], step = starts[i][1];

        if (body.n > at + step && body.p[at] == 0x47 && body.p[at + step] == 0x47 &&
            (body.n <= at + 2 * step || body.p[at + 2 * step] == 0x47))
            return true;
    }
    return false;
}

/* RFC 8794 and matroska.org: an EBML head that names the kind of document near its beginning. */
static bool is_matroska(struct str body)
{
    if (!at_is(body, 0, STR("\x1a\x45\xdf\xa3")))
        return false;
    for (size_t i = 4; i < 64; i++)
        if (at_is(body, i, STR("webm")) || at_is(body, i, STR("matroska")))
            return true;
    return false;
}

static bool is_media(struct str body)
{
    static const struct str heads[] = {
        {"FLV\x01", 4},          {"OggS", 4},    {"fLaC", 4},
        {"ID3\x02", 4},          {"ID3\x03", 4}, {"ID3\x04", 4},
        {"\x00\x00\x01\xba", 4}, {"#!AMR", 5},   {"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 8}};

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (at_is(body, 0, heads[i]))
            return true;
    if (at_is(body, 0, STR("RIFF")))
        return at_is(body, 8, STR("AVI ")) || at_is(body, 8, STR("WAVE"));
    return is_boxes(body) || is_transport_stream(body) || is_matroska(body);
}

/* Servers call TypeScript sources video/mp2t, by their names' ends: with bytes at hand those decide. */
static bool only_by_name(struct str type, struct str body)
{
    return str_ieq(type, STR("video/mp2t")) && body.n > 188 && !is_transport_stream(body);
}

uint32_t response_sights(const struct response *r)
{
    struct str type = header_of(r, STR("content-type"));

    if (r->status != 200 && r->status != 206)
        return 0;
    type = str_trim(str_upto(type, str_find(type, ';')));
    if (only_by_name(type, r->body))
        return 0;
    return type_streams(type) || is_radio(r) || is_manifest(r->body) || is_media(r->body)
               ? 1u << SIGHT_STREAMING
               : 0;
}
