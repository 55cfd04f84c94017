package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
)

// drift is how what migrations make differs from what the tool's snapshot declares.
type drift struct {
	fresh []schema.Change
	old   []schema.Change // the base differs like that from its own snapshot
}

// drift compares the schema that the migrations made with the one that the
// tool's snapshot declares, and the base's with the base's.
func (t *trial) drift(ctx context.Context, made *SchemaChange) (drift, error) {
	if t.Source.Declared == nil {
		return drift{}, nil
	}
	if d := t.Source.Declared; d.Behind != "" {
		t.cannotCompare(d, d.Behind+", which is newer, has no snapshot of its own")
		return drift{}, nil
	}
	now, err := t.driftOf(ctx, made.After, t.Source.Declared)
	if err != nil {
		return drift{}, err
	}
	var before []schema.Change
	if t.Source.BaseDeclared != nil {
		if before, err = t.driftOf(ctx, made.Before, t.Source.BaseDeclared); err != nil {
			return drift{}, err
		}
	}
	return splitDrift(now, before), nil
}

// driftOf returns how what migrations made differs from what is declared.
func (t *trial) driftOf(ctx context.Context, made *schema.Schema, d *source.Declared) ([]schema.Change, error) {
	if d.Err != nil {
		t.cannotCompare(d, d.Err.Error())
		return nil, nil
	}
	var declared *schema.Schema
	var failed []drizzlekit.Statement
	err := t.inNewDatabase(ctx, "declared", t.furnished, func(ctx context.Context, scratch string) (err error) {
		if failed, err = t.declare(ctx, scratch, d, made); err != nil {
			return err
		}
		declared, err = t.wholeSchema(ctx, scratch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make the schema of %s: %w", d.Path, err)
	}
	skip := t.notComparable(made, d.Snapshot, failed)
	return withoutMoments(schema.Diff(expressiblePart(withoutLent(declared, d.Snapshot), skip), expressiblePart(made, skip), schema.Options{UnnamedKeys: true})), nil
}

// declare makes what a snapshot says, as the one who runs migrations: policies may
// mean the current user, and there is nobody else to become. What refers to
// something that comes later is tried again; what stays refused is returned.
func (t *trial) declare(ctx context.Context, database string, d *source.Declared, made *schema.Schema) ([]drizzlekit.Statement, error) {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := t.declareExtensions(ctx, conn, d, made); err != nil {
		return nil, err
	}
	if err := session.ExecuteAlone(ctx, conn, "SET check_function_bodies = off"); err != nil {
		return nil, err
	}
	failed, why, err := t.declareOn(ctx, conn, append(d.Snapshot.DDL(), lent(made, d.Snapshot)...))
	if len(failed) > 0 {
		t.cannotCompare(d, fmt.Sprintf("PostgreSQL refuses %s of it, first %s %s: %v", noun.Count(len(failed), "object"), failed[0].Kind, failed[0].Of, why))
	}
	return failed, err
}

// declareExtensions makes the extensions that the migrations made, which no
// snapshot mentions, where they made them.
func (t *trial) declareExtensions(ctx context.Context, conn *pgx.Conn, d *source.Declared, made *schema.Schema) error {
	for _, o := range made.Objects {
		if o.Kind != schema.Extension {
			continue
		}
		in := o.Property("schema")
		for _, sql := range []quote.SQL{"CREATE SCHEMA IF NOT EXISTS " + quote.Name(in), session.CreateExtension(ctx, o.Name, in)} {
			err := session.ExecuteAlone(ctx, conn, sql)
			if pe := session.Refusal(err); pe != nil {
				t.cannotCompare(d, fmt.Sprintf("PostgreSQL refuses the extension %s: %s", o.Name, pe.Message))
				break
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *trial) declareOn(ctx context.Context, conn *pgx.Conn, left []drizzlekit.Statement) (refused []drizzlekit.Statement, why, err error) {
	for tries := len(left) + 1; len(left) > 0 && len(left) < tries; left = refused {
		tries, refused, why = len(left), nil, nil
		for _, s := range left {
			err := session.ExecuteAlone(ctx, conn, s.SQL)
			pe := session.Refusal(err)
			switch {
			case err == nil && s.Kind == "role":
				t.shared.made[s.Name] = true
			case s.Kind == "role" && pe != nil && pe.Code == session.DuplicateObject:
			case pe != nil:
				refused = append(refused, s)
				if why == nil && s.Kind != lentKind {
					why = err
				}
			case err != nil:
				return nil, nil, err
			}
		}
	}
	return slices.DeleteFunc(left, func(s drizzlekit.Statement) bool { return s.Kind == lentKind }), why, nil
}

func (t *trial) cannotCompare(d *source.Declared, reason string) {
	u := Unchecked{Path: d.Path, Start: -1, Minor: true, Reason: "not compared with what the migrations make: " + strings.Join(strings.Fields(reason), " ")}
	if !slices.Contains(t.result.Unchecked, u) {
		t.leaveUnchecked(u)
	}
}

// notComparable tells the relations, "schema.name", and their parts,
// "schema.name.part", that say nothing about drift: those the snapshot only refers to or
// that could not be made from it, and partitions and child tables, which Drizzle does not know.
func (t *trial) notComparable(made *schema.Schema, s *drizzlekit.Snapshot, failed []drizzlekit.Statement) map[string]bool {
	skip := map[string]bool{}
	for _, n := range s.Existing {
		skip[n.Schema+"."+n.Name] = true
	}
	for _, f := range failed {
		skip[nameOfFailed(f)] = true
	}
	for _, o := range made.Objects {
		if o.Kind == schema.Table && (o.Property("partition by") != "" || o.Property("partition of") != "" || o.Property("inherits") != "") {
			skip[o.Schema+"."+o.Name] = true
		}
	}
	return skip
}

// nameOfFailed is the part of a table that a snapshot could not make, such as a foreign
// key to a table that is refused, or else the whole relation.
func nameOfFailed(f drizzlekit.Statement) string {
	whole := f.Of.Schema + "." + f.Of.Name
	if f.Name == "" || f.Kind == "table" {
		return whole
	}
	return whole + "." + f.Name
}

// comparedProperties are the kinds of objects that a Drizzle schema file can express, with the
// properties that it can express.
var comparedProperties = map[schema.Kind][]string{
	schema.Enum:             {"values"},
	schema.Sequence:         {"start", "increment", "minimum", "maximum", "cache", "cycle"},
	schema.Table:            {"row security"},
	schema.View:             {"definition", "options"},
	schema.MaterializedView: {"definition", "options"},
	schema.Column:           {"type", "not null", "default", "generated", "identity", "identity options"},
	schema.PrimaryKey:       {"definition"},
	schema.Unique:           {"definition"},
	schema.Check:            {"definition"},
	schema.ForeignKey:       {"definition"},
	schema.Index:            {"unique", "definition", "valid"},
	schema.Policy:           {"command", "restrictive", "to", "using", "with check"},
}

// serialDefault matches the default of a serial column, whose sequence keeps
// its name when the table or column gets another.
var serialDefault = lazyregexp.New(`^nextval\('.*'::regclass\)$`)

// expressiblePart leaves of a schema what a schema file can say.
func expressiblePart(s *schema.Schema, skip map[string]bool) *schema.Schema {
	kept := &schema.Schema{}
	for _, o := range s.Objects {
		properties, known := comparedProperties[o.Kind]
		if !known || skip[o.Within()] || skip[o.Within()+"."+o.Name] || o.Kind == schema.Sequence && o.Property("owned by") != "" {
			continue
		}
		var all []schema.Property
		for _, p := range o.Properties {
			if !slices.Contains(properties, p.Name) {
				continue
			}
			p.Value = expressibleValue(p)
			all = append(all, p)
		}
		o.Properties = all
		kept.Objects = append(kept.Objects, o)
	}
	return kept
}

// splitDrift separates differences that the base branch has already from new ones.
func splitDrift(now, before []schema.Change) (d drift) {
	known := map[string]bool{}
	for _, c := range before {
		known[inFull(c)] = true
	}
	for _, c := range now {
		if known[inFull(c)] {
			d.old = append(d.old, c)
		} else {
			d.fresh = append(d.fresh, c)
		}
	}
	return d
}

// inFull is a difference in words that no other has.
func inFull(c schema.Change) string { return fmt.Sprint(c.What, c.Object, c.Differences) }

// wholeSchema reads everything but the tool's history table.
func (t *trial) wholeSchema(ctx context.Context, database string) (s *schema.Schema, err error) {
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		s, err = schema.Read(ctx, conn, t.historyTable())
		return err
	})
	return s, err
}

// storageOptions matches the storage parameters of an index, which have no order.
var storageOptions = lazyregexp.New(` WITH \(([^()]*)\)`)

// expressibleValue is what a schema file says of a property: not how far a constraint
// was checked, nor in which order options stand.
func expressibleValue(p schema.Property) string {
	switch {
	case p.Name == "default" && serialDefault.MatchString(p.Value):
		return "the next number of its sequence"
	case p.Name != "definition":
		return p.Value
	}
	value := strings.TrimSuffix(p.Value, " NOT VALID")
	return storageOptions.ReplaceAllStringFunc(value, func(with string) string {
		options := strings.Split(strings.TrimSuffix(strings.TrimPrefix(with, " WITH ("), ")"), ", ")
		slices.Sort(options)
		return " WITH (" + strings.Join(options, ", ") + ")"
	})
}
