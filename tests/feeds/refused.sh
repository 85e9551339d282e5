# shellcheck shell=bash disable=SC2154,SC2034 # read by tests/feeds/run, whose functions and names it uses
# What is no feed is refused at the start, with what to write instead; what is no file is never written to.

begin
refused() { # FEED TEXT
    local status=0
    run_once "$1" || status=$?
    is "$1 is refused" 2 "$status"
    if grep -qF -- "$2" "$work/log"; then ok; else not_ok "$1" "is not told: $2"; fi
}
refused "all=file:$home/x" "a feed is security=PLACE or policy=PLACE"
refused "security" "a feed is security=PLACE or policy=PLACE"
refused "security,leef=file:$home/x" "after security or policy come ecs, cef or no-user"
refused "security,name=file:$home/x" "no feed can carry names: an event has a pseudonym at most"
refused "security=$home/x" "it goes to file:PATH, tcp:ADDRESS:PORT or unix:PATH"
refused "security=file:x.json" "write the whole path"
refused "security=tcp:127.0.0.1" "a receiver is tcp:ADDRESS:PORT"
refused "security=tcp:127.0.0.1:0" "a receiver is tcp:ADDRESS:PORT"
refused "security=tcp:127.0.0.1:70000" "a receiver is tcp:ADDRESS:PORT"
refused "security=tcp:siem.council.example:514" "by its address in numbers"
status=0
run_once "security=file:$home/x" "security=file:$home/x" || status=$?
is "the same twice" 2 "$status"
status=0
options=(--feed-queue 0)
run_once "security=file:$home/x" || status=$?
options=()
is "a queue of nothing" 2 "$status"

# A link, a pipe, a folder: the lines wait.
ln -s "$home/elsewhere" "$home/link"
mkfifo "$home/pipe"
for name in link pipe; do
    spool 30
    start "security=file:$home/$name"
    comes "$name: told" status_says "the feed cannot be written: it is"
    ended daemon
done
if [[ -e $home/elsewhere ]]; then not_ok "a link" "is followed"; else ok; fi
run_once "security=tcp:192.0.2.1:514" || true
if grep -q "goes over the network as it is, readable and unsigned" "$work/log"; then ok; else not_ok "another machine" "no warning"; fi
