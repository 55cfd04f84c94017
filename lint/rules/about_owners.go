package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// ownerBefore is to whom an earlier statement gave the table; "" when none did.
func ownerBefore(p *lint.Pass, table *pg.RangeVar) string {
	for e := range p.Relation(table).Before(p) {
		alter, is := e.Tree.(*pg.AlterTableStmt)
		if !is {
			continue
		}
		for _, n := range alter.Cmds {
			if cmd := n.GetAlterTableCmd(); cmd.GetSubtype() == pg.AlterTableType_AT_ChangeOwner {
				return cmd.Newowner.GetRolename()
			}
		}
	}
	return ""
}
