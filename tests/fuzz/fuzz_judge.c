/* A hostile request against a sound policy: first line method, target, user, groups, SNI, address, body; then
 * headers. */
#include "fuzz.h"

#include "core/explain.h"
#include "core/page.h"

#include <stdlib.h>

enum { HEADERS = 32, GROUPS = 8 };

static void read_request(struct str rest, struct request *r, struct header *headers, struct str *groups)
{
    struct str names;

    *r = (struct request){.headers = headers, .groups = groups, .now = 1779000000};
    r->method = fuzz_line(&rest);
    r->target = fuzz_line(&rest);
    r->user = fuzz_line(&rest);
    names = fuzz_line(&rest);
    r->has_groups = names.n > 0;
    while (names.n && r->n_groups < GROUPS)
        groups[r->n_groups++] = str_cut(&names, ',');
    r->sni = fuzz_line(&rest);
    r->client_ip = fuzz_line(&rest);
    r->body = str_upto(fuzz_line(&rest), REQUEST_BODY_MAX);
    r->body_whole = r->body.n % 2;
    while (rest.n && r->n_headers < HEADERS) {
        struct str line = fuzz_line(&rest);
        struct str name = str_cut(&line, ':');

        headers[r->n_headers++] = (struct header){name, line};
    }
}

/* What must hold whatever came in. */
static void expect(const struct verdict *v, const struct request *r)
{
    const struct artefact *a = policy_artefact(fuzz_policy());

    if (v->action >= ACTION_COUNT || v->why >= WHY_COUNT)
        abort();
    if (v->rule != RULE_NONE && v->rule >= a->n[SECTION_RULES])
        abort();
    if (v->why == WHY_MALFORMED && v->action == ACTION_ALLOW && !v->shadow)
        abort(); /* this policy refuses what it cannot read, but for a group in shadow */
    if (v->action == ACTION_REFUSE && v->page == NO_INDEX)
        abort();
    if (v->what.platform != NO_INDEX && v->who.user == USER_UNKNOWN && r->n_groups == 0 &&
        v->action == ACTION_ALLOW && !v->bump && !(v->what.host_flags & HOST_MUST_WORK) &&
        v->who.mode == MODE_ENFORCE)
        abort(); /* nobody, without any group, never gets onto a platform by default */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scratch *scratch;
    static char out[64 * 1024], story[64 * 1024];
    struct header headers[HEADERS];
    struct str groups[GROUPS];
    struct request r;
    struct snapshot snapshot = {.policy = fuzz_policy()};
    struct verdict v;
    struct text t;

    if (!scratch)
        scratch = scratch_new();
    read_request((struct str){(const char *)data, size}, &r, headers, groups);
    v = policy_judge(&snapshot, NULL, &r, scratch);
    expect(&v, &r);
    page_render(policy_artefact(snapshot.policy), v.page, page_form(&r), "ABCD-1234", out, sizeof out);
    text_init(&t, story, sizeof story);
    explain(&snapshot, &r, &v, &t);
    return 0;
}
