/* The formats that lists come in, line by line. */
#include "compile/lists_import_internal.h"

#include <arpa/inet.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word, and what follows it. */
static struct str word(struct str *rest)
{
    size_t n = 0;
    struct str w;

    *rest = str_trim(*rest);
    while (n < rest->n && !blank(rest->p[n]))
        n++;
    w = str_upto(*rest, n);
    *rest = str_from(*rest, n);
    return w;
}

/* Without a comment behind a blank. */
static struct str without_comment(struct str line, char mark)
{
    for (size_t i = 1; i < line.n; i++)
        if (line.p[i] == mark && blank(line.p[i - 1]))
            return str_trim(str_upto(line, i));
    return line;
}

/* ---- hosts files: "0.0.0.0 name name" ---- */

static bool is_ip(struct str s)
{
    unsigned char to[sizeof(struct in6_addr)];
    char z[INET6_ADDRSTRLEN];

    if (s.n == 0 || s.n >= sizeof z)
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return inet_pton(AF_INET, z, to) == 1 || inet_pton(AF_INET6, z, to) == 1;
}

/* What every such file says of the machine itself. */
static bool own_name(struct str name)
{
    static const char *const names[] = {"localhost", "localhost.localdomain", "local", "broadcasthost",
                                        "ip6-localhost", "ip6-loopback", "ip6-localnet", "ip6-mcastprefix",
                                        "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "0.0.0.0"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_ieq(name, str_of(names[i])))
            return true;
    return false;
}

static void hosts_line(struct list_lines *l, struct str line)
{
    struct str rest = without_comment(line, '#'), name = word(&rest);

    if (!is_ip(name) || !str_trim(rest).n) {
        list_leave(l, LEFT_BROKEN, line);
        return;
    }
    while ((name = word(&rest)).n)
        if (!own_name(name))
            list_host(l, name, CATDB_EXACT);
}

/* ---- Adblock: "||name^", with options that do not narrow it ---- */

static bool harmless_options(struct str options)
{
    static const char *const words[] = {"all", "important", "document", "doc", "popup"};

    while (options.n) {
        struct str option = str_cut(&options, ',');
        bool known = false;

        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            known |= str_eq(option, str_of(words[i]));
        if (!known)
            return false;
    }
    return true;
}

static void adblock_line(struct list_lines *l, struct str line)
{
    struct str rest = str_from(line, 2), name = str_upto(rest, str_find(rest, '^'));

    if (line.p[0] == '/' && line.n > 1) {
        list_leave(l, LEFT_REGEX, line);
    } else if (!str_istarts(line, STR("||")) || name.n == rest.n || str_find(name, '/') < name.n) {
        list_leave(l, LEFT_RULE, line);
    } else {
        rest = str_from(rest, name.n + 1);
        if (rest.n && (rest.p[0] != '$' || !harmless_options(str_from(rest, 1))))
            list_leave(l, LEFT_RULE, line);
        else
            list_host(l, name, 0);
    }
}

/* ---- response policy zones: "name CNAME ." ---- */

static struct str without_origin(const struct list_lines *l, struct str name)
{
    size_t n = l->origin.n;

    if (name.n == 0 || name.p[name.n - 1] != '.')
        return name;
    name.n--;
    if (n && name.n > n && name.p[name.n - n - 1] == '.' && str_ieq(str_from(name, name.n - n), l->origin))
        name.n -= n + 1;
    return name;
}

static bool ends_in(struct str s, struct str end)
{
    return s.n >= end.n && str_ieq(str_from(s, s.n - end.n), end);
}

static void set_origin(struct list_lines *l, struct str name)
{
    if (name.n && name.p[name.n - 1] == '.')
        name.n--;
    if (name.n > sizeof l->origin_room)
        return;
    memcpy(l->origin_room, name.p, name.n);
    l->origin = (struct str){l->origin_room, name.n};
}

/* Owner, then perhaps a time to live and a class, the type, the data. */
static void rpz_line(struct list_lines *l, struct str line)
{
    struct str rest = str_upto(line, str_find(line, ';')), owner = word(&rest), type = word(&rest);
    uint64_t ttl;

    if (str_ieq(owner, STR("$ORIGIN")))
        set_origin(l, type);
    while (str_u64(type, &ttl) || str_ieq(type, STR("IN")))
        type = word(&rest);
    if (owner.n == 0 || owner.p[0] == '$' || owner.p[0] == '@' || owner.p[0] == '(' || owner.p[0] == ')' ||
        str_u64(owner, &ttl) || str_ieq(type, STR("SOA")) || str_ieq(type, STR("NS")))
        return; /* the zone's own */
    owner = without_origin(l, owner);
    if (ends_in(owner, STR(".rpz-ip")) || ends_in(owner, STR(".rpz-client-ip")) || ends_in(owner, STR(".rpz-nsip")) ||
        ends_in(owner, STR(".rpz-nsdname")))
        list_leave(l, LEFT_RANGE, line);
    else if (str_ieq(type, STR("CNAME")) && (rest = str_trim(rest), str_eq(rest, STR(".")) || str_eq(rest, STR("*.")) ||
                                                                        str_ieq(rest, STR("rpz-drop."))))
        list_host(l, owner, CATDB_EXACT);
    else
        list_leave(l, LEFT_RULE, line);
}

/* ---- CSV with a heading for hosts or addresses ---- */

/* The next cell, without its quotes. */
static struct str cell(struct str *rest, char delimiter)
{
    struct str s;

    *rest = str_trim(*rest);
    if (rest->n && rest->p[0] == '"') {
        s = str_from(*rest, 1);
        s = str_upto(s, str_find(s, '"'));
        *rest = str_from(*rest, s.n + 2);
        str_cut(rest, delimiter);
        return s;
    }
    return str_trim(str_cut(rest, delimiter));
}

static char delimiter_of(struct str line)
{
    return str_find(line, ',') < line.n ? ',' : str_find(line, ';') < line.n ? ';' : '\t';
}

/* The column that a heading names: addresses before names, as they say more. */
static int find_column(struct str line)
{
    static const char *const names[] = {"url", "host", "hostname", "domain", "name", "site"};
    char delimiter = delimiter_of(line);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str rest = line;

        for (int at = 0; rest.n; at++)
            if (str_ieq(cell(&rest, delimiter), str_of(names[i])))
                return at;
    }
    return -1;
}

static void csv_line(struct list_lines *l, struct str line)
{
    char delimiter = delimiter_of(line);
    struct str value = STR_NONE, rest = line;

    if (l->csv_column < 0) {
        l->csv_column = find_column(line);
        if (l->csv_column < 0)
            list_leave(l, LEFT_BROKEN, line);
        return;
    }
    for (int at = 0; at <= l->csv_column && rest.n; at++)
        value = cell(&rest, delimiter);
    if (!value.n)
        list_leave(l, LEFT_BROKEN, line);
    else if (str_find(value, '/') < value.n)
        list_url(l, value);
    else
        list_host(l, value, 0);
}

/* ---- any of them ---- */

static bool holds(struct str line, const char *what)
{
    struct str w = str_of(what);

    for (size_t i = 0; i + w.n <= line.n; i++)
        if (str_ieq(str_upto(str_from(line, i), w.n), w))
            return true;
    return false;
}

/* By the first line that is no comment. */
static enum list_format guess(struct str line)
{
    struct str rest = line, first = word(&rest);

    if (str_istarts(line, STR("||")) || str_istarts(line, STR("@@")) || holds(line, "##"))
        return LIST_ADBLOCK;
    if (line.p[0] == '$' || line.p[0] == '@' || holds(line, " CNAME ") || holds(line, "\tCNAME\t") || holds(line, " SOA "))
        return LIST_RPZ;
    if (is_ip(first) && str_trim(rest).n)
        return LIST_HOSTS;
    if (find_column(line) >= 0 || str_find(line, ',') < line.n)
        return LIST_CSV;
    return str_find(line, '/') < line.n ? LIST_URLS : LIST_DOMAINS;
}

/* A heading may stand in a comment: "# id,dateadded,url". */
static void comment(struct list_lines *l, struct str line)
{
    if (l->csv_column < 0 && (l->format == LIST_CSV || l->format == LIST_AUTO) && str_find(line, ',') < line.n) {
        l->csv_column = find_column(str_trim(str_from(line, 1)));
        if (l->csv_column >= 0)
            l->format = LIST_CSV;
    }
}

static bool is_comment(const struct list_lines *l, struct str line)
{
    char c = line.p[0];

    if (l->format == LIST_ADBLOCK || l->format == LIST_AUTO)
        return c == '!' || c == '[' || (c == '#' && !str_istarts(line, STR("##")));
    return c == '#' || (c == ';' && l->format == LIST_RPZ);
}

void list_line(struct list_lines *l, struct str line)
{
    if (l->line == 1 && str_istarts(line, STR("\xef\xbb\xbf")))
        line = str_trim(str_from(line, 3));
    if (line.n == 0)
        return;
    if (is_comment(l, line)) {
        if (l->format == LIST_AUTO && str_istarts(line, STR("[Adblock")))
            l->format = LIST_ADBLOCK;
        comment(l, line);
        return;
    }
    if (l->format == LIST_AUTO)
        l->format = guess(line);
    l->tally->lines++;
    switch (l->format) {
    case LIST_HOSTS:
        hosts_line(l, line);
        break;
    case LIST_ADBLOCK:
        adblock_line(l, line);
        break;
    case LIST_RPZ:
        rpz_line(l, line);
        break;
    case LIST_CSV:
        csv_line(l, line);
        break;
    case LIST_EXPRESSIONS:
        list_leave(l, LEFT_REGEX, line);
        break;
    case LIST_URLS:
        list_url(l, without_comment(line, '#'));
        break;
    default:
        list_host(l, without_comment(line, '#'), 0);
        break;
    }
}

/* ---- pieces of a file to lines ---- */

static void whole_line(struct list_lines *l, struct str line)
{
    l->line++;
    if (l->too_long) {
        l->too_long = false;
        l->tally->lines++;
        list_leave(l, LEFT_LONG, str_upto(line, LISTS_SAMPLE));
        return;
    }
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    list_line(l, str_trim(line));
}

/* What has no end yet waits for the next piece. */
static void carry(struct list_lines *l, const char *bytes, size_t n)
{
    if (l->n_carry + n > sizeof l->carry) {
        l->too_long = true;
        n = sizeof l->carry - l->n_carry;
    }
    memcpy(l->carry + l->n_carry, bytes, n);
    l->n_carry += n;
}

/* A file begins with these bytes that is no text as lists are written. */
static const char *no_text(struct str s)
{
    static const char utf16[] = "is UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)",
                      packed[] = "is packed: unpack it, or give it as .tar.gz, .tar.xz, .tar.bz2 or .tar.zst";
    static const struct {
        struct str begin;
        const char *what;
    } rows[] = {{{"\xff\xfe", 2}, utf16},   {{"\xfe\xff", 2}, utf16},  {{"\x1f\x8b", 2}, packed},
                {{"PK\3\4", 4}, packed},    {{"BZh", 3}, packed},      {{"\xfd\x37zXZ", 5}, packed},
                {{"\x28\xb5\x2f\xfd", 4}, packed}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(str_upto(s, rows[i].begin.n), rows[i].begin))
            return rows[i].what;
    return s.n > 1 && (!s.p[0] != !s.p[1]) ? utf16 : NULL; /* of letters that are ASCII, without its mark */
}

bool list_lines_feed(struct list_lines *l, const char *bytes, size_t n)
{
    struct str rest = {bytes, n};

    if (!l->begun && n)
        l->no_text = no_text(rest);
    l->begun |= n > 0;
    if (l->no_text) {
        l->tally->no_text = l->no_text;
        return true;
    }
    while (rest.n && !l->full) {
        size_t at = str_find(rest, '\n');
        struct str line = str_upto(rest, at);

        if (at == rest.n) {
            carry(l, rest.p, rest.n);
            break;
        }
        if (l->n_carry) {
            carry(l, line.p, line.n);
            line = (struct str){l->carry, l->n_carry};
        } else if (line.n > sizeof l->carry) {
            l->too_long = true;
        }
        l->n_carry = 0;
        whole_line(l, line);
        rest = str_from(rest, at + 1);
    }
    return !l->full;
}

/* A name without its line's end may be the beginning of another: example.co of example.com. */
bool list_lines_end(struct list_lines *l)
{
    if (l->n_carry && !l->full) {
        l->line++;
        l->tally->lines++;
        list_leave(l, LEFT_UNENDED, (struct str){l->carry, l->n_carry});
    }
    return !l->full;
}
