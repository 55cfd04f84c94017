package source

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestSchemaNotMigrated(t *testing.T) {
	const schema = `import { pgTable, text } from 'drizzle-orm/pg-core';
// people
export const users = pgTable('users', { name: text('name') });
`
	const bare = `import { pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { name: text('name') })
`
	project := func(file, text, config string, entries ...entry) fstest.MapFS {
		tree := with(drizzleTree(entries...), file, text)
		return with(tree, "drizzle.config.ts", `export default { dialect: 'postgresql', out: './drizzle', schema: `+config+` }`)
	}
	const changed = "notice schema-not-migrated "
	tests := []struct {
		name, config, file, before, after string
		added                             bool
		want                              []string
	}{
		{"column", `'./src/schema.ts'`, "src/schema.ts", schema, schema + "export const tags = pgTable('tags', {});", false, []string{changed + "schema.ts: schema.ts changed, but drizzle has no new migration"}},
		{"in a folder", `'./src'`, "src/db/users.ts", schema, "", false, []string{changed}},
		{"in a list", `["./src/a.ts", "./src/*.sql.ts"]`, "src/users.sql.ts", schema, schema + "export const state = pgEnum('state', []);", false, []string{changed}},
		{"comments, imports and blanks", `'./src/schema.ts'`, "src/schema.ts", schema, "import {pgTable} from 'drizzle-orm/pg-core';\nimport { x } from './x';\n\nexport const users = pgTable('users',\n\t{ name: text('name') });", false, nil},
		{"column, without semicolons", `'./src/schema.ts'`, "src/schema.ts", bare, bare + "export const tags = pgTable('tags', {})\n", false, []string{changed}},
		{"imports, without semicolons", `'./src/schema.ts'`, "src/schema.ts", bare, "import 'dotenv/config'\nimport {\n  pgTable,\n  text\n} from \"drizzle-orm/pg-core\"\n\nimport type { X } from './x'\nexport const users = pgTable('users', { name: text('name') })", false, nil},
		{"no schema", `'./src'`, "src/util.ts", "export const a = 1;", "export const a = 2;", false, nil},
		{"with a migration", `'./src/schema.ts'`, "src/schema.ts", schema, schema + "export const tags = pgTable('tags', {});", true, nil},
		{"elsewhere", `'./src/schema.ts'`, "lib/schema.ts", schema, "", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			entries := slices.Clone(baseEntries)
			if test.added {
				entries = append(entries, entry{"0002_tags", 5000, "CREATE TABLE tags ();"})
			}
			base := project(test.file, test.before, test.config, baseEntries...)
			head := project(test.file, test.after, test.config, entries...)
			if test.after == "" {
				head = without(head, test.file)
			}
			expect(t, reviewed(t, base, head), test.want...)
		})
	}

	more := schema + "export const tags = pgTable('tags', {});"
	const times = `import { timestamp } from 'drizzle-orm/pg-core';
export const times = { made: timestamp('made') };
`
	through := []struct {
		name, index, file, before, after string
		want                             []string
	}{
		{"everything", "export * from './users';", "src/schema/users.ts", schema, more, []string{changed + "users.ts: users.ts changed"}},
		{"compiled", "export * from \"./users.js\"", "src/schema/users.ts", schema, more, []string{changed}},
		{"some, of an index", "export {\n  users,\n} from './people'", "src/schema/people/index.ts", schema, more, []string{changed}},
		{"from above", "export * from '../tables/users.model'", "src/tables/users.model.ts", schema, more, []string{changed}},
		{"imported and exported", "import { users, type User } from './users'\nexport { users }", "src/schema/users.ts", schema, more, []string{changed}},
		{"imported under another name", "import { users as people } from './users';\nexport {\n  people as persons,\n};", "src/schema/users.ts", schema, more, []string{changed}},
		{"imported and exported by default", "import users from './users';\nexport default users;", "src/schema/users.ts", schema, more, []string{changed}},
		{"columns", "import { times } from './times';\nexport const a = pgTable('a', { ...times });", "src/schema/times.ts", times, times + "export const seen = timestamp('seen');", []string{changed}},
		{"columns, through an index", "import { times } from './parts';\nexport const a = pgTable('a', { ...times });\n", "src/schema/parts/index.ts", times, times + "export const seen = timestamp('seen');", []string{changed}},
		{"comments", "export * from './users';", "src/schema/users.ts", schema, "// again\n" + schema, nil},
		{"imported to be referred to", "import { users } from '../users';\nexport const a = pgTable('a', { u: text('u').references(() => users.name) });", "src/users.ts", schema, more, nil},
		{"exported within a name", "export * as people from './users';", "src/schema/users.ts", schema, more, nil},
		{"types", "import type { users } from './users'; export type { users };", "src/schema/users.ts", schema, more, nil},
		{"what makes no column", "import { now } from './now'; export const a = pgTable('a', {});", "src/schema/now.ts", "export const now = 1;", "export const now = 2;", nil},
		{"in a comment", "// export * from './users';", "src/schema/users.ts", schema, more, nil},
		{"out of the repository", "export * from '../../../users';", "users.ts", schema, more, nil},
	}
	for _, c := range through {
		t.Run("through an index: "+c.name, func(t *testing.T) {
			tree := func(text string) fstest.MapFS {
				index := c.index + "\nexport * from './fixed';\n"
				all := with(project("src/schema/index.ts", index, `'./src/schema/index.ts'`, baseEntries...), "src/schema/fixed.ts", "export const kind = pgEnum('kind', []);")
				return with(all, c.file, text)
			}
			expect(t, reviewed(t, tree(c.before), tree(c.after)), c.want...)
		})
	}
	t.Run("in a circle, from what is gone and from packages", func(t *testing.T) {
		tree := func(text string) fstest.MapFS {
			index := project("src/schema/index.ts", "export * from './a'; export * from './gone'; export * from 'drizzle-zod';", `'./src/schema/index.ts'`, baseEntries...)
			return with(with(index, "src/schema/a.ts", "export * from './index';\nexport * from './b';"), "src/schema/b.ts", text)
		}
		expect(t, reviewed(t, tree(schema), tree(more)), changed)
	})

	const atlas = "data \"external_schema\" \"shop\" {\n  program = [\n    \"npx\",\n    \"drizzle-kit\",\n    \"export\",\n  ]\n}\n"
	base := func() fstest.MapFS { return project("src/schema.ts", schema, `'./src/schema.ts'`, baseEntries...) }
	head := func() fstest.MapFS {
		return project("src/schema.ts", more, `'./src/schema.ts'`, baseEntries...)
	}
	t.Run("Atlas makes the migrations", func(t *testing.T) {
		expect(t, reviewed(t, with(base(), "atlas.hcl", atlas), with(head(), "atlas.hcl", atlas)))
	})
	t.Run("Atlas reads the database alone", func(t *testing.T) {
		const own = "env \"local\" {\n  src = \"file://schema.sql\"\n}\n"
		expect(t, reviewed(t, with(base(), "atlas.hcl", own), with(head(), "atlas.hcl", own)), changed)
	})
	t.Run("the pull request brings Atlas", func(t *testing.T) {
		expect(t, reviewed(t, base(), with(head(), "atlas.hcl", atlas)), changed)
	})
}
