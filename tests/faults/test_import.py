"""Children of c-icap and portreeved killed in turn under load, on both stores, with a record kept: every promised event is
in the store once, and the record verifies with as many.

Guard -> the test that fails without it:
  where a segment was read up to is written with its events (import.c: store_segment_read)   -> all of Imported
  a segment goes to the record folder before it is deleted (import.c: evidence)              -> all of Imported
"""

import collections
import json
import os
import signal
import sqlite3
import subprocess

import faults
import server
from faults import Case, row, until

DAEMON = os.environ["PORTREEVED"]
POSTGRES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "postgres", "server")
KILLS = 6


def postgres(*words):
    return subprocess.run([POSTGRES, *words], check=True, stdout=subprocess.PIPE).stdout.decode().strip()


class Imported(Case):
    def command(self, store, *more):
        f = self.folder.file
        return [DAEMON, "--artefact", f("policy"), "--spool", f("spool"), "--store", store, "--state", f("state"), "--node", "a",
                "--standing", f("standing"), "--record", f("record"), "--signing-key", f("key"), *more]

    def daemon(self, store):
        with open(self.folder.file("portreeved"), "ab") as log:
            process = subprocess.Popen(self.command(store), stdin=subprocess.DEVNULL, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        until(lambda: os.path.exists(self.folder.file("standing")), "portreeved has begun")
        return process

    def end(self, s):
        children = s.children()
        shared = faults.shared_memory(children[0])
        for pid in (s.process.pid, *children):
            os.kill(pid, signal.SIGKILL)
        s.process.wait(20)
        for file in shared:  # c-icap leaves it to the machine's next start
            os.unlink(file)
        until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children), "the children end")

    def storm(self, name, store, codes):
        s = self.start(threads=8, servers=5, start=3)
        self.whole_children(s, 3)
        process, load = self.daemon(store), self.load(s, clients=8)
        for _ in range(KILLS):
            load.wait_more(200)
            before = s.children()
            os.kill(before[0], signal.SIGKILL)
            load.wait_each()  # each client has come through: its one more try is not the next kill's
            until(lambda: len(s.children()) >= 3 and set(s.children()) - set(before), "a child in its place")
            process.kill()
            process.wait()
            os.unlink(self.folder.file("standing"))
            process = self.daemon(store)
        load.stop()
        process.kill()
        process.wait()
        self.end(s)  # what ended segments hold goes to the record folder
        subprocess.run(self.command(store, "--once"), check=True, stderr=subprocess.DEVNULL)
        found = codes()
        events = sum(found.values())
        verified = json.loads(subprocess.run([server.TOOL, "verify", "--json", self.folder.file("record")], check=False,
                                             stdout=subprocess.PIPE).stdout)
        row(f"children and portreeved killed, {KILLS} times each: {name}", load.asked, len(load.failures), load.promised, events)
        self.no_failures(load)
        self.assertEqual([c for c in load.codes if found[c] != 1], [])
        self.assertGreaterEqual(events, load.promised)
        self.assertLessEqual(events, load.promised + load.broken)  # written, and the answer was cut off
        self.assertEqual((verified["result"], verified["records"], verified["unanchored"]), ("PASS", events, 0), verified["findings"])

    def test_into_sqlite(self):
        store = self.folder.file("store")

        def codes():
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
                return collections.Counter(dict(db.execute("SELECT coalesce(code, ''), count(*) FROM event GROUP BY 1")))
        self.storm("SQLite", store, codes)

    def test_into_postgres(self):
        os.chmod(self.folder.path, 0o755)  # PostgreSQL's user passes through
        home = self.folder.file("pg")
        self.addCleanup(postgres, "remove", home)

        def codes():
            text = postgres("sql", home, "SELECT coalesce(convert_from(code, 'UTF8'), ''), count(*) FROM event GROUP BY 1")
            return collections.Counter({c: int(n) for c, n in (line.split("|") for line in text.splitlines())})
        self.storm("PostgreSQL", postgres("start", home), codes)
