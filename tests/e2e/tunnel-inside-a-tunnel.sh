# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# A tunnel that stays closed is asked about a second time only where the site is asked for by another name than the proxy was
# (packaging/lib/same-name). A CONNECT inside of an opened tunnel has the same name twice, too: it is asked about all the same, and
# refused; unasked it would go on as it is, unseen.
scenario() {
    local port before answer host address
    port=$(chain_port user-sam)
    read -r address _ < <(chain_origin_address)
    for host in www.facebook.com news.example "$address"; do # opened at the first step, and by the name that comes second
        answer=$(inside "$port" "$host:443" www.facebook.com)
        echo "inside $host: $answer"
        [[ $answer == 'HTTP/1.1 403' ]] || unmet "a CONNECT inside of the tunnel to $host is answered with '$answer'"
    done

    before=$(asked)
    closed clips.example clips.example
    closed clips.example clips.example
    closed clips.example clips.example
    wait_until 10 asked_since "$before" 3 || unmet "$(($(asked) - before)) questions for three closed tunnels"
    before=$(asked)
    closed clips.example bank.example
    wait_until 10 asked_since "$before" 2 || unmet "$(($(asked) - before)) questions for a tunnel with another name in it"
}
# asked: the questions that c-icap has had, but for this one's own
asked() {
    local n=$OUT/asked.$RANDOM$RANDOM
    c-icap-client -i 127.0.0.1 -p "$(chain_port icap)" -s 'info?view=text&table=*' -req http://x.example/ -nopreview -o "$n" >/dev/null 2>&1 </dev/null || true
    awk '/^REQMODS/ { all = $NF } /^Service info REQMODS/ { own = $NF } END { print all - own }' "$n"
}
asked_since() { (($(asked) - $1 == $2)); }
# closed HOST SNI: through a tunnel that is not opened, to the site's own certificate
closed() {
    local seen
    seen=$(openssl s_client -proxy "127.0.0.1:$(chain_port user-sam)" -connect "$1:443" -servername "$2" </dev/null 2>/dev/null | grep '^issuer') || true
    [[ $seen == *'Stand-in web sites'* ]] || unmet "the tunnel to $1 as $2 shows '$seen'"
}
# inside PORT CONNECT SNI: the first words of the answer to a CONNECT inside of that tunnel
inside() {
    timeout 20 python3 - "$@" <<'PY'
import socket, ssl, sys
port, connect, sni = sys.argv[1:]
s = socket.create_connection(("127.0.0.1", int(port)), 10)
s.sendall(f"CONNECT {connect} HTTP/1.1\r\nHost: {connect}\r\n\r\n".encode())
s.recv(4096)
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
t = context.wrap_socket(s, server_hostname=sni)
t.sendall(f"CONNECT {sni}:443 HTTP/1.1\r\nHost: {sni}:443\r\n\r\n".encode())
t.settimeout(5)
try:
    print(t.recv(12).decode())
except OSError as e:
    print(e)
PY
}
