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

# What the suite on SQLite sent, and the tree that sent it (decision 0038).
notes=.pytest_cache/statements
tree() { find volunteer_service migrations tests setup.cfg constraints.txt -name '*.mo' -prune -o \
  -name __pycache__ -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

on_sqlite() {
  local before=$status
  rm -f "$notes.tree"
  status=0
  suite "suite on SQLite" -n 2 --dist loadgroup --database sqlite --note-statements="$notes"
  [ $status != 0 ] || tree > "$notes.tree"
  [ "$before" = 0 ] || status=$before
}

on_postgres() {
  if [ -z "${ALL:-}" ] && [ "$(cat "$notes.tree" 2>/dev/null)" = "$(tree)" ]; then
    suite "suite on PostgreSQL, each statement" -n 2 --dist loadgroup --database postgres \
      --cover-statements="$notes"
  else
    suite "suite on PostgreSQL, all of it" -n 2 --dist loadgroup --database postgres
  fi
}

[ $# -gt 0 ] || set -- sqlite postgres e2e
for which in "$@"; do
  case $which in
    sqlite) on_sqlite ;;
    postgres) on_postgres ;;
    e2e) journeys ;;
    *) echo "usage: tools/test.sh [sqlite] [postgres] [e2e]" >&2; exit 2 ;;
  esac
done
printf '\nIn all\n%s' "$summary"
exit $status
