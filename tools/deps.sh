#!/usr/bin/env bash
# Lists what is outdated; with --write resolves setup.cfg anew into constraints.txt (pip-tools).
set -euo pipefail
cd "$(dirname "$0")/.."

echo "Newer releases than the installed ones:"
.venv/bin/python -m pip --disable-pip-version-check list --outdated 2>/dev/null

if [ "${1:-}" != --write ]; then
  echo "make deps WRITE=1 resolves setup.cfg anew into constraints.txt; then run make check test."
  exit 0
fi
resolved=$(mktemp)
trap 'rm -f "$resolved"' EXIT
# Without --upgrade pip-compile keeps what constraints.txt holds: we want the newest that fit.
.venv/bin/pip-compile --quiet --upgrade --allow-unsafe --strip-extras --no-annotate --no-header \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
  --extra dev --output-file "$resolved" setup.cfg
{
  sed -n '/^#/p;/^[^#]/q' constraints.txt
  cat "$resolved"
} > constraints.new
mv constraints.new constraints.txt
git --no-pager diff --stat -- constraints.txt
