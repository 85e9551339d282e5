"""Made-up events as `portreeve events` prints them, for makespool.

    events.py COUNT [FIRST] [--at TIME]     COUNT events from number FIRST on; every third is of malware, phishing or proxy
                                            avoidance. TIME: the first one's (nine o'clock two days ago); a second each
    events.py hostile                       events whose rules and platforms have what formats stumble over (control characters
                                            never get into an event)
"""

import datetime
import json
import sys

SECURITY = ["malware", "phishing", "proxy-avoidance"]
HOSTILE = ['a|b=c\\d"e]f', "=cmd|' /C calc'!A0", "caf\u00e9 \u202e\U0001f600", "\\", "|", "]",
           'x cs1=forged cs1Label=Pseudonym', "trailing\\", "\"},\"user\":{\"id\":\"forged\"}", "%s%n%x"]  # fmt: skip


def event(n, at, **more):
    o = {"time": (at + datetime.timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%SZ"), "policy": "3.2",
         "rule": f"rule-{n}", "action": "refuse" if n % 2 else "allow", "why": "rule", "platform": "facebook",
         "activity": "post", "account": "example-council", "identity": "none", "origin": "person", "confidence": "sure",
         "categories": [SECURITY[n // 3 % 3]] if n % 3 == 0 else ["gambling"] if n % 3 == 1 else [],
         "people": "employee", "pseudonym": f"{n % 50:032x}", "code": f"K7M4-{n:04d}"[:9] if n % 2 else None,
         "shadow": False, "would": None, "would_rule": None}  # fmt: skip
    o.update(more)
    return o


def main():
    at = (datetime.datetime.utcnow() - datetime.timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    args = sys.argv[1:]
    if "--at" in args:
        k = args.index("--at")
        at = datetime.datetime.strptime(args[k + 1], "%Y-%m-%dT%H:%M:%SZ")
        del args[k : k + 2]
    if args[0] == "hostile":
        for n, text in enumerate(HOSTILE):
            print(json.dumps(event(3 * n, at, rule=text, policy=text[::-1], platform=text, shadow=True, would="refuse", would_rule=text)))
        return
    first = int(args[1]) if len(args) > 1 else 0
    for n in range(first, first + int(args[0])):
        print(json.dumps(event(n, at)))


main()
