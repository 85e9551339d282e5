# shellcheck shell=bash
# council: nottinghamshire
# chain: shared
# Open to view is not open to act: whoever is signed in as the council needs an approval, and new accounts need theirs.
scenario() {
    local council='Cookie: c_user=100064000000011'
    graphql sam ExampleCounty ComposerStoryCreateMutation -H "$council"
    expect_status 403
    expect_not_reached 'POST www.facebook.com'
    graphql dora ExampleCounty ComposerStoryCreateMutation -H "$council"
    expect_status 200
    expect_reached 'POST www.facebook.com /api/graphql/'
    # signed in as oneself, which this policy does not speak of
    graphql sam somebody.else ComposerStoryCreateMutation -H 'Cookie: c_user=555'
    expect_status 200

    as_page sam https://www.facebook.com/r.php -H "$council"
    expect_status 403
    expect_not_reached '[A-Z]+ www.facebook.com /r'
    as_page dora https://www.facebook.com/r.php -H "$council"
    expect_status 200
    # what was stopped inside the app is told with the next page of the site, once
    as_page sam https://www.facebook.com/somebody.else
    expect_status 403
    expect_body 'This is about something that you did on this site a few minutes ago'
    # one's own new account: not banned, only counted
    as_page sam https://www.facebook.com/r.php
    expect_status 200
    as_page nora https://adult.example/
    expect_status 403
    expect_body 'You cannot open this page'
}
