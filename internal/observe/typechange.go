package observe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// hash remembers the values of columns whose type may change.
func (h *held) hash(ctx context.Context, conn *pgx.Conn, columns [][3]string) error {
	if len(columns) == 0 {
		return nil
	}
	argument, err := jsonLiteral(columns)
	if err != nil {
		return err
	}
	if err := askServer(ctx, conn, &h.hashes, "migvet_hashes("+argument+", "+callerPath+")"); err != nil {
		return err
	}
	for _, raw := range h.hashes {
		var c struct{ Schema, Table, Column string }
		if err := json.Unmarshal(raw, &c); err != nil {
			return fmt.Errorf("observe: %w", err)
		}
		h.hashed[c.Schema+"."+c.Table+"."+c.Column] = true
	}
	return nil
}

// changed tells the columns of existing tables whose values the statement
// changed.
func (h held) changed(ctx context.Context, conn *pgx.Conn, before *lint.Schema) ([]lint.ColumnChange, error) {
	var changes []lint.ColumnChange
	for _, was := range h.hashes {
		var c struct{ Schema, Table, Column string }
		argument, err := jsonLiteral(was)
		if err = errors.Join(err, json.Unmarshal(was, &c)); err != nil {
			return nil, err
		}
		if t := before.Find(c.Schema, c.Table); t != nil && t.New {
			continue
		}
		var rows *int64
		if err := askServer(ctx, conn, &rows, "migvet_changed("+argument+")"); err != nil {
			return nil, err
		}
		if rows != nil && *rows > 0 {
			changes = append(changes, lint.ColumnChange{Table: c.Schema + "." + c.Table, Column: c.Column, Rows: *rows})
		}
	}
	return changes, nil
}

// missed says which columns of rewritten tables got another type without their
// values having been remembered; "" when there is none.
func (h held) missed(e *lint.Effect) string {
	var columns []string
	for _, is := range e.After.Tables {
		was := e.Before.Find(is.Schema, is.Name)
		if was == nil || is.Partition || !e.DidRewrite(is.QName()) {
			continue
		}
		for _, c := range is.Columns {
			name := is.QName() + "." + c.Name
			if before := was.Column(c.Name); before != nil && before.Type != c.Type && !h.hashed[name] {
				columns = append(columns, name)
			}
		}
	}
	if len(columns) == 0 {
		return ""
	}
	return "whether the values of " + strings.Join(columns, ", ") + " are still the same was not observed: the statement does not name what it changes"
}

// typeChanges returns [schema, table, column] of the columns whose type the
// statement changes. For a DO block these are all columns that its text names
// together with their table.
func typeChanges(s *lint.Statement, before *lint.Schema) [][3]string {
	if runsCode(s) {
		return mentionedColumns(s.SQL, before)
	}
	alter := s.Node.GetAlterTableStmt()
	if alter.GetObjtype() != pg.ObjectType_OBJECT_TABLE {
		return nil
	}
	var columns [][3]string
	for _, n := range alter.Cmds {
		if c := n.GetAlterTableCmd(); c.GetSubtype() == pg.AlterTableType_AT_AlterColumnType {
			columns = append(columns, [3]string{alter.Relation.GetSchemaname(), alter.Relation.GetRelname(), c.Name})
		}
	}
	return columns
}

var (
	changesType = lazyregexp.New(`(?is)\balter\b.*\btype\b`)
	wordPattern = lazyregexp.New(`[\p{L}_][\p{L}\p{N}_$]*`)
)

func mentionedColumns(sql string, before *lint.Schema) (columns [][3]string) {
	if before == nil || !changesType.MatchString(sql) {
		return nil
	}
	words := wordPattern.FindAllString(strings.ToLower(sql), -1)
	for _, t := range before.Tables {
		if t.New || !slices.Contains(words, strings.ToLower(t.Name)) {
			continue
		}
		for _, c := range t.Columns {
			if slices.Contains(words, strings.ToLower(c.Name)) {
				columns = append(columns, [3]string{t.Schema, t.Name, c.Name})
			}
		}
	}
	return columns
}
