# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# Nobody opens a new account on the council's network, be their grant what it may.
scenario() {
    as_page dora https://www.facebook.com/r.php
    expect_status 403
    expect_body 'You cannot open a new account here'
    as_page dora https://www.facebook.com/reg/submit/ -X POST --data 'firstname=A'
    expect_status 403
    expect_not_reached '[A-Z]+ www.facebook.com /r'
}
