package schema

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/noun"
)

// Limits of a diagram: beyond them nobody reads it, and GitHub refuses to draw
// more than 500 edges or 50,000 characters.
// https://mermaid.js.org/config/schema-docs/config.html
const (
	maxEntities   = 30
	maxAttributes = 30
	maxDiagram    = 40000 // bytes
)

// Diagram writes the tables that differ between two schemas, and those that
// foreign keys connect them to, as an entity relationship diagram for Mermaid.
// It is "" when no table differs.
// https://mermaid.js.org/syntax/entityRelationshipDiagram.html
func Diagram(before, after *Schema, changes []Change) string {
	d := &diagram{before: before, after: after, keys: after.foreignKeys(), changes: map[string][]Change{}}
	for _, c := range changes {
		if table := c.Object.Within(); after.isTable(table) || before.isTable(table) {
			d.changes[table] = append(d.changes[table], c)
		}
	}
	if len(d.changes) == 0 {
		return ""
	}
	return d.write()
}

type diagram struct {
	before, after *Schema
	keys          []*Object           // foreign keys after
	changes       map[string][]Change // by table, "schema.name"
	out           strings.Builder
}

func (d *diagram) write() string {
	touched := slices.Sorted(maps.Keys(d.changes))
	d.out.WriteString("erDiagram\n")
	shown := map[string]bool{}
	for _, table := range touched[:min(len(touched), maxEntities)] {
		shown[table] = true
		d.entity(table)
	}
	for _, k := range d.keys {
		from, to := k.Within(), k.References
		if !shown[from] && !shown[to] || d.changes[from] == nil && d.changes[to] == nil {
			continue
		}
		if d.out.Len() < maxDiagram && (shown[from] && shown[to] || len(shown) < 2*maxEntities) {
			shown[from], shown[to] = true, true
			d.relationship(k)
		}
	}
	if left := len(touched) - maxEntities; left > 0 {
		fmt.Fprintf(&d.out, "    %%%% not drawn: %s\n", noun.Count(left, "more table"))
	}
	return d.out.String()
}

// entity writes a table that differs: its keys and what changed first, then as
// many other columns as fit.
func (d *diagram) entity(table string) {
	in := d.after
	if !in.isTable(table) {
		in = d.before
	}
	notes := d.notes(table, in == d.before)
	fmt.Fprintf(&d.out, "    %s", entityName(table))
	columns := in.Columns(table)
	for _, c := range d.changes[table] {
		if c.What == Removed && c.Object.Kind == Column && in == d.after {
			columns = append(columns, c.Object)
		}
	}
	if len(columns) == 0 || d.out.Len() > maxDiagram {
		d.out.WriteString("\n")
		return
	}
	d.out.WriteString(" {\n")
	keys := in.keyColumns(table)
	left := 0
	for i, c := range columns {
		if i >= maxAttributes && keys[c.Name] == "" && notes[c.Name] == "" {
			left++
			continue
		}
		d.attribute(c, keys[c.Name], notes[c.Name])
	}
	if left > 0 {
		fmt.Fprintf(&d.out, "        more columns \"%d\"\n", left)
	}
	d.out.WriteString("    }\n")
}

func (d *diagram) attribute(c *Object, key, note string) {
	fmt.Fprintf(&d.out, "        %s %s", attributeWord(typeWord(c.Property("type"))), attributeWord(c.Name))
	if key != "" {
		d.out.WriteString(" " + key)
	}
	if note != "" {
		fmt.Fprintf(&d.out, " \"%s\"", mermaidText(note))
	}
	d.out.WriteString("\n")
}

// notes says of columns what became of them.
func (d *diagram) notes(table string, gone bool) map[string]string {
	notes := map[string]string{}
	for _, c := range d.changes[table] {
		switch {
		case c.Object.IsRelation() && c.What == Changed, c.Object.Kind != Column:
		case c.What == Changed:
			var list []string
			for _, difference := range c.Differences {
				list = append(list, difference.String())
			}
			notes[c.Object.Name] = strings.Join(list, ", ")
		default:
			notes[c.Object.Name] = string(c.What)
		}
	}
	if gone {
		for _, c := range d.before.Columns(table) {
			notes[c.Name] = string(Removed)
		}
	}
	return notes
}

// relationship draws a foreign key: a parent has any number of children, a
// child has one parent or may have none.
func (d *diagram) relationship(k *Object) {
	parent, children := "||", "o{"
	for _, name := range k.Columns {
		if c := d.after.Find(Column, k.Schema, k.Relation, name); c != nil && c.Property("not null") == "" {
			parent = "|o"
		}
	}
	if d.after.isKey(k.Within(), k.Columns) {
		children = "o|"
	}
	fmt.Fprintf(&d.out, "    %s %s--%s %s : \"%s\"\n", entityName(k.References), parent, children, entityName(k.Within()), mermaidText(strings.Join(k.Columns, ", ")))
}

func (s *Schema) isTable(name string) bool {
	schema, table, _ := strings.Cut(name, ".")
	return name != "" && (s.Find(Table, schema, "", table) != nil || s.Find(ForeignTable, schema, "", table) != nil)
}

func (s *Schema) foreignKeys() []*Object {
	var keys []*Object
	for i := range s.Objects {
		if o := &s.Objects[i]; o.Kind == ForeignKey && !o.Inherited {
			keys = append(keys, o)
		}
	}
	return keys
}

// keyColumns tells which columns are of a key: "PK", "FK", "PK, FK".
func (s *Schema) keyColumns(table string) map[string]string {
	keys := map[string]string{}
	words := map[Kind]string{PrimaryKey: "PK", ForeignKey: "FK", Unique: "UK"}
	for i := range s.Objects {
		o := &s.Objects[i]
		word := words[o.Kind]
		if word == "" || o.Within() != table {
			continue
		}
		for _, c := range o.Columns {
			if keys[c] == "" {
				keys[c] = word
			} else if !strings.Contains(keys[c], word) {
				keys[c] += ", " + word
			}
		}
	}
	return keys
}

// isKey reports whether the columns are a primary key or unique constraint.
func (s *Schema) isKey(table string, columns []string) bool {
	return slices.ContainsFunc(s.Objects, func(o Object) bool {
		return (o.Kind == PrimaryKey || o.Kind == Unique) && o.Within() == table && slices.Equal(o.Columns, columns)
	})
}

// entityName quotes a table's name; the schema public goes without saying.
func entityName(table string) string {
	return `"` + mermaidText(strings.TrimPrefix(table, "public.")) + `"`
}

var (
	unquotablePattern = lazyregexp.New("[\"%\\\\\r\n\v\x08<>&#;`]")
	notOfWord         = lazyregexp.New(`[^\pL\pN_\-\[\]()]+`)
	typeModifiers     = lazyregexp.New(`\(\d+,\d+\)`)
)

func mermaidText(text string) string { return unquotablePattern.ReplaceAllString(text, "_") }

// typeWord shortens a type to a word: "timestamp with time zone" is
// timestamptz to those who write it.
func typeWord(name string) string {
	return typeModifiers.ReplaceAllString(strings.NewReplacer("timestamp with time zone", "timestamptz", "timestamp without time zone", "timestamp",
		"character varying", "varchar", "double precision", "float8").Replace(name), "")
}

// attributeWord makes a word of text: Mermaid quotes neither names nor types.
func attributeWord(text string) string {
	word := notOfWord.ReplaceAllString(text, "_")
	if word == "" || !regexp.MustCompile(`^[\pL_]`).MatchString(word) {
		word = "_" + word
	}
	return word
}
