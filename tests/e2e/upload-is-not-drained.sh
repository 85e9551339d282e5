# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# A refused upload is answered after its first kilobyte: nothing of it is read on, nothing reaches the site.
scenario() {
    local before after
    head -c 30000000 /dev/zero >"$OUT/upload"
    before=$(date +%s%N)
    ask sam https://upload.facebook.com/ajax/react_composer/attachments/photo/upload -H 'Expect:' -H 'Content-Type: application/octet-stream' \
        --data-binary "@$OUT/upload" -H 'Referer: https://www.facebook.com/'
    after=$(date +%s%N)
    echo "answered in $(((after - before) / 1000000)) ms"
    expect_status 403
    (((after - before) / 1000000 < 2000)) || unmet "it took too long for an answer after the preview"
    expect_not_reached 'POST upload.facebook.com'
    rm -f "$OUT/upload"
}
