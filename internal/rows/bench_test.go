package rows

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkFill fills 60 tables: ten times the typical schema of six in testdata, CHECKs and all.
func BenchmarkFill(b *testing.B) {
	schema := readSchema(b, "testdata/saas.sql").sql
	for name, set := range sets {
		b.Run(name, func(b *testing.B) {
			d := newDatabase(b)
			for i := range 10 {
				d.load(b, fmt.Sprintf("CREATE SCHEMA s%d; SET search_path = s%[1]d; %s", i, schema))
			}
			for b.Loop() {
				if _, err := Fill(context.Background(), d.filler, Options{Set: set}); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				d.load(b, `DO $$ DECLARE t regclass; BEGIN
					FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND oid >= 16384 LOOP EXECUTE format('TRUNCATE %s CASCADE', t); END LOOP;
				END $$`)
				b.StartTimer()
			}
		})
	}
}
