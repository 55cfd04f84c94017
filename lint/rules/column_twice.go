package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var columnTwice = &lint.Rule{
	ID: "column-twice", Group: lint.GroupTrial, Severity: lint.Error,
	On:    facts.Made | facts.Changed | facts.Filled | facts.Updated,
	Title: "A statement names a column twice",
	Why: "PostgreSQL refuses a table with two columns of one name, an `INSERT` that lists a column twice (`42701`), and an `UPDATE` that sets one twice (`42601`). " +
		"The parser does not: only a server, or this rule, tells before the deploy.\n\n" +
		"https://www.postgresql.org/docs/current/errcodes-appendix.html",
	Fix: "Keep the one that is meant.",
	Check: func(p *lint.Pass) {
		if p.Tried() {
			return // the server has said it, or taken it
		}
		seen := map[string]bool{}
		for _, c := range namedColumns(p.Node()) {
			if seen[c.name] {
				p.Reportf(c.location, "column %s is named twice here, which PostgreSQL refuses; keep the one that is meant", c.name)
			}
			seen[c.name] = true
		}
	},
}

// A namedColumn is a column where a statement may name it once.
type namedColumn struct {
	name     string
	location int32
}

func namedColumns(n *pg.Node) []namedColumn {
	switch s := n.GetNode().(type) {
	case *pg.Node_CreateStmt:
		return columnNames(s.CreateStmt.TableElts)
	case *pg.Node_AlterTableStmt:
		return addedNames(s.AlterTableStmt)
	case *pg.Node_InsertStmt:
		return columnNames(s.InsertStmt.Cols)
	case *pg.Node_UpdateStmt:
		return columnNames(s.UpdateStmt.TargetList)
	}
	return nil
}

// columnNames reads columns of CREATE TABLE, and what INSERT and UPDATE write. Parts
// of a column may be set one by one: UPDATE … SET place[1] = 1, place[2] = 2.
func columnNames(nodes []*pg.Node) []namedColumn {
	var out []namedColumn
	for _, n := range nodes {
		if def := n.GetColumnDef(); def != nil {
			out = append(out, namedColumn{def.Colname, def.Location})
		}
		if target := n.GetResTarget(); target != nil && len(target.Indirection) == 0 {
			out = append(out, namedColumn{target.Name, target.Location})
		}
	}
	return out
}

func addedNames(s *pg.AlterTableStmt) []namedColumn {
	var out []namedColumn
	for _, n := range s.Cmds {
		if c := n.GetAlterTableCmd(); c.GetSubtype() == pg.AlterTableType_AT_AddColumn && !c.MissingOk {
			out = append(out, columnNames([]*pg.Node{c.Def})...)
		}
	}
	return out
}
