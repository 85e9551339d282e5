"""LDIF as ldapsearch -LLL writes it (RFC 2849), and names in it (RFC 4514, RFC 4515)."""

import base64
import binascii
import re


class Unreadable(Exception):
    """The text is no LDIF."""


class Entry:
    """One object: dn, and values (bytes) by the attribute's name in small letters, without options."""

    def __init__(self, dn):
        self.dn = dn
        self.values = {}
        self.partial = []  # attributes of which the server sent a part (Active Directory's range)

    def all(self, name):
        return self.values.get(name.lower(), [])

    def texts(self, name):
        return [value.decode("utf-8", "replace") for value in self.all(name)]

    def text(self, name):
        return next(iter(self.texts(name)), "")


def lines_of(text):
    """Logical lines: one that begins with a blank goes on with the line before (RFC 2849 note 2)."""
    line = None
    for piece in text.split(b"\n"):
        piece = piece.rstrip(b"\r")
        if piece.startswith(b" ") and line is not None:
            line += piece[1:]
            continue
        if line is not None:
            yield line
        line = piece
    if line is not None:
        yield line


def value_of(rest):
    if rest.startswith(b":"):
        try:
            return base64.b64decode(rest[1:].strip(), validate=True)
        except binascii.Error as error:
            raise Unreadable(f"a value is no base64: {error}") from error
    if rest.startswith(b"<"):
        raise Unreadable("a value stands in a file")
    return rest.lstrip(b" ")


def parse(text):
    """(entries, referrals)."""
    entries, referrals, entry = [], [], None
    for line in lines_of(text):
        if line.startswith(b"#"):
            reference = re.match(rb"#\s*ref:?\s*(ldap\S+)", line)
            if reference:
                referrals.append(reference.group(1).decode("utf-8", "replace"))
            continue
        if not line:
            entry = None
            continue
        name, colon, rest = line.partition(b":")
        if not colon:
            raise Unreadable(f"a line is no attribute: {line[:40]!r}")
        name = name.decode("ascii", "replace").lower()
        value = value_of(rest)
        if name == "dn":
            entry = Entry(value.decode("utf-8", "replace"))
            entries.append(entry)
        elif entry is None:
            raise Unreadable(f"an attribute stands before any object: {name[:40]}")
        else:
            name, *options = name.split(";")
            if any(option.startswith("range=") and not option.endswith("-*") for option in options):
                entry.partial.append(name)
            entry.values.setdefault(name, []).append(value)
    return entries, referrals


def parts_of(dn):
    """The RDNs of a DN as ((type, value), ...), escapes taken out."""
    rdns, pairs, name, value, at = [], [], None, bytearray(), 0
    raw = dn.encode("utf-8")

    def close():
        nonlocal name, value
        if name is None:
            raise Unreadable("a part of a DN has no '='")
        pairs.append((name, bytes(value).decode("utf-8", "replace")))
        name, value = None, bytearray()

    while at < len(raw):
        c = raw[at:at + 1]
        if name is None:
            end = raw.find(b"=", at)
            if end < 0:
                raise Unreadable("a part of a DN has no '='")
            name = raw[at:end].decode("ascii", "replace").strip().lower()
            at = end + 1
            continue
        if c == b"\\":
            two = raw[at + 1:at + 3]
            if re.fullmatch(rb"[0-9A-Fa-f]{2}", two):
                value += bytes([int(two, 16)])
                at += 3
            else:
                value += raw[at + 1:at + 2]
                at += 2
            continue
        if c in b",;+":
            close()
            if c != b"+":
                rdns.append(tuple(sorted(pairs)))
                pairs = []
        else:
            value += c
        at += 1
    if name is not None:
        close()
        rdns.append(tuple(sorted(pairs)))
    return rdns


def key_of(dn):
    """Equal for two spellings of one DN: case, blanks and escapes do not matter."""
    return tuple(tuple((name, " ".join(value.split()).casefold()) for name, value in rdn) for rdn in parts_of(dn))


def filter_text(value):
    """RFC 4515 3: a value inside a filter."""
    return "".join(f"\\{ord(c):02x}" if c in "\\*()\0" else c for c in value)
