"""What the tests of this folder share: clients that count, a look at a process, the table.

A client here does as Squid does: it keeps its connection, and asks once more on a new one when the old one breaks
under a request. Only what fails then has failed."""

import collections
import contextlib
import json
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "icap"))

import icap  # noqa: E402
import server  # noqa: E402
from server import Folder, Server, segments, until  # noqa: E402,F401
from test_module import ALICE, BOB, FACEBOOK, get  # noqa: E402,F401

ICAPLOAD = os.environ["ICAPLOAD"]
CODE = re.compile(rb"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
BROKEN = (EOFError, ConnectionError)

# --- the table -----------------------------------------------------------------------------------------------------

Row = collections.namedtuple("Row", "fault asked failed promised read lost before after")
LEGEND = """\
asked: requests; failed: after one more try; promised: events that had to be in the spool; read: found there;
lost: counted as lost; before, after: anonymous memory of one child in KiB/descriptors/mappings"""
ROWS = []
NOTES = []


def row(fault, asked, failed, promised="-", read="-", lost="-", before=None, after=None):
    """One line of the table; told before anything is asserted, so that a failure has its numbers."""
    ROWS.append(Row(fault, asked, failed, promised, read, lost, before or "-", after or "-"))


def note(text):
    """What is worth telling below the table, and no test's business."""
    NOTES.append(text)


def table():
    head = Row("fault", "asked", "failed", "promised", "read", "lost", "before", "after")
    rows = [head, *ROWS]
    widths = [max(len(str(r[i])) for r in rows) for i in range(len(head))]
    lines = ["  ".join(str(cell).ljust(width) for cell, width in zip(r, widths)).rstrip() for r in rows]
    return "\n".join(["", LEGEND, *lines, "", *NOTES, ""])


# --- a process -----------------------------------------------------------------------------------------------------


class Vitals:
    """Memory that is no file's (KiB), descriptors and mappings of a process."""

    def __init__(self, pid):
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            fields = dict(line.split(":", 1) for line in f if ":" in line and "kB" in line)
        self.memory = int(fields["Anonymous"].split()[0])  # not the segment: that is the file's
        self.descriptors = len(os.listdir(f"/proc/{pid}/fd"))
        with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as f:
            self.mappings = sum(1 for _ in f)

    def __str__(self):
        return f"{self.memory}/{self.descriptors}/{self.mappings}"


def shared_memory(pid):
    """The files of c-icap's shared memory that a child maps."""
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as f:
        return {line.split()[-1] for line in f if "/dev/shm/c-icap" in line and "(deleted)" not in line}


def sockets(pid):
    """Of a child: those to clients, and the one that listens."""
    n = 0
    with contextlib.suppress(FileNotFoundError):  # a child that has ended has none
        for fd in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                n += os.readlink(f"/proc/{pid}/fd/{fd}").startswith("socket:")
    return n


@contextlib.contextmanager
def limited(pid, what, value):
    """Another process's soft limit (resource.RLIMIT_...), until the end of the block."""
    soft, hard = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (value, hard))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):  # it may have ended of it
            resource.prlimit(pid, what, (soft, hard))


def no_descriptors(pid):
    """The process can open nothing more, until the end of the block."""
    used = {int(fd) for fd in os.listdir(f"/proc/{pid}/fd")}
    return limited(pid, resource.RLIMIT_NOFILE, min(set(range(len(used) + 1)) - used))


def child_of(s, connection):
    """Which child holds the other end of a connection to c-icap."""
    ours = connection.socket.getsockname()[1]
    with open("/proc/net/tcp", encoding="ascii") as f:
        for line in f.readlines()[1:]:
            fields = line.split()
            if int(fields[1].split(":")[1], 16) == s.port and int(fields[2].split(":")[1], 16) == ours:
                inode = f"socket:[{fields[9]}]"
                break
        else:
            return None
    for pid in s.children():
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                if os.readlink(f"/proc/{pid}/fd/{fd}") == inode:
                    return pid
            except OSError:
                pass
    return None


def events(spool):
    """What `portreeve events` reads there."""
    out = subprocess.run([server.TOOL, "events", spool], check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.splitlines()]


def numbers(s):
    """What c-icap's statistics say of the module, over all its children."""
    with s.connect(service="info?view=text&table=*") as c:
        text = c.reqmod(get("http://x.example/")).body.decode(errors="replace")
    return {key: int(n) for key, n in re.findall(r"portreeve ([a-z ]+?)\s*:\s*(\d+)", text)}


# --- clients -------------------------------------------------------------------------------------------------------

# what is asked, by whom, the answer, whether an event is promised
REFUSED = (get(FACEBOOK, "Accept: text/html"), BOB, 403, True)
ALLOWED = (get(FACEBOOK), ALICE, 204, True)
OUTSIDE = (get("https://www.example.com/a?b=c"), BOB, 204, False)
MIX = (REFUSED, ALLOWED, OUTSIDE, OUTSIDE)


class Client:
    """One connection's worth of questions, and what came of them."""

    def __init__(self, s, name=0):
        self.server = s
        self.name = name
        self.connection = None
        self.asked = self.answered = self.broken = self.promised = 0
        self.failures = []
        self.codes = []
        self.tags = collections.Counter()

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def _once(self, kind):
        if not self.connection:
            self.connection = self.server.connect()
        return self.connection.reqmod(kind[0], kind[1])

    def _right(self, kind, answer):
        """None, or what is wrong with it."""
        if kind[2] == 204:
            return None if answer.status == 204 else f"{answer.status} {answer.line}"
        if not answer.is_response or answer.http_status != kind[2]:
            return f"{answer.status} {answer.line}"
        if len(answer.body) != int(answer.header("Content-Length")):
            return "the page is not whole"
        found = CODE.search(answer.body)
        if not found:
            return "the page has no code"
        self.codes.append(found.group().decode())
        return None

    def ask(self, kind):
        self.asked += 1
        try:
            try:
                answer = self._once(kind)
            except BROKEN:
                self.broken += 1
                self.close()
                answer = self._once(kind)
        except (*BROKEN, OSError) as e:
            self.failures.append(f"no answer: {e!r}")
            self.close()
            return None
        wrong = self._right(kind, answer)
        if wrong:
            self.failures.append(wrong)
            return answer
        self.answered += 1
        self.promised += kind[3]
        self.tags[answer.headers.get("istag")] += 1
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer


class Load:
    """Clients in threads of their own, each asking the mixture in an order of its own, until `stop`."""

    def __init__(self, s, clients=8, mix=MIX):
        self.mix = mix
        self.clients = [Client(s, i) for i in range(clients)]
        self.over = threading.Event()
        self.moved = threading.Condition()
        self.threads = [threading.Thread(target=self._run, args=(c,), daemon=True) for c in self.clients]
        for t in self.threads:
            t.start()

    def _run(self, client):
        order = random.Random(client.name)
        try:
            while not self.over.is_set():
                client.ask(order.choice(self.mix))
                with self.moved:
                    self.moved.notify_all()
        except Exception as e:  # a thread that dies unseen would be a client that never failed
            client.failures.append(f"the client itself: {e!r}")
        client.close()

    def wait_more(self, n, seconds=60):
        """Until n more questions are answered."""
        goal = self.answered + n
        with self.moved:
            if not self.moved.wait_for(lambda: self.answered >= goal, seconds):
                raise AssertionError(f"{self.answered} of {goal} answers after {seconds} s: {self.failures[:3]}")

    def wait_each(self, seconds=60):
        """Until every client has had two more answers: one may have been on its way."""
        goals = [c.answered + 2 for c in self.clients]
        with self.moved:
            if not self.moved.wait_for(lambda: all(c.answered >= g for c, g in zip(self.clients, goals)), seconds):
                raise AssertionError(f"a client has had no answer for {seconds} s: {self.failures[:3]}")

    def stop(self, seconds=60):
        self.over.set()
        for t in self.threads:
            t.join(seconds)
            if t.is_alive():
                raise AssertionError(f"a client has not ended after {seconds} s")

    def _sum(self, name):
        return sum(getattr(c, name) for c in self.clients)

    asked = property(lambda self: self._sum("asked"))
    answered = property(lambda self: self._sum("answered"))
    broken = property(lambda self: self._sum("broken"))
    promised = property(lambda self: self._sum("promised"))

    @property
    def failures(self):
        return [f for c in self.clients for f in c.failures]

    @property
    def codes(self):
        return [code for c in self.clients for code in c.codes]

    @property
    def tags(self):
        return sum((c.tags for c in self.clients), collections.Counter())


def icapload(s, kinds, count, connections=8):
    """So many requests by the bench's client, which is quick; returns its line as numbers. `kinds`: (method, url,
    user, group)."""
    path = s.folder.file("load")
    with open(path, "w", encoding="ascii") as f:
        for method, url, user, group in kinds:
            f.write(f"{method} {url} {user}\t@X-Groups: {group}\n")
    command = [ICAPLOAD, "-f", path, "-p", str(s.port), "-s", "portreeve", "-c", str(connections), "-n", str(count),
               "-T", "20000"]
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode()
    return {key: int(n) for key, n in re.findall(r"(\w+)=(\d+)", out)}


# --- policies ------------------------------------------------------------------------------------------------------


def put(folder, data, name="policy"):
    """Into place as `portreeve compile` does: a new file, renamed over the old one."""
    with open(folder.file("new"), "wb") as f:
        f.write(data)
    os.rename(folder.file("new"), folder.file(name))


def raise_generation(folder):
    with open(folder.file("policy.generation"), "r+b") as f:
        n = struct.unpack("=Q", f.read(8))[0]
        f.seek(0)
        f.write(struct.pack("=Q", n + 1))


def read(path):
    with open(path, "rb") as f:
        return f.read()


# --- a test --------------------------------------------------------------------------------------------------------

MAY_ALL = os.geteuid() == 0 and shutil.which("setpriv")
# root without root's rights: a file's mode counts for it as for the service's own user
LIKE_A_SERVICE = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"] if MAY_ALL else []


def may_mount():
    """In a mount namespace of one's own."""
    with tempfile.TemporaryDirectory() as d:
        return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", d], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.folder.compile()
        self.own = 0

    def start(self, *directives, **more):
        """As the service's own user would have it, unless `prefix` says otherwise."""
        more.setdefault("prefix", LIKE_A_SERVICE)
        s = Server(self.folder, [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}",
                                 *directives], **more)
        self.addCleanup(s.stop)
        return s

    def load(self, *args, **more):
        """A load that ends with the test, whatever happens: a client that lives on would keep the server up."""
        load = Load(*args, **more)
        self.addCleanup(load.over.set)
        return load

    def torn(self):
        """Records that the reader skips."""
        out = subprocess.run([server.TOOL, "events", self.folder.file("spool")], check=True, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE).stderr.decode()
        return sum(int(n) for n in re.findall(r": (\d+) torn record", out))

    def tag_of(self, connection):
        """Which policy answers there; one promised event of the test's own."""
        self.own += 1
        return connection.reqmod(*ALLOWED[:2]).headers["istag"].strip('"')

    def one_each(self, s, n):
        """A connection to each of n children."""
        held = {}
        for _ in range(60):
            c = s.connect()
            self.addCleanup(c.close)
            self.tag_of(c)
            held.setdefault(child_of(s, c), c)
            if len(held) == n:
                return held
        raise AssertionError(f"only {len(held)} of {n} children serve")

    def whole_children(self, s, n):
        return until(lambda: len(s.children()) >= n and s.children(), f"{n} children")

    def versions(self, n):
        """n artefacts that differ, as bytes, with the ISTag of each."""
        found = {}
        for i in range(n):
            self.folder.compile(name="version", version=f"v{i}")
            data = read(self.folder.file("version"))
            found[data[24:32].hex()] = data
        return found

    def flat(self, before, after, memory):
        """No leak: a segment made ready for the one in hand is a descriptor and a mapping; memory in KiB."""
        self.assertLessEqual(abs(after.descriptors - before.descriptors), 2)
        self.assertLessEqual(abs(after.mappings - before.mappings), 3)
        self.assertLess(after.memory - before.memory, memory)

    def no_failures(self, load):
        self.assertEqual(load.failures[:5], [])
