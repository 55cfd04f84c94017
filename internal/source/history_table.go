package source

import (
	"cmp"
	"fmt"
	"strings"
)

// historyTable is the quoted name of the history table: the tool's standard one,
// but for what the project names itself.
func (f *Found) historyTable(standard string) string {
	schema, table, qualified := strings.Cut(standard, ".")
	if !qualified {
		schema, table = "", standard
	}
	if f.Schema != "" {
		schema = quoteName(f.Schema)
	}
	if f.Table != "" {
		table = quoteName(f.Table)
	}
	if schema == "" {
		return table
	}
	return schema + "." + table
}

func quoteName(name string) string { return quoted(name, "") }

func quoteNames(names []string) []string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quoteName(name)
	}
	return quoted
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
	return fold(schema), fold(table)
}

func fold(name string) string {
	if inner, ok := strings.CutPrefix(name, `"`); ok && strings.HasSuffix(inner, `"`) {
		return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
	}
	return strings.ToLower(name)
}

// dotenv returns the value of a variable in the nearest .env, "" for none.
func (d *directory) dotenv(variable string) (value string) {
	d.climb(func(up *directory) bool {
		text := up.beginning(".env")
		for line := range strings.Lines(text) {
			name, v, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			if ok && strings.TrimSpace(name) == variable {
				value = unquoted(strings.TrimSpace(v))
			}
		}
		return text != ""
	})
	return value
}

// unquoted takes the quotes off that are around a whole value.
func unquoted(value string) string {
	if n := len(value); n > 1 && value[0] == value[n-1] && strings.ContainsRune(`"'`, rune(value[0])) {
		return value[1 : n-1]
	}
	return value
}

// qualified is the name of a table that may be in the first schema of the path.
func qualified(table string) string {
	if strings.Contains(table, ".") {
		return table
	}
	return `"public".` + table
}

// nameTable looks for the name of the history table where nobody gave one.
func (f *Found) nameTable(d *directory, t tool) {
	if f.Schema == "" && f.Table == "" && t.tableIn != nil {
		f.Schema, f.Table = t.tableIn(d)
	}
}

// NameTable makes a table the history table: "table", or "schema.table". The
// error says that there is but one name for it.
func (f *Found) NameTable(name string) error {
	t, _ := toolNamed(f.Tool)
	if t.table == "" {
		return fmt.Errorf("migrations folder %s: history-table: migvet knows that of %s by one name only; remove the key", f.Dir, f.Tool)
	}
	f.Schema, f.Table = SplitTable(name)
	if standard := t.table[strings.LastIndex(t.table, `"."`)+2:]; t.schemaOnly && quoteName(f.Table) != standard {
		return fmt.Errorf("migrations folder %s: history-table: that of %s is always called %s, in a schema of your choice; write %s.%s",
			f.Dir, f.Tool, standard, cmp.Or(f.Schema, "schema"), strings.Trim(standard, `"`))
	}
	return nil
}
