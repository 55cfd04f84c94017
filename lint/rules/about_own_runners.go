package rules

import (
	"fmt"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// ofOwnRunner is how a folder says that a runner of the project's own opens no transaction
// around its files, where a migration of the base could not have run in one; "" for others.
func ofOwnRunner(p *lint.Pass, needsNone func(*lint.Migration) bool) string {
	if p.Migration.Tx == lint.TxNone {
		return ""
	}
	for _, m := range p.History.Base {
		if m.Tx != lint.TxNone && needsNone(m) {
			return fmt.Sprintf(", or, if a runner of your own opens no transaction, as %s on the base needs it, say so %s", m.Name, saysNone(p))
		}
	}
	return ""
}

// saysNone is the line of the configuration for a folder that runs without transactions.
func saysNone(p *lint.Pass) string {
	const settings = "transaction: none"
	if p.History.Configured != nil {
		return p.History.Configured(settings)
	}
	var place *yamltext.Place
	return place.Under(p.History.Dir, settings)
}

// hasOutsideOnly tells whether a migration has a statement that no transaction takes, before
// it ends one itself.
func hasOutsideOnly(m *lint.Migration) bool {
	for _, s := range m.Statements() {
		if s.Node.GetTransactionStmt() != nil {
			return false
		}
		if OnlyOutsideTransaction(s) != "" {
			return true
		}
	}
	return false
}

// usesNewValue tells whether a migration adds a value to an enum that was there before, and
// uses it, before it ends a transaction itself.
func usesNewValue(m *lint.Migration) bool {
	var added []*pg.AlterEnumStmt
	for _, s := range m.Statements() {
		enum := s.Node.GetAlterEnumStmt()
		switch {
		case s.Node.GetTransactionStmt() != nil || s.Node.GetCreateEnumStmt() != nil:
			return false
		case enum != nil && enum.OldVal == "" && enum.NewVal != "":
			added = append(added, enum)
		case storesText(s.Node):
		default:
			for _, a := range added {
				if _, uses := findLiteral(s.SQL, a.NewVal); uses {
					return true
				}
			}
		}
	}
	return false
}
