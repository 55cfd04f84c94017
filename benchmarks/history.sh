#!/usr/bin/env bash
# Builds a git repository in DIR with a Drizzle history of N migrations: branch main has the first
# N-1, branch feature (checked out) adds the last one, origin/main is main. Everyday DDL and a few
# rows, over and over under new names; every file applies. No snapshots.
# usage: history.sh N DIR        (DIR must not exist)
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: ${0##*/} N DIR" >&2; exit 2; }
total=$1 dir=$2
mkdir "$dir" "$dir/drizzle" "$dir/drizzle/meta"

tag() { printf -v tag '%04d_step_%d' "$1" "$1"; } # I, sets tag

migration() { # I, prints its SQL
  local k=$(($1 / 8)) break='--> statement-breakpoint'
  case $(($1 % 8)) in
  0) echo "CREATE TABLE \"orders_$k\" (
	\"id\" bigserial PRIMARY KEY NOT NULL,
	\"reference\" text NOT NULL,
	\"amount\" numeric(10, 2) DEFAULT 0 NOT NULL,
	\"details\" jsonb DEFAULT '{}'::jsonb NOT NULL,
	\"created_at\" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT \"orders_${k}_reference_unique\" UNIQUE(\"reference\")
);
$break
CREATE INDEX \"orders_${k}_created_at_idx\" ON \"orders_$k\" USING btree (\"created_at\");" ;;
  1) echo "CREATE TABLE \"lines_$k\" (
	\"id\" bigserial PRIMARY KEY NOT NULL,
	\"order_id\" bigint NOT NULL,
	\"quantity\" integer DEFAULT 1 NOT NULL
);
$break
ALTER TABLE \"lines_$k\" ADD CONSTRAINT \"lines_${k}_order_id_fk\" FOREIGN KEY (\"order_id\") REFERENCES \"public\".\"orders_$k\"(\"id\") ON DELETE cascade ON UPDATE no action;$break
CREATE INDEX \"lines_${k}_order_id_idx\" ON \"lines_$k\" USING btree (\"order_id\");" ;;
  2) echo "ALTER TABLE \"orders_$k\" ADD COLUMN \"note\" text;" ;;
  3) echo "CREATE TYPE \"public\".\"state_$k\" AS ENUM('new', 'paid', 'sent');$break
ALTER TABLE \"orders_$k\" ADD COLUMN \"state\" \"state_$k\" DEFAULT 'new' NOT NULL;" ;;
  4) echo "INSERT INTO \"orders_$k\" (\"reference\", \"amount\") VALUES ('A-1', 10.5), ('A-2', 99);$break
UPDATE \"orders_$k\" SET \"note\" = 'imported' WHERE \"note\" IS NULL;" ;;
  5) echo "ALTER TABLE \"orders_$k\" ADD CONSTRAINT \"orders_${k}_amount_check\" CHECK (\"amount\" >= 0);" ;;
  6) echo "ALTER TABLE \"orders_$k\" ALTER COLUMN \"note\" SET DEFAULT '';$break
ALTER TABLE \"orders_$k\" ALTER COLUMN \"note\" SET NOT NULL;" ;;
  7) echo "CREATE FUNCTION \"total_$k\"() RETURNS numeric LANGUAGE sql STABLE AS \$\$ SELECT sum(amount) FROM \"orders_$k\" \$\$;" ;;
  esac
}

migrations() { # FROM TO
  local i tag
  for ((i = $1; i < $2; i++)); do
    tag "$i"
    migration "$i" >"$dir/drizzle/$tag.sql"
  done
}

journal() { # N
  local i tag comma=,
  printf '{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": [\n'
  for ((i = 0; i < $1; i++)); do
    tag "$i"
    [ "$i" -lt $(($1 - 1)) ] || comma=
    printf '    {\n      "idx": %d,\n      "version": "7",\n      "when": %d,\n      "tag": "%s",\n      "breakpoints": true\n    }%s\n' \
      "$i" $((1640995213381 + i * 7200317)) "$tag" "$comma"
  done
  printf '  ]\n}'
}

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@relay.example
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@relay.example
commit() { # MESSAGE
  git -C "$dir" add --all
  git -C "$dir" commit --quiet --message "$1"
}

git init --quiet --initial-branch=main "$dir"
migrations 0 $((total - 1))
journal $((total - 1)) >"$dir/drizzle/meta/_journal.json"
commit 'The history'
git -C "$dir" update-ref refs/remotes/origin/main main
git -C "$dir" symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
git -C "$dir" checkout --quiet -b feature
migrations $((total - 1)) "$total"
journal "$total" >"$dir/drizzle/meta/_journal.json"
commit 'One more migration'
