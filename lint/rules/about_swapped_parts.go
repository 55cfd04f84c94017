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
	was, now *lint.Table
	brings   likeOptions
	swap     lint.Swap
}

func (c *writtenComparison) lose(kind, name string) {
	c.swap.Lost = append(c.swap.Lost, lint.CatalogObject{Kind: kind, Name: name})
}

func (c *writtenComparison) has(options likeOptions) bool { return c.brings&options == options }

func (c *writtenComparison) columns() {
	for i := range c.was.Columns {
		was, now := &c.was.Columns[i], c.now.Column(c.was.Columns[i].Name)
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
		if !slices.ContainsFunc(c.now.Constraints, isKept) && !(was.Kind.IsUnique() && c.isIndexed(was.Columns, true)) {
			c.lose(constraintNoun(was.Kind), was.Name)
		}
	}
}

func (c *writtenComparison) indexes() {
	for _, was := range c.was.Indexes {
		if was.Statement != nil && !c.has(likeIndexes) && c.now.Index(was.Name) == nil && !c.isIndexed(was.Columns, was.Unique) {
			c.lose("index", was.Name)
		}
	}
}

// isIndexed tells whether an index of the new table is over the columns, or over them first.
func (c *writtenComparison) isIndexed(columns []string, unique bool) bool {
	return slices.ContainsFunc(c.now.Indexes, func(now lint.Index) bool {
		if unique {
			return now.Unique && !now.Partial && slices.Equal(now.Columns, columns)
		}
		return len(now.Columns) >= len(columns) && slices.Equal(now.Columns[:len(columns)], columns)
	})
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
	if c.swap.Left == "" {
		return
	}
	for _, key := range old.Referrers() {
		from := c.FinalOf(key.Table())
		name := key.Name(c.Pass).Name
		if k := from.Constraint(name); k != nil && k.RefTable == c.swap.Left && from.QName() != c.swap.Left && !key.IsNew(c.Pass) {
			c.swap.Stays = append(c.swap.Stays, lint.CatalogObject{Kind: "foreign key", Name: name + " on " + unqualified(from.QName())})
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
