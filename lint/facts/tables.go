package facts

import (
	"cmp"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// IsTemporary reports whether a statement says that a relation is a temporary one.
func IsTemporary(r *pg.RangeVar) bool {
	return r.GetRelpersistence() == "t" || r.GetSchemaname() == TemporarySchema
}

// TemporarySchema is the schema of temporary relations, by the name each session has
// for its own.
const TemporarySchema = "pg_temp"

// createTable reads a table with its columns, constraints, their indexes and
// their sequences.
func (r *reader) createTable(s *pg.CreateStmt, kind Kind) {
	if s.GetRelation() == nil {
		return
	}
	table := Named(kind, s.Relation)
	r.add(Fact{Verb: Made, Maybe: s.IfNotExists, Name: table, Tree: s})
	defer r.along(len(r.facts))
	for _, parent := range s.InhRelations {
		to := Named(Table, parent.GetRangeVar())
		r.add(Fact{Verb: Attached, Name: table, To: &to, Tree: s})
		if s.Partbound != nil {
			r.add(Fact{Verb: Locked, Name: to, Tree: s})
		}
	}
	for _, element := range s.TableElts {
		if def := element.GetColumnDef(); def != nil {
			r.column(table, def, false)
		}
	}
	for _, element := range s.TableElts {
		r.constraint(table, element.GetConstraint(), nil)
		r.columnConstraints(table, element.GetColumnDef())
	}
}

// along marks the facts from an index on as going with what is made before them.
func (r *reader) along(first int) {
	for i := first; i < len(r.facts); i++ {
		r.facts[i].Along = true
	}
}

// column reads a column without its constraints.
func (r *reader) column(table Name, def *pg.ColumnDef, maybe bool) {
	r.add(Fact{Verb: Made, Maybe: maybe, Name: table.Part(Column, def.Colname), Tree: def})
	if IsSerial(def.TypeName) || ColumnConstraint(def, pg.ConstrType_CONSTR_IDENTITY) != nil {
		sequence := Name{Kind: Sequence, Schema: table.Schema, Name: DeriveName(table.Name, def.Colname, "seq")}
		column := table.Part(Column, def.Colname)
		r.add(Fact{Verb: Made | Attached, Derived: true, Name: sequence, To: &column, Tree: def})
	}
}

// IsSerial reports whether a type is one of the serial types, which stand for an
// integer that is NOT NULL and has a sequence as its default.
// https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL
func IsSerial(t *pg.TypeName) bool {
	if len(t.GetNames()) != 1 {
		return false
	}
	switch t.Names[0].GetString_().GetSval() {
	case "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8":
		return true
	}
	return false
}

// ColumnConstraint returns a column's own constraint of a type; nil when it has
// none.
func ColumnConstraint(def *pg.ColumnDef, t pg.ConstrType) *pg.Constraint {
	for _, n := range def.GetConstraints() {
		if c := n.GetConstraint(); c != nil && c.Contype == t {
			return c
		}
	}
	return nil
}

func (r *reader) columnConstraints(table Name, def *pg.ColumnDef) {
	for _, n := range def.GetConstraints() {
		r.constraint(table, n.GetConstraint(), []string{def.Colname})
	}
}

// constraint reads a constraint with the index that holds it, if one does.
// What the parser takes for one but the catalog does not is left out: DEFAULT,
// NULL, GENERATED.
func (r *reader) constraint(table Name, c *pg.Constraint, columns []string) {
	if columns == nil {
		columns = constrainedColumns(c)
	}
	name := cmp.Or(c.GetConname(), c.GetIndexname())
	if name == "" {
		name = constraintName(table.Name, c, columns, "")
	}
	if name == "" {
		return
	}
	f := Fact{Verb: Made, Derived: c.Conname == "" && c.Indexname == "", Name: table.Part(Constraint, name), Tree: &TableConstraint{Constraint: c, Columns: columns}}
	if c.Pktable != nil {
		to := Named(Table, c.Pktable)
		f.To = &to
	}
	switch {
	case c.Indexname == name:
	case c.Indexname != "":
		index, called := Name{Kind: Index, Schema: table.Schema, Name: c.Indexname}, Name{Kind: Index, Schema: table.Schema, Name: name}
		r.add(Fact{Verb: Renamed, Name: index, To: &called, Tree: c})
	case isIndexed(c):
		r.add(Fact{Verb: Made, Derived: f.Derived, Name: Name{Kind: Index, Schema: table.Schema, Name: name}, To: &table, Tree: f.Tree})
	}
	r.add(f)
}

// isIndexed reports whether a constraint makes an index of its own.
func isIndexed(c *pg.Constraint) bool {
	switch c.Contype {
	case pg.ConstrType_CONSTR_PRIMARY, pg.ConstrType_CONSTR_UNIQUE, pg.ConstrType_CONSTR_EXCLUSION:
		return true
	}
	return false
}

// constrainedColumns returns the columns of a constraint that stands by itself.
func constrainedColumns(c *pg.Constraint) []string {
	switch c.GetContype() {
	case pg.ConstrType_CONSTR_FOREIGN:
		return Words(c.FkAttrs)
	case pg.ConstrType_CONSTR_CHECK:
		return columnsNamed(c.RawExpr)
	case pg.ConstrType_CONSTR_EXCLUSION:
		var columns []string
		for _, n := range c.Exclusions {
			for _, item := range n.GetList().GetItems() {
				if e := item.GetIndexElem(); e != nil {
					columns = append(columns, e.Name)
				}
			}
		}
		return columns
	}
	return Words(c.GetKeys())
}

func (r *reader) createIndex(s *pg.IndexStmt) {
	table := Named(Table, s.Relation)
	name, derived := s.Idxname, s.Idxname == ""
	if derived {
		name = indexName(table.Name, s, "")
	}
	r.add(Fact{Verb: Made, Maybe: s.IfNotExists, Derived: derived, Name: Name{Kind: Index, Schema: table.Schema, Name: name}, To: &table, Tree: s})
}

// alterTable reads the actions of ALTER TABLE, in their order.
func (r *reader) alterTable(s *pg.AlterTableStmt) {
	table := Named(alteredKind(s.Objtype), s.Relation)
	locks := false
	for _, n := range s.Cmds {
		c := n.GetAlterTableCmd()
		if c == nil {
			continue
		}
		r.action(table, c)
		locks = locks || !LocksWeakly(c)
	}
	if locks && (table.Kind == Table || table.Kind == ForeignTable) && !IsTemporary(s.Relation) {
		r.add(Fact{Verb: Locked, Name: table, Tree: s})
	}
}

func alteredKind(t pg.ObjectType) Kind {
	if kind := Kinds[t]; kind != "" {
		return kind
	}
	return Table
}

func (r *reader) action(table Name, c *pg.AlterTableCmd) {
	switch c.Subtype {
	case pg.AlterTableType_AT_AddColumn:
		if def := c.GetDef().GetColumnDef(); def != nil {
			first := len(r.facts) + 1
			r.column(table, def, c.MissingOk)
			r.columnConstraints(table, def)
			r.along(first)
		}
	case pg.AlterTableType_AT_AddConstraint:
		r.constraint(table, c.GetDef().GetConstraint(), nil)
	case pg.AlterTableType_AT_DropColumn:
		r.add(Fact{Verb: Dropped, Maybe: c.MissingOk, Name: table.Part(Column, c.Name), Tree: c})
	case pg.AlterTableType_AT_DropConstraint:
		r.add(Fact{Verb: Dropped, Maybe: c.MissingOk, Name: table.Part(Constraint, c.Name), Tree: c})
	case pg.AlterTableType_AT_ValidateConstraint, pg.AlterTableType_AT_AlterConstraint:
		r.add(Fact{Verb: Changed, Name: table.Part(Constraint, constraintOf(c)), Tree: c})
	case pg.AlterTableType_AT_AttachPartition, pg.AlterTableType_AT_DetachPartition:
		r.partition(table, c)
	case pg.AlterTableType_AT_AddInherit, pg.AlterTableType_AT_DropInherit:
		r.inheritance(table, c)
	default:
		r.change(table, c)
	}
}

// change reads an action that changes a column, where it names one, or the
// table.
func (r *reader) change(table Name, c *pg.AlterTableCmd) {
	name := table
	if changesColumn(c.Subtype) {
		name = table.Part(Column, c.Name)
	}
	r.add(Fact{Verb: Changed, Name: name, Tree: c})
	if c.Subtype == pg.AlterTableType_AT_AddIdentity {
		sequence := Name{Kind: Sequence, Schema: table.Schema, Name: DeriveName(table.Name, c.Name, "seq")}
		r.add(Fact{Verb: Made | Attached, Derived: true, Name: sequence, To: &name, Tree: c})
	}
}

func changesColumn(t pg.AlterTableType) bool {
	switch t {
	case pg.AlterTableType_AT_ColumnDefault, pg.AlterTableType_AT_CookedColumnDefault, pg.AlterTableType_AT_DropNotNull, pg.AlterTableType_AT_SetNotNull,
		pg.AlterTableType_AT_DropExpression, pg.AlterTableType_AT_SetStatistics, pg.AlterTableType_AT_SetOptions, pg.AlterTableType_AT_ResetOptions,
		pg.AlterTableType_AT_SetStorage, pg.AlterTableType_AT_SetCompression, pg.AlterTableType_AT_AlterColumnType, pg.AlterTableType_AT_AlterColumnGenericOptions,
		pg.AlterTableType_AT_AddIdentity, pg.AlterTableType_AT_SetIdentity, pg.AlterTableType_AT_DropIdentity, AlterSetExpression:
		return true
	}
	return false
}

// constraintOf names the constraint of VALIDATE and ALTER CONSTRAINT.
func constraintOf(c *pg.AlterTableCmd) string {
	if name := c.GetDef().GetConstraint().GetConname(); name != "" {
		return name
	}
	return c.Name
}

func (r *reader) partition(parent Name, c *pg.AlterTableCmd) {
	verb := Attached
	if c.Subtype == pg.AlterTableType_AT_DetachPartition {
		verb = Detached
	}
	kind := Table
	if parent.Kind == Index {
		kind = Index
	}
	r.add(Fact{Verb: verb, Name: Named(kind, c.GetDef().GetPartitionCmd().GetName()), To: &parent, Tree: c})
}

func (r *reader) inheritance(table Name, c *pg.AlterTableCmd) {
	verb := Attached
	if c.Subtype == pg.AlterTableType_AT_DropInherit {
		verb = Detached
	}
	parent := Named(Table, c.GetDef().GetRangeVar())
	r.add(Fact{Verb: verb, Name: table, To: &parent, Tree: c})
}

// LocksWeakly reports whether an action of ALTER TABLE needs at most SHARE UPDATE
// EXCLUSIVE on the table it is for.
// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
func LocksWeakly(c *pg.AlterTableCmd) bool {
	switch c.Subtype {
	case pg.AlterTableType_AT_ValidateConstraint, pg.AlterTableType_AT_SetStatistics,
		pg.AlterTableType_AT_SetOptions, pg.AlterTableType_AT_ResetOptions,
		pg.AlterTableType_AT_SetRelOptions, pg.AlterTableType_AT_ResetRelOptions,
		pg.AlterTableType_AT_ClusterOn, pg.AlterTableType_AT_DropCluster, pg.AlterTableType_AT_AttachPartition:
		return true
	}
	return c.GetDef().GetPartitionCmd().GetConcurrent()
}
