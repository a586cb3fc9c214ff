#!/usr/bin/env bash
# Installs what is missing for `build`, `test` or both; does nothing where all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '· %s\n' "$*"; }

# Debian packages, only those whose program is not there yet.
apt_install() {
  say "installing $*"
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

for_build() {
  command -v cargo >/dev/null || { echo "Rust is missing: install it from rustup.rs, then call this again." >&2; exit 1; }
  command -v cc >/dev/null || apt_install gcc libc6-dev
  command -v npm >/dev/null || apt_install nodejs npm
  if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
    say "adding the wasm target"
    rustup target add wasm32-unknown-unknown
  fi
  # The program that writes the JavaScript around the WebAssembly has to be of the version the crate was built with.
  local wanted
  wanted=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
  if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $wanted" ]; then
    say "installing wasm-bindgen $wanted (about two minutes)"
    cargo install --quiet wasm-bindgen-cli --version "$wanted"
  fi
  npm_install scripts
}

for_test() {
  command -v chromium >/dev/null || apt_install chromium fonts-noto-cjk
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || apt_install postgresql
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm_install end2end
}

# npm ci, unless it was done for this lock file already.
npm_install() {
  local mark="$1/node_modules/.installed"
  if [ ! -f "$mark" ] || ! cmp -s "$mark" "$1/package-lock.json"; then
    say "installing the npm packages of $1/"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$1/package-lock.json" "$mark"
  fi
}

for what in "$@"; do "for_$what"; done
