"""A slapd of the test's own: in a folder of its own, on free ports of loopback, stopped by its pid. From the command line
(slapd.py FOLDER LDIF) it is made ready in FOLDER, with its ports in FOLDER/ports and its command in FOLDER/command."""

import base64
import os
import socket
import subprocess
import sys
import time

SUFFIX = "dc=council,dc=example"
ADMIN = f"cn=admin,{SUFFIX}"
PASSWORD = "secret of the admin"

CONF = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.3.6.1.4.1.4203.666.1.901 NAME 'nsAccountLock' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.3.901 NAME 'lockable' AUXILIARY MAY nsAccountLock )
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.crt
TLSCertificateFile {folder}/server.crt
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "{suffix}"
rootdn "{admin}"
rootpw "{password}"
directory {folder}/db
maxsize 134217728
limits dn.exact="cn=reader,{suffix}" size=500 size.pr=1000 size.prtotal=unlimited
limits dn.exact="cn=blind,{suffix}" size=500 size.pr=1000 size.prtotal=unlimited
limits dn.exact="cn=short,{suffix}" size=100 size.prtotal=100
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=groups,{suffix}" by dn.exact="cn=blind,{suffix}" none by users read by anonymous read
access to attrs=entryUUID by dn.exact="cn=noid,{suffix}" none by users read by anonymous read
access to * by users read by anonymous read
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def value(name, text):
    """One line of LDIF, in base64 where RFC 2849 wants it."""
    raw = text.encode()
    if raw and all(0x20 <= c < 0x7F for c in raw) and raw[:1] not in b" :<" and raw[-1:] != b" ":
        return f"{name}: {text}\n"
    return f"{name}:: {base64.b64encode(raw).decode()}\n"


def entry(dn, **values):
    out = value("dn", dn)
    for name, all_of_it in values.items():
        for one in [all_of_it] if isinstance(all_of_it, str) else all_of_it:
            out += value(name, one)
    return out + "\n"


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(folder):
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for ca in ("ca", "other-ca"):
        openssl(folder, "req", "-x509", *key, "-days", "3", "-subj", f"/CN={ca}", "-addext",
                "basicConstraints=critical,CA:TRUE", "-keyout", f"{ca}.key", "-out", f"{ca}.crt")
    with open(os.path.join(folder, "ext"), "w", encoding="ascii") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl(folder, "req", "-new", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3",
            "-extfile", "ext", "-out", "server.crt")


def prepare(folder, ldif):
    """Configuration, certificates, data; the command that starts it."""
    os.makedirs(os.path.join(folder, "db"), exist_ok=True)
    certificates(folder)
    conf = os.path.join(folder, "slapd.conf")
    with open(conf, "w", encoding="utf-8") as file:
        file.write(CONF.format(folder=folder, suffix=SUFFIX, admin=ADMIN, password=PASSWORD))
    added = subprocess.run(["slapadd", "-q", "-f", conf], input=ldif.encode(), check=False, stderr=subprocess.PIPE)
    if added.returncode != 0:
        raise AssertionError(f"slapadd: {added.stderr.decode()}")
    ports = free_port(), free_port()
    with open(os.path.join(folder, "ports"), "w", encoding="ascii") as file:
        file.write(f"{ports[0]} {ports[1]}\n")
    return ports, ["slapd", "-h", f"ldap://127.0.0.1:{ports[0]} ldaps://127.0.0.1:{ports[1]}", "-f", conf, "-d", "0"]


class Slapd:
    def __init__(self, folder, ldif):
        self.folder = folder
        (self.port, self.tls_port), self.command = prepare(folder, ldif)
        self.process = None
        self.start()

    def start(self):
        with open(os.path.join(self.folder, "slapd.out"), "ab") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while True:
            if self.process.poll() is not None or time.monotonic() > end:
                with open(os.path.join(self.folder, "slapd.out"), encoding="utf-8", errors="replace") as out:
                    raise AssertionError(f"slapd did not start: {out.read()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                continue

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def modify(self, ldif):
        subprocess.run(["ldapmodify", "-x", "-H", f"ldap://127.0.0.1:{self.port}", "-D", ADMIN, "-w", PASSWORD],
                       input=ldif.encode(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as given:
        print(*prepare(os.path.abspath(sys.argv[1]), given.read())[1], sep="\n")
