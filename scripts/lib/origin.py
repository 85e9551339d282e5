#!/usr/bin/env python3
"""Stand-in web sites on loopback, for the demo and the end-to-end tests. Standard library only.

One server answers for every name in its certificate. GET gives a small page that names host and path, POST and the other
methods that send something give back what arrived. Each request is one line of the log: METHOD HOST PATH BYTES.

    /mix.html        a page whose script posts, shows an image and plays a video, each from another site, opens a WebSocket,
                     and writes into the page what became of each
    /PROFILE?app     a single-page app (app.html) under the names of sites that are some; with &referrer=POLICY it is sent with
                     that Referrer-Policy. Its calls are answered with what a profile would show, and each is one more line of the
                     log: CALL HOST OPERATION PROFILE
    /held.bin        64 KiB, then nothing until somebody asks for /release, then 1 MiB: whoever passes it on must not gather it
    *.m3u8 *.mp4     a list of a stream's parts; the beginning of a video
    *.svg *.wav *.css *.json   an image, a sound (browsers play it in <video> too), a style sheet, a document that tells what was asked
"""
import argparse
import base64
import hashlib
import html
import http.server
import json
import os
import pwd
import socketserver
import ssl
import struct
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#1d70b8"/></svg>'
SOUND = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 800, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 800) + b"\x80" * 800

LIST = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\npart1.ts\n"
VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 200_000

MIX = """<!doctype html><html lang="en"><meta charset="utf-8"><title>News with parts from other sites</title>
<h1>A news page</h1><p>The article itself is here.</p>
<dl id="parts"></dl>
<script>
const parts = [
  ["fetch", "https://www.facebook.com/api/graphql/"], ["image", "https://static.xx.fbcdn.net/like.svg"],
  ["video", "https://www.youtube.com/clip.wav"], ["socket", "wss://edge-chat.facebook.com/chat"]];
function show(name, text) {
  const dt = document.createElement("dt"), dd = document.createElement("dd");
  dt.textContent = name; dd.id = name; dd.textContent = text;
  document.getElementById("parts").append(dt, dd);
  if (document.querySelectorAll("dd").length === parts.length) document.documentElement.dataset.done = "yes";
}
const start = {
  fetch: (url, say) => fetch(url, {method: "POST", body: "fb_api_req_friendly_name=CometUFIFeedbackReactMutation&doc_id=1", headers: {"Content-Type": "application/x-www-form-urlencoded"}})
      .then(r => say("fetch " + r.status + " " + r.headers.get("content-type")), e => say("fetch failed")),
  image: (url, say) => { const i = new Image(); i.onload = () => say("image shown " + i.naturalWidth); i.onerror = () => say("image failed");
      i.src = url; document.body.append(i); },
  video: (url, say) => { const v = document.createElement("video"); v.onloadedmetadata = () => say("video plays");
      v.onerror = () => say("video failed"); v.src = url; document.body.append(v); },
  socket: (url, say) => { const s = new WebSocket(url); s.onmessage = m => { say("socket said " + m.data); s.onerror = null; };
      s.onerror = () => say("socket failed"); },
};
for (const [name, url] of parts) start[name](url, text => show(name, text));
</script></html>
"""

STYLE = b"""body { font: 18px sans-serif; margin: 2rem } h1 { color: #1d70b8 } nav a { margin-right: 1rem } li { font-size: 14px }
main { border: 1px solid #b1b4b6; padding: 1rem; margin: 1rem 0 } video { width: 120px; height: 40px; display: block }"""
APP = Path(__file__).with_name("app.html")


# Profiles that the app knows, by the numbers that its calls have for them.
PROFILES = {"100064000000001": "ExampleCouncil", "100064000000003": "ExampleLibrary", "100000000000009": "some.person",
            "1000000001": "ExampleCouncil", "2000000009": "someperson"}


def app_call(host, target, headers, body):
    """The operation that a single-page app asks for, and whose profile it wants; None where this is no call of it."""
    if host == "www.facebook.com" and target.path == "/api/graphql/":
        fields, operation = parse_qs(body.decode("latin-1")), headers.get("X-FB-Friendly-Name", "-")
    elif host == "x.com" and target.path.startswith("/i/api/graphql/"):
        fields, operation = parse_qs(target.query), target.path.rsplit("/", 1)[-1]
    else:
        return None
    if "variables" not in fields:
        return None
    variables = json.loads(fields["variables"][0])
    number = variables.get("userID") or variables.get("userId")
    return operation, variables.get("screen_name") or PROFILES.get(number, "-")


class Sites(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128
    context = None  # for a port that starts with TLS
    inner = None    # for TLS inside a CONNECT
    count_lock = threading.Lock()
    released = threading.Event()    # /held.bin goes on
    counts = {}
    log = None

    def get_request(self):
        sock, address = super().get_request()
        sock.settimeout(30)
        if self.context:
            # the handshake is done by the thread that serves the connection, not by the one that accepts
            sock = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, address

    def handle_error(self, request, client_address):
        pass    # a client that went away is nothing to report

    def note(self, method, host, path, size):
        with self.count_lock:
            key = (host, path)
            self.counts[key] = self.counts.get(key, 0) + 1
            self.log.write(f"{method} {host} {path} {size}\n")
            return self.counts[key]


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "StandIn"
    wbufsize = -1                   # head and body in one packet, and
    disable_nagle_algorithm = True  # no waiting for an acknowledgement in between

    def log_message(self, *args):
        pass

    def finish(self):
        super().finish()
        self.connection.close()

    def host(self):
        return self.headers.get("Host", "-").split(":")[0].lower()

    def answer(self, status, kind, body, **more):
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Alt-Svc", 'h3=":443"; ma=86400')
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        target = urlsplit(self.path)    # with a host, where we are asked as a proxy
        path = target.path
        visits = self.server.note(self.command, self.host(), path + ("?" + target.query if target.query else ""), 0)
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.web_socket()
        elif self.app(target, b""):
            pass
        elif path == "/mix.html":
            self.answer(200, "text/html; charset=utf-8", MIX.encode())
        elif path == "/held.bin":
            self.held()
        elif path == "/release":
            self.server.released.set()
            self.answer(200, "text/plain", b"it goes on")
        elif path.endswith(".m3u8"):
            self.answer(200, "application/octet-stream", LIST)
        elif path.endswith(".mp4"):
            self.answer(200, "video/mp4", VIDEO)
        elif path.endswith(".svg"):
            self.answer(200, "image/svg+xml", SVG)
        elif path.endswith(".css"):
            self.answer(200, "text/css", STYLE)
        elif path.endswith(".wav"):
            self.answer(200, "audio/wav", SOUND)
        elif path.endswith(".json"):
            self.answer(200, "application/json", json.dumps({"host": self.host(), "path": path, "query": target.query, "visits": visits,
                                                             "headers": dict(self.headers.items())}).encode())
        else:
            page = (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(self.host())}</title>'
                    f'<h1>Stand-in for {html.escape(self.host())}</h1><p>path <code>{html.escape(path)}</code>, visit {visits}</p></html>').encode()
            self.answer(200, "text/html; charset=utf-8", page)

    do_HEAD = do_GET

    def held(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(65536 + 1048576))
        self.end_headers()
        self.wfile.write(b"a" * 65536)
        self.wfile.flush()
        if self.server.released.wait(25):
            self.wfile.write(b"b" * 1048576)
        else:
            self.close_connection = True

    def app(self, target, body):
        """Answers the single-page app and its calls; false where neither is asked for."""
        if call := app_call(self.host(), target, self.headers, body):
            operation, profile = call
            self.server.note("CALL", self.host(), operation, profile)
            came = urlsplit(self.headers.get("Referer", ""))
            seen = {"profile": profile, "words": f"What {profile} has written.", "referer": came.path}
            self.answer(200, "application/json", json.dumps(seen).encode())
            return True
        query = parse_qs(target.query, keep_blank_values=True)
        if "app" in query:
            policy = query.get("referrer")
            self.answer(200, "text/html; charset=utf-8", APP.read_bytes(), **({"Referrer_Policy": policy[0]} if policy else {}))
            return True
        return False

    def do_OPTIONS(self):
        """What a browser asks before a call to another site (the Fetch standard's preflight)."""
        self.server.note(self.command, self.host(), self.path, 0)
        self.answer(200, "text/plain", b"", Access_Control_Allow_Methods="GET, POST", Access_Control_Allow_Headers="content-type")

    def do_CONNECT(self):
        """As a parent proxy would: what follows is TLS, and we are the site at the other end of it."""
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.wfile.flush()
        self.connection = self.server.inner.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", -1)
        self.close_connection = False

    def do_POST(self):
        digest, size, head = hashlib.sha256(), 0, b""
        for piece in self.pieces():
            digest.update(piece)
            size += len(piece)
            head = (head + piece)[:65536]
        self.server.note(self.command, self.host(), self.path, size)
        if self.command == "POST" and self.app(urlsplit(self.path), head):
            return
        # what a test may want to see of the head: never what only a browser or a proxy should know
        seen = {"method": self.command, "host": self.host(), "path": self.path, "bytes": size, "sha256": digest.hexdigest(),
                "headers": dict(self.headers.items())}
        self.answer(200, "application/json", json.dumps(seen).encode())

    do_PUT = do_PATCH = do_DELETE = do_POST

    def pieces(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return
        left = int(self.headers.get("Content-Length", 0))
        while left:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                raise ConnectionError
            left -= len(piece)
            yield piece

    def web_socket(self):
        key = self.headers.get("Sec-WebSocket-Key", "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        text = b"hello from " + self.host().encode()
        self.wfile.write(bytes([0x81, len(text)]) + text + b"\x88\x00")
        self.close_connection = True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--https", type=int, required=True)
    parser.add_argument("--http", type=int, required=True)
    parser.add_argument("--certificate", required=True, help="PEM file with certificate and key")
    parser.add_argument("--log", required=True)
    parser.add_argument("--user", help="who to become, once the ports are taken")
    args = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.certificate)
    servers = [Sites((args.address, port), Site) for port in (args.http, args.https)]
    Sites.inner = servers[1].context = context
    if args.user and os.geteuid() == 0:
        entry = pwd.getpwnam(args.user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    Sites.log = open(args.log, "a", buffering=1, encoding="utf-8")
    threading.Thread(target=servers[0].serve_forever, daemon=True).start()
    servers[1].serve_forever()


if __name__ == "__main__":
    main()
