"""c-icap restarted under Squid, Squid restarted and reconfigured, while people browse.

Promised: nothing that must be judged passes unjudged, whatever is down; must-work hosts never fail for want of
c-icap; every code on a page has its event, once; afterwards all is as before, and c-icap keeps no connection that
nobody holds.

Guard -> the test that fails without it (each taken away once):
  bypass=off (chain.sh: icap_service)                                           -> Restarts: something passed unjudged
  must-work is kept out of the question (chain.sh: adaptation_access)           -> Restarts: must-work fails

Not asserted, as it is time: with icap_service_failure_limit -1 people are refused for as long as c-icap is away; with a
limit, half a minute longer.
"""

import collections
import contextlib
import http.client
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import faults
from faults import CODE, HERE, row, until

PLATFORM = "www.facebook.com"
MUST_WORK = "www.havant-council.example"
CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
# who, what, through a tunnel?, the status when it is judged (or must work)
VISITS = {"allowed": ("olivia", f"http://{PLATFORM}/ExampleCouncil", 200),
          "refused": ("sam", f"http://{PLATFORM}/never", 403),
          "must work": ("sam", f"http://{MUST_WORK}/open", 200),
          "tunnel": ("sam", f"https://{PLATFORM}/never", 403)}


class Visitor:
    """One person's visits of one kind, over kept connections, until told to stop."""

    def __init__(self, chain, name):
        self.chain, self.name = chain, name
        self.person, self.url, self.right = VISITS[name]
        self.target = "/never" if self.url.startswith("https") else self.url
        self.seen = collections.Counter()
        self.bad_since = self.bad_until = None
        self.codes = []
        self.last = None
        self.connection = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.over = threading.Event()

    def _connect(self):
        port = self.chain.port(f"user-{self.person}")
        if self.url.startswith("https"):
            c = http.client.HTTPSConnection("127.0.0.1", port, timeout=40, context=self.chain.context)
            c.set_tunnel(PLATFORM, 443)
            return c
        return http.client.HTTPConnection("127.0.0.1", port, timeout=40)

    def _once(self):
        """As browsers do: a kept connection that was closed meanwhile is no failure, but a reason for another one."""
        for kept in (self.connection is not None, False):
            if not self.connection:
                self.connection = self._connect()
            try:
                self.connection.request("GET", self.target, headers={"Accept": "text/html"})
                answer = self.connection.getresponse()
                body = answer.read()
                break
            except (OSError, http.client.HTTPException) as e:
                self._close()
                if not kept or not isinstance(e, CLOSED):
                    return type(e).__name__, b""
        if answer.will_close or self.name == "tunnel":  # a tunnel of its own each time: CONNECT is judged, too
            self._close()
        return answer.status, body

    def _close(self):
        self.connection.close()
        self.connection = None

    def visit(self):
        self.last, body = self._once()
        self.seen[self.last] += 1
        if self.last == 403:
            found = CODE.search(body)
            self.codes.append(found.group().decode() if found else "no code")

    def _run(self):
        while not self.over.is_set():
            self.visit()
            if self.last != self.right:
                self.bad_until = time.monotonic()
                self.bad_since = self.bad_since or self.bad_until
                self.over.wait(0.02)  # a proxy that is down refuses thousands a second

    @property
    def out(self):
        """Seconds from the first failure to the last."""
        return round(self.bad_until - self.bad_since, 1) if self.bad_since else 0

    @property
    def good(self):
        return self.seen[self.right]

    @property
    def bad(self):
        return sum(self.seen.values()) - self.good


class Chain:
    """The servers, in a folder of their own."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="portreeve-faults-")
        os.chmod(self.dir, 0o755)
        shutil.copy(faults.server.MODULE, os.path.join(self.dir, "module.so"))
        self.act("open")
        with open(self.file("ports"), encoding="ascii") as f:
            self.ports = {name: int(port) for name, port in (line.split() for line in f)}
        self.context = ssl.create_default_context(cafile=self.file("tls/both-ca.crt"))

    def file(self, name):
        return os.path.join(self.dir, name)

    def act(self, *words):
        done = subprocess.run([os.path.join(HERE, "chain"), self.dir, *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise AssertionError(f"chain {words}: {done.stdout.decode(errors='replace')}")

    def port(self, name):
        return self.ports[name]

    def pid(self, name):
        with open(self.file(f"run/{name}.pid"), encoding="ascii") as f:
            return int(f.read().split()[0])

    def children(self):
        pid = self.pid("icap")
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(p) for p in f.read().split()]
        return []

    def clients_of_icap(self):
        """Connections to c-icap's port that its children hold."""
        return sum(max(faults.sockets(pid) - 1, 0) for pid in self.children())

    def reached(self):
        """What arrived at the stand-in sites and should not have."""
        with open(self.file("origin/requests.log"), encoding="utf-8") as f:
            return sum("/never" in line for line in f)

    def events(self):
        return faults.events(self.file("icap/spool"))

    def close(self):
        self.act("close")
        shutil.rmtree(self.dir, ignore_errors=True)


class Restarts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chain = Chain()
        cls.addClassCleanup(cls.chain.close)

    def browse(self):
        visitors = {name: Visitor(self.chain, name) for name in VISITS}
        self.addCleanup(lambda: [v.over.set() for v in visitors.values()])
        for v in visitors.values():
            v.thread.start()
        self.more(visitors, 60)
        return visitors

    def more(self, visitors, n, seconds=90):
        """Until every one of them has been answered well n times more."""
        goals = {v: v.good + n for v in visitors.values()}
        until(lambda: all(v.good >= goal for v, goal in goals.items()), f"{n} good answers for everyone", seconds)

    def settle(self, what, visitors):
        for v in visitors.values():
            v.over.set()
        for v in visitors.values():
            v.thread.join(60)
        judged = [v for v in visitors.values() if v.name != "must work"]
        codes = [code for v in judged for code in v.codes]
        found = collections.Counter(e["code"] for e in self.chain.events() if e["code"])
        row(f"{what}: judged", sum(sum(v.seen.values()) for v in judged), sum(v.bad for v in judged), len(codes),
            sum(found[c] for c in codes))
        row(f"{what}: must work", sum(visitors["must work"].seen.values()), visitors["must work"].bad)
        faults.note(f"{what}: " + "; ".join(f"{v.name} {dict(v.seen)}, out for {v.out} s" for v in visitors.values()))
        for v in judged:
            self.assertTrue(v.right == 200 or not v.seen[200], f"{v.name} passed unjudged: {v.seen}")
        self.assertEqual(self.chain.reached(), 0)
        self.assertEqual([c for c in codes if found[c] != 1][:5], [])
        return judged

    def test_c_icap_reconfigured(self):
        visitors, old = self.browse(), self.chain.children()
        with open(self.chain.file("icap/c-icap.ctl"), "w", encoding="ascii") as f:
            f.write("reconfigure")
        until(lambda: set(self.chain.children()) - set(old), "new children", 30)
        self.more(visitors, 30)
        until(lambda: not set(self.chain.children()) & set(old), "the old children have ended", 40)
        self.more(visitors, 30)
        judged = self.settle("c-icap reconfigured", visitors)
        self.assertEqual([v.bad for v in judged], [0, 0, 0])
        self.assertEqual(visitors["must work"].bad, 0)

    def test_c_icap_restarted(self):
        """By TERM: it waits some ten seconds for the connections that Squid keeps."""
        visitors = self.browse()
        self.chain.act("stop", "icap")
        self.chain.act("start", "icap")
        self.more(visitors, 30)
        self.settle("c-icap restarted by TERM", visitors)
        self.assertEqual(visitors["must work"].bad, 0)

    def test_c_icap_killed(self):
        """Master and children by KILL, and started at once: nothing waits, and nothing that was written is lost."""
        visitors = self.browse()
        pids = (self.chain.pid("icap"), *self.chain.children())
        shared = faults.shared_memory(pids[-1])
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # c-icap does not start while its pid file names a process
        until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), "they have ended")
        for file in shared:  # c-icap leaves it to the machine's next start
            os.unlink(file)
        self.chain.act("start", "icap")
        self.more(visitors, 30)
        self.settle("c-icap killed and started", visitors)
        self.assertEqual(visitors["must work"].bad, 0)

    def test_squid_reconfigured(self):
        visitors = self.browse()
        os.kill(self.chain.pid("squid"), signal.SIGHUP)
        until(lambda: "Reconfiguring Squid Cache" in self.log(), "Squid reads its configuration", 30)
        self.more(visitors, 60)
        self.settle("Squid reconfigured", visitors)
        self.quiet()

    def test_squid_restarted(self):
        visitors = self.browse()
        self.chain.act("stop", "squid")
        until(lambda: self.chain.clients_of_icap() == 0, "c-icap has let go", 30)
        self.chain.act("start", "squid")
        self.more(visitors, 60)
        self.settle("Squid restarted", visitors)
        self.quiet()

    def log(self):
        with open(self.chain.file("squid/cache.log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def quiet(self):
        """No more connections than Squid has use for: its four visitors', and OPTIONS."""
        until(lambda: self.chain.clients_of_icap() <= 2 * len(VISITS), "no connection is left over", 30)
