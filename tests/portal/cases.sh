# shellcheck shell=bash
# shellcheck disable=SC2154 # what run and kit.sh have set
# Cases on the portal: the way through by four people without a shell, who is kept out, and what hostile input does. Sourced
# by run: a daemon is up; afterwards it is up again without cases. KEEP=DIR: the pages are kept there.
cases=$work/cases
mkdir "$cases"
profile() { # COUNCIL [JQ-LIKE PYTHON]: the profile, with what the council still has to fill in
    python3 - "policy-maps/councils/$1/cases.json" "$work/cases.json" "${2:-}" <<'PY'
import json, sys
profile = json.load(open(sys.argv[1], encoding="utf-8"))
if "off-because" not in profile:
    profile["monitoring"].update({"dpia": "DPIA-2025-31", "notice-on": "2026-01-05"})
    profile.update({"may-ask": ["r.one", "r.other", "b.both"], "may-authorise": ["h.two", "c.four", "l.manager", "b.both"],
                    "may-release": ["i.three"], "cannot-authorise": ["l.manager"]})
exec(sys.argv[3])
json.dump(profile, open(sys.argv[2] + ".new", "w", encoding="utf-8"))
PY
    mv "$work/cases.json.new" "$work/cases.json"
}
day() { date -u -d "$(date -u +%F) $1" +%F; } # "3 days ago"
in_words() { date -u -d "$(date -u +%F) $1" '+%-d %-m %Y'; }
log_lines() { wc -l <"$cases/access"; }
logged() { # NAME BY STEP RESULT [WHY]: the last line of the log
    if python3 - "$cases/access" "${@:2}" <<'PY'; then ok; else not_ok "$1" "is not in the access log: $(tail -n 1 "$cases/access")"; fi
import sys, urllib.parse
line = open(sys.argv[1], encoding="ascii").read().strip().splitlines()[-1]
line = {k: urllib.parse.unquote(v) for k, _, v in (word.partition("=") for word in line.split()[3:])}
want = sys.argv[2:]
assert [line["by"], line["what"], line["result"]] == want[:3], line
assert len(want) < 4 or want[3] in line["why"], line
PY
}
state() { # REFERENCE FIELD
    python3 -c 'import functools,json,sys; print(functools.reduce(lambda o, k: o.get(k, ""), sys.argv[2].split("."), json.load(open(sys.argv[1]))))' "$cases/$1.case" "$2"
}
mkdir "$work/pages"
keep() { cp "$work/body" "$work/pages/$1.html"; } # NAME: to be looked at, in the end
nowhere() { # NAME: the answer is the one for an address that does not exist
    if [[ $status == 404 ]] && cmp -s "$work/body" "$work/nowhere" && diff <(tail -n +2 "$work/head" | grep -vi '^date:') "$work/nowhere.head" >/dev/null; then
        ok
    else
        not_ok "$1" "is told from an address that does not exist ($status)"
    fi
}
profile east-herts
: >"$cases/access"
stop
more=(--cases "$cases" --case-profile "$work/cases.json")
start
ask a.nobody GET /no-such-page
cp "$work/body" "$work/nowhere"
tail -n +2 "$work/head" | grep -vi '^date:' >"$work/nowhere.head"

request=("do=ask" "reference=HR-2026-014" "role=HR adviser" "subject=COUNCIL\\A.User" "people=employee" "reason=E1"
    "facts=Missed deadlines" "raised-by=the line manager" "raised-on=$(in_words '4 days ago')" "from=$(in_words '20 days ago')"
    "to=$(in_words '3 days ago')" "site=facebook" "site=x" "expires=$(in_words '40 days')" "mon-from=8:30" "mon-to=16.45" "tue-from=0830"
    "tue-to=16:45" "break-from=12:30" "break-to=13:15" "source=HR record")
changed() { # FIELD=VALUE...: the request with fields replaced; without "=" taken away
    local pair one keep
    form=()
    for one in "${request[@]}"; do
        keep=yes
        for pair in "$@"; do [[ ${one%%=*} == "${pair%%=*}" ]] && keep=; done
        [[ -z $keep ]] || form+=("$one")
    done
    for pair in "$@"; do [[ $pair != *=* ]] || form+=("$pair"); done
}
fresh() { # USER PATH: the token of a form of its page
    ask "$1" GET "$2"
    f=$(field f)
}
send() { # USER PATH FIELDS...
    local user=$1 path=$2
    shift 2
    post "$user" "${path%%\?*}" "f=$f" "$@"
}
asks() { # USER [CHANGES...]
    local user=$1
    shift
    changed "$@"
    fresh "$user" /cases/ask
    send "$user" /cases/ask "${form[@]}"
}

# ---- there is no such page but for those who have a part in it ----
for page in /cases /cases/ask "/cases/authorise?c=HR-2026-014" "/cases/tell?c=HR-2026-014" "/cases/read?c=HR-2026-014" "/cases/report?c=../../etc"; do
    lines=$(log_lines)
    ask a.nobody GET "$page"
    nowhere "$page for nobody in particular"
    is "$page for nobody in particular is logged" $((lines + 1)) "$(log_lines)"
    ask - GET "$page"
    nowhere "$page without a sign-in"
done
ask b.both GET /cases
nowhere "somebody with two roles"
ask h.two GET /cases/ask
nowhere "whoever authorises does not ask"
logged "whoever authorises does not ask" h.two form refused "may not ask"
ask r.one DELETE /cases
nowhere "no such method"
ask r.one GET /
says "the way there" 'href="/cases"'
ask a.nobody GET /
hides "no way there" 'href="/cases"'

# ---- ask ----
ask r.one GET /cases
is "no case yet" 200 "$status"
logged "the list" r.one list 'done'
ask r.one GET /cases/ask
is "the form" 200 "$status"
keep ask
logged "the form" r.one form 'done'
says "the reasons are the document's" "The employee is suspected of spending an excessive amount of time viewing websites that are not work-related (clause 2.1.3)"
says "nobody is recorded" "A report would be empty"
f=$(field f)
send r.one /cases/ask "do=ask"
is "nothing was typed" 422 "$status"
keep ask-again
for text in 'There is a problem' 'href="#reference">Fill in: Case reference' 'href="#subject">Fill in: Sign-in name' \
    'href="#reason">Fill in: Reason' 'href="#facts">Fill in: What happened' 'href="#role">Fill in: Your job' \
    'href="#from">Fill in: First day' 'href="#raised-by">' 'href="#raised-on">' 'href="#expires">' 'aria-invalid="true"' '<title>Error: '; do
    says "nothing was typed" "$text"
done
logged "nothing was typed" r.one open refused "Case reference"
refused() { # NAME FIELD TEXT CHANGES...: by that field's name; what was typed is kept; nothing is written
    local name=$1 id=$2 text=$3
    shift 3
    asks r.one "$@"
    is "$name" 422 "$status"
    says "$name" "href=\"#$id\""
    says "$name" "$text"
    says "$name, and what was typed is kept" 'value="HR adviser"'
    logged "$name" r.one open refused
    if compgen -G "$cases/*.case" >/dev/null; then not_ok "$name" "is written all the same"; else ok; fi
}
refused "a period that ends before it starts" to "the period ends before it starts" "to=$(in_words '30 days ago')"
refused "a period before what is kept" from "before what is still kept" "from=$(in_words '200 days ago')"
refused "a day that is none" raised-on "write a date, such as 18 3 2026" "raised-on=31 2 2026"
refused "hours that end before they begin" mon-to "the earlier time first" "mon-to=07:00"
refused "hours without a source" source "agreed hours need their windows and their source" source
refused "a source without hours" hours "write the hours that this source gives" mon-from mon-to tue-from tue-to
refused "somebody about themselves" subject "nobody asks for a report on themselves" "subject=R.One"
refused "a councillor" people "a councillor&#39;s case takes its own route" "people=member"
refused "a councillor by the register" people "a councillor&#39;s case takes its own route" "subject=d.member"
refused "a machine's address" subject "the address of a machine" "subject=10.1.2.3"
refused "an alert alone" subject "alerts cannot be looked up here" subject "alert=AL-7"
refused "a reason of their own" reason "is no reason of the council" "reason=E9"
refused "a reference that is a path" reference "letters, digits" "reference=../../x"
refused "too many marks of direction" facts "too many control characters or marks of direction" "facts=$(printf '\xe2\x80\xae%.0s' {1..2000})"
refused "what is no text" facts "holds characters that cannot be read" "facts=$(printf 'a\xff\xfeb')"
evil=$'"><script>alert(1)</script>\n=1+1\n\xe2\x80\xae turned '$(printf '\xf0\x9f\x98\x80%.0s' {1..1024})
refused "hostile words come back as they were" raised-on "write a date" "facts=$evil" "raised-on=never"
keep ask-hostile
hides "hostile words" "<script>"
says "hostile words" "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
asks r.one "facts=$(printf 'x%.0s' {1..8001})"
is "too long a text" 422 "$status"
says "too long a text" "has 8001 bytes; at most 8000"
printf 'f=%s&facts=' "$f" >"$work/huge"
head -c 300000 /dev/zero | tr '\0' x >>"$work/huge"
ask r.one POST /cases/ask -H "Origin: https://$host" --data-binary "@$work/huge"
is "a form of 300 KB" 413 "$status"
ask a.nobody POST /cases/ask -H "Origin: https://$host" --data-binary "@$work/huge"
nowhere "a form of 300 KB by nobody in particular"
changed
fresh r.one /cases/ask
ORIGIN=https://evil.example send r.one /cases/ask "${form[@]}"
is "a form of another site" 403 "$status"
logged "a form of another site" r.one open refused "no page of ours"
hides "a form of another site" "Missed deadlines"
f=forged send r.one /cases/ask "${form[@]}"
is "a forged token" 422 "$status"
says "a forged token" "was used before"
f=$f send r.other /cases/ask "${form[@]}"
is "another person's token" 422 "$status"
if [[ -e $cases/HR-2026-014.case ]]; then not_ok "forms that prove nothing" "open a case"; else ok; fi
changed "facts=$evil"
send r.one /cases/ask "${form[@]}"
is "ask" 200 "$status"
keep asked
logged "ask" r.one open 'done'
is "asked" asked "$(state HR-2026-014 state)"
is "the sign-in name is the canonical one" a.user "$(state HR-2026-014 subject.name)"
is "hours" "Monday, Tuesday 08:30 to 12:30; Monday, Tuesday 13:15 to 16:45" "$(state HR-2026-014 pattern.words)"
if [[ $(state HR-2026-014 case.facts) == *'[U+202E] turned'* ]]; then ok; else not_ok "marks of direction" "are not made visible"; fi
send r.one /cases/ask "${form[@]}"
is "the same form again" 422 "$status"
says "the same form again" "was used before"
asks r.one
says "the same reference" "there is such a case already"

# ---- authorise ----
answers=("do=authorise" "notice=Yes, in January" "extent=Two sites" "reasons=It was reported" "less-intrusive=We talked" "consequences=A talk"
    "safeguards=Few readers" "reviewer=i.three" "role=Head of HR")
decide="/cases/authorise?c=HR-2026-014"
decides() { # USER FIELDS...
    local user=$1
    shift
    fresh "$user" "$decide"
    send "$user" "$decide" "c=HR-2026-014" "$@"
}
for who in r.one r.other i.three a.user l.manager; do
    ask "$who" GET "$decide"
    if [[ $who == r.one ]]; then is "who asked does not decide" 409 "$status"; else nowhere "$who does not decide"; fi
    logged "$who does not decide" "$who" look refused
done
ask h.two GET /cases
says "the list" "It waits for somebody to authorise it"
hides "the list names nobody" a.user
ask h.two GET "$decide"
is "the request" 200 "$status"
keep authorise
logged "the request" h.two look 'done'
for text in a.user "Missed\|script&gt;" "not work-related (2.1.3)" "the line manager" DPIA-2025-31 "HR record" "Is there a milder way?"; do
    if grep -q -- "$text" "$work/body"; then ok; else not_ok "the request" "does not say '$text'"; fi
done
hides "the request" "<script>"
decides h.two "${answers[@]/safeguards=*/safeguards= }"
is "an answer is missing" 422 "$status"
keep authorise-again
says "an answer is missing" "Fill in: What protects the person?"
says "an answer is missing: the others are kept" "We talked"
decides h.two "${answers[@]}" "from=$(in_words '21 days ago')"
says "a wider period" "never wider"
decides h.two "${answers[@]}" "site=linkedin"
says "another site" "never added"
decides h.two "${answers[@]/reviewer=*/reviewer=x.other}"
says "a reviewer of their own" "choose one of them"
logged "a reviewer of their own" h.two authorise refused
is "still asked" asked "$(state HR-2026-014 state)"
exec {lock}<"$cases"
flock -x "$lock"
fresh h.two "$decide"
is "while somebody works on a case" 503 "$status"
ask a.nobody GET "$decide"
nowhere "while somebody works on a case"
exec {lock}<&-
fresh h.two "$decide"
one=$f
fresh c.four "$decide"
f=$one send h.two "$decide" "c=HR-2026-014" "${answers[@]}" "site=facebook" "to=$(in_words '4 days ago')"
is "authorise" 200 "$status"
keep authorised
logged "authorise" h.two authorise 'done'
send c.four "$decide" "c=HR-2026-014" "${answers[@]}"
nowhere "two at once: the second comes too late"
is "narrower" "$(day '4 days ago')" "$(state HR-2026-014 case.to)"
is "by the first" h.two "$(state HR-2026-014 case.authorised-by.name)"

# ---- tell ----
for who in h.two i.three r.other a.user; do
    ask "$who" GET "/cases/tell?c=HR-2026-014"
    if [[ $who == h.two || $who == i.three ]]; then is "$who does not tell" 409 "$status"; else nowhere "$who does not tell"; fi
done
tells() { # REFERENCE FIELDS...
    local reference=$1
    shift
    fresh r.one "/cases/tell?c=$reference"
    send r.one /cases/tell "do=tell" "c=$reference" "$@"
}
ask a.user GET /cases
nowhere "whom nobody has told sees nothing"
tells HR-2026-014 "told-on=$(in_words '3 days')" "letter=L-77"
says "told on a day to come" "is a day that has not come"
keep tell
tells HR-2026-014 "told-on=$(in_words 'today')"
says "without a letter" "Letter reference: is missing"
tells HR-2026-014 "told-on=$(in_words 'today')" "letter=L-77" "deferred-because=x" "tell-on=$(in_words '3 days')"
says "told and not told" "the person was told, and telling was deferred"
logged "told and not told" r.one tell refused
tells HR-2026-014 "told-on=$(in_words 'today')" "letter=L-77"
is "tell" 200 "$status"
keep told
logged "tell" r.one tell 'done'
ask a.user GET /cases
is "who was told sees that there is a case" 200 "$status"
says "who was told sees that there is a case" "It waits for the report to be made"
ask a.user GET "/cases/read?c=HR-2026-014"
is "before it is released" 409 "$status"

# ---- the report is made elsewhere, and laid where the portal finds it ----
made() { # REFERENCE
    mkdir -p "$cases/$1.report"
    cat >"$cases/$1.report/report.html" <<'HTML'
<!DOCTYPE html><html lang="en-GB"><head><title>Report</title><style>p{color:#000}</style></head><body><p>Synthetic report</p><svg></svg></body></html>
HTML
    python3 - "$cases" "$1" <<'PY'
import hashlib, json, sys
folder, reference = sys.argv[1:]
html = open(f"{folder}/{reference}.report/report.html", "rb").read()
json.dump({"case": reference, "files": [{"name": "report.html", "sha256": hashlib.sha256(html).hexdigest()}]},
          open(f"{folder}/{reference}.report/manifest.json", "w"))
case = json.load(open(f"{folder}/{reference}.case"))
case.update({"state": "made", "reports": 1})
json.dump(case, open(f"{folder}/{reference}.case", "w"))
PY
}
made HR-2026-014
read="/cases/read?c=HR-2026-014"
for who in r.one h.two a.user c.four; do
    for page in "$read" "${read/read/report}"; do
        ask "$who" GET "$page"
        if [[ $who == c.four ]]; then nowhere "$who reads before the release"; else is "$who reads before the release" 409 "$status"; fi
        hides "$who reads before the release" "Synthetic report"
    done
done
ask i.three GET "$read"
says "the review" "Release the report"
keep review
ask i.three GET "${read/read/report}"
is "the reviewer reads" 200 "$status"
logged "the reviewer reads" i.three read 'done'
says "the reviewer reads" "Synthetic report"
hash=$(printf 'p{color:#000}' | openssl dgst -sha256 -binary | base64)
if grep -qi "^content-security-policy: default-src 'none'; style-src 'sha256-$hash'" "$work/head"; then ok; else not_ok "the report's policy" "$(grep -i ^content-sec "$work/head")"; fi
releases() { # FIELDS...
    fresh i.three "$read"
    send i.three "$read" "do=release" "c=HR-2026-014" "$@"
}
releases "readers=r.one" "never-log=yes"
says "without a look for others" "must be done first"
releases "readers= " "never-log=yes" "third-parties=yes"
says "without a reader" "name at least one"
mv "$cases/HR-2026-014.report" "$cases/away"
releases "readers=r.one" "never-log=yes" "third-parties=yes"
says "without a report" "does not lie where this page can read it"
mv "$cases/away" "$cases/HR-2026-014.report"
releases $'readers=r.one\nCOUNCIL\\H.Two' "never-log=yes" "third-parties=yes"
is "release" 200 "$status"
logged "release" i.three release 'done'

# ---- read, comment ----
for who in r.one h.two a.user i.three; do
    ask "$who" GET "${read/read/report}"
    is "$who reads" 200 "$status"
    logged "$who reads" "$who" read 'done'
done
ask c.four GET "${read/read/report}"
nowhere "who is no reader"
comments() { # WORDS
    fresh a.user "$read"
    send a.user "$read" "do=comment" "c=HR-2026-014" "words=$1"
}
ask a.user GET "$read"
keep read-subject
comments ""
says "no words" "What the person says: are missing"
comments $'It was the Excel course.\n<b>"Ask my manager", =1+1'
is "comment" 200 "$status"
keep commented
logged "comment" a.user comment 'done'
send a.user "$read" "do=comment" "c=HR-2026-014" "words=again"
is "the same form again" 422 "$status"
ask h.two GET "$read"
says "the person's words" "It was the Excel course."
says "the person's words" '&lt;b&gt;&quot;Ask my manager&quot;, =1+1'
hides "the person's words" "<b>"
keep read
fresh h.two "$read"
send h.two "$read" "do=comment" "c=HR-2026-014" "words=mine"
is "a reader does not comment" 422 "$status"
printf ' ' >>"$cases/HR-2026-014.report/report.html"
ask r.one GET "${read/read/report}"
is "a report with a byte more" 409 "$status"
hides "a report with a byte more" "Synthetic report"
logged "a report with a byte more" r.one read refused "not as it was"
python3 - "$cases" <<'PY'
import hashlib, json, sys
html = open(f"{sys.argv[1]}/HR-2026-014.report/report.html", "rb").read()
json.dump({"case": "HR-2026-014", "files": [{"name": "report.html", "sha256": hashlib.sha256(html).hexdigest()}]},
          open(f"{sys.argv[1]}/HR-2026-014.report/manifest.json", "w"))
PY
ask r.one GET "${read/read/report}"
is "another report than the one that was released" 409 "$status"

# ---- more than 28 days: two approvals, each by an act of its own; or none ----
decide="/cases/authorise?c=HR-2"
asks r.one "reference=HR-2" "from=$(in_words '60 days ago')"
is "a long period" 200 "$status"
fresh h.two "$decide"
send h.two "$decide" "c=HR-2" "${answers[@]}"
is "the first approval" 200 "$status"
says "the first approval" "It waits for a second approval"
logged "the first approval" h.two propose 'done'
is "it is asked still" asked "$(state HR-2 state)"
ask h.two GET "$decide"
is "the first does not give the second" 409 "$status"
ask c.four GET "$decide"
says "what the first has said" "We talked"
keep second
f=$(field f)
send c.four "$decide" "do=second" "c=HR-2" "role=Chief Executive"
is "the second approval" 200 "$status"
is "authorised by two" "h.two c.four" "$(state HR-2 case.authorised-by.name) $(state HR-2 second.name)"
tells HR-2 "deferred-because=Proof could be lost" "tell-on=$(in_words '5 days')"
is "telling is put off" 200 "$status"
made HR-2
ask a.user GET "/cases/read?c=HR-2"
nowhere "who is not to know of it yet"
ask a.user GET /cases
hides "who is not to know of it yet" "HR-2<"
decide="/cases/authorise?c=HR-3"
asks r.one "reference=HR-3"
fresh h.two "$decide"
send h.two "$decide" "do=decline" "c=HR-3" "because= "
says "no, without a reason" "Fill in: Why not"
fresh h.two "$decide"
send h.two "$decide" "do=decline" "c=HR-3" "because=A talk will do"
is "no" 200 "$status"
is "no" "closed A talk will do" "$(state HR-3 state) $(state HR-3 declined.because)"

# ---- expired, broken on the disk, a log that cannot be written ----
python3 - "$cases/HR-2026-014.case" <<'PY'
import json, sys
case = json.load(open(sys.argv[1]))
case["case"]["expires"] = "2026-01-01T00:00:00Z"
json.dump(case, open(sys.argv[1], "w"))
PY
for page in "$read" "${read/read/report}"; do
    ask a.user GET "$page"
    is "an expired case" 410 "$status"
keep expired
    hides "an expired case" "Synthetic report"
done
logged "an expired case" a.user read refused "has ended"
head -c 100 "$cases/HR-2.case" >"$cases/HR-4.case"
ask r.one GET "/cases/tell?c=HR-4"
nowhere "a broken case"
logged "a broken case" r.one look refused "cannot be read"
if grep -q 'the case HR-4 cannot be read' "$work/log"; then ok; else not_ok "a broken case" "is not told to ICT"; fi
ask r.one GET /cases
says "a broken case" "Some case cannot be read from the disk"
says "the others" "HR-2<"
keep list
rm "$cases/HR-4.case"
mv "$cases/access" "$work/kept.jsonl"
mkdir "$cases/access"
ask r.one GET /cases
is "nothing without the log" 503 "$status"
hides "nothing without the log" "HR-2"
fresh r.one /cases/ask
is "nothing without the log" 503 "$status"
ask a.nobody GET /cases
nowhere "nobody in particular without the log"
rmdir "$cases/access"
mv "$work/kept.jsonl" "$cases/access"

# ---- a token from before a restart (one lives an hour, so that its end tells when it was made) ----
stop
start
changed "reference=HR-5"
f=$(token r.one refused cases/ask form "" $(($(date +%s) + 60)))
send r.one /cases/ask "${form[@]}"
is "a token from before a restart" 422 "$status"
if [[ -e $cases/HR-5.case ]]; then not_ok "a token from before a restart" "opens a case"; else ok; fi
f=$(token r.one refused cases/ask form "" $(($(date +%s) + 3600)))
send r.one /cases/ask "${form[@]}"
is "the same, made afterwards" 200 "$status"

# ---- where the council's document has no clause ----
for council in havant woking unnamed-council; do
    profile $council
    for page in /cases /cases/ask "$read"; do
        ask a.nobody GET "$page"
        is "$council" 200 "$status"
        says "$council" "No person is recorded here"
        says "$council" "What would have to be decided first"
    done
done
says "the unnamed council" "lawyer says"
keep off
profile east-herts 'profile["reasons"] = 7'
ask r.one GET /cases
nowhere "a profile that is none"
if grep -q 'reasons: is no list' "$work/log"; then ok; else not_ok "a profile that is none" "is not told to ICT"; fi
stop
status=0; "$daemon" --once --artefact "$work/policy" --spool "$work/spool" --store "$work/store" --standing "$work/standing" "${more[@]}" 2>"$work/body" || status=$?
is "cases without a portal" 2 "$status"
profile east-herts

# ---- no line of the log was changed or taken out ----
if "$tool" access "$cases/access" --json >"$work/body"; then ok; else not_ok "the access log" "is not sound"; fi
# ---- as a reader, a keyboard and a screen reader find them ----
if tests/portal/look "$work/pages" >"$work/body"; then ok; else not_ok "pages" "$(cat "$work/body")"; fi
[[ -z ${KEEP:-} ]] || cp -r "$work/pages" "$KEEP"
more=()
start
