package lint

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A Schema is a part of a database's catalog at one moment: the relations
// somebody asked about and those that foreign keys connect them to.
type Schema struct {
	Tables     []*Table
	SearchPath []string // for names without a schema
}

// Find returns a relation by name, "" as schema meaning the search path; nil
// when it is not there.
func (s *Schema) Find(schema, name string) *Table {
	if s == nil {
		return nil
	}
	for _, in := range s.searched(schema) {
		for _, t := range s.Tables {
			if t.Schema == in && t.Name == name {
				return t
			}
		}
	}
	return nil
}

// Table returns a table by its full name, as [Table.QName] writes it; nil when
// there is none.
func (s *Schema) Table(qname string) *Table {
	if s == nil {
		return nil
	}
	i := slices.IndexFunc(s.Tables, func(t *Table) bool { return t.QName() == qname })
	if i < 0 {
		return nil
	}
	return s.Tables[i]
}

func (s *Schema) searched(schema string) []string {
	if schema != "" {
		return []string{schema}
	}
	return s.SearchPath
}

// References returns the foreign keys of other tables (and its own) that point
// at t.
func (s *Schema) References(t *Table) []Reference {
	var refs []Reference
	for _, from := range s.Tables {
		for i, c := range from.Constraints {
			if c.Kind == ForeignKey && c.RefTable == t.QName() {
				refs = append(refs, Reference{from, &from.Constraints[i]})
			}
		}
	}
	return refs
}

// A Reference is a foreign key together with the table that has it.
type Reference struct {
	From *Table
	Key  *Constraint
}

// RelationKind is what pg_class.relkind tells, in words.
type RelationKind string

const (
	OrdinaryTable    RelationKind = "table"
	PartitionedTable RelationKind = "partitioned table"
	View             RelationKind = "view"
	MaterializedView RelationKind = "materialized view"
	ForeignTable     RelationKind = "foreign table"
)

// A Table is a relation with columns.
type Table struct {
	Schema, Name string
	Kind         RelationKind
	Partition    bool // of another table
	New          bool // made by the migrations under review
	Rows         int64
	Columns      []Column
	Constraints  []Constraint
	Indexes      []Index

	// Folded marks a table that nobody asked a server for: it is what the SQL of
	// the history says. Rows, and the definitions of types, constraints and
	// indexes are then unknown.
	Folded bool

	// Partial is true for a folded table that may have more columns, constraints and
	// indexes than are here: it is older than the history, or LIKE, INHERITS or a query
	// made it.
	Partial bool

	// UpdateTriggers are the row-level BEFORE UPDATE triggers that fire; of folded tables
	// none are known.
	UpdateTriggers []UpdateTrigger

	// Of folded tables only.
	RowSecurity bool
	Policies    int
	Triggers    int
	Emptied     bool // TRUNCATE or DELETE took all rows, and nothing put any back
}

// An UpdateTrigger is what runs before a row is updated.
type UpdateTrigger struct {
	Function  string   // "public.posts_touch"
	Source    string   // its body; the name of one in C
	Arguments []string // that the trigger gives it
	Columns   []string // of UPDATE OF; none means any
	When      string   // its condition; "" for none
}

// QName returns "schema.name", unquoted: the name under which effects and
// constraints refer to a relation.
func (t *Table) QName() string { return t.Schema + "." + t.Name }

// Column returns a column by name, nil when there is none.
func (t *Table) Column(name string) *Column {
	if t == nil {
		return nil
	}
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &t.Columns[i]
}

// Constraint returns a constraint by name, nil when there is none.
func (t *Table) Constraint(name string) *Constraint {
	if t == nil {
		return nil
	}
	i := slices.IndexFunc(t.Constraints, func(c Constraint) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &t.Constraints[i]
}

// Index returns an index by name, nil when there is none.
func (t *Table) Index(name string) *Index {
	if t == nil {
		return nil
	}
	i := slices.IndexFunc(t.Indexes, func(ix Index) bool { return ix.Name == name })
	if i < 0 {
		return nil
	}
	return &t.Indexes[i]
}

// PrimaryKey returns the columns of the primary key; nil when there is none.
func (t *Table) PrimaryKey() []string {
	if t == nil {
		return nil
	}
	for _, c := range t.Constraints {
		if c.Kind == PrimaryKey {
			return c.Columns
		}
	}
	return nil
}

// A Column is a column of a relation.
type Column struct {
	Name      string
	Type      string // with modifiers, as format_type prints it: "character varying(20)"
	Base      string // the same with domains resolved
	Domain    bool   // the type is a domain
	Checked   bool   // the domain has constraints of its own
	NotNull   bool   // also by its domain
	Default   string // as pg_get_expr prints what is stored; "" when there is none
	Identity  bool
	Generated bool
	Virtual   bool     // generated when it is read: no row has it
	Labels    []string // of an enum, in order

	// Of folded tables only.
	Written     *pg.TypeName // the type, as the statement has it; nil when not known
	DefaultExpr *pg.Node     // its DEFAULT; nil when there is none
	Serial      bool         // its type stands for an integer with a sequence
	Unknown     bool         // the statement that made it is not in the history
}

// IsFilled reports whether an INSERT that leaves the column out gets a value.
func (c *Column) IsFilled() bool {
	return c != nil && (c.Default != "" || c.DefaultExpr != nil || c.Identity || c.Generated || c.Serial)
}

// IsSequence reports whether an INSERT that leaves the column out takes its value
// from a sequence: a serial or identity column, or DEFAULT nextval('orders_id_seq').
func (c *Column) IsSequence() bool {
	if c == nil {
		return false
	}
	call := c.DefaultExpr.GetFuncCall().GetFuncname()
	return c.Identity || c.Serial || strings.HasPrefix(c.Default, "nextval(") || facts.LastWord(call) == "nextval"
}

// ConstraintKind is pg_constraint.contype in words.
type ConstraintKind string

const (
	PrimaryKey ConstraintKind = "primary key"
	Unique     ConstraintKind = "unique"
	Check      ConstraintKind = "check"
	ForeignKey ConstraintKind = "foreign key"
	Exclusion  ConstraintKind = "exclusion"
	NotNullC   ConstraintKind = "not null" // a row of its own since PostgreSQL 18
)

// IsUnique reports whether a constraint of the kind keeps duplicates out by equality.
func (k ConstraintKind) IsUnique() bool { return k == PrimaryKey || k == Unique }

// Action is what a foreign key does to the referencing rows.
type Action string

const (
	NoAction   Action = "NO ACTION"
	Restrict   Action = "RESTRICT"
	CascadeTo  Action = "CASCADE"
	SetNull    Action = "SET NULL"
	SetDefault Action = "SET DEFAULT"
)

// A Constraint is a constraint of a table.
type Constraint struct {
	Name       string
	Kind       ConstraintKind
	Columns    []string
	Definition string // as pg_get_constraintdef prints it
	Valid      bool   // not NOT VALID

	// Of foreign keys.
	RefTable   string // "schema.name"
	RefColumns []string
	OnDelete   Action
	OnUpdate   Action
	SetColumns []string // SET NULL (a, b); nil means all Columns

	// Of folded tables.
	references  *Object
	proven      []string // columns that a CHECK keeps from being NULL
	onlyNotNull bool     // it says nothing else
	notEnforced bool
	deferrable  bool
}

// IsDeferrable reports whether a check of the constraint can be put off to the end of
// the transaction.
func (c *Constraint) IsDeferrable() bool {
	return c.deferrable || strings.Contains(c.Definition, " DEFERRABLE") && !strings.Contains(c.Definition, "NOT DEFERRABLE")
}

// IsEnforced reports whether PostgreSQL asks the constraint of any row: it does not
// where it is NOT ENFORCED, and then no ON DELETE happens either.
func (c *Constraint) IsEnforced() bool {
	return !c.notEnforced && !strings.HasSuffix(c.Definition, "NOT ENFORCED")
}

// ProvesNotNull reports whether a validated CHECK keeps a column from being NULL,
// which lets SET NOT NULL skip its scan: CHECK (email IS NOT NULL AND email <> ”)
// does, as far as it is read from SQL.
func (c *Constraint) ProvesNotNull(column string) bool {
	return c.Valid && c.Kind == Check && (slices.Contains(c.proven, column) || c.SaysNotNull(column))
}

// SaysNotNull reports whether a CHECK says that a column is not NULL, and nothing
// else.
func (c *Constraint) SaysNotNull(column string) bool {
	if c.Kind != Check || c.Definition == "" {
		return c.Kind == Check && c.onlyNotNull && slices.Contains(c.proven, column)
	}
	text := strings.Join(strings.Fields(strings.NewReplacer("(", " ", ")", " ", `"`, "").Replace(c.Definition)), " ")
	return strings.EqualFold(text, "CHECK "+column+" IS NOT NULL")
}

// An Index is an index of a table.
type Index struct {
	Name       string
	Columns    []string // "" for an expression
	Unique     bool
	Valid      bool
	Partial    bool
	Definition string

	Statement *pg.IndexStmt // that made it, with the names that columns had then; nil when a server told of it, or a constraint brought it
}
