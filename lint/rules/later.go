package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// tableCommands returns the actions of an ALTER TABLE as the tree has them; nil
// for any other statement. Where they stand takes a scan of the text, which
// alterCommands does.
func tableCommands(s *lint.Statement) []*pg.AlterTableCmd {
	if s.Node.GetAlterTableStmt() == nil {
		return nil
	}
	return lint.Derived(s, bareCommands)
}

func bareCommands(s *lint.Statement) []*pg.AlterTableCmd {
	alter := s.Node.GetAlterTableStmt()
	if !isTableKind(alter.Objtype) || isTemporary(alter.Relation) {
		return nil
	}
	var commands []*pg.AlterTableCmd
	for _, n := range alter.Cmds {
		if c := n.GetAlterTableCmd(); c != nil {
			commands = append(commands, c)
		}
	}
	return commands
}

// laterHere returns the actions that follow c on its table, in the rest of the
// statement and of the migration.
func laterHere(p *lint.Pass, c alterCommand) []*pg.AlterTableCmd {
	own := tableCommands(p.Statement)
	later := own[slices.Index(own, c.AlterTableCmd)+1:]
	for _, s := range fromHere(p)[1:] {
		if sameRelation(s.Node.GetAlterTableStmt().GetRelation(), c.table) {
			later = append(later, tableCommands(s)...)
		}
	}
	return later
}

// laterOn tells whether one of the types of action follows for c's column.
func laterOn(p *lint.Pass, c alterCommand, types ...pg.AlterTableType) bool {
	return slices.ContainsFunc(laterHere(p, c), func(later *pg.AlterTableCmd) bool {
		return later.Name == c.Name && slices.Contains(types, later.Subtype)
	})
}

// fromHere returns the statement and those behind it in the same migration.
func fromHere(p *lint.Pass) []*lint.Statement {
	statements := p.Migration.Statements()
	return statements[max(0, slices.Index(statements, p.Statement)):]
}
