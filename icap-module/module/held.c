#include "module/held.h"

#include "core/categories.h"
#include "core/clock.h"
#include "core/text.h"
#include "module/conf.h"
#include "module/need.h"
#include "module/stats.h"
#include "record/held.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct held_book book; /* under `lock` */
static struct need book_need = NEED;

void held_child(void)
{
    book = (struct held_book){.folder = settings()->held}; /* a parent's descriptor is its own affair */
}

void held_stop(void)
{
    held_close(&book);
}

/* The lists that name the host for those categories. */
struct naming {
    const struct catdb *db;
    uint32_t categories;
    int64_t now;
    struct text *lists;
};

static void put_list(struct text *t, struct str name)
{
    if (t->n + 1 + name.n >= HELD_LISTS)
        return;
    text_puts(t, t->n ? "," : "");
    text_put(t, name);
}

static void name_list(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    struct naming *n = to;

    (void)host, (void)url;
    if (list->categories & n->categories && list->kind != CATDB_ALLOWED &&
        (!list->until || n->now < (int64_t)list->until))
        put_list(n->lists, catdb_str(n->db, list->name));
}

static void name_lists(const struct exchange *x, struct str host, uint32_t categories, struct text *lists)
{
    const struct categories *c = x->loaded->view.categories;
    bool inside = x->verdict.what.inner_host.n > 0;
    struct catdb_question q = {.host = host, .host_is_address = !inside && x->request.host_is_address};
    struct naming n = {.categories = categories, .now = x->request.now, .lists = lists};

    if (!inside) {
        q.path = x->request.path;
        q.query = x->request.query;
    }
    for (unsigned i = 0; c && i < c->n; i++) {
        n.db = &c->db[i];
        catdb_ask(n.db, &q, name_list, &n);
    }
    if (!lists->n)
        put_list(lists, STR("hosts.csv")); /* the policy's own */
}

static void say_lost(int error)
{
    struct diag d;

    diag_init(&d);
    diag_error(&d, settings()->held, ": a refused host cannot be held: ", strerror(error));
    need_missing(&book_need, &d, "'portreeve why' cannot tell of such pages");
    stats_count(COUNT_HELD_LOST);
}

void held_note(const struct exchange *x)
{
    const struct classification *what = &x->verdict.what;
    const struct artefact *a;
    char room[HELD_LISTS + 1];
    struct text lists;
    struct held h;
    int error;

    if (!settings()->held[0] || !x->judged || !x->coded || what->host_flags & HOST_NEVER_LOG ||
        page_form(&x->request) != FORM_PAGE)
        return;
    a = policy_artefact(x->loaded->policy);
    h = (struct held){.code = {x->code, CODE_SIZE},
                      .policy = artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->version),
                      .rule = verdict_rule(x->loaded->policy, &x->verdict),
                      .host = what->inner_host.n ? what->inner_host : x->request.host,
                      .categories = verdict_categories(x->loaded->policy, &x->verdict),
                      .day = clock_local(x->request.now).day};
    if (!h.categories)
        return;
    h.categories |= what->categories & 1u << CATEGORY_ILLEGAL; /* whatever rule came first: no service desk opens it */
    text_init(&lists, room, sizeof room);
    name_lists(x, h.host, h.categories, &lists);
    h.lists = text_str(&lists);
    pthread_mutex_lock(&lock);
    error = held_add(&book, &h);
    pthread_mutex_unlock(&lock);
    if (error)
        say_lost(error);
    else
        need_met(&book_need);
}
