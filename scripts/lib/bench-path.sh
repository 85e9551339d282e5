# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# The whole path: Squid's processor time for what browsers ask of it, without Portreeve and with it, opening the same tunnels. The mix is
# tests/bench/path-mix. One Squid at a time, on the same ports, started anew for every arm of every round:
#     without   no ICAP at all; a list says which tunnels are opened
#     again     the same once more: how far two equal things differ here
#     all       everything is asked about, both questions of each tunnel (but for what must work)
#     set-up    as packaging/examples/squid.conf has it
# Sites are nginx's, browsers are curl's; neither counts. Sourced by scripts/bench.

PATH_CLASSES='spliced mustwork embed platform refused http mix'
PATH_PERSONS=4 # at once

need_path() {
    install_packages "${RUN_PACKAGES[@]}" nginx-light valgrind
    export PATH=$PATH:/usr/sbin:/sbin
    need squid squid-openssl
    need nginx nginx-light
}

# path_sessions CLASS: curl's configuration, one request after the other, of one session with that class alone (mix: with all).
path_session() {
    awk -v class="$1" -v sam="$(chain_port user-sam)" -v olivia="$(chain_port user-olivia)" '
        /^#/ || NF < 6 || (class != "mix" && class != $1) { next }
        {
            port = $5 == "olivia" ? olivia : sam
            for (t = 1; t <= $2; t++) for (r = 1; r <= $3; r++) {
                address = $6
                n = index(address, "%")
                while (n) {
                    # the first % of a host is the tunnel, one of a path is the request
                    in_host = n < index(substr(address, 9), "/") + 8
                    address = substr(address, 1, n - 1) (in_host ? t : r) substr(address, n + 1)
                    n = index(address, "%")
                }
                if (count++) print "next"
                printf "url = \"%s%skb=%d\"\nproxy = \"http://127.0.0.1:%d\"\noutput = /dev/null\nsilent\nnoproxy = \"\"\n", address,
                    address ~ /\?/ ? "&" : "?", $4, port
                printf "cacert = \"%s\"\nwrite-out = \"%%{http_code} %s\\n\"\nmax-time = 20\n", cas, $1
                if ($1 != "embed" && address !~ /\.png/) print "header = \"Sec-Fetch-Mode: navigate\"\nheader = \"Sec-Fetch-Dest: document\"\nheader = \"Accept: text/html\""
                else print "header = \"Sec-Fetch-Mode: no-cors\"\nheader = \"Sec-Fetch-Dest: image\"\nheader = \"Referer: https://" ($1 == "embed" ? "news.example" : "www.facebook.com") "/\""
            }
        }' cas="$CHAIN_DIR/tls/both-ca.crt" tests/bench/path-mix
}

# nginx in the place of the stand-in sites: ?kb=N is answered with so many kilobytes.
path_origin() {
    local address http https kb
    read -r address http https < <(chain_origin_address)
    mkdir -p "$CHAIN_DIR/origin/www" "$CHAIN_DIR/origin/tmp"
    awk '!/^#/ && NF > 5 { print $4 }' tests/bench/path-mix | sort -u | while read -r kb; do
        head -c "${kb}000" /dev/urandom >"$CHAIN_DIR/origin/www/$kb"
    done
    cat >"$CHAIN_DIR/conf/nginx.conf" <<CONF
daemon off;
master_process off;
pid $CHAIN_DIR/origin/nginx.pid;
error_log $CHAIN_DIR/origin/error.log;
events { worker_connections 1000; }
http {
    access_log off;
    sendfile on;
    tcp_nodelay on;
    keepalive_requests 100000;
    default_type application/octet-stream;
    client_body_temp_path $CHAIN_DIR/origin/tmp;
    proxy_temp_path $CHAIN_DIR/origin/tmp;
    fastcgi_temp_path $CHAIN_DIR/origin/tmp;
    uwsgi_temp_path $CHAIN_DIR/origin/tmp;
    scgi_temp_path $CHAIN_DIR/origin/tmp;
    server {
        listen $address:$http;
        listen $address:$https ssl;
        ssl_certificate $CHAIN_DIR/tls/origin.crt;
        ssl_certificate_key $CHAIN_DIR/tls/origin.pem;
        root $CHAIN_DIR/origin/www;
        location / { rewrite ^ /\$arg_kb break; }
    }
}
CONF
    process_start origin "$(id -un)" nginx -c "$CHAIN_DIR/conf/nginx.conf"
    wait_until 10 port_open "$address" "$https" || chain_broken origin
}

# The configurations of the arms, from the one that the demo and the tests have.
path_arms() {
    local conf=$CHAIN_DIR/conf
    # as an installed Squid has it
    sed -i -e '/^memory_pools off/d' -e 's/^cache_mem .*/cache_mem 64 MB/' -e 's/generate-host-certificates=on .*/generate-host-certificates=on dynamic_cert_mem_cache_size=16MB/' "$conf/squid.conf"
    cp "$conf/squid.conf" "$conf/squid-set-up.conf"
    sed '/^adaptation_access portreeve_req deny CONNECT spared/d; /^http_access deny CONNECT step2/d' "$conf/squid.conf" >"$conf/squid-all.conf"
    awk '!/^#/ && ($1 == "embed" || $1 == "platform" || $1 == "refused") { split($6, p, "/"); print p[3] }' tests/bench/path-mix | sort -u >"$conf/opened"
    sed -e '/^icap_/d; /^adaptation_/d; /^external_acl_type same_name/d; /^acl same_name/d; /^http_access deny CONNECT step2/d' \
        -e "s|^ssl_bump bump step1 wantbump.*|acl opened dstdomain -n \"$conf/opened\"\nssl_bump bump step1 opened|" "$conf/squid.conf" >"$conf/squid-without.conf"
    cp "$conf/squid-without.conf" "$conf/squid-again.conf"
}

path_time() { # PID: what its threads have run, in microseconds
    awk '{ sum += $1 } END { printf "%d\n", sum / 1000 }' "/proc/$1/task/"*/schedstat
}
path_cpu() { # "SQUID C-ICAP" in microseconds; Squid's with its helpers, c-icap's children with their master
    local pid sum name total=''
    for name in squid icap; do
        sum=0
        for pid in $(process_pid "$name") $(pgrep -P "$(process_pid "$name")" || true); do sum=$((sum + $(path_time "$pid"))); done
        total="$total $sum"
    done
    echo "$total"
}
path_asked() { # how many REQMODs c-icap has had
    c-icap-client -i 127.0.0.1 -p "$(chain_port icap)" -s 'info?view=text&table=*' -req http://x.example/ -nopreview -o "$CHAIN_DIR/info" -v >/dev/null 2>&1 </dev/null || true
    awk '/^REQMODS/ { gsub(/[^0-9]/, ""); print; exit }' "$CHAIN_DIR/info"
    rm -f "$CHAIN_DIR/info"
}
path_visit() { # CLASS SESSIONS: "STATUS CLASS" of every request
    local i n
    local -a persons=()
    for ((i = 0; i < PATH_PERSONS; i++)); do
        for ((n = i; n < $2; n += PATH_PERSONS)); do curl -q -K "$CHAIN_DIR/sessions/$1" 2>&1 || true; done >"$CHAIN_DIR/sessions/$1.seen.$i" &
        persons+=($!)
    done
    wait "${persons[@]}"
    cat "$CHAIN_DIR/sessions/$1".seen.*
}
# What came is what should have come.
path_right() { # ARM FILE
    awk -v arm="$1" '{ want = arm ~ /without|again/ || $2 !~ /refused|embed/ ? 200 : 403
            if ($1 != want) { print "bench: " $0 " instead of " want > "/dev/stderr"; wrong++ } }
        END { exit wrong > 0 }' <(sort "$2" | uniq -c | awk '{ print $2, $3 }') || die "the arm '$1' does not answer as it should; --keep shows its logs"
}
# path_sessions_of CLASS: how many, so that each class is about a thousand requests or more, and the mix five thousand (--quick: a quarter)
path_sessions_of() {
    local per
    case $1 in
    mix) per=12 ;; spliced) per=8 ;; mustwork) per=24 ;; embed) per=160 ;; platform) per=12 ;; refused) per=320 ;; http) per=100 ;;
    esac
    echo $((quick_share * per / 4))
}
path_round() { # ROUND ARM: a line for each class: ARM CLASS REQUESTS SQUID-US ICAP-US ASKED
    local class n before after asked
    cp "$CHAIN_DIR/conf/squid-$2.conf" "$CHAIN_DIR/conf/squid.conf"
    chain_start_squid
    path_visit mix 4 >"$CHAIN_DIR/seen" # its certificates are made, its answers kept
    path_right "$2" "$CHAIN_DIR/seen"
    for class in $PATH_CLASSES; do
        n=$(path_sessions_of "$class")
        asked=$(path_asked)
        before=$(path_cpu)
        path_visit "$class" "$n" >"$CHAIN_DIR/seen"
        after=$(path_cpu)
        path_right "$2" "$CHAIN_DIR/seen"
        # shellcheck disable=SC2086
        set -- "$1" "$2" $before $after
        printf '%s %s %s %s %s %s %s\n' "$1" "$2" "$class" "$(wc -l <"$CHAIN_DIR/seen")" $(($5 - $3)) $(($6 - $4)) $(($(path_asked) - asked))
    done
    process_stop squid
}

path_chain() {
    export CHAIN_DIR=$work/chain CHAIN_NAME=path$$ CHAIN_MODULE=$work/srv_portreeve.so CHAIN_DAEMON='' CHAIN_POLICY=$work/chain/policy/current
    export CHAIN_PEOPLE=scripts/lib/sample/unnamed-council/people CHAIN_SITES=$work/sites
    local council
    # shellcheck source=scripts/lib/chain.sh
    . scripts/lib/chain.sh
    # shellcheck source=scripts/lib/sample.sh
    . scripts/lib/sample.sh
    awk '!/^#/ && NF > 5 { split($6, p, "/"); n = p[3] ~ /%/ ? $2 : 1
        for (i = 1; i <= n; i++) { h = p[3]; sub(/%/, i, h); print h } }' tests/bench/path-mix | sort -u >"$work/sites"
    CHAIN_SITES=$work/sites
    chain_open
    council=$(sample_council unnamed-council "$CHAIN_DIR/policy-maps")
    # nobody is there to answer the notice
    awk '/^[^ \t]/ { asks = /^require / } !asks' "$council/council.policy" >"$council/new" && mv "$council/new" "$council/council.policy"
    find_portreeve
    "$portreeve" compile "$council" -o "$CHAIN_POLICY" --no-tests >/dev/null 2>"$work/compile" || die "the sample council does not compile: $(<"$work/compile")"
    local list
    for list in must-work bump never-bump never-log; do "$portreeve" hosts "$CHAIN_POLICY" "$list" >"$CHAIN_DIR/lists/$list"; done
    chain_prepare
    path_arms
    mkdir "$CHAIN_DIR/sessions"
    for list in $PATH_CLASSES; do path_session "$list" >"$CHAIN_DIR/sessions/$list"; done
    path_origin
    chain_start_icap
}

# Instructions of Squid's in user space, which a busy machine does not change: a session more or less of the mix, under callgrind.
path_instructions() {
    local arm n counts
    chain_start_squid # which makes the folder of its certificates, where there was no round
    process_stop squid
    printf '\n| the mix, instructions of Squid a request (callgrind) | |\n|---|--:|\n'
    for arm in without set-up all; do
        cp "$CHAIN_DIR/conf/squid-$arm.conf" "$CHAIN_DIR/conf/squid.conf"
        for n in 1 2; do
            rm -f "$CHAIN_DIR/squid"/callgrind.*
            process_start squid "$SQUID_USER" valgrind --tool=callgrind "--callgrind-out-file=$CHAIN_DIR/squid/callgrind.%p" \
                squid -N -n "$CHAIN_NAME" -f "$CHAIN_DIR/conf/squid.conf"
            wait_until 60 port_open 127.0.0.1 "$(chain_port squid)" || die "Squid does not start under valgrind"
            PATH_PERSONS=1 path_visit mix "$n" >"$CHAIN_DIR/seen"
            path_right "$arm" "$CHAIN_DIR/seen"
            process_stop squid 60
            counts=$(find "$CHAIN_DIR/squid" -name 'callgrind.*' -size +0 -printf '%s %p\n' | sort -rn | sed -n '1s/^[0-9]* //p') # Squid's, not a helper's
            printf '%s %s %s %s\n' "$arm" "$n" "$(wc -l <"$CHAIN_DIR/seen")" "$(instructions_in "$counts")"
        done
    done | awk '$2 == 1 { requests = $3; count = $4 }
        $2 == 2 { each = ($4 - count) / ($3 - requests); if (!base) base = each; printf "| %s | %d (%.2f) |\n", $1, each, each / base }'
}

bench_path() {
    local round arm quick_share=4 rounds_of=$((rounds == 9 ? 3 : rounds))
    [[ -z $quick ]] || quick_share=1
    path_chain
    # shellcheck disable=SC2064
    trap 'chain_stop; clean_up' EXIT
    for ((round = 1; round <= rounds_of; round++)); do
        for arm in $(printf '%s\n' without set-up again all | if ((round % 2)); then cat; else tac; fi); do
            path_round "$round" "$arm"
        done
    done >"$work/path"
    [[ -z $raw ]] || cp "$work/path" "$raw"
    awk -f tests/bench/path.awk "$work/path"
    path_instructions
    chain_stop
}
