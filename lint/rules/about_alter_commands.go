package rules

import (
	"regexp"
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
	if start, found := onlyStart(s, table); found {
		return []int32{start}
	}
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

// onlyStart finds where a single action begins without a scan, which takes more
// time than all rules about it: behind a name and blanks, if that is all.
func onlyStart(s *lint.Statement, table int32) (start int32, found bool) {
	if len(s.Node.GetAlterTableStmt().GetCmds()) != 1 || table < 0 || int(table) >= len(s.SQL) {
		return 0, false
	}
	m := qualifiedName.FindStringIndex(s.SQL[table:])
	if m == nil {
		return 0, false
	}
	return table + int32(m[1]), true
}

// qualifiedName matches a name with what is before the action behind it.
var qualifiedName = regexp.MustCompile(`^(?:"[^"]*"|\w+)(?:\.(?:"[^"]*"|\w+))?\s+\b`)

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

// laterCommands returns the actions that follow c on its table, in the rest of the
// statement and of the migration.
func laterCommands(p *lint.Pass, c alterCommand) []*pg.AlterTableCmd {
	return commandsBehind(p, c, p.Relation(c.table))
}

// isFollowedBy tells whether one of the types of action follows for c's column,
// under whatever name it has then, or for its table where c names no column.
func isFollowedBy(p *lint.Pass, c alterCommand, types ...pg.AlterTableType) bool {
	return slices.ContainsFunc(ownCommandsBehind(p, c), func(later *pg.AlterTableCmd) bool {
		return slices.Contains(types, later.Subtype)
	})
}

// ownCommandsBehind returns the actions that follow c on its column, or on its table
// and the columns of that where c names no column.
func ownCommandsBehind(p *lint.Pass, c alterCommand) []*pg.AlterTableCmd {
	if c.Name == "" {
		return laterCommands(p, c)
	}
	return commandsBehind(p, c, p.Object(facts.PartOf(facts.Column, c.table, c.Name)))
}

// commandsBehind returns the actions on an object that follow c; those of the
// whole statement when c is none of its own.
func commandsBehind(p *lint.Pass, c alterCommand, o *lint.Object) []*pg.AlterTableCmd {
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
