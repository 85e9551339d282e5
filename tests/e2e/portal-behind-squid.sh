# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# The portal is reached through Squid under a name of the council's own, though all of those must work unasked: whoever asks it is
# signed in, and is who the service says, whatever they say themselves.
portal=https://portreeve.council.example

# A header that says who somebody is, made with a key: vouch KEY USER METHOD PATH. As record/vouch.h describes it.
vouch() {
    python3 - "$@" <<'PY'
import base64, hashlib, os, sys, time
key, user, method, path = sys.argv[1:]
def text(b): return base64.urlsafe_b64encode(b).rstrip(b"=").decode()
with open(key, "rb") as f: secret = f.read()
head = f"v1.{int(time.time()) + 60}.{text(os.urandom(16))}.{text(user.encode())}"
mac = hashlib.blake2b(f"{head}\0{method}\0{path}".encode(), key=secret, digest_size=32, person=b"portreeve-vouch")
print(f"X-Portreeve-User: {head}.{text(mac.digest())}")
PY
}
# direct HEADER: past Squid, as a program on this machine could
direct() {
    curl -q -sS --noproxy '*' --cacert "$CHAIN_DIR/tls/portal.crt" --resolve "portreeve.council.example:$(chain_port portal):127.0.0.1" \
        -o "$OUT/body" -w '%{http_code}' ${1:+-H "$1"} "$portal:$(chain_port portal)/mine"
}
scenario() {
    local code
    walk sam open $portal/mine see mine
    expect_heading mine 'What is recorded about you'
    expect_seen mine '<strong>sam</strong>'
    expect_issuer sam portreeve.council.example squid

    code=$(curl -q -sS --noproxy '' -x "http://127.0.0.1:$(chain_port squid)" --cacert "$CHAIN_DIR/tls/both-ca.crt" -o /dev/null \
        -w '%{http_connect}' $portal/mine 2>/dev/null) || true
    [[ $code == 407 ]] || unmet "who has not signed in gets $code from the portal"

    # by hand, and even with the very key: what a client sends is taken off
    ask nora $portal/mine -H 'X-Portreeve-User: sam'
    expect_status 200
    expect_body '<strong>nora</strong>'
    ask nora $portal/mine -H "$(vouch "$CHAIN_DIR/icap/portal.key" sam GET /mine)"
    expect_status 200
    expect_body '<strong>nora</strong>'
    expect_no_body '<strong>sam</strong>'
    # and no site hears of it
    ask nora https://news.example/x.json -H 'X-Portreeve-User: sam'
    ask nora https://bank.example/x.json -H 'X-Portreeve-User: sam' # which is not looked into: there it is the client's affair
    ask nora http://news.example/x.json -H 'X-Portreeve-User: sam'
    expect_status 200
    expect_no_body X-Portreeve

    [[ $(direct '') == 403 ]] || unmet 'who comes past Squid without a header is let in'
    openssl rand -out "$OUT/other.key" 32
    [[ $(direct "$(vouch "$OUT/other.key" sam GET /mine)") == 403 ]] || unmet 'a header by another key is believed'
    [[ $(direct "$(vouch "$CHAIN_DIR/icap/portal.key" sam GET /claim)") == 403 ]] || unmet 'a header for another page is believed'
    [[ $(direct "$(vouch "$CHAIN_DIR/icap/portal.key" sam GET /mine)") == 200 ]] || unmet 'our own reading of the header is wrong: this shows nothing'
}
