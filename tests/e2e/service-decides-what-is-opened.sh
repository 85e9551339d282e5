# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# Squid has no list with this host: the service asks for the tunnel to be opened, so that a page can be shown. And a tunnel that is
# asked for by address is known by the name in its TLS greeting.
scenario() {
    look sam https://adult.example/ inappropriate
    expect_heading inappropriate 'You cannot open this page'
    expect_not_reached '[A-Z]+ adult.example'
    # neither site nor category is named on that page
    as_page sam https://adult.example/pictures
    expect_status 403
    expect_no_body adult
    expect_no_body pictures
    ! grep -q adult.example "$CHAIN_DIR/conf/bump" || unmet 'adult.example is on the list for Squid: this test shows nothing'

    local address https
    read -r address _ https <"$CHAIN_DIR/origin-address"
    if [[ $https == 443 ]]; then
        as_page sam https://www.facebook.com/ --connect-to "www.facebook.com:443:$address:443"
        expect_status 403
        expect_body 'You cannot use this site on the council network'
        as_page sam https://bank.example/by-address --connect-to "bank.example:443:$address:443"
        expect_status 200
        expect_reached 'GET bank.example /by-address'
    else
        echo "by address: not tried, as port 443 may not be taken here"
    fi
}
