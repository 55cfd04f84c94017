package drizzlekit

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// A Snapshot is what a schema file said, whatever the version of the format.
// Names are unquoted, with the schema always written out; types and expressions
// are SQL.
type Snapshot struct {
	Schemas   []string
	Enums     []Enum
	Sequences []Sequence
	Roles     []string
	Tables    []*Table
	Views     []View

	// Existing are views that the schema file only refers to.
	Existing []Name
}

// A Name is one of a relation or type.
type Name struct{ Schema, Name string }

// An Enum is a type with its labels in order.
type Enum struct {
	Name
	Labels []string
}

// A Sequence has its numbers as digits, "" for PostgreSQL's default.
type Sequence struct {
	Name
	Increment, Min, Max, Start, Cache string
	Cycle                             bool
}

// A Table has its parts in the order in which drizzle-kit writes them.
type Table struct {
	Name
	RowSecurity bool
	Columns     []Column
	Keys        []Key
	Checks      []Check
	ForeignKeys []ForeignKey
	Indexes     []Index
	Policies    []Policy
}

// A Column has "" for what it does not have.
type Column struct {
	Name, Type         string
	NotNull            bool
	Default, Generated string
	Always             bool      // of Identity: BY DEFAULT otherwise
	Identity           *Sequence // nil for a column without
}

// A Key is a primary key or a unique constraint. The name of a primary key is
// "" where PostgreSQL chooses it.
type Key struct {
	Name             string
	Columns          []string
	Primary          bool
	NullsNotDistinct bool
}

// A Check is a constraint on the values of a row.
type Check struct{ Name, Expression string }

// A ForeignKey has "" for actions that are PostgreSQL's default.
type ForeignKey struct {
	Name               string
	Columns            []string
	To                 Name
	ToColumns          []string
	OnDelete, OnUpdate string
}

// An Index is one that no constraint owns.
type Index struct {
	Name, Method, Where string
	Unique              bool
	Columns             []string // as CREATE INDEX has them, with order and operator class
	With                []string // "fillfactor=70"
}

// A Policy is one of row security. Roles are SQL.
type Policy struct {
	Name, As, For, Using, WithCheck string
	Roles                           []string
}

// A View has its query.
type View struct {
	Name
	Definition, Using, Tablespace string
	Materialized, NoData          bool
	With                          []string
}

// A File is a snapshot with the place it has among others.
type File struct {
	Path string
	Data []byte
}

// Read returns what the newest of files says. The others are wanted for
// version 9, which keeps changes only, and to see in version 8 whether the
// newest knows of them; they are in the order of their migrations.
func Read(files []File) (*Snapshot, error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no snapshot")
	}
	newest := files[len(files)-1]
	var head struct{ Version string }
	if err := json.Unmarshal(newest.Data, &head); err != nil {
		return nil, err
	}
	var s *Snapshot
	var err error
	switch head.Version {
	case "5", "6", "7":
		s, err = readTables(newest.Data)
	case "8":
		if err = oneEnd(files); err == nil {
			s, err = readEntities(newest.Data)
		}
	case "9":
		s, err = replayDeltas(files)
	default:
		err = fmt.Errorf("version %q is not known", head.Version)
	}
	return s, err
}

// oneEnd refuses branches that no snapshot joins yet.
func oneEnd(files []File) error {
	ends := map[string]bool{}
	for _, f := range files {
		h, err := ReadHeader(bytes.NewReader(f.Data))
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, p := range h.Parents {
			delete(ends, p)
		}
		ends[h.ID] = true
	}
	if len(ends) > 1 {
		return fmt.Errorf("%d branches stand side by side, which the next drizzle-kit generate joins", len(ends))
	}
	return nil
}

// inSchema writes out the schema that goes without saying.
func inSchema(schema, name string) Name {
	if schema == "" {
		schema = "public"
	}
	return Name{schema, name}
}
