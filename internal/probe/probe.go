package probe

import (
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// Kind is what a probe does.
type Kind string

const (
	Insert     Kind = "INSERT"
	InsertBare Kind = "INSERT without columns that have defaults" // as code does that knows nothing of them
	Update     Kind = "UPDATE"
	Delete     Kind = "DELETE"
	Select     Kind = "SELECT"
	Compile    Kind = "compile" // the body of a function
)

// A Probe is one thing to do as one role. Table is nil for a function and the other way
// round; Column is 0 unless one is updated.
type Probe struct {
	Kind     Kind
	Table    *Table
	Column   int
	Function *Function
	Query    string // of a function in PL/pgSQL, which is prepared
	Role     string // "" is PUBLIC: a role that has nothing but what all have
}

// isBeside reports whether both update columns of one table as one role.
func (p Probe) isBeside(other Probe) bool {
	return p.Kind == Update && other.Kind == Update && p.Table == other.Table && p.Role == other.Role
}

// A script is a probe as it is sent: what others have to do first, and the thing itself.
type script struct {
	setup []step
	sql   quote.SQL

	// prepared is set where the server is to understand sql, and not to run it.
	prepared bool
}

// A step is what a role does.
type step struct {
	role string
	sql  quote.SQL
}

// scripts are the ways to run the probe on a database that has a catalog; one that passes
// is enough. There are none when there is nothing to run: what it is about is gone, which
// rules on what is dropped tell.
func (p Probe) scripts(c *Catalog, r *Rows) []script {
	if p.Query != "" {
		return p.queryScripts(c)
	}
	if p.Function != nil {
		return scriptsOf(p.bodySQL(c))
	}
	now := c.follow(p.Table)
	if now == nil {
		return nil
	}
	switch p.Kind {
	case Select:
		return scriptsOf("SELECT pg_catalog.count(*) FROM " + now.qualified())
	case Delete:
		return scriptsOf(p.deleteSQL(now, r))
	case Update:
		return scriptsOf(p.updateSQL(now))
	}
	return p.insertScripts(c, now, r)
}

func scriptsOf(sql quote.SQL) []script {
	if sql == "" {
		return nil
	}
	return []script{{sql: sql}}
}

// insertScripts insert the spare row of the table beside the first one, and behind the
// spare rows of the tables that it refers to: one to one with them, it fits nowhere else.
func (p Probe) insertScripts(c *Catalog, now *Table, r *Rows) []script {
	if !r.Has(p.Table) {
		return nil
	}
	all := []script{{sql: p.insertSQL(now, r.besideFirst(p.Table))}}
	if len(p.Table.References) > 0 {
		all = append(all, script{setup: r.parents(c, p.Table, nil), sql: p.insertSQL(now, r.spares[p.Table.OID])})
	}
	return all
}

// written are the columns that the probe writes, under the names that they have now.
func (p Probe) written(now *Table) (was []Column, is []*Column) {
	for _, c := range p.Table.Columns {
		n := followColumn(now, p.Table, c)
		if c.Written && n != nil && n.Written && !(p.Kind == InsertBare && c.Default) {
			was, is = append(was, c), append(is, n)
		}
	}
	return was, is
}

func (p Probe) insertSQL(now *Table, values row) quote.SQL {
	was, is := p.written(now)
	if len(is) == 0 {
		return "INSERT INTO " + now.qualified() + " DEFAULT VALUES"
	}
	return "INSERT INTO " + now.qualified() + " (" + quote.List(is, func(c *Column) quote.SQL { return quote.Name(c.Name) }) + ") VALUES (" +
		quote.List(was, func(c Column) quote.SQL { return literal(values[c.Number]) }) + ")"
}

// literal is a value as drivers send it, without a type.
func literal(value *string) quote.SQL {
	if value == nil {
		return "NULL"
	}
	return quote.Text(*value)
}

func (p Probe) updateSQL(now *Table) quote.SQL {
	was, is := p.written(now)
	i := slices.IndexFunc(was, func(c Column) bool { return c.Number == p.Column })
	if i < 0 {
		return ""
	}
	name := quote.Name(is[i].Name)
	return "UPDATE " + now.qualified() + " SET " + name + " = " + name
}

// deleteSQL deletes the row that is kept for it.
func (p Probe) deleteSQL(now *Table, r *Rows) quote.SQL {
	if where := p.doomed(now, r); where != "" {
		return "DELETE FROM " + now.qualified() + where
	}
	return ""
}

// doomed says which row is kept to be deleted: " WHERE id = '7'"; "" when none is.
func (p Probe) doomed(now *Table, r *Rows) quote.SQL {
	values := r.doomed[p.Table.OID]
	if values == nil || len(p.Table.Key) == 0 {
		return ""
	}
	var conditions []quote.SQL
	for _, number := range p.Table.Key {
		c := p.Table.column(number)
		n := followColumn(now, p.Table, *c)
		if n == nil {
			return ""
		}
		conditions = append(conditions, quote.Name(n.Name)+" = "+literal(values[number]))
	}
	return " WHERE " + quote.Join(conditions, " AND ")
}

// rowsSQL counts the rows that an UPDATE or a DELETE is for; "" for others.
func (p Probe) rowsSQL(now *Table, r *Rows) quote.SQL {
	sql := "SELECT pg_catalog.count(*) FROM " + now.qualified()
	switch p.Kind {
	case Update:
		return sql
	case Delete:
		return sql + p.doomed(now, r)
	}
	return ""
}

// bodySQL makes a function anew as it is, which lets the server look into its body.
func (p Probe) bodySQL(c *Catalog) quote.SQL {
	now := c.followFunction(p.Function)
	if now == nil || now.Definition == "" {
		return ""
	}
	return definitionSQL(now.Definition)
}

// queryScripts prepare a query of a function that is what it was.
func (p Probe) queryScripts(c *Catalog) []script {
	now := c.followFunction(p.Function)
	if now == nil || now.Source != p.Function.Source {
		return nil
	}
	s := script{sql: querySQL(p.Query), prepared: true}
	if now.Path != "" {
		s.setup = []step{{now.Owner, "SELECT pg_catalog.set_config('search_path', " + quote.Text(now.Path) + ", true)"}}
	}
	return []script{s}
}

// querySQL makes SQL of a query that was cut out of a body.
func querySQL(text string) quote.SQL { return quote.SQL(text) }

// definitionSQL makes SQL of a function as the server's catalog writes it.
func definitionSQL(definition string) quote.SQL { return quote.SQL(definition) }
