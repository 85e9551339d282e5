"""Policies swapped under load, bad ones among them; the policy's folder taken away; files copied over in place.

Guard -> the test that fails without it (each taken away once):
  what does not open leaves the old policy in force (snapshot.c: look_again, load)     -> Swaps
  an artefact's sum is compared at opening (artefact_check.c)                          -> Swaps.test_one_bit
  the old policy is freed by its last holder (snapshot.c: unhold)                      -> Swaps (memory, mappings)
  an artefact is no longer its file once it is open (mapfile.c)                        -> InPlace
  a file's mode, not only its bytes, makes it another file (snapshot.c: identify)      -> Swaps.test_made_readable_later
"""

import os
import random
import shutil

import faults
from faults import Case, Vitals, put, raise_generation, row, until

SWAPS = 1000
FLIPS = 40


class Publisher:
    """Puts good and bad ones into place, in an order of its own."""

    def __init__(self, test, seed):
        self.folder = test.folder
        self.path = self.folder.file("policy")
        self.good = test.versions(12)
        self.choice = random.Random(seed)
        self.bad = (self.empty, self.cut, self.flipped, self.another_version, self.unreadable, self.a_folder,
                    self.dangling)

    def clear(self):
        """A folder cannot be renamed over."""
        if os.path.isdir(self.path) and not os.path.islink(self.path):
            os.rmdir(self.path)

    def put_good(self):
        tag, data = self.choice.choice(list(self.good.items()))
        self.clear()
        put(self.folder, data)
        put(self.folder, data, "policy.last-good")
        raise_generation(self.folder)
        return tag

    def put_bad(self):
        make = self.choice.choice(self.bad)
        self.clear()
        make(bytearray(self.choice.choice(list(self.good.values()))))
        raise_generation(self.folder)

    def empty(self, _):
        put(self.folder, b"")

    def cut(self, data):
        put(self.folder, data[:self.choice.randrange(1, len(data))])

    def flipped(self, data):
        data[self.choice.randrange(len(data) // 2, len(data))] ^= 1 << self.choice.randrange(8)
        put(self.folder, data)

    def another_version(self, data):
        data[8] += 1  # struct artefact_header: the version follows the eight bytes of magic
        put(self.folder, data)

    def unreadable(self, data):
        with open(self.folder.file("new"), "wb") as f:
            f.write(data)
        os.chmod(self.folder.file("new"), 0)
        os.rename(self.folder.file("new"), self.path)

    def a_folder(self, _):
        if os.path.lexists(self.path):
            os.unlink(self.path)
        os.mkdir(self.path)

    def dangling(self, _):
        os.symlink("nowhere", self.folder.file("new"))
        os.rename(self.folder.file("new"), self.path)


class Swaps(Case):
    def test_a_thousand_good_and_bad(self):
        """Each answer is by a good policy, none fails; at the end each child serves the last one; nothing has grown."""
        publisher = Publisher(self, 2)
        publisher.put_good()
        s = self.start(threads=8, servers=3, start=3)
        self.whole_children(s, 3)
        held = self.one_each(s, 3)
        child = max(held)
        load = self.load(s, clients=6)
        good = bad = 0
        before = None
        for n in range(SWAPS):
            load.wait_more(10)
            if n % 2:
                publisher.put_bad()
                bad += 1
            else:
                tag = publisher.put_good()
                good += 1
            if n % 50 == 0:
                for c in held.values():
                    until(lambda: tag in self.tag_of(c), f"swap {n}")
            if n == SWAPS // 4:
                before = Vitals(child)
        last = publisher.put_good()
        for c in held.values():
            until(lambda: last in self.tag_of(c), "the last one")
        after = Vitals(child)
        load.stop()
        events = len(self.folder.events())
        counted = faults.numbers(s)
        row(f"{good} good, {bad} bad artefacts", load.asked, len(load.failures), load.promised + self.own, events,
            counted["events lost"], before, after)
        self.no_failures(load)
        self.assertEqual({t for t in load.tags if t.strip('"')[-16:] not in {g[:16] for g in publisher.good}}, set())
        self.assertEqual(events, load.promised + self.own)
        self.assertEqual(counted["unavailable"], 0)
        self.assertGreater(counted["policy swaps"], SWAPS / 20)
        self.assertGreater(counted["bad artefacts"], SWAPS / 20)
        self.assertEqual(set(s.children()), set(held))
        self.flat(before, after, 512)

    def test_one_bit(self):
        """Wherever behind its head a bit is turned, the artefact is not taken, and that is said."""
        (tag, good), choice = next(iter(self.versions(1).items())), random.Random(4)
        put(self.folder, good)
        put(self.folder, good, "policy.last-good")
        s = self.start()
        with s.connect() as c:
            for n in range(FLIPS):
                data = bytearray(good)
                data[choice.randrange(len(data) // 4, len(data))] ^= 1 << choice.randrange(8)
                put(self.folder, data)
                raise_generation(self.folder)
                until(lambda: self.tag_of(c) and self.folder.text("server.log").count("not taken;") == n + 1,
                      f"flip {n} is said")
                self.assertIn(tag, self.tag_of(c))
        row(f"{FLIPS} artefacts with one bit turned", self.own, 0, self.own, len(self.folder.events()))

    def test_made_readable_later(self):
        """Published with a mode that keeps c-icap out, and then let in: the bytes and their times are the same."""
        (first, a), (second, b) = self.versions(2).items()
        put(self.folder, a)
        put(self.folder, a, "policy.last-good")
        s = self.start()
        with s.connect() as c:
            self.assertIn(first, self.tag_of(c))
            with open(self.folder.file("new"), "wb") as f:
                f.write(b)
            os.chmod(self.folder.file("new"), 0)
            os.rename(self.folder.file("new"), self.folder.file("policy"))
            until(lambda: self.tag_of(c) and "not taken" in self.folder.text("server.log"), "it is said")
            self.assertIn(first, self.tag_of(c))
            os.chmod(self.folder.file("policy"), 0o640)
            until(lambda: second in self.tag_of(c), "it is taken")


class FolderGone(Case):
    def setUp(self):
        super().setUp()
        self.place = self.folder.file("policies")
        os.mkdir(self.place)
        (self.first, a), (self.second, self.new) = self.versions(2).items()
        with open(os.path.join(self.place, "policy"), "wb") as f:
            f.write(a)
        with open(os.path.join(self.place, "policy.generation"), "wb") as f:
            f.write(bytes(8))

    def serve(self):
        s = faults.Server(self.folder, [f"Policy {self.place}/policy", f"Spool {self.folder.file('spool')}"], threads=8,
                          prefix=faults.LIKE_A_SERVICE)
        self.addCleanup(s.stop)
        return s

    def test_removed_while_serving(self):
        s = self.serve()
        load = self.load(s, clients=4)
        load.wait_each()
        shutil.rmtree(self.place)
        load.wait_more(500)
        until(lambda: "not taken" in self.folder.text("server.log"), "it is said")
        load.wait_more(500)
        os.mkdir(self.place)
        with open(os.path.join(self.place, "policy"), "wb") as f:
            f.write(self.new)
        with s.connect() as c:
            until(lambda: self.second in self.tag_of(c), "the new policy in the new folder")
        load.stop()
        row("the policy's folder removed", load.asked, len(load.failures), load.promised + self.own,
            len(self.folder.events()))
        self.no_failures(load)
        self.assertEqual(len(self.folder.events()), load.promised + self.own)

    def test_shut_while_serving(self):
        s = self.serve()
        load = self.load(s, clients=4)
        load.wait_each()
        os.chmod(self.place, 0)
        self.addCleanup(os.chmod, self.place, 0o755)
        until(lambda: "not taken" in self.folder.text("server.log"), "it is said")
        load.wait_more(1000)
        with s.connect() as c:
            self.assertIn(self.first, self.tag_of(c))
            os.chmod(self.place, 0o755)
            aside = os.path.join(self.place, "new")
            with open(aside, "wb") as f:
                f.write(self.new)
            os.rename(aside, os.path.join(self.place, "policy"))
            until(lambda: self.second in self.tag_of(c), "the new policy")
        load.stop()
        row("the policy's folder shut", load.asked, len(load.failures))
        self.no_failures(load)


class InPlace(Case):
    TIMES = 100

    def test_copied_over(self):
        """`cp NEW POLICY` cuts and fills the very file that is in force: no request may notice."""
        good = self.versions(4)
        os.unlink(self.folder.file("policy.generation"))
        s = self.start(threads=8)
        child = s.children()
        load = self.load(s, clients=6)
        before = Vitals(child[0])
        for n in range(self.TIMES):
            load.wait_more(20, 20)
            with open(self.folder.file("policy"), "r+b") as f:
                f.truncate(0)
                load.wait_more(20, 20)
                data = list(good.values())[n % len(good)]
                f.write(data[:len(data) // 2])
                f.flush()
                load.wait_more(20, 20)
                f.write(data[len(data) // 2:])
        with s.connect() as c:
            until(lambda: list(good)[(self.TIMES - 1) % len(good)] in self.tag_of(c), "the last one")
        load.stop()
        row(f"copied over in place, {self.TIMES} times", load.asked, len(load.failures), before=before)
        self.no_failures(load)
        self.assertEqual(load.broken, 0)
        self.assertEqual(s.children(), child)

