# shellcheck shell=bash
# council: unnamed-council
# chain: own
# Somebody who moves inside a site's app from the granted page to another profile loads no page, and meets the refusal all the same:
# the data is refused that the app asks for, and nothing of the other profile is seen. What the granted page needs goes through.
fb=https://www.facebook.com x=https://x.com
prepare() {
    local grants=$COUNCIL_DIR/registers/grants.csv
    printf 'x,ExampleCouncil,1000000001,Communications,\nfacebook,ExampleLibrary,100064000000003,Libraries,\n' >>"$COUNCIL_DIR/registers/accounts.csv"
    sed -i 's/^olivia,facebook,ExampleCouncil,/olivia,facebook x,facebook:ExampleCouncil facebook:ExampleLibrary x:ExampleCouncil,/' "$grants"
    grep -q '^olivia,facebook x,' "$grants"
}
# step NAME TEXT: what the app says of that step of its tour, in the page NAME
step() {
    grep -qF -- "<li>$2</li>" "$OUT/$1.html" || unmet "the app does not say '$2' but: $(grep -o '<li>[^<]*' "$OUT/$1.html" | sed 's/<li>//' | paste -sd'|')"
}
# The app has taken its whole tour, and its own page was loaded once.
toured() {
    grep -qF 'data-done="yes"' "$OUT/$1.html" || unmet "the app's tour $1 has not ended"
    [[ $(reached | grep -cE "^GET $2 /[^ ]*[?]app") == 1 ]] || unmet "the app was not loaded once"
}

granted_page_works() {
    mark
    look olivia "$fb/ExampleCouncil?app#login" own
    expect_heading own ExampleCouncil
    step own 'start: at /ExampleCouncil, page loads 1, call 200, asked from /ExampleCouncil, picture shown'
    step own 'parts: at /ExampleCouncil, page loads 1, style shown, video shown'
    step own 'login: at /ExampleCouncil, page loads 1, call 200'
    toured own www.facebook.com
    mark
    look olivia "$x/ExampleCouncil?app#login" own-x
    expect_heading own-x ExampleCouncil
    step own-x 'start: at /ExampleCouncil, page loads 1, call 200, asked from /ExampleCouncil, picture shown'
    step own-x 'parts: at /ExampleCouncil, page loads 1, style shown, video shown'
    step own-x 'login: at /ExampleCouncil, page loads 1, call 200'
    expect_reached 'CALL x.com UserTweets ExampleCouncil'
    toured own-x x.com
}

# The browser sends the address that the app has changed to: one granted page opens another, and nothing else.
moving_on() {
    mark
    look olivia "$fb/ExampleCouncil?app#ExampleLibrary,some.person,write,feed,back,some.person" other
    step other 'ExampleLibrary: at /ExampleLibrary, page loads 1, call 200, asked from /ExampleLibrary, picture shown'
    step other 'some.person: at /some.person, page loads 1, call 403 application/problem+json'
    step other 'write: at /some.person, page loads 1, call 403 application/problem+json'
    step other 'feed: at /some.person, page loads 1, call 403 application/problem+json'
    step other 'back: at /ExampleLibrary, page loads 1, call 200, asked from /ExampleLibrary, picture shown'
    expect_heading other 'Nothing to see'
    expect_not_seen other 'What some.person has written'
    expect_reached 'CALL www.facebook.com ProfileCometTimelineFeedQuery ExampleLibrary'
    expect_not_reached 'CALL www.facebook.com [A-Za-z]+ some.person'
    expect_not_reached 'CALL www.facebook.com ComposerStoryCreateMutation'
    expect_not_reached '[A-Z]+ scontent.xx.fbcdn.net /v/some.person'
    expect_not_reached 'GET www.facebook.com /some.person'
    toured other www.facebook.com
    expect_events '"rule":"personal-account".*"platform":"facebook".*"activity":"view"' 3
    expect_events '"rule":"personal-account".*"platform":"facebook".*"activity":"post"' 1
    ! events | grep -q 'some\.person' || unmet 'an event names whose page it was'
}

# On the other site the address of the call says whose profile it is, also before the browser's address changes.
loading_ahead() {
    mark
    look olivia "$x/ExampleCouncil?app#feed,ahead:someperson,someperson,write,back" ahead
    step ahead 'feed: at /ExampleCouncil, page loads 1, call 403 application/problem+json'
    step ahead 'ahead:someperson: at /ExampleCouncil, page loads 1, call 403 application/problem+json'
    step ahead 'someperson: at /someperson, page loads 1, call 403 application/problem+json'
    step ahead 'write: at /someperson, page loads 1, call 403 application/problem+json'
    step ahead 'back: at /ExampleCouncil, page loads 1, call 200, asked from /ExampleCouncil, picture shown'
    expect_heading ahead ExampleCouncil
    expect_not_reached 'CALL x.com [A-Za-z]+ someperson'
    expect_not_reached '[A-Z]+ x.com /i/api/graphql/kq9XbA/CreateTweet'
    toured ahead x.com
    expect_events '"rule":"personal-account".*"platform":"x"' 3
}

# What the app could not show is shown with the next page of the site that is opened, and leads on to it.
told_later() {
    mark
    walk olivia open "$fb/ExampleCouncil?app" see late press 'Go on' see late-after
    expect_heading late 'Please use the council account here'
    expect_seen late 'This is about something that you did on this site a few minutes ago.'
    expect_url late-after "$fb/ExampleCouncil?app"
    expect_not_seen late-after 'This is about something'
    expect_reached 'GET www.facebook.com /ExampleCouncil[?]app'
    mark
    look olivia "$fb/ExampleCouncil?app" told # once is enough
    step told 'start: at /ExampleCouncil, page loads 1, call 200, asked from /ExampleCouncil, picture shown'
    toured told www.facebook.com
}

# A site that lets the browser say no more than its origin, or nothing, tells nobody's page: what is not told is not granted.
no_referrer() {
    local policy
    for policy in origin no-referrer; do
        mark
        look olivia "$fb/ExampleCouncil?app&referrer=$policy" "$policy"
        step "$policy" 'start: at /ExampleCouncil, page loads 1, call 403 application/problem+json'
        expect_not_reached 'CALL'
        toured "$policy" www.facebook.com
    done
    mark
    look olivia "$fb/ExampleCouncil?app&referrer=origin-when-cross-origin" facebook-policy
    step facebook-policy 'start: at /ExampleCouncil, page loads 1, call 200, asked from /ExampleCouncil, picture shown'
}

# The sites put an operation's name and variables behind much else: as much of a body is looked at as the service asks for.
long_body() {
    local filler
    filler=__dyn=$(printf 'x%.0s' {1..3500})
    mark
    as_script olivia $fb/api/graphql/ -H "Referer: $fb/ExampleCouncil" --data "$filler&fb_api_req_friendly_name=ComposerStoryCreateMutation&doc_id=1"
    expect_status 403
    expect_events '"platform":"facebook".*"activity":"post"' 1
    as_script olivia $fb/api/graphql/ -H "Referer: $fb/ExampleCouncil" --data "$filler&fb_api_req_friendly_name=ProfileCometHeaderQuery&doc_id=1"
    expect_status 200
}

# The grant opens no more than its page needs.
nothing_else() {
    mark
    as_page olivia https://scontent.xx.fbcdn.net/v/some.person.svg
    expect_status 403
    as_page olivia "$fb/some.person?app"
    expect_status 403
    as_page olivia https://www.instagram.com/ExampleCouncil
    expect_status 403
    as_image olivia https://i.ytimg.com/vi/a/hqdefault.svg -H "Referer: $fb/"
    expect_status 403
    look olivia https://pbs.twimg.com/media/someperson.svg by-itself
    expect_not_reached '[A-Z]+ (scontent.xx.fbcdn.net|www.instagram.com|i.ytimg.com|pbs.twimg.com|www.facebook.com)'
    # and nothing at all to who has none
    look sam "$fb/ExampleCouncil?app" nobody
    expect_heading nobody 'You cannot use this site on the council network'
}

scenario() {
    granted_page_works
    moving_on
    loading_ahead
    told_later
    no_referrer
    long_body
    nothing_else
}
