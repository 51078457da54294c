#!/usr/bin/env bash
# Format, lint, types, the import ladder, then the suite (which holds migrations against models).
# Goes through all of them before it fails, so that one run shows everything there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."

status=0
step() { echo "== $*"; ".venv/bin/$1" "${@:2}" || status=1; }

step ruff format --check --quiet
step ruff check --quiet
step mypy
step lint-imports
tools/test.sh sqlite || status=1
exit $status
