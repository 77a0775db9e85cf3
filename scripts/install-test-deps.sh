#!/usr/bin/env bash
# Installs what the tests need beyond Go, Node and make. Skips what is there; asks nothing.
# PostgreSQL needs no running cluster: the tests start their own in a temporary folder.
set -euo pipefail

packages=(
  chromium        # browser journeys
  fonts-noto-cjk  # Chinese text in them and in screenshots
  postgresql      # the PostgreSQL store's contract tests, pgbench
  strace          # injected fsync errors
  e2fsprogs       # power loss on a loop device
  gcc libc6-dev   # the race detector needs cgo
)

if ! command -v apt-get >/dev/null 2>&1; then
  missing=()
  for tool in chromium strace mkfs.ext4 gcc; do command -v "$tool" >/dev/null 2>&1 || missing+=("$tool"); done
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null 2>&1 || missing+=(initdb)
  [ ${#missing[@]} -eq 0 ] && exit 0
  echo "not a Debian machine: please install by hand: ${missing[*]} (and a CJK font)" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "all ${#packages[@]} packages are there"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "need root or sudo to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${missing[@]}"
}
echo "installing: ${missing[*]}"
install || {
  echo "once more with a fresh package list"
  "${as_root[@]}" apt-get update -q
  install
}
