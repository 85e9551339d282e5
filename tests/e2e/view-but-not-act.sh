# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# A grant to read the page is no grant to like it or to post on it; the designated officer may post.
scenario() {
    as_page olivia https://www.facebook.com/ExampleCouncil
    expect_status 200
    graphql olivia ExampleCouncil CometUFIFeedbackReactMutation
    expect_status 403
    expect_type application/problem+json
    graphql olivia ExampleCouncil ComposerStoryCreateMutation
    expect_status 403
    expect_not_reached 'POST www.facebook.com'

    graphql dora ExampleCouncil ComposerStoryCreateMutation
    expect_status 200
    expect_reached 'POST www.facebook.com /api/graphql/'
}
