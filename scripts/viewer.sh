#!/usr/bin/env bash
# Build the network page's script from viewer/ and see that what is committed is that. Needs node and npm;
# nobody who uses netmed does. `scripts/viewer.sh --write` puts the built files in their place.
set -euo pipefail
cd "$(dirname "$0")/.."

have_node() {
    command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' >/dev/null 2>&1
}

if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Getting node and npm for the script of the page ..." >&2
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm; } >"$log" 2>&1 </dev/null ||
        tail -n 20 "$log" >&2
    rm -f "$log"
fi
if ! have_node; then
    echo "No node 18 or newer with npm here (found: $(node --version 2>/dev/null || echo no node), $(npm --version 2>/dev/null || echo no npm)), and the script of the page is built with them." >&2
    echo "Debian, Ubuntu: sudo apt-get install nodejs npm; macOS: brew install node" >&2
    exit 1
fi

cd viewer
if ! cmp -s package-lock.json node_modules/.made-from; then
    npm ci --silent </dev/null
    cp package-lock.json node_modules/.made-from
fi
npm run --silent types
if [ "${1:-}" = --write ]; then npm run --silent build; else npm run --silent check; fi
