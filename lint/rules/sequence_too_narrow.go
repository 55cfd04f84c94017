package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var sequenceTooNarrow = &lint.Rule{
	ID: "sequence-too-narrow", Group: lint.GroupData, Severity: lint.Warning,
	On:      facts.Changed | facts.Made,
	Remains: true,
	Title:   "A column is wider than the sequence that it takes its numbers from",
	Why: "The sequence of a `serial` is `AS integer`, and stays so when the column becomes `bigint`: at 2147483647 `nextval` fails with `2200H`, and every `INSERT` with it, which the change of type was to prevent. The sequence of an identity column changes with it, and one that was made by `CREATE SEQUENCE` without `AS` is `bigint` already. So it is with a column that is made `bigint` over a sequence `AS integer`.\n\n" +
		"Not reported where the review alters the sequence, or gives the column another default.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altersequence.html",
	Fix: "Change the sequence too, which takes a moment:\n\n```sql\nALTER SEQUENCE clicks_id_seq AS bigint;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_AlterColumnType {
				checkWidened(p, c)
			}
		}
		for _, c := range columns(p) {
			checkSequenceOf(p, c)
		}
	},
}

func checkWidened(p *lint.Pass, c alterCommand) {
	to := integerWidths[resolveType(p, c.GetDef().GetColumnDef().GetTypeName()).Name]
	sequence, width := sequenceOf(p, c.table, c.Name)
	if sequence.Name == "" || width == 0 || width >= to || isSequenceChanged(p, c.table, c.Name, sequence) {
		return
	}
	p.Reportf(c.location, "%s.%s becomes wider, and its sequence %s does not: nextval fails behind %d (2200H); alter the sequence AS the same type", tableName(c.table), c.Name, sequence, largest(width))
}

// checkSequenceOf is about a column that gets a sequence for its default: CREATE SEQUENCE
// clicks_seq AS integer, CREATE TABLE clicks (id bigint DEFAULT nextval('clicks_seq')).
func checkSequenceOf(p *lint.Pass, c column) {
	named := sequenceNamed(&lint.Column{DefaultExpr: c.expr})
	if named == nil {
		return
	}
	sequence := facts.Named(facts.Sequence, named)
	width := sequenceWidth(p, sequence)
	if width == 0 || width >= integerWidths[typeOf(p, c).Name] || isSequenceWidened(p, sequence) {
		return
	}
	p.Reportf(c.defaultLocation(), "%s.%s is wider than its sequence %s: nextval fails behind %d (2200H); alter the sequence AS the same type", tableName(c.table), c.name, sequence, largest(width))
}

// largest is the largest number of some bits.
func largest(width int) int64 { return int64(1)<<width - 1 }

// isSequenceWidened tells whether a later statement of the review changes the type of a
// sequence, or drops it.
func isSequenceWidened(p *lint.Pass, sequence facts.Name) bool {
	for e := range p.Object(sequence).After(p) {
		if sequenceType(e.Tree) != nil || e.Verb&facts.Dropped != 0 {
			return true
		}
	}
	return false
}

// isSequenceChanged tells whether the review makes the sequence wider, or has the column
// take its numbers from something else.
func isSequenceChanged(p *lint.Pass, table *pg.RangeVar, column string, sequence facts.Name) bool {
	for e := range p.Object(sequence).Reviewed(p) {
		if sequenceType(e.Tree) != nil || e.Verb&facts.Dropped != 0 {
			return true
		}
	}
	for e := range p.Object(facts.PartOf(facts.Column, table, column)).Reviewed(p) {
		cmd, is := e.Tree.(*pg.AlterTableCmd)
		if e.Verb&facts.Dropped != 0 || is && slices.Contains([]pg.AlterTableType{pg.AlterTableType_AT_ColumnDefault, pg.AlterTableType_AT_AddIdentity}, cmd.Subtype) {
			return true
		}
	}
	return false
}
