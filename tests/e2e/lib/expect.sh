# shellcheck shell=bash
# What a scenario may expect. An expectation that is not met is told and counted; the scenario goes on.

# publish: compiles the council's text and puts it in the place of the artefact that the module uses. The council's own cases are
# left out: they are run elsewhere, and some scenarios change the text that they speak of.
publish() { "$E2E_TOOL" compile "$COUNCIL_DIR" -o "$CHAIN_POLICY" --no-tests; }

# all_have_read: before the chain starts, everybody but una has read the notice of the council's version, months ago: what they pressed
# is in portreeved's journal.
all_have_read() {
    local version name at
    version=$(sed -nE 's/^policy .* version ([^ ]+) from .*/\1/p' "$COUNCIL_DIR/council.policy")
    at=$(date -d '-30 days' +%s)
    rm -rf "$CHAIN_DIR/portreeved" "$CHAIN_DIR/standing"
    own_dir "$(portreeved_user)" 700 "$CHAIN_DIR/portreeved"
    for name in $(chain_people | grep -vx una); do
        printf '1\t%s\t%s\tack\t%s\t%s\t0\t0\tnotice/%s\t%s\n' "$(openssl rand -hex 16)" "$(openssl rand -hex 16)" "$at" "$at" "$version" "$name"
    done >"$CHAIN_DIR/portreeved/store.journal"
    give_file "$(portreeved_user)" 640 "$CHAIN_DIR/portreeved/store.journal"
}

# working_day: the next day in the middle of a week that is no bank holiday, nor is the one behind it
working_day() {
    local day n holidays=$TOP/policy-maps/calendars/bank-holidays.csv
    for ((n = 1; n < 30; n++)); do
        day=$(date -d "+$n days" +%F)
        if [[ $(date -d "$day" +%u) == [234] ]] && ! grep -qE ",($day|$(date -d "$day +1 day" +%F))," "$holidays"; then break; fi
    done
    printf '%s\n' "$day"
}

unmet() {
    echo "NOT MET: $*"
    failures=$((failures + 1))
}

# --- asking --------------------------------------------------------------------------------------------------------------
# ask PERSON URL [CURL OPTIONS...]: leaves STATUS (000: no answer), TYPE, and the files $OUT/head and $OUT/body.
ask() {
    local person=$1 url=$2 line
    shift 2
    : >"$OUT/head" && : >"$OUT/body"
    line=$(as_person "$person" "$url" -D "$OUT/head" -o "$OUT/body" -w '%{http_code} %{content_type}' "$@" 2>"$OUT/curl.err") || true
    STATUS=${line%% *} TYPE=${line#* }
    echo "$person asks $url: $STATUS $TYPE"
}
# How a browser asks for a page, a script's call, a picture and a video.
as_page() { ask "$@" -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document' -H 'Sec-Fetch-Site: none' -H 'Sec-Fetch-User: ?1' -H 'Accept: text/html'; }
as_script() { ask "$@" -H 'Sec-Fetch-Mode: cors' -H 'Sec-Fetch-Dest: empty' -H 'Sec-Fetch-Site: same-origin'; }
as_image() { ask "$@" -H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: image' -H 'Sec-Fetch-Site: cross-site' -H 'Referer: https://news.example/' -H 'Accept: image/*'; }
as_video() { ask "$@" -H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: video' -H 'Sec-Fetch-Site: cross-site' -H 'Referer: https://news.example/' -H 'Range: bytes=0-'; }
as_frame() { ask "$@" -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: iframe' -H 'Sec-Fetch-Site: cross-site' -H 'Referer: https://news.example/' -H 'Accept: text/html'; }
# What Facebook's own pages send when a person acts on the page of an account: graphql PERSON ACCOUNT OPERATION [CURL OPTIONS...]
graphql() {
    as_script "$1" https://www.facebook.com/api/graphql/ -X POST -H "Origin: https://www.facebook.com" -H "Referer: https://www.facebook.com/$2" \
        -H "X-FB-Friendly-Name: $3" -H 'Content-Type: application/x-www-form-urlencoded' --data "fb_api_req_friendly_name=$3&doc_id=1" \
        "${@:4}"
}

# --- what came -----------------------------------------------------------------------------------------------------------
expect_status() { [[ $STATUS == "$1" ]] || unmet "status $STATUS instead of $1"; }
expect_type() { [[ ${TYPE%%;*} == "$1" ]] || unmet "type '$TYPE' instead of '$1'"; }
expect_body() { grep -qF -- "$1" "$OUT/body" || unmet "the answer does not hold '$1' but: $(head -c 300 "$OUT/body")"; }
expect_no_body() { ! grep -qF -- "$1" "$OUT/body" || unmet "the answer holds '$1'"; }
expect_empty() { [[ ! -s $OUT/body ]] || unmet "the answer is not empty: $(head -c 300 "$OUT/body")"; }
expect_header() { grep -qi -- "^$1" "$OUT/head" || unmet "no header '$1'"; }
expect_no_header() { ! grep -qi -- "^$1" "$OUT/head" || unmet "header '$1' is there"; }

# --- the browser ---------------------------------------------------------------------------------------------------------
# look PERSON URL NAME: opens it in Chromium; $OUT/NAME.html and $OUT/NAME.png are what came of it
look() {
    echo "$1 opens $2"
    browse "$(chain_port "user-$1")" "$2" "$OUT/$3" || unmet "the browser did not open $2"
}
# walk PERSON STEP...: a person at Chromium who opens, presses and sees (lib/browser.py); what `see NAME` leaves is in $OUT/NAME.*
walk() {
    local person=$1
    shift
    echo "$person: $*"
    python3 -B "$TOP/tests/e2e/lib/browser.py" "$(chain_port "user-$person")" "$(browser_home)" "$OUT" "$@" || unmet "$person got stuck"
}
expect_url() { [[ $(<"$OUT/$1.url") == "$2" ]] || unmet "$1 is $(<"$OUT/$1.url") instead of $2"; }
expect_seen() { # NAME TEXT
    grep -qF -- "$2" "$OUT/$1.html" || unmet "the page does not say '$2' but: $(sed 's/<[^>]*>/ /g' "$OUT/$1.html" | tr -s ' \n' ' ' | head -c 400)"
    [[ -s $OUT/$1.png ]] || unmet "no screenshot $1.png"
}
expect_not_seen() { ! grep -qF -- "$2" "$OUT/$1.html" || unmet "the page says '$2'"; }
expect_heading() { # NAME TEXT: the one first-level heading
    local headings
    headings=$(grep -o '<h1[^>]*>[^<]*' "$OUT/$1.html" | sed 's/<[^>]*>//' || true)
    [[ $headings == "$2" ]] || unmet "the heading is '$headings' instead of '$2'"
}

# --- the sites -----------------------------------------------------------------------------------------------------------
# mark: from here on. reached: METHOD HOST PATH BYTES of each request that arrived at a site since.
mark() {
    MARK=$(wc -l <"$CHAIN_DIR/origin/requests.log")
    events >"$OUT/events-before"
}
reached() { tail -n +$((MARK + 1)) "$CHAIN_DIR/origin/requests.log"; }
expect_reached() { reached | grep -qE -- "^$1( |\$)" || unmet "no site was asked '$1'"; }
expect_not_reached() { ! reached | grep -E -- "^$1" || unmet "a site was asked '$1'"; }

# --- certificates --------------------------------------------------------------------------------------------------------
# expect_issuer PERSON HOST squid|site: who signed the certificate that a client is shown
expect_issuer() {
    local issuer want
    issuer=$(as_person "$1" "https://$2/" -o /dev/null -v 2>&1 | sed -n 's/^\*  issuer: //p' | head -n 1) || true
    case $3 in
    squid) want='Council web filter' ;;
    site) want='Stand-in web sites' ;;
    esac
    echo "certificate of $2: $issuer"
    [[ $issuer == *"$want"* ]] || unmet "the certificate of $2 is by '$issuer' instead of '$want'"
}

# --- events --------------------------------------------------------------------------------------------------------------
# events: one JSON object a line, as `portreeve events` prints them. Several processes write them, so that new ones need not come last.
events() { "$E2E_TOOL" events "$SPOOL"; }
event_count() { # PATTERN: how many more there are than at mark
    events >"$OUT/events"
    echo $(($(grep -cE -- "$1" "$OUT/events" || true) - $(grep -cE -- "$1" "$OUT/events-before" || true)))
}
expect_events() { # PATTERN COUNT: at least so many
    local n
    n=$(event_count "$1")
    echo "events '$1': $n"
    ((n >= $2)) || unmet "$n events '$1' instead of at least $2"
}
