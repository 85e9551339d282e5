# shellcheck shell=bash disable=SC2154
# The council's own networks from a database of its own (registers/networks.mmdb): read by tests/tools/run, whose functions and names
# it uses.

nets=$work/nets
cp -r tests/policies/answers "$nets"
printf '%s\n' cidr,name,kind,note 10.4.0.0/16,head-office,site, >"$nets/registers/networks.csv"
"$makemmdb" "$nets/registers/networks.mmdb" central-library:library:'Market "Square"'=10.3.0.0/16 \
    central-library:library=2001:db8:3::/48 visitors:guest=10.9.0.0/16
rm -rf "$nets/tests"
cat >"$nets/council.policy" <<'END'
policy "Networks" version 1 from 2026-01-01
council "Test Council"
owner "ICT"
approved-by "ICT" on 2026-01-01
review-due 2036-01-01
scope class social
scope category adult
default allow cite "1" because "Open."
unsure refuse page refused
malformed refuse page refused
record counts
contact desk "Service desk" mail desk@council.example

forbid at-the-library
    class social
    network central-library
    page refused
    because "Not at the library."
    cite "1"
END
compile_nets() { run "$tool" compile "$nets" --maps tests/policies/answers -o "$work/nets.artefact"; }
from() { run "$tool" explain --artefact "$work/nets.artefact" --exit-code --user a.user --client-ip "$1" https://www.stage.example/; }
compile_nets
is "networks from a database" 0
from 10.3.9.9
is "a client of the database" 1
from 2001:db8:3::5
is "a client of the database, by IPv6" 1
from 10.4.0.1
is "a client of networks.csv beside it" 0
run "$tool" print "$work/nets.artefact"
says "a print has the database in words" out "=== registers/networks.mmdb.csv"
says "a print has its rows" out '10.3.0.0/16,"central-library","library","Market ""Square"""'
cp "$work/out" "$work/nets.bundle"
run "$tool" compile "$work/nets.bundle" -o "$work/nets.again"
is "the print compiles" 0
holds "to the same bytes" cmp "$work/nets.artefact" "$work/nets.again"

cp "$work/nets.artefact" "$work/nets.before"
not_taken() { # NAME TEXT
    compile_nets
    is "$1" 2
    says "$1" err "$2"
    holds "$1: what was in force stays" cmp "$work/nets.artefact" "$work/nets.before"
}
cp "$nets/registers/networks.mmdb" "$work/nets.mmdb"
head -c -100 "$work/nets.mmdb" >"$nets/registers/networks.mmdb"
not_taken "a database that is cut" "registers/networks.mmdb: is no sound MaxMind database"
head -c 200 "$work/nets.mmdb" | cat - <(tail -c +300 "$work/nets.mmdb") >"$nets/registers/networks.mmdb"
not_taken "a damaged database" "registers/networks.mmdb: is damaged"
: >"$nets/registers/networks.mmdb"
not_taken "an empty database" "registers/networks.mmdb: is no sound MaxMind database"
cp "$work/owners" "$nets/registers/networks.mmdb"
not_taken "another database" "'' is no name for a network"
"$makemmdb" "$nets/registers/networks.mmdb" central-library:libary=10.3.0.0/16
not_taken "a kind that there is not" "did you mean 'library'?"
"$makemmdb" "$nets/registers/networks.mmdb" central-library:library=10.4.0.0/16
not_taken "a network that networks.csv has, too" "'10.4.0.0/16' stands in networks.csv, row 2 already"
"$makemmdb" "$nets/registers/networks.mmdb" central-library:library=0.0.0.0/1
not_taken "half of the Internet" "it takes in a large part of the Internet"
cp "$work/nets.mmdb" "$nets/registers/networks.mmdb"
printf '%s\n' cidr,name,kind,note >"$nets/registers/networks.mmdb.csv"
not_taken "a database and what it is read as" "is what networks.mmdb beside it is read as"
