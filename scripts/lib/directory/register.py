"""registers/people.csv: what stood there, whether what comes may take its place, and the writing, whole or not at all."""

import csv
import datetime
import fcntl
import io
import os

from people import Changed, Doubtful

COLUMNS = ("user", "id", "names", "groups", "class", "sponsor", "synced_on")
FEW = 10     # so many come and go in a small group without telling anything
GROWTH = 50  # and a group may always grow by so many


def read(path):
    """id -> row, with names and groups as lists. {} where there is no file yet."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames is None or set(reader.fieldnames) != set(COLUMNS):
                raise Doubtful(f"{path} has other columns than sync-directory writes: move it away to begin anew")
            rows = list(reader)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Doubtful(f"{path} cannot be read: {error}: move it away to begin anew") from error
    for row in rows:
        if any(row[column] is None for column in COLUMNS):
            raise Doubtful(f"{path} is not whole: move it away to begin anew")
        row["names"] = row["names"].split()
        row["groups"] = [group for group in row["groups"].split(";") if group]
    return {row["id"]: row for row in rows}


def counts(rows):
    """What is counted, and how many: (words, groups and classes) of (groups, class) pairs."""
    found = {}
    for groups, person_class in rows:
        for word in [f"group {group}" for group in groups] + ([f"class {person_class}"] if person_class else []):
            found[word] = found.get(word, 0) + 1
    return found


def guard(people, before, settings, accept):
    """Doubtful where a directory that is down, slow or lying would look like this."""
    if len(people) < settings["least"]:
        raise Doubtful(f"the directory shows {len(people)} people, fewer than 'least' ({settings['least']})")
    if accept or not before:
        return
    shrunk("people", len(before), len(people), settings, 1)
    old = counts((row["groups"], row["class"]) for row in before.values())
    new = counts((person.groups, person.person_class) for person in people)
    configured = {f"group {name}" for name, _ in settings.groups} | {f"class {rule[0]}" for rule in settings.classes}
    for word in sorted(configured):
        was, now = old.get(word, 0), new.get(word, 0)
        if was and not now:
            raise Changed(f"nobody is in {word} any more, and {was} were")
        shrunk(word, was, now, settings, FEW)
        if was and now > was + GROWTH and now > was * (1 + settings["grow"] / 100):
            raise Changed(f"{word} has grown from {was} to {now}, by more than {settings['grow']} %")


def shrunk(word, was, now, settings, few):
    if was >= few and now < was * (1 - settings["shrink"] / 100):
        raise Changed(f"{word}: {now} where {was} were, fewer by more than {settings['shrink']} %")


def text_of(people, stamp):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for person in people:
        writer.writerow([person.user, person.id, " ".join(person.names), ";".join(sorted(person.groups)),
                         person.person_class, person.sponsor, stamp])
    return out.getvalue().encode("utf-8")


def stamp_now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(path, text):
    """Beside it and renamed over it: nobody sees half a file, and a full disk leaves the old one."""
    folder = os.path.dirname(os.path.abspath(path))
    beside = os.path.join(folder, f".{os.path.basename(path)}.new")
    try:
        old = os.stat(path)
    except FileNotFoundError:
        old = None
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
    try:
        with os.fdopen(fd, "wb") as file:
            if old:
                os.fchmod(fd, old.st_mode & 0o777)
                try:
                    os.fchown(fd, -1, old.st_gid)
                except PermissionError:
                    pass  # not our group to give
            file.write(text)
            file.flush()
            os.fsync(fd)
        os.rename(beside, path)
    except OSError:
        os.unlink(beside)
        raise
    folder_fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder_fd)
    finally:
        os.close(folder_fd)


def lock(path):
    """Two at a time would each compare with what the other replaces. Held until the process ends; None when it is taken."""
    fd = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return None
    return fd
