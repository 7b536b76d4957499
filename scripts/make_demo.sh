#!/usr/bin/env bash
# Write the invented collection that `netmed demo` and netmed.datasets use. Same seed, same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/netmed simulate --posts 1500 --seed 2012 --force -o netmed/data/demo.jsonl.gz
