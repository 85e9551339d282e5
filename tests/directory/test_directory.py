"""scripts/sync-directory and what is made of its file, with a real slapd. Run by tests/directory/run."""

import csv
import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import council
from council import GROUPS, MANY, PEOPLE, SUFFIX, dn
from slapd import Slapd

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
SYNC = os.path.join(TOP, "scripts/sync-directory")
TOOL = os.environ["PORTREEVE"]
DONE, NOT_BELIEVED, WRONG, NOT_READ, NOT_WRITTEN = range(5)

CONF = {
    "server": {"kind": "openldap", "url": "", "ca-file": "", "bind-name": f"cn=reader,{SUFFIX}", "password-file": "",
               "base": PEOPLE, "group-base": GROUPS, "timeout": "60"},
    "people": {},
    "groups": {"all-staff": f"cn=all-staff,{GROUPS}", "comms": f"cn=comms,{GROUPS}", "shift": f"cn=posix,{GROUPS}"},
    "classes": {"member": f"group cn=councillors,{GROUPS}", "agency": "attribute employeeType=agency",
                "casual": "attribute employeeType=casual", "default": "employee"},
    "output": {"file": ""},
}
POLICY = """policy "Directory" version 1 from 2026-04-01
council "C"
owner "O"
approved-by "O" on 2026-04-01
review-due 2027-04-01
default allow
unsure refuse page default-deny
unknown-writes allow
malformed refuse page default-deny
people-default employee
members own-rules cite "6"
contact approver "O" mail o@council.example
must-work .council.example
group all-staff
group comms
group shift
forbid members-ask
    people member
    platform facebook
    page default-deny
    because "x"
permit comms
    group comms
    platform facebook
    because "x"
permit shift
    group shift all-staff
    platform facebook
    because "x"
forbid unresolved
    platform facebook
    groups unresolved
    page default-deny
    because "Your groups are not known."
forbid granted-only
    platform x
    except grant live
    page default-deny
    because "x"
grants need approval
"""
GRANTS = "user,group,platforms,accounts,activities,approved_by,approved_on\n"


def setUpModule():
    global slapd, server_folder
    server_folder = tempfile.mkdtemp(prefix="portreeve-slapd-")
    slapd = Slapd(server_folder, council.ldif())


def tearDownModule():
    slapd.stop()
    shutil.rmtree(server_folder)


class Directory(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="portreeve-directory-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.people = self.file("registers/people.csv")
        os.makedirs(self.file("registers"))
        self.put("password", "secret of readers\n")
        os.chmod(self.file("password"), 0o600)
        self.conf = {section: dict(keys) for section, keys in CONF.items()}
        self.conf["server"].update({"url": f"ldap://127.0.0.1:{slapd.port}", "ca-file": os.path.join(server_folder, "ca.crt"),
                                    "password-file": self.file("password")})
        self.conf["output"]["file"] = self.people

    def file(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, text):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)

    def write_conf(self):
        text = "# made by the test\n"
        for section, keys in self.conf.items():
            text += f"\n[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        self.put("conf", text)

    def sync(self, *options, status=DONE):
        self.write_conf()
        self.done = subprocess.run([SYNC, *options, self.file("conf")], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   check=False, text=True)
        self.assertEqual(self.done.returncode, status, self.done.stdout + self.done.stderr)

    def rows(self):
        with open(self.people, encoding="utf-8", newline="") as file:
            return {row["user"]: row for row in csv.DictReader(file)}

    def bytes(self):
        with open(self.people, "rb") as file:
            return file.read()

    def refused(self, status, words, *options):
        """Nothing has changed, and it is said why, on the spot and in a file that stays."""
        before = self.bytes() if os.path.exists(self.people) else None
        self.sync(*options, status=status)
        self.assertIn(words, self.done.stderr)
        self.assertIn("nothing was changed", self.done.stderr)
        self.assertEqual(self.bytes() if os.path.exists(self.people) else None, before)
        with open(self.file("registers/.people.csv.alarm"), encoding="utf-8") as file:
            self.assertIn(words, file.read())

    def modify(self, ldif, back):
        slapd.modify(ldif)
        self.addCleanup(slapd.modify, back)

    # --- the tool on what was written

    def council(self, grants=GRANTS, members=None):
        self.put("council.policy", POLICY)
        self.put("registers/grants.csv", grants)
        if members is not None:
            self.put("registers/members.csv", members)

    def tool(self, *words, status=0):
        done = subprocess.run([TOOL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)
        self.assertEqual(done.returncode, status, done.stdout[-2000:] + done.stderr[-2000:])
        return done

    def compile(self, status=0):
        return self.tool("compile", self.folder, "--maps", os.path.join(TOP, "policy-maps"), "-o", self.file("current"),
                         "--no-tests", status=status)

    def explain(self, user, url="https://www.facebook.com/x", *more):
        return self.tool("explain", "--artefact", self.file("current"), "--at", "2026-05-12T10:00:00Z", "--user", user, *more,
                         url).stdout


class Reading(Directory):
    def test_everything(self):
        self.sync()
        rows = self.rows()
        self.assertEqual(len(rows), MANY + 7)  # in pages of 1,000: this sign-in gets 500 at most without
        self.assertEqual(rows["p4999"]["groups"], "all-staff")
        self.assertEqual(rows["a.boss"]["groups"], "all-staff")
        self.assertEqual(rows["zoe"]["groups"], "comms")
        self.assertEqual(rows["jürgen.müller"]["groups"], "")
        self.assertEqual(rows["in.date"]["groups"], "shift")
        self.assertEqual(rows["in.date"]["names"], "in.earlier")
        jones = rows["a.jones"]
        self.assertEqual((jones["groups"], jones["class"], jones["sponsor"]), ("comms", "agency", "a.boss"))
        self.assertEqual(rows["cllr.h"]["class"], "member")
        self.assertEqual((rows["c.casual"]["class"], rows["c.casual"]["sponsor"]), ("casual", ""))
        self.assertEqual(rows["p0001"]["class"], "employee")
        for user in ("dis.abled", "ex.pired", "lock.ed", "a,b", "twice"):
            self.assertNotIn(user, rows)
        self.assertIn("left out, disabled: 1\n", self.done.stdout)
        self.assertIn("left out, expired: 1\n", self.done.stdout)
        self.assertIn("left out, locked: 1\n", self.done.stdout)
        self.assertIn("left out, with a name that two have: 2\n", self.done.stdout)
        self.assertIn("left out, with a name that nobody can sign in with: 2\n", self.done.stdout)
        self.assertNotIn("lock.ed", self.done.stdout + self.done.stderr)
        self.assertEqual(oct(os.stat(self.people).st_mode & 0o777), "0o640")
        self.assertEqual(os.listdir(self.file("registers")), ["people.csv"])
        self.sync("--names", "--dry-run")
        self.assertIn("left out, locked: 1 (lock.ed)", self.done.stdout)

    def test_ldaps(self):
        self.conf["server"]["url"] = f"ldaps://127.0.0.1:{slapd.tls_port}"
        self.sync()
        self.assertEqual(len(self.rows()), MANY + 7)

    def test_the_second_server_answers(self):
        self.conf["server"]["url"] = f"ldap://127.0.0.1:1\nurl = ldap://127.0.0.1:{slapd.port}"
        self.sync()
        self.assertEqual(len(self.rows()), MANY + 7)

    def test_the_same_answer_gives_the_same_file(self):
        self.sync()
        first = self.bytes()
        self.sync()
        self.assertIn("0 new, 0 gone, 0 renamed", self.done.stdout)
        stamp = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
        self.assertEqual(re.sub(stamp, b"", first), re.sub(stamp, b"", self.bytes()))

    def test_a_dry_run_writes_nothing(self):
        self.sync("--dry-run")
        self.assertEqual(os.listdir(self.file("registers")), [])
        self.conf["server"]["url"] = "ldap://127.0.0.1:1"
        self.sync("--dry-run", status=NOT_READ)
        self.assertEqual(os.listdir(self.file("registers")), [])

    def test_a_changed_name_stays_an_alias(self):
        self.sync()
        ident = self.rows()["a.jones"]["id"]
        self.modify(f"dn: {dn('a.jones')}\nchangetype: modrdn\nnewrdn: uid=a.smith\ndeleteoldrdn: 1\n",
                    f"dn: {dn('a.smith')}\nchangetype: modrdn\nnewrdn: uid=a.jones\ndeleteoldrdn: 1\n")
        self.modify(f"dn: cn=comms,{GROUPS}\nchangetype: modify\nadd: member\nmember: {dn('a.smith')}\n",
                    f"dn: cn=comms,{GROUPS}\nchangetype: modify\ndelete: member\nmember: {dn('a.smith')}\n")
        self.sync()
        self.assertIn("0 new, 0 gone, 1 renamed", self.done.stdout)
        smith = self.rows()["a.smith"]
        self.assertEqual((smith["id"], smith["names"]), (ident, "a.jones"))
        self.sync()
        self.assertEqual(self.rows()["a.smith"]["names"], "a.jones")
        # A grant under the name of then is the person's of today; and so is a sign-in with it.
        self.council(GRANTS + "a.jones,,x,,view,D,2026-05-01\n")
        self.compile()
        for user in ("a.smith", "A.Jones@COUNCIL.EXAMPLE"):
            told = self.explain(user, "https://x.com/x")
            self.assertIn("user: a.smith", told)
            self.assertIn("action: allow", told)
        self.assertIn("action: refuse", self.explain("p0001", "https://x.com/x"))
        # Somebody new gets the name: it is theirs alone, and the one that had it is told apart.
        self.modify(f"dn: {dn('a.jones')}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: a.jones\ncn: x\nsn: x\n",
                    f"dn: {dn('a.jones')}\nchangetype: delete\n")
        self.sync()
        self.assertIn("another person's now", self.done.stdout)
        rows = self.rows()
        self.assertEqual(rows["a.smith"]["names"], "")
        self.assertNotEqual(rows["a.jones"]["id"], ident)

    def test_a_new_starter_needs_the_group_alone(self):
        self.council()
        self.sync()
        self.compile()
        self.assertIn("rule: unresolved", self.explain("new.starter"))
        self.modify(f"dn: {dn('new.starter')}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: new.starter\ncn: x\nsn: x\n\n"
                    f"dn: cn=comms,{GROUPS}\nchangetype: modify\nadd: member\nmember: {dn('new.starter')}\n",
                    f"dn: {dn('new.starter')}\nchangetype: delete\n\n"
                    f"dn: cn=comms,{GROUPS}\nchangetype: modify\ndelete: member\nmember: {dn('new.starter')}\n")
        self.sync()
        self.compile()
        self.assertIn("rule: comms", self.explain("COUNCIL\\New.Starter"))

    def test_members_by_hand_and_the_proxy_add_to_it(self):
        self.council(members="user,groups,class,sponsor\np0001,comms,,\ncllr.h,,,\na.jones,shift,volunteer,p0002\n")
        self.sync()
        self.compile()
        told = self.explain("p0001")
        self.assertIn("groups: all-staff, comms", told)
        told = self.explain("p0001", "https://www.facebook.com/x", "--groups", "shift")
        self.assertIn("groups: all-staff, comms, shift", told)
        told = self.explain("a.jones")
        self.assertIn("groups: comms, shift", told)
        self.assertIn("class of person: volunteer", told)
        self.assertIn("who answers for them: p0002", told)
        told = self.explain("cllr.h")
        self.assertIn("class of person: member", told)
        self.assertIn("elected members: rules of their own", told)
        self.assertIn("rule: members-ask", told)
        told = self.explain("nobody.known")
        self.assertIn("groups: unresolved", told)
        self.assertIn("rule: unresolved", told)

    def test_status_tells_the_age(self):
        self.council()
        self.sync()
        self.compile()
        with open(self.people, encoding="utf-8", newline="") as file:
            at = next(csv.DictReader(file))["synced_on"]
        done = subprocess.run([TOOL, "status", self.file("current"), "--json"], stdout=subprocess.PIPE, check=False)
        facts = json.loads(done.stdout)
        self.assertEqual((facts["directory"]["read_at"], facts["directory"]["people"]), (at, MANY + 7))
        self.assertFalse([a for a in facts["attention"] if a["item"] == "directory"])
        self.put("registers/people.csv", self.bytes().decode().replace(at, "2026-05-12T09:00:00Z"))
        self.compile()
        for when, words in (("2026-05-13T08:59:00Z", "Directory: read 23 hours ago (2026-05-12 09:00 UTC), 5007 people\n"),
                            ("2026-05-13T10:00:00Z", "the directory was read 25 hours ago: older than 24 hours"),
                            ("2026-05-15T09:30:00Z", "the directory was read 3 days ago: older than 24 hours"),
                            ("2026-05-12T08:00:00Z", "the directory was read in the future")):
            done = self.tool("status", self.file("current"), "--at", when, status=1 if "the" in words else 0)
            self.assertIn(words, done.stdout)

    def test_grants_of_leavers_are_told(self):
        self.council(GRANTS + "p0001,,x,,view,D,2026-05-01\nleft.long.ago,,x,,view,D,2026-05-01\n")
        self.sync()
        out = self.compile()
        self.assertIn("neither people.csv nor members.csv knows who has this grant (1 such)", out.stdout + out.stderr)

    def test_one_agency_worker_has_a_sponsor_and_one_casual_has_none(self):
        self.council()
        self.sync()
        out = self.compile()
        self.assertIn("nobody answers for this person, who is no employee (1 such)", out.stdout + out.stderr)


class Refusing(Directory):
    def test_down(self):
        self.sync()
        self.conf["server"]["url"] = "ldap://127.0.0.1:1"
        self.refused(NOT_READ, "cannot be reached at 127.0.0.1, port 1")
        self.conf["server"]["url"] = f"ldap://127.0.0.1:{slapd.port}"
        self.sync()
        self.assertEqual(os.listdir(self.file("registers")), ["people.csv"])

    def test_slow(self):
        self.sync()
        with socket.socket() as deaf:  # takes the connection and says nothing
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            self.conf["server"].update({"url": f"ldap://127.0.0.1:{deaf.getsockname()[1]}", "timeout": "1"})
            self.refused(NOT_READ, "no whole answer within 1 seconds")

    def test_wrong_password(self):
        self.put("password", "another")
        self.refused(NOT_READ, "does not take the name and password")
        self.put("password", "\n")
        self.refused(NOT_READ, "the password file is empty")

    def test_untrusted_certificate(self):
        self.sync()
        self.conf["server"]["ca-file"] = os.path.join(server_folder, "other-ca.crt")
        self.refused(NOT_READ, "the server's certificate is not trusted")
        self.conf["server"]["url"] = f"ldaps://127.0.0.1:{slapd.tls_port}"
        self.refused(NOT_READ, "the server's certificate is not trusted")

    def test_the_system_cannot_turn_the_check_off(self):
        self.conf["server"]["ca-file"] = os.path.join(server_folder, "other-ca.crt")
        os.environ["LDAPTLS_REQCERT"] = "never"
        self.addCleanup(os.environ.pop, "LDAPTLS_REQCERT")
        self.refused(NOT_READ, "the server's certificate is not trusted")

    def test_name_of_another(self):
        self.conf["server"]["url"] = f"ldaps://127.0.0.2:{slapd.tls_port}"
        self.sync(status=NOT_READ)

    def test_size_limit(self):
        self.conf["server"]["bind-name"] = f"cn=short,{SUFFIX}"
        self.refused(NOT_READ, "size limit")

    def test_referral(self):
        self.conf["server"]["base"] = f"ou=elsewhere,{SUFFIX}"
        self.refused(NOT_READ, "parts of the answer are on other servers")
        self.conf["server"]["referrals"] = "ignore"
        self.sync()
        self.assertEqual(list(self.rows()), ["far"])

    def test_no_such_base(self):
        self.conf["server"]["base"] = "ou=nowhere,dc=council,dc=example"
        self.refused(NOT_READ, "is the base right?")

    def test_nobody(self):
        self.sync()
        self.conf["server"]["base"] = f"ou=odd,{SUFFIX}"
        self.refused(NOT_BELIEVED, "shows nobody at all")

    def test_groups_are_hidden(self):
        self.sync()
        self.conf["server"]["bind-name"] = f"cn=blind,{SUFFIX}"
        self.sync(status=NOT_READ)  # the base itself is not there
        self.conf["server"].update({"group-base": SUFFIX, "referrals": "ignore"})
        self.refused(NOT_BELIEVED, "the directory shows no group")

    def test_ids_are_hidden(self):
        slapd_limit = f"cn=noid,{SUFFIX}"
        self.conf["server"]["bind-name"] = slapd_limit
        self.conf["server"]["base"] = f"ou=elsewhere,{SUFFIX}"
        self.conf["server"]["referrals"] = "ignore"
        self.refused(NOT_BELIEVED, "does not show entryUUID")

    def test_shrunk(self):
        self.sync()
        self.conf["people"]["filter"] = "(uid=p*)"
        self.conf["groups"] = {"all-staff": f"cn=all-staff,{GROUPS}"}
        self.conf["classes"] = {"default": "employee"}
        self.sync()  # seven fewer
        self.conf["people"]["filter"] = "(uid=p3*)"
        self.refused(NOT_BELIEVED, "people: 1000 where 5000 were")
        self.sync("--accept")
        self.assertEqual(len(self.rows()), 1000)

    def test_a_group_is_empty(self):
        self.sync()
        self.conf["groups"]["comms"] = f"cn=nobody,{GROUPS}"
        self.refused(NOT_BELIEVED, "nobody is in group comms any more, and 2 were")

    def test_a_class_is_empty(self):
        self.sync()
        self.conf["classes"]["member"] = f"group cn=nobody,{GROUPS}"  # or councillors would be employees
        self.refused(NOT_BELIEVED, "nobody is in class member any more")

    def test_a_group_has_everybody(self):
        self.sync()
        self.conf["groups"]["comms"] = f"cn=all-staff,{GROUPS}"
        self.refused(NOT_BELIEVED, "group comms has grown from 2 to 5001")

    def test_fewer_than_least(self):
        self.conf["output"]["least"] = "6000"
        self.refused(NOT_BELIEVED, "fewer than 'least' (6000)")

    def test_the_file_was_changed_by_hand(self):
        for text in ("user,groups\na,b\n", "user,id,names,groups,class,sponsor,synced_on\na,b\n"):
            self.put("registers/people.csv", text)
            self.refused(NOT_BELIEVED, "move it away to begin anew")

    def test_it_cannot_be_written(self):
        self.sync()
        os.mkdir(self.file("registers/.people.csv.new"))
        self.refused(NOT_WRITTEN, "Is a directory")

    def test_two_at_a_time(self):
        fd = os.open(self.file("registers"), os.O_RDONLY)
        self.addCleanup(os.close, fd)
        fcntl.flock(fd, fcntl.LOCK_EX)
        self.sync(status=NOT_WRITTEN)
        self.assertIn("another one is at work", self.done.stderr)


class Configuration(Directory):
    def wrong(self, words):
        self.sync(status=WRONG)
        self.assertIn(words, self.done.stderr)
        self.assertFalse(os.path.exists(self.people))

    def test_mistakes(self):
        for section, key, value, words in (
                ("server", "bind-nam", "x", "unknown key in [server] 'bind-nam': did you mean 'bind-name'?"),
                ("classes", "agensy", "group x", "unknown class of people 'agensy': did you mean 'agency'?"),
                ("classes", "agency", "grp x", "write 'group DN' or 'attribute NAME=VALUE'"),
                ("classes", "default", "staff", "unknown class of people 'staff'"),
                ("server", "kind", "openldp", "unknown kind 'openldp': did you mean 'openldap'?"),
                ("server", "url", "http://x", "url 'http://x' is none"),
                ("server", "tls", "none", ""),
                ("output", "shrink", "much", "'shrink' is 'much' and has to be a whole number"),
                ("server", "ca-file", "/nowhere", "ca-file '/nowhere' cannot be read")):
            with self.subTest(words):
                was = self.conf[section].get(key)
                self.conf[section][key] = value
                if key == "tls":
                    self.conf["server"]["url"] = "ldap://dc1.council.example"
                    words = "the password would go in clear"
                self.wrong(words)
                self.conf[section][key] = was
                if was is None:
                    del self.conf[section][key]
                self.conf["server"]["url"] = f"ldap://127.0.0.1:{slapd.port}"

    def test_all_at_once(self):
        self.put("conf", "[server]\nkind = ad\nurrl = x\n[grops]\na = b\n[output]\nfile\n")
        self.done = subprocess.run([SYNC, self.file("conf")], stderr=subprocess.PIPE, check=False, text=True)
        for words in ("conf:3: unknown key", "conf:4: unknown section 'grops': did you mean 'groups'?", "conf:7: a line is",
                      "'base' is missing"):
            self.assertIn(words, self.done.stderr)

    def test_password_that_others_can_read(self):
        os.chmod(self.file("password"), 0o644)
        self.wrong("is open to others (mode 0644): chmod 0600")

    def test_classes_are_those_of_the_vocabulary(self):
        sys.path.insert(0, os.path.join(TOP, "scripts/lib/directory"))
        import settings  # pylint: disable=import-outside-toplevel
        with open(os.path.join(TOP, "icap-module/core/words.def"), encoding="utf-8") as file:
            words = re.findall(r'^PEOPLE\(\w+,\s*"([a-z]+)"', file.read(), re.M)
        self.assertEqual(list(settings.CLASSES), words)


def main():
    program = unittest.main(module="__main__", exit=False)
    result = program.result
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"{max(0, result.testsRun - failed - len(result.skipped))} passed, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
