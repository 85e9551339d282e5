/* What fuzz.h promises, but for the council. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISON 1
#endif
#endif
#ifdef POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#endif

enum { BOX = 64 << 10, GAP = 16 };

static _Alignas(16) char box[BOX];
static size_t boxed;

void fuzz_broken(const char *what)
{
    fprintf(stderr, "this does not hold: %s\n", what);
    abort();
}

struct str fuzz_line(struct str *rest)
{
    return str_cut(rest, '\n');
}

void fuzz_unbox(void)
{
    ASAN_POISON_MEMORY_REGION(box, boxed < BOX ? boxed + GAP : BOX);
    boxed = GAP;
}

struct str fuzz_box(struct str s)
{
    char *to = box + boxed;

    if (boxed == 0)
        fuzz_unbox();
    if (s.n == 0 || BOX - boxed < 2 * GAP)
        return (struct str){s.p ? to : NULL, 0};
    s = str_upto(s, BOX - boxed - 2 * GAP);
    ASAN_UNPOISON_MEMORY_REGION(to, s.n);
    memcpy(to, s.p, s.n);
    boxed += (s.n + 2 * GAP - 1) / GAP * GAP;
    ASAN_POISON_MEMORY_REGION(to + s.n, boxed - (size_t)(to - box) - s.n);
    return (struct str){to, s.n};
}

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016. */
uint32_t dice_below(struct dice *d, uint32_t n)
{
    if (d->state == 0)
        d->state = 0x9e3779b97f4a7c15u;
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return n ? (uint32_t)((d->state * 0x2545f4914f6cdd1du) >> 32) % n : 0;
}

bool dice_one_in(struct dice *d, uint32_t n)
{
    return dice_below(d, n) == 0;
}
