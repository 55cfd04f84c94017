package observe

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/lint"
)

// relationRow is one element of what migvet_relations returns.
type relationRow struct {
	OID         int64
	Schema      string
	Name        string
	Kind        string
	Partition   bool
	Rows        int64
	Columns     []lint.Column
	Constraints []constraintRow
	Indexes     []lint.Index

	UpdateTriggers []lint.UpdateTrigger
}

type constraintRow struct {
	Name, Kind, Definition string
	Valid                  bool
	Columns, RefColumns    []string
	SetColumns             []string
	RefTable               []string
	OnDelete, OnUpdate     string
}

var relationKinds = map[string]lint.RelationKind{
	"r": lint.OrdinaryTable, "p": lint.PartitionedTable, "v": lint.View, "m": lint.MaterializedView, "f": lint.ForeignTable,
}

var constraintKinds = map[string]lint.ConstraintKind{
	"p": lint.PrimaryKey, "u": lint.Unique, "c": lint.Check, "f": lint.ForeignKey, "x": lint.Exclusion, "n": lint.NotNullC,
}

var foreignKeyActions = map[string]lint.Action{
	"a": lint.NoAction, "r": lint.Restrict, "c": lint.CascadeTo, "n": lint.SetNull, "d": lint.SetDefault,
}

// readSchema reads the named relations, and what foreign keys connect them to,
// in the session's own transaction; nil names mean all relations. Relations
// that old does not hold are marked New.
func readSchema(ctx context.Context, conn *pgx.Conn, names []name, old map[int64]relation) (*lint.Schema, error) {
	var answer struct {
		Path      []string
		Relations []relationRow
	}
	if err := askNamed(ctx, conn, &answer, "migvet_relations", names); err != nil {
		return nil, err
	}
	schema := &lint.Schema{SearchPath: answer.Path}
	for _, r := range answer.Relations {
		_, existed := old[r.OID]
		schema.Tables = append(schema.Tables, r.table(!existed))
	}
	return schema, nil
}

// Schema reads the tables that migrations name, as they are now: all of them where
// a text does not tell.
func (o *Observer) Schema(ctx context.Context, migrations []*lint.Migration) (*lint.Schema, error) {
	return readSchema(ctx, o.conn, namesInAll(migrations), o.old)
}

func (r relationRow) table(isNew bool) *lint.Table {
	t := &lint.Table{
		Schema: r.Schema, Name: r.Name, Kind: relationKinds[r.Kind], Partition: r.Partition,
		New: isNew, Rows: r.Rows, Columns: r.Columns, Indexes: r.Indexes,
		UpdateTriggers: r.UpdateTriggers,
	}
	for _, c := range r.Constraints {
		t.Constraints = append(t.Constraints, c.constraint())
	}
	return t
}

func (c constraintRow) constraint() lint.Constraint {
	out := lint.Constraint{
		Name: c.Name, Kind: constraintKinds[c.Kind], Columns: c.Columns, Definition: c.Definition, Valid: c.Valid,
	}
	if len(c.RefTable) == 2 {
		out.RefTable = c.RefTable[0] + "." + c.RefTable[1]
		out.RefColumns, out.SetColumns = c.RefColumns, c.SetColumns
		out.OnDelete, out.OnUpdate = foreignKeyActions[c.OnDelete], foreignKeyActions[c.OnUpdate]
	}
	return out
}
