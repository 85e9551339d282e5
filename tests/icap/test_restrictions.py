#!/usr/bin/env python3
"""What is put into requests that go through, and that nothing else of them changes. The real c-icap, as in test_module.py."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from test_module import ALICE, BOB, Shared, connect, get, main  # noqa: E402

VIDEO = "https://www.video.example/watch?v=1"
SEARCH = "https://search.example/search"
FORGED = ["Video-Restrict: Light", "video-restrict: off", "VIDEO-RESTRICT:", "Video-Open: yes", "Video-Restricted: no"]


def post(url, body, *headers):
    return [*get(url, *headers, method="POST"), "Content-Type: application/octet-stream",
            f"Content-Length: {len(body)}"]


def original(size):
    """Bytes no two parts of which are alike."""
    return b"".join(i.to_bytes(4, "big") for i in range(size // 4 + 1))[:size]


class Restrictions(Shared):
    def set(self, answer, line=None):
        """A changed request came back, with the header once."""
        self.assertIn(answer.status, (200, 206))
        self.assertFalse(answer.is_response, answer.http)
        self.assertEqual(answer.all("Video-Restrict"), ["Moderate"])
        if line:
            self.assertEqual(answer.line, line)

    def test_a_header_is_set(self):
        a = self.ask(get(VIDEO, "Accept: x", "Cookie: a=b"), BOB)
        self.set(a, f"GET {VIDEO} HTTP/1.1")
        self.assertEqual((a.header("Accept"), a.header("Cookie"), a.header("Host")), ("x", "a=b", "www.video.example"))
        self.assertEqual([line for line in a.http.split("\r\n") if ":" not in line], ["", ""])

    def test_without_preview_and_204(self):
        self.set(self.ask(get(VIDEO), BOB, preview=None, allow=None))

    def test_a_clients_own_header_is_replaced(self):
        a = self.ask(get(VIDEO, *FORGED, "Accept: x", *FORGED), BOB)
        self.set(a)
        self.assertEqual(a.all("Video-Open"), [])
        self.assertEqual((a.all("Video-Restricted"), a.header("Accept")), (["no", "no"], "x"))

    def test_a_header_in_hiding_goes_nowhere(self):
        for hidden in ("Video-Restrict : off", "Video-Restrict\t: off"):
            self.refused(self.ask(get(VIDEO, hidden), BOB))
        for hidden in (" Video-Restrict: off", "\tVideo-Restrict: off"):  # the header above goes on
            self.set(self.ask(get(VIDEO, "A: 1", hidden, "B: 2"), BOB))
            self.assertRegex(self.ask(get(VIDEO, "A: 1", hidden, "B: 2"), BOB).header("A"), "^1 .*Video-Restrict: off$")

    def test_nothing_on_other_hosts_and_other_people(self):
        for url in ("https://www.video.example.evil.example/", "https://video.example.com/", "https://example.com/"):
            self.assertEqual(self.ask(get(url, *FORGED), BOB).status, 204, url)
        self.assertEqual(self.ask(get(VIDEO), ALICE).status, 204)

    def test_its_tunnel_is_opened(self):
        self.assertEqual(self.ask(connect("www.video.example"), BOB).all("X-Portreeve-Bump"), ["yes"])
        self.assertEqual(self.ask(connect("search.example"), ALICE).all("X-Portreeve-Bump"), ["yes"])
        self.assertEqual(self.ask(connect("www.video.example"), ALICE).status, 204)

    def test_a_search_is_made_safe(self):
        for query, rest in (("", "?"), ("?", "?"), ("?q=a+b%20c", "?q=a+b%20c&"), ("?q=a&safe=off", "?q=a&"),
                            ("?safe=off", "?"), ("?safe=off&q=a&SAFE=off", "?q=a&"), ("?%73%61%66%65=off&q=a", "?q=a&"),
                            ("?%2573afe=off&q=a", "?q=a&"), ("?%252573afe=off&q=a", "?q=a&"), ("?q=a;safe=off&b=1", "?q=a;b=1&"),
                            ("?+safe=off&%20safe%20=off&q=a", "?q=a&"), ("?safe&q=a", "?q=a&"), ("?safer=1&q=a", "?safer=1&q=a&"),
                            ("?q=safe%3doff", "?q=safe%3doff&"), ("?q=%zz%", "?q=%zz%&")):
            a = self.ask(get(f"{SEARCH}{query}", "A: 1"), ALICE)
            self.assertEqual(a.line, f"GET {SEARCH}{rest}safe=active&ui=on HTTP/1.1", query)
            self.assertEqual((a.header("A"), a.header("Host")), ("1", "search.example"))
        self.assertEqual(self.ask(get("https://search.example/maps?safe=off"), ALICE).status, 204)

    def test_an_address_that_grows_too_long_does_not_go_through(self):
        self.assertEqual(self.ask(get(f"{SEARCH}?q=" + "x" * 8000), ALICE).status, 200)
        self.refused(self.ask(get(f"{SEARCH}?q=" + "x" * (8192 - len(SEARCH) - 3)), ALICE))

    def test_a_long_head_keeps_every_line(self):
        headers = [f"H{i}: {'x' * 600}{i}" for i in range(100)]
        a = self.ask(get(VIDEO, *headers, *FORGED), BOB)
        self.set(a)
        self.assertEqual([a.header(f"H{i}") for i in range(100)], [f"{'x' * 600}{i}" for i in range(100)])

    def test_a_head_without_room_does_not_go_through(self):
        self.refused(self.ask(get(VIDEO, *[f"H{i}: {'x' * 1000}" for i in range(110)]), BOB))

    def test_an_upload_stays_at_the_proxy(self):
        body = original(3_000_000)
        a = self.ask(post(VIDEO, body), BOB, body=body, preview=4096, allow="206")
        self.set(a, f"POST {VIDEO} HTTP/1.1")
        self.assertEqual((a.status, a.continued, a.body, a.original), (206, False, b"", 0))
        self.assertEqual(a.header("Content-Length"), "3000000")

    def test_a_small_body_goes_with_it(self):
        for size in (1, 4, 4095, 4096):
            body = original(size)
            a = self.ask(post(VIDEO, body), BOB, body=body, preview=4096, allow="204, 206")
            self.set(a)
            self.assertEqual((a.status, a.body), (200, body), size)

    def test_an_upload_is_passed_on_where_no_206_is_taken(self):
        for size in (4097, 100_000, 8_000_000):
            body = original(size)
            for more in ({"preview": 4096}, {"preview": 0}, {"preview": None}, {"preview": None, "allow": None}):
                a = self.ask(post(VIDEO, body), BOB, body=body, **more)
                self.set(a)
                self.assertEqual(a.status, 200)
                self.assertTrue(a.body == body, f"{size} bytes, {more}: {len(a.body)} came back")
                self.assertEqual(a.continued, more["preview"] is not None)

    def test_uploads_beside_each_other_are_not_mixed(self):
        bodies = [bytes([i]) * 300_000 for i in range(1, 9)]
        with self.server.connect() as c:
            for body in bodies:  # one connection, one thread's room again and again
                self.assertTrue(c.reqmod(post(VIDEO, body), BOB, body=body, preview=0).body == body)
                self.assertEqual(c.reqmod(get("https://example.com/"), BOB).status, 204)
                self.refused(c.reqmod(get("https://www.facebook.com/"), BOB))


if __name__ == "__main__":
    main()
