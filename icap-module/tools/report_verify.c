#include "tools/report_verify.h"

#include "record/base64.h"
#include "record/bundle.h"
#include "record/chain.h"
#include "record/file.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PURPOSE "portreeve-report"
#define WORD "portreeve-report-signature 1 "
#define MANIFEST "manifest.json"

enum { PATH_SIZE = 4096, MANIFEST_MAX = 1 << 20, SIGNATURE_LINE = 256, HASH = 32 };

int report_signature_write(const char *path, const struct sign_key *key, struct str manifest, struct diag *d)
{
    unsigned char signature[SIGNATURE];
    char public[64], text[128], line[SIGNATURE_LINE];
    int n;

    sign_make(key, PURPOSE, manifest, signature);
    base64_write(key->public, SIGN_PUBLIC, public, sizeof public);
    base64_write(signature, SIGNATURE, text, sizeof text);
    n = snprintf(line, sizeof line, WORD "%s %s\n", public, text);
    return file_replace(path, line, (size_t)n, d);
}

struct checking {
    const char *folder;
    const struct verify_how *how;
    struct verify_result *result;
    struct diag *d;
    json_t *files; /* of the manifest, by name */
};

static void say(struct checking *c, enum finding kind, const char *where, const char *text)
{
    if (kind == FINDING_FAIL)
        c->result->fails++;
    else
        c->result->notes++;
    c->how->say(c->how->to, kind, where, text);
}

static bool path_of(const struct checking *c, const char *name, char path[PATH_SIZE])
{
    return (size_t)snprintf(path, PATH_SIZE, "%s/%s", c->folder, name) < PATH_SIZE;
}

bool report_is(const char *folder)
{
    struct checking c = {.folder = folder};
    char path[PATH_SIZE];

    return path_of(&c, MANIFEST, path) && access(path, F_OK) == 0;
}

/* ---- the signature ---- */

static bool exact(struct str text, unsigned char *to, size_t size)
{
    size_t n;

    return base64_read(text, to, size, &n) && n == size;
}

static bool read_signature(struct str line, unsigned char public[SIGN_PUBLIC],
                           unsigned char signature[SIGNATURE])
{
    struct str word = STR(WORD);

    if (line.n < word.n || memcmp(line.p, word.p, word.n) != 0)
        return false;
    line = str_from(line, word.n);
    return exact(str_cut(&line, ' '), public, SIGN_PUBLIC) &&
           exact(str_cut(&line, '\n'), signature, SIGNATURE);
}

static void tell_signer(struct checking *c, const unsigned char public[SIGN_PUBLIC])
{
    char words[FINGERPRINT_TEXT], text[160];

    if (c->how->public)
        return;
    sign_fingerprint(public, words);
    snprintf(text, sizeof text, "is signed by the key %s: compare it with the council's, or give --key",
             words);
    say(c, FINDING_NOTE, REPORT_SIGNATURE, text);
}

static int check_signature(struct checking *c, struct str manifest)
{
    unsigned char public[SIGN_PUBLIC], signature[SIGNATURE];
    char path[PATH_SIZE], *line = NULL;
    size_t size;
    bool there;

    if (!path_of(c, REPORT_SIGNATURE, path) ||
        file_read_all(path, SIGNATURE_LINE, &line, &size, &there, c->d) != 0)
        return -1;
    if (!there)
        say(c, c->how->public ? FINDING_FAIL : FINDING_NOTE, REPORT_SIGNATURE,
            "is not there: the report is not signed, and anybody could have made it anew with other figures");
    else if (!read_signature((struct str){line, size}, public, signature))
        say(c, FINDING_FAIL, REPORT_SIGNATURE, "is no signature of a report, or was changed");
    else if (c->how->public && memcmp(public, c->how->public, SIGN_PUBLIC) != 0)
        say(c, FINDING_FAIL, REPORT_SIGNATURE, "is by another key than the one that was given");
    else if (!sign_check(public, PURPOSE, manifest, signature))
        say(c, FINDING_FAIL, MANIFEST, "was changed after it was signed");
    else
        tell_signer(c, public);
    free(line);
    return 0;
}

/* ---- the files ---- */

static void check_file(struct checking *c, const char *name, const json_t *row)
{
    unsigned char hash[HASH], wanted[HASH];
    char path[PATH_SIZE];
    const char *hex = json_string_value(json_object_get(row, "sha256"));
    struct diag ignored;
    struct stat st;

    diag_init(&ignored);
    if (!bundle_name(str_of(name)) || strchr(name, '/') || !path_of(c, name, path))
        say(c, FINDING_FAIL, MANIFEST, "names something that is no file of a report");
    else if (stat(path, &st) != 0)
        say(c, FINDING_FAIL, name, "is missing");
    else if (!hex || !chain_unhex(str_of(hex), wanted, sizeof wanted) ||
             bundle_sha256(path, hash, &ignored) != 0 || memcmp(hash, wanted, sizeof hash) != 0 ||
             st.st_size != json_integer_value(json_object_get(row, "bytes")))
        say(c, FINDING_FAIL, name, "is not what it was when the report was made");
    c->result->records++;
}

static int find_strangers(struct checking *c)
{
    DIR *dir = opendir(c->folder);

    if (!dir)
        return diag_error(c->d, c->folder, ": cannot be listed: ", strerror(errno));
    for (const struct dirent *e = readdir(dir); e; e = readdir(dir))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && strcmp(e->d_name, MANIFEST) != 0 &&
            strcmp(e->d_name, REPORT_SIGNATURE) != 0 && !json_object_get(c->files, e->d_name))
            say(c, FINDING_FAIL, e->d_name, "is no part of this report: it was put there later");
    closedir(dir);
    return 0;
}

static int check_manifest(struct checking *c, struct str bytes)
{
    json_t *o = json_loadb(bytes.p, bytes.n, 0, NULL), *row;
    const char *name;
    size_t i;

    json_array_foreach(json_object_get(o, "files"), i, row)
    {
        name = json_string_value(json_object_get(row, "name"));
        if (name)
            json_object_set(c->files, name, row);
    }
    if (!json_is_array(json_object_get(o, "files")) || json_object_size(c->files) == 0)
        say(c, FINDING_FAIL, MANIFEST, "is no manifest of a report, or was changed");
    json_object_foreach(c->files, name, row) check_file(c, name, row);
    json_decref(o);
    return find_strangers(c);
}

int report_verify(const char *folder, const struct verify_how *how, struct verify_result *result,
                  struct diag *d)
{
    struct checking c = {folder, how, result, d, json_object()};
    char path[PATH_SIZE], *text = NULL;
    size_t size;
    bool there;
    int bad = -1;

    *result = (struct verify_result){.fails = 0};
    if (seal_init(d) == 0 && path_of(&c, MANIFEST, path) &&
        file_read_all(path, MANIFEST_MAX, &text, &size, &there, d) == 0) {
        if (!there)
            diag_error(d, path, ": there is no such file", NULL);
        else if (check_signature(&c, (struct str){text, size}) == 0)
            bad = check_manifest(&c, (struct str){text, size});
    }
    free(text);
    json_decref(c.files);
    return bad;
}
