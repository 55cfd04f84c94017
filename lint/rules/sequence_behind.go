package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var sequenceBehind = &lint.Rule{
	ID: "sequence-behind", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Filled | facts.Changed,
	Title: "Rows bring their own numbers, and the sequence does not know",
	Why: "A serial or identity column takes its numbers from a sequence only when an `INSERT` leaves the column out. Rows that bring their own leave the sequence where it is, so that it gives out the same numbers again: code then fails with `23505`, once for each of them, or makes duplicates where nothing is unique.\n\n" +
		"A new identity, or a new sequence, for a column that holds numbers already starts at 1 as well, whatever sequence the column had before.\n\n" +
		"Not reported when a later statement of the review sets the sequence (`setval`, `RESTART`), nor for numbers below 1.\n\n" +
		"https://www.postgresql.org/docs/current/functions-sequence.html",
	Fix: "Leave the column out, or set the sequence behind the rows:\n\n```sql\nSELECT setval(pg_get_serial_sequence('states', 'id'), (SELECT max(id) FROM states));\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			checkNewSequence(p, c)
		}
		s := p.Node().GetInsertStmt()
		if s == nil || isTemporaryHere(p, s.Relation) || setsSequence(p) {
			return
		}
		for i, name := range filledColumns(p, s) {
			if bringsNumbers(s.GetSelectStmt().GetSelectStmt(), i) && p.Table(s.Relation).Column(name).IsSequence() && !sharesSequence(p, s, name) && !takesSequenceAlong(p, s, i, name) {
				reportBehind(p, s, i, name)
				return
			}
		}
	},
}

// filledColumns returns the columns of an INSERT in the order of its values, which is that of
// the table where it names none: INSERT INTO states SELECT * FROM states_old.
func filledColumns(p *lint.Pass, s *pg.InsertStmt) []string {
	if len(s.Cols) > 0 {
		return targetColumns(s.Cols)
	}
	t := p.Table(s.Relation)
	if t == nil || t.Partial {
		return nil
	}
	var names []string
	targets := s.GetSelectStmt().GetSelectStmt().GetTargetList()
	isOpen := len(targets) == 0 || slices.ContainsFunc(targets, func(n *pg.Node) bool { return isStar(n.GetResTarget().GetVal()) })
	for i, c := range t.Columns {
		if isOpen || i < len(targets) {
			names = append(names, c.Name)
		}
	}
	return names
}

// checkNewSequence is about columns of rows that exist, which have their numbers.
func checkNewSequence(p *lint.Pass, c alterCommand) {
	t := p.Table(c.table)
	if t == nil || t.Emptied || isEmptyOrNumbered(p, c) || !startsOver(p, c) || setsSequence(p) {
		return
	}
	p.Reportf(c.location, "the rows of %s have their numbers, and the new sequence of %s starts at 1: it gives out the same numbers again (23505); START WITH more than the largest, or setval behind it", tableName(c.table), c.Name)
}

// isEmptyOrNumbered tells whether there are no rows whose numbers a new sequence could give
// out again: the review makes the column, or the table, and nothing has filled it so far.
func isEmptyOrNumbered(p *lint.Pass, c alterCommand) bool {
	if !p.IsNew(c.table) {
		return columnIsNew(p, c.table, c.Name)
	}
	for e := range p.Relation(c.table).Before(p) {
		if e.Verb&facts.Filled != 0 && e.Name.Kind == facts.Table && !isWithoutRows(e.Tree) {
			return false
		}
	}
	return true
}

// isWithoutRows is about CREATE TABLE … AS … WITH NO DATA.
func isWithoutRows(tree any) bool {
	as, is := tree.(*pg.CreateTableAsStmt)
	return is && as.GetInto().GetSkipData()
}

// startsOver tells whether a column gets a sequence that begins where its rows did.
func startsOver(p *lint.Pass, c alterCommand) bool {
	switch c.Subtype {
	case pg.AlterTableType_AT_AddIdentity:
		return !startsLater(c.GetDef().GetConstraint().GetOptions())
	case pg.AlterTableType_AT_ColumnDefault:
		column := p.Table(c.table).Column(c.Name)
		name := sequenceNamed(&lint.Column{DefaultExpr: c.GetDef()})
		if name == nil || column == nil || !column.NotNull || slices.ContainsFunc(p.Above(), func(s *lint.Statement) bool { return speaksOfPosition(s.SQL) }) {
			return false
		}
		made := p.Object(facts.Named(facts.Sequence, name)).Made()
		if made == nil || !made.New || made.Maybe {
			return false
		}
		create, is := made.Tree.(*pg.CreateSeqStmt)
		return is && !startsLater(create.Options)
	}
	return false
}

// startsLater tells whether the options of a sequence have it begin somewhere else
// than at 1.
func startsLater(options []*pg.Node) bool {
	return slices.ContainsFunc(options, func(n *pg.Node) bool {
		d := n.GetDefElem()
		return (d.GetDefname() == "start" || d.GetDefname() == "restart" || d.GetDefname() == "minvalue" || d.GetDefname() == "increment") && d.GetArg() != nil && d.GetArg().GetInteger().GetIval() != 1
	})
}

func reportBehind(p *lint.Pass, s *pg.InsertStmt, place int, name string) {
	again := "the same numbers again (23505)"
	if final := p.FinalColumn(s.Relation, name); final != nil && !isUniqueAlone(p.TableFinal(s.Relation), final.Name) {
		again = "the same numbers again, and nothing keeps duplicates away"
	}
	sequence := "pg_get_serial_sequence(" + writtenText(written(s.Relation)) + ", " + writtenText(name) + ")"
	if own := sequenceNamed(p.Table(s.Relation).Column(name)); own != nil && !isOwned(p, own) {
		sequence = writtenText(unqualified(p, written(own)))
	}
	location := s.Relation.GetLocation()
	if place < len(s.Cols) {
		location = s.Cols[place].GetResTarget().GetLocation()
	}
	p.Reportf(location, "these rows bring their own %s, so that the sequence of %s.%s gives out %s; SELECT setval(%s, max(%s)) FROM %s behind them",
		name, tableName(s.Relation), name, again, sequence, lint.QuoteIdentifier(name), written(s.Relation))
}

// bringsNumbers tells whether the rows of an INSERT have a number of their own
// in one place: constants of 1 or more, or what a query returns.
func bringsNumbers(rows *pg.SelectStmt, place int) bool {
	if len(rows.GetValuesLists()) == 0 {
		return len(rows.GetFromClause()) > 0
	}
	return slices.ContainsFunc(rows.ValuesLists, func(row *pg.Node) bool {
		items := row.GetList().GetItems()
		if place >= len(items) {
			return false
		}
		l, ok := sqlvalue.ReadLiteral(items[place])
		return ok && l.Kind == sqlvalue.NumberLiteral && !strings.HasPrefix(l.Text, "-") && strings.Trim(l.Text, "0.") != ""
	})
}

// sharesSequence tells whether a column draws from the sequence of the table that it was
// copied from and that the rows come from: CREATE TABLE archive (LIKE orders INCLUDING
// DEFAULTS), INSERT INTO archive SELECT … FROM orders. Those are behind it already. An
// identity column, and one that the table declares itself, has a sequence of its own.
func sharesSequence(p *lint.Pass, s *pg.InsertStmt, column string) bool {
	made := p.Relation(s.Relation).Made()
	if made == nil || p.Table(s.Relation).Column(column).Identity {
		return false
	}
	elements := made.Statement.Node.GetCreateStmt().GetTableElts()
	if slices.ContainsFunc(elements, func(n *pg.Node) bool { return n.GetColumnDef().GetColname() == column }) {
		return false
	}
	return slices.ContainsFunc(elements, func(n *pg.Node) bool {
		like := n.GetTableLikeClause().GetRelation()
		return like != nil && slices.ContainsFunc(s.GetSelectStmt().GetSelectStmt().GetFromClause(), func(from *pg.Node) bool {
			return from.GetRangeVar() != nil && wasCalled(p, from.GetRangeVar(), like)
		})
	})
}

// takesSequenceAlong tells whether rows come as they are from a table that draws from the
// sequence of the column, too, or did: ALTER SEQUENCE orders_id_seq OWNED BY NONE, CREATE
// TABLE orders (id bigint DEFAULT nextval('orders_id_seq')), INSERT INTO orders SELECT …
// FROM orders_old. The sequence is behind them already.
func takesSequenceAlong(p *lint.Pass, s *pg.InsertStmt, place int, column string) bool {
	sequence := sequenceNamed(p.Table(s.Relation).Column(column))
	query := s.GetSelectStmt().GetSelectStmt()
	targets := query.GetTargetList()
	if sequence == nil || len(query.GetFromClause()) != 1 || !isStar(targets[0].GetResTarget().GetVal()) && (place >= len(targets) || targets[place].GetResTarget().GetVal().GetColumnRef() == nil) {
		return false
	}
	from := query.FromClause[0].GetRangeVar()
	return from != nil && drawsFrom(p, from, sequence)
}

// wasCalled tells whether a relation has a name, or had it before the review renamed it.
func wasCalled(p *lint.Pass, r, name *pg.RangeVar) bool {
	for e := range p.Relation(r).Before(p) {
		if e.New && e.Verb&facts.Renamed != 0 && e.Name.Kind.IsRelation() {
			r = e.Name.Relation()
		}
	}
	return p.SameRelation(r, name)
}
