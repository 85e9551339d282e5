# shellcheck shell=bash
# Sample people and registers for a council, so that the demo and the end-to-end tests have somebody to be.
# sample/sites: the stand-in web sites. sample/COUNCIL/people: who may sign in. sample/COUNCIL/registers: laid over the council's
# own; in them @N@ is the day N days from today, so that a grant that is to be live stays so. sample/more.policy: put at the end of
# the council's policy.

SAMPLE=$(cd "$(dirname "${BASH_SOURCE[0]}")/sample" && pwd)
# the maps and councils' policies that are copied; tests of the installed packages name theirs
SAMPLE_MAPS=${SAMPLE_MAPS:-$(cd "$SAMPLE/../../../policy-maps" && pwd)}

sample_councils() { find "$SAMPLE" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort; }

# sample_council COUNCIL DIR: a copy of policy-maps/ in DIR with the sample registers; prints the council's folder in it.
sample_council() {
    local council=$1 dir=$2 register text day
    [[ -d $SAMPLE_MAPS/councils/$council ]] || { echo "no council $council in $SAMPLE_MAPS/councils" >&2; return 1; }
    rm -rf "$dir"
    mkdir -p "$dir"
    cp -R "$SAMPLE_MAPS/." "$dir/"
    mkdir -p "$dir/councils/$council/registers"
    for register in "$SAMPLE/$council/registers"/*.csv; do
        [[ -e $register ]] || continue
        text=$(<"$register")
        while [[ $text =~ @([-+][0-9]+)@ ]]; do
            day=$(date -d "${BASH_REMATCH[1]} days" +%F)
            text=${text//"${BASH_REMATCH[0]}"/$day}
        done
        printf '%s\n' "$text" >"$dir/councils/$council/registers/${register##*/}"
    done
    cat "$SAMPLE/more.policy" >>"$dir/councils/$council/council.policy"
    printf '%s\n' "$dir/councils/$council"
}
