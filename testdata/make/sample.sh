#!/usr/bin/env bash
# Makes the generated part of testdata/drizzle/base and testdata/drizzle/pr again:
# src/db/schema.ts and drizzle/. Every line of sample/steps.tsv is one migration:
#   TAG.schema.patch  is applied to the project, then drizzle-kit generates TAG
#                     (without it: drizzle-kit generate --custom)
#   TAG.hand.patch    is what a developer changed by hand afterwards
# The last step belongs to the pull request, the others to the base branch.
# Needs bash, node 20, npm and patch. The tools come from the npm registry, in the
# versions that base/package.json names.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sample=$here/../drizzle
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

apply() { # PATCH
  [ ! -f "$1" ] || patch -d "$work" -p1 --quiet --no-backup-if-mismatch <"$1"
}

generate() { # TAG WHEN
  local name=${1#*_} kind=() out
  [ -f "$here/sample/$1.schema.patch" ] || kind=(--custom)
  apply "$here/sample/$1.schema.patch"
  out=$(cd "$work" && npx --no-install drizzle-kit generate --name "$name" "${kind[@]}" 2>&1)
  # drizzle-kit exits 0 when it fails: the file is the only witness.
  [ -f "$work/drizzle/$1.sql" ] || { echo "$out" >&2; return 1; }
  node "$here/settle.mjs" "$work/drizzle" "$1" "$2"
  apply "$here/sample/$1.hand.patch"
}

generated() { (cd "$1" && find src/db/schema.ts drizzle -type f | sort); }

cp -R "$sample/base/." "$work"
rm -rf "$work/drizzle" "$work/src/db/schema.ts"
(cd "$work" && npm install --silent --no-package-lock --no-audit --no-fund)

pull_request=$(tail -n 1 "$here/sample/steps.tsv" | cut -f 1)
while IFS=$'\t' read -r tag when; do
  if [ "$tag" = "$pull_request" ]; then
    rm -rf "$sample/base/drizzle" "$sample/base/src/db/schema.ts"
    cp -R "$work/drizzle" "$sample/base/drizzle"
    cp "$work/src/db/schema.ts" "$sample/base/src/db/schema.ts"
  fi
  generate "$tag" "$when"
done <"$here/sample/steps.tsv"

rm -rf "$sample/pr/drizzle" "$sample/pr/src/db/schema.ts"
generated "$work" | while read -r file; do
  cmp -s "$work/$file" "$sample/base/$file" && continue
  mkdir -p "$sample/pr/$(dirname "$file")"
  cp "$work/$file" "$sample/pr/$file"
done
