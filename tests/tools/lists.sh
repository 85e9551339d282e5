# shellcheck shell=bash disable=SC2154
# shellcheck disable=SC2016 # the formats' own dollars
# portreeve lists: read by tests/tools/run, whose functions and names it uses.

lists=$work/lists
db=$lists/categories.db
mkdir -p "$lists/in"
cat >"$lists/map" <<'END'
version 2026-01-01
protect .gov.example clinic.nhs.example
source s "A source" licence "CC0" address "https://lists.example/"
list s adult as adult
list s bets as gambling
list s hosts as malware
list s rules as phishing
list s zone as proxy-avoidance
list s table as drugs
ignore s news
source council "The council's own" licence "own" own
list council secret as illegal format domains
END
import() { run "$tool" lists import "$@" -o "$db" --map "$lists/map"; }
shows() { # NAME HOST TEXT
    run "$tool" lists show "$db" "$2"
    says "$1" out "$3"
}

for words in "" "imoprt" "import" "import x" "show" "check" "changes" "rollback" "local x"; do
    # shellcheck disable=SC2086
    run "$tool" lists $words
    is "lists $words" 2
done
run "$tool" lists imoprt
says "a wrong verb" err "did you mean 'import'?"

# squidGuard's folders; what cannot be taken is counted and shown.
mkdir -p "$lists/in/black/adult" "$lists/in/black/bets" "$lists/in/black/news" "$lists/in/black/shops"
printf '%s\n' bad.example '# a comment' www.worse.example BÜCHER.example co.uk '*' '*.wild.example' 'mid*dle.example' \
    10.0.0.1 198.51.100.0/24 198.51.100.9 'not a name' blogspot.com .dots.example >"$lists/in/black/adult/domains"
printf '%s\n' 'https://host.example:443/A/b/' 'host.example/watch?v=1' 'whole.example/' '198.51.100.9/24' >"$lists/in/black/adult/urls"
echo '(porn|sex).*\.com' >"$lists/in/black/adult/expressions"
printf '%s\n' casino.example bad.example >"$lists/in/black/bets/domains"
echo news.example >"$lists/in/black/news/domains"
echo shop.example >"$lists/in/black/shops/domains"
ln -s /etc/hostname "$lists/in/black/bets/urls"
import "$lists/in/black"
is "an import" 0
for text in "1 would block everything (line 6: *)" "1 would block a whole public suffix such as co.uk (line 5: co.uk)" \
    "1 are ranges of addresses" "1 are addresses of private networks" "1 are regular expressions" "1 are rules about more" \
    "1 name a hosting service" "1 are no host name" "passed over: shops" "links, which are never followed: 1" "adult: 0 before"; do
    says "what is left out" out "$text"
done
run "$tool" lists check "$db"
is "a sound database" 0
shows "below a name" a.bad.example "bad.example is on  s/adult: adult"
shows "several categories" bad.example "s/bets: gambling"
shows "an international name" bücher.example "xn--bcher-kva.example is on"
shows "a name that is not listed" notbad.example "is on no list"
shows "a hosting service itself" blogspot.com "is on"
shows "not its customers" mine.blogspot.com "is on no list"
shows "an address" https://www.host.example/a/b/c "host.example/a/b is on"
shows "another address of the host" https://host.example/a/bc "is on no list"
shows "a parameter" "https://host.example/watch?v=1&t=2" "host.example/watch?v=1 is on"
shows "the whole host of an address" https://whole.example/x "is on"
shows "a list that the map passes over" news.example "is on no list"
shows "an IP address" 198.51.100.9 "is on"

# The same from an archive; other formats as files of their own.
tar -C "$lists/in" -cJf "$lists/black.tar.xz" black
cp "$db" "$lists/first"
import "s=$lists/black.tar.xz"
is "an archive" 0
says "an archive of the same" out "nothing new, nothing gone"
printf '%s\n' '# hosts' '127.0.0.1 localhost' '0.0.0.0 evil.example other.example # why' '::1 ip6-localhost' >"$lists/in/hosts"
printf '%s\n' '[Adblock Plus 2.0]' '! comment' '||phish.example^' '||part.example^$third-party' '||all.example^$all' \
    '@@||good.example^' 'site.example##.advert' '/banner[0-9]+/' >"$lists/in/rules.txt"
printf '%s\n' '$TTL 60' '@ IN SOA a. b. 1 2 3 4 5' '$ORIGIN rpz.example.' 'way.example CNAME .' '*.around.example 60 IN CNAME .' \
    'full.example.rpz.example. CNAME .' 'pass.example CNAME rpz-passthru.' '24.0.2.0.192.rpz-ip CNAME .' >"$lists/in/zone.rpz"
printf '%s\n' '# made today' 'id,url,status' '1,"https://drug.example/shop",online' '2,pills.example,offline' >"$lists/in/table.csv"
printf '%s\n' awful.example >"$lists/in/secret"
import "$lists/in/black" "$lists/in/hosts" "$lists/in/rules.txt" "$lists/in/zone.rpz" "$lists/in/table.csv" "$lists/in/secret"
is "all formats" 0
shows "a hosts file" evil.example "s/hosts: malware"
shows "a hosts file means no subdomains" www.evil.example "is on no list"
shows "an Adblock rule" www.phish.example "s/rules: phishing"
shows "an Adblock rule for all" all.example "s/rules"
shows "an Adblock rule for a part" part.example "is on no list"
shows "an Adblock exception" good.example "is on no list"
shows "a zone" way.example "s/zone"
shows "a zone's wildcard" a.around.example "s/zone"
shows "a zone's full name" full.example "s/zone"
shows "a zone's exception" pass.example "is on no list"
shows "a table" https://drug.example/shop "s/table: drugs"
shows "a table's name" pills.example "s/table"
shows "the council's own" awful.example "council/secret: illegal"
run "$tool" lists changes "$db"
says "changes" out "malware: 0 before, 2 new, 0 gone; new: evil.example, other.example"

# What is refused, and that nothing changes then.
before=$(sha256sum <"$db")
refused() { # NAME TEXT
    is "$1" 1
    says "$1" err "$2"
    says "$1" err "what was in force still is"
    holds "$1 changes nothing" test "$(sha256sum <"$db")" = "$before"
    holds "$1 leaves nothing behind" test -z "$(find "$lists" -name 'categories.db.??????')"
}
mkdir -p "$lists/bad/adult"
seq -f 'line %g is broken' 100000 >"$lists/bad/adult/domains"
import "$lists/bad"
refused "a hundred thousand broken lines" "100000 of 100000 lines are broken (such as 1: line 1 is broken)"
seq -f 'line %.0f is broken' 1000000 >"$lists/bad/adult/domains"
import "$lists/bad"
refused "a million broken lines" "1000000 of 1000000 lines are broken"
says "the count of a million broken lines" out "left out: 1000000 are no host name"
printf '%s\n' a.example b.example | iconv -t UTF-16LE >"$lists/bad/adult/domains"
import "$lists/bad"
refused "UTF-16 without its mark" "s/adult: is UTF-16: save it as UTF-8"
printf '%s\n' a.example b.example | iconv -t UTF-16 >"$lists/bad/adult/domains"
import "$lists/bad"
refused "UTF-16" "s/adult: is UTF-16: save it as UTF-8"
printf '%s\n' a.example | gzip -c >"$lists/bad/adult/domains"
import "$lists/bad"
refused "a packed file" "s/adult: is packed: unpack it"
: >"$lists/bad/adult/domains"
import "$lists/bad"
refused "an empty list" "s/adult: is empty"
echo '# nothing today' >"$lists/bad/adult/domains"
import "$lists/bad"
refused "a list of comments" "s/adult: is empty"
printf '\xef\xbb\xbfa.example\r\nb.example\r\n\r\nc.exa\0mple\n' >"$lists/bad/adult/domains"
run "$tool" lists import "$lists/bad" -o "$lists/other.db" --map "$lists/map"
is "a mark of UTF-8, CRLF, and a NUL" 0
says "a mark of UTF-8, CRLF, and a NUL" out "s/adult: 2 names"
says "a NUL is broken" out "1 are no host name, address or rule of this format (line 4: c.exa?mple)"
rm -f "$lists"/other.db*
printf '%s\n' x.example co.uk uk gov.uk >"$lists/bad/adult/domains"
sed 's/^protect /&.gov.uk /' "$lists/map" >"$lists/uk.map"
run "$tool" lists import "$lists/bad" -o "$db" --map "$lists/uk.map"
refused "a public suffix that must work" "1 entries would block what must work (such as 4: gov.uk)"
says "public suffixes beside it" out "2 would block a whole public suffix such as co.uk (line 2: co.uk; 3: uk)"
printf 'x.example\ntreasury.gov.example\nnhs.example\n' >"$lists/bad/adult/domains"
import "$lists/bad"
refused "what must work" "2 entries would block what must work (such as 2: treasury.gov.example)"
import "$lists/bad" --leave-out --accept
is "what must work, left out" 0
shows "left out" treasury.gov.example "is on no list"
run "$tool" lists rollback "$db"
is "a rollback" 0
holds "a rollback takes the one before back" test "$(sha256sum <"$db")" = "$before"
seq -f 'a%g.example' 500 >"$lists/in/black/bets/domains"
import "$lists/in/black" "$lists/in/hosts" "$lists/in/rules.txt" "$lists/in/zone.rpz" "$lists/in/table.csv" "$lists/in/secret" --accept
is "a category grows, and that is accepted" 0
before=$(sha256sum <"$db")
seq -f 'a%g.example' 250 >"$lists/in/black/bets/domains"
import "$lists/in/black"
refused "a category shrinks" "gambling: 500 entries before, 0 new, 250 gone, which is more than the bound of 20 %"
seq -f 'a%g.example' 1000 >"$lists/in/black/bets/domains"
import "$lists/in/black"
refused "a category grows" "gambling: 500 entries before, 500 new, 0 gone"
import "$lists/in/black" --bound 1000
refused "a category goes" "illegal: 1 entries before, 0 new, 1 gone"
import "$lists/missing"
refused "no such folder" "cannot be opened"
import "other=$lists/in/black"
refused "no such source" "has no source 'other'"
printf '%s' 'casino.example
betting.exam' >"$lists/bad/adult/domains"
import "$lists/bad" --accept
says "a line that was cut off" out "1 have no end: the file may have been cut off there (line 2: betting.exam)"
run "$tool" lists rollback "$db"
seq -f 'a%g.example' 20000 | shuf --random-source=<(yes) >"$lists/bad/adult/domains"
tar -C "$lists/bad" -czf "$lists/whole.tar.gz" adult
head -c 30000 "$lists/whole.tar.gz" >"$lists/cut.tar.gz"
import "$lists/cut.tar.gz"
refused "an archive that was cut off" "broken or cut off"
head -c 300 "$lists/black.tar.xz" >"$lists/cut.tar.xz"
import "$lists/cut.tar.xz"
refused "an archive of nothing" "cut.tar.xz: is broken or cut off"
(cd "$lists/in/black/adult" && tar -P --transform 's#^domains#../../adult/domains#' -cf "$lists/trick.tar" domains)
import "$lists/trick.tar"
refused "a path that leads out" "leads out of it"
(cd "$lists/in/black" && tar -cf "$lists/link.tar" bets/urls adult/domains)
import "$lists/link.tar" --accept
says "a link in an archive" out "links, which are never followed: 1"
run "$tool" lists rollback "$db"
mkdir -p "$lists/bomb/adult"
head -c 200M /dev/zero >"$lists/bomb/adult/domains"
tar -C "$lists/bomb" -cJf "$lists/bomb.tar.xz" adult
rm -r "$lists/bomb"
import "$lists/bomb.tar.xz"
refused "a bomb" "refused as a bomb"
seq -f 'a%.0f.a-name-that-is-long-enough-for-the-file-to-weigh-much.example' 900000 >"$lists/bad/adult/domains"
tar -C "$lists/in/black" -czf "$lists/small.tar.gz" bets
run "$tool" lists import "$lists/bad" "$lists/small.tar.gz" -o "$lists/other.db" --map "$lists/map"
is "a small archive behind a large file is no bomb" 0
rm -f "$lists"/other.db*
head -c -4 "$lists/small.tar.gz" >"$lists/cut.tar.gz"
import "$lists/cut.tar.gz"
refused "an archive that lacks its last bytes" "broken or cut off: it ends too early"
(cd "$lists/in/black/adult" && tar -P --transform $'s#^domains#a\e]0;x\a/../domains#' -cf "$lists/trick.tar" domains)
import "$lists/trick.tar"
refused "a path that speaks to the terminal" "the path 'a?]0;x?/../domains'"
(cd "$lists/in/black/adult" && tar -P --transform 's#^domains#/adult/domains#' -cf "$lists/trick.tar" domains)
import "$lists/trick.tar"
refused "an absolute path" "leads out of it"
import "$lists/in/black" --max-size 0
refused "too large a list" "more than 0 MiB"
printf 'version 2026-01-01\nsource s "S" licence "L"\nlist s adult as illegal\n' >"$lists/bad.map"
run "$tool" lists import "$lists/in/black" -o "$db" --map "$lists/bad.map"
refused "illegal from a list of others" "'illegal' is filled by a list that the council brings"
printf 'version 2026-01-01\nsource s "S" licence "L"\nlist s adult as adlut\n' >"$lists/bad.map"
run "$tool" lists import "$lists/in/black" -o "$db" --map "$lists/bad.map"
refused "a category that there is not" "did you mean 'adult'?"
printf 'x' | dd of="$db" bs=1 seek=5000 conv=notrunc status=none
run "$tool" lists check "$db"
is "a broken database" 2
says "a broken database" err "its sum is another"

# Local lists come beside, at once; and what a policy makes of all of them.
cp "$lists/first" "$db"
printf '%s\n' 'host,action,category,owner,until,note' '.bad.example,allow,,Service desk,2099-12-31,a shop' \
    'dice.example,deny,gambling,ICT,,' '.gov.uk,allow,,ICT,2099-12-31,' >"$lists/local.csv"
run "$tool" lists local "$lists/local.csv" -o "$db"
is "local lists" 0
iconv -t UTF-16 "$lists/local.csv" >"$lists/utf16.csv"
run "$tool" lists local "$lists/utf16.csv" -o "$db"
is "local lists as a spreadsheet saves them" 0
shows "a local row" bad.example "local allowed: adult, proxy-avoidance"
run "$tool" compile "$council" -o "$work/a"
run "$tool" explain --artefact "$work/a" --categories "$db" --user a.user --groups all-staff https://casino.example/
says "explain with lists" out "on the list s/bets as gambling: casino.example"
run "$tool" explain --artefact "$work/a" --categories "$db" --user a.user --groups all-staff --exit-code https://www.worse.example/
is "a listed host is refused" 1
run "$tool" explain --artefact "$work/a" --categories "$db" --user a.user --groups all-staff --exit-code https://www.bad.example/
is "a host that a local list allows is not" 0
says "a host that a local list allows is not" out "taken off adult"
run "$tool" explain --artefact "$work/a" --categories "$lists/missing" https://bad.example/
is "explain without its database" 2
run "$tool" check "$council" --categories "$db"
is "a category that nothing fills" 2
says "a category that nothing fills" err "error: a rule names category 'proxy-avoidance', and neither this database nor registers/hosts.csv fills it"
run "$tool" compile "$council" --categories "$db" -o "$work/unfilled"
is "a category that nothing fills, compiled" 2
says "a category that nothing fills, compiled" err "error: a rule names category 'proxy-avoidance'"
holds "it is not published" test ! -e "$work/unfilled"
run "$tool" check "$council" --categories "$db"
says "illegal is the council's to fill" err "warning: a rule names category 'illegal'"
hides "a category that hosts.csv fills" err "'malware'"
hides "the map of lists is no stray file" err "categories.map"

# What ships: every kind of site has a rule of its own, and to refuse what is only counted is one line.
for one in policy-maps/councils/*; do
    cp -r "$one" "$work/one"
    sed -i '/^forbid gambling$/,/^$/{/^    shadow$/d}' "$work/one/council.policy"
    run "$tool" compile "$one" --maps policy-maps -o "$work/before"
    run "$tool" explain --artefact "$work/before" --categories "$db" --user a.user --groups all-staff --exit-code https://casino.example/
    is "$one counts gambling" 0
    run "$tool" compile --no-tests "$work/one" --maps policy-maps -o "$work/after"
    run "$tool" explain --artefact "$work/after" --categories "$db" --user a.user --groups all-staff --exit-code https://casino.example/
    is "$one refuses gambling" 1
    run "$tool" explain --artefact "$work/after" --categories "$db" --user a.user --groups licensing --exit-code https://casino.example/
    is "$one lets who licenses it" 0
    run "$tool" check "$one"
    for kind in illegal adult proxy-avoidance malware phishing hate violence drugs alcohol gambling; do
        says "$one says that '$kind' is a default" out "default, not in your policy: forbid $kind: "
    done
    rm -r "$work/one"
done
for row in '.example,allow,,ICT,2099-12-31,x' '.co.uk,deny,adult,ICT,,x' '.gov.uk,deny,adult,ICT,,x' 'a.example,allow,,,2099-12-31,x' 'a.example,allow,,ICT,,x' 'a.example,deny,,ICT,,x' \
    'a.example,block,,ICT,,x' 'a example,allow,,ICT,2099-12-31,x' 'a.example,deny,adlut,ICT,,x' 'a.example,deny,adult,ICT,soon,x'; do
    printf '%s\n' 'host,action,category,owner,until,note' "$row" >"$lists/local.csv"
    run "$tool" lists local "$lists/local.csv" -o "$db"
    is "local row $row" 1
    says "local row $row" err "row 2, column"
done
shows "the local rows before stay" bad.example "local allowed"
