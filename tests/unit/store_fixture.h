/* A store of a test's own: an SQLite file, or, where STORE_POSTGRES is defined, a schema of its own in a
 * PostgreSQL that is started for the program (tests/postgres/server). `file` is what store_open is given. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "unit.h"

#include "store/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char home[64], file[256], journal[128];
static struct diag d;

/* No file may grow past `bytes`: as a full disk is, but for the file that still has room. 0: no limit. */
static inline void disk_of(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes ? bytes : limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static inline void make_home(void)
{
    snprintf(home, sizeof home, "/tmp/portreeve-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
}

static inline void remove_home(void)
{
    static const char *const names[] = {"store",         "store-wal", "store-shm",          "store.lock",
                                        "store.journal", "standing",  "standing.generation"};
    char path[128];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", home, names[i]);
        unlink(path);
    }
    rmdir(home);
    home[0] = '\0';
}

#ifdef STORE_POSTGRES

static char server_home[64];

/* Runs tests/postgres/server WHAT FOLDER [REST]; its exit status. */
static inline int server(const char *what, const char *rest)
{
    const char *source = getenv("srcdir");
    char program[512], folder_of_it[80];
    int status = -1;
    pid_t child;

    snprintf(program, sizeof program, "%s/tests/postgres/server", source ? source : ".");
    snprintf(folder_of_it, sizeof folder_of_it, "%s/pg", server_home);
    child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout))
            execl(program, program, what, folder_of_it, rest, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

static inline void sql(const char *text)
{
    ck_assert_int_eq(server("sql", text), 0);
}

/* For main, before and after the suite. */
static inline void store_fixture_begin(void)
{
    snprintf(server_home, sizeof server_home, "/tmp/portreeve-pg-XXXXXX");
    if (!mkdtemp(server_home) || chmod(server_home, 0755) != 0 || server("start", NULL) != 0) {
        fputs("no PostgreSQL could be started: is the package postgresql installed?\n", stderr);
        exit(EXIT_FAILURE);
    }
}

static inline void store_fixture_end(void)
{
    server("remove", NULL);
    rmdir(server_home);
}

static inline void store_is_lost(void)
{
    sql("DROP SCHEMA t CASCADE; CREATE SCHEMA t");
}

static inline void store_make(void)
{
    make_home();
    snprintf(file, sizeof file, "host=%s/pg user=portreeve dbname=postgres options=-csearch_path=t",
             server_home);
    sql("DROP SCHEMA IF EXISTS t CASCADE; CREATE SCHEMA t");
}

/* The store fails, and is well again. */
static inline void store_breaks(void)
{
    server("stop", "immediate");
}

static inline void store_heals(void)
{
    ck_assert_int_eq(server("start", NULL), 0);
}

#else

static inline void store_fixture_begin(void)
{
}

static inline void store_fixture_end(void)
{
}

static inline void store_is_lost(void)
{
    ck_assert_int_eq(unlink(file), 0);
}

static inline void store_make(void)
{
    make_home();
    snprintf(file, sizeof file, "%s/store", home);
}

static inline void store_breaks(void)
{
    disk_of(1024);
}

static inline void store_heals(void)
{
    disk_of(0);
}

#endif

static inline struct store *opened(void)
{
    struct store *s = NULL;

    if (!home[0])
        store_make();
    snprintf(journal, sizeof journal, "%s/store.journal", home);
    diag_init(&d);
    ck_assert_msg(store_open(file, NULL, &s, &d) == 0, "%s", d.messages[0].text);
    return s;
}

static inline void gone(struct store *s)
{
    store_close(s);
    remove_home();
}

/* A link that was lost is tried again after a moment. */
static inline void live_again(struct store *s)
{
    for (int i = 0; i < 100; i++) {
        struct diag ignored;

        diag_init(&ignored);
        if (store_begin(s, &ignored) == 0) {
            store_rollback(s);
            return;
        }
        usleep(50000);
    }
    ck_abort_msg("the store does not come back");
}

#endif
