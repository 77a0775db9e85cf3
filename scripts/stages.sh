#!/usr/bin/env bash
# The stages of `make test` and `make check`. Each prints its name and seconds; the first failure stops
# the whole, with the stage's name and last lines. The last line counts the tests, so that a run in which
# nothing ran cannot look like a good one.
# usage: stages.sh all | check | STAGE ...
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=${JOBS:-2}
counts=var/log/counts
step() { STEP_NO_TICKER=1 STEP_LINES=${lines:-40} scripts/step.sh "$@"; }
make_quietly() { make -s --no-print-directory "$@"; }

# --- what each stage runs

go_files() { git ls-files --cached --others --exclude-standard -- '*.go' | while IFS= read -r f; do [ -f "$f" ] && echo "$f"; done; }

run_gofumpt() { # gofumpt names the files that it would change
  local wrong
  wrong=$(go_files | xargs bin/tools/gofumpt -l) || return 1
  [ -z "$wrong" ] || { printf 'not formatted (make fmt):\n%s\n' "$wrong"; return 1; }
}
run_go_tests() {
  # SQLite is C turned into Go: the detector makes it many times slower and has nothing of ours to find in it.
  local unraced=(-gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false)
  go test -race "${unraced[@]}" -p "$jobs" -timeout 14m -json "$@" | node scripts/go-test-report.mjs "$counts/go"
}
run_long_tests() { # What is only long, whole: under the race detector it is shorter.
  go test -count=1 -p "$jobs" -timeout 14m -json -run 'TestStore/a_long_journal|TestEveryFlippedBitIsPlaced|TestDamagedFiles|TestMetropolis|TestRouterIsExact' ./internal/memstore ./internal/sqlite ./internal/postgres ./internal/world ./internal/osm |
    node scripts/go-test-report.mjs "$counts/long"
}
run_console_tests() { # the runner's own last lines hold the counts: "Tests  45 passed | 1 skipped (46)"
  local name=$1 code=0
  shift
  NO_COLOR=1 FORCE_COLOR=0 npm --prefix console run --silent "$@" >"var/log/$name.out" 2>&1 || code=$?
  cat "var/log/$name.out"
  awk '
    /^ *Tests |^[^a-z]*[0-9]+ (passed|failed|skipped)|^(#|ℹ) (pass|fail|skipped) / {
      if (match($0, /^(#|ℹ) pass [0-9]+/)) p = $NF
      else if (match($0, /^(#|ℹ) fail [0-9]+/)) f = $NF
      else if (match($0, /^(#|ℹ) skipped [0-9]+/)) s = $NF
      else {
        if (match($0, /[0-9]+ passed/)) p = substr($0, RSTART, RLENGTH) + 0
        if (match($0, /[0-9]+ failed/)) f = substr($0, RSTART, RLENGTH) + 0
        if (match($0, /[0-9]+ skipped/)) s = substr($0, RSTART, RLENGTH) + 0
      }
    }
    END { print p + 0, f + 0, s + 0 }' "var/log/$name.out" >"$counts/$name"
  [ $code -ne 0 ] && return $code
  read -r passed failed _ <"$counts/$name"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && return 0
  echo "the runner ended well but says that $passed tests passed and $failed failed"
  return 1
}
export -f go_files run_gofumpt run_go_tests run_long_tests run_console_tests
export jobs counts

# --- the stages by name

stage() {
  case $1 in
    deps)      step deps "install what the tests need" scripts/install-test-deps.sh ;;
    npm)       make_quietly console/node_modules/.stamp ;;
    console)   make_quietly console ;;
    tsc)       step tsc "TypeScript, strict" npm --prefix console run --silent typecheck ;;
    oxlint)    step oxlint "lint the console" npm --prefix console run --silent lint ;;
    vitest)    step vitest "console unit tests" bash -c 'run_console_tests vitest test' ;;
    mod)       step mod "fetch Go modules" go mod download ;;
    tools)     make_quietly bin/tools/gofumpt bin/tools/golangci-lint ;;
    gofumpt)   step gofumpt "format of the Go sources" bash -c run_gofumpt ;;
    vet)       step vet "go vet" go vet ./... ;;
    lint)      step lint "golangci-lint" bin/tools/golangci-lint run --allow-parallel-runners --timeout 10m ./... ;;
    arch)      step arch "house rules" go test -count=1 ./internal/arch ;;
    go)        lines=120 step go "Go tests with the race detector" bash -c 'run_go_tests ./...' ;;
    long)      lines=80 step long "a million records on each store, every flipped bit, a metropolis" bash -c 'run_long_tests' ;;
    generated) step generated "generated files are fresh" scripts/generated-fresh.sh ;;
    build)     make_quietly bin/shuniu ;;
    e2e)       lines=80 step e2e "browser journeys" bash -c 'run_console_tests e2e e2e' ;;
    *)         echo "no stage is called '$1'" >&2; return 2 ;;
  esac
}
in_order() {
  local s
  for s in "$@"; do stage "$s" || { echo "$s" >>var/log/failed; return 1; }; done
}

# Two lanes side by side; when one fails the other is ended at once.
side_by_side() {
  local first=$1 second=$2 code=0
  set -m
  # shellcheck disable=SC2086 # the lanes are lists of names
  in_order $first &
  local a=$!
  # shellcheck disable=SC2086
  in_order $second &
  local b=$!
  set +m
  trap 'kill -- -$a -$b 2>/dev/null' INT TERM
  wait -n "$a" "$b" || code=$?
  if [ $code -eq 0 ]; then
    wait "$a" || code=$?
    wait "$b" || code=$?
  else
    kill -- "-$a" "-$b" 2>/dev/null
    wait "$a" "$b" 2>/dev/null
  fi
  return $code
}

rm -rf "$counts" var/log/failed
mkdir -p "$counts" var/log
start=$(date +%s)
case ${1:?which stages} in
  all)
    in_order deps \
      && side_by_side "npm console tsc oxlint vitest" "mod tools gofumpt vet lint" \
      && in_order go long generated build e2e ;;
  check)
    side_by_side "npm tsc oxlint" "mod tools gofumpt lint arch" && in_order generated ;;
  *) in_order "$@" ;;
esac
code=$?

cat "$counts"/* 2>/dev/null | awk -v code=$code -v seconds=$(($(date +%s) - start)) -v stage="$(cat var/log/failed 2>/dev/null | head -n 1)" '
  { p += $1; f += $2; s += $3 }
  END {
    if (code != 0) printf "stopped at stage %s: ", stage
    printf "%d passed, %d failed, %d skipped in %d s\n", p, f, s, seconds
  }'
exit $code
