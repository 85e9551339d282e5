# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # host, port, work, kit are the sourcing script's, and status and location are for it
# What tests with a real portreeved share: counting, waiting, and asking its portal by curl as the module would. Sourced.
# Wanted: $work (a folder, with the FIFO `never`, the portal's key and certificate), $host, $kit (portalkit); $port where it
# listens; $standing, its standing file ($work/standing).

ok() { passed=$((passed + 1)); }
not_ok() { # NAME WHAT
    failed=$((failed + 1))
    echo "not ok: $1: $2"
    head -c 1500 "$work/body" 2>/dev/null || true
    tail -n 5 "$work/log" 2>/dev/null || true
}
is() { # NAME WANTED GOT
    if [[ $2 == "$3" ]]; then ok; else not_ok "$1" "'$3', not '$2'"; fi
}
says() { # NAME TEXT
    if grep -qF -- "$2" "$work/body"; then ok; else not_ok "$1" "the page does not say '$2'"; fi
}
hides() { # NAME TEXT
    if grep -qF -- "$2" "$work/body"; then not_ok "$1" "the page says '$2'"; else ok; fi
}
facts() { "$kit" standing "${standing:-$work/standing}"; }
has_fact() { # NAME FACT (the beginning of a line)
    if facts | grep -q -- "^$2"; then ok; else not_ok "$1" "the standing has no '$2': $(facts | tr '\n' ';')"; fi
}
has_not() { # NAME FACT
    if facts | grep -q -- "^$2"; then not_ok "$1" "the standing has '$2'"; else ok; fi
}
until_true() { # COMMAND...: up to 10 s
    local end=$((SECONDS + 10))
    until "$@"; do
        ((SECONDS < end)) || return 1
        read -rt 0.05 <>"$work/never" || true
    done
}

# ask USER METHOD PATH[?QUERY] [CURL OPTIONS...]: status in $status, page in $work/body, where it leads in $location.
# GROUPS_TOLD=... groups that the proxy told. USER "-": without the header; KEY=... another key, AT=... another time,
# PATH_VOUCHED=... another path.
ask() {
    local user=$1 method=$2 path=$3 vouched when=${AT:--}
    local -a header=()
    shift 3
    if [[ $user != - ]]; then
        vouched=$("$kit" vouch "${KEY:-$work/portal.key}" "$user" "$method" "${PATH_VOUCHED:-${path%%\?*}}" "$when" ${GROUPS_TOLD:+"$GROUPS_TOLD"})
        header=(-H "X-Portreeve-User: $vouched")
    fi
    status=$(curl -sS -o "$work/body" -D "$work/head" -w '%{http_code}' --max-time 20 --cacert "$work/tls.crt" \
        --resolve "$host:$port:127.0.0.1" -X "$method" "${header[@]}" "$@" "https://$host:$port$path" 2>"$work/curl") || status=000
    location=$(sed -nE 's/^[Rr]efresh: 0;url=(.*)\r$/\1/p' "$work/head")
}
field() { # NAME: of the form on the last page
    sed -nE "s/.*name=\"$1\" value=\"([^\"]*)\".*/\1/p" "$work/body" | head -n 1
}
post() { # USER PATH FIELDS...: as a browser posts the portal's own form
    local user=$1 path=$2
    local -a data=()
    shift 2
    for pair in "$@"; do data+=(--data-urlencode "$pair"); done
    ask "$user" POST "$path" -H "Origin: ${ORIGIN-https://$host}" "${data[@]}"
}
token() { # USER ASK RULE VERSION BACK [EXPIRY]
    "$kit" token "${KEY:-$work/portal.key}" "$@"
}
