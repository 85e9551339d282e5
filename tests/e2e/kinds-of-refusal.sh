# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# A page's parts get refusals of their own kind: no page of words where nobody would read it.
scenario() {
    as_script nora https://www.facebook.com/api/graphql/ -X POST --data 'doc_id=1'
    expect_status 403
    expect_type application/problem+json
    expect_no_header Access-Control-Allow-Origin

    as_image nora https://static.xx.fbcdn.net/like.svg
    expect_status 403
    if [[ -s $OUT/body ]]; then expect_type image/svg+xml; fi
    expect_no_body '<text'

    as_video nora https://www.youtube.com/clip.wav
    expect_status 403
    expect_empty

    as_frame nora https://www.facebook.com/plugins/page.php
    expect_status 403
    expect_type text/html
    expect_body 'This part of the page is not shown.'
    expect_not_reached '[A-Z]+ (www.facebook.com|static.xx.fbcdn.net|www.youtube.com)'

    # and in a browser the page around them works
    look nora https://news.example/mix.html mix
    expect_heading mix 'A news page'
    expect_seen mix 'fetch failed'
    expect_seen mix 'video failed'
    expect_seen mix 'socket failed'
    expect_not_seen mix 'image shown 40' # the site's own
    expect_reached 'GET news.example /mix.html 0'
    expect_not_reached '[A-Z]+ (www.facebook.com|edge-chat.facebook.com|static.xx.fbcdn.net|www.youtube.com)'
}
