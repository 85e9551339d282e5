#!/usr/bin/env python3
"""srv_portreeve.so in a real c-icap on loopback. Needs SRV_PORTREEVE and PORTREEVE (see server.py)."""

import base64
import hashlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import server  # noqa: E402
from server import Folder, Server, until  # noqa: E402
from test_enrol import Enrolment  # noqa: E402,F401

ALICE = ["X-Client-IP: 10.1.2.3", "X-Client-Username: alice", "X-Groups: comms"]
BOB = ["X-Client-IP: 10.1.2.4", "X-Client-Username: bob", "X-Groups: all-staff"]
FACEBOOK = "https://www.facebook.com/HavantBorough?ref=1"


def get(url, *headers, method="GET"):
    host = re.match(r"[a-z]+://([^/]*)", url).group(1)
    return [f"{method} {url} HTTP/1.1", f"Host: {host}", *headers]


def connect(host, *headers):
    return [f"CONNECT {host}:443 HTTP/1.1", f"Host: {host}:443", *headers]


def post(size=None, operation="CometUFIFeedbackReactMutation"):
    body = f"fb_api_req_friendly_name={operation}&variables=".encode()
    if size:
        body += b"x" * (size - len(body))
    return [*get("https://www.facebook.com/api/graphql/", method="POST"),
            "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"], body


class Case(unittest.TestCase):
    directives = ()
    record = "counts"

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)

    def start(self, *directives, compiled=True, **more):
        if compiled:
            self.folder.compile(record=self.record)
        s = Server(self.folder, [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}",
                                 *directives], **more)
        self.addCleanup(s.stop)
        return s

    def refused(self, answer, status=403):
        self.assertTrue(answer.is_response, answer.http)
        self.assertEqual(answer.http_status, status)

    def code(self, answer):
        """The reference code on a page."""
        self.refused(answer)
        return re.search(rb"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", answer.body).group().decode()

    def marked(self, answer, n):
        """The same CONNECT with n marks."""
        self.assertEqual(answer.status, 200)
        self.assertFalse(answer.is_response, answer.http)
        self.assertEqual(answer.all("X-Portreeve-Bump"), ["yes"] * n)
        self.assertRegex(answer.line, "^CONNECT ")


class Shared(Case):
    """One server for all tests of the class: most ask one thing."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.folder.compile(record=cls.record)
        cls.server = Server(cls.folder, [f"Policy {cls.folder.file('policy')}", f"Spool {cls.folder.file('spool')}",
                                         *cls.directives])
        cls.ask = cls.server.ask

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.remove()

    def setUp(self):
        pass


class Offers(Shared):
    def test_options(self):
        with self.server.connect() as c:
            a = c.options()
        self.assertEqual(a.status, 200)
        self.assertIn("REQMOD", a.headers["methods"])
        self.assertEqual(a.headers["preview"], "4096")
        self.assertIn("204", a.headers["allow"])
        self.assertIn("206", a.headers["allow"])
        self.assertNotIn("transfer-ignore", a.headers)  # Squid would pass such addresses by (proxy facts 2f)
        with open(self.folder.file("policy"), "rb") as f:
            digest = f.read()[24:32].hex()
        self.assertIn(digest, a.headers["istag"])

    def test_the_service_has_one_name_and_an_alias(self):
        with self.server.connect(service="portreeve_req") as c:
            self.assertEqual(c.options().status, 200)


class Tunnels(Shared):
    def test_a_platform_is_opened(self):
        self.marked(self.ask(connect("www.facebook.com"), BOB), 1)

    def test_others_go_through_unchanged(self):
        for host in ("www.example.com", "online.bank.example", "intranet.council.example", "192.0.2.1"):
            self.assertEqual(self.ask(connect(host), BOB).status, 204, host)

    def test_a_forged_mark_is_taken_off(self):
        for forged in ("X-Portreeve-Bump: yes", "x-portreeve-bump: yes", "X-PORTREEVE-BUMP:yes"):
            self.marked(self.ask(connect("online.bank.example", forged), BOB), 0)
            self.marked(self.ask(connect("online.bank.example", forged, "Accept: x", forged), BOB), 0)
            self.marked(self.ask(connect("www.facebook.com", forged, forged), BOB), 1)

    def test_only_our_headers_are_taken_off(self):
        a = self.ask(connect("online.bank.example", "A: 1", "X-Portreeve-Bump: no", "X-Portreeves: 2"), BOB)
        self.assertEqual((a.header("A"), a.header("X-Portreeves")), ("1", "2"))
        self.assertEqual(a.header("Host"), "online.bank.example:443")

    def test_a_mark_in_hiding_is_refused(self):
        for hidden in ("X-Portreeve-Bump : yes", "X-Portreeve-Bump\t: yes", " X-Portreeve-Bump: yes"):
            a = self.ask(connect("online.bank.example", "A: 1", hidden), BOB)
            if a.status == 204 or not a.is_response:  # folded into the header before it: then it is no header
                self.assertEqual(hidden[0], " ")
            else:
                self.refused(a)

    def test_a_connect_with_a_body_is_refused(self):
        for host in ("www.facebook.com", "online.bank.example"):
            self.refused(self.ask(connect(host, "X-Portreeve-Bump: yes"), BOB, body=b"hello", preview=1024,
                                  allow="204, 206"))

    def test_a_server_name_that_comes_second(self):
        """CONNECT by address, spliced: the name is told on the second question, when it is too late to open."""
        self.assertEqual(self.ask(connect("192.0.2.1"), BOB).status, 204)
        self.assertEqual(self.ask(connect("192.0.2.1"), [*BOB, "X-Sni: -"]).status, 204)
        a = self.ask(connect("192.0.2.1"), [*BOB, "X-Sni: www.facebook.com"])
        self.refused(a)
        self.assertEqual((a.header("Content-Length"), a.body), ("0", b""))

    def test_bytes_that_are_no_tls(self):
        self.refused(self.ask(b"NONE www.facebook.com:443 HTTP/1.1\r\n\r\n"))
        self.assertEqual(self.ask(b"NONE www.example.com:443 HTTP/1.1\r\n\r\n").status, 204)


class Answers(Shared):
    def test_a_page(self):
        a = self.ask(get(FACEBOOK, "Accept: text/html"), BOB)
        self.refused(a)
        self.assertEqual(a.header("Content-Type"), "text/html; charset=utf-8")
        self.assertEqual(int(a.header("Content-Length")), len(a.body))
        self.assertEqual(a.header("Cache-Control"), "no-store")
        self.assertEqual(a.header("Referrer-Policy"), "no-referrer")
        self.assertEqual(a.header("X-Content-Type-Options"), "nosniff")
        self.assertIsNone(a.header("Retry-After"))
        self.assertEqual(a.headers["x-attribute"], "facebook/default")
        self.code(a)
        style = re.search(r"<style>(.*?)</style>", a.body.decode(), re.S).group(1)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertIn(f"'sha256-{digest}'", a.header("Content-Security-Policy"))
        self.assertNotIn("unsafe", a.header("Content-Security-Policy"))

    def test_codes_differ(self):
        pages = {self.ask(get(FACEBOOK), BOB).body for _ in range(20)}
        self.assertEqual(len(pages), 20)

    def test_the_form_fits_the_request(self):
        rows = {"Sec-Fetch-Dest: empty": "application/problem+json", "Sec-Fetch-Dest: image": "image/svg+xml",
                "Sec-Fetch-Dest: script": None, "Sec-Fetch-Dest: iframe": "text/html; charset=utf-8"}
        for header, media_type in rows.items():
            a = self.ask(get(FACEBOOK, header), BOB)
            self.refused(a)
            self.assertEqual(a.header("Content-Type"), media_type, header)
            self.assertEqual(int(a.header("Content-Length")), len(a.body))
            self.assertIsNone(a.header("Access-Control-Allow-Origin"))

    def test_head_has_no_body(self):
        a = self.ask(get(FACEBOOK, method="HEAD"), BOB)
        self.refused(a)
        self.assertEqual(a.body, b"")
        self.assertGreater(int(a.header("Content-Length")), 100)

    def test_allowed_is_unchanged(self):
        for http in (get(FACEBOOK), get("https://www.example.com/"), get("http://www.example.com/a?b=c")):
            a = self.ask(http, ALICE)
            self.assertEqual((a.status, a.http), (204, ""))

    def test_plain_http(self):
        self.refused(self.ask(get("http://www.facebook.com/a"), BOB))

    def test_many_questions_on_one_connection(self):
        with self.server.connect() as c:
            for _ in range(200):
                self.refused(c.reqmod(get(FACEBOOK), BOB))
                self.assertEqual(c.reqmod(get(FACEBOOK), ALICE).status, 204)
                self.marked(c.reqmod(connect("www.facebook.com"), BOB), 1)


class People(Shared):
    def test_groups(self):
        for value, allowed in (("comms", True), ("all-staff, comms", True), (" comms ,x", True), ("x", False),
                               ("-", False), ("", False), ("communications", False), (",,", False),
                               (",".join(f"g{i}" for i in range(255)) + ",comms", True),
                               ("comms," + ",".join(f"g{i}" for i in range(256)), False)):
            a = self.ask(get(FACEBOOK), ["X-Client-Username: alice", f"X-Groups: {value}"])
            self.assertEqual(a.status == 204, allowed, value[:80])
        self.refused(self.ask(get(FACEBOOK), ["X-Client-Username: alice"]))

    def test_a_host_only_rule_says_no_to_opening(self):
        """Whatever the client says of it; elsewhere the same tunnel is opened."""
        own = ["X-Client-IP: 10.9.1.1", "X-Client-Username: bob", "X-Groups: all-staff"]
        for headers in ([], ["X-Portreeve-Bump: yes"]):
            a = self.ask(connect("www.youtube.com", *headers), own)
            self.assertEqual(a.all("X-Portreeve-Bump"), ["no"])
        self.marked(self.ask(connect("www.youtube.com"), BOB), 1)

    def test_a_client_cannot_speak_for_the_proxy(self):
        """The same names inside the HTTP request: they are the client's words."""
        self.refused(self.ask(get(FACEBOOK, *ALICE), BOB))
        self.refused(self.ask(get(FACEBOOK, *ALICE), ["X-Client-IP: 10.1.2.4"]))
        self.refused(self.ask(connect("192.0.2.1", "X-Sni: www.example.com"), [*BOB, "X-Sni: www.facebook.com"]))

    def test_the_first_of_two_counts(self):
        self.refused(self.ask(get(FACEBOOK), [*BOB, "X-Groups: comms"]))


class Encoded(Shared):
    record = "pseudonym"

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.folder.compile(record=cls.record)
        cls.server = Server(cls.folder, [f"Policy {cls.folder.file('policy')}", f"Spool {cls.folder.file('spool')}",
                                         f"PseudonymKey {cls.folder.file('key')}", "UserEncoding base64",
                                         "UserHeader X-Authenticated-User", "GroupsHeader X-Teams"])
        cls.ask = cls.server.ask

    def pseudonym(self, user):
        code = self.code(self.ask(get(FACEBOOK), [f"X-Authenticated-User: {user}"]))
        return until(lambda: [e for e in self.folder.events() if e["code"] == code], "its event")[0]["pseudonym"]

    def test_base64(self):
        right = hashlib.blake2b(b"alice", digest_size=16, key=self.folder.key, person=b"portreeve-user").hexdigest()
        for name in (b"alice", b"ALICE", b"COUNCIL\\alice", b"alice@council.example"):
            self.assertEqual(self.pseudonym(base64.b64encode(name).decode()), right, name)
        self.assertNotEqual(self.pseudonym(base64.b64encode(b"bob").decode()), right)

    def test_wrong_base64_is_nobody(self):
        for wrong in ("alice", "YWxpY2U", "YWxpY2U==", "YWxp Y2U=", "YWxpY2V=", "YWxpY2U=YWxp", "=", "====", "-", "",
                      "YWxpAGFs", "Y" * 1000):
            self.assertIsNone(self.pseudonym(wrong), wrong[:20])

    def test_other_header_names(self):
        self.assertEqual(self.ask(get(FACEBOOK), ["X-Teams: comms"]).status, 204)
        self.refused(self.ask(get(FACEBOOK), ["X-Groups: comms"]))


class Uploads(Shared):
    def refuse(self, size, **more):
        http, body = post(size)
        with self.server.connect() as c:
            first = c.reqmod(http, ALICE, body=body, **more)
            self.refused(first)
            self.assertEqual(first.headers["x-attribute"], "facebook/no-reactions")
            self.assertIn(b"</html>", first.body)
            self.assertIsNone(first.original)
            self.refused(c.reqmod(get(FACEBOOK), BOB))  # the connection is still in step
            self.assertEqual(c.reqmod(get(FACEBOOK), ALICE).status, 204)
        return first

    def test_a_body_that_is_all_in_the_preview(self):
        a = self.refuse(None, preview=1024, allow="204, 206")
        self.assertEqual((a.status, a.continued), (200, False))

    def test_206_takes_no_upload(self):
        for size in (5000, 3_000_000):
            a = self.refuse(size, preview=1024, allow="206")
            self.assertEqual((a.status, a.continued), (206, False))

    def test_without_206_the_upload_is_drained(self):
        a = self.refuse(3_000_000, preview=1024, allow="204")
        self.assertEqual((a.status, a.continued), (200, True))

    def test_without_a_preview(self):
        self.assertIn(self.refuse_unseen("204, 206").status, (200, 206))
        self.assertIn(self.refuse_unseen("").status, (200,))

    def refuse_unseen(self, allow):
        """No body is at hand: the act cannot be told, and the default refuses."""
        http, body = post(20000)
        with self.server.connect() as c:
            a = c.reqmod(http, ALICE, body=body, preview=None, allow=allow)
            self.refused(a)
            self.assertEqual(c.reqmod(get(FACEBOOK), ALICE).status, 204)
        return a

    def test_the_preview_tells_the_act(self):
        a = self.ask(*post(None, "ComposerStoryCreateMutation")[:1], ALICE, body=post(None, "Composer")[1], preview=1024)
        self.refused(a)
        self.assertEqual(a.headers["x-attribute"], "facebook/default")

    def test_an_allowed_upload_is_not_touched(self):
        body = b"x" * 300_000
        http = [*get("https://www.example.com/up", method="POST"), f"Content-Length: {len(body)}"]
        with self.server.connect() as c:
            for allow in ("204, 206", "206"):
                a = c.reqmod(http, ALICE, body=body, preview=1024, allow=allow)
                self.assertEqual((a.status, a.continued), (204, False))
            a = c.reqmod(http, ALICE, body=body, preview=None, allow="204")
            self.assertEqual(a.status, 204)
            a = c.reqmod(http, ALICE, body=body, preview=None, allow="")
            self.assertEqual((a.status, a.body == body), (200, True))


class Malformed(Shared):
    def survives(self):
        self.assertEqual(self.ask(get(FACEBOOK), ALICE).status, 204)

    def test_what_cannot_be_read_is_refused(self):
        rows = (b"GET\r\n\r\n", b"GET \r\n\r\n", b" \r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\xff\xfe\xfd\r\n\r\n",
                b"GET http:// HTTP/1.1\r\n\r\n", b"GET http://www.facebook.com/a b HTTP/1.1\r\n\r\n",
                b"GET http://www.example.com/\x01 HTTP/1.1\r\n\r\n", b"CONNECT HTTP/1.1\r\n\r\n",
                b"CONNECT www.example.com:99999 HTTP/1.1\r\n\r\n",
                b"GET http://www.example.com/ HTTP/1.1\r\nno colon here\r\n\r\n",
                b"GET http://www.example.com/ HTTP/1.1\r\nCookie : a=b\r\n\r\n",
                b"GET http://www.example.com/ HTTP/1.1\r\n: empty\r\n\r\n",
                b"GET http://www.example.com/" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
                b"GET http://www.example.com/ HTTP/1.1\r\n" + b"A: b\r\n" * 256 + b"Cookie: c_user=1\r\n\r\n",
                b"X" * 5000 + b"\r\n\r\n")
        for row in rows:
            a = self.ask(row, ALICE)
            self.refused(a)
            self.assertEqual(a.headers["x-attribute"], "-/malformed", row[:60])
        self.survives()

    def test_odd_but_readable(self):
        for row in (b"GET http://www.example.com/\r\n\r\n", b"GET http://www.example.com/ HTTP/1.1\r\nA:\r\n\r\n",
                    b"GET http://www.example.com/ HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n",
                    b"GET http://www.example.com/ HTTP/1.1\nA: 1\n\n\r\n",
                    b"GET http://www.example.com/ HTTP/1.1\r\n" + b"A: b\r\n" * 256 + b"\r\n",
                    b"GET http://www.example.com/ HTTP/1.1\r\nCookie: " + b"c" * 30000 + b"\r\n\r\n"):
            self.assertEqual(self.ask(row, ALICE).status, 204, row[:60])
        self.survives()

    @unittest.skipIf("CICAP_PRELOAD" in os.environ, "c-icap 0.5.10 itself reads before a header shorter than 4 bytes")
    def test_icap_that_is_none(self):
        for row in (b"REQMOD\r\n\r\n", b"REQMOD icap://x/portreeve ICAP/1.0\r\n\r\n",
                    b"REQMOD icap://x/portreeve ICAP/1.0\r\nEncapsulated: req-hdr=0, null-body=99999\r\n\r\n",
                    b"REQMOD icap://x/portreeve ICAP/1.0\r\nEncapsulated: null-body=0\r\n\r\n",
                    b"REQMOD icap://x/portreeve ICAP/1.0\r\nPreview: 0\r\nEncapsulated: req-body=0\r\n\r\n0\r\n\r\n",
                    b"REQMOD icap://x/portreeve ICAP/1.0\r\nPreview: 0\r\nX-Groups\r\n"
                    b"Encapsulated: req-hdr=0, null-body=2\r\n\r\n\r\n", os.urandom(3000) + b"\r\n\r\n"):
            with self.server.connect() as c:
                c.send(row)
                c.socket.shutdown(1)
                try:
                    while c.socket.recv(65536):
                        pass
                except ConnectionError:
                    pass
        self.survives()
        self.assertEqual(len(self.server.children()), 1)


class MalformedAllowed(Case):
    def test_a_forged_mark_stays_out_all_the_same(self):
        self.folder.compile(malformed="allow")
        s = self.start(compiled=False)
        self.assertEqual(s.ask(b"GET http://www.example.com/\x01 HTTP/1.1\r\n\r\n").status, 204)
        self.marked(s.ask(connect("a.example:b", "X-Portreeve-Bump: yes")), 0)
        self.refused(s.ask(connect("a.example:b", "X-Portreeve-Bump : yes")))


class Swap(Case):
    def publish(self, **more):
        self.folder.compile(**more)

    def tag(self, s):
        return s.ask(get(FACEBOOK), ALICE).headers["istag"]

    def test_a_new_file_is_taken(self):
        s = self.start()
        first, child = self.tag(s), s.children()
        self.publish(version="2")
        until(lambda: self.tag(s) != first, "the new policy")
        self.assertEqual(s.children(), child)
        self.assertEqual(s.ask(get(FACEBOOK), ALICE).status, 204)

    def test_the_generation_word_is_seen_at_the_next_request(self):
        s = self.start()
        tags = {self.tag(s)}
        for n in range(2, 12):
            self.publish(version=str(n))  # portreeve compile raises the word
            self.assertNotIn(self.tag(s), tags, f"generation {n}")
            tags.add(self.tag(s))

    def test_a_bad_file_is_said_once_and_the_old_policy_stays(self):
        with open(self.folder.file("policy.generation"), "wb") as f:
            f.write(struct.pack("=Q", 1))
        s = self.start()
        first = self.tag(s)
        for n, bad in enumerate((b"", b"PORTREEV", os.urandom(5000))):
            with open(self.folder.file("new"), "wb") as f:
                f.write(bad)
            os.rename(self.folder.file("new"), self.folder.file("policy"))
            until(lambda: self.tag(s) and self.folder.text("server.log").count("not taken;") == n + 1, f"bad file {n}")
            self.assertEqual(self.tag(s), first)
            for word in range(3):  # looked at again, and not said again
                with open(self.folder.file("policy.generation"), "r+b") as f:
                    f.write(struct.pack("=Q", 10 * n + word))
                self.assertEqual(self.tag(s), first)
        os.unlink(self.folder.file("policy"))
        until(lambda: self.tag(s) and self.folder.text("server.log").count("not taken;") == 4, "no file")
        self.assertEqual(self.tag(s), first)
        self.publish(version="2")
        until(lambda: self.tag(s) != first, "the new policy")
        self.assertEqual(self.folder.text("server.log").count("not taken;"), 4)

    def test_last_good(self):
        """A server that starts with a bad file serves the last good one."""
        self.folder.compile(name="policy.last-good")
        with open(self.folder.file("policy"), "wb") as f:
            f.write(b"not a policy")
        s = self.start(compiled=False)
        self.assertEqual(s.ask(get(FACEBOOK), ALICE).status, 204)
        self.assertIn("policy", self.folder.text("output"))
        first = self.tag(s)
        self.publish(version="2")
        until(lambda: self.tag(s) != first, "the new policy")

    def test_in_a_storm_every_request_sees_one_policy(self):
        with open(self.folder.file("policy.generation"), "wb") as f:
            f.write(struct.pack("=Q", 0))
        s = self.start()
        wrong, done, n = [], threading.Event(), [0]

        def storm():
            with s.connect() as c:
                while not done.is_set():
                    a, b = c.reqmod(get(FACEBOOK), BOB), c.reqmod(get(FACEBOOK), ALICE)
                    n[0] += 1
                    if a.http_status != 403 or len(a.body) != int(a.header("Content-Length")) or b.status != 204:
                        wrong.append((a.http, b.http))

        threads = [threading.Thread(target=storm) for _ in range(6)]
        for t in threads:
            t.start()
        versions = []
        for i in (1, 2):
            self.folder.compile(name=f"version{i}", version=str(i))
            with open(self.folder.file(f"version{i}"), "rb") as f:
                versions.append(f.read())
        for i in range(1, 200):
            with open(self.folder.file("new"), "wb") as f:
                f.write(versions[i % 2])
            os.rename(self.folder.file("new"), self.folder.file("policy"))
            with open(self.folder.file("policy.generation"), "r+b") as f:
                f.write(struct.pack("=Q", i))
        done.set()
        for t in threads:
            t.join()
        self.assertEqual(wrong, [])
        self.assertGreater(n[0], 100)
        self.assertEqual(len(s.children()), 1)


class Refused(Case):
    """A bad register keeps the old artefact in service, is alarmed, and stands in `portreeve status`."""

    def tool(self, *words):
        return subprocess.run([server.TOOL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def status(self):
        done = self.tool("status", self.folder.file("policy"), "--spool", self.folder.file("spool"), "--json",
                         "--at", "2026-11-22")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        facts = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if facts["attention"] else 0)
        return facts

    def test_a_bad_register(self):
        s = self.start()
        tag = s.ask(get(FACEBOOK), ALICE).headers["istag"]
        facts = self.status()
        self.assertEqual((facts["alarm"], facts["attention"]), (None, []))
        self.assertIn(facts["service"]["digest"], tag)
        self.assertEqual((facts["spool"]["segments"], facts["spool"]["unfinished"], facts["spool"]["events"]), (1, 1, 1))
        registers = self.folder.file("council/registers")
        os.mkdir(registers)
        with open(os.path.join(registers, "members.csv"), "w", encoding="utf-8") as f:
            f.write("user,groups,class\nmary.secret,coms,employee\n")
        done = self.tool("compile", "--no-tests", "--maps", os.path.join(server.HERE, "maps"), "-o",
                         self.folder.file("policy"), self.folder.file("council"))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(s.ask(get(FACEBOOK), ALICE).headers["istag"], tag)
        self.assertEqual(s.ask(get(FACEBOOK), ALICE).status, 204)
        facts = self.status()
        self.assertIn(facts["service"]["digest"], tag)
        self.assertEqual([a["item"] for a in facts["attention"]], ["alarm"])
        self.assertEqual(facts["alarm"]["messages"][0]["file"], "registers/members.csv")
        self.assertNotIn("secret", json.dumps(facts))
        os.unlink(os.path.join(registers, "members.csv"))
        self.folder.compile(version="2", record=self.record)
        until(lambda: s.ask(get(FACEBOOK), ALICE).headers["istag"] != tag, "the repaired policy")
        facts = self.status()
        self.assertEqual((facts["alarm"], facts["attention"]), (None, []))
        self.assertIn(facts["service"]["digest"], s.ask(get(FACEBOOK), ALICE).headers["istag"])


class WithoutPolicy(Case):
    def test_refuse_is_the_default(self):
        s = self.start(compiled=False)
        a = s.ask(get(FACEBOOK, "Accept: text/html"), BOB)
        self.refused(a, 503)
        self.assertEqual(a.header("Retry-After"), "30")
        self.assertIn("default-src 'none'", a.header("Content-Security-Policy"))
        self.assertIn(b"Try again", a.body)
        self.refused(s.ask(connect("www.example.com"), BOB), 503)
        self.refused(s.ask(b"GET\r\n\r\n"), 503)
        self.folder.compile()
        until(lambda: s.ask(get(FACEBOOK), ALICE).status == 204, "the policy that came late")

    def test_allow(self):
        s = self.start("OnMissingPolicy allow", compiled=False)
        self.assertEqual(s.ask(get(FACEBOOK), BOB).status, 204)
        self.assertEqual(s.ask(connect("www.facebook.com"), BOB).status, 204)
        self.marked(s.ask(connect("online.bank.example", "X-Portreeve-Bump: yes"), BOB), 0)

    def test_many_requests_without_a_policy(self):
        """Nothing piles up that a policy would have cleared away."""
        s = self.start(compiled=False)
        with s.connect() as c:
            for _ in range(300):
                a = c.reqmod(get("https://www.facebook.com/" + "a" * 4000, "Accept: text/html"), BOB)
                self.refused(a, 503)
                self.assertIn(b"<h1>", a.body)
            a = c.reqmod(get("https://www.facebook.com/a.png"), BOB)
            self.assertEqual(a.header("Content-Type"), "image/svg+xml")

    def test_fatal_without_a_directive(self):
        s = Server(self.folder, ["OnMissingPolicy fatal"], wait=False)
        self.addCleanup(s.stop)
        until(lambda: "there is no policy" in self.folder.text("output"), "it is said")
        until(lambda: self.status(s) == 500, "500")

    def status(self, s):
        try:
            return s.ask(get(FACEBOOK), BOB).status
        except (ConnectionError, EOFError):
            return None

    def test_fatal(self):
        for directives in (["OnMissingPolicy fatal", f"Policy {self.folder.file('policy')}"],
                           [f"Policy {self.folder.file('policy')}", "OnMissingPolicy fatal"]):
            s = Server(self.folder, directives, wait=False)
            s.process.wait(20)
            s.stop()
            self.assertIn(self.folder.file("policy"), self.folder.text("output"))
            self.assertIn("OnMissingPolicy is fatal", self.folder.text("output"))


class Directives(Case):
    def test_wrong_values_are_said_loudly(self):
        rows = (("Policy council.bin", "no absolute path"), ("Policy", "needs a value"),
                ("Spool spool", "no absolute path"), ("Spool /a b", "takes one value"),
                ("Spool /" + "a" * 1100, "longer than"), ("PseudonymKey key", "no absolute path"),
                ("Standing x", "no absolute path"), ("NetworkOwners x", "no absolute path"), ("UserHeader X-User:", "no header name"),
                ("GroupsHeader \"X Groups\"", "no header name"), ("SniHeader " + "a" * 70, "longer than"),
                ("PortHeader Ä", "no header name"), ("BumpHeader X(Y", "no header name"),
                ("UserEncoding base46", "did you mean 'base64'"), ("OnMissingPolicy refsue", "did you mean 'refuse'"),
                ("OnMissingPolicy block", "did you mean"), ("NodeName gate/1", "no node name"))
        for line, expected in rows:
            s = Server(self.folder, [line], wait=False)
            s.process.wait(20)
            s.stop()
            output = self.folder.text("output")
            self.assertIn(expected, output, line)
            self.assertIn(f"srv_portreeve: {line.split()[0]}: ", output)

    def test_right_values(self):
        self.folder.compile()
        s = self.start("Standing /nowhere/standing", "NodeName gate-1", "UserEncoding plain", "OnMissingPolicy fatal",
                       "SniHeader X-Name", "PortHeader X-Port", "BumpHeader X-Open", "MaxConnections 50", compiled=False)
        self.assertEqual(s.ask(get(FACEBOOK), ALICE).status, 204)
        a = s.ask(connect("www.facebook.com", "X-Open: no"), BOB)
        self.assertEqual(a.all("X-Open"), ["yes"])
        self.refused(s.ask(connect("192.0.2.1"), [*BOB, "X-Name: www.facebook.com"]))
        s.ask(get(FACEBOOK), BOB)
        until(self.folder.events, "an event")
        self.assertRegex(self.folder.segments()[0], r"^\d{19}-gate_1-[0-9a-f]{8}-\d{7}-\d{6}\.spool$")


class Owners(Case):
    """Addresses by the network that they lie in."""

    def publish(self, *networks):
        """As geoipupdate does: written beside, then renamed."""
        subprocess.run([os.environ["MAKEMMDB"], self.folder.file("owners.mmdb"), *networks], check=True)

    def test_an_address_of_a_platform(self):
        self.publish("AS32934=157.240.0.0/16", "AS13414=104.244.42.0/24")
        s = self.start(f"NetworkOwners {self.folder.file('owners.mmdb')}")
        self.refused(s.ask(get("http://157.240.1.35/HavantBorough"), BOB))
        self.refused(s.ask(get("http://0x9df00123/HavantBorough"), BOB))
        self.refused(s.ask(connect("157.240.1.35"), BOB))
        self.assertEqual(s.ask(get("http://157.240.1.35/HavantBorough"), ALICE).status, 204)
        self.assertEqual(s.ask(get("http://104.244.42.1/"), BOB).status, 204)  # of no platform that a map here knows
        self.assertEqual(s.ask(get("http://192.0.2.1/"), BOB).status, 204)
        self.assertEqual(s.ask(connect("192.0.2.1"), BOB).status, 204)

    def test_a_new_database_is_taken_and_a_bad_one_is_not(self):
        self.publish("AS32934=198.51.100.0/24")
        s = self.start(f"NetworkOwners {self.folder.file('owners.mmdb')}")
        ask = lambda: s.ask(get("http://157.240.1.35/"), BOB)
        self.assertEqual(ask().status, 204)
        self.publish("AS32934=157.240.0.0/16")
        until(lambda: ask().status == 200, "the new database")
        self.refused(ask())
        with open(self.folder.file("new"), "wb") as f:
            f.write(b"no database")
        os.rename(self.folder.file("new"), self.folder.file("owners.mmdb"))
        until(lambda: ask() and "the database before it stays in force" in self.folder.text("server.log"), "the complaint")
        self.refused(ask())
        self.assertEqual(self.folder.text("server.log").count("not taken;"), 1)

    def test_without_one_nothing_is_known(self):
        s = self.start()
        self.assertEqual(s.ask(get("http://157.240.1.35/HavantBorough"), BOB).status, 204)
        s.stop()
        s = Server(self.folder, [f"Policy {self.folder.file('policy')}", "NetworkOwners /nowhere/owners.mmdb"])
        self.addCleanup(s.stop)
        self.assertEqual(s.ask(get("http://157.240.1.35/HavantBorough"), BOB).status, 204)
        self.assertIn("NetworkOwners: /nowhere/owners.mmdb: cannot be opened", self.folder.text("output"))


class Carriers(Shared):
    """Translators and archives, judged by the address inside."""

    def test_a_page_inside(self):
        for url in ("https://www-facebook-com.translate.goog/HavantBorough?_x_tr_sl=en",
                    "https://web.archive.org/web/20200101000000if_/https://www.facebook.com/HavantBorough"):
            self.refused(self.ask(get(url), BOB))
            self.assertEqual(self.ask(get(url), ALICE).status, 204, url)
        self.assertEqual(self.ask(get("https://web.archive.org/web/2020/https://www.example.com/"), BOB).status, 204)
        self.refused(self.ask(get("https://web.archive.org/web/2020/https://www..facebook.com/"), ALICE))

    def test_its_tunnel_is_opened(self):
        self.marked(self.ask(connect("web.archive.org"), BOB), 1)
        self.marked(self.ask(connect("www-facebook-com.translate.goog"), BOB), 1)


class Records(Case):
    def events(self, n):
        events = until(lambda: len(self.folder.events()) >= n and self.folder.events(), f"{n} events")
        self.assertEqual(len(events), n)
        return events

    def everything(self):
        data = b""
        for name in os.listdir(self.folder.file("spool")):
            with open(os.path.join(self.folder.file("spool"), name), "rb") as f:
                data += name.encode() + f.read()
        return data

    def ask_all(self, s):
        a = s.ask(get(FACEBOOK, "Cookie: c_user=123456", "Referer: https://secret.example/"), BOB)
        s.ask(get(FACEBOOK), ALICE)
        s.ask(get("https://www.example.com/secret?q=search"), ALICE)
        s.ask(connect("www.facebook.com"), ALICE)
        return self.code(a)

    def check_nothing_personal(self):
        data = self.everything().lower()
        for word in (b"alice", b"bob", b"10.1.2", b"123456", b"secret", b"search", b"havant", b"www.", b"ref=1"):
            self.assertNotIn(word, data)

    def test_counts(self):
        code = self.ask_all(self.start())
        allowed, refused = sorted(self.events(2), key=lambda e: e["action"])
        self.assertEqual((refused["action"], refused["rule"], refused["why"]), ("refuse", "default", "default"))
        self.assertEqual((refused["platform"], refused["activity"], refused["code"]), ("facebook", "view", code))
        self.assertEqual((allowed["action"], allowed["rule"], allowed["code"]), ("allow", "comms-may-view", None))
        for e in (refused, allowed):
            self.assertRegex(e["time"], r"T\d\d:00:00Z$")
            self.assertIsNone(e["pseudonym"])
            self.assertIsNone(e["people"])
            self.assertEqual(e["account"], "other")
            self.assertEqual(e["policy"], "1")
        self.check_nothing_personal()

    def test_none(self):
        self.record = "none"
        s = self.start()
        self.ask_all(s)
        s.stop()
        self.assertEqual(self.folder.segments(), [])

    def test_pseudonym(self):
        self.record = "pseudonym"
        s = self.start(f"PseudonymKey {self.folder.file('key')}")
        self.ask_all(s)
        s.ask(get(FACEBOOK))
        named = {e["pseudonym"]: e for e in self.events(3)}
        expected = {hashlib.blake2b(user, digest_size=16, key=self.folder.key, person=b"portreeve-user").hexdigest(): action
                    for user, action in ((b"bob", "refuse"), (b"alice", "allow"))}
        self.assertEqual({p: e["action"] for p, e in named.items() if p}, expected)
        self.assertEqual({e["people"] for p, e in named.items() if p}, {"employee"})
        self.assertRegex(named[None]["time"], r"T\d\d:00:00Z$")
        self.check_nothing_personal()

    def test_who_is_one_person(self):
        """Shared sign-ins, machines of several people and addresses are nobody's; a person is one under every name."""
        self.record = "pseudonym"
        ident = "00112233-4455-6677-8899-aabbccddee01"
        people = f"user,id,names,groups,class,sponsor,synced_on\na.smith,{ident},a.jones,,,,2026-05-12T09:00:00Z\n"
        os.makedirs(self.folder.file("council/registers"))
        for name, text in (("people", people), ("members", "user,class\nreception,shared\n")):
            with open(self.folder.file(f"council/registers/{name}.csv"), "w", encoding="utf-8") as f:
                f.write(text)
        s = self.start(f"PseudonymKey {self.folder.file('key')}")
        asked = [("a.smith", None), ("COUNCIL\\A.Jones", None), ("bob", "sign-in"), ("bob", "address"), ("bob", "shared"),
                 ("bob", "citrix"), ("bob", "-"), ("reception", None), ("10.1.2.3", None)]
        named = []
        for i, (user, known_by) in enumerate(asked, 1):
            s.ask(get(FACEBOOK), ["X-Client-IP: 10.1.2.3", f"X-Client-Username: {user}", "X-Groups: all-staff"] +
                  ([f"X-Known-By: {known_by}"] if known_by else []))
            named.append(self.events(i)[-1]["pseudonym"])
        key = {"digest_size": 16, "key": self.folder.key, "person": b"portreeve-user"}
        smith, bob = (hashlib.blake2b(subject, **key).hexdigest() for subject in (ident.encode(), b"bob"))
        self.assertEqual(named, [smith, smith, bob, None, None, None, bob, None, None])

    def test_a_missing_key_is_a_named_outcome(self):
        self.record = "pseudonym"
        os.chmod(self.folder.file("key"), 0o644)
        s = self.start(f"PseudonymKey {self.folder.file('key')}")
        self.ask_all(s)
        self.assertEqual([e["pseudonym"] for e in self.events(2)], [None, None])
        self.assertEqual(self.folder.text("server.log").count("without pseudonyms"), 1)
        os.chmod(self.folder.file("key"), 0o640)
        until(lambda: s.ask(get(FACEBOOK), BOB) and self.folder.events()[-1]["pseudonym"], "the key is read again")

    def test_a_missing_spool_delays_nobody(self):
        os.rmdir(self.folder.file("spool"))
        s = self.start()
        for _ in range(20):
            self.refused(s.ask(get(FACEBOOK), BOB))
        log = self.folder.text("server.log")
        self.assertEqual(log.count("spool folder cannot be opened"), 1)
        self.assertEqual(log.count("events are being lost"), 1)
        os.mkdir(self.folder.file("spool"))
        until(lambda: s.ask(get(FACEBOOK), BOB) and self.folder.events(), "the spool is opened again")
        until(lambda: "written again" in self.folder.text("server.log"), "it is said")

    def test_a_child_killed_in_a_storm(self):
        """Every answer that came has its event: it is written before the answer's first byte."""
        s = self.start()
        child = s.children()[0]
        answers, threads = [0] * 6, []

        def storm(i):
            try:
                with s.connect() as c:
                    while True:
                        c.reqmod(get(FACEBOOK), BOB)
                        answers[i] += 1
            except (EOFError, ConnectionError):
                pass

        for i in range(6):
            threads.append(threading.Thread(target=storm, args=(i,)))
            threads[-1].start()
        until(lambda: sum(answers) > 600, "a storm")
        os.kill(child, signal.SIGKILL)
        for t in threads:
            t.join()
        events = self.folder.events()
        self.assertGreaterEqual(len(events), sum(answers))  # whoever has seen an answer has an event
        self.assertLessEqual(len(events), sum(answers) + 6)
        self.assertEqual([e["sequence"] for e in events], list(range(1, len(events) + 1)))
        until(lambda: s.children() and child not in s.children() and s.answers(), "another child")
        self.refused(s.ask(get(FACEBOOK), BOB))
        until(lambda: len(self.folder.segments()) == 2, "a segment of its own")


class Replayed(Case):
    """What the module recorded, weighed anew by `portreeve replay`."""

    def replay(self, new):
        done = subprocess.run([server.TOOL, "replay", self.folder.file("policy"), self.folder.file(new), self.folder.file("spool"),
                               "--json"], check=True, stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def recorded(self, record):
        self.folder.compile(record=record)
        s = Server(self.folder, [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}",
                                 f"PseudonymKey {self.folder.file('key')}"])
        try:
            for who in (ALICE, BOB, ["X-Client-IP: 10.1.2.5"]):
                for url in (FACEBOOK, "https://www.facebook.com/login/", "https://m.youtube.com/watch?v=1"):
                    s.ask(get(url), who)
                lines, body = post()
                s.ask(lines, who, body=body)
        finally:
            s.stop()
        events = self.folder.events()
        self.assertGreaterEqual(len(events), 12)
        return events

    def flips(self, record):
        events = self.recorded(record)
        told = self.replay("policy")
        self.assertEqual(told["events"], {"unchanged": len(events), "changed": 0, "depends": 0, "otherwise": 0, "too-open": 0},
                         told["kinds"])
        self.folder.compile(name="new", record=record,
                            more='\nforbid no-facebook\n    platform facebook\n    activity view\n    because "Not here."\n    cite "9"\n')
        told = self.replay("new")
        viewed = [e for e in events if e["rule"] == "comms-may-view"]
        self.assertGreater(len(viewed), 0)
        self.assertEqual((told["events"]["changed"], told["events"]["otherwise"]), (len(viewed), 0))
        for kind in told["kinds"]:
            self.assertEqual((kind["platform"], kind["activity"], kind["before"]["outcome"], kind["before"]["clause"]),
                             ("facebook", "view", "allowed", "5c"))
            self.assertEqual([(a["outcome"], a["rule"], a["because"], a["clause"]) for a in kind["after"]],
                             [("refused", "no-facebook", "Not here.", "9")])

    def test_counts(self):
        self.flips("counts")

    def test_people(self):
        self.flips("pseudonym")


class Reconfigured(Case):
    def test_c_icap_may_load_the_module_anew(self):
        """Never a part of a policy change, but an administrator may."""
        s = self.start(f"PseudonymKey {self.folder.file('key')}")
        self.refused(s.ask(get(FACEBOOK), BOB))
        old = s.children()
        self.folder.compile(version="2")
        with open(self.folder.file("ctl"), "w", encoding="ascii") as f:
            f.write("reconfigure")
        until(lambda: s.children() and not set(old) & set(s.children()), "new children", 40)
        for _ in range(100):
            self.refused(s.ask(get(FACEBOOK), BOB))
        until(lambda: len(self.folder.events()) == 101, "all events")


class Statistics(Case):
    def test_what_c_icap_shows(self):
        s = self.start()
        s.ask(get(FACEBOOK), BOB)
        s.ask(get(FACEBOOK), ALICE)
        s.ask(connect("www.facebook.com", "X-Portreeve-Bump: 1"), ALICE)
        s.ask(b"GET\r\n\r\n")

        def numbers():
            with s.connect(service="info?view=text&table=*") as c:
                text = c.reqmod(get("http://x.example/")).body.decode(errors="replace")
            return {key: int(n) for key, n in re.findall(r"portreeve ([a-z ]+?)\s*:\s*(\d+)", text)}

        until(lambda: numbers().get("events written") == 2, "two events")
        found = numbers()
        expected = {"allowed": 2, "refused": 2, "malformed": 1, "tunnels opened": 1, "events written": 2,
                    "forged headers removed": 1, "events lost": 0}
        self.assertEqual({key: found[key] for key in expected}, expected)


class Rot(Case):
    """What a platform's map does not know is counted, a platform at a time, with nothing of the request in it."""

    def ask_all(self, s, times=1):
        for _ in range(times):
            s.ask(get(FACEBOOK), BOB)
            head, body = post()
            s.ask(head, BOB, body=body, preview=4096)
            head, body = post(operation="SecretNewMutation")
            s.ask(head, BOB, body=body, preview=4096)
            s.ask(get("https://www.facebook.com/secret/act", "Content-Length: 0", method="POST"), BOB)
            s.ask(get("https://secret-host.facebook.com/"), BOB)
            s.ask(connect("secret-host.facebook.com"), BOB)
            s.ask(connect("en-gb.facebook.com"), BOB)
            s.ask(get("https://www.example.com/"), BOB)

    def status(self, *more):
        out = subprocess.run([server.TOOL, "status", self.folder.file("policy"), "--json", *more],
                             stdout=subprocess.PIPE, check=False).stdout
        return json.loads(out)["rot"]

    def counted(self, requests):
        return {"platform": "facebook", "version": "2026-11-21", "requests": 5 * requests, "tunnels": 2 * requests,
                "writes": 3 * requests, "unknown_writes": requests, "operations": 2 * requests,
                "unknown_operations": requests, "hosts": 7 * requests, "unmatched_hosts": 2 * requests}

    def test_status_and_statistics(self):
        s = self.start()
        self.ask_all(s)
        rot = self.status("--spool", self.folder.file("spool"))
        self.assertEqual(rot["platforms"], [self.counted(1)])
        with s.connect(service="info?view=text&table=*") as c:
            text = c.reqmod(get("http://x.example/")).body.decode(errors="replace")
        found = {key: int(n) for key, n in re.findall(r"portreeve facebook ([a-z -]+?)\s*:\s*(\d+)", text)}
        self.assertEqual(found, {"requests": 7, "refused": 5, "unknown-write": 1, "unknown-operation": 1, "unmatched-host": 2})
        with open(self.folder.file("spool/portreeve.rot"), "rb") as f:
            data = f.read()
        for word in (b"ecret", b"bob", b"avant"):
            self.assertNotIn(word, data)

    def test_children_and_restarts_add_up(self):
        counts = self.folder.file("counts")
        for rounds in (1, 2):
            s = self.start(f"RotCounts {counts}", start=rounds, servers=rounds)
            self.ask_all(s)
            child = s.children()[0]
            os.kill(child, signal.SIGKILL)
            until(lambda: s.children() and child not in s.children() and s.answers(), "another child")
            s.stop()
        self.assertEqual(self.status("--rot", counts)["platforms"], [self.counted(2)])
        self.assertFalse(os.path.exists(self.folder.file("spool/portreeve.rot")))

    def test_a_new_map_begins_anew_in_the_same_child(self):
        s = self.start()
        self.ask_all(s, 2)
        maps = self.folder.maps()
        with open(os.path.join(maps, "platforms/facebook.map"), "r+", encoding="utf-8") as f:
            text = f.read().replace("version 2026-11-21", "version 2026-11-22")
            f.seek(0)
            f.write(text + "hosts-known secret-*\n")
        self.folder.compile(version="2", maps=maps)
        self.ask_all(s)
        expected = {**self.counted(1), "version": "2026-11-22", "unmatched_hosts": 0}
        self.assertEqual(self.status("--spool", self.folder.file("spool"))["platforms"], [expected])

    def test_a_file_that_cannot_be_written_delays_nobody(self):
        os.mkdir(self.folder.file("counts"))
        s = self.start(f"RotCounts {self.folder.file('counts')}")
        self.refused(s.ask(get(FACEBOOK), BOB))
        self.assertEqual(self.folder.text("server.log").count("cannot tell how well the platform maps fit"), 1)


class NewPlatform(Case):
    """A platform comes in by a file, without a line of C, and without a word of the policy that names it."""

    MAP = """\
platform gather "Gather"
class social
version 2026-11-21
host main .gather.example
host cdn .gather-static.example
reserved about login
operation query op
activity login path /login/**
activity post method POST path /api op CreatePost
activity view op Get* likely
account - path /login/** /about/**
account {account} path /{account}/**
"""

    def test_from_a_map_alone(self):
        s = self.start()
        page, act = get("https://gather.example/Council"), get("https://gather.example/api?op=CreatePost", method="POST")
        self.assertEqual(s.ask(page, BOB).status, 204)
        self.assertEqual(s.ask(connect("gather.example"), BOB).status, 204)
        maps = self.folder.maps()
        with open(os.path.join(maps, "platforms/gather.map"), "w", encoding="utf-8") as f:
            f.write(self.MAP)
        self.folder.compile(version="2", maps=maps)
        self.refused(s.ask(page, BOB))
        self.refused(s.ask(act, BOB))
        self.marked(s.ask(connect("www.gather.example"), BOB), 1)
        for other in ("https://notgather.example/", "https://gather.example.net/"):
            self.assertEqual(s.ask(get(other), BOB).status, 204)
        s.stop()
        events = [(e["platform"], e["activity"], e["account"]) for e in self.folder.events()]
        self.assertEqual(events, [("gather", "view", "other"), ("gather", "post", "unknown")])


@unittest.skipIf("CICAP_PRELOAD" in os.environ, "a sanitizer adds names of its own")
class Exports(unittest.TestCase):
    def test_service_alone(self):
        out = subprocess.run(["nm", "-D", "--defined-only", server.MODULE], check=True, stdout=subprocess.PIPE).stdout
        names = sorted(line.split()[2] for line in out.decode().splitlines())
        self.assertIn(names, (["service"], ["__ci_build_for", "service"]))  # c-icap 0.5, 0.6


def main():
    """Runs the tests of the program's own file, and counts them."""
    program = unittest.main(module="__main__", exit=False)
    result = program.result
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
