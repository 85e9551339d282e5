/* portreeved: spools into the store, the standing file out of it, and the portal. See portreeved(8). One
 * thread: what it does in a turn is small, so that a page waits for milliseconds. */
#include "tools/portreeved.h"

#include "record/day.h"
#include "record/held.h"
#include "record/spool.h"
#include "store/standing_write.h"
#include "tools/orders.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    TURN = 200,            /* ms that a turn waits for requests */
    SOON = 10,             /* where there is more to do */
    FEEDING = 5000,        /* ms that --once gives receivers */
    EVENTS_A_TURN = 10000, /* some 0.1 s */
    STANDING_AGE = 30, /* s: then it is written though nothing has changed, so that it does not look stale */
    TIDY_EVERY = 3600,
    TELL_EVERY = 5,
    UP_TO_DATE = 10
};

struct daemon {
    struct daemon_options o;
    struct daemon_policy *policy;
    struct store *store;
    struct journal *journal;
    struct portal *portal;
    struct seal_key portal_key;
    struct mailer mailer;
    struct daemon_record *record;
    struct daemon_feeds *feeds;
    struct daemon_cases cases;
    struct daemon_alerts *alerts;
    struct daemon_hand *hand;
    int64_t as_of;   /* the spools are imported up to here */
    int64_t written; /* when the standing was */
    int64_t looked, imported, ordered, tidied, complained, keyed;
    struct daemon_people people;
    struct daemon_keep keep;
    struct daemon_state state;
    int64_t told;  /* when the state was */
    bool told_bad; /* that it had a problem */
    bool changed, more, keeping, feeding, alerting;
};

static volatile sig_atomic_t ending;

static void on_signal(int number)
{
    (void)number;
    ending = 1;
}

static int64_t now_of(void *to)
{
    (void)to;
    return (int64_t)time(NULL);
}

static void say_all(const struct diag *d)
{
    for (unsigned i = 0; i < d->n; i++)
        fprintf(stderr, "portreeved: %s\n", d->messages[i].text);
}

/* So many seconds have passed, or the clock was set back. */
static bool is_due(int64_t now, int64_t last, int64_t seconds)
{
    return now - last >= seconds || now < last;
}

/* What fails again and again is said once a minute. */
static void complain(struct daemon *m, const struct diag *d, int64_t now)
{
    if (!is_due(now, m->complained, 60))
        return;
    m->complained = now;
    say_all(d);
}

static const struct portal_policy *policy_now(void *to)
{
    return daemon_policy_portal(((struct daemon *)to)->policy);
}

static bool words_now(void *to, const struct event *e, struct rule_words *w)
{
    return daemon_policy_words(((struct daemon *)to)->policy, e, w);
}

static void names_now(void *from, void (*take)(void *to, struct str name), void *to)
{
    daemon_policy_names(from, take, to);
}

static struct str current_now(void *to, struct str name)
{
    return daemon_policy_current(((struct daemon *)to)->policy, name);
}

static struct str current_of(void *from, struct str name)
{
    return daemon_policy_current(from, name);
}

static struct str subject_of(void *from, struct str name)
{
    return daemon_policy_subject(from, name);
}

static bool used_now(void *to, struct str user, struct str allowance, uint32_t *minutes)
{
    return daemon_people_used(&((struct daemon *)to)->people, user, allowance, minutes);
}

static void person_now(void *to, struct str user, unsigned char person[PSEUDONYM_SIZE])
{
    daemon_people_person(&((struct daemon *)to)->people, user, person);
}

static struct str platform_now(void *to, struct str id)
{
    return daemon_policy_platform(((struct daemon *)to)->policy, id);
}

static bool may_declare_now(void *to, struct str user, struct str groups, size_t emergency)
{
    return daemon_policy_may_declare(((struct daemon *)to)->policy, user, groups, emergency);
}

static int looked_now(void *to, struct str user, struct str codes, void (*each)(void *to, const struct portal_looked *l),
                      void *mine)
{
    const struct daemon *m = to;
    const struct looks_asked asked = {user, codes, now_of(NULL)};

    return daemon_looks(&m->o, m->policy, &asked, each, mine);
}

static void look_at_policy(struct daemon *m, int64_t now)
{
    struct diag d;

    if (now == m->looked)
        return;
    m->looked = now;
    diag_init(&d);
    switch (daemon_policy_look(m->policy, &d)) {
    case 1:
        m->changed = true;
        break;
    case -1:
        complain(m, &d, now);
        break;
    default:
        break;
    }
}

static void note_problem(struct daemon *m, const char *what, int64_t now)
{
    if (!what[0] != !m->state.problem[0])
        m->state.since = now;
    snprintf(m->state.problem, sizeof m->state.problem, "%s", what);
}

/* For `portreeve status`: every few seconds, and at once when something has begun to fail or is well again.
 */
static void tell_state(struct daemon *m, int64_t now)
{
    bool bad = m->state.problem[0] || journal_behind(m->journal);
    struct diag d;

    if (!is_due(now, m->told, TELL_EVERY) && bad == m->told_bad)
        return;
    m->told = now;
    m->told_bad = bad;
    m->state.at = now;
    m->state.as_of = m->as_of;
    m->state.store = store_backend_name(m->store);
    m->state.node = m->o.node;
    m->state.options = &m->o;
    m->state.acts_waiting = journal_behind(m->journal);
    m->state.n_feeds = daemon_feeds_state(m->feeds, m->state.feeds);
    diag_init(&d);
    daemon_state_tell(m->o.standing, &m->state, &d);
    if (d.n)
        complain(m, &d, now);
}

/* as_of moves only where all spools could be read to their ends: else what is too old looks too old. */
static void import_all(struct daemon *m, int64_t now)
{
    struct import_how how = {.limit = EVENTS_A_TURN, .keep = m->o.keep_spool};
    struct diag d;
    bool whole = true;
    uint64_t stuck = 0;

    diag_init(&d);
    m->imported = now;
    m->more = false;
    m->state.behind = 0;
    how.today = clock_local(now).day;
    how.evidence = m->record ? daemon_record_keep : NULL;
    how.evidence_to = m->record;
    how.also = daemon_alerts_also(m->alerts, daemon_feeds_also(m->feeds, now));
    how.n_spending = daemon_policy_spending(m->policy, &how.spending);
    for (unsigned i = 0; i < m->o.n_spools; i++) {
        struct import_result r = {0};

        if (import_spool(m->store, m->o.spools[i], &how, &r, &d) != 0)
            whole = false;
        if (r.torn)
            fprintf(stderr, "portreeved: %s: %llu torn record(s); the segment is kept as .torn\n",
                    m->o.spools[i], (unsigned long long)r.torn);
        stuck += r.stuck;
        m->more |= r.more;
        m->changed |= r.events > 0;
        m->state.events += r.events;
        m->state.torn += r.torn;
        m->state.behind += r.behind;
    }
    if (whole && !m->more)
        m->as_of = now;
    if (!whole || stuck)
        complain(m, &d, now);
    note_problem(m, whole ? "" : d.messages[0].text, now);
}

static bool write_standing(struct daemon *m, int64_t now)
{
    struct standing_source from = {.store = m->store,
                                   .pseudonyms = m->people.pseudonyms,
                                   .days = m->people.days,
                                   .names = names_now,
                                   .current = current_of,
                                   .subject = subject_of,
                                   .from = m->policy,
                                   .now = now,
                                   .as_of = m->as_of};
    struct standing_written w;
    struct diag d;

    diag_init(&d);
    m->written = now;
    daemon_people_look(&m->people, &m->o, now, &d);
    from.n_days = m->people.n_days;
    if (standing_write(&from, m->o.standing, &w, &d) != 0) {
        complain(m, &d, now);
        return false;
    }
    m->changed = false;
    return true;
}

/* At most once a second, whoever waits; at once after a quiet second. */
static void publish(struct daemon *m, int64_t now)
{
    bool waits = m->portal && portal_waits(m->portal);
    bool due = m->changed || waits || journal_behind(m->journal) || is_due(now, m->written, STANDING_AGE) ||
               clock_local(now).day != m->people.day;
    struct diag d;
    bool good;

    if (!due || now == m->written)
        return;
    diag_init(&d);
    good = journal_settle(m->journal, &d);
    if (!good)
        complain(m, &d, now);
    good &= write_standing(m, now);
    if (waits)
        portal_published(m->portal, good);
}

struct holds_look {
    struct daemon_state *state;
    int64_t now;
};

static void count_hold(void *to, const struct hold *h)
{
    struct holds_look *l = to;

    l->state->holds++;
    l->state->holds_due += h->review <= l->now;
}

static void look_at_holds(struct daemon *m, int64_t now, struct diag *d)
{
    struct holds_look l = {&m->state, now};

    m->state.holds = m->state.holds_due = 0;
    store_holds(m->store, count_hold, &l, d);
}

/* Each hour, and when a day has ended: what was known for that day alone is gone then. */
static void tidy(struct daemon *m, int64_t now)
{
    struct diag d;

    if (!is_due(now, m->tidied, TIDY_EVERY) && clock_local(now).day == clock_local(m->tidied).day)
        return;
    m->tidied = now;
    diag_init(&d);
    store_tidy(m->store, now, &d);
    store_alerts_forget(m->store, clock_local(now).day - (int32_t)m->o.keep_days[KEEP_EVENTS], &d);
    look_at_holds(m, now, &d);
    for (unsigned i = 0; i < m->o.n_spools; i++)
        day_keys_retire(m->o.spools[i], clock_local(now).day, &d);
    if (m->o.held)
        held_forget(m->o.held, clock_local(now).day - (int32_t)m->o.days + 1, &(unsigned){0}, &d);
    if (d.n)
        complain(m, &d, now);
}

/* Behind what has been imported: a day is summed up once, and must be there by then. */
static void keep(struct daemon *m, int64_t now)
{
    struct diag d;

    if (!m->keeping && (m->as_of == 0 || is_due(now, m->as_of, UP_TO_DATE)))
        return;
    diag_init(&d);
    m->keeping = daemon_keep_step(&m->keep, m->store, m->o.keep_days, now, &d);
    if (d.n)
        complain(m, &d, now);
}

/* Once a second, behind the import of that second: what is given back is what has been used until now. */
static void take_orders(struct daemon *m, int64_t now)
{
    struct diag d;

    if (now == m->ordered || m->more)
        return;
    m->ordered = now;
    diag_init(&d);
    m->changed |= daemon_orders(m->o.state, &m->people, m->journal, now, &d);
    if (d.n)
        complain(m, &d, now);
}

/* Behind the import: what has just come is looked at. */
static void raise_alerts(struct daemon *m, int64_t now)
{
    struct diag d;

    diag_init(&d);
    m->alerting = daemon_alerts_step(m->alerts, m->store, now, &d);
    if (d.n)
        complain(m, &d, now);
}

static void keep_record(struct daemon *m, int64_t now)
{
    struct diag d;

    diag_init(&d);
    daemon_record_step(m->record, m->store, now, &d);
    if (d.n)
        complain(m, &d, now);
}

/* Before anything of this second is done by them. */
static void look_at_epochs(struct daemon *m, int64_t now)
{
    struct diag d;
    bool changed;

    if (now == m->keyed)
        return;
    m->keyed = now;
    diag_init(&d);
    daemon_hand_take(m->hand, m->store, now, &d);
    daemon_people_epochs(&m->people, &m->o, now, &changed, &d);
    daemon_hand_give(m->hand, m->store, m->people.epochs, now, &d);
    if (d.n)
        complain(m, &d, now);
    m->changed |= changed;
}

static void turn(struct daemon *m)
{
    int64_t now = now_of(NULL);

    look_at_epochs(m, now);
    look_at_policy(m, now);
    m->changed |= store_changed_elsewhere(m->store);
    if (m->more || now != m->imported)
        import_all(m, now);
    raise_alerts(m, now);
    take_orders(m, now);
    publish(m, now);
    mailer_step(&m->mailer, m->store, now);
    m->feeding = daemon_feeds_step(m->feeds, m->store, now);
    keep_record(m, now);
    tidy(m, now);
    keep(m, now);
    tell_state(m, now);
}

/* ---- starting ---- */

static int start_portal(struct daemon *m, struct diag *d)
{
    struct portal_house house = {.store = m->store,
                                 .journal = m->journal,
                                 .key = &m->portal_key,
                                 .person = m->o.pseudonym_key ? person_now : NULL,
                                 .used = used_now,
                                 .platform = platform_now,
                                 .current = current_now,
                                 .may_declare = may_declare_now,
                                 .host = m->o.host,
                                 .second = m->o.second,
                                 .policy = policy_now,
                                 .words = words_now,
                                 .looked = m->o.record ? looked_now : NULL,
                                 .keeps = {.access_days = m->o.record ? m->o.access_days : 0},
                                 .now = now_of,
                                 .cases = m->o.cases ? &m->cases.house : NULL,
                                 .to = m};
    char address[64];
    struct portal_listen at = {.address = address};
    char *certificate = daemon_text(m->o.certificate, d), *key = daemon_text(m->o.private_key, d);
    int result = -1;

    memcpy(house.keeps.days, m->o.keep_days, sizeof house.keeps.days);
    at.certificate = certificate;
    at.key = key;
    if (!daemon_address(m->o.listen, address, sizeof address, &at.port))
        diag_error(d, m->o.listen, ": where to listen is ADDRESS:PORT", NULL);
    else if (certificate && key && daemon_cases_open(&m->o, m->policy, &m->cases, d) == 0 && seal_key_read(m->o.portal_key, &m->portal_key, d) == 0)
        result = portal_start(&house, &at, &m->portal, d);
    free(certificate);
    free(key);
    if (result == 0)
        fprintf(stderr, "portreeved: the portal listens at %s, port %u\n", address,
                (unsigned)portal_port(m->portal));
    return result;
}

/* A file is locked by the store. Of what is beside a shared one, each node has its own. */
static int lock_state(const char *state, struct diag *d)
{
    char name[4096];
    int fd;

    if ((size_t)snprintf(name, sizeof name, "%s.lock", state) >= sizeof name)
        return diag_error(d, state, ": is too long a name", NULL);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return diag_error(d, name, ": cannot be made: ", strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 0; /* held until the process ends */
    close(fd);
    return diag_error(d, state, ": another portreeved has it", NULL);
}

static int open_store(struct daemon *m, struct diag *d)
{
    const struct store_how how = {.node = m->o.node};

    if (store_is_shared(m->o.store) && lock_state(m->o.state, d) != 0)
        return -1;
    return store_open(m->o.store, &how, &m->store, d);
}

static int start(struct daemon *m, struct diag *d)
{
    char name[4096];
    unsigned unreadable = 0;
    bool changed;

    if ((size_t)snprintf(name, sizeof name, "%s.journal", m->o.state) >= sizeof name)
        return diag_error(d, m->o.state, ": is too long a name", NULL);
    m->policy = daemon_policy_new(m->o.artefact);
    m->alerts = m->policy ? daemon_alerts_new(m->policy, m->o.alert_mail) : NULL;
    if (!m->alerts)
        return diag_error(d, "out of memory", NULL, NULL);
    if (seal_init(d) != 0 || open_store(m, d) != 0)
        return -1;
    store_on_act(m->store, mailer_on_act, (void *)(uintptr_t)m->o.second);
    if (journal_open(name, m->store, &m->journal, &unreadable, d) != 0)
        return -1;
    if (unreadable)
        fprintf(stderr, "portreeved: %s: %u line(s) cannot be read and were passed over\n", name, unreadable);
    m->people = (struct daemon_people){.policy = m->policy, .store = m->store};
    if (m->o.pseudonym_key && (m->people.epochs = epoch_file_new()) == NULL)
        return diag_error(d, "out of memory", NULL, NULL);
    if (daemon_people_epochs(&m->people, &m->o, now_of(NULL), &changed, d) != 0 ||
        daemon_hand_open(&m->o, &m->hand, d) != 0)
        return -1;
    if (orders_make(m->o.state, d) != 0 || daemon_record_open(&m->o, &m->record, d) != 0 ||
        daemon_feeds_open(&m->o, m->store, &m->feeds, d) != 0)
        return -1;
    daemon_people_look(&m->people, &m->o, now_of(NULL), d);
    m->mailer.program = m->o.sendmail;
    return m->o.host && !m->o.once ? start_portal(m, d) : 0;
}

static void serve(struct daemon *m)
{
    while (!ending) {
        turn(m);
        if (m->portal)
            portal_run(m->portal, m->more || m->keeping || m->feeding || m->alerting || portal_waits(m->portal) ? SOON : TURN);
        else if (!m->more && !m->keeping && !m->alerting)
            nanosleep(&(struct timespec){0, (m->feeding ? SOON : TURN) * 1000000L}, NULL);
    }
}

/* What is due to the receivers, as far as they take it now; the rest waits in the store. */
static void feed_all(struct daemon *m)
{
    for (int idle = 0; idle < FEEDING / SOON && !ending; idle++) {
        if (daemon_feeds_step(m->feeds, m->store, now_of(NULL)))
            idle = 0;
        else if (!daemon_feeds_busy(m->feeds))
            break;
        nanosleep(&(struct timespec){0, SOON * 1000000L}, NULL);
    }
}

/* All that is there, then the standing. */
static int once(struct daemon *m)
{
    int64_t now = now_of(NULL);

    look_at_policy(m, now);
    do
        import_all(m, now);
    while (m->more && !ending);
    take_orders(m, now);
    keep_record(m, now);
    do
        raise_alerts(m, now);
    while (m->alerting && !ending);
    feed_all(m);
    return write_standing(m, now) && m->as_of == now ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void stop(struct daemon *m)
{
    portal_stop(m->portal);
    daemon_feeds_close(m->feeds);
    daemon_alerts_free(m->alerts);
    daemon_record_close(m->record, now_of(NULL));
    daemon_hand_close(m->hand);
    epoch_file_free(m->people.epochs);
    journal_close(m->journal);
    store_close(m->store);
    daemon_policy_free(m->policy);
}

int main(int argc, char **argv)
{
    struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    struct daemon m = {0};
    int result = EXIT_SUCCESS;
    struct diag d;

    if (!daemon_options_read(argc, argv, &m.o))
        return 2;
    umask(027);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL); /* a file that may grow no more is a full disk like another */
    diag_init(&d);
    if (start(&m, &d) != 0) {
        say_all(&d);
        result = 2;
    } else if (m.o.once) {
        result = once(&m);
    } else {
        serve(&m);
    }
    stop(&m);
    return result;
}
