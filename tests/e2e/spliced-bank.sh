# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# What the policy does not speak of is passed on unopened: the client sees the site's own certificate. What it speaks of is opened.
scenario() {
    expect_issuer sam bank.example site
    expect_reached 'GET bank.example / 0'
    expect_issuer sam www.havant-council.example site
    expect_issuer sam www.facebook.com squid

    # a mark that a client brings along is refused before anybody is asked, and opens nothing
    mark
    ask sam https://bank.example/forged --proxy-header 'X-Portreeve-Bump: yes'
    [[ $STATUS != 200 ]] || unmet 'a forged mark was let through'
    expect_not_reached 'GET bank.example'
}
