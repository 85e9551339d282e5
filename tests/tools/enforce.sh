# shellcheck shell=bash disable=SC2154
# portreeve enforce and shadow: group by group, and back. Read by tests/tools/run, whose functions and names it uses.

en=$work/enforce
mkdir -p "$en"
cp -r policy-maps/councils/unnamed-council "$en/council"
register=$en/council/registers/enforced.csv
goes() { run "$tool" "$1" "$en/council" "${@:2}" -o "$en/policy" --maps policy-maps; }
# GROUP WORD: what happens to somebody of that group on Facebook
decides() {
    run "$tool" explain --artefact "$en/policy" --user a.user --groups "$1" --json https://www.facebook.com/
    says "$1: $2" out "\"action\":\"$2\""
}
printf 'group,mode\n*,shadow\n' >"$register"
run "$tool" compile "$en/council" -o "$en/policy" --maps policy-maps
is "a policy in shadow, whose tests pass all the same" 0
decides ict-security allow
"$tool" print "$en/policy" >"$en/bundle"
run "$tool" compile "$en/bundle" -o "$en/again"
holds "what was printed compiles to the same bytes" cmp "$en/policy" "$en/again"
goes enforce --group licensing
is "enforce --group" 0
says "enforce --group" out "licensing: the policy is enforced, within seconds"
decides licensing refuse
decides ict-security allow
goes enforce --group licencing
is "enforce of no group" 1
says "enforce of no group" err "did you mean 'licensing'"
says "enforce of no group" err "nothing has changed for licencing"
holds "the register is as it was" test "$(grep -c licenc "$register")" = 0
decides licensing refuse
goes shadow --group licensing
is "shadow --group" 0
decides licensing allow
goes enforce --everybody
is "enforce --everybody" 0
decides ict-security refuse
decides licensing allow
run "$tool" enforce "$en/council" --list
is "enforce --list" 0
says "enforce --list" out "everybody else           enforce  since 20"
says "enforce --list" out "licensing                shadow"
holds "each group once" test "$(wc -l <"$register")" = 3
printf 'group,mode\n*,shadow\n*,enforce\n' >"$register"
goes enforce --group licensing
is "enforce over a register with a group twice" 1
says "enforce over a register with a group twice" err "has a row already"
printf 'group,mode\n*,shadow\n=cmd,loud\n' >"$register"
goes enforce --group licensing
is "enforce over a register that is wrong" 2
printf 'group,mode\n*,shadow\n' >"$register"
echo "permit" >>"$en/council/council.policy"
goes enforce --group licensing
is "enforce where the policy does not compile" 1
holds "the register is as it was before" test "$(wc -l <"$register")" = 2
run "$tool" enforce "$en/council" --group licensing --publish /nowhere/publish
is "enforce without what publishes" 1
run "$tool" enforce "$en/council"
is "enforce of nobody" 2
run "$tool" enforce "$en/council" --group a --everybody
is "enforce of two things" 2
