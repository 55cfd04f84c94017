package source

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// TestUntilSpellings holds each tool's versions to the ways in which people write them.
func TestUntilSpellings(t *testing.T) {
	const plan = "%project=shop\n\n" +
		"people 2026-01-01T00:00:00Z A <a@example.com> # a\n" +
		"orders 2026-01-02T00:00:00Z A <a@example.com> # b\n" +
		"@v1 2026-01-02T00:00:00Z A <a@example.com> # c\n\n" +
		"refunds 2026-01-03T00:00:00Z A <a@example.com> # d\n"
	for name, test := range map[string]struct {
		tree  fstest.MapFS
		want  string // the newest of the base
		ways  string
		wrong string // ways to write none of them, or two
	}{
		"Flyway": {
			tree("db/V1__a.sql", "db/V1_1__b.sql", "db/sub/V1_2__c.sql", "db/V1_10__d.sql"), "V1_1__b",
			"V1_1 1_1 1.1 V1.1 v1.1 01.1 1.1.0 V1_1__b V1_1__b.sql db/V1_1__b.sql v1_1__B.sql", "1.3 V1_3 V V1_1__ 11 b",
		},
		"Flyway, whole numbers": {tree("db/V0018__a.sql", "db/V0019__b.sql"), "V0018__a", "V0018 18 018 V18 0018 18.0", "1 8 V018x"},
		"golang-migrate":        {tree("db/0001_a.up.sql", "db/0002_b.up.sql", "db/0002_b.down.sql", "db/0003_c.up.sql"), "0002_b", "2 0002 02 0002_b 0002_b.up 0002_b.up.sql db/0002_b.up.sql", "0002_b.down.sql 4 b"},
		"plain, with numbers in the name": {
			tree("migrations/0006_x.sql", "migrations/0007_10_tables.sql", "migrations/0008_y.sql"), "0007_10_tables", "7 0007 0007_10 7_10 0007_10_tables", "10 0",
		},
		"plain, dates": {tree("migrations/2026-01-01_a.sql", "migrations/2026-01-02_b.sql"), "2026-01-01_a", "2026-01-01 2026-01-01_a.sql", "2026-01-03"},
		"Drizzle": {drizzleTree(entry{"20260101000000_a", 1000, "SELECT 1"}, entry{"20260102000000_b", 2000, "SELECT 1"}, entry{"20260103000000_c", 3000, "SELECT 1"}),
			"20260102000000_b", "1 20260102000000 20260102000000_b drizzle/20260102000000_b.sql", "3 2026"},
		"Prisma": {
			tree("db/migrations/20260101000000_a/migration.sql", "db/migrations/20260102000000_b/migration.sql", "db/migrations/migration_lock.toml: provider = \"postgresql\""), "20260101000000_a",
			"20260101000000 20260101000000_a 20260101000000_a/ 20260101000000_a/migration.sql migrations/20260101000000_a db/migrations/20260101000000_a/migration.sql ./db/migrations/20260101000000_a /home/me/repo/db/migrations/20260101000000_a/migration.sql",
			"migration.sql migrations db/migrations 20260101",
		},
		"Diesel": {
			tree("migrations/2026-01-01-000000_a/up.sql", "migrations/2026-01-02-000000_b/up.sql", "migrations/2026-01-02-000000_b/down.sql", "diesel.toml: "), "2026-01-01-000000_a",
			"2026-01-01-000000 20260101000000 2026-01-01-000000_a 2026-01-01-000000_a/up.sql", "up.sql",
		},
		"Sqitch": {
			with(with(with(with(fstest.MapFS{}, "sqitch.plan", plan), "deploy/people.sql", "SELECT 1;"), "deploy/orders.sql", "SELECT 1;"), "deploy/refunds.sql", "SELECT 1;"), "orders",
			"orders orders.sql deploy/orders.sql @v1 orders@v1", "@v2 deploy",
		},
		"Liquibase": {
			tree("db/changelog.xml: <databaseChangeLog><include file=\"db/a.sql\"/></databaseChangeLog>",
				"db/a.sql: --liquibase formatted sql\n--changeset ann:people\nSELECT 1;\n--changeset bob:orders\nSELECT 1;\n--changeset bob:refunds\nSELECT 1;\n"), "bob:orders",
			"bob:orders orders orders::bob db/a.sql::orders::bob", "bob changeset",
		},
		"Hasura": {tree("migrations/1700000000000_a/up.sql", "migrations/1700000000001_b/up.sql"), "1700000000000_a", "1700000000000 1700000000000_a migrations/1700000000000_a/up.sql", "up.sql 17"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := load(t, test.tree)
			for way := range strings.FieldsSeq(test.ways) {
				until, err := folder.Until(way)
				if err != nil {
					t.Error(err)
				} else if all := until.Names(); all[len(all)-1] != test.want {
					t.Errorf("until %s: %v", way, all)
				}
			}
			for way := range strings.FieldsSeq(test.wrong) {
				if until, err := folder.Until(way); err == nil {
					t.Errorf("until %s: %v", way, until.Names())
				}
			}
		})
	}
}

// Of two that one name means, nobody can know which is meant.
func TestUntilAmbiguous(t *testing.T) {
	folder := load(t, tree("db/migrations/20260101000000_a/migration.sql", "db/migrations/20260102000000_b/migration.sql"))
	_, err := folder.Until("migration.sql")
	if err == nil || errors.Is(err, ErrNoMigration) || !strings.Contains(err.Error(), "20260101000000_a and 20260102000000_b") {
		t.Error(err)
	}
}

func TestVersions(t *testing.T) {
	for want, files := range map[string][]string{
		"V1_10__d, 1_10 or 1.10": {"db/V1_1__a.sql", "db/V1_10__d.sql"},
		"0002_b, 0002 or 2":      {"db/0001_a.up.sql", "db/0002_b.up.sql"},
		"20260102_b or 20260102": {"migrations/20260101_a.sql", "migrations/20260102_b.sql"},
		"people":                 {"migrations/people.sql"},
	} {
		if got := load(t, tree(files...)).Versions(); got != want {
			t.Errorf("%v: %s, want %s", files, got, want)
		}
	}
}
