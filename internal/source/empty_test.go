package source

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestEveryToolHasSigns(t *testing.T) {
	for _, tool := range tools() {
		if s := signs[tool.name]; s.reads == "" || s.sign == "" {
			t.Errorf("%s has none", tool.name)
		}
	}
	if len(signs) != len(tools()) {
		t.Errorf("%d signs of %d tools", len(signs), len(tools()))
	}
}

func TestWhyEmpty(t *testing.T) {
	for _, test := range []struct {
		dir, key string
		tree     fstest.MapFS
		want     string
	}{
		{"db", "flyway", tree("db/01_a.sql", "db/02_b.sql"), "Flyway reads V1__name.sql, and there is none; there is 01_a.sql, 02_b.sql; tool: plain reads them"},
		{"db", "hasura", tree("db/V1__a.sql"), "Hasura reads 1700000000000_name/up.sql, and there is none; there is V1__a.sql; tool: flyway reads them"},
		{"db", "prisma", tree("db/a/migration.sql: "), ""},
		{"db", "prisma", tree("db/01_a.up.sql"), "Prisma reads name/migration.sql, and there is none; there is 01_a.up.sql; tool: golang-migrate reads them"},
		{"db", "diesel", tree("db/schema.rs: x", "db/b/c.sql"), "Diesel reads name/up.sql, and there is none; there is b/, schema.rs; SQL is in db/b"},
		{"db", "plain", tree("db/orders/x.sql", "db/people/y.sql"), "plain SQL reads files that end in .sql, in the folder or its directories of versions, and there is none; there is orders/, people/; SQL is in db/orders, db/people"},
		{"db/migrations/20260101000000_a", "prisma", tree("db/migrations/20260101000000_a/migration.sql", "db/migrations/migration_lock.toml: provider = \"postgresql\""),
			"Prisma reads name/migration.sql, and there is none; there is migration.sql; dir: db/migrations is the folder of Prisma that it belongs to"},
		{"prisma", "prisma", tree("prisma/migrations/20260101000000_a/migration.sql", "prisma/schema.prisma: x"), "Prisma reads name/migration.sql, and there is none; there is migrations/, schema.prisma; SQL is in prisma/migrations"},
		{"db", "goose", tree("db/.gitkeep: "), "goose reads 1_name.sql, and there is none; the folder is empty"},
		{"db", "tern", tree("db/V1__a.sql", "db/V2__b.sql", "db/V3__c.sql", "db/V4__d.sql", "db/README.md: x"), "tern reads 1_name.sql, and there is none; there is V1__a.sql, V2__b.sql, V3__c.sql, 2 other files; tool: flyway reads them"},
	} {
		folder := loadAt(t, test.tree, test.dir, test.key)
		if folder.IsEmpty() != (test.want != "") {
			t.Errorf("%s of %s: empty %v, %v", test.dir, test.key, folder.IsEmpty(), folder.Names())
		} else if test.want != "" && folder.WhyEmpty() != test.want {
			t.Errorf("%s\nwant\n%s", folder.WhyEmpty(), test.want)
		}
	}
}

// The directory that reports print names the folder that it is in.
func TestHolder(t *testing.T) {
	const text = "--! Previous: -\n--! Hash: sha1:0\n\nSELECT 1;\n"
	graphile := with(with(fstest.MapFS{}, "db/committed/000001.sql", text), "db/current.sql", "")
	sqitch := with(with(fstest.MapFS{}, "sqitch.plan", "%project=a\n\na 2026-01-01T00:00:00Z A <a@example.com> # a\n"), "deploy/a.sql", "SELECT 1;")
	for _, test := range []struct {
		tree           fstest.MapFS
		dir, key, want string
	}{
		{graphile, "db/committed", "graphile-migrate", "db graphile-migrate"},
		{graphile, "db/committed", "", "db graphile-migrate"},
		{graphile, "db/committed", "plain", "db/committed plain SQL"},
		{sqitch, "deploy", "", ". Sqitch"},
		{sqitch, "deploy", "sqitch", ". Sqitch"},
	} {
		folder := loadAt(t, test.tree, test.dir, test.key)
		if got := folder.Dir + " " + folder.Tool; got != test.want || len(folder.Names()) != 1 || strings.TrimSpace(folder.Names()[0]) == "" {
			t.Errorf("%s as %q: %s, %v; want %s", test.dir, test.key, got, folder.Names(), test.want)
		}
	}
}

func TestSign(t *testing.T) {
	for want, files := range map[string]fstest.MapFS{
		"its name": tree("db/migrations/1_a.sql", "db/migrations/2_b.sql"),
		"numbers in front of the names of its files": tree("db/changes/001_a.sql", "db/changes/002_b.sql", "db/changes/003_c.sql"),
		"names such as V1__name.sql":                 tree("db/V1__a.sql", "db/V2__b.sql"),
		"migration.sql in its directories":           tree("p/migrations/20260101000000_a/migration.sql", "p/migrations/migration_lock.toml"),
	} {
		found, err := Detect(files)
		if err != nil || len(found) != 1 || found[0].Sign() != want {
			t.Errorf("got %v, %v, want one known by %s", found, err, want)
		}
	}
	if f, err := At(tree("x/1_a.sql"), "x", "goose"); err != nil || f.Sign() != ".migvet.yml" {
		t.Errorf("got %s, %v", f.Sign(), err)
	}
}
