#!/usr/bin/env python3
"""Recall in a real c-icap with several children: pages shown late and once, the question about one person, asks that nobody could
answer. Needs SRV_PORTREEVE and PORTREEVE."""

import glob
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import TOOL, until  # noqa: E402
from test_module import Case, get, main, post  # noqa: E402

HEAD = """policy "Recall" version 1 from 2026-04-01
council "The test council"
owner "ICT"
approved-by "ICT" on 2026-03-18
review-due 2036-03-31
mode enforce
default allow cite "1"
unsure refuse page default-deny
malformed refuse page default-deny
unavailable page unavailable
record pseudonym
monitoring clause "32" notice-on 2026-04-01 dpia "DPIA-2026-014"
contact approver "Communications team" mail comms@council.example
group pilot "Who tries it first" shadow
"""
LIKES = """
forbid no-reactions
    platform facebook
    activity react
    because "Only viewing is allowed."
    cite "5d"
    page default-deny
"""
PERSON = """
require person one-person
    platform facebook
    returns 2 within 7 days
    because "Watching one person in secret is against the law."
    page one-person
    cite "5.9"
"""
NOTICE = """
require notice what-is-recorded
    platform facebook
    page default-deny
    cite "8"
"""
PERSON_PAGE = """status 403
title "Web access"
h1 "Are you checking on one person?"
p "If you are, ask {contact approver label}."
action "I am not. Go on" again
why rule
"""
NAVIGATES = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: none"]
BOB = ["X-Client-IP: 10.1.2.4", "X-Client-Username: bob", "X-Groups: all-staff"]
MARY = ["X-Client-IP: 10.1.2.5", "X-Client-Username: mary", "X-Groups: all-staff"]
PROFILE = "https://www.facebook.com/some.body"


class Recall(Case):
    rules = LIKES + PERSON

    def setUp(self):
        super().setUp()
        maps, council = self.folder.maps(), self.folder.file("council")
        os.mkdir(council)
        for name, text in ((os.path.join(maps, "pages", "one-person.page"), PERSON_PAGE), (os.path.join(council, "council.policy"), HEAD + self.rules)):
            with open(name, "w", encoding="utf-8") as f:
                f.write(text)
        subprocess.run([TOOL, "compile", "--no-tests", "--maps", maps, "-o", self.folder.file("policy"), council],
                       check=True, stderr=subprocess.DEVNULL)
        self.library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        self.clock("+0")

    def clock(self, offset):
        with open(self.folder.file("clock.new"), "w", encoding="ascii") as f:
            f.write(offset + "\n")
        os.rename(self.folder.file("clock.new"), self.folder.file("clock"))

    def serve(self, *directives, faked=False):
        """Three children of one thread each, so that requests in a row meet different ones."""
        variables = {"LD_PRELOAD": self.library[0], "FAKETIME_TIMESTAMP_FILE": self.folder.file("clock"), "FAKETIME_NO_CACHE": "1",
                     "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if faked else None
        return self.start(f"PseudonymKey {self.folder.file('key')}", *directives, compiled=False, servers=3, start=3, threads=1,
                          variables=variables)

    def opens(self, s, who=BOB, url=PROFILE):
        return s.ask(get(url, *NAVIGATES), who)

    def likes(self, s, who=BOB):
        head, body = post()
        a = s.ask([*head, "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty", "Sec-Fetch-Site: same-origin"], who, body=body, preview=4096)
        self.refused(a)
        self.assertIn(b"problem", a.http.encode() + a.body)

    def numbers(self, s):
        with s.connect(service="info?view=text&table=*") as c:
            text = c.reqmod(get("http://x.example/")).body.decode(errors="replace")
        return {key: int(n) for key, n in re.findall(r"(?m)^\s*(?:Service portreeve_req )?([A-Za-z ]+?)\s*:\s*(\d+)", text)}


class Owed(Recall):
    def test_a_page_that_nobody_saw_is_shown_once(self):
        s = self.serve()
        until(lambda: len(s.children()) >= 3, "three children")
        self.assertEqual(self.opens(s).status, 204)
        self.likes(s)
        self.assertEqual(s.ask(get(PROFILE, "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"), BOB).status, 204)
        self.assertEqual(self.opens(s, MARY).status, 204)
        a = self.opens(s)
        code = self.code(a)
        self.assertIn(b"This is about something that you did on this site a few minutes ago.", a.body)
        self.assertIn(b'<a class="go" href="">Go on</a>', a.body)
        for _ in range(12):  # whichever child it meets
            self.assertEqual(self.opens(s).status, 204)
        shown = [e for e in self.folder.events() if e["code"] == code]
        self.assertEqual([(e["action"], e["rule"]) for e in shown], [("ask", "no-reactions")])

    def test_an_app_that_tries_again_and_again_stands_in_nobodys_way(self):
        s = self.serve()
        seen = []
        for _ in range(8):
            self.likes(s)
            seen.append(self.opens(s).status)
        self.assertEqual(seen, [200] + [204] * 7)

    def test_after_ten_minutes_nothing_is_owed(self):
        if not self.library:
            self.skipTest("libfaketime is not installed (package faketime)")
        s = self.serve(faked=True)
        self.likes(s)
        self.clock("+720")
        self.assertEqual(self.opens(s).status, 204)
        self.likes(s)
        self.clock("+900")
        self.assertEqual(self.opens(s).status, 200)
        self.clock("+7200")  # and after an hour the next one is told of again
        self.likes(s)
        self.assertEqual(self.opens(s).status, 200)


@unittest.skipUnless(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1"), "libfaketime is not installed (package faketime)")
class Person(Recall):
    def come_back(self, s, who=BOB):
        """Three visits, an hour apart; the answers."""
        answers = []
        for hours in range(3):
            self.clock(f"+{3600 * hours}")
            answers.append(self.opens(s, who))
        return answers

    def test_who_comes_back_is_asked_once_and_nothing_is_kept(self):
        s = self.serve(faked=True)
        *before, asked = self.come_back(s)
        self.assertEqual([a.status for a in before], [204, 204])
        self.refused(asked)
        self.assertIn(b"Are you checking on one person?", asked.body)
        self.assertIn(b'href="">I am not. Go on</a>', asked.body)
        self.assertNotIn("x-attribute", asked.headers)  # that goes to a log with names in it
        self.assertEqual(before[0].headers["x-attribute"], "facebook/default")
        for _ in range(6):
            self.assertEqual(self.opens(s).status, 204)
        self.assertEqual(self.opens(s, MARY).status, 204)
        events = self.folder.events()
        about = [e for e in events if "one-person" in (e["rule"], e["would_rule"])]
        self.assertEqual(len(about), 1)
        self.assertIsNone(about[0].get("pseudonym"))
        self.assertTrue(about[0]["time"].endswith(":00:00Z"), about)
        self.assertTrue(all(e.get("pseudonym") for e in events if e not in about))
        self.assertNotIn("some.body", "".join(map(str, events)))

    def test_in_shadow_it_is_counted_and_nothing_is_kept_either(self):
        pilot = [*BOB[:2], "X-Groups: pilot"]
        s = self.serve(faked=True)
        answers = self.come_back(s, pilot)
        self.assertEqual([a.status for a in answers], [204] * 3)
        self.assertNotIn("x-attribute", answers[2].headers)
        about = [e for e in self.folder.events() if "one-person" in (e["rule"], e["would_rule"])]
        self.assertEqual([(e["shadow"], e.get("pseudonym")) for e in about], [(True, None)])

    def test_a_restart_forgets(self):
        s = self.serve(faked=True)
        self.come_back(s)[:2]
        s.stop()
        self.clock("+14400")
        s = self.serve(faked=True)
        self.assertEqual(self.opens(s).status, 204)


class Unanswerable(Recall):
    rules = NOTICE

    def test_a_question_that_nobody_can_answer_holds_nobody_up(self):
        s = self.serve()
        for _ in range(6):
            self.assertEqual(self.opens(s).status, 204)
        said = self.folder.text("output") + self.folder.text("server.log")
        self.assertIn("Portal: the policy asks people, and there is no Portal directive; nobody could answer", said)
        self.assertEqual(self.folder.text("server.log").count("hold nobody up"), 1)
        shadow = {(e["shadow"], e["would"], e["would_rule"]) for e in self.folder.events()}
        self.assertEqual(shadow, {(True, "ask", "what-is-recorded")})

    def test_each_part_that_is_missing_is_named(self):
        portal = ["Portal portreeve.council.example", f"PortalKey {self.folder.file('key')}", f"Standing {self.folder.file('standing')}"]
        for n, words in ((1, "no PortalKey directive"), (2, "no Standing directive"), (3, "is portreeved running?")):
            s = self.serve(*portal[:n])
            self.assertEqual(self.opens(s).status, 204)
            self.assertIn(words, self.folder.text("server.log"))
            s.stop()


if __name__ == "__main__":
    main()
