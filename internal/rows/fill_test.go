package rows

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

var sets = map[string]Set{"benign": Benign, "adversarial": Adversarial}

// TestFill fills every schema in testdata with both sets and asks PostgreSQL whether its constraints hold.
func TestFill(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no schemas", err)
	}
	onVersions(t, func(t *testing.T, version string) {
		for _, file := range files {
			for name, set := range sets {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".sql")+"/"+name, func(t *testing.T) {
					t.Parallel()
					testFillFile(t, version, readSchema(t, file), set)
				})
			}
		}
	})
}

func testFillFile(t *testing.T, version string, schema schemaFile, set Set) {
	d := newDatabaseOn(t, version)
	if d.major < schema.since {
		return
	}
	d.load(t, schema.sql)
	for name, f := range d.fill(t, Options{Set: set}) {
		if f.Err != nil {
			t.Errorf("%s: %d rows: %v", name, f.Rows, f.Err)
		}
	}
	d.checkConstraints(t)
	d.checkColumns(t, set, schema)
}

// A schemaFile may begin with directives: the first version that knows its syntax, and the columns for which a
// set's promise cannot be kept.
//
//	-- since 15
//	-- except adversarial nulls: public.t.c public.t.d
type schemaFile struct {
	sql    string
	since  int
	except map[string]bool // "adversarial nulls public.t.c"
}

func readSchema(t testing.TB, file string) schemaFile {
	t.Helper()
	sql, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := schemaFile{sql: string(sql), except: map[string]bool{}}
	for line := range strings.Lines(s.sql) {
		fmt.Sscanf(line, "-- since %d", &s.since)
		if list, ok := strings.CutPrefix(line, "-- except "); ok {
			what, columns, _ := strings.Cut(list, ": ")
			for _, c := range strings.Fields(columns) {
				s.except[what+" "+c] = true
			}
		}
	}
	return s
}

// checkConstraints adds every constraint a second time, as the owner: PostgreSQL reads all rows to validate it.
func (d *database) checkConstraints(t *testing.T) {
	t.Helper()
	// For functions called by a CHECK.
	if _, err := d.owner.Exec(context.Background(), "SET search_path = public, app"); err != nil {
		t.Fatal(err)
	}
	for _, sql := range d.texts(t, `
		SELECT format('ALTER TABLE %s ADD %s', conrelid::regclass, replace(pg_get_constraintdef(oid), ' NOT VALID', ''))
		FROM pg_constraint
		WHERE contype IN ('c', 'f', 'u', 'x') AND conrelid >= 16384 AND coninhcount = 0 AND conparentid = 0 ORDER BY oid`) {
		if _, err := d.owner.Exec(context.Background(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// checkColumns asks of every column that nothing binds what the set promises.
func (d *database) checkColumns(t *testing.T, set Set, schema schemaFile) {
	t.Helper()
	name := "benign"
	if set == Adversarial {
		name = "adversarial"
	}
	for _, c := range d.freeColumns(t) {
		var total, filled, different int
		sql := fmt.Sprintf("SELECT pg_catalog.count(*), pg_catalog.count(%[1]s), pg_catalog.count(DISTINCT %[1]s::text) FROM ONLY %[2]s", c.quoted, c.table)
		if err := d.superuser.QueryRow(context.Background(), sql).Scan(&total, &filled, &different); err != nil {
			t.Fatal(sql, err)
		}
		hasNulls, hasDuplicates := filled < total, different < filled
		wantNulls := set == Adversarial && c.nullable
		wantDuplicates := set == Adversarial && !c.protected
		if hasNulls != wantNulls && !schema.except[name+" nulls "+c.name] {
			t.Errorf("%s nulls: %s has %d of %d", name, c.name, total-filled, total)
		}
		if c.few && set == Benign {
			continue
		}
		if hasDuplicates != wantDuplicates && !schema.except[name+" duplicates "+c.name] {
			t.Errorf("%s duplicates: %s has %d different values in %d", name, c.name, different, filled)
		}
	}
}

type freeColumn struct {
	table, quoted, name      string
	nullable, protected, few bool
}

// freeColumns lists the columns that no CHECK reads, nothing generates and no partition key binds.
func (d *database) freeColumns(t *testing.T) []freeColumn {
	t.Helper()
	rows, err := d.owner.Query(context.Background(), `
		SELECT format('%I.%I', n.nspname, c.relname), quote_ident(a.attname), a.attrelid::regclass || '.' || a.attname,
		       NOT a.attnotnull AND NOT t.typnotnull AND NOT EXISTS (
		         SELECT FROM pg_constraint k WHERE k.confrelid = a.attrelid AND a.attnum = ANY (k.confkey)),
		       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND (i.indisunique OR i.indisexclusion)
		         AND i.indnkeyatts = 1 AND i.indpred IS NULL
		         AND (i.indkey[0] = a.attnum OR i.indkey[0] = 0 AND EXISTS (SELECT FROM pg_depend d
		              WHERE d.objid = i.indexrelid AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum))),
		       t.typtype IN ('e', 'c', 'm', 'd') OR t.typname IN ('bool', '_mood')
		         OR EXISTS (SELECT FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum AND pg_get_expr(f.adbin, f.adrelid) LIKE '''%')
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
		WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND a.attnum > 0 AND NOT a.attisdropped
		  AND a.attgenerated = '' AND NOT c.relispartition
		  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
		ORDER BY 1, a.attnum`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c freeColumn, err error) {
		return c, r.Scan(&c.table, &c.quoted, &c.name, &c.nullable, &c.protected, &c.few)
	})
	if err != nil {
		t.Fatal(err)
	}
	return columns
}

func (d *database) texts(t testing.TB, sql string) []string {
	t.Helper()
	rows, err := d.owner.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func (d *database) fill(t testing.TB, o Options) map[string]Filled {
	t.Helper()
	filled, err := Fill(context.Background(), d.filler, o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(filled, func(a, b Filled) int { return strings.Compare(a.Table, b.Table) }) {
		t.Errorf("not sorted by name: %v", filled)
	}
	byTable := map[string]Filled{}
	for _, f := range filled {
		byTable[f.Table] = f
	}
	return byTable
}
