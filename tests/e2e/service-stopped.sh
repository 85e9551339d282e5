# shellcheck shell=bash
# council: unnamed-council
# chain: own
# With c-icap gone, what must work goes on working; what has to be judged gets an error and never slips through.
scenario() {
    as_page sam https://www.havant-council.example/
    expect_status 200
    process_stop icap
    mark
    as_page sam https://www.havant-council.example/
    expect_status 200
    look sam https://www.havant-council.example/ must-work
    expect_heading must-work 'Stand-in for www.havant-council.example'
    as_page sam http://www.havant-council.example/plain
    expect_status 200
    as_page olivia https://www.facebook.com/ExampleCouncil
    [[ $STATUS == 5* ]] || unmet "Facebook answers $STATUS without the service"
    # the policy's own words where it cannot judge (the page 'unavailable'), in place of Squid's
    expect_body 'Sorry, there is a problem with web access'
    sed -n 's/^p "\([^.]*\. \).*/\1/p' "$TOP/policy-maps/pages/unavailable.page" >"$OUT/words"
    while read -r words; do expect_body "$words"; done <"$OUT/words"
    look sam https://www.facebook.com/ExampleCouncil away
    expect_heading away 'Sorry, there is a problem with web access'
    ask sam http://news.example/
    [[ $STATUS == 5* ]] || unmet "a plain page answers $STATUS without the service"
    expect_not_reached '[A-Z]+ (www.facebook.com|news.example)'

    # Squid holds a service that failed it for down for half a minute
    chain_start_icap
    wait_until 60 back_again || unmet 'Squid does not ask the service again'
}
back_again() { as_person olivia https://www.facebook.com/ExampleCouncil -f -o /dev/null 2>/dev/null; }
