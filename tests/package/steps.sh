# shellcheck shell=bash
# shellcheck disable=SC2154  # council and state are of tests/package/inside, which sources this
# What tests/package/inside does and expects, a function a step.

# Every line of tmpfiles.d, held against what is there.
folders() {
    local type path mode user group bad=0 found
    while read -r type path mode user group; do
        [[ $type == d ]] || continue
        found=$(stat -c '%a %U %G' "$path") || bad=1
        [[ $found == "${mode#0} $user $group" ]] || { echo "$path is $found, and tmpfiles.d says $mode $user $group"; bad=1; }
    done < <(cat /usr/lib/tmpfiles.d/portreeve*.conf)
    return "$bad"
}
waiting() {
    local unit
    ! systemctl --quiet is-active portreeved.service || { echo 'portreeved runs without a policy'; return 1; }
    for unit in portreeved portreeve-keys; do systemctl --quiet is-enabled "$unit.service" || return 1; done
    for unit in directory lists roles; do active "portreeve-$unit.timer" || return 1; done
    active portreeve-keys.service || return 1
    [[ -z $(systemctl --no-legend --failed) ]] || { systemctl --failed; return 1; }
    [[ $(stat -c '%a %U %G' /run/portreeve/portal.key) == '440 root c-icap' && $(stat -c '%a %U' /run/portreeve/identity.key) == '400 c-icap' ]] ||
        { ls -l /run/portreeve; return 1; }
}
units() {
    local words
    words=$(systemd-analyze verify --man=no /lib/systemd/system/portreeve*.{service,timer} 2>&1 | grep -i portreeve)
    [[ -z $words ]] || { echo "$words"; return 1; }
}

# As the README's path for ICT says.
set_up_council() {
    cp -R /usr/share/portreeve/councils/unnamed-council/. "$council/"
    chgrp -R portreeve-ict "$council"
    chmod -R g+rwX,o= "$council"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=portreeve.council.example \
        -addext subjectAltName=DNS:portreeve.council.example -keyout /etc/portreeve/portal-tls.key -out /etc/portreeve/portal.crt 2>/dev/null
    cp /usr/share/portreeve/examples/portreeved.env /etc/portreeve/
    systemctl restart portreeve-keys.service
}
published() {
    systemctl start portreeve-publish.service || { journalctl --no-pager -u portreeve-publish; return 1; }
    [[ $(stat -c '%a %U %G' "$state/policy/current") == '640 portreeve-publish c-icap' ]] || { ls -l "$state/policy"; return 1; }
    within 10 active portreeved.service || return 1
    within 10 test -s "$state/standing/standing" || return 1
    [[ $(stat -c '%G' "$state/standing/standing") == c-icap && -s $state/squid/bump ]] || { ls -l "$state/standing" "$state/squid"; return 1; }
    portreeve status "$state/policy/current" --standing "$state/standing/standing" || (($? == 1))
}
bad_policy() {
    local before
    before=$(sha256sum "$state/policy/current")
    echo 'permit nonsense' >>"$council/council.policy"
    ! systemctl start portreeve-publish.service || { echo 'a broken policy was published'; return 1; }
    [[ $(sha256sum "$state/policy/current") == "$before" && -s $state/policy/current.alarm ]] || return 1
    sed -i '$d' "$council/council.policy"
    systemctl start portreeve-publish.service && [[ ! -e $state/policy/current.alarm ]]
}
# A new hour of the same people is no new policy.
published_once() {
    local lines=$state/policy/current.history before
    printf 'user,id,names,groups,class,sponsor,synced_on\n' >"$council/registers/people.csv"
    systemctl start portreeve-publish.service || { journalctl --no-pager -n 20 -u portreeve-publish; return 1; }
    before=$(wc -l <"$lines")
    systemctl start portreeve-publish.service
    [[ $(wc -l <"$lines") == "$before" ]] || { echo 'the same was published twice'; return 1; }
    rm "$council/registers/people.csv"
    systemctl start portreeve-publish.service
    [[ $(wc -l <"$lines") == $((before + 1)) ]] || { echo 'a change was not published'; return 1; }
}
# There is no directory here: nothing changes, and the alarm stands where the register would, written from inside of the sandbox.
directory() {
    sed -e 's/^kind.*/kind = openldap/; s/^url.*/url = ldap:\/\/127.0.0.1:1\ntls = none/; /^ca-file/d; s/^bind-name.*/bind = anonymous/; /^password-file/d' \
        -e 's/^base.*/base = ou=people,dc=council,dc=example/; s/^designated-officers.*/designated-officers = cn=officers,dc=council,dc=example/' \
        /usr/share/portreeve/examples/directory.conf >/etc/portreeve/directory.conf
    ! systemctl start portreeve-directory.service || { echo 'a directory that is not there was read'; return 1; }
    [[ $(stat -c '%U %G' "$council/registers/.people.csv.alarm") == 'portreeve-publish portreeve-ict' ]] ||
        { journalctl --no-pager -n 20 -u portreeve-directory; ls -la "$council/registers"; return 1; }
    systemctl reset-failed portreeve-directory.service
    rm /etc/portreeve/directory.conf "$council/registers/.people.csv.alarm"
}
# portreeved's sendmail(8), run where portreeved runs: with its user, its capabilities, its system calls and its addresses.
letter() {
    local sink=/etc/systemd/system/portreeved.service.d/letter.conf
    python3 -W ignore - >/root/letter 2>/root/letter.err <<'PY' &
import asyncore, smtpd
class Sink(smtpd.SMTPServer):
    def process_message(self, peer, mailfrom, rcpttos, data, **rest):
        print(mailfrom, rcpttos, data.decode(), flush=True)
Sink(("127.0.0.1", 25), None)
asyncore.loop(timeout=0.2)
PY
    within 10 mail_server_listens || { cat /root/letter.err; return 1; }
    cp /usr/share/portreeve/examples/mail.conf /etc/portreeve/
    mkdir -p "${sink%/*}"
    cat >"$sink" <<'CONF'
[Service]
ExecStartPost=/bin/sh -c 'printf "To: second@council.example\\nSubject: Emergency\\n\\nDeclared.\\n" | /usr/lib/portreeve/send-letter -t -i'
CONF
    systemctl daemon-reload
    systemctl restart portreeved.service || { journalctl --no-pager -n 20 -u portreeved; return 1; }
    rm "$sink"
    rmdir "${sink%/*}"
    systemctl daemon-reload
    kill %1
    [[ $(tr '\n' ' ' </root/letter) == *second@council.example*Declared.* ]] || { cat /root/letter; return 1; }
}
mail_server_listens() { (exec 3<>/dev/tcp/127.0.0.1/25) 2>/dev/null; }
lists() {
    mkdir -p /srv/blacklists/gambling
    echo bets.example >/srv/blacklists/gambling/domains
    tar -C /srv -czf /srv/blacklists.tar.gz blacklists
    sed '/^list/d' /usr/share/portreeve/examples/lists.conf >/etc/portreeve/lists.conf
    printf 'list ut1 file:///srv/blacklists.tar.gz\nhours always\n' >>/etc/portreeve/lists.conf
    systemctl start portreeve-lists.service || { journalctl --no-pager -u portreeve-lists; return 1; }
    [[ $(stat -c '%U %G' "$state/lists/categories") == 'portreeve-publish c-icap' ]] || { ls -l "$state/lists"; return 1; }
}

set_up_gate() {
    sed -i -e 's/^Port .*/Port 127.0.0.1:1344/' -e 's/^MaxKeepAliveRequests .*/MaxKeepAliveRequests -1/' -e '/^AccessLog/d' /etc/c-icap/c-icap.conf
    cp /usr/share/portreeve/examples/c-icap.conf /etc/c-icap/portreeve.conf
    echo 'Include portreeve.conf' >>/etc/c-icap/c-icap.conf
}
gate() {
    systemctl start c-icap.service || { systemctl --no-pager status c-icap.service; journalctl --no-pager -u c-icap; return 1; }
    active c-icap.service && grep -q 'Preview: 4096' <<<"$(c-icap-client -i 127.0.0.1 -p 1344 -s portreeve_req 2>&1)"
}
wrong_line() {
    echo 'portreeve.Policy no/absolute/path' >>/etc/c-icap/portreeve.conf
    ! systemctl restart c-icap.service || { echo 'c-icap counts as started with a line that ends it'; return 1; }
    journalctl --no-pager -u c-icap | grep -q 'does not answer on port 1344' || { journalctl --no-pager -u c-icap; return 1; }
    sed -i '$d' /etc/c-icap/portreeve.conf
    systemctl reset-failed c-icap.service
    systemctl restart c-icap.service && active c-icap.service
}

squid() {
    local authority=/etc/squid/authority.pem
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Council web filter (test)' \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout /root/ca.key -out /root/ca.crt 2>/dev/null
    cat /root/ca.crt /root/ca.key >"$authority"
    chown proxy "$authority"
    chmod 400 "$authority"
    mkdir -p /var/lib/squid
    /usr/lib/squid/security_file_certgen -c -s /var/lib/squid/portreeve-certificates -M 16MB
    chown -R proxy: /var/lib/squid
    printf 'olivia:%s\n' "$(openssl passwd -apr1 secret)" >/etc/squid/passwords
    chown proxy /etc/squid/passwords
    printf 'auth_param basic program /usr/lib/squid/basic_ncsa_auth /etc/squid/passwords\nshutdown_lifetime 1 seconds\nvisible_hostname gate.council.example\n' >/etc/squid/conf.d/a-sign-in.conf
    sed "s|AUTHORITY|$authority|" /usr/share/portreeve/examples/squid.conf >/etc/squid/conf.d/portreeve.conf
    squid_parses=$(/usr/sbin/squid -k parse 2>&1) || { tail -n 20 <<<"$squid_parses"; return 1; }
    if grep -E 'ERROR|FATAL|WARNING' <<<"$squid_parses" | grep -v 'rDNS test failed'; then return 1; fi
    systemctl restart squid.service && within 20 port_is_open
}
port_is_open() { (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; }
# ask URL: through Squid, signed in; the answer's status, and its body in /root/body
ask() {
    curl -q -sS --noproxy '' -x http://olivia:secret@127.0.0.1:8080 --cacert /root/ca.crt --max-time 30 -o /root/body -w '%{http_code}\n' "$1"
}
refused() {
    local status
    # a page of the policy, made by the module, seen under the council's authority; no such site is reached from here
    within 40 asked_and_refused || { status=$(ask https://www.facebook.com/); echo "status $status"; cat /root/body; tail -n 20 /var/log/squid/cache.log; return 1; }
    ! grep -q olivia /root/body
}
asked_and_refused() { [[ $(ask https://www.facebook.com/ 2>/dev/null) == 403 ]] && grep -q 'You cannot use this site' /root/body; }
portal() {
    local status
    status=$(ask https://portreeve.council.example/mine)
    if [[ $status == 200 ]] && grep -q '<strong>olivia</strong>' /root/body; then return; fi
    echo "status $status"
    cat /root/body
    journalctl --no-pager -n 20 -u portreeved
    return 1
}
code() {
    local code
    ask https://www.facebook.com/ >/dev/null
    code=$(grep -oE '\b[0-9A-Z]{4}-[0-9A-Z]{4}(-[0-9A-Z]{4})*\b' /root/body | head -n 1)
    [[ -n $code ]] || { sed 's/<[^>]*>/ /g' /root/body; return 1; }
    within 10 portreeve ref "$code" --artefact "$state/policy/current" --store "$state/store/store"
}
council_closed() {
    useradd -G portreeve-ict iris
    useradd nobody-special
    setpriv --reuid=iris --regid=iris --init-groups -- test -w "$council/registers" || return 1
    ! setpriv --reuid=nobody-special --regid=nobody-special --init-groups -- test -r "$council/council.policy" || return 1
    ! setpriv --reuid=iris --regid=iris --init-groups -- test -r "$state/store/store" || return 1
    ! setpriv --reuid=portreeve --regid=portreeve --init-groups -- test -r /run/portreeve/identity.key
}
roles() {
    portreeve-roles check || return 1
    usermod -aG portreeve-audit iris
    ! portreeve-roles check || return 1
    ! systemctl start portreeve-roles.service || { echo 'the timer says nothing of it'; return 1; }
    gpasswd --delete iris portreeve-audit
    systemctl start portreeve-roles.service
}

files_before() {
    echo '# the local part of the profile, of the council' >>/etc/apparmor.d/local/usr.sbin.portreeved
    (cd / && find etc/portreeve etc/c-icap etc/squid etc/apparmor.d/local -type f -exec sha256sum {} +) >/root/files
    systemctl show --property MainPID c-icap.service portreeved.service >/root/pids
}
upgrade() {
    dpkg -i /root/new/portreeve{,-module,-maps}_*.deb || return 1
    dpkg-query -W portreeve portreeve-module portreeve-maps
    ! dpkg-query -W -f '${Version}\n' portreeve portreeve-module portreeve-maps | grep -q '^0.0.9'
}
files_after() { cd / && sha256sum --quiet -c /root/files; }
after_upgrade() {
    active c-icap.service && within 10 active portreeved.service || return 1
    [[ $(systemctl show --property MainPID c-icap.service portreeved.service) != $(</root/pids) ]] || { echo 'the old ones run on'; return 1; }
    code || return 1
    [[ -z $(systemctl --no-legend --failed) ]] || { systemctl --failed; return 1; }
}
scenarios() { tests/e2e/run --installed --keep /srv/e2e spliced-bank sign-up view-but-not-act upload-is-not-drained; }

removed() {
    apt-get -qq -y remove portreeve-module portreeve portreeve-maps || return 1
    (cd / && sha256sum --quiet -c /root/files) || return 1
    test -s "$state/store/store" || { echo 'the record went with the packages'; return 1; }
    # what is left to do is told; then c-icap serves others as before
    sed -i '/^Include portreeve.conf/d' /etc/c-icap/c-icap.conf
    systemctl reset-failed c-icap.service 2>/dev/null
    systemctl restart c-icap.service && active c-icap.service
}
# What a legal hold keeps is there after a purge, and in use again after an install.
held_purge() {
    dpkg -i /root/new/portreeve{,-module,-maps}_*.deb || return 1
    systemctl stop portreeved.service
    hold "INSERT INTO hold(reference, person, since, until, review, by, at) VALUES('CASE-7', 1, 0, 1, 1, 'ada', 1)"
    apt-get -y purge portreeve-module portreeve portreeve-maps >/root/purge.out 2>&1 || { cat /root/purge.out; return 1; }
    grep -q 'stay: legal hold for CASE-7' /root/purge.out || { cat /root/purge.out; return 1; }
    [[ -s $state/store/store && -s $state/keys/signing.key && -s $state/record/public.key && ! -e $state/policy ]] || { ls -l "$state"; return 1; }
    dpkg -i /root/new/portreeve{,-module,-maps}_*.deb || return 1
    systemctl start portreeve-publish.service && within 10 active portreeved.service || return 1
    systemctl stop portreeved.service
    hold 'DELETE FROM hold'
}
hold() { python3 -c 'import sqlite3, sys; s = sqlite3.connect(sys.argv[1]); s.execute(sys.argv[2]); s.commit()' "$state/store/store" "$1"; }
purged() {
    apt-get -qq -y purge portreeve-module portreeve portreeve-maps || return 1
    (cd / && grep ' etc/portreeve' /root/files | sha256sum --quiet -c) || { echo "the council's own files are gone"; return 1; }
}
# By name, anywhere; but for what people wrote, and the users and groups, which stay locked so that nobody gets their numbers.
nothing_left() {
    local left
    left=$(find / -xdev \( -path /proc -o -path /sys -o -path /root -o -path /srv -o -path /etc/portreeve \) -prune -o -name '*portreeve*' -print |
        grep -vxE '/etc/(squid/conf.d|c-icap)/portreeve.conf|/var/lib/squid/portreeve-certificates|/var/log/squid/portreeve.log')
    [[ -z $left ]] || { echo "$left"; return 1; }
    left=$(find -L /etc/systemd /lib/systemd/system -type l)
    [[ -z $left ]] || { echo "links that lead nowhere: $left"; return 1; }
    left=$(find / -xdev \( -path /proc -o -path /sys -o -path /root -o -path /srv \) -prune -o \( -user portreeve -o -user portreeve-publish \) -print)
    [[ -z $left ]] || { echo "$left"; return 1; }
}
ig_alone() { dpkg -i /root/new/portreeve-ig_*.deb && portreeve help >/dev/null; }
