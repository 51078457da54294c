#!/usr/bin/env bash
# Brings this checkout to where it runs: .venv with the pinned libraries, assets, translations.
# A stamp says that all is there, so that running it again takes a hundredth of a second; after a
# change each step looks first at what it has to do.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }

# A version manager may put a python3.12 on the PATH that only says how to install it: so try.
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if fits "$candidate"; then echo "$candidate"; return; fi
  done
  fail "Python 3.11, 3.12 or 3.13 is needed and this machine has $(python3 -V 2>/dev/null || echo none): apt-get install python3.11 python3.11-venv, or PYTHON=/path/to/python make setup"
}

make_venv() {
  local python
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "This Python cannot make a virtual environment: apt-get install python3-venv"
  echo "Making .venv with $("$python" -V) ..."
  "$python" -m venv --clear .venv || fail "The virtual environment could not be made in $PWD; may you write there?"
}

translations=volunteer_service/web/translations
stamp_all=.venv/.all-set-up
all_wanted="$PWD $(cat setup.cfg setup.py pyproject.toml constraints.txt package-lock.json \
  tools/assets.py tools/translations.py tools/frontend/* volunteer_service/web/frontend/*/* \
  "$translations"/*/LC_MESSAGES/*.po | sha256sum)"

# Made from these very files, and still there: nothing to look into.
if [ "$(cat "$stamp_all" 2>/dev/null)" = "$all_wanted" ] && [ -x .venv/bin/volunteer-service ] &&
   [ -x .venv/bin/python ] && [ -f volunteer_service/web/static/vendor/.made ] &&
   [ -f volunteer_service/web/static/css/base.css ] &&
   [ -d volunteer_service/paper/fonts ] && compgen -G "$translations/*/LC_MESSAGES/*.mo" >/dev/null
then
  exit 0
fi

command -v npm >/dev/null ||
  fail "npm is missing; it brings the browser assets: apt-get install nodejs npm"

# A virtual environment knows its own path: one that came along with a copied folder is made anew.
stamp=.venv/.set-up
wanted="$PWD $(cat setup.cfg setup.py pyproject.toml constraints.txt | sha256sum)"
read -r made_for _ 2>/dev/null < "$stamp" || made_for=$PWD
if [ "$made_for" != "$PWD" ] || ! .venv/bin/python -c '' 2>/dev/null; then make_venv; fi

pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  echo "Installing the pinned libraries into .venv ..."
  # First what builds, so that the build too uses the pinned versions.
  "${pip[@]}" install -c constraints.txt setuptools fonttools brotli babel
  .venv/bin/python tools/assets.py
  "${pip[@]}" install -c constraints.txt --no-build-isolation -e ".[dev]"
  echo "$wanted" > "$stamp"
fi
.venv/bin/python tools/assets.py
.venv/bin/python tools/translations.py compile
echo "$all_wanted" > "$stamp_all"
