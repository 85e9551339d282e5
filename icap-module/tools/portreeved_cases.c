/* Where the portal's pages find cases: the folder that `portreeve case` works on, too, under its lock and
 * with its log. */
#include "record/file.h"
#include "tools/case_store.h"
#include "tools/portreeved.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, FILE_MAX = 64 << 20 };

/* case_store_lock waits, and the daemon must not. */
static int lock(void *to, struct diag *d)
{
    struct daemon_cases *c = to;

    c->lock = open(c->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->lock < 0)
        return diag_error(d, c->folder, ": is no folder of cases: ", strerror(errno));
    if (flock(c->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    close(c->lock);
    if (errno == EWOULDBLOCK)
        return 1;
    return diag_error(d, c->folder, ": cannot be locked: ", strerror(errno));
}

static void unlock(void *to)
{
    close(((struct daemon_cases *)to)->lock);
}

static int profile(void *to, struct str *text, struct diag *d)
{
    return case_store_file(((struct daemon_cases *)to)->profile, text, d);
}

static bool has(void *to, struct str reference)
{
    return case_store_has(((struct daemon_cases *)to)->folder, reference);
}

static int read_case(void *to, struct str reference, struct str *text, struct diag *d)
{
    return case_store_read(((struct daemon_cases *)to)->folder, reference, text, d);
}

static int write_case(void *to, const struct case_file *file, struct diag *d)
{
    json_t *o = case_write(file);
    int result = o ? case_store_write(((struct daemon_cases *)to)->folder, file->panel.reference, o, d)
                   : diag_error(d, "out of memory", NULL, NULL);

    json_decref(o);
    return result;
}

/* FOLDER/REFERENCE.report/NAME. The reference is one of a case that is there. */
static int report(void *to, struct str reference, const char *name, struct str *bytes, struct diag *d)
{
    char path[PATH_SIZE];

    if (!has(to, reference) ||
        (size_t)snprintf(path, sizeof path, "%s/%.*s.report/%s", ((struct daemon_cases *)to)->folder,
                         STR_ARG(reference), name) >= sizeof path)
        return diag_error(d, "there is no such case", NULL, NULL);
    return case_store_file(path, bytes, d);
}

static int is_case(const struct dirent *e)
{
    size_t n = strlen(e->d_name);

    return n > 5 && e->d_name[0] != '.' && strcmp(e->d_name + n - 5, ".case") == 0;
}

static int each(void *to, void (*take)(void *mine, struct str reference), void *mine, struct diag *d)
{
    struct daemon_cases *c = to;
    struct dirent **names = NULL;
    int n = scandir(c->folder, &names, is_case, alphasort);

    for (int i = 0; names && i < n; i++) {
        struct str file = str_of(names[i]->d_name);

        take(mine, str_upto(file, file.n - 5));
        free(names[i]);
    }
    free(names);
    return n < 0 ? diag_error(d, c->folder, ": cannot be listed: ", strerror(errno)) : 0;
}

static int note(void *to, const struct portal_look *l, struct diag *d)
{
    const struct case_look look = {l->step, l->by, l->reference, l->at, l->result, l->why};

    return case_store_log(((struct daemon_cases *)to)->folder, &look, d);
}

static void say(void *to, const struct diag *d)
{
    (void)to;
    for (unsigned i = 0; i < d->n; i++)
        fprintf(stderr, "portreeved: cases: %s\n", d->messages[i].text);
}

static bool site(void *to, size_t i, struct str *id, struct str *name)
{
    return daemon_policy_site(((struct daemon_cases *)to)->policy, i, id, name);
}

static int know(void *to, struct case_file *c, struct diag *d)
{
    return daemon_policy_know(((struct daemon_cases *)to)->policy, c, d);
}

int daemon_cases_open(const struct daemon_options *o, const struct daemon_policy *p, struct daemon_cases *c,
                      struct diag *d)
{
    struct case_profile read;
    struct str text = STR_NONE;
    int result = -1;

    *c = (struct daemon_cases){o->cases, o->case_profile, p, -1, {0}};
    c->house = (struct portal_cases){lock, unlock, profile, has,  read_case, write_case, report,
                                     each, note,   say,     site, know,      c};
    if (!o->cases)
        return 0;
    if (profile(c, &text, d) == 0 && lock(c, d) >= 0) {
        if (c->lock >= 0)
            unlock(c);
        result = case_profile_read(text, &read, d);
        case_profile_free(&read);
    }
    free((char *)(uintptr_t)text.p);
    return result;
}
