#!/usr/bin/env python3
"""A wrong block put right: hosts refused by category held by the module in a real c-icap, `portreeve why` and `unblock`, and
what the never-log list leaves out. Needs SRV_PORTREEVE and PORTREEVE (see server.py)."""

import datetime
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import TOOL, Folder, Server, until  # noqa: E402
from test_module import main  # noqa: E402

POLICY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "policies", "never-log")
BOB = ["X-Client-IP: 10.1.2.4", "X-Client-Username: bob", "X-Groups: all-staff"]
FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
CODE = re.compile(rb"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
MAP = """version 2026-01-01
source ut1 "A university" licence "CC BY-SA 4.0"
list ut1 adult as adult
list ut1 malware as malware
source council "The council" own licence "none"
list council forbidden as illegal
"""


def get(url, *headers, method="GET"):
    return [f"{method} {url} HTTP/1.1", "Host: " + url.split("/")[2], *(headers or ["Accept: text/html"])]


def day(n):
    return (datetime.date.today() + datetime.timedelta(days=n)).isoformat()


class Held(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.compile()
        os.mkdir(self.folder.file("held"))
        self.lists(malware=["bad.example", "shop2.example"], adult=["nude.example"])

    def compile(self, more="", hosts=""):
        """The policy of tests/policies/never-log, with more rules and more hosts of its own."""
        council = self.folder.file("council")
        shutil.copytree(POLICY, council, dirs_exist_ok=True)
        for name, text in (("council.policy", more), ("registers/hosts.csv", hosts)):
            with open(os.path.join(council, name), "a", encoding="utf-8") as f:
                f.write(text)
        subprocess.run([TOOL, "compile", "--no-tests", "--maps", council, "-o", self.folder.file("policy"), council], check=True,
                       stderr=subprocess.DEVNULL)

    def lists(self, **names):
        """The category database, imported from made-up lists."""
        for name, hosts in names.items():
            root = self.folder.file("own" if name == "forbidden" else "ut1")
            os.makedirs(os.path.join(root, name), exist_ok=True)
            with open(os.path.join(root, name, "domains"), "w", encoding="ascii") as f:
                f.write("".join(f"{host}\n" for host in hosts))
        with open(self.folder.file("map"), "w", encoding="ascii") as f:
            f.write(MAP)
        sources = [f"{source}={self.folder.file(name)}" for source, name in (("ut1", "ut1"), ("council", "own"))
                   if os.path.isdir(self.folder.file(name))]
        self.tool("lists", "import", *sources, "--map", self.folder.file("map"), "-o", self.folder.file("categories"), "--accept")

    def tool(self, *args, status=0):
        done = subprocess.run([TOOL, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def serve(self, *more, held=True, **options):
        f = self.folder
        s = Server(f, [f"Policy {f.file('policy')}", f"Spool {f.file('spool')}", f"Categories {f.file('categories')}",
                       *([f"HeldHosts {f.file('held')}"] if held else []), *more], **options)
        self.addCleanup(s.stop)
        return s

    def refused(self, server, request, **more):
        answer = server.ask(request, BOB, **more)
        self.assertEqual(answer.http_status, 403)
        found = CODE.search(answer.body.split(b"</style>")[-1])
        return found.group().decode() if found else None

    def why(self, code, *args, status=0):
        return self.tool("why", code, "--held", self.folder.file("held"), "--access-log", self.folder.file("access"),
                         "--artefact", self.folder.file("policy"), *args, status=status)

    def unblock(self, code, *args, until_day=None, status=0, owner="ICT service desk"):
        return self.tool("unblock", code, "--until", until_day or day(7), "--owner", owner, "--held", self.folder.file("held"),
                         "--categories", self.folder.file("categories"), "--access-log", self.folder.file("access"), *args,
                         status=status)

    def held(self):
        text = ""
        for name in sorted(os.listdir(self.folder.file("held"))):
            with open(os.path.join(self.folder.file("held"), name), encoding="ascii") as f:
                text += f.read()
        return text

    def statistic(self, server, name):
        with server.connect(service="info?view=text&table=*") as c:
            text = c.reqmod(get("http://x.example/")).body.decode(errors="replace")
        return int(re.search(rf"portreeve {re.escape(name)}\s*:\s*(\d+)", text).group(1))

    def access(self):
        lines = [json.loads(line) for line in self.tool("access", self.folder.file("access"), "--json").splitlines()]
        return [line for line in lines if line["what"] != "access"]


class Looking(Held):
    def test_the_service_desk_learns_host_rule_and_list(self):
        s = self.serve()
        code = self.refused(s, get("http://www.bad.example/a/secret?q=private"))
        told = json.loads(self.why(code, "--json"))
        self.assertEqual((told["host"], told["categories"], told["lists"], told["rule"], told["because"], told["clause"]),
                         ("www.bad.example", ["malware"], ["ut1/malware"], "malware", "It would harm your machine.", "2"))
        text = self.why(code.lower())
        self.assertIn("host: www.bad.example", text)
        for word in ("bob", "10.1.2.4", "secret", "private"):
            self.assertNotIn(word, text + self.held() + self.folder.text("access"))
        own = json.loads(self.why(self.refused(s, get("http://shop.example/")), "--json"))
        self.assertEqual(own["lists"], ["hosts.csv"])

    def test_every_look_is_logged_also_one_that_finds_nothing(self):
        s = self.serve()
        code = self.refused(s, get("http://bad.example/"))
        self.why(code)
        self.assertIn("no page with the code", self.why("AAAA-AAAA", status=1))
        lines = self.access()
        self.assertEqual([(line["what"], line["code"], line["result"]) for line in lines],
                         [("why", code, "told"), ("why", "AAAA-AAAA", "not found")])
        self.assertTrue(all(line["by"] and line["role"] == "ict" and line["time"] for line in lines))
        self.assertNotIn("bad.example", self.folder.text("access"))

    def test_a_look_that_fails_is_logged_too(self):
        s = self.serve()
        code = self.refused(s, get("http://bad.example/"))
        with open(self.folder.file("a file"), "w", encoding="ascii"):
            pass
        for what in (("why", code), ("unblock", code, "--until", day(1), "--owner", "ICT", "--categories", self.folder.file("categories"))):
            said = self.tool(*what, "--held", self.folder.file("a file"), "--access-log", self.folder.file("access"), status=2)
            self.assertIn("cannot be read", said)
        self.assertIn("categories", self.tool("unblock", code, "--until", day(1), "--owner", "ICT", "--categories",
                                              self.folder.file("no categories"), "--held", self.folder.file("held"),
                                              "--access-log", self.folder.file("access"), status=2))
        self.assertEqual([(line["what"], line["code"], line["result"]) for line in self.access()],
                         [("why", code, "failed"), ("unblock", code, "failed"), ("unblock", code, "failed")])

    def test_a_code_of_any_bytes_is_logged(self):
        self.serve()
        for code in (b"\xff\xfe", b"", b"a" * 9000, b'"\n}{'):
            done = subprocess.run([TOOL.encode(), b"why", code, b"--held", self.folder.file("held").encode(), b"--access-log",
                                   self.folder.file("access").encode()], stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([(line["what"], line["result"]) for line in self.access()], [("why", "not found")] * 4)

    def test_what_cannot_be_logged_is_not_told(self):
        s = self.serve()
        code = self.refused(s, get("http://bad.example/"))
        said = self.tool("why", code, "--held", self.folder.file("held"), "--access-log", self.folder.file("missing/log"), status=2)
        self.assertIn("access log", said)
        self.assertNotIn("bad.example", said)

    def test_only_a_page_that_somebody_saw_holds_a_host(self):
        s = self.serve()
        for request in (get("http://bad.example/a.png", "Sec-Fetch-Dest: image"),
                        get("http://bad.example/a", "Sec-Fetch-Dest: iframe", "Accept: text/html"),
                        get("http://other.example/")):
            s.ask(request, BOB)
        s.ask(["CONNECT bad.example:443 HTTP/1.1", "Host: bad.example:443"], BOB)
        self.assertEqual(self.held(), "")

    def test_a_host_that_a_carrier_shows_is_held_itself(self):
        s = self.serve()
        code = self.refused(s, get("https://cache.example/?u=http://shop.example/"))
        self.assertEqual(json.loads(self.why(code, "--json"))["host"], "shop.example")

    def test_after_its_days_it_is_not_told(self):
        s = self.serve()
        code = self.refused(s, get("http://bad.example/"))
        self.why(code, "--at", day(13))
        self.assertIn("within 14 days", self.why(code, "--at", day(14), status=1))
        self.assertIn("within 2 days", self.why(code, "--days", "2", "--at", day(2), status=1))

    def test_no_folder_no_host(self):
        s = self.serve(held=False)
        code = self.refused(s, get("http://bad.example/"))
        self.assertEqual(self.held(), "")
        self.why(code, status=1)

    def test_a_folder_that_cannot_be_written_stops_no_answer(self):
        s = self.serve(f"HeldHosts {self.folder.file('nowhere')}", held=False)
        self.refused(s, get("http://bad.example/"))
        until(lambda: "a refused host cannot be held" in self.folder.text("server.log"), "it is said")
        os.mkdir(self.folder.file("nowhere"))
        self.folder.path_held = "nowhere"
        code = self.refused(s, get("http://bad.example/"))
        self.assertIn("bad.example", self.tool("why", code, "--held", self.folder.file("nowhere"), "--access-log",
                                               self.folder.file("access")))

    def test_killed_right_after_the_answer_it_is_there(self):
        s = self.serve()
        for _ in range(5):
            code = self.refused(s, get("http://bad.example/"))
            child = s.children()[0]
            os.kill(child, signal.SIGKILL)
            until(lambda child=child: child not in s.children() and s.children(), "another child")
            until(s.answers, "it answers")
            self.assertIn("bad.example", self.why(code))


class Unblocking(Held):
    def passes(self, server, url):
        return server.ask(get(url), BOB).status == 204

    def test_live_within_seconds_this_name_alone_and_after_its_day_shut_again(self):
        s = self.serve()
        code = self.refused(s, get("http://shop2.example/"))
        self.assertIn("shop2.example", self.unblock(code, "--even-harmful"))
        # Default deny: the category's rule refuses it no longer, and no other rule speaks of it.
        until(lambda: self.passes(s, "http://shop2.example/"), "it is open", seconds=10)
        self.refused(s, get("http://bad.example/"))
        self.refused(s, get("http://www.shop2.example/"))
        for at, wanted in ((day(7), "out-of-scope"), (day(8), "rule")):
            said = json.loads(self.tool("explain", "--artefact", self.folder.file("policy"), "--categories",
                                        self.folder.file("categories"), "--at", at, "--json", "http://shop2.example/"))
            self.assertEqual(said["why"], wanted)
        opened = self.access()[-1]
        self.assertEqual((opened["result"], opened["host"], opened["owner"], opened["until"]),
                         ("opened", "shop2.example", "ICT service desk", day(7)))
        # What outlives the held hosts leads from no code to a host: a code leads to an event, and that may name somebody.
        for name in ("access", "categories.unblocked.csv"):
            self.assertIn("shop2.example", self.folder.text(name))
            self.assertNotIn(code, self.folder.text(name))

    @unittest.skipUnless(FAKETIME, "libfaketime is not installed (package faketime)")
    def test_its_day_over_it_is_shut_again_by_itself(self):
        self.clock("+0")
        s = self.serve(variables={"LD_PRELOAD": FAKETIME[0], "FAKETIME_TIMESTAMP_FILE": self.folder.file("clock"),
                                  "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        self.unblock(self.refused(s, get("http://shop2.example/")), "--even-harmful", until_day=day(1))
        until(lambda: self.passes(s, "http://shop2.example/"), "it is open", seconds=10)
        self.clock("+1d")
        self.assertTrue(self.passes(s, "http://shop2.example/"))
        self.clock("+2d")
        self.refused(s, get("http://shop2.example/"))

    def clock(self, offset):
        with open(self.folder.file("clock.new"), "w", encoding="ascii") as f:
            f.write(offset + "\n")
        os.rename(self.folder.file("clock.new"), self.folder.file("clock"))

    def test_illegal_content_is_opened_by_no_service_desk_whatever_rule_refused_it(self):
        """By today's lists, by the lists of the day, and by the policy's own register."""
        self.compile(hosts="own-illegal.example,illegal malware\n", more="""
forbid z-illegal
    category illegal
    page refused
    because "Against the law."
    cite "2"
""")
        self.lists(malware=["listed-later.example", "was-listed.example"], forbidden=["was-listed.example"])
        s = self.serve()
        codes = [self.refused(s, get(f"http://{name}.example/")) for name in ("own-illegal", "was-listed", "listed-later")]
        self.lists(malware=["listed-later.example", "was-listed.example"], forbidden=["listed-later.example"])
        for code in codes:
            self.assertIn("a list of illegal content", self.unblock(code, "--even-harmful", status=1))
        self.assertFalse(os.path.exists(self.folder.file("categories.unblocked")))
        self.assertEqual([line["result"] for line in self.access()], ["refused"] * 3)

    def test_what_it_is_listed_as_besides_is_said(self):
        self.lists(malware=["bad.example"], adult=["bad.example"])
        s = self.serve()
        self.assertIn("listed, too, as adult", self.unblock(self.refused(s, get("http://bad.example/")), "--even-harmful"))

    def test_a_second_one_keeps_the_first_and_an_import_keeps_both(self):
        s = self.serve()
        for host in ("bad.example", "shop2.example"):
            self.unblock(self.refused(s, get(f"http://{host}/")), "--even-harmful")
        self.lists(malware=["bad.example", "shop2.example", "new.example"])
        until(lambda: s.ask(get("http://new.example/"), BOB).http_status == 403 if not self.passes(s, "http://new.example/") else False,
              "the new list is in force")
        for host in ("bad.example", "shop2.example"):
            until(lambda host=host: self.passes(s, f"http://{host}/"), host)
        self.assertEqual(self.folder.text("categories.unblocked.csv").count("\n"), 3)

    def test_what_is_not_opened(self):
        s = self.serve()
        code = self.refused(s, get("http://bad.example/"))
        self.assertIn("malware or phishing", self.unblock(code, status=1))
        self.assertIn("is over", self.unblock(code, "--even-harmful", until_day=day(-1), status=2))
        self.assertIn("a year at most", self.unblock(code, "--even-harmful", until_day=day(400), status=2))
        self.assertIn("is no", self.unblock(code, "--even-harmful", until_day="soon", status=2))
        for owner in ("", "=cmd", "a\nb", "x" * 81, 'a"b', b"Caf\xe9"):
            self.assertIn("whose decision", self.unblock(code, "--even-harmful", owner=owner, status=2))
        self.assertIn("no page with the code", self.unblock("AAAA-AAAA", "--even-harmful", status=1))
        with open(self.folder.file("local.csv"), "w", encoding="ascii") as f:
            f.write("host,action,category,owner,until\nbad.example,deny,malware,ICT security,\n")
        self.tool("lists", "local", self.folder.file("local.csv"), "-o", self.folder.file("categories"))
        self.assertIn("denies it (ICT security)", self.unblock(code, "--even-harmful", status=1))
        self.assertFalse(os.path.exists(self.folder.file("categories.unblocked")))
        self.refused(s, get("http://bad.example/"))
        self.assertEqual([line["result"] for line in self.access()], ["refused", *["failed"] * 9, "not found", "refused"])
        self.assertEqual({line["code"] for line in self.access()}, {code, "AAAA-AAAA"})

    def test_a_broken_file_of_opened_hosts_opens_nothing_and_shuts_nothing(self):
        s = self.serve()
        self.unblock(self.refused(s, get("http://shop2.example/")), "--even-harmful")
        until(lambda: self.passes(s, "http://shop2.example/"), "it is open")
        with open(self.folder.file("aside"), "wb") as f:
            f.write(b"no database")
        os.rename(self.folder.file("aside"), self.folder.file("categories.unblocked"))
        until(lambda: s.answers() and self.refused(s, get("http://bad.example/")) and
              "not taken; the lists before it stay in force" in self.folder.text("server.log"), "it is said")
        self.assertTrue(self.passes(s, "http://shop2.example/"))
        self.refused(s, get("http://bad.example/"))


class NeverLogged(Held):
    def test_nothing_is_kept_of_it_wherever_it_is_met(self):
        s = self.serve(more=["ServiceAlias portreeve_resp portreeve_req"])
        self.assertEqual(s.ask(get("http://join.union.example/"), BOB).http_status, 403)
        self.assertEqual(s.ask(get("https://cache.example/?u=http://union.example/"), BOB).http_status, 403)
        self.assertEqual(s.ask(get("http://www.chapel.example/"), BOB).status, 204)
        with s.connect(service="portreeve_resp") as c:
            answer = c.respmod(get("http://own.example/list"), ["HTTP/1.1 200 OK", "Content-Type: video/mp4"], icap=BOB, body=b"x")
            self.assertEqual(answer.http_status, 403)
        told = [[name.lower() for name in s.ask(get(url), BOB).headers] for url in ("http://join.union.example/", "http://bad.example/")]
        self.assertEqual(["x-attribute" in names for names in told], [False, True])
        self.assertEqual([e["rule"] for e in self.folder.events()], ["malware"])  # bad.example's
        self.assertEqual(self.held().count("\n\n"), 0)
        self.assertNotIn("union", self.held())
        self.assertEqual(self.statistic(s, "not recorded: never-log hosts"), 5)

    def test_nor_of_its_parts_tunnels_and_what_shadow_lets_through(self):
        s = self.serve()
        shadows = ["X-Client-IP: 10.1.2.5", "X-Client-Username: sam", "X-Groups: shadows"]
        for request, who in ((get("http://union.example/a.png", "Sec-Fetch-Dest: image", "Referer: http://other.example/"), BOB),
                             (["CONNECT union.example:443 HTTP/1.1", "Host: union.example:443"], BOB),
                             (get("http://union.example/"), shadows),
                             (get("http://union.example/%zz"), BOB),
                             (get("https://cache.example/?u=http%3A%2F%2Fcache.example%2F%3Fu%3Dhttp%3A%2F%2Funion.example%2F"), BOB)):
            answer = s.ask(request, who)
            self.assertNotIn("x-attribute", [name.lower() for name in answer.headers], request)
        self.assertEqual((self.folder.events(), self.held()), ([], ""))
        self.assertNotIn("union", self.folder.text("server.log") + self.folder.text("access.log"))

    def test_its_page_looks_as_all_others_do(self):
        s = self.serve()
        one, other = (CODE.sub(b"", s.ask(get(url), BOB).body) for url in ("http://bad.example/", "http://union.example/"))
        self.assertEqual(one, other)


if __name__ == "__main__":
    main()
