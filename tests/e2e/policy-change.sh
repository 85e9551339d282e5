# shellcheck shell=bash
# council: unnamed-council
# chain: own
# The policy is published anew while people browse: no request fails, and the new one is in force soon after.
requests=3000
arrived() { reached | grep -c '^GET www.facebook.com /ExampleCouncil?n=' || true; }
arrived_at_least() { (($(arrived) >= $1)); }
youtube_answers() {
    ask sam https://www.youtube.com/watch
    [[ $STATUS == "$1" ]]
}
scenario() {
    local n codes load
    youtube_answers 403 || unmet 'YouTube is not refused before the change'
    for ((n = 0; n < requests; n++)); do
        printf 'url = "https://www.facebook.com/ExampleCouncil?n=%s"\noutput = /dev/null\n' "$n"
    done >"$OUT/load"
    as_person olivia --max-time 120 --parallel --parallel-max 4 -w '%{stdout}%{http_code}\n' -K "$OUT/load" >"$OUT/codes" 2>"$OUT/load.err" &
    load=$!
    cp "$COUNCIL_DIR/council.policy" "$OUT/first.policy"
    for n in 1 2 3; do
        wait_until 60 arrived_at_least $((n * requests / 6)) || unmet 'the load does not get on'
        cp "$OUT/first.policy" "$COUNCIL_DIR/council.policy"
        if ((n % 2)); then
            printf '\npermit e2e-youtube\n    platform youtube\n    because "For the test."\n' >>"$COUNCIL_DIR/council.policy"
        fi
        publish
        echo "published when $(arrived) of $requests requests had arrived"
    done
    (($(arrived) < requests)) || unmet 'the load was over before the last change'
    wait "$load" || unmet "the load ended with an error: $(tail -n 3 "$OUT/load.err")"
    codes=$(sort "$OUT/codes" | uniq -c | tr -s ' ')
    echo "answers:$codes"
    [[ $codes == " $requests 200" ]] || unmet "not every request of the load was answered with 200"
    wait_until 10 youtube_answers 200 || unmet 'the new policy is not in force'
}
