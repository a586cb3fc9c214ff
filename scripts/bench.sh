#!/usr/bin/env bash
# Measures Pufa beside a bare axum handler: scripts/bench.sh [ACTIVITIES…], by default 100000 and 1000000.
# Its result is the table on stdout. It wants two quiet cores and about 1 GB in TMPDIR for the larger one.
set -euo pipefail
cd "$(dirname "$0")/.."
# The figures are of the demo's year, whatever the day on which they are taken.
export PUFA_TODAY=2021-12-31
exec cargo bench --quiet --bench beside_bare -- "$@"
