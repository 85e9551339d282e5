# shellcheck shell=bash disable=SC2154
# The weekly summary and alerts from outside: portreeved imports and sums up, portreeve tells. Read by tests/tools/run, whose functions
# and names it uses. tests/unit/test_week.c and test_alerts.c have what is counted; here is that it comes through.

wk=$work/week
mkdir -p "$wk/spool" "$wk/out"
monday=$(python3 -c 'import datetime as d; t = d.date.today() - d.timedelta(days=21); print(t - d.timedelta(days=t.weekday()))')
wk_alert='monitoring clause "32" notice-on 2026-03-02 dpia "DPIA-7"\nalert repeated-refusals 10 in 10 minutes cite "32"'
cp -r policy-maps "$wk/maps"
sed -i "s/^monitoring .*/$wk_alert/" "$wk/maps/councils/nottinghamshire/council.policy"
run "$tool" compile "$wk/maps/councils/nottinghamshire" -o "$wk/a" --no-tests
is "compile a policy with an alert" 0
run "$tool" print "$wk/a"
says "print" out 'alert repeated-refusals 10 in 10 minutes cite "32"'
for council in havant woking unnamed-council; do
    cp -r "policy-maps/councils/$council/." "$wk/maps/councils/$council"
    echo 'alert repeated-refusals 10 in 10 minutes cite "1"' >>"$wk/maps/councils/$council/council.policy"
    run "$tool" compile "$wk/maps/councils/$council" -o "$wk/none" --no-tests
    is "an alert in $council" 2
    says "an alert in $council" err "is about one person, and this policy records none ('record counts'): take it out"
done

tests/tools/make-week 1.0 "$monday" 2 >"$wk/lines"
"$makespool" "$wk/spool" "$wk/lines"
printf '#!/bin/sh\ncat >>"%s/letters"\n' "$wk" >"$wk/sendmail"
chmod +x "$wk/sendmail"
"$daemon" --artefact "$wk/a" --store "$wk/store" --standing "$wk/standing" --spool "$wk/spool" --alert-mail hr@council.example \
    --sendmail "$wk/sendmail" 2>"$wk/err" &
wk_pid=$!
for _ in $(seq 300); do # until the last of its days is summed up, and the letter has gone
    if "$tool" review --week "$monday" --store "$wk/store" --artefact "$wk/a" >"$wk/now" 2>/dev/null && grep -q '^  - Facebook$' "$wk/now" &&
        ! grep -q 'there are no sums' "$wk/now" && [[ -s $wk/letters ]]; then
        break
    fi
    sleep 0.1
done
kill "$wk_pid"
wait "$wk_pid" || true

week() { run "$tool" review --week "$@" --store "$wk/store" --artefact "$wk/a"; }
week "$monday" --standing "$wk/standing" --maps "$wk/maps" -o "$wk/out"
is "review --week into a folder" 0
says "review --week" out "week-$monday.csv"
week "$(date -d "$monday +6 days" +%F)" --standing "$wk/standing" --maps "$wk/maps"
is "review --week of its Sunday" 0
cp "$work/out" "$wk/text"
holds "the page is sound" tests/report/look --page "$wk/out/week-$monday.html" "$wk/text"
holds "the CSV is sound" python3 - "$wk/out/week-$monday.csv" <<'END'
import csv, re, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
assert "never of one person" in rows[0][1] and all(len(r) == 5 for r in rows)
assert ["Requests and decisions", "By site", "Facebook", "Refused", "114"] in rows
assert not [c for r in rows for c in r if re.match(r"\s*[=+@|%]|\s*-.", c)]
END
says "review --week" out "Refused: 114"
says "review --week" out "Sites in this week's sums for the first time: TikTok."
says "review --week" out "Alerts of repeated refusals: fewer than 10."
says "review --week" out "the collector was not behind"
hides "review --week" out "LinkedIn"
hides "review --week" out "trial-few"
run "$tool" review --alerts --store "$wk/store"
is "review --alerts" 0
says "review --alerts" out "12 refusals within 10 minute(s)  sites: social  rules: no-reactions"
holds "one alert, of one person" test "$(wc -l <"$work/out")" = 1
wk_reference=$(cut -d' ' -f1 "$work/out")
holds "a letter with its reference" grep -q "Subject: Web access: alert $wk_reference" "$wk/letters"
holds "one letter" test "$(grep -c '^Subject:' "$wk/letters")" = 1
wk_person=$(python3 -c 'import hashlib; print(hashlib.sha256(b"often").hexdigest()[:32])')
holds "no pseudonym anywhere" bash -c "! grep -rqi '$wk_person' '$wk/letters' '$wk/out' '$wk/text' '$work/out'"
week 2036-01-01
is "a week that has not begun" 2
says "a week that has not begun" err "has not begun"
week yesterday
is "a day that is none" 2
run "$tool" review --week --store "$wk/store"
is "review --week without a policy" 2
says "review --week without a policy" err "--artefact FILE"
run "$tool" review --alerts
is "review --alerts of no store" 2
week --standing "$wk/nothing"
is "review --week with what is not there" 2
says "review --week with what is not there" err "nothing.daemon: cannot be read"
