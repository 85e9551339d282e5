# shellcheck shell=bash
# council: unnamed-council
# chain: own
# Streams from hosts that no map knows are told by what comes (RESPMOD), where it is plain or opened anyhow: refused with the same
# page as a request, or let through, by the policy. What is let through is not gathered on its way.
prepare() {
    # shellcheck disable=SC2034  # chain.sh takes them
    CHAIN_RESPMOD=yes CHAIN_DIRECTIVES="LogFormat came \"%im %{X-Origin-IP}>ih\"
AccessLog $CHAIN_DIR/icap/came.log came"
    cat >>"$COUNCIL_DIR/council.policy" <<'POLICY'

forbid seen-streaming
    seen streaming
    except group councillors
    page default-deny
    because "Streaming is for work that needs it."
    cite "5c"

set safe-search
    restriction bing-safe-search
    because "Searches are filtered."
    cite "6"
POLICY
}
has_first_piece() { [[ $(stat -c %s "$OUT/held") == 65536 ]]; }
scenario() {
    local address download
    as_page sam http://clips.example/live.m3u8
    expect_status 403
    expect_type text/html
    expect_body 'You cannot use this site on the council network'
    expect_no_body clips
    expect_header 'Cache-Control: no-store'
    expect_events '"rule":"seen-streaming","action":"refuse".*"activity":"stream"' 1
    as_video sam http://clips.example/film.mp4
    expect_status 403
    expect_empty
    look sam http://clips.example/live.m3u8 stream
    expect_heading stream 'You cannot use this site on the council network'
    # the site was asked: only its answer tells
    expect_reached 'GET clips.example /live.m3u8'
    # whom the policy lets
    as_page maya http://clips.example/live.m3u8
    expect_status 200
    expect_body '#EXTM3U'
    as_video maya http://clips.example/film.mp4
    expect_status 200
    [[ $(stat -c %s "$OUT/body") == 200024 ]] || unmet 'the video is not whole'
    # pages, and what has no body
    as_page sam http://clips.example/
    expect_status 200
    ask sam http://clips.example/film.mp4 -I
    expect_status 403

    # opened for another reason, it is seen; not opened, it is not
    as_page sam https://www.bing.com/film.mp4
    expect_status 403
    expect_issuer sam clips.example site
    as_page sam https://clips.example/live.m3u8
    expect_status 200
    # what must work is not even asked about
    as_page sam http://www.havant-council.example/meeting.mp4
    expect_status 200

    # a download arrives while the site still holds the rest of it back
    : >"$OUT/held"
    as_person sam http://clips.example/held.bin -N -o "$OUT/held" --max-time 30 &
    download=$!
    wait_until 20 has_first_piece || unmet "nothing of the download came before its end ($(stat -c %s "$OUT/held") bytes)"
    as_person sam http://clips.example/release -o /dev/null
    wait "$download" || unmet 'the download was cut off'
    [[ $(stat -c %s "$OUT/held") == 1114112 ]] || unmet 'the download is not whole'

    # where an answer came from Squid tells in RESPMOD alone
    read -r address _ <"$CHAIN_DIR/origin-address"
    grep -qxF "RESPMOD $address" "$CHAIN_DIR/icap/came.log" || unmet "no RESPMOD with the site's address: $(sort "$CHAIN_DIR/icap/came.log" | uniq -c)"
    ! grep '^REQMOD' "$CHAIN_DIR/icap/came.log" | grep -vx 'REQMOD -' || unmet 'a REQMOD had an address'
}
