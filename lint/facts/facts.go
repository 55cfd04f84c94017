package facts

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// A Verb is what a statement does to an object. Verbs are bits, so that one
// can ask for several: Made|Dropped.
type Verb uint32

const (
	Made      Verb = 1 << iota // CREATE, ADD COLUMN, ADD CONSTRAINT
	Changed                    // ALTER COLUMN …, VALIDATE CONSTRAINT, ENABLE ROW LEVEL SECURITY, ADD VALUE
	Dropped                    // DROP, DROP COLUMN, DROP CONSTRAINT
	Renamed                    // RENAME; To is the new name
	Moved                      // SET SCHEMA; To is the new name
	Attached                   // PARTITION OF, ATTACH PARTITION, INHERIT; OWNED BY of a sequence; To is the parent
	Detached                   // DETACH PARTITION, NO INHERIT, OWNED BY NONE
	Filled                     // INSERT, COPY … FROM, MERGE, REFRESH MATERIALIZED VIEW
	Updated                    // UPDATE
	Deleted                    // DELETE with a condition
	Emptied                    // TRUNCATE, DELETE of all rows
	Locked                     // in SHARE ROW EXCLUSIVE mode or a stronger one
	Granted                    // GRANT, REVOKE; ALTER DEFAULT PRIVILEGES, whose fact has no name
	Commented                  // COMMENT ON
	Set                        // SET, RESET, set_config
	Analysed                   // ANALYZE, VACUUM
	Queried                    // SELECT; the fact has no name
	Ran                        // DO, CALL; the fact has no name
	Copied                     // INSERT … SELECT, CREATE TABLE AS, UPDATE … FROM, MERGE: from Name; To is where the rows or values go
	Controls                   // BEGIN, COMMIT, ROLLBACK; the fact has no name
	Rebuilt                    // REINDEX, CLUSTER, VACUUM FULL
	Published                  // CREATE PUBLICATION … FOR TABLE, ALTER PUBLICATION … ADD, SET or DROP TABLE; To is the publication
)

// Querying is what queries do. WITH can put an UPDATE into each of them, so who
// looks for one looks at all.
const Querying = Filled | Updated | Deleted | Emptied | Queried

// A Fact is one thing that a statement does to one object, as its text says
// it. ALTER TABLE tasks ADD COLUMN owner_id int REFERENCES people makes the
// column tasks.owner_id and the constraint tasks_owner_id_fkey, and locks tasks.
type Fact struct {
	Verb    Verb
	Maybe   bool // IF [NOT] EXISTS, OR REPLACE
	Derived bool // PostgreSQL chooses the name, and takes another when it is taken
	Along   bool // made with what is Made before it: not when IF NOT EXISTS finds that
	Name    Name

	// To is the new name of what is renamed or moved, what a foreign key points
	// at, the table of an index, the parent of what is attached; nil for nothing.
	To *Name

	// Tree is the part of the parse tree that says it: *pg.ColumnDef,
	// *TableConstraint, *pg.AlterTableCmd, *pg.IndexStmt, or the whole statement.
	Tree any
}

// Cascades reports whether a fact that drops something says CASCADE.
func (f *Fact) Cascades() bool {
	switch tree := f.Tree.(type) {
	case *pg.DropStmt:
		return tree.Behavior == pg.DropBehavior_DROP_CASCADE
	case *pg.AlterTableCmd:
		return tree.Behavior == pg.DropBehavior_DROP_CASCADE
	}
	return false
}

// A TableConstraint is a constraint with the columns it is over, wherever it
// stands: behind a column or by itself.
type TableConstraint struct {
	*pg.Constraint
	Columns []string

	// NotEnforced is set of one that PostgreSQL never asks, which no tree tells:
	// https://www.postgresql.org/docs/18/sql-createtable.html#SQL-CREATETABLE-PARMS-ENFORCED
	NotEnforced bool
}

// Verbs returns what facts do, all together.
func Verbs(facts []Fact) Verb {
	var verbs Verb
	for i := range facts {
		verbs |= facts[i].Verb
	}
	return verbs
}

// Read returns the facts of one statement, in the order in which PostgreSQL
// brings them about; nil for a statement that has none, or no tree.
func Read(node *pg.Node) []Fact {
	r := reader{facts: make([]Fact, 0, likelyFacts(node))}
	r.statement(node)
	if len(r.facts) == 0 {
		return nil
	}
	return r.facts
}

// likelyFacts is how many facts a statement has that is as most are.
func likelyFacts(node *pg.Node) int {
	switch n := node.GetNode().(type) {
	case nil:
		return 0
	case *pg.Node_CreateStmt:
		return 2 + 3*len(n.CreateStmt.TableElts)/2
	case *pg.Node_AlterTableStmt:
		return 1 + 2*len(n.AlterTableStmt.Cmds)
	}
	return 2
}

// A reader collects the facts of a statement.
type reader struct{ facts []Fact }

func (r *reader) add(f Fact) { r.facts = append(r.facts, f) }

// statement reads statements by what they are most often about.
func (r *reader) statement(node *pg.Node) {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateStmt:
		r.createTable(n.CreateStmt, Table)
	case *pg.Node_CreateForeignTableStmt:
		r.createTable(n.CreateForeignTableStmt.GetBaseStmt(), ForeignTable)
	case *pg.Node_AlterTableStmt:
		r.alterTable(n.AlterTableStmt)
	case *pg.Node_IndexStmt:
		r.createIndex(n.IndexStmt)
	case *pg.Node_DropStmt:
		r.drop(n.DropStmt)
	case *pg.Node_RenameStmt:
		r.rename(n.RenameStmt)
	case *pg.Node_AlterObjectSchemaStmt:
		r.move(n.AlterObjectSchemaStmt)
	default:
		if !r.rows(node) && !r.session(node) && !r.rights(node) {
			r.create(node)
		}
	}
}

// rows reads what is done to the rows of tables.
func (r *reader) rows(node *pg.Node) bool {
	switch n := node.GetNode().(type) {
	case *pg.Node_InsertStmt:
		r.add(Fact{Verb: Filled, Name: Named(Table, n.InsertStmt.Relation), Tree: n.InsertStmt})
		r.copied(n.InsertStmt.WithClause, n.InsertStmt.SelectStmt, n.InsertStmt.Relation)
		r.copiedAlong(n.InsertStmt.WithClause)
	case *pg.Node_CopyStmt:
		r.copy(n.CopyStmt)
	case *pg.Node_MergeStmt:
		r.add(Fact{Verb: Filled | Updated, Name: Named(Table, n.MergeStmt.Relation), Tree: n.MergeStmt})
		r.merged(node, n.MergeStmt.WithClause, n.MergeStmt.Relation, []*pg.Node{n.MergeStmt.SourceRelation})
	case *pg.Node_UpdateStmt:
		r.add(Fact{Verb: Updated, Name: Named(Table, n.UpdateStmt.Relation), Tree: n.UpdateStmt})
		r.merged(node, n.UpdateStmt.WithClause, n.UpdateStmt.Relation, slices.Concat(n.UpdateStmt.FromClause, n.UpdateStmt.TargetList))
		r.copiedAlong(n.UpdateStmt.WithClause)
	case *pg.Node_DeleteStmt:
		r.delete(n.DeleteStmt)
	case *pg.Node_TruncateStmt:
		for _, o := range n.TruncateStmt.Relations {
			r.add(Fact{Verb: Emptied | Locked, Name: Named(Table, o.GetRangeVar()), Tree: n.TruncateStmt})
		}
	case *pg.Node_RefreshMatViewStmt:
		r.add(Fact{Verb: Filled, Name: Named(MaterializedView, n.RefreshMatViewStmt.Relation), Tree: n.RefreshMatViewStmt})
	case *pg.Node_SelectStmt:
		r.query(n.SelectStmt)
	default:
		return false
	}
	return true
}

func (r *reader) copy(s *pg.CopyStmt) {
	if s.IsFrom {
		r.add(Fact{Verb: Filled, Name: Named(Table, s.Relation), Tree: s})
		return
	}
	r.add(Fact{Verb: Queried, Tree: s})
}

func (r *reader) delete(s *pg.DeleteStmt) {
	verb := Deleted
	if s.WhereClause == nil && len(s.UsingClause) == 0 {
		verb = Emptied
	}
	r.add(Fact{Verb: verb, Name: Named(Table, s.Relation), Tree: s})
	r.copiedAlong(s.WithClause)
}

func (r *reader) query(s *pg.SelectStmt) {
	if into := s.GetIntoClause().GetRel(); into != nil {
		r.add(Fact{Verb: Made | Filled, Name: Named(Table, into), Tree: s})
		r.copied(nil, &pg.Node{Node: &pg.Node_SelectStmt{SelectStmt: s}}, into)
		return
	}
	r.add(Fact{Verb: Queried, Tree: s})
	r.copiedAlong(s.WithClause)
	r.configs(s)
}

// session reads what a session is told, and what code it runs.
func (r *reader) session(node *pg.Node) bool {
	switch n := node.GetNode().(type) {
	case *pg.Node_VariableSetStmt:
		r.set(n.VariableSetStmt)
	case *pg.Node_TransactionStmt:
		r.add(Fact{Verb: Controls, Tree: n.TransactionStmt})
	case *pg.Node_DoStmt:
		r.add(Fact{Verb: Ran, Tree: n.DoStmt})
	case *pg.Node_CallStmt:
		r.add(Fact{Verb: Ran, Tree: n.CallStmt})
	case *pg.Node_LockStmt:
		r.lock(n.LockStmt)
	case *pg.Node_VacuumStmt:
		r.vacuum(n.VacuumStmt)
	case *pg.Node_ReindexStmt:
		r.reindex(n.ReindexStmt)
	case *pg.Node_ClusterStmt:
		r.rebuilt(n.ClusterStmt.Relation, n.ClusterStmt)
	case *pg.Node_DiscardStmt:
		r.add(Fact{Verb: Set, Name: Name{Kind: Setting, Name: "all"}, Tree: n.DiscardStmt})
	case *pg.Node_PrepareStmt:
		r.add(Fact{Verb: Made, Name: Name{Kind: Prepared, Name: n.PrepareStmt.Name}, Tree: n.PrepareStmt})
	default:
		return false
	}
	return true
}

func (r *reader) set(s *pg.VariableSetStmt) {
	name := strings.ToLower(s.Name)
	if s.Kind == pg.VariableSetKind_VAR_RESET_ALL {
		name = "all"
	}
	r.add(Fact{Verb: Set, Name: Name{Kind: Setting, Name: name}, Tree: s})
}

// configs reads SELECT set_config('lock_timeout', '2s', true). Other places of a
// query in which it may stand are not looked at: nobody writes them.
func (r *reader) configs(s *pg.SelectStmt) {
	for _, target := range s.TargetList {
		call := target.GetResTarget().GetVal().GetFuncCall()
		names := Words(call.GetFuncname())
		if len(names) == 0 || names[len(names)-1] != "set_config" || len(call.Args) == 0 {
			continue
		}
		name := strings.ToLower(call.Args[0].GetAConst().GetSval().GetSval())
		r.add(Fact{Verb: Set, Name: Name{Kind: Setting, Name: name}, Tree: call})
	}
}

// lock reads LOCK TABLE in the modes SHARE ROW EXCLUSIVE (6) and stronger.
func (r *reader) lock(s *pg.LockStmt) {
	if s.Mode < 6 {
		return
	}
	for _, o := range s.Relations {
		r.add(Fact{Verb: Locked, Name: Named(Table, o.GetRangeVar()), Tree: s})
	}
}

// rights reads who may do what, and what is said of objects.
func (r *reader) rights(node *pg.Node) bool {
	switch n := node.GetNode().(type) {
	case *pg.Node_GrantStmt:
		r.grant(n.GrantStmt)
	case *pg.Node_GrantRoleStmt:
		for _, role := range n.GrantRoleStmt.GranteeRoles {
			r.add(Fact{Verb: Granted, Name: Name{Kind: Role, Name: RoleName(role)}, Tree: n.GrantRoleStmt})
		}
	case *pg.Node_AlterDefaultPrivilegesStmt:
		r.add(Fact{Verb: Granted, Tree: n.AlterDefaultPrivilegesStmt})
	case *pg.Node_AlterRoleStmt:
		r.changedRoles(n.AlterRoleStmt, &pg.Node{Node: &pg.Node_RoleSpec{RoleSpec: n.AlterRoleStmt.Role}})
	case *pg.Node_ReassignOwnedStmt:
		r.changedRoles(n.ReassignOwnedStmt, n.ReassignOwnedStmt.Roles...)
	case *pg.Node_DropOwnedStmt:
		r.changedRoles(n.DropOwnedStmt, n.DropOwnedStmt.Roles...)
	case *pg.Node_CommentStmt:
		s := n.CommentStmt
		r.add(Fact{Verb: Commented, Name: named(Kinds[s.Objtype], s.Object), Tree: s})
	default:
		return false
	}
	return true
}

func (r *reader) changedRoles(tree any, roles ...*pg.Node) {
	for _, role := range roles {
		r.add(Fact{Verb: Changed, Name: Name{Kind: Role, Name: RoleName(role)}, Tree: tree})
	}
}

func (r *reader) grant(s *pg.GrantStmt) {
	if s.Targtype != pg.GrantTargetType_ACL_TARGET_OBJECT {
		kind := Schema
		for _, o := range s.Objects {
			r.add(Fact{Verb: Granted, Name: named(kind, o), Tree: s})
		}
		return
	}
	for _, o := range s.Objects {
		r.add(Fact{Verb: Granted, Name: named(Kinds[s.Objtype], o), Tree: s})
	}
}

// RoleName returns the name of a role in a statement: "app", "CURRENT_USER".
func RoleName(n *pg.Node) string {
	r := n.GetRoleSpec()
	switch r.GetRoletype() {
	case pg.RoleSpecType_ROLESPEC_CSTRING:
		return r.Rolename
	case pg.RoleSpecType_ROLESPEC_SESSION_USER:
		return "SESSION_USER"
	}
	return "CURRENT_USER"
}

// named reads the forms in which statements hold the name of an object.
func named(kind Kind, n *pg.Node) Name {
	if r := n.GetRangeVar(); r != nil {
		return Named(kind, r)
	}
	return Qualified(kind, Parts(n))
}

// Parts returns the parts of a name in the forms in which DROP, GRANT and
// COMMENT hold it; nil for others.
func Parts(n *pg.Node) []string {
	switch v := n.GetNode().(type) {
	case *pg.Node_String_:
		return []string{v.String_.Sval}
	case *pg.Node_List:
		return Words(v.List.Items)
	case *pg.Node_TypeName:
		return Words(v.TypeName.Names)
	case *pg.Node_ObjectWithArgs:
		return Words(v.ObjectWithArgs.Objname)
	}
	return nil
}
