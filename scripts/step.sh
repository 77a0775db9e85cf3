#!/usr/bin/env bash
# Runs one long step quietly: its name, then how long it took. The output goes to var/log/NAME.log,
# and its first errors and last lines are shown only when the step fails. On a terminal the seconds tick meanwhile.
# usage: step.sh NAME "what it does" command [argument ...]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=$1 what=$2
shift 2
lines_shown=${STEP_LINES:-40}
log=var/log/$name.log
mkdir -p var/log

start=$(date +%s.%N)
seconds() { awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f s", b - a }'; }

ticker=
if [ -t 1 ] && [ -z "${STEP_NO_TICKER:-}" ]; then
  (while sleep 1; do printf '\r  %-10s %s ... %s ' "$name" "$what" "$(seconds)"; done) &
  ticker=$!
else
  printf '  %-10s %s ...\n' "$name" "$what"
fi
stop_ticker() {
  [ -n "$ticker" ] && kill "$ticker" 2>/dev/null && wait "$ticker" 2>/dev/null
  [ -n "$ticker" ] && printf '\r\033[K'
  ticker=
}
trap stop_ticker EXIT

"$@" >"$log" 2>&1 </dev/null
code=$?
took=$(seconds)
stop_ticker

if [ $code -eq 0 ]; then
  printf '  %-10s done in %s\n' "$name" "$took"
  exit 0
fi
{
  printf '  %-10s FAILED after %s (exit %d): %s\n' "$name" "$took" "$code" "$*"
  if [ "$(wc -l <"$log")" -gt "$lines_shown" ]; then # the cause often stands first, the usage text last
    grep -n -i -m 8 -E 'error|fail|panic' "$log" | cut -c 1-300 | sed 's/^/    | /'
    echo '    | ...'
  fi
  tail -n "$lines_shown" "$log" | sed 's/^/    | /'
  printf '  %-10s everything it said is in %s\n' "$name" "$log"
} >&2
exit $code
