#!/usr/bin/env bash
# Fails when a generated file in the tree is not what `make generate` makes of the sources.
# The new text stays in the tree: read the diff and commit it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Generated files say so in a line of their own, or are known by their place.
generated() {
  {
    git ls-files --cached --others --exclude-standard -- 'api/openapi.json' '*.gen.ts' '*.gen.go' '*_gen.go'
    git grep --untracked -lIE '^(//|#|/\*) *Code generated .* DO NOT EDIT' -- '*.go' '*.ts' '*.sql' '*.yaml' || true
  } | sort -u
}
sums() { while IFS= read -r file; do [ -f "$file" ] && sha256sum "$file"; done < <(generated); true; }

mkdir -p var/log
sums >var/log/generated.before
make --no-print-directory generate
sums >var/log/generated.after
stale=$(diff var/log/generated.before var/log/generated.after | awk '/^[<>]/ { print $3 }' | sort -u || true)
if [ -n "$stale" ]; then
  printf 'stale generated files (rewritten now; read the diff and commit them):\n%s\n' "$stale" >&2
  exit 1
fi
printf '%d generated files are fresh\n' "$(wc -l <var/log/generated.after)"
