"""A receiver of syslog: what comes is written to OUT, a message a line.

    receiver.py tcp OUT PORT-FILE [--port N] [--deaf] [--messages N]    octet counting (RFC 6587, 3.4.1), one connection after
                                              the other. --deaf: takes a connection and never reads. --messages: ends after so
                                              many, in the middle of the connection
    receiver.py unix OUT PATH [--hold FILE]   datagrams. --hold: reads none while FILE is there
"""

import os
import select
import socket
import sys


def option(name, otherwise=None):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


class Counted:
    """Takes octet counts off."""

    def __init__(self):
        self.data = b""

    def messages(self, more):
        self.data += more
        while b" " in self.data[:8]:
            count, rest = self.data.split(b" ", 1)
            if not count.isdigit() or count[:1] == b"0":
                raise SystemExit(f"no count: {self.data[:40]!r}")
            if len(rest) < int(count):
                return
            yield rest[: int(count)]
            self.data = rest[int(count) :]


def tcp(out, port_file):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    server.bind(("127.0.0.1", int(option("--port", 0))))
    server.listen()
    with open(port_file + ".new", "w") as f:
        f.write(str(server.getsockname()[1]))
    os.rename(port_file + ".new", port_file)
    left = int(option("--messages", 1 << 60))
    while True:
        link, _ = server.accept()
        if "--deaf" in sys.argv:
            select.select([], [], [])
        counted = Counted()
        while more := link.recv(4096):
            for message in counted.messages(more):
                out.write(message + b"\n")
                left -= 1
                if left == 0:
                    os._exit(0)


def unix(out, path):
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(path)
    hold = option("--hold")
    while True:
        if hold and os.path.exists(hold):
            select.select([], [], [], 0.02)
        else:
            out.write(server.recv(65536) + b"\n")


with open(sys.argv[2], "ab", buffering=0) as f:
    (tcp if sys.argv[1] == "tcp" else unix)(f, sys.argv[3])
