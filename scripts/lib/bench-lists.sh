# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# The category database beside squidGuard and c-icap's srv_url_check, all with the same names: what it takes to build, to start, to
# ask. Sourced by scripts/bench.

need_lists() {
    install_packages "${BENCH_PACKAGES[@]}" || die "squidguard and srv_url_check could not be installed"
}

list_row() { printf '| %s | %s | %s |\n' "$@"; }

# One column of listtime's lines.
told() { # FILE WHAT
    awk -F '\t' -v what="$2" '$1 == what { print $2 " " $3; exit }' "$work/lists/$1"
}

# Wall clock and processor time of a command, as "WALL s, CPU s of processor time", in $took; its output goes to a file.
timed() { # OUTPUT COMMAND...
    local TIMEFORMAT='%R %U %S' figures
    figures=$({ time "${@:2}" >"$1" 2>&1 3>&-; } 2>&1) || die "${2##*/} fails: $(tail -n 3 "$1")"
    took=$(awk '{ printf "%.1f s (%.1f s of processor time)", $1, $2 + $3 }' <<<"$figures")
}

make_names() {
    local count=5000000
    [[ -z $quick ]] || count=300000
    mkdir -p "$work/lists/in/bench"
    # Not those that the workload asks about, which are to pass: the lists of an archive name them, too.
    awk '{ h = $2; sub(/^https?:\/\//, "", h); sub(/[:\/].*/, "", h); while (h ~ /\./) { print h; sub(/^[^.]*\./, "", h) } }' "$work/out.list" >"$work/lists/asked"
    # shellcheck disable=SC2086
    tests/bench/make-names "$count" $archive | grep -vxFf "$work/lists/asked" >"$work/lists/in/bench/domains" || die "the names could not be made"
    # One in ten is listed, as something below it; the others are not.
    awk 'NR % 25 == 0 { print (NR % 250 ? "www.x" : "www.") $0 }' "$work/lists/in/bench/domains" | awk '
        { line[NR] = $0 }
        END { seed = 1; for (i = NR; i > 0; i--) { seed = seed * 16807 % 2147483647; j = 1 + seed % i; t = line[i]; line[i] = line[j]; line[j] = t; print line[i] } }' \
        >"$work/lists/asked"
    printf 'version 2026-01-01\nsource s "Made up" licence "none"\nlist s bench as adult\n' >"$work/lists/map"
}

bench_own_lists() {
    local tool
    tool=${LISTTIME:-$(first_file build/gcc/listtime ./listtime)} || die "no listtime: build the tree first (scripts/check --quick)"
    find_portreeve
    timed "$work/lists/import" "$portreeve" lists import "$work/lists/in" -o "$work/lists/categories.db" --map "$work/lists/map" --leave-out
    list_row 'import of the text: read, normalised, gathered, written, proven' 'Portreeve' "$took"
    "$tool" "$work/lists/in/bench/domains" "$work/lists/asked" "$work/lists/time.db" >"$work/lists/time" || die "listtime fails"
    rm -f "$work/lists/time.db"
    list_row 'of that, gathered and written' 'Portreeve' "$(told time 'gathered and written')"
    list_row 'bytes a name on disk' 'Portreeve' "$(told time 'bytes a name')"
    list_row 'opened' 'Portreeve' "$(told time opened)"
    list_row 'look-up of a host, median, warm' 'Portreeve' "$(told time "look-up, median of batches of 64")"
}

# shellcheck disable=SC2016 # the inner shell's own
# squidGuard: its own database of the same names, and decisions on standard input, without a proxy around it.
bench_squidguard() {
    local dir=$work/lists/squidguard n
    mkdir -p "$dir/db/bench" "$dir/log"
    cp "$work/lists/in/bench/domains" "$dir/db/bench/domains"
    printf 'dbhome %s/db\nlogdir %s/log\ndest bench {\n  domainlist bench/domains\n}\nacl {\n  default {\n    pass !bench any\n    redirect http://page.example/\n  }\n}\n' \
        "$dir" "$dir" >"$dir/conf"
    timed "$dir/output" squidGuard -c "$dir/conf" -C all
    list_row 'database made' 'squidGuard' "$took"
    n=$(wc -l <"$work/lists/asked")
    list_row 'bytes a name on disk' 'squidGuard' "$(stat -c %s "$dir/db/bench/domains.db" | awk -v names="$(wc -l <"$work/lists/in/bench/domains")" '{ printf "%.1f", $1 / names }')"
    awk '{ print "http://" $0 "/ 192.0.2.1/- - GET" }' "$work/lists/asked" >"$dir/asked"
    printf 'http://a.example/ 192.0.2.1/- - GET\n' >"$dir/one"
    timed "$dir/output" bash -c 'squidGuard -c "$1" <"$2"' squidguard "$dir/conf" "$dir/one"
    list_row 'started with its database, one decision' 'squidGuard' "$took"
    timed "$dir/output" bash -c 'squidGuard -c "$1" <"$2"' squidguard "$dir/conf" "$dir/asked"
    list_row "$n decisions" 'squidGuard' "$took"
    mv "$dir/db/bench/domains.db" "$dir/aside"
    timed "$dir/output" bash -c 'squidGuard -c "$1" <"$2"' squidguard "$dir/conf" "$dir/one"
    list_row 'started from the text, one decision' 'squidGuard' "$took"
}

memory_of() { # TARGET: its child's private memory, and its share of what is shared, in MiB
    local pid
    pid=$(children_of "${server_pid[$1]}" | head -1)
    awk '/^Private_/ { p += $2 } /^Pss:/ { s += $2 } END { printf "%.1f MiB private, %.1f MiB with its share of what is shared", p / 1024, s / 1024 }' \
        "/proc/${pid:-${server_pid[$1]}}/smaps_rollup"
}

ready() { # TARGET NAME
    local began=$EPOCHREALTIME
    start_server "$1"
    list_row 'c-icap started and answering (looked at every 0.1 s)' "$2" "$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", b - a }')"
    list_row 'memory of the child' "$2" "$(memory_of "$1")"
    stop_server "$1"
}

# Both services on c-icap servers of the same settings, asked about hosts that are on no list.
bench_list_services() {
    local w=$workloads
    mkdir -p "$work/urlcheck"
    cp "$work/lists/in/bench/domains" "$work/urlcheck/hosts"
    printf 'portreeve.Categories %s\n' "$work/lists/categories.db" >"$work/lists/directives"
    [[ -z $directives ]] || cat -- "$directives" >>"$work/lists/directives"
    directives=$work/lists/directives
    if ((${#drop[@]})); then chmod -R a+rX "$work/lists" "$work/urlcheck"; fi
    ready echo 'srv_echo'
    ready module 'Portreeve'
    ready urlcheck 'srv_url_check (hash:)'
    workloads=out
    echo
    compare echo again module urlcheck
    workloads=$w
}

bench_lists() {
    local took=''
    make_names
    printf '%s names%s; %s hosts asked about, one in ten of them listed.\n\n' "$(wc -l <"$work/lists/in/bench/domains")" \
        "${archive:+, those of ${archive##*/} among them}" "$(wc -l <"$work/lists/asked")"
    echo '| what | | |'
    echo '|---|---|---|'
    bench_own_lists
    bench_squidguard
    bench_list_services
}
