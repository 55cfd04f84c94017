package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var sequenceTooNarrow = &lint.Rule{
	ID: "sequence-too-narrow", Group: lint.GroupData, Severity: lint.Warning,
	On:      facts.Changed,
	Remains: true,
	Title:   "A column becomes wider, and its sequence does not",
	Why: "The sequence of a `serial` is `AS integer`, and stays so when the column becomes `bigint`: at 2147483647 `nextval` fails with `2200H`, and every `INSERT` with it, which the change of type was to prevent. The sequence of an identity column changes with it, and one that was made by `CREATE SEQUENCE` without `AS` is `bigint` already.\n\n" +
		"Not reported where the review alters the sequence, or gives the column another default.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altersequence.html",
	Fix: "Change the sequence too, which takes a moment:\n\n```sql\nALTER SEQUENCE clicks_id_seq AS bigint;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype != pg.AlterTableType_AT_AlterColumnType {
				continue
			}
			to := integerWidths[resolveType(p, c.GetDef().GetColumnDef().GetTypeName()).Name]
			sequence, width := sequenceOf(p, c.table, c.Name)
			if sequence.Name == "" || width == 0 || width >= to || isSequenceChanged(p, c, sequence) {
				continue
			}
			limit := int64(1)<<width - 1
			p.Reportf(c.location, "%s.%s becomes wider, and its sequence %s does not: nextval fails behind %d (2200H); alter the sequence AS the same type", tableName(c.table), c.Name, sequence, limit)
		}
	},
}

// isSequenceChanged tells whether the review makes the sequence wider, or has the column
// take its numbers from something else.
func isSequenceChanged(p *lint.Pass, c alterCommand, sequence facts.Name) bool {
	for e := range p.Object(sequence).Reviewed(p) {
		if sequenceType(e.Tree) != nil || e.Verb&facts.Dropped != 0 {
			return true
		}
	}
	for e := range p.Object(facts.PartOf(facts.Column, c.table, c.Name)).Reviewed(p) {
		cmd, is := e.Tree.(*pg.AlterTableCmd)
		if e.Verb&facts.Dropped != 0 || is && slices.Contains([]pg.AlterTableType{pg.AlterTableType_AT_ColumnDefault, pg.AlterTableType_AT_AddIdentity}, cmd.Subtype) {
			return true
		}
	}
	return false
}
