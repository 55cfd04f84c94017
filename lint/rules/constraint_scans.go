package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var constraintScans = &lint.Rule{
	ID: "constraint-scans", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Made | facts.Changed | facts.Attached,
	Title: "A constraint is checked against all rows while the table is locked",
	Why: "A new constraint is checked against every row that is there, under the lock that adding it needs, and the lock is held until the transaction ends:\n\n" +
		"* `CHECK`, `UNIQUE`, `PRIMARY KEY` and `EXCLUDE` take `ACCESS EXCLUSIVE`: nobody reads or writes meanwhile. The last three also build an index. About columns that the same transaction adds, where all rows have one value, they are reported as a warning.\n" +
		"* A foreign key takes `SHARE ROW EXCLUSIVE` on both tables: reads go on, writes to either wait. This is reported as a warning.\n" +
		"* A constraint of a domain takes `SHARE` on every table that has a column of it; so does its `VALIDATE CONSTRAINT` before PostgreSQL 18.\n" +
		"* A constraint inside `ADD COLUMN` is no exception: a `CHECK` there reads the whole table even though every row has the same new value, and so does `REFERENCES` as soon as there is a `DEFAULT`, even `DEFAULT NULL`.\n" +
		"* `ATTACH PARTITION` reads the new partition, and the default partition, unless a valid `CHECK` already proves what the bounds say.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix: "`CHECK` and foreign keys: add them `NOT VALID`, which checks new rows only, and validate in a later migration (another transaction), which lets reads and writes go on.\n\n" +
		"```sql\nALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;\n-- later:\nALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;\n```\n\n" +
		"`UNIQUE` and `PRIMARY KEY` (whose columns must be `NOT NULL` before): build the index first, outside of a transaction.\n\n" +
		"```sql\nCREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);\nALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key;\n```\n\n" +
		"Before PostgreSQL 18 a partitioned table cannot have a foreign key `NOT VALID`: add it to each partition. `EXCLUDE` has no such form: fill a new table that has it, and change places.",
	Scales: true,
	Check: func(p *lint.Pass) {
		if sawNoWork(p) {
			return
		}
		for _, c := range alterCommands(p.Statement) {
			if !p.IsNew(c.table) {
				checkScan(p, c)
			}
		}
		checkDomainScan(p)
		checkPartitionScan(p)
		checkBlockScan(p)
	},
}

func checkScan(p *lint.Pass, c alterCommand) {
	switch c.Subtype {
	case pg.AlterTableType_AT_AddConstraint:
		checkAddedConstraint(p, c, c.GetDef().GetConstraint())
	case pg.AlterTableType_AT_AddColumn:
		checkColumnConstraints(p, c, c.GetDef().GetColumnDef())
	case pg.AlterTableType_AT_AlterConstraint:
		checkEnforced(p, c)
	case pg.AlterTableType_AT_AttachPartition:
		checkAttach(p, c)
	}
}

const indexFirst = "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … USING INDEX"

func laterValidated(p *lint.Pass) string {
	return "add it NOT VALID, then VALIDATE CONSTRAINT in a later " + laterUnit(p)
}

func checkAddedConstraint(p *lint.Pass, c alterCommand, con *pg.Constraint) {
	table := tableName(c.table)
	if lint.KindOf(con).IsUnique() {
		checkUniqueKey(p, c, con)
		return
	}
	switch con.GetContype() {
	case pg.ConstrType_CONSTR_FOREIGN:
		if !con.SkipValidation {
			offerValidation(p, c, con, reportKeyScan(p, c, con, laterValidated(p)))
		}
	case pg.ConstrType_CONSTR_CHECK:
		if !con.SkipValidation {
			f := reportScan(p, c, con, "checking %s reads %s in full while nobody can read or write it%s; %s", constraintCalled("constraint", con), table, othersHeld(p, " or ", c.table), laterValidated(p))
			easeOnNew(p, c, f, checkedColumns(con.RawExpr))
			offerValidation(p, c, con, f)
		}
	case pg.ConstrType_CONSTR_EXCLUSION:
		reportScan(p, c, con, "building the index of %s on %s blocks reads and writes until it is done, and there is no concurrent way; fill a new table that has it", constraintCalled("exclusion constraint", con), table)
	}
}

// checkEnforced is about ALTER CONSTRAINT … ENFORCED, which PostgreSQL 18 has for foreign keys.
// What it says of PostgreSQL 18 was measured.
func checkEnforced(p *lint.Pass, c alterCommand) {
	if con := c.GetDef().GetConstraint(); p.Statement.IsNewer(newer.AlterEnforced, c.location) {
		reportScan(p, c, con, "making constraint %s ENFORCED reads %s in full while nobody can read or write it; drop it, add it again NOT VALID, then VALIDATE CONSTRAINT in a later %s", con.GetConname(), tableName(c.table), laterUnit(p))
	}
}

// checkUniqueKey leaves USING INDEX to not-null-scans: with it PostgreSQL reads
// the table only to make a primary key's columns NOT NULL.
func checkUniqueKey(p *lint.Pass, c alterCommand, con *pg.Constraint) {
	if con.Indexname != "" || !p.Tried() && len(missingFromKey(partitionKey(p, c.table), facts.Words(con.Keys))) > 0 {
		return
	}
	if p.Statement.IsNewer(newer.WithoutOverlaps, con.Location) {
		reportScan(p, c, con, "building the GiST index of %s on %s blocks reads and writes until it is done, and there is no concurrent way; fill a new table that has it", constraintCalled("constraint", con), tableName(c.table))
		return
	}
	what, way := constraintCalled("unique constraint", con), indexFirst
	if con.Contype == pg.ConstrType_CONSTR_PRIMARY {
		what, way = "the primary key", "make its columns NOT NULL, "+indexFirst
	}
	if isPartitioned(p, c.table) {
		if !c.table.GetInh() {
			return
		}
		way = "add it to ONLY the parent, to each partition by way of a concurrent index, then ALTER INDEX … ATTACH PARTITION"
	}
	f := reportScan(p, c, con, "building the index of %s on %s blocks reads and writes%s until it is done; %s", what, tableName(c.table), enclosed(othersHeld(p, ", also of ", c.table)), way)
	easeOnNew(p, c, f, facts.Words(con.Keys))
	if con.Contype == pg.ConstrType_CONSTR_UNIQUE {
		offerIndexFirst(p, c, con, f)
	}
}

func checkColumnConstraints(p *lint.Pass, c alterCommand, def *pg.ColumnDef) {
	if p.Tried() && len(p.Effect().Rewritten) > 0 {
		return // it is read because it is rewritten
	}
	col := newColumn(columnAdded, c.table, def)
	table := tableName(c.table)
	for _, n := range def.GetConstraints() {
		con := n.GetConstraint()
		if con.GetSkipValidation() {
			continue // NOT ENFORCED
		}
		switch con.GetContype() {
		case pg.ConstrType_CONSTR_CHECK:
			f := reportScan(p, c, con, "the CHECK of new column %s.%s reads %s in full while nobody can read or write it%s; add the column without it, then the constraint NOT VALID, then VALIDATE in a later %s", table, col.name, table, othersHeld(p, " or ", c.table), laterUnit(p))
			easeOnNew(p, c, f, append(checkedColumns(con.RawExpr), col.name))
		case pg.ConstrType_CONSTR_UNIQUE, pg.ConstrType_CONSTR_PRIMARY:
			f := reportScan(p, c, con, "the index of new column %s.%s is built while nobody can read or write %s%s; add the column alone, %s", table, col.name, table, othersHeld(p, " or ", c.table), indexFirst)
			easeOnNew(p, c, f, []string{col.name})
		case pg.ConstrType_CONSTR_FOREIGN:
			if col.expr != nil || col.serial() || col.identity() || col.generated() {
				reportKeyScan(p, c, con, "add the column alone, then the key NOT VALID, then VALIDATE in a later "+laterUnit(p))
			}
		}
	}
}

// easeOnNew makes a warning of a finding about columns that the transaction adds to its table,
// where all rows have NULL or one constant: no row takes more than to be read.
func easeOnNew(p *lint.Pass, c alterCommand, f *lint.Finding, columns []string) {
	isOld := func(name string) bool {
		made := p.ObjectAfter(facts.PartOf(facts.Column, c.table, name)).Made()
		if made == nil || made.Maybe || made.Statement != p.Statement && !made.IsInTransaction(p) {
			return true
		}
		def, _ := made.Tree.(*pg.ColumnDef)
		return def == nil || !hasOneValue(newColumn(columnAdded, c.table, def))
	}
	if len(columns) > 0 && !slices.ContainsFunc(columns, isOld) {
		f.Severity = lint.Warning
	}
}

// hasOneValue tells whether rows that are there all get the same value for a new column.
func hasOneValue(c column) bool {
	_, isConstant := sqlvalue.ReadLiteral(c.expr)
	return (c.expr == nil || isConstant) && !c.serial() && !c.identity() && !c.generated()
}

// checkedColumns returns the columns that the expression of a CHECK names.
func checkedColumns(expr *pg.Node) (names []string) {
	facts.Walk(expr, func(n *pg.Node) bool {
		if column := n.GetColumnRef(); column != nil {
			names = append(names, facts.LastWord(column.GetFields()))
		}
		return true
	})
	return names
}

// placeOfConstraint names a constraint, or the column that has one without a name: "orders_total_check of orders".
func placeOfConstraint(c alterCommand, con *pg.Constraint) string {
	if def := c.GetDef().GetColumnDef(); def != nil {
		return tableName(c.table) + "." + def.Colname
	}
	return cmp.Or(con.GetConname(), "one") + " of " + tableName(c.table)
}

// reportScan's first two arguments are what is told of, and the rest is the same in a series.
func reportScan(p *lint.Pass, c alterCommand, con *pg.Constraint, format string, args ...any) *lint.Finding {
	f := p.Reportf(c.location, format, args...)
	p.TellInSeries(f, fmt.Sprint(append([]any{format}, args[2:]...)...), placeOfConstraint(c, con))
	p.Measured(f, "%s", p.Effect())
	work := lint.Work{Kind: lint.WorkRead, Table: c.table, What: constraintCalled("constraint", con)}
	if lint.KindOf(con).IsUnique() {
		work.Kind = lint.WorkBuild
	}
	p.UnderLock(f, work)
	return f
}

// reportKeyScan is a warning: by itself a foreign key lets reads go on.
func reportKeyScan(p *lint.Pass, c alterCommand, con *pg.Constraint, way string) *lint.Finding {
	waiters := whoWaitsForKey(p, blocksReaders(p, c), c.table, con.Pktable)
	f := p.Reportf(c.location, "checking %s reads %s in full while %s; %s", constraintCalled("foreign key", con), tableName(c.table), waiters, way)
	f.Severity = lint.Warning
	alike := strings.ReplaceAll(waiters, unqualified(p, tableName(con.Pktable)), "")
	p.TellInSeries(f, alike+way, placeOfConstraint(c, con)+onlyIf(alike != waiters, " (references "+unqualified(p, tableName(con.Pktable))+")"))
	p.Measured(f, "%s", p.Effect())
	if blocksReaders(p, c) {
		work := lint.Work{Kind: lint.WorkRead, Table: c.table, What: constraintCalled("foreign key", con)}
		if readersBlocked(p, con.Pktable) {
			work.Others = append(work.Others, con.Pktable)
		}
		p.UnderLock(f, work)
	}
	return f
}

// offerValidation adds the constraint without a check, and the check as a
// statement of its own, which helps only where that is another transaction.
func offerValidation(p *lint.Pass, c alterCommand, con *pg.Constraint, f *lint.Finding) {
	if p.InTransaction() || con.Conname == "" || len(p.Node().GetAlterTableStmt().GetCmds()) != 1 {
		return
	}
	offerAtEnd(p, f, " NOT VALID"+separator(p)+"ALTER TABLE "+written(c.table)+" VALIDATE CONSTRAINT "+lint.QuoteIdentifier(con.Conname))
}

// offerIndexFirst builds the index of a unique constraint by itself.
func offerIndexFirst(p *lint.Pass, c alterCommand, con *pg.Constraint, f *lint.Finding) {
	plain := con.Conname != "" && len(con.Including) == 0 && !con.NullsNotDistinct && len(con.Options) == 0 && con.Indexspace == ""
	if p.InTransaction() || !plain || isPartitioned(p, c.table) || len(p.Node().GetAlterTableStmt().GetCmds()) != 1 {
		return
	}
	name := lint.QuoteIdentifier(con.Conname)
	p.Offer(f, 0, 0, "CREATE UNIQUE INDEX CONCURRENTLY "+name+" ON "+written(c.table)+" ("+writtenColumns(facts.Words(con.Keys))+")"+separator(p))
	for _, t := range p.Statement.Tokens() {
		if t.Token == pg.Token_UNIQUE {
			p.Offer(f, int(t.End), len(p.Statement.SQL), " USING INDEX "+name)
			return
		}
	}
}

// checkAttach is about partitions that existed: the commands of new tables do
// not get here by their parent's name.
func checkAttach(p *lint.Pass, c alterCommand) {
	partition := c.GetDef().GetPartitionCmd().GetName()
	if partition == nil {
		return
	}
	var f *lint.Finding
	switch {
	case p.Tried():
		f = p.Reportf(c.location, "attaching %s reads %s in full while locking it; add and validate a CHECK that says what the bounds say first",
			tableName(partition), strings.Join(unqualifiedAll(p, p.Effect().Scanned), " and "))
	case !p.IsNew(partition):
		f = p.Reportf(c.location, "attaching %s reads it in full while locking it, unless a valid CHECK already says what the bounds say, and the default partition likewise", tableName(partition))
	default:
		return
	}
	f.Severity = lint.Warning
	p.Measured(f, "%s", p.Effect())
}

// checkPartitionScan is about CREATE TABLE … PARTITION OF, which reads the
// default partition; only the server knows whether there is one.
func checkPartitionScan(p *lint.Pass) {
	s := p.Node().GetCreateStmt()
	if s.GetPartbound() == nil || !p.Tried() {
		return
	}
	f := p.Reportf(0, "making partition %s reads the default partition %s in full while the parent is locked; detach the default partition first, or add a valid CHECK to it that excludes the new bounds",
		tableName(s.Relation), strings.Join(unqualifiedAll(p, p.Effect().Scanned), " and "))
	p.Measured(f, "%s", p.Effect())
}

// checkBlockScan tells of what code did whose text tells nothing. What it reads
// under the lock of an earlier statement, lock-held-during-work tells.
func checkBlockScan(p *lint.Pass) {
	if !isOpaque(p.Statement) || !p.Tried() || p.Effect().After == nil {
		return
	}
	indexes, added := builtByCode(p), addedByCode(p)
	for _, c := range added {
		reportAddedByCode(p, c)
	}
	for _, name := range p.Effect().Scanned {
		mode := p.Effect().LockOn(name)
		forIndex := slices.ContainsFunc(indexes, func(ix builtIndex) bool { return ix.table.QName() == name })
		if !mode.BlocksWrites() || p.Effect().DidRewrite(name) || forIndex || readForConstraint(added, name) {
			continue
		}
		f := p.Reportf(0, "%s is read in full while %s; when a constraint needs it, %s", unqualified(p, name), whoWaits(mode), laterValidated(p))
		if !mode.BlocksReads() {
			f.Severity = lint.Warning
		}
		p.Measured(f, "%s", p.Effect())
	}
}

// reportAddedByCode tells of a constraint that code added and that was checked.
func reportAddedByCode(p *lint.Pass, c addedConstraint) {
	name, what := c.table.QName(), "constraint "+c.Name
	who := whoWaits(p.Effect().LockDuring(name))
	if c.Kind == lint.ForeignKey {
		k := observedKey(c.table, c.Constraint)
		what, who = "foreign key "+c.Name, whoWaitsForKey(p, readersBlocked(p, k.table), k.table, k.ref)
	}
	f := p.Reportf(0, "checking %s reads %s in full while %s; %s", what, unqualified(p, name), who, laterValidated(p))
	if c.Kind == lint.ForeignKey {
		f.Severity = lint.Warning
	}
	p.Measured(f, "%s", p.Effect())
	if p.Effect().LockDuring(name).BlocksReads() {
		p.UnderLock(f, lint.Work{Kind: lint.WorkRead, Table: facts.Identity(facts.Table, name).Relation(), What: what})
	}
}

func whoWaits(mode lint.LockMode) string {
	if mode.BlocksReads() {
		return "nobody can read or write it"
	}
	return "writes to it wait"
}

func checkDomainScan(p *lint.Pass) {
	s := p.Node().GetAlterDomainStmt()
	name := strings.Join(facts.Words(s.GetTypeName()), ".")
	adds := s.GetSubtype() == "C" && !s.GetDef().GetConstraint().GetSkipValidation()
	if !adds && s.GetSubtype() != "O" || p.Object(facts.Qualified(facts.Type, facts.Words(s.GetTypeName()))).IsNew(p) {
		return
	}
	way := "set it while writes are few"
	if adds {
		way = "add it NOT VALID, then VALIDATE CONSTRAINT while writes are few; since PostgreSQL 18 they can go on"
	}
	f := p.Reportf(0, "the constraint of domain %s is checked in every table that uses it, while writes to them wait; %s", name, way)
	f.Severity = lint.Warning
	p.Measured(f, "%s", p.Effect())
}
