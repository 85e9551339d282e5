"""The spool's disk full, its folder read-only, removed, replaced.

Guard -> the test that fails without it (each taken away once):
  space is set aside before a segment is mapped (spool.c: reserve)      -> Full.test_a_disk (a child dies of SIGBUS)
  a file size limit is an error and no signal (spool.c: reserve)        -> Full.test_a_file_size_limit
  a segment is tried again, once a second (spool.c: have_room)          -> Full
  a spool is opened again, once a second (record.c: my_spool)           -> Shut
  what is lost is counted (record.c: lost) and said once                -> Full
  the folder is opened by its name for each segment (spool.c)           -> Replaced
  a segment that is no longer in the folder is left (spool.c)           -> Replaced
"""

import os
import resource
import shutil
import signal

import faults
from faults import ALLOWED, Case, Client, LIKE_A_SERVICE, REFUSED, limited, row, until

ALLOWED_KIND = [("GET", "https://www.facebook.com/HavantBorough?ref=1", "alice", "comms")]
LOAD = 64000  # events; a segment holds some 50,000


class Counting(Case):
    def until_written_again(self, s, client):
        """Asks on until an event is written again; all that is asked meanwhile is lost and counted."""
        written = faults.numbers(s)["events written"]

        def again():
            client.ask(REFUSED)
            return faults.numbers(s)["events written"] > written

        until(again, "events are written again")

    def said(self, text):
        return self.folder.text("server.log").count(text)

    def told_once(self):
        self.assertEqual(self.said("events are being lost"), 1, self.folder.text("server.log"))
        self.assertEqual(self.said("events are written again"), 1)

    def settle(self, what, s, client, events):
        counted = faults.numbers(s)
        row(what, client.asked, len(client.failures), counted["events written"], events, counted["events lost"])
        self.assertEqual(client.failures[:5], [])
        self.assertEqual(counted["events written"], events)
        self.assertEqual(counted["events written"] + counted["events lost"], client.promised)
        self.assertGreater(counted["events lost"], 0)


class Full(Counting):
    def test_a_disk(self):
        """A small disk of the test's own, in a mount namespace of the server's own."""
        if not faults.may_mount():
            self.skipTest("no mount here (unshare -m): test_a_file_size_limit stands in for it")
        spool = self.folder.file("spool")
        mount = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=6m tmpfs "$0" && exec "$@"', spool]
        s = self.start(prefix=[*mount, *LIKE_A_SERVICE])
        inside = f"/proc/{s.process.pid}/root{spool}"  # as the server sees it
        child, client = s.children()[0], Client(s)
        self.addCleanup(client.close)
        # the first segment fits, the second does not
        load = faults.icapload(s, ALLOWED_KIND, LOAD)
        client.asked, client.promised = client.asked + LOAD, client.promised + load["icap_204"]
        self.assertEqual(load["errors"], 0)
        for _ in range(100):
            client.ask(REFUSED)
        self.assertGreater(faults.numbers(s)["events lost"], 100)
        full = faults.segments(inside)
        self.assertEqual(len(full), 1)
        kept = len(faults.events(inside))
        os.unlink(os.path.join(inside, full[0]))  # the importer has it
        self.until_written_again(s, client)
        for _ in range(100):
            client.ask(REFUSED)
        self.assertEqual(s.children(), [child])
        self.told_once()
        self.settle("the spool's disk full", s, client, kept + len(faults.events(inside)))

    def test_a_file_size_limit(self):
        """No segment can be made, from the first on; the kernel would send a signal instead of an error."""
        s = self.start()
        child, client = s.children()[0], Client(s)
        self.addCleanup(client.close)
        with limited(child, resource.RLIMIT_FSIZE, 1 << 20):
            for _ in range(300):
                client.ask(REFUSED)
                client.ask(ALLOWED)
            self.assertEqual(faults.numbers(s)["events written"], 0)
        self.until_written_again(s, client)
        for _ in range(100):
            client.ask(REFUSED)
        self.assertEqual(s.children(), [child])
        self.told_once()
        self.settle("files limited in size", s, client, len(self.folder.events()))


class Shut(Counting):
    def test_read_only(self):
        """The segment in hand goes on; a new child cannot make one, answers all the same, and makes it later."""
        spool = self.folder.file("spool")
        s = self.start()
        client = Client(s)
        self.addCleanup(client.close)
        client.ask(REFUSED)
        os.chmod(spool, 0o555)
        self.addCleanup(os.chmod, spool, 0o755)
        for _ in range(300):
            client.ask(REFUSED)
        self.assertEqual(len(self.folder.events()), 301)
        old = s.children()
        os.kill(old[0], signal.SIGKILL)
        until(lambda: s.children() and s.children() != old, "another child")
        for _ in range(300):
            client.ask(REFUSED)
        self.assertEqual(len(self.folder.events()), 301)
        os.chmod(spool, 0o755)
        until(lambda: client.ask(REFUSED) and len(self.folder.events()) > 301, "events are written again")
        events = len(self.folder.events())
        lost = client.promised - events
        row("the spool's folder read-only", client.asked, len(client.failures), events, events, lost)
        self.assertEqual(client.failures, [])
        self.assertEqual(faults.numbers(s)["events lost"], lost)
        self.assertEqual(self.said("events are being lost"), 1)


class Replaced(Counting):
    def replaced(self, take_away):
        """What was read before the folder went is kept by its reader; from a second or so after, events are in the
        new one."""
        spool = self.folder.file("spool")
        s = self.start()
        client = Client(s)
        self.addCleanup(client.close)
        for _ in range(100):
            client.ask(REFUSED)
        before = len(self.folder.events())
        self.assertEqual(before, 100)
        take_away(spool)
        for _ in range(100):
            client.ask(REFUSED)
        os.mkdir(spool)
        until(lambda: client.ask(REFUSED) and self.folder.events(), "events in the new folder")
        first = len(self.folder.events())
        for _ in range(100):
            client.ask(REFUSED)
        events = len(self.folder.events())
        self.assertEqual(client.failures, [])
        self.assertEqual(events, first + 100)
        return client, before, events

    def test_removed(self):
        client, before, events = self.replaced(shutil.rmtree)
        gone = client.promised - before - events  # with the folder, until it is missed
        row("the spool's folder removed and made again", client.asked, 0, before + events, before + events, gone)

    def test_moved_aside(self):
        """What went into the moved folder is in the moved folder: nothing is lost."""
        aside = self.folder.file("aside")
        client, _, events = self.replaced(lambda spool: os.rename(spool, aside))
        read = len(faults.events(aside)) + events
        lost = faults.numbers(client.server)["events lost"]  # while there was no folder of that name
        row("the spool's folder moved aside and made again", client.asked, 0, client.promised - lost, read, lost)
        self.assertEqual(read + lost, client.promised)
