#!/usr/bin/env bash
# Removes what setup, build and test made. Data, keys and uploads in var/ are never touched.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf .venv node_modules build dist ./*.egg-info .coverage* .hypothesis .schemathesis
rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
rm -rf volunteer_service/web/static/{vendor,css,js} volunteer_service/paper/fonts
find . -name __pycache__ -type d -prune -exec rm -rf {} +
find volunteer_service -name '*.mo' -delete
