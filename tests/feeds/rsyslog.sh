# shellcheck shell=bash disable=SC2154,SC2034 # read by tests/feeds/run, whose functions and names it uses
# A real rsyslogd on loopback: over TCP and over a socket, what it makes of our messages.

begin
: >"$work/log"
rm -f "$work/rsyslog.sock"
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/rsyslog.conf" <<CONF
global(workDirectory="$work" maxMessageSize="16k" parser.escapeControlCharactersOnReceive="off")
module(load="imtcp")
module(load="imuxsock" SysSock.Use="off")
input(type="imtcp" address="127.0.0.1" port="$port" ruleset="tcp")
input(type="imuxsock" Socket="$work/rsyslog.sock" UseSpecialParser="off" ParseHostname="on" RateLimit.Interval="0" ruleset="unix")
template(name="parts" type="list" option.jsonf="on") {
    property(outname="pri" name="pri" format="jsonf")
    property(outname="version" name="protocol-version" format="jsonf")
    property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
    property(outname="host" name="hostname" format="jsonf")
    property(outname="app" name="app-name" format="jsonf")
    property(outname="id" name="msgid" format="jsonf")
    property(outname="sd" name="structured-data" format="jsonf")
    property(outname="msg" name="msg" format="jsonf")
}
ruleset(name="tcp") { action(type="omfile" file="$work/rsyslog.tcp" template="parts") }
ruleset(name="unix") { action(type="omfile" file="$work/rsyslog.unix" template="parts") }
CONF
if ! command -v rsyslogd >/dev/null; then
    not_ok "rsyslogd" "is not installed (package rsyslog)"
    return 0
fi
rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" >"$work/out" 2>&1 &
pids[rsyslog]=$!
comes "rsyslogd starts" test -S "$work/rsyslog.sock"
spool 300
spool hostile
start "security=tcp:127.0.0.1:$port" "security,cef=unix:$work/rsyslog.sock"
comes "rsyslogd has all, over TCP" lines_in "$work/rsyslog.tcp" 110
comes "rsyslogd has all, over the socket" lines_in "$work/rsyslog.unix" 110
ended daemon
ended rsyslog
is "what it read" "" "$(/usr/bin/python3 - "$work/rsyslog.tcp" "$work/rsyslog.unix" <<'PY' 2>&1
import json, sys
sys.path.insert(0, "tests/feeds")
import conforms
exec(open("tests/feeds/events.py").read().split("def event")[0])
for form, path in (("ecs", sys.argv[1]), ("cef", sys.argv[2])):
    rules = []
    for n, text in enumerate(conforms.lines_of(path), 1):
        o = json.loads(text)
        if (o["version"], o["host"], o["app"], o["id"]) != ("1", "gate-1", "portreeve", "security"):
            print(n, o)
        if o["sd"].count("[") != 2 or 'software="Portreeve"' not in o["sd"] or f'sequenceId="{n}"' not in o["sd"]:
            print(n, o["sd"])
        message = o["msg"].removeprefix("\ufeff")
        fields = conforms.check_ecs(n, message, "security") if form == "ecs" else conforms.check_cef(n, message, "security")
        rules.append(fields["rule.id" if form == "ecs" else "cs3"])
        if form == "ecs" and fields["@timestamp"][:19] != o["time"][:19]:
            print(n, "the times differ", o["time"])
    if rules[100:] != HOSTILE:
        print(form, rules[100:])
PY
)"
