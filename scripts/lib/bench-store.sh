# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# portreeved's own work, on one core: events taken from a spool into the store, and the standing file written anew. Sourced
# by scripts/bench.

need_store() { need taskset util-linux; }

bench_store() {
    local events=1000000 dir=$work/store tool
    tool=${STORETIME:-$(first_file build/gcc/storetime build/*/storetime)} || die "no storetime: build the tree first (scripts/check --quick)"
    [[ -z $quick ]] || events=100000
    mkdir "$dir"
    echo "| portreeved, one core | | |"
    echo "|---|---|---|"
    taskset -c 0 "$tool" "$dir" "$events" | awk -F '\t' '{ printf "| %s | %s | %s |\n", $1, $2, $3 }'
}
