package source

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestDrizzleScripts(t *testing.T) {
	const read = "import { readMigrationFiles } from 'drizzle-orm/migrator';\nconst all = readMigrationFiles({ migrationsFolder: 'drizzle' });\n"
	for _, test := range []struct {
		name, file, text string
		kit              string // script of package.json
		want             string
	}{
		{"migrate()", "src/migrate.ts", `import { migrate } from "drizzle-orm/node-postgres/migrator"`, "", ""},
		{"neon-http", "src/migrate.ts", `import { migrate } from "drizzle-orm/neon-http/migrator"`, "", InNone},
		{"neon-http in a comment", "src/migrate.ts", `// import { migrate } from "drizzle-orm/neon-http/migrator"`, "", ""},
		{"neon-http in a test", "test/migrate.ts", `import { migrate } from "drizzle-orm/neon-http/migrator"`, "", ""},
		{"neon-http and drizzle-kit", "src/migrate.ts", `import { migrate } from "drizzle-orm/neon-http/migrator"`, "drizzle-kit migrate", ""},
		{"each", "scripts/migrate.mjs", read + "for (const m of all) {\n  await sql.begin(async (tx) => { for (const s of m.sql) await tx.unsafe(s); });\n}", "", InFile},
		{"each that is pending", "scripts/migrate.ts", read + "const pending = all.filter((m) => !done.has(m.hash));\nfor (const m of pending) { await db.transaction(async (tx) => {}) }", "", InFile},
		{"each, by words", "scripts/migrate.ts", read + "for (const m of all) { await client.query('BEGIN'); await client.query('COMMIT'); }", "", InFile},
		{"each, in a function", "scripts/migrate.ts", read + "async function apply(m) { await sql.begin(async (tx) => {}) }\nfor (const m of all) { await apply(m); }", "", InFile},
		{"all", "scripts/migrate.ts", read + "await sql.begin(async (tx) => { for (const m of all) { await tx.unsafe(m.sql.join()); } })", "", ""},
		{"none", "scripts/migrate.ts", read + "for (const m of all) { for (const s of m.sql) await client.query(s); }", "", InNone},
		{"no loop", "scripts/migrate.ts", read + "console.log(all.length)", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			tree := drizzleTree(baseEntries...)
			tree[test.file] = &fstest.MapFile{Data: []byte(test.text)}
			tree["package.json"] = &fstest.MapFile{Data: []byte(`{"scripts": {"migrate": "` + test.kit + `"}}`)}
			folder, err := Load(tree, Found{Dir: "drizzle", Tool: Drizzle})
			if err != nil {
				t.Fatal(err)
			}
			s := Review(nil, folder, ReviewOptions{})
			if folder.Habits.Transaction != test.want {
				t.Errorf("transaction: %q, want %q (%s)", folder.Habits.Transaction, test.want, s.Assumed)
			}
			if test.want != "" && !(strings.Contains(s.Assumed, test.file+" runs it with ") && strings.Contains(s.Assumed, "transaction: "+test.want)) {
				t.Errorf("it is not said: %q", s.Assumed)
			}
		})
	}
}
