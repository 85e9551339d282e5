/* explain: one request judged, in words or as JSON; a batch of them as JSON Lines. */
#include "tools/cmd.h"
#include "tools/explain_answer.h"
#include "tools/verdict_json.h"

#include "core/categories.h"
#include "core/clock.h"
#include "core/explain.h"
#include "core/networks.h"
#include "core/rehearse.h"
#include "core/standing.h"
#include "record/seal.h"

#include <stdio.h>
#include <stdlib.h>

enum { GROUPS = 64, HEADERS = 64, STORY = 64 * 1024 };

struct explain_options {
    const char *artefact, *owners, *countries, *body_file, *answer_file;
    struct request request;
    struct response answer; /* to the request, where `answered`: then that is judged */
    bool answered;
    struct header headers[HEADERS], answer_headers[HEADERS];
    struct str groups[GROUPS];
    const char *single; /* the first option that speaks of one request; NULL = none */
    struct identity_key key;
    bool has_key;
    struct standing *standing; /* NULL: none */
    struct rehearsal before;
    void *recall; /* rehearse_size bytes */
    struct categories *categories;
    bool json, batch, exit_code;
};

/* For options that speak of one request, of which --batch has many. */
static struct explain_options *single(void *to, const char *option)
{
    struct explain_options *o = to;

    if (!o->single)
        o->single = option;
    return o;
}

static bool take_artefact(void *to, const char *value)
{
    ((struct explain_options *)to)->artefact = value;
    return true;
}

static bool take_standing(void *to, const char *value)
{
    struct explain_options *o = to;
    struct diag d;

    diag_init(&d);
    standing_free(o->standing);
    o->standing = NULL;
    if (standing_map(value, &o->standing, &d) == 0)
        return true;
    report(&d);
    return false;
}

static bool take_categories(void *to, const char *value)
{
    struct explain_options *o = to;

    categories_free(o->categories);
    o->categories = open_categories(value);
    return o->categories != NULL;
}

static bool take_owners(void *to, const char *value)
{
    ((struct explain_options *)to)->owners = value;
    return true;
}

static bool take_countries(void *to, const char *value)
{
    ((struct explain_options *)to)->countries = value;
    return true;
}

static bool take_user(void *to, const char *value)
{
    single(to, "--user")->request.user = str_of(value);
    return true;
}

static bool take_groups(void *to, const char *value)
{
    struct explain_options *o = single(to, "--groups");
    struct str rest = str_of(value);

    o->request.has_groups = true;
    while (rest.n && o->request.n_groups < GROUPS) {
        struct str name = str_trim(str_cut(&rest, ','));

        if (name.n)
            o->groups[o->request.n_groups++] = name;
    }
    if (!rest.n)
        return true;
    fprintf(stderr, "portreeve explain: --groups takes at most %d names\n", GROUPS);
    return false;
}

static bool take_client_ip(void *to, const char *value)
{
    single(to, "--client-ip")->request.client_ip = str_of(value);
    return true;
}

static bool take_known_by(void *to, const char *value)
{
    int word = word_find(WORDS_KNOWN_BY, str_of(value));

    single(to, "--known-by")->request.known_by = (enum known_by)(word < 0 ? 0 : word);
    if (word >= 0)
        return true;
    fprintf(stderr, "portreeve explain: --known-by %s is none of sign-in, shared, address, nothing\n", value);
    return false;
}

static bool take_method(void *to, const char *value)
{
    single(to, "--method")->request.method = str_of(value);
    return true;
}

static bool take_returns(void *to, const char *value)
{
    uint64_t n;

    if (!str_u64(str_of(value), &n) || n > REHEARSE_RETURNS_MAX) {
        fprintf(stderr, "portreeve explain: --returns %s is no number of earlier visits (0 to %d)\n", value,
                REHEARSE_RETURNS_MAX);
        return false;
    }
    single(to, "--returns")->before.returns = (uint32_t)n;
    return true;
}

static bool take_sni(void *to, const char *value)
{
    single(to, "--sni")->request.sni = str_of(value);
    return true;
}

static bool take_port(void *to, const char *value)
{
    uint64_t port;

    if (!str_u64(str_of(value), &port) || port == 0 || port > 65535) {
        fprintf(stderr, "portreeve explain: --port %s is no port number (1 to 65535)\n", value);
        return false;
    }
    single(to, "--port")->request.listening_port = (uint32_t)port;
    return true;
}

static bool add_header(const char *option, const char *value, struct header headers[HEADERS], size_t *n)
{
    struct str text = str_of(value);
    struct header h = {.name = str_trim(str_upto(text, str_find(text, ':')))};

    if (h.name.n == text.n || h.name.n == 0 || *n == HEADERS) {
        fprintf(stderr, "portreeve explain: %s takes 'Name: value', at most %d times\n", option, HEADERS);
        return false;
    }
    h.value = str_trim(str_from(text, str_find(text, ':') + 1));
    headers[(*n)++] = h;
    return true;
}

static bool take_header(void *to, const char *value)
{
    struct explain_options *o = single(to, "--header");

    return add_header("--header", value, o->headers, &o->request.n_headers);
}

/* ---- the answer to the request ---- */

static struct explain_options *answered(void *to, const char *option)
{
    struct explain_options *o = single(to, option);

    o->answered = true;
    return o;
}

static bool take_answer(void *to, const char *value)
{
    uint64_t status;

    if (!str_u64(str_of(value), &status) || status < 100 || status > 599) {
        fprintf(stderr, "portreeve explain: --answer %s is no status (100 to 599)\n", value);
        return false;
    }
    answered(to, "--answer")->answer.status = (uint32_t)status;
    return true;
}

static bool take_answer_header(void *to, const char *value)
{
    struct explain_options *o = answered(to, "--answer-header");

    return add_header("--answer-header", value, o->answer_headers, &o->answer.n_headers);
}

static bool take_answer_body(void *to, const char *value)
{
    answered(to, "--answer-body")->answer_file = value;
    return true;
}

static bool take_answer_from(void *to, const char *value)
{
    answered(to, "--answer-from")->answer.from = str_of(value);
    if (explain_is_address(value))
        return true;
    fprintf(stderr, "portreeve explain: --answer-from %s is no address; write 192.0.2.1 or 2001:db8::1\n", value);
    return false;
}

static bool take_body(void *to, const char *value)
{
    single(to, "--body")->body_file = value;
    return true;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &single(to, "--at")->request.now) == 0)
        return true;
    fprintf(stderr,
            "portreeve explain: --at %s is no time; write 2026-05-12T10:00 (local time) or "
            "2026-05-12T10:00:00+01:00\n",
            value);
    return false;
}

static bool take_key(void *to, const char *value)
{
    struct explain_options *o = to;
    struct diag d;

    diag_init(&d);
    if (seal_init(&d) == 0 && seal_identity_key_read(value, &o->key, &d) == 0) {
        o->has_key = true;
        return true;
    }
    report(&d);
    return false;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct explain_options *)to)->json = true;
    return true;
}

static bool take_batch(void *to, const char *value)
{
    (void)value;
    ((struct explain_options *)to)->batch = true;
    return true;
}

static bool take_exit_code(void *to, const char *value)
{
    (void)value;
    single(to, "--exit-code")->exit_code = true;
    return true;
}

static const struct option_row rows[] = {
    {"--artefact", false, take_artefact},
    {"--standing", false, take_standing},
    {"--owners", false, take_owners},
    {"--countries", false, take_countries},
    {"--categories", false, take_categories},
    {"--user", false, take_user},
    {"--groups", false, take_groups},
    {"--client-ip", false, take_client_ip},
    {"--known-by", false, take_known_by},
    {"--method", false, take_method},
    {"--header", false, take_header},
    {"--body", false, take_body},
    {"--answer", false, take_answer},
    {"--answer-header", false, take_answer_header},
    {"--answer-body", false, take_answer_body},
    {"--answer-from", false, take_answer_from},
    {"--at", false, take_at},
    {"--json", true, take_json},
    {"--batch", true, take_batch},
    {"--exit-code", true, take_exit_code},
    {"--sni", false, take_sni},
    {"--returns", false, take_returns},
    {"--port", false, take_port},
    {"--identity-key", false, take_key},
};

/* The bodies of the request and of its answer; texts[] is the caller's to free. */
static int read_bodies(struct explain_options *o, struct str texts[2])
{
    struct diag d;

    diag_init(&d);
    if ((o->body_file && source_read_file(o->body_file, &texts[0], &d) != 0) ||
        (o->answer_file && source_read_file(o->answer_file, &texts[1], &d) != 0))
        return report(&d);
    if (o->body_file) {
        o->request.body = str_upto(texts[0], REQUEST_BODY_MAX);
        o->request.body_whole = texts[0].n <= REQUEST_BODY_MAX;
    }
    o->answer.body = str_upto(texts[1], REQUEST_BODY_MAX);
    return EXIT_DONE;
}

/* A message, and false, where options do not go together or something is missing. */
static bool complete(const struct explain_options *o, int operands)
{
    if (operands < 0)
        return false;
    if (o->batch && o->single)
        fprintf(stderr,
                "portreeve explain: %s speaks of one request and does not go with --batch: say it in each "
                "line of the "
                "batch; see portreeve(1)\n",
                o->single);
    else if (!o->artefact || operands != (o->batch ? 0 : 1))
        fprintf(stderr,
                "portreeve explain: say --artefact FILE and one URL (or --batch); see portreeve(1)\n");
    else
        return true;
    return false;
}

static int one(const struct explain_options *o, const struct snapshot *snapshot, struct scratch *scratch)
{
    struct request r = o->request;
    struct verdict v = o->answered ? policy_judge_response(snapshot, NULL, &r, &o->answer, scratch)
                                   : rehearse(snapshot, &o->before, o->recall, &r, scratch);

    /* An answer that shows nothing is not asked for whom it is: the reader is told all the same. */
    if (o->answered && !v.what.sights && !v.what.place.told)
        v.who = person_of(snapshot->policy, &r, scratch);
    if (o->json) {
        verdict_json(snapshot, &r, &v, stdout);
    } else {
        char *story = malloc(STORY);
        struct text t;

        if (!story)
            return EXIT_BAD_INPUT;
        text_init(&t, story, STORY);
        explain(snapshot, &r, &v, &t);
        if (o->answered)
            printf("Judged of the answer\n  %s\n", explain_answer_step(&v));
        fwrite(story, 1, t.n, stdout);
        free(story);
    }
    return o->exit_code && v.action == ACTION_REFUSE ? EXIT_REFUSED : EXIT_DONE;
}

int cmd_explain(int argc, char **argv)
{
    static struct explain_options o;
    struct str bodies[2] = {STR_NONE, STR_NONE};
    struct snapshot snapshot = {0};
    struct policy *policy = NULL;
    struct networks *networks = NULL, *countries = NULL;
    struct scratch *scratch = scratch_new();
    int operands, result = EXIT_BAD_INPUT;

    o = (struct explain_options){.request = {.method = STR("GET"), .now = now_utc(), .body_whole = true},
                                  .answer = {.status = 200}};
    o.answer.headers = o.answer_headers;
    o.request.headers = o.headers;
    o.request.groups = o.groups;
    operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    o.recall = malloc(rehearse_size());
    if (!complete(&o, operands) || !scratch || !o.recall)
        goto out;
    if (read_bodies(&o, bodies) != EXIT_DONE)
        goto out;
    policy = open_policy(o.artefact);
    if (!policy || (o.owners && !(networks = open_networks(o.owners, NETWORKS_OWNERS))) ||
        (o.countries && !(countries = open_networks(o.countries, NETWORKS_COUNTRIES))))
        goto out;
    snapshot.policy = policy;
    snapshot.identity_key = o.has_key ? &o.key : NULL;
    snapshot.networks = networks;
    snapshot.countries = countries;
    snapshot.standing = o.standing;
    snapshot.categories = o.categories;
    if (!o.batch)
        o.request.target = str_of(argv[1]);
    result = o.batch ? explain_batch(&snapshot, scratch, stdin, stdout) : one(&o, &snapshot, scratch);
out:
    policy_free(policy);
    networks_free(networks);
    networks_free(countries);
    standing_free(o.standing);
    categories_free(o.categories);
    scratch_free(scratch);
    free(o.recall);
    free((char *)(uintptr_t)bodies[0].p);
    free((char *)(uintptr_t)bodies[1].p);
    return result;
}
