# shellcheck shell=bash disable=SC2154,SC2016
# The record from outside: portreeved keeps and signs it, portreeve verify says what became of it. Read by tests/tools/run, whose
# functions and names it uses. tests/unit/test_record.c has every kind of tampering.

rec=$work/record
mkdir -p "$rec/spool"
run "$tool" key create "$rec/pseudonym.key"
is "key create" 0
run "$tool" key create "$rec/signing.key"
run "$tool" compile policy-maps/councils/unnamed-council -o "$rec/policy" --maps policy-maps --no-tests
is "a policy for the record" 0
keep() { # imports once and keeps the record
    run "$daemon" --artefact "$rec/policy" --store "$rec/store" --standing "$rec/standing" --spool "$rec/spool" \
        --pseudonym-key "$rec/pseudonym.key" --record "$rec/kept" --signing-key "$rec/signing.key" --once "$@"
}
for who in a.user b.user c.user; do
    "$portalkit" event "$rec/spool" "$rec/pseudonym.key" "$who" refuse default facebook K7M4-29QX
done
keep
is "portreeved keeps the record" 0
run "$tool" verify "$rec/kept"
is "verify: the record" 0
says "verify" out "PASS: "
says "verify" out "3 record(s)"
says "verify by the record's own key" out "compare its fingerprint"
run "$tool" verify "$rec/kept" --key "$rec/kept/public.key" --json
is "verify --json" 0
says "verify --json" out '"result": "PASS"'
hides "verify by a key that is given" out "fingerprint"
run "$tool" key create "$rec/other.key"
run "$daemon" --artefact "$rec/policy" --store "$rec/store" --standing "$rec/standing" --spool "$rec/spool" \
    --record "$rec/kept" --signing-key "$rec/other.key" --once
is "another key" 2
says "another key" err "signed with another key"
run "$daemon" --artefact "$rec/policy" --store "$rec/store" --standing "$rec/standing" --spool "$rec/spool" --record "$rec/kept" --once
is "a record that is not signed" 2
says "a record that is not signed" err "go together"

# Who looked, in the record folder: what is older than it is kept goes with a signed receipt, and all stays sound.
mkdir "$rec/held"
"$tool" why AAAA-1111 --held "$rec/held" --access-log "$rec/kept/access" --at 2020-01-01T12:00:00Z 2>/dev/null || true
"$tool" why AAAA-2222 --held "$rec/held" --access-log "$rec/kept/access" 2>/dev/null || true
holds "a look of years ago" test "$(wc -l <"$rec/kept/access")" = 2
keep --keep access=7
is "portreeved erases what is over" 0
holds "its first line is the receipt" grep -q '^1 .* erased list=access until=2020-01-01T12:00:00Z ' "$rec/kept/access"
holds "the look of years ago is gone" sh -c '! grep -q AAAA-1111 "$1"' - "$rec/kept/access"
run "$tool" verify "$rec/kept"
is "verify: looks erased with a receipt" 0
says "verify: looks erased with a receipt" out "line(s) 1 to 1 were erased when their time was over"
run "$tool" access "$rec/kept/access" --key "$rec/kept/public.key"
is "access" 0
says "access" out "why: not found (code AAAA-2222)"
says "access" out "a signed receipt says so"
cp "$rec/kept/access" "$rec/access"
sed -i '1s/until=2020/until=2021/' "$rec/kept/access"
run "$tool" verify "$rec/kept"
is "verify: a receipt of looks that was changed" 1
says "verify: a receipt of looks that was changed" out "the key did not sign that"
sed 1d "$rec/access" >"$rec/kept/access"
run "$tool" verify "$rec/kept"
is "verify: looks taken out without a receipt" 1
run "$tool" access "$rec/kept/access" --digest
is "digest of a log that is not sound" 1
says "digest of a log that is not sound" out "The log is NOT sound from line 1 on"
cp "$rec/access" "$rec/kept/access"
run "$daemon" --artefact "$rec/policy" --store "$rec/store" --standing "$rec/standing" --spool "$rec/spool" --keep access=1 --once
is "looks kept for a day" 2
says "looks kept for a day" err "--keep access=1: days from"
sh -c 'trap "" XFSZ; ulimit -f 0; "$@"' - "$tool" why AAAA-3333 --held "$rec/held" --access-log "$rec/kept/access" 2>&1 | cat >"$work/out" || true
says "a full disk" out "the access log cannot be written, and nothing is done without it"
hides "a full disk: nothing is told" out "no page with the code"

# A bundle of today and the day before, if midnight is near.
today=$(TZ=Europe/London date +%F)
run "$tool" evidence "$rec/kept" --from "$(TZ=Europe/London date -d yesterday +%F)" --to "$today" -o "$rec/bundle" --signing-key "$rec/signing.key"
is "evidence" 0
run "$tool" verify "$rec/bundle" --key "$rec/kept/public.key"
is "verify: a bundle" 0
one=$(find "$rec/bundle/days" -name '*.spool' | head -n 1)
printf 'X' | dd of="$one" bs=1 seek=300 conv=notrunc status=none
run "$tool" verify "$rec/bundle" --key "$rec/kept/public.key"
is "verify: one byte changed" 1
says "verify: one byte changed" out "at least one byte was changed"
says "verify: one byte changed" out "record 1 was changed"
says "verify: one byte changed" out "FAIL: "
run "$tool" verify "$rec/bundle" --key "$rec/kept/public.key" --json
is "verify --json of a changed one" 1
says "verify --json of a changed one" out '"kind": "fail"'
run "$tool" evidence "$rec/kept" --from "$today" --to 2020-01-01 -o "$rec/bundle2"
is "evidence of a period that ends before it starts" 2
says "evidence of a period that ends before it starts" err "ends before it starts"
run "$tool" evidence "$rec/kept" --from today --to tomorrow -o "$rec/bundle2"
is "evidence of no days" 2
run "$tool" verify "$rec/nothing"
is "verify: nothing" 2
run "$tool" verify
is "verify: no operand" 2
run "$tool" verify "$rec/kept" --key "$rec/signing.key"
is "verify: a private key" 2

# A spool, with its anchors and without.
"$portalkit" event "$rec/spool" "$rec/pseudonym.key" a.user refuse default facebook K7M4-29QX
run "$tool" verify "$rec/spool" --record "$rec/kept"
is "verify: a spool" 0
says "verify: a spool" out "1 record(s) behind the last anchor"
run "$tool" verify "$rec/spool"
says "verify: a spool without anchors" out "only sums were checked"
