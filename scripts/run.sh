#!/usr/bin/env bash
# Serves the demo from ./data, making it on the first call.
set -euo pipefail
cd "$(dirname "$0")/.."
pufa=${CARGO_TARGET_DIR:-target}/release/pufa
export PUFA_DATABASE_URL=${PUFA_DATABASE_URL:-sqlite:data/pufa.db} PUFA_DATA_DIR=${PUFA_DATA_DIR:-data}
mkdir -p data
# The log-ins are printed at every start; they are the demo's, and the file says so.
if [ ! -e data/pufa.db ]; then
  "$pufa" demo >data/demo.part
  mv data/demo.part data/demo.txt
fi
[ -f data/demo.txt ] && cat data/demo.txt
exec "$pufa" serve
