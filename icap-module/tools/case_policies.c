/* Which policy was in force when, by the history beside the artefact, and what its rules say; what sites are
 * called. */
#include "tools/case_collect_internal.h"

#include "core/clock.h"
#include "core/policy.h"
#include "tools/cmd.h"
#include "tools/history.h"

static struct str text_in(struct collecting *w, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_string(v) ? collect_text(w, (struct str){json_string_value(v), json_string_length(v)})
                             : STR_NONE;
}

static int32_t day_in(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    int64_t t;

    if (!json_is_string(v) || clock_parse((struct str){json_string_value(v), json_string_length(v)}, &t) != 0)
        return 0;
    return clock_local(t).day;
}

static void take_rules(struct collecting *w, const json_t *rules, struct input_policy *p)
{
    const char *id;
    json_t *rule;

    json_object_foreach((json_t *)(uintptr_t)rules, id, rule)
    {
        int verb = word_find(WORDS_VERB, text_in(w, rule, "verb"));
        struct input_rule *row = verb < 0 ? NULL : collect_row(w, &p->rules, sizeof *row);

        if (strcmp(id, "default") == 0)
            p->text = text_in(w, rule, "because");
        if (row)
            *row =
                (struct input_rule){collect_text(w, str_of(id)), text_in(w, rule, "because"),
                                    text_in(w, rule, "cite"), text_in(w, rule, "assumption"), (uint32_t)verb};
    }
    if (!p->text.n)
        p->text = STR("The policy gives no sentence for what no rule speaks of.");
}

static void take_policy(struct collecting *w, const json_t *line, struct input_policy *p)
{
    const json_t *monitoring = json_object_get(line, "monitoring");
    int record = word_find(WORDS_RECORD, text_in(w, line, "record"));

    *p =
        (struct input_policy){.title = text_in(w, line, "title"),
                              .version = text_in(w, line, "version"),
                              .digest = text_in(w, line, "digest"),
                              .record = record < 0 ? RECORD_NONE : (uint32_t)record,
                              .monitoring = {text_in(w, monitoring, "clause"), text_in(w, monitoring, "dpia"),
                                             day_in(monitoring, "notice_on")}};
    take_rules(w, json_object_get(line, "rules"), p);
}

static bool same_version(const json_t *a, const json_t *b)
{
    const char *x = json_string_value(json_object_get(a, "version")),
               *y = json_string_value(json_object_get(b, "version"));

    return x && y && strcmp(x, y) == 0;
}

/* One more version, from its first publication until the next version's. The first that is known of counts
 * from the day on which the council had it begin. */
static void take_version(struct collecting *w, const json_t *history, size_t first, size_t next)
{
    int32_t from = day_in(json_array_get(history, first), "at"), until = 0,
            begins = day_in(json_array_get(history, first), "in_force_from");
    struct input_policy *p;

    if (first == 0 && begins && begins < from)
        from = begins;
    if (next < json_array_size(history))
        until = day_in(json_array_get(history, next), "at");
    if (from > w->c->panel.to || (until && until < w->c->panel.from))
        return;
    p = collect_row(w, &w->in.policies, sizeof *p);
    if (!p)
        return;
    take_policy(w, json_array_get(history, next - 1), p);
    p->from = from;
    p->until = until;
}

static void take_history(struct collecting *w, const json_t *history)
{
    size_t n = json_array_size(history);

    for (size_t first = 0, next; first < n; first = next) {
        next = first + 1;
        while (next < n && same_version(json_array_get(history, first), json_array_get(history, next)))
            next++;
        take_version(w, history, first, next);
    }
}

/* ---- sites ---- */

static struct str name_of(struct collecting *w, const struct artefact *a, struct str id)
{
    for (uint32_t i = 0; i < a->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i];

        if (str_eq(artefact_str(a, p->id), id))
            return collect_text(w, artefact_str(a, p->name));
    }
    return str_eq(id, STR("listed-site")) ? STR("Sites that are on a list") : id;
}

static void take_platform(struct collecting *w, const struct artefact *a, struct str id)
{
    struct input_platform *row;

    INPUT_EACH(const struct input_platform, w->in.platforms, known)
    if (str_eq(known->id, id))
        return;
    row = collect_row(w, &w->in.platforms, sizeof *row);
    if (row)
        *row = (struct input_platform){id, name_of(w, a, id)};
}

static void take_platforms(struct collecting *w, const struct artefact *a)
{
    INPUT_EACH(const struct str, w->in.panel.platforms, id)
    take_platform(w, a, *id);
    INPUT_EACH(const struct input_event, w->in.events, e)
    take_platform(w, a, e->platform);
}

int collect_policies(struct collecting *w)
{
    struct policy *p = NULL;
    unsigned unreadable;
    json_t *history;

    if (policy_map(w->from->artefact, &p, w->d) != 0)
        return -1;
    take_platforms(w, policy_artefact(p));
    policy_free(p);
    history = history_read(w->from->artefact, &unreadable, w->d);
    if (!history)
        return -1;
    take_history(w, history);
    json_decref(history);
    return 0;
}
