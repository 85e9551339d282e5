# shellcheck shell=bash
# council: unnamed-council
# chain: own
# A designated officer enrols her own profile, with which the council's page is run; the page's owner confirms it, the policy is
# published, and then she may post as that page. The profile's number is nowhere.
profile=100000000424242
cookie="Cookie: datr=abc; c_user=$profile; xs=secret"
inbox=$CHAIN_DIR/icap/enrolments/inbox
key=$CHAIN_DIR/icap/identity.key

posts() { # STATUS: posting on the council's page, signed in with her own profile
    graphql dora ExampleCouncil ComposerStoryCreateMutation -H "$cookie"
    [[ $STATUS == "$1" ]]
}
scenario() {
    local code digest register=$COUNCIL_DIR/registers/identities.csv
    posts 403 || unmet 'posts from a profile that nobody has enrolled are not refused'

    code=$("$E2E_TOOL" accounts enrol --artefact "$CHAIN_POLICY" --key "$key" --user dora --platform facebook \
        --account ExampleCouncil --own 2>"$OUT/enrol.err" | grep -oE 'portreeve-enrol=[A-Za-z0-9_-]+' | head -n 1) ||
        unmet "no code: $(cat "$OUT/enrol.err")"
    as_page sam "https://www.facebook.com/?$code" -H "$cookie"
    [[ ! -s $inbox ]] || unmet "somebody else's code is taken"
    as_page dora "https://www.facebook.com/?$code" -H "$cookie"
    expect_status 200
    expect_not_reached 'GET www.facebook.com /\?portreeve-enrol'
    expect_body 'enrolled'
    posts 403 || unmet 'what nobody has confirmed counts'

    digest=$("$E2E_TOOL" accounts pending "$inbox" | grep -oE 'd-[0-9a-f]{32}' | head -n 1)
    "$E2E_TOOL" accounts confirm --by dora --register "$register" --inbox "$inbox" "$digest" 2>"$OUT/self.err" && unmet 'she confirms herself'
    "$E2E_TOOL" accounts confirm --by 'director.resources' --register "$register" --inbox "$inbox" "$digest" || unmet 'not confirmed'
    publish
    wait_until 10 posts 200 || unmet 'the enrolled administrator cannot post as the page'
    expect_reached 'POST www.facebook.com /api/graphql/'

    if grep -rlF -- "$profile" "$CHAIN_DIR/icap" "$COUNCIL_DIR" "$CHAIN_POLICY" "$SPOOL"; then unmet "the profile's number is written there"; fi
}
