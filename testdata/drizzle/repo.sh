#!/usr/bin/env bash
# Builds a git repository in DIR from base/ (branch main) and pr/ (branch feature, checked out),
# and beside it DIR.origin.git, a bare repository with refs/pull/1/{head,merge} as GitHub makes them.
# Same commits on every machine: no identity, date or setting of the caller gets in.
# usage: repo.sh DIR        (DIR must not exist, or be empty)
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: ${0##*/} DIR" >&2; exit 2; }
[ -z "$(ls -A "$1" 2>/dev/null)" ] || { echo "${0##*/}: $1 is not empty" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
umask 022
mkdir -p "$1"
dir=$(cd "$1" && pwd)
origin=$dir.origin.git
[ ! -e "$origin" ] || { echo "${0##*/}: $origin exists" >&2; exit 2; }

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME='Sam Ortega' GIT_AUTHOR_EMAIL=sam@relay.example
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

git_() { git -C "$dir" -c core.autocrlf=false -c core.fileMode=false "$@"; }
commit() { # DATE MESSAGE
  git_ add --all
  GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 git_ commit --quiet --message "$2"
}

git init --quiet --initial-branch=main "$dir"
cp -R "$here/base/." "$dir"
mv "$dir/src/digest.ts" "$dir/.git/digest.ts"
commit 2026-06-09T10:02:18Z 'Search conversations by title'
mv "$dir/.git/digest.ts" "$dir/src/digest.ts"
commit 2026-06-10T08:31:44Z 'Send a weekly digest'

git_ checkout --quiet -b feature
cp -R "$here/pr/." "$dir"
commit 2026-06-17T12:40:05Z 'Give every task an owner, drop conversation titles'

git_ checkout --quiet --detach main
GIT_AUTHOR_DATE=2026-06-17T12:41:00Z GIT_COMMITTER_DATE=2026-06-17T12:41:00Z \
  git_ merge --quiet --no-ff --message "Merge feature into main" feature
git_ update-ref refs/pull/1/merge HEAD
git_ update-ref refs/pull/1/head feature
git_ checkout --quiet feature

git init --quiet --bare --initial-branch=main "$origin"
git_ remote add origin "$origin"
git_ push --quiet origin main feature 'refs/pull/*:refs/pull/*'
git_ update-ref -d refs/pull/1/merge
git_ update-ref -d refs/pull/1/head
git_ fetch --quiet origin
git_ remote set-head origin main >/dev/null
git_ branch --quiet --set-upstream-to=origin/main main
git_ branch --quiet --set-upstream-to=origin/feature feature
