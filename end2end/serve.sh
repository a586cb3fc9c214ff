#!/usr/bin/env bash
# A fresh demo in a folder of its own, served until the journeys are over. It is PUFA_TODAY there, by default 2021-12-20.
set -euo pipefail
cd "$(dirname "$0")/.."
pufa=${PUFA_BINARY:-${CARGO_TARGET_DIR:-target}/release/pufa}
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export PUFA_TODAY=${PUFA_TODAY:-2021-12-20} PUFA_DATABASE_URL="sqlite:$data/pufa.db" PUFA_DATA_DIR="$data"
"$pufa" demo >/dev/null
"$pufa" serve --listen "127.0.0.1:$PUFA_E2E_PORT" &
server=$!
trap 'kill -TERM $server 2>/dev/null; wait $server; rm -rf "$data"' EXIT TERM INT
wait $server
