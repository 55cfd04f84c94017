package rules

import (
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A writtenComparison finds what a table had and the one that takes its name has not, as the
// SQL of the history leaves both.
type writtenComparison struct {
	*lint.Pass
	was    *lint.Table
	here   *lint.Table // the one that takes the name, as it is then
	now    *lint.Table // and as it is in the end, when parts may have other names
	name   facts.Name  // that it takes
	left   string      // what the other one is called in the end: "public.events_old"; "" when it is gone
	brings likeOptions
	swap   lint.Swap
}

func (c *writtenComparison) lose(kind, name string) {
	c.swap.Lost = append(c.swap.Lost, lint.CatalogObject{Kind: kind, Name: name})
}

func (c *writtenComparison) has(options likeOptions) bool { return c.brings&options == options }

func (c *writtenComparison) columns() {
	for i := range c.was.Columns {
		was := &c.was.Columns[i]
		now := c.FinalColumn(c.name.Relation(), was.Name)
		if now == nil && c.brings == 0 {
			c.lose("column", was.Name)
			continue
		}
		if kind, option := writtenFilling(was); kind != "" && !now.IsFilled() && !c.has(option) {
			c.lose(kind, was.Name)
			if isRequired := now != nil && now.NotNull || c.has(copiesColumns); isRequired && was.NotNull && kind != "generated" {
				c.swap.Unfilled = append(c.swap.Unfilled, was.Name)
			}
		}
		keyed := slices.Contains(c.was.PrimaryKey(), was.Name) && c.now.PrimaryKey() == nil
		if was.NotNull && (now == nil || !now.NotNull) && !c.has(copiesColumns) && !keyed {
			c.lose("not null", was.Name)
		}
	}
}

// writtenFilling says how a column gets a value that an INSERT leaves out, and what LIKE has
// to include for it.
func writtenFilling(c *lint.Column) (kind string, option likeOptions) {
	switch {
	case c.Generated:
		return "generated", likeGenerated
	case c.Identity:
		return "identity", likeIdentity
	case c.IsFilled():
		return "default", likeDefaults
	}
	return "", 0
}

func (c *writtenComparison) constraints() {
	options := map[lint.ConstraintKind]likeOptions{lint.PrimaryKey: likeIndexes, lint.Unique: likeIndexes, lint.Exclusion: likeIndexes, lint.Check: likeConstraints}
	for _, was := range c.was.Constraints {
		option, copied := options[was.Kind]
		if was.Kind == lint.NotNullC || was.Kind == "" || copied && c.has(option) {
			continue
		}
		isKept := func(now lint.Constraint) bool {
			return now.Kind == was.Kind && (now.Name == was.Name || was.Kind == lint.PrimaryKey || slices.Equal(now.Columns, was.Columns))
		}
		if !slices.ContainsFunc(c.constraintsOfBoth(), isKept) && !(was.Kind.IsUnique() && c.isIndexed(was.Columns, true)) {
			c.lose(constraintNoun(was.Kind), was.Name)
		}
	}
}

// constraintsOfBoth are those that the new table has, and those that it gets later.
func (c *writtenComparison) constraintsOfBoth() []lint.Constraint {
	return slices.Concat(c.here.Constraints, c.now.Constraints)
}

func (c *writtenComparison) indexesOfBoth() []lint.Index {
	return slices.Concat(c.here.Indexes, c.now.Indexes)
}

func (c *writtenComparison) indexes() {
	for _, was := range c.was.Indexes {
		if was.Statement != nil && !c.has(likeIndexes) && c.here.Index(was.Name) == nil && c.now.Index(was.Name) == nil && !c.isIndexed(was.Columns, was.Unique) {
			c.lose("index", was.Name)
		}
	}
}

// isIndexed tells whether an index of the new table is over the columns, or over them first.
func (c *writtenComparison) isIndexed(columns []string, unique bool) bool {
	return slices.ContainsFunc(c.indexesOfBoth(), func(now lint.Index) bool {
		return leadsWith(now, now.Columns, columns, unique) || now.Statement != nil && leadsWith(now, indexedNames(now.Statement), columns, unique)
	})
}

// leadsWith tells whether an index over some columns is one over others; first, unless it
// has to be unique.
func leadsWith(ix lint.Index, over, columns []string, unique bool) bool {
	if unique {
		return ix.Unique && !ix.Partial && slices.Equal(over, columns)
	}
	return len(over) >= len(columns) && slices.Equal(over[:len(columns)], columns)
}

// indexedNames are the columns of an index as they were called when it was made.
func indexedNames(s *pg.IndexStmt) (names []string) {
	for _, n := range s.IndexParams {
		names = append(names, n.GetIndexElem().GetName())
	}
	return names
}

// rights compares who may do what: row level security, policies and grants, and triggers.
func (c *writtenComparison) rights(old, taker *lint.Object) {
	if c.was.RowSecurity && !c.now.RowSecurity {
		c.lose("row security", "")
	}
	for _, kind := range []facts.Kind{facts.Trigger, facts.Policy} {
		had, has := partsMade(old.Before(c.Pass), kind), partsMade(slices.Values(eventsOf(c.Pass, taker)), kind)
		for _, name := range had {
			if len(has) < len(had) && !slices.Contains(has, name) {
				c.lose(string(kind), name)
			}
		}
	}
	if grantsAllBehind(c.Pass) {
		return
	}
	has := rolesGranted(slices.Values(eventsOf(c.Pass, taker)))
	for _, role := range rolesGranted(old.Before(c.Pass)) {
		if !slices.Contains(has, role) {
			c.lose("grant", "to "+role)
		}
	}
}

// referrers finds the foreign keys of other tables that reference the old one still.
func (c *writtenComparison) referrers(old *lint.Object) {
	if c.left == "" {
		return
	}
	for _, key := range old.Referrers() {
		name, from := key.Name(c.Pass), key.Table()
		k := c.FinalConstraint(name.Relation(), name.Name)
		if k != nil && k.RefTable == c.left && !from.Is(old) && !key.IsNew(c.Pass) {
			c.swap.Stays = append(c.swap.Stays, lint.CatalogObject{Kind: "foreign key", Name: name.Name + " on " + unqualified(c.Pass, from.Name(c.Pass).String())})
		}
	}
}

// eventsOf are all events of an object, those of the statement among them.
func eventsOf(p *lint.Pass, o *lint.Object) []lint.Event {
	return slices.AppendSeq(slices.Collect(o.Until(p)), o.After(p))
}

// rolesGranted are the roles to which events grant something on a whole table.
func rolesGranted(events iter.Seq[lint.Event]) (roles []string) {
	for e := range events {
		s, is := e.Tree.(*pg.GrantStmt)
		if !is || !s.IsGrant {
			continue
		}
		for _, n := range s.Grantees {
			if role := grantee(n.GetRoleSpec()); !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
	}
	return roles
}

// partsMade are the names of a table's parts of a kind that its events make and leave there,
// in whatever order they come.
func partsMade(events iter.Seq[lint.Event], kind facts.Kind) (names []string) {
	var gone []string
	for e := range events {
		switch {
		case e.Name.Kind != kind:
		case e.Verb&facts.Made != 0:
			names = append(names, e.Name.Name)
		case e.Verb&facts.Dropped != 0:
			gone = append(gone, e.Name.Name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(gone, name) })
}

// grantsAllBehind tells whether the review grants on all tables of a schema, behind a
// statement or in front of it.
func grantsAllBehind(p *lint.Pass) bool {
	for _, s := range p.History.New {
		for _, st := range s.Statements() {
			g := st.Node.GetGrantStmt()
			if g.GetIsGrant() && g.Targtype == pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA && g.Objtype == pg.ObjectType_OBJECT_TABLE {
				return true
			}
		}
	}
	return false
}
