#include "tools/access.h"

#include "record/file.h"
#include "tools/json_words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int add(const char *path, const char *line, size_t n, struct diag *d)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0640), result = 0;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        result = diag_error(d, path, ": the access log cannot be written, and nothing is done without it: ",
                            fd < 0 ? strerror(errno) : "it is no regular file");
    else if (file_write_synced(fd, line, n) != 0)
        result = diag_error(d, path, ": the access log cannot be written, and nothing is done without it: ",
                            strerror(errno));
    if (fd >= 0)
        close(fd);
    return result;
}

int access_note(const char *path, int64_t now, json_t *what, struct diag *d)
{
    json_t *line = json_object();
    char *text = NULL, *whole = NULL;
    int result;

    json_object_set_new(line, "time", json_time(now));
    json_object_set_new(line, "who", json_publisher());
    json_object_update(line, what);
    text = what ? json_dumps(line, JSON_COMPACT) : NULL; /* NULL: what was to be said could not be put together */
    if (text)
        whole = malloc(strlen(text) + 2);
    if (whole) { /* behind a line feed of its own: a line that was cut off spoils no other */
        whole[0] = '\n';
        memcpy(whole + 1, text, strlen(text));
        whole[1 + strlen(text)] = '\n';
        result = add(path, whole, strlen(text) + 2, d);
    } else {
        result = diag_error(d, path, ": what is to be logged cannot be put into words, and nothing is done without it", NULL);
    }
    free(whole);
    free(text);
    json_decref(line);
    json_decref(what);
    return result;
}
