package drizzlekit

import (
	"strings"

	"github.com/migvet/migvet/internal/quote"
)

// A Statement makes one object of a snapshot. Names in it are quoted; defaults,
// checks, definitions and the like are SQL of whoever wrote the snapshot, and may
// try to be more than one statement: send it alone, by the extended protocol, as
// somebody who may run the migrations.
type Statement struct {
	SQL  quote.SQL
	Kind string // "table", as PostgreSQL calls it
	Of   Name   // the relation that it makes, or makes a part of
	Name string // of the part; "" for the relation itself
}

// snapshotSQL is what the snapshot says as SQL.
func snapshotSQL(text string) quote.SQL { return quote.SQL(text) }

// DDL returns the statements that make a snapshot, in an order that works for
// all but views of views. Nothing is built concurrently.
func (s *Snapshot) DDL() []Statement {
	var all []Statement
	add := func(kind string, of Name, name string, sql quote.SQL) {
		all = append(all, Statement{SQL: sql, Kind: kind, Of: of, Name: name})
	}
	for _, name := range s.Schemas {
		add("schema", Name{name, ""}, "", "CREATE SCHEMA IF NOT EXISTS "+quote.Name(name))
	}
	for _, name := range s.Roles {
		add("role", Name{"", name}, name, "CREATE ROLE "+quote.Name(name))
	}
	for _, e := range s.Enums {
		add("type", e.Name, "", "CREATE TYPE "+e.sql()+" AS ENUM ("+quote.List(e.Labels, quote.Text)+")")
	}
	for _, q := range s.Sequences {
		add("sequence", q.Name, "", "CREATE SEQUENCE "+q.sql()+q.options())
	}
	for _, t := range s.Tables {
		add("table", t.Name, "", "CREATE TABLE "+t.sql()+" ("+quote.Join(t.body(), ", ")+")")
	}
	for _, t := range s.Tables {
		for _, x := range t.Indexes {
			add("index", t.Name, x.Name, x.create(t.Name))
		}
	}
	for _, t := range s.Tables {
		for _, f := range t.ForeignKeys {
			add("foreign key", t.Name, f.Name, "ALTER TABLE "+t.sql()+" ADD "+f.definition())
		}
	}
	for _, v := range s.Views {
		add("view", v.Name, "", v.create())
	}
	for _, t := range s.Tables {
		if t.RowSecurity || len(t.Policies) > 0 {
			add("table", t.Name, "row security", "ALTER TABLE "+t.sql()+" ENABLE ROW LEVEL SECURITY")
		}
		for _, p := range t.Policies {
			add("policy", t.Name, p.Name, p.create(t.Name))
		}
	}
	return all
}

// body returns what stands between the parentheses of CREATE TABLE.
func (t *Table) body() []quote.SQL {
	var lines []quote.SQL
	for _, c := range t.Columns {
		lines = append(lines, c.definition())
	}
	for _, k := range t.Keys {
		lines = append(lines, k.definition())
	}
	for _, c := range t.Checks {
		lines = append(lines, "CONSTRAINT "+quote.Name(c.Name)+" CHECK ("+snapshotSQL(c.Expression)+"\n)")
	}
	return lines
}

func (c Column) definition() quote.SQL {
	text := quote.Name(c.Name) + " " + snapshotSQL(c.Type)
	if c.Default != "" {
		text += " DEFAULT " + snapshotSQL(c.Default)
	}
	if c.Generated != "" {
		text += " GENERATED ALWAYS AS (" + snapshotSQL(c.Generated) + ") STORED"
	}
	if c.Identity != nil {
		text += " GENERATED " + chooseIf[quote.SQL](c.Always, "ALWAYS", "BY DEFAULT") + " AS IDENTITY (SEQUENCE NAME " + c.Identity.sql() + c.Identity.options() + ")"
	}
	return text + chooseIf[quote.SQL](c.NotNull && c.Identity == nil, " NOT NULL", "")
}

func (k Key) definition() quote.SQL {
	text := chooseIf(k.Name != "", "CONSTRAINT "+quote.Name(k.Name)+" ", "")
	text += chooseIf[quote.SQL](k.Primary, "PRIMARY KEY", "UNIQUE") + chooseIf[quote.SQL](k.NullsNotDistinct, " NULLS NOT DISTINCT", "")
	return text + " (" + quote.Names(k.Columns) + ")"
}

func (f ForeignKey) definition() quote.SQL {
	text := "CONSTRAINT " + quote.Name(f.Name) + " FOREIGN KEY (" + quote.Names(f.Columns) + ") REFERENCES " + f.To.sql() + " (" + quote.Names(f.ToColumns) + ")"
	text += chooseIf(f.OnDelete != "", " ON DELETE "+snapshotSQL(f.OnDelete), "")
	return text + chooseIf(f.OnUpdate != "", " ON UPDATE "+snapshotSQL(f.OnUpdate), "")
}

func (x Index) create(table Name) quote.SQL {
	text := "CREATE " + chooseIf[quote.SQL](x.Unique, "UNIQUE ", "") + "INDEX " + quote.Name(x.Name) + " ON " + table.sql()
	text += chooseIf(x.Method != "", " USING "+quote.Name(strings.ToLower(x.Method)), "") + " (" + quote.List(x.Columns, snapshotSQL) + ")"
	text += chooseIf(len(x.With) > 0, " WITH ("+quote.List(x.With, snapshotSQL)+")", "")
	return text + chooseIf(x.Where != "", " WHERE "+snapshotSQL(x.Where), "")
}

func (v View) create() quote.SQL {
	text := "CREATE " + chooseIf[quote.SQL](v.Materialized, "MATERIALIZED ", "") + "VIEW " + v.sql()
	text += chooseIf(v.Using != "", " USING "+quote.Name(v.Using), "")
	text += chooseIf(len(v.With) > 0, " WITH ("+quote.List(v.With, snapshotSQL)+")", "")
	text += chooseIf(v.Tablespace != "", " TABLESPACE "+quote.Name(v.Tablespace), "")
	return text + " AS " + snapshotSQL(v.Definition) + chooseIf[quote.SQL](v.NoData, "\nWITH NO DATA", "")
}

func (p Policy) create(table Name) quote.SQL {
	text := "CREATE POLICY " + quote.Name(p.Name) + " ON " + table.sql() + " AS " + snapshotSQL(p.As) + " FOR " + snapshotSQL(p.For) + " TO " + quote.List(p.Roles, snapshotSQL)
	text += chooseIf(p.Using != "", " USING ("+snapshotSQL(p.Using)+"\n)", "")
	return text + chooseIf(p.WithCheck != "", " WITH CHECK ("+snapshotSQL(p.WithCheck)+"\n)", "")
}

func (q Sequence) options() quote.SQL {
	var text quote.SQL
	for _, o := range []struct {
		word  quote.SQL
		value string
	}{
		{" INCREMENT BY ", q.Increment}, {" MINVALUE ", q.Min}, {" MAXVALUE ", q.Max}, {" START WITH ", q.Start}, {" CACHE ", q.Cache},
	} {
		text += chooseIf(o.value != "", o.word+snapshotSQL(o.value), "")
	}
	return text + chooseIf[quote.SQL](q.Cycle, " CYCLE", "")
}

// String quotes the name.
func (n Name) String() string { return string(n.sql()) }

func (n Name) sql() quote.SQL { return quote.Name(n.Schema) + "." + quote.Name(n.Name) }

func quotedName(name string) string { return string(quote.Name(name)) }

func chooseIf[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}
