# shellcheck shell=bash disable=SC2154,SC2034 # read by tests/feeds/run, whose functions and names it uses
# Feeds into files: both kinds, both formats, hostile texts, rotation, what is of now, and what waits.

begin
spool 300
run_once "security=file:$home/s.json" "security,cef=file:$home/s.cef" "policy=file:$home/p.json" "policy,cef=file:$home/p.cef"
conforms "security, ECS" ecs security "$home/s.json" 100
conforms "security, CEF" cef security "$home/s.cef" 100
conforms "policy, ECS" ecs policy "$home/p.json" 300
conforms "policy, CEF" cef policy "$home/p.cef" 300
is "it carries the pseudonym" 100 "$(grep -c '"user":{"id":"' "$home/s.json")"
is "the file is for its group to read, for nobody else" 640 "$(stat -c %a "$home/s.json")"
is "nothing of the council's account is there" 0 "$(cat "$home"/[sp].* | grep -c example-council)"
is "policy has no code" 0 "$(grep -c K7M4 "$home/p.json" "$home/p.cef" | grep -cv ':0$')"
is "numbers without a gap" "$(seq 100 | paste -sd' ')" \
    "$(/usr/bin/python3 -c 'import json,sys; print(*(json.loads(l)["event"]["sequence"] for l in open(sys.argv[1])))' "$home/s.json")"
is "policy's lines do not lie in the order of their events" no \
    "$(/usr/bin/python3 -c 'import json,sys; r=[int(json.loads(l)["rule"]["id"][5:]) for l in open(sys.argv[1])]; print("yes" if r == sorted(r) else "no")' "$home/p.json")"

# Nothing comes twice, and what is renamed is made anew.
run_once "security=file:$home/s.json"
is "nothing again" 100 "$(wc -l <"$home/s.json")"
mv "$home/s.json" "$home/s.json.1"
spool 30 300
run_once "security=file:$home/s.json"
conforms "after a rotation" ecs security "$home/s.json" 10
is "the one before is left alone" 100 "$(wc -l <"$home/s.json.1")"

# Somebody else's torn line in the file is ended, not continued.
printf 'torn by somebody' >>"$home/s.json"
spool 3 330
run_once "security=file:$home/s.json"
is "a line of its own" 1 "$(grep -c '^torn by somebody$' "$home/s.json")"
is "and all of ours" 11 "$(grep -c '^{' "$home/s.json")"

# Without pseudonyms.
begin
spool 30
run_once "security,no-user=file:$home/s.json" "security,cef,no-user=file:$home/s.cef"
conforms "no user, ECS" ecs security "$home/s.json" 10
is "no pseudonym in ECS" 0 "$(grep -c '"user"' "$home/s.json")"
is "no pseudonym in CEF" 0 "$(grep -c 'cs1=' "$home/s.cef")"

# What formats stumble over.
begin
spool hostile
run_once "security=file:$home/s.json" "security,cef=file:$home/s.cef"
conforms "hostile, ECS" ecs security "$home/s.json" 10
conforms "hostile, CEF" cef security "$home/s.cef" 10
is "read back as it was, ECS and CEF" same "$(/usr/bin/python3 - "$home/s.json" "$home/s.cef" <<'PY'
import json, sys
sys.path.insert(0, "tests/feeds")
import conforms
exec(open("tests/feeds/events.py").read().split("def event")[0])
ecs = [json.loads(t)["rule"]["id"] for t in conforms.lines_of(sys.argv[1])]
cef = [conforms.cef_extension(conforms.cef_head(t)[1])["cs3"] for t in conforms.lines_of(sys.argv[2])]
print("same" if ecs == cef == HOSTILE else f"{ecs} {cef}")
PY
)"

# An hour of policy leaves when it is over; security at once.
begin
spool 30 --at "$(date -u +%FT%H:00:00Z)"
run_once "security=file:$home/s.json" "policy=file:$home/p.json"
is "security of this hour" 10 "$(wc -l <"$home/s.json")"
if [[ -e $home/p.json ]]; then not_ok "policy of this hour" "has left before its end"; else ok; fi
is "it waits" 30 "$(count "SELECT count(*) FROM feed_line")"
start "security=file:$home/s.json" "policy=file:$home/p.json"
comes "status tells it" state_is "0 30 0" 1 sent waiting lost
ended daemon
# What a later start does not ask for any more does not lie about.
run_once "security=file:$home/s.json"
is "a feed that is gone keeps nothing" 0 "$(count "SELECT count(*) FROM feed_line")"

# A full disk, as one that lets a file grow no further: said, and finished when there is room.
begin
spool 300
(ulimit -f 8; run_once "security=file:$home/s.json" || true)
if grep -q "cannot" "$work/log" || (($(wc -c <"$home/s.json") <= 8192)); then ok; else not_ok "a full disk" "is none"; fi
run_once "security=file:$home/s.json"
conforms "room again" ecs security "$home/s.json" 100
