#!/usr/bin/env bash
# Makes testdata/tools/TOOL/expect.txt: what the real engine does to the folder of
# the base, and then to each of the others laid over it. Needs a PostgreSQL
# server that may be written to, named by DATABASE_URL (a URL without a database),
# psql, and node or go; Sqitch must be installed (1.3.1 was), with its driver for
# PostgreSQL. The other engines come from their registries, in the versions named
# below; nothing of them is added to this module. In TOOL-named the project gives the
# history table another name, where the tool's command line reads it.
#   tools.sh [TOOL…]
# shellcheck disable=SC2069 # of an engine only its errors are kept
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../tools
work=${WORK:-$(mktemp -d)}
: "${DATABASE_URL:?a server, such as postgres://postgres@localhost:5432}"

go_engines() {
  [ -x "$work/go/engine" ] && return
  mkdir -p "$work/go"
  cp "$here/tools/engine.go" "$work/go/main.go"
  cp "$here/tools/engine_atlas.go" "$work/go/atlas.go"
  (cd "$work/go" && go mod init engine && go get \
    github.com/golang-migrate/migrate/v4@v4.19.0 \
    github.com/pressly/goose/v3@v3.26.0 \
    github.com/rubenv/sql-migrate@v1.8.1 \
    ariga.io/atlas@v0.32.1-0.20250325101103-175b25e1c1b9 \
    github.com/jackc/pgx/v5@v5.7.5 && go mod tidy && go build -o engine . &&
    GOBIN=$work/go go install github.com/jackc/tern/v2@v2.3.4 &&
    GOBIN=$work/go go install github.com/rubenv/sql-migrate/sql-migrate@v1.8.1 &&
    GOBIN=$work/go go install -tags "no_clickhouse no_libsql no_mssql no_mysql no_spanner no_sqlite3 no_vertica no_ydb" github.com/pressly/goose/v3/cmd/goose@v3.26.0 &&
    GOBIN=$work/go go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate@v4.19.0) >"$work/go/log" 2>&1 ||
    { cat "$work/go/log" >&2; exit 1; }
}

npm_engines() {
  [ -d "$work/npm/node_modules" ] && return
  mkdir -p "$work/npm"
  cp "$here/tools/engine.mjs" "$here/tools/prisma.config.mjs" "$here/tools/prisma-js.config.mjs" "$work/npm/"
  (cd "$work/npm" && npm init -y && npm install --no-audit --no-fund --ignore-scripts \
    drizzle-orm@1.0.0-rc.5 node-pg-migrate@8.0.3 pg@8.16.3 dbmate@2.28.0 \
    graphile-migrate@1.4.1 postgrator@8.0.0 postgrator-cli@9.1.0 postgres-migrations@5.3.0 liquibase@4.28.1 \
    prisma@6.19.3 @prisma/adapter-pg@7.10.1) >"$work/npm.log" 2>&1 ||
    { cat "$work/npm.log" >&2; exit 1; }
}

# The npm package wraps the Java program of its version; needs java.
liquibase_update() {
  local home=$work/npm/node_modules/liquibase/dist/liquibase
  (cd "$1" && java -cp "$(printf '%s:' "$home"/internal/lib/*.jar)" liquibase.integration.commandline.LiquibaseCommandLine \
    --url "jdbc:postgresql://$(sed 's|.*@||' <<<"$2")" --username postgres --password postgres --search-path src/main/resources \
    --changelog-file db/changelog/db.changelog-master.yaml --show-banner false --log-level off update 2>&1) | grep -A3 '^Unexpected error' |
    grep -v 'For more information' || true
}

# The names of engines keep Prisma from downloading them: it uses neither.
prisma_deploy() {
  env DATABASE_URL="$2" PRISMA_QUERY_ENGINE_LIBRARY=/bin/true PRISMA_SCHEMA_ENGINE_BINARY=/bin/true \
    PRISMA_HIDE_UPDATE_MESSAGE=1 CHECKPOINT_DISABLE=1 "$work/npm/node_modules/.bin/prisma" migrate deploy \
    --config "$work/npm/${3:-prisma}.config.mjs" --schema "$1/prisma/schema.prisma" 2>&1 >/dev/null |
    sed '/^Loaded Prisma\|^Prisma config detected\|^$\|^Position:/d; /^DbError/d; /^   0:/,$d' || true
}

postgrator_cli() {
  [[ $2 =~ ^postgres://([^:@]*):?([^@]*)@([^:/]*):?([0-9]*)/(.*)$ ]]
  local at=("${BASH_REMATCH[@]}")
  (cd "$1" && "$work/npm/node_modules/.bin/postgrator" --username "${at[1]}" --password "${at[2]:-none}" \
    --host "${at[3]}" --port "${at[4]:-5432}" --database "${at[5]}" 2>&1 >/dev/null) || true
}

# up TOOL PROJECT URL applies what is pending, and prints the error if there is one.
up() {
  case $1 in
  golang-migrate) "$work/go/engine" "$1" "$2/db/migrations" "$3" ;;
  goose) "$work/go/engine" "$1" "$2/db/migrations" "$3" ;;
  sql-migrate | atlas) "$work/go/engine" "$1" "$2/migrations" "$3" ;;
  tern) "$work/go/tern" migrate --migrations "$2/migrations" --config "$2/migrations/tern.conf" --conn-string "$3" 2>&1 >/dev/null || true ;;
  dbmate) "$work/npm/node_modules/.bin/dbmate" --url "$3?sslmode=disable" --migrations-dir "$2/db/migrations" --no-dump-schema migrate 2>&1 >/dev/null | grep ^Error || true ;;
  drizzle-1) node "$work/npm/engine.mjs" "$1" "$2/drizzle" "$3" ;;
  node-pg-migrate | graphile-migrate | postgrator | postgres-migrations) node "$work/npm/engine.mjs" "$1" "$2/migrations" "$3" ;;
  prisma) prisma_deploy "$2" "$3" ;;
  prisma-js) prisma_deploy "$2" "$3" prisma-js ;;
  liquibase | liquibase-named) liquibase_update "$2" "$3" ;;
  goose-named) (cd "$2" && GOOSE_DBSTRING="$3" "$work/go/goose" -dir db/migrations up 2>&1 >/dev/null) | grep -i error || true ;;
  tern-named) "$work/go/tern" migrate --migrations "$2/migrations" --config "$2/migrations/tern.conf" --conn-string "$3" 2>&1 >/dev/null || true ;;
  dbmate-named) (cd "$2" && "$work/npm/node_modules/.bin/dbmate" --url "$3?sslmode=disable" --no-dump-schema migrate 2>&1 >/dev/null) | grep ^Error || true ;;
  sql-migrate-named) (cd "$2" && DATABASE_URL="$3?sslmode=disable" "$work/go/sql-migrate" up 2>&1 >/dev/null) || true ;;
  golang-migrate-named) (cd "$2" && PATH=$work/go:$PATH make --silent up DATABASE_URL="$3" 2>&1 >/dev/null) | grep -i error || true ;;
  node-pg-migrate-schema) (cd "$2" && PATH=$work/npm/node_modules/.bin:$PATH DATABASE_URL="$3" npm run --silent migrate 2>&1 >/dev/null) | grep -i error || true ;;
  node-pg-migrate-named) (cd "$2" && PATH=$work/npm/node_modules/.bin:$PATH DATABASE_URL="$3" npm run --silent migrate -- up 2>&1 >/dev/null) | grep -i error || true ;;
  postgrator-named) postgrator_cli "$2" "$3" ;;
  sqitch | sqitch-named) (cd "$2" && SQITCH_FULLNAME=a SQITCH_EMAIL=a@example.com sqitch --quiet deploy "db:pg${3#postgres}" 2>&1 >/dev/null) || true ;;
  esac
}

history() {
  case $1 in
  golang-migrate) echo "SELECT version, dirty FROM schema_migrations" ;;
  goose) echo "SELECT id, version_id, is_applied FROM goose_db_version ORDER BY id" ;;
  atlas) echo "SELECT version, description, type, applied, total, hash FROM atlas_schema_revisions.atlas_schema_revisions ORDER BY version" ;;
  sql-migrate) echo "SELECT id FROM gorp_migrations ORDER BY applied_at" ;;
  tern) echo "SELECT version FROM schema_version" ;;
  postgrator) echo "SELECT version, name, md5 FROM schemaversion ORDER BY version" ;;
  postgres-migrations) echo "SELECT id, name, hash FROM migrations ORDER BY id" ;;
  goose-named) echo "SELECT id, version_id, is_applied FROM deploys ORDER BY id" ;;
  tern-named) echo "SELECT version FROM deploys" ;;
  dbmate-named) echo 'SELECT version FROM ops."Deploys" ORDER BY version' ;;
  sql-migrate-named) echo 'SELECT id FROM "Deploys" ORDER BY applied_at' ;;
  golang-migrate-named) echo 'SELECT version, dirty FROM "Deploys"' ;;
  node-pg-migrate-named) echo 'SELECT id, name FROM ops."Deploys" ORDER BY id' ;;
  node-pg-migrate-schema) echo "SELECT id, name FROM app.pgmigrations ORDER BY id" ;;
  postgrator-named) echo 'SELECT version, name, md5 FROM ops."Deploys" ORDER BY version' ;;
  dbmate) echo "SELECT version FROM schema_migrations ORDER BY version" ;;
  drizzle-1) echo "SELECT id, hash, created_at, name FROM drizzle.__drizzle_migrations ORDER BY id" ;;
  node-pg-migrate) echo "SELECT id, name FROM pgmigrations ORDER BY id" ;;
  graphile-migrate) echo "SELECT hash, previous_hash, filename FROM graphile_migrate.migrations ORDER BY filename" ;;
  prisma | prisma-js) echo "SELECT migration_name, checksum, applied_steps_count FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at" ;;
  liquibase-named) echo 'SELECT id, author, filename, orderexecuted, exectype, md5sum FROM ops.deploys ORDER BY orderexecuted' ;;
  liquibase) echo "SELECT id, author, filename, orderexecuted, exectype, md5sum, contexts, labels, comments FROM databasechangelog ORDER BY orderexecuted, id" ;;
  sqitch-named) echo "SELECT change_id, script_hash, change, project FROM \"Deploys\".changes ORDER BY committed_at" ;;
  sqitch) echo "SELECT change_id, script_hash, change, project, replace(note, chr(10), '\\n'), planned_at AT TIME ZONE 'UTC', planner_name FROM sqitch.changes ORDER BY committed_at" ;;
  esac
}

columns="SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
  FROM information_schema.columns
  WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
  ORDER BY table_schema, table_name, ordinal_position"

[ $# -gt 0 ] || set -- golang-migrate goose atlas dbmate drizzle-1 node-pg-migrate graphile-migrate sqitch sql-migrate tern postgrator postgres-migrations prisma liquibase \
  golang-migrate-named goose-named sql-migrate-named tern-named dbmate-named node-pg-migrate-named node-pg-migrate-schema postgrator-named sqitch-named prisma-js liquibase-named
for tool; do
  case ${tool%-named} in golang-migrate | goose | atlas | sql-migrate | tern) go_engines ;; sqitch) ;; *) npm_engines ;; esac
  out=$tools/$tool/expect.txt
  echo "# What the engine did; see testdata/make/tools.sh." >"$out"
  for dir in "$tools/$tool"/*/; do
    head=$(basename "$dir")
    [ "$head" != base ] || continue
    psql -qX "$DATABASE_URL/postgres" -c 'DROP DATABASE IF EXISTS tools' -c 'CREATE DATABASE tools'
    [ "$tool" != liquibase-named ] || psql -qX "$DATABASE_URL/tools" -c 'CREATE SCHEMA ops' # which Liquibase does not make
    url=$DATABASE_URL/tools
    rm -rf "$work/project"
    cp -R "$tools/$tool/base" "$work/project"
    up "$tool" "$work/project" "$url"
    cp -R "$tools/$tool/$head/." "$work/project"
    error=$(up "$tool" "$work/project" "$url" | tr '\n\t' '  ' | sed "s|$work/project/||g; s/  */ /g; s/ *\$//")
    {
      echo "== $head"
      echo "error: $error"
      echo "history: $(history "$tool")"
      psql -qXAt "$url" -c "$(history "$tool")" | sed 's/^/  /'
      echo "columns:"
      psql -qXAt "$url" -c "$columns" | sed 's/^/  /'
    } >>"$out"
  done
done
