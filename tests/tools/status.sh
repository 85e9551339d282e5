# shellcheck shell=bash disable=SC2154
# portreeve status with everything there is to be told of: one screen of 24 rows and 80 columns. Read by tests/tools/run, whose
# functions and names it uses.

sc=$work/screen
mkdir -p "$sc/spool" "$sc/lists"
cp -r policy-maps/councils/unnamed-council "$sc/council"
{
    echo 'user,id,names,groups,class,sponsor,synced_on'
    n=10
    for user in $(cut -d, -f1,6 --output-delimiter=' ' "$sc"/council/registers/{grants,accounts,members}.csv | tr ' ' '\n' | grep -E '^[a-z]+\.[a-z]+$' | sort -u); do
        n=$((n + 1))
        echo "$user,00112233-4455-6677-8899-aabbccddee$n,,,employee,,2026-11-22T09:00:00Z"
    done
} >"$sc/council/registers/people.csv"
printf 'group,mode\n*,shadow\nlicensing,enforce\nsafeguarding,enforce\n' >"$sc/council/registers/enforced.csv"
run "$tool" compile "$sc/council" -o "$sc/policy" --maps policy-maps
is "a council with everything" 0
noon=$(date -d 2026-11-22T12:00:00Z +%s)
tests/tools/make-standing "$sc/standing" $((noon - 5)) a.comms ack reminder $((noon - 60)) $((noon + 60)) 0
cat >"$sc/daemon" <<'END'
{"schema": 1, "at": "2026-11-22T11:59:58Z", "imported_to": "2026-11-22T11:59:57Z", "store": "SQLite", "node": "gate", "problem": null,
 "problem_since": null, "behind_seconds": 1, "behind_bytes": 4096, "events": 1234567, "acts_waiting": false, "torn": 0,
 "keeps": {"events": {"days": 90, "default": true}}, "holds": 2, "holds_due": 0, "held_days": 30, "record_days": 90, "epoch": "month",
 "portal": "web.example.gov.uk", "feeds": [
  {"feed": "security=tcp:10.0.0.1:514", "sent": 1000, "waiting": 5, "lost": 0, "sent_at": "2026-11-22T11:59:50Z", "lost_at": null,
   "problem": null, "problem_since": null},
  {"feed": "policy=file:/var/log/portreeve/policy", "sent": 2000, "waiting": 7, "lost": 0, "sent_at": null, "lost_at": null,
   "problem": null, "problem_since": null}]}
END
cp "$sc/daemon" "$sc/standing.daemon"
# Each platform of the maps, as record/rot.h has it: UNKNOWN of 200 writes.
met() { # UNKNOWN
    python3 - "$sc/spool/portreeve.rot" "$1" "$((noon / 604800))" policy-maps/platforms/*.map <<'END'
import re, struct, sys
path, unknown, week, maps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
data = struct.pack("<8sII48x", b"PTREEROT", 1, 512)
for name in maps:
    text = open(name, encoding="utf-8").read()
    windows = [struct.pack("<9Q", *([0] * 9)), struct.pack("<9Q", week, 5000, 100, 200, 0, 300, unknown, 0, 0)]
    data += struct.pack("<II40s24s", 2, 0, re.search(r"^platform (\S+)", text, re.M)[1].encode(),
                        re.search(r"^version +(\S+)", text, re.M)[1].encode()) + (windows[0] + windows[1] if week & 1 else windows[1] + windows[0])
open(path, "wb").write(data.ljust(64 + 512 * 216, b"\0"))
END
}
met 3
run "$tool" key create "$sc/key"
run "$tool" lists import "$lists/in/black" -o "$sc/lists/categories" --map "$lists/map"
is "lists for status" 0
: >"$sc/inbox"
everything=("$tool" status "$sc/policy" --at 2026-11-22T12:00:00Z --spool "$sc/spool" --standing "$sc/standing" --identity-key "$sc/key"
    --enrolments "$sc/inbox" --categories "$sc/lists/categories")
screen() { # ROWS COLUMNS: what a terminal of that size shows
    run script -qec "stty rows $1 cols $2; ${everything[*]@Q}" /dev/null
    tr -d '\r' <"$work/out" >"$work/screen.out" && cp "$work/screen.out" "$work/out"
}
# What of it is wider, in characters.
wider() { python3 -c 'import sys; sys.exit(not any(len(line.rstrip("\n")) > int(sys.argv[2]) for line in open(sys.argv[1], encoding="utf-8")))' "$work/out" "$1"; }

run "${everything[@]}"
is "status of everything in order" 0
holds "what is in order is said first" test "$(head -n 1 "$work/out")" = "Everything is in order."
for text in "In service: Social Media Policy, version 1.0 (" "  shadow, 2 of 5 groups in enforce, record counts; review due 2027-03-31" \
    "Directory: read 3 hours ago" "Category lists: made " "  $(find policy-maps/platforms -name '*.map' | wc -l) platform(s) were met" \
    "Standing: 5 seconds old" "portreeved: 1 seconds behind (4 KiB) at 2026-11-22 11:59 UTC" "  1234567 event(s) imported" \
    "  2 feed(s): 3000 line(s) sent, 12 waiting, 0 lost"; do
    says "status of everything in order" out "$text"
done
hides "details are for --all" out "generation 1"
screen 24 80
is "status on a terminal" 0
holds "status of everything in order is on one screen, with room for the prompt" test "$(wc -l <"$work/out")" -le 23
if wider 80; then holds "a terminal's lines are not wider than it is" false; else passed=$((passed + 1)); fi
run "${everything[@]}" --all
says "status --all" out "generation 1"
says "status --all" out "  feed security=tcp:10.0.0.1:514: 1000 sent, 5 waiting, 0 lost"
holds "status --all has a row for each platform" test "$(grep -cE '^  [a-z0-9_]+ +5000 +3 of 200 +- +0 of 300$' "$work/out")" \
    = "$(find policy-maps/platforms -name '*.map' | wc -l)"
run "${everything[@]}" --json
is "status --json of everything in order" 0
sed -nE '/^\.Sh ALARM/,/^\.Sh FILES/p' icap-module/man/portreeve.1 | sed -nE 's/^\.(Va|It Va) //p' | tr -s ' ,;' '\n' >"$work/documented"
while read -r key; do
    holds "portreeve(1) describes status's '$key'" grep -qx "$key" "$work/documented"
done < <(sed 's/"keeps":{[^}]*}}//' "$work/out" | grep -oE '"[a-z_]+":' | tr -d '":' | sort -u)
says "status --json counts whom the policy binds" out '"groups_enforced":2,"groups_in_shadow":3'

# Problems come first, and many of one kind leave room for the others.
met 150
sed -i 's/"problem": null,$/"problem": "the disk is full",/; s/ "problem_since": null, "behind/ "problem_since": "2026-11-22T11:00:00Z", "behind/' "$sc/standing.daemon"
run "${everything[@]}"
is "status of many problems" 1
holds "problems come first" test "$(sed -n '2,7s/^  ! .*/!/p' "$work/out" | wc -l)" = 6
says "many problems" out "  ! and $(($(find policy-maps/platforms -name '*.map' | wc -l) - 4)) more of the kind: --all shows them"
holds "four of a kind" test "$(grep -c 'does not know 75 %' "$work/out")" = 4
says "many problems" out "  ! portreeved cannot import: the disk is full"
holds "no problem stands below" test "$(sed '1,/^$/d' "$work/out" | grep -c '^  ! ')" = 0
screen 24 80
if wider 80; then holds "a terminal's lines are broken" false; else passed=$((passed + 1)); fi
says "a broken line is led on under its text" out "      maps update'"
screen 24 20
if wider 40; then holds "a small terminal's lines are broken at 40" false; else passed=$((passed + 1)); fi
run "${everything[@]}" --all
holds "--all shows every problem" test "$(grep -c '^  ! .*does not know 75 % of 200 writes' "$work/out")" = "$(find policy-maps/platforms -name '*.map' | wc -l)"
met 3
cp "$sc/daemon" "$sc/standing.daemon"

# An alarm of many messages shows a few.
for n in 1 2 3 4 5 6; do echo "permit oops$n" >>"$sc/council/council.policy"; done
run "$tool" compile "$sc/council" -o "$sc/policy" --maps policy-maps
run "${everything[@]}"
is "status of a long alarm" 1
holds "three errors of it" test "$(grep -cE '^    tests/.*: error' "$work/out")" = 3
hides "and no warning" out ": warning: "
says "and how many more" out "    and 17 more: --all shows them"
run "${everything[@]}" --all
holds "--all shows all of them" test "$(grep -cE '^    (tests/|council).*: (error|warning): ' "$work/out")" = 20

# Lists that are old or broken.
"${everything[@]}" --at "$(date -u -d '+16 days' +%FT%TZ)" >"$work/out" || true
says "old lists" out "categories is 16 days old, more than 14"
truncate -s 100 "$sc/lists/categories"
run "${everything[@]}"
mark "broken lists" "$sc/lists/categories: this is no category database"
says "broken lists" out "Category lists: none"
# What an older portreeved wrote has no word of what came later.
echo '{"schema": 1, "at": "2026-11-22T11:59:58Z"}' >"$sc/standing.daemon"
run "${everything[@]}" --json
says "an older portreeved's" out '"feeds":null'
