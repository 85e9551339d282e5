"""Feeds' lines held against the formats' own rules, by readers that share nothing with the writer.

    conforms.py ecs|cef KIND FILE             lines of a file
    conforms.py syslog-ecs|syslog-cef KIND FILE    messages of RFC 5424, one a line (a receiver has taken the counts off)

Prints how many lines there are; each fault is a line on standard error, and exit status 1.
"""

import json
import re
import sys

# Elastic Common Schema 8.17.0, https://github.com/elastic/ecs, tag v8.17.0, generated/csv/fields.csv (Field, Type);
# allowed values and expected event types from generated/ecs/ecs_nested.yml of the same tag.
ECS = {
    "@timestamp": "date", "ecs.version": "keyword",
    "event.action": "keyword", "event.category": "keyword", "event.dataset": "keyword", "event.id": "keyword",
    "event.kind": "keyword", "event.module": "keyword", "event.outcome": "keyword", "event.reason": "keyword",
    "event.sequence": "long", "event.severity": "long", "event.type": "keyword",
    "group.name": "keyword", "observer.name": "keyword", "observer.product": "keyword", "observer.type": "keyword",
    "observer.version": "keyword", "rule.id": "keyword", "rule.version": "keyword", "url.domain": "keyword",
    "user.id": "keyword",
}  # fmt: skip
ECS_ALWAYS = ("@timestamp", "ecs.version", "event.kind", "event.category", "event.type")
ECS_ARRAYS = ("event.category", "event.type")
ECS_EXPECTED_TYPES = {
    "web": {"access", "error", "info"},
    "network": {"access", "allowed", "connection", "denied", "end", "info", "protocol", "start"},
}
ECS_OUTCOMES = {"success", "failure", "unknown"}
# Elastic advises that labels are keywords.
LABELS = {"feed_schema", "social_action", "origin", "shadow_action", "shadow_rule", "categories"}
SECURITY = {"malware", "phishing", "proxy-avoidance"}

# CEF keys by the Common Event Format's dictionary (Micro Focus, version 26), the custom ones by their labels here.
CEF_KEYS = {"rt": "number", "act": "text", "outcome": "text", "reason": "text", "dhost": "text", "cat": "text",
            "dvchost": "text", "externalId": "text"}  # fmt: skip
CEF_CUSTOM = {"cs1": "Pseudonym", "cs2": "Group", "cs3": "RuleName", "cs4": "PolicyVersion", "cs5": "Categories",
              "cs6": "ShadowAction", "cn1": "Sequence", "cn2": "FeedSchema"}  # fmt: skip

# RFC 5424, section 6, from its ABNF.
SD_NAME = r'[!-<>-\\^-~]{1,32}'  # PRINTUSASCII without = SP ] "; the quote is taken out below
SD_NAME = SD_NAME.replace("!-<", "!#-<")
PARAM = rf'{SD_NAME}="(?:[^"\\\]]|\\["\\\]])*"'
RFC5424 = re.compile(
    r"<(?P<pri>0|[1-9]\d?|1[0-8]\d|19[01])>1 "
    r"(?P<time>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) "
    r"(?P<host>-|[!-~]{1,255}) (?P<app>-|[!-~]{1,48}) (?P<proc>-|[!-~]{1,128}) (?P<id>-|[!-~]{1,32}) "
    rf"(?P<sd>-|(?:\[{SD_NAME}(?: {PARAM})*\])+)(?: (?P<msg>.*))?",
    re.DOTALL,
)


class Faults:
    def __init__(self):
        self.any = False

    def __call__(self, where, what):
        self.any = True
        print(f"line {where}: {what}", file=sys.stderr)


fault = Faults()


def flat(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    else:
        yield name, value


def typed(kind, value):
    if kind == "long":
        return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    if kind == "date":
        return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value)
    return isinstance(value, str) and value != "" and len(value) <= 1024


def check_ecs_fields(n, fields):
    for name, value in fields.items():
        if name.startswith("labels."):
            if name[7:] not in LABELS or not typed("keyword", value):
                fault(n, f"{name} is no label of ours, or no text: {value!r}")
        elif name not in ECS:
            fault(n, f"{name} is no field of ECS that we use")
        elif name in ECS_ARRAYS:
            if not isinstance(value, list) or not value or not all(typed("keyword", v) for v in value):
                fault(n, f"{name} is no list of words")
        elif not typed(ECS[name], value):
            fault(n, f"{name} is no {ECS[name]}: {value!r}")
    for name in ECS_ALWAYS:
        if name not in fields:
            fault(n, f"{name} is missing")


def check_ecs(n, text, kind):
    """Returns {sequence or id, time, categories} of the line."""
    if any(ord(c) < 0x20 or ord(c) > 0x7E for c in text):
        fault(n, "is not one line of ASCII")
    fields = dict(flat(json.loads(text)))
    check_ecs_fields(n, fields)
    may = set().union(*(ECS_EXPECTED_TYPES[c] for c in fields["event.category"]))
    if not set(fields["event.type"]) <= may or fields["event.kind"] != "event" or fields["ecs.version"] != "8.17.0":
        fault(n, f"kind, category, type or version: {text}")
    if fields.get("event.outcome") not in ECS_OUTCOMES:
        fault(n, f"outcome {fields.get('event.outcome')}")
    if fields["labels.feed_schema"] != "1" or fields["event.dataset"] != f"portreeve.{kind}":
        fault(n, "schema or dataset")
    categories = set(fields.get("labels.categories", "").split(",")) - {""}
    secret = [k for k in ("user.id", "group.name", "event.sequence", "labels.categories") if k in fields]
    check_kind(n, kind, secret, categories, fields["@timestamp"][14:23])
    if kind == "policy" and not re.fullmatch(r"[0-9a-f]{16}", fields.get("event.id", "")):
        fault(n, "a policy line's id is a random number, never a code")
    if "user.id" in fields and not re.fullmatch(r"[0-9a-f]{32}", fields["user.id"]):
        fault(n, "user.id is no pseudonym")
    return fields


def check_kind(n, kind, secret, categories, minutes):
    if kind == "policy" and (secret or minutes != "00:00.000"):
        fault(n, f"policy carries {secret} or a time of {minutes}")
    if kind == "security" and not categories & SECURITY:
        fault(n, f"security carries {categories}")


def cef_head(text):
    """The seven fields of the head, unescaped, and the extension."""
    fields, field, i = [], "", 0
    while i < len(text) and len(fields) < 7:
        if text[i] == "\\":
            if text[i + 1 : i + 2] not in ("\\", "|"):
                raise ValueError("escape in the head")
            field += text[i + 1]
            i += 1
        elif text[i] == "|":
            fields.append(field)
            field = ""
        else:
            field += text[i]
        i += 1
    return fields, text[i:]


def cef_extension(text):
    """Keys and unescaped values. A key begins behind the last blank before an equals sign that is not escaped."""
    at = [m.start() for m in re.finditer(r"(?:(?<=\s)|^)[A-Za-z0-9_]+(?==)", text)]
    out = {}
    for k, start in enumerate(at):
        piece = text[start : at[k + 1] - 1 if k + 1 < len(at) else len(text)]
        key, _, value = piece.partition("=")
        if re.search(r"(?<!\\)(?:\\\\)*=", value) or re.search(r"(?<!\\)(?:\\\\)*\\(?![\\=nr])", value):
            raise ValueError(f"{key} has an equals sign or backslash that is not escaped: {value!r}")
        if key in out:
            raise ValueError(f"{key} comes twice")
        out[key] = re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m[1], m[1]), value)
    return out


def check_cef(n, text, kind):
    if re.search(r"[\x00-\x1f\x7f]", text):
        fault(n, "has control characters")
    try:
        head, extension = cef_head(text)
        keys = cef_extension(extension)
    except ValueError as e:
        fault(n, str(e))
        return {}
    if len(head) != 7 or head[0] != "CEF:0" or head[1:3] != ["Portreeve", "Portreeve"] or not all(head):
        fault(n, f"head: {head}")
    elif head[4].split("-")[0] != kind or not re.fullmatch(r"\d|10", head[6]):
        fault(n, f"class or severity: {head}")
    for key, value in keys.items():
        if key.endswith("Label") and key[:-5] in CEF_CUSTOM:
            if value != CEF_CUSTOM[key[:-5]] or key[:-5] not in keys:
                fault(n, f"{key}={value}")
        elif key in CEF_CUSTOM:
            if key + "Label" not in keys or (key.startswith("cn") and not value.isdigit()):
                fault(n, f"{key}={value}")
        elif key not in CEF_KEYS or (CEF_KEYS[key] == "number" and not value.isdigit()):
            fault(n, f"{key}={value}: no key that we use")
    seconds = int(keys.get("rt", "1")) // 1000
    secret = [k for k in ("cs1", "cs2", "cs5", "cn1") if k in keys]
    check_kind(n, kind, secret, set(keys.get("cs5", "").split(",")), "00:00.000" if seconds % 3600 == 0 else "other")
    return keys


def check_syslog(n, text, kind):
    """Its MSG."""
    found = RFC5424.fullmatch(text)
    if not found:
        fault(n, f"is no message of RFC 5424: {text[:200]!r}")
        return "{}"
    if found["app"] != "portreeve" or found["id"] != kind or int(found["pri"]) // 8 != 16:
        fault(n, f"app, msgid or facility: {text[:100]}")
    if kind == "policy" and found["time"][14:19] != "00:00":
        fault(n, f"policy tells the time {found['time']}")
    message = found["msg"]
    if message.isascii() == message.startswith("\ufeff"):
        fault(n, "UTF-8 beyond ASCII has a BOM, ASCII has none")
    return message.removeprefix("\ufeff")


def lines_of(path):
    with open(path, "rb") as f:
        data = f.read()
    if data and not data.endswith(b"\n"):
        fault("last", "is torn")
    return data.decode("utf-8").split("\n")[:-1]


def read(form, kind, path):
    """Fields of each line."""
    out = []
    for n, text in enumerate(lines_of(path), 1):
        if form.startswith("syslog-"):
            text = check_syslog(n, text, kind)
        out.append(check_ecs(n, text, kind) if form.endswith("ecs") else check_cef(n, text, kind))
    return out


def main():
    form, kind, path = sys.argv[1:4]
    print(len(read(form, kind, path)))
    return 1 if fault.any else 0


if __name__ == "__main__":
    sys.exit(main())
