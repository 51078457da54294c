#!/usr/bin/env bash
# Makes release X.Y.Z from a clean main: version, changelog, tag, wheel and its checksum in dist/.
# Nothing is sent anywhere; the last lines say what to push.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }

version=${1:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "Name the version: make release VERSION=1.2.3"
[ -z "$(git status --porcelain)" ] || fail "There are uncommitted changes: commit or stash them first."
git rev-parse -q --verify "refs/tags/v$version" >/dev/null && fail "Tag v$version is there already."
grep -q '^## Unreleased$' CHANGELOG.md || fail "CHANGELOG.md has no section «## Unreleased»."
awk '/^## Unreleased$/ {on = 1; next} /^## / {on = 0} on && /^- / {found = 1} END {exit !found}' \
  CHANGELOG.md || fail "CHANGELOG.md says nothing below «## Unreleased»."

sed -i "s/^version = .*/version = $version/" setup.cfg
sed -i "s/^## Unreleased$/## Unreleased\n\n## $version, $(date +%F)/" CHANGELOG.md
git commit --quiet -m "Release $version" -- setup.cfg CHANGELOG.md
git tag --annotate "v$version" -m "volunteer_service $version"

rm -rf dist
.venv/bin/python -m pip --disable-pip-version-check --quiet wheel . \
  --no-deps --no-build-isolation --wheel-dir dist
(cd dist && sha256sum -- *.whl > SHA256SUMS && cat SHA256SUMS)
echo "Now: git push origin main v$version, and hand out dist/."
