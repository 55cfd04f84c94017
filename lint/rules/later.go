package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
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
	if !isTableKind(alter.Objtype) || facts.IsTemporary(alter.Relation) {
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
	return actionsBehind(p, c, p.Relation(c.table))
}

// laterOn tells whether one of the types of action follows for c's column, or
// for its table where c names no column.
func laterOn(p *lint.Pass, c alterCommand, types ...pg.AlterTableType) bool {
	o := p.Relation(c.table)
	if c.Name != "" {
		o = p.Object(facts.PartOf(facts.Column, c.table, c.Name))
	}
	return slices.ContainsFunc(actionsBehind(p, c, o), func(later *pg.AlterTableCmd) bool {
		return later.Name == c.Name && slices.Contains(types, later.Subtype)
	})
}

// actionsBehind returns the actions on an object that follow c; those of the
// whole statement when c is none of its own.
func actionsBehind(p *lint.Pass, c alterCommand, o *lint.Object) []*pg.AlterTableCmd {
	var later []*pg.AlterTableCmd
	behind := !slices.Contains(tableCommands(p.Statement), c.AlterTableCmd)
	for e := range o.Here(p) {
		cmd, is := e.Tree.(*pg.AlterTableCmd)
		if is && behind {
			later = append(later, cmd)
		}
		behind = behind || is && cmd == c.AlterTableCmd
	}
	return later
}
