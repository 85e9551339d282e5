#!/usr/bin/env python3
"""Epochs in a real c-icap with several children: the turn, and that every worker lets an old key go, idle or not: looked for in their
memory. Needs SRV_PORTREEVE, PORTREEVE and root (or the same user's leave to read its own processes' memory)."""

import hashlib
import os
import re
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from server import until  # noqa: E402
from test_module import BOB, FACEBOOK, Case, get, main  # noqa: E402

DAY = 20_588  # 2026-05-15; what an id's day is has no meaning for the module


def key_file(*epochs):
    rows = b"".join(struct.pack("<IIqq", DAY + n << 6 | 1, 0, since, until) + key for n, (since, until, key) in enumerate(epochs))
    whole = b"PTREPOCH" + struct.pack("<II", 1, len(epochs)) + rows
    return whole + hashlib.blake2b(whole, digest_size=16).digest()


def holds(pid, key):
    """Whether a process has the key in memory that it can write to."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            start, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            if "rw" not in rights:
                continue
            try:
                memory.seek(int(start, 16))
                if key in memory.read(int(end, 16) - int(start, 16)):
                    return True
            except OSError:  # a guard page, or gone since it was listed
                continue
    return False


class Epochs(Case):
    record = "pseudonym"

    def setUp(self):
        super().setUp()
        self.keys = [os.urandom(32), os.urandom(32)]

    def put(self, *epochs):
        new = self.folder.file("key.new")
        with open(new, "wb", opener=lambda name, flags: os.open(name, flags, 0o640)) as f:
            f.write(key_file(*epochs))
        os.rename(new, self.folder.file("key"))

    def serve(self):
        return self.start(f"PseudonymKey {self.folder.file('key')}", servers=3, start=3, threads=2)

    def pseudonym(self, n):
        return hashlib.blake2b(b"bob", digest_size=16, key=self.keys[n], person=b"portreeve-user").hexdigest()

    def holders(self, s, n):
        return sum(holds(pid, self.keys[n]) for pid in [s.process.pid, *s.children()])

    def ask_until(self, s, what, wanted):
        def asked():
            s.ask(get(FACEBOOK), BOB)
            return wanted in {(e["pseudonym"], e["epoch"]) for e in self.folder.events()}
        until(asked, what)

    def test_the_turn(self):
        """The next key is there ahead, so that no event is without one; the ended one is in no worker's memory any more."""
        turn = int(time.time()) + 8
        self.put((0, turn, self.keys[0]), (turn, turn + 86400, self.keys[1]))
        s = self.serve()
        self.ask_until(s, "the first epoch", (self.pseudonym(0), "2026-05-15.1"))
        self.assertEqual(self.holders(s, 0), len(s.children()))  # the master has none
        self.ask_until(s, "the second epoch", (self.pseudonym(1), "2026-05-16.1"))
        until(lambda: self.holders(s, 0) == 0, "the ended key is dropped by all")
        self.assertEqual(self.holders(s, 1), len(s.children()))
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(turn))
        for e in self.folder.events():  # each has an epoch, by its time
            self.assertEqual(e["epoch"], "2026-05-15.1" if e["time"] < moment else "2026-05-16.1", e["time"])

    def test_idle_workers_drop_a_destroyed_key(self):
        self.put((0, 1 << 40, self.keys[0]))
        s = self.serve()
        for _ in range(20):
            s.ask(get(FACEBOOK), BOB)
        self.assertEqual(self.holders(s, 0), len(s.children()))
        os.unlink(self.folder.file("key"))
        began = time.monotonic()
        until(lambda: self.holders(s, 0) == 0, "the key is dropped by all, though nobody asks them")
        print(f"# dropped by all workers within {time.monotonic() - began:.1f} s")
        self.assertNotIn(None, [e["pseudonym"] for e in self.folder.events()])
        s.ask(get(FACEBOOK), BOB)
        self.assertIn(None, [e["pseudonym"] for e in self.folder.events()])
        self.put((0, 1 << 40, self.keys[1]))
        self.ask_until(s, "another key", (self.pseudonym(1), "2026-05-15.1"))

    def test_a_damaged_file_is_no_key(self):
        self.put((0, 1 << 40, self.keys[0]))
        s = self.serve()
        self.ask_until(s, "the key", (self.pseudonym(0), "2026-05-15.1"))
        with open(self.folder.file("key"), "r+b") as f:
            f.seek(40)
            f.write(bytes(8))
        until(lambda: self.holders(s, 0) == 0, "the key is dropped")
        self.assertIn("is no file of epochs", self.folder.text("server.log"))


if __name__ == "__main__":
    main()
