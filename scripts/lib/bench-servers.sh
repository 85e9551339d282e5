# shellcheck shell=bash
# shellcheck disable=SC2154 # the options and $work are those of scripts/bench
# The servers that scripts/bench compares, one process and port each: c-icap with one service, or a peer's own server. Sourced.
# A target is echo, again (echo once more), module, urlcheck or e2guardian.

declare -A server_pid=() server_port=() server_service=()

free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s\n' "$port"; return 0; }
    done
    die "no free port between 20000 and 32000 on 127.0.0.1"
}

# The same for every server but for its port, its files and its one service. One process holds all
# connections, as c-icap fills its first child anyway; threads to spare, since an idle connection
# keeps its thread.
write_conf() { # TARGET PORT
    local dir=$work/$1
    cat <<CONF
PidFile $dir/run/c-icap.pid
CommandsSocket $dir/run/c-icap.ctl
ServerLog $dir/run/server.log
TmpDir $dir/run
Port 127.0.0.1:$2
DebugLevel 0
Timeout 300
KeepAliveTimeout 600
MaxKeepAliveRequests -1
StartServers 1
MaxServers 1
ThreadsPerChild $((2 * connections + 8))
MinSpareThreads 1
MaxSpareThreads $((4 * connections + 16))
MaxRequestsPerChild 0
CONF
    case $1 in
    module) if [[ -n $echo_only ]]; then echo 'Service echo srv_echo.so'; else module_conf; fi ;;
    urlcheck) urlcheck_conf ;;
    *) echo 'Service echo srv_echo.so' ;;
    esac
}

module_conf() {
    cat <<CONF
Service portreeve $work/srv_portreeve.so
portreeve.Policy $work/policy
portreeve.Spool $work/spool
portreeve.PseudonymKey $work/key
CONF
    if [[ -n $directives ]]; then cat -- "$directives"; fi
}

service_of() { # TARGET
    case $1 in
    module) if [[ -n $echo_only ]]; then echo 'echo'; else echo portreeve_req; fi ;;
    urlcheck) echo url_check ;;
    e2guardian) echo request ;;
    *) echo 'echo' ;;
    esac
}

answers() { # TARGET
    "$work/icapload" -f "$work/probe.txt" -p "${server_port[$1]}" -s "${server_service[$1]}" -c 1 -n 1 -t 1 -T 1000 \
        -e 1 >/dev/null 2>&1
}

run_server() { # TARGET [COMMAND...]: the server in the background, under COMMAND (a profiler) where there is one
    local target=$1
    shift
    if [[ $target == e2guardian ]]; then
        write_e2guardian_conf "${server_port[$target]}"
        "${drop[@]}" "$@" "$e2guardian" -N -c "$work/e2guardian/etc/e2guardian.conf" >"$work/$target/output" 2>&1 &
    else
        write_conf "$target" "${server_port[$target]}" >"$work/$target/c-icap.conf"
        "${drop[@]}" "$@" c-icap -N -f "$work/$target/c-icap.conf" >"$work/$target/output" 2>&1 &
    fi
    server_pid[$target]=$!
}

start_server() { # TARGET [COMMAND...]; looked at every $pause seconds, for $patience at most
    local target=$1 end
    mkdir -p "$work/$target/run"
    if ((${#drop[@]})); then chown c-icap "$work/$target/run"; fi
    server_service[$target]=$(service_of "$target")
    for _ in 1 2 3; do # another process may take the port between the look and the start
        server_port[$target]=$(free_port)
        run_server "$@"
        end=$((SECONDS + ${patience:-10}))
        while ((SECONDS < end)); do
            sleep "${pause:-0.1}"
            is_running "${server_pid[$target]}" || break
            if answers "$target"; then return 0; fi
        done
        stop_server "$target"
    done
    say "$(tail -n 5 "$work/$target/output" "$work/$target/run/server.log" 2>&1)"
    if [[ $target != e2guardian ]]; then
        # c-icap keeps most of its reasons to itself unless it is asked to be loud
        "${drop[@]}" timeout 2 c-icap -N -D -d 5 -f "$work/$target/c-icap.conf" 2>&1 |
            grep -i -e error -e fatal -e portreeve | head -20 >&2 || true
    fi
    die "the server for $target does not answer for ${server_service[$target]}; see above, and its files with --keep"
}

children_of() { pgrep -P "$1" || true; }
is_running() { # PID
    local state
    state=$(awk '/^State:/ {print $2}' "/proc/$1/status" 2>/dev/null) && [[ $state == [!ZX] ]]
}

stop_server() { # TARGET
    local pid=${server_pid[$1]:-} children child
    [[ -n $pid ]] || return 0
    unset "server_pid[$1]"
    children=$(children_of "$pid")
    kill -TERM "$pid" 2>/dev/null || true
    for _ in {1..150}; do
        is_running "$pid" || break
        sleep 0.1
    done
    for child in "$pid" $children; do
        if is_running "$child"; then kill -KILL "$child" 2>/dev/null || true; fi
    done
    wait "$pid" 2>/dev/null || true
}

# --- what a server has used -----------------------------------------------------------------------

# CPU time of a server so far, master and children, in microseconds: the scheduler's nanoseconds of
# each thread, or the clock ticks of each process where the kernel keeps no such statistics.
cpu_time() { # PID
    local pid
    for pid in "$1" $(children_of "$1"); do
        if [[ -r /proc/$pid/schedstat ]]; then
            awk '{ ns += $1 } END { print ns / 1e3 }' /proc/"$pid"/task/*/schedstat
        else # behind the name, which may hold blanks, the fields begin with the third
            sed 's/.*) //' "/proc/$pid/stat" | awk -v hz="$(getconf CLK_TCK)" '{ print ($12 + $13) * 1e6 / hz }'
        fi
    done | awk '{ us += $1 } END { printf "%.0f\n", us }'
}

# Memory that the process which serves has for itself alone, in KiB: c-icap's one child, or the peer's process.
private_memory() { # PID
    local pid
    pid=$(children_of "$1" | head -1)
    awk '/^Private_(Clean|Dirty):/ { kib += $2 } END { print kib + 0 }' "/proc/${pid:-$1}/smaps_rollup"
}

load() { # TARGET WORKLOAD COUNT [MORE...]: prints icapload's line; its exit status
    local enforce=() target=$1 workload=$2 count=$3
    shift 3
    # Squid's way with answers: no 204 is offered but within the preview
    if [[ $workload == answers ]]; then set -- "$@" -R text/html -B 20000 -A '206, trailers'; fi
    if [[ $target == module && -z $echo_only ]]; then enforce=(-E); fi
    "$work/icapload" -f "$work/$workload.txt" -p "${server_port[$target]}" -s "${server_service[$target]}" \
        -c "$connections" -n "$count" -t "$seconds" "${enforce[@]}" "$@"
}
