/* What the pages share: fields, tokens, acts. */
#include "portal/asking.h"

#include <stdio.h>

bool asking_query(const struct asking *a, const char *name, char *to, size_t size)
{
    const char *value = MHD_lookup_connection_value(a->connection, MHD_GET_ARGUMENT_KIND, name);
    size_t n = value ? strlen(value) : 0;

    if (!value || n >= size)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
            return false;
    memcpy(to, value, n + 1);
    return true;
}

static int nibble(char c)
{
    return c >= '0' && c <= '9'                             ? c - '0'
           : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10
                                                            : -1;
}

/* application/x-www-form-urlencoded, one value. */
static bool decode(struct str s, char *to, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        int c = (unsigned char)s.p[i];

        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < s.n ? nibble(s.p[i + 1]) : -1, low = i + 2 < s.n ? nibble(s.p[i + 2]) : -1;

            if (high < 0 || low < 0)
                return false;
            c = high << 4 | low;
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || n + 1 >= size)
            return false;
        to[n++] = (char)c;
    }
    to[n] = '\0';
    return true;
}

bool asking_posted(const struct asking *a, const char *name, char *to, size_t size)
{
    struct str rest = {a->body, a->n_body};

    while (rest.n) {
        struct str value = str_cut(&rest, '&');
        struct str field = str_cut(&value, '=');

        if (str_eq(field, str_of(name)))
            return decode(value, to, size);
    }
    return false;
}

struct str asking_form(struct asking *a)
{
    struct token t = {.ask = ASK_COUNT,
                      .user = a->user,
                      .rule = str_of(a->sealed),
                      .version = STR("form"),
                      .expiry = a->now + FORM_SECONDS};

    return token_seal(a->house->key, &t, a->form_text);
}

bool asking_person(const struct asking *a, unsigned char person[PSEUDONYM_SIZE])
{
    if (!a->house->person)
        return false;
    a->house->person(a->house->to, a->user, person);
    return true;
}

void asking_say(struct asking *a, unsigned status, const char *heading, const char *words)
{
    a->status = status;
    html_begin(&a->html, heading);
    html_p(&a->html, words);
    html_end(&a->html);
}

void asking_none(struct asking *a)
{
    asking_say(a, 404, "There is no such page", "Is the address written as it was given to you?");
}

bool asking_act(struct asking *a, const struct act *act, const unsigned char nonce[ACT_NONCE])
{
    struct act done = *act;
    enum act_result result;
    struct diag d;

    done.user = a->user;
    done.at = a->now;
    done.from = done.from ? done.from : a->now;
    memcpy(done.nonce, nonce, ACT_NONCE);
    seal_random(done.id, sizeof done.id);
    diag_init(&d);
    if (journal_act(a->house->journal, &done, &result, &d) != 0) {
        asking_say(a, 503, "Sorry, that did not work",
                   "We could not write it down, so nothing has changed. Try again in a few minutes.");
        return false;
    }
    if (result != ACT_NEW) {
        asking_say(a, 409, "You have done this already",
                   "This page was used before. Go back to the site and load it again.");
        return false;
    }
    a->waits = true;
    return true;
}

void asking_back(struct asking *a, const char *heading, const char *words)
{
    if (!a->has_token || !a->token.back.n || a->token.back.n >= sizeof a->back) {
        asking_say(a, 200, heading, words);
        return;
    }
    memcpy(a->back, a->token.back.p, a->token.back.n);
    a->back[a->token.back.n] = '\0';
    a->status = 200;
    html_begin(&a->html, heading);
    html_raw(&a->html, "<p><a href=\"");
    html_words(&a->html, a->back);
    html_raw(&a->html, "\">Go on to the site</a></p>\n");
    html_end(&a->html);
}

struct giving {
    struct str allowance;
    int64_t now;
    uint32_t given, claims;
};

static void add_given(void *to, const struct act *act)
{
    struct giving *g = to;

    if (act->kind == FACT_GIVEN && act->from <= g->now && act->until > g->now &&
        str_eq(act->what, g->allowance)) {
        g->given += act->number;
        g->claims += act->by.n == 0; /* else somebody gave it back to them */
    }
}

bool spent_of(const struct asking *a, struct str allowance, struct spent *s)
{
    struct giving g = {allowance, a->now, 0, 0};
    struct diag d;

    *s = (struct spent){0};
    diag_init(&d);
    if (!a->house->used(a->house->to, a->user, allowance, &s->used) ||
        store_acts_of(a->house->store, a->user, add_given, &g, &d) != 0)
        return false;
    s->given = g.given;
    s->claims = g.claims;
    return true;
}
