#include "module/portal.h"

#include "core/lookup.h"
#include "module/conf.h"
#include "module/need.h"
#include "module/stats.h"
#include "record/seal.h"
#include "record/token.h"
#include "record/vouch.h"

#include <stdatomic.h>

enum { HTTPS = 443 };

static struct need key_need = NEED, host_need = NEED, answers_need = NEED;
static struct seal_key key;
static atomic_bool have_key; /* stored after `key`, which is constant from then on */

_Static_assert(sizeof VOUCH_HEADER + 2 + VOUCH_TEXT <= WORKER_LINE, "the header's line fits");
_Static_assert((int)WORKER_TOKEN >= (int)TOKEN_TEXT, "a token fits");

static void read_key(void)
{
    struct diag d;

    diag_init(&d);
    if (!settings()->portal_key[0])
        diag_error(&d, "there is a portal and no PortalKey directive", NULL, NULL);
    else if (seal_key_read(settings()->portal_key, &key, &d) == 0) {
        atomic_store(&have_key, true);
        need_met(&key_need);
        return;
    }
    need_missing(&key_need, &d, "the portal cannot tell who is asking");
}

static const struct seal_key *my_key(void)
{
    if (!atomic_load(&have_key) && need_due(&key_need)) {
        if (!atomic_load(&have_key))
            read_key();
        need_looked(&key_need);
    }
    return atomic_load(&have_key) ? &key : NULL;
}

#define HELD_BACK "nobody could answer, so asks are counted as in shadow and hold nobody up"

/* A question that is in force, and is answered on the portal. */
static bool is_asked_there(const struct a_rule *rule)
{
    return rule->verb == VERB_REQUIRE && rule->ask != ASK_PERSON && !(rule->flags & RULE_SHADOW);
}

static bool asks(const struct artefact *a)
{
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        if (is_asked_there(&ARTEFACT_ROWS(a, RULES, struct a_rule)[i]))
            return true;
    return false;
}

/* What is missing for answers, or NULL. */
static const char *missing(const struct loaded *l)
{
    const struct settings *s = settings();

    return !s->portal[0]       ? "the policy asks people, and there is no Portal directive"
           : !s->portal_key[0] ? "the policy asks people, and there is no PortalKey directive"
           : !s->standing[0]   ? "the policy asks people, and there is no Standing directive"
           : !l->view.standing
               ? "the policy asks people, and there is no standing yet: is portreeved running?"
           : !my_key() ? "the policy asks people, and the portal's key cannot be read"
                       : NULL;
}

bool portal_answers(const struct loaded *l)
{
    return !missing(l);
}

/* Would have been asked, by a rule that is in force. */
static bool held_back(const struct exchange *x)
{
    const struct artefact *a = policy_artefact(x->loaded->policy);
    const struct verdict *v = &x->verdict;

    return v->shadow && v->would == ACTION_ASK && v->who.mode == MODE_ENFORCE && v->would_rule != RULE_NONE &&
           is_asked_there(&ARTEFACT_ROWS(a, RULES, struct a_rule)[v->would_rule]);
}

void portal_missed(const struct exchange *x)
{
    const char *what = missing(x->loaded);
    struct diag d;

    if (!what || !held_back(x))
        return;
    stats_count(COUNT_UNANSWERABLE);
    diag_init(&d);
    diag_error(&d, what, NULL, NULL);
    need_missing(&answers_need, &d, HELD_BACK);
}

void portal_check(void)
{
    struct loaded *l = snapshot_pin();
    const char *what = l ? missing(l) : NULL;
    struct diag d;

    if (what && asks(policy_artefact(l->policy))) {
        diag_init(&d);
        diag_error(&d, what, "; " HELD_BACK, NULL);
        conf_print("Portal", &d);
        atomic_store(&answers_need.said, true);
    }
    snapshot_unpin(l);
}

void portal_child(void)
{
    if (settings()->portal[0])
        my_key();
}

/* Of the target without its scheme. */
static struct str after_scheme(struct str target)
{
    static const struct str https = {"https://", 8};

    return str_istarts(target, https) ? str_from(target, https.n) : target;
}

/* A cheap look first: nearly every request is for another host, and is not made canonical twice. */
bool portal_asked(struct exchange *x)
{
    struct str host = str_of(settings()->portal);
    struct request *r = &x->request;

    if (host.n == 0 || !str_istarts(after_scheme(r->target), host))
        return false;
    arena_reset(&x->worker->scratch->arena);
    if (request_normalise(r, &x->worker->scratch->arena) != NORMALISED || !str_eq(r->host, host))
        return false;
    if (r->kind == REQUEST_CONNECT)
        return r->port == HTTPS;
    return r->kind == REQUEST_PLAIN && str_eq(r->scheme, STR("https")) && (r->port == 0 || r->port == HTTPS);
}

/* As it stands in the request line: "/" where nothing stands. */
static struct str path_of(struct str target)
{
    struct str rest = after_scheme(target), path;

    rest = str_upto(rest, str_find(rest, '?'));
    rest = str_upto(rest, str_find(rest, '#'));
    path = str_from(rest, str_find(rest, '/'));
    return path.n ? path : STR("/");
}

static bool of_an_emergency(const struct artefact *a, uint32_t group)
{
    for (uint32_t i = 0; i < a->n[SECTION_EMERGENCIES]; i++) {
        struct a_list groups = ARTEFACT_ROWS(a, EMERGENCIES, struct a_emergency)[i].groups;

        for (uint32_t k = 0; k < groups.n; k++)
            if (artefact_numbers(a, groups)[k] == group)
                return true;
    }
    return false;
}

/* Of the groups that the proxy tells, those who may declare an emergency: the portal, which hears from nobody
 * else, knows no others but those of the registers. What does not fit is left out. */
static struct str groups_of(const struct exchange *x, char to[VOUCH_GROUPS])
{
    const struct artefact *a = x->loaded ? policy_artefact(x->loaded->policy) : NULL;
    struct text t;

    text_init(&t, to, VOUCH_GROUPS);
    for (size_t i = 0; a && i < x->request.n_groups; i++) {
        struct str name = str_trim(x->request.groups[i]);
        uint32_t group = lookup_group(a, name);

        if (group == NO_INDEX || !of_an_emergency(a, group) || t.n + 1 + name.n >= VOUCH_GROUPS)
            continue;
        if (t.n)
            text_putc(&t, ',');
        text_put(&t, name);
    }
    return text_str(&t);
}

void portal_vouch(struct exchange *x)
{
    struct vouch_request r = {x->request.method, path_of(x->request.target), x->request.now};
    const struct seal_key *mine = my_key();
    char value[VOUCH_TEXT], groups[VOUCH_GROUPS];
    struct str vouching = STR_NONE;
    struct text line;

    x->added = STR_NONE;
    if (mine)
        vouching =
            vouch_write(mine, &(struct vouch_who){x->request.account_name, groups_of(x, groups)}, &r, value);
    if (vouching.n == 0) {
        stats_count(COUNT_UNVOUCHED);
        return;
    }
    stats_count(COUNT_VOUCHED);
    text_init(&line, x->worker->line, WORKER_LINE - 1);
    text_puts(&line, VOUCH_HEADER ": ");
    text_put(&line, vouching);
    x->added = text_str(&line);
}

/* What a browser can be led back to: a page that was asked for by its address alone, with no byte in it that
 * could end a header. */
static struct str way_back(const struct request *r)
{
    if (r->kind != REQUEST_PLAIN || !str_eq(r->method, STR("GET")) || r->target.n > TOKEN_BACK)
        return STR_NONE;
    for (size_t i = 0; i < r->target.n; i++)
        if (r->target.p[i] <= 0x20 || r->target.p[i] >= 0x7f)
            return STR_NONE;
    if (!str_istarts(r->target, STR("https://")) && !str_istarts(r->target, STR("http://")))
        return STR_NONE;
    return r->target;
}

/* STR_NONE where nobody is known: token_seal seals for somebody. */
static struct str token_for(struct exchange *x, const struct seal_key *mine)
{
    const struct artefact *a = policy_artefact(x->loaded->policy);
    const struct verdict *v = &x->verdict;
    struct token t = {.ask = v->action == ACTION_ASK ? v->ask : ASK_COUNT,
                      .user = x->request.account_name,
                      .version = artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->version),
                      .back = way_back(&x->request),
                      .expiry = x->request.now + TOKEN_SECONDS};
    struct str text;

    if (v->what.platform != NO_INDEX)
        t.platform = artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[v->what.platform].id);
    if (v->rule != RULE_NONE)
        t.rule = verdict_rule(x->loaded->policy, v);
    text = token_seal(mine, &t, x->worker->token);
    if (text.n == 0 && t.back.n) { /* long names beside a long address */
        t.back = STR_NONE;
        text = token_seal(mine, &t, x->worker->token);
    }
    return text;
}

void portal_fill(struct exchange *x, struct page_fill *fill)
{
    const struct seal_key *mine;
    struct diag d;

    if (!settings()->portal[0]) {
        diag_init(&d);
        diag_error(&d, "the policy's pages lead to the portal and there is no Portal directive", NULL, NULL);
        need_missing(&host_need, &d, "the ways there are left out of the pages");
        return;
    }
    fill->portal = str_of(settings()->portal);
    mine = my_key();
    if (mine)
        fill->token = token_for(x, mine);
}
