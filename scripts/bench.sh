#!/usr/bin/env bash
# Measures at 100,000 and 1,000,000 activities, or at the numbers given; several minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 100000 1000000
exec cargo bench --bench beside_bare -- "$@"
