"""Children killed, children of different age, a long run.

Guard -> the test that fails without it (each taken away once):
  the event is written before the answer's first byte (service.c: on_preview) -> Killed.test_the_event_stands_...
  a child looks at the policy's files, also without a generation (snapshot.c: snapshot_child, snapshot_pin) -> Ages
  last-good is taken where the file itself is bad (snapshot.c: look_again)    -> Ages.test_a_bad_file_between_them
  a policy is unpinned at a request's end, a thread keeps its scratch         -> Soak
"""

import collections
import os
import random
import signal

import faults
from faults import Case, REFUSED, Vitals, put, raise_generation, row, until

KILLS = 10
ROUNDS = 12


class Killed(Case):
    def test_children_killed_in_a_storm(self):
        """No request fails after one more try; every code that was seen has its event, once; at most one torn record
        a kill."""
        # As many threads as clients: a child may accept one connection more than it has threads for (c-icap takes one
        # off its queue before it counts the thread as used), and that one waits until another ends, which with
        # MaxKeepAliveRequests -1 never happens.
        s = self.start(threads=8, servers=5, start=3)
        self.whole_children(s, 3)
        load, choice = self.load(s, clients=8), random.Random(1)
        for _ in range(KILLS):
            load.wait_more(200)
            before = s.children()
            os.kill(choice.choice(before), signal.SIGKILL)
            load.wait_each()  # each client has come through: its one more try is not the next kill's
            until(lambda: len(s.children()) >= 3 and set(s.children()) - set(before), "a child in its place")
        load.stop()
        events, torn = self.folder.events(), self.torn()
        found = collections.Counter(e["code"] for e in events if e["code"])
        row(f"{KILLS} children killed with -9", load.asked, len(load.failures), load.promised, len(events), torn)
        self.no_failures(load)
        self.assertGreater(load.broken, 0, "no kill has hit a request")
        self.assertEqual([c for c in load.codes if found[c] != 1], [])
        self.assertEqual([c for c, n in found.items() if n > 1], [])
        self.assertGreaterEqual(len(events), load.promised)
        self.assertLessEqual(len(events), load.promised + load.broken)  # written, and the answer was cut off
        self.assertLessEqual(torn, KILLS)

    def test_the_event_stands_before_the_answer(self):
        """A child is killed by the very client that has just read its answer. Both share a processor and the child
        gives way to everybody, so that the client comes first: what the child would do after the answer's last byte,
        it never does."""
        s = self.start(threads=2, servers=6, start=4)
        self.whole_children(s, 4)
        here = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, here)
        os.sched_setaffinity(0, {min(here)})
        codes = []
        for _ in range(ROUNDS):
            with s.connect() as c:
                child = until(lambda: faults.child_of(s, c), "a child accepts")
                for thread in os.listdir(f"/proc/{child}/task"):
                    os.sched_setaffinity(int(thread), {min(here)})
                    os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))
                page = c.reqmod(*REFUSED[:2]).body
                os.kill(child, signal.SIGKILL)
                codes.append(faults.CODE.search(page).group().decode())
            until(lambda: child not in s.children() and s.children(), "it is gone")
        found = [e["code"] for e in self.folder.events()]
        row(f"{ROUNDS} children killed by who read their answer", ROUNDS, 0, ROUNDS, len(found), self.torn())
        self.assertEqual(sorted(found), sorted(codes))

    def test_the_master_killed(self):
        """Its children end by themselves, the port is free for the next master, and no event is lost."""
        s = self.start(threads=4, servers=2, start=2)
        children = self.whole_children(s, 2)
        with s.connect() as c:
            seen = [c.reqmod(*REFUSED[:2]) for _ in range(50)]
        shared = faults.shared_memory(children[0])
        os.kill(s.process.pid, signal.SIGKILL)
        s.process.wait(20)
        for file in shared:  # c-icap leaves it to the machine's next start
            os.unlink(file)
        until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children), "the children end", 30)
        row("the master killed with -9", len(seen), 0, len(seen), len(self.folder.events()))
        self.assertEqual(len(self.folder.events()), len(seen))
        again = self.start(threads=4, servers=2, start=2)
        self.assertEqual(again.ask(*REFUSED[:2]).http_status, 403)


class Ages(Case):
    def tags(self, held):
        return {self.tag_of(c) for c in held.values()}

    def serve(self, held, tag, what):
        until(lambda: all(tag in t for t in self.tags(held)), what)

    def start_aged(self):
        """One child that has served, and by then a newer policy than the master's."""
        versions = self.versions(3)
        (first, a), (second, b), (third, c) = versions.items()
        put(self.folder, a)
        s = self.start(threads=2, servers=3, start=1)
        return s, (first, second, third), (a, b, c)

    def test_a_child_older_and_one_younger_than_a_swap(self):
        s, (_, second, third), (_, b, c) = self.start_aged()
        old = self.one_each(s, 1)
        put(self.folder, b)
        raise_generation(self.folder)
        both = {**old, **self.one_each(s, 3)}  # the two others are forked by a master that maps the first
        asked = 2 * len(both)
        self.assertEqual(len(both), 3)
        for tag in self.tags(both):
            self.assertIn(second, tag)
        put(self.folder, c)
        raise_generation(self.folder)
        for tag in self.tags(both):
            self.assertIn(third, tag)
        row("children older and younger than a swap", asked, 0)

    def test_without_a_generation(self):
        s, (_, second, _), (_, b, _) = self.start_aged()
        os.unlink(self.folder.file("policy.generation"))
        old = self.one_each(s, 1)
        put(self.folder, b)
        both = {**old, **self.one_each(s, 3)}
        self.serve(both, second, "the second policy, by the look at the file")

    def test_a_bad_file_between_them(self):
        """A child that is forked while the file is bad takes the last good one, not what its master has mapped."""
        s, (_, second, _), (_, b, _) = self.start_aged()
        old = self.one_each(s, 1)
        put(self.folder, b)
        put(self.folder, b, "policy.last-good")
        raise_generation(self.folder)
        self.serve(old, second, "the second policy")
        put(self.folder, b"bad")
        raise_generation(self.folder)
        both = {**old, **self.one_each(s, 3)}
        for tag in self.tags(both):
            self.assertIn(second, tag)


class Soak(Case):
    FIRST, REST = 20000, 80000

    def test_a_long_run_at_one_child(self):
        s = self.start(threads=8)
        child = s.children()[0]
        kinds = [("GET", "https://www.facebook.com/HavantBorough?ref=1", "bob", "all-staff"),
                 ("GET", "https://www.facebook.com/HavantBorough?ref=1", "alice", "comms"),
                 ("CONNECT", "www.facebook.com:443", "alice", "comms"),
                 ("GET", "https://www.facebook.com/a.svg", "bob", "all-staff"),
                 *[("GET", f"https://www.example.com/{i}", "bob", "all-staff") for i in range(4)]]
        warm = faults.icapload(s, kinds, self.FIRST)
        until(lambda: faults.sockets(child) <= 1, "the clients have gone")
        before = Vitals(child)
        rest = faults.icapload(s, kinds, self.REST)
        until(lambda: faults.sockets(child) <= 1, "the clients have gone")
        after = Vitals(child)
        events = len(self.folder.events())
        asked, failed = self.FIRST + self.REST, warm["errors"] + rest["errors"]
        promised = asked // 8 * 3  # of the eight kinds; the tunnel is told by what is asked inside it
        row("a long run", asked, failed, promised, events, faults.numbers(s)["events lost"], before, after)
        self.assertEqual(failed, 0)
        self.assertEqual(warm["requests"] + rest["requests"], asked)
        self.assertEqual(events, promised)
        self.assertEqual(s.children(), [child])
        self.flat(before, after, 256)
