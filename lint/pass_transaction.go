package lint

import "github.com/migvet/migvet/lint/facts"

// Transaction says what holds a transaction open around the statement, in
// words that fit behind "because"; "" when there is none.
func (p *Pass) Transaction() string { return p.walk.tx.open }

// InTransaction reports whether the statement runs inside a transaction.
func (p *Pass) InTransaction() bool { return p.walk.tx.open != "" }

// InOwnTransaction reports whether the file's own BEGIN opened the transaction that the
// statement runs in.
func (p *Pass) InOwnTransaction() bool { return p.walk.tx.open == beganByFile }

// InImplicitTransaction reports whether the statement runs in the transaction that several
// statements of one message are.
func (p *Pass) InImplicitTransaction() bool { return p.walk.tx.implicit }

// Began is the place of the first statement of the transaction that the statement
// runs in; its own place when it runs in none.
func (p *Pass) Began() int {
	if !p.InTransaction() {
		return p.Place()
	}
	return int(p.walk.tx.began)
}

// Locked returns the tables in use that earlier statements of the transaction
// locked strongly, in the order of the first lock of each.
func (p *Pass) Locked() []facts.Name { return p.walk.tx.locked.names }

// LocksMore returns the tables in use that statements lock strongly, and that no earlier
// one of the transaction has locked under whatever name. They are the statement itself,
// and those right behind it, as many as there are to be.
func (p *Pass) LocksMore(behind int) []facts.Name {
	var more lockedTables
	for i, s := range p.Migration.Statements()[p.walk.statement:][:behind+1] {
		for _, t := range p.walk.lockedBy(s, p.walk.place+int32(i)) {
			if !p.walk.tx.locked.has(t) {
				more.add(t)
			}
		}
	}
	return more.names
}

// HasLocked reports whether an earlier statement of the migration locked a table in
// use strongly, be it in this transaction or in another.
func (p *Pass) HasLocked() bool { return p.walk.hasLocked }

// InUseAt reports whether a table was there before the review when a statement of the
// history ran, whose place is as [Pass.Statements] has it.
func (p *Pass) InUseAt(place int, s *Statement, n facts.Name) bool {
	return p.walk.isInUse(p.walk.timeline.findBefore(n, int32(place)), n, int32(place), p.EffectOf(s))
}
