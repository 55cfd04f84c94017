package rows

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestFillHostile fills schemas made to stall it. Their tables are given up, the one beside them is filled.
func TestFillHostile(t *testing.T) {
	for name, schema := range map[string]string{
		"sleeping check": `CREATE TABLE bad (id int PRIMARY KEY CHECK (pg_sleep(100) IS NULL))`,
		"endless check": `CREATE FUNCTION spin() RETURNS bool LANGUAGE plpgsql AS 'BEGIN LOOP END LOOP; END';
			CREATE TABLE bad (id int PRIMARY KEY, CHECK (spin()))`,
		"check that lifts the limit": `CREATE FUNCTION lift() RETURNS bool LANGUAGE plpgsql AS
			'BEGIN PERFORM set_config(''statement_timeout'', ''0'', false); PERFORM pg_sleep(0.2); RETURN false; END';
			CREATE TABLE bad (id int PRIMARY KEY, CHECK (lift()))`,
		"check that is never true":     `CREATE TABLE bad (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, c text, CHECK (a > b AND a < b AND c IS NULL))`,
		"failing check":                `CREATE TABLE bad (id int PRIMARY KEY CHECK (1 / (id - id) > 0))`,
		"check on rows":                `CREATE TABLE bad (id int PRIMARY KEY); CREATE FUNCTION f(bad) RETURNS bool LANGUAGE sql AS 'SELECT false'; ALTER TABLE bad ADD CHECK (f(bad.*))`,
		"endless index":                `CREATE FUNCTION spin(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN LOOP END LOOP; END'; CREATE TABLE bad (id int); CREATE UNIQUE INDEX ON bad (spin(id))`,
		"sleeping generated column":    `CREATE FUNCTION nap(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM pg_sleep(9); RETURN 1; END'; CREATE TABLE bad (id int, n int GENERATED ALWAYS AS (nap(id)) STORED)`,
		"pattern too big":              `CREATE TABLE bad (id int PRIMARY KEY, note text NOT NULL CHECK (note ~ '^(a|a)*b{1000}c{0}$' AND length(note) = 3))`,
		"no value of an empty enum":    `CREATE TYPE nothing AS ENUM (); CREATE TABLE bad (id int PRIMARY KEY, n nothing NOT NULL)`,
		"reference to unfilled parent": `CREATE TABLE worse (id int PRIMARY KEY CHECK (id IS NULL)); CREATE TABLE bad (id int PRIMARY KEY REFERENCES worse)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t)
			d.load(t, schema+"; CREATE TABLE good (id int PRIMARY KEY, name text)")
			start := time.Now()
			filled := d.fill(t, Options{Set: Adversarial})
			if took := time.Since(start); took > fillTime {
				t.Errorf("took %v", took)
			}
			if f := filled["public.bad"]; f.Err == nil || f.Rows != 0 {
				t.Errorf("bad: %+v", f)
			} else {
				t.Logf("%v: %v", time.Since(start).Round(time.Millisecond), f.Err)
			}
			if f := filled["public.good"]; f.Err != nil || f.Rows != defaultRows {
				t.Errorf("good: %+v", f)
			}
		})
	}
}

func TestFillWideTable(t *testing.T) {
	d := newDatabase(t)
	var columns []string
	for i := range 1500 {
		columns = append(columns, fmt.Sprintf("c%d int", i))
	}
	d.load(t, "CREATE TABLE wide ("+strings.Join(columns, ", ")+")")
	if f := d.fill(t, Options{Set: Adversarial})["public.wide"]; f.Err != nil || f.Rows != defaultRows+10 {
		t.Errorf("%+v", f)
	}
}

func TestFillManyTables(t *testing.T) {
	d := newDatabase(t)
	const many = 1500
	d.load(t, fmt.Sprintf(`DO $$ BEGIN FOR i IN 1..%d LOOP
		EXECUTE format('CREATE TABLE t%%s (id int, parent int, CHECK (id > 0))', i); END LOOP; END $$`, many))
	filled := d.fill(t, Options{})
	for name, f := range filled {
		if f.Err != nil {
			t.Fatalf("%s: %+v", name, f)
		}
	}
	if len(filled) != many {
		t.Errorf("%d tables", len(filled))
	}
}

func TestFillStopsWithItsContext(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `CREATE TABLE slow (id int PRIMARY KEY CHECK (pg_sleep(100) IS NULL))`)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := Fill(ctx, d.filler, Options{}); err == nil {
		t.Error("no error")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
