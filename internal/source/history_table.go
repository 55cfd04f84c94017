package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"strings"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint/rules"
)

// historyTable is the quoted name of the history table: the tool's standard one,
// but for what the project names itself.
func (f *Found) historyTable(standard quote.SQL) quote.SQL {
	schema, table := f.historyNames(standard)
	if schema == "" {
		return table
	}
	return schema + "." + table
}

// historyNames are the two parts of historyTable; schema is "" when it is left to
// the search path.
func (f *Found) historyNames(standard quote.SQL) (schema, table quote.SQL) {
	table = standard
	if i := strings.IndexByte(string(standard), '.'); i >= 0 {
		schema, table = standard[:i], standard[i+1:]
	}
	if f.Schema != "" {
		schema = quote.Name(f.Schema)
	}
	if f.Table != "" {
		table = quote.Name(f.Table)
	}
	return schema, table
}

// SplitTable takes "schema.table" or "table" apart.
func SplitTable(name string) (schema, table string) {
	if before, after, ok := strings.Cut(name, "."); ok {
		return before, after
	}
	return "", name
}

// foldTable is SplitTable for tools that write the name into SQL as it is:
// without quotes, PostgreSQL takes it in lower case.
func foldTable(name string) (schema, table string) {
	schema, table = SplitTable(name)
	return foldIdentifier(schema), foldIdentifier(table)
}

func foldIdentifier(name string) string {
	if inner, ok := strings.CutPrefix(name, `"`); ok && strings.HasSuffix(inner, `"`) {
		return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
	}
	return strings.ToLower(name)
}

// withPublic is the qualified name of a table that may be in the first schema of the path.
func withPublic(table quote.SQL) quote.SQL {
	if strings.Contains(string(table), ".") {
		return table
	}
	return `"public".` + table
}

// nameTable looks for the name of the history table where nobody gave one.
func (f *Found) nameTable(d *directory, t tool) {
	if f.Schema == "" && f.Table == "" && t.tableIn != nil {
		f.Schema, f.Table = t.tableIn(d)
		f.namedIn, f.unsure = d.answeredBy, d.unsure
	}
}

// On returns what was found as another branch has it: the history table may be
// called otherwise there, unless migvet's own configuration names it.
func (f Found) On(fsys fs.FS) Found {
	t, _ := toolNamed(f.Tool)
	f.claimed, f.changelog, f.settings, f.refused, f.doubts, f.places = "", "", nil, nil, nil, nil
	switch {
	case f.named || t.table == "":
	case t.tableIn != nil:
		f.Schema, f.Table, f.namedIn, f.unsure = "", "", "", false // Load looks for them
	case t.tableOn != nil:
		f.Schema, f.Table = t.tableOn(f, fsys)
	}
	return f
}

// renamedTable reports that the tool would look for what has run in another table.
func (r *review) renamedTable(t tool) {
	if r.from == nil || len(r.from.steps) == 0 || t.table == "" || r.from.unsure || r.to.unsure {
		return
	}
	was, is := r.from.historyTable(t.table), r.to.historyTable(t.table)
	if was == is {
		return
	}
	file := cmp.Or(r.to.namedIn, r.to.Config, r.from.namedIn, r.from.Config)
	r.report(rules.HistoryTableChanged.AtFile(file, fmt.Sprintf(
		"%s looks for what has run in %s and no more in %s, as on %s, so every migration is new to every database; rename the table there before this is deployed, or keep the name",
		r.to.Tool, is, was, r.base)))
}

// NameTable makes a table the history table: "table", or "schema.table". The
// error says that there is but one name for it.
func (f *Found) NameTable(name string) error {
	t, _ := toolNamed(f.Tool)
	if f.Tool == Plain {
		f.Schema, f.Table = SplitTable(name)
		f.named = true
		return nil
	}
	if t.table == "" {
		return fmt.Errorf("migrations folder %s: history-table: migvet knows that of %s by one name only; remove the key", f.Dir, f.Tool)
	}
	f.Schema, f.Table = SplitTable(name)
	f.named = true
	if standard := t.table[strings.LastIndex(string(t.table), `"."`)+2:]; t.schemaOnly && quote.Name(f.Table) != standard {
		return fmt.Errorf("migrations folder %s: history-table: that of %s is always called %s, in a schema of your choice; write %s.%s",
			f.Dir, f.Tool, standard, cmp.Or(f.Schema, "schema"), strings.Trim(string(standard), `"`))
	}
	return nil
}

// TableMayBe reports whether the history table of a tool may have a name.
func TableMayBe(tool, name string) bool { return (&Found{Tool: tool}).NameTable(name) == nil }
