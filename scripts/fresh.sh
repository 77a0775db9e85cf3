#!/usr/bin/env bash
# Makes GOAL as a newcomer would: a clone of what is committed, with empty Go and npm caches.
# usage: fresh.sh GOAL
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
git clone -q . "$dir/project"
[ -d ../shared ] && ln -s "$(cd ../shared && pwd)" "$dir/shared"
export GOPATH=$dir/gopath GOCACHE=$dir/gocache npm_config_cache=$dir/npm
start=$(date +%s)
make -C "$dir/project" "$1"
printf 'make %s from nothing: done in %d s\n' "$1" "$(($(date +%s) - start))"
