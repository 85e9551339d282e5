# shellcheck shell=bash disable=SC2154
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
        --pseudonym-key "$rec/pseudonym.key" --record "$rec/kept" --signing-key "$rec/signing.key" --once
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
