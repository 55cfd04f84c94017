package drizzlekit

import (
	"fmt"
	"strings"
)

// A Statement makes one object of a snapshot.
type Statement struct {
	SQL  string
	Kind string // "table", as PostgreSQL calls it
	Of   Name   // the relation that it makes, or makes a part of
	Name string // of the part; "" for the relation itself
}

// DDL returns the statements that make a snapshot, in an order that works for
// all but views of views. Nothing is built concurrently.
func (s *Snapshot) DDL() []Statement {
	var all []Statement
	add := func(kind string, of Name, name, format string, args ...any) {
		all = append(all, Statement{SQL: fmt.Sprintf(format, args...), Kind: kind, Of: of, Name: name})
	}
	for _, name := range s.Schemas {
		add("schema", Name{name, ""}, "", "CREATE SCHEMA IF NOT EXISTS %s", ident(name))
	}
	for _, name := range s.Roles {
		add("role", Name{"", name}, "", "DO $migvet$ BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $migvet$", ident(name))
	}
	for _, e := range s.Enums {
		add("type", e.Name, "", "CREATE TYPE %s AS ENUM (%s)", e.Name, list(e.Labels, literal))
	}
	for _, q := range s.Sequences {
		add("sequence", q.Name, "", "CREATE SEQUENCE %s%s", q.Name, q.options())
	}
	for _, t := range s.Tables {
		add("table", t.Name, "", "CREATE TABLE %s (%s)", t.Name, strings.Join(t.body(), ", "))
	}
	for _, t := range s.Tables {
		for _, x := range t.Indexes {
			add("index", t.Name, x.Name, "%s", x.create(t.Name))
		}
	}
	for _, t := range s.Tables {
		for _, f := range t.ForeignKeys {
			add("foreign key", t.Name, f.Name, "ALTER TABLE %s ADD %s", t.Name, f.definition())
		}
	}
	for _, v := range s.Views {
		add("view", v.Name, "", "%s", v.create())
	}
	for _, t := range s.Tables {
		if t.RowSecurity || len(t.Policies) > 0 {
			add("table", t.Name, "row security", "ALTER TABLE %s ENABLE ROW LEVEL SECURITY", t.Name)
		}
		for _, p := range t.Policies {
			add("policy", t.Name, p.Name, "%s", p.create(t.Name))
		}
	}
	return all
}

// body returns what stands between the parentheses of CREATE TABLE.
func (t *Table) body() []string {
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, c.definition())
	}
	for _, k := range t.Keys {
		lines = append(lines, k.definition())
	}
	for _, c := range t.Checks {
		lines = append(lines, fmt.Sprintf("CONSTRAINT %s CHECK (%s\n)", ident(c.Name), c.Expression))
	}
	return lines
}

func (c Column) definition() string {
	text := ident(c.Name) + " " + c.Type
	if c.Default != "" {
		text += " DEFAULT " + c.Default
	}
	if c.Generated != "" {
		text += " GENERATED ALWAYS AS (" + c.Generated + ") STORED"
	}
	if c.Identity != nil {
		text += " GENERATED " + either(c.Always, "ALWAYS", "BY DEFAULT") + " AS IDENTITY" +
			fmt.Sprintf(" (SEQUENCE NAME %s%s)", c.Identity.Name, c.Identity.options())
	}
	return text + either(c.NotNull && c.Identity == nil, " NOT NULL", "")
}

func (k Key) definition() string {
	text := either(k.Name != "", "CONSTRAINT "+ident(k.Name)+" ", "")
	text += either(k.Primary, "PRIMARY KEY", "UNIQUE") + either(k.NullsNotDistinct, " NULLS NOT DISTINCT", "")
	return text + " (" + list(k.Columns, ident) + ")"
}

func (f ForeignKey) definition() string {
	text := fmt.Sprintf("CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)", ident(f.Name), list(f.Columns, ident), f.To, list(f.ToColumns, ident))
	text += either(f.OnDelete != "", " ON DELETE "+f.OnDelete, "")
	return text + either(f.OnUpdate != "", " ON UPDATE "+f.OnUpdate, "")
}

func (x Index) create(table Name) string {
	text := fmt.Sprintf("CREATE %sINDEX %s ON %s", either(x.Unique, "UNIQUE ", ""), ident(x.Name), table)
	text += either(x.Method != "", " USING "+x.Method, "") + " (" + strings.Join(x.Columns, ", ") + ")"
	text += either(len(x.With) > 0, " WITH ("+strings.Join(x.With, ", ")+")", "")
	return text + either(x.Where != "", " WHERE "+x.Where, "")
}

func (v View) create() string {
	text := fmt.Sprintf("CREATE %sVIEW %s", either(v.Materialized, "MATERIALIZED ", ""), v.Name)
	text += either(v.Using != "", " USING "+ident(v.Using), "")
	text += either(len(v.With) > 0, " WITH ("+strings.Join(v.With, ", ")+")", "")
	text += either(v.Tablespace != "", " TABLESPACE "+ident(v.Tablespace), "")
	return text + " AS " + v.Definition + either(v.NoData, "\nWITH NO DATA", "")
}

func (p Policy) create(table Name) string {
	text := fmt.Sprintf("CREATE POLICY %s ON %s AS %s FOR %s TO %s", ident(p.Name), table, p.As, p.For, strings.Join(p.Roles, ", "))
	text += either(p.Using != "", " USING ("+p.Using+"\n)", "")
	return text + either(p.WithCheck != "", " WITH CHECK ("+p.WithCheck+"\n)", "")
}

func (q Sequence) options() string {
	var text string
	for _, o := range []struct{ word, value string }{
		{" INCREMENT BY ", q.Increment}, {" MINVALUE ", q.Min}, {" MAXVALUE ", q.Max}, {" START WITH ", q.Start}, {" CACHE ", q.Cache},
	} {
		text += either(o.value != "", o.word+o.value, "")
	}
	return text + either(q.Cycle, " CYCLE", "")
}

// String quotes the name.
func (n Name) String() string { return ident(n.Schema) + "." + ident(n.Name) }

func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func list(items []string, quote func(string) string) string {
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = quote(item)
	}
	return strings.Join(quoted, ", ")
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
