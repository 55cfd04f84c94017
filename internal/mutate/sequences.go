package mutate

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// ownedSequences are the sequences of serial and identity columns, and those
// that a statement gives to a column.
func ownedSequences(text string) (names []string) {
	statements, _ := lint.Parse(text)
	for _, s := range statements {
		names = append(names, ownedBy(s)...)
	}
	return names
}

func ownedBy(s *lint.Statement) (names []string) {
	n := s.Node
	if c := n.GetCreateSeqStmt(); c != nil && hasOwner(c.Options) {
		names = append(names, c.Sequence.GetRelname())
	}
	if a := n.GetAlterSeqStmt(); a != nil && hasOwner(a.Options) {
		names = append(names, a.Sequence.GetRelname())
	}
	table := n.GetCreateStmt().GetRelation()
	elements := n.GetCreateStmt().GetTableElts()
	if a := n.GetAlterTableStmt(); a != nil {
		table = a.Relation
		for _, c := range a.Cmds {
			elements = append(elements, c.GetAlterTableCmd().GetDef())
		}
	}
	for _, e := range elements {
		if c := e.GetColumnDef(); c != nil {
			names = append(names, table.GetRelname()+"_"+c.Colname+"_seq")
		}
	}
	return names
}

func hasOwner(options []*pg.Node) bool {
	for _, o := range options {
		if o.GetDefElem().GetDefname() == "owned_by" {
			return true
		}
	}
	return false
}
