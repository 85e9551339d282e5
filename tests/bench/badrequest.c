#include "badrequest_internal.h"

#include <stdlib.h>

static const uint32_t values[] = {
#define GENE(name, values) values,
    BAD_GENES(GENE)
#undef GENE
};

uint32_t bad_gene_values(enum bad_gene g)
{
    return values[g];
}

const char *bad_gene_name(enum bad_gene g)
{
    static const char *const names[] = {
#define GENE(name, values) #name,
        BAD_GENES(GENE)
#undef GENE
    };

    return names[g];
}

uint32_t bad_gene(const struct bad_request *b, enum bad_gene g)
{
    return b->genes->of[g] % values[g];
}

struct bad_request *bad_request_new(const struct artefact *a)
{
    struct bad_request *b = calloc(1, sizeof *b);

    if (!b)
        return NULL;
    b->a = a;
    b->hosts = calloc(a->n[SECTION_HOSTS] ? a->n[SECTION_HOSTS] : 1, sizeof(struct a_host *));
    for (int other = 0; other < 2; other++) {
        for (uint32_t i = 0; b->hosts && i < a->n[SECTION_HOSTS]; i++)
            if ((ARTEFACT_ROWS(a, HOSTS, struct a_host)[i].platform == NO_INDEX) == other)
                b->hosts[b->n_hosts++] = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];
        if (!other)
            b->n_platform_hosts = b->n_hosts;
    }
    if (b->n_platform_hosts)
        return b;
    bad_request_free(b);
    return NULL;
}

void bad_request_free(struct bad_request *b)
{
    if (b)
        free(b->hosts);
    free(b);
}

uint32_t bad_request_hosts(const struct bad_request *b)
{
    return b->n_hosts;
}

uint32_t bad_request_platform_hosts(const struct bad_request *b)
{
    return b->n_platform_hosts;
}

static const struct a_platform *platform_of(const struct bad_request *b, uint32_t host)
{
    uint32_t i = b->hosts[host % b->n_hosts]->platform;

    return &ARTEFACT_ROWS(b->a, PLATFORMS, struct a_platform)[i == NO_INDEX ? 0 : i];
}

uint32_t bad_request_rows(const struct bad_request *b, uint32_t host)
{
    return platform_of(b, host)->rows.n;
}

const struct a_row *bad_row(const struct bad_request *b, enum bad_gene g)
{
    const struct a_list rows = b->platform->rows;

    return &ARTEFACT_ROWS(b->a, ROWS, struct a_row)[rows.n ? rows.at + bad_gene(b, g) % rows.n : 0];
}

struct str bad_from(const struct bad_request *b, size_t mark)
{
    return str_from(text_str(&b->text), mark);
}

/* --- headers
 * --------------------------------------------------------------------------------------------------------------
 */

void bad_add_header(struct bad_request *b, struct str name, struct str value)
{
    size_t cost = name.n + value.n + LINE_COST;

    if (b->n_headers == REQUEST_HEADERS_MAX || cost > b->left)
        return;
    b->left -= cost;
    b->headers[b->n_headers++] = (struct header){name, value};
}

static struct str host_of(const struct bad_request *b, const struct a_host *host)
{
    struct str name = artefact_str(b->a, host->name);

    return name.n && name.p[0] == '.' ? str_from(name, 1) : name;
}

static void put_host(struct bad_request *b, const struct a_host *host)
{
    struct str name = host_of(b, host);

    text_puts(&b->text, "https://");
    for (uint32_t i = 0; host->flags & HOST_SUBDOMAINS && i < bad_gene(b, BAD_labels); i++)
        if (name.n + 2 * (i + 1) <= REQUEST_HOST_MAX)
            text_puts(&b->text, "a.");
    text_put(&b->text, name);
}

static size_t room(const struct bad_request *b)
{
    return b->left > 64 ? b->left - 64 : 0;
}

static void add_referer(struct bad_request *b, const struct a_host *own)
{
    const struct a_host *host =
        bad_gene(b, BAD_referer) == 2 ? b->hosts[bad_gene(b, BAD_ref_query_row) % b->n_hosts] : own;
    size_t mark = b->text.n, size = bad_gene(b, BAD_ref_query_size);

    if (bad_gene(b, BAD_referer) == 0)
        return;
    put_host(b, host);
    bad_put_path(b, BAD_ref_path, room(b) > 512 ? room(b) - 512 : 0);
    if (bad_gene(b, BAD_ref_query) != BAD_PAIRS_NONE) {
        size_t rest = room(b) > b->text.n - mark ? room(b) - (b->text.n - mark) : 0;

        text_putc(&b->text, '?');
        bad_put_pairs(b, bad_gene(b, BAD_ref_query), artefact_str(b->a, bad_row(b, BAD_ref_query_row)->key),
                      size < rest ? size : rest);
    }
    bad_add_header(b, bad_gene(b, BAD_referer) == 3 ? STR("Origin") : STR("Referer"), bad_from(b, mark));
}

static void put_cookie(struct bad_request *b, struct str name)
{
    switch (bad_gene(b, BAD_cookie)) {
    case 1:
        text_puts(&b->text, ";");
        break;
    case 2:
        text_puts(&b->text, "a;");
        break;
    case 3:
        bad_put_near(b, name);
        text_puts(&b->text, "=1;");
        break;
    case 4:
        text_puts(&b->text, "  =;");
        break;
    case 5:
        text_put(&b->text, name);
        text_puts(&b->text, "=;");
        break;
    default:
        bad_repeat(b, STR("                    \t"), 4096);
        text_putc(&b->text, ';');
        break;
    }
}

static void add_cookies(struct bad_request *b)
{
    struct str name = artefact_str(b->a, bad_row(b, BAD_cookie_row)->key);
    uint32_t lines = bad_gene(b, BAD_cookies) ? bad_gene(b, BAD_cookies) : 1;

    for (uint32_t i = 0; bad_gene(b, BAD_cookie) && i < lines; i++) {
        size_t size = bad_gene(b, BAD_cookie_size) / lines, mark = b->text.n;

        size = size < room(b) ? size : room(b);
        while (b->text.n - mark < size && !b->text.cut)
            put_cookie(b, name);
        b->text.n = mark + size;
        bad_add_header(b, STR("Cookie"), bad_from(b, mark));
    }
}

/* Headers that nothing asks for, by names that differ from those that something asks for in the last byte
 * alone; the last two: those of the platform's own row, and one that is asked for. */
static void add_more(struct bad_request *b)
{
    static const struct str names[] = {{"sec-fetch-desu", 14},
                                       {"sec-fetch-sitf", 14},
                                       {"sec-fetch-modf", 14},
                                       {"sec-fetch-uses", 14},
                                       {"sec-purposf", 11},
                                       {"purposf", 7},
                                       {"x-mo{", 5},
                                       {"referes", 7},
                                       {"origio", 6},
                                       {"cookif", 6},
                                       {"accepu", 6},
                                       {"upgradf", 7},
                                       {"content-typf", 12},
                                       {"content-encodinh", 16},
                                       {"a", 1},
                                       {"cookie", 6}};
    uint32_t which = bad_gene(b, BAD_header_name);
    struct str name = which < 16 ? names[which] : artefact_str(b->a, bad_row(b, BAD_op_row)->key);

    for (uint32_t i = 0; i < bad_gene(b, BAD_headers); i++)
        bad_add_header(b, name.n ? name : STR("x"), which == 15 ? STR(";") : STR_NONE);
}

/* --- all of it
 * ------------------------------------------------------------------------------------------------------------
 */

static void add_operation(struct bad_request *b)
{
    const struct a_row *row = bad_row(b, BAD_op_row), *from = NULL;
    struct str name = artefact_str(b->a, row->operation);
    size_t mark = b->text.n;

    for (uint32_t i = 0; i < b->platform->rows.n && !from; i++) {
        const struct a_row *at = &ARTEFACT_ROWS(b->a, ROWS, struct a_row)[b->platform->rows.at + i];

        if (at->kind == ROW_OPERATION && at->source == FROM_HEADER)
            from = at;
    }
    if (!from || bad_gene(b, BAD_op) == 0)
        return;
    if (bad_gene(b, BAD_op) == 1)
        text_put(&b->text, name);
    else if (bad_gene(b, BAD_op) == 2)
        bad_put_near(b, name);
    else
        bad_repeat(b, name.n ? name : STR("a"), 128);
    bad_add_header(b, artefact_str(b->a, from->key), bad_from(b, mark));
}

static void add_person(struct bad_request *b, struct request *r)
{
    uint32_t n = b->a->n[SECTION_GROUPS], members = b->a->n[SECTION_MEMBERS];

    if (bad_gene(b, BAD_user) == 1 && members)
        r->user = artefact_str(
            b->a, ARTEFACT_ROWS(b->a, MEMBERS, struct a_member)[bad_gene(b, BAD_body_row) % members].user);
    else if (bad_gene(b, BAD_user))
        r->user =
            bad_gene(b, BAD_user) == 2 ? STR("COUNCIL\\nobody.of.that.name@council.example") : STR("nobody");
    r->has_groups = bad_gene(b, BAD_groups) > 0;
    for (; r->has_groups && r->n_groups < REQUEST_GROUPS_MAX; r->n_groups++)
        b->groups[r->n_groups] =
            bad_gene(b, BAD_groups) == 1 && n
                ? artefact_str(b->a, ARTEFACT_ROWS(b->a, GROUPS, struct a_group)[r->n_groups % n].name)
                : STR("CN=Nobody,OU=Groups,DC=council,DC=example");
    r->groups = b->groups;
    r->client_ip = bad_gene(b, BAD_client) == 0   ? STR("127.0.0.1")
                   : bad_gene(b, BAD_client) == 1 ? STR("2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff")
                                                  : STR_NONE;
}

static void add_small_headers(struct bad_request *b)
{
    static const struct str dests[] = {{NULL, 0},    {"document", 8}, {"empty", 5},
                                       {"image", 5}, {"iframe", 6},   {"documenu", 8}};

    if (bad_gene(b, BAD_dest))
        bad_add_header(b, STR("Sec-Fetch-Dest"), dests[bad_gene(b, BAD_dest)]);
    if (bad_gene(b, BAD_accept))
        bad_add_header(b, STR("Accept"), STR("text/html"));
    if (bad_gene(b, BAD_upgrade))
        bad_add_header(b, STR("Upgrade"), STR("websocket"));
}

struct request bad_request_make(struct bad_request *b, const struct bad_genes *genes)
{
    static const struct str methods[] = {{"GET", 3}, {"POST", 4},    {"OPTIONS", 7},
                                         {"PUT", 3}, {"CONNECT", 7}, {"DELETE", 6}};
    const struct a_host *host = b->hosts[genes->of[BAD_host] % b->n_hosts];
    struct request r = {.method = methods[genes->of[BAD_method] % 6], .now = 1779000000};
    size_t size;

    b->genes = genes;
    b->platform = platform_of(b, genes->of[BAD_host]);
    b->n_headers = 0;
    text_init(&b->text, b->storage, sizeof b->storage);
    put_host(b, host);
    bad_put_path(b, BAD_path, TARGET_MAX - b->text.n);
    size = TARGET_MAX - b->text.n;
    if (bad_gene(b, BAD_query) != BAD_PAIRS_NONE && size > 1) {
        text_putc(&b->text, '?');
        size--;
        bad_put_pairs(b, bad_gene(b, BAD_query), artefact_str(b->a, bad_row(b, BAD_query_row)->key),
                      size < bad_gene(b, BAD_query_size) ? size : bad_gene(b, BAD_query_size));
    }
    r.target = text_str(&b->text);
    if (bad_gene(b, BAD_method) == 4)
        r.target = str_from(str_upto(r.target, 8 + str_find(str_from(r.target, 8), '/')), 8);
    b->left = HEAD_MAX - r.target.n - 64;
    if (bad_gene(b, BAD_headers_first))
        add_more(b);
    add_small_headers(b);
    add_operation(b);
    bad_add_body(b, &r);
    if (bad_gene(b, BAD_referer_first))
        add_referer(b, host);
    add_cookies(b);
    if (!bad_gene(b, BAD_referer_first))
        add_referer(b, host);
    if (!bad_gene(b, BAD_headers_first))
        add_more(b);
    add_person(b, &r);
    r.headers = b->headers;
    r.n_headers = b->n_headers;
    r.body_whole = bad_gene(b, BAD_body_whole);
    return r;
}
