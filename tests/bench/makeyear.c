/* A made-up year (year.h) as a spool.
 *   makeyear FOLDER [EVENTS [PEOPLE [FIRST DAYS]]]    FOLDER: empty. 30 million events of 5,000 people; days
 * 0 to 364 */
#include "year.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    uint64_t numbers[4] = {30000000, 5000, 0, YEAR_DAYS}, n = 0, day;
    struct spool *s = NULL;
    struct year y;
    struct diag d;

    for (int i = 2; i < argc && i < 6; i++)
        if (!str_u64(str_of(argv[i]), &numbers[i - 2]))
            argc = 0;
    if (argc < 2 || argc > 6 || argc == 5 || numbers[1] == 0 || numbers[1] > 1000000 ||
        numbers[2] + numbers[3] > YEAR_DAYS) {
        fputs("makeyear FOLDER [EVENTS [PEOPLE [FIRST DAYS]]]\n", stderr);
        return 2;
    }
    diag_init(&d);
    if (seal_init(&d) != 0 || !year_open(&y, numbers[0], (unsigned)numbers[1]) ||
        spool_open(argv[1], "year", 0, &s, &d) != 0) {
        fprintf(stderr, "makeyear: %s\n", d.n ? d.messages[0].text : "out of memory");
        return 2;
    }
    for (day = numbers[2]; day < numbers[2] + numbers[3] && n != UINT64_MAX; day++) {
        uint64_t of_day = year_day(&y, (unsigned)day, s);

        n = of_day == UINT64_MAX ? of_day : n + of_day;
    }
    spool_close(s);
    year_close(&y);
    if (n == UINT64_MAX) {
        fputs("makeyear: an event was lost: is the disk full?\n", stderr);
        return 1;
    }
    printf("%llu\n", (unsigned long long)n);
    return 0;
}
