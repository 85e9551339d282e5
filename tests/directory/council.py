"""The directory that the tests read: 5,000 people and some, groups in groups, a ring of groups, odd names."""

from slapd import ADMIN, SUFFIX, entry

PEOPLE, GROUPS = f"ou=people,{SUFFIX}", f"ou=groups,{SUFFIX}"
MANY = 5000


def person(user, dn=None, **more):
    more.setdefault("objectClass", ["inetOrgPerson"])
    return entry(dn or f"uid={user},{PEOPLE}", uid=more.pop("uid", user), cn=more.pop("cn", user), sn="X", **more)


def group(name, *members):
    return entry(f"cn={name},{GROUPS}", objectClass="groupOfNames", cn=name, member=list(members))


def dn(user):
    return f"uid={user},{PEOPLE}"


ODD = f"cn=O'Neil\\, \\\"Zoë\\\" Müller,{PEOPLE}"


def readers():
    out = ""
    for name in ("reader", "blind", "short", "noid"):
        out += entry(f"cn={name},{SUFFIX}", objectClass=["organizationalRole", "simpleSecurityObject"], cn=name,
                     userPassword="secret of readers")
    return out


def ldif():
    out = entry(SUFFIX, objectClass=["dcObject", "organization"], dc="council", o="council")
    out += readers()
    for unit in ("people", "groups", "odd", "elsewhere"):
        out += entry(f"ou={unit},{SUFFIX}", objectClass="organizationalUnit", ou=unit)
    for i in range(MANY):
        out += person(f"p{i:04}")
    out += person("a.boss", description="a line\nand another")
    out += person("a.jones", manager=dn("a.boss"), employeeType="Agency")
    out += person("c.casual", employeeType="casual")
    out += person("cllr.h")
    out += person("zoe", ODD, cn="O'Neil, \"Zoë\" Müller")
    out += person("jürgen.müller")
    out += person("dis.abled", objectClass=["inetOrgPerson", "lockable"], nsAccountLock="TRUE", uid=["dis.abled", "d.abled"])
    out += person("ex.pired", objectClass=["inetOrgPerson", "posixAccount", "shadowAccount"], uidNumber="1", gidNumber="1",
                  homeDirectory="/", shadowExpire="1")
    out += person("in.date", objectClass=["inetOrgPerson", "posixAccount", "shadowAccount"], uidNumber="2", gidNumber="2",
                  homeDirectory="/", shadowExpire="-1", uid=["in.date", "in.earlier"])
    out += person("lock.ed", pwdAccountLockedTime="000001010000Z")
    out += person("comma", uid="a,b")
    out += person("break", f"cn=break,{PEOPLE}", uid="two\nlines")
    out += person("twice", f"cn=twice one,{PEOPLE}", uid="twice")
    out += person("twice", f"cn=twice two,{PEOPLE}", uid="Twice")
    # all-staff: three levels; the third holds the first again
    out += group("all-staff", f"cn=offices,{GROUPS}", dn("a.boss"))
    out += group("offices", f"cn=north,{GROUPS}", dn("dis.abled"), dn("lock.ed"))
    out += group("north", f"cn=all-staff,{GROUPS}", *[dn(f"p{i:04}") for i in range(MANY)])
    # spelt otherwise: blanks, case, escapes
    out += group("comms", f"CN=O'Neil\\2C \\22Zo\\C3\\AB\\22 M\\C3\\BCller, {PEOPLE.upper()}", f"uid=a.jones, {PEOPLE}",
                 "uid=left.long.ago,ou=people,dc=council,dc=example")
    out += entry(f"cn=councillors,{GROUPS}", objectClass=["groupOfUniqueNames"], cn="councillors", uniqueMember=dn("cllr.h"))
    out += entry(f"cn=posix,{GROUPS}", objectClass="posixGroup", cn="posix", gidNumber="7", memberUid=["in.date", "nobody.we.know"])
    out += entry(f"cn=nobody,{GROUPS}", objectClass="groupOfNames", cn="nobody", member="cn=nobody yet")
    out += entry(f"ou=ref,ou=elsewhere,{SUFFIX}", objectClass=["referral", "extensibleObject"], ou="ref",
                 ref="ldap://another.invalid/ou=people,dc=council,dc=example")
    out += person("far", f"uid=far,ou=elsewhere,{SUFFIX}")
    return out


__all__ = ["ADMIN", "GROUPS", "MANY", "ODD", "PEOPLE", "SUFFIX", "dn", "ldif"]
