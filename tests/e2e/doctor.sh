# shellcheck shell=bash
# council: unnamed-council
# chain: own
# portreeve doctor: every check green on a chain that is well, and each says so when the chain is broken in just that way.
prepare() { export CHAIN_EPOCHS=yes; }

doctor() { # OPTION|CHECK...: its findings in $OUT/doctor, its status in $DOCTOR
    DOCTOR=0
    PORTREEVE=$E2E_TOOL "$TOP/packaging/lib/doctor" --artefact "$CHAIN_POLICY" --standing "$CHAIN_DIR/standing/standing" --spool "$CHAIN_DIR/icap/spool" \
        --council "$OUT/closed" --sealed "$CHAIN_DIR/portreeved/sealed" --pseudonym-key "$CHAIN_DIR/icap/epoch/pseudonym.key" --record "$CHAIN_DIR/portreeved/record" \
        --icap "127.0.0.1:$(chain_port icap)" --icap-conf "$CHAIN_DIR/conf/c-icap.conf" --squid-conf "$squid" --categories "$OUT/categories" --proxy "127.0.0.1:$(chain_port squid)" \
        --sign-in "$OUT/sign-in" --listed www.facebook.com --spliced bank.example "$@" >"$OUT/doctor" 2>&1 || DOCTOR=$?
}
says() { grep -qF -- "$1" "$OUT/doctor" || unmet "doctor does not say '$1' but: $(<"$OUT/doctor")"; }
# finds STATE CHECK TEXT [OPTION...]: that check, on what is broken now
finds() {
    local state=$1 check=$2 text=$3
    shift 3
    doctor "$@" "$check"
    [[ $DOCTOR == "$state" ]] || unmet "doctor ends with $DOCTOR, not $state, over $check: $(<"$OUT/doctor")"
    says "$text"
    if ((state)); then says 'why: ' && says 'do:  '; fi
}
# without PATTERN: Squid's configuration as it would be without such lines; changed SED: as sed makes it
without() { grep -vE -- "$1" "$CHAIN_DIR/conf/squid.conf" >"$OUT/squid.conf"; }
changed() { sed -E -- "$1" "$CHAIN_DIR/conf/squid.conf" >"$OUT/squid.conf"; }
stopped() { ! c-icap-client -i 127.0.0.1 -p "$(chain_port icap)" -s portreeve_req 2>/dev/null | grep -q Preview; }

scenario() {
    local squid=$CHAIN_DIR/conf/squid.conf copy=$OUT/squid.conf state
    mkdir -m 750 "$OUT/closed"
    grep '^sam:' "$CHAIN_PEOPLE" | cut -d: -f1,2 >"$OUT/sign-in"
    doctor --json
    state=$(python3 - "$OUT/doctor" <<'PY'
import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
# what this machine, or a chain for tests, cannot have: a firewall's rule, a time server, systemd's units, memory for keys, a Squid that waits
bad = [f["check"] + ": " + f["seen"] for f in d["findings"] if f["state"] in ("warning", "failure") and f["check"] not in ("clock", "units", "keys", "disk", "ages")]
print("\n".join(bad))
PY
    )
    [[ -z $state ]] || unmet "a chain that is well is not: $state"
    doctor --list
    [[ $(wc -l <"$OUT/doctor") == 22 ]] || unmet 'not 22 checks'
    finds 0 icap answers
    finds 0 bump 'is opened under'
    finds 0 splice 'its own certificate'
    finds 0 identity 'the portal knows sam'
    finds 0 workers ''

    # one thing at a time: the service
    finds 2 icap 'nothing answers' --icap "127.0.0.1:$(chain_port origin 2>/dev/null || echo 9)"
    printf 'x' | dd of="$OUT/bad" bs=1 status=none
    finds 2 policy 'no policy can be read' --artefact "$OUT/bad"
    sed 's/^owner .*/owner "Somebody else"/' "$COUNCIL_DIR/council.policy" >"$OUT/council.policy"
    cp -r "$COUNCIL_DIR" "$OUT/council" && cp "$OUT/council.policy" "$OUT/council/"
    "$E2E_TOOL" compile "$OUT/council" --no-tests --maps "$(dirname "$(dirname "$COUNCIL_DIR")")" -o "$OUT/other" >/dev/null 2>&1
    finds 2 workers 'c-icap has' --artefact "$OUT/other"
    # Squid's configuration
    squid=$copy
    without '^icap_preview_enable'
    finds 2 preview 'the preview is shorter'
    without '^icap_send_client_username'
    finds 2 identity 'sends no user name'
    without '^adaptation_meta X-Groups'
    finds 1 groups 'sends no groups'
    without '^reply_header_access Alt-Svc'
    finds 2 alt-svc 'let through'
    without '^http_upgrade_request_protocols'
    finds 1 websocket 'takes Upgrade off'
    changed 's/on-overload=wait//'
    finds 2 failure 'requests pass unjudged or fail'
    without '^icap_service_failure_limit'
    finds 1 failure 'leaves the service alone'
    without '^adaptation_access .* deny'
    finds 2 must-work 'about everything'
    changed "s#\"[^\"]*must-work\"#\"$OUT/empty-must-work\"#"
    : >"$OUT/empty-must-work"
    finds 2 must-work "is not the policy's"
    changed 's/^access_log .*/access_log daemon:\/var\/log\/squid\/access.log squid/'
    finds 2 squid-log 'format squid'
    without '^access_log'
    finds 2 squid-log 'no access_log line'
    squid=$CHAIN_DIR/conf/squid.conf
    # what is opened, and what is not; who signs in
    finds 2 bump 'is not opened' --listed bank.example
    finds 2 splice 'is opened' --spliced www.facebook.com
    printf 'nobody:wrong\n' >"$OUT/wrong"
    finds 0 bump 'asks for a sign-in' --sign-in "$OUT/wrong"
    # portreeved, keys, files
    finds 2 daemon 'nothing is known' --standing "$OUT/standing"
    finds 2 standing 'there is none' --standing "$OUT/standing"
    finds 2 keys 'there is no' --pseudonym-key "$OUT/no-key"
    touch -d '30 days ago' "$OUT/categories"
    finds 1 ages '30 days old'
    cp "$OUT/sign-in" "$OUT/open.key"
    chmod 644 "$OUT/open.key"
    finds 2 permissions 'anybody can read' --authority "$OUT/open.key"
    doctor --nonsense
    [[ $DOCTOR == 2 ]] || unmet "doctor takes --nonsense: $DOCTOR"
    says 'there is no option --nonsense'
    doctor squids
    [[ $DOCTOR == 2 ]] || unmet "doctor takes the check squids: $DOCTOR"
    says "there is no check 'squids'"
    # c-icap itself has gone
    process_stop icap
    wait_until 20 stopped
    finds 2 icap 'nothing answers'
    finds 0 preview 'does not answer'
}
