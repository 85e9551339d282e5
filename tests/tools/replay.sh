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
    sed -nE "s/^ *([0-9]+) $1 .*/\1/p" "$work/out"
}

# A policy held against itself changes nothing, and each event is what the policy would decide: the worlds are the right ones.
for council in east-herts havant woking nottinghamshire unnamed-council; do
    made "$council" "$council"
    run "$tool" replay "$replay/$council" "$replay/$council" "$replay/$council.events"
    is "$council against itself" 0
    says "$council against itself: it is said" out "OLD and NEW are the same policy: nothing can change."
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
hides "one rule more is another policy" out "are the same policy"
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

# What the record does not hold is never taken for told: where an answer came from, groups that were not resolved, must-work hosts.
with() { # NAME LINES...: nottinghamshire as it ships, with these lines
    local name=$1
    shift
    rm -rf "$replay/with"
    cp -r policy-maps "$replay/with"
    printf '%s\n' "$@" >>"$replay/with/councils/nottinghamshire/council.policy"
    "$tool" compile "$replay/with/councils/nottinghamshire" --no-tests -o "$replay/$name" 2>/dev/null
    run "$tool" replay "$old" "$replay/$name" "$old.events"
}
with country 'forbid by-country' '    country ru' '    page inappropriate' '    because "Not from there."' '    cite "32"'
holds "an answer's country is in no record" test "$(number depends)" = "$(wc -l <"$old.events")"
says "an answer's country is in no record" out "hangs on what no record holds: country ru"
sed 's/"country": null/"country": "de"/' "$old.events" >"$replay/placed.events"
run "$tool" replay "$old" "$replay/country" "$replay/placed.events"
holds "an address's country is in the record" test "$(number unchanged)" = "$(wc -l <"$old.events")"
sed 's/"country": null/"country": "ru"/' "$old.events" >"$replay/placed.events"
run "$tool" replay "$old" "$replay/country" "$replay/placed.events"
holds "an address's country is judged by" test "$(number changed)" = "$(wc -l <"$old.events")"
with groups 'forbid unresolved-groups' '    class social' '    groups unresolved' '    page inappropriate' '    because "Nobody knows."' '    cite "32"'
says "whether groups were resolved is in no record" out "hangs on what no record holds: groups unresolved"
hides "nothing is changed for all by it" out "groups unresolved, "
holds "whether groups were resolved: nothing for all" test "$(number changed)" = 0
with must 'must-work .example.org'
says "must-work hosts" out "Of one policy alone these hosts must work: example.org."
hides "scope as before" out "NEW alone has"
sed -i '/^scope category/s/ gambling//' "$replay/with/councils/nottinghamshire/council.policy"
"$tool" compile "$replay/with/councils/nottinghamshire" --no-tests -o "$replay/narrow" 2>/dev/null
run "$tool" replay "$replay/narrow" "$old" "$old.events"
says "a wider scope" out "NEW alone has in its scope: gambling. OLD recorded nothing of these"
sed 's/^version .*/version 99/' policy-maps/platforms/tiktok.map >"$replay/with/platforms/tiktok.map"
"$tool" compile "$replay/with/councils/nottinghamshire" --no-tests -o "$replay/mapped" 2>/dev/null
run "$tool" replay "$old" "$replay/mapped" "$old.events"
says "another map" out "These maps differ: platforms/tiktok.map."

# A policy that asks for no category looks at no list: that its events have none says nothing. One that asks has looked.
cp -r tests/policies/answers "$replay/unasked"
sed -i '/^scope category/d; /^forbid adult-sites/,/^$/d' "$replay/unasked/council.policy"
cp -r tests/policies/answers "$replay/asked"
sed -i '/^forbid adult-sites/,/^$/d' "$replay/asked/council.policy"
printf '    GET https://stage.example/\n' >"$replay/stage.case"
for name in asked unasked; do
    "$tool" compile "$replay/$name" --maps tests/policies/answers --no-tests -o "$replay/$name.artefact" 2>/dev/null
    "$tool" compile tests/policies/answers --no-tests --maps tests/policies/answers -o "$replay/adult" 2>/dev/null
    tests/tools/make-events "$tool" "$replay/$name.artefact" "" "$replay/stage.case" >"$replay/stage.events"
    holds "events of a policy that has $name" test -s "$replay/stage.events"
    run "$tool" replay "$replay/$name.artefact" "$replay/adult" "$replay/stage.events"
    if [[ $name == asked ]]; then
        holds "categories that were asked for are told" test "$(number unchanged)" = "$(wc -l <"$replay/stage.events")"
    else
        says "categories that nobody asked for are not told" out "hangs on what no record holds: category adult"
    fi
done

# An event that the old policy would not decide so is told apart, never judged.
sed 's/"rule": "[a-z-]*", "action": "allow"/"rule": "some-other", "action": "allow"/' "$old.events" >"$replay/other.events"
run "$tool" replay "$old" "$old" "$replay/other.events"
holds "another version's events" test "$(number otherwise)" = "$(grep -c some-other "$replay/other.events")"
says "another version's events" out "say otherwise than OLD would today: not judged"
says "and why that may be" out "perhaps because a page was owed"
sed 's/"policy": "1.0"/"policy": "0.9"/' "$replay/other.events" >"$replay/version.events"
run "$tool" replay "$old" "$old" "$replay/version.events"
says "events of an earlier version" out "event(s) were not recorded under OLD's version 1.0 but under 0.9."
says "events of an earlier version" out "perhaps because it was recorded under another version"
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
cp "$old" "$replay/layout"
printf '\377' | dd of="$replay/layout" bs=1 seek=8 conv=notrunc status=none
run "$tool" replay "$old" "$replay/layout" "$old.events"
is "replay with an artefact of another layout" 2
says "replay with an artefact of another layout" err "compiled by another version of portreeve"

# The same from lines, from the spool that the recorder writes of them, and from the store that is made of that.
stored() { # EVENTS NAME: as a spool and as a store of that name
    rm -rf "$replay/$2.spool" "$replay/$2.store"*
    mkdir "$replay/$2.spool"
    run "$makespool" "$replay/$2.spool" "$1"
    is "a spool of $1" 0
    run "$build/portreeved" --artefact "$old" --store "$replay/$2.store" --standing "$replay/standing" --spool "$replay/$2.spool" \
        --keep-spool --once
    is "a store of $1" 0
}
stored "$old.events" council
run "$tool" replay "$old" "$replay/new" "$old.events" --json
cp "$work/out" "$replay/of-lines"
for events in spool store; do
    run "$tool" replay "$old" "$replay/new" "$replay/council.$events" --json
    is "replay of a $events" 0
    holds "replay of a $events: as of the lines" cmp "$work/out" "$replay/of-lines"
done

# --- review --shadow ---
run "$tool" review --shadow "$replay/shadow.events" --artefact "$replay/shadow"
is "review --shadow" 0
says "review --shadow: rule and clause" out 'no-tiktok of version 1.0: "TikTok is not for the council'\''s machines." (32)'
says "review --shadow: what" out "would have been refused: tiktok, view"
hides "review --shadow: nobody is recorded" out "people"
people() { # EVENTS PEOPLE [ACTIVITY]: so many views by so many people
    python3 - "$replay/shadow.events" "$@" <<'END'
import json, sys
one = next(e for e in map(json.loads, open(sys.argv[1])) if e["activity"] == "view" and e["shadow"])
if len(sys.argv) > 4:
    one["activity"] = sys.argv[4]
for i in range(int(sys.argv[2])):
    print(json.dumps(dict(one, pseudonym="%032x" % (i % int(sys.argv[3])))))
END
}
people 12 9 >"$replay/nine.events"
run "$tool" review --shadow "$replay/nine.events"
says "nine people" out "12 would have been refused: tiktok, view; fewer than 10 people"
people 12 10 >"$replay/ten.events"
run "$tool" review --shadow "$replay/ten.events" --json
says "ten people" out '"people": "10 or more"'
hides "no pseudonym is told" out 0000000
# A group below ten cannot be worked out: 29 people and the same 29 with one more read alike, up to the next ten.
{ people 29 29 && people 3 3 post; } >"$replay/tens.events"
run "$tool" review --shadow "$replay/tens.events"
says "people are told in tens" out "29 would have been refused: tiktok, view; 20 or more people"
says "people are told in tens" out "3 would have been refused: tiktok, post; fewer than 10 people"
says "a rule's events" out "32 time(s) in all"
people 30 30 >"$replay/thirty.events"
run "$tool" review --shadow "$replay/thirty.events"
says "thirty people" out "; 30 or more people"
# Where one event is of nobody who is recorded, how many people there were is not known.
{ people 30 30 && people 1 1 | sed 's/"pseudonym": "[0-9a-f]*"/"pseudonym": null/'; } >"$replay/nobody.events"
run "$tool" review --shadow "$replay/nobody.events"
says "somebody who is not recorded" out "31 would have been refused: tiktok, view"
hides "somebody who is not recorded" out "people"
# From a spool and a store the same; --since and --until alike.
for events in tens nobody; do
    stored "$replay/$events.events" shadow
    for span in "" "--since 2026-05-12 --until 2026-05-13" "--since 2026-05-13" "--until 2026-05-12"; do
        # shellcheck disable=SC2086
        run "$tool" review --shadow $span "$replay/$events.events" --artefact "$replay/shadow" --json
        cp "$work/out" "$replay/of-lines"
        for from in "$replay/shadow.spool" "$replay/shadow.store" "--store $replay/shadow.store"; do
            # shellcheck disable=SC2086
            run "$tool" review --shadow $span $from --artefact "$replay/shadow" --json
            is "review --shadow $span of $events ($from)" 0
            holds "review --shadow $span of $events ($from): as of the lines" cmp "$work/out" "$replay/of-lines"
        done
    done
done
run "$tool" review --shadow "$replay/ten.events" --since 2026-05-13
says "since" out "0 events"
run "$tool" review --shadow "$replay/ten.events" --until 2026-05-13 --since 2026-05-12
says "until" out "12 events"
# A rule that is no more; an artefact that came without its history; a version that it does not know; a whole policy in shadow.
cp "$replay/shadow" "$replay/alone"
run "$tool" review --shadow "$replay/shadow.events" --artefact "$replay/alone"
says "an artefact without its history" out 'no-tiktok of version 1.0: "TikTok is not for'
sed 's/"policy": "1.0"/"policy": "0.9"/' "$replay/shadow.events" >"$replay/version.events"
run "$tool" review --shadow "$replay/version.events" --artefact "$replay/shadow"
says "a version that the history has not" out "no-tiktok of version 0.9; of a version that the history does not have"
run "$tool" review --shadow "$replay/shadow.events" --artefact "$old"
says "a rule that its version has not" out "no-tiktok of version 1.0; not to be found in that version"
sed -E 's/("version": *)"1.0"/\1"1.1"/' "$old.history" | cat "$replay/shadow.history" - >"$replay/later.history"
run "$tool" review --shadow "$replay/shadow.events" --artefact "$replay/later"
says "a rule that is no more" out '(32); no more in the version in force'
sed 's/"would_rule": "[a-z-]*"/"would_rule": null/; s/"rule": "[a-z-]*"/"rule": "default"/' "$replay/shadow.events" >"$replay/default.events"
run "$tool" review --shadow "$replay/default.events" --artefact "$replay/shadow"
says "the default in shadow" out 'default of version 1.0: "Social and streaming media are open by default." (20)'
run "$tool" review --shadow "$replay/shadow.events" --artefact "$replay/missing"
is "an artefact that is not there" 2
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
run "$tool" review --shadow "$replay/ten.events" --store "$replay/shadow.store"
is "lines and a store at once" 2
run "$tool" review --shadow --store "$replay/missing"
is "a store that is not there" 2
run "$tool" review --shadow "$replay/ten.events" --days 3
says "--days is of the other review" err "--days goes without --shadow"
run "$tool" review --store "$replay/shadow.store" --since 2026-05-12
says "--since is of this one" err "--since goes with --shadow"
run "$tool" review --shadow "$replay/ten.events" --since 2026-05-13 --until 2026-05-12
is "an end before its beginning" 2

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
# The steps R1 to R4, and who asked although nobody looked.
step() { # STEP WHAT: that the last output says
    says "$2" out "  $1: "
}
answer=("$tool" explain --artefact "$replay/answers" --countries "$replay/countries" --client-ip 10.1.2.3 --answer-header 'Content-Type: video/mp4')
run "${answer[@]}" --groups x https://a.works.example/
step R1 "an answer of a must-work host"
says "an answer of a must-work host" out "action: allow"
run "${answer[@]}" --groups x https://clips.example/
step R2 "an answer that a forbid matches"
run "${answer[@]}" --groups shadows https://clips.example/
says "an answer in shadow" out "  R2: a forbid that asks what an answer tells matches; shadow lets it go on"
run "${answer[@]}" https://clips.example/
step R3 "an answer of which a forbid cannot be told"
run "${answer[@]}" --groups comms https://clips.example/
says "an answer that goes on" out "  R4: no forbid that asks what an answer tells speaks"
run "$tool" explain --artefact "$replay/answers" --groups comms --client-ip 10.1.2.3 --answer 200 https://clips.example/
says "an answer that shows nothing" out "  R4: it shows nothing"
says "an answer that shows nothing: who asked" out "groups: comms"
run "$tool" explain --artefact "$replay/answers" --groups comms --client-ip 10.1.2.3 https://clips.example/
hides "a request" out "Judged of the answer"
for from in nonsense 192.0.2 192.0.2.1/24 ""; do
    run "$tool" explain --artefact "$replay/answers" --answer-from "$from" https://clips.example/
    is "an answer from '$from'" 2
done
run "$tool" explain --artefact "$replay/answers" --answer 99 https://clips.example/a
is "no status" 2
run "$tool" explain --artefact "$replay/answers" --batch --answer 200
is "an answer is one request's" 2
