# shellcheck shell=bash
# council: unnamed-council
# chain: own
# What a page's link carries to the portal is good once, for the person who was shown it, and leads nowhere but back.
portal=https://portreeve.council.example
page='https://www.facebook.com/ExampleCouncil?a=1&b=2'

link() { grep -oE "$portal/continue\\?t=[A-Za-z0-9_-]+" "$OUT/body" | head -n 1; }
field() { sed -nE "s/.*name=\"$1\" value=\"([^\"]*)\".*/\\1/p" "$OUT/body" | head -n 1; }
form() { # PERSON FORM TOKEN [CURL OPTIONS...]
    ask "$1" $portal/continue -H "Origin: $portal" -H 'Sec-Fetch-Site: same-origin' --data-urlencode "f=$2" --data-urlencode "t=$3" "${@:4}"
}
scenario() {
    local first first_form
    as_page una "$page"
    expect_status 403
    expect_body 'How we check web use at work'
    first=$(link)
    first=${first#*=}
    expect_no_body 'a=1' # where it leads is sealed

    # another person, a changed one, none
    as_page sam "$portal/continue?t=$first"
    expect_status 410
    as_page una "$portal/continue?t=${first:0:40}x${first:41}"
    expect_status 410
    as_page una "$portal/continue?t=$first&back=https://news.example/"
    expect_status 200
    expect_no_body news.example
    first_form=$(field f)

    # a page of another site's posts the form
    ask una $portal/continue -H 'Origin: https://www.facebook.com' -H 'Sec-Fetch-Site: cross-site' --data-urlencode "f=$first_form" --data-urlencode "t=$first"
    expect_status 403
    form sam "$first_form" "$first"
    expect_status 403
    as_page una "$page"
    expect_status 403 # nothing has come of any of these

    form una "$first_form" "$first" --data-urlencode 'back=https://news.example/'
    expect_status 200
    expect_header "Refresh: 0;url=$page"
    as_page una "$page"
    expect_status 200

    # the same again, in the middle of a restart too
    form una "$first_form" "$first"
    expect_status 409
    expect_no_header Refresh
    process_stop portreeved
    as_page una "$page" # nobody waits for it
    expect_status 200
    chain_start_portreeved
    form una "$first_form" "$first"
    expect_status 409
    as_page una "$page"
    expect_status 200
}
