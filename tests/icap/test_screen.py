#!/usr/bin/env python3
"""What a screen shows of a refusal by category, in each of the five councils: the same bytes for every category but for the
code, in the look of every other page; nothing of why. Needs SRV_PORTREEVE and PORTREEVE (see server.py)."""

import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import HERE, TOOL, Folder, Server  # noqa: E402
from test_module import main  # noqa: E402

MAPS = os.path.join(HERE, "..", "..", "policy-maps")
COUNCILS = sorted(os.listdir(os.path.join(MAPS, "councils")))
CATEGORIES = ("illegal", "adult", "proxy-avoidance", "malware", "phishing", "hate", "violence", "drugs", "alcohol", "gambling")
SAM = ["X-Client-IP: 10.1.2.4", "X-Client-Username: sam", "X-Groups: all-staff"]
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
H1 = "<h1>You cannot open this page</h1>"
OTHERS = {"www.facebook.com": "sign-up", "www.linkedin.com": "not-named-officer"}  # pages about quite other things
OTHER = """
forbid test-{page}
    platform {platform}
    page {page}
    because "It is another page to compare with."
"""


def get(host, dest="document"):
    return [f"GET http://{host}/ HTTP/1.1", f"Host: {host}", "Accept: text/html", f"Sec-Fetch-Dest: {dest}"]


class Screen(unittest.TestCase):
    def serve(self, council):
        """The council's policy with each kind of site refused (shadow taken off), a site of each, and one whose kind is two."""
        folder = Folder()
        self.addCleanup(folder.remove)
        copy = folder.file("council")
        shutil.copytree(os.path.join(MAPS, "councils", council), copy)
        with open(os.path.join(copy, "council.policy"), "r+", encoding="utf-8") as f:
            text = f.read()
            f.seek(0)
            f.truncate()
            f.write(re.sub(r"\n +shadow(?=\n)", "", text) +
                    "".join(OTHER.format(page=page, platform=host.split(".")[1]) for host, page in OTHERS.items()))
        with open(os.path.join(copy, "registers", "hosts.csv"), "w", encoding="utf-8") as f:
            f.write("host,category\n" + "".join(f"{c}-site.example,{c}\n" for c in CATEGORIES) +
                    "a-much-longer-name-of-a-site-than-all-others.example,gambling adult\n")
        subprocess.run([TOOL, "compile", "--no-tests", "--maps", MAPS, "-o", folder.file("policy"), copy], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        s = Server(folder, [f"Policy {folder.file('policy')}", f"Spool {folder.file('spool')}"])
        self.addCleanup(s.stop)
        return s

    def shown(self, server, host, dest="document"):
        """Head and body as the browser has them, without the code."""
        answer = server.ask(get(host, dest), SAM)
        self.assertEqual(answer.http_status, 403, host)
        whole = answer.http + answer.body.decode()
        self.assertLessEqual(len(set(CODE.findall(whole.split("</style>")[-1]))), 1)
        return CODE.sub("CODE", whole)

    def skeleton(self, page):
        """What stands where: the head but for its length, and the tags with their classes; paragraphs in a row count as one, and
        a page's own button for none."""
        head, body = page.split("<body>", 1)
        body = re.sub(r'<p><a class="go".*?</p>', "", body, flags=re.S)
        tags = re.findall(r"<(/?[a-z0-9]+(?: class=\"[^\"]*\")?)", body)
        return re.sub(r"Content-Length: \d+", "", head), re.sub(r"(?:p /p )+", "p /p ", " ".join(tags))


def of(council):
    def test(self):
        s = self.serve(council)
        pages = {c: self.shown(s, f"{c}-site.example") for c in CATEGORIES}
        pages["two kinds"] = self.shown(s, "a-much-longer-name-of-a-site-than-all-others.example")
        for kind, page in pages.items():
            self.assertEqual(page, pages["adult"], kind)
        for dest in ("iframe", "empty", "image", "video"):  # as part of a page, too
            self.assertEqual(len({self.shown(s, f"{c}-site.example", dest) for c in CATEGORIES}), 1, dest)
        self.assertIn(H1, pages["adult"])
        for host in OTHERS:
            other = self.shown(s, host)
            self.assertNotIn(H1, other)
            self.assertEqual(self.skeleton(pages["adult"]), self.skeleton(other))
            self.assertLess(abs(len(pages["adult"]) - len(other)), 0.1 * len(other))
        for word in (*CATEGORIES, "-site", "inappropriate", "categor"):
            self.assertNotIn(word, re.sub(r"<style>.*</style>", "", pages["adult"]).lower())
    return test


for name in COUNCILS:
    setattr(Screen, f"test_every_category_looks_the_same_{name.replace('-', '_')}", of(name))


if __name__ == "__main__":
    main()
