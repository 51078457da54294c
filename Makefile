# `make help` lists what there is; the steps themselves are in tools/.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench e2e fmt deps release clean
# In `make check test` the suite on SQLite has just run; `make test` alone runs it.
SQLITE := $(if $(filter check,$(MAKECMDGOALS)),,sqlite)

help: ## list the targets
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 8

setup: ## virtual environment, pinned libraries, browser assets, translations
	@tools/setup.sh

run: setup ## serve the demo town on http://127.0.0.1:8000 (PORT=9000: elsewhere; HOST=0.0.0.0: to phones in the network)
	@echo "Starting ..."
	@.venv/bin/volunteer-service run

test: setup ## the suite on SQLite and on PostgreSQL, and the browser journeys
	@tools/test.sh $(SQLITE) postgres e2e

check: setup ## format, lint, types, import ladder, migrations, the suite on SQLite
	@tools/check.sh

bench: setup ## one figure for each claim in bench/
	@.venv/bin/python tools/bench.py

e2e: setup ## the browser journeys alone
	@tools/test.sh e2e

fmt: setup ## write the code the way `make check` wants it
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

deps: setup ## what is outdated; WRITE=1 resolves the pinned versions anew
	@tools/deps.sh $(if $(WRITE),--write)

release: setup ## changelog, tag, wheel and checksum: make release VERSION=1.2.3
	@tools/release.sh $(VERSION)

clean: ## remove what make made (the data in var/ stays)
	@tools/clean.sh
