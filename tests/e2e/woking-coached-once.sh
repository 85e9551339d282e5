# shellcheck shell=bash
# council: woking
# chain: own
# In office hours somebody is reminded that personal use is for now and then, presses Go on, is led back, and is not reminded again
# that day, by whichever of c-icap's processes answers; nor is anybody who uses the site for work.
page=https://www.facebook.com/somebody.else

prepare() { chain_clock "$(working_day) 10:30"; }

processes() { find "$CHAIN_DIR/icap/spool" -name '*.spool' | wc -l; }
# More at a time than one process has threads. A process that was idle reads the standing with its first request, and those that
# come in that moment are judged by the one before.
nobody_is_asked() {
    as_person sam --max-time 120 --parallel --parallel-max 45 -w '%{stdout}%{http_code}\n' -K "$OUT/load" -H 'Sec-Fetch-Mode: navigate' \
        -H 'Sec-Fetch-Dest: document' -H 'Sec-Fetch-User: ?1' >"$OUT/codes" 2>"$OUT/load.err" || unmet "$(tail -n 3 "$OUT/load.err")"
    echo "answers: $(sort "$OUT/codes" | uniq -c | tr -s ' \n' ' '); processes that have written events: $(processes)"
    [[ $(sort -u "$OUT/codes") == 200 ]]
}
reminded() {
    as_page sam "$page"
    [[ $STATUS == 403 ]] && grep -qF 'Before you go on' "$OUT/body"
}
lets_in() {
    as_page sam "$page"
    [[ $STATUS == 200 ]]
}
scenario() {
    local n
    as_page dora https://www.facebook.com/ExampleBorough
    expect_status 200
    walk sam open "$page" see coached press 'Go on' see question press 'Go on' see after
    expect_heading coached 'Before you go on'
    expect_heading question 'Before you go on'
    expect_url after "$page"
    expect_heading after 'Stand-in for www.facebook.com'

    for ((n = 0; n < 200; n++)); do printf 'url = "%s?n=%s"\noutput = /dev/null\n' "$page" "$n"; done >"$OUT/load"
    nobody_is_asked || nobody_is_asked || unmet 'somebody who went on is asked again'
    (($(processes) >= 2)) || unmet 'only one process has answered: this shows nothing'

    # another day, another reminder, as soon as the standing is of that day
    chain_clock "$(working_day) 23:59"
    chain_clock_on $((10 * 3600 + 31 * 60))
    wait_until 10 reminded || unmet 'nobody is reminded on the next day'
    chain_clock_on $((9 * 3600)) # and none after hours
    wait_until 10 lets_in || unmet 'somebody is reminded after hours'
}
