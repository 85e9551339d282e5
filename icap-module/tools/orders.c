#include "tools/orders.h"

#include "record/file.h"
#include "record/seal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char suffix[] = ".order";

static int folder_of(const char *store, char folder[ORDER_NAME], struct diag *d)
{
    if ((size_t)snprintf(folder, ORDER_NAME, "%s.orders", store) >= ORDER_NAME)
        return diag_error(d, store, ": is too long a name", NULL);
    return 0;
}

int orders_make(const char *store, struct diag *d)
{
    char folder[ORDER_NAME];

    if (folder_of(store, folder, d) != 0)
        return -1;
    if (mkdir(folder, 0770) != 0)
        return errno == EEXIST ? 0 : diag_error(d, folder, ": cannot be made: ", strerror(errno));
    return chmod(folder, 02770) == 0 ? 0 : diag_error(d, folder, ": cannot be shared: ", strerror(errno));
}

static void put_hex(const unsigned char id[ACT_ID], char to[2 * ACT_ID + 1])
{
    for (size_t i = 0; i < ACT_ID; i++)
        snprintf(to + 2 * i, 3, "%02x", id[i]);
}

static void put_field(struct text *t, struct str value, char end)
{
    text_put(t, value);
    text_putc(t, end);
}

static void put_time(struct text *t, int64_t value)
{
    text_put_u64(t, value > 0 ? (uint64_t)value : 0);
    text_putc(t, '\t');
}

/* 1 reset ALLOWANCE BY USER | 1 hold BY CASE FROM UNTIL REVIEW PSEUDONYM | 1 release BY CASE, with tabs between. */
static void put_line(struct text *t, const struct order *o)
{
    char hex[2 * ACT_ID + 1];

    text_puts(t, o->kind == ORDER_RESET ? "1\treset\t" : o->kind == ORDER_HOLD ? "1\thold\t" : "1\trelease\t");
    if (o->kind == ORDER_RESET)
        put_field(t, o->allowance, '\t');
    put_field(t, o->by, '\t');
    if (o->kind == ORDER_RESET) {
        put_field(t, o->user, '\n');
        return;
    }
    put_field(t, o->reference, o->kind == ORDER_HOLD ? '\t' : '\n');
    if (o->kind == ORDER_HOLD) {
        put_time(t, o->from);
        put_time(t, o->until);
        put_time(t, o->review);
        put_hex(o->person, hex);
        put_field(t, str_of(hex), '\n');
    }
}

int order_put(const char *store, struct order *o, struct diag *d)
{
    char folder[ORDER_NAME], path[ORDER_NAME + 64], id[2 * ACT_ID + 1], text[ORDER_TEXT];
    struct text t;

    if (folder_of(store, folder, d) != 0)
        return -1;
    if (access(folder, F_OK) != 0)
        return diag_error(d, folder, ": is not there: portreeved makes it beside its store when it starts",
                          NULL);
    seal_random(o->id, sizeof o->id);
    put_hex(o->id, id);
    snprintf(path, sizeof path, "%s/%s%s", folder, id, suffix);
    text_init(&t, text, sizeof text);
    put_line(&t, o);
    if (t.cut)
        return diag_error(d, "an order is too long", NULL, NULL);
    return file_replace(path, text, t.n, d);
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_hex(const char *text, unsigned char id[ACT_ID])
{
    for (size_t i = 0; i < ACT_ID; i++) {
        int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        id[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool is_order(const char *name, unsigned char id[ACT_ID])
{
    return strlen(name) == 2 * ACT_ID + sizeof suffix - 1 && strcmp(name + 2 * ACT_ID, suffix) == 0 &&
           take_hex(name, id);
}

static bool take_time(struct str *rest, int64_t *t)
{
    uint64_t value;

    if (!str_u64(str_cut(rest, '\t'), &value) || value == 0 || value > INT64_MAX / 2)
        return false;
    *t = (int64_t)value;
    return true;
}

static bool read_case(struct str rest, struct order *o)
{
    struct str hex;

    o->by = str_cut(&rest, '\t');
    o->reference = str_cut(&rest, o->kind == ORDER_HOLD ? '\t' : '\n');
    if (!o->reference.n || o->reference.n > 64 || str_find(o->reference, '\t') != o->reference.n)
        return false;
    if (o->kind == ORDER_RELEASE)
        return rest.n == 0;
    if (!take_time(&rest, &o->from) || !take_time(&rest, &o->until) || !take_time(&rest, &o->review))
        return false;
    hex = str_cut(&rest, '\n');
    return rest.n == 0 && hex.n == 2 * ACT_ID && take_hex(hex.p, o->person);
}

/* One line, as order_put writes it. */
static bool read_line(struct str text, struct order *o)
{
    struct str rest = text, word;

    for (size_t i = 0; i < text.n; i++)
        if (((unsigned char)text.p[i] < 0x20 && text.p[i] != '\t' && text.p[i] != '\n') || text.p[i] == 0x7f)
            return false;
    if (!str_eq(str_cut(&rest, '\t'), STR("1")))
        return false;
    word = str_cut(&rest, '\t');
    o->kind = str_eq(word, STR("hold")) ? ORDER_HOLD : str_eq(word, STR("release")) ? ORDER_RELEASE : ORDER_RESET;
    if (o->kind != ORDER_RESET)
        return read_case(rest, o);
    if (!str_eq(word, STR("reset")))
        return false;
    o->allowance = str_cut(&rest, '\t');
    o->by = str_cut(&rest, '\t');
    o->user = str_cut(&rest, '\n');
    return rest.n == 0 && o->user.n && o->user.n <= STORE_NAME && o->allowance.n <= STORE_WHAT &&
           str_find(o->user, '\t') == o->user.n;
}

/* Whose file it is did it; root may have been somebody before. */
static void name_giver(const struct stat *st, struct order *o, char room[STORE_BY + 1])
{
    const struct passwd *owner = getpwuid(st->st_uid);
    struct text t;

    text_init(&t, room, STORE_BY + 1);
    if (st->st_uid == 0 && o->by.n) {
        text_put(&t, o->by);
        text_puts(&t, " as ");
    }
    if (owner) {
        text_puts(&t, owner->pw_name);
    } else {
        text_puts(&t, "user ");
        text_put_u64(&t, st->st_uid);
    }
    o->by = text_str(&t);
}

/* A file that is not there any more counts as done. */
static enum order_result take_one(const char *path, struct order *o,
                                  enum order_result (*take)(void *to, const struct order *o), void *to)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    char text[ORDER_TEXT], by[STORE_BY + 1];
    struct stat st;
    ssize_t n;

    if (fd < 0)
        return errno == ENOENT ? ORDER_DONE : ORDER_REFUSED;
    n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, text, sizeof text) : -1;
    close(fd);
    if (n <= 0 || !read_line((struct str){text, (size_t)n}, o))
        return ORDER_REFUSED;
    name_giver(&st, o, by);
    return take(to, o);
}

static void refuse(const char *path, struct diag *d)
{
    char aside[ORDER_NAME + 320];

    snprintf(aside, sizeof aside, "%s.refused", path);
    if (rename(path, aside) == 0)
        diag_error(d, path, ": is no order that can be carried out: it is kept as .refused", NULL);
}

void orders_take(const char *store, enum order_result (*take)(void *to, const struct order *o), void *to,
                 struct diag *d)
{
    char folder[ORDER_NAME], path[ORDER_NAME + 300];
    const struct dirent *entry;
    struct order o;
    DIR *entries;

    if (folder_of(store, folder, d) != 0 || !(entries = opendir(folder)))
        return;
    while ((entry = readdir(entries)) != NULL) {
        o = (struct order){.by = STR_NONE};
        if (!is_order(entry->d_name, o.id))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        switch (take_one(path, &o, take, to)) {
        case ORDER_DONE:
            unlink(path);
            break;
        case ORDER_REFUSED:
            refuse(path, d);
            break;
        case ORDER_LATER:
            break;
        }
    }
    closedir(entries);
}
