# Makes the table of scripts/bench, in Markdown, from its raw lines, one for each run and one for each server:
#   workload=NAME target=NAME round=N cpu_us=X requests=N errors=N rps=X ... (icapload's line)
#   target=NAME private_kib=N
# -v targets="echo again ..." in the order of the rows; the first is what the others are compared with.
# Every figure is a median over the rounds; every ratio is the median of the ratios of each round, with its extremes, since
# neighbouring runs share what else the machine does.

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
function added(w, t,    list, r, n) { # CPU beyond that of the first in the same round
    for (r = 1; r <= rounds; r++)
        if ((w, t, r, "cpu_us") in value)
            list[++n] = value[w, t, r, "cpu_us"] - value[w, target[1], r, "cpu_us"]
    sort_into(list, n)
    return median(list, n)
}
function ratio(w, t, column,    list, n) {
    if (t == target[1]) return "1"
    n = collect(list, w, t, column, target[1])
    return sprintf("%.3f (%.3f-%.3f)", median(list, n), list[1], list[n])
}

{
    delete field
    for (i = 1; i <= NF; i++) {
        at = index($i, "=")
        field[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
    t = field["target"]
    if ("private_kib" in field) { memory[t] = field["private_kib"] + 0; next }
    w = field["workload"]; r = field["round"] + 0
    if (!(w in seen)) { seen[w] = 1; workloads[++nw] = w }
    if (r > rounds) rounds = r
    errors += field["errors"]
    count = field["requests"]
    for (name in field) value[w, t, r, name] = field[name] + 0
}

END {
    nt = split(targets, target, " ")
    label["echo"] = "srv_echo"; label["again"] = "srv_echo again (A/A)"; label["module"] = "Portreeve"
    label["urlcheck"] = "srv_url_check"; label["e2guardian"] = "e2guardian"
    split("rps p50_us p99_us cpu_us page_bytes", columns, " ")
    print "| requests | server | requests/s | of srv_echo (least-most) | p50 us | p99 us | p99 of srv_echo | CPU us/request | CPU beyond srv_echo | page bytes |"
    print "|---|---|--:|---|--:|--:|---|--:|--:|--:|"
    for (i = 1; i <= nw; i++)
        for (j = 1; j <= nt; j++) {
            w = workloads[i]
            t = target[j]
            if (!((w, t, 1, "rps") in value)) continue
            for (k = 1; k <= 5; k++) m[columns[k]] = middle(w, t, columns[k])
            printf "| %s | %s | %.0f | %s | %.0f | %.0f | %s | %.2f | %.2f | %s |\n", w, label[t], m["rps"],
                ratio(w, t, "rps"), m["p50_us"], m["p99_us"], ratio(w, t, "p99_us"), m["cpu_us"], added(w, t),
                (m["page_bytes"] ? m["page_bytes"] : "-")
        }
    printf "\nMedians of %d rounds of %d requests on %d connections; %d errors. CPU is the server's, user and system.\n",
        rounds, count, connections, errors
    printf "\nPrivate memory of the process that serves (Private_Clean + Private_Dirty), after the runs:"
    for (j = 1; j <= nt; j++)
        printf "%s %s %.1f MiB%s", (j == 1 ? "" : ","), label[target[j]], memory[target[j]] / 1024,
            (j == 1 ? "" : sprintf(" (%+.1f)", (memory[target[j]] - memory[target[1]]) / 1024))
    print "."
}
