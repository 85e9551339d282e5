"""What sync-directory asks Active Directory and makes of its answers: a stand-in for ldapsearch that answers as [MS-ADTS] says.
A real one is not at hand. Also LDIF and names in it, by themselves. Run by tests/directory/run."""

import base64
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
SYNC = os.path.join(TOP, "scripts/sync-directory")
sys.path.insert(0, os.path.join(TOP, "scripts/lib/directory"))

import ldif  # noqa: E402
import people  # noqa: E402

BASE = "DC=council,DC=example"
OFFICERS = f"CN=Officers (web)\\, all,OU=Groups,{BASE}"
GUIDS = [uuid.UUID(f"0011223{i}-4455-6677-8899-aabbccddeeff") for i in range(4)]

# Writes down how it was called, and answers by the filter or the base: ANSWERS is [[words, status, text], ...].
STAND_IN = """#!/usr/bin/env python3
import json, os, sys
words = " ".join(sys.argv[1:])
if "-y" in sys.argv:
    with open(sys.argv[sys.argv.index("-y") + 1]) as file:
        words += " PASSWORD=" + file.read()
with open("{folder}/calls", "a") as file:
    file.write(words + "\\n")
for wanted, status, text in json.load(open("{folder}/answers")):
    if wanted in words:
        sys.stdout.write(text)
        sys.exit(status)
sys.exit("no answer to " + words)
"""


def person(name, guid, control="512", *more):
    guid = base64.b64encode(guid.bytes_le).decode()
    return "\n".join([f"dn: CN={name},OU=Staff,{BASE}", f"sAMAccountName: {name}", f"objectGUID:: {guid}",
                      f"userAccountControl: {control}", *more]) + "\n\n"


def dns(*names):
    return "".join(f"dn: CN={name},OU=Staff,{BASE}\n\n" for name in names)


class ActiveDirectory(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="portreeve-ad-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.put("ldapsearch", STAND_IN.format(folder=self.folder))
        os.chmod(self.file("ldapsearch"), 0o755)
        self.put("password", "pass word\n")
        os.chmod(self.file("password"), 0o600)
        self.put("ca", "")
        self.first = []
        self.bind = f"bind-name = CN=portreeve,{BASE}\npassword-file = {self.file('password')}"
        self.root = "dn:\nsupportedCapabilities: 1.2.840.113556.1.4.800\n\n"
        # every domain refers to these: no people are there
        self.zones = "".join(f"# refldap://{zone}council.example/{dn}{BASE}\n\n" for zone, dn in (
            ("ForestDnsZones.", "DC=ForestDnsZones,"), ("DomainDnsZones.", "DC=DomainDnsZones,"), ("", "CN=Configuration,")))
        self.people = (person("A.Jones", GUIDS[0], "512", f"manager: CN=B.Boss,OU=Staff,{BASE}") + person("B.Boss", GUIDS[1]) +
                       person("C.Gone", GUIDS[2], "514") + person("D.Ended", GUIDS[3], "512", "accountExpires: 132223104000000000"))

    def file(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, text):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)

    def sync(self, status=0):
        self.put("conf", f"""[server]
kind = ad
url = ldaps://dc1.council.example
ca-file = {self.file('ca')}
base = {BASE}
{self.bind}
[groups]
officers = {OFFICERS}
[classes]
agency = group CN=Agency,OU=Groups,{BASE}
[output]
file = {self.file('people.csv')}
""")
        answers = self.first + [("-b  ", 0, self.root), (f"-b {OFFICERS}", 0, f"dn: {OFFICERS}\n\n"),
                   ("-b CN=Agency", 0, f"dn: CN=Agency,OU=Groups,{BASE}\n\n"),
                   ("memberOf:1.2.840.113556.1.4.1941:=CN=Officers \\28web\\29\\5c, all,", 0, dns("a.jones", "C.Gone") + self.zones),
                   ("memberOf:1.2.840.113556.1.4.1941:=CN=Agency", 0, dns("A.Jones")),
                   ("objectCategory=person", 0, self.people + self.zones)]
        self.put("answers", json.dumps(answers))
        done = subprocess.run([SYNC, "--ldapsearch", self.file("ldapsearch"), self.file("conf")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, text=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def test_people(self):
        done = self.sync()
        with open(self.file("people.csv"), encoding="utf-8", newline="") as file:
            rows = {row["user"]: row for row in csv.DictReader(file)}
        self.assertEqual(sorted(rows), ["a.jones", "b.boss"])
        jones = rows["a.jones"]
        self.assertEqual((jones["id"], jones["groups"], jones["class"], jones["sponsor"]),
                         (str(GUIDS[0]), "officers", "agency", "b.boss"))
        self.assertIn("left out, disabled: 1", done.stdout)
        self.assertIn("left out, expired: 1", done.stdout)
        with open(self.file("calls"), encoding="utf-8") as file:
            calls = file.read()
        self.assertIn("-E pr=1000/noprompt", calls)
        self.assertIn("PASSWORD=pass word\n", calls)  # whole, without the end of the line
        self.assertNotIn("-ZZ", calls)

    def test_kerberos(self):
        self.bind = "bind = gssapi"
        self.sync()
        with open(self.file("calls"), encoding="utf-8") as file:
            for call in file:
                self.assertIn("-Y GSSAPI -Q", call)
                self.assertNotIn(" -x ", call)

    def test_another_domain(self):
        self.zones += f"# refldap://sub.council.example/DC=sub,{BASE}\n\n"
        self.assertIn("parts of the answer are on other servers", self.sync(3).stderr)

    def test_a_part_of_the_members(self):
        """Without the server's own rule a long list comes in parts, and the first is not all of them."""
        self.root = "dn:\n\n"
        self.first = [("objectClass=groupOfNames", 0, f"dn: {OFFICERS}\nmember;range=0-1499: CN=A.Jones,OU=Staff,{BASE}\n\n")]
        self.assertIn("sends a part only", self.sync(1).stderr)


class Ldif(unittest.TestCase):
    def test_lines(self):
        text = b"dn:: Y249WsO2ZQ==\ndescription:: YQpi\ndes\n cription: one\n  more\ncn;lang-en: x\n\n# refldap://h/b\n"
        entries, referrals = ldif.parse(text)
        self.assertEqual(entries[0].dn, "cn=Zöe")
        self.assertEqual(entries[0].texts("Description"), ["a\nb", "one more"])
        self.assertEqual(entries[0].text("cn"), "x")
        self.assertEqual(referrals, ["ldap://h/b"])
        for wrong in (b"no colon\n", b"dn: a=b\nx:: not base64!\n", b"x: before\n", b"dn: a=b\nx:< file:///etc/passwd\n"):
            with self.subTest(wrong), self.assertRaises(ldif.Unreadable):
                ldif.parse(wrong)

    def test_names(self):
        for one, other in (("CN=a\\,b, OU=X", "cn=a\\2Cb,ou=x"), ("cn=M\\C3\\BCller,dc=x", "CN=MÜLLER,DC=X"),
                           ("cn=a+sn=b,dc=x", "SN=b + CN=a,dc=x"), ("cn=\\\"q\\\",dc=x", "cn=\\22q\\22,dc=x")):
            with self.subTest(one):
                self.assertEqual(ldif.key_of(one), ldif.key_of(other))
        self.assertNotEqual(ldif.key_of("cn=a\\,ou=x,dc=y"), ldif.key_of("cn=a,ou=x,dc=y"))
        with self.assertRaises(ldif.Unreadable):
            ldif.key_of("no name")
        self.assertEqual(ldif.filter_text("a(b)*\\"), "a\\28b\\29\\2a\\5c")

    def test_usable_names(self):
        for name in ("a.jones", "jürgen.müller", "o'neil", "host$", "e5"):
            with self.subTest(name):
                self.assertTrue(people.usable(name))
        for name in ("", "a b", "a,b", "a\nb", "=1+1", "a@b", "d\\a", "10.0.0.1", "2001:db8::1", "'a", "#n/a", "1e5", "02-jan",
                     "o\u2019neil", "a\u200bb", "x" * 300):
            with self.subTest(name):
                self.assertFalse(people.usable(name))


def main():
    program = unittest.main(module="__main__", exit=False)
    result = program.result
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"{max(0, result.testsRun - failed - len(result.skipped))} passed, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
