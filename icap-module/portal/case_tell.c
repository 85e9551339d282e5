/* Telling the person, or why and until when it waits. */
#include "portal/cases.h"

static const char heading[] = "Tell the person";

static const struct field_of fields[] = {
    {"told-on", "told-on", "Told on"},
    {"letter", "letter", "Letter reference"},
    {"deferred-because", "deferred-because", "Why it has to wait"},
    {"tell-on", "tell-on", "Tell them on"},
};

/* Put off before: now it has to be done. */
static bool is_late(const struct visit *v)
{
    return v->file.panel.tell_on != 0;
}

static void show(struct visit *v)
{
    struct html *h = &v->a->html;

    v->a->status = v->n_faults ? 422 : 200;
    page_open(v, heading);
    facts_open(v, "The case");
    put_fact(v, "Case", v->file.panel.reference);
    put_fact(v, "Person", v->file.subject.name);
    put_fact(v, "First day", day_words(v, v->file.panel.from));
    put_fact(v, "Last day", day_words(v, v->file.panel.to));
    put_fact(v, "Put off until", day_words(v, v->file.panel.tell_on));
    put_fact(v, "Put off because", v->file.panel.deferred_because);
    facts_close(v);
    form_open(v, "cases/tell", "tell");
    html_raw(h, "<h2>If you have told them</h2>\n");
    put_input(v, &(struct input){"told-on", "Told on", "A date, such as 18 3 2026.", "day", STR_NONE});
    put_input(v, &(struct input){"letter", "Letter reference", "Such as L-77. Do not put a name in it.", NULL,
                                 STR_NONE});
    if (!is_late(v)) {
        html_raw(h, "<h2>If it has to wait</h2>\n");
        html_p(h, "You can put it off once, for a reason that would stand up before a court. The person sees "
                  "nothing "
                  "of the case until you tell them.");
        put_area(v, &(struct input){"deferred-because", "Why it has to wait", "Such as: proof could be lost.",
                                    NULL, STR_NONE});
        put_input(v, &(struct input){"tell-on", "Tell them on", "A date to come, such as 1 4 2026.", "day",
                                     STR_NONE});
    }
    form_close(v, "Save");
    page_close(v);
}

static struct str telling(struct visit *v)
{
    json_t *o = new_object();

    put_str(o, "told-on", typed_day(v, "told-on", "Told on"));
    put_typed(v, o, "letter", "letter", "Letter reference");
    put_typed(v, o, "deferred-because", "deferred-because", "Why it has to wait");
    put_str(o, "tell-on", typed_day(v, "tell-on", "Tell them on"));
    return text_of_object(v, o);
}

static void say_done(struct visit *v)
{
    v->a->status = 200;
    if (v->file.panel.told_on) {
        html_begin(&v->a->html, "It is noted that you told them");
        html_p(&v->a->html,
               "They can see on their own page that there is a case, and read the report once it is "
               "released.");
    } else {
        html_begin(&v->a->html, "Telling is put off");
        html_raw(&v->a->html, "<p>Tell the person on ");
        html_text(&v->a->html, day_words(v, v->file.panel.tell_on));
        html_raw(&v->a->html, ". The case cannot be closed before.</p>\n");
    }
    page_close(v);
}

static int take(struct visit *v)
{
    struct case_step s = {v->a->user, v->a->now, &v->profile};

    return case_tell(&v->file, &s, telling(v), &v->d);
}

void case_tell_page(struct visit *v)
{
    static const struct visit_step step = {show, take, say_done, fields, sizeof fields / sizeof *fields};

    visit_step(v, &step, visit_is_next(v, "cases/tell"));
}
