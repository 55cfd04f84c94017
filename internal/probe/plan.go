package probe

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint/plpgsql"
)

// mostRoles is how many of the roles that have rights on a table or view it is probed as,
// beside its owner.
const mostRoles = 4

// Plan lists the probes for what was reached, tables that migrations name first. Only
// tables that hold rows are written.
func Plan(c *Catalog, reached Reach, r *Rows) (all []Probe) {
	for _, t := range reached.Tables {
		for i, role := range c.roles(t) {
			all = append(all, Probe{Kind: Select, Table: t, Role: role})
			if r.Has(t) && (i == 0 || c.binds(t, role)) {
				all = append(all, writes(t, role)...)
			}
		}
	}
	for _, f := range reached.Functions {
		if f.Definition != "" {
			all = append(all, Probe{Kind: Compile, Function: f, Role: f.Owner})
		}
		if f.Language == "plpgsql" {
			for _, query := range plpgsql.Queries(f.Source, f.Arguments) {
				all = append(all, Probe{Kind: Compile, Function: f, Query: query, Role: f.Owner})
			}
		}
	}
	return all
}

func writes(t *Table, role string) []Probe {
	all := []Probe{{Kind: Insert, Table: t, Role: role}}
	if slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Default && c.Written }) {
		all = append(all, Probe{Kind: InsertBare, Table: t, Role: role})
	}
	for _, c := range t.updated(role) {
		all = append(all, Probe{Kind: Update, Table: t, Column: c.Number, Role: role})
	}
	return append(all, Probe{Kind: Delete, Table: t, Role: role})
}

// updated are the columns to update as a role: all as the owner, and as others one of those
// that are alike, since policies are for rows.
func (t *Table) updated(role string) (columns []Column) {
	one := false
	for _, c := range t.Columns {
		special := slices.Contains(t.Key, c.Number) || t.firesFor(c)
		if !c.Written || role != t.Owner && one && !special {
			continue
		}
		columns = append(columns, c)
		one = one || !special
	}
	return columns
}

// firesFor reports whether a trigger is for updates of the column.
func (t *Table) firesFor(c Column) bool {
	return slices.ContainsFunc(t.Triggers, func(g Trigger) bool { return slices.Contains(g.Columns, c.Number) })
}

// binds reports whether policies of a table bind a role, who is not its owner.
func (c *Catalog) binds(t *Table, role string) bool {
	return t.RowSecurity && !slices.Contains(c.Unbound, role)
}

// roles are those to probe a table as, its owner first. PostgreSQL's own roles and
// superusers are nobody who runs an application.
func (c *Catalog) roles(t *Table) []string {
	all := []string{t.Owner}
	for _, role := range t.Grantees {
		if role == t.Owner || strings.HasPrefix(role, "pg_") || slices.Contains(c.Superusers, role) {
			continue
		}
		if all = append(all, role); len(all) > mostRoles {
			break
		}
	}
	return all
}

// Roles are all that probes run as, and those that make ready for them.
func (c *Catalog) Roles() (all []string) {
	for _, t := range c.Tables {
		all = append(all, c.roles(t)...)
	}
	for _, f := range c.Functions {
		all = append(all, f.Owner)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(role string) bool { return role == "" })
}
