# shellcheck shell=bash disable=SC2154
# portreeve maps: read by tests/tools/run, whose functions and names it uses.

house=$work/house
mkdir -p "$house/councils" "$house/new"
cp -r policy-maps/pages policy-maps/platforms "$house"
cp -r "$council" "$house/councils/c"
c=$house/councils/c
cases=tests/cases/platforms
fresh() { # VERSION: facebook's map of that day
    sed "s/^version .*/version $1/" policy-maps/platforms/facebook.map >"$house/new/facebook.map"
}
in_place() { # NAME VERSION
    holds "$1" grep -q "^version $2\$" "$c/platforms/facebook.map"
}
state() { (cd "$c" && find . -type f -not -path './.previous/*' -exec sha256sum {} + | sort -k2); }
unchanged() { # NAME
    holds "$1 changes nothing" test "$(state)" = "$was"
    holds "$1 leaves nothing behind" test ! -e "$c/.platforms.new"
}
refused() { # NAME TEXT: a refused update says why, and changes nothing
    is "$1" 2
    says "$1" err "$2"
    says "$1" err "nothing was changed in $c/platforms"
    unchanged "$1"
}

for words in "" "lsit $c" "list" "test" "update $c" "rollback $c" "history"; do
    # shellcheck disable=SC2086
    run "$tool" maps $words
    is "maps $words" 2
done
run "$tool" maps updaet "$c"
says "a wrong verb" err "did you mean 'update'?"

# A platform comes in by a map and its cases alone, and goes again.
cat >"$house/new/gather.map" <<'END'
platform gather "Gather"
class social
version 2026-11-01
host main .gather.example
reserved about login
operation query op
activity post method POST path /api op CreatePost
activity view op Get* likely
account {account} path /{account}/**
hosts-known eu-*
END
cat >"$house/new/gather.case" <<'END'
at 2026-05-12T10:00:00+01:00
case "a page"
    GET https://eu-1.gather.example/Council
    expect platform gather class social activity view account council rot none
case "a post"
    POST https://gather.example/api?op=CreatePost
    expect activity post rot none
case "an act that the map does not know"
    POST https://new.gather.example/api?op=CreateStory
    expect activity unknown confidence unknown rot unknown-write rot-is-one-word
END
run "$tool" maps test "$house/new/gather.map" "$house/new/gather.case"
is "maps test of a case with an error" 2
says "maps test of a case with an error" err "platforms/gather.case:10:66: error: unknown expectation 'rot-is-one-word'"
sed -i 's/ rot-is-one-word/ rule default/' "$house/new/gather.case"
run "$tool" maps test "$house/new/gather.map" "$house/new/gather.case"
is "maps test" 0
says "maps test" out "3 passed, 0 failed"
sed 's/activity post rot/activity view rot/' "$house/new/gather.case" >"$work/gather.case"
run "$tool" maps test "$house/new/gather.map" "$work/gather.case"
is "maps test, failed" 1
says "maps test, failed" out "2 passed, 1 failed"
was=$(state)
run "$tool" maps update "$c" "$house/new/gather.map"
refused "an update without cases" "no map is used untested"
run "$tool" maps update "$c" "$house/new/gather.map" "$work/gather.case"
refused "an update whose case fails" "platforms/gather.case:5:6: error: case 'a post': expected activity view, not post"
run "$tool" maps list "$c"
hides "maps list before" out gather
run "$tool" maps update "$c" "$house/new"
is "a new platform" 0
says "a new platform" out "gather: none -> 2026-11-01"
says "a new platform" out "portreeve compile $c -o FILE"
run "$tool" maps list "$c" --at 2027-05-20
says "maps list" out "gather                2026-11-01    200 days, old   local"
says "maps list" out ", without cases"
run "$tool" compile "$c" -o "$work/gathered"
is "a new platform is compiled" 0
run "$tool" explain --artefact "$work/gathered" --user reader --groups '' --method POST "https://new.gather.example/api?op=CreateStory"
says "a new platform is explained" out "platform: Gather"
says "what its map does not know is explained" out "not in the map: unknown-operation"
run "$tool" explain --artefact "$work/gathered" --json --method POST "https://new.gather.example/api?op=CreateStory"
says "what its map does not know is explained as JSON" out '"rot":["unknown-write","unknown-operation","unmatched-host"]'
run "$tool" print "$work/gathered"
hides "cases of maps are not kept in the artefact" out "eu-1.gather.example"
run "$tool" maps rollback "$c" gather
is "a new platform goes again" 0
says "a new platform goes again" out "gather: 2026-11-01 -> none"
holds "a new platform goes again" test ! -e "$c/platforms/gather.map" -a ! -e "$c/platforms/gather.case"
rm "$house/new/gather."*

# A newer map, the one before, and what stands between them.
cp "$cases/facebook.case" "$house/new"
policy=$(cat "$c/council.policy")
for version in 2026-12-01 2026-12-02; do
    fresh $version
    run "$tool" maps update "$c" "$house/new"
    is "an update to $version" 0
    in_place "an update to $version" $version
done
holds "an update leaves the policy alone" test "$(cat "$c/council.policy")" = "$policy"
run "$tool" maps update "$c" "$house/new"
is "the same update again" 0
says "the same update again" out "Nothing to do"
was=$(state)
run "$tool" maps rollback "$c" instagram
refused "a rollback of what was never changed" "no change of its map is kept"
run "$tool" maps rollback "$c" facebook
is "a rollback" 0
says "a rollback" out "facebook: 2026-12-02 -> 2026-12-01"
in_place "a rollback" 2026-12-01
run "$tool" maps rollback "$c" facebook
in_place "a rollback of the rollback" 2026-12-02
run "$tool" maps history "$c"
is "maps history" 0
says "maps history" out "update by $(id -un): facebook: 2026-12-01 -> 2026-12-02"
says "maps history" out "rollback by $(id -un): facebook: 2026-12-02 -> 2026-12-01"
echo '# by hand' >>"$c/platforms/facebook.map"
was=$(state)
run "$tool" maps rollback "$c" facebook
refused "a rollback of what was changed by hand" "is not what the last change made of it"
sed -i '$d' "$c/platforms/facebook.map"

# What a policy's gate refuses is refused here, with line and caret.
was=$(state)
reject() { # NAME TEXT: what stands in new/facebook.map
    run "$tool" maps update "$c" "$house/new"
    refused "$1" "$2"
}
fresh 2026-12-03
echo 'activty post path /x' >>"$house/new/facebook.map"
reject "an unknown word in a map" "unknown statement 'activty': did you mean 'activity'?"
says "an unknown word in a map" err "    ^"
fresh 2026-12-03
sed -i 's/^platform facebook/platform face/' "$house/new/facebook.map"
reject "a map named after another platform" "named after its platform"
fresh 2026-12-03
echo 'host main .instagram.com' >>"$house/new/facebook.map"
reject "a host that two platforms claim" "'instagram.com' is a host of platform '"
fresh 2026-12-03
sed -i 's/^account {account} path \/profile.php/# &/' "$house/new/facebook.map"
reject "a map that breaks its own cases" "platforms/facebook.case:"
fresh 2026-12-03
sed -i 's/^default deny /default allow /' "$c/council.policy"
was=$(state)
reject "a map where the policy's own tests fail" "expected"
printf '%s\n' "$policy" >"$c/council.policy"
head -c 600 policy-maps/platforms/facebook.map >"$house/new/facebook.map"
was=$(state)
reject "a map that is cut off" "the map names no main host"
: >"$house/new/facebook.map"
reject "an empty map" "the map is empty"
head -c 10000000 /dev/zero | tr '\0' 'x' >"$house/new/facebook.map"
reject "a map of 10 MB in one line" "platforms/facebook.map:1:"
fresh 2026-12-03
run "$tool" maps update "$c" "$house/new" --maps "$house"
is "a shared map that the council's own would go before" 2
says "a shared map that the council's own would go before" err "goes before the one that --maps names"
run "$tool" maps update "$c" "$work/nothing.map"
refused "a map that is not there" "cannot be opened"
run "$tool" maps update "$c" "$c/council.policy"
refused "a file that is no map" "is no map and no case file"
mkdir "$c/platforms/folder"
run "$tool" maps update "$c" "$house/new"
is "a folder among the maps" 2
rmdir "$c/platforms/folder"
unchanged "a folder among the maps"
chmod 0555 "$c"
run plain "$tool" maps update "$c" "$house/new"
refused "a council's folder that cannot be written to" "Permission denied"
chmod 0755 "$c"
exec 9<"$c"
flock 9
run "$tool" maps update "$c" "$house/new"
refused "two changes at a time" "being changed by another command"
exec 9<&-

# The folder that all councils share.
run "$tool" maps update "$c" policy-maps/platforms/x.map "$cases/x.case" --maps "$house"
is "an update of the shared maps" 0
holds "an update of the shared maps" test -e "$house/platforms/x.case" -a ! -e "$c/platforms/x.case"

# Killed at each step that the disk sees: then either all of the old maps are in place or all of the new ones, and the
# next command goes on from there.
cat >"$work/die.c" <<'EOF'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
static void step(void)
{
    static int n;
    const char *at = getenv("DIE_AT");
    if (at && ++n == strtol(at, NULL, 10))
        _exit(86);
}
#define STEP(type, name, params, args) \
    type name params { type (*real) params = dlsym(RTLD_NEXT, #name); step(); return real args; }
STEP(int, fsync, (int fd), (fd))
STEP(int, mkdir, (const char *p, mode_t m), (p, m))
STEP(int, rename, (const char *a, const char *b), (a, b))
STEP(int, renameat2, (int d, const char *a, int e, const char *b, unsigned f), (d, a, e, b, f))
STEP(int, unlink, (const char *p), (p))
STEP(int, rmdir, (const char *p), (p))
EOF
"${CC:-cc}" -w -shared -fPIC -o "$work/die.so" "$work/die.c" -ldl
sed 's/^case "a council.s page"/case "a newer page"/' "$cases/facebook.case" >"$house/new/facebook.case"
new=$(sha256sum <"$house/new/facebook.map")$(sha256sum <"$house/new/facebook.case")
old=$(sha256sum <"$c/platforms/facebook.map")$(sha256sum <"$c/platforms/facebook.case")
both() { echo "$(sha256sum <"$c/platforms/facebook.map")$(sha256sum <"$c/platforms/facebook.case")"; }
cp -a "$c" "$work/kept"
steps=0 olds=0 news=0 torn=0 stuck=0
while ((steps < 100)); do
    steps=$((steps + 1))
    rm -rf "$c" && cp -a "$work/kept" "$c"
    run env LD_PRELOAD="$work/die.so" DIE_AT=$steps "$tool" maps update "$c" "$house/new"
    ((status == 86)) || break
    case $(both) in
        "$old") olds=$((olds + 1)) ;;
        "$new") news=$((news + 1)) ;;
        *) torn=$((torn + 1)) ;;
    esac
    # An update to yet another map, then back: what the cut-off change left is in nobody's way.
    before=$(both)
    cp "$cases/facebook.case" "$work/facebook.case"
    sed 's/^version .*/version 2026-12-09/' "$house/new/facebook.map" >"$work/facebook.map"
    "$tool" maps update "$c" "$work/facebook.map" "$work/facebook.case" >/dev/null 2>&1 || stuck=$((stuck + 1))
    in_place "an update after one killed at step $steps" 2026-12-09
    "$tool" maps rollback "$c" facebook >/dev/null 2>&1 || stuck=$((stuck + 1))
    [[ $(both) == "$before" ]] || stuck=$((stuck + 1))
    [[ ! -e $c/.platforms.new && -z $(find "$c/.previous" -maxdepth 1 -name '.*-*') ]] || stuck=$((stuck + 1))
done
is "an update that is not killed" 0
holds "killed at $steps steps: none torn, none stuck ($torn, $stuck)" test "$torn$stuck" = 00
holds "killed before and after the exchange ($olds, $news of $steps)" test "$olds" -gt 5 -a "$news" -gt 2
