# Writes a file of requests for icapload: a running mixture of three kinds, the same on every run.
#   -v lines=N           lines to be written
#   -v out=P -v allowed=P  hundredths that are out of scope, and allowed; the others are refused
#   -v expect=A,B,C      status that each kind must be answered with; 0 = any
#   -v dir=DIR           holds out.list allowed.list refused.list users
# A list holds METHOD URL [USER] lines as icapload reads them; %d becomes the running number, and a
# line without USER gets one of the users.

function load(into, file,    n, line) {
    while ((getline line < file) > 0)
        if (line !~ /^[ \t]*(#|$)/) into[n++] = line
    if (!n) {
        printf "%s: nothing in it; put one METHOD URL [USER] a line into it\n", file > "/dev/stderr"
        exit 2
    }
    return n
}

# The i-th line of a list: its head, before the first tab, is completed; what follows stays.
function request(line, i,    tab, fields, word) {
    tab = index(line, "\t")
    fields = tab ? substr(line, tab) : ""
    if (tab) line = substr(line, 1, tab - 1)
    if (split(line, word, " ") < 3) line = word[1] " " word[2] " " user[i * 7919 % people]
    gsub(/%d/, i, line)
    return line fields
}

BEGIN {
    size[0] = load(list0, dir "/out.list")
    size[1] = load(list1, dir "/allowed.list")
    size[2] = load(list2, dir "/refused.list")
    people = load(user, dir "/users")
    split(expect, status, ",")
    for (i = 0; i < lines; i++) {
        slot = i * 37 % 100 # 37 and 100 have no common factor: a kind does not come in one block
        kind = slot < out ? 0 : slot < out + allowed ? 1 : 2
        at = next_of[kind]++ % size[kind]
        line = kind == 0 ? list0[at] : kind == 1 ? list1[at] : list2[at]
        print request(line, i) (status[kind + 1] > 0 ? "\t=" status[kind + 1] : "")
    }
}
