#!/usr/bin/env bash
# Lets drizzle-kit 1.0 make one change after the other from the same base, and check each two of them side by side:
# testdata/drizzle/side-by-side/CHANGE has the migration, expect.txt the exit statuses. Takes some minutes.
set -euo pipefail

out=$(cd "$(dirname "$0")/../drizzle/side-by-side" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix "$work" drizzle-kit@1.0.0-rc.5 drizzle-orm@1.0.0-rc.5
cat >drizzle.config.ts <<'E'
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
E

imports="import { pgTable, text, integer, varchar, index, check, pgEnum, pgView, unique } from 'drizzle-orm/pg-core'; import { sql } from 'drizzle-orm';"
name='name: text("name")'
posts='export const posts = pgTable("posts", { id: integer("id").primaryKey(), owner: integer("owner") });'

# change NAME COLUMNS OF USERS, THEIR EXTRAS, OTHER TABLES [HINTS]
change() {
  printf '%s\nexport const users = pgTable("%s", { id: integer("id").primaryKey(), %s }, t => [%s]);\n%s\n' \
    "$imports" "${table:-users}" "$2" "$3" "$4" >schema.ts
  rm -rf drizzle "${out:?}/$1"
  [ "$1" = base ] || cp -r "$out/base" drizzle
  node_modules/.bin/drizzle-kit generate --name "$1" ${5:+--hints "$5"} >/dev/null
  mkdir "$out/$1"
  mv drizzle/*_"$1" "$out/$1/"
}
rename() { echo '[{"type":"rename","kind":"'"$1"'","from":'"$2"',"to":'"$3"'}]'; }

change base "$name" "" "$posts"
sleep 1 # folders are named after the second
change addcol "$name, a: text('a')" "" "$posts"
change addcol2 "$name, b: text('b')" "" "$posts"
change dropcol "" "" "$posts"
change renamecol "name: text('title')" "" "$posts" "$(rename column '["public","users","name"]' '["public","users","title"]')"
change altertype "name: varchar('name', { length: 20 })" "" "$posts"
change setnotnull "$name.notNull()" "" "$posts"
change addindex "$name" "index('users_name').on(t.name)" "$posts"
change addcheck "$name" "check('users_c', sql\`\${t.name} <> ''\`)" "$posts"
change droptable "$name" "" ""
table=people change renametable "$name" "" "$posts" "$(rename table '["public","users"]' '["public","people"]')"
change addfk "$name" "" 'export const posts = pgTable("posts", { id: integer("id").primaryKey(), owner: integer("owner").references(() => users.id) });'
change addenum "$name" "" "$posts export const e = pgEnum('e', ['x']);"
change addtable "$name" "" "$posts export const tags = pgTable('tags', { id: integer('id').primaryKey() });"
change addview "$name" "" "$posts export const v = pgView('v').as(q => q.select().from(users));"
change addunique "$name" "unique('users_name_u').on(t.name)" "$posts"

cd "$out"
changes=$(ls -d */ | tr -d / | grep -v '^base$')
{
  echo '# drizzle-kit 1.0.0-rc.5 check: 0 takes the two migrations side by side, 1 stops'
  for a in $changes; do for b in $changes; do
    [[ $a < $b ]] || continue
    rm -rf "$work/drizzle"
    mkdir "$work/drizzle"
    cp -r base/* "$a"/* "$b"/* "$work/drizzle/"
    status=0
    (cd "$work" && node_modules/.bin/drizzle-kit check >/dev/null 2>&1) || status=$?
    echo "$a $b $status"
  done; done
} >expect.txt
