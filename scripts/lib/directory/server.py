"""The directory, asked by ldapsearch: its client is Debian's, with TLS, SASL, paging and time limits of its own."""

import os
import socket
import ssl
import subprocess
import tempfile
import urllib.parse

import ldif

PAGE = 1000
CONNECT_SECONDS = 10
NESTED = "1.2.840.113556.1.4.1941"  # LDAP_MATCHING_RULE_IN_CHAIN ([MS-ADTS] 3.1.1.3.4.4.3)
HAS_NESTED = ("1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1851")  # supportedCapabilities of AD and AD LDS
STARTTLS = bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"  # RFC 4511 4.14.1

# What ldapsearch ends with, of which more can be said than the server's own words (RFC 4511 appendix A).
MEANING = {
    3: "the server's time limit was reached, so that the answer is not whole: ask for a higher one for this sign-in",
    4: "the server's size limit was reached, so that the answer is not whole: give this sign-in a higher one, or pages",
    10: "the server refers to another server: name that one as url, or another base",
    11: "the server's administrative limit was reached, so that the answer is not whole",
    12: "the server does not know how to answer in pages",
    32: "there is no such object: is the base right?",
    49: "the server does not take the name and password: is bind-name a DN that it knows, and password-file up to date?",
    50: "this sign-in may not read there",
}
# Every domain of Active Directory refers to these three, where no people are.
NO_PEOPLE = ("/dc=forestdnszones,", "/dc=domaindnszones,", "/cn=configuration,")


class Unanswered(Exception):
    """The directory could not be read, or not as a whole."""


class Server:
    def __init__(self, settings, program="ldapsearch"):
        self.settings = settings
        self.program = program
        self.url = None
        self.nested = False

    def open(self):
        """Takes the first server that answers."""
        problems = []
        for url in self.settings["url"]:
            self.url = url
            try:
                root = self.search("", "base", "(objectClass=*)", ["supportedCapabilities"])
            except Unanswered as problem:
                problems.append(str(problem))
                continue
            self.nested = any(value in HAS_NESTED for entry in root for value in entry.texts("supportedCapabilities"))
            return
        raise Unanswered("; ".join(problems))

    def command(self, base, scope, wanted, attributes):
        s = self.settings
        command = [self.program, "-LLL", "-o", "ldif-wrap=no", "-o", f"nettimeout={CONNECT_SECONDS}", "-H", self.url,
                   "-l", str(s["timeout"]), "-s", scope, "-b", base]
        if scope == "sub":
            command += ["-E", f"pr={PAGE}/noprompt"]
        if self.url.startswith("ldap://") and s["tls"] == "required":
            command.append("-ZZ")
        if s["bind"] == "gssapi":
            command += ["-Y", "GSSAPI", "-Q"]
        else:
            command.append("-x")
        if s["bind"] == "simple":
            command += ["-D", s["bind-name"]]
        return command, [wanted, *attributes]

    def environment(self):
        """The system's own settings must not turn the check of certificates off."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("LDAP")}
        env.update(LC_ALL="C.UTF-8", LDAPTLS_REQCERT="demand", LDAPTLS_REQSAN="demand")
        if self.settings["ca-file"]:
            env["LDAPTLS_CACERT"] = os.path.abspath(self.settings["ca-file"])
        return env

    def search(self, base, scope, wanted, attributes):
        """The entries; Unanswered when it is not all of them."""
        command, rest = self.command(base, scope, wanted, attributes)
        read_end, pass_fds = None, ()
        if self.settings["bind"] == "simple":  # -y takes the end of the line for a part of the password
            with open(self.settings["password-file"], "rb") as file:
                password = file.read().rstrip(b"\r\n")
            if not password:
                raise Unanswered("the password file is empty; an empty password would be a sign-in as nobody")
            read_end, write_end = os.pipe()
            os.write(write_end, password[:4096])
            os.close(write_end)
            command += ["-y", f"/dev/fd/{read_end}"]
            pass_fds = (read_end,)
        try:
            done = self.run(command + rest, pass_fds)
        finally:
            if read_end is not None:
                os.close(read_end)
        return self.believe(done)

    def run(self, command, pass_fds):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            try:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=self.environment(),
                                      pass_fds=pass_fds, timeout=self.settings["timeout"], check=False)
            except FileNotFoundError as error:
                raise Unanswered(f"{self.program} is not installed (Debian's ldap-utils)") from error
            except subprocess.TimeoutExpired as error:
                raise Unanswered(f"{self.url}: no whole answer within {self.settings['timeout']} seconds") from error
            out.seek(0)
            err.seek(0)
            return done.returncode, out.read(), err.read().decode("utf-8", "replace")

    def believe(self, done):
        status, out, words = done
        if status != 0:
            raise Unanswered(f"{self.url}: {self.why(status, words)}")
        try:
            entries, referrals = ldif.parse(out)
        except ldif.Unreadable as error:
            raise Unanswered(f"{self.url}: the answer cannot be read: {error}") from error
        others = [r for r in referrals if not any(part in urllib.parse.unquote(r).lower() for part in NO_PEOPLE)]
        if others and self.settings["referrals"] == "refuse":
            raise Unanswered(f"{self.url}: parts of the answer are on other servers ({others[0]}): name the base where the "
                             "people are, or say 'referrals = ignore' where nobody is there")
        return entries

    def why(self, status, words):
        words = " ".join(words.split())
        if status in MEANING:
            return f"{MEANING[status]} ({words or status})"
        found = diagnose(self.url, self.settings) if status in (1, 255) else ""
        return found or f"ldapsearch ended with {status}: {words or 'no word'}"


def diagnose(url, settings):
    """ldapsearch says 'unknown error' of a certificate that is not trusted: looks what is the matter. '' when nothing is."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "ldapi":
        return ""
    port = parts.port or (636 if parts.scheme == "ldaps" else 389)
    try:
        with socket.create_connection((parts.hostname, port), CONNECT_SECONDS) as plain:
            if settings["tls"] == "none":
                return ""
            context = ssl.create_default_context(cafile=settings["ca-file"])
            if parts.scheme == "ldap":
                plain.sendall(STARTTLS)
                if b"\x0a\x01\x00" not in plain.recv(4096):
                    return "the server does not offer STARTTLS: take ldaps://, or have TLS set up there"
            with context.wrap_socket(plain, server_hostname=parts.hostname):
                return ""
    except ssl.SSLCertVerificationError as error:
        return f"the server's certificate is not trusted: {error.verify_message}. Is ca-file the authority that signed it?"
    except ssl.SSLError as error:
        return f"TLS fails: {error.reason or error}"
    except TimeoutError:
        return f"nothing answers at {parts.hostname}, port {port}, within {CONNECT_SECONDS} seconds"
    except OSError as error:
        return f"cannot be reached at {parts.hostname}, port {port}: {error.strerror or error}"
