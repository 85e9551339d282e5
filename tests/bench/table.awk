# Makes the table of scripts/bench from its raw lines, one for each run:
#   workload=NAME target=NAME round=N cpu_us=X requests=N errors=N rps=X ... (icapload's line)
# Targets: "echo" is what the others are compared with, "again" the same once more, "module" the one
# under test. Every figure is a median over the rounds; every ratio is the median of the ratios of
# each round, with its extremes, since neighbouring runs share what else the machine does.

function sort_into(list, n,    i, j, t) {
    for (i = 2; i <= n; i++) {
        t = list[i]
        for (j = i - 1; j >= 1 && list[j] > t; j--) list[j + 1] = list[j]
        list[j + 1] = t
    }
}
function median(list, n) {
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# The rounds' values of one column, sorted into `list`; with `base`, divided by that target's value
# of the same round.
function collect(list, w, t, column, base,    r, n) {
    n = 0
    for (r = 1; r <= rounds; r++)
        if ((w, t, r, column) in value)
            list[++n] = value[w, t, r, column] / (base == "" ? 1 : value[w, base, r, column])
    sort_into(list, n)
    return n
}
function middle(w, t, column,    list, n) {
    n = collect(list, w, t, column, "")
    return median(list, n)
}
function added(w, t,    list, r, n) { # CPU beyond echo's in the same round
    for (r = 1; r <= rounds; r++)
        if ((w, t, r, "cpu_us") in value)
            list[++n] = value[w, t, r, "cpu_us"] - value[w, "echo", r, "cpu_us"]
    sort_into(list, n)
    return median(list, n)
}
function ratio(w, t, column,    list, n) {
    if (t == "echo") return "1"
    n = collect(list, w, t, column, "echo")
    return sprintf("%.3f [%.3f-%.3f]", median(list, n), list[1], list[n])
}

{
    delete field
    for (i = 1; i <= NF; i++) {
        at = index($i, "=")
        field[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
    w = field["workload"]; t = field["target"]; r = field["round"] + 0
    if (!(w in seen)) { seen[w] = 1; workloads[++nw] = w }
    if (!(t in known)) known[t] = 1
    if (r > rounds) rounds = r
    errors += field["errors"]
    for (name in field) value[w, t, r, name] = field[name] + 0
}

END {
    split("echo again module", targets, " ")
    split("rps p50_us p99_us p999_us max_us cpu_us", columns, " ")
    printf "%-8s %-6s %6s %-19s", "workload", "target", "req/s", "of echo [min-max]"
    printf " %5s %5s %5s %6s", "p50us", "p99", "p99.9", "max"
    printf " %6s %-19s %6s\n", "CPU us", "of echo [min-max]", "added"
    for (i = 1; i <= nw; i++)
        for (j = 1; j <= 3; j++) {
            w = workloads[i]
            t = targets[j]
            if (!(t in known)) continue
            for (k = 1; k <= 6; k++) m[columns[k]] = middle(w, t, columns[k])
            printf "%-8s %-6s %6.0f %-19s", w, t, m["rps"], ratio(w, t, "rps")
            printf " %5.0f %5.0f %5.0f %6.0f", m["p50_us"], m["p99_us"], m["p999_us"], m["max_us"]
            printf " %6.2f %-19s %6.2f\n", m["cpu_us"], ratio(w, t, "cpu_us"), added(w, t)
        }
    printf "%d rounds, %d errors; CPU is the server's for one request, added: beyond echo\n",
        rounds, errors
}
