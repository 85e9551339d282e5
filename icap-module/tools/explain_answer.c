#include "tools/explain_answer.h"

#include <arpa/inet.h>

bool explain_is_address(const char *text)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

const char *explain_answer_step(const struct verdict *v)
{
    bool refused = v->action == ACTION_REFUSE || v->shadow;

    if (v->what.host_flags & HOST_MUST_WORK)
        return "R1: the host must work, so its answer goes on, whatever matches";
    if (!v->what.sights && !v->what.place.told)
        return "R4: it shows nothing that a rule can ask of an answer, so it goes on, and nobody asks who it is for";
    if (!refused)
        return "R4: no forbid that asks what an answer tells speaks, so it goes on: all else was said of the request";
    if ((v->shadow ? v->would_why : v->why) == WHY_UNSURE)
        return v->shadow ? "R3: such a forbid cannot be told; shadow lets it go on"
                         : "R3: such a forbid cannot be told, and the policy then refuses";
    return v->shadow ? "R2: a forbid that asks what an answer tells matches; shadow lets it go on"
                     : "R2: a forbid that asks what an answer tells matches";
}
