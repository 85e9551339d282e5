/* Forms and tables of the pages of cases: a label tied to each field, what is wrong told above and beside it,
 * what was typed kept. */
#include "portal/cases.h"

#include "core/clock.h"

#include <stdio.h>

static void put_attribute(struct html *h, const char *name, const char *value)
{
    html_raw(h, " ");
    html_raw(h, name);
    html_raw(h, "=\"");
    html_words(h, value);
    html_raw(h, "\"");
}

static void put_problems(struct visit *v)
{
    struct html *h = &v->a->html;

    html_raw(h, "<div class=\"problem\" role=\"alert\" tabindex=\"-1\" autofocus><h2>There is a "
                "problem</h2><ul>");
    for (size_t i = 0; i < v->n_faults; i++) {
        html_raw(h, "<li>");
        if (v->faults[i].id) {
            html_raw(h, "<a href=\"#");
            html_words(h, v->faults[i].id);
            html_raw(h, "\">");
        }
        html_words(h, v->faults[i].text);
        html_raw(h, v->faults[i].id ? "</a></li>" : "</li>");
    }
    html_raw(h, "</ul></div>\n");
}

void page_open(struct visit *v, const char *heading)
{
    if (v->n_faults)
        html_begin_again(&v->a->html, heading);
    else
        html_begin(&v->a->html, heading);
    if (v->n_faults)
        put_problems(v);
}

void page_close(struct visit *v)
{
    html_raw(&v->a->html, "<p><a href=\"/cases\">All your cases</a></p>");
    html_end(&v->a->html);
}

/* ---- forms ---- */

bool form_is(struct visit *v, const char *what)
{
    return str_eq(typed(v, "do"), str_of(what));
}

void form_open(struct visit *v, const char *page, const char *what)
{
    struct html *h = &v->a->html;

    v->again = v->sent && form_is(v, what);

    html_raw(h, "<form method=\"post\" action=\"/");
    html_words(h, page);
    html_raw(h, "\" autocomplete=\"off\" novalidate>");
    html_hidden(h, "f", asking_form(v->a));
    html_hidden(h, "do", str_of(what));
    if (v->reference.n)
        html_hidden(h, "c", v->reference);
}

void form_close(struct visit *v, const char *button)
{
    html_button(&v->a->html, button);
}

void form_close_second(struct visit *v, const char *button)
{
    html_raw(&v->a->html, "<p><button class=\"second\">");
    html_words(&v->a->html, button);
    html_raw(&v->a->html, "</button></p></form>\n");
}

static void put_about(struct visit *v, const struct input *f)
{
    struct html *h = &v->a->html;
    const char *wrong = fault_of(v, f->id);

    if (f->hint) {
        html_raw(h, "<p class=\"hint\" id=\"");
        html_words(h, f->id);
        html_raw(h, "-hint\">");
        html_words(h, f->hint);
        html_raw(h, "</p>");
    }
    if (wrong) {
        html_raw(h, "<p class=\"error\" id=\"");
        html_words(h, f->id);
        html_raw(h, "-error\">Error: ");
        html_words(h, wrong);
        html_raw(h, "</p>");
    }
}

static void put_described(struct visit *v, const struct input *f)
{
    const char *wrong = fault_of(v, f->id);

    if (f->hint || wrong)
        put_attribute(&v->a->html, "aria-describedby",
                      pool_print(&v->pool, "%s%s%s%s%s", f->hint ? f->id : "", f->hint ? "-hint" : "",
                                 f->hint && wrong ? " " : "", wrong ? f->id : "", wrong ? "-error" : ""));
    if (wrong)
        put_attribute(&v->a->html, "aria-invalid", "true");
}

static void field_open(struct visit *v, const struct input *f)
{
    struct html *h = &v->a->html;

    html_raw(h, fault_of(v, f->id) ? "<div class=\"field bad\"><label for=\""
                                   : "<div class=\"field\"><label for=\"");
    html_words(h, f->id);
    html_raw(h, "\">");
    html_words(h, f->label);
    html_raw(h, "</label>");
    put_about(v, f);
}

static struct str shown(struct visit *v, const struct input *f)
{
    return v->again ? typed_nth(v, f->id, 0) : f->value;
}

void put_input(struct visit *v, const struct input *f)
{
    struct html *h = &v->a->html;

    field_open(v, f);
    html_raw(h, "<input type=\"text\" autocomplete=\"off\" spellcheck=\"false\" dir=\"auto\"");
    put_attribute(h, "class", f->kind ? pool_print(&v->pool, "text %s", f->kind) : "text");
    put_attribute(h, "id", f->id);
    put_attribute(h, "name", f->id);
    put_described(v, f);
    html_raw(h, " value=\"");
    html_text(h, shown(v, f));
    html_raw(h, "\"></div>\n");
}

void put_area(struct visit *v, const struct input *f)
{
    struct html *h = &v->a->html;

    field_open(v, f);
    html_raw(h, "<textarea autocomplete=\"off\" spellcheck=\"false\" dir=\"auto\"");
    put_attribute(h, "rows", f->kind ? "3" : "6");
    put_attribute(h, "id", f->id);
    put_attribute(h, "name", f->id);
    put_described(v, f);
    html_raw(h, ">\n"); /* a browser leaves the first end of line out */
    html_text(h, shown(v, f));
    html_raw(h, "</textarea></div>\n");
}

/* The group has the fault's id, so that the summary leads to it. */
void group_open(struct visit *v, const struct input *f, const char *more)
{
    struct html *h = &v->a->html;

    html_raw(h, "<fieldset tabindex=\"-1\"");
    put_attribute(h, "class", fault_of(v, f->id) ? "field bad" : "field");
    put_attribute(h, "id", f->id);
    put_described(v, f);
    html_raw(h, "><legend>");
    html_words(h, f->label);
    html_raw(h, "</legend>");
    put_about(v, f);
    html_raw(h, "<div");
    if (more)
        put_attribute(h, "class", more);
    html_raw(h, ">");
}

void group_choice(struct visit *v, const struct input *f, struct str value, struct str label)
{
    struct html *h = &v->a->html;
    bool checked =
        v->again ? typed_holds(v, f->id, value) : str_eq(f->value, value) || str_eq(f->value, STR("*"));
    const char *id = pool_print(&v->pool, "%s-%.*s", f->id, STR_ARG(value));

    html_raw(h, "<div class=\"choice\"><input");
    put_attribute(h, "type", f->kind);
    put_attribute(h, "id", id);
    put_attribute(h, "name", f->id);
    put_attribute(h, "value", pool_print(&v->pool, "%.*s", STR_ARG(value)));
    html_raw(h, checked ? " checked><label" : "><label");
    put_attribute(h, "for", id);
    html_raw(h, ">");
    html_text(h, label);
    html_raw(h, "</label></div>");
}

void group_close(struct visit *v)
{
    html_raw(&v->a->html, "</div></fieldset>\n");
}

/* ---- facts ---- */

void facts_open(struct visit *v, const char *caption)
{
    html_raw(&v->a->html, "<table class=\"facts\"><caption>");
    html_words(&v->a->html, caption);
    html_raw(&v->a->html, "</caption>");
}

void put_fact(struct visit *v, const char *name, struct str value)
{
    struct html *h = &v->a->html;

    if (!value.n)
        return;
    html_raw(h, "<tr><th scope=\"row\">");
    html_words(h, name);
    html_raw(h, "</th><td><span class=\"said\" dir=\"auto\">");
    html_text(h, value);
    html_raw(h, "</span></td></tr>\n");
}

void facts_close(struct visit *v)
{
    html_raw(&v->a->html, "</table>\n");
}

struct str day_words(struct visit *v, int32_t day)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    unsigned month, mday;
    int year;

    if (!day)
        return STR_NONE;
    clock_date(day, &year, &month, &mday);
    return str_of(pool_print(&v->pool, "%u %s %d", mday, months[(month - 1) % 12], year));
}

struct str list_words(struct visit *v, struct input_list names)
{
    struct html text = {0};
    const char *kept;

    INPUT_EACH(const struct str, names, one)
    {
        html_raw(&text, text.n ? ", " : "");
        html_bytes(&text, *one);
    }
    kept = pool_print(&v->pool, "%.*s", (int)text.n, text.p ? text.p : "");
    html_free(&text);
    return str_of(kept);
}

/* By their names. */
struct str sites_words(struct visit *v)
{
    struct html text = {0};
    const char *kept;

    INPUT_EACH(const struct str, v->file.panel.platforms, one)
    {
        html_raw(&text, text.n ? ", " : "");
        html_bytes(&text, v->a->house->platform(v->a->house->to, *one));
    }
    kept = text.n ? pool_print(&v->pool, "%.*s", (int)text.n, text.p) : "All sites that the policy speaks of";
    html_free(&text);
    return str_of(kept);
}

static struct str person_words(struct visit *v, const struct input_person *p)
{
    if (!p->name.n)
        return STR_NONE;
    return str_of(
        pool_print(&v->pool, "%.*s%s%.*s", STR_ARG(p->name), p->role.n ? ", " : "", STR_ARG(p->role)));
}

void put_case(struct visit *v)
{
    const struct case_file *c = &v->file;
    const struct input_case *p = &c->panel;
    const struct input_reason *r = &p->reason;

    facts_open(v, "What is asked for");
    put_fact(v, "Case", p->reference);
    put_fact(v, "Person", c->subject.name);
    put_fact(v, "Earlier sign-in names", list_words(v, c->subject.former_names));
    put_fact(v, "Alert", c->alert);
    put_fact(v, "Reason in the council's document",
             str_of(pool_print(&v->pool, "%.*s (%.*s)", STR_ARG(r->sentence), STR_ARG(r->clause))));
    put_fact(v, "What happened", p->facts);
    put_fact(v, "Who raised it", p->raised_by);
    put_fact(v, "Raised on", day_words(v, p->raised_on));
    put_fact(v, "First day", day_words(v, p->from));
    put_fact(v, "Last day", day_words(v, p->to));
    put_fact(v, "Days in all", str_of(pool_print(&v->pool, "%d", (int)(p->to - p->from + 1))));
    put_fact(v, "Sites", sites_words(v));
    put_fact(v, "Agreed working hours", c->pattern.words);
    put_fact(v, "Where the hours come from", c->pattern.source);
    put_fact(v, "Asked for by", person_words(v, &p->asked_by));
    put_fact(v, "The case ends on", day_words(v, clock_local(p->expires).day));
    put_fact(v, "All staff were told of checks on", day_words(v, v->profile.monitoring.notice_on));
    put_fact(v, "Impact assessment", v->profile.monitoring.dpia);
    facts_close(v);
}
