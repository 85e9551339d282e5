# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# Who comes in by Squid's own port is asked for name and password, and the name that they give is the one that is judged.
by_password() { # NAME:PASSWORD or nothing
    local -a login=()
    [[ -z $1 ]] || login=(--proxy-user "$1")
    CODES=$(curl -q -sS --noproxy '' -x "http://127.0.0.1:$(chain_port squid)" "${login[@]}" --cacert "$CHAIN_DIR/tls/both-ca.crt" --max-time 20 \
        -o "$OUT/body" -w '%{http_connect} %{http_code}' "$2" 2>"$OUT/curl.err") || true
    echo "${1%%:*} asks $2: $CODES"
}
scenario() {
    local name password who=''
    while IFS=: read -r name password _; do
        [[ $name != olivia && $name != sam ]] || who+="$name:$password "
    done <"$CHAIN_PEOPLE"
    by_password '' https://www.facebook.com/ExampleCouncil
    [[ $CODES == '407 000' ]] || unmet 'a tunnel without a sign-in is not refused with 407'
    by_password olivia:wrong https://www.facebook.com/ExampleCouncil
    [[ $CODES == '407 000' ]] || unmet 'a wrong password is not refused with 407'
    # shellcheck disable=SC2086
    for name in $who; do
        by_password "$name" https://www.facebook.com/ExampleCouncil
        if [[ $name == olivia:* ]]; then
            [[ $CODES == '200 200' ]] || unmet 'olivia does not reach the page of her grant'
        else
            [[ $CODES == '200 403' ]] || unmet 'sam is not refused'
        fi
    done
    by_password '' https://www.havant-council.example/
    [[ $CODES == '200 200' ]] || unmet 'what must work does not work without a sign-in'
}
