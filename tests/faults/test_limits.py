"""No descriptor left; clients that are slow, half-open, deaf or gone.

Guard -> the test that fails without it (each taken away once):
  a policy that could not be opened is tried again (snapshot.c: look_again)         -> Descriptors.test_a_new_policy
  a segment that could not be made is tried again, what is lost is counted          -> Descriptors.test_a_new_segment
  c-icap's Timeout, short (c-icap.conf)                                             -> Slow
"""

import socket
import struct

import faults
from faults import (ALLOWED, Case, Client, MIX, REFUSED, Vitals, no_descriptors, put, raise_generation, row,
                    sockets, until)


class Descriptors(Case):
    def test_a_new_policy(self):
        """While none is left, the policy in force goes on; once there are some, the new one is taken."""
        (first, a), (second, b) = self.versions(2).items()
        put(self.folder, a)
        put(self.folder, a, "policy.last-good")
        s = self.start()
        child = s.children()[0]
        load = self.load(s, clients=4)
        load.wait_each()
        with s.connect() as c:
            self.assertIn(first, self.tag_of(c))
            with no_descriptors(child):
                put(self.folder, b)
                raise_generation(self.folder)
                for _ in range(300):
                    self.assertIn(first, self.tag_of(c))
            until(lambda: second in self.tag_of(c), "the new policy")
        load.stop()
        row("no descriptor left, a new policy", load.asked, len(load.failures), load.promised + self.own,
            len(self.folder.events()))
        self.no_failures(load)
        self.assertEqual(load.broken, 0)
        self.assertEqual(s.children(), [child])

    def test_a_new_segment(self):
        s = self.start()
        child, client = s.children()[0], Client(s)
        self.addCleanup(client.close)
        client.ask((MIX[2][0], MIX[2][1], 204, False))
        with no_descriptors(child):
            for _ in range(300):
                client.ask(REFUSED)
                client.ask(ALLOWED)
        until(lambda: client.ask(REFUSED) and self.folder.events(), "events are written again")
        for _ in range(100):
            client.ask(REFUSED)
        counted, events = faults.numbers(s), len(self.folder.events())
        row("no descriptor left, a new segment", client.asked, len(client.failures), counted["events written"],
            events, counted["events lost"])
        self.assertEqual(client.failures, [])
        self.assertEqual(client.broken, 0)
        self.assertEqual(events, counted["events written"])
        self.assertEqual(counted["events written"] + counted["events lost"], client.promised)
        self.assertEqual(self.folder.text("server.log").count("events are being lost: Too many open files"), 1)

    def test_a_new_connection(self):
        """c-icap gives up a child that cannot accept, serves out what it has, and starts another: nobody is turned
        away."""
        s = self.start(threads=8, servers=2)
        child = s.children()[0]
        load = self.load(s, clients=4)
        load.wait_each()
        late = [Client(s, i) for i in range(4)]
        with no_descriptors(child):
            for client in late:
                client.ask(REFUSED)
            load.wait_each()
        until(lambda: child not in s.children() and s.children(), "another child in its place", 30)
        load.stop()
        for client in late:
            client.ask(REFUSED)
            client.close()
        failures = load.failures + [f for c in late for f in c.failures]
        asked, promised = load.asked + 8, load.promised + sum(c.promised for c in late)
        row("no descriptor left, new connections", asked, len(failures), promised, len(self.folder.events()))
        self.assertEqual(failures[:5], [])
        self.assertEqual(len(self.folder.events()), promised + load.broken + sum(c.broken for c in late))


class Slow(Case):
    HALF = b"REQMOD icap://127.0.0.1/portreeve ICAP/1.0\r\nHost: 127.0.0.1\r\nAllow: 2"
    WHOLE = HALF + b"04\r\nPreview: 0\r\nEncapsulated: req-hdr=0, null-body=%d\r\n\r\n"
    EACH = 50

    def raw(self, s):
        c = socket.create_connection(("127.0.0.1", s.port), 20)
        self.addCleanup(c.close)
        return c

    def half_headers(self, s):
        self.raw(s).sendall(self.HALF)

    def half_bodies(self, s):
        """A preview is announced, and never comes."""
        head = b"POST http://www.facebook.com/a HTTP/1.1\r\nHost: www.facebook.com\r\nContent-Length: 900\r\n\r\n"
        icap = (self.WHOLE % len(head)).replace(b"Preview: 0", b"Preview: 1024").replace(b"null-body", b"req-body")
        self.raw(s).sendall(icap + head + b"384\r\nfb_api")

    def deaf(self, s):
        """Asks and asks, and reads no answer."""
        head = b"GET https://www.facebook.com/a HTTP/1.1\r\nHost: www.facebook.com\r\nAccept: text/html\r\n\r\n"
        c = self.raw(s)
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.setblocking(False)
        try:
            for _ in range(40000):
                c.send((self.WHOLE % len(head)) + head)
        except BlockingIOError:
            pass

    def gone(self, s):
        """Asks, and resets the connection."""
        head = b"GET https://www.facebook.com/a HTTP/1.1\r\nHost: www.facebook.com\r\n\r\n"
        c = self.raw(s)
        c.sendall((self.WHOLE % len(head)) + head)
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        c.close()

    def round(self, s, load):
        for make in (self.half_headers, self.half_bodies, self.deaf, self.gone):
            for _ in range(self.EACH):
                make(s)
        load.wait_each(40)

    def test_two_hundred_of_them(self):
        """Others are answered all the while; when the slow ones have been shown out, nothing of them is left."""
        s = self.start(threads=20, servers=4, start=1, more=("Timeout 2", "KeepAliveTimeout 5"))
        load = self.load(s, clients=4)
        load.wait_each()
        child = s.children()[0]
        self.round(s, load)
        fresh = Client(s)  # who comes last waits for those before it
        fresh.ask(REFUSED)
        fresh.close()
        load.stop()
        self.shown_out(s)
        before = Vitals(child)
        again = self.load(s, clients=4)
        again.wait_each(40)
        self.round(s, again)
        again.stop()
        self.shown_out(s)
        after = Vitals(child)
        failures = load.failures + again.failures + fresh.failures
        row(f"twice {4 * self.EACH} slow, half-open, deaf and vanished clients", load.asked + again.asked + 1,
            len(failures), before=before, after=after)
        self.assertEqual(failures[:5], [])
        self.flat(before, after, 2048)

    def shown_out(self, s):
        until(lambda: all(sockets(pid) <= 1 for pid in s.children()), "the slow ones are shown out", 30)
