"""Enrolment from code to register with the real c-icap: nothing but a digest is ever written. Run by test_module.py."""

import hashlib
import os
import re
import shutil
import subprocess
import unittest

from server import HERE, TOOL, Folder, Server, until

ID = "100000000077777"  # of somebody's profile: it must be nowhere
BOB = ["X-Client-IP: 10.1.2.4", "X-Client-Username: DOM\\bob", "X-Groups: all-staff"]
ALICE = ["X-Client-IP: 10.1.2.3", "X-Client-Username: alice", "X-Groups: all-staff"]
COOKIE = f"Cookie: datr=x; c_user={ID}; xs=1"
X_MAP = """platform x "X"
class social
version 2026-11-21
host main x.com .x.com
activity view method GET path /**
account {account} path /{account}
identity cookie c_user
"""
RULE = """
permit run-the-page
    account registered
    activity view
    identity registered
    because "You run this page."
    cite "5a"
"""


def get(path, *headers, host="www.facebook.com"):
    return [f"GET https://{host}{path} HTTP/1.1", f"Host: {host}", *headers]


class Enrolment(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        os.unlink(self.folder.file("key"))
        self.tool("key", "create", self.folder.file("key"))
        self.council = self.folder.file("town")
        shutil.copytree(os.path.join(HERE, "maps"), self.folder.file("maps"))
        os.makedirs(os.path.join(self.council, "registers"))
        with open(os.path.join(HERE, "council.policy"), encoding="utf-8") as f:
            policy = f.read()
        for word, value in (("VERSION", "1"), ("RECORD", "counts"), ("MALFORMED", "refuse")):
            policy = policy.replace(word, value)
        self.put("town/council.policy", policy + RULE)
        self.put("town/registers/accounts.csv",
                 "platform,account\nfacebook,HavantBorough\nfacebook,HavantParks\nx,HavantBorough\n")
        self.put("maps/platforms/x.map", X_MAP)
        self.put("maps/pages/enrolled.page", 'status 200\ntitle "Web access"\nh1 "You are enrolled"\np "Wait."\n')
        with open(self.folder.file("maps/platforms/facebook.map"), "a", encoding="utf-8") as f:
            f.write("identity cookie c_user\n")
        self.compile()

    def put(self, name, text):
        with open(self.folder.file(name), "w", encoding="utf-8") as f:
            f.write(text)

    def tool(self, *words, status=0):
        done = subprocess.run([TOOL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        return done.stdout.decode() + done.stderr.decode()

    def compile(self, *more):
        self.tool("compile", "--no-tests", "--maps", self.folder.file("maps"), "-o", self.folder.file("policy"), *more,
                  self.council)

    def start(self, key="key"):
        s = Server(self.folder, [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}",
                                 f"IdentityKey {self.folder.file(key)}", f"Enrolments {self.folder.file('inbox')}"])
        self.addCleanup(s.stop)
        return s

    def code(self, *more, user="bob", account="HavantBorough", key="key"):
        out = self.tool("accounts", "enrol", "--artefact", self.folder.file("policy"), "--key", self.folder.file(key),
                        "--user", user, "--platform", "facebook", "--account", account, *more)
        self.assertIn("https://www.facebook.com/?portreeve-enrol=ptrv-".replace("www.", ""), out.replace("www.", ""))
        return re.search("ptrv-[0-9a-f]{44}", out).group()

    def lines(self):
        return self.folder.text("inbox").splitlines()

    def numbers(self, s):
        with s.connect(service="info?view=text&table=*") as c:
            text = c.reqmod(get("/", host="x.example")).body.decode(errors="replace")
        return {key: int(n) for key, n in re.findall(r"portreeve ([a-z -]+?)\s*:\s*(\d+)", text)}

    def counts(self, s, key, n):
        until(lambda: self.numbers(s).get(key) == n, f"{key}: {n}")

    def test_what_is_no_good_shows_nothing(self):
        s = self.start()
        good = self.code("--own")
        forged = good[:-1] + ("0" if good[-1] != "0" else "1")
        self.tool("key", "create", self.folder.file("key2"))
        rows = [
            (get(f"/?portreeve-enrol={forged}", COOKIE), BOB),
            (get(f"/?portreeve-enrol={good[:5]}{'0' * 44}", COOKIE), BOB),
            (get(f"/?portreeve-enrol={self.code('--own', '--at', '2026-01-01T10:00:00Z')}", COOKIE), BOB),
            (get(f"/?portreeve-enrol={self.code('--own', key='key2')}", COOKIE), BOB),
            (get(f"/?portreeve-enrol={good}", COOKIE), ALICE),
            (get(f"/?portreeve-enrol={good}", COOKIE), ["X-Client-IP: 10.1.2.4"]),
            (get(f"/?portreeve-enrol={good}", COOKIE, host="x.com"), BOB),
            (get(f"/?portreeve-enrol={good}"), BOB),
        ]
        taken = 0
        for request, who in rows:
            a = s.ask(request, who)
            self.assertEqual((a.is_response, a.http_status), (True, 403), (request, who))
            self.assertNotIn(b"enrolled", a.body)
            taken += "0" * 44 not in request[0]  # that has not the form of a code of this version
        self.assertEqual(self.lines(), [])
        self.counts(s, "enrolment codes not taken", taken)
        a = s.ask(get(f"/?portreeve-enrol={good}", COOKIE, host="www.example.com"), BOB)
        self.assertEqual(a.status, 204)  # no platform: nothing of ours
        self.assertEqual(self.lines(), [])

    def test_from_code_to_register(self):
        s = self.start()
        page = get("/HavantBorough", COOKIE)
        self.assertEqual(s.ask(page, BOB).http_status, 403)
        code = self.code("--own")
        a = s.ask(get(f"/search/top?q={code}&type=x", COOKIE), BOB)
        self.assertEqual((a.is_response, a.http_status), (True, 200))
        self.assertIn(b"You are enrolled", a.body)
        self.assertEqual(a.header("Cache-Control"), "no-store")
        with open(self.folder.file("key"), "rb") as f:
            digest = hashlib.blake2b(b"facebook\0" + ID.encode(), digest_size=16, key=f.read()).hexdigest()
        self.assertEqual(os.stat(self.folder.file("inbox")).st_mode & 0o137, 0)
        self.assertRegex(self.lines()[0], rf"^1\t20[0-9TZ:-]{{18}}\tfacebook\tHavantBorough\town\tbob\td-{digest}\tk-[0-9a-f]{{8}}$")
        s.ask(get(f"/?portreeve-enrol={code}", COOKIE), BOB)  # again: the same sign-in
        self.counts(s, "sign-ins enrolled", 2)
        self.assertEqual(self.tool("accounts", "pending", self.folder.file("inbox")).count("d-" + digest), 1)
        self.assertEqual(s.ask(page, BOB).http_status, 403)  # not confirmed yet

        register = os.path.join(self.council, "registers", "identities.csv")
        confirm = ["--register", register, "--inbox", self.folder.file("inbox"), "d-" + digest]
        self.assertIn("cannot confirm", self.tool("accounts", "confirm", "--by", "DOM\\Bob", *confirm, status=1))
        self.assertFalse(os.path.exists(register))
        self.tool("accounts", "confirm", "--by", "c.owner", *confirm)
        self.compile("--identity-key", self.folder.file("key"))
        until(lambda: s.ask(page, BOB).status == 204, "the confirmed sign-in opens the page")
        self.assertEqual(s.ask(page, ALICE).http_status, 403)
        self.assertEqual(s.ask(get("/HavantParks", COOKIE), BOB).http_status, 403)
        self.assertEqual(s.ask(get("/HavantBorough", "Cookie: c_user=1"), BOB).http_status, 403)
        s.stop()
        self.nowhere(ID)
        self.nowhere(code)

    def nowhere(self, what):
        """In nothing that was written: spool, logs, inbox, register, artefact."""
        looked = 0
        for folder, _, names in os.walk(self.folder.path):
            for name in names:
                if not os.path.isfile(os.path.join(folder, name)):  # c-icap's command pipe
                    continue
                with open(os.path.join(folder, name), "rb") as f:
                    self.assertNotIn(what.encode(), f.read(), name)
                looked += 1
        self.assertGreater(looked, 10)

    def test_another_key_is_told(self):
        line = "facebook,HavantBorough,own,bob,d-" + "0" * 32 + ",k-12345678,2026-01-02,c.owner,2026-01-03\n"
        self.put("town/registers/identities.csv",
                 "platform,account,profile,user,digest,key,enrolled_on,confirmed_by,confirmed_on\n" + line)
        self.compile()
        out = self.tool("compile", "--no-tests", "--maps", self.folder.file("maps"), "-o", self.folder.file("policy"),
                        "--identity-key", self.folder.file("key"), self.council, status=2)
        self.assertIn("made with another key", out)
        s = self.start()
        self.assertEqual(s.ask(get("/HavantBorough", COOKIE), BOB).http_status, 403)
        self.assertEqual(s.ask(get("/HavantBorough", COOKIE), BOB).http_status, 403)
        self.counts(s, "sign-ins not told for want of the identity key", 2)
        until(lambda: "made with k-12345678" in self.folder.text("server.log") + self.folder.text("output"), "the log says it")
        log = self.folder.text("server.log")
        self.assertLessEqual(log.count("made with k-12345678"), 1)

    def test_without_a_key_and_with_a_full_disk(self):
        s = self.start(key="missing")
        good = self.code("--own")
        self.assertEqual(s.ask(get(f"/?portreeve-enrol={good}", COOKIE), BOB).http_status, 403)
        self.counts(s, "enrolment codes not taken", 1)
        s.stop()
        os.mkdir(self.folder.file("inbox"))
        s = self.start()
        self.assertEqual(s.ask(get(f"/?portreeve-enrol={good}", COOKIE), BOB).http_status, 403)
        self.counts(s, "enrolments that could not be written", 1)
