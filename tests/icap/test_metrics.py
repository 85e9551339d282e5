#!/usr/bin/env python3
"""`portreeve metrics`: Prometheus text and health out of a real c-icap. Needs SRV_PORTREEVE and PORTREEVE (see server.py)."""

import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import TOOL, Folder, Server, free_port  # noqa: E402
from test_module import main  # noqa: E402

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# The exposition format 0.0.4: a comment, or a name, labels and a number.
SAMPLE = re.compile(r'(portreeve_[a-z_]+)(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (-?\d+)$')
COMMENT = re.compile(r"# (HELP|TYPE) (portreeve_[a-z_]+) (.+)$")
WHO = ["X-Client-IP: 10.1.2.4", "X-Client-Username: bob", "X-Groups: all-staff"]


def get(url):
    return [f"GET {url} HTTP/1.1", "Host: " + url.split("/")[2], "Accept: text/html"]


class Metrics(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.folder.compile()
        self.server = Server(self.folder, [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}"])
        self.addCleanup(self.server.stop)
        self.icap = f"127.0.0.1:{self.server.port}"

    def ask(self, path=None, icap=None):
        args = [TOOL, "metrics", self.folder.file("policy"), "--spool", self.folder.file("spool"), "--icap", icap or self.icap]
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() if path else None
        done = subprocess.run(args + (["--http"] if path else []), input=request, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def samples(self, text):
        found, typed = {}, set()
        for line in text.splitlines():
            comment, sample = COMMENT.match(line), SAMPLE.match(line)
            self.assertTrue(comment or sample, line)
            if comment and comment[1] == "TYPE":
                self.assertNotIn(comment[2], typed, "a name has its type twice")
                typed.add(comment[2])
            if sample:
                self.assertIn(re.sub("_(bucket|count)$", "", sample[1]) if "answer_seconds" in sample[1] else sample[1], typed, line)
                self.assertNotIn(sample[1] + (sample[2] or ""), found, line)
                found[sample[1] + (sample[2] or "")] = int(sample[4])
        return found

    def test_what_is_counted_and_that_platforms_are_told_in_tens(self):
        for _ in range(19):
            self.server.ask(get("http://www.facebook.com/"), WHO)
        text = self.ask()
        found = self.samples(text)
        self.assertEqual(found["portreeve_up"], 1)
        self.assertEqual(found["portreeve_policy_served"], 1)
        decisions = sum(n for name, n in found.items() if name.startswith("portreeve_decisions_total"))
        self.assertEqual(decisions, 19)
        self.assertEqual(found["portreeve_answer_seconds_count"], 19)
        self.assertEqual(found['portreeve_answer_seconds_bucket{le="+Inf"}'], 19)
        buckets = [n for name, n in found.items() if name.startswith("portreeve_answer_seconds_bucket")]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual(found['portreeve_platform_requests_total{platform="facebook"}'], 10)
        for word in ("bob", "10.1.2.4", "all-staff", "www.facebook"):
            self.assertNotIn(word, text)

    def test_http_answers_one_request(self):
        head, _, body = self.ask("/metrics").partition("\r\n\r\n")
        self.assertIn("200 OK", head)
        self.assertIn("text/plain; version=0.0.4", head)
        self.assertEqual(int(re.search(r"Content-Length: (\d+)", head)[1]), len(body.encode()))
        self.samples(body)
        self.assertIn("200 OK", self.ask("/health/live"))
        self.assertIn("200 OK", self.ask("/health/ready"))
        self.assertIn("404", self.ask("/"))
        self.assertIn("404", self.ask("/metricsx"))

    def test_health_when_something_is_wrong(self):
        nowhere = f"127.0.0.1:{free_port()}"
        self.assertIn("503", self.ask("/health/live", nowhere))
        self.assertIn("portreeve_up 0", self.ask(icap=nowhere))
        os.rename(self.folder.file("policy"), self.folder.file("gone"))
        said = self.ask("/health/ready")
        self.assertIn("503", said)
        self.assertIn("the one before it serves", said)
        self.assertEqual(self.samples(self.ask())["portreeve_policy_served"], 0)

    def test_manual_and_alert_rules_know_the_names(self):
        with open(os.path.join(TOP, "icap-module", "man", "portreeve.1"), encoding="utf-8") as f:
            manual = f.read().partition(".Sh METRICS")[2].partition(".Sh LISTS")[0]
        with open(os.path.join(TOP, "icap-module", "tools", "metrics.def"), encoding="utf-8") as f:
            names = set(re.findall(r"^(?:FACT|COUNTER)\((\w+),", f.read(), re.M)) - {"name"}
        for name in names:
            self.assertRegex(manual, rf"\.It Va {name}\n")
        known = names | {"up", "build_info", "answer_seconds", "answer_seconds_bucket", "platform_requests_total", "platform_refused_total"}
        with open(os.path.join(TOP, "packaging", "examples", "prometheus-rules.yml"), encoding="utf-8") as f:
            used = set(re.findall(r"portreeve_(\w+)", "".join(re.findall(r"expr: (.*)", f.read()))))
        self.assertTrue(used)
        self.assertLessEqual(used, known)


if __name__ == "__main__":
    main()
