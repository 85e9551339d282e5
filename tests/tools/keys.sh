# shellcheck shell=bash disable=SC2154
# portreeve keys and portreeve ig from outside. Read by tests/tools/run, whose functions and names it uses.

kd=$work/keys
mkdir -p "$kd/sealed" "$kd/ig"
for who in alice bob carol dan; do
    echo "the passphrase of $who" >"$kd/$who.pass"
    run "$tool" keys create-holder "$who" -o "$kd/$who.key" --passphrase-file "$kd/$who.pass" --quick-passphrase
    is "keys create-holder" 0
done
says "keys create-holder" out "fingerprint"
run "$tool" keys create-holder Alice -o "$kd/x.key" --passphrase-file "$kd/alice.pass" --quick-passphrase
is "keys create-holder with no name" 2
run "$tool" keys create-holder alice -o "$kd/alice.key" --passphrase-file "$kd/alice.pass" --quick-passphrase
is "keys create-holder over one that is there" 2
echo short >"$kd/short.pass"
run "$tool" keys create-holder eve -o "$kd/eve.key" --passphrase-file "$kd/short.pass" --quick-passphrase
is "keys create-holder with a short passphrase" 2
says "keys create-holder with a short passphrase" err "12 characters at least"
cp "$kd/alice.pass" "$kd/ig.pass"
run "$tool" keys create-signer ig -o "$kd/ig.key" --passphrase-file "$kd/ig.pass" --quick-passphrase
is "keys create-signer" 0
cat "$kd/alice.key.pub" "$kd/bob.key.pub" >"$kd/two"
cat "$kd/two" "$kd/carol.key.pub" >"$kd/holders"

keep() { run "$tool" keys "$1" --plain "$kd/plain" --keys "$kd/sealed" --keys-on-disk "${@:2}"; }
keep create --holders "$kd/two"
is "keys create for two holders" 2
says "keys create for two holders" err "three holders at least"
keep create
is "keys create for nobody" 2
says "keys create for nobody" err "nobody can ever be named"
run "$tool" keys create --plain /proc/version --keys "$kd/sealed" --holders "$kd/holders"
is "keys create over what is no key" 2
keep create --holders "$kd/holders" --epoch year
is "keys create for an epoch that there is none of" 2
keep create --holders "$kd/holders"
is "keys create" 0
says "keys create" out "epoch 20"
keep create --holders "$kd/holders"
says "keys create again" out "the present epoch has its key"
epoch=$(sed -n 's/^epoch \([^ ]*\) .*/\1/p' "$work/out" | head -n 1)
sealed=$kd/sealed/$epoch.sealed
holds "the plain key is for owner and group" test "$(stat -c %a "$kd/plain")" = 640
run "$tool" keys list --keys "$kd/sealed"
is "keys list" 0
says "keys list" out "$epoch"
says "keys list" out "present, 3 pair(s)"
run "$tool" keys list --keys "$kd/sealed" --json
says "keys list --json" out '"state": "present"'

two() { # VERB... : as alice and bob
    run "$tool" "$@" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass" --holder "$kd/bob.key" --passphrase-file "$kd/bob.pass"
}
two keys prove "$sealed"
is "keys prove" 0
says "keys prove" out "these two holders can open its key"
run "$tool" keys prove "$sealed" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass"
is "keys prove by one" 2
says "keys prove by one" err "two holders open a key together"
run "$tool" keys prove "$sealed" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass"
is "keys prove by one holder twice" 2
says "keys prove by one holder twice" err "one holder twice"
run "$tool" keys prove "$sealed" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass" --holder "$kd/dan.key" --passphrase-file "$kd/dan.pass"
is "keys prove by a stranger" 2
says "keys prove by a stranger" err "not sealed to these two holders"
run "$tool" keys prove "$sealed" --holder "$kd/alice.key" --passphrase-file "$kd/bob.pass" --holder "$kd/bob.key" --passphrase-file "$kd/bob.pass"
is "keys prove with a wrong passphrase" 2
says "keys prove with a wrong passphrase" err "the passphrase is wrong"

# An opening names what the module wrote into its events.
"$tool" key create "$kd/signing.key"
mkdir -p "$kd/spool"
"$portalkit" event "$kd/spool" "$kd/plain" a.user refuse default facebook K7M4-29QX
"$tool" events "$kd/spool" >"$work/events"
pseudonym=$(sed -n 's/.*"pseudonym":"\([0-9a-f]*\)".*/\1/p' "$work/events")
holds "an event has its epoch" grep -qF "\"epoch\":\"$epoch\"" "$work/events"
today=$(TZ=Europe/London date +%F)
soon=$(TZ=Europe/London date -d '+30 days' +%F)
case_file() { # SUBJECT FROM TO EXPIRES [STATE [AUTHORISER]]
    printf '{"state":"%s","case":{"reference":"HR-2026-014","asked-by":{"name":"r.one","role":"HR"},"authorised-by":{"name":"%s","role":"Head"},
"from":"%s","to":"%s","expires":"%sT00:00:00Z"},"subject":{"name":"%s","people":"employee"}}\n' "${5:-authorised}" "${6:-h.two}" "$2" "$3" "$4" "$1"
}
first=$(TZ=Europe/London date -d '-40 days' +%F)
case_file A.User "$first" "$soon" "$soon" >"$kd/case"
# CASE OPENING
opens() {
    run "$tool" ig open "$1" --keys "$kd/sealed" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass" --holder "$kd/bob.key" \
        --passphrase-file "$kd/bob.pass" --signer "$kd/ig.key" --passphrase-file "$kd/ig.pass" --log "$kd/log" -o "$2"
}
opens "$kd/case" "$kd/opening"
is "ig open" 0
says "ig open" out "1 pseudonym(s)"
says "ig open says what no key covers" out "no sealed key covers this part of the period"
holds "the opening has the event's pseudonym" grep -qxF "pseudonym $pseudonym" "$kd/opening"
plain_key=$(od -An -v -tx1 -j40 -N16 "$kd/plain" | tr -d ' \n')
holds "no key leaves the holders' machine" bash -c "! od -An -v -tx1 '$kd/opening' | tr -d ' \n' | grep -q '$plain_key'"
run "$tool" ig check "$kd/opening" --key "$kd/ig.key.pub"
is "ig check" 0
says "ig check" out "opened by alice and bob, signed by ig"
sed 's/^subject a/subject b/' "$kd/opening" >"$kd/changed"
run "$tool" ig check "$kd/changed" --key "$kd/ig.key.pub"
is "ig check of a changed one" 1
says "ig check of a changed one" err "was changed"

# Refusals, each with its line in the log.
refused() { # NAME CASE TEXT
    opens "$2" "$kd/never"
    is "$1" 1
    says "$1" err "$3"
    holds "$1: nothing is opened" test ! -e "$kd/never"
}
case_file a.user "$first" "$today" "$today" >"$kd/expired"
refused "an expired case" "$kd/expired" "has expired"
case_file a.user "$today" "$first" "$soon" >"$kd/backwards"
refused "a period that ends before it starts" "$kd/backwards" "ends before it starts"
case_file a.user 2020-01-01 2020-01-31 "$soon" >"$kd/old"
refused "a period without keys" "$kd/old" "there is no sealed key for this period"
case_file "" "$first" "$today" "$soon" >"$kd/nobody"
refused "a case about nobody" "$kd/nobody" "subject.name: is empty"
refused "no case" "$kd/nothing" "$kd/nothing"
case_file a.user "$first" "$today" "$soon" asked >"$kd/asked"
refused "a case that nobody has authorised" "$kd/asked" "the case is not authorised"
case_file a.user "$first" "$today" "$soon" closed >"$kd/closed"
refused "a case that is closed" "$kd/closed" "the case is closed"
case_file a.user "$first" "$today" "$soon" authorised r.one >"$kd/alone"
refused "a case authorised by who asked" "$kd/alone" "is not another person"
case_file a.user "$first" "$today" "$soon" authorised A.User >"$kd/alone"
refused "a case authorised by the person" "$kd/alone" "is not another person"
cp "$sealed" "$kd/whole"
sed '6s/A/B/;6s/a/b/' "$kd/whole" >"$sealed"
refused "a sealed key with a byte changed" "$kd/case" "was changed"
cp "$kd/whole" "$sealed"
run "$tool" ig open "$kd/case" --keys "$kd/sealed" --holder "$kd/alice.key" --holder "$kd/alice.key" --signer "$kd/ig.key" --log "$kd/log" -o "$kd/never"
is "ig open by one holder twice" 1
says "ig open by one holder twice" err "one holder twice"
run "$tool" ig open "$kd/case" --keys "$kd/sealed" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass" --holder "$kd/bob.key" \
    --passphrase-file "$kd/bob.pass" --signer "$kd/ig.key" --passphrase-file "$kd/ig.pass" --log /nowhere/log -o "$kd/never"
is "ig open without a log" 1
holds "nothing is opened that cannot be logged" test ! -e "$kd/never"
run "$tool" access "$kd/log"
is "access" 0
says "access" out "look by alice+bob as ig"
says "access" out ": ig open, case HR-2026-014, about a.user: done"
says "access" out "has expired"
holds "every look and refusal is in the log" test "$(grep -c '^20' "$work/out")" = 12
sed -i 2d "$kd/log"
run "$tool" access "$kd/log"
is "access without a line" 1
says "access without a line" err "has another number than should stand here"

# Another proxy, or one that has lost its key: sealed to its own.
run "$tool" keys node -o "$kd/node" --keys-on-disk
is "keys node" 0
run "$tool" keys hand --plain "$kd/plain" --node "$kd/node.pub" -o "$kd/handed"
is "keys hand" 0
run "$tool" keys accept "$kd/handed" --node-key "$kd/node" --plain "$kd/plain2" --keys-on-disk
is "keys accept" 0
holds "the key is the same" cmp "$kd/plain" "$kd/plain2"
holds "what was handed is gone" test ! -e "$kd/handed"
rm "$kd/plain2"
two keys recover "$sealed" --node "$kd/node.pub" -o "$kd/handed"
is "keys recover" 0
run "$tool" keys accept "$kd/handed" --node-key "$kd/node" --plain "$kd/plain2" --keys-on-disk
is "keys accept what was recovered" 0
says "keys accept what was recovered" out "epoch $epoch"

# Another holder in carol's place.
cat "$kd/two" "$kd/dan.key.pub" >"$kd/others"
keep escrow --holders "$kd/others"
is "keys escrow" 0
says "keys escrow" out "proved to open"
run "$tool" keys prove "$sealed" --holder "$kd/alice.key" --passphrase-file "$kd/alice.pass" --holder "$kd/dan.key" --passphrase-file "$kd/dan.pass"
is "keys prove by the new holder" 0
two keys escrow "$sealed" --keys "$kd/sealed" --holders "$kd/holders"
is "keys escrow by two holders" 0

# Rotation within the period, and destruction.
run "$tool" keys destroy "$epoch" --keys "$kd/sealed"
is "keys destroy of what is in use" 2
says "keys destroy of what is in use" err "has not ended"
keep rotate --holders "$kd/holders"
is "keys rotate" 0
says "keys rotate" out "epoch ${epoch%.*}.2"
run "$tool" keys destroy 2020-01-01.1 --keys "$kd/sealed"
is "keys destroy of nothing" 2
run "$tool" keys destroy januar --keys "$kd/sealed"
is "keys destroy of no epoch" 2
sed -e 's/^epoch .*/epoch 2020-01-01.1/' -e 's/^from .*/from 2020-01-01T00:00:00Z/' -e 's/^until .*/until 2020-02-01T00:00:00Z/' "$sealed" \
    >"$kd/sealed/2020-01-01.1.sealed"
run "$tool" keys destroy --ended-before 2020-02-01 --keys "$kd/sealed"
is "keys destroy --ended-before" 0
says "keys destroy --ended-before" out "epoch 2020-01-01.1: destroyed here"
holds "the sealed copy is gone" test ! -e "$kd/sealed/2020-01-01.1.sealed"
run "$tool" keys list --keys "$kd/sealed"
says "keys list tells what is destroyed" out "destroyed 20"
refused "a period whose keys are destroyed" "$kd/old" "destroyed: nobody can be named in it"
keep create --no-holders
run "$tool" keys create --plain "$kd/plain3" --keys "$kd/ig" --no-holders --keys-on-disk
is "keys create without holders" 0
run "$tool" keys
is "keys without a verb" 2
run "$tool" keys creat --plain x
says "keys with a wrong verb" err "did you mean 'create'?"
run "$tool" ig
is "ig without a verb" 2

# portreeved keeps the epochs itself.
mkdir -p "$kd/daemon"
keeper() {
    run "$daemon" --artefact "$rec/policy" --store "$kd/store" --standing "$kd/standing" --spool "$kd/spool" --once \
        --pseudonym-key "$kd/plain4" --keys "$kd/daemon" "$@"
}
keeper
is "portreeved without holders" 2
says "portreeved without holders" err "nobody can ever be named"
keeper --holders "$kd/holders" --epoch year
is "portreeved with an epoch that there is none of" 2
keeper --holders "$kd/holders" --keys-on-disk
is "portreeved begins an epoch" 0
run "$tool" keys list --keys "$kd/daemon"
says "portreeved begins an epoch" out "present, 3 pair(s)"
one=$(sha256sum "$kd/plain4")
keeper --holders "$kd/holders" --keys-on-disk
is "portreeved goes on with it" 0
holds "the key stays when portreeved is started anew" test "$one" = "$(sha256sum "$kd/plain4")"
