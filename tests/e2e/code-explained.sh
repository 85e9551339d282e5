# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# The service desk is given the code from somebody's page and learns rule and clause, not who it was or which site.
scenario() {
    local code
    as_page nora https://www.facebook.com/
    code=$(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}' "$OUT/body" | head -n 1)
    wait_until 5 eval "events | grep -q '$code'" || unmet "no event with the code $code"
    "$E2E_TOOL" ref "$code" --artefact "$CHAIN_POLICY" --spool "$SPOOL" >"$OUT/ref" || unmet "portreeve ref fails"
    grep -q 'clause: 5c' "$OUT/ref" || unmet "ref does not name the clause: $(cat "$OUT/ref")"
    ! grep -qi 'nora' "$OUT/ref" || unmet "ref names the person"
    look nora https://adult.example/ page
    code=$(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}' "$OUT/page.html" | head -n 1)
    wait_until 5 eval "events | grep -q '$code'" || unmet "no event with the code $code"
    "$E2E_TOOL" ref "$code" --artefact "$CHAIN_POLICY" --spool "$SPOOL" >"$OUT/ref" || unmet "portreeve ref fails"
    ! grep -q 'platform' "$OUT/ref" || unmet "ref says more than the rule of a category's refusal"
}
