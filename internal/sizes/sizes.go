// Package sizes reads how large the tables of production are, from a file that
// one query makes there: findings can then say what a rewrite means.
package sizes

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/migvet/migvet/lint"
)

// Query is the SQL that makes the file, on PostgreSQL 14 to 18: one row, one
// column, of type json.
//
//go:embed query.sql
var Query string

// MaxSize is how large a file may be, in bytes, and maxTables how many tables it
// may have: far above what a database gives that has a schema for each tenant.
const (
	MaxSize   = 32 << 20
	maxTables = 200_000
)

// A File is what production told.
type File struct {
	tables map[[2]string]lint.Size // by schema and name
}

type document struct {
	Version  int     `json:"version"`
	Postgres string  `json:"postgres"`
	Taken    string  `json:"taken"`
	Tables   []table `json:"tables"`
}

type table struct {
	Schema string `json:"schema"`
	Name   string `json:"name"`
	Rows   *int64 `json:"rows"` // null: never counted
	Bytes  int64  `json:"bytes"`
}

const howTo = `write it with psql -XAt -c "$(migvet stats)"`

// Read reads a file; path is for errors, which name the line.
func Read(path string, data []byte) (*File, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("%s is empty; %s", path, howTo)
	}
	if bytes.Count(data, []byte("{")) > maxTables+1 {
		return nil, fmt.Errorf("%s has more than %d tables, the most that migvet reads; leave out what migrations do not touch", path, maxTables)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var doc document
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w; %s", linePlace(path, data, errorOffset(err, data)), plainError(err), howTo)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more behind the JSON value; %s", linePlace(path, data, d.InputOffset()), howTo)
	}
	if doc.Version != 1 {
		return nil, fmt.Errorf("%s: version %d is not 1, which is all this migvet reads; %s", path, doc.Version, howTo)
	}
	f := &File{tables: map[[2]string]lint.Size{}}
	for i, t := range doc.Tables {
		if err := f.add(t); err != nil {
			return nil, fmt.Errorf("%s: table %d: %w", path, i+1, err)
		}
	}
	return f, nil
}

func (f *File) add(t table) error {
	key := [2]string{t.Schema, t.Name}
	_, twice := f.tables[key]
	size := lint.Size{Rows: -1, Bytes: t.Bytes}
	if t.Rows != nil {
		size.Rows = *t.Rows
	}
	switch {
	case t.Schema == "" || t.Name == "":
		return errors.New("schema or name is missing")
	case twice:
		return fmt.Errorf("%s.%s is there twice", t.Schema, t.Name)
	case size.Bytes < 0 || t.Rows != nil && size.Rows < 0:
		return fmt.Errorf("%s.%s has a negative size", t.Schema, t.Name)
	}
	f.tables[key] = size
	return nil
}

// Of returns the size of a table. Without a schema it is the one in public, or
// the only one of that name.
func (f *File) Of(schema, name string) (lint.Size, bool) {
	if schema != "" {
		size, ok := f.tables[[2]string{schema, name}]
		return size, ok
	}
	if size, ok := f.tables[[2]string{"public", name}]; ok {
		return size, true
	}
	var found []lint.Size
	for key, size := range f.tables {
		if key[1] == name {
			found = append(found, size)
		}
	}
	if len(found) != 1 {
		return lint.Size{}, false
	}
	return found[0], true
}

// errorOffset is the byte that an error is about.
func errorOffset(err error, data []byte) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset - 1
	case errors.As(err, &kind):
		return kind.Offset - 1
	case errors.Is(err, io.ErrUnexpectedEOF):
		return int64(len(data))
	}
	return 0 // an unknown key, which is quoted
}

// plainError says without Go's words what is wrong.
func plainError(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s is a %s", kind.Field, kind.Value)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

func linePlace(path string, data []byte, offset int64) string {
	p := lint.NewLines(string(data)).Position(int(min(offset, int64(len(data)))))
	return fmt.Sprintf("%s:%d:%d", path, p.Line, p.Column)
}
