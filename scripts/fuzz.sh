#!/usr/bin/env bash
# Throws damaged and invented input at what reads strangers' files: scripts/fuzz.sh [SECONDS PER TARGET], by default 300.
# Wants cargo-fuzz, which it installs. Its builds are kept apart from the project's.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-300}
command -v cargo-fuzz >/dev/null || cargo install --quiet cargo-fuzz
# Without a sanitizer the stable compiler will do: what is looked for are panics, endless loops and memory without bounds.
export RUSTC_BOOTSTRAP=1
# What .cargo/config.toml says is not read where cargo-fuzz sets flags of its own.
export RUSTFLAGS="--cfg erase_components"
for target in ledger picture text; do
  corpus=fuzz/corpus/$target
  mkdir -p "$corpus"
  cp -n fuzz/seeds/"$target"/* "$corpus"/ 2>/dev/null || true
  echo "== $target, $seconds s"
  cargo fuzz run --sanitizer none "$target" "$corpus" -- -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 -print_final_stats=1
done
