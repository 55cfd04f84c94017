#!/usr/bin/env bash
# Prints three Markdown tables: migvet lint against squawk on the same files, taking turns; what is
# promised as ratios of one run; and what migvet check costs. Needs Linux, bash 5, git, npm; see
# README.md for the variables it reads.
# usage: run.sh [RUNS]           (21 unless told)
set -euo pipefail
export LC_ALL=C
TIMEFORMAT='%3R %3U %3S' # wall clock, user, system

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
runs=${1:-21}
migvet=$(realpath -m "${MIGVET:-$root/bin/migvet}")
squawk_version=${SQUAWK_VERSION:-2.66.0}
promises=()
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

# turns lets commands measure in turn, so that a machine that gets slower is slower for all of them.
turns() { # FUNCTION..., each of which measures once
  local i turn
  for ((i = 0; i <= runs; i++)); do
    for turn in "$@"; do "$turn"; done
    [ "$i" -gt 0 ] || rm "$work"/*.ms # the first only warms up
  done
}

forget() { rm -f "$work"/*.ms; }

lint_row() { # TITLE DIR FILES FLAG...; FILES is a pattern in DIR
  local title=$1 dir=$2
  local -a files flags
  mapfile -t files < <(cd "$dir" && compgen -G "$3")
  flags=("${@:4}")
  lint_once() { measure migvet "$dir" "$migvet" lint "${flags[@]}"; }
  squawk_once() { measure squawk "$dir" "$squawk" "${files[@]}"; }
  turns lint_once squawk_once
  echo "| $title | $(median migvet 1) ms | $(median migvet 2) ms | $(median squawk 1) ms | $(median squawk 2) ms |"
  ours=$(median migvet 1) theirs=$(median squawk 1)
  forget
}

lint_time() { # DIR FLAG...; sets ours, wall clock
  local dir=$1
  local -a flags=("${@:2}")
  lint_once() { measure migvet "$dir" "$migvet" lint "${flags[@]}"; }
  turns lint_once
  ours=$(median migvet 1)
  forget
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f ×", a / b }'; }

promise() { # WORKLOAD MEASURED WANTED
  promises+=("| $1 | $2 | ≤ $3 |")
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
  megabytes='?'
  [ -x /usr/bin/time ] || { printf '| %s | not run: GNU time is not installed | |\n' "$title"; return; }
  (cd "$dir" && exec /usr/bin/time -f %M -o "$work/memory" "$@") >"$work/out" 2>&1 || status=$?
  [ "$status" -le 1 ] || die "exit status $status: $*"
  megabytes=$(awk 'END { printf "%.0f", $1 / 1024 }' "$work/memory")
  echo "| $title | $megabytes MiB | |"
}

install_squawk
"$root/testdata/drizzle/repo.sh" "$work/sample"
"$here/history.sh" 1000 "$work/thousand"
"$here/history.sh" 10000 "$work/many"
"$here/shapes.sh" one 1 "$work/small"
"$here/shapes.sh" new 2000 "$work/new"
"$here/shapes.sh" new 8000 "$work/new4"
"$here/shapes.sh" old 2000 "$work/old"
"$here/shapes.sh" old 8000 "$work/old4"
"$here/shapes.sh" inserts 10000 "$work/inserts"
"$here/shapes.sh" rows 100000 "$work/rows"
"$here/shapes.sh" copy 100000 "$work/copy"

echo "$("$migvet" version), $("$squawk" --version); $(uname -sm), $(nproc) cores; median of $runs runs."
echo
echo '| lint | migvet | processors | squawk | processors |'
echo '|---|--:|--:|--:|--:|'
lint_row 'one small file, no git' "$work/small" 'migrations/*.sql' --all
promise 'one small file, no git' "$ours ms" '15 ms'
lint_row 'the new migration of the sample' "$work/sample" 'drizzle/0010_*.sql'
lint_row 'all 11 migrations of the sample' "$work/sample" 'drizzle/*.sql' --all
lint_row 'one new migration of 1,000' "$work/thousand" 'drizzle/0999_*.sql'
promise 'one new migration of 1,000, with git' "$ours ms" '80 ms'
lint_row '1,000 new migrations' "$work/thousand" 'drizzle/*.sql' --all
lint_row '2,000 new files, 12,000 statements on new tables' "$work/new" 'migrations/*.sql' --all
new=$ours
promise '2,000 new files, 12,000 statements on new tables, against squawk' "$(ratio "$ours" "$theirs")" '0.5 ×'
lint_row 'the same on tables of the base branch' "$work/old" 'migrations/*_step.sql'
old=$ours
promise 'the same on tables of the base branch, against squawk' "$(ratio "$ours" "$theirs")" '1 ×'
lint_time "$work/new4" --all
promise '48,000 statements against 12,000, on new tables' "$(ratio "$ours" "$new")" '4.6 ×'
lint_time "$work/old4"
promise '48,000 statements against 12,000, on tables of the base branch' "$(ratio "$ours" "$old")" '4.6 ×'
lint_time "$work/inserts" --all
promise 'a seed of 10,000 INSERTs in one file' "$ours ms" '400 ms'
lint_time "$work/rows" --all
promise 'an INSERT of 100,000 rows' "$ours ms" '400 ms'
lint_time "$work/copy" --all
promise 'a COPY of 100,000 rows' "$ours ms" '400 ms'
lint_time "$work/many"
promise 'one new migration of 10,000, with git' "$ours ms" '400 ms'
echo
echo '| | median | processors |'
echo '|---|--:|--:|'
version_once() { measure version "$work" "$migvet" version; }
turns version_once
time_row version 'migvet version'
check_row cold 'check of the sample, nothing cached' "$work/sample" cold
check_row cached 'check of the sample, server template cached' "$work/sample" cached
check_row history 'check of one new migration of 1,000, server template cached' "$work/thousand" cached
psql_row psql 'psql applies the same 1,000 files to a running server' "$work/thousand"
memory_row 'peak memory, lint of 10,000 new migrations' "$work/many" "$migvet" lint --all
memory_row 'peak memory, lint of one new migration of 10,000' "$work/many" "$migvet" lint
promise 'peak memory, one new migration of 10,000' "$megabytes MiB" '120 MiB'
echo
echo '| promised | measured | bound |'
echo '|---|--:|--:|'
printf '%s\n' "${promises[@]}"
