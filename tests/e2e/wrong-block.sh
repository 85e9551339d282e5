# shellcheck shell=bash
# council: unnamed-council
# chain: own
# A wrong block is put right in a minute: the code from somebody's page, `why`, `unblock`, and the page opens, while all runs on. What
# is held is the host alone; a site of the never-log list is refused and leaves nothing.
prepare() {
    local lists=$CHAIN_DIR/lists
    mkdir -p "$lists/ut1/redirector"
    printf '%s\n' anonymiser.example another.example union.example >"$lists/ut1/redirector/domains"
    printf '%s\n' 'version 2026-01-01' 'source ut1 "made up" licence "none"' 'list ut1 redirector as proxy-avoidance' >"$lists/map"
    "$E2E_TOOL" lists import "ut1=$lists/ut1" --map "$lists/map" -o "$lists/categories" >/dev/null
    echo 'never-log .union.example' >>"$COUNCIL_DIR/council.policy"
    # shellcheck disable=SC2034  # chain.sh takes it
    CHAIN_DIRECTIVES="portreeve.Categories $lists/categories"
}
desk() { "$E2E_TOOL" "$@" --held "$CHAIN_DIR/icap/held" --access-log "$CHAIN_DIR/access" >"$OUT/desk" 2>&1; }
opens() {
    as_page sam https://anonymiser.example/a
    [[ $STATUS == 200 ]]
}
scenario() {
    local code
    look sam https://anonymiser.example/a/path page
    expect_heading page 'You cannot open this page'
    code=$(grep -oE '[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}' "$OUT/page.html" | head -n 1)
    desk why "$code" --artefact "$CHAIN_POLICY" || unmet "why fails: $(cat "$OUT/desk")"
    grep -qF 'host: anonymiser.example' "$OUT/desk" || unmet "why does not name the host: $(cat "$OUT/desk")"
    grep -qF 'lists: ut1/redirector' "$OUT/desk" || unmet "why does not name the list: $(cat "$OUT/desk")"
    ! grep -rqE 'sam|/a/path' "$CHAIN_DIR/icap/held" "$OUT/desk" || unmet "more is held than the host"

    desk unblock "$code" --until "$(date -d '+7 days' +%F)" --owner "ICT service desk" --categories "$CHAIN_DIR/lists/categories" ||
        unmet "unblock fails: $(cat "$OUT/desk")"
    wait_until 10 opens || unmet "the host is not open within ten seconds"
    expect_issuer sam anonymiser.example site
    as_page sam https://another.example/
    expect_status 403
    grep -qF 'result=opened' "$CHAIN_DIR/access" || unmet "the access log does not tell of it"
    ! grep -F "$code" "$CHAIN_DIR/access" | grep -qF anonymiser || unmet "the access log leads from a code to a host"

    as_page sam https://union.example/join
    expect_status 403
    code=$(grep -oE '[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}' "$OUT/body" | head -n 1)
    ! desk why "$code" || unmet "a never-log site is held"
    ! grep -rqF union "$CHAIN_DIR/icap/held" || unmet "a never-log site is held"
    ! events | grep -qF "$code" || unmet "a never-log site has an event"
    ! grep -qF union "$CHAIN_DIR/squid/access.log" || unmet "Squid's own log tells of a never-log site"
    grep -qF another.example "$CHAIN_DIR/squid/access.log" || unmet "Squid's own log tells of nothing"
}
