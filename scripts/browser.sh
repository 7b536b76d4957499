#!/bin/sh
# Makes sure there is a Chromium with its driver for the tests of the page. Says nothing where there is.
set -eu

have_browser() {
  command -v chromedriver >/dev/null 2>&1 || return 1
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

have_browser && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Getting Chromium for the tests of the page ..." >&2
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq >"$log" 2>&1 && apt-get install -y -qq --no-install-recommends chromium chromium-driver >>"$log" 2>&1 && have_browser; then
    rm -f "$log"
    exit 0
  fi
  tail -n 20 "$log" >&2
  rm -f "$log"
fi

echo "No Chromium with chromedriver here, and the tests of the page need both." >&2
echo "Debian, Ubuntu: sudo apt-get install chromium chromium-driver; macOS: brew install --cask chromium chromedriver" >&2
exit 1
