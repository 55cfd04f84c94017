package drizzlekit

import (
	"encoding/json"
	"strings"
)

// An entity is one object of a snapshot of version 8 or 9. The kinds have most
// of their fields in common.
type entity struct {
	EntityType, Schema, Table, Name string

	IsRlsEnabled bool     // tables
	Values       []string // enums

	// columns
	Type, TypeSchema string
	NotNull          bool
	Dimensions       int
	Default          json.RawMessage
	Generated        *struct{ As string }
	Identity         *sequenceEntry

	// Columns of keys are names, of indexes objects.
	Columns          []json.RawMessage
	NullsNotDistinct bool
	Value            string // checks

	SchemaTo, TableTo  string // fks
	ColumnsTo          []string
	OnUpdate, OnDelete string

	// indexes and views
	IsUnique                        bool
	Where, Method                   string
	With                            json.RawMessage
	Definition, Using, Tablespace   string
	Materialized, IsExisting        bool
	WithNoData                      bool
	IncrementBy, MinValue, MaxValue json.RawMessage // sequences
	StartWith, CacheSize            json.RawMessage
	Cycle                           bool

	// policies
	As, For, WithCheck string
	Roles              []string
}

type indexColumn struct {
	Value                         string
	IsExpression, Asc, NullsFirst bool
	Opclass                       *struct {
		Name    string
		Default bool
	}
}

func readEntities(data []byte) (*Snapshot, error) {
	var f struct{ DDL []json.RawMessage }
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	return fromEntities(f.DDL)
}

func fromEntities(ddl []json.RawMessage) (*Snapshot, error) {
	var all []entity
	for _, raw := range ddl {
		var e entity
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	s := &Snapshot{}
	tables := map[Name]*Table{}
	for _, e := range all {
		if e.EntityType == "tables" {
			t := &Table{Name: inSchema(e.Schema, e.Name), RowSecurity: e.IsRlsEnabled}
			tables[t.Name] = t
			s.Tables = append(s.Tables, t)
		}
	}
	for _, e := range all {
		if t := tables[inSchema(e.Schema, e.Table)]; t != nil && e.Table != "" {
			t.add(e)
		} else {
			s.add(e)
		}
	}
	return s, nil
}

// add takes an entity that is no part of a table.
func (s *Snapshot) add(e entity) {
	name := inSchema(e.Schema, e.Name)
	switch e.EntityType {
	case "schemas":
		s.Schemas = append(s.Schemas, e.Name)
	case "roles":
		s.Roles = append(s.Roles, e.Name)
	case "enums":
		s.Enums = append(s.Enums, Enum{name, e.Values})
	case "sequences":
		s.Sequences = append(s.Sequences, Sequence{
			Name: name, Increment: digitsOf(e.IncrementBy), Min: digitsOf(e.MinValue), Max: digitsOf(e.MaxValue),
			Start: digitsOf(e.StartWith), Cache: digitsOf(e.CacheSize), Cycle: e.Cycle,
		})
	case "views":
		var with map[string]any
		_ = json.Unmarshal(e.With, &with) // null
		if e.IsExisting || e.Definition == "" {
			s.Existing = append(s.Existing, name)
			return
		}
		s.Views = append(s.Views, View{
			Name: name, Definition: e.Definition, Using: e.Using, Tablespace: e.Tablespace,
			Materialized: e.Materialized, NoData: e.WithNoData, With: storageOptions(with),
		})
	case "policies":
		s.Existing = append(s.Existing, inSchema(e.Schema, e.Table))
	}
}

// add takes an entity that is a part of the table.
func (t *Table) add(e entity) {
	switch e.EntityType {
	case "columns":
		c := Column{Name: e.Name, Type: typeSQL(e.Type+strings.Repeat("[]", e.Dimensions), e.TypeSchema), NotNull: e.NotNull, Default: digitsOf(e.Default)}
		if e.Generated != nil {
			c.Generated = e.Generated.As
		}
		if e.Identity != nil {
			q := e.Identity.sequence(t.Schema)
			c.Identity, c.Always = &q, e.Identity.Type == "always"
		}
		t.Columns = append(t.Columns, c)
	case "pks":
		t.Keys = append(t.Keys, Key{Name: e.Name, Columns: columnNames(e.Columns), Primary: true})
	case "uniques":
		t.Keys = append(t.Keys, Key{Name: e.Name, Columns: columnNames(e.Columns), NullsNotDistinct: e.NullsNotDistinct})
	case "checks":
		t.Checks = append(t.Checks, Check{e.Name, e.Value})
	case "fks":
		t.ForeignKeys = append(t.ForeignKeys, ForeignKey{
			Name: e.Name, Columns: columnNames(e.Columns), To: inSchema(e.SchemaTo, e.TableTo), ToColumns: e.ColumnsTo, OnDelete: e.OnDelete, OnUpdate: e.OnUpdate,
		})
	case "indexes":
		t.Indexes = append(t.Indexes, e.index())
	case "policies":
		p := policyEntry{Name: e.Name, As: e.As, For: e.For, Using: string(e.Using), WithCheck: e.WithCheck, To: e.Roles}
		t.Policies = append(t.Policies, p.policy())
	}
}

func columnNames(columns []json.RawMessage) []string {
	var all []string
	for _, c := range columns {
		all = append(all, defaultSQL(c))
	}
	return all
}

func (e entity) index() Index {
	x := Index{Name: e.Name, Method: e.Method, Where: e.Where, Unique: e.IsUnique}
	if with := digitsOf(e.With); with != "" {
		x.With = strings.Split(with, ",")
	}
	for _, raw := range e.Columns {
		c := indexColumn{Asc: true}
		if json.Unmarshal(raw, &c) != nil {
			c.Value = defaultSQL(raw)
		}
		text := chooseIf(c.IsExpression, c.Value, quotedName(c.Value))
		if c.Opclass != nil && !c.Opclass.Default {
			text += " " + c.Opclass.Name
		}
		text += chooseIf(c.Asc, "", " DESC")
		x.Columns = append(x.Columns, text+chooseIf(c.NullsFirst == c.Asc, chooseIf(c.Asc, " NULLS FIRST", " NULLS LAST"), ""))
	}
	return x
}
