# shellcheck shell=bash
# council: unnamed-council
# chain: own
# A network of people's own devices, and a port of the proxy for them: no tunnel from there is ever opened, and the policy's rule for it
# decides by the host alone. Here 127.0.9.0/24 is that network, and maya's port that port.
prepare() {
    cat >>"$COUNCIL_DIR/council.policy" <<'END'

permit e2e-guests
    network 127.0.9.0/24
    because "For the test."
    host-only

forbid e2e-guests-social
    network 127.0.9.0/24
    platform facebook
    page default-deny
    because "For the test."
END
}

# connect PERSON HOST [CURL OPTIONS...]: CODES is what the proxy says of the tunnel, and what comes through it; ISSUER who signed
connect() {
    : >"$OUT/body"
    CODES=$(as_person "$1" "https://$2/" "${@:3}" -v -o "$OUT/body" -w '%{http_connect} %{http_code}' 2>"$OUT/tls") || true
    ISSUER=$(sed -n 's/^\*  issuer: //p' "$OUT/tls" | head -n 1)
    echo "$1 ${*:3} asks $2: $CODES, certificate by '$ISSUER'"
}
closed_and_open() { # PERSON CURL OPTIONS...: of the guests' network
    mark
    connect "$1" www.youtube.com "${@:2}"
    [[ $CODES == '200 200' && $ISSUER == *'Stand-in'* ]] || unmet 'what the guests may use is refused, or opened'
    expect_reached 'GET www.youtube.com / 0'
    connect "$1" bank.example "${@:2}"
    [[ $CODES == '200 200' && $ISSUER == *'Stand-in'* ]] || unmet 'a bank is refused, or opened'
    # no page is shown for what is refused: for that the tunnel would have to be opened
    connect "$1" www.facebook.com "${@:2}"
    [[ $CODES == '403 000' && -z $ISSUER ]] || unmet 'what the guests may not use is let through, or opened'
    connect "$1" adult.example "${@:2}"
    [[ $CODES == '403 000' && -z $ISSUER ]] || unmet 'a listed site is let through, or opened'
    expect_not_reached '[A-Z]+ (www.facebook.com|adult.example)'
    expect_events '"rule":"e2e-guests-social"' 1
}
port_is_closed() {
    connect maya www.youtube.com
    [[ $CODES == '200 200' ]]
}
scenario() {
    closed_and_open nora --interface 127.0.9.1
    # in the clear all of the address is seen, and a page can be shown
    as_page nora http://www.facebook.com/ --interface 127.0.9.1
    expect_status 403
    expect_body 'You cannot use this site on the council network'

    # the others' network is as before
    connect nora www.youtube.com
    [[ $CODES == '200 403' && $ISSUER == *'Council web filter'* ]] || unmet 'the office is treated as the guests are'

    connect maya www.youtube.com
    [[ $CODES == '200 403' ]] || unmet 'the port is the guests already: this shows nothing'
    sed -i "s|^    network 127.0.9.0/24|    port $(chain_port user-maya)|" "$COUNCIL_DIR/council.policy"
    publish
    wait_until 10 port_is_closed || unmet 'the rule for the port is not in force'
    closed_and_open maya
}
