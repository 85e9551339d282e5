"""The category database swapped under load, good ones and bad ones; its file taken away, and back at a start.

Guard -> the test that fails without it (each taken away once):
  what does not open leaves the lists in force (snapshot.c: look_at_categories)        -> Swaps
  the old database is unmapped by its last holder (snapshot.c: keep, unhold)           -> Swaps (mappings, descriptors)
  the file is mapped, and not read (mapfile.c: map_database)                           -> Swaps (memory)
  FILE.previous serves where FILE cannot (snapshot.c)                                  -> Start
"""

import os
import random
import shutil
import subprocess

import faults
import server
from faults import ALICE, BOB, Case, FACEBOOK, Vitals, get, row, until

SWAPS = 56
NAMES = 200000
RULES = """
scope class social streaming
scope category adult

forbid listed
    category adult
    page default-deny
    because "It is on a list."
    cite "6"
"""
MAP = 'version 2026-01-01\nsource s "Made up" licence "none"\nlist s made as adult\n'

# below a name, a name, what both databases have and what neither has
LISTED = (get("https://www.a.n7.listed.example/x", "Accept: text/html"), BOB, 403, True)
UNLISTED = (get("https://n7.listed.example.net/x"), BOB, 204, False)
MIX = (LISTED, (get("https://n99.listed.example/"), ALICE, 403, True), UNLISTED, UNLISTED, (get(FACEBOOK), ALICE, 204, True))


class Lists(Case):
    def setUp(self):
        super().setUp()
        self.folder.compile(more=RULES)
        self.path = self.folder.file("categories")
        with open(self.folder.file("map"), "w", encoding="ascii") as f:
            f.write(MAP)
        self.good = {name: self.made(name) for name in ("one", "two")}

    def made(self, name):
        """A database with 200,000 names that all have, and one of its own."""
        os.mkdir(self.folder.file(name))
        with open(self.folder.file(f"{name}/made"), "w", encoding="ascii") as f:
            f.writelines(f"n{i}.listed.example\n" for i in range(NAMES))
            f.write(f"{name}.example\n")
        path = self.folder.file(f"{name}.db")
        subprocess.run([server.TOOL, "lists", "import", self.folder.file(f"{name}/made"), "-o", path, "--map",
                        self.folder.file("map")], check=True, stdout=subprocess.DEVNULL)
        return faults.read(path)

    def put(self, data, name="categories"):
        faults.put(self.folder, data, name)

    def serve(self, **more):
        return self.start(f"Categories {self.path}", **more)

    def says(self, connection, name):
        """Whether the lists in force have that database's own name; an event of the test's own where they have."""
        answer = connection.reqmod(get(f"https://{name}.example/"), BOB)
        self.own += answer.is_response
        return answer.is_response

    def told(self, held):
        """How often lists were not taken, by all children together; they look when they are asked."""
        for c in held.values():
            self.tag_of(c)
        return self.folder.text("server.log").count("the lists before it stay in force")


class Swaps(Lists):
    def bad(self, choice, good):
        """Puts a bad one into place."""
        data = bytearray(good)
        kind = choice.randrange(8)
        if os.path.isdir(self.path):
            os.rmdir(self.path)
        if kind == 0:
            data = b""
        elif kind == 1:
            data = data[:choice.randrange(1, len(data))]
        elif kind == 2:
            data += b"more"
        elif kind == 3:
            data[2048 + 8 + 24] ^= 1  # the magic: core/catdb.h, CATDB_AT
        elif kind == 4:
            data[2048 + 8 + 24 + 8] += 1  # the version
        elif kind == 5:
            data = choice.randbytes(len(data))
        if kind < 6:
            self.put(data)
        elif kind == 6:
            os.unlink(self.path)
            os.mkdir(self.path)
        else:
            os.symlink("nowhere", self.folder.file("new"))
            os.rename(self.folder.file("new"), self.path)

    def test_good_and_bad(self):
        """What both databases list is refused at all times, what neither lists never; nothing is lost, nothing grows."""
        choice = random.Random(6)
        self.put(self.good["one"])
        s = self.serve(threads=8, servers=2, start=2)
        self.whole_children(s, 2)
        held = self.one_each(s, 2)
        for c in held.values():
            self.assertTrue(self.says(c, "one"))
        child = max(held)
        load = self.load(s, clients=6, mix=MIX)
        before = None
        in_force, good, bad = "one", 0, 0
        for n in range(SWAPS):
            load.wait_more(10)
            if n % 2:
                told = self.told(held)
                self.bad(choice, self.good[in_force])
                bad += 1
                until(lambda: self.told(held) >= told + len(held), f"swap {n} is told by all")
            else:
                in_force = "two" if in_force == "one" else "one"
                if os.path.isdir(self.path):
                    os.rmdir(self.path)
                self.put(self.good[in_force])
                good += 1
                for c in held.values():
                    until(lambda: self.says(c, in_force), f"swap {n}")
            for c in held.values():
                self.assertTrue(self.says(c, in_force))
            if n == SWAPS // 4:
                before = Vitals(child)
        after = Vitals(child)
        load.stop()
        events = len(self.folder.events())
        row(f"{good} good, {bad} bad category databases", load.asked, len(load.failures), load.promised + self.own, events,
            before=before, after=after)
        self.no_failures(load)
        self.assertEqual(events, load.promised + self.own)
        self.assertEqual(set(s.children()), set(held))
        self.flat(before, after, 512)
        self.assertLess(after.memory * 1024, len(self.good["one"]))

    def test_rollback_under_load(self):
        """`portreeve lists rollback` takes the ones before back."""
        for name in ("one", "two"):
            subprocess.run([server.TOOL, "lists", "import", self.folder.file(f"{name}/made"), "-o", self.path, "--map",
                            self.folder.file("map")], check=True, stdout=subprocess.DEVNULL)
        s = self.serve(threads=8)
        load = self.load(s, clients=4, mix=MIX)
        with s.connect() as c:
            self.assertTrue(self.says(c, "two"))
            subprocess.run([server.TOOL, "lists", "rollback", self.path], check=True, stdout=subprocess.DEVNULL)
            until(lambda: self.says(c, "one"), "the lists before", 10)
            self.assertFalse(self.says(c, "two"))
        load.stop()
        row("category lists rolled back", load.asked, len(load.failures))
        self.no_failures(load)


class Start(Lists):
    def test_previous_serves_for_want_of_better(self):
        self.put(self.good["one"][:100000])
        self.put(self.good["two"], "categories.previous")
        s = self.serve()
        with s.connect() as c:
            self.assertTrue(self.says(c, "two"))
        self.assertIn("in force for want of a better one", self.folder.text("server.log") + self.folder.text("output"))

    def test_without_any(self):
        """Told as an alarm; requests are answered, and the lists are taken once they come."""
        s = self.serve()
        with s.connect() as c:
            self.assertFalse(self.says(c, "one"))
            self.assertIn("ALARM", self.folder.text("server.log") + self.folder.text("output"))
            shutil.copyfile(self.folder.file("one.db"), self.folder.file("new"))
            os.rename(self.folder.file("new"), self.path)
            until(lambda: self.says(c, "one"), "the lists that have come")
