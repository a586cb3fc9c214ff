#!/usr/bin/env bash
# Makes target/site: what a browser downloads, each file also as .br and .gz.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
site=target/site
tools=scripts/node_modules/.bin
mkdir -p "$site"

cargo build --lib --profile wasm-release --target wasm32-unknown-unknown --no-default-features --features hydrate

# The new files are made beside the old ones and moved in whole, so that an interrupted build leaves no half of one.
fresh=$(mktemp -d "$PWD/target/site-XXXXXX")
trap 'rm -rf "$fresh"' EXIT
wasm-bindgen --target web --no-typescript --out-name pufa --out-dir "$fresh" \
  "$target/wasm32-unknown-unknown/wasm-release/pufa.wasm"
# Features one by one: "all" would write a module that browsers refuse.
"$tools/wasm-opt" -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
  --enable-mutable-globals --enable-reference-types --enable-multivalue \
  "$fresh/pufa_bg.wasm" -o "$fresh/pufa_bg.small.wasm"
mv "$fresh/pufa_bg.small.wasm" "$fresh/pufa_bg.wasm"
"$tools/lightningcss" --bundle --minify --targets 'chrome 90, firefox 100, safari 14' style/main.css -o "$fresh/pufa.css"
cp -R public/. "$fresh/"
node scripts/compress.mjs "$fresh"
# The same files keep their time, so that nothing is compiled again because of them.
diff -rq "$fresh" "$site" >/dev/null 2>&1 && exit
rm -rf "$site"
mv "$fresh" "$site"
chmod 755 "$site"
trap - EXIT
