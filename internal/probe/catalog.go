package probe

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
)

//go:embed catalog.sql
var catalogSQL quote.SQL

// A Catalog is what probes know of a database at one moment.
type Catalog struct {
	Tables     []*Table    `json:"tables"`
	Functions  []*Function `json:"functions"`
	Superusers []string    `json:"superusers"`
	Unbound    []string    `json:"unbound"` // roles that no policy binds

	tables    map[uint32]*Table
	functions map[uint32]*Function
}

// A Table is a table or a view, without partitions: rows go through their parents.
type Table struct {
	OID         uint32      `json:"oid"`
	Schema      string      `json:"schema"`
	Name        string      `json:"name"`
	Quoted      string      `json:"quoted"` // as format('%I.%I') writes it
	Kind        string      `json:"kind"`   // as in pg_class.relkind: r, p or v
	Owner       string      `json:"owner"`
	RowSecurity bool        `json:"rowSecurity"`
	Forced      bool        `json:"forced"`   // row security binds the owner, too
	Grantees    []string    `json:"grantees"` // "" is PUBLIC
	Columns     []Column    `json:"columns"`
	Key         []int       `json:"key"` // the columns of the primary key, by number
	References  []Reference `json:"references"`
	Triggers    []Trigger   `json:"triggers"`
	Policies    []Policy    `json:"policies"`
	Reads       []uint32    `json:"reads"` // of a view: relations and functions, by oid
}

// A Column is one that is not dropped. Written is false where only the server writes it:
// generated columns, and identities that are ALWAYS.
type Column struct {
	Number  int    `json:"number"`
	Name    string `json:"name"`
	Written bool   `json:"written"`
	Default bool   `json:"default"`
}

// A Reference is a foreign key.
type Reference struct {
	Table   uint32 `json:"table"`
	Columns []int  `json:"columns"`
	Keys    []int  `json:"keys"` // the columns that they refer to

	parent *Table
}

// A Trigger fires in sessions of applications. KeepsRows is set where what it returns
// decides whether the row is written.
type Trigger struct {
	Name      string `json:"name"`
	Function  uint32 `json:"function"`
	KeepsRows bool   `json:"keepsRows"`
	Columns   []int  `json:"columns"` // of UPDATE OF, by number
}

// A Policy is one of row security.
type Policy struct {
	Name string   `json:"name"`
	Uses []uint32 `json:"uses"` // functions and other tables, by oid
}

// A Function is one in SQL or PL/pgSQL. Definition is empty unless it is in SQL, between
// quotes.
type Function struct {
	OID        uint32   `json:"oid"`
	Schema     string   `json:"schema"`
	Name       string   `json:"name"`
	Signature  string   `json:"signature"` // "total(order_id bigint)"
	Owner      string   `json:"owner"`
	Language   string   `json:"language"`  // "sql", "plpgsql"
	Arguments  []string `json:"arguments"` // their names, those of results as well
	Path       string   `json:"path"`      // the search_path that it sets; "" for none
	Source     string   `json:"source"`
	Definition string   `json:"definition"`
}

// ReadCatalog reads it in a session whose search path is pg_catalog alone.
func ReadCatalog(ctx context.Context, conn *pgx.Conn) (*Catalog, error) {
	var text string
	if err := conn.QueryRow(ctx, catalogSQL.ForServer(), pgx.QueryExecModeExec).Scan(&text); err != nil {
		return nil, fmt.Errorf("read the catalog for probes: %w", err)
	}
	c := &Catalog{}
	if err := json.Unmarshal([]byte(text), c); err != nil {
		return nil, fmt.Errorf("read the catalog for probes: %w", err)
	}
	c.link()
	return c, nil
}

// link makes what is looked up by oid.
func (c *Catalog) link() {
	c.tables, c.functions = map[uint32]*Table{}, map[uint32]*Function{}
	for _, t := range c.Tables {
		c.tables[t.OID] = t
	}
	for _, f := range c.Functions {
		c.functions[f.OID] = f
	}
	for _, t := range c.Tables {
		for i := range t.References {
			t.References[i].parent = c.table(t.References[i].Table)
		}
	}
}

func (t *Table) qualified() quote.SQL { return quote.Name(t.Schema) + "." + quote.Name(t.Name) }

// Display writes schema and name; the schema public goes without saying.
func (t *Table) Display() string { return display(t.Schema, t.Name) }

func display(schema, name string) string {
	if schema == "public" {
		return name
	}
	return schema + "." + name
}

func (t *Table) column(number int) *Column {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Number == number })
	if i < 0 {
		return nil
	}
	return &t.Columns[i]
}

func (c *Catalog) table(oid uint32) *Table { return c.tables[oid] }

func (c *Catalog) function(oid uint32) *Function { return c.functions[oid] }

func findIn[T any](all []*T, is func(*T) bool) *T {
	i := slices.IndexFunc(all, is)
	if i < 0 {
		return nil
	}
	return all[i]
}

// follow finds a table of another moment here: what has its name now, as running code
// means it, or else itself under another one.
func (c *Catalog) follow(t *Table) *Table {
	named := findIn(c.Tables, func(n *Table) bool { return n.Schema == t.Schema && n.Name == t.Name })
	if named != nil {
		return named
	}
	return c.table(t.OID)
}

// followColumn is the same for a column of t; now is what t is followed to.
func followColumn(now, t *Table, c Column) *Column {
	if i := slices.IndexFunc(now.Columns, func(n Column) bool { return n.Name == c.Name }); i >= 0 {
		return &now.Columns[i]
	}
	if now.OID != t.OID {
		return nil
	}
	return now.column(c.Number)
}

// followFunction finds a function of another moment here.
func (c *Catalog) followFunction(f *Function) *Function {
	if same := c.function(f.OID); same != nil {
		return same
	}
	return findIn(c.Functions, func(n *Function) bool { return n.Schema == f.Schema && n.Signature == f.Signature })
}
