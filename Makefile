# Two commands matter: `make run` and `make test`. Both install what is missing.
.PHONY: run test build site setup check format bench soak measure

# Builds the release, makes the demo on the first call, serves it on http://127.0.0.1:3000.
run: build
	@scripts/run.sh

# Every test: formatting, lints, rules, stores on SQLite and PostgreSQL, pages over HTTP, journeys in a real Chromium.
test:
	@scripts/test.sh

# The release binary, its assets inside: target/release/pufa.
build: site
	cargo build --release

# The style sheet, the islands' WebAssembly and the icons, in target/site.
site:
	@scripts/setup.sh build
	@scripts/site.sh

# What a developer needs before the first commit.
setup:
	@scripts/setup.sh build test

# The quick look while working: types and lints of both halves.
check:
	cargo clippy --all-targets -- -D warnings
	cargo clippy --lib --target wasm32-unknown-unknown --no-default-features --features hydrate -- -D warnings

format:
	cargo fmt

# Storing, totals and the dashboard at 100,000 and 1,000,000 activities, each beside a bare handler: docs/performance.md.
bench: site
	@scripts/bench.sh

# The phone's outbox under 200 schedules of drops, kills, restarts, doubled and reordered sends; `make test` runs 20.
soak: build
	cd end2end && PUFA_SCHEDULES=200 npx --no-install playwright test schedules

# Seconds and bytes of the log page on a weak phone and a thin line: docs/performance.md.
measure: build
	cd end2end && node measure.mjs
