# shellcheck shell=bash
# Building out of the source tree.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# build_tree NAME [CONFIGURE OPTIONS...]: builds in build/NAME; what is up to date is left alone.
build_tree() {
    local dir=$TOP/build/$1
    shift
    mkdir -p "$dir"
    if [[ ! -x $TOP/configure || $TOP/configure.ac -nt $TOP/configure ]]; then
        (cd "$TOP" && autoreconf -i) >"$dir/autoreconf.out" 2>&1 || { tail -n 20 "$dir/autoreconf.out" >&2; return 1; }
    fi
    (
        cd "$dir" || exit
        [[ -e Makefile ]] || "$TOP/configure" "$@" >configure.out 2>&1 || { tail -n 20 configure.out >&2; exit 1; }
        make -j "$(nproc)" >make.out 2>&1 || { tail -n 40 make.out >&2; exit 1; }
    )
}
# built_file DIR NAME: where a build has put the module or a tool. libtool keeps what can be loaded in .libs, and a script that
# finds the libraries of the build in front of a tool.
built_file() {
    local file
    for file in "$1/$2" "$1/.libs/$2" "$1"/icap-module/*/"$2" "$1"/icap-module/*/.libs/"$2"; do
        if [[ -f $file ]]; then printf '%s\n' "$file"; return; fi
    done
    echo "build: no $2 in $1" >&2
    return 1
}
