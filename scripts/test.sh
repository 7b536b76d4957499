#!/usr/bin/env bash
# Every check of the house, all of them even when one fails; the tests come last, so that their summary
# is what one reads. Arguments go to pytest: scripts/test.sh -k audit
set -uo pipefail
cd "$(dirname "$0")/.."

bin=.venv/bin
failed=()
check() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

check "lint" $bin/ruff check .
check "format" $bin/ruff format --check .
check "types" $bin/mypy
check "floors" $bin/lint-imports --no-logo
check "page script" scripts/viewer.sh
check "browser" scripts/browser.sh
# A file of tests stays in one process: what its tests share is made once.
check "tests" $bin/python -m pytest --numprocesses auto --dist loadfile "$@"

if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed:'
    printf ' %s' "${failed[@]}"
    printf '\n'
    exit 1
fi
