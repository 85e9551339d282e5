"""Hosts held for the service desk: their disk full, and workers killed while pages go out.

Guard -> the test that fails without it (each taken away once):
  what cannot be held is counted and said once (module/held.c: say_lost)     -> Full
  a line that the disk cut off spoils no other (record/held.c: held_add)     -> Full
  the host is held before the page goes out (service.c: held_note)           -> Killed
"""

import os
import random
import re
import signal

import faults
from faults import BOB, Case, Client, LIKE_A_SERVICE, get, row, until

FORBID = """
forbid adult
    category adult
    page default-deny
    because "Not at work."
    cite "2"
"""
PAGE = (get("http://nude.example/a/path?q=word", "Accept: text/html"), BOB, 403, True)
LINE = re.compile(r"^([^\t\n]+)\t1\tadult\tadult\thosts\.csv\tnude\.example\t\.$", re.M)
KILLS = 5


class Desk(Case):
    def setUp(self):
        super().setUp()
        os.makedirs(self.folder.file("council/registers"))
        with open(self.folder.file("council/registers/hosts.csv"), "w", encoding="ascii") as f:
            f.write("host,category\nnude.example,adult\n")
        self.folder.compile(more=FORBID)
        os.mkdir(self.folder.file("held"))

    def desk(self, **more):
        return self.start(f"HeldHosts {self.folder.file('held')}", **more)

    def codes(self, folder):
        """Those of whole lines, and what else is there."""
        text = ""
        for name in os.listdir(folder):
            if name.startswith("held-"):
                with open(os.path.join(folder, name), encoding="ascii") as f:
                    text += f.read()
        return LINE.findall(text), [line for line in LINE.sub("", text).split("\n") if line]


class Full(Desk):
    def test_a_disk(self):
        """A small disk of the test's own, in a mount namespace of the server's own."""
        if not faults.may_mount():
            self.skipTest("no mount here (unshare -m)")
        held = self.folder.file("held")
        mount = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=64k,mode=777 tmpfs "$0" && exec "$@"', held]
        s = self.desk(prefix=[*mount, *LIKE_A_SERVICE])
        inside = f"/proc/{s.process.pid}/root{held}"  # as the server sees it
        client, child = Client(s), s.children()[0]
        self.addCleanup(client.close)
        client.ask(PAGE)
        with open(os.path.join(inside, "filler"), "wb", buffering=0) as f:
            try:
                while f.write(bytes(4096)):
                    pass
            except OSError:
                pass
        until(lambda: client.ask(PAGE) and faults.numbers(s)["refused hosts not held"] >= 20, "the disk is full")
        os.unlink(os.path.join(inside, "filler"))
        for _ in range(20):
            client.ask(PAGE)
        lost = faults.numbers(s)["refused hosts not held"]
        found, torn = self.codes(inside)
        row("held hosts: their disk full", client.asked, len(client.failures), len(client.codes), len(found), lost)
        self.assertEqual(client.failures, [])
        self.assertEqual(s.children(), [child])
        self.assertEqual(len(found) + lost, client.asked)
        self.assertEqual(found[-20:], client.codes[-20:])
        self.assertLessEqual(len(torn), 1)
        self.assertEqual(self.folder.text("server.log").count("a refused host cannot be held"), 1)


class Killed(Desk):
    def test_under_load(self):
        """kill -9 of one child after another under eight clients: whoever has a page can ask by its code."""
        s = self.desk(threads=8, servers=5, start=3)
        self.whole_children(s, 3)
        load, choice = self.load(s, clients=8, mix=(PAGE,)), random.Random(1)
        for _ in range(KILLS):
            load.wait_more(200)
            before = s.children()
            os.kill(choice.choice(before), signal.SIGKILL)
            load.wait_each()
            until(lambda: len(s.children()) >= 3 and set(s.children()) - set(before), "a child in its place")
        load.stop()
        found, torn = self.codes(self.folder.file("held"))
        row(f"held hosts: {KILLS} children killed with -9", load.asked, len(load.failures), len(load.codes), len(found), len(torn))
        self.no_failures(load)
        self.assertGreater(load.broken, 0, "no kill has hit a request")
        self.assertEqual(set(load.codes) - set(found), set())
        self.assertEqual(torn, [])
