# shellcheck shell=bash
# shellcheck disable=SC2154 # what run has set
# The steps of a case, sourced by run (ok, not_ok, holds, $tool, $here, $work): the way through, and who is kept out of it.
cases=$work/cases
mkdir "$cases"
: >"$cases/access"
python3 - "$work" <<'END'
import json, pathlib, subprocess, sys
work = pathlib.Path(sys.argv[1])
def put(name, what):
    (work / name).write_text(json.dumps(what), encoding="utf-8")
whole = json.loads(subprocess.run(["tests/report/make-input", "two-weeks"], capture_output=True, text=True, check=True).stdout)
profile = json.loads(pathlib.Path("policy-maps/councils/east-herts/cases.json").read_text(encoding="utf-8"))
put("as-shipped.json", profile)
profile["monitoring"].update({"dpia": "DPIA-2025-31", "notice-on": "2026-01-05"})
profile["cannot-authorise"] = ["l.manager"]
put("profile.json", profile)
case = whole["case"]
late = ("authorised-by", "checked-by", "answers", "told-on", "letter")
asked = {k: v for k, v in case.items() if k not in late}
asked["reason"] = {"id": "E1"}
put("request.json", {"case": asked, "subject": whole["subject"], "pattern": whole["pattern"]})
put("authorise.json", {k: case[k] for k in ("authorised-by", "checked-by", "answers")})
put("tell.json", {"told-on": "2026-03-16", "letter": "L-77"})
put("release.json", {"readers": ["r.one", "h.two"], "third-parties-checked": True, "never-log-checked": True})
put("hold.json", {"because": "An appeal is open", "review-on": "2026-09-01"})
put("record.json", {k: v for k, v in whole.items() if k not in ("case", "subject", "pattern", "number", "of")})
END
printf 'It was the Excel course.\n"Ask my manager", =1+1' >"$work/comment.txt"

step() { # WHO VERB OPERAND...
    local who=$1
    shift
    "$tool" case "$@" --cases "$cases" --profile "${profile:-$work/profile.json}" --by "$who" --at "${at:-2026-03-17T10:00:00Z}" --no-pdf
}
goes() { # TEXT WHO VERB OPERAND...
    local text=$1
    shift
    if step "$@" >"$work/out" 2>&1 && grep -qF -- "$text" "$work/out"; then ok; else not_ok "wanted '$text': $*"; fi
}
logged() { # lines, but for those of what was only begun
    grep -vc ' result=begun ' "$cases/access" || true
}
stops() { # TEXT WHO VERB OPERAND...: refused with that message; the case is as it was, the log has one line more, which says so
    local text=$1 status=0 lines
    shift
    lines=$(logged)
    cp "$cases/HR-2026-014.case" "$work/before.case" 2>/dev/null || true
    step "$@" >"$work/out" 2>&1 || status=$?
    if ((status == 1)) && grep -qF -- "$text" "$work/out" && (($(logged) == lines + 1)) &&
        tail -n 1 "$cases/access" | grep -q ' result=refused ' &&
        { [[ ! -e $cases/HR-2026-014.case ]] || cmp -s "$cases/HR-2026-014.case" "$work/before.case"; }; then
        ok
    else
        not_ok "status $status, wanted '$text': $*"
    fi
}
changed() { # FILE PATH=JSON...: the path of a copy with members changed
    python3 - "$work/$1" "$work/changed.json" "${@:2}" <<'END'
import json, sys
tree = json.load(open(sys.argv[1], encoding="utf-8"))
for change in sys.argv[3:]:
    path, _, value = change.partition("=")
    at = tree
    for name in path.split(".")[:-1]:
        at = at[name]
    if value:
        at[path.split(".")[-1]] = json.loads(value)
    else:
        del at[path.split(".")[-1]]
json.dump(tree, open(sys.argv[2], "w", encoding="utf-8"))
END
    echo "$work/changed.json"
}

# Asking.
profile=$work/as-shipped.json stops "profile.monitoring.dpia: is missing" r.one open "$work/request.json"
for council in havant woking unnamed-council; do
    profile=policy-maps/councils/$council/cases.json stops "there are no reports by name at this council" r.one open "$work/request.json"
done
stops "case.facts: is missing" r.one open "$(changed request.json case.facts=)"
stops "case.facts: is empty" r.one open "$(changed request.json 'case.facts=" "')"
stops "case.reason.id: is no reason of the council's own document ('E9')" r.one open "$(changed request.json 'case.reason.id="E9"')"
stops "case.to: the period ends before it starts" r.one open "$(changed request.json 'case.to="2026-03-01"')"
stops "case.to: the period ends after today" r.one open "$(changed request.json 'case.to="2026-03-18"')"
stops "case.from: the period begins before what is still kept" r.one open "$(changed request.json 'case.from="2025-12-01"')"
stops "case.asked-by.name: nobody asks for a report on themselves" a.maiden open "$(changed request.json 'case.asked-by.name="a.maiden"')"
stops "case.asked-by.name: whoever opens the case asks for it" x.other open "$work/request.json"
stops "subject.people: a councillor's case" r.one open "$(changed request.json 'subject.people="member"')"
stops "subject.people: what several people" r.one open "$(changed request.json 'subject.people="shared"')"
stops "case.reference: has other characters" r.one open "$(changed request.json 'case.reference="../x"')"
stops "state: a request holds nothing that a later step adds" r.one open "$(changed request.json 'case.told-on="2026-03-16"')"
stops "case.expires: is missing, or past" r.one open "$(changed request.json 'case.expires="2026-03-01T00:00:00Z"')"
stops "pattern.source: agreed hours need" r.one open "$(changed request.json pattern.source=)"
stops "there is no case of that reference" h.two authorise HR-2026-014 "$work/authorise.json"
goes "HR-2026-014: asked" r.one open "$work/request.json"
holds "the reason's words are the document's" grep -q 'suspected of spending an excessive amount of time' "$cases/HR-2026-014.case"
stops "there is such a case already" r.one open "$work/request.json"

# Deciding.
stops "state: the case is 'asked'; this step is for one that is 'told'" r.one report HR-2026-014 "$work/record.json" --out "$work/early"
stops "authorised-by.name: whoever asks cannot decide" r.one authorise HR-2026-014 "$(changed authorise.json 'authorised-by.name="r.one"')"
stops "by: nobody takes a step in a case about themselves" a.user authorise HR-2026-014 "$(changed authorise.json 'authorised-by.name="a.user"')"
stops "authorised-by.name: the council's rules exclude this person" l.manager authorise HR-2026-014 "$(changed authorise.json 'authorised-by.name="l.manager"')"
stops "authorised-by.name: whoever takes this step authorises" x.other authorise HR-2026-014 "$work/authorise.json"
stops "checked-by.name: whoever authorises does not check it" h.two authorise HR-2026-014 "$(changed authorise.json 'checked-by.name="h.two"')"
stops "answers.safeguards: is missing" h.two authorise HR-2026-014 "$(changed authorise.json answers.safeguards=)"
stops "from: the period may be made narrower" h.two authorise HR-2026-014 "$(changed authorise.json 'from="2026-02-27"')"
at=2026-05-01T00:00:00Z stops "case.expires: the case has expired" h.two authorise HR-2026-014 "$work/authorise.json"
goes "HR-2026-014: authorised" h.two authorise HR-2026-014 "$(changed authorise.json 'from="2026-03-02"' 'to="2026-03-15"')"

# Telling, making, releasing.
stops "state: the case is 'authorised'; this step is for one that is 'told'" r.one report HR-2026-014 "$work/record.json" --out "$work/early"
stops "letter: is missing" r.one tell HR-2026-014 "$(changed tell.json letter=)"
stops "told-on: is a day that has not come" r.one tell HR-2026-014 "$(changed tell.json 'told-on="2026-03-20"')"
stops "told-on: the person was told, and telling was deferred" r.one tell HR-2026-014 "$(changed tell.json 'tell-on="2026-03-20"')"
goes "HR-2026-014: told" r.one tell HR-2026-014 "$work/tell.json"
stops "is not this person's by the opening" r.one report HR-2026-014 "$(changed record.json 'opening=[]')" --out "$work/early"
holds "no folder of what was refused" test ! -e "$work/early"
at=2026-03-18T10:02:00Z goes "HR-2026-014: made" r.one report HR-2026-014 "$work/record.json" --out "$work/of-case"
holds "the report of a case is whole" "$here/look" "$work/of-case"
stops "by: only the case's own reviewer releases it" r.one release HR-2026-014 "$work/release.json"
stops "third-parties-checked: must be done first" i.three release HR-2026-014 "$(changed release.json third-parties-checked=false)"
stops "readers: name at least one" i.three release HR-2026-014 "$(changed release.json 'readers=[]')"
goes "HR-2026-014: released" i.three release HR-2026-014 "$work/release.json"
goes "HR-2026-014: released" a.user comment HR-2026-014 "$work/comment.txt"
holds "the person's words are kept" grep -q 'Ask my manager' "$cases/HR-2026-014.case"
goes "HR-2026-014: released" h.two hold HR-2026-014 "$work/hold.json"
stops "outcome: a hold keeps this case" r.one close HR-2026-014 erase
stops "outcome: is neither keep nor erase" r.one close HR-2026-014 burn
goes "HR-2026-014: closed" r.one close HR-2026-014 keep
stops "state: the case is closed already" r.one close HR-2026-014 keep

# A period of more than 28 days, and telling that is put off.
goes "HR-2: asked" r.one open "$(changed request.json 'case.reference="HR-2"' 'case.from="2026-02-01"')"
stops "second: is missing: more than 28 days" h.two authorise HR-2 "$work/authorise.json"
stops "second.name: the second approval is another person's" h.two authorise HR-2 "$(changed authorise.json 'second={"name": "h.two", "role": "Head of HR"}')"
goes "HR-2: authorised" h.two authorise HR-2 "$(changed authorise.json 'second={"name": "c.four", "role": "Chief Executive"}')"
goes "HR-2: told" r.one tell HR-2 "$(changed tell.json told-on= letter= 'deferred-because="Evidence may be lost"' 'tell-on="2026-04-01"')"
stops "told-on: is missing: telling can be put off once" r.one tell HR-2 "$(changed tell.json told-on= letter= 'deferred-because="Still"' 'tell-on="2026-05-01"')"
at=2026-06-01T00:00:00Z goes "HR-2: told" r.one tell HR-2 "$work/tell.json"

# The list, and the log of it all.
goes "HR-2026-014  closed  ends 2026-04-30  on hold" i.three list
holds "the list names nobody" bash -c "! '$tool' case list --cases '$cases' --by i.three | grep -q a.user"
"$tool" access "$cases/access" --case HR-2026-014 >"$work/shown" || true
holds "the log is sound" grep -q '^The log is sound' "$work/shown"
holds "it tells who looked, and at whose" grep -q 'look by h.two as authoriser, login .*: authorise, case HR-2026-014, about a.user: done' "$work/shown"
holds "the digest counts the refused" grep -q 'refused or failed' <("$tool" access "$cases/access" --digest --since 2026-01-01)
holds "the digest names no subject" bash -c "! '$tool' access '$cases/access' --digest --since 2026-01-01 | grep -q a.user"
# One log for all: where the folder's is a link, the line stands there.
mkdir "$work/linked" && ln -s "$work/one-log" "$work/linked/access" && : >"$work/one-log"
"$tool" case list --cases "$work/linked" --by i.three >/dev/null
holds "a step of a case stands in the one log" grep -q ' look by=i.three .*what=list' "$work/one-log"
