package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// whoWaitsForKey says who waits while a foreign key is checked. By itself it lets readers
// go on; behind ADD COLUMN in the same transaction nobody reads the table either.
func whoWaitsForKey(p *lint.Pass, c alterCommand, con *pg.Constraint) string {
	toItself := facts.SameRelation(c.table, con.Pktable)
	switch blocked := blocksReaders(p, c); {
	case blocked && toItself:
		return "nobody can read or write it"
	case blocked:
		return "nobody can read or write it and writes to " + tableName(con.Pktable) + " wait"
	case toItself:
		return "writes to it wait"
	default:
		return "writes to it and to " + tableName(con.Pktable) + " wait"
	}
}

// blocksReaders tells whether readers of a command's table wait: for the statement itself,
// or for an earlier one of its transaction.
func blocksReaders(p *lint.Pass, c alterCommand) bool {
	if t := p.Catalog(c.table); t != nil {
		return p.Effect().LockDuring(t.QName()).BlocksReads()
	}
	return c.Subtype == pg.AlterTableType_AT_AddColumn
}

// laterOrFirst says where a statement has to stand that must not be sent together with
// another one: sqlx sends a file as one message.
func laterOrFirst(p *lint.Pass) string {
	if len(p.Migration.Chunks) > 1 {
		return "first"
	}
	return "in a migration of its own before it"
}
