/* A hostile request against a sound policy. The input is lines: method (then, behind tabs, the listening port
 * and the time), target, user, groups, SNI, address, body (a vertical tab in it stands for CRLF), then
 * headers. The input's size chooses between two defaults, and what else is looked at.
 * PORTREEVE_FUZZ_ARTEFACT=FILE takes a compiled council in place of the small one, to reach the real maps. */
#include "fuzz.h"

#include "core/explain.h"
#include "core/page.h"
#include "core/rehearse.h"
#include "core/restrict.h"
#include "fuzz_request.h"

#include <stdio.h>
#include <stdlib.h>

const struct policy *fuzz_judged(void)
{
    static const struct policy *judged;
    const char *path = getenv("PORTREEVE_FUZZ_ARTEFACT");
    struct policy *p = NULL;
    struct diag d;

    if (!judged && path) {
        diag_init(&d);
        if (policy_map(path, &p, &d) != 0) {
            fprintf(stderr, "%s: %s\n", path, d.messages[0].text);
            abort();
        }
        judged = p;
    }
    if (!judged)
        judged = fuzz_policy();
    return judged;
}

/* "\v" in a body stands for the line end that a line cannot hold. */
static struct str body_of(struct str line)
{
    static char body[2 * REQUEST_BODY_MAX];
    size_t n = 0;

    for (size_t i = 0; i < line.n && n + 2 <= REQUEST_BODY_MAX; i++) {
        if (line.p[i] == '\v')
            body[n++] = '\r';
        body[n++] = line.p[i] == '\v' ? '\n' : line.p[i];
    }
    return fuzz_box((struct str){body, n});
}

static void read_first(struct str line, struct request *r)
{
    uint64_t number;

    r->method = fuzz_box(str_cut(&line, '\t'));
    if (str_u64(str_cut(&line, '\t'), &number))
        r->listening_port = (uint32_t)number;
    r->now = str_u64(line, &number) ? (int64_t)number : 1779000000;
}

static void read_request(struct str rest, struct request *r, struct header *headers, struct str *groups)
{
    struct str names;

    *r = (struct request){.headers = headers, .groups = groups};
    read_first(fuzz_line(&rest), r);
    r->target = fuzz_box(fuzz_line(&rest));
    r->user = fuzz_box(fuzz_line(&rest));
    names = fuzz_line(&rest);
    r->has_groups = names.n > 0;
    while (names.n && r->n_groups < FUZZ_GROUPS)
        groups[r->n_groups++] = fuzz_box(str_cut(&names, ','));
    r->sni = fuzz_box(fuzz_line(&rest));
    r->client_ip = fuzz_box(fuzz_line(&rest));
    r->body = body_of(fuzz_line(&rest));
    r->body_whole = r->body.n % 4 != 0;
    while (rest.n && r->n_headers < FUZZ_HEADERS) {
        struct str line = fuzz_line(&rest);
        struct str name = str_cut(&line, ':');

        headers[r->n_headers++] = (struct header){fuzz_box(name), fuzz_box(line)};
    }
}

/* What must hold whatever came in, and whatever the policy. */
static void expect(const struct artefact *a, const struct verdict *v)
{
    const struct classification *c = &v->what;

    FUZZ_HOLDS(v->action < ACTION_COUNT && v->why < WHY_COUNT && v->would < ACTION_COUNT);
    FUZZ_HOLDS(v->rule == RULE_NONE || v->rule < a->n[SECTION_RULES]);
    FUZZ_HOLDS(v->would_rule == RULE_NONE || !v->shadow || v->would_rule < a->n[SECTION_RULES]);
    FUZZ_HOLDS(v->page == NO_INDEX || v->page < a->n[SECTION_PAGES]);
    FUZZ_HOLDS(c->platform == NO_INDEX || c->platform < a->n[SECTION_PLATFORMS]);
    FUZZ_HOLDS(c->carrier == NO_INDEX || c->carrier < a->n[SECTION_CARRIERS]);
    FUZZ_HOLDS((c->carrier == NO_INDEX) == (c->carried == CARRIED_NOTHING));
    FUZZ_HOLDS((c->inner_host.n > 0) == (c->carried == CARRIED_PAGE));
    FUZZ_HOLDS(c->carried != CARRIED_PAGE || c->platform == NO_INDEX || c->confidence != CONFIDENCE_SURE);
    FUZZ_HOLDS(c->registered == NO_INDEX || c->registered < a->n[SECTION_ACCOUNTS]);
    FUZZ_HOLDS(c->registered == NO_INDEX || c->account_state == ACCOUNT_STATE_NAMED);
    FUZZ_HOLDS(c->activity <= ACTIVITY_COUNT && c->role < ROLE_COUNT && c->confidence < CONFIDENCE_COUNT);
    FUZZ_HOLDS(c->identity < IDENTITY_COUNT && c->origin < ORIGIN_COUNT);
    FUZZ_HOLDS(!v->shadow || v->would != v->action);
    FUZZ_HOLDS((c->looked | c->rot) >> ROT_COUNT == 0 && (c->rot & ~c->looked) == 0);
    FUZZ_HOLDS(c->platform != NO_INDEX || c->looked == 0);
    FUZZ_HOLDS(!(c->rot >> ROT_WRITE & 1) || c->activity == ACTIVITY_COUNT);
}

/* What goes on has each given parameter once, and neither a header nor an address can be broken by it. */
static void expect_sets(const struct artefact *a, const struct verdict *v, const struct request *r)
{
    static char bytes[REQUEST_TARGET_MAX + 64 * 1024];
    struct change changes[CHANGES_MAX];
    uint32_t n = restrict_changes(a, v, false, changes);
    struct str query;
    struct text t;

    FUZZ_HOLDS(v->n_sets <= RESTRICTIONS_MAX && (v->n_sets == 0 || v->action == ACTION_ALLOW));
    FUZZ_HOLDS(n <= CHANGES_MAX && (n == 0 || v->n_sets > 0));
    if (r->target.n > REQUEST_TARGET_MAX)
        return;
    text_init(&t, bytes, sizeof bytes);
    restrict_target(changes, n, r->target, &t);
    FUZZ_HOLDS(!t.cut);
    query = str_from(text_str(&t), str_find(text_str(&t), '?') + 1);
    for (uint32_t i = 0; i < n; i++) {
        struct str value = query_get(query, changes[i].name);

        for (size_t k = 0; k < changes[i].value.n; k++)
            FUZZ_HOLDS(changes[i].value.p[k] >= 0x20 && changes[i].value.p[k] < 0x7f);
        FUZZ_HOLDS(changes[i].kind != PLACE_QUERY || str_eq(value, changes[i].value));
        for (uint32_t k = 0; k < i; k++)
            FUZZ_HOLDS(!str_ieq(changes[i].name, changes[k].name) ||
                       (changes[i].kind == PLACE_QUERY) != (changes[k].kind == PLACE_QUERY));
    }
}

/* What this small policy says. */
static void expect_here(const struct verdict *v, const struct request *r)
{
    FUZZ_HOLDS(v->why != WHY_MALFORMED || v->action != ACTION_ALLOW || v->shadow);
    FUZZ_HOLDS(v->action != ACTION_REFUSE || v->page != NO_INDEX);
    /* Nobody, without any group, gets onto a platform by default. */
    FUZZ_HOLDS(v->what.platform == NO_INDEX || v->who.user != USER_UNKNOWN || r->n_groups > 0 ||
               v->action != ACTION_ALLOW || v->bump || v->what.host_flags & HOST_MUST_WORK ||
               v->who.mode != MODE_ENFORCE);
}

/* The same request is judged the same, whatever was judged before. */
static void expect_again(const struct snapshot *snapshot, struct request *r, const struct verdict *v)
{
    static struct scratch *other;
    struct verdict again;

    if (!other)
        other = scratch_new();
    again = policy_judge(snapshot, NULL, r, other);
    FUZZ_HOLDS(again.action == v->action && again.rule == v->rule && again.page == v->page);
    FUZZ_HOLDS(again.why == v->why && again.bump == v->bump && again.in_scope == v->in_scope);
    FUZZ_HOLDS(again.what.carried == v->what.carried && str_eq(again.what.inner_host, v->what.inner_host));
    FUZZ_HOLDS(again.what.activity == v->what.activity && again.what.platform == v->what.platform);
    FUZZ_HOLDS(again.what.looked == v->what.looked && again.what.rot == v->what.rot);
    FUZZ_HOLDS(again.what.origin == v->what.origin && again.what.identity == v->what.identity);
    FUZZ_HOLDS(str_eq(again.what.account, v->what.account));
    FUZZ_HOLDS(again.n_sets == v->n_sets && memcmp(again.sets, v->sets, v->n_sets * sizeof *v->sets) == 0);
}

/* The request's headers and body as those of its answer, which came from the client's address. */
static void expect_of_answer(const struct snapshot *snapshot, struct request *r)
{
    static struct scratch *other;
    const struct response answer = {.status = 200 + (uint32_t)r->n_headers % 2 * 6,
                                    .headers = r->headers,
                                    .n_headers = r->n_headers,
                                    .body = r->body,
                                    .from = r->client_ip};
    struct verdict v;

    if (!other)
        other = scratch_new();
    v = policy_judge_response(snapshot, NULL, r, &answer, other);
    expect(policy_artefact(snapshot->policy), &v);
    FUZZ_HOLDS(v.action == ACTION_ALLOW || v.action == ACTION_REFUSE);
    FUZZ_HOLDS(v.in_scope == (v.action == ACTION_REFUSE || v.shadow));
    FUZZ_HOLDS(v.action == ACTION_ALLOW || v.what.sights || v.what.place.told);
    FUZZ_HOLDS(!v.bump && v.n_sets == 0 && (!v.what.sights || v.what.platform == NO_INDEX));
}

/* What the target says, in capitals and escapes. */
static struct str spell(const struct request *r, struct text *t)
{
    static const char digits[] = "0123456789abcdef";
    bool v6 = str_find(r->host, ':') < r->host.n;

    text_put(t, r->scheme);
    text_puts(t, v6 ? "://[" : "://");
    for (size_t i = 0; i < r->host.n; i++)
        text_putc(t, (char)(r->host.p[i] - (r->host.p[i] >= 'a' && r->host.p[i] <= 'z' ? 'a' - 'A' : 0)));
    text_puts(t, v6 ? "]:" : ".:");
    if (r->port)
        text_put_u64(t, r->port);
    for (size_t i = 0; i < r->path.n; i++) {
        char c = r->path.p[i];

        if (i % 3 == 1 && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.')) {
            text_putc(t, '%');
            text_putc(t, digits[c >> 4]);
            text_putc(t, digits[c & 15]);
        } else {
            text_putc(t, c);
        }
    }
    text_puts(t, r->query.n ? "?" : "");
    text_put(t, r->query);
    return text_str(t);
}

/* Whoever spells the place in another way gets no other answer. */
static void expect_any_spelling(const struct snapshot *snapshot, const struct request *r,
                                const struct verdict *v)
{
    static char spelt[4 * REQUEST_TARGET_MAX];
    struct request other = *r;
    struct text t;

    if (r->kind != REQUEST_PLAIN || v->why == WHY_MALFORMED || str_find(r->path, '%') < r->path.n)
        return;
    text_init(&t, spelt, sizeof spelt);
    other.target = spell(r, &t);
    if (other.target.n <= REQUEST_TARGET_MAX)
        expect_again(snapshot, &other, v);
}

/* Whatever was before: what is shown late stands in the place of a page that would have been let through, and
 * neither it nor a question about one person comes twice. */
static void expect_recalled(const struct request *r, struct rehearsal before)
{
    static _Alignas(64) char recall[1024];
    struct snapshot open = {.policy = fuzz_open_policy(), .unanswerable = true}; /* no notice stands before */
    struct request other = *r;
    static struct scratch *scratch;
    struct verdict v;

    if (!scratch)
        scratch = scratch_new();
    FUZZ_HOLDS(rehearse_size() <= sizeof recall);
    v = rehearse(&open, &before, recall, &other, scratch);
    expect(policy_artefact(open.policy), &v);
    FUZZ_HOLDS(!v.owed || (v.action == ACTION_ASK && v.n_notes == 1 && str_eq(r->method, STR("GET"))));
    before.shown = true;
    v = rehearse(&open, &before, recall, &other, scratch);
    FUZZ_HOLDS(!v.owed && (v.action != ACTION_ASK || v.ask != ASK_PERSON));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scratch *scratch;
    static char out[ARTEFACT_PAGE_MAX], story[64 * 1024];
    struct header headers[FUZZ_HEADERS];
    struct str groups[FUZZ_GROUPS];
    struct request r;
    const struct policy *shut = fuzz_judged(),
                        *open = fuzz_open_policy(); /* both made by the first, empty input */
    struct snapshot snapshot = {.policy = size % 8 == 2 && shut == fuzz_policy() ? open : shut,
                                .identity_key = size % 16 == 3 ? NULL : fuzz_identity_key()};
    const struct artefact *a = policy_artefact(snapshot.policy);
    struct verdict v;
    struct answer_body b;
    struct text t;

    if (!scratch)
        scratch = scratch_new();
    fuzz_unbox();
    read_request((struct str){(const char *)data, size}, &r, headers, groups);
    v = policy_judge(&snapshot, NULL, &r, scratch);
    expect(a, &v);
    expect_sets(a, &v, &r);
    if (snapshot.policy == fuzz_policy())
        expect_here(&v, &r);
    b = page_render(a, v.page, page_form(&r), &(struct page_fill){.code = "ABCD-1234"}, out, sizeof out);
    FUZZ_HOLDS(b.status >= 200 && b.status <= 599 && b.body.n <= sizeof out);
    if (size % 4 == 0) {
        text_init(&t, story, sizeof story);
        explain(&snapshot, &r, &v, &t);
        FUZZ_HOLDS(t.n > 0);
        for (size_t i = 0; i < t.n; i++)
            FUZZ_HOLDS(((unsigned char)t.p[i] >= 0x20 && t.p[i] != 0x7f) || t.p[i] == '\n');
    }
    if (size % 4 == 1)
        expect_again(&snapshot, &r, &v);
    if (size % 8 == 5)
        expect_recalled(&r, size % 16 == 5 ? (struct rehearsal){.returns = 9}
                                           : (struct rehearsal){.owes = STR("inert")});
    if (size % 4 == 2)
        expect_of_answer(&snapshot, &r);
    if (size % 4 == 3)
        expect_any_spelling(&snapshot, &r, &v);
    return 0;
}
