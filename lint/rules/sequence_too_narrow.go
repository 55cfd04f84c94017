package rules

import (
	"slices"
	"strings"

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

// sequenceOf returns the sequence that a column takes its default from, and the bits of
// its numbers; 0 where nobody knows.
func sequenceOf(p *lint.Pass, table *pg.RangeVar, name string) (sequence facts.Name, width int) {
	c := p.Folded(table).Column(name)
	if c == nil {
		return sequence, 0
	}
	if c.Serial {
		return serialSequence(p, table, name)
	}
	named := sequenceNamed(c)
	if named == nil {
		return sequence, 0
	}
	sequence = facts.Named(facts.Sequence, named)
	return sequence, sequenceWidth(p, sequence)
}

// serialSequence returns the sequence that was made with a column, under the name that it
// got then; into another schema it goes with its table.
func serialSequence(p *lint.Pass, table *pg.RangeVar, name string) (sequence facts.Name, width int) {
	made := p.Object(facts.PartOf(facts.Column, table, name)).Made()
	if made == nil {
		return sequence, 0
	}
	def, is := made.Tree.(*pg.ColumnDef)
	if !is {
		return sequence, 0
	}
	sequence = facts.Name{Kind: facts.Sequence, Schema: table.Schemaname, Name: facts.DeriveName(made.Name.Table, made.Name.Name, "seq")}
	switch strings.ToLower(facts.LastWord(def.GetTypeName().GetNames())) {
	case "serial", "serial4":
		return sequence, 31
	case "smallserial", "serial2":
		return sequence, 15
	}
	return sequence, 0
}

// sequenceWidth reads CREATE SEQUENCE … AS integer, and ALTER SEQUENCE after it.
func sequenceWidth(p *lint.Pass, sequence facts.Name) int {
	for e := range p.Object(sequence).Before(p) {
		if typ := sequenceType(e.Tree); typ != nil {
			return integerWidths[resolveType(p, typ).Name]
		}
	}
	return 0
}

func sequenceType(tree any) *pg.TypeName {
	var options []*pg.Node
	switch s := tree.(type) {
	case *pg.CreateSeqStmt:
		options = s.Options
	case *pg.AlterSeqStmt:
		options = s.Options
	}
	as, _ := facts.Option(options, "as")
	return as.GetTypeName()
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
