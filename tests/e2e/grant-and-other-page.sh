# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# A live grant opens the council's own page and no other.
scenario() {
    as_page olivia https://www.facebook.com/ExampleCouncil
    expect_status 200
    expect_body 'Stand-in for www.facebook.com'
    expect_reached 'GET www.facebook.com /ExampleCouncil 0'

    as_page olivia https://www.facebook.com/somebody.else
    expect_status 403
    expect_not_reached 'GET www.facebook.com /somebody.else'

    as_page sam https://www.facebook.com/ExampleCouncil
    expect_status 403
    expect_body 'You cannot use this site on the council network'

    look olivia https://www.facebook.com/ExampleCouncil own
    expect_heading own 'Stand-in for www.facebook.com'
}
