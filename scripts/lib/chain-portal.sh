# shellcheck shell=bash
# portreeved and the portal in the chain (srv_portreeve(8), PORTAL; portreeved(8)): whose files are whose, its certificate, what it
# adds to the configurations of c-icap and Squid, and the clock that c-icap and portreeved share in tests. Sourced by chain.sh.
#
# portreeved has a user of its own and c-icap's group. So it reads the keys that they share and takes spools away, and c-icap reads
# the standing file; but the store, which holds who pressed what, and the portal's TLS key are portreeved's alone.

CHAIN_PORTAL=portreeve.council.example

portreeved_user() { service_user portreeve daemon; }

chain_prepare_portal() {
    local tls=$CHAIN_DIR/tls
    [[ -n ${CHAIN_DAEMON:-} ]] || return 0
    install -m 755 "$CHAIN_DAEMON" "$CHAIN_DIR/bin/portreeved"
    own_dir "$(portreeved_user)" 700 "$CHAIN_DIR/portreeved"
    own_dir "$(portreeved_user)" 750 "$CHAIN_DIR/standing"
    ((EUID != 0)) || chgrp "$(group_of "$ICAP_USER")" "$CHAIN_DIR/standing"
    if ! openssl x509 -checkend 86400 -noout -in "$tls/portal.crt" >/dev/null 2>&1; then
        rm -f "$tls/portal-private.key"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$CHAIN_PORTAL" \
            -addext "subjectAltName=DNS:$CHAIN_PORTAL" -keyout "$tls/portal-private.key" -out "$tls/portal.crt" \
            2>>"$CHAIN_DIR/log/openssl.out"
    fi
    give_file "$(portreeved_user)" 400 "$tls/portal-private.key"
    [[ -n ${CHAIN_EPOCHS:-} ]] || return 0
    own_dir "$(portreeved_user)" 700 "$CHAIN_DIR/portreeved/sealed"
    own_dir "$(portreeved_user)" 2750 "$CHAIN_DIR/icap/epoch"
    ((EUID != 0)) || chgrp "$(group_of "$ICAP_USER")" "$CHAIN_DIR/icap/epoch"
    chmod 2750 "$CHAIN_DIR/icap/epoch" # after chgrp, which takes the bit away
    [[ -s $CHAIN_DIR/portreeved/signing.key ]] || openssl rand -out "$CHAIN_DIR/portreeved/signing.key" 32
    give_file "$(portreeved_user)" 400 "$CHAIN_DIR/portreeved/signing.key"
}

chain_portal_directives() {
    [[ -n ${CHAIN_DAEMON:-} ]] || return 0
    cat <<CONF
portreeve.Portal $CHAIN_PORTAL
portreeve.PortalKey $CHAIN_DIR/icap/portal.key
portreeve.Standing $CHAIN_DIR/standing/standing
CONF
}

chain_squid_portal() {
    [[ -n ${CHAIN_DAEMON:-} ]] || return 0
    cat <<CONF

# The portal: no name server knows it, its certificate is its own.
cache_peer 127.0.0.1 parent $(chain_port portal) 0 no-query no-digest originserver name=portal tls sslcafile=$CHAIN_DIR/tls/portal.crt ssldomain=$CHAIN_PORTAL
cache_peer_access portal allow portal
cache_peer_access portal deny all
never_direct allow portal
CONF
}

# Cases on the portal, where $CHAIN_DIR/cases.json, the council's profile, is there.
chain_start_portreeved() {
    local -a cases=()
    [[ -n ${CHAIN_DAEMON:-} ]] || return 0
    local epochs=(--pseudonym-key "$CHAIN_DIR/icap/pseudonym.key") shared=()
    chain_env
    # As packages have it: a key for each epoch, made by portreeved, and a record that is anchored and signed.
    if [[ -n ${CHAIN_EPOCHS:-} ]]; then
        epochs=(--pseudonym-key "$CHAIN_DIR/icap/epoch/pseudonym.key" --keys-on-disk
            --record "$CHAIN_DIR/portreeved/record" --signing-key "$CHAIN_DIR/portreeved/signing.key")
        if [[ -n ${CHAIN_KEEPER:-} ]]; then
            epochs+=(--keeper "$CHAIN_KEEPER")
        else
            epochs+=(--keys "$CHAIN_DIR/portreeved/sealed" --no-holders ${CHAIN_NODES:+--nodes "$CHAIN_NODES"})
        fi
    fi
    if [[ -e $CHAIN_DIR/cases.json ]]; then
        own_dir "$(portreeved_user)" 700 "$CHAIN_DIR/portreeved/cases"
        install -m 644 "$CHAIN_DIR/cases.json" "$CHAIN_DIR/portreeved/cases.json"
        cases=(--cases "$CHAIN_DIR/portreeved/cases" --case-profile "$CHAIN_DIR/portreeved/cases.json")
    fi
    if [[ -n ${CHAIN_STORE:-} ]]; then shared=(--state "$CHAIN_DIR/portreeved/store" --node "$CHAIN_NAME"); fi
    process_start portreeved "$(portreeved_user):$(group_of "$ICAP_USER")" env "${CHAIN_ENV[@]}" "$CHAIN_DIR/bin/portreeved" \
        --artefact "$CHAIN_POLICY" --spool "$CHAIN_DIR/icap/spool" --held "$CHAIN_DIR/icap/held" \
        --store "${CHAIN_STORE:-$CHAIN_DIR/portreeved/store}" "${shared[@]}" \
        --standing "$CHAIN_DIR/standing/standing" "${epochs[@]}" --host "$CHAIN_PORTAL" \
        --listen "127.0.0.1:$(chain_port portal)" --portal-key "$CHAIN_DIR/icap/portal.key" \
        --certificate "$CHAIN_DIR/tls/portal.crt" --private-key "$CHAIN_DIR/tls/portal-private.key" "${cases[@]}"
    wait_until 10 port_open 127.0.0.1 "$(chain_port portal)" || chain_broken portreeved
    wait_until 10 test -e "$CHAIN_DIR/standing/standing" || chain_broken portreeved
}

# --- the clock -----------------------------------------------------------------------------------------------------------
# Where chain_clock was called before c-icap and portreeved are started, their clock is this machine's and an offset, which
# libfaketime reads from a file at every look. Squid, browser and certificates go by the machine's.

chain_env() { # CHAIN_ENV: what c-icap and portreeved get into their environment
    local library
    CHAIN_ENV=()
    [[ -s $CHAIN_DIR/clock ]] || return 0
    for library in /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib/faketime/libfaketimeMT.so.1; do
        [[ -e $library ]] || continue
        CHAIN_ENV=(LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$CHAIN_DIR/clock" FAKETIME_NO_CACHE=1
            FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1)
        return 0
    done
    chain_fail "libfaketime is not installed (faketime)"
}
chain_clock_offset() { # SECONDS: in one step, as the file is read at any time
    printf '%+d\n' "$1" >"$CHAIN_DIR/clock.new"
    chmod 644 "$CHAIN_DIR/clock.new"
    mv "$CHAIN_DIR/clock.new" "$CHAIN_DIR/clock"
}
# chain_clock 'YYYY-MM-DD HH:MM': that is the time in London now. chain_clock_on SECONDS: so much later than now.
chain_clock() { chain_clock_offset $(($(TZ=Europe/London date -d "$1" +%s) - $(date +%s))); }
chain_clock_on() { chain_clock_offset $(($(<"$CHAIN_DIR/clock") + $1)); }
