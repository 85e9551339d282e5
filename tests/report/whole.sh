# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # $work, $tool and $here are those of tests/report/run; shells that get their words as arguments
# From events in a spool to a signed report, with all that stands between: portreeved, the store (SQLite and PostgreSQL), the signed
# record, sealed keys, the holders, a case. Sourced by tests/report/run.
daemon=$(built_file "$build" portreeved) portalkit=$(built_file "$build" portalkit)
w=$work/whole
mkdir -p "$w/ig" "$w/council"
today=$(TZ=Europe/London date +%F)
yesterday=$(TZ=Europe/London date -d yesterday +%F)
later=$(TZ=Europe/London date -d '+20 days' +%FT12:00:00Z)

# A council that has decided all that has to be decided first; a.user had another name once, and an id in the directory.
cp -r policy-maps/councils/east-herts/. "$w/council"
sed -i -e 's/notice-on to-be-filled-in/notice-on 2026-01-05/' -e 's/dpia "to be filled in"/dpia "D-1"/' -e "s/version 43.1/version 1.0/" "$w/council/council.policy"
printf 'id,user,names,class,groups,synced_on\n00000000-0000-4000-8000-000000000077,a.user,a.maiden,employee,,2026-11-01T09:00:00Z\n00000000-0000-4000-8000-000000000078,c.lor,,member,,2026-11-01T09:00:00Z\n' >"$w/council/registers/people.csv"
holds "whole: the policy compiles" "$tool" compile --no-tests --maps policy-maps "$w/council" -o "$w/policy"
python3 - "$w" policy-maps/councils/east-herts/cases.json "$yesterday" "$today" "$later" <<'END'
import json, pathlib, sys
w, profile, first, last, later = pathlib.Path(sys.argv[1]), *sys.argv[2:]
p = json.load(open(profile, encoding="utf-8"))
p["monitoring"].update({"dpia": "D-1", "notice-on": "2026-01-05"})
person = lambda name, role: {"name": name, "role": role}
def put(name, what):
    (w / name).write_text(json.dumps(what), encoding="utf-8")
put("profile.json", p)
request = {"case": {"reference": "HR-9", "reason": {"id": "E1"}, "facts": "Deadlines were missed", "raised-by": "line manager",
           "raised-on": first, "asked-by": person("r.one", "HR"), "from": first, "to": last, "expires": later},
           "subject": {"name": "A.Maiden", "people": "employee"}}
put("request.json", request)
put("member.json", request | {"case": request["case"] | {"reference": "HR-8"}, "subject": {"name": "c.lor", "people": "employee"}})
put("authorise.json", {"authorised-by": person("h.two", "Head of HR"), "checked-by": person("i.three", "Information Governance"),
    "answers": {k: "Answered." for k in ("notice", "extent", "reasons", "less-intrusive", "consequences", "safeguards")}})
put("tell.json", {"told-on": last, "letter": "L-1"})
put("later.json", {"deferred-because": "Evidence may be lost", "tell-on": later[:10]})
END

holder() { echo "the passphrase of $1" >"$w/ig/$1.pass" && "$tool" keys "create-$2" "$1" -o "$w/ig/$1.key" --passphrase-file "$w/ig/$1.pass" --quick-passphrase; }
for who in alice bob carol; do holds "whole: holder $who" holder "$who" holder; done
holds "whole: signer" holder ig signer
cat "$w"/ig/{alice,bob,carol}.key.pub >"$w/holders"
holds "whole: signing key" "$tool" key create "$w/signing.key"

# STEP WHO VERB OPERAND...: of the case of this store
whole_step() {
    local who=$1
    shift
    "$tool" case "$@" --cases "$v/cases" --profile "$w/profile.json" --by "$who" --no-pdf
}
whole_import() { # OPTION...
    "$daemon" --artefact "$w/policy" --store "$store" --state "$v/state" --standing "$v/standing" --spool "$v/spool" --pseudonym-key "$v/plain" --keys "$v/sealed" \
        --holders "$w/holders" --keys-on-disk --record "$v/record" --signing-key "$w/signing.key" --once "$@"
}
whole_open() { # CASE OPENING
    "$tool" ig open "$1" --keys "$v/sealed" --holder "$w/ig/alice.key" --passphrase-file "$w/ig/alice.pass" --holder "$w/ig/bob.key" \
        --passphrase-file "$w/ig/bob.pass" --signer "$w/ig/ig.key" --passphrase-file "$w/ig/ig.pass" --log "$v/ig.log" -o "$2"
}
whole_report() { # OUT OPTION...: as r.one; the last of two options counts
    local out=$1
    shift
    whole_step r.one report HR-9 --out "$out" --opening "$v/opening" --opening-key "$w/ig/ig.key.pub" --store "$store" --artefact "$w/policy" \
        --record "$v/record" --signing-key "$w/signing.key" "$@"
}
whole_refused() { # TEXT OPTION...: no report, no folder, a line in the log
    local text=$1
    shift
    if ! whole_report "$v/never" "$@" >"$work/out" 2>&1 && grep -qF -- "$text" "$work/out" && [[ ! -e $v/never ]] &&
        tail -n 1 "$v/cases/access" | grep -q ' result=refused '; then ok; else not_ok "$kind: wanted '$text': $*"; fi
}
events_of() { python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["events"]))' "$1/input.json"; }

holds_of() { # KIND: lines in the store's table of holds
    if [[ $1 == sqlite ]]; then python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM hold").fetchone()[0])' "$w/store"
    else tests/postgres/server sql "$w/pg" "SELECT count(*) FROM hold"; fi
}

whole() { # KIND STORE
    local kind=$1 store=$2 v=$w/$1 rule
    mkdir -p "$v/spool" "$v/cases" "$v/sealed"
    holds "$kind: the epoch begins" whole_import
    for who in a.user a.user b.user 00000000-0000-4000-8000-000000000077 00000000-0000-4000-8000-000000000077 00000000-0000-4000-8000-000000000077; do
        rule=personal-use
        holds "$kind: an event" "$portalkit" event "$v/spool" "$v/plain" "$who" allow "$rule" facebook ""
    done
    holds "$kind: a refusal" "$portalkit" event "$v/spool" "$v/plain" 00000000-0000-4000-8000-000000000077 refuse personal-time-used linkedin K7M4-29QX
    holds "$kind: imported" whole_import
    holds "$kind: a councillor's case is refused" sh -c '! "$@" 2>&1 | grep -q asked' - "$tool" case open "$w/member.json" --artefact "$w/policy" \
        --cases "$v/cases" --profile "$w/profile.json" --by r.one
    holds "$kind: asked by a former name" whole_step r.one open "$w/request.json" --artefact "$w/policy"
    holds "$kind: the registers know today's" grep -q '"name": "a.user"' "$v/cases/HR-9.case"
    holds "$kind: not opened before it is authorised" sh -c '! "$@"' - "$tool" ig open "$v/cases/HR-9.case" --keys "$v/sealed" --log "$v/ig.log" -o "$v/opening"
    holds "$kind: authorised" whole_step h.two authorise HR-9 "$w/authorise.json"
    holds "$kind: opened by two holders" whole_open "$v/cases/HR-9.case" "$v/opening"
    holds "$kind: told" whole_step r.one tell HR-9 "$w/tell.json"

    sed 's/^subject a/subject b/' "$v/opening" >"$v/changed"
    whole_refused "was changed" --opening "$v/changed"
    whole_refused "signed by another key" --opening-key "$v/record/public.key"
    whole_refused "cannot be" --store "$v/nowhere"
    sed 's/"HR-9"/"HR-10"/' "$v/cases/HR-9.case" >"$v/other"
    holds "$kind: another case is opened" whole_open "$v/other" "$v/opening10"
    whole_refused "is of another case" --opening "$v/opening10"

    holds "$kind: the report" whole_report "$v/report"
    holds "$kind: looked at" "$here/look" "$v/report"
    holds "$kind: this person's events, under name and id, and nobody else's" test "$(events_of "$v/report")" = 6
    [[ -z ${SHOW:-} ]] || cp -r "$v/report" "$SHOW/$kind"
    holds "$kind: no id of the directory" sh -c '! grep -rq 00000000-0000-4000-8000-000000000077 "$1"' - "$v/report"
    holds "$kind: the record was checked" grep -q '"verdict": "PASS' "$v/report/input.json"
    holds "$kind: a silence before the record began" grep -q 'gave no sign of life' "$v/report/report.html"
    holds "$kind: who looked" grep -q 'alice and bob' "$v/report/report.html"
    holds "$kind: verify" "$tool" verify "$v/report" --key "$v/record/public.key"
    # A hold is on the store and on the days of the record, and both are free when the case is closed.
    printf '{"because": "An appeal is open", "review-on": "%s"}' "$(TZ=Europe/London date -d '+90 days' +%F)" >"$w/hold.json"
    holds "$kind: a hold of another case's opening is refused" sh -c '! "$@"' - "$tool" case hold HR-9 "$w/hold.json" --cases "$v/cases" --profile "$w/profile.json" \
        --by h.two --state "$v/state" --opening "$v/opening10" --opening-key "$w/ig/ig.key.pub"
    holds "$kind: held" whole_step h.two hold HR-9 "$w/hold.json" --state "$v/state" --opening "$v/opening" --opening-key "$w/ig/ig.key.pub"
    holds "$kind: the daemon takes it" whole_import
    holds "$kind: the store holds what lies under name, former name and id" test "$(holds_of "$kind")" = 3
    holds "$kind: the day of the record is held" test -s "$v/record/days/$today/hold"
    holds "$kind: verify of a record that is held" "$tool" verify "$v/record"
    holds "$kind: closed" whole_step r.one close HR-9 keep --state "$v/state"
    holds "$kind: the daemon lets go" whole_import
    holds "$kind: the store holds nothing" test "$(holds_of "$kind")" = 0
    holds "$kind: nor does the record" test ! -e "$v/record/days/$today/hold"
    holds "$kind: made again" "$tool" report --from "$v/report/input.json" --out "$v/again" --no-pdf
    holds "$kind: the same bytes" cmp "$v/report/report.html" "$v/again/report.html"
    whole_held
}

# What is held on a.user, at their own request. HR-11 is a case of which they are not told yet.
whole_export() { # OUT OPTION...: as i.three; the last of two options counts
    local out=$1
    shift
    "$tool" subject-export "$v/sar.json" --opening "$v/sar.opening" --opening-key "$w/ig/ig.key.pub" --store "$store" --artefact "$w/policy" \
        --standing "$v/standing" --access-log "$v/cases/access" --access-log "$v/ig.log" --cases "$v/cases" --by i.three --out "$out" "$@"
}
whole_not_exported() { # TEXT OPTION...: no folder, a line in the log
    local text=$1
    shift
    if ! whole_export "$v/never" "$@" >"$work/out" 2>&1 && grep -qF -- "$text" "$work/out" && [[ ! -e $v/never ]] &&
        tail -n 1 "$v/cases/access" | grep -q ' what=subject-export .*result=refused '; then ok; else not_ok "$kind: wanted '$text': $*"; fi
}
whole_held() {
    sed 's/"HR-9"/"HR-11"/' "$w/request.json" >"$v/request11"
    holds "$kind: another case" whole_step r.one open "$v/request11" --artefact "$w/policy"
    holds "$kind: it is authorised" whole_step h.two authorise HR-11 "$w/authorise.json"
    holds "$kind: telling is put off" whole_step r.one tell HR-11 "$w/later.json"
    holds "$kind: they ask" "$tool" subject-export request A.Maiden --reference SAR-1 --from "$yesterday" --to "$today" --by i.three \
        --artefact "$w/policy" --out "$v/sar.json"
    holds "$kind: their request is opened" whole_open "$v/sar.json" "$v/sar.opening"
    sed 's/"SAR-1"/"HR-12"/' "$v/sar.json" >"$v/sar12"
    holds "$kind: a request with a case's reference" sh -c '! "$@"' - "$tool" ig open "$v/sar12" --keys "$v/sealed" --log "$v/ig.log" -o "$v/never"
    sed 's/"HR-9"/"SAR-9"/' "$v/cases/HR-9.case" >"$v/case9"
    holds "$kind: a case with a request's reference" sh -c '! "$@"' - "$tool" ig open "$v/case9" --keys "$v/sealed" --log "$v/ig.log" -o "$v/never"
    echo '{"keeps": {"events": {"days": 90}, "security": {"days": 365}, "corporate": {"days": 731}, "aggregates": {"days": 731}}, "access_days": 731}' >"$v/standing.daemon" # as a running portreeved tells
    holds "$kind: exported" whole_export "$v/held"
    [[ -z ${SHOW:-} ]] || cp -r "$v/held" "$SHOW/$kind-held"
    for form in html csv json; do
        holds "$kind: $form: their events, under all names" grep -q K7M4-29QX "$v/held/person/held.$form"
        holds "$kind: $form: the rule's words" grep -q 'used up' "$v/held/person/held.$form"
        holds "$kind: $form: a case that they were told of" grep -q HR-9 "$v/held/person/held.$form"
        holds "$kind: $form: none that they were not" sh -c '! grep -qE "HR-11|not told yet|put off" "$1"' - "$v/held/person/held.$form"
        holds "$kind: $form: nobody else" sh -c '! grep -qE "b\.user|h\.two|r\.one|alice" "$1"' - "$v/held/person/held.$form"
        holds "$kind: $form: Information Governance's says what is left out" grep -q 'HR-11.*not told yet' "$v/held/ig/held.$form"
    done
    holds "$kind: the export is in the log" grep -q ' what=subject-export case=SAR-1 about=a.user result=done ' "$v/cases/access"
    whole_not_exported "is of a case" --opening "$v/opening"
    sed 's/^subject a/subject b/' "$v/sar.opening" >"$v/changed"
    whole_not_exported "was changed" --opening "$v/changed"
    cp "$v/ig.log" "$v/ig.sound"
    sed -i '2s/ what=ig/ what=IG/' "$v/ig.log"
    whole_not_exported "one of the two was changed"
    sed 2d "$v/ig.sound" >"$v/ig.log"
    whole_not_exported "lines were removed"
    cp "$v/ig.sound" "$v/ig.log"
    holds "$kind: what cannot be logged is not exported" sh -c 'trap "" XFSZ; ulimit -f 0; ! "$@" 2>&1 | grep -v "access log cannot be written"' - \
        "$tool" subject-export "$v/sar.json" --opening "$v/sar.opening" --opening-key "$w/ig/ig.key.pub" --store "$store" --artefact "$w/policy" \
        --standing "$v/standing" --access-log "$v/cases/access" --cases "$v/cases" --by i.three --out "$v/never"
    holds "$kind: nothing of it" test ! -e "$v/never"
}
whole sqlite "$w/store"
pg=$w/pg
chmod 755 "$work" "$w"
url=$(tests/postgres/server start "$pg")
whole postgres "$url"
tests/postgres/server remove "$pg"

# Whom an alert is about: asked for by its reference, and named by two holders once the case is authorised.
v=$w/sqlite
python3 - "$w" "$v/opening" "$today" <<'END'
import json, pathlib, sys, datetime
w, opening, today = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
r = json.loads((w / "request.json").read_text())
r["case"]["reference"] = "HR-21"
del r["subject"]["name"]
r["alert"] = "A-K7M4-29QX"
(w / "alert-request.json").write_text(json.dumps(r))
own = [line.split()[1] for line in open(opening) if line.startswith("pseudonym ")]
at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
for name, reference, pseudonym in (("alert", "A-K7M4-29QX", own[-1]), ("alert-other", "A-AAAA-2222", own[-1]), ("alert-nobody", "A-K7M4-29QX", "0" * 32)):
    (w / name).write_text(f"portreeve-alert 1\nreference {reference}\npseudonym {pseudonym}\ntime {at}\n")
END
whole_name() { # ALERT
    "$tool" ig name "$v/cases/HR-21.case" --alert "$w/$1" --people "$w/council/registers/people.csv" --keys "$v/sealed" --holder "$w/ig/alice.key" \
        --passphrase-file "$w/ig/alice.pass" --holder "$w/ig/bob.key" --passphrase-file "$w/ig/bob.pass" --log "$v/ig.log" -o "$v/named"
}
unnamed() { # TEXT ALERT: nothing is named, and the log says so
    if ! whole_name "$2" >"$work/out" 2>&1 && grep -qF -- "$1" "$work/out" && [[ ! -e $v/named ]] && tail -n 1 "$v/ig.log" | grep -q ' refused '; then ok
    else not_ok "ig name, wanted '$1'"; fi
}
holds "a case about an alert" whole_step r.one open "$w/alert-request.json"
unnamed "is not authorised" alert
holds "a case about an alert: authorised" whole_step h.two authorise HR-21 "$w/authorise.json"
unnamed "is another alert" alert-other
unnamed "has nobody whom the alert is about" alert-nobody
holds "whom an alert is about" whole_name alert
holds "by the directory's id, under today's name" grep -q '"name": "a.user"' "$v/named"
holds "and nobody else" sh -c '! grep -q c.lor "$1"' - "$v/named"
holds "the look is logged" sh -c 'tail -n 1 "$1" | grep -q "about=a.user"' - "$v/ig.log"
holds "named by the case's reviewer alone" sh -c '! "$@"' - "$tool" case name HR-21 "$v/named" --cases "$v/cases" --profile "$w/profile.json" --by r.one
holds "named in the case" whole_step i.three name HR-21 "$v/named"
holds "and opened as any other" whole_open "$v/cases/HR-21.case" "$v/opening11"

# What verify says of a report that somebody has touched.
report=$w/sqlite/report key=$w/sqlite/record/public.key
fails() { # TEXT COMMAND...: on a copy
    local text=$1
    shift
    rm -rf "$w/copy"
    cp -r "$report" "$w/copy"
    "$@"
    if ! "$tool" verify "$w/copy" --key "${by:-$key}" >"$work/out" 2>&1 && grep -qF -- "$text" "$work/out" && grep -q '^FAIL:' "$work/out"; then
        ok
    else
        not_ok "verify, wanted '$text': $*"
    fi
}
fails "report.html: is not what it was" sed -i 's/decide/deride/' "$w/copy/report.html"
fails "report.csv: is missing" rm "$w/copy/report.csv"
fails "extra.html: is no part of this report" touch "$w/copy/extra.html"
fails "manifest.json: was changed after it was signed" sed -i 's/"HR-9"/"HR-8"/' "$w/copy/manifest.json"
fails "is no signature of a report" sed -i 's/ 1 /  /' "$w/copy/manifest.sig"
fails "is not there: the report is not signed" rm "$w/copy/manifest.sig"
by=$w/ig/ig.key.pub fails "is by another key" true
holds "verify of a report that is not signed says so" sh -c '"$@" | grep -q "could have made it anew"' - "$tool" verify "$w/sqlite/again"
