/* Letters by the local mail server's sendmail(8): one child at a time, which is never waited for. */
#include "tools/portreeved.h"

#include "core/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 30 /* s */, AGAIN = 60 /* s until the next try */, LETTER = 2048 };

int mailer_on_act(void *to, struct store *s, const struct act *a, struct diag *d)
{
    const char *second = to;
    struct local_time at = clock_local(a->at), until = clock_local(a->until);
    char text[LETTER];
    int n;

    if (a->kind != FACT_EMERGENCY || !second)
        return 0;
    n = snprintf(text, sizeof text,
                 "To: %s\nSubject: Web access: emergency declared\nAuto-Submitted: auto-generated\n"
                 "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
                 "%.*s has declared an emergency on the web access portal at %02u:%02u.\n\nReason: %.*s\n"
                 "It ends by itself %s %02u:%02u.\n\nIf this is not right, call the service desk now.\n",
                 second, STR_ARG(a->user), (unsigned)(at.minute / 60), (unsigned)(at.minute % 60),
                 STR_ARG(a->what), until.day == at.day ? "at" : "tomorrow at", (unsigned)(until.minute / 60),
                 (unsigned)(until.minute % 60));
    if (n < 0 || (size_t)n >= sizeof text)
        return diag_error(d, "a letter is too long", NULL, NULL);
    return store_letter(s, str_of(second), (struct str){text, (size_t)n}, a->at, d);
}

/* The letter fits a pipe (it is shorter than PIPE_BUF), so writing it does not wait for the child either. */
static int start(const struct mailer *m, struct str text)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    child = fork();
    if (child == 0) {
        char *const none[] = {NULL};

        if (dup2(ends[0], 0) >= 0)
            execle(m->program, "sendmail", "-t", "-i", (char *)NULL, none);
        _exit(127);
    }
    if (child > 0 && write(ends[1], text.p, text.n) != (ssize_t)text.n)
        kill(child, SIGKILL); /* half a letter is none */
    close(ends[0]);
    close(ends[1]);
    return (int)child;
}

static void finish(struct mailer *m, struct store *s, bool sent, int64_t now)
{
    struct diag d;

    diag_init(&d);
    if (sent)
        store_letter_sent(s, m->letter, &d);
    else
        store_letter_later(s, m->letter, now + AGAIN, &d);
    if (!sent)
        fprintf(stderr, "portreeved: %s has not taken a letter: it is tried again in a minute\n", m->program);
    m->letter = 0;
    m->child = 0;
}

void mailer_step(struct mailer *m, struct store *s, int64_t now)
{
    struct letter l;
    struct diag d;
    int status = 0;
    pid_t ended;

    diag_init(&d);
    if (m->letter) {
        ended = waitpid(m->child, &status, WNOHANG);
        if (ended == 0 && now - m->since > PATIENCE)
            kill(m->child, SIGKILL); /* seen to have ended at the next step */
        else if (ended != 0)
            finish(m, s, ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0, now);
        return;
    }
    if (store_letter_due(s, now, &l, &d) != 0 || !l.id)
        return;
    m->letter = l.id;
    m->since = now;
    m->child = start(m, l.text);
    if (m->child <= 0)
        finish(m, s, false, now);
}
