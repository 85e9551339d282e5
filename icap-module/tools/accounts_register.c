/* accounts list, pending, confirm: registers/identities.csv and the inbox that its rows come from. */
#include "tools/accounts.h"
#include "tools/cmd.h"

#include "compile/encoding.h"
#include "compile/identities.h"
#include "core/clock.h"
#include "core/request.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* ---- the register ---- */

/* A row that stands in the register, as an enrolment. */
struct kept {
    struct enrolment e;
    bool confirmed;
    unsigned number;
};

struct held {
    struct str text; /* UTF-8, malloc'ed; empty where there is no file */
    struct kept *rows;
    size_t n, room;
    char *names; /* what the rows' slices point into: as long as the text, which they were part of */
    size_t used, size;
    bool no_memory;
};

static struct str hold(struct held *h, struct str s)
{
    char *to = h->names + h->used;

    if (h->size - h->used < s.n)
        return STR_NONE;
    if (s.n)
        memcpy(to, s.p, s.n);
    h->used += s.n;
    return (struct str){to, s.n};
}

static void hold_row(void *to, const struct identity_cells *row)
{
    const struct str *cells = row->cells;
    struct held *h = to;
    char name[256];
    struct arena arena;
    struct kept *k;

    if (h->n == h->room) {
        size_t room = h->room ? h->room * 2 : 64;
        struct kept *grown = realloc(h->rows, room * sizeof *grown);

        h->no_memory |= !grown;
        if (!grown)
            return;
        h->rows = grown;
        h->room = room;
    }
    k = &h->rows[h->n];
    *k = (struct kept){.number = row->number, .confirmed = cells[IDENTITY_CONFIRMED_BY].n > 0};
    arena_init(&arena, name, sizeof name);
    k->e.platform = hold(h, cells[IDENTITY_PLATFORM]);
    k->e.account = hold(h, cells[IDENTITY_ACCOUNT]);
    if (cells[IDENTITY_USER].n < sizeof name)
        k->e.user = hold(h, user_canonical(cells[IDENTITY_USER], &arena));
    k->e.profile =
        str_ieq(cells[IDENTITY_PROFILE], str_of(profile_words[PROFILE_OWN])) ? PROFILE_OWN : PROFILE_ACCOUNT;
    if (digest_read(cells[IDENTITY_DIGEST], &k->e.digest) &&
        identity_key_read_id(cells[IDENTITY_KEY], &k->e.key))
        h->n++; /* the compiler tells of others */
}

/* A register that is not there yet is an empty one. */
static int read_register(const char *path, bool must_be, struct held *h, struct diag *d)
{
    *h = (struct held){0};
    if (!must_be && access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    if (source_read_file(path, &h->text, d) != 0 || encoding_to_utf8(str_of(path), &h->text, d) != 0)
        return -1;
    h->size = h->text.n + 1;
    h->names = malloc(h->size);
    if (!h->names)
        return diag_error(d, path, ": out of memory", NULL);
    if (h->text.n == 0)
        return 0;
    if (identities_read(str_of(path), h->text, hold_row, h, d) != 0)
        return -1;
    return h->no_memory ? diag_error(d, path, ": out of memory", NULL) : 0;
}

static void free_register(struct held *h)
{
    free((char *)(uintptr_t)h->text.p);
    free(h->rows);
    free(h->names);
}

static const struct kept *find(const struct held *h, const struct enrolment *e)
{
    for (size_t i = 0; i < h->n; i++)
        if (inbox_same(&h->rows[i].e, e))
            return &h->rows[i];
    return NULL;
}

/* ---- list, pending ---- */

/* "facebook  ExampleLeisure  own  a.user  d-...". Control bytes in names would reach the terminal. */
static void print_one(const struct enrolment *e, const char *state)
{
    char line[ENROL_LINE + 64];
    struct text t;

    text_init(&t, line, sizeof line);
    digest_put(&t, &e->digest);
    text_puts(&t, "  ");
    text_put(&t, e->platform);
    text_puts(&t, "  ");
    text_put(&t, e->account);
    text_puts(&t, "  ");
    text_puts(&t, profile_words[e->profile]);
    text_puts(&t, "  ");
    text_put(&t, e->user);
    text_puts(&t, "  ");
    identity_key_put(&t, e->key);
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] < 0x20 || t.p[i] == 0x7f)
            t.p[i] = '?';
    printf("%.*s  %s\n", (int)t.n, t.p, state);
}

int accounts_list(const struct accounts_options *o, char **argv, int operands)
{
    struct held h = {0};
    struct diag d;
    int result;

    (void)o;
    if (operands != 2) {
        fprintf(stderr, "portreeve accounts: write 'portreeve accounts list registers/identities.csv'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    read_register(argv[2], true, &h, &d);
    for (size_t i = 0; i < h.n; i++)
        print_one(&h.rows[i].e, h.rows[i].confirmed ? "confirmed" : "not confirmed: counts for nothing");
    result = report(&d);
    free_register(&h);
    return result;
}

static void print_pending(const struct inbox *inbox, const struct held *h)
{
    for (size_t i = 0; i < inbox->n; i++) {
        const struct enrolment *e = &inbox->lines[i];
        const struct kept *k = find(h, e);
        struct local_time t = clock_local(e->time);
        char state[64] = "enrolled ";

        if (k && k->confirmed)
            continue;
        clock_format_date(t.day, state + sizeof "enrolled");
        snprintf(state + sizeof "enrolled" + 10, sizeof state - sizeof "enrolled" - 10, " %02u:%02u",
                 (unsigned)t.minute / 60, (unsigned)t.minute % 60);
        print_one(e, state);
    }
}

int accounts_pending(const struct accounts_options *o, char **argv, int operands)
{
    struct inbox inbox = {0};
    struct held h = {0};
    struct diag d;
    int result;

    if (operands != 2) {
        fprintf(stderr,
                "portreeve accounts: write 'portreeve accounts pending INBOX', the file that the module's "
                "directive Enrolments names\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (inbox_read(argv[2], &inbox, &d) == 0 && (!o->reg || read_register(o->reg, false, &h, &d) == 0))
        print_pending(&inbox, &h);
    if (inbox.unreadable)
        fprintf(stderr, "portreeve accounts: %u line(s) of %s cannot be read: passed over\n",
                inbox.unreadable, argv[2]);
    result = report(&d);
    inbox_free(&inbox);
    free_register(&h);
    return result;
}

/* ---- confirm ---- */

struct confirming {
    const struct accounts_options *o;
    struct inbox inbox;
    struct held held;
    const struct enrolment **chosen; /* of the inbox */
    size_t n;
};

/* The beginning of a digest, of 8 digits or more, may name it. */
static bool named_by(const struct enrolment *e, struct str operand)
{
    char text[DIGEST_TEXT];
    struct text t;

    text_init(&t, text, sizeof text);
    digest_put(&t, &e->digest);
    return operand.n >= 10 && operand.n <= t.n && str_ieq(str_upto(text_str(&t), operand.n), operand);
}

static bool choose(struct confirming *c, const char *operand)
{
    const struct enrolment *first = NULL;

    for (size_t i = 0; i < c->inbox.n; i++) {
        const struct enrolment *e = &c->inbox.lines[i];

        if (!named_by(e, str_of(operand)))
            continue;
        if (first && !digest_eq(&first->digest, &e->digest)) {
            fprintf(stderr, "portreeve accounts: %s begins more than one digest: write more of it\n",
                    operand);
            return false;
        }
        first = e;
        for (size_t k = 0; k < c->n && e; k++)
            if (c->chosen[k] == e)
                e = NULL;
        if (e)
            c->chosen[c->n++] = e;
    }
    if (!first)
        fprintf(stderr,
                "portreeve accounts: nothing with the digest %s is in %s: 'portreeve accounts pending' lists "
                "what is "
                "(write 'd-' and 8 digits at least)\n",
                operand, c->o->inbox);
    return first != NULL;
}

static bool may_confirm(const struct confirming *c, const struct enrolment *e)
{
    char name[256];
    struct arena arena;
    struct str by = str_of(c->o->by);

    arena_init(&arena, name, sizeof name);
    if (by.n >= sizeof name || user_canonical(by, &arena).n == 0) {
        fprintf(stderr, "portreeve accounts: --by '%s' is no name\n", c->o->by);
        return false;
    }
    arena_reset(&arena);
    if (str_eq(user_canonical(by, &arena), e->user)) {
        fprintf(stderr,
                "portreeve accounts: '%s' enrolled, and cannot confirm it: the account's owner does\n",
                c->o->by);
        return false;
    }
    if (c->held.n && c->held.rows[0].e.key != e->key) {
        fprintf(stderr,
                "portreeve accounts: what '%.*s' enrolled was made with another key than the register's "
                "digests: enrol "
                "again with the register's key\n",
                STR_ARG(e->user));
        return false;
    }
    return true;
}

static void fill(const struct confirming *c, const struct enrolment *e, struct identity_cells *row,
                 char room[128])
{
    struct str *cells = row->cells;
    struct text t;

    text_init(&t, room, 64);
    digest_put(&t, &e->digest);
    cells[IDENTITY_DIGEST] = text_str(&t);
    text_init(&t, room + 64, 16);
    identity_key_put(&t, e->key);
    cells[IDENTITY_KEY] = text_str(&t);
    clock_format_date(clock_local(e->time).day, room + 80);
    cells[IDENTITY_ENROLLED_ON] = (struct str){room + 80, 10};
    clock_format_date(clock_local(c->o->now).day, room + 96);
    cells[IDENTITY_CONFIRMED_ON] = (struct str){room + 96, 10};
    cells[IDENTITY_PLATFORM] = e->platform;
    cells[IDENTITY_ACCOUNT] = e->account;
    cells[IDENTITY_PROFILE] = str_of(profile_words[e->profile]);
    cells[IDENTITY_USER] = e->user;
    cells[IDENTITY_CONFIRMED_BY] = str_of(c->o->by);
}

/* The rows that are new. -1 after a message. */
static int make_rows(const struct confirming *c, struct identity_cells *rows, char (*room)[128], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct kept *k = find(&c->held, c->chosen[i]);

        if (!may_confirm(c, c->chosen[i]))
            return -1;
        if (k && !k->confirmed) {
            fprintf(
                stderr,
                "portreeve accounts: it stands in row %u of %s without a confirmation: fill that row in, or "
                "take it out and confirm again\n",
                k->number, c->o->reg);
            return -1;
        }
        if (k)
            fprintf(stderr, "portreeve accounts: row %u of %s has it already\n", k->number, c->o->reg);
        else
            fill(c, c->chosen[i], &rows[(*n)++], room[i]);
    }
    return 0;
}

static int write_rows(struct confirming *c, struct diag *d)
{
    struct identity_cells *rows = calloc(c->n, sizeof *rows);
    char(*room)[128] = calloc(c->n, sizeof *room);
    struct str made = STR_NONE;
    int result = EXIT_REFUSED;
    size_t n;

    if (!rows || !room)
        diag_error(d, "out of memory", NULL, NULL);
    else if (make_rows(c, rows, room, &n) == 0) {
        result = EXIT_DONE;
        if (n && identities_add(str_of(c->o->reg), c->held.text, rows, n, &made, d) == 0 &&
            file_replace(c->o->reg, made.p, made.n, d) == 0)
            printf("%zu row(s) added to %s: compile to put them into force\n", n, c->o->reg);
    }
    free((char *)(uintptr_t)made.p);
    free(room);
    free(rows);
    return report(d) == EXIT_DONE ? result : EXIT_BAD_INPUT;
}

/* Two who confirm at once come one after the other: the lock is on the register's folder, as the file itself
 * is replaced. The descriptor, or -1 with a message. */
static int lock_folder(const char *path, struct diag *d)
{
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    int fd;

    if (slash && (size_t)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + (slash == path),
                                  path) >= sizeof folder)
        return diag_error(d, path, ": is too long a name", NULL);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return diag_error(d, folder, ": cannot be locked: ", strerror(errno));
}

int accounts_confirm(const struct accounts_options *o, char **argv, int operands)
{
    struct confirming c = {.o = o};
    struct diag d;
    int lock, result = EXIT_BAD_INPUT;
    bool all = true;

    if (!o->by || !o->reg || !o->inbox || operands < 2) {
        fprintf(stderr, "portreeve accounts: write 'portreeve accounts confirm --by WHO --register "
                        "registers/identities.csv --inbox INBOX DIGEST...'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    lock = lock_folder(o->reg, &d);
    if (lock >= 0 && inbox_read(o->inbox, &c.inbox, &d) == 0 &&
        read_register(o->reg, false, &c.held, &d) == 0) {
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers is meant */
        c.chosen = calloc(c.inbox.n + 1, sizeof *c.chosen);
        for (int i = 2; i <= operands && c.chosen; i++)
            all &= choose(&c, argv[i]);
        result = !c.chosen ? EXIT_BAD_INPUT : all ? write_rows(&c, &d) : EXIT_REFUSED;
    } else {
        report(&d);
    }
    if (lock >= 0)
        close(lock);
    free((void *)c.chosen);
    inbox_free(&c.inbox);
    free_register(&c.held);
    return result;
}
