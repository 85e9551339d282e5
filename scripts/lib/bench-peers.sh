# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# Peers on the same machine, asked by the same load: c-icap's own URL filter srv_url_check with its hash table, on c-icap servers of
# the same settings, and e2guardian as an ICAP server. Sourced by scripts/bench.

e2guardian=''
banned_sites='' # a file of hosts that e2guardian blocks
fetched=${BENCH_FETCHED:-} # where e2guardian's package was unpacked, until the end

# e2guardian's package asks for clamav-daemon, a virus scanner with a service and data of its own, which nothing here needs: it is
# unpacked for the time of the run, not installed.
need_peers() {
    install_packages libc-icap-mod-urlcheck libpcre3 || die "srv_url_check could not be installed"
    if [[ -n $fetched ]] || command -v e2guardian >/dev/null; then return; fi
    fetched=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
    trap clean_up EXIT
    (cd "$fetched" && apt-get -qq download e2guardian >/dev/null 2>&1 && dpkg -x e2guardian_*.deb .) ||
        die "the package e2guardian could not be fetched; see whether apt-get download e2guardian works"
}

prepare_e2guardian() {
    local dir=$work/e2guardian
    mkdir -p "$dir"
    if [[ -n $fetched ]]; then
        e2guardian=$dir/e2guardian
        cp "$fetched/usr/sbin/e2guardian" "$e2guardian"
        cp -R "$fetched/etc/e2guardian" "$dir/etc"
    else
        e2guardian=$(command -v e2guardian)
        cp -R /etc/e2guardian "$dir/etc"
    fi
    if ldd "$e2guardian" | grep 'not found' >&2; then die "e2guardian lacks the libraries above"; fi
    chmod -R a+rX "$dir"
}

# As it is shipped, but for its places, one port for ICAP, as many workers as the others have threads, no access log, and no lists of
# phrases (they look at answers, which are not asked about). It blocks nothing here: its lists are the shipped, empty ones.
write_e2guardian_conf() { # PORT
    local dir=$work/e2guardian user conf list own='icapport|filterip|filterports|transparenthttpsport|httpworkers|nologger|nodaemon'
    own+='|languagedir|loglocation|statlocation|pidfilename|daemonuser|daemongroup'
    if ((${#drop[@]})); then user=c-icap; else user=$(id -un); fi
    conf=$dir/etc/e2guardian.conf
    mkdir -p "$dir/log"
    if ((${#drop[@]})); then chown c-icap "$dir/log"; fi
    [[ -e $conf.shipped ]] || cp "$conf" "$conf.shipped"
    grep -rl /etc/e2guardian "$dir/etc" | grep -v '\.shipped$' | xargs -r sed -i "s#\([^a-z]\)/etc/e2guardian#\1$dir/etc#g"
    sed "s#/etc/e2guardian#$dir/etc#g" "$conf.shipped" |
        grep -vE "^ *($own) *=" >"$conf"
    cat >>"$conf" <<CONF
icapport = $1
filterip = 127.0.0.1
filterports = $(free_port)
httpworkers = $((2 * connections + 8))
nologger = on
nodaemon = on
languagedir = '$dir/etc/languages'
loglocation = '$dir/log/access.log'
statlocation = '$dir/log/stats'
pidfilename = '$dir/run/e2guardian.pid'
daemonuser = '$user'
daemongroup = '$(id -gn "$user")'
CONF
    for list in bannedphraselist weightedphraselist exceptionphraselist; do : >"$dir/etc/lists/$list"; done
    if [[ -n $banned_sites ]]; then cp -- "$banned_sites" "$dir/etc/lists/bannedsitelist"; fi
}

# The hosts that the policy under test opens, which are all of its platforms', with all below them: a refused host is one of them.
urlcheck_conf() {
    find_portreeve
    [[ -e $work/urlcheck/hosts ]] || "$portreeve" hosts "$work/policy" bump | sed 's/^\.//' >"$work/urlcheck/hosts"
    cat <<CONF
TemplateDir /usr/share/c_icap/templates
TemplateDefaultLanguage en
Service url_check srv_url_check.so
url_check.LookupTableDB blocked domain hash:$work/urlcheck/hosts "blocked hosts"
url_check.Profile default block blocked
url_check.Profile default pass ALL
CONF
}

# A peer is asked what it can be asked: neither knows of events or of people, and e2guardian blocks nothing here.
takes_part() { # TARGET WORKLOAD
    case $1 in
    urlcheck) [[ $2 == out || $2 == refused ]] ;;
    e2guardian) [[ $2 == out ]] ;;
    esac
}

# e2guardian's ICAP port cannot be bound to one address. Where we may, the servers get a loopback of their own, out of anybody's reach.
alone() {
    if [[ -n ${BENCH_ALONE:-} || $EUID != 0 ]] || ! command -v ip >/dev/null || ! unshare -n true 2>/dev/null; then return 0; fi
    # shellcheck disable=SC2016 # the inner shell's own
    BENCH_ALONE=yes BENCH_FETCHED=$fetched exec unshare -n -- bash -c 'ip link set lo up && exec "$@"' bench "$0" "$@"
}

bench_peers() {
    prepare_e2guardian
    compare echo again module urlcheck e2guardian
    printf '\nsrv_url_check %s: one table of the kind hash, type domain, of %d hosts (those that the policy opens); its page is the shipped one.\n' \
        "$(dpkg-query -W -f '${Version}' libc-icap-mod-urlcheck 2>/dev/null)" "$(wc -l <"$work/urlcheck/hosts")"
    printf 'e2guardian %s: blocks nothing; it answers what it leaves alone with 200 and the whole request, not with 204.\n' \
        "$("$e2guardian" -v 2>&1 | grep -oE '[0-9]+\.[0-9.]+[0-9]' | head -1)"
}
