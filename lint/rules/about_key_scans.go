package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// whoWaitsForKey says who waits while a foreign key is checked; own tells whether readers of
// its own table do. By itself it lets readers go on; behind ADD COLUMN in the same transaction
// nobody reads the table either, and behind DROP CONSTRAINT of such a key nobody reads the
// other one.
func whoWaitsForKey(p *lint.Pass, own bool, table, ref *pg.RangeVar) string {
	referenced := unqualified(p, tableName(ref))
	if p.SameRelation(table, ref) || p.IsNew(ref) {
		referenced = ""
	}
	return keyWaiters(own, readersBlocked(p, ref), referenced) + othersHeld(p, ", and nobody can read or write ", table, ref)
}

// keyWaiters says who waits: whether readers do, too, of the table itself and of the one that it
// references, which is "" when it is the same or nobody uses it yet.
func keyWaiters(own, other bool, referenced string) string {
	switch {
	case own && referenced == "":
		return "nobody can read or write it"
	case referenced == "":
		return "writes to it wait"
	case own && other:
		return "nobody can read or write it or " + referenced
	case other:
		return "writes to it wait and nobody can read or write " + referenced
	case own:
		return "nobody can read or write it and writes to " + referenced + " wait"
	}
	return "writes to it and to " + referenced + " wait"
}

// blocksReaders tells whether readers of a command's table wait: for the statement itself,
// or for an earlier one of its transaction.
func blocksReaders(p *lint.Pass, c alterCommand) bool {
	return readersBlocked(p, c.table) || !p.Tried() && c.Subtype == pg.AlterTableType_AT_AddColumn
}

// readersBlocked tells whether readers of a table wait while the statement works.
func readersBlocked(p *lint.Pass, table *pg.RangeVar) bool {
	if t := p.Catalog(table); t != nil && p.Tried() {
		return p.Effect().LockDuring(t.QName()).BlocksReads()
	}
	return readersLocked(p, table) || keyDroppedAbove(p, table)
}

// keyDroppedAbove tells whether an earlier statement of the transaction dropped a foreign key
// to a table, which locks that one as well.
func keyDroppedAbove(p *lint.Pass, table *pg.RangeVar) bool {
	for _, key := range p.Relation(table).Referrers() {
		for e := range key.Before(p) {
			if e.Verb&facts.Dropped != 0 && e.IsInTransaction(p) {
				return true
			}
		}
	}
	return false
}

// laterOrFirst says where a statement has to stand that must not be sent together with
// another one: sqlx sends a file as one message.
func laterOrFirst(p *lint.Pass) string {
	if len(p.Migration.Chunks) > 1 {
		return "first"
	}
	return "in a migration of its own before it"
}
