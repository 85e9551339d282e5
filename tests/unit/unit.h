/* What every unit test shares: comparing slices, and the main that runs one suite. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include "core/str.h"

#include <check.h>
#include <stdlib.h>

#define ck_assert_slice(slice, text)                                                                                   \
    do {                                                                                                               \
        struct str ck_s = (slice);                                                                                     \
        ck_assert_msg(str_eq(ck_s, str_of(text)), "%s is \"%.*s\", expected \"%s\"", #slice, STR_ARG(ck_s), (text));   \
    } while (0)

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
