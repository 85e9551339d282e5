"""The configuration of sync-directory: a closed vocabulary, all mistakes told at once (sync-directory(8))."""

import difflib
import os
import stat
import urllib.parse

# The classes of people of portreeve.registers(5); tests/directory holds this to core/words.def.
CLASSES = ("employee", "member", "agency", "casual", "consultant", "interim", "volunteer", "public", "shared")
KINDS = ("ad", "openldap")
BINDS = ("simple", "gssapi", "anonymous")

# Section: key: (what it is without being said, may stand several times). None: needed; "": nothing.
SECTIONS = {
    "server": {
        "kind": (None, False), "url": (None, True), "ca-file": ("", False), "tls": ("required", False),
        "bind": ("simple", False), "bind-name": ("", False), "password-file": ("", False), "base": (None, False),
        "group-base": ("", False), "timeout": ("120", False), "referrals": ("refuse", False),
    },
    "people": {"filter": ("", False), "user": ("", False), "id": ("", False), "sponsor": ("manager", False)},
    "groups": {},   # the policy's own names
    "classes": {},  # CLASSES and default
    "output": {"file": (None, False), "shrink": ("20", False), "grow": ("100", False), "least": ("1", False)},
}
BY_KIND = {
    "ad": {"filter": "(&(objectCategory=person)(objectClass=user))", "user": "sAMAccountName", "id": "objectGUID"},
    "openldap": {"filter": "(objectClass=inetOrgPerson)", "user": "uid", "id": "entryUUID"},
}


class Wrong(Exception):
    """Mistakes of the configuration, a line each."""


class Settings:
    """What was read. groups: [(policy group, DN)]; classes: [(class, "group", DN) or (class, "attribute", name, value)]."""

    def __init__(self, path):
        self.path = path
        self.values = {}
        self.groups = []
        self.classes = []
        self.default_class = ""
        self.wrong = []
        self.read()
        if not self.wrong:
            self.check()
        if self.wrong:
            raise Wrong("\n".join(self.wrong))

    def __getitem__(self, key):
        return self.values[key]

    def complain(self, line, text):
        self.wrong.append(f"{self.path}:{line}: {text}" if line else f"{self.path}: {text}")

    def unknown(self, line, what, word, words):
        near = difflib.get_close_matches(word, words, 1)
        self.complain(line, f"unknown {what} '{word}': " + (f"did you mean '{near[0]}'?" if near else f"one of {', '.join(words)}"))

    def read(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Wrong(f"{self.path}: cannot be read: {error}") from error
        section = None
        seen = {}
        for number, text in enumerate(lines, 1):
            text = text.strip()
            if not text or text.startswith("#"):
                continue
            if text.startswith("[") and text.endswith("]"):
                section = text[1:-1].strip()
                if section not in SECTIONS:
                    self.unknown(number, "section", section, list(SECTIONS))
                    section = ""
                continue
            key, equals, value = (part.strip() for part in text.partition("="))
            if section == "":
                continue
            if section is None or not equals or not key or not value:
                self.complain(number, "a line is '[section]' or 'key = value' below a section")
                continue
            self.take(section, key, value, number, seen)
        for name, keys in SECTIONS.items():
            for key, (default, many) in keys.items():
                if key in self.values:
                    continue
                if default is None:
                    self.complain(0, f"'{key}' is missing in [{name}]")
                self.values[key] = [] if many else default

    def take(self, section, key, value, number, seen):
        if section == "groups":
            self.groups.append((key, value))
        elif section == "classes":
            self.take_class(key, value, number)
        elif key not in SECTIONS[section]:
            self.unknown(number, f"key in [{section}]", key, list(SECTIONS[section]))
        elif SECTIONS[section][key][1]:
            self.values.setdefault(key, []).append(value)
        elif key in self.values:
            self.complain(number, f"'{key}' stands in line {seen[key]} already")
        else:
            self.values[key] = value
        seen.setdefault(key, number)

    def take_class(self, key, value, number):
        how, _, rest = value.partition(" ")
        rest = rest.strip()
        if key == "default":
            if value not in CLASSES:
                self.unknown(number, "class of people", value, CLASSES)
            self.default_class = value
        elif key not in CLASSES:
            self.unknown(number, "class of people", key, CLASSES + ("default",))
        elif how == "group" and rest:
            self.classes.append((key, "group", rest))
        elif how == "attribute" and all(part.strip() for part in rest.partition("=")):
            name, _, wanted = rest.partition("=")
            self.classes.append((key, "attribute", name.strip().lower(), wanted.strip()))
        else:
            self.complain(number, f"'{value}' says nothing: write 'group DN' or 'attribute NAME=VALUE'")

    def check(self):
        v = self.values
        for key, words in (("kind", KINDS), ("bind", BINDS), ("tls", ("required", "none")), ("referrals", ("refuse", "ignore"))):
            if v[key] not in words:
                self.unknown(0, key, v[key], words)
        for key, low, high in (("timeout", 1, 3600), ("shrink", 0, 99), ("grow", 1, 100000), ("least", 1, 10000000)):
            if not v[key].isdigit() or not low <= int(v[key]) <= high:
                self.complain(0, f"'{key}' is '{v[key]}' and has to be a whole number from {low} to {high}")
            else:
                v[key] = int(v[key])
        for key, value in BY_KIND.get(v["kind"], {}).items():
            v[key] = v[key] or value
        v["group-base"] = v["group-base"] or v["base"]
        if not self.groups and not self.classes:
            self.complain(0, "neither [groups] nor [classes] names a group of the directory: there is nothing to do")
        for url in v["url"]:
            self.check_url(url)
        self.check_bind()

    def check_url(self, url):
        parts = urllib.parse.urlsplit(url)
        local = parts.scheme == "ldapi" or parts.hostname in ("127.0.0.1", "::1", "localhost")
        if parts.scheme not in ("ldap", "ldaps", "ldapi") or not parts.netloc or parts.path.strip("/"):
            self.complain(0, f"url '{url}' is none: write ldaps://HOST or ldap://HOST (which then uses STARTTLS)")
        elif self.values["tls"] == "none" and not local:
            self.complain(0, f"'tls = none' is for this machine itself: to {url} the password would go in clear")
        elif self.values["tls"] == "required" and parts.scheme != "ldapi" and not self.values["ca-file"]:
            self.complain(0, "'ca-file' is missing in [server]: without it the server's certificate cannot be trusted")
        if self.values["ca-file"] and not os.access(self.values["ca-file"], os.R_OK):
            self.complain(0, f"ca-file '{self.values['ca-file']}' cannot be read")

    def check_bind(self):
        v = self.values
        if v["bind"] != "simple":
            return
        if not v["bind-name"] or not v["password-file"]:
            self.complain(0, "'bind = simple' needs 'bind-name' and 'password-file' in [server]")
            return
        try:
            mode = os.stat(v["password-file"]).st_mode
        except OSError as error:
            self.complain(0, f"password-file '{v['password-file']}' cannot be read: {error.strerror}")
            return
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            self.complain(0, f"password-file '{v['password-file']}' is open to others (mode {mode & 0o777:04o}): chmod 0600")
