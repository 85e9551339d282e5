# shellcheck shell=bash
# council: unnamed-council
# chain: own
# Squid's own helpers ask a real slapd: basic_ldap_auth for the sign-in, ext_ldap_group_acl for the groups, which reach the module in
# the meta header (srv_portreeve(8), GROUPS FROM SQUID). While the directory is down Squid itself lets nobody through; behind
# the filter that the manual gives, the groups are unresolved, and the policy's own rule for that answers.
prepare() {
    cat >>"$COUNCIL_DIR/council.policy" <<'END'

group all-staff "everybody: whoever is in it, their groups are known"
group readers "may watch"

permit e2e-readers
    platform youtube
    group readers
    because "For the test."

forbid e2e-unresolved
    platform youtube
    groups unresolved
    page default-deny
    because "Which groups you are in cannot be told at the moment."
END
}

BASE=dc=council,dc=example
ldif() {
    local name
    printf 'dn: %s\nobjectClass: dcObject\nobjectClass: organization\ndc: council\no: council\n\n' "$BASE"
    printf 'dn: ou=%s,'"$BASE"'\nobjectClass: organizationalUnit\nou: %s\n\n' people people groups groups
    for name in sam nora; do
        printf 'dn: uid=%s,ou=people,%s\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nsn: X\nuserPassword: pw-%s\n\n' "$name" "$BASE" "$name" "$name" "$name"
    done
    printf 'dn: cn=all-staff,ou=groups,%s\nobjectClass: groupOfNames\ncn: all-staff\nmember: uid=sam,ou=people,%s\nmember: uid=nora,ou=people,%s\n\n' "$BASE" "$BASE" "$BASE"
    printf 'dn: cn=readers,ou=groups,%s\nobjectClass: groupOfNames\ncn: readers\nmember: uid=sam,ou=people,%s\n\n' "$BASE" "$BASE"
}
start_slapd() {
    local -a command
    mkdir -p "$CHAIN_DIR/slapd"
    ldif >"$CHAIN_DIR/slapd/ldif"
    mapfile -t command < <(python3 -B "$TOP/tests/directory/slapd.py" "$CHAIN_DIR/slapd" "$CHAIN_DIR/slapd/ldif")
    process_start slapd "$(id -un)" "${command[@]}"
    read -r LDAP_PORT _ <"$CHAIN_DIR/slapd/ports"
    wait_until 20 port_open 127.0.0.1 "$LDAP_PORT" || unmet 'slapd does not answer'
}
restart_slapd() {
    process_start slapd "$(id -un)" slapd -h "ldap://127.0.0.1:$LDAP_PORT" -f "$CHAIN_DIR/slapd/slapd.conf" -d 0
    wait_until 20 port_open 127.0.0.1 "$LDAP_PORT" || unmet 'slapd does not answer again'
}
# use_ldap HELPER: the lines that the manual gives, in the place of the stand-in's.
use_ldap() {
    local conf=$CHAIN_DIR/conf/squid.conf tools uri=ldap://127.0.0.1:$LDAP_PORT helper=$1
    [[ -s $conf.first ]] || cp "$conf" "$conf.first"
    tools=$(chain_squid_tools)
    awk -v login="auth_param basic program $tools/basic_ldap_auth -b ou=people,$BASE -f uid=%s -H $uri" \
        -v groups="external_acl_type in_group ttl=1 negative_ttl=1 children-max=2 children-startup=1 %LOGIN $helper -b ou=groups,$BASE -f (&(cn=%g)(member=uid=%u,ou=people,$BASE)) -H $uri" '
        /^auth_param basic program/ { print login; next }
        /^external_acl_type person_groups/ { print groups; next }
        /^acl groups_known/ {
            for (i = split("all-staff readers", names); i > 0; i--) {
                print "acl in_" i " external in_group " names[i]
                print "acl mark_" i " annotate_transaction portreeve_groups+=" names[i]
            }
            next
        }
        /^http_access deny !groups_known/ { print "http_access deny in_1 mark_1 !all\nhttp_access deny in_2 mark_2 !all"; next }
        /^adaptation_meta X-Groups/ { print "adaptation_meta X-Groups \"%{portreeve_groups}note\" all"; next }
        { print }' "$conf.first" >"$conf"
    process_stop squid
    chain_start_squid
}
# code PERSON PASSWORD: what YouTube's page answers; 407 when the proxy does not take the password
code() {
    local line
    line=$(curl -q -sS --noproxy '' -x "http://$1:$2@127.0.0.1:$(chain_port squid)" --cacert "$CHAIN_DIR/tls/both-ca.crt" --max-time 20 \
        -o "$OUT/body" -w '%{http_code} %{http_connect}' https://www.youtube.com/watch 2>"$OUT/curl.err") || true
    if [[ ${line#* } == 200 ]]; then echo "${line% *}"; else echo "${line#* }"; fi
}
is_code() { [[ $(code "$1" "$2") == "$3" ]]; }
refused_by_squid() { [[ $(code sam pw-sam) =~ ^(403|407)$ ]] && tail -n 1 "$CHAIN_DIR/squid/access.log" | grep -q TCP_DENIED; }
seen_unresolved() {
    is_code sam pw-sam 403 && (($(event_count '"rule":"e2e-unresolved"') > 0))
}
scenario() {
    local tools
    tools=$(chain_squid_tools)
    start_slapd
    use_ldap "$tools/ext_ldap_group_acl"
    is_code sam another 407 || unmet "a wrong password is answered with $(code sam another)"
    is_code sam pw-sam 200 || unmet "sam, who is in the group, gets $(code sam pw-sam)"
    is_code nora pw-nora 403 || unmet "nora, who is not in the group, gets $(code nora pw-nora)"
    expect_events '"rule":"default"' 1
    process_stop slapd
    wait_until 20 refused_by_squid || unmet "without the directory sam gets $(code sam pw-sam)" # once Squid has forgotten
    mark
    refused_by_squid || unmet 'and is let through again'
    expect_not_reached 'GET www.youtube.com'

    restart_slapd
    printf '#!/bin/sh\n"%s" "$@" | sed -u "s/^BH.*/ERR/"\n' "$tools/ext_ldap_group_acl" >"$CHAIN_DIR/bin/ldap-groups"
    chmod 755 "$CHAIN_DIR/bin/ldap-groups"
    use_ldap "$CHAIN_DIR/bin/ldap-groups"
    is_code sam pw-sam 200 || unmet "sam, with the filter behind the helper, gets $(code sam pw-sam)"
    (($(event_count '"rule":"e2e-unresolved"') == 0)) || unmet 'groups that the directory told count as unresolved'
    process_stop slapd
    wait_until 20 seen_unresolved || unmet "without the directory sam gets $(code sam pw-sam), by another rule than e2e-unresolved"
    restart_slapd
    wait_until 30 is_code sam pw-sam 200 || unmet "when the directory is back sam gets $(code sam pw-sam)"
    process_stop slapd
}
