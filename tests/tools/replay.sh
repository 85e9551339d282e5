# shellcheck shell=bash disable=SC2154
# portreeve replay, review --shadow and explain of answers: read by tests/tools/run, whose functions and names it uses.

replay=$work/replay
mkdir "$replay"
cp -r policy-maps "$replay/maps"
groups_of() { sed -nE 's/^group ([^ ]+).*/\1/p' "$1/council.policy" | paste -sd,; }
made() { # COUNCIL NAME: its artefact and events of all platforms' cases by people of each of its groups
    "$tool" compile "$replay/maps/councils/$1" --no-tests -o "$replay/$2" 2>/dev/null
    tests/tools/make-events "$tool" "$replay/$2" "$(groups_of "$replay/maps/councils/$1")" tests/cases/platforms/*.case >"$replay/$2.events"
}
number() { # WORD: events of that fate in the last output
    sed -nE "s/^ *([0-9]+) $1\$/\1/p" "$work/out"
}

# A policy held against itself changes nothing, and each event is what the policy would decide: the worlds are the right ones.
for council in east-herts havant woking nottinghamshire unnamed-council; do
    made "$council" "$council"
    run "$tool" replay "$replay/$council" "$replay/$council" "$replay/$council.events"
    is "$council against itself" 0
    holds "$council against itself: all unchanged" test "$(number unchanged)" = "$(wc -l <"$replay/$council.events")"
done

# One rule more: who is in the group that it excepts is left alone, and nothing else changes.
cat >>"$replay/maps/councils/nottinghamshire/council.policy" <<'END'

forbid no-tiktok
    platform tiktok
    except group licensing
    page inappropriate
    because "TikTok is not for the council's machines."
    cite "32"
END
"$tool" compile "$replay/maps/councils/nottinghamshire" --no-tests -o "$replay/new" 2>/dev/null
old=$replay/nottinghamshire
run "$tool" replay "$old" "$replay/new" "$old.events"
is "one rule more" 0
holds "one rule more: only its platform" test "$(number depends)" = "$(grep -c '"platform": "tiktok"' "$old.events")"
holds "one rule more: nothing for everybody" test "$(number changed)" = 0
says "one rule more: what comes now" out 'now   : refused, page inappropriate, by no-tiktok: "TikTok is not for the council'\''s machines." (32)'
says "one rule more: for whom" out 'for people of: (none of its groups)'
says "one rule more: not for whom" out 'not for people of: licensing'
run "$tool" replay "$old" "$replay/new" "$old.events" --json
is "one rule more, as an object" 0
holds "as an object" python3 -c '
import json, sys
o = json.load(open(sys.argv[1]))
assert {k["platform"] for k in o["kinds"]} == {"tiktok"} and all(k["not_for"] == ["licensing"] for k in o["kinds"])
assert all(k["hangs_on"] == [] for k in o["kinds"] if k["before"]["outcome"] == "allowed"), o["kinds"][0]' "$work/out"
# The same rule for everybody.
sed -i '/^forbid no-tiktok/,$ {/except group licensing/d}' "$replay/maps/councils/nottinghamshire/council.policy"
"$tool" compile "$replay/maps/councils/nottinghamshire" --no-tests -o "$replay/all" 2>/dev/null
run "$tool" replay "$old" "$replay/all" "$old.events"
holds "for everybody" test "$(number changed)" = "$(grep -c '"platform": "tiktok"' "$old.events")"
# In shadow: nobody is stopped, and it is said.
sed -i '/^forbid no-tiktok/,$ s/^    page inappropriate/&\n    shadow/' "$replay/maps/councils/nottinghamshire/council.policy"
"$tool" compile "$replay/maps/councils/nottinghamshire" --no-tests -o "$replay/shadow" 2>/dev/null
run "$tool" replay "$old" "$replay/shadow" "$old.events"
says "in shadow" out "now   : allowed, held back by shadow, by no-tiktok"
hides "in shadow nobody is refused" out "now   : refused"
# What shadow held back, and what enforcing it would do.
tests/tools/make-events "$tool" "$replay/shadow" "" tests/cases/platforms/tiktok.case >"$replay/shadow.events"
run "$tool" replay "$replay/shadow" "$replay/all" "$replay/shadow.events"
says "shadow enforced" out "before: allowed, held back by shadow, by no-tiktok"
says "shadow enforced" out "now   : refused, page inappropriate, by no-tiktok"

# An event that the old policy would not decide so is told apart, never judged.
sed 's/"rule": "[a-z-]*", "action": "allow"/"rule": "some-other", "action": "allow"/' "$old.events" >"$replay/other.events"
run "$tool" replay "$old" "$old" "$replay/other.events"
holds "another version's events" test "$(number otherwise)" = "$(grep -c some-other "$replay/other.events")"
{ cat "$old.events" && echo '{"time": "yesterday"}' && echo broken; } >"$replay/broken.events"
run "$tool" replay "$old" "$old" "$replay/broken.events"
is "broken lines" 0
says "broken lines are counted" err "2 line(s)"
for events in "$replay/missing" "$replay/empty" "$tool"; do
    : >"$replay/empty"
    run "$tool" replay "$old" "$old" "$events"
    is "no events in $events" 2
done
run "$tool" replay "$old" "$old"
is "replay without events" 2
run "$tool" replay "$old" "$tool" "$old.events"
is "replay with no artefact" 2

# --- review --shadow ---
run "$tool" review --shadow "$replay/shadow.events" --artefact "$replay/shadow"
is "review --shadow" 0
says "review --shadow: rule and clause" out 'by no-tiktok of version 1.0: "TikTok is not for the council'\''s machines." (32)'
says "review --shadow: what" out "would have been refused: tiktok, view"
hides "review --shadow: nobody is recorded" out "people"
twelve() { # NUMBER OF PEOPLE
    python3 - "$replay/shadow.events" "$1" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
one = next(e for e in lines if e["activity"] == "view" and e["shadow"])
for i in range(12):
    print(json.dumps(dict(one, pseudonym="%032x" % (i % int(sys.argv[2])))))
END
}
twelve 9 >"$replay/nine.events"
run "$tool" review --shadow "$replay/nine.events"
says "nine people" out "12 would have been refused: tiktok, view; fewer than 10 people"
twelve 10 >"$replay/ten.events"
run "$tool" review --shadow "$replay/ten.events" --json
says "ten people" out '"people": "10 or more"'
hides "no pseudonym is told" out 0000000
run "$tool" review --shadow "$replay/ten.events" --since 2026-05-13
says "since" out "0 events"
run "$tool" review --shadow "$replay/ten.events" --until 2026-05-13 --since 2026-05-12
says "until" out "12 events"
run "$tool" review --shadow
is "review --shadow of nothing" 2
# A spool, its lines and the store that it was imported into say the same.
mkdir "$replay/spool"
"$build/makeyear" "$replay/spool" 20000 300 0 20 >/dev/null
"$tool" events "$replay/spool" >"$replay/spool.events"
"$build/portreeved" --artefact "$replay/east-herts" --store "$replay/store" --standing "$replay/standing" --spool "$replay/spool" \
    --keep-spool --once 2>/dev/null
run "$tool" review --shadow --json "$replay/spool"
is "review --shadow of a spool" 0
says "review --shadow of a spool" out '"held_back": 4'
cp "$work/out" "$replay/of-spool"
for events in "$replay/spool.events" "$replay/store"; do
    run "$tool" review --shadow --json "$events"
    holds "review --shadow of ${events##*/}" cmp "$work/out" "$replay/of-spool"
done
run "$tool" review --shadow "$replay/store" --since 2026-01-05 --until 2026-01-06
hides "review --shadow of a day" out "1061 events"
run "$tool" replay "$replay/east-herts" "$replay/east-herts" "$replay/store" --since 2026-01-05
is "replay of a store" 0

# --- explain of answers ---
answers=tests/policies/answers
"$tool" compile "$answers" --maps "$answers" --no-tests -o "$replay/answers" 2>/dev/null
run "$tool" explain --artefact "$replay/answers" --groups x --client-ip 10.1.2.3 --answer-header 'Content-Type: video/mp4' https://clips.example/a
says "an answer that streams" out "rule: seen-streaming"
says "an answer that streams" out "seen in the answer: streaming"
run "$tool" explain --artefact "$replay/answers" --groups x --client-ip 10.1.2.3 --answer 404 --answer-header 'Content-Type: video/mp4' https://clips.example/a
says "an answer that is none" out "action: allow"
printf '#EXTM3U\n' >"$replay/list"
run "$tool" explain --artefact "$replay/answers" --groups x --client-ip 10.1.2.3 --answer-body "$replay/list" https://clips.example/a
says "an answer by its first bytes" out "rule: seen-streaming"
"$makemmdb" "$replay/countries" ru=198.51.100.0/24
run "$tool" explain --artefact "$replay/answers" --countries "$replay/countries" --groups x --client-ip 10.1.2.3 --answer-from 198.51.100.7 https://news.example/
says "an answer by where it comes from" out "rule: by-country"
run "$tool" explain --artefact "$replay/answers" --answer 99 https://clips.example/a
is "no status" 2
run "$tool" explain --artefact "$replay/answers" --batch --answer 200
is "an answer is one request's" 2
