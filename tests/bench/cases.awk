# The requests of case files as lines for judgetime: METHOD URL USER {TAB Name: value} [TAB ~body]. Cases carry requests in the
# shapes that browsers send, one of every kind that the maps know.

function flush() {
    if (line) print line (body ? "\t~" body : "")
    line = body = ""
}

# What stands between the quotes, with the escapes that bodies of forms and JSON use.
function unquote(text) {
    sub(/^[^"]*"/, "", text)
    sub(/"[ \t]*$/, "", text)
    gsub(/\\[rnt]/, " ", text)
    gsub(/\\"/, "\"", text)
    gsub(/\\\\/, "\\", text)
    return text
}

/^case / { flush() }
/^[ \t]+(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|CONNECT)[ \t]/ { flush(); line = $1 " " $2 " a.user" }
line && /^[ \t]+header / { sub(/^[ \t]+header[ \t]+/, ""); line = line "\t" $0 }
line && /^[ \t]+body / { body = unquote($0) }
END { flush() }
