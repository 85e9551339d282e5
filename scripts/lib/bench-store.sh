# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# portreeved's own work, on one core: events taken from a spool into the store, and the standing file written anew; then a made-up
# year (tests/bench/year.h) imported, read, summed up and erased, in SQLite and in a PostgreSQL started for it, which has the other
# core. YEAR=EVENTS: how long that year is (1000000). Sourced by scripts/bench.

need_store() { need taskset util-linux; }

store_tool() { first_file "build/gcc/$1" "build/*/$1" || die "no $1: build the tree first (scripts/check --quick)"; }

store_rows() { # HEADING: a table of what comes tab-separated
    echo
    echo "| $1 | | |"
    echo "|---|---|---|"
    awk -F '\t' '{ printf "| %s | %s | %s |\n", $1, $2, $3 }'
}

# shellcheck disable=SC2012 # one folder of ours
bench_store() {
    local events=1000000 year=${YEAR:-1000000} people=5000 dir=$work/store pg url bytes
    [[ -z $quick ]] || events=100000 year=200000 people=1000
    mkdir "$dir"
    taskset -c 0 "${STORETIME:-$(store_tool storetime)}" "$dir" "$events" | store_rows "portreeved, one core"
    taskset -c 0 "$(store_tool yeartime)" "$dir" "$year" "$people" | store_rows "a year of $people people, SQLite"
    rm -rf "$dir"
    chmod 755 "$work" # PostgreSQL's user passes through
    pg=$work/pg
    url=$(POSTGRES_FSYNC=on POSTGRES_BUFFERS=256MB tests/postgres/server start "$pg") || die "no PostgreSQL: install postgresql"
    mkdir "$dir"
    taskset -c 0 "$(store_tool yeartime)" "$dir" "$year" "$people" "$url" >"$work/year.out" || { tests/postgres/server remove "$pg"; die "yeartime failed"; }
    bytes=$(tests/postgres/server sql "$pg" "SELECT round(sum(pg_total_relation_size(oid)) / $year, 1) FROM pg_class WHERE relkind = 'r' AND
        relnamespace = 'public'::regnamespace")
    tests/postgres/server remove "$pg"
    printf 'store, bytes an event, before it is vacuumed\t%s\t\n' "$bytes" >>"$work/year.out"
    store_rows "a year of $people people, PostgreSQL on the other core" <"$work/year.out"
    rm -rf "$dir"
}
