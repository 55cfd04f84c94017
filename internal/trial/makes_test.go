package trial

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// readTrial is a trial of migrations that nobody runs.
func readTrial(texts ...string) *trial {
	var all []*lint.Migration
	for i, sql := range texts {
		all = append(all, &lint.Migration{Path: fmt.Sprint(i, ".sql"), Name: fmt.Sprint(i), Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}})
	}
	s := &source.Source{Dir: "db", Tool: source.Plain, Head: all, History: &lint.History{New: all}}
	return &trial{Options: Options{Source: s, Server: &postgres.Server{}}, result: &Result{}}
}

func TestMakes(t *testing.T) {
	for _, test := range []struct {
		sql  string
		o    object
		want bool
	}{
		{"CREATE TABLE Crates (id int)", object{"relation", "", "crates"}, true},
		{`CREATE TABLE "Crates" (id int)`, object{"relation", "", "crates"}, false},
		{"CREATE TABLE depot.crates (id int)", object{"relation", "", "crates"}, true},
		{"CREATE TABLE depot.crates (id int)", object{"relation", "yard", "crates"}, false},
		{"CREATE TABLE crates (id int)", object{"relation", "yard", "crates"}, true},
		{"-- create table crates (id int)\nSELECT 1", object{"relation", "", "crates"}, false},
		{"COMMENT ON TABLE boxes IS 'create table crates'", object{"relation", "", "crates"}, false},
		{"CREATE INDEX CONCURRENTLY IF NOT EXISTS crates_size ON crates (size)", object{"relation", "", "crates_size"}, true},
		{"CREATE TABLE crates (id serial PRIMARY KEY)", object{"relation", "", "crates_pkey"}, true},
		{"CREATE TABLE crates (id serial PRIMARY KEY)", object{"relation", "", "crates_id_seq"}, true},
		{"CREATE TABLE crates (id int)", object{"type", "", "crates"}, true},
		{"CREATE DOMAIN weight AS int", object{"type", "", "weight"}, true},
		{"CREATE TABLE weight (id int)", object{"function", "", "weight"}, false},
		{"ALTER TABLE boxes RENAME TO crates", object{"relation", "", "crates"}, true},
		{"ALTER TABLE boxes RENAME COLUMN a TO crates", object{"relation", "", "crates"}, false},
		{"ALTER TABLE boxes SET SCHEMA yard", object{"relation", "yard", "boxes"}, true},
		{"CREATE TABLE boxes (crates int)", object{"relation", "", "crates"}, false},
		{"DO $$ BEGIN CREATE TABLE crates (id int); END $$", object{"relation", "", "crates"}, true},
		{"DO $$ BEGIN EXECUTE format('CREATE TABLE crates (LIKE %I)', 'boxes'); END $$", object{"relation", "", "crates"}, true},
		{"DO $$ BEGIN EXECUTE 'CREATE INDEX crates_size ON ' || quote_ident('crates') || ' (size)'; END $$", object{"relation", "", "crates_size"}, true},
		{"SELECT run('CREATE ROLE packer')", object{"role", "", "packer"}, true},
		{"CREATE ROLE packer", object{"role", "", "packer"}, true},
		{"CREATE SCHEMA yard", object{"schema", "", "yard"}, true},
		{"SET yard.mode = 'a'", object{"parameter", "", "yard.mode"}, false},
	} {
		if got := readTrial(test.sql).makes(test.o); got != test.want {
			t.Errorf("%s makes %v: %t", test.sql, test.o, got)
		}
	}
}

// TestFurnishingIsLinear names an extension's function in each of many migrations.
func TestFurnishingIsLinear(t *testing.T) {
	texts := make([]string, 2000)
	for i := range texts {
		texts[i] = fmt.Sprintf("CREATE TABLE t%d (id uuid DEFAULT uuid_generate_v4(), c citext); GRANT SELECT ON t%d TO reader%d;", i, i, i%5) + strings.Repeat("-- nothing to see\n", 50)
	}
	tr := readTrial(texts...)
	start := time.Now()
	f := tr.furnishingFor(object{kind: "role", name: "reader0"})
	if len(f.roles) != 5 || len(f.extensions) != 2 {
		t.Errorf("%+v", f)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}
