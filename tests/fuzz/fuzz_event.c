/* Hostile spool records; what decodes must encode to the same bytes. */
#include "fuzz.h"

#include "record/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char again[EVENT_MAX];
    struct event e;
    size_t n;

    if (event_decode(&e, data, size) != 0)
        return 0;
    n = event_encode(&e, again, sizeof again);
    FUZZ_HOLDS(n == size && memcmp(again, data, n) == 0);
    return 0;
}
