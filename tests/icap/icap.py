"""A small ICAP client (RFC 3507): says what it is told, byte for byte, and parses what comes back."""

import re
import socket
import threading


class Answer:
    """One ICAP response: its status, its headers, and the HTTP head and body inside."""

    def __init__(self, status, headers, parts, body, continued, original):
        self.status = status
        self.headers = headers
        self.http = parts.get("res-hdr") or parts.get("req-hdr") or ""
        self.is_response = "res-hdr" in parts
        self.body = body
        self.continued = continued  # "100 Continue" came before it
        self.original = original  # use-original-body of a 206

    @property
    def line(self):
        return self.http.split("\r\n", 1)[0]

    @property
    def http_status(self):
        return int(self.line.split()[1]) if self.is_response else None

    def all(self, name):
        lines = [line.partition(":") for line in self.http.split("\r\n")[1:]]
        return [value.strip() for key, _, value in lines if key.strip().lower() == name.lower()]

    def header(self, name):
        return (self.all(name) or [None])[0]


class Connection:
    """One connection to the service, kept alive like Squid's."""

    def __init__(self, port, service="portreeve", timeout=20):
        self.url = f"icap://127.0.0.1:{port}/{service}"
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.buffer = b""

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        """A large body goes beside the answer that may come meanwhile, as Squid's does."""
        if len(data) < 100_000:
            self.socket.sendall(data)
        else:
            threading.Thread(target=self._send_all, args=(data,), daemon=True).start()

    def _send_all(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # an answer that came before the end of the body, and its reader has gone

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the server closed the connection")
        self.buffer += data

    def _until(self, mark):
        while mark not in self.buffer:
            self._more()
        data, _, self.buffer = self.buffer.partition(mark)
        return data

    def _exactly(self, n):
        while len(self.buffer) < n:
            self._more()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def _chunks(self):
        body, original = b"", None
        while True:
            size, _, extension = self._until(b"\r\n").partition(b";")
            n = int(size, 16)
            if n == 0:
                found = re.search(rb"use-original-body=(\d+)", extension)
                original = int(found.group(1)) if found else None
                self._until(b"\r\n")
                return body, original
            body += self._exactly(n)
            self._exactly(2)

    def _head(self):
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines[1:])}
        return int(lines[0].split()[1]), headers

    def answer(self, rest=None):
        """Reads one response; after a 100 Continue, sends `rest`."""
        status, headers = self._head()
        continued = status == 100
        if continued:
            if rest is None:
                raise AssertionError("the server asks for a body that this test does not mean to send")
            self.send(rest)
            status, headers = self._head()
        parts, body, original = {}, b"", None
        places = [(name.strip(), int(at)) for name, _, at in
                  (part.partition("=") for part in headers.get("encapsulated", "").split(",") if "=" in part)]
        for (name, at), (_, end) in zip(places, places[1:]):
            parts[name] = self._exactly(end - at).decode("latin-1")
        if places and places[-1][0].endswith("-body") and places[-1][0] != "null-body":
            body, original = self._chunks()
        return Answer(status, headers, parts, body, continued, original)

    def options(self):
        self.send(f"OPTIONS {self.url} ICAP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return self.answer()

    def reqmod(self, http, icap=(), body=None, preview=0, allow="204", method="REQMOD"):
        """`http`: the request's head (lines, or bytes as they are); `icap`: header lines of the proxy's own. `preview`
        None: none is offered. Squid's own ways: Preview 0 without a body, Allow 206 only with one."""
        head = http if isinstance(http, bytes) else ("\r\n".join(http) + "\r\n\r\n").encode()
        lines = [f"{method} {self.url} ICAP/1.0", "Host: 127.0.0.1"]
        if allow:
            lines.append(f"Allow: {allow}")
        if preview is not None:
            lines.append(f"Preview: {preview}")
        lines += list(icap)
        lines.append(f"Encapsulated: req-hdr=0, {'null' if body is None else 'req'}-body={len(head)}")
        data = ("\r\n".join(lines) + "\r\n\r\n").encode() + head
        if body is None:
            self.send(data)
            return self.answer()
        return self._body(data, body, preview)

    def respmod(self, asked, answer, icap=(), body=None, preview=1024, allow="206, trailers"):
        """The answer to a request that went through: two heads (lines, or bytes as they are; None: it has none), as
        Squid sends them."""
        heads = [h if h is None or isinstance(h, bytes) else ("\r\n".join(h) + "\r\n\r\n").encode() for h in (asked, answer)]
        places, data = [], b""
        for name, head in zip(("req-hdr", "res-hdr"), heads):
            if head is not None:
                places.append(f"{name}={len(data)}")
                data += head
        places.append(f"{'null' if body is None else 'res'}-body={len(data)}")
        lines = [f"RESPMOD {self.url} ICAP/1.0", "Host: 127.0.0.1"]
        lines += [f"Allow: {allow}"] if allow else []
        lines += [f"Preview: {preview}"] if preview is not None else []
        lines += [*icap, f"Encapsulated: {', '.join(places)}"]
        data = ("\r\n".join(lines) + "\r\n\r\n").encode() + data
        if body is None:
            self.send(data)
            return self.answer()
        return self._body(data, body, preview)

    def _body(self, data, body, preview):
        whole = preview is not None and len(body) <= preview
        first = body if preview is None else body[:preview]
        if first:
            data += b"%x\r\n%s\r\n" % (len(first), first)
        self.send(data + (b"0; ieof\r\n\r\n" if whole else b"0\r\n\r\n"))
        rest = body[len(first):]
        return self.answer(None if whole or preview is None else b"%x\r\n%s\r\n0\r\n\r\n" % (len(rest), rest))
