# shellcheck shell=bash
# council: nottinghamshire
# chain: shared
# A council that is open by default: reading, reacting, streaming, WebSockets all work.
scenario() {
    as_page sam https://www.facebook.com/somebody.else
    expect_status 200
    as_page sam https://www.youtube.com/watch?v=1
    expect_status 200
    graphql sam somebody.else CometUFIFeedbackReactMutation
    expect_status 200
    look nora https://news.example/mix.html mix
    expect_seen mix 'fetch 200 application/json'
    expect_seen mix 'image shown 40'
    expect_seen mix 'video plays'
    expect_seen mix 'socket said hello from edge-chat.facebook.com'
    expect_issuer sam bank.example site
}
