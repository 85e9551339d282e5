/* The service portreeve_req as c-icap sees it, and the order of the seven stages.
 *
 * A module file is one service to c-icap, so REQMOD and RESPMOD are two methods of one; portreeve_resp is
 * another name of it (`ServiceAlias portreeve_resp portreeve_req`), so that the two can be told apart in
 * logs. A RESPMOD costs a second question for each request: Squid asks it only where its configuration says
 * so. */
#include "module/compat.h"
#include "module/conf.h"
#include "module/extract.h"
#include "module/held.h"
#include "module/identity.h"
#include "module/portal.h"
#include "module/recall.h"
#include "module/record.h"
#include "module/respond.h"
#include "module/rewrite.h"
#include "module/rot.h"
#include "module/snapshot.h"
#include "module/stats.h"
#include "module/worker.h"
#include "record/seal.h"

#define SERVICE_NAME "portreeve_req"

static ci_service_xdata_t *xdata;

/* The policy's digest in every ICAP answer: each child tells which policy it serves. */
static void show_policy(const struct artefact *a)
{
    static const char digits[] = "0123456789abcdef";
    char tag[17] = "";

    for (size_t i = 0; i < 8; i++) {
        tag[2 * i] = digits[a->header->digest[i] >> 4];
        tag[2 * i + 1] = digits[a->header->digest[i] & 15];
    }
    ci_service_set_istag(xdata, tag);
}

static void count_swap(void)
{
    stats_count(COUNT_SWAPS);
}

static void count_bad(void)
{
    stats_count(COUNT_BAD_ARTEFACTS);
}

static void say_line(const char *line)
{
    say(1, "%s\n", line);
}

static const struct snapshot_listener listener = {
    .in_force = show_policy, .swapped = count_swap, .bad = count_bad, .message = say_line};

static void on_child_start(const char *name, int type, void *data)
{
    (void)name, (void)type, (void)data;
    snapshot_child();
    record_child();
    identity_child();
    portal_child();
    rot_child();
    held_child();
}

static void on_child_stop(const char *name, int type, void *data)
{
    (void)name, (void)type, (void)data;
    record_stop();
    rot_stop();
    held_stop();
}

/* The service is loaded; its directives are still to come. */
static int on_init(ci_service_xdata_t *data, struct ci_server_conf *server)
{
    struct diag d;

    (void)server;
    diag_init(&d);
    conf_reset();
    if (worker_init() != 0)
        diag_error(&d, "no thread key is left", NULL, NULL);
    if (d.errors || seal_init(&d) != 0) {
        conf_print(SERVICE_NAME, &d);
        return CI_ERROR;
    }
    xdata = data;
    stats_register("Service " SERVICE_NAME);
    rot_init();
    snapshot_tell(&listener);
    ci_service_set_preview(data, REQUEST_BODY_MAX);
    ci_service_enable_204(data);
    ci_service_enable_206(data);
    ci_service_set_transfer_preview(data, "*");
    ci_service_set_xopts(data, CI_XCLIENTIP | CI_XAUTHENTICATEDUSER | CI_XAUTHENTICATEDGROUPS);
    ci_command_register_action("portreeve_start", CI_CMD_CHILD_START, NULL, on_child_start);
    ci_command_register_action("portreeve_stop", CI_CMD_CHILD_STOP, NULL, on_child_stop);
    return CI_OK;
}

/* The configuration is read. `fatal` without a Policy directive is found out only here: c-icap then answers
 * 500. */
static int on_ready(ci_service_xdata_t *data, struct ci_server_conf *server)
{
    struct diag d;

    (void)data, (void)server;
    recall_start();
    portal_check();
    if (snapshot_present()) {
        rot_register("Service " SERVICE_NAME);
        return CI_OK;
    }
    diag_init(&d);
    diag_error(&d, "there is no policy: ",
               settings()->on_missing == MISSING_ALLOW ? "everything is let through"
                                                       : "everything that is asked is refused as unavailable",
               " until one is compiled (OnMissingPolicy)");
    conf_print(SERVICE_NAME, &d);
    return settings()->on_missing == MISSING_FATAL ? CI_ERROR : CI_OK;
}

/* In each child and in the master. */
static void on_close(void)
{
    record_stop();
    rot_stop();
    held_stop();
    snapshot_stop();
    recall_stop();
    worker_fini();
}

/* Stage 1. NULL without memory: c-icap answers 500 then. */
static void *on_request(ci_request_t *req)
{
    struct worker *w = worker_mine();

    if (!w || (ci_req_type(req) != ICAP_REQMOD && ci_req_type(req) != ICAP_RESPMOD))
        return NULL;
    w->exchange = (struct exchange){.worker = w, .loaded = snapshot_pin(), .corked = -1};
    return &w->exchange;
}

static void count_verdict(const struct verdict *v)
{
    static const enum counter by_action[ACTION_COUNT] = {[ACTION_ALLOW] = COUNT_ALLOWED,
                                                         [ACTION_REFUSE] = COUNT_REFUSED,
                                                         [ACTION_ASK] = COUNT_ASKED,
                                                         [ACTION_UNAVAILABLE] = COUNT_UNAVAILABLE};

    stats_count(by_action[v->action]);
    if (v->why == WHY_MALFORMED)
        stats_count(COUNT_MALFORMED);
    if (v->shadow)
        stats_count(COUNT_SHADOW);
    if (v->owed)
        stats_count(COUNT_OWED);
}

/* How often people are asked about one person, or would be, is counted, and nothing else of it. */
static void count_person(const struct exchange *x)
{
    if (verdict_person_rule(x->loaded->policy, &x->verdict) != RULE_NONE)
        stats_count(x->verdict.action == ACTION_ASK ? COUNT_PERSON : COUNT_PERSON_HELD);
}

/* Stages 3 to 5, with the key that this policy's register asks for. */
static void judge(struct exchange *x)
{
    const struct artefact *a = policy_artefact(x->loaded->policy);
    struct snapshot view = x->loaded->view;

    view.identity_key = identity_key_for(a);
    view.unanswerable = !portal_answers(x->loaded);
    x->verdict = recall_judge(&view, x);
    x->judged = true;
    if (x->verdict.what.identity_untold)
        stats_count(COUNT_IDENTITY_KEY);
    if (view.unanswerable)
        portal_missed(x);
}

/* The same stages for an answer. What cannot be read goes on, as what is not looked at does: the request has
 * been judged. */
static int on_answer(struct exchange *x, ci_request_t *req, const char *preview, size_t n)
{
    int status;

    extract_response(x, req, preview, n);
    stats_count(COUNT_ANSWERS);
    if (x->loaded && x->response.status) {
        x->verdict =
            policy_judge_response(&x->loaded->view, NULL, &x->request, &x->response, x->worker->scratch);
        x->judged = x->request.host.n > 0;
    }
    if (!x->judged)
        stats_count(COUNT_ANSWERS_UNREAD);
    else if (x->verdict.action != ACTION_ALLOW)
        stats_count(COUNT_ANSWERS_REFUSED);
    else if (x->verdict.shadow)
        stats_count(COUNT_SHADOW);
    status = respond_answer(x, req);
    record_event(x);
    held_note(x);
    return status;
}

/* Stages 2 to 7, on the request's head and the first bytes of its body: nothing ever waits for the rest. The
 * event is written (some 60 ns, no system call) before the first byte of the answer goes out: whoever has
 * seen an answer has an event, also when this child is killed in the next moment. */
static int on_preview(char *preview, int n, ci_request_t *req)
{
    struct exchange *x = ci_service_data(req);
    int64_t since = stats_clock();
    int status;

    if (!x)
        return CI_MOD_ERROR;
    if (ci_req_type(req) == ICAP_RESPMOD)
        return on_answer(x, req, preview, n > 0 ? (size_t)n : 0);
    extract_request(x, req, preview, n > 0 ? (size_t)n : 0);
    if (x->sloppy)
        x->request.target = STR_NONE; /* the judge calls it malformed, and the policy says what then */
    if (portal_asked(x))              /* the council's own: neither judged nor recorded */
        return respond_portal(x, req, (struct str){preview, preview && n > 0 ? (size_t)n : 0});
    if (x->loaded) {
        judge(x);
        if (identity_enrol(x)) /* it goes no further, and is nobody's use of the site: no event */
            return respond_enrolled(x, req);
        count_verdict(&x->verdict);
        count_person(x);
        rot_count(x);
    } else {
        stats_count(COUNT_UNAVAILABLE);
    }
    status = respond(x, req, (struct str){preview, preview && n > 0 ? (size_t)n : 0});
    record_event(x);
    held_note(x);
    stats_time(since);
    return status;
}

static int on_end_of_data(ci_request_t *req)
{
    struct exchange *x = ci_service_data(req);

    if (x)
        x->passing.whole = true;
    return CI_MOD_DONE;
}

/* An answer's body goes out; what comes in is the rest of a refused upload, or nothing. Or a body is passed
 * on behind a changed head. */
static int on_io(char *out, int *out_size, char *in, int *in_size, int eof, ci_request_t *req)
{
    struct exchange *x = ci_service_data(req);

    (void)eof;
    if (x->passing.on)
        return rewrite_io(x, out, out_size, in, in_size);
    if (out && out_size && *out_size > 0)
        *out_size = respond_body(x, out, *out_size);
    return CI_OK;
}

static void on_release(void *data)
{
    struct exchange *x = data;

    respond_end(x);
    snapshot_unpin(x->loaded);
    x->loaded = NULL;
}

CI_DECLARE_MOD_DATA ci_service_module_t service = {
    .mod_name = SERVICE_NAME,
    .mod_short_descr = "Portreeve",
    .mod_type = ICAP_REQMOD | ICAP_RESPMOD,
    .mod_init_service = on_init,
    .mod_post_init_service = on_ready,
    .mod_close_service = on_close,
    .mod_init_request_data = on_request,
    .mod_release_request_data = on_release,
    .mod_check_preview_handler = on_preview,
    .mod_end_of_data_handler = on_end_of_data,
    .mod_service_io = on_io,
    .mod_conf_table = conf_directives,
};
COMPAT_BUILT_FOR;
