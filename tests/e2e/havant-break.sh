# shellcheck shell=bash
# council: havant
# chain: own
# In the hours of work somebody is reminded whose time it is. They say that they are on their break, and go on; when the break is
# over they are reminded again, say that they go on to learn, and are not asked again that day.
page=https://www.facebook.com/somebody.else

prepare() { chain_clock "$(working_day) 10:30"; }

asked_again() {
    as_page sam "$page"
    [[ $STATUS == 403 ]]
}
scenario() {
    walk sam open "$page" see coached press 'I am on my break' see break choose '30 minutes' press 'I am on my break' see after
    expect_heading coached 'You can use this site in your own time'
    expect_heading break 'Are you on your break now?'
    expect_url after "$page"
    expect_heading after 'Stand-in for www.facebook.com'
    as_page sam https://www.youtube.com/watch
    expect_status 200
    as_page dora "$page" # nobody else is on a break; she needs none
    expect_status 200

    chain_clock_on $((31 * 60))
    wait_until 10 asked_again || unmet 'the break does not end'
    walk sam open "$page" press 'Go on to learn or to work' see question press 'Go on' see learning
    expect_url learning "$page"
    as_page sam "$page"
    expect_status 200

    # at lunch nobody is asked
    chain_clock "$(working_day) 12:30"
    as_page una "$page"
    expect_status 403 # the notice
    walk una open "$page" see notice press 'I have read it' see read press 'I have read this' see lunch
    expect_heading notice 'Before you use social sites'
    expect_url lunch "$page"
    expect_heading lunch 'Stand-in for www.facebook.com'
}
