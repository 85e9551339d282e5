#!/usr/bin/env python3
"""The standing in a real c-icap: who is asked, who has answered, whose minutes are used. Needs SRV_PORTREEVE and PORTREEVE."""

import os
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import Folder, Server, until  # noqa: E402
from test_module import main  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
POLICY = os.path.join(HERE, "..", "policies", "standing")
MAKE = os.path.join(HERE, "..", "tools", "make-standing")
PAGE = ["GET https://stage.example/somebody HTTP/1.1", "Host: stage.example"]


def staff(name):
    return ["X-Client-IP: 10.1.2.4", f"X-Client-Username: COUNCIL\\{name.upper()}", "X-Groups: staff"]


class Standing(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.word = 0
        subprocess.run([os.environ["PORTREEVE"], "compile", "--no-tests", "--maps", POLICY, "-o", self.folder.file("policy"), POLICY],
                       check=True, stderr=subprocess.DEVNULL)

    def start(self, *directives):
        """With a portal, as nobody could answer without one."""
        s = Server(self.folder, [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}",
                                 "Portal portreeve.council.example", f"PortalKey {self.folder.file('key')}", *directives])
        self.addCleanup(s.stop)
        return s

    def publish(self, *facts, age=0, raise_word=True):
        """As portreeved does: written beside, renamed, the word raised."""
        now = int(time.time())
        rows = []
        for user, kind, what, number in facts:
            begin, end = (now - 7200, now + 7200) if kind == "used" else (now - 60, 0)
            rows += [user, kind, what, str(begin), str(end), str(number)]
        subprocess.run([MAKE, self.folder.file("standing.new"), str(now - age), *rows], check=True)
        os.rename(self.folder.file("standing.new"), self.folder.file("standing"))
        if raise_word:
            self.word += 1
            fd = os.open(self.folder.file("standing.generation"), os.O_WRONLY | os.O_CREAT, 0o644)
            os.pwrite(fd, struct.pack("=Q", self.word), 0)
            os.close(fd)

    def rule(self, s, name="bob"):
        """What decided, from the header for the proxy's log."""
        return s.ask(PAGE, staff(name)).headers.get("x-attribute", "").partition("/")[2]

    def test_what_is_answered_is_seen_at_the_next_request(self):
        self.publish()
        s = self.start(f"Standing {self.folder.file('standing')}")
        self.assertEqual(self.rule(s), "what-is-recorded")
        self.publish(("bob", "ack", "notice/2.1", 0))
        self.assertEqual(self.rule(s), "keep-it-short")
        self.publish(("bob", "ack", "notice/2.1", 0), ("bob", "ack", "coach/keep-it-short", 0))
        self.assertEqual(s.ask(PAGE, staff("bob")).status, 204)
        self.assertEqual(self.rule(s, "mary"), "what-is-recorded")
        self.publish(("bob", "ack", "notice/2.1", 0), ("bob", "ack", "coach/keep-it-short", 0), ("bob", "used", "personal", 30))
        self.assertEqual(self.rule(s), "used-up")

    def test_minutes_are_counted_where_nobody_is_recorded(self):
        """`record counts`: portreeved knows whose minutes were used, and no event says whose it was."""
        acks = [("bob", "ack", "notice/2.1", 0), ("bob", "ack", "coach/keep-it-short", 0),
                ("mary", "ack", "notice/2.1", 0), ("mary", "ack", "coach/keep-it-short", 0)]
        self.publish(*acks)
        s = self.start(f"Standing {self.folder.file('standing')}")
        for _ in range(3):  # in one minute, or in two where it ends just now
            self.assertEqual(s.ask([*PAGE, "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate"], staff("bob")).status, 204)
        self.assertEqual(s.ask([*PAGE, "Sec-Fetch-Dest: image", "Sec-Fetch-Mode: no-cors"], staff("mary")).status, 204)  # a page's own doing
        s.stop()
        events = self.folder.events()
        self.assertTrue(all(e["pseudonym"] is None and e["time"].endswith(":00:00Z") for e in events), events)
        keys = [name for name in self.folder.segments() if name.startswith("minutes-")]
        self.assertEqual(len(keys), 1)
        known = self.folder.file("known.journal")  # portreeved knows who has read the notice on the portal
        with open(known, "w", encoding="utf-8") as f:
            for i, name in enumerate(("bob", "mary")):
                f.write(f"1\t{i:032x}\t{i:032x}\tack\t1\t1\t0\t0\tnotice/2.1\t{name}\n")
        subprocess.run([os.environ["PORTREEVE"] + "d", "--once", "--artefact", self.folder.file("policy"), "--store", known[:-8],
                        "--standing", self.folder.file("counted"), "--spool", self.folder.file("spool")], check=True)
        facts = subprocess.run([os.environ["PORTALKIT"], "standing", self.folder.file("counted")], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        self.assertRegex(facts, r"(?m)^bob used personal \d+ [12]$")
        self.assertNotIn("mary used", facts)
        with open(known[:-8], "rb") as f:
            self.assertNotIn(b"bob used", f.read())

    def test_a_file_without_its_word_is_seen_within_seconds(self):
        self.publish(raise_word=False)
        s = self.start(f"Standing {self.folder.file('standing')}")
        self.assertEqual(self.rule(s), "what-is-recorded")
        self.publish(("bob", "ack", "notice/2.1", 0), raise_word=False)
        until(lambda: self.rule(s) == "keep-it-short", "the new standing")

    def test_a_bad_file_changes_nothing_and_an_old_one_is_unsure(self):
        acks = [("bob", "ack", "notice/2.1", 0), ("bob", "ack", "coach/keep-it-short", 0)]
        self.publish(*acks)
        s = self.start(f"Standing {self.folder.file('standing')}")
        self.assertEqual(self.rule(s), "personal-use")
        with open(self.folder.file("new"), "wb") as f:
            f.write(b"STANDING, but not really")
        os.rename(self.folder.file("new"), self.folder.file("standing"))
        until(lambda: self.rule(s) and "the standing before it stays in force" in self.folder.text("server.log"), "the complaint")
        self.assertEqual(self.rule(s), "personal-use")
        self.publish(*acks, age=3600)
        a = s.ask(PAGE, staff("bob"))  # what is left of the minutes is unsure, and an unsure permit does not permit
        self.assertTrue(a.is_response and a.http_status == 403, a.http)

    def test_without_a_file_nobody_is_held_up_as_nobody_could_answer(self):
        s = self.start(f"Standing {self.folder.file('standing')}")
        self.assertEqual(self.rule(s), "personal-use, shadow")
        self.assertIn("cannot be opened", self.folder.text("output"))
        self.assertIn("is portreeved running?", self.folder.text("server.log"))
        self.publish(("bob", "ack", "notice/2.1", 0))
        until(lambda: self.rule(s) == "keep-it-short", "the first standing")


if __name__ == "__main__":
    main()
