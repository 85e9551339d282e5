/* What the head and first bytes of an answer show. Bytes as they stand in real files, cut to what tells. */
#include "core/response.h"
#include "unit.h"

#define BYTES(literal)                                                                                       \
    {                                                                                                        \
        (literal), sizeof(literal) - 1                                                                       \
    }

static bool streams(uint32_t status, const char *type, struct str body)
{
    const struct header headers[] = {{STR("Server"), STR("x")}, {STR("content-TYPE"), str_of(type)}};
    const struct response r = {.status = status, .headers = headers, .n_headers = 2, .body = body};

    return response_sights(&r) >> SIGHT_STREAMING & 1;
}

static const struct {
    const char *type;
    bool streams;
} types[] = {
    {"video/mp4", true},
    {"video/webm; codecs=\"vp9\"", true},
    {"VIDEO/MP4", true},
    {"audio/mpeg", true},
    {"audio/x-mpegurl", true},
    {"application/vnd.apple.mpegurl", true},
    {"Application/X-MpegURL ; charset=utf-8", true},
    {"application/dash+xml", true},
    {"application/vnd.ms-sstr+xml", true},
    {"application/ogg", true},
    {"", false},
    {"text/html", false},
    {"image/gif", false},
    {"application/octet-stream", false},
    {"application/json", false},
    {"application/videolan", false},
    {"text/video", false},
    {"application/ogg2", false},
    {"videos", false},
};

START_TEST(types_are_told)
{
    ck_assert_msg(streams(200, types[_i].type, STR_NONE) == types[_i].streams, "%s", types[_i].type);
}
END_TEST

static const struct {
    struct str body;
    bool streams;
} bodies[] = {
    {BYTES("#EXTM3U\n#EXT-X-TARGETDURATION:6\n"), true},
    {BYTES("\xef\xbb\xbf#EXTM3U\r\n"), true},
    {BYTES("\n\n#EXTM3U"), true},
    {BYTES("#EXTM3"), false},
    {BYTES("# EXTM3U"), false},
    {BYTES("<MPD>"), true},
    {BYTES("<?xml version=\"1.0\"?>\n<!-- made <by> hand -->\n<mpd:MPD "
           "xmlns:mpd=\"urn:mpeg:dash:schema:mpd:2011\">"),
     true},
    {BYTES("<?xml version=\"1.0\"?><!DOCTYPE x><SmoothStreamingMedia MajorVersion=\"2\">"), true},
    {BYTES("<?xml version=\"1.0\"?><MPDS>"), false},
    {BYTES("<?xml version=\"1.0\"?><feed><MPD>"), false},
    {BYTES("<!-- <MPD>"), false},
    {BYTES("<?xml"), false},
    {BYTES("<"), false},
    {BYTES("<!doctype html><title>#EXTM3U</title>"), false},
    {BYTES("\0\0\0\x18"
           "ftypmp42\0\0\0\0"),
     true},
    {BYTES("\0\0\0\x20"
           "ftypM4A \0\0\0\0"),
     true},
    {BYTES("\0\0\0\x20"
           "ftypavif\0\0\0\0"),
     false},
    {BYTES("\0\0\0\x18"
           "ftypheic\0\0\0\0"),
     false},
    {BYTES("\0\0\0\x14"
           "ftypjp2 \0\0\0\0"),
     false},
    {BYTES("\0\0\0\x18"
           "ftyp"),
     false},
    {BYTES("\0\0\0\x18"
           "stypmsdh"),
     true},
    {BYTES("\0\0\1\x18"
           "moof\0\0\0\x10"
           "mfhd"),
     true},
    {BYTES("The moof of the cow"), false},
    {BYTES("\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm"), true},
    {BYTES("\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska"), true},
    {BYTES("\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x84"
           "else"),
     false},
    {BYTES("FLV\x01\x05"), true},
    {BYTES("OggS\0\2"), true},
    {BYTES("fLaC\0"), true},
    {BYTES("ID3\x03\0\0"), true},
    {BYTES("ID3 of whom?"), false},
    {BYTES("RIFF\x24\0\0\0WAVEfmt "), true},
    {BYTES("RIFF\x24\0\0\0"
           "AVI LIST"),
     true},
    {BYTES("RIFF\x24\0\0\0WEBPVP8 "), false},
    {BYTES("\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9"), true},
    {BYTES("\x89PNG\r\n\x1a\n"), false},
    {BYTES("\xff\xd8\xff\xe0\0\x10JFIF"), false},
    {BYTES("GIF89a"), false},
    {BYTES("PK\3\4"), false},
    {BYTES("%PDF-1.7"), false},
    {BYTES(""), false},
    {BYTES("G"), false},
};

START_TEST(first_bytes_are_told)
{
    struct str body = bodies[_i].body;
    char *exact = malloc(body.n ? body.n : 1); /* so that a sanitizer sees a byte too far */

    memcpy(exact, body.p, body.n);
    ck_assert_msg(streams(200, "text/plain", (struct str){exact, body.n}) == bodies[_i].streams, "row %d",
                  _i);
    free(exact);
}
END_TEST

/* Every beginning of every body is looked at within its bounds, and tells no more than the whole. */
START_TEST(cut_bodies_are_looked_at_within_bounds)
{
    struct str body = bodies[_i].body;

    for (size_t n = 0; n < body.n; n++) {
        char *exact = malloc(n ? n : 1);

        memcpy(exact, body.p, n);
        if (streams(200, "text/plain", (struct str){exact, n}))
            ck_assert_msg(bodies[_i].streams, "row %d, %zu bytes", _i, n);
        free(exact);
    }
}
END_TEST

/* Packets of 188 bytes, or of 192 with the time before each. */
START_TEST(transport_streams_are_told_by_their_packets)
{
    char packets[600];
    struct str whole = {packets, sizeof packets};

    memset(packets, 'x', sizeof packets);
    packets[0] = packets[188] = packets[376] = 0x47;
    ck_assert(streams(200, "", whole));
    ck_assert(streams(200, "video/mp2t", whole));
    ck_assert(!streams(200, "", str_upto(whole, 188)));
    packets[376] = 'x';
    ck_assert(!streams(200, "", whole));
    ck_assert(streams(200, "", str_upto(whole, 376)));
    memset(packets, 'x', sizeof packets);
    packets[4] = packets[196] = packets[388] = 0x47;
    ck_assert(streams(200, "", whole));
}
END_TEST

/* Servers call "app.ts" video/mp2t. */
START_TEST(a_source_of_typescript_is_no_stream)
{
    char text[400];

    memset(text, ' ', sizeof text);
    memcpy(text, "import x from 'y';", 18);
    ck_assert(!streams(200, "video/mp2t", (struct str){text, sizeof text}));
    ck_assert(streams(200, "video/mp2t", (struct str){text, 20})); /* too little to tell: the type says so */
}
END_TEST

START_TEST(radio_says_so_itself)
{
    const struct header headers[] = {{STR("ICY-MetaInt"), STR("16000")}};
    struct response r = {.status = 200, .headers = headers, .n_headers = 1};

    ck_assert_uint_eq(response_sights(&r), 1u << SIGHT_STREAMING);
}
END_TEST

START_TEST(only_answers_that_bring_something_count)
{
    static const uint32_t others[] = {0, 100, 204, 301, 304, 403, 404, 416, 500};

    ck_assert(streams(206, "video/mp4", STR_NONE));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(!streams(others[i], "video/mp4", STR_NONE), "%u", others[i]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("response");
    TCase *t = tcase_create("sights");

    tcase_add_loop_test(t, types_are_told, 0, sizeof types / sizeof *types);
    tcase_add_loop_test(t, first_bytes_are_told, 0, sizeof bodies / sizeof *bodies);
    tcase_add_loop_test(t, cut_bodies_are_looked_at_within_bounds, 0, sizeof bodies / sizeof *bodies);
    tcase_add_test(t, transport_streams_are_told_by_their_packets);
    tcase_add_test(t, a_source_of_typescript_is_no_stream);
    tcase_add_test(t, radio_says_so_itself);
    tcase_add_test(t, only_answers_that_bring_something_count);
    suite_add_tcase(s, t);
    return run_suite(s);
}
