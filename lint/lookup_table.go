package lint

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint/facts"
)

// Bounds of a lookup table, as currencies (code, name): a table with more columns, or rows,
// says more than what its codes mean.
const (
	maxLookupColumns = 6
	maxLookupRows    = 1000
	minLookupRows    = 2
)

// aboutSomebody matches names of columns and tables whose rows people and their work make,
// also where a migration brings the first of them.
var aboutSomebody = lazyregexp.New(`(?i)email|e_mail|passw|token|secret|user|account|tenant|member|customer|organi[sz]ation|company|person|people|session|event|log`)

// LookupRows tells how many rows a lookup table has, by the history alone: migrations put
// rows into it, as constants with their keys, where they make it or before anything
// references it, nothing else does or takes any out, and it references no table. ok is false for all others,
// and where the history does not tell: small is what nobody has to ask about, so it takes
// all of that.
func (p *Pass) LookupRows(r *pg.RangeVar) (rows int, ok bool) {
	if r == nil {
		return 0, false
	}
	o := p.ObjectAfter(facts.Named(facts.Table, r))
	if o == nil || o.kind != facts.Table || o.made == nil || o.made.Maybe && !o.alone {
		return 0, false
	}
	t := p.FinalOf(o)
	if t == nil || !t.isLookup() || !p.walk.timeline.isReferenced(o) {
		return 0, false
	}
	rows = p.walk.timeline.seededRows(o, t)
	return rows, minLookupRows <= rows && rows <= maxLookupRows
}

// acceptSmall accepts findings about work that grows with a table where all tables of the
// statement are lookup tables that were there before: with no sizes, nothing else tells.
func (p *Pass) acceptSmall(findings []*Finding) {
	if len(findings) == 0 {
		return
	}
	tables := touchedTables(p.Statement, p.Effect())
	var parts []string
	for _, t := range tables {
		rows, is := p.LookupRows(&pg.RangeVar{Schemaname: t.schema, Relname: t.name, Inh: true})
		if !is {
			return
		}
		parts = append(parts, fmt.Sprintf("migrations put %s into %s", rowsText(int64(rows)), t))
	}
	for _, f := range findings {
		if len(tables) > 0 && f.Rule == p.rule.ID {
			f.Accepted = smallByHistory + strings.Join(parts, ", ")
		}
	}
}

// isLookup reports whether a folded table has the form of a lookup table: few columns, a key
// that is a code, or a number beside a unique one, and no foreign key.
func (t *Table) isLookup() bool {
	if t.Partial || t.Partition || len(t.Columns) < 2 || len(t.Columns) > maxLookupColumns || aboutSomebody.MatchString(t.Name) {
		return false
	}
	isSomebody := func(c Column) bool { return aboutSomebody.MatchString(c.Name) }
	leadsOn := func(c Constraint) bool { return c.Kind == ForeignKey && c.RefTable != t.QName() }
	return t.lookupCode() != "" && !slices.ContainsFunc(t.Columns, isSomebody) && !slices.ContainsFunc(t.Constraints, leadsOn)
}

// lookupCode is the column with the codes of a lookup table: its primary key, or a text that
// is unique; "" for none.
func (t *Table) lookupCode() string {
	key := t.PrimaryKey()
	if len(key) != 1 {
		return ""
	}
	c := t.Column(key[0])
	switch {
	case c == nil || c.Unknown:
		return ""
	case c.isCode():
		return c.Name
	case !c.isWritten("int4", "int8", "serial", "serial4", "bigserial", "serial8"):
		return ""
	}
	for _, unique := range t.Constraints {
		if code := t.Column(first(unique.Columns)); unique.Kind == Unique && len(unique.Columns) == 1 && code.isCode() {
			return code.Name
		}
	}
	return ""
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// isCode reports whether a column holds what somebody wrote, and not what was computed.
func (c *Column) isCode() bool {
	return c != nil && !c.IsFilled() && c.isWritten("text", "varchar", "bpchar", "citext", "int2")
}

func (c *Column) isWritten(types ...string) bool {
	return c.Written != nil && len(c.Written.ArrayBounds) == 0 && slices.Contains(types, facts.LastWord(c.Written.Names))
}

// isReferenced reports whether another table has a foreign key to one.
func (t *timeline) isReferenced(o *Object) bool {
	return slices.ContainsFunc(o.referrers, func(key *Object) bool { return key.of != nil && key.of != o })
}

// seededRows counts the rows that migrations put into a table as constants, the first of
// them at once; 0 when anything else adds some, or takes some out.
func (t *timeline) seededRows(o *Object, table *Table) (rows int) {
	code := t.find(facts.Name{Kind: facts.Column, Schema: table.Schema, Table: table.Name, Name: table.lookupCode()}, t.last())
	at := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Name == table.lookupCode() })
	if code == nil {
		return 0
	}
	for _, e := range o.events {
		if e.Object != o || e.Verb&(facts.Filled|facts.Deleted|facts.Emptied) == 0 {
			continue
		}
		n := seedsIn(e, code.nameAt(e.place).Name, at)
		if n == 0 || rows == 0 && !t.isAtOnce(o, e) {
			return 0
		}
		rows += n
	}
	return rows
}

// isAtOnce reports whether an event is in the migration that makes a table, or before
// another one references it.
func (t *timeline) isAtOnce(o *Object, e Event) bool {
	uses := func(key *Object) bool { return key.of != o && key.made != nil && key.made.place < e.place }
	return t.migrationAt(e.place) == t.migrationAt(o.made.place) || !slices.ContainsFunc(o.referrers, uses)
}

// migrationAt numbers the migrations of a timeline.
func (t *timeline) migrationAt(place int32) int {
	return sort.Search(len(t.ends), func(i int) bool { return t.ends[i] > place })
}

// seedsIn counts the rows of an INSERT … VALUES that brings its codes itself, in a column
// that is called so, the place of which is given for who names none; 0 for other statements.
func seedsIn(e Event, code string, at int) int {
	insert, is := e.Tree.(*pg.InsertStmt)
	if !is || e.Verb != facts.Filled || insert.WithClause != nil {
		return 0
	}
	if len(insert.Cols) > 0 {
		at = slices.IndexFunc(insert.Cols, func(n *pg.Node) bool { return n.GetResTarget().GetName() == code })
	}
	values := insert.GetSelectStmt().GetSelectStmt().GetValuesLists()
	for _, row := range values {
		items := row.GetList().GetItems()
		if at < 0 || at >= len(items) || !isConstant(items[at]) {
			return 0
		}
	}
	if len(values) == 0 {
		return 0
	}
	return len(values) + e.Statement.LeftOut()
}

// isConstant reports whether an expression is a literal, cast or not.
func isConstant(n *pg.Node) bool {
	if cast := n.GetTypeCast(); cast != nil {
		n = cast.Arg
	}
	return n.GetAConst() != nil && !n.GetAConst().Isnull
}
