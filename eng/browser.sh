#!/usr/bin/env bash
# Chromium, in which tests look at the report (src/Microsoft.ML.Dmcp.Reports): from Debian, where it is missing and this may install it.
# Without it those tests are reported as skipped; with CI=true they fail.
set -euo pipefail
for name in "${CHROMIUM:-chromium}" chromium-browser google-chrome google-chrome-stable; do
  ! command -v "$name" >/dev/null || exit 0
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
reason=
if ! command -v apt-get >/dev/null; then
  reason='this system has no apt-get'
elif [ "$(id -u)" != 0 ]; then
  reason='only root may install it'
else
  printf 'setup: installing Chromium for the tests of the report (300 MB) ...\n'
  if apt-get install -y --no-install-recommends chromium >"$log" 2>&1; then exit 0; fi
  if apt-get update >>"$log" 2>&1 && apt-get install -y --no-install-recommends chromium >>"$log" 2>&1; then exit 0; fi
  reason="apt-get could not install it: $(grep -E '^E:' "$log" | tail -n 1)"
fi
printf 'setup: there is no Chromium (%s); the tests that look at the report in it are skipped. On Debian: sudo apt-get install chromium\n' "$reason" >&2
