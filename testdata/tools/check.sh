#!/usr/bin/env bash
# Prints what migvet says of a folder of testdata/tools/TOOL that a pull request
# lays over its base, without what differs from run to run.
#   check.sh TOOL FOLDER [FLAG…]
set -eu
tool=$(dirname "$0")/$1 folder=$2
shift 2
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
export GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cp -R "$tool/base/." "$project"
cp -R "$tool/$folder" "$project/../$(basename "$project")-new"
trap 'rm -rf "$project" "$project-new"' EXIT
cd "$project"
git init -q -b main .
git add -A && git commit -q -m base
git checkout -q -b feature
cp -R "$project-new/." .
git add -A && git commit -q -m new
status=0
migvet check "$@" >"$project-new/output" 2>&1 || status=$?
sed -E -e 's/\([0-9a-f]{7}\)/(COMMIT)/' \
  -e 's/PostgreSQL [0-9]+(\.[0-9]+)*( \(.*\))?/PostgreSQL/' \
  -e 's/applied in [0-9.]+ m?s/applied/' \
  -e 's/ +$//' "$project-new/output"
echo "exit status $status"
