# shellcheck shell=bash
# council: unnamed-council
# chain: own
# The same policy in shadow refuses nothing and counts everything.
prepare() {
    if grep -q '^mode ' "$COUNCIL_DIR/council.policy"; then
        sed -i 's/^mode .*/mode shadow/' "$COUNCIL_DIR/council.policy"
    else
        printf '\nmode shadow\n' >>"$COUNCIL_DIR/council.policy"
    fi
}
scenario() {
    as_page nora https://www.facebook.com/
    expect_status 200
    as_page gareth https://www.facebook.com/ExampleCouncil
    expect_status 200
    graphql olivia ExampleCouncil ComposerStoryCreateMutation
    expect_status 200
    as_page dora https://www.facebook.com/r.php
    expect_status 200
    look nora https://news.example/mix.html mix
    expect_seen mix 'fetch 200 application/json'
    expect_seen mix 'video plays'
    # four of the above and three parts of the news page would have been refused
    expect_events '"action":"allow".*"shadow":true,"would":"refuse"' 7
}
