/* Writing a report's files. */
#include "tools/report_make.h"

#include "compile/source.h"
#include "record/file.h"
#include "report/manifest.h"
#include "report/report.h"
#include "tools/report_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"

enum { FILES = 5, PATH_SIZE = 4096 };

struct making {
    const struct report_order *o;
    struct html forms[FILES];
    struct manifest_file files[FILES];
    size_t n;
    struct diag *d;
};

/* In the folder of the report; false where the name would be too long. */
static bool path_of(const struct making *m, const char *name, char path[PATH_SIZE])
{
    return (size_t)snprintf(path, PATH_SIZE, "%s/%s", m->o->out, name) < PATH_SIZE;
}

static int keep(struct making *m, const char *name, struct str bytes)
{
    char path[PATH_SIZE];

    if (!path_of(m, name, path))
        return diag_error(m->d, m->o->out, ": this name is too long", NULL);
    if (file_replace(path, bytes.p, bytes.n, m->d) != 0)
        return -1;
    m->files[m->n++] = (struct manifest_file){name, bytes};
    return 0;
}

/* Runs WeasyPrint with the day of the report as its clock. False where there is none, or it fails. */
static bool print_pdf(const char *html, const char *pdf, int64_t made)
{
    char epoch[32];
    int status;
    pid_t child;

    snprintf(epoch, sizeof epoch, "%lld", (long long)made);
    child = fork();
    if (child == 0) {
        setenv("SOURCE_DATE_EPOCH", epoch, 1);
        execlp("weasyprint", "weasyprint", "--quiet", "--pdf-variant", "pdf/ua-1", html, pdf, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The PDF is a copy for convenience: a report without it is whole. */
static void make_pdf(struct making *m, int64_t made, struct str *pdf)
{
    char from[PATH_SIZE], to[PATH_SIZE];

    if (m->o->no_pdf || !path_of(m, "report.html", from) || !path_of(m, "report.pdf", to))
        return;
    if (!print_pdf(from, to, made) || source_read_file(to, pdf, m->d) != 0) {
        unlink(to);
        fprintf(stderr, "portreeve report: no PDF was made: WeasyPrint is missing or failed (Debian: apt-get "
                        "install weasyprint). "
                        "report.html can be printed from a browser.\n");
        return;
    }
    m->files[m->n++] = (struct manifest_file){"report.pdf", *pdf};
}

/* Over the manifest's bytes, which name every other file by its digest. */
static int sign(const struct making *m, struct str manifest)
{
    struct sign_key key;
    char path[PATH_SIZE];
    int result = -1;

    if (!m->o->signing_key) {
        fprintf(stderr,
                "portreeve report: %s is not signed: anybody could make it anew with other figures. Give --signing-key\n",
                m->o->out);
        return 0;
    }
    if (sign_key_read(m->o->signing_key, &key, m->d) == 0) {
        if (path_of(m, REPORT_SIGNATURE, path))
            result = report_signature_write(path, &key, manifest, m->d);
        sign_key_wipe(&key);
    }
    return result;
}

static int finish(struct making *m, const struct report_input *in)
{
    struct manifest all = {.version = PACKAGE_VERSION,
                           .reference = in->panel.reference,
                           .made = in->made,
                           .files = m->files,
                           .n = m->n};
    struct html text = {0};
    char path[PATH_SIZE];
    int result = -1;

    if (manifest_write(&all, &text) != 0 || !path_of(m, "manifest.json", path))
        diag_error(m->d, "out of memory: the manifest was not written", NULL, NULL);
    else if (file_replace(path, text.p, text.n, m->d) == 0)
        result = sign(m, (struct str){text.p, text.n});
    html_free(&text);
    return result;
}

static struct str bytes_of(const struct html *h)
{
    return (struct str){h->p, h->n};
}

/* The manifest comes last: a folder without one is no report. */
static int write_all(struct making *m, const struct report_input *in, struct str json)
{
    struct str pdf = STR_NONE;
    int result = -1;

    if (mkdir(m->o->out, 0750) != 0)
        return diag_error(
            m->d, m->o->out,
            errno == EEXIST
                ? ": is there already: name a folder that is not, so that no report is written over"
                : ": cannot be made: ",
            errno == EEXIST ? NULL : strerror(errno));
    if (keep(m, "report.html", bytes_of(&m->forms[0])) == 0 &&
        keep(m, "report.csv", bytes_of(&m->forms[1])) == 0 &&
        keep(m, "report.json", bytes_of(&m->forms[2])) == 0 && keep(m, "input.json", json) == 0) {
        make_pdf(m, in->made, &pdf);
        result = finish(m, in);
    }
    free((char *)(uintptr_t)pdf.p);
    return result;
}

static int make(struct making *m, struct str json)
{
    struct report_input in;
    struct doc doc = {0};
    int result = -1;

    if (input_read(json, &in, m->d) == 0 && report_write(&in, &doc, m->d) == 0) {
        if (out_html(&doc, &m->forms[0]) != 0 || out_csv(&doc, &m->forms[1]) != 0 ||
            out_json(&doc, &m->forms[2]) != 0)
            diag_error(m->d, "out of memory: no report was written", NULL, NULL);
        else
            result = write_all(m, &in, json);
    }
    doc_free(&doc);
    input_free(&in);
    return result;
}

int report_make(const struct report_order *o, struct str json, struct diag *d)
{
    struct making m = {.o = o, .d = d};
    int result = make(&m, json);

    for (size_t i = 0; i < FILES; i++)
        html_free(&m.forms[i]);
    return result;
}
