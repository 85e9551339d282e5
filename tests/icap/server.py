"""A c-icap of the test's own: in a folder of its own, on a free port of loopback, stopped by its pid."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import icap

HERE = os.path.dirname(os.path.abspath(__file__))
MODULE = os.path.abspath(os.environ["SRV_PORTREEVE"])  # srv_portreeve.so as built
TOOL = os.environ["PORTREEVE"]  # the portreeve tool as built
CICAP = os.environ.get("CICAP") or shutil.which("c-icap") or "/usr/bin/c-icap"

START = """\
PidFile {folder}/pid
CommandsSocket {folder}/ctl
StartServers {start}
MaxServers {servers}
ThreadsPerChild {threads}
MinSpareThreads 1
MaxSpareThreads 100
MaxKeepAliveRequests -1
Port 127.0.0.1:{port}
ServerLog {folder}/server.log
AccessLog {folder}/access.log
DebugLevel 1
Service portreeve {module}
"""


def until(condition, what, seconds=20):
    """Waits for something to become so, not for a time."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        pause.wait(0.01)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def segments(spool):
    """What the folder of events holds, but for the counts of what maps do not know."""
    return [name for name in os.listdir(spool) if name != "portreeve.rot"]


class Folder:
    """Everything that one test's server reads and writes."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="portreeve-icap-")
        os.mkdir(self.file("spool"))
        self.key = bytes(range(32))
        with open(self.file("key"), "wb") as f:
            f.write(self.key)
        os.chmod(self.file("key"), 0o640)

    def file(self, name):
        return os.path.join(self.path, name)

    def text(self, name):
        try:
            with open(self.file(name), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def maps(self):
        """Maps of this test's own, to be changed."""
        path = self.file("maps")
        shutil.copytree(os.path.join(HERE, "maps"), path)
        return path

    def compile(self, name="policy", version="1", record="counts", malformed="refuse", maps=os.path.join(HERE, "maps"), more=""):
        """The fixture policy, and more rules, as an artefact of that name, put into place as `portreeve compile` does."""
        council = self.file("council")
        os.makedirs(council, exist_ok=True)
        with open(os.path.join(HERE, "council.policy"), encoding="utf-8") as f:
            text = f.read().replace("VERSION", version).replace("RECORD", record).replace("MALFORMED", malformed) + more
        with open(os.path.join(council, "council.policy"), "w", encoding="utf-8") as f:
            f.write(text)
        subprocess.run([TOOL, "compile", "--no-tests", "--maps", maps, "-o", self.file(name), council], check=True, stderr=subprocess.DEVNULL)

    def segments(self):
        return segments(self.file("spool"))

    def events(self):
        out = subprocess.run([TOOL, "events", self.file("spool")], check=True, stdout=subprocess.PIPE).stdout
        return [json.loads(line) for line in out.splitlines()]

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Server:
    """c-icap with the module, up when the constructor returns."""

    def __init__(self, folder, directives, threads=8, servers=1, wait=True, start=1, more=(), prefix=(), variables=None):
        """`more`: lines of c-icap's own; `prefix`: a command that execs c-icap; `variables`: of its environment."""
        self.folder = folder
        self.port = free_port()
        conf = START.format(folder=folder.path, port=self.port, module=MODULE, threads=threads, servers=servers,
                            start=start)
        conf += "".join(f"{line}\n" for line in more)
        conf += "".join(f"portreeve.{line}\n" for line in directives)
        with open(folder.file("c-icap.conf"), "w", encoding="utf-8") as f:
            f.write(conf)
        environment = {**os.environ, **(variables or {})}
        if os.environ.get("CICAP_PRELOAD"):  # a sanitizer's library, for a module that is built with it
            environment["LD_PRELOAD"] = os.environ["CICAP_PRELOAD"]
        self.log = open(folder.file("output"), "wb")
        self.process = subprocess.Popen([*prefix, CICAP, "-N", "-D", "-d", "1", "-f", folder.file("c-icap.conf")],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
                                        env=environment)
        if wait:
            until(self.answers, "c-icap answers")

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError("c-icap has ended: " + self.folder.text("output") + self.folder.text("server.log"))
        try:
            with self.connect() as c:
                return c.options().status == 200
        except (ConnectionError, EOFError, socket.timeout):
            return False

    def connect(self, **more):
        return icap.Connection(self.port, **more)

    def ask(self, *args, **more):
        with self.connect() as c:
            return c.reqmod(*args, **more)

    def children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as f:
            return [int(pid) for pid in f.read().split()]

    def stop(self):
        """Ends the master and waits for it; a child that lives on would hold the port."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.log.close()
