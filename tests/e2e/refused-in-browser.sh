# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# Somebody whom no rule permits opens Facebook and sees why not, under a certificate that the browser accepts.
scenario() {
    look nora https://www.facebook.com/ refused
    expect_heading refused 'You cannot use this site on the council network'
    expect_not_reached '[A-Z]+ www.facebook.com'

    as_page nora https://www.facebook.com/
    expect_status 403
    expect_type text/html
    expect_header 'Cache-Control: no-store'
    expect_header "Content-Security-Policy: default-src 'none'"
    expect_header 'Referrer-Policy: no-referrer'
    expect_header 'X-Content-Type-Options: nosniff'
    # nothing of the address, the person or the machine is on the page
    as_page nora 'https://www.facebook.com/secret-path?q=secret-word'
    expect_status 403
    expect_no_body secret
    expect_no_body nora
    expect_no_body 127.0.0.1
}
