#!/usr/bin/env python3
"""The portal's requests, and the way there from a page, with the real c-icap: who is asking stands in a header that nobody else can set."""

import os
import re
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import portal  # noqa: E402
from server import Folder, Server, until  # noqa: E402
from test_module import ALICE, BOB, FACEBOOK, Case, connect, get, main  # noqa: E402

HOST = "portreeve.council.example"
KEY = bytes(range(100, 132))
OURS = ["X-Portreeve-User: v1.forged", "x-portreeve-user: v1.forged", "X-PORTREEVE-ANYTHING: 1", "X-Portreeve-Bump:yes"]
BODY = b"t=" + b"x" * 8000
PAGE = """status 403
title "Web access"
h1 "Before you go on"
p "You can use this site now and then."
action "Go on" portal continue
action "What is kept of me" portal mine
why rule
"""


def post(url, *headers):
    return [*get(url, *headers, method="POST"), f"Content-Length: {len(BODY)}"]


class Portal(Case):
    """A server with a portal; most tests ask it one thing."""

    directives = [f"Portal {HOST}", "PortalKey {folder}/portal-key"]

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.put("portal-key", KEY)
        maps = self.folder.maps()
        self.put("maps/pages/default-deny.page", PAGE.encode())
        self.folder.compile(maps=maps, version="3.2")

    def put(self, name, data, mode=0o640):
        with open(self.folder.file(name), "wb") as f:
            f.write(data)
        os.chmod(self.folder.file(name), mode)

    def serve(self, *directives, policy=True):
        directives = [line.format(folder=self.folder.path) for line in directives or self.directives]
        if policy:
            directives += [f"Policy {self.folder.file('policy')}", f"Spool {self.folder.file('spool')}"]
        s = Server(self.folder, directives)
        self.addCleanup(s.stop)
        return s

    def vouching(self, answer, n=1):
        """The request came back with n headers of ours; the last one's value."""
        self.assertIn(answer.status, (200, 206), answer.http)
        self.assertFalse(answer.is_response, answer.http)
        self.assertEqual(len(answer.all("X-Portreeve-User")), n)
        self.assertEqual(len(re.findall("(?i)x-portreeve", answer.http)), n, answer.http)
        return answer.header("X-Portreeve-User")

    def numbers(self, s):
        with s.connect(service="info?view=text&table=*") as c:
            text = c.reqmod(get("http://x.example/")).body.decode(errors="replace")
        return {key: int(n) for key, n in re.findall(r"portreeve ([a-z ]+?)\s*:\s*(\d+)", text)}

    def said(self, words):
        return (self.folder.text("server.log") + self.folder.text("output")).count(words)


class Requests(Portal):
    def test_the_header_says_who(self):
        s = self.serve()
        for path, bound in (("/mine", "/mine"), ("/why?code=K7M4-29QX", "/why"), ("/", "/"), ("", "/"), ("?a=/b", "/"),
                            ("/a%2Fb//c/../d", "/a%2Fb//c/../d")):
            a = s.ask(get(f"https://{HOST}{path}", "Accept: x"), BOB)
            value = self.vouching(a)
            user, expiry = portal.vouched(KEY, value, "GET", bound)
            self.assertEqual(user, "bob")  # not DOM\bob: as everywhere else
            self.assertLessEqual(abs(expiry - 60 - time.time()), 30)
            self.assertEqual(a.line, f"GET https://{HOST}{path} HTTP/1.1")
            self.assertEqual(a.header("Accept"), "x")
            for method, other in (("POST", bound), ("GET", bound + "x")):
                self.assertIsNone(portal.vouched(KEY, value, method, other))
            self.assertIsNone(portal.vouched(KEY[::-1], value, "GET", bound))

    def test_the_header_tells_groups_of_emergencies_alone(self):
        who = ["X-Client-IP: 10.1.2.3", "X-Client-Username: alice"]
        for policy in (True, False):
            s = self.serve(policy=policy)
            for told, groups in (("all-staff, duty ,comms", ["duty", "comms"]), ("all-staff", None), ("", None),
                                 (",".join(["comms"] * 255), ["comms"] * 42)):  # what does not fit is left out
                value = self.vouching(s.ask(get(f"https://{HOST}/emergency"), [*who, f"X-Groups: {told}"]))
                self.assertEqual(portal.vouched(KEY, value, "GET", "/emergency")[0], "alice")
                self.assertEqual(portal.groups(value), groups if policy else None)
            s.stop()

    def test_no_two_are_alike(self):
        s = self.serve()
        values = {self.vouching(s.ask(get(f"https://{HOST}/mine"), BOB)) for _ in range(20)}
        self.assertEqual(len(values), 20)

    def test_a_clients_own_is_taken_off(self):
        s = self.serve()
        for forged in OURS:
            value = self.vouching(s.ask(get(f"https://{HOST}/mine", forged, "A: 1", forged), BOB))
            self.assertEqual(portal.vouched(KEY, value, "GET", "/mine")[0], "bob")
        mine = portal.vouch(KEY, "alice", "GET", "/mine")  # a good one, of somebody else's
        value = self.vouching(s.ask(get(f"https://{HOST}/mine", f"X-Portreeve-User: {mine}"), BOB))
        self.assertEqual(portal.vouched(KEY, value, "GET", "/mine")[0], "bob")

    def test_it_is_taken_off_everywhere(self):
        s = self.serve()
        for url in ("https://www.example.com/", f"http://{HOST}/", f"https://{HOST}:8443/", "https://search.example/search?q=1"):
            a = s.ask(get(url, "A: 1", *OURS, "B: 2"), BOB)
            self.vouching(a, 0)
            self.assertEqual((a.header("A"), a.header("B")), ("1", "2"))
        a = s.ask(post("https://www.example.com/", *OURS), BOB, body=BODY, preview=1024, allow="204, 206")
        self.vouching(a, 0)
        a = s.ask(post("https://www.example.com/", *OURS), BOB, body=BODY, preview=None, allow=None)
        self.vouching(a, 0)
        self.assertEqual(a.body, BODY)
        self.vouching(s.ask(connect("www.example.com", *OURS), BOB), 0)
        self.assertEqual(s.ask(get("https://www.example.com/", "XX-Portreeve-User: 1", "X-Portreeved: 1"), BOB).status, 204)
        until(lambda: self.numbers(s)["forged headers removed"] == 7, "they are counted")

    def test_a_mark_of_another_name_is_taken_off_too(self):
        s = self.serve(*self.directives, "BumpHeader X-Open")
        a = s.ask(get("https://www.example.com/", "x-open: yes", "X-Opened: 1", "X-Portreeve-Bump: yes"), BOB)
        self.vouching(a, 0)
        self.assertEqual((a.all("X-Open"), a.header("X-Opened")), ([], "1"))
        self.refused(s.ask(get("https://www.example.com/", "X-Open : yes"), BOB))

    def test_one_in_hiding_is_refused(self):
        s = self.serve()
        for url in (f"https://{HOST}/mine", "https://www.example.com/"):
            for hidden in ("X-Portreeve-User : x", "X-Portreeve-User\t: x"):
                self.refused(s.ask(get(url, hidden), BOB))
            for hidden in (" X-Portreeve-User: x", "\tX-Portreeve-User: x"):  # the header above goes on
                a = s.ask(get(url, "A: 1", hidden), BOB)
                self.assertEqual(len(a.all("X-Portreeve-User")), int(HOST in url))

    def test_one_in_hiding_is_refused_where_malformed_is_allowed(self):
        self.folder.compile(malformed="allow")
        s = self.serve()
        self.refused(s.ask(get("https://www.example.com/", "X-Portreeve-User : x"), BOB))
        self.refused(s.ask(get(f"https://{HOST}/", "X-Portreeve-User : x"), BOB))

    def test_the_tunnel_is_opened(self):
        s = self.serve()
        for forged in ([], OURS):
            a = s.ask(connect(HOST, *forged), BOB)
            self.marked(a, 1)
            self.assertEqual(len(re.findall("(?i)x-portreeve", a.http)), 1, a.http)
        self.assertEqual(s.ask([f"CONNECT {HOST}:8443 HTTP/1.1", f"Host: {HOST}:8443"], BOB).status, 204)

    def test_what_is_like_it_is_not_it(self):
        s = self.serve()
        for host in (f"{HOST}.evil.example", f"x{HOST}", f"{HOST}@evil.example", f"evil.example/{HOST}", f"evil.example#{HOST}",
                     f"{HOST}:80", f"{HOST}:4430"):
            a = s.ask(get(f"https://{host}/mine"), BOB)
            self.assertNotIn("X-Portreeve", a.http or "", host)
        self.assertNotIn("X-Portreeve", s.ask(get(f"http://{HOST}/mine"), BOB).http or "")
        self.vouching(s.ask(get(f"https://{HOST.upper()}:443/mine"), BOB))

    def test_bodies_go_on(self):
        s = self.serve()
        a = s.ask(post(f"https://{HOST}/continue"), BOB, body=BODY, preview=1024, allow="204, 206")
        self.assertEqual(a.status, 206)
        self.assertEqual(portal.vouched(KEY, self.vouching(a), "POST", "/continue")[0], "bob")
        for more in ({"preview": 4096}, {"preview": None, "allow": None}):
            a = s.ask(post(f"https://{HOST}/continue"), BOB, body=BODY, **more)
            self.vouching(a)
            self.assertEqual(a.body, BODY)

    def test_of_nobody_nothing_is_said(self):
        s = self.serve()
        for who in (["X-Client-IP: 10.1.2.3"], ["X-Client-Username: -"], [f"X-Client-Username: {'x' * 300}"]):
            for forged in ([], OURS):
                a = s.ask(get(f"https://{HOST}/mine", *forged), who)
                if forged:
                    self.vouching(a, 0)
                else:
                    self.assertEqual(a.status, 204)
        until(lambda: self.numbers(s)["portal requests of nobody known"] == 6, "they are counted")

    def test_nobody_judges_or_records_it(self):
        s = self.serve()
        before = self.numbers(s)
        s.ask(get(f"https://{HOST}/mine"), BOB)
        s.ask(connect(HOST), BOB)
        until(lambda: self.numbers(s)["portal requests vouched for"] == 1, "it is counted")
        after = self.numbers(s)
        self.assertEqual(after["refused"], before["refused"])
        self.assertLessEqual(after["allowed"] - before["allowed"], 3)  # the questions for these numbers
        self.assertEqual(self.folder.events(), [])

    def test_without_a_policy(self):
        s = self.serve(*self.directives, policy=False)
        self.assertEqual(s.ask(get("https://www.example.com/"), BOB).http_status, 503)
        self.vouching(s.ask(get(f"https://{HOST}/mine", *OURS), BOB))
        self.marked(s.ask(connect(HOST), BOB), 1)
        s.stop()
        s = self.serve(*self.directives, "OnMissingPolicy allow", policy=False)
        self.vouching(s.ask(get("https://www.example.com/", *OURS), BOB), 0)
        self.assertEqual(s.ask(get("https://www.example.com/"), BOB).status, 204)

    def test_without_a_portal(self):
        s = self.serve("NodeName n")
        self.assertNotIn("X-Portreeve", s.ask(get(f"https://{HOST}/mine"), BOB).http or "")
        self.vouching(s.ask(get(f"https://{HOST}/mine", *OURS), BOB), 0)

    def test_the_want_of_a_key_is_said_once(self):
        for directive, words in (("PortalKey {folder}/missing", "missing: the key cannot be opened"), ("NodeName n", "no PortalKey directive")):
            s = self.serve(f"Portal {HOST}", directive)
            for _ in range(5):
                self.assertEqual(s.ask(get(f"https://{HOST}/mine"), BOB).status, 204)
                self.vouching(s.ask(get(f"https://{HOST}/mine", *OURS), BOB), 0)
            until(lambda w=words: self.said(w), "the log says it")
            self.assertEqual(self.folder.text("server.log").count(words), 1)
            s.stop()
        self.put("portal-key", KEY, 0o644)
        s = self.serve()
        self.assertEqual(s.ask(get(f"https://{HOST}/mine"), BOB).status, 204)
        self.put("portal-key", KEY)
        until(lambda: s.ask(get(f"https://{HOST}/mine"), BOB).status == 200, "a key that comes later is taken")

    def test_wrong_directives_stop_the_start(self):
        for line in (f"Portal https://{HOST}", f"Portal {HOST}:443", "Portal portal", "Portal -a.example", "Portal a.example.", "Portal",
                     "PortalKey key"):
            s = Server(self.folder, [line], wait=False)
            self.addCleanup(s.stop)
            until(lambda s=s: s.process.poll() is not None, line)
            self.assertIn("srv_portreeve: Portal", self.folder.text("output"))


class Pages(Portal):
    def tokens(self, answer, status=403):
        self.refused(answer, status)
        self.assertIn("form-action 'none'", answer.header("Content-Security-Policy"))
        return re.findall(rb'<p><a class="go" href="https://portreeve\.council\.example/([a-z]+)\?t=([A-Za-z0-9_-]+)">([A-Za-z ]+)</a></p>',
                          answer.body)

    def opened(self, answer):
        found = self.tokens(answer)
        self.assertEqual([(page, words) for page, _, words in found], [(b"continue", b"Go on"), (b"mine", b"What is kept of me")])
        self.assertEqual(found[0][1], found[1][1])
        self.assertIsNone(portal.token(KEY[::-1], found[0][1].decode()))
        return portal.token(KEY, found[0][1].decode())

    def test_a_page_carries_what_only_the_portal_reads(self):
        s = self.serve()
        url = f"{FACEBOOK}somebody/posts?secret=1"
        a = s.ask(get(url, "Accept: text/html", "Sec-Fetch-Dest: document"), BOB)
        t = self.opened(a)
        self.assertEqual((t["user"], t["platform"], t["rule"], t["version"], t["back"], t["ask"]),
                         ("bob", "facebook", "", "3.2", url, None))
        self.assertLessEqual(abs(t["expiry"] - 12 * 3600 - time.time()), 30)
        page = re.sub(rb"\?t=[A-Za-z0-9_-]+", b"", a.body.split(b"</style>")[1])  # a sealed token may spell any short word
        for word in (b"bob", b"facebook", b"secret", b"somebody", b"XXXX", b"{"):
            self.assertNotIn(word, page, word)
        self.assertRegex(a.body.split(b"</style>")[1], rb"[0-9A-Z]{4}-[0-9A-Z]{4}")
        self.assertEqual(int(a.header("Content-Length")), len(a.body))
        self.assertNotEqual(self.opened(s.ask(get(url, "Accept: text/html"), BOB))["nonce"], t["nonce"])

    def test_only_a_page_that_can_be_asked_for_again_leads_back(self):
        s = self.serve()
        html = "Accept: text/html"
        long = FACEBOOK + "x" * (2048 - len(FACEBOOK))
        self.assertEqual(self.opened(s.ask(get(long, html), BOB))["back"], long)
        self.assertEqual(self.opened(s.ask(get(long + "x", html), BOB))["back"], "")
        self.assertEqual(self.opened(s.ask(get(FACEBOOK, html, method="HEAD2"), BOB))["back"], "")
        self.assertEqual(self.opened(s.ask(post(FACEBOOK, html), BOB, body=BODY, preview=1024, allow="204, 206"))["back"], "")
        name = "x" * 250  # beside a long address it does not fit: the address goes
        t = self.opened(s.ask(get(long, html), [f"X-Client-Username: {name}"]))
        self.assertEqual((t["user"], t["back"]), (name, long))

    def test_of_nobody_there_is_no_token(self):
        s = self.serve()
        a = s.ask(get(FACEBOOK, "Accept: text/html"), ["X-Client-IP: 10.1.2.3"])
        self.assertEqual(self.tokens(a), [])
        self.assertIn(f'<p><a class="go" href="https://{HOST}/continue">Go on</a></p>'.encode(), a.body)

    def test_without_a_portal_the_ways_there_are_left_out(self):
        s = self.serve("NodeName n")
        for _ in range(3):
            a = s.ask(get(FACEBOOK, "Accept: text/html"), BOB)
            self.refused(a)
            for word in (b"Go on", b"https://", b"/continue", b"/mine"):
                self.assertNotIn(word, a.body)
            self.assertIn(b"You can use this site now and then.", a.body)
            self.assertIn(b"</main>\n</body>\n</html>\n", a.body)
        until(lambda: self.said("the policy's pages lead to the portal and there is no Portal directive"), "the log says it")
        self.assertEqual(self.folder.text("server.log").count("there is no Portal directive"), 1)

    def test_without_a_key_the_way_is_there(self):
        s = self.serve(f"Portal {HOST}")
        a = s.ask(get(FACEBOOK, "Accept: text/html"), BOB)
        self.assertEqual(self.tokens(a), [])
        self.assertIn(f'href="https://{HOST}/continue"'.encode(), a.body)

    def test_other_forms_carry_none(self):
        s = self.serve()
        for dest in ("empty", "iframe", "image", "script", "style"):
            a = s.ask(get(FACEBOOK, f"Sec-Fetch-Dest: {dest}"), BOB)
            self.refused(a)
            self.assertNotIn(HOST.encode(), a.body)


if __name__ == "__main__":
    main()
