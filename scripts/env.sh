#!/usr/bin/env bash
# Make ./.venv with the locked versions and netmed itself, or leave it as it is when it is current.
# usage: scripts/env.sh [runtime|dev]      PYTHON=/path/to/python chooses the interpreter
set -euo pipefail
cd "$(dirname "$0")/.."

want=${1:-runtime}
case $want in
    runtime) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: scripts/env.sh [runtime|dev]" >&2; exit 2 ;;
esac

say() { echo "env: $*" >&2; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# What the environment was made of: the lock, the project's own file, and the place it stands in (an
# environment that was copied elsewhere does not work there).
fingerprint() { { cat "$1" pyproject.toml; pwd -P; } | cksum | tr -d ' \t'; }
current() { [ -f ".venv/.made-$1" ] && [ "$(cat ".venv/.made-$1")" = "$(fingerprint "$2")" ]; }

if [ -x .venv/bin/python ] && new_enough .venv/bin/python && [ -x .venv/bin/netmed ]; then
    if current dev requirements-dev.lock; then exit 0; fi
    if [ "$want" = runtime ] && current runtime requirements.lock; then exit 0; fi
fi

choose_python() {
    local candidate found="" without_venv=""
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 python; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if ! new_enough "$candidate"; then
            found="$found $candidate ($("$candidate" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null || echo 'does not run'))"
        elif has_venv "$candidate"; then
            echo "$candidate"
            return
        else
            without_venv=${without_venv:-$candidate}
        fi
    done
    if [ -n "$without_venv" ]; then
        # Debian and Ubuntu ship Python without its venv module.
        local package
        package=$("$without_venv" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            say "installing $package (this Python has no venv module)"
            { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >&2 </dev/null
            if has_venv "$without_venv"; then
                echo "$without_venv"
                return
            fi
        fi
        say "$without_venv has no venv module; install it (Debian, Ubuntu: sudo apt-get install $package) and try again"
        exit 1
    fi
    say "netmed needs Python 3.11 or newer; found:${found:- none}. Install one, or name it: make demo PYTHON=/path/to/python3"
    exit 1
}

if [ ! -x .venv/bin/python ] || ! new_enough .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(choose_python)
    say "making .venv with $("$python" -c 'import sys; print("Python", sys.version.split()[0])')"
    "$python" -m venv --clear .venv
fi

say "installing the locked versions of $lock (the first time this takes a minute or two)"
pip=(.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check)
if ! "${pip[@]}" --require-hashes -r "$lock" </dev/null; then
    say "the packages could not be installed; the message above says why (no connection, or a proxy that pip must be told of?)"
    exit 1
fi
# --force-reinstall: the launcher and the link to the source must name this folder, not one it was copied from.
"${pip[@]}" --no-deps --no-build-isolation --force-reinstall -e . </dev/null
fingerprint "$lock" >".venv/.made-$want"
