#!/usr/bin/env bash
# Write the lock files: exact versions and hashes of every package, one version each for Python 3.11 and
# later on every system, and no download address. Run it after changing a dependency in pyproject.toml
# (needs uv on the PATH); `scripts/lock.sh --upgrade` moves everything to its newest version.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() {
    local file=$1
    shift
    uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
        "$@" --output-file "$file"
}

lock requirements.lock --group build "$@"
lock requirements-dev.lock --group build --group dev --constraint requirements.lock "$@"
