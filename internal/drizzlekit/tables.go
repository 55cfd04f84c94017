package drizzlekit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// tablesFile is a snapshot of version 5 to 7: objects in objects, whose order
// counts for columns.
type tablesFile struct {
	Tables    ordered[tableEntry]
	Enums     ordered[enumEntry]
	Schemas   ordered[json.RawMessage]
	Sequences ordered[sequenceEntry]
	Roles     ordered[struct{ Name string }]
	Policies  ordered[policyEntry]
	Views     ordered[viewEntry]
}

type enumEntry struct {
	Name, Schema string
	Values       json.RawMessage
}

type sequenceEntry struct {
	Type, Name, Schema                              string
	Increment, MinValue, MaxValue, StartWith, Cache json.RawMessage
	Cycle                                           bool
}

type tableEntry struct {
	Name, Schema         string
	Columns              ordered[columnEntry]
	Indexes              ordered[indexEntry]
	ForeignKeys          ordered[foreignKeyEntry]
	CompositePrimaryKeys ordered[keyEntry]
	UniqueConstraints    ordered[keyEntry]
	CheckConstraints     ordered[struct{ Name, Value string }]
	Policies             ordered[policyEntry]
	IsRLSEnabled         bool
}

type columnEntry struct {
	Name, Type, TypeSchema string
	PrimaryKey, NotNull    bool
	Default                json.RawMessage
	Generated              *struct{ As string }
	Identity               *sequenceEntry
}

type indexEntry struct {
	Name, Method, Where string
	IsUnique            bool
	Columns             []json.RawMessage
	With                map[string]any
}

type foreignKeyEntry struct {
	Name, SchemaTo, TableTo, OnDelete, OnUpdate string
	ColumnsFrom, ColumnsTo                      []string
}

type keyEntry struct {
	Name             string
	Columns          []string
	NullsNotDistinct bool
}

type policyEntry struct {
	Name, As, For, Using, WithCheck, On string
	To                                  []string
}

type viewEntry struct {
	Name, Schema, Definition, Using, Tablespace string
	Materialized, IsExisting, WithNoData        bool
	With                                        map[string]any
}

func readTables(data []byte) (*Snapshot, error) {
	var f tablesFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	s := &Snapshot{}
	for _, e := range f.Schemas {
		var named struct{ Name string }
		if name := defaultSQL(e.value); json.Unmarshal(e.value, &named) != nil {
			named.Name = name
		}
		s.Schemas = append(s.Schemas, named.Name)
	}
	for _, e := range f.Enums {
		labels, err := e.value.labels()
		if err != nil {
			return nil, fmt.Errorf("enum %s: %w", e.value.Name, err)
		}
		s.Enums = append(s.Enums, Enum{inSchema(e.value.Schema, e.value.Name), labels})
	}
	for _, q := range f.Sequences {
		s.Sequences = append(s.Sequences, q.value.sequence(q.value.Schema))
	}
	for _, r := range f.Roles {
		s.Roles = append(s.Roles, r.value.Name)
	}
	for _, t := range f.Tables {
		s.Tables = append(s.Tables, t.value.table())
	}
	for _, v := range f.Views {
		s.addView(v.value)
	}
	for _, p := range f.Policies {
		s.link(p.value)
	}
	return s, nil
}

// labels are a list, or in version 5 an object.
func (e enumEntry) labels() ([]string, error) {
	var labels []string
	if json.Unmarshal(e.Values, &labels) == nil {
		return labels, nil
	}
	var values ordered[string]
	if err := json.Unmarshal(e.Values, &values); err != nil {
		return nil, err
	}
	for _, v := range values {
		labels = append(labels, v.value)
	}
	return labels, nil
}

func (q sequenceEntry) sequence(schema string) Sequence {
	return Sequence{
		Name: inSchema(schema, q.Name), Increment: digitsOf(q.Increment), Min: digitsOf(q.MinValue), Max: digitsOf(q.MaxValue),
		Start: digitsOf(q.StartWith), Cache: digitsOf(q.Cache), Cycle: q.Cycle,
	}
}

func (e tableEntry) table() *Table {
	t := &Table{Name: inSchema(e.Schema, e.Name), RowSecurity: e.IsRLSEnabled}
	for _, c := range e.Columns {
		t.Columns = append(t.Columns, c.value.column(e.Schema))
		if c.value.PrimaryKey {
			t.Keys = append(t.Keys, Key{Columns: []string{c.value.Name}, Primary: true})
		}
	}
	for _, k := range e.CompositePrimaryKeys {
		t.Keys = append(t.Keys, Key{Name: k.value.Name, Columns: k.value.Columns, Primary: true})
	}
	for _, k := range e.UniqueConstraints {
		t.Keys = append(t.Keys, Key{Name: k.value.Name, Columns: k.value.Columns, NullsNotDistinct: k.value.NullsNotDistinct})
	}
	for _, c := range e.CheckConstraints {
		t.Checks = append(t.Checks, Check{c.value.Name, c.value.Value})
	}
	for _, f := range e.ForeignKeys {
		t.ForeignKeys = append(t.ForeignKeys, ForeignKey{
			Name: f.value.Name, Columns: f.value.ColumnsFrom, To: inSchema(f.value.SchemaTo, f.value.TableTo), ToColumns: f.value.ColumnsTo,
			OnDelete: f.value.OnDelete, OnUpdate: f.value.OnUpdate,
		})
	}
	for _, x := range e.Indexes {
		t.Indexes = append(t.Indexes, x.value.index())
	}
	for _, p := range e.Policies {
		t.Policies = append(t.Policies, p.value.policy())
	}
	return t
}

func (e columnEntry) column(schema string) Column {
	c := Column{Name: e.Name, Type: typeSQL(e.Type, e.TypeSchema), NotNull: e.NotNull, Default: digitsOf(e.Default)}
	if e.Generated != nil {
		c.Generated = e.Generated.As
	}
	if e.Identity != nil {
		q := e.Identity.sequence(schema)
		c.Identity, c.Always = &q, e.Identity.Type == "always"
	}
	return c
}

// index reads columns of both forms: names, before version 7, and objects.
func (e indexEntry) index() Index {
	x := Index{Name: e.Name, Method: e.Method, Where: e.Where, Unique: e.IsUnique, With: storageOptions(e.With)}
	for _, raw := range e.Columns {
		c := struct {
			Expression, Nulls, Opclass string
			IsExpression, Asc          bool
		}{Asc: true}
		if json.Unmarshal(raw, &c) != nil {
			c.Expression, c.Asc = defaultSQL(raw), true
		}
		text := quotedName(c.Expression)
		if c.IsExpression {
			text = c.Expression
		}
		switch {
		case c.Opclass != "":
			text += " " + c.Opclass // as drizzle-kit does, which leaves out the rest then
		case !c.Asc || c.Nulls == "first":
			text += chooseIf(c.Asc, "", " DESC") + chooseIf(c.Nulls != "", " NULLS "+strings.ToUpper(c.Nulls), "")
		}
		x.Columns = append(x.Columns, text)
	}
	return x
}

func (e policyEntry) policy() Policy {
	p := Policy{Name: e.Name, As: chooseIf(e.As != "", e.As, "PERMISSIVE"), For: chooseIf(e.For != "", e.For, "ALL"), Using: e.Using, WithCheck: e.WithCheck}
	for _, to := range e.To {
		p.Roles = append(p.Roles, roleSQL(to))
	}
	if len(p.Roles) == 0 {
		p.Roles = []string{"public"}
	}
	return p
}

// link adds a policy that the schema file keeps apart from its table, which it
// names as SQL.
func (s *Snapshot) link(e policyEntry) {
	for _, t := range s.Tables {
		if e.On == t.Name.String() || e.On == quotedName(t.Name.Name) {
			t.Policies = append(t.Policies, e.policy())
			return
		}
	}
	name := strings.Split(strings.ReplaceAll(e.On, `"`, ""), ".")
	if len(name) == 1 {
		name = []string{"public", name[0]}
	}
	s.Existing = append(s.Existing, Name{name[0], name[1]})
}

func (s *Snapshot) addView(e viewEntry) {
	name := inSchema(e.Schema, e.Name)
	if e.IsExisting {
		s.Existing = append(s.Existing, name)
		return
	}
	s.Views = append(s.Views, View{
		Name: name, Definition: e.Definition, Using: e.Using, Tablespace: e.Tablespace,
		Materialized: e.Materialized, NoData: e.WithNoData, With: storageOptions(e.With),
	})
}

// ordered is a JSON object whose order counts.
type ordered[T any] []entry[T]

type entry[T any] struct {
	key   string
	value T
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *ordered[T]) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	t, err := d.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('{') {
		return fmt.Errorf("an object is expected, not %.20s", data)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var e entry[T]
		e.key, _ = key.(string)
		if err := d.Decode(&e.value); err != nil {
			return fmt.Errorf("%s: %w", e.key, err)
		}
		*o = append(*o, e)
	}
	return nil
}
