# shellcheck shell=bash
# council: nottinghamshire
# chain: own
# What a `set` rule puts in arrives at the site, once, whatever the client wrote there; a big upload arrives whole behind it; and
# tunnels to such sites are opened though no platform map knows them.
prepare() {
    cat >>"$COUNCIL_DIR/council.policy" <<'POLICY'

group account-openers "For this test."

set youtube-moderate
    restriction youtube-restrict moderate
    except group account-openers
    because "For this test."
    cite "0"

set searches
    restriction bing-safe-search
    because "For this test."
    cite "0"

set no-personal-microsoft
    restriction microsoft-personal
    because "For this test."
    cite "0"
POLICY
}
expect_at_site() { expect_body "\"$1\": \"$2\""; }
expect_once() { (($(grep -oi -- "\"$1\"" "$OUT/body" | wc -l) == 1)) || unmet "'$1' did not arrive once: $(head -c 600 "$OUT/body")"; }
scenario() {
    as_page sam https://www.youtube.com/watch.json
    expect_status 200
    expect_at_site YouTube-Restrict Moderate
    as_page sam https://www.youtube.com/watch.json -H 'YouTube-Restrict: Off' -H 'youtube-restrict: Off'
    expect_at_site YouTube-Restrict Moderate
    expect_once youtube-restrict
    expect_no_body Off
    # whom the rule leaves out
    as_page dora https://www.youtube.com/watch.json
    expect_status 200
    expect_no_body YouTube-Restrict
    # other sites
    as_page sam https://www.facebook.com/some.json
    expect_no_body YouTube-Restrict

    head -c 20000000 /dev/urandom >"$OUT/upload"
    as_script sam https://www.youtube.com/youtubei/v1/player -X POST -H 'Expect:' -H 'Content-Type: application/json' --data-binary "@$OUT/upload"
    expect_status 200
    expect_at_site YouTube-Restrict Moderate
    expect_body "\"sha256\": \"$(sha256sum <"$OUT/upload" | cut -d' ' -f1)\""
    as_script sam https://www.youtube.com/youtubei/v1/player -X POST -H 'Expect:' -H 'Content-Type: application/json' \
        -H 'Transfer-Encoding: chunked' --data-binary "@$OUT/upload"
    expect_body "\"sha256\": \"$(sha256sum <"$OUT/upload" | cut -d' ' -f1)\""
    as_script sam https://www.youtube.com/youtubei/v1/player -X POST -H 'Content-Type: application/json' --data '{"a": 1}'
    expect_at_site YouTube-Restrict Moderate
    expect_body "\"sha256\": \"$(printf '{"a": 1}' | sha256sum | cut -d' ' -f1)\""
    rm -f "$OUT/upload"

    # no platform of any map: opened for the restriction alone
    as_page sam "https://www.bing.com/search?q=a+b&adlt=off&%61DLT=off"
    expect_status 200
    expect_issuer sam www.bing.com squid
    expect_reached 'GET www.bing.com /search\?q=a\+b&adlt=strict'
    expect_not_reached 'GET www.bing.com /search.*off'
    look sam "https://www.bing.com/search?q=fun" search
    expect_seen search 'Stand-in for www.bing.com'
    expect_reached 'GET www.bing.com /search\?q=fun&adlt=strict'
    as_page sam https://login.live.com/login.json -H 'sec-Restrict-Tenant-Access-Policy: none'
    expect_at_site sec-Restrict-Tenant-Access-Policy restrict-msa
    expect_once sec-restrict-tenant-access-policy
    # and what is never opened is not
    expect_issuer sam bank.example site
}
