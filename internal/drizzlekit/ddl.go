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

// raw is what the snapshot says as SQL.
func raw(text string) quote.SQL { return quote.SQL(text) }

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
		lines = append(lines, "CONSTRAINT "+quote.Name(c.Name)+" CHECK ("+raw(c.Expression)+"\n)")
	}
	return lines
}

func (c Column) definition() quote.SQL {
	text := quote.Name(c.Name) + " " + raw(c.Type)
	if c.Default != "" {
		text += " DEFAULT " + raw(c.Default)
	}
	if c.Generated != "" {
		text += " GENERATED ALWAYS AS (" + raw(c.Generated) + ") STORED"
	}
	if c.Identity != nil {
		text += " GENERATED " + either[quote.SQL](c.Always, "ALWAYS", "BY DEFAULT") + " AS IDENTITY (SEQUENCE NAME " + c.Identity.sql() + c.Identity.options() + ")"
	}
	return text + either[quote.SQL](c.NotNull && c.Identity == nil, " NOT NULL", "")
}

func (k Key) definition() quote.SQL {
	text := either(k.Name != "", "CONSTRAINT "+quote.Name(k.Name)+" ", "")
	text += either[quote.SQL](k.Primary, "PRIMARY KEY", "UNIQUE") + either[quote.SQL](k.NullsNotDistinct, " NULLS NOT DISTINCT", "")
	return text + " (" + quote.Names(k.Columns) + ")"
}

func (f ForeignKey) definition() quote.SQL {
	text := "CONSTRAINT " + quote.Name(f.Name) + " FOREIGN KEY (" + quote.Names(f.Columns) + ") REFERENCES " + f.To.sql() + " (" + quote.Names(f.ToColumns) + ")"
	text += either(f.OnDelete != "", " ON DELETE "+raw(f.OnDelete), "")
	return text + either(f.OnUpdate != "", " ON UPDATE "+raw(f.OnUpdate), "")
}

func (x Index) create(table Name) quote.SQL {
	text := "CREATE " + either[quote.SQL](x.Unique, "UNIQUE ", "") + "INDEX " + quote.Name(x.Name) + " ON " + table.sql()
	text += either(x.Method != "", " USING "+quote.Name(strings.ToLower(x.Method)), "") + " (" + quote.List(x.Columns, raw) + ")"
	text += either(len(x.With) > 0, " WITH ("+quote.List(x.With, raw)+")", "")
	return text + either(x.Where != "", " WHERE "+raw(x.Where), "")
}

func (v View) create() quote.SQL {
	text := "CREATE " + either[quote.SQL](v.Materialized, "MATERIALIZED ", "") + "VIEW " + v.sql()
	text += either(v.Using != "", " USING "+quote.Name(v.Using), "")
	text += either(len(v.With) > 0, " WITH ("+quote.List(v.With, raw)+")", "")
	text += either(v.Tablespace != "", " TABLESPACE "+quote.Name(v.Tablespace), "")
	return text + " AS " + raw(v.Definition) + either[quote.SQL](v.NoData, "\nWITH NO DATA", "")
}

func (p Policy) create(table Name) quote.SQL {
	text := "CREATE POLICY " + quote.Name(p.Name) + " ON " + table.sql() + " AS " + raw(p.As) + " FOR " + raw(p.For) + " TO " + quote.List(p.Roles, raw)
	text += either(p.Using != "", " USING ("+raw(p.Using)+"\n)", "")
	return text + either(p.WithCheck != "", " WITH CHECK ("+raw(p.WithCheck)+"\n)", "")
}

func (q Sequence) options() quote.SQL {
	var text quote.SQL
	for _, o := range []struct {
		word  quote.SQL
		value string
	}{
		{" INCREMENT BY ", q.Increment}, {" MINVALUE ", q.Min}, {" MAXVALUE ", q.Max}, {" START WITH ", q.Start}, {" CACHE ", q.Cache},
	} {
		text += either(o.value != "", o.word+raw(o.value), "")
	}
	return text + either[quote.SQL](q.Cycle, " CYCLE", "")
}

// String quotes the name.
func (n Name) String() string { return string(n.sql()) }

func (n Name) sql() quote.SQL { return quote.Name(n.Schema) + "." + quote.Name(n.Name) }

func ident(name string) string { return string(quote.Name(name)) }

func either[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}
