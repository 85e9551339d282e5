/* Hostile enrolment codes and lines of the inbox. The first line of the input is a query, the second who asks (platform,
 * account and user with tabs between them), the third a line of the inbox. */
#include "fuzz.h"

#include "record/enrol.h"
#include "record/seal.h"

static void expect_line(const struct enrolment *e)
{
    char room[ENROL_LINE];
    struct enrolment again;
    struct str line = enrol_line_write(e, room);

    if (line.n == 0) /* a name too long, or a year that the form has no room for */
        return;
    FUZZ_HOLDS(line.p[line.n - 1] == '\n' && enrol_line_read(str_upto(line, line.n - 1), &again));
    FUZZ_HOLDS(str_eq(again.platform, e->platform) && str_eq(again.account, e->account) &&
               str_eq(again.user, e->user) && again.profile == e->profile && again.key == e->key &&
               again.time == e->time && digest_eq(&again.digest, &e->digest));
}

/* A code that was made holds for whom it was made, wherever it stands in a query, and for nobody else. */
static void expect_code(const struct enrolment *e)
{
    static const struct identity_key other = {.bytes = {1}, .id = 1};
    char query[8 + ENROL_CODE] = "a=b&q=";
    struct enrol_code code;
    struct enrolment mine = *e, another = *e;

    mine.profile = another.profile = PROFILE_OWN;
    enrol_code_write(fuzz_identity_key(), &mine, 1779000000, query + 6);
    FUZZ_HOLDS(enrol_code_find((struct str){query, 6 + ENROL_CODE}, &code));
    FUZZ_HOLDS(enrol_code_holds(fuzz_identity_key(), &code, &mine, 1779000000) == (mine.user.n > 0));
    FUZZ_HOLDS(!enrol_code_holds(fuzz_identity_key(), &code, &mine, 1779000001));
    FUZZ_HOLDS(!enrol_code_holds(&other, &code, &mine, 1779000000));
    another.user = STR("\x01somebody");
    FUZZ_HOLDS(!enrol_code_holds(fuzz_identity_key(), &code, &another, 1779000000));
    another = mine;
    another.account = STR("\x01something");
    FUZZ_HOLDS(!enrol_code_holds(fuzz_identity_key(), &code, &another, 1779000000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct str rest = {(const char *)data, size}, query, who, line;
    struct enrolment e = {0};
    struct enrol_code code;

    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    fuzz_unbox();
    query = fuzz_box(fuzz_line(&rest));
    who = fuzz_line(&rest);
    line = fuzz_box(fuzz_line(&rest));
    e.platform = fuzz_box(str_cut(&who, '\t'));
    e.account = fuzz_box(str_cut(&who, '\t'));
    e.user = fuzz_box(who);
    if (enrol_code_find(query, &code))
        FUZZ_HOLDS(!enrol_code_holds(fuzz_identity_key(), &code, &e, (int64_t)code.end + 1));
    expect_code(&e);
    if (enrol_line_read(line, &e))
        expect_line(&e);
    return 0;
}
