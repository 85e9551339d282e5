/* The pages of cases: who sees what, and what their forms share. One request is one struct visit; slices in
 * it live until its answer is made. */
#ifndef PORTAL_CASES_H
#define PORTAL_CASES_H

#include "core/arena.h"
#include "core/request.h"
#include "portal/asking.h"

/* What somebody may do at all: one of them, by the profile. */
enum case_role { ROLE_ASK = 1, ROLE_AUTHORISE = 2, ROLE_RELEASE = 4 };

/* What somebody has to do with one case. Its subject has nothing else to do with it. */
enum case_part {
    PART_SUBJECT = 1, /* who knows of it */
    PART_ASKER = 2,
    PART_DECIDER = 4, /* may decide on it, or has */
    PART_REVIEWER = 8,
    PART_READER = 16 /* it was released to them */
};

enum { VISIT_FAULTS = 24, VISIT_FAULT = 240 };

/* What is wrong with a field of a form; `id` NULL: with none of them. */
struct fault {
    const char *id;
    char text[VISIT_FAULT];
};

struct visit {
    struct asking *a;
    const struct portal_cases *cases;
    struct case_profile profile;
    struct case_file file;
    unsigned role, part;
    struct str reference; /* of the case that is asked for */
    const char *step;     /* for the access log */
    bool again;           /* the form is shown again, with what was typed */
    bool sent;            /* it was, by our own page */
    struct fault faults[VISIT_FAULTS];
    size_t n_faults;
    struct pool pool;
    struct arena arena; /* for names */
    unsigned char names[4096];
    struct diag d;
};

/* ---- portal/cases_visit.c ---- */

struct visit *visit_new(struct asking *a); /* NULL without memory */
void visit_free(struct visit *v);

/* Reads the profile, and what this person may do by it. False: it cannot be read, and ICT is told. */
bool visit_profile(struct visit *v);

/* Reads a case's file, and this person's part in it: 1 it is there, 0 there is none, -1 it cannot be read. */
int visit_look(struct visit *v, struct str reference);
void visit_broken(struct visit *v, struct str reference); /* tells ICT */

/* Logs that it was refused, for the first fault, and answers that there is no such page. */
void visit_refuse(struct visit *v);

/* The name of today of a sign-in name as somebody wrote it. */
struct str visit_name(struct visit *v, struct str typed);

/* All sign-in names that are listed in a field, with commas or ends of lines between them, as they are today.
 */
json_t *visit_names(struct visit *v, const char *id, const char *label);

/* Reads that case and what this person has to do with it. False: none that they could know of. */
bool visit_read(struct visit *v, struct str reference);

/* The line of the log. False: it cannot be written, the answer says so, and nothing may be shown or done. */
bool visit_log(struct visit *v, bool done);

/* A POST: may it be acted on? False: its token was used, or is too old, and a fault says so. */
bool visit_proven(struct visit *v);

/* What a step gave (0 or -1, with messages in v->d): logs it and writes the case. True: it is done. */
bool visit_finish(struct visit *v, int result);

/* The case as it is on the disk, not as a step that was refused left it; the faults stay. False: it is gone.
 */
bool visit_again(struct visit *v);

/* Logs and says that this step is not to be taken now, or the case has ended. */
void visit_not_now(struct visit *v);

/* The report is there for this person to read now. */
bool visit_may_read(const struct visit *v);

/* What the case lets this person do next ("decide", a page's word); NULL: nothing. */
struct next_step {
    const char *page, *words;
};
struct next_step visit_next(const struct visit *v);
bool visit_is_next(const struct visit *v, const char *page);

/* A page on which a step of a case is taken: shown on a GET, taken on a POST, shown again with its faults. */
struct visit_step {
    void (*show)(struct visit *v);
    int (*take)(struct visit *v); /* -1 with messages in v->d */
    void (*say_done)(struct visit *v);
    const struct field_of *fields;
    size_t n_fields;
};

/* `due`: it may be taken now, by who asks. */
void visit_step(struct visit *v, const struct visit_step *s, bool due);

/* ---- the pages ---- */

void cases_list(struct visit *v);
void case_ask_page(struct visit *v);
void case_authorise_page(struct visit *v);
void case_tell_page(struct visit *v);
void case_read_page(struct visit *v);
void case_report_page(struct visit *v);

/* ---- portal/cases_typed.c: what was typed ---- */

/* A field that was posted, the nth of that name, decoded: ends of lines as '\n', a NUL as U+FFFD. STR_NONE
 * where there is none. */
struct str typed_nth(struct visit *v, const char *name, size_t nth);
struct str typed(struct visit *v, const char *name); /* the first, trimmed */
bool typed_holds(struct visit *v, const char *name, struct str value);

struct str typed_text(struct visit *v, const char *id,
                      const char *label); /* after a fault where it is no UTF-8 */

/* A fault of a field; the first of each field stays. */
void fault(struct visit *v, const char *id, const char *label, const char *what);
const char *fault_of(const struct visit *v, const char *id); /* NULL: none */

/* A day as people write it (18 3 2026, 18/03/2026, 18 March 2026, 2026-03-18) as 2026-03-18; STR_NONE where
 * nothing was written, or after a fault. */
struct str typed_day(struct visit *v, const char *id, const char *label);

struct str day_of(struct visit *v, struct str text); /* the same of any text; STR_NONE: it is none */
struct str typed_clock(struct visit *v, const char *id, const char *label); /* 08:30 */

/* Text into an object, where there is any; after a fault where it is no UTF-8. */
void put_typed(struct visit *v, json_t *o, const char *field, const char *id, const char *label);
void put_str(json_t *o, const char *field, struct str s);
void put_object(json_t *o, const char *field, json_t *part); /* takes `part` */
json_t *new_object(void);

/* An object as text, in the visit's pool; gives it back. */
struct str text_of_object(struct visit *v, json_t *o);

/* The messages of a step as faults of fields, by their paths; what fits none is a fault of none. The rows
 * stand in the order of the page, a longer path before its beginning. */
struct field_of {
    const char *path, *id, *label;
};
void faults_of_step(struct visit *v, const struct field_of *rows, size_t n);

/* ---- portal/cases_form.c: forms ---- */

/* The page's frame; with what is wrong, where something is. */
void page_open(struct visit *v, const char *heading);
void page_close(struct visit *v); /* with the way back to the list */

/* `what`: which of a page's forms ("do"); what was typed into it is shown again where it was the one sent. */
void form_open(struct visit *v, const char *page, const char *what);
bool form_is(struct visit *v, const char *what); /* that was sent */
void form_close(struct visit *v, const char *button);
void form_close_second(struct visit *v, const char *button); /* a button that is not the first choice */

struct input {
    const char *id, *label, *hint;
    const char *kind; /* of a line of text: NULL, "day", "clock"; of more: NULL, "few" lines; of choices: what
                         they are */
    struct str value; /* where nothing was typed yet; of choices "*": all */
};
void put_input(struct visit *v, const struct input *f);
void put_area(struct visit *v, const struct input *f);

/* A group: begins, its choices, ends. `kind`: "radio", "checkbox". `more`: a class of its own. */
void group_open(struct visit *v, const struct input *f, const char *more);
void group_choice(struct visit *v, const struct input *f, struct str value, struct str label);
void group_close(struct visit *v);

void facts_open(struct visit *v, const char *caption);
void put_fact(struct visit *v, const char *name, struct str value); /* nothing where it is empty */
void facts_close(struct visit *v);
struct str day_words(struct visit *v, int32_t day); /* "18 March 2026" */
struct str list_words(struct visit *v, struct input_list names);
struct str sites_words(struct visit *v);
void put_case(struct visit *v); /* all of it, for whoever decides */

#endif
