# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# Requests a second, latency, CPU time and memory: every target in every round. Sourced by scripts/bench.

need_throughput() { :; }

measure() { # TARGET WORKLOAD ROUND
    local before after line
    before=$(cpu_time "${server_pid[$1]}")
    line=$(load "$1" "$2" "$requests") || failed=yes
    after=$(cpu_time "${server_pid[$1]}")
    awk -v us=$((after - before)) -v head="workload=$2 target=$1 round=$3" '{
        n = $1
        sub(/^requests=/, "", n)
        printf "%s cpu_us=%.3f %s\n", head, (n > 0 ? us / n : 0), $0
    }' <<<"$line" >>"$work/raw"
}

# Every target once, in an order that turns with the round, so that none is always the first.
run_round() { # WORKLOAD ROUND TARGET...
    local workload=$1 round=$2 target
    local -a order=() turned=()
    for target in "${@:3}"; do
        order+=("$target")
        turned=("$target" "${turned[@]}")
    done
    if ((round % 2 == 0)); then order=("${turned[@]}"); fi
    for target in "${order[@]}"; do measure "$target" "$workload" "$round"; done
}

run_workload() { # WORKLOAD TARGET...
    local workload=$1 round target
    local -a asked=()
    shift
    for target; do if takes_part "$target" "$workload"; then asked+=("$target"); fi; done
    set -- "${asked[@]}"
    for target; do # warm; a wrong answer shows before anything is measured
        load "$target" "$workload" 5000 >"$work/warm" ||
            die "$target fails at the workload $workload: $(cat "$work/warm"); see above, and --expect"
    done
    for ((round = 1; round <= rounds; round++)); do run_round "$workload" "$round" "$@"; done
    say "bench: $workload: $rounds rounds done"
}

# compare TARGET...: the first is what the others are compared with.
compare() {
    local w target failed=''
    : >"$work/raw"
    for target; do start_server "$target"; done
    for w in $workloads; do run_workload "$w" "$@"; done
    for target; do printf 'target=%s private_kib=%s\n' "$target" "$(private_memory "${server_pid[$target]}")" >>"$work/raw"; done
    awk -v targets="$*" -v connections="$connections" -f tests/bench/table.awk "$work/raw" || failed=yes
    if [[ -n $raw ]]; then cat -- "$work/raw" >>"$raw"; fi
    for target; do stop_server "$target"; done
    if [[ -n $failed ]]; then say "bench: something failed; see the errors above"; return 1; fi
}

bench_throughput() { compare echo again module; }
