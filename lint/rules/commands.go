package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// An alterCommand is one action of an ALTER TABLE and where it begins, which
// the parse tree does not tell.
type alterCommand struct {
	*pg.AlterTableCmd
	table    *pg.RangeVar
	location int32 // bytes from the statement's start
}

// alterCommands returns the actions of an ALTER TABLE; nil for any other
// statement.
func alterCommands(s *lint.Statement) []alterCommand {
	if s.Node.GetAlterTableStmt() == nil {
		return nil
	}
	return lint.Derived(s, readCommands)
}

func readCommands(s *lint.Statement) []alterCommand {
	alter := s.Node.GetAlterTableStmt()
	if !isTableKind(alter.Objtype) || facts.IsTemporary(alter.Relation) {
		return nil
	}
	starts := commandStarts(s, alter.Relation.GetLocation())
	var commands []alterCommand
	for i, n := range alter.Cmds {
		cmd := n.GetAlterTableCmd()
		if cmd == nil {
			continue
		}
		c := alterCommand{AlterTableCmd: cmd, table: alter.Relation}
		if i < len(starts) {
			c.location = starts[i]
		}
		commands = append(commands, c)
	}
	return slices.Clip(commands) // callers append to it
}

func isTableKind(t pg.ObjectType) bool {
	return t == pg.ObjectType_OBJECT_TABLE || t == pg.ObjectType_OBJECT_FOREIGN_TABLE
}

// commandStarts finds where the actions begin: behind the table's name, and
// behind each comma outside brackets.
func commandStarts(s *lint.Statement, table int32) []int32 {
	var starts []int32
	depth, next := 0, true
	for _, t := range behindName(s.Tokens(), table) {
		if next {
			starts, next = append(starts, t.Start), false
		}
		switch t.Token {
		case pg.Token_ASCII_40, pg.Token_ASCII_91:
			depth++
		case pg.Token_ASCII_41, pg.Token_ASCII_93:
			depth--
		case pg.Token_ASCII_44:
			next = depth == 0
		}
	}
	return starts
}

// behindName returns the tokens behind the qualified name at a location.
func behindName(tokens []*pg.ScanToken, location int32) []*pg.ScanToken {
	first := slices.IndexFunc(tokens, func(t *pg.ScanToken) bool { return t.Start >= location })
	tokens = tokens[max(first, 0):]
	i := 1
	for i < len(tokens) && tokens[i].Token == pg.Token_ASCII_46 {
		i += 2
	}
	for i < len(tokens) && (tokens[i].Token == pg.Token_ASCII_41 || tokens[i].Token == pg.Token_ASCII_42) {
		i++ // ONLY (name), name *
	}
	return tokens[min(i, len(tokens)):]
}
