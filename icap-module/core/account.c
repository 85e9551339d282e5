/* Stage 4: whose account the request is about. */
#include "core/classify_internal.h"

/* "groups/{account}" with the caught name put in. */
static struct str write_account(struct work *w, const struct a_row *row, struct str caught)
{
    struct str format = artefact_str(w->rows.a, row->format);
    size_t hole = str_find(format, '{');
    char *p = arena_alloc(&w->rows.scratch->arena, format.n + caught.n);
    struct text t;

    if (!p)
        return STR_NONE;
    text_init(&t, p, format.n + caught.n);
    text_put(&t, str_upto(format, hole));
    text_put(&t, caught);
    text_put(&t, str_from(format, hole + sizeof "{account}" - 1));
    return text_str(&t);
}

/* A name as platforms allow them: letters, digits, - _ . @ and bytes above ASCII; anything else names nobody.
 */
static bool plausible_account(struct str s)
{
    if (s.n == 0 || s.n > 100)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
              c == '@' || c == ':' || c == '%' || (unsigned char)c >= 0x80))
            return false;
    }
    return true;
}

static bool account_by_rows(struct work *w);

static void at_most_likely(struct classification *c)
{
    if (c->account_state == ACCOUNT_STATE_NAMED && c->confidence == CONFIDENCE_SURE)
        c->confidence = CONFIDENCE_LIKELY;
}

/* What the row says in the place of a name; false where it names an account. */
static bool account_by_word(struct work *w, const struct a_row *row)
{
    struct str format = artefact_str(w->rows.a, row->format);

    if (str_eq(format, STR(ACCOUNT_NOBODY))) {
        w->out->account_state = ACCOUNT_STATE_NOBODY;
        return true;
    }
    if (str_eq(format, STR(ACCOUNT_OF_PAGE))) {
        by_page_named(w, row_value(&w->rows, row), account_by_rows);
        at_most_likely(w->out);
        return true; /* a page that names nobody, too: the call is for it, not for the one it is made from */
    }
    return str_eq(format, STR(ACCOUNT_NOT_TOLD));
}

/* The row names the account that it caught, if it is a name and not a word of the site's own. */
static bool names_account(struct work *w, const struct a_row *row, struct str caught)
{
    return plausible_account(caught) &&
           (row->first != 0 || !lookup_word(w->rows.a, w->platform->reserved, first_segment(caught)));
}

/* The account rows against the request in w->rows; false when none says anything. Acts and parts of pages go
 * to addresses of the site's own making: a bare first segment of such a path names nobody, unless the row
 * speaks of the method. */
static bool account_by_rows(struct work *w)
{
    bool bare = !request_unsafe(w->rows.request) &&
                !page_part(request_header(w->rows.request, STR("sec-fetch-dest")));
    struct classification *c = w->out;
    struct row_range r = rows_of(w, ROW_ACCOUNT);
    const struct a_row *row;
    struct str caught = STR_NONE;

    for (; (row = next_match(&w->rows, &r, &caught)); caught = STR_NONE) {
        if (row->flags & ROW_PEOPLE_SEARCH)
            c->concern = CONCERN_PEOPLE_SEARCH;
        if (account_by_word(w, row))
            return true;
        if (!names_account(w, row, caught))
            continue;
        if (!bare && row->first == 0 && !row->methods && row->path.n) {
            w->named_part |= !request_unsafe(w->rows.request);
            continue;
        }
        c->account = write_account(w, row, caught);
        if (!c->account.n)
            return false;
        c->account_state = ACCOUNT_STATE_NAMED;
        c->concern = row->flags & ROW_ORGANISATION ? CONCERN_ORGANISATION : CONCERN_UNTOLD;
        if (row->flags & ROW_LIKELY && c->confidence == CONFIDENCE_SURE)
            c->confidence = CONFIDENCE_LIKELY;
        return true;
    }
    return false;
}

/* A call inside the platform's own page (single-page apps load no page when one moves on) takes the account
 * of the page it is made from. */
static bool account_by_page_before(struct work *w)
{
    bool found = by_page_before(w, account_by_rows);

    at_most_likely(w->out);
    return found;
}

/* Where neither the address nor the operation says whose it is. */
static enum account_state account_by_place(struct work *w)
{
    struct classification *c = w->out;
    bool document = is_document(w->rows.request);

    if (c->activity == ACTIVITY_LOGIN || c->activity == ACTIVITY_SIGNUP)
        return ACCOUNT_STATE_NOBODY;
    /* Of a picture in a page that page decides; one that is opened by itself is somebody's, and not told
     * whose. */
    if (c->role == ROLE_CDN)
        return document ? ACCOUNT_STATE_UNKNOWN : ACCOUNT_STATE_NOBODY;
    /* Never in the place of an account that the address itself may name. */
    if (!document && !w->named_part && account_by_page_before(w))
        return c->account_state;
    /* A video comes from a host of its own, to which browsers send no more than the page's origin. */
    return c->role == ROLE_MEDIA && !document ? ACCOUNT_STATE_NOBODY : ACCOUNT_STATE_UNKNOWN;
}

void find_account(struct work *w)
{
    struct classification *c = w->out;

    c->account_state = ACCOUNT_STATE_UNKNOWN;
    if (!account_by_rows(w)) {
        c->account_state = account_by_place(w);
        /* No row of the map knows this page: it may be an old link that does something. */
        if (w->page_by_default && w->rows.request->path.n > 1 && c->confidence == CONFIDENCE_SURE)
            c->confidence = CONFIDENCE_LIKELY;
    }
    if (c->account_state == ACCOUNT_STATE_NAMED)
        c->registered = find_registered(w, c->account);
}
