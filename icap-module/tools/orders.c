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
    text_puts(&t, "1\treset\t");
    text_put(&t, o->allowance);
    text_putc(&t, '\t');
    text_put(&t, o->by);
    text_putc(&t, '\t');
    text_put(&t, o->user);
    text_putc(&t, '\n');
    if (t.cut)
        return diag_error(d, "an order is too long", NULL, NULL);
    return file_replace(path, text, t.n, d);
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_order(const char *name, unsigned char id[ACT_ID])
{
    if (strlen(name) != 2 * ACT_ID + sizeof suffix - 1 || strcmp(name + 2 * ACT_ID, suffix) != 0)
        return false;
    for (size_t i = 0; i < ACT_ID; i++) {
        int high = nibble(name[2 * i]), low = nibble(name[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        id[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* One line, as order_put writes it. */
static bool read_line(struct str text, struct order *o)
{
    struct str rest = text;

    if (!str_eq(str_cut(&rest, '\t'), STR("1")) || !str_eq(str_cut(&rest, '\t'), STR("reset")))
        return false;
    o->allowance = str_cut(&rest, '\t');
    o->by = str_cut(&rest, '\t');
    o->user = str_cut(&rest, '\n');
    for (size_t i = 0; i < text.n; i++)
        if (((unsigned char)text.p[i] < 0x20 && text.p[i] != '\t' && text.p[i] != '\n') || text.p[i] == 0x7f)
            return false;
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
