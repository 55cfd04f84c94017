package rows

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// BenchmarkFill fills 60 tables: of the kind that object-relational mappers make, and ten times the schema of six in
// testdata/saas.sql, which has 14 CHECKs and keys that share columns.
func BenchmarkFill(b *testing.B) {
	checked := readSchema(b, "testdata/saas.sql").sql
	for schema, create := range map[string]func(i int) string{
		"typical": typicalTable,
		"checked": func(i int) string {
			if i%6 != 0 {
				return ""
			}
			return fmt.Sprintf("CREATE SCHEMA s%d; SET search_path = s%[1]d; %s", i, checked)
		},
	} {
		for name, set := range sets {
			b.Run(schema+"/"+name, func(b *testing.B) { benchmarkFill(b, create, set) })
		}
	}
}

func benchmarkFill(b *testing.B, create func(i int) string, set Set) {
	d := newDatabase(b)
	for i := range 60 {
		d.load(b, create(i))
	}
	for b.Loop() {
		filled, err := Fill(context.Background(), d.filler, Options{Set: set})
		if err != nil || len(filled) != 60 {
			b.Fatal(err, len(filled))
		}
		b.StopTimer()
		d.load(b, `DO $$ BEGIN EXECUTE 'TRUNCATE ' || (SELECT string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relkind = 'r' AND oid >= 16384); END $$`)
		b.StartTimer()
	}
}

// typicalTable has a dozen columns, two foreign keys, an enum and, in every fifth table, a CHECK.
func typicalTable(i int) string {
	var sql strings.Builder
	if i == 0 {
		sql.WriteString("CREATE TYPE status AS ENUM ('draft', 'active', 'archived');")
	}
	fmt.Fprintf(&sql, `CREATE TABLE t%d (
		id uuid PRIMARY KEY DEFAULT gen_random_uuid(), owner_id uuid NOT NULL REFERENCES t%d, parent_id uuid REFERENCES t%d,
		slug varchar(100) NOT NULL UNIQUE, name text NOT NULL, description text, status status NOT NULL DEFAULT 'draft',
		settings jsonb NOT NULL DEFAULT '{}', position integer NOT NULL DEFAULT 0, price numeric(12,2), archived boolean NOT NULL DEFAULT false,
		created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz, UNIQUE (owner_id, position)`, i, i/2, max(0, i-1))
	if i%5 == 0 {
		sql.WriteString(", kind text NOT NULL DEFAULT 'a' CHECK (kind IN ('a', 'b', 'c')), CHECK (price >= 0)")
	}
	fmt.Fprintf(&sql, "); CREATE INDEX ON t%d (owner_id); CREATE INDEX ON t%[1]d (created_at);", i)
	return sql.String()
}
