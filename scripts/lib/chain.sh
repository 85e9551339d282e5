# shellcheck shell=bash
# The whole chain on loopback: stand-in web sites, c-icap with the Portreeve module, portreeved with the portal, Squid that bumps
# with a CA of its own.
# Sourced by scripts/demo and tests/e2e/run. Nothing here needs root, systemd or the internet; as root, each server gives up
# root before it starts.
#
# The caller sets, before chain_prepare:
#   CHAIN_DIR      directory that holds everything: keys, configuration, logs, pid files (made if missing)
#   CHAIN_NAME     letters and digits, unlike any other chain that runs at the same time (Squid names its shared memory by it)
#   CHAIN_MODULE   srv_portreeve.so, as built
#   CHAIN_DAEMON   portreeved, as built; when it is empty, the chain has no portal and no standing
#   CHAIN_POLICY   compiled policy artefact, in CHAIN_DIR/policy
#   CHAIN_PEOPLE   file of sample people: NAME:PASSWORD:GROUP,GROUP:WORDS
#   CHAIN_SITES    file with the names of the stand-in web sites, one a line
# chain_open makes CHAIN_DIR/policy, where the artefact goes, and CHAIN_DIR/lists, where the lists for Squid go: must-work, bump,
# never-bump, never-log (dstdomain entries). The caller may set
#   CHAIN_USER_ENCODING   plain (default) or base64: how Squid writes the person's name to c-icap
#   CHAIN_DIRECTIVES      more lines for c-icap.conf
#   CHAIN_STORE           a store that other chains share, instead of a file of this one's; its node is CHAIN_NAME
#   CHAIN_NODES, CHAIN_KEEPER    (with CHAIN_EPOCHS) the folder of nodes that keys are handed to; the keeper's public key
#   CHAIN_RESPMOD         yes: Squid asks about answers, too
#
# After chain_ports the numbers are in CHAIN_DIR/ports, read by chain_port NAME: squid (asks for a password), icap, and
# user-NAME for each person (no password: who comes in by that port is that person; for browsers that cannot be asked).

CHAIN_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$CHAIN_LIB/chain-portal.sh"

chain_say() { printf '%s\n' "$*" >&2; }
chain_fail() { chain_say "chain: $*"; return 1; }

# --- waiting -------------------------------------------------------------------------------------------------------------

# wait_until SECONDS COMMAND...: runs COMMAND until it succeeds; fails when the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}
port_open() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# --- processes -----------------------------------------------------------------------------------------------------------
# A pid file holds "PID STARTTIME", the start time in clock ticks since boot: a number that was given to another process in
# the meantime is told from ours by it.

process_start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # the name, in brackets, may hold blanks; after it the start time is the 20th field
    stat=${stat##*) }
    # shellcheck disable=SC2086
    set -- $stat
    [[ $1 != Z && $1 != X ]] || return 1
    printf '%s\n' "${20}"
}
process_pid() { # NAME: prints the pid when that process of ours still runs
    local pid start
    read -r pid start 2>/dev/null <"$CHAIN_DIR/run/$1.pid" || return 1
    [[ $(process_start_time "$pid") == "$start" ]] || return 1
    printf '%s\n' "$pid"
}
process_is_gone() { ! process_pid "$1" >/dev/null; }

# as_user USER[:GROUP] COMMAND...: execs COMMAND as the first of USER and nobody that exists, or as ourselves when we are not root.
as_user() {
    local user=${1%%:*} group=''
    [[ $1 != *:* ]] || group=${1#*:}
    shift
    if ((EUID == 0)); then
        getent passwd "$user" >/dev/null || user=nobody
        exec setpriv --reuid="$user" --regid="${group:-$(group_of "$user")}" --clear-groups "$@"
    fi
    exec "$@"
}
# process_start NAME USER[:GROUP] COMMAND...: in the background, in a session of its own, output to log/NAME.out.
process_start() {
    local name=$1 user=$2 pid
    shift 2
    if process_pid "$name" >/dev/null; then return 0; fi
    (
        cd "$CHAIN_DIR" || exit
        umask 022
        as_user "$user" setsid "$@"
    ) >>"$CHAIN_DIR/log/$name.out" 2>&1 </dev/null &
    pid=$!
    printf '%s %s\n' "$pid" "$(process_start_time "$pid" || echo 0)" >"$CHAIN_DIR/run/$name.pid"
}
# process_stop NAME [SECONDS]: TERM, then KILL for it and for the children that it leaves.
process_stop() {
    local name=$1 seconds=${2:-20} pid child start
    local -a children=()
    pid=$(process_pid "$name") || { rm -f "$CHAIN_DIR/run/$name.pid"; return 0; }
    mapfile -t children < <(process_children "$pid")
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_until "$seconds" process_is_gone "$name"; then
        kill -KILL "$pid" 2>/dev/null || true
        for child in "${children[@]}"; do
            read -r child start <<<"$child"
            [[ $(process_start_time "$child") == "$start" ]] && kill -KILL "$child" 2>/dev/null
        done
        wait_until 5 process_is_gone "$name" || chain_fail "$name (pid $pid) does not end"
    fi
    rm -f "$CHAIN_DIR/run/$name.pid"
}
process_children() { # PID: "PID STARTTIME" of each direct child
    local stat pid rest parent
    for stat in /proc/[0-9]*/stat; do
        rest=$(cat "$stat" 2>/dev/null) || continue
        pid=${rest%% *}
        # shellcheck disable=SC2086
        read -r _ parent _ <<<"${rest##*) }"
        [[ $parent == "$1" ]] && printf '%s %s\n' "$pid" "$(process_start_time "$pid" || true)"
    done
    return 0
}

# --- who owns what -------------------------------------------------------------------------------------------------------

service_user() { # prints the first user of the list that exists; ourselves when we are not root
    local user
    if ((EUID != 0)); then id -un; return; fi
    for user in "$@" nobody; do
        if getent passwd "$user" >/dev/null; then printf '%s\n' "$user"; return; fi
    done
}
# group_of USER: the group of the same name, where there is one: Debian's c-icap is else in nogroup, as nobody is.
group_of() {
    if getent group "$1" >/dev/null; then printf '%s\n' "$1"; else id -gn "$1"; fi
}
own_dir() { # USER MODE DIR...
    local user=$1 mode=$2
    shift 2
    mkdir -p "$@"
    ((EUID != 0)) || chown "$user:$(group_of "$user")" "$@"
    chmod "$mode" "$@"
}
# give_file USER MODE FILE: readable by USER alone (and root).
give_file() {
    ((EUID != 0)) || chown "$1:$(group_of "$1")" "$3"
    chmod "$2" "$3"
}

# chain_open: before anything else is asked of a chain that exists or is about to.
chain_open() {
    mkdir -p "$CHAIN_DIR"/{run,log,tls,conf,bin,browser,policy,lists}
    CHAIN_DIR=$(cd "$CHAIN_DIR" && pwd)
    chmod 755 "$CHAIN_DIR"
    SQUID_USER=$(service_user proxy squid)
    ICAP_USER=$(service_user c-icap)
    ORIGIN_USER=$(service_user nobody)
    # what is published here is c-icap's group's to read
    ((EUID != 0)) || chgrp "$(group_of "$ICAP_USER")" "$CHAIN_DIR/policy"
    chmod 2755 "$CHAIN_DIR/policy"
}
# chain_prepare: certificates, passwords, ports, configuration. May be called again: what exists is kept, the configuration is
# written anew.
chain_prepare() {
    chain_open
    own_dir "$SQUID_USER" 750 "$CHAIN_DIR/squid"
    own_dir "$ICAP_USER" 750 "$CHAIN_DIR/icap" "$CHAIN_DIR/icap/enrolments"
    own_dir "$ICAP_USER" 2770 "$CHAIN_DIR/icap/spool" # portreeved, of the same group, takes segments away
    own_dir "$ICAP_USER" 2770 "$CHAIN_DIR/icap/held"
    own_dir "$ORIGIN_USER" 755 "$CHAIN_DIR/origin"
    # Copied, since the servers' users need not be able to read the place that this file lies in.
    install -m 755 "$CHAIN_LIB/answer-helper" "$CHAIN_LIB/origin.py" "$CHAIN_DIR/bin/"
    install -m 755 "$CHAIN_LIB/../../packaging/lib/same-name" "$CHAIN_DIR/bin/"
    install -m 644 "$CHAIN_LIB/app.html" "$CHAIN_DIR/bin/"
    install -D -m 644 -t "$CHAIN_DIR/conf/errors" "$CHAIN_LIB/../../packaging/errors/"*
    install -m 644 "$CHAIN_MODULE" "$CHAIN_DIR/bin/srv_portreeve.so"
    chain_make_certificates
    chain_make_keys
    chain_prepare_portal
    chain_ports
    chain_write_people
    chain_write_icap_conf
    chain_write_squid_conf
}

# --- certificates and keys -----------------------------------------------------------------------------------------------

make_ca() { # FILE-STEM COMMON-NAME
    # one that is about to run out is made anew, with what was signed by it
    if openssl x509 -checkend 86400 -noout -in "$1.crt" >/dev/null 2>&1; then return; fi
    rm -rf "$CHAIN_DIR/squid/certificates" "$CHAIN_DIR/browser/.pki"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/O=Portreeve on loopback/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
        -keyout "$1.key" -out "$1.crt" 2>>"$CHAIN_DIR/log/openssl.out"
    chmod 600 "$1.key"
}
chain_make_certificates() {
    local tls=$CHAIN_DIR/tls names
    make_ca "$tls/bump-ca" "Council web filter (test)"
    make_ca "$tls/origin-ca" "Stand-in web sites (test)"
    cat "$tls/bump-ca.crt" "$tls/origin-ca.crt" >"$tls/both-ca.crt"
    rm -f "$tls/bump-ca.pem" "$tls/origin.pem" # readable, but not writable, by their owner
    cat "$tls/bump-ca.crt" "$tls/bump-ca.key" >"$tls/bump-ca.pem"
    give_file "$SQUID_USER" 400 "$tls/bump-ca.pem"
    names=$(sed 's/^/DNS:/' "$CHAIN_SITES" | paste -sd, -)
    printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$names" >"$tls/origin.ext"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=stand-in web sites" \
        -keyout "$tls/origin.key" -out "$tls/origin.csr" 2>>"$CHAIN_DIR/log/openssl.out"
    openssl x509 -req -in "$tls/origin.csr" -CA "$tls/origin-ca.crt" -CAkey "$tls/origin-ca.key" -CAcreateserial -days 30 \
        -extfile "$tls/origin.ext" -out "$tls/origin.crt" 2>>"$CHAIN_DIR/log/openssl.out"
    cat "$tls/origin.crt" "$tls/origin.key" >"$tls/origin.pem"
    give_file "$ORIGIN_USER" 400 "$tls/origin.pem"
}
# The secrets that hide names in what is recorded and sign-ins in the register, and the one that vouches. portreeved reads two of
# them too, as one of c-icap's group.
chain_make_keys() {
    local key
    for key in pseudonym identity portal; do
        [[ -s $CHAIN_DIR/icap/$key.key ]] || openssl rand -out "$CHAIN_DIR/icap/$key.key" 32
        give_file "$ICAP_USER" 440 "$CHAIN_DIR/icap/$key.key"
    done
    chmod 400 "$CHAIN_DIR/icap/identity.key"
}

# --- ports ---------------------------------------------------------------------------------------------------------------

chain_people() { cut -d: -f1 "$CHAIN_PEOPLE" | grep -v '^#'; }
chain_port() { awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' "$CHAIN_DIR/ports"; }
chain_ports_are_good() { # those of an earlier start, unless somebody else has taken one since
    local name port
    [[ -s $CHAIN_DIR/ports ]] || return 1
    for name in squid icap portal $(chain_people | sed 's/^/user-/'); do
        port=$(chain_port "$name") || return 1
        if process_pid squid >/dev/null || process_pid icap >/dev/null; then continue; fi
        if port_open 127.0.0.1 "$port"; then return 1; fi
    done
}
# Ports below the kernel's range for outgoing connections, so that none is taken between here and the server's start.
chain_ports() {
    local port=$((20000 + RANDOM % 10000)) name
    if chain_ports_are_good; then return; fi
    for name in squid icap portal http https $(chain_people | sed 's/^/user-/'); do
        while port_open 127.0.0.1 "$port"; do port=$((port + 1)); done
        printf '%s %s\n' "$name" "$port"
        port=$((port + 1))
    done >"$CHAIN_DIR/ports"
}

# --- configuration -------------------------------------------------------------------------------------------------------

# The port that a person comes in by stands for a sign-in: that is for browsers that cannot be asked for a password.
chain_write_people() {
    local conf=$CHAIN_DIR/conf name password groups _
    rm -f "$conf/passwords"
    : >"$conf/passwords" && : >"$conf/groups-by-person" && : >"$conf/people-by-port"
    while IFS=: read -r name password groups _; do
        [[ -n $name && $name != '#'* ]] || continue
        printf '%s:%s\n' "$name" "$(openssl passwd -apr1 "$password")" >>"$conf/passwords"
        printf '%s OK%s\n' "$name" "${groups:+ group=\"$groups\"}" >>"$conf/groups-by-person"
        printf '%s OK user=%s%s\n' "$(chain_port "user-$name")" "$name" "${groups:+ group=\"$groups\"}" >>"$conf/people-by-port"
    done <"$CHAIN_PEOPLE"
    give_file "$SQUID_USER" 400 "$conf/passwords"
}

chain_write_icap_conf() {
    cat >"$CHAIN_DIR/conf/c-icap.conf" <<CONF
# Written by scripts/lib/chain.sh. User and Group are left out: the server is started as its own user.
PidFile $CHAIN_DIR/icap/c-icap.pid
CommandsSocket $CHAIN_DIR/icap/c-icap.ctl
ServerName loopback
ServerAdmin root@localhost
TmpDir /tmp
Port 127.0.0.1:$(chain_port icap)
Timeout 300
KeepAliveTimeout 600
MaxKeepAliveRequests -1
StartServers 2
MaxServers 4
MinSpareThreads 8
MaxSpareThreads 40
ThreadsPerChild 20
MaxRequestsPerChild 0
Pipelining on
SupportBuggyClients off
ModulesDir $CHAIN_DIR/bin
ServicesDir $CHAIN_DIR/bin
TemplateDir $CHAIN_DIR/conf
TemplateDefaultLanguage en
LoadMagicFile ${CHAIN_MAGIC:-/etc/c-icap/c-icap.magic}
ServerLog $CHAIN_DIR/icap/server.log
DebugLevel 1
# The name here is the prefix of the directives; the service answers by its own name, portreeve_req, as well.
Service portreeve srv_portreeve.so
portreeve.Policy $CHAIN_POLICY
portreeve.Spool $CHAIN_DIR/icap/spool
portreeve.HeldHosts $CHAIN_DIR/icap/held
portreeve.PseudonymKey $CHAIN_DIR/icap/${CHAIN_EPOCHS:+epoch/}pseudonym.key
portreeve.IdentityKey $CHAIN_DIR/icap/identity.key
portreeve.Enrolments $CHAIN_DIR/icap/enrolments/inbox
portreeve.UserHeader X-Client-Username
portreeve.UserEncoding ${CHAIN_USER_ENCODING:-plain}
portreeve.GroupsHeader X-Groups
portreeve.SniHeader X-Sni
portreeve.PortHeader X-Listening-Port
# threads of all children, less a tenth
portreeve.MaxConnections 72
$(chain_portal_directives)
${CHAIN_DIRECTIVES:-}
CONF
    if [[ ${CHAIN_RESPMOD:-} == yes ]]; then echo "ServiceAlias portreeve_resp portreeve_req" >>"$CHAIN_DIR/conf/c-icap.conf"; fi
}

# How Squid reaches the stand-in sites. Where port 443 may be taken they have a loopback address of their own and Squid connects
# to them as to any site. Elsewhere they are on high ports, and Squid asks them as it asks a parent proxy (as an origin server
# behind cache_peer will not do: Squid joins a tunnel to such a peer only where the port is the one in the CONNECT).
chain_origin_address() {
    local file=$CHAIN_DIR/origin-address address=127.$((64 + RANDOM % 128)).$((RANDOM % 256)).$((1 + RANDOM % 254))
    if [[ ! -s $file ]]; then
        if python3 - "$address" 2>/dev/null <<'PY'; then
import socket, sys
for port in (80, 443):
    socket.socket().bind((sys.argv[1], port))
PY
            printf '%s 80 443\n' "$address" >"$file"
        else
            printf '127.0.0.1 %s %s\n' "$(chain_port http)" "$(chain_port https)" >"$file"
        fi
    fi
    cat "$file"
}

chain_squid_tools() { # DIRECTORY that holds Squid's helpers
    local dir
    for dir in /usr/lib/squid /usr/libexec/squid /usr/lib64/squid; do
        if [[ -x $dir/security_file_certgen ]]; then printf '%s\n' "$dir"; return; fi
    done
    chain_fail "Squid's security_file_certgen is not installed (squid-openssl)"
}

chain_write_squid_conf() {
    local conf=$CHAIN_DIR/conf tools address http https list name port bumping
    local -a user_ports=()
    tools=$(chain_squid_tools)
    read -r address http https < <(chain_origin_address)
    for list in must-work bump never-bump never-log; do
        if [[ -e $CHAIN_DIR/lists/$list ]]; then cp "$CHAIN_DIR/lists/$list" "$conf/$list"; else : >"$conf/$list"; fi
    done
    awk -v a="$address" '{ print a, $1 }' "$CHAIN_SITES" >"$conf/hosts"
    bumping="ssl-bump tls-cert=$CHAIN_DIR/tls/bump-ca.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB"
    for name in $(chain_people); do user_ports+=("$(chain_port "user-$name")"); done
    {
        cat <<CONF
# Written by scripts/lib/chain.sh.
visible_hostname squid.loopback
pid_filename $CHAIN_DIR/squid/squid.pid
coredump_dir $CHAIN_DIR/squid
cache_log $CHAIN_DIR/squid/cache.log
cache deny all
cache_mem 8 MB
memory_pools off
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
max_filedescriptors 4096
# hosts, never people, paths or queries; and not these
logformat hosts %ts.%03tu %6tr %Ss/%03>Hs %<st %rm %>rd %ssl::bump_mode
acl never_log dstdomain -n "$conf/never-log"
access_log stdio:$CHAIN_DIR/squid/access.log hosts !never_log
hosts_file $conf/hosts
dns_timeout 2 seconds
forward_timeout 10 seconds
connect_timeout 5 seconds

# Where people come in: the first port asks for a password; each of the others stands for one person.
http_port 127.0.0.1:$(chain_port squid) $bumping
CONF
        for name in $(chain_people); do printf 'http_port 127.0.0.1:%s name=%s %s\n' "$(chain_port "user-$name")" "$name" "$bumping"; done
        cat <<CONF
sslcrtd_program $tools/security_file_certgen -s $CHAIN_DIR/squid/certificates -M 4MB
sslcrtd_children 4 startup=1 idle=1
sslproxy_session_cache_size 0 KB
tls_outgoing_options cafile=$CHAIN_DIR/tls/origin-ca.crt

auth_param basic program $tools/basic_ncsa_auth $conf/passwords
auth_param basic children 2 startup=1 idle=1
auth_param basic realm Council web filter (test)
auth_param basic credentialsttl 1 hour
external_acl_type person_groups ttl=60 negative_ttl=10 children-max=2 children-startup=1 %LOGIN $CHAIN_DIR/bin/answer-helper $conf/groups-by-person
external_acl_type port_person ttl=60 negative_ttl=10 children-max=2 children-startup=1 %lp $CHAIN_DIR/bin/answer-helper $conf/people-by-port

# The mark that makes Squid bump is the service's alone.
acl forged req_header X-Portreeve-Bump .
http_access deny forged
acl web_ports port 80 443
acl tls_ports port 443
acl CONNECT method CONNECT
http_access deny !web_ports
http_access deny CONNECT !tls_ports
# The portal's name is among the council's own, which must work; but whoever asks it is signed in, and the service vouches for them.
acl portal dstdomain -n $CHAIN_PORTAL
# What must work does so without a sign-in, without an answer from the service, and is never looked into.
acl must_work dstdomain -n "$conf/must-work"
http_access allow must_work !portal
# A tunnel that stays closed is asked about again only where the site is asked for by another name. Told here and not in
# adaptation_access, as there nothing would be asked while the helper has no answer; here the tunnel is refused.
acl step1 at_step SslBump1
acl step2 at_step SslBump2
external_acl_type same_name ttl=3600 negative_ttl=3600 children-max=2 children-startup=1 %ssl::>sni %>rd %ssl::>negotiated_version $CHAIN_DIR/bin/same-name
acl same_name external same_name
acl spare annotate_transaction spared=yes
acl spared note spared yes
http_access deny CONNECT step2 same_name spare !all
CONF
        if ((${#user_ports[@]})); then
            cat <<CONF
acl person_ports localport ${user_ports[*]}
acl person_of_port external port_person
http_access deny person_ports !person_of_port
http_access allow person_ports
CONF
        fi
        cat <<CONF
acl signed_in proxy_auth REQUIRED
acl groups_known external person_groups
http_access deny !signed_in
http_access deny !groups_known
http_access allow all

# What people see while the service is away; all other errors are Squid's own.
error_directory $CHAIN_DIR/conf/errors
icap_enable on
icap_preview_enable on
icap_preview_size 1024
icap_206_enable on
icap_persistent_connections on
icap_connect_timeout 2 seconds
icap_io_timeout 4 seconds
icap_service_failure_limit -1
icap_service_revival_delay 30
icap_send_client_ip on
icap_send_client_username on
icap_client_username_header X-Client-Username
icap_client_username_encode $([[ ${CHAIN_USER_ENCODING:-plain} == base64 ]] && echo on || echo off)
adaptation_meta X-Groups "%{group}note" all
adaptation_meta X-Sni "%ssl::>sni" all
adaptation_meta X-Listening-Port "%lp" all
icap_service portreeve_req reqmod_precache icap://127.0.0.1:$(chain_port icap)/portreeve_req bypass=off on-overload=wait
adaptation_access portreeve_req deny must_work !portal
adaptation_access portreeve_req deny CONNECT spared
adaptation_access portreeve_req allow all

acl never_bump dstdomain -n "$conf/never-bump"
acl never_bump_by_sni ssl::server_name "$conf/never-bump"
acl must_work_by_sni ssl::server_name "$conf/must-work"
acl bump_by_sni ssl::server_name "$conf/bump"
acl wantbump req_header X-Portreeve-Bump ^yes$
acl keep_closed req_header X-Portreeve-Bump ^no$
ssl_bump splice must_work !portal
ssl_bump bump step1 wantbump !never_bump
ssl_bump peek step1
ssl_bump splice step2 must_work_by_sni
ssl_bump splice step2 never_bump_by_sni
ssl_bump bump step2 bump_by_sni !keep_closed
ssl_bump splice all

reply_header_access Alt-Svc deny all
http_upgrade_request_protocols websocket allow all
forwarded_for delete
httpd_suppress_version_string on
CONF
        chain_squid_portal
        if [[ ${CHAIN_RESPMOD:-} == yes ]]; then
            cat <<CONF

# Answers of what is plain or opened anyhow. The requests have been judged: while the service is away they go on.
adaptation_meta X-Origin-IP "%<a" all
icap_service portreeve_resp respmod_precache icap://127.0.0.1:$(chain_port icap)/portreeve_resp bypass=on on-overload=wait
adaptation_access portreeve_resp deny must_work
adaptation_access portreeve_resp allow all
CONF
        fi
        if [[ $https != 443 ]]; then
            cat <<CONF

acl stand_in dstdomain -n "$CHAIN_SITES"
cache_peer 127.0.0.1 parent $http 0 no-query no-digest name=stand_in
cache_peer_access stand_in allow stand_in
cache_peer_access stand_in deny all
never_direct allow stand_in
CONF
        fi
    } >"$conf/squid.conf"
}

# --- start, stop, look ---------------------------------------------------------------------------------------------------

icap_answers() { # one OPTIONS, answered with 200
    local line
    {
        exec 3<>"/dev/tcp/127.0.0.1/$(chain_port icap)" &&
            printf 'OPTIONS icap://127.0.0.1/portreeve_req ICAP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3 &&
            read -r -t 2 line <&3
    } 2>/dev/null || return 1
    exec 3>&-
    [[ $line == *' 200 '* ]]
}
chain_start_origin() {
    local address http https
    read -r address http https < <(chain_origin_address)
    process_start origin "$(id -un)" python3 "$CHAIN_DIR/bin/origin.py" --address "$address" --http "$http" --https "$https" \
        --certificate "$CHAIN_DIR/tls/origin.pem" --log "$CHAIN_DIR/origin/requests.log" --user "$ORIGIN_USER"
    wait_until 10 port_open "$address" "$https" || chain_broken origin
}
chain_start_icap() {
    chain_env
    process_start icap "$ICAP_USER" env "${CHAIN_ENV[@]}" c-icap -N -f "$CHAIN_DIR/conf/c-icap.conf"
    wait_until 10 icap_answers || chain_broken icap
}
chain_start_squid() {
    local tools
    tools=$(chain_squid_tools)
    if [[ ! -d $CHAIN_DIR/squid/certificates ]]; then
        (as_user "$SQUID_USER" "$tools/security_file_certgen" -c -s "$CHAIN_DIR/squid/certificates" -M 4MB) >>"$CHAIN_DIR/log/squid.out" 2>&1
    fi
    process_start squid "$SQUID_USER" squid -N -n "$CHAIN_NAME" -f "$CHAIN_DIR/conf/squid.conf"
    wait_until 20 port_open 127.0.0.1 "$(chain_port squid)" || chain_broken squid
}
chain_broken() { # NAME: says what its logs say
    local file
    chain_say "chain: $1 did not start. Its last words:"
    for file in "$CHAIN_DIR/log/$1.out" "$CHAIN_DIR/$1/cache.log" "$CHAIN_DIR/$1/server.log"; do
        if [[ -s $file ]]; then tail -n 8 "$file" | sed 's/^/    /' >&2; fi
    done
    if [[ $1 == icap ]]; then
        # c-icap ends without a word on a bad directive, unless it is asked to debug
        chain_say "    to see why: c-icap -N -D -d 5 -f $CHAIN_DIR/conf/c-icap.conf"
    fi
    return 1
}
chain_start() {
    chain_start_origin
    chain_start_portreeved # first, so that c-icap finds the standing
    chain_start_icap
    chain_start_squid
}
# Squid first: c-icap waits for the connections that Squid keeps.
chain_stop() {
    process_stop squid
    process_stop icap
    process_stop portreeved
    process_stop origin
    process_stop slapd # of the one scenario that has one
}
chain_status() {
    local name pid
    for name in squid icap portreeved origin; do
        if pid=$(process_pid "$name"); then printf '%s runs, pid %s\n' "$name" "$pid"; else printf '%s does not run\n' "$name"; fi
    done
}

# --- clients -------------------------------------------------------------------------------------------------------------

# as_person NAME URL [CURL OPTIONS...]: curl as that person, by the port that stands for the person.
as_person() {
    local name=$1
    shift
    curl -q -sS --noproxy '' -x "http://127.0.0.1:$(chain_port "user-$name")" --cacert "$CHAIN_DIR/tls/both-ca.crt" --max-time 20 "$@"
}

# browser_home: the home of the browser that trusts both authorities, made when it is not there
browser_home() {
    local home=$CHAIN_DIR/browser
    if [[ ! -d $home/.pki/nssdb ]]; then
        mkdir -p "$home/.pki/nssdb"
        certutil -d "sql:$home/.pki/nssdb" -N --empty-password
        certutil -d "sql:$home/.pki/nssdb" -A -t C,, -n bump-ca -i "$CHAIN_DIR/tls/bump-ca.crt"
        certutil -d "sql:$home/.pki/nssdb" -A -t C,, -n origin-ca -i "$CHAIN_DIR/tls/origin-ca.crt"
    fi
    printf '%s\n' "$home"
}
# browse PORT URL OUT: opens URL in headless Chromium through the proxy port. OUT.html is the page after its scripts have run,
# OUT.png what a person would see.
browse() {
    local port=$1 url=$2 out=$3 profile home
    home=$(browser_home)
    profile=$(mktemp -d "$home/profile.XXXXXX")
    HOME=$home XDG_CONFIG_HOME=$profile XDG_CACHE_HOME=$profile PULSE_RUNTIME_PATH=$profile/pulse timeout --kill-after=5 "${BROWSE_SECONDS:-60}" \
        chromium --headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run \
        --no-default-browser-check --disable-background-networking --disable-component-update --disable-sync --disable-extensions \
        --autoplay-policy=no-user-gesture-required --window-size=1000,800 --user-data-dir="$profile" \
        --proxy-server="http://127.0.0.1:$port" --virtual-time-budget=10000 \
        --dump-dom --screenshot="$out.png" "$url" >"$out.html" 2>"$out.err" || { chain_say "browse: chromium failed, see $out.err"; rm -rf "$profile"; return 1; }
    rm -rf "$profile"
}
