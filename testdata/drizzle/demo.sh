#!/usr/bin/env bash
# Builds the sample repository in a temporary directory and vets its pull request.
# usage: demo.sh [FLAG…]        flags are those of migvet check
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

"$here/repo.sh" "$tmp/relay"
(cd "$here/../.." && go build -o "$tmp/migvet" ./cmd/migvet)
status=0
"$tmp/migvet" check -C "$tmp/relay" "$@" || status=$?
# Findings, or a migration that does not apply: that is the demonstration.
case $status in
  0 | 1 | 4) echo "(migvet exits with $status)" ;;
  *) exit "$status" ;;
esac
