#!/usr/bin/env bash
# Prints two Markdown tables: migvet lint against squawk on the same files, taking turns, and what
# migvet check costs. Needs Linux, bash 5, git, npm; see README.md for the variables it reads.
# usage: run.sh [RUNS]           (21 unless told)
set -euo pipefail
export LC_ALL=C
TIMEFORMAT='%3R %3U %3S' # wall clock, user, system

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

measure() { # LABEL DIR COMMAND...; findings (1) and a refused migration (4) are results, not failures
  local label=$1 dir=$2 status=0
  shift 2
  { time { (cd "$dir" && exec "$@" >"$work/out" 2>&1) || status=$?; }; } 2>"$work/time"
  case $status in 0 | 1 | 4) ;; *) tail -n 20 "$work/out" >&2; die "exit status $status: $*" ;; esac
  awk 'NR == 1 { print $1 * 1000, ($2 + $3) * 1000 }' "$work/time" >>"$work/$label.ms"
}

median() { # LABEL COLUMN: 1 is the wall clock, 2 the time on processors
  cut -d ' ' -f "$2" "$work/$1.ms" | sort -n | awk '{ t[NR] = $1 } END { printf "%.0f", (t[int((NR + 1) / 2)] + t[int((NR + 2) / 2)]) / 2 }'
}

lint_row() { # LABEL TITLE DIR FILES FLAG...; FILES is a pattern in DIR
  local label=$1 title=$2 dir=$3 i
  local -a files
  mapfile -t files < <(cd "$dir" && compgen -G "$4")
  shift 4
  for ((i = 0; i <= runs; i++)); do
    measure "$label.migvet" "$dir" "$migvet" lint "$@"
    measure "$label.squawk" "$dir" "$squawk" "${files[@]}"
    [ "$i" -gt 0 ] || rm "$work/$label".*.ms # the first only warms up
  done
  echo "| $title | $(median "$label.migvet" 1) ms | $(median "$label.migvet" 2) ms | $(median "$label.squawk" 1) ms | $(median "$label.squawk" 2) ms |"
}

check_row() { # LABEL TITLE DIR cold|cached
  local i cache=$work/cache.$1
  mkdir -p "$cache"
  for ((i = 0; i <= runs; i++)); do
    [ "$4" = cached ] || { cache=$work/cache.$1.$i && mkdir "$cache"; }
    chmod 777 "$cache"
    measure "$1" "$3" env "XDG_CACHE_HOME=$cache" "$migvet" check "${check_flags[@]}"
    [ "$i" -gt 0 ] || rm "$work/$1.ms"
  done
  time_row "$1" "$2"
}

time_row() { # LABEL TITLE
  echo "| $2 | $(median "$1" 1) ms | $(median "$1" 2) ms |"
}

psql_row() { # LABEL TITLE DIR
  local i file
  [ -n "${PGHOST:-}" ] || { printf '| %s | not run: PGHOST is not set | |\n' "$2"; return; }
  for file in "$3"/drizzle/*.sql; do
    printf 'BEGIN;\n%s\nCOMMIT;\n' "$(cat "$file")"
  done >"$work/all.sql"
  for ((i = 0; i < runs; i++)); do
    psql -Xq -d postgres -c 'DROP DATABASE IF EXISTS migvet_bench' -c 'CREATE DATABASE migvet_bench' 2>"$work/out" || die "$(cat "$work/out")"
    measure "$1" "$work" psql -Xq -v ON_ERROR_STOP=1 -d migvet_bench -f "$work/all.sql"
    ! grep -q ERROR "$work/out" || die "$(grep -m 1 ERROR "$work/out")"
  done
  psql -Xq -d postgres -c 'DROP DATABASE migvet_bench'
  time_row "$1" "$2"
}

memory_row() { # TITLE DIR COMMAND...
  local title=$1 dir=$2 status=0
  shift 2
  [ -x /usr/bin/time ] || { printf '| %s | not run: GNU time is not installed | |\n' "$title"; return; }
  (cd "$dir" && exec /usr/bin/time -f %M -o "$work/memory" "$@") >"$work/out" 2>&1 || status=$?
  [ "$status" -le 1 ] || die "exit status $status: $*"
  awk -v title="$title" 'END { printf "| %s | %.0f MiB | |\n", title, $1 / 1024 }' "$work/memory"
}

install_squawk
"$root/testdata/drizzle/repo.sh" "$work/sample"
"$here/history.sh" 1000 "$work/thousand"
"$here/history.sh" 10000 "$work/many"

echo "$("$migvet" version), $("$squawk" --version); $(uname -sm), $(nproc) cores; median of $runs runs."
echo
echo '| lint | migvet | processors | squawk | processors |'
echo '|---|--:|--:|--:|--:|'
lint_row one 'the new migration of the sample' "$work/sample" 'drizzle/0010_*.sql'
lint_row sample 'all 11 migrations of the sample' "$work/sample" 'drizzle/*.sql' --all
lint_row long 'one new migration of 1,000' "$work/thousand" 'drizzle/0999_*.sql'
lint_row thousand '1,000 new migrations' "$work/thousand" 'drizzle/*.sql' --all
echo
echo '| | median | processors |'
echo '|---|--:|--:|'
check_row cold 'check of the sample, nothing cached' "$work/sample" cold
check_row cached 'check of the sample, server template cached' "$work/sample" cached
check_row history 'check of one new migration of 1,000, server template cached' "$work/thousand" cached
psql_row psql 'psql applies the same 1,000 files to a running server' "$work/thousand"
memory_row 'peak memory, lint of one new migration of 10,000' "$work/many" "$migvet" lint
memory_row 'peak memory, lint of 10,000 new migrations' "$work/many" "$migvet" lint --all
