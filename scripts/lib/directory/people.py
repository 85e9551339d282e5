"""From the directory's objects to people: who is in which group of the policy, of which class, under which names."""

import datetime
import ipaddress
import re
import unicodedata
import uuid

import ldif
import server

GROUP_CLASSES = ("groupOfNames", "groupOfUniqueNames", "posixGroup", "group")
NAMES_MAX = 16  # portreeve.registers(5)
NEEDS_NO_SPONSOR = ("", "employee", "member", "public", "shared")
TICKS = 10_000_000  # of Active Directory, a second
NEVER = (0, 0x7FFFFFFFFFFFFFFF)
FROM_1601 = 11_644_473_600  # seconds to 1970


class Doubtful(Exception):
    """The directory answered, but not so that it can be believed."""


class Changed(Doubtful):
    """It has changed more than is likely; somebody may know why."""


class Person:
    def __init__(self, entry):
        self.entry = entry
        self.key = ldif.key_of(entry.dn)
        self.user = ""
        self.names = []
        self.id = ""
        self.groups = set()
        self.person_class = ""
        self.sponsor = ""


class Report:
    """What to say about a reading. left_out: reason -> names."""

    def __init__(self):
        self.left_out = {}
        self.notes = []

    def leave_out(self, reason, name):
        self.left_out.setdefault(reason, []).append(name)


def lower(text):
    """As the module does it: ASCII alone."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def usable(name):
    """A name that a register takes (portreeve.registers(5), Cells)."""
    if not name or len(name.encode()) > 200 or name[0] in "'#" or any(c in ',;"=<>@\\' for c in name):
        return False
    if any(unicodedata.category(c)[0] in "ZC" or c in "\u2018\u2019\u201c\u201d" for c in name):
        return False
    if re.fullmatch(r"\d+(\.\d+)?e[+-]?\d+|\d{1,2}-[a-z]{3}|[a-z]{3}-\d{2}", name):
        return False  # what spreadsheets make of names
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False


def id_of(entry, settings):
    value = next(iter(entry.all(settings["id"])), b"")
    try:
        if settings["id"].lower() == "objectguid":
            return str(uuid.UUID(bytes_le=value))
        return str(uuid.UUID(value.decode("ascii")))
    except (ValueError, UnicodeDecodeError):
        return ""


def number(text):
    return int(text) if re.fullmatch(r"-?\d+", text) else 0


def disabled(entry, now):
    """Why the account cannot be used, or ''."""
    if number(entry.text("userAccountControl")) & 2:
        return "disabled"
    expires = number(entry.text("accountExpires"))
    if expires not in NEVER and expires / TICKS - FROM_1601 <= now.timestamp():
        return "expired"
    if entry.all("pwdAccountLockedTime"):
        return "locked"
    if entry.text("nsAccountLock").lower() == "true":
        return "disabled"
    if entry.all("shadowExpire") and 0 <= number(entry.text("shadowExpire")) <= now.timestamp() // 86400:
        return "expired"
    return ""


def attributes(settings):
    wanted = {settings["user"], settings["id"], settings["sponsor"], "userAccountControl", "accountExpires",
              "pwdAccountLockedTime", "nsAccountLock", "shadowExpire"}
    wanted.update(rule[2] for rule in settings.classes if rule[1] == "attribute")
    return sorted(wanted)


def read_people(directory, settings, report, now):
    """People by the key of their DN, with those who are to be left out taken out."""
    entries = directory.search(settings["base"], "sub", settings["filter"], attributes(settings))
    if not entries:
        raise Doubtful("the directory shows nobody at all: is the base right, and may this sign-in read there?")
    people = [read_person(entry, settings) for entry in entries]
    without = [p for p in people if not p.id]
    if without:
        raise Doubtful(f"of {len(without)} of {len(people)} people the directory does not show {settings['id']}: let this "
                       "sign-in read it, since names change and that does not")
    ids = {}
    for person in people:
        if ids.setdefault(person.id, person) is not person:
            raise Doubtful("one object id is two people's: the directory is not in order")
    return leave_out(people, settings, report, now)


def read_person(entry, settings):
    person = Person(entry)
    names = [lower(name.strip()) for name in entry.texts(settings["user"])]
    person.user, person.names = (names[0], names[1:]) if names else ("", [])
    person.id = id_of(entry, settings)
    return person


def leave_out(people, settings, report, now):
    users = {}
    kept = {}
    for person in people:
        reason = disabled(person.entry, now)
        if not reason and not person.user:
            reason = f"without {settings['user']}"
        elif not reason and not usable(person.user):
            reason = "with a name that nobody can sign in with"
        if reason:
            report.leave_out(reason, person.user or person.entry.dn)
            continue
        users.setdefault(person.user, []).append(person)
    for user, same in users.items():
        if len(same) > 1:  # nobody can tell which of them signs in
            for _ in same:
                report.leave_out("with a name that two have", user)
        else:
            kept[same[0].key] = same[0]
    return kept


# --- groups --------------------------------------------------------------------------------------------------------


class Groups:
    """Who is in a group of the directory, directly or through other groups."""

    def __init__(self, directory, settings, people):
        self.directory = directory
        self.settings = settings
        self.people = people
        self.known = {}
        self.by_user = {person.user: key for key, person in people.items()}
        self.graph = None if directory.nested else self.read_graph()

    def members(self, dn):
        """Keys of the people."""
        key = ldif.key_of(dn)
        if key not in self.known:
            self.known[key] = self.ask(dn) if self.directory.nested else self.walk(key, dn)
        return self.known[key]

    def ask(self, dn):
        """The server's own rule follows nested groups."""
        found = self.directory.search(dn, "base", "(objectClass=group)", ["1.1"])
        if len(found) != 1:
            raise Doubtful(f"the directory shows no group {dn}")
        wanted = f"(&{self.settings['filter']}(memberOf:{server.NESTED}:={ldif.filter_text(dn)}))"
        entries = self.directory.search(self.settings["base"], "sub", wanted, ["1.1"])
        return {ldif.key_of(entry.dn) for entry in entries} & self.people.keys()

    def read_graph(self):
        classes = "".join(f"(objectClass={name})" for name in GROUP_CLASSES)
        entries = self.directory.search(self.settings["group-base"], "sub", f"(|{classes})",
                                        ["member", "uniqueMember", "memberUid"])
        graph = {}
        for entry in entries:
            if entry.partial:
                raise Doubtful(f"of the members of {entry.dn} the directory sends a part only")
            graph[ldif.key_of(entry.dn)] = self.members_of(entry)
        return graph

    def members_of(self, entry):
        keys = set()
        for value in entry.texts("member") + entry.texts("uniqueMember"):
            try:
                keys.add(ldif.key_of(re.sub(r"#'[01]*'B$", "", value)))  # RFC 4517 3.3.21
            except ldif.Unreadable:
                continue  # groupOfNames must have a member: some put a word there
        keys.update(self.by_user[name] for name in map(lower, entry.texts("memberUid")) if name in self.by_user)
        return keys

    def walk(self, key, dn):
        if key not in self.graph:
            raise Doubtful(f"the directory shows no group {dn}: is it below group-base, and may this sign-in read it?")
        seen, waiting, found = {key}, [key], set()
        while waiting:
            for member in self.graph[waiting.pop()]:
                if member in self.people:
                    found.add(member)
                elif member in self.graph and member not in seen:  # each group once: they may lie in a ring
                    seen.add(member)
                    waiting.append(member)
        return found


def sort_into(people, groups, settings):
    for name, dn in settings.groups:
        for key in groups.members(dn):
            people[key].groups.add(name)
    for rule in settings.classes:
        for key in groups.members(rule[2]) if rule[1] == "group" else people:
            person = people[key]
            holds = rule[1] == "group" or any(value.casefold() == rule[3].casefold() for value in person.entry.texts(rule[2]))
            if holds and not person.person_class:  # the first that is written counts
                person.person_class = rule[0]
    for person in people.values():
        person.person_class = person.person_class or settings.default_class
        if person.person_class in NEEDS_NO_SPONSOR:
            continue
        try:
            sponsor = people.get(ldif.key_of(person.entry.text(settings["sponsor"])))
        except ldif.Unreadable:
            sponsor = None
        if sponsor and sponsor is not person:
            person.sponsor = sponsor.user


def keep_names(people, before, report):
    """Every name that somebody has had is theirs, until another person has it."""
    users = {person.user for person in people.values()}
    taken = {}
    renamed = 0
    for person in sorted(people.values(), key=lambda p: p.id):
        old = before.get(person.id)
        names = list(person.names)
        if old:
            renamed += old["user"] != person.user
            names += [old["user"], *old["names"]]
        person.names = []
        for name in dict.fromkeys(names):
            if name == person.user or not usable(name):
                continue
            if name in users or taken.setdefault(name, person.id) != person.id:
                report.notes.append("an earlier name of somebody is another person's now: it no longer stands for the "
                                    "first; look at grants.csv and identities.csv for rows that were meant for them")
                continue
            if len(person.names) < NAMES_MAX:
                person.names.append(name)
    return renamed


def read(directory, settings, before, report):
    """The people of the directory, sorted by name; how many were renamed."""
    now = datetime.datetime.now(datetime.timezone.utc)
    people = read_people(directory, settings, report, now)
    sort_into(people, Groups(directory, settings, people), settings)
    renamed = keep_names(people, before, report)
    return sorted(people.values(), key=lambda p: p.user), renamed
