# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # $work, $tool and $here are those of tests/report/run; shells that get their words as arguments
# The transparency page: its words follow the settings, and nothing else does. Sourced by tests/report/run.

notice_daemon() { # [CHANGE...]: Python on `d`: what portreeved says of itself
    python3 - "$work/standing.daemon" "$@" <<'END'
import json, sys
d = {"schema": 1, "keeps": {k: {"days": n, "default": True} for k, n in (("events", 90), ("security", 365), ("corporate", 731),
     ("aggregates", 731))}, "feeds": [], "held_days": 14, "record_days": None, "access_days": 731, "holders": True, "epoch": "month", "portal": "gate.council.example"}
for change in sys.argv[2:]:
    exec(change)
json.dump(d, open(sys.argv[1], "w"))
END
}
noticed() { # NAME COUNCIL [SED...]: $work/NAME.txt and .html, of the council's policy changed by sed
    local name=$1 council=$2
    shift 2
    rm -rf "$work/council"
    cp -r "policy-maps/councils/$council" "$work/council"
    (($# == 0)) || sed -i "$@" "$work/council/council.policy"
    "$tool" compile --no-tests --maps policy-maps "$work/council" -o "$work/notice.artefact" >"$work/out" 2>&1 || { not_ok "$name: compiles"; return; }
    for form in "--text -o $work/$name.txt" "-o $work/$name.html"; do
        # shellcheck disable=SC2086
        holds "$name: a notice is made" "$tool" notice "$work/notice.artefact" --standing "$work/standing" \
            --cases "policy-maps/councils/$council/cases.json" --at 2026-12-01 $form
    done
}
tells() { holds "$1 tells: $2" grep -qF -- "$2" "$work/$1.txt"; }
tells_not() { holds "$1 does not tell: $2" sh -c '! grep -qF -- "$1" "$2"' - "$2" "$work/$1.txt"; }

notice_daemon
for council in east-herts havant nottinghamshire unnamed-council woking; do
    noticed "notice-$council" "$council"
    holds "notice-$council: looked at" "$here/look" --page "$work/notice-$council.html" "$work/notice-$council.txt"
    tells_not "notice-$council" "(null)"
done
tells notice-east-herts "We do not note who did it."
tells notice-east-herts "Why: nobody is recorded, not even by a code."
tells notice-unnamed-council "There are no reports about one person here"
tells notice-east-herts "https://gate.council.example/mine"
tells notice-east-herts "Nothing of it is sent anywhere else."
tells_not notice-east-herts "a sealed copy"

told=(-e 's/notice-on to-be-filled-in/notice-on 2026-01-05/' -e 's/dpia "to be filled in"/dpia "D-1"/')
noticed named east-herts "${told[@]}"
tells named "A code stands in place of your name."
tells_not named "an alert is raised"
noticed alerting east-herts "${told[@]}" -e 's/^record pseudonym/alert repeated-refusals 12 in 10 minutes cite "2.1.3"\n&/'
tells alerting "If one person is refused 12 times or more in 10 minutes, an alert is raised. It has no name."
tells named "changes every month"
tells named "One person asks, another agrees."
tells named "The employee is suspected of using the internet for cyber bullying: 2.1.3"
tells_not named "There are no reports"
tells named "Only two people together can tell whose it was"
tells named "who has looked at any of this, and when"
tells named "For how long: 731 days"
notice_daemon 'd["holders"] = False' 'd["access_days"] = None'
noticed unheld east-herts "${told[@]}"
tells unheld "Nobody can tell whose it was."
tells unheld "Why: nobody holds what turns a code into a name."
tells_not unheld "who has looked"
notice_daemon 'd["holders"] = None'
noticed untold east-herts "${told[@]}"
tells untold "Only two people together can tell whose it was"
notice_daemon 'd["keeps"]["events"]["days"] = 31' 'd["feeds"] = [{"feed": "security=file:/f"}]' 'd["record_days"] = 40' 'd["portal"] = None'
noticed changed east-herts "${told[@]}"
tells changed "For how long: 31 days"
tells_not changed "For how long: 90 days"
tells changed "with the code in place of the name"
tells changed "a sealed copy"
tells_not changed "/mine"
notice_daemon 'd["feeds"] = [{"feed": "security,no-user=file:/f"}, {"feed": "policy=file:/g"}]'
noticed feeds east-herts "${told[@]}" -e 's/^mode enforce/mode shadow/'
tells feeds "without any person"
tells feeds "At present the rules are only tried out."
tells_not feeds "Now: in force"

notice_daemon 'd["keeps"]["events"] = {}'
holds "a notice of what is not known is refused" sh -c '! "$@" && grep -q "portreeved must have run" "$0"' "$work/out" \
    "$tool" notice "$work/notice.artefact" --standing "$work/standing"
rm "$work/standing.daemon"
holds "a notice without portreeved is refused" sh -c '! "$@"' - "$tool" notice "$work/notice.artefact" --standing "$work/standing"
