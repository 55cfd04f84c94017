package lint

import pg "github.com/pganalyze/pg_query_go/v5"

// fresh holds the relations that the migrations under review have made so far,
// as far as the SQL text tells.
type fresh map[string]bool

// key names a relation; without a search path, no schema means public.
func key(schema, name string) string {
	if schema == "" {
		schema = "public"
	}
	return schema + "." + name
}

func (f fresh) has(r *pg.RangeVar) bool { return r != nil && f[key(r.Schemaname, r.Relname)] }

func (f fresh) add(r *pg.RangeVar) {
	if r != nil {
		f[key(r.Schemaname, r.Relname)] = true
	}
}

func (f fresh) update(s *Statement, e *Effect) {
	if e != nil && e.Err != nil {
		return
	}
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_CreateStmt:
		f.add(n.CreateStmt.Relation) // IF NOT EXISTS is nearly always out of habit
	case *pg.Node_CreateTableAsStmt:
		f.add(n.CreateTableAsStmt.Into.GetRel())
	case *pg.Node_ViewStmt:
		if !n.ViewStmt.Replace {
			f.add(n.ViewStmt.View)
		}
	case *pg.Node_SelectStmt:
		f.add(n.SelectStmt.IntoClause.GetRel())
	case *pg.Node_RenameStmt:
		f.rename(n.RenameStmt)
	case *pg.Node_DropStmt:
		f.drop(n.DropStmt)
	}
}

func (f fresh) rename(r *pg.RenameStmt) {
	if r.RenameType != pg.ObjectType_OBJECT_TABLE || !f.has(r.Relation) {
		return
	}
	delete(f, key(r.Relation.Schemaname, r.Relation.Relname))
	f[key(r.Relation.Schemaname, r.Newname)] = true
}

func (f fresh) drop(d *pg.DropStmt) {
	for _, object := range d.Objects {
		names := object.GetList().GetItems()
		if len(names) == 0 {
			continue
		}
		schema := ""
		if len(names) > 1 {
			schema = names[len(names)-2].GetString_().GetSval()
		}
		delete(f, key(schema, names[len(names)-1].GetString_().GetSval()))
	}
}
