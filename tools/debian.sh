#!/bin/sh
# Install what a Python lock can't: Debian's packages, as root or with a sudo that asks nothing.
#
#   tools/debian.sh browser     chromium and a Chinese font, for the browser tests
#   tools/debian.sh node        node and npm, for the tests against Telegram's emulator
#   tools/debian.sh compiler    gcc and Python's headers, for durable_rules
#
# Does nothing where they are there already. Where it may not or cannot install them it prints the command to run and
# ends with status 3: the caller decides whether that matters.
set -eu

case "${1:-}" in
browser)
    packages="chromium fonts-noto-cjk"
    there() { [ -x /usr/bin/chromium ] && ls /usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc >/dev/null 2>&1; }
    ;;
node)
    packages="nodejs npm"
    there() { command -v node >/dev/null && command -v npm >/dev/null; }
    ;;
compiler)
    packages="gcc libc6-dev python3-dev python3-venv"
    headers='import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file())'
    there() { command -v cc >/dev/null && "$("${0%/*}/find_python.sh")" -c "$headers"; } 2>/dev/null
    ;;
*)
    echo "usage: tools/debian.sh browser|node|compiler" >&2
    exit 2
    ;;
esac

there && exit 0

remedy="apt-get update && apt-get install -y --no-install-recommends $packages"
tell_what_to_run() {
    echo "! 没有装上 not installed: $packages" >&2
    echo "! 请以管理员身份运行 run as root:  $remedy" >&2
    exit 3
}

command -v apt-get >/dev/null 2>&1 || tell_what_to_run
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    tell_what_to_run
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1; }
echo "· 安装 installing $packages"
# shellcheck disable=SC2086  # a list of packages, to be split
if ! { apt update && apt install -y --no-install-recommends $packages; }; then
    tail -n 15 "$log" >&2
    tell_what_to_run
fi
