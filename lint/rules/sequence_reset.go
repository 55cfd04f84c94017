package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var sequenceReset = &lint.Rule{
	ID: "sequence-reset", Group: lint.GroupData, Severity: lint.Warning,
	On:      facts.Changed | facts.Queried,
	Remains: true,
	Title:   "A sequence begins again at numbers that rows have",
	Why: "`RESTART`, `RESTART WITH 1` and `setval(…, 1)` have a sequence give out the numbers that the rows of its table got from it: the next `INSERT` fails with `23505`, and so does each one after it until the sequence is past them; where nothing is unique, they make duplicates. " +
		"A rollback does not take `setval` back.\n\n" +
		"Not reported where the table is new or was emptied, nor where a later statement sets the sequence. Other numbers than the first are taken to be chosen.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altersequence.html",
	Fix: "Begin behind the rows:\n\n```sql\nSELECT setval(pg_get_serial_sequence('states', 'id'), (SELECT max(id) FROM states));\n```",
	Check: func(p *lint.Pass) {
		if !speaksOfPosition(p.Statement.SQL) {
			return
		}
		for _, r := range restarts(p) {
			table := p.Table(r.table)
			if p.IsNew(r.table) || columnIsNew(p, r.table, r.column) || table != nil && table.Emptied || setsSequence(p) {
				continue
			}
			p.Reportf(r.location, "the sequence of %s.%s begins again at 1, below the numbers that rows have: the next INSERT gets one of theirs (23505); begin behind max(%s)",
				tableName(r.table), r.column, lint.QuoteIdentifier(r.column))
		}
	},
}

// A restart has the sequence of a column begin at its first number.
type restart struct {
	table    *pg.RangeVar
	column   string
	location int32
}

// restarts returns what ALTER TABLE, ALTER SEQUENCE or setval set back to the start.
func restarts(p *lint.Pass) []restart {
	var found []restart
	for _, c := range alterCommands(p.Statement) {
		if c.Subtype == pg.AlterTableType_AT_SetIdentity && beginsAgain(c.GetDef().GetList().GetItems()) {
			found = append(found, restart{c.table, c.Name, c.location})
		}
	}
	if s := p.Node().GetAlterSeqStmt(); s != nil && beginsAgain(s.Options) {
		found = append(found, drawersOf(p, s.Sequence, 0)...)
	}
	if p.Node().GetSelectStmt() == nil {
		return found
	}
	facts.Walk(p.Node(), func(n *pg.Node) bool {
		if facts.FunctionName(n) == "setval" {
			found = append(found, restartBySetval(p, n.GetFuncCall())...)
		}
		return true
	})
	return found
}

// beginsAgain tells whether options have RESTART, alone or with 1.
func beginsAgain(options []*pg.Node) bool {
	number, found := facts.Option(options, "restart")
	return found && (number == nil || number.GetInteger() != nil && number.GetInteger().GetIval() == 1)
}

// restartBySetval reads setval('states_id_seq', 1), and the same with
// pg_get_serial_sequence('states', 'id').
func restartBySetval(p *lint.Pass, call *pg.FuncCall) []restart {
	if len(call.Args) < 2 {
		return nil
	}
	if number, ok := sqlvalue.ReadLiteral(call.Args[1]); !ok || number.Text != "1" {
		return nil
	}
	if serial := call.Args[0].GetFuncCall(); facts.LastWord(serial.GetFuncname()) == "pg_get_serial_sequence" && len(serial.Args) == 2 {
		table, isTable := sqlvalue.ReadLiteral(serial.Args[0])
		column, isColumn := sqlvalue.ReadLiteral(serial.Args[1])
		if name := readName(table.Text); isTable && isColumn && name != nil {
			return []restart{{name, column.Text, call.Location}}
		}
		return nil
	}
	sequence, ok := sqlvalue.ReadLiteral(call.Args[0])
	if name := readName(sequence.Text); ok && name != nil {
		return drawersOf(p, name, call.Location)
	}
	return nil
}

// drawersOf returns the columns that take their numbers from a sequence.
func drawersOf(p *lint.Pass, sequence *pg.RangeVar, location int32) []restart {
	var found []restart
	for _, o := range p.Tables() {
		t, table := p.FoldedAfter(o), o.Name(p).Relation()
		if t == nil || table == nil {
			continue
		}
		if table.Schemaname == p.HomeSchema() {
			table.Schemaname = sequence.Schemaname // as the statement writes it
		}
		for i := range t.Columns {
			c := &t.Columns[i]
			if !c.IsSequence() {
				continue
			}
			if own, _ := sequenceOf(p, table, c.Name); own.Name != "" && p.Same(own, facts.Named(facts.Sequence, sequence)) || c.Identity && facts.DeriveName(t.Name, c.Name, "seq") == sequence.Relname {
				found = append(found, restart{table, c.Name, location})
			}
		}
	}
	return found
}
