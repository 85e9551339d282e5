# shellcheck shell=bash disable=SC2154,SC2034 # read by tests/feeds/run, whose functions and names it uses
# Receivers of syslog, over TCP and a socket: well, down, gone in the middle, deaf, slow. Whatever they do, imports go on.

receiver() { # NAME KIND OUT WHERE [OPTIONS]
    local name=$1
    shift
    /usr/bin/python3 "$here"/receiver.py "$@" 2>>"$work/receiver.log" &
    pids["$name"]=$!
}
stored() { [[ $(count "SELECT count(*) FROM event") == "$1" ]]; }

# ---- TCP ----
begin
: >"$work/log"
receiver tcp tcp "$work/tcp.out" "$work/port"
until_true test -e "$work/port"
port=$(cat "$work/port")
spool 300
start "security=tcp:127.0.0.1:$port"
comes "security goes" state_is "100 0 0" 0 sent waiting lost
ended daemon
comes "security has come" lines_in "$work/tcp.out" 100
conforms "over TCP, ECS" syslog-ecs security "$work/tcp.out" 100
rm "$work/tcp.out"
ended tcp
receiver tcp tcp "$work/tcp.out" "$work/port" --port "$port"
start "policy,cef=tcp:127.0.0.1:$port"
spool 50 300
comes "policy goes" state_is "50 0 0" 0 sent waiting lost
comes "policy has come" lines_in "$work/tcp.out" 50
conforms "over TCP, CEF" syslog-cef policy "$work/tcp.out" 50
ended daemon
ended tcp

# Down: the record goes on, lines wait, and come when it is back.
begin
start "security=tcp:127.0.0.1:$port"
spool 3000
comes "down: all is imported" stored 3000
comes "down: lines wait" state_is "0 1000 0" 0 sent waiting lost
comes "down: it is told" status_says "does not get through, 1000 line(s) wait: security=tcp:127.0.0.1:$port: Connection refused"
rm -f "$work/tcp.out"
# It goes in the middle of the connection, then it is back.
receiver tcp tcp "$work/tcp.out" "$work/port" --port "$port" --messages 500
comes "gone after 500" lines_in "$work/tcp.out" 500
ended tcp
receiver tcp tcp "$work/tcp.out" "$work/port" --port "$port"
comes "back: all is sent" state_is "1000 0 0" 0 sent waiting lost
ended daemon
conforms "what came conforms" syslog-ecs security "$work/tcp.out" "$(wc -l <"$work/tcp.out")"
is "each came, some twice" 1000 "$(grep -o '"sequence":[0-9]*' "$work/tcp.out" | sort -u | wc -l)"
twice=$(($(wc -l <"$work/tcp.out") - 1000))
if ((twice <= 200)); then ok; else not_ok "no more than a batch comes twice" "$twice"; fi
ended tcp

# Deaf: takes the connection and reads nothing. The queue has its bound; what has no room is counted, and told.
begin
rm -f "$work/port"
receiver deaf tcp "$work/deaf.out" "$work/port" --deaf
until_true test -e "$work/port"
options=(--feed-queue 400)
start "security=tcp:127.0.0.1:$(cat "$work/port")"
spool 30000
comes "deaf: all is imported" stored 30000
comes "deaf: what has no room is lost and counted" state_is "0 400 9600" 0 sent waiting lost
comes "deaf: it is told" status_says "9600 line(s) were lost"
ended daemon
ended deaf
rm -f "$work/tcp.out"
receiver tcp tcp "$work/tcp.out" "$work/port" --port "$(cat "$work/port")"
start "security=tcp:127.0.0.1:$(cat "$work/port")"
comes "back: what waited is sent" state_is "400 0 9600" 0 sent waiting lost
spool 3 30000
comes "the numbers tell what is missing" grep -q '"sequence":10001}\?' "$work/tcp.out"
ended daemon
is "400, then the next" "400 10001" "$(grep -o '"sequence":[0-9]*' "$work/tcp.out" | cut -d: -f2 | sort -nu | sed -n '400p;401p' | paste -sd' ')"
ended tcp
options=()

# ---- a socket, as /dev/log is ----
begin
touch "$work/hold"
receiver unix unix "$work/unix.out" "$work/log.sock" --hold "$work/hold"
until_true test -S "$work/log.sock"
start "security,cef=unix:$work/log.sock"
spool 3000
comes "slow: all is imported" stored 3000
waits() { (($(state 0 waiting) > 0)); }
comes "slow: lines wait" waits
rm "$work/hold"
comes "all is taken" state_is "1000 0 0" 0 sent waiting lost
comes "all has come, none twice" lines_in "$work/unix.out" 1000
conforms "over the socket" syslog-cef security "$work/unix.out" 1000
is "in their order" "$(seq 1000 | paste -sd' ')" "$(grep -o 'cn1=[0-9]*' "$work/unix.out" | cut -d= -f2 | paste -sd' ')"
# Restarted under us: the socket is another one.
ended unix
rm "$work/log.sock"
receiver unix unix "$work/unix.out" "$work/log.sock"
until_true test -S "$work/log.sock"
spool 30 3000
comes "it is found again" lines_in "$work/unix.out" 1010
ended daemon
ended unix
