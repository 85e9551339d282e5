/* Bounded looks into bodies: what is cut, compressed or of another type is unknown, never a guess. */
#include "core/scan.h"

#include "unit.h"

static char storage[64 * 1024];
static struct arena arena;

static const struct {
    const char *json, *key, *value; /* value NULL: unknown */
} rows[] = {
    {"{\"op\":\"Create\"}", "op", "Create"},
    {"{ \"op\" : \"Create\" }", "op", "Create"},
    {"{\"a\":{\"b\":[{\"op\":\"Deep\"}]}}", "op", "Deep"},
    {"{\"id\":12345}", "id", "12345"},
    {"{\"id\":12345", "id", NULL},                      /* cut: could be longer */
    {"{\"op\":\"Cre", "op", NULL},
    {"{\"text\":\"\\\"op\\\":\\\"Fake\\\"\"}", "op", NULL}, /* a key inside somebody's text */
    {"{\"text\":\"op\",\"x\":\"op\"}", "op", NULL},         /* a value that looks like a key */
    {"{\"url\":\"a\\/b\"}", "url", "a/b"},
    {"{\"url\":\"a\\u0041\"}", "url", NULL},
    {"{\"op\":null,\"x\":1}", "op", NULL},
    {"{\"op\":[ \"One\" ],\"x\":1}", "op", "One"},
    {"{\"op\":[12]}", "op", "12"},
    {"{\"op\":[\"One\",\"Two\"]}", "op", NULL}, /* which of them? */
    {"{\"op\":[]}", "op", NULL},
    {"{\"op\":[\"Cut", "op", NULL},
    {"{\"op\":[\"Cut\"", "op", NULL},
    {"{\"op\":[12", "op", NULL},
    {"{\"op\":[{\"a\":1}]}", "op", NULL},
    {"", "op", NULL},
    {"{\"op\"", "op", NULL},
    {"{\"op\":", "op", NULL},
    {"\\", "op", NULL},
    {"\"\\", "op", NULL},
};

START_TEST(json_members)
{
    struct str value;

    arena_init(&arena, storage, sizeof storage);
    value = json_get(str_of(rows[_i].json), str_of(rows[_i].key), &arena);
    if (rows[_i].value)
        ck_assert_slice(value, rows[_i].value);
    else
        ck_assert_msg(!value.p, "%s: %.*s", rows[_i].json, STR_ARG(value));
}
END_TEST

START_TEST(json_members_that_hold_something)
{
    static const char *const there[] = {"{\"op\":\"x\"}", "{\"op\":7}", "{\"op\":-1}", "{\"op\":true}",
                                        "{\"op\": {\"a\":1}}", "{\"a\":{\"op\":[ 1 ]}}",
                                        "{\"op\":null,\"b\":{\"op\":1}}"};
    static const char *const not_there[] = {"{\"op\":\"\"}", "{\"op\":null}", "{\"op\":false}", "{\"op\":{ }}",
                                            "{\"op\":[]}", "{\"x\":\"\\\"op\\\":1\"}", "{\"op\":\"cut", "{\"op\"", ""};

    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        ck_assert_msg(json_there(str_of(there[i]), STR("op")), "%s", there[i]);
    for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
        ck_assert_msg(!json_there(str_of(not_there[i]), STR("op")), "%s", not_there[i]);
}
END_TEST

START_TEST(all_json_members_of_a_name)
{
    static const char text[] = "[{\"op\":\"A\",\"t\":\"\\\"op\\\":\\\"no\\\"\"},{\"v\":{\"op\":7}},{\"op\":\"\\u0041\"},{\"op\":\"B\"},{\"op\":\"Cu";
    struct str values[3];

    arena_init(&arena, storage, sizeof storage);
    ck_assert_uint_eq(json_all(str_of(text), STR("op"), values, 3, &arena), 4);
    ck_assert_slice(values[0], "A");
    ck_assert_slice(values[1], "7");
    ck_assert_ptr_null(values[2].p);
    ck_assert_uint_eq(json_all(STR("{}"), STR("op"), values, 3, &arena), 0);
}
END_TEST

static struct str field(const char *type, const char *coding, const char *body, bool whole)
{
    struct header headers[] = {{STR("content-type"), str_of(type)}, {STR("content-encoding"), str_of(coding)}};
    struct request r = {.headers = headers, .n_headers = *coding ? 2 : 1, .body = str_of(body), .body_whole = whole};

    arena_init(&arena, storage, sizeof storage);
    return form_get(&r, STR("op"), &arena);
}

START_TEST(form_fields)
{
    const char *form = "application/x-www-form-urlencoded; charset=utf-8";

    ck_assert_slice(field(form, "", "a=1&op=Create%20It+now&b=2", false), "Create It now");
    ck_assert_slice(field(form, "", "a=1&op=Create", true), "Create");
    ck_assert_ptr_null(field(form, "", "a=1&op=Crea", false).p); /* the last field of a cut body */
    ck_assert_slice(field(form, "", "a=1&%6fp=Create", true), "Create");
    ck_assert_ptr_null(field(form, "", "op=Read&op=Create", true).p); /* which of them counts is the server's to say */
    ck_assert_ptr_null(field(form, "gzip", "op=Create&b", true).p);
    ck_assert_ptr_null(field("text/html", "", "op=Create&b", true).p);
    ck_assert_slice(field("multipart/form-data; boundary=x", "",
                          "--x\r\nContent-Disposition: form-data; name=\"op\"\r\n\r\nCreate\r\n--x--\r\n", true),
                    "Create");
    ck_assert_ptr_null(field("multipart/form-data; boundary=x", "",
                             "--x\r\nContent-Disposition: form-data; name=\"op\"\r\n\r\nCrea", false)
                           .p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("scan");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, json_members, 0, sizeof rows / sizeof *rows);
    tcase_add_test(t, json_members_that_hold_something);
    tcase_add_test(t, all_json_members_of_a_name);
    tcase_add_test(t, form_fields);
    suite_add_tcase(s, t);
    return run_suite(s);
}
