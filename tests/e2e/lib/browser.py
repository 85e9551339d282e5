#!/usr/bin/env python3
"""A person at a real Chromium: opens, reads and presses, by the browser's own debugging pipe. Standard library only.

    browser.py PROXY-PORT HOME OUT STEP...

HOME holds the certificates that the browser trusts (.pki); OUT is a folder. Each STEP is one word and what it needs:
    open URL       opens it as if typed, and waits until it has loaded
    press TEXT     presses the one link or button that says TEXT, and waits for the page that comes of it
    choose TEXT    presses the one label that says TEXT
    see NAME       leaves OUT/NAME.html, OUT/NAME.png (the whole page), OUT/NAME.url and OUT/NAME.status

Ends with 1 and a message where a step cannot be done.
"""
import base64
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 30
FIND = """(text => {
  const said = e => (e.innerText || "").trim().replace(/\\s+/g, " ");
  const all = [...document.querySelectorAll(%s)], fit = all.filter(e => said(e) === text);
  if (fit.length !== 1) return {n: fit.length, there: all.map(said)};
  fit[0].scrollIntoView({block: "center"});
  const r = fit[0].getBoundingClientRect();
  return {n: 1, x: r.x + Math.min(r.width / 2, 20), y: r.y + r.height / 2};
})(%s)"""


class Failed(Exception):
    pass


class Chromium:
    def __init__(self, port, home):
        self.profile = tempfile.TemporaryDirectory(dir=home, prefix="profile.", ignore_cleanup_errors=True)
        mine = [os.pipe(), os.pipe()]   # what it reads, what it writes
        theirs = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (mine[0][0], mine[1][1])]

        def hand_over():
            os.dup2(theirs[0], 3)
            os.dup2(theirs[1], 4)

        environment = dict(os.environ, HOME=home, XDG_CONFIG_HOME=self.profile.name, XDG_CACHE_HOME=self.profile.name,
                           PULSE_RUNTIME_PATH=self.profile.name + "/pulse")
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
             "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-extensions", "--hide-scrollbars", "--window-size=1000,800", f"--user-data-dir={self.profile.name}",
             f"--proxy-server=http://127.0.0.1:{port}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=hand_over, close_fds=False, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        for fd in (mine[0][0], mine[1][1], *theirs):
            os.close(fd)
        self.write_end, self.read_end = mine[0][1], mine[1][0]
        self.buffer, self.number, self.session = b"", 0, None
        self.status, self.leads_on, self.has_loaded = {}, False, False
        targets = self.ask("Target.getTargets")["targetInfos"]
        page = next(t for t in targets if t["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.ask(domain + ".enable")

    def close(self):
        for fd in (self.write_end, self.read_end):
            os.close(fd)            # at which it ends, having no other page to lose
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)     # children of it that are still at their last words
        except ProcessLookupError:
            pass
        self.profile.cleanup()

    def message(self, until):
        while b"\0" not in self.buffer:
            if not select.select([self.read_end], [], [], max(0, until - time.monotonic()))[0]:
                raise Failed("the browser does not answer")
            data = os.read(self.read_end, 1 << 20)
            if not data:
                raise Failed("the browser has ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write_end, json.dumps(request).encode() + b"\0")
        until = time.monotonic() + SECONDS
        while True:
            m = self.message(until)
            if m.get("id") == self.number:
                if "error" in m:
                    raise Failed(f"{method}: {m['error']['message']}")
                return m["result"]
            self.take(m)

    def take(self, m):
        if m.get("method") == "Network.responseReceived" and m["params"]["type"] == "Document":
            response = m["params"]["response"]
            self.status[m["params"]["loaderId"]] = int(response["status"])
            self.leads_on = any(name.lower() == "refresh" for name in response["headers"])
        if m.get("method") == "Page.loadEventFired" and not self.leads_on:
            self.has_loaded = True

    def loaded(self, what):
        """Waits for the load event of whatever comes next, but for a page that leads on by itself (Refresh)."""
        until = time.monotonic() + SECONDS
        while not self.has_loaded:
            try:
                self.take(self.message(until))
            except Failed as e:
                raise Failed(f"{what}: no page has come of it ({e})") from e

    def evaluate(self, script):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            raise Failed(str(result["exceptionDetails"]))
        return result["result"].get("value")

    # --- steps ---

    def open(self, url):
        self.has_loaded = False
        result = self.ask("Page.navigate", url=url)
        if result.get("errorText") and result["errorText"] != "net::ERR_HTTP_RESPONSE_CODE_FAILURE":
            raise Failed(f"open {url}: {result['errorText']}")
        self.loaded(f"open {url}")

    def click(self, kinds, text):
        at = self.evaluate(FIND % (json.dumps(kinds), json.dumps(text)))
        if at["n"] != 1:
            raise Failed(f"there are {at['n']} of '{text}' on the page, which has {at['there']}")
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=at["x"], y=at["y"], button="left", clickCount=1)

    def press(self, text):
        self.has_loaded = False
        self.click("a, button", text)
        self.loaded(f"press '{text}'")

    def choose(self, text):
        self.click("label", text)

    def see(self, path):
        frame = self.ask("Page.getFrameTree")["frameTree"]["frame"]
        picture = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path + ".png", "wb") as f:
            f.write(base64.b64decode(picture))
        for kind, text in (("html", self.evaluate("document.documentElement.outerHTML")), ("url", frame["url"]),
                           ("status", str(self.status.get(frame["loaderId"], "-")))):
            with open(f"{path}.{kind}", "w", encoding="utf-8") as f:
                f.write(text + "\n")


def main():
    port, home, out, *steps = sys.argv[1:]
    browser = Chromium(port, home)
    try:
        while steps:
            step = steps.pop(0)
            if step not in ("open", "press", "choose", "see"):
                raise Failed(f"'{step}' is no step")
            word = steps.pop(0)
            print(step, word, flush=True)
            getattr(browser, step)(os.path.join(out, word) if step == "see" else word)
    except Failed as e:
        try:
            browser.see(os.path.join(out, "failed"))
        except Failed:
            pass
        print(f"browser: {e}", file=sys.stderr)
        return 1
    finally:
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
