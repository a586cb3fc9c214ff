#!/usr/bin/env bash
# Every test. Installs what is missing, starts a PostgreSQL of its own, and ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
log=target/test-log
mkdir -p "$log"
passed=0
failed=0

# step NAME COMMAND…: one thing that passes or fails as a whole.
step() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  if "$@" >"$log/step.txt" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    tail -n 60 "$log/step.txt"
    printf '== %s FAILED\n' "$name"
  fi
}

finish() {
  stop_postgres
  printf '\n%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit
}

start_postgres() {
  [ -n "${PUFA_TEST_POSTGRES_URL:-}" ] && return
  local bin user port
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
  cluster=$(mktemp -d)
  port=$((20000 + RANDOM % 20000))
  # PostgreSQL refuses to run as root.
  if [ "$(id -u)" = 0 ]; then chown postgres "$cluster"; user="su postgres -c"; else user="bash -c"; fi
  $user "$bin/initdb -A trust -U postgres -D $cluster/data" >"$log/postgres.txt" 2>&1 &&
    $user "$bin/pg_ctl -w -D $cluster/data -l $cluster/log -o '-p $port -k $cluster -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300' start" >>"$log/postgres.txt" 2>&1 ||
    { cat "$log/postgres.txt"; failed=$((failed + 1)); finish; }
  stop_command="$user '$bin/pg_ctl -m immediate -D $cluster/data stop'"
  export PUFA_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

stop_postgres() {
  [ -n "${stop_command:-}" ] && eval "$stop_command" >/dev/null 2>&1
  [ -n "${cluster:-}" ] && rm -rf "$cluster"
  cluster=
}
trap 'stop_postgres' EXIT
trap 'exit 130' INT TERM

scripts/setup.sh build test || { failed=1; finish; }

step "formatting" cargo fmt --check
step "lints of the server" cargo clippy --quiet --all-targets -- -D warnings
step "lints of the browser's half" cargo clippy --quiet --lib --target wasm32-unknown-unknown --no-default-features --features hydrate -- -D warnings

printf '\n== rules, stores on both engines, pages over HTTP\n'
start_postgres
cargo test --no-fail-fast 2>&1 | tee "$log/cargo.txt" | grep -E '^(test result|error|failures:|    [a-z_:]+$|.*panicked at)' || true
read -r good bad < <(awk '/^test result:/ { good += $4; bad += $6 } END { print good + 0, bad + 0 }' "$log/cargo.txt")
passed=$((passed + good))
failed=$((failed + bad))
# A crate that does not compile has no result line.
if grep -qE '^error' "$log/cargo.txt" && [ "$bad" = 0 ]; then
  failed=$((failed + 1))
  grep -E '^error' -A 12 "$log/cargo.txt" | head -n 80
fi
[ "$bad" = 0 ] || sed -n '/^failures:$/,/^test result/p' "$log/cargo.txt" | head -n 200

printf '\n== the release\n'
if make --no-print-directory build >"$log/build.txt" 2>&1; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  tail -n 60 "$log/build.txt"
  finish
fi

printf '\n== journeys in Chromium\n'
(cd end2end && npx --no-install playwright test) 2>&1 | tee "$log/browser.txt"
count() { grep -oE "[0-9]+ $1" "$log/browser.txt" | tail -n 1 | cut -d' ' -f1; }
good=$(count passed)
bad=$(count failed)
passed=$((passed + ${good:-0}))
failed=$((failed + ${bad:-0}))
# A runner that did not run at all has failed.
[ "${good:-0}" -gt 0 ] || failed=$((failed + 1))
finish
