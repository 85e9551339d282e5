"""The clock set back and forth under load, for c-icap alone (libfaketime). Monotonic clocks do not jump.

Guard -> the test that fails without it (each taken away once):
  looks and retries go by the monotonic clock (snapshot.c: monotonic)             -> Jumps
  a segment's name is never earlier than the one before it (spool.c: name_time)   -> Order
"""

import glob
import os
import random

import faults
from faults import Case, put, row, until

JUMPS = 40
LOAD = 64000  # events; a segment holds some 50,000


class Faked(Case):
    def setUp(self):
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not library:
            self.skipTest("libfaketime is not installed (package faketime)")
        super().setUp()
        self.set_clock("+0")
        self.variables = {"LD_PRELOAD": library[0], "FAKETIME_TIMESTAMP_FILE": self.folder.file("clock"),
                          "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def set_clock(self, offset):
        """Seconds, signed; in one step, as the file is read at any time."""
        with open(self.folder.file("clock.new"), "w", encoding="ascii") as f:
            f.write(offset + "\n")
        os.rename(self.folder.file("clock.new"), self.folder.file("clock"))

    def sequences(self):
        return [e["sequence"] for e in self.folder.events()]


class Jumps(Faked):
    def test_back_and_forth(self):
        """No request fails, no event is missing or out of order, and a new policy is noticed all the same."""
        versions = self.versions(4)
        os.unlink(self.folder.file("policy.generation"))  # by the look once a second alone
        s = self.start(variables=self.variables)
        child, choice = s.children(), random.Random(3)
        load = self.load(s, clients=6)
        with s.connect() as c:
            for n in range(JUMPS):
                load.wait_more(100)
                self.set_clock(f"{choice.choice((-1, 1)) * choice.randrange(1, 400 * 86400):+d}")
                if n % 10 == 9:
                    self.set_clock("-3000000")  # back, for as long as it takes
                    tag, data = list(versions.items())[n // 10]
                    put(self.folder, data)
                    until(lambda: tag in self.tag_of(c), f"the policy of jump {n}")
        load.stop()
        events = self.sequences()
        row(f"the clock set {JUMPS} times", load.asked, len(load.failures), load.promised + self.own, len(events),
            faults.numbers(s)["events lost"])
        self.no_failures(load)
        self.assertEqual(load.broken, 0)
        self.assertEqual(events, list(range(1, load.promised + self.own + 1)))
        self.assertEqual(s.children(), child)
        self.assertGreater(len({e["time"] for e in self.folder.events()}), 5)  # the jumps were seen


class Order(Faked):
    def test_a_segment_after_the_clock_was_set_back(self):
        s = self.start(variables=self.variables)
        asked = 0
        for offset in ("+0", "-90000"):
            self.set_clock(offset)
            load = faults.icapload(s, [("GET", "https://www.facebook.com/a", "alice", "comms")], LOAD // 2)
            self.assertEqual(load["errors"], 0)
            asked += LOAD // 2
        self.assertGreater(len(self.folder.segments()), 1)
        found = self.sequences()
        row("the clock set back, then a new segment", asked, 0, asked, len(found), 0)
        self.assertEqual(found, list(range(1, asked + 1)))
