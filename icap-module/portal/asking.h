/* One request to the portal, and what its answer will be. */
#ifndef PORTAL_ASKING_H
#define PORTAL_ASKING_H

#include "portal/html.h"
#include "portal/once.h"
#include "portal/portal.h"
#include "record/token.h"
#include "record/vouch.h"

#include <microhttpd.h>

enum { PORTAL_FORM = 16384, PORTAL_CASE_FORM = 262144, FORM_SECONDS = 3600, PORTAL_PAGE = 128 };

struct asking {
    const struct portal_house *house;
    struct MHD_Connection *connection;
    enum portal_page page;
    struct str user;   /* vouched for; never empty on a page */
    struct str groups; /* vouched for, too: those that may declare an emergency, with a comma between */
    int64_t now;
    bool post; /* a proven one: from our own page, with its token, `form` */
    const char *origin;       /* ours */
    char sealed[PORTAL_PAGE]; /* for which page tokens of forms are good */
    struct once *once;        /* of the pages of cases */
    struct token form;
    bool has_token; /* the page inside the refused site led here with one, for this user: */
    struct token token;
    struct str token_text;
    char *body; /* of a POST, decoded field by field */
    size_t n_body, room, most;
    bool too_long;
    bool waits;           /* the answer is made, but for the standing */
    bool made;            /* and that, too */
    struct asking *after; /* the next of those that wait */
    /* The answer. */
    unsigned status;
    struct html html;
    char back[TOKEN_BACK + 1]; /* where the browser is led; empty: it stays */
    char policy[HTML_POLICY];  /* of its own, for what is no page of ours; empty: the pages' */
    char user_room[VOUCH_ROOM], form_text[TOKEN_TEXT], token_field[TOKEN_TEXT + 1],
        form_field[TOKEN_TEXT + 1];
    unsigned char form_room[TOKEN_BOX], token_room[TOKEN_BOX];
};

/* A field of the form that was posted, or of the address's query, decoded into `to`; false when it is not
 * there, is too long or holds control bytes. */
bool asking_posted(const struct asking *a, const char *name, char *to, size_t size);
bool asking_query(const struct asking *a, const char *name, char *to, size_t size);

/* The request was vouched for; sets the person. */
bool asking_signed_in(struct asking *a, const char *path, const char *method);

/* A POST that our own page sent; and whether it holds a token of a form of this page for this person. */
bool asking_from_us(const struct asking *a);
bool asking_has_form(struct asking *a);

/* A token for a form of this page. */
struct str asking_form(struct asking *a);

/* The person's pseudonym; false without the key. */
bool asking_person(const struct asking *a, unsigned char person[PSEUDONYM_SIZE]);

/* Writes an act of this person's down, spending `nonce`. True: the answer is the caller's to make, and will
 * be given when the standing says so. Else it is made (already done; cannot be written). */
bool asking_act(struct asking *a, const struct act *act, const unsigned char nonce[ACT_NONCE]);

/* The token's way back, or a page that says so. */
void asking_back(struct asking *a, const char *heading, const char *words);

/* A whole page of a heading and a sentence. */
void asking_say(struct asking *a, unsigned status, const char *heading, const char *words);

/* As asking_say: there is no such page. */
void asking_none(struct asking *a);

/* The pages of cases (portal/cases.c), whatever stands behind their common beginning; `path` is one of them
 * where there are cases. */
bool cases_path(const struct portal_house *house, const char *path);
void cases_page(struct asking *a, const char *path, const char *method);
/* A way there for whom there is something to see. */
void cases_way(struct asking *a);

/* The pages, in the order of enum portal_page. */
void page_continue(struct asking *a);
void page_claim(struct asking *a);
void page_break(struct asking *a);
void page_allowance(struct asking *a);
void page_emergency(struct asking *a);
void page_why(struct asking *a);
void page_mine(struct asking *a);
void page_check(struct asking *a); /* the one that is also shown to nobody: `user` may be empty */

/* A site as pages call it. */
struct str told_site(const struct asking *a, const struct event *e);

/* Minutes used and given back today of one allowance, and how often they said that it was for work. */
struct spent {
    uint32_t used, given, claims;
};
bool spent_of(const struct asking *a, struct str allowance, struct spent *s);

#endif
