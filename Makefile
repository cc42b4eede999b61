# The verbs of the project; CI calls them literally. `make help` lists them.

# Where cargo puts what it builds.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
# What runs the real binaries finds them here.
RUN := RUNG_BIN_DIR=$(TARGET)/debug $(TARGET)/debug

.DEFAULT_GOAL := help
.PHONY: help build demo test fmt lint gen bench fuzz crash mutants engine-mutants

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

build: ## Build everything (debug)
	@cargo build --workspace --locked

demo: build ## Start a clinic to try Rung on, until Ctrl-C (ONCE=1: show it and leave)
	@$(RUN)/rung-demo $(if $(filter 1,$(ONCE)),--once)

test: ## Build, then run every test on SQLite and on Postgres
	@.ci/test

fmt: ## Format the code
	@cargo fmt --all

lint: ## Check format, lints, the contract and the dependencies
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --locked -- -D warnings
	@cargo clippy -p rung-server --all-targets --features bench --locked -- -D warnings
	@.ci/buf lint
	@.ci/deny check bans licenses sources

bench: ## Measure what a decision and a call cost (release build, on this machine)
	@cargo bench --locked -p rung-progression --bench engine
	@cargo build --release --locked -p rung-server --features bench
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(TARGET)/release/rungd bench --data-dir "$$folder"

fuzz: ## Feed the engine arbitrary bytes (SECONDS=60)
	@.ci/fuzz $(or $(SECONDS),60)

crash: ## Kill the server at random moments under load; nothing acknowledged may be missing (N=20)
	@.ci/crash $(or $(N),20)

gen: build ## Write the generated parts of the documents anew
	@$(RUN)/rung-gen

mutants: build ## Turn each check of access off once; a test must fail (ID=…: that one alone)
	@.ci/with-postgres $(TARGET)/debug/rung-mutants $(ID)

engine-mutants: ## Change the engine in one place after the other; a test must notice (hours; ARGS=… of cargo mutants)
	@.ci/engine-mutants $(ARGS)
