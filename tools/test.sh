#!/usr/bin/env bash
# Runs the suites named (default: all), goes on after a failure, and sums up at the end.
set -uo pipefail
cd "$(dirname "$0")/.."

# Images often set this. Without compiled files on disk each worker, and each server and command that a
# test starts, compiles all of the sources again: a start costs twice the CPU, and there are many starts.
unset PYTHONDONTWRITEBYTECODE

status=0
summary=""

note() { summary+="  $1: $2"$'\n'; }

suite() {
  local name=$1
  shift
  echo "== $name"
  if .venv/bin/python -m pytest "$@"; then note "$name" passed; else note "$name" FAILED; status=1; fi
}

journeys() {
  local reason
  if reason=$(tools/browser.sh); then
    suite "browser journeys" -n 2 --dist loadgroup tests/e2e -m e2e
  else
    note "browser journeys" "SKIPPED, $reason"
  fi
}

[ $# -gt 0 ] || set -- sqlite postgres e2e
for which in "$@"; do
  case $which in
    sqlite) suite "suite on SQLite" -n 2 --dist loadgroup --database sqlite ;;
    postgres) suite "suite on PostgreSQL" -n 2 --dist loadgroup --database postgres ;;
    e2e) journeys ;;
    *) echo "usage: tools/test.sh [sqlite] [postgres] [e2e]" >&2; exit 2 ;;
  esac
done
printf '\nIn all\n%s' "$summary"
exit $status
