# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# The category database beside squidGuard, c-icap's srv_url_check and e2guardian, all with the same names: what it takes to build, to
# start, to ask, and how much memory. Sourced by scripts/bench.

need_lists() {
    install_packages "${BENCH_PACKAGES[@]}" || die "squidguard and srv_url_check could not be installed"
    need_peers
}

list_row() { printf '| %s | %s | %s |\n' "$@"; }

# What the last table is made of: NAME VALUE.
figure() { printf '%s %s\n' "$@" >>"$work/lists/figures"; }

# One column of listtime's lines.
told() { # FILE WHAT
    awk -F '\t' -v what="$2" '$1 == what { print $2 " " $3; exit }' "$work/lists/$1"
}

# Wall clock and processor time of a command, in words in $took, and alone in $wall; its output goes to a file.
timed() { # OUTPUT COMMAND...
    local TIMEFORMAT='%R %U %S' figures
    figures=$({ time "${@:2}" >"$1" 2>&1 3>&-; } 2>&1) || die "${2##*/} fails: $(tail -n 3 "$1")"
    took=$(awk '{ printf "%.2f s (%.2f s of processor time)", $1, $2 + $3 }' <<<"$figures")
    wall=${figures%% *}
}

make_names() {
    local count=${n_names:-5000000}
    [[ -z $quick ]] || count=${n_names:-300000}
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

# A policy that asks for what the others ask: is the host on the list? With one platform's map and nobody in it.
lists_policy() {
    local dir=$work/lists/policy
    mkdir -p "$dir/pages" "$dir/platforms"
    cp policy-maps/pages/fallback.page "$dir/pages/refused.page"
    cp policy-maps/platforms/vimeo.map "$dir/platforms/"
    cat >"$dir/council.policy" <<'POLICY'
policy "Lists" version 1 from 2026-04-01
council "Bench Council"
owner "ICT"
approved-by "ICT" on 2026-03-18
review-due 2036-03-31
scope class streaming
scope category adult
default allow cite "1" because "Open."
unsure refuse page refused
malformed refuse page refused
unavailable page refused
record counts
contact service-desk "Service desk" mail desk@council.example

forbid listed
    category adult
    page refused
    because "It is on a list."
    cite "2"
POLICY
    find_portreeve
    "$portreeve" compile --no-tests "$dir" --maps "$dir" -o "$work/lists/artefact" >"$work/lists/output" 2>&1 ||
        die "the policy of the lists does not compile: $(cat "$work/lists/output")"
    mv "$work/policy" "$work/policy.aside"
    cp "$work/lists/artefact" "$work/policy"
}

bench_own_lists() {
    local tool
    tool=${LISTTIME:-$(first_file build/gcc/listtime ./listtime)} || die "no listtime: build the tree first (scripts/check --quick)"
    find_portreeve
    # shellcheck disable=SC2154
    set -- "$portreeve" lists import "$work/lists/in" -o "$work/lists/categories.db" --map "$work/lists/map" --leave-out
    timed "$work/lists/import" "$@"
    list_row 'built from the text: read, normalised, gathered, written, proven' 'Portreeve' "$took"
    figure build "$wall"
    timed "$work/lists/import" "$@"
    list_row 'the same as an update: held against the one before, too' 'Portreeve' "$took"
    timed "$work/lists/import" "$portreeve" lists rollback "$work/lists/categories.db"
    list_row 'rolled back: the one before proven whole, and swapped' 'Portreeve' "$took"
    figure rollback "$wall"
    "$tool" "$work/lists/in/bench/domains" "$work/lists/asked" "$work/lists/time.db" "$work/policy" >"$work/lists/time" || die "listtime fails"
    rm -f "$work/lists/time.db"
    list_row 'of building, gathered and written' 'Portreeve' "$(told time 'gathered and written')"
    list_row 'bytes a name on disk' 'Portreeve' "$(told time 'bytes a name')"
    list_row 'opened' 'Portreeve' "$(told time opened)"
    list_row 'look-up of a host, median, warm' 'Portreeve' "$(told time "look-up, median of batches of 64")"
    list_row 'whole decisions, from request to verdict' 'Portreeve' "$(told time decisions)"
    awk -F '\t' '$1 == "bytes a name" { print "bytes", $2 } $1 == "opened" { print "opened", $2 } $1 == "decisions" { print "decisions", $2 }
        $1 == "look-up, median of batches of 64" { print "look-up", $2 }' "$work/lists/time" >>"$work/lists/figures"
}

# shellcheck disable=SC2016 # the inner shell's own
# squidGuard: its own database of the same names, and decisions on standard input, without a proxy around it.
bench_squidguard() {
    local dir=$work/lists/squidguard n one rate
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
    one=$wall
    list_row 'started with its database, one decision' 'squidGuard' "$took"
    timed "$dir/output" bash -c 'squidGuard -c "$1" <"$2"' squidguard "$dir/conf" "$dir/asked"
    list_row "$n decisions" 'squidGuard' "$took"
    rate=$(awk -v n="$n" -v all="$wall" -v one="$one" 'BEGIN { printf "%.0f", n / (all - one) }')
    list_row 'of that, decisions a second' 'squidGuard' "$rate"
    figure squidguard-decisions "$rate"
    squidguard_memory "$dir" "$dir/asked" 'with its database' squidguard-memory
    mv "$dir/db/bench/domains.db" "$dir/aside"
    timed "$dir/output" bash -c 'squidGuard -c "$1" <"$2"' squidguard "$dir/conf" "$dir/one"
    list_row 'started from the text, one decision' 'squidGuard' "$took"
    figure squidguard-start "$wall"
    squidguard_memory "$dir" "$dir/one" 'from the text, one decision' squidguard-text-memory
}

# While it waits for more questions: a pipe stays open. Its answers are kept back until there are enough of them, so that the last few
# do not come before it ends: it has done what it was asked when for two seconds nothing more has come.
squidguard_memory() { # DIR ASKED WORDS FIGURE
    local pid
    rm -f "$1/pipe"
    mkfifo "$1/pipe"
    squidGuard -c "$1/conf" <"$1/pipe" >"$1/answers" 2>/dev/null &
    pid=$!
    exec 7>"$1/pipe"
    cat "$2" >&7
    for _ in {1..3000}; do
        sleep 0.2
        [[ ! -s $1/answers || -n $(find "$1/answers" -newermt '-2 seconds') ]] || break
    done
    list_row "memory of one process (a proxy has several), $3" 'squidGuard' "$(memory_of_pid "$pid")"
    figure "$4" "$(own_memory "$pid")"
    exec 7>&-
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# Memory that is no file's: what a process has for itself, whatever it has mapped. In KiB.
own_memory() { awk '/^Anonymous:/ { print $2 }' "/proc/$1/smaps_rollup"; } # PID

memory_of_pid() { # PID
    awk '/^Anonymous:/ { a = $2 } /^Rss:/ { r = $2 } END { printf "%.1f MiB of its own, %.1f MiB with what it has touched of files", a / 1024, r / 1024 }' \
        "/proc/$1/smaps_rollup"
}

serving() { # TARGET: the process that serves
    local pid
    pid=$(children_of "${server_pid[$1]}" | head -1)
    echo "${pid:-${server_pid[$1]}}"
}

# A start with all names: until the first answer, and the memory then.
ready() { # TARGET NAME
    # shellcheck disable=SC2034 # of start_server
    local began=$EPOCHREALTIME pause=0.01 patience=300 took
    start_server "$1"
    took=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')
    list_row 'started, and the first answer (looked at every 10 ms)' "$2" "$took s"
    load "$1" out 5000 >/dev/null || die "$1 fails under the first load"
    list_row 'memory of the process that serves, after 5,000 requests' "$2" "$(memory_of_pid "$(serving "$1")")"
    figure "$1-start" "$took"
    figure "$1-memory" "$(own_memory "$(serving "$1")")"
    stop_server "$1"
}

# Requests go on while the database is exchanged for another one of the same names, again and again.
bench_swaps() {
    local swaps=20 before after i line pid taken=0
    [[ -z $quick ]] || swaps=5
    cp "$work/lists/categories.db" "$work/lists/other.db"
    start_server module
    load module out 5000 >/dev/null || die "the module fails under the first load"
    pid=$(serving module)
    before=$(own_memory "$pid")
    seconds=600 load module out 100000000 -t $((swaps * 3 / 2)) >"$work/lists/swaps" &
    for ((i = 0; i < swaps; i++)); do
        mv "$work/lists/categories.db" "$work/lists/aside.db"
        mv "$work/lists/other.db" "$work/lists/categories.db"
        mv "$work/lists/aside.db" "$work/lists/other.db"
        touch "$work/lists/categories.db"
        sleep 1.3 # it is looked at once a second
        if awk -v inode="$(stat -c %i "$work/lists/categories.db")" '$5 == inode { found = 1 } END { exit !found }' "/proc/$pid/maps"; then
            taken=$((taken + 1))
        fi
    done
    wait $! || true
    line=$(<"$work/lists/swaps")
    after=$(own_memory "$pid")
    list_row "swapped $swaps times under load: requests; failed" 'Portreeve' \
        "$(awk '{ for (i = 1; i <= NF; i++) { split($i, f, "="); v[f[1]] = f[2] } printf "%d; %d", v["requests"], v["errors"] }' <<<"$line")"
    list_row 'memory of its own before and after' 'Portreeve' "$(awk -v a="$before" -v b="$after" 'BEGIN { printf "%.1f and %.1f MiB", a / 1024, b / 1024 }')"
    list_row 'of the swaps, seen mapped within 1.3 s' 'Portreeve' "$taken"
    figure swaps-missed "$((swaps - taken))"
    line=${line#* errors=}
    figure swap-errors "${line%% *}"
    figure swap-growth "$((after - before))"
    stop_server module
}

# All services on servers of the same settings, asked about hosts that are on no list.
bench_list_services() {
    local w=$workloads
    mkdir -p "$work/urlcheck"
    cp "$work/lists/in/bench/domains" "$work/urlcheck/hosts"
    # shellcheck disable=SC2034 # of write_e2guardian_conf
    banned_sites=$work/lists/in/bench/domains
    printf 'portreeve.Categories %s\n' "$work/lists/categories.db" >"$work/lists/directives"
    [[ -z $directives ]] || cat -- "$directives" >>"$work/lists/directives"
    directives=$work/lists/directives
    prepare_e2guardian
    if ((${#drop[@]})); then chmod -R a+rX "$work/lists" "$work/urlcheck"; fi
    ready echo 'srv_echo'
    ready module 'Portreeve'
    ready urlcheck 'srv_url_check (hash:)'
    ready e2guardian 'e2guardian (bannedsitelist)'
    bench_swaps
    workloads=out
    echo
    patience=300 compare echo again module urlcheck e2guardian | tee "$work/lists/services" || return 1
    workloads=$w
    awk -F '|' '$3 ~ /Portreeve|srv_url_check|e2guardian/ { gsub(/ /, "", $3); print "rate-" $3, $4 + 0 }' "$work/lists/services" >>"$work/lists/figures"
}

# What was wanted, and what came of it in this run.
list_aims() {
    printf '\n| aim | this run | |\n|---|---|---|\n'
    awk -v quick="$quick" '
    { v[$1] = $2 }
    function aim(words, value, held) { printf "| %s | %s | %s |\n", words, value, held ? "held" : "MISSED"; missed += !held }
    # Beyond what c-icap needs itself to start.
    function start(name,    s) { s = v[name] - v["echo-start"]; return s > 0.01 ? s : 0.01 }
    function faster(words, a, b) { aim(words, sprintf("%.2f s of %.2f s: %.3f", a, b, a / b), a <= b / 10) }
    function less(words, own, theirs) { aim(words, sprintf("%.1f MiB of %.1f MiB", own / 1024, theirs / 1024), own < theirs) }
    function beyond(name) { return v[name "-memory"] - v["echo-memory"] }
    END {
        aim("built in 15 s at most (5 million)", v["build"] " s", v["build"] <= 15)
        aim("60 bytes a name at most", v["bytes"], v["bytes"] <= 60)
        aim("opened within 50 ms", v["opened"] " ms", v["opened"] <= 50)
        aim("look-up of a host 2,000 ns at most, median, warm", v["look-up"] " ns", v["look-up"] <= 2000)
        aim("rolled back within 10 s", v["rollback"] " s", v["rollback"] <= 10)
        aim("swapped under load: no request lost", v["swap-errors"] + 0, v["swap-errors"] == 0)
        aim("swapped under load: none missed", v["swaps-missed"] + 0, v["swaps-missed"] == 0)
        aim("swapped under load: no second copy in memory of its own", sprintf("%+.1f MiB", v["swap-growth"] / 1024), v["swap-growth"] < 4096)
        aim("decisions a second of squidGuard", sprintf("%.1f times", v["decisions"] / v["squidguard-decisions"]), v["decisions"] >= v["squidguard-decisions"])
        aim("requests a second of srv_url_check", sprintf("%.3f times", v["rate-Portreeve"] / v["rate-srv_url_check"]), v["rate-Portreeve"] >= v["rate-srv_url_check"])
        aim("requests a second of e2guardian", sprintf("%.3f times", v["rate-Portreeve"] / v["rate-e2guardian"]), v["rate-Portreeve"] >= v["rate-e2guardian"])
        faster("a tenth of the time that squidGuard takes to load the text", start("module-start"), v["squidguard-start"])
        faster("a tenth of that of srv_url_check, both beyond srv_echo", start("module-start"), start("urlcheck-start"))
        faster("a tenth of that of e2guardian", start("module-start"), v["e2guardian-start"])
        less("less memory of its own, beyond srv_echo, than one squidGuard with its database, after the same hosts", beyond("module"), v["squidguard-memory"])
        less("less than srv_url_check, beyond srv_echo, too", beyond("module"), beyond("urlcheck"))
        less("less than e2guardian, whole", v["module-memory"], v["e2guardian-memory"])
        printf "\nA squidGuard whose database was made beforehand starts as quickly, and decides one request after the other.\n"
        exit missed > 0 && !quick
    }' "$work/lists/figures"
}

bench_lists() {
    local took='' wall=''
    make_names
    : >"$work/lists/figures"
    lists_policy
    printf '%s names%s; %s hosts asked about, one in ten of them listed.\nPortreeve has a policy of one rule here, the list, and one platform'"'"'s map.\n\n' "$(wc -l <"$work/lists/in/bench/domains")" \
        "${archive:+, those of ${archive##*/} among them}" "$(wc -l <"$work/lists/asked")"
    echo '| what | | |'
    echo '|---|---|---|'
    bench_own_lists
    bench_squidguard
    bench_list_services
    mv "$work/policy.aside" "$work/policy"
    list_aims
}
