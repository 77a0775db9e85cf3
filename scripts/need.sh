#!/usr/bin/env bash
# Says what is missing or too old before a build starts, and what to do about it.
# usage: need.sh go node git ...
set -uo pipefail

go_min=1.26
node_min=20

older() { # older HAVE WANT: true when HAVE is below WANT
  [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

bad=0
say() { printf 'need: %s\n      %s\n' "$1" "$2" >&2; bad=1; }

for tool in "$@"; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    case $tool in
      go) say "Go $go_min or newer is not installed (no 'go' on PATH)" "Install it from https://go.dev/dl and put its bin folder on PATH." ;;
      node | npm) say "Node.js $node_min or newer with npm is not installed (no '$tool' on PATH)" "Install it from https://nodejs.org or with: apt-get install nodejs npm" ;;
      *) say "$tool is not installed" "On Debian: apt-get install $tool" ;;
    esac
    continue
  fi
  case $tool in
    go)
      have=$(go env GOVERSION 2>/dev/null)
      have=${have#go}
      have=${have%% *}
      older "$have" "$go_min" && say "Go $have is too old; $go_min is the floor" "Install a newer one from https://go.dev/dl" ;;
    node)
      have=$(node --version)
      have=${have#v}
      older "$have" "$node_min" && say "Node.js $have is too old; $node_min is the floor" "Install a newer one from https://nodejs.org" ;;
  esac
done
exit $bad
