"""A list maker's site on loopback, over TLS: serves a folder, says its port on standard output, ends with its parent's pipe."""

import functools
import http.server
import os
import ssl
import sys
import threading


class Site(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(self.directory, self.path.lstrip("/"))
        if self.path.endswith("/error"):
            self.send_error(503)
        elif self.path.endswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/plain")
            self.end_headers()
        elif os.path.exists(path + ".cut"):  # the connection breaks in the middle
            data = open(path, "rb").read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            super().do_GET()

    def log_message(self, *_):
        with open(os.path.join(self.directory, ".log"), "a", encoding="ascii") as log:
            log.write(f"{self.path}\n")


folder, certificate = sys.argv[1:]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Site, directory=folder))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
