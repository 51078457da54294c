#!/usr/bin/env bash
# Makes sure of Debian's chromium and a Chinese font for the browser journeys.
# Says why on standard output and fails where they are missing and cannot be installed.
set -euo pipefail

command -v chromium >/dev/null && [ -n "$(fc-list :lang=zh 2>/dev/null | head -c 1)" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "chromium or a Chinese font is missing: sudo apt-get install chromium fonts-noto-cjk"
  exit 1
fi
if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
       apt-get install -qq -y --no-install-recommends chromium fontconfig fonts-noto-cjk; } >&2; then
  echo "apt-get could not install chromium and fonts-noto-cjk; its reason is above"
  exit 1
fi
