# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# What every part of scripts/bench starts from: the tools, the module, the policy under test, and the requests. Sourced by it;
# the options are its variables. Everything is made in $work, which goes at the end.

work=''
drop=() # what gives up root before a server starts

say() { printf '%s\n' "$*" >&2; }
die() { say "bench: $*"; exit 2; }
need() { command -v "$1" >/dev/null || die "$1 is not installed; on Debian: apt-get install $2"; }

heading() { # PART: what a reader has to know of the machine, and the command
    # shellcheck disable=SC2016 # these are Markdown's
    printf '\n`%s` (%s): %s CPUs, %s, load %s, %s\n\n' "$COMMAND" "$1" "$(nproc)" "$(uname -sr)" "$(cut -d' ' -f1 /proc/loadavg)" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
}

# --- tools and module -----------------------------------------------------------------------------

build_load() {
    local core=icap-module/core load=tests/bench
    need "${CC:-cc}" gcc
    "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -I icap-module -o "$work/icapload" "$core"/{str,text}.c \
        "$load"/{icapload,client,workload,reply,latency}.c || die "tests/bench/icapload.c does not compile; see above"
}

# judgetime and judgeworst, with the core as the module has it: the same compiler and flags, nothing else around it.
build_judges() {
    local name
    need "${CC:-cc}" gcc
    for name in judgetime judgeworst; do
        [[ ! -x $work/$name ]] || continue
        # shellcheck disable=SC2046
        "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -I icap-module -o "$work/$name" "tests/bench/$name.c" \
            $([[ $name == judgetime ]] || echo tests/bench/bad{request,bytes}.c) icap-module/core/*.c $(pkg-config --libs libpcre2-8 libsodium libmaxminddb) ||
            die "tests/bench/$name.c does not compile; see above"
    done
}

first_file() { # prints the first of its arguments that is a file
    local f
    for f; do
        [[ -f $f ]] && { printf '%s\n' "$f"; return 0; }
    done
    return 1
}

# The module's file is copied: a build during the run changes nothing, and an unprivileged server
# can read it.
find_module() {
    if [[ -z $module ]]; then
        [[ -f Makefile ]] || die "the tree is not configured; run ./configure, or give MODULE=FILE or --echo"
        make -s -j2 >&2 || die "make failed; see above"
        module=$(first_file .libs/srv_portreeve.so icap-module/.libs/srv_portreeve.so) ||
            die "make left no srv_portreeve.so in .libs or icap-module/.libs; give MODULE=FILE"
    fi
    [[ -r $module ]] || die "$module: cannot be read; build the module or give another MODULE=FILE"
    if grep -q -e __asan_init -e __tsan_init -e __ubsan_handle "$module"; then
        die "$module was built with sanitizers, its figures say nothing; configure without them"
    fi
    cp -- "$module" "$work/srv_portreeve.so"
}

# --- policies -------------------------------------------------------------------------------------

find_portreeve() {
    [[ -n $portreeve ]] || portreeve=$(first_file ./portreeve icap-module/portreeve) ||
        die "no ./portreeve to compile the policy; run make, or give PORTREEVE=FILE or --artefact"
}

# made_council NAME [PLATFORMS RULES MEMBERS]: a made-up council, compiled to $work/NAME.
made_council() {
    local name=$1
    shift
    [[ ! -e $work/$name ]] || return 0
    find_portreeve
    tests/bench/make-council "$work/$name.council" "$@"
    "$portreeve" compile "$work/$name.council" --maps "$work/$name.council" -o "$work/$name" >&2 ||
        die "the made-up council does not compile"
}

# The policy under test, as $work/policy. Replace it to measure a larger one, and give --out, --allowed, --refused and --users
# lists that fit it.
make_policy() {
    if [[ -n $artefact ]]; then
        cp -- "$artefact" "$work/policy"
    elif [[ -z $policy ]]; then
        made_council policy
    else
        find_portreeve
        "$portreeve" compile "$policy" -o "$work/policy" >&2 || die "$policy does not compile; see above"
    fi
}

make_key() { head -c 32 /dev/urandom >"$work/key"; }

# --- requests -------------------------------------------------------------------------------------

default_list() { # KIND
    local host
    case $1 in
    out)
        for host in www.gov.uk www.nhs.uk www.bbc.co.uk www.ons.gov.uk www.metoffice.gov.uk \
            www.legislation.gov.uk www.parliament.uk outlook.office.com ico.org.uk \
            www.local.gov.uk www.ordnancesurvey.co.uk www.planningportal.co.uk \
            www.royalmail.com www.nationalrail.co.uk www.postgresql.org www.theguardian.com; do
            printf 'GET https://%s/news/2026/page-%%d?ref=home\n' "$host"
            printf 'GET https://static.%s/assets/%%d/main.js\n' "$host"
            printf 'CONNECT %s:443\n' "$host"
        done
        ;;
    allowed)
        printf 'GET https://www.linkedin.com/%s\n' company/council-%d 'in/person-%d/' 'feed/?page=%d'
        ;;
    refused)
        printf 'GET https://www.facebook.com/%s\n' page.%d 'groups/%d/' 'watch/?v=%d' 'photo/?fbid=%d&set=a.1'
        ;;
    esac
}

make_lists() {
    local kind
    for kind in out allowed refused; do
        if [[ -n ${list[$kind]} ]]; then cat -- "${list[$kind]}"; else default_list "$kind"; fi >"$work/$kind.list"
    done
    if [[ -n $users ]]; then cat -- "$users"; else seq -f 'user%.0f' 1 2 9999; fi >"$work/users"
    printf 'GET http://www.gov.uk/ user00001\n' >"$work/probe.txt"
}

make_requests() { # WORKLOAD SHARE-OUT SHARE-ALLOWED, in hundredths
    awk -v lines=5000 -v out="$2" -v allowed="$3" -v expect="$expect" -v dir="$work" \
        -f tests/bench/mix.awk >"$work/$1.txt" || die "the requests for $1 could not be made"
}

# --- all of it ------------------------------------------------------------------------------------

clean_up() {
    local target
    trap - EXIT
    for target in "${!server_pid[@]}"; do stop_server "$target"; done
    if [[ -n $fetched ]]; then rm -rf -- "$fetched"; fi
    [[ -n $work ]] || return 0
    if [[ -n $keep ]]; then say "bench: files kept in $work"; else rm -rf -- "$work"; fi
}

prepare() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    chmod 755 "$work"
    make_lists
    make_requests out 100 0
    make_requests mix 80 15
    make_requests refused 0 0
    grep -v '^CONNECT' "$work/out.txt" >"$work/answers.txt" # a tunnel has none
    [[ ${what[*]} =~ throughput|instructions|lists|peers|path ]] || return 0 # the judge alone needs no server
    need c-icap c-icap
    need pgrep procps
    if [[ $EUID == 0 ]]; then
        id c-icap >/dev/null 2>&1 || die "there is no user c-icap to run the servers as; install the package c-icap"
        drop=(setpriv "--reuid=$(id -u c-icap)" "--regid=$(id -g c-icap)" --clear-groups)
    fi
    build_load
    [[ -z $echo_only ]] || return 0
    find_module
    make_policy
    make_key
    mkdir "$work/spool"
    if ((${#drop[@]})); then chown c-icap "$work/spool" "$work/key" "$work/policy"*; fi
    chmod 400 "$work/key"
}
