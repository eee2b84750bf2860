#!/bin/sh
# Installs fieldref from this folder and nothing else: no internet is asked.
#
#   sh install.sh [WHERE]     WHERE is /opt/fieldref as root, ~/fieldref otherwise
#   sh install.sh --back [WHERE]   go back to the version before
#
# Each version lies in a folder of its own; WHERE/now points at the one in use. Safe-points and branches are folders
# elsewhere: nothing of them is touched. Close the shift first: an older fieldref must not open a register that a newer
# one has brought up to date while records are in it.
set -eu
kit=$(cd "$(dirname "$0")" && pwd)
back=""
if [ "${1:-}" = --back ]; then back=yes; shift; fi
if [ "$(id -u)" = 0 ]; then usual=/opt/fieldref; else usual=$HOME/fieldref; fi
where=${1:-$usual}
python=${PYTHON:-python3}

say() { echo "fieldref: $*"; }
fail() { say "$*" >&2; exit 1; }

point_at() {  # make WHERE/now lead to this version in one step
    ln -sfn "$1" "$where/.now.new"
    mv -T "$where/.now.new" "$where/now"
}

if [ -n "$back" ]; then
    [ -L "$where/before" ] || fail "there is no version to go back to in $where"
    older=$(readlink "$where/before")
    [ -x "$where/$older/bin/fieldref" ] || fail "$where/$older is gone"
    newer=$(readlink "$where/now")
    point_at "$older"
    ln -sfn "$newer" "$where/before"
    say "this is $("$where/now/bin/fieldref" --version) again. Start the doors anew."
    exit 0
fi

command -v "$python" >/dev/null 2>&1 || fail "there is no python3: Debian 12 or newer, Raspberry Pi OS (64 bit) and Ubuntu have it"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed; this is $("$python" -V)"
[ -f "$kit/SHA256SUMS" ] || fail "this kit is not whole: SHA256SUMS is missing"
(cd "$kit" && sha256sum --quiet --strict -c SHA256SUMS) >/dev/null 2>&1 || fail "a file of this kit is damaged: copy it to the stick again"

set -- "$kit"/wheels/fieldref-*.whl
[ $# = 1 ] && [ -f "$1" ] || fail "this kit has not one wheel of fieldref"
version=$(basename "$1" | cut -d- -f2)
set -- "$kit"/wheels/pip-*.whl
[ -f "$1" ] || fail "this kit has no wheel of pip"
pip=$1

mkdir -p "$where"
new=$where/$version
beside=$where/.$version.new
rm -rf "$beside"
say "installing $version into $new ..."
# Without pip, because Debian keeps that half of venv in a package that may not be there; pip is run from its wheel.
"$python" -m venv --without-pip "$beside" || fail "no virtual environment can be made in $where"
"$beside/bin/python" "$pip/pip" install --quiet --no-index --disable-pip-version-check --no-warn-script-location \
    --find-links "$kit/wheels" "fieldref[pdf]==$version" ||
    fail "something is missing for this machine ($(uname -m), $("$python" -V)); nothing was changed"
"$beside/bin/python" -m fieldref.cli --version >/dev/null 2>&1 || "$beside/bin/fieldref" --version >/dev/null ||
    fail "what was installed does not start; nothing was changed"

# A version that is installed again takes the place of itself. Scripts name the folder they lie in: made anew there.
rm -rf "$new.old"
[ ! -d "$new" ] || mv "$new" "$new.old"
mv "$beside" "$new"
grep -rlZI --include='*' "$beside" "$new/bin" "$new/pyvenv.cfg" 2>/dev/null | xargs -0 -r sed -i "s|$beside|$new|g"
rm -rf "$new.old"
if [ -L "$where/now" ] && [ "$(readlink "$where/now")" != "$version" ]; then
    ln -sfn "$(readlink "$where/now")" "$where/before"
fi
point_at "$version"
say "$("$where/now/bin/fieldref" --version) is installed. Try it: $where/now/bin/fieldref demo"
if [ "$(id -u)" = 0 ] && [ "$where" = /opt/fieldref ]; then
    ln -sfn "$where/now/bin/fieldref" /usr/local/bin/fieldref
    say "the command fieldref is there for everybody on this machine"
fi
