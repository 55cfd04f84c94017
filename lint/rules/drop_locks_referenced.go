package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var dropLocksReferenced = &lint.Rule{
	ID: "drop-locks-referenced", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Dropped,
	Title: "A foreign key goes, and nobody can read the table at its other end",
	Why: "A foreign key has triggers on both of its tables. To drop it, by itself or with its table or column, takes `ACCESS EXCLUSIVE` on both: the statement waits for every query on the referenced table, which may be the busiest one that there is, and everybody else waits behind it, until the transaction ends.\n\n" +
		"Told once for all that goes. Not told where a `lock_timeout` is set, nor where another finding says what is done in the same transaction while nobody can read that table.\n\n" +
		"https://www.postgresql.org/docs/current/sql-droptable.html",
	Fix: "Set a short `lock_timeout` and try again until it succeeds, and do nothing slow in the same transaction:\n\n```sql\nSET lock_timeout = '2s';\nALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;\n```",
	Check: func(p *lint.Pass) {
		if timeoutIsSet(p, "lock_timeout") {
			return
		}
		dropped := removals(p, facts.Table, facts.Column, facts.Constraint)
		var others, from []string
		var location int32
		for _, r := range dropped {
			for _, other := range otherEnds(p, r) {
				if !slices.Contains(others, other) && isLockedForKey(p, other, dropped) {
					others, location = append(others, other), r.location
					from = append(from, unqualified(p, tableName(r.Relation())))
				}
			}
		}
		if len(others) == 0 {
			return
		}
		slices.Sort(from)
		f := p.Reportf(location, "this waits for every query on %s, too, and all others wait behind it, because a foreign key to or from %s goes; set a short lock_timeout", listed(unqualifiedAll(p, others)), listed(slices.Compact(from)))
		p.TellTogether(f, "it waits as well for those on", listed(unqualifiedAll(p, others)))
		p.Measured(f, "%s", p.Effect())
		work := lint.Work{}
		for _, other := range others {
			work.Others = append(work.Others, facts.Identity(facts.Table, other).Relation())
		}
		p.UnderLock(f, work)
	},
}

// otherEnds names the tables at the other end of the foreign keys that go with what is dropped.
func otherEnds(p *lint.Pass, r removal) (names []string) {
	t := p.Table(r.Relation())
	if t == nil {
		return nil
	}
	for _, c := range t.Constraints {
		goes := r.Kind == facts.Table || r.Kind == facts.Constraint && c.Name == r.Name.Name || r.Kind == facts.Column && slices.Contains(c.Columns, r.Name.Name)
		if goes && c.Kind == lint.ForeignKey {
			names = append(names, withoutPublic(c.RefTable))
		}
	}
	return append(names, keysDroppedTo(p, t)...)
}

// keysDroppedTo names the tables whose foreign keys to a table a server saw go.
func keysDroppedTo(p *lint.Pass, t *lint.Table) (names []string) {
	if !p.Tried() {
		return nil
	}
	for _, o := range p.Effect().Dropped {
		n := facts.Identity(facts.Kind(o.Kind), o.Name)
		if n.Kind != facts.Constraint {
			continue
		}
		if c := p.Catalog(n.Relation()).Constraint(n.Name); c != nil && c.RefTable == t.QName() {
			names = append(names, withoutPublic(tableName(n.Relation())))
		}
	}
	return names
}

// isLockedForKey tells whether a table in use is kept from readers only for a foreign key that
// goes: it is not dropped itself, no earlier statement of the transaction locks it, and nobody
// is to use it no more.
func isLockedForKey(p *lint.Pass, table string, dropped []removal) bool {
	n := facts.Identity(facts.Table, table)
	is := func(other facts.Name) bool { return p.Same(n, other) }
	if p.IsNew(n.Relation()) || slices.ContainsFunc(p.Locked(), is) || slices.ContainsFunc(dropped, func(r removal) bool { return is(facts.Named(facts.Table, r.Relation())) }) {
		return false
	}
	for e := range p.Object(n).Reviewed(p) {
		if e.Verb&facts.Dropped != 0 && e.Object.Is(p.Object(n)) {
			return false
		}
	}
	return !p.Tried() || p.Effect().LockOn(catalogName(p, n.Relation())).BlocksReads()
}
