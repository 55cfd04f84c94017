#!/usr/bin/env bash
# Makes a directory DIR with migrations of one shape in DIR/migrations, a plain folder of numbered
# files unless told otherwise. Every file applies.
#   new N     N files of six statements on tables that the files make
#   old N     a git repository: branch main makes N tables, branch feature (checked out) adds N files
#             of six statements on them, origin/main is main
#   inserts N one file of N statements: a table and INSERTs of a row
#   rows N    one file: a table and an INSERT of N rows
#   copy N    one file of Flyway: a table and a COPY of N rows, as pg_dump writes them
#   one N     one file of two statements, whatever N
# usage: shapes.sh SHAPE N DIR        (DIR must not exist)
set -euo pipefail

[ $# -eq 3 ] || { echo "usage: ${0##*/} SHAPE N DIR" >&2; exit 2; }
shape=$1 count=$2 dir=$3
mkdir "$dir" "$dir/migrations"

on_new() { # I, prints six statements; three files in a row are one story
  local k=$(($1 / 3))
  case $(($1 % 3)) in
  0) echo "CREATE TABLE orders_$k (
  id bigserial PRIMARY KEY,
  reference text NOT NULL,
  amount numeric(10, 2) DEFAULT 0 NOT NULL,
  details jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamptz DEFAULT now() NOT NULL,
  CONSTRAINT orders_${k}_reference_key UNIQUE (reference)
);
CREATE INDEX orders_${k}_created_at_idx ON orders_$k (created_at);
CREATE TABLE lines_$k (id bigserial PRIMARY KEY, order_id bigint NOT NULL, quantity integer DEFAULT 1 NOT NULL);
ALTER TABLE lines_$k ADD CONSTRAINT lines_${k}_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders_$k (id) ON DELETE CASCADE;
CREATE INDEX lines_${k}_order_id_idx ON lines_$k (order_id);
ALTER TABLE orders_$k ADD COLUMN note text;" ;;
  1) echo "ALTER TABLE orders_$k ADD COLUMN weight integer;
ALTER TABLE orders_$k ADD COLUMN height integer;
CREATE TYPE state_$k AS ENUM ('new', 'paid');
ALTER TABLE orders_$k ADD COLUMN state state_$k DEFAULT 'new' NOT NULL;
INSERT INTO orders_$k (reference, amount) VALUES ('A-1', 10.5);
UPDATE orders_$k SET note = 'imported' WHERE note IS NULL;" ;;
  2) echo "ALTER TABLE orders_$k ADD CONSTRAINT orders_${k}_amount_check CHECK (amount >= 0);
DROP INDEX orders_${k}_created_at_idx;
ALTER TABLE orders_$k ALTER COLUMN note SET DEFAULT '';
ALTER TABLE orders_$k ALTER COLUMN note SET NOT NULL;
ALTER TABLE orders_$k DROP COLUMN weight;
CREATE FUNCTION total_$k() RETURNS numeric LANGUAGE sql STABLE AS \$\$ SELECT sum(amount) FROM orders_$k \$\$;" ;;
  esac
}

old_table() { # I, prints the table that on_old works on
  echo "CREATE TABLE orders_$1 (id bigserial PRIMARY KEY, line_id bigint, reference text NOT NULL, weight integer);
CREATE INDEX orders_$1_weight_idx ON orders_$1 (weight);"
}

on_old() { # I, prints six statements
  echo "ALTER TABLE orders_$1 ADD COLUMN note text;
ALTER TABLE orders_$1 ALTER COLUMN reference SET DEFAULT '';
DROP INDEX orders_$1_weight_idx;
ALTER TABLE orders_$1 DROP COLUMN weight;
ALTER TABLE orders_$1 ADD CONSTRAINT orders_$1_line_id_fkey FOREIGN KEY (line_id) REFERENCES orders_$1 (id) ON DELETE CASCADE;
CREATE INDEX orders_$1_note_idx ON orders_$1 (note);"
}

files() { # STORY FIRST; writes one file for each of $count
  local i name
  for ((i = 0; i < count; i++)); do
    printf -v name '%05d_step.sql' $(($2 + i))
    "$1" "$i" >"$dir/migrations/$name"
  done
}

items() { echo 'CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, price numeric(10, 2), sold boolean NOT NULL);'; }

seed() { # LINE, printed $count times with the number of the row for each #
  awk -v n="$count" -v line="$1" 'BEGIN { for (i = 1; i <= n; i++) { text = line; gsub(/#/, i, text); print text } }'
}

one_file() { # prints the only migration of the shape
  items
  case $shape in
  one) echo 'ALTER TABLE items ADD COLUMN note text;' ;;
  inserts) count=$((count - 1)) && seed "INSERT INTO items (id, name, price, sold) VALUES (#, 'item #', #.50, false);" ;;
  rows) echo 'INSERT INTO items (id, name, price, sold) VALUES'; seed "  (#, 'item #', #.50, false)," | sed '$ s/,$/;/' ;;
  copy) echo 'COPY items (id, name, price, sold) FROM stdin;'; seed '#\titem #\t#.50\tf'; echo '\.' ;;
  esac
}

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@relay.example
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@relay.example
commit() { # MESSAGE
  git -C "$dir" add --all
  git -C "$dir" commit --quiet --message "$1"
}

branches() { # the tables on main, what works on them on feature
  local i
  git init --quiet --initial-branch=main "$dir"
  for ((i = 0; i < count; i++)); do old_table "$i"; done >"$dir/migrations/00000_tables.sql"
  commit 'The tables'
  git -C "$dir" update-ref refs/remotes/origin/main main
  git -C "$dir" symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
  git -C "$dir" checkout --quiet -b feature
  files on_old 1
  commit 'The changes'
}

case $shape in
new) files on_new 0 ;;
old) branches ;;
one | inserts | rows) one_file >"$dir/migrations/00000_seed.sql" ;;
copy) one_file >"$dir/migrations/V1__seed.sql" ;;
*) echo "${0##*/}: there is no shape $shape" >&2; exit 2 ;;
esac
