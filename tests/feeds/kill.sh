# shellcheck shell=bash disable=SC2154,SC2034 # read by tests/feeds/run, whose functions and names it uses
# kill -9 wherever it hits, between import, feed and store: in a file each line stands once.

begin
: >"$work/log"
feed="security=file:$home/s.json"
for round in $(seq 12); do
    spool 1500 $((round * 1500))
    size=$(stat -c %s "$home/s.json" 2>/dev/null || echo 0)
    start "$feed"
    # Sooner and later in the work, by how far the file has come.
    grown() { [[ -e $home/s.json ]] && (($(stat -c %s "$home/s.json") > size + (round - 1) * 20000)); }
    comes "round $round comes forth" grown
    ended daemon KILL
done
run_once "$feed"
conforms "after twelve kills" ecs security "$home/s.json" 6000
is "each number once" 6000 "$(grep -o '"sequence":[0-9]*' "$home/s.json" | sort -u | wc -l)"
is "each event once" 6000 "$(grep -o '"id":"rule-[0-9]*"' "$home/s.json" | sort -u | wc -l)"
is "the store has each once" 18000 "$(count "SELECT count(*) FROM event")"

# Torn where it hurts: the file has half of a batch, and a line of it to its middle, that the store does not know of.
begin
spool 300
run_once "$feed"
cp "$home/s.json" "$work/whole"
begin
spool 300
ln -s /dev/null "$home/s.json" # nothing leaves yet
run_once "$feed" || true
rm "$home/s.json"
# Numbers and bytes are what they were: the lines are made when their events are imported.
head -c 12345 "$work/whole" >"$home/s.json"
/usr/bin/python3 - "$home/store" "$home/s.json" <<'PY'
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE feed SET file = ?, size = 0", (os.stat(sys.argv[2]).st_ino,))
db.commit()
PY
run_once "$feed"
if cmp -s "$home/s.json" "$work/whole"; then ok; else not_ok "a torn batch" "is not finished as it was begun"; fi
