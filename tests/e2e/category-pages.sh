# shellcheck shell=bash
# council: unnamed-council
# chain: own
# Whatever a host is listed as, its tunnel is opened and one and the same page is seen, which names neither site nor category. Tunnels
# that are never opened, and those of guests, who do not know the council's certificate, get the browser's own error.
prepare() {
    printf '%s\n' 'anonymiser.example,proxy-avoidance,ICT,a stand-in' 'bank.example,phishing,ICT,never opened all the same' \
        >>"$COUNCIL_DIR/registers/hosts.csv"
    printf '%s\n' cidr,name,kind 127.9.0.0/16,visitors,guest >"$COUNCIL_DIR/registers/networks.csv"
}
words_of() { sed -e 's/[0-9A-HJKMNP-TV-Z]\{4\}-[0-9A-HJKMNP-TV-Z]\{4\}/CODE/g' "$OUT/$1.html" | sed 's/<style>.*<\/style>//'; }
scenario() {
    local host
    for host in adult anonymiser; do
        look sam "https://$host.example/a/path" "$host"
        expect_heading "$host" 'You cannot open this page'
        expect_not_seen "$host" "$host.example"
        expect_not_seen "$host" path
        expect_issuer sam "$host.example" squid
    done
    [[ $(words_of adult) == "$(words_of anonymiser)" ]] || unmet 'the two pages differ in more than their codes'
    grep -qiE 'adult|avoid|anonym|porn|categor' "$OUT/adult.html" "$OUT/anonymiser.html" && unmet 'a page tells what it was'
    expect_not_reached '[A-Z]+ (adult|anonymiser).example'

    # never opened: refused as a tunnel, so without a page
    ask sam https://bank.example/
    expect_status 000
    grep -q 'response 403' "$OUT/curl.err" || unmet "curl says: $(cat "$OUT/curl.err")"
    # what nobody lists stays closed
    expect_issuer sam news.example site

    # a guest's: the same, and no certificate of the council's
    ask sam https://adult.example/ --interface 127.9.0.5
    expect_status 000
    grep -q 'response 403' "$OUT/curl.err" || unmet "curl says: $(cat "$OUT/curl.err")"
    ask sam https://news.example/ --interface 127.9.0.5 --cacert "$CHAIN_DIR/tls/origin-ca.crt"
    expect_status 200
    expect_not_reached '[A-Z]+ (bank|adult).example'
}
