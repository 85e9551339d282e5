# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# Instructions of a request in user space, counted by callgrind: what a noisy machine cannot change. c-icap runs under it once for
# few requests and once for more; the difference, divided by the requests more, leaves out all that is done once (starting, the
# first request of a thread, opening the policy). What the kernel does for a system call is not in it. Sourced by scripts/bench.

need_instructions() {
    install_packages valgrind || die "valgrind is not there, and could not be installed"
    need valgrind valgrind
    need callgrind_annotate valgrind
}

counted_file() { printf '%s\n' "$work/callgrind.$1.$2.$3"; }
instructions_in() { awk '/^(totals|summary):/ { print $2; exit }' "$1"; }

# One server under callgrind, asked COUNT times; leaves the child's counts in counted_file.
count_run() { # TARGET WORKLOAD COUNT
    # shellcheck disable=SC2034 # read by load
    local pid child dir=$work/$1 seconds=600
    rm -f "$dir"/callgrind.*
    start_server "$1" env "TMPDIR=$dir/run" valgrind --tool=callgrind --fair-sched=yes "--callgrind-out-file=$dir/run/callgrind.%p"
    load "$1" "$2" "$3" -c 1 -T 60000 >"$work/line" || die "$1 fails under callgrind: $(cat "$work/line")"
    pid=${server_pid[$1]}
    child=$(children_of "$pid" | head -1)
    stop_server "$1"
    [[ -s $dir/run/callgrind.$child ]] || die "callgrind left no counts for $1; see $dir with --keep"
    mv "$dir/run/callgrind.$child" "$(counted_file "$@")"
    rm -f "$dir/run"/callgrind.*
}

# The module's functions by the instructions of a request in them and all that they call, beyond what srv_echo has in the
# same function: FUNCTION INSTRUCTIONS, most first.
functions_of() { # TARGET WORKLOAD COUNT
    callgrind_annotate --threshold=100 --auto=no --inclusive=yes "$(counted_file "$@")" 2>/dev/null |
        awk '$2 ~ /^\(/ && match($0, /%\) +/) {
            name = substr($0, RSTART + RLENGTH)
            sub(/ \[.*/, "", name); sub(/^.*:/, "", name)
            n = $1; gsub(/,/, "", n); n += 0
            if (n > most[name]) most[name] = n
        } END { for (name in most) print name, most[name] }'
}

where_it_goes() { # WORKLOAD FEW MANY
    awk -v per="$(($3 - $2))" '
        FNR == 1 { file++ }
        { n[$1] += $2 * (file == 1 || file == 4 ? 1 : -1) } # module many - module few - (echo many - echo few)
        END { for (name in n) if (n[name] / per >= 50) printf "%.0f %s\n", n[name] / per, name }' \
        <(functions_of module "$1" "$3") <(functions_of module "$1" "$2") <(functions_of echo "$1" "$3") <(functions_of echo "$1" "$2") |
        grep -v -e ' 0x' -e start_thread | sort -rn | head -16 |
        awk '{ printf "%s%s %s", (NR == 1 ? "" : ", "), $2, $1 } END { print "." }'
}

bench_instructions() {
    local w target few=1000 many=6000 echo='' of a b
    [[ -z $quick ]] || { few=200 many=1200; }
    printf '| requests | srv_echo | Portreeve | beyond srv_echo | of srv_echo |\n|---|--:|--:|--:|--:|\n'
    for w in $workloads; do
        for target in echo module; do
            count_run "$target" "$w" "$few"
            count_run "$target" "$w" "$many"
            a=$(instructions_in "$(counted_file "$target" "$w" "$few")")
            b=$(instructions_in "$(counted_file "$target" "$w" "$many")")
            of=$(((b - a) / (many - few)))
            if [[ $target == echo ]]; then echo=$of; fi
        done
        awk -v w="$w" -v e="$echo" -v m="$of" 'BEGIN { printf "| %s | %d | %d | %d | %.2f |\n", w, e, m, m - e, m / e }'
    done
    printf '\nInstructions of a request in user space (callgrind; runs of %d and %d requests on one connection, difference).\n' "$few" "$many"
    printf 'Where they go beyond srv_echo'"'"'s, each function with all that it calls:\n\n'
    for w in $workloads; do printf -- '- %s: ' "$w"; where_it_goes "$w" "$few" "$many"; done
}
