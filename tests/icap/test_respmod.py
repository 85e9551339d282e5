#!/usr/bin/env python3
"""The service as portreeve_resp (RESPMOD) in a real c-icap on loopback, with the policy of tests/policies/answers. Needs
SRV_PORTREEVE, PORTREEVE and MAKEMMDB (see server.py)."""

import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import TOOL, Folder, Server, until  # noqa: E402
from test_module import main  # noqa: E402

MAKEMMDB = os.environ["MAKEMMDB"]
POLICY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "policies", "answers")
BOB = ["X-Client-IP: 10.1.2.4", "X-Client-Username: bob", "X-Groups: all-staff"]
ALICE = ["X-Client-IP: 10.1.2.3", "X-Client-Username: alice", "X-Groups: comms"]
PLAIN = "https://clips.example/list"


def get(url=PLAIN, *headers):
    return [f"GET {url} HTTP/1.1", "Host: " + url.split("/")[2], *headers]


def head(kind="text/html", *headers, status="200 OK"):
    return [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *headers]


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        subprocess.run([TOOL, "compile", "--no-tests", "--maps", POLICY, "-o", cls.folder.file("policy"), POLICY], check=True,
                       stderr=subprocess.DEVNULL)
        subprocess.run([MAKEMMDB, cls.folder.file("countries"), "ru=198.51.100.0/24", "gb=203.0.113.0/24"],
                       check=True)
        cls.server = Server(cls.folder, [f"Policy {cls.folder.file('policy')}", f"Spool {cls.folder.file('spool')}",
                                         f"NetworkCountries {cls.folder.file('countries')}"],
                            more=["ServiceAlias portreeve_resp portreeve_req"])

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.remove()

    def ask(self, *args, icap=BOB, **more):
        with self.server.connect(service="portreeve_resp") as c:
            answer = c.respmod(*args, icap=icap, **more)
            self.assertEqual(c.options().status, 200)  # the connection goes on: nothing is left in it
        return answer

    def events(self):
        return self.folder.events()

    def refused(self, answer):
        self.assertTrue(answer.is_response)
        self.assertEqual(answer.http_status, 403, answer.http)
        self.assertEqual(answer.header("Cache-Control"), "no-store")

    def test_options(self):
        with self.server.connect(service="portreeve_resp") as c:
            a = c.options()
        self.assertIn("RESPMOD", a.headers["methods"])
        self.assertEqual(a.headers["preview"], "4096")
        self.assertNotIn("transfer-ignore", a.headers)

    def test_a_page_goes_on(self):
        self.assertEqual(self.ask(get(), head(), body=b"<html>" * 20).status, 204)
        self.assertEqual(self.ask(get(), head(), body=b"<html>" * 5000).status, 204)

    def test_a_stream_is_refused_with_a_page_and_nothing_of_it_is_read_on(self):
        before = len(self.events())
        a = self.ask(get(PLAIN, "Sec-Fetch-Dest: document", "Accept: text/html"), head("video/mp4"), body=b"x" * 1_000_000)
        self.refused(a)
        self.assertEqual(a.status, 206)
        self.assertFalse(a.continued)
        self.assertIsNone(a.original)
        self.assertEqual(int(a.header("Content-Length")), len(a.body))
        self.assertEqual(a.all("Content-Type"), ["text/html; charset=utf-8"])
        self.assertIn(b"Test page refused", a.body)
        self.assertNotIn(b"clips", a.body)
        code = re.search(rb"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", a.body).group().decode()
        self.assertEqual(a.headers["x-attribute"], "-/seen-streaming")
        events = self.events()[before:]
        self.assertEqual([(e["rule"], e["action"], e["activity"], e["code"]) for e in events],
                         [("seen-streaming", "refuse", "stream", code)])

    def test_the_same_by_the_first_bytes(self):
        for body in (b"#EXTM3U\n#EXT-X-VERSION:3\n", b"\0\0\0\x18ftypmp42\0\0\0\0" + b"x" * 9000, b"<?xml version='1.0'?>\n<MPD xmlns=''>"):
            self.refused(self.ask(get(), head("application/octet-stream"), body=body))
        self.assertEqual(self.ask(get(), head("application/octet-stream"), body=b"PK\3\4" + b"x" * 9000).status, 204)

    def test_bytes_beyond_four_kibibytes_are_not_looked_at(self):
        body = b" " * 4096 + b"#EXTM3U\n"
        self.assertEqual(self.ask(get(), head("text/plain"), body=body, preview=8192, allow="204, 206").status, 204)
        self.refused(self.ask(get(), head("text/plain"), body=body[100:], preview=8192))

    def test_who_may_goes_on(self):
        before = len(self.events())
        self.assertEqual(self.ask(get(), head("video/mp4"), icap=ALICE, body=b"x" * 9000).status, 204)
        self.assertEqual(len(self.events()), before)

    def test_shadow_is_counted(self):
        before = len(self.events())
        self.assertEqual(self.ask(get(), head("video/mp4"), icap=["X-Client-IP: 10.1.2.3", "X-Groups: shadows"], body=b"x" * 9000).status, 204)
        event = self.events()[before:]
        self.assertEqual([(e["shadow"], e["would"], e["action"]) for e in event], [(True, "refuse", "allow")])

    def test_by_where_it_comes_from(self):
        before = len(self.events())
        self.assertEqual(self.ask(get(), head(), icap=[*BOB, "X-Origin-IP: 203.0.113.9"], body=b"x").status, 204)
        self.assertEqual(self.ask(get(), head(), icap=[*BOB, "X-Origin-IP: -"], body=b"x").status, 204)
        self.refused(self.ask(get(), head(), icap=[*BOB, "X-Origin-IP: 198.51.100.9"], body=b"x"))
        self.assertEqual([(e["rule"], e["country"]) for e in self.events()[before:]], [("by-country", "ru")])

    def test_the_record_replays(self):
        """What the recorder wrote of answers is what the policy decides, whatever the record does not hold."""
        self.refused(self.ask(get(), head("video/mp4"), body=b"x" * 9000))
        self.refused(self.ask(get(), head(), icap=[*BOB, "X-Origin-IP: 198.51.100.9"], body=b"x"))
        self.ask(get(), head("video/mp4"), icap=["X-Client-IP: 10.1.2.3", "X-Groups: shadows"], body=b"x" * 9000)
        policy = self.folder.file("policy")
        done = subprocess.run([TOOL, "replay", policy, policy, self.folder.file("spool"), "--json"], check=True, stdout=subprocess.PIPE)
        told = json.loads(done.stdout)
        self.assertEqual(told["events"], {"unchanged": len(self.events()), "changed": 0, "depends": 0, "otherwise": 0, "too-open": 0},
                         told["kinds"])

    def test_without_a_body(self):
        self.refused(self.ask(get(), head("video/mp4"), preview=0))
        self.assertEqual(self.ask(get(), head(), preview=0).status, 204)
        self.assertEqual(self.ask(get(), head("video/mp4", status="304 Not Modified"), preview=0).status, 204)

    def test_without_a_preview(self):
        """As Squid asks with icap_preview_enable off: what goes on is sent back whole, what is refused has its page."""
        body = b"x" * 300_000
        a = self.ask(get(), head("text/html", f"Content-Length: {len(body)}"), body=body, preview=None, allow=None)
        self.assertEqual((a.status, a.body == body), (200, True))
        self.assertEqual(self.ask(get(), head(), body=body, preview=None, allow="204").status, 204)
        self.refused(self.ask(get(), head("video/mp4"), body=body, preview=None, allow=None))

    def test_what_cannot_be_read_goes_on_and_is_counted(self):
        unread = self.count("answers let through unread")
        for asked, answer in ((get(), None), (None, head("video/mp4")), (get(), b"\x80\x81 video\r\n\r\n"), (get(), b"HTTP/1.1 twohundred\r\nContent-Type: video/mp4\r\n\r\n"),
                              ([": :"], head("video/mp4"))):
            a = self.ask(asked, answer, body=b"x" * 3000)
            self.assertEqual(a.status, 204, (asked, answer))
        self.assertEqual(self.count("answers let through unread"), unread + 5)
        many = head("text/html", *[f"X-{i}: y" for i in range(150)])
        self.assertEqual(self.ask(get(), many, body=b"x" * 3000).status, 204)
        self.refused(self.ask(get(), ["HTTP/1.1 200 OK", "no colon here", "Content-Type: video/mp4"], body=b"x" * 3000))
        self.refused(self.ask(get(), ["ICY 200 OK", "icy-name: Radio"], body=b"x" * 3000))

    def count(self, what):
        with self.server.connect(service="info?view=text&table=*") as c:
            text = c.reqmod(get()).body.decode()
        return int(re.search(rf"{what}[^\d]*(\d+)", text).group(1))


class Broken(unittest.TestCase):
    """A database that is none is refused, and shuts nothing."""

    def test_it_is_told_and_nothing_is_shut(self):
        folder = Folder()
        self.addCleanup(folder.remove)
        subprocess.run([TOOL, "compile", "--no-tests", "--maps", POLICY, "-o", folder.file("policy"), POLICY], check=True,
                       stderr=subprocess.DEVNULL)
        with open(folder.file("countries"), "wb") as f:
            f.write(b"no database")
        s = Server(folder, [f"Policy {folder.file('policy')}", f"Spool {folder.file('spool')}", f"NetworkCountries {folder.file('countries')}"])
        self.addCleanup(s.stop)
        self.assertIn("is no sound MaxMind database", folder.text("output") + folder.text("server.log"))
        with s.connect() as c:
            self.assertEqual(c.respmod(get(), head(), icap=[*BOB, "X-Origin-IP: 198.51.100.9"], body=b"x").status, 204)
        new = folder.file("new")
        subprocess.run([MAKEMMDB, new, "ru=198.51.100.0/24"], check=True)
        os.rename(new, folder.file("countries"))

        def refused():
            with s.connect() as c:
                return c.respmod(get(), head(), icap=[*BOB, "X-Origin-IP: 198.51.100.9"], body=b"x").status == 200
        until(refused, "the database is taken")


if __name__ == "__main__":
    main()
