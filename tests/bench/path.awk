# The table of scripts/bench --path: medians of the rounds. In: ROUND ARM CLASS REQUESTS SQUID-US ICAP-US ASKED.
function median(list, parts, n, i, j, t) {
    n = split(list, parts, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && parts[j - 1] + 0 > parts[j] + 0; j--) { t = parts[j]; parts[j] = parts[j - 1]; parts[j - 1] = t }
    least = parts[1] + 0
    most = parts[n] + 0
    return n % 2 ? parts[(n + 1) / 2] + 0 : (parts[n / 2] + parts[n / 2 + 1]) / 2
}
function ratio(class, arm, with, m) {
    m = median(ratios[class, arm])
    return sprintf(with ? "%.2f (%.2f-%.2f)" : "%.2f", m, least, most)
}
{
    us = 1 / $4
    squid[$1, $3, $2] = $5 * us
    cost[$3, $2] = cost[$3, $2] " " $5 * us
    icap[$3, $2] = icap[$3, $2] " " $6 * us
    asked[$3, $2] = $7 / $4
    if (!($3 in known)) { known[$3] = 1; classes[++n] = $3 }
    if ($1 > rounds) rounds = $1
}
END {
    for (c = 1; c <= n; c++) for (r = 1; r <= rounds; r++) {
        base = squid[r, classes[c], "without"]
        split("set-up all again", arm, " ")
        for (a = 1; a <= 3; a++) if (base) ratios[classes[c], arm[a]] = ratios[classes[c], arm[a]] " " squid[r, classes[c], arm[a]] / base
    }
    print "| class | Squid's CPU a request without | as set up | of without | everything asked | A/A | asked a request: set up, everything | c-icap's CPU a request |"
    print "|---|---|---|---|---|---|---|---|"
    for (c = 1; c <= n; c++) {
        k = classes[c]
        printf "| %s | %.0f us | %.0f us | %s | %s | %s | %.2f, %.2f | %.0f us |\n", k, median(cost[k, "without"]), median(cost[k, "set-up"]), ratio(k, "set-up", 1),
            ratio(k, "all", 0), ratio(k, "again", 0), asked[k, "set-up"], asked[k, "all"], median(icap[k, "set-up"])
    }
    printf "\nMedians of %d rounds; in brackets the least and the most.\n", rounds
}
