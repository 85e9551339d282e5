# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# policy_judge alone: how long it takes, how many instructions it has, and how long the worst request can make it. Sourced by
# scripts/bench.

need_judge() { need_instructions; }
need_worst() { :; }

# shellcheck source=scripts/lib/sample.sh
. scripts/lib/sample.sh

# The real maps: the council whose policy shuts all by default, with the sample people.
real_council() {
    [[ ! -e $work/real ]] || return 0
    find_portreeve
    "$portreeve" compile "$(sample_council unnamed-council "$work/real.maps")" -o "$work/real" >"$work/compile.out" 2>&1 ||
        die "the unnamed council does not compile: $(cat "$work/compile.out")"
}

# East Herts with 50,000 members, 5,000 grants and a standing of 10,000 people.
people_council() {
    find_portreeve
    tests/bench/make-people "$work/people.maps"
    "$portreeve" compile "$work/people.maps/councils/east-herts" -o "$work/people" >"$work/compile.out" 2>&1 ||
        die "the council with many people does not compile: $(cat "$work/compile.out")"
    tests/tools/make-standing "$work/people.standing" 1779000000 - <"$work/people.maps/facts"
    cp "$work/people.maps/mix" "$work/people.txt"
}

# What judgetime is told of a policy: the artefact, the requests, the standing where there is one. Into the array `judged`.
judge_words() { # NAME WORKLOAD
    judged=("$work/$1" "$work/$2.txt")
    [[ ! -e $work/$1.standing ]] || judged+=(-s "$work/$1.standing")
}

# Instructions of one judgement on a file of requests: two counts, the difference. Prints a number.
judge_instructions() { # NAME WORKLOAD
    local few=1000 many=5000 n judged
    judge_words "$1" "$2"
    for n in "$few" "$many"; do
        valgrind --tool=callgrind "--callgrind-out-file=$work/judge.$n" "$work/judgetime" "${judged[@]}" -c "$n" >/dev/null 2>&1 ||
            die "judgetime fails under callgrind"
    done
    echo $((($(instructions_in "$work/judge.$many") - $(instructions_in "$work/judge.$few")) / (many - few)))
}

# Rounds in turn, so that what else the machine does falls on all of them; the middle one of each figure.
bench_judge() {
    local name w n round words judged sweeps=9
    local -A about=([policy]='80 platforms, 200 rules, 10,000 members' [large]='500 platforms, 2,000 rules, 10,000 members'
        [real]='the shipped maps, the unnamed council' [people]='East Herts with 50,000 members, 5,000 grants, 10,000 with time used')
    build_judges
    made_council policy
    made_council large 500 2000 10000
    real_council
    people_council
    awk -f tests/bench/cases.awk tests/cases/platforms/*.case >"$work/cases.txt"
    : >"$work/judge.raw"
    [[ -z $quick ]] || sweeps=3
    for ((round = 1; round <= (rounds > 5 ? 5 : rounds); round++)); do
        for name in policy large real people; do
            for w in $(judge_workloads "$name"); do
                judge_words "$name" "$w"
                # "all share 100.0 % mean M ns median M ns p99 P ns"
                "$work/judgetime" "${judged[@]}" -r "$sweeps" |
                    awk -v name="$name" -v w="$w" '$1 == "standing" { print name, "standing", $7 } $1 == "all" { print name, w, $6, $9, $12 }' >>"$work/judge.raw" || return 1
            done
        done
    done
    printf '| policy | requests | median ns | p99 ns | mean ns | instructions |\n|---|---|--:|--:|--:|--:|\n'
    for name in policy large real people; do
        for w in $(judge_workloads "$name"); do
            n=$(judge_instructions "$name" "$w") || return 1
            printf '%s %s instructions %s\n' "$name" "$w" "$n" >>"$work/judge.raw"
            words=$(judge_middle "$name" "$w" 4)
            printf '| %s | %s | %s | %s | %s | %s |\n' "${about[$name]}" "$w" "$words" "$(judge_middle "$name" "$w" 5)" \
                "$(judge_middle "$name" "$w" 3)" "$n"
        done
    done
    printf '\nOne policy_judge. Each measurement is 20 judgements of the same request, divided by 20 (the clock is too coarse for one); of each of the\n'
    printf 'requests (5,000, or as many as there are cases) the middle one of %d; median, p99 and mean over the requests; the middle of %d runs. Instructions: callgrind, the difference\n' "$sweeps" "$((round - 1))"
    printf 'of a longer and a shorter run.\n\n'
    printf -- '- the standing of %s facts is opened (read and proven, as a swap does) in %s us\n' "$(wc -l <"$work/people.maps/facts")" \
        "$(awk '$2 == "standing" { print $3 }' "$work/judge.raw" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')"
    for w in mix out refused; do
        awk -v w="$w" '$2 == w && $3 == "instructions" { n[$1] = $4 }
            END { printf "- %s: 500 platforms and 2,000 rules take %.2f times the instructions of 80 and 200\n", w, n["large"] / n["policy"] }' \
            "$work/judge.raw"
    done
}

# `cases`: the requests of the platforms' cases, one of every kind that the shipped maps know. `people`: the same, by as many people.
judge_workloads() { # POLICY
    case $1 in
    people) echo people ;;
    real) echo mix out refused cases ;;
    *) echo mix out refused ;;
    esac
}

judge_middle() { # NAME WORKLOAD FIELD: the median of the rounds
    awk -v name="$1" -v w="$2" -v f="$3" '$1 == name && $2 == w && $3 != "instructions" { print $f }' "$work/judge.raw" | sort -n |
        awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# A policy with a long list of hosts by category, some of them of very many labels.
hosts_council() {
    [[ ! -e $work/hosts ]] || return 0
    find_portreeve
    tests/bench/make-council "$work/hosts.council"
    awk 'BEGIN {
        print "host,category,owner,note"
        for (i = 0; i < 200000; i++) printf ".site%d.example,adult,ICT,list\n", i
        for (i = 1; i < 110; i++) { deep = "x." deep; printf ".%sdeep.example,adult,ICT,list\n", deep }
    }' >"$work/hosts.council/registers/hosts.csv"
    "$portreeve" compile "$work/hosts.council" --maps "$work/hosts.council" -o "$work/hosts" >&2 ||
        die "the council with many hosts does not compile"
}

bench_worst() {
    local name tries=40000 changes=300 status=0
    local -A about=([real]='the shipped maps, the unnamed council' [policy]='made up: 80 platforms, 200 rules'
        [large]='made up: 500 platforms, 2,000 rules' [hosts]='made up: 80 platforms and 200,000 hosts of a category')
    build_judges
    real_council
    made_council policy
    made_council large 500 2000 10000
    hosts_council
    [[ -z $quick ]] || { tries=7000 changes=60; }
    for name in real policy large hosts; do
        printf '#### %s\n\n```\n' "${about[$name]}"
        "$work/judgeworst" "$work/$name" -s "$seed" -n "$tries" -m "$changes" || status=$?
        printf '```\n\n'
    done
    ((status == 0)) || say "bench: a request takes policy_judge longer than a millisecond"
    return "$status"
}
