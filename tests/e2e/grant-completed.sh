# shellcheck shell=bash
# council: unnamed-council
# chain: own
# Somebody whose approval waits for the signed policy is told that step, and no other. ICT enters the day on which it was signed and
# publishes; then the page opens, with no server restarted.
page=https://www.facebook.com/ExampleCouncil

pids() { for name in squid icap portreeved; do process_pid "$name"; done; }
opens() {
    as_page gareth "$page"
    [[ $STATUS == 200 ]]
}
scenario() {
    local before register=$COUNCIL_DIR/registers/grants.csv
    before=$(pids)
    walk gareth open "$page" see step
    expect_heading step 'You need to finish one step first'
    expect_seen step 'One step is not done yet: sign the email and internet policy.'
    expect_not_reached '[A-Z]+ www.facebook.com'

    awk -F, -v OFS=, -v today="$(date +%F)" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "aup_signed_on") at = i }
        $1 == "gareth" { $at = today } { print }' "$register" >"$register.new"
    mv "$register.new" "$register"
    publish
    wait_until 10 opens || unmet 'the signed policy opens nothing'
    walk gareth open "$page" see granted
    expect_heading granted 'Stand-in for www.facebook.com'
    as_page gareth https://www.facebook.com/somebody.else
    expect_status 403
    [[ $(pids) == "$before" ]] || unmet 'a server is another than before'
}
