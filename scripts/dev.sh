#!/usr/bin/env bash
# The demo server and the console's own dev server together; ctrl-c ends both.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

addr=${ADDR:-127.0.0.1:8110}
mkdir -p var
bin/shuniu demo --addr "$addr" --data var/dev &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
npm --prefix console run dev
