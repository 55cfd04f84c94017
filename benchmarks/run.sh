#!/usr/bin/env bash
# Prints two Markdown tables: migvet lint against squawk on the same files, taking turns, and what
# migvet check costs. Needs Linux, bash 5, git, npm; see README.md for the variables it reads.
# usage: run.sh [RUNS]           (21 unless told)
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
runs=${1:-21}
migvet=$(realpath -m "${MIGVET:-$root/bin/migvet}")
squawk_version=${SQUAWK_VERSION:-2.66.0}
read -ra check_flags <<<"${CHECK_FLAGS:-}"
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

die() { echo "run.sh: $*" >&2; exit 1; }
[ -x "$migvet" ] || die "$migvet is missing; go build -o bin/migvet ./cmd/migvet, or set MIGVET"

install_squawk() { # sets squawk to the program itself, without the Node.js wrapper around it
  npm install --silent --no-audit --no-fund --prefix "$work/squawk" "squawk-cli@$squawk_version" || die 'npm cannot install squawk-cli'
  squawk=$(find "$work/squawk/node_modules/@squawk-cli" -name squawk -type f -perm -u+x | head -n 1)
  [ -n "$squawk" ] || die "squawk-cli@$squawk_version ships no program for this platform"
}

measure() { # LABEL COMMAND...; findings (1) and a refused migration (4) are results, not failures
  local label=$1 start end status=0
  shift
  start=$EPOCHREALTIME
  "$@" >"$work/out" 2>&1 || status=$?
  end=$EPOCHREALTIME
  case $status in 0 | 1 | 4) ;; *) tail -n 20 "$work/out" >&2; die "exit status $status: $*" ;; esac
  echo $((${end/./} - ${start/./})) >>"$work/$label.us"
}

median() { sort -n "$work/$1.us" | awk '{ t[NR] = $1 } END { printf "%.1f", (t[int((NR + 1) / 2)] + t[int((NR + 2) / 2)]) / 2000 }'; }
fastest() { sort -n "$work/$1.us" | awk 'NR == 1 { printf "%.1f", $1 / 1000 }'; }

lint_row() { # LABEL TITLE FILE...
  local label=$1 title=$2 i
  shift 2
  for ((i = 0; i < runs; i++)); do
    measure "$label.migvet" "$migvet" lint "$@"
    measure "$label.squawk" "$squawk" "$@"
  done
  awk -v title="$title" -v a="$(median "$label.migvet")" -v b="$(median "$label.squawk")" \
    'BEGIN { printf "| %s | %s ms | %s ms | %.2f |\n", title, a, b, b / a }'
}

check() { # CACHE DIR
  (cd "$2" && XDG_CACHE_HOME=$1 exec "$migvet" check "${check_flags[@]}")
}

check_row() { # LABEL TITLE DIR cold|cached
  local i cache=$work/cache.$1
  mkdir -p "$cache" && chmod 777 "$cache"
  [ "$4" = cold ] || { measure "$1.warmup" check "$cache" "$3"; }
  for ((i = 0; i < runs; i++)); do
    [ "$4" = cached ] || { cache=$work/cache.$1.$i && mkdir "$cache" && chmod 777 "$cache"; }
    measure "$1" check "$cache" "$3"
  done
  time_row "$1" "$2"
}

time_row() { # LABEL TITLE
  printf '| %s | %s ms | %s ms |\n' "$2" "$(median "$1")" "$(fastest "$1")"
}

psql_row() { # LABEL TITLE DIR
  local i file
  [ -n "${PGHOST:-}" ] || { printf '| %s | not run: PGHOST is not set | |\n' "$2"; return; }
  for file in "$3"/drizzle/*.sql; do
    printf 'BEGIN;\n%s\nCOMMIT;\n' "$(cat "$file")"
  done >"$work/all.sql"
  for ((i = 0; i < runs; i++)); do
    psql -Xq -d postgres -c 'DROP DATABASE IF EXISTS migvet_bench' -c 'CREATE DATABASE migvet_bench' 2>"$work/out" || die "$(cat "$work/out")"
    measure "$1" psql -Xq -v ON_ERROR_STOP=1 -d migvet_bench -f "$work/all.sql"
    ! grep -q ERROR "$work/out" || die "$(grep -m 1 ERROR "$work/out")"
  done
  psql -Xq -d postgres -c 'DROP DATABASE migvet_bench'
  time_row "$1" "$2"
}

memory_row() { # TITLE COMMAND...
  local title=$1 status=0
  shift
  [ -x /usr/bin/time ] || { printf '| %s | not run: GNU time is not installed | |\n' "$title"; return; }
  /usr/bin/time -f %M -o "$work/memory" "$@" >"$work/out" 2>&1 || status=$?
  [ "$status" -le 1 ] || die "exit status $status: $1 $2"
  awk -v title="$title" 'END { printf "| %s | %.0f MiB | |\n", title, $1 / 1024 }' "$work/memory"
}

install_squawk
"$root/testdata/drizzle/repo.sh" "$work/sample"
"$here/history.sh" 1000 "$work/thousand"
"$here/history.sh" 10000 "$work/many"

echo "$("$migvet" --version), $("$squawk" --version); $(uname -sm), $(nproc) cores; median of $runs runs."
echo
echo '| lint | migvet | squawk | squawk ÷ migvet |'
echo '|---|--:|--:|--:|'
lint_row one 'the migration of the sample pull request' "$work"/sample/drizzle/0010_*.sql
lint_row sample 'the 11 migrations of the sample' "$work"/sample/drizzle/*.sql
lint_row thousand '1,000 migrations' "$work"/thousand/drizzle/*.sql
echo
echo '| | median | fastest |'
echo '|---|--:|--:|'
check_row cold 'check of the sample pull request, nothing cached' "$work/sample" cold
check_row cached 'the same, server template cached' "$work/sample" cached
check_row long 'check of one migration on 999 others, server template cached' "$work/thousand" cached
psql_row psql 'psql applies the same 1,000 files to a running server' "$work/thousand"
memory_row 'peak memory, lint of 10,000 migrations' "$migvet" lint "$work"/many/drizzle/*.sql
