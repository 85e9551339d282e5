# shellcheck shell=bash
# council: east-herts
# chain: own
# Somebody spends the day's minutes, one thing in each, and sees the page that says so; they say that it was for work, and go on. When
# the minutes are used again they go on at midnight. And HR asks for a report on the same portal: a long form comes through Squid and
# the service whole.
page=https://www.facebook.com/somebody.else
minutes=30

# Without these two only counts are recorded, and nobody's minutes.
prepare() {
    sed -i 's/^\(monitoring .*\) notice-on .*/\1 notice-on 2026-01-05  dpia "DPIA-1"/' "$COUNCIL_DIR/council.policy"
    chain_clock "$(working_day) 15:00"
    python3 - "$COUNCIL_DIR/cases.json" "$CHAIN_DIR/cases.json" <<'PY'
import json, sys
profile = json.load(open(sys.argv[1], encoding="utf-8"))
profile["monitoring"].update({"dpia": "DPIA-1", "notice-on": "2026-01-05"})
profile["may-ask"] = ["sam"]
json.dump(profile, open(sys.argv[2], "w", encoding="utf-8"))
PY
}
# As the browser sends it; what is asked for stands behind 100 KB that the page passes over.
hr_asks() {
    local portal=https://portreeve.council.example day
    day=$(working_day)
    walk sam open $portal/ press 'Your cases' press 'Ask for a usage report' see form press 'Send the request' see refused
    expect_heading form 'Ask for a usage report'
    expect_seen refused 'Fill in: What happened'
    ask sam $portal/cases/ask
    { printf 'f=%s&do=ask&padding=' "$(sed -nE 's/.*name="f" value="([^"]*)".*/\1/p' "$OUT/body")"
        head -c 100000 /dev/zero | tr '\0' x
        printf '&reference=HR-1&role=HR&subject=dora&people=employee&reason=E1&facts=Late%%0D%%0Atwice&raised-by=manager'
        printf '&raised-on=%s&from=%s&to=%s&expires=%s' "$day" "$day" "$day" "$(date -d "$day +30 days" +%F)"; } >"$OUT/form"
    ask sam $portal/cases/ask -H "Origin: $portal" --data-binary "@$OUT/form"
    expect_status 200
    expect_body 'Your request is sent'
    ask una $portal/cases
    expect_status 404
}

answers() {
    as_page sam "$page"
    [[ $STATUS == "$1" ]]
}
spend() { # every minute one page, and what a page does by itself, which costs nothing
    local n
    for ((n = 0; n < minutes; n++)); do
        as_page sam "$page"
        expect_status 200
        as_image sam https://static.xx.fbcdn.net/like.svg -H "Referer: $page"
        chain_clock_on 60
    done >"$OUT/spent"
}
scenario() {
    walk sam open https://portreeve.council.example/allowance see first
    expect_seen first 'You have 30 of 30 minutes left.'
    hr_asks
    spend
    wait_until 15 answers 403 || unmet "after $minutes minutes nothing is stopped"
    expect_body 'You have used your personal time for today'
    as_page dora "$page" # who is trained to speak for the council uses it for work
    expect_status 200

    walk sam open "$page" see used press 'It was for work' see claim press 'It was for work. Put the time back' see after \
        open https://portreeve.council.example/mine see mine
    expect_heading used 'You have used your personal time for today'
    expect_seen claim " of $minutes minutes today."
    expect_url after "$page"
    expect_heading after 'Stand-in for www.facebook.com'
    expect_seen mine 'Facebook'
    answers 200 || unmet 'the time that was put back does not count'

    spend
    wait_until 15 answers 403 || unmet 'the time that was put back does not end'
    chain_clock "$(date -d "$(working_day) +1 day" +%F) 00:05"
    wait_until 15 answers 200 || unmet 'at midnight the time does not start again'
    walk sam open https://portreeve.council.example/allowance see next-day
    expect_seen next-day 'of 30 minutes left.'
}
