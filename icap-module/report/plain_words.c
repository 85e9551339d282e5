#include "report/plain_words.h"

static const char *const decided[ACTION_COUNT] = {
    [ACTION_ALLOW] = "Opened",
    [ACTION_REFUSE] = "Stopped",
    [ACTION_ASK] = "You were asked first",
    [ACTION_UNAVAILABLE] = "Could not be checked",
};

static const char *const what_was_done[ACTIVITY_COUNT + 1] = {
    [ACTIVITY_VIEW] = "Look",       [ACTIVITY_POST] = "Post",
    [ACTIVITY_COMMENT] = "Comment", [ACTIVITY_REACT] = "Like or share",
    [ACTIVITY_MESSAGE] = "Message", [ACTIVITY_UPLOAD] = "Send a file",
    [ACTIVITY_LIVE] = "Go live",    [ACTIVITY_SIGNUP] = "Open an account",
    [ACTIVITY_LOGIN] = "Sign in",   [ACTIVITY_ADMIN] = "Look after an account",
    [ACTIVITY_DELETE] = "Delete",   [ACTIVITY_STREAM] = "Watch or listen",
    [ACTIVITY_COUNT] = "Not known",
};

static const char *const done[FACT_COUNT] = {
    [FACT_ACK] = "You read a page and went on",     [FACT_USED] = "Minutes used",
    [FACT_GIVEN] = "You said that it was for work", [FACT_BREAK] = "You said that you were on your break",
    [FACT_EMERGENCY] = "You declared an emergency", [FACT_PLAYING] = "Something was playing",
};

const char *plain_decision(enum action action)
{
    return decided[action < ACTION_COUNT ? action : ACTION_UNAVAILABLE];
}

const char *plain_activity(unsigned activity)
{
    return what_was_done[activity <= ACTIVITY_COUNT ? activity : ACTIVITY_COUNT];
}

const char *plain_act(enum fact kind, bool by_somebody_else)
{
    return by_somebody_else ? "The service desk gave you time back" : done[kind];
}

struct pair {
    const char *word, *words;
};

static const char *words_of(const struct pair *pairs, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(pairs[i].word)))
            return pairs[i].words;
    return NULL;
}

const char *plain_look(struct str what)
{
    static const struct pair looks[] = {
        {"open", "asked for a report about you"},
        {"authorise", "decided whether there may be one"},
        {"tell", "told you of it, or put that off"},
        {"report", "had the report made"},
        {"release", "gave the report to its readers"},
        {"read", "read the report"},
        {"comment", "added your words to it"},
        {"hold", "kept the case for longer"},
        {"close", "closed the case"},
        {"ig open", "told together what stands for your name in the record"},
        {"why", "looked up a page that you were stopped at, by its code"},
        {"unblock", "looked up a page that you were stopped at, to open it"},
        {"subject-export", "put together what is held about you"},
        {"access", "looked at who has looked"},
        {"access digest", "counted who has looked"},
    };

    return words_of(looks, sizeof looks / sizeof *looks, what);
}

const char *plain_role(struct str role)
{
    static const struct pair roles[] = {{"ict", "the service desk"},
                                        {"hr", "Human Resources"},
                                        {"authoriser", "whoever decides on reports"},
                                        {"ig", "Information Governance"},
                                        {"audit", "the auditor"}};
    const char *words = words_of(roles, sizeof roles / sizeof *roles, role);

    return words ? words : "somebody in another role";
}
