# shellcheck shell=bash
# Debian packages that the project needs, in one place. Each function installs what is missing and says nothing where nothing is.

# libssl-dev: c-icap's headers include OpenSSL's, but its package does not ask for them
BUILD_PACKAGES=(autoconf automake libtool pkg-config gcc make libc6-dev libicapapi-dev libssl-dev libpcre2-dev libcsv-dev libcdb-dev
    libarchive-dev libpsl-dev libidn2-dev libjansson-dev libmaxminddb-dev libsodium-dev libsqlite3-dev libpq-dev libmicrohttpd-dev check)
RUN_PACKAGES=(squid-openssl c-icap openssl ca-certificates curl python3)
TEST_PACKAGES=(systemd xz-utils slapd ldap-utils postgresql chromium fonts-dejavu-core libnss3-tools shellcheck clang clang-tidy libclang-rt-14-dev cppcheck mandoc faketime msmtp rsyslog python3-aiosmtpd weasyprint)
# shellcheck disable=SC2034  # packaging/build, tests/package
PACKAGE_PACKAGES=(dpkg-dev debhelper dh-apparmor lintian debootstrap systemd systemd-container apparmor)
# shellcheck disable=SC2034  # bench-lists.sh installs it
BENCH_PACKAGES=(squidguard libc-icap-mod-urlcheck)

missing_packages() { # PACKAGE...: prints those that are not installed
    local name
    for name in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || printf '%s\n' "$name"
    done
}
install_packages() {
    local guard=/usr/sbin/policy-rc.d status=0
    local -a names as_root=()
    if ! command -v apt-get >/dev/null; then
        echo "packages: no apt-get here; these Debian packages, or what they hold, have to be there: $*" >&2
        return 0
    fi
    mapfile -t names < <(missing_packages "$@")
    ((${#names[@]})) || return 0
    echo "packages: installing ${names[*]}" >&2
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { echo "packages: neither root nor sudo here" >&2; return 1; }
        as_root=(sudo)
    fi
    # Squid and c-icap are started by us, with a configuration of ours: installing them shall not start theirs.
    if [[ ! -e $guard ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$guard" >/dev/null
        "${as_root[@]}" chmod 755 "$guard"
    else
        guard=
    fi
    {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "${names[@]}" >/dev/null
    } || status=$?
    [[ -z $guard ]] || "${as_root[@]}" rm -f "$guard"
    return "$status"
}
install_build_packages() { install_packages "${BUILD_PACKAGES[@]}"; }
install_run_packages() { install_packages "${RUN_PACKAGES[@]}"; }
install_test_packages() { install_packages "${TEST_PACKAGES[@]}"; }
