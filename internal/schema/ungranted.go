package schema

import (
	"slices"
	"strings"
)

// An Ungranted is a new table on which a role has no privilege, while it has some on the
// tables around it, or a new sequence that a role may not use, while it may write into the
// table whose column draws from it.
type Ungranted struct {
	Table    *Object
	Sequence string // "public.orders_id_seq", as the catalog prints it; "" for the table itself
	Role     string // "app_rw", "PUBLIC"

	Granted, Others int // of the other tables of the schema, how many the role has privileges on; not of sequences
}

// leastGranted is how many tables show a habit.
const leastGranted = 3

// FindUngranted compares new tables with those of their schemas that were there. leave tells
// which tables are nobody's but a tool's.
func FindUngranted(before, after *Schema, leave func(name string) bool) []Ungranted {
	g := readGrants(before, after)
	if len(g.on) == 0 {
		return nil
	}
	var found []Ungranted
	for _, o := range g.sort(leave) {
		found = append(found, g.missing(o)...)
	}
	return append(found, g.unusable()...)
}

// grants are what roles may do with tables.
type grants struct {
	before, after *Schema
	on            map[string][]*Object // on whole tables, by these: "public.orders"
	sequences     map[string][]string  // the roles that may use a sequence, by its name in the catalog
	old           map[string][]*Object // the tables that were there, by schema
}

func readGrants(before, after *Schema) *grants {
	g := &grants{before: before, after: after, on: map[string][]*Object{}, sequences: map[string][]string{}, old: map[string][]*Object{}}
	for i := range after.Objects {
		o := &after.Objects[i]
		if o.Kind != Grant {
			continue
		}
		privileges := o.Property("privileges")
		rest, ofSequence := strings.CutPrefix(o.Name, "on sequence ")
		sequence, role, _ := strings.Cut(rest, " to ")
		switch {
		case ofSequence && (strings.Contains(privileges, "USAGE") || strings.Contains(privileges, "UPDATE")):
			g.sequences[sequence] = append(g.sequences[sequence], unquoted(role))
		case o.Relation != "" && strings.HasPrefix(o.Name, "to ") && privileges != "none":
			g.on[o.Within()] = append(g.on[o.Within()], o)
		}
	}
	return g
}

// sort returns the new tables, and keeps those that were there. Partitions are used through
// their parents.
func (g *grants) sort(leave func(name string) bool) (fresh []*Object) {
	was := map[string]bool{}
	for i := range g.before.Objects {
		if o := &g.before.Objects[i]; o.Kind == Table {
			was[o.id] = true
		}
	}
	for i := range g.after.Objects {
		switch o := &g.after.Objects[i]; {
		case o.Kind != Table || leave(o.Name) || o.Property("partition of") != "" || o.Property("inherits") != "":
		case was[o.id]:
			g.old[o.Schema] = append(g.old[o.Schema], o)
		case g.before.Find(Table, o.Schema, "", o.Name) == nil:
			fresh = append(fresh, o)
		}
	}
	return fresh
}

// missing returns the roles that have privileges on nearly all tables of the schema but a new one.
func (g *grants) missing(table *Object) (found []Ungranted) {
	others := g.old[table.Schema]
	counts := map[string]int{}
	for _, o := range others {
		for _, grant := range g.on[o.Within()] {
			counts[grant.Name]++
		}
	}
	for grantee, n := range counts {
		if n >= leastGranted && 10*n >= 9*len(others) && g.after.Find(Grant, table.Schema, table.Name, grantee) == nil && !g.hasOtherwise(table, grantee) {
			found = append(found, Ungranted{Table: table, Role: roleOf(grantee), Granted: n, Others: len(others)})
		}
	}
	slices.SortFunc(found, func(a, b Ungranted) int { return strings.Compare(a.Role, b.Role) })
	return found
}

// roleOf takes the role from the name of a grant on a table, "to app_rw".
func roleOf(grantee string) string { return unquoted(strings.TrimPrefix(grantee, "to ")) }

// hasOtherwise tells whether a role may use a table without a grant of its own: as its owner,
// through another role or PUBLIC, or by default privileges of whoever runs the migrations in production.
func (g *grants) hasOtherwise(table *Object, grantee string) bool {
	granted := []string{table.Property("owner")}
	for _, o := range g.on[table.Within()] {
		granted = append(granted, roleOf(o.Name))
	}
	if slices.Contains(granted, "PUBLIC") || g.isAmong(roleOf(grantee), granted, nil) {
		return true
	}
	acl := roleOf(grantee) + "="
	if grantee == "to PUBLIC" {
		acl = "="
	}
	return slices.ContainsFunc(g.after.Objects, func(o Object) bool {
		return o.Kind == DefaultPrivileges && strings.HasSuffix(o.Name, " on tables") && (!strings.Contains(o.Name, " in schema ") || strings.Contains(unquoted(o.Name), " in schema "+table.Schema+" ")) &&
			slices.ContainsFunc(strings.Split(o.Property("privileges"), ", "), func(p string) bool { return strings.HasPrefix(unquoted(p), acl) })
	})
}

// isAmong tells whether a role is one of some, a member of one, or a superuser.
func (g *grants) isAmong(role string, roles, seen []string) bool {
	if slices.Contains(roles, role) {
		return true
	}
	o := g.after.Find(Role, "", "", role)
	if o == nil || slices.Contains(seen, role) {
		return false
	}
	if slices.Contains(strings.Split(o.Property("attributes"), ", "), "superuser") {
		return true
	}
	return slices.ContainsFunc(strings.Split(o.Property("member of"), ", "), func(group string) bool { return g.isAmong(group, roles, append(seen, role)) })
}

// unusable returns the new sequences that a role needs for an INSERT that it may do. Who has
// the same lack of a table that was there gives the numbers itself.
func (g *grants) unusable() (found []Ungranted) {
	used := map[string]bool{} // roles that do without
	for i := range g.after.Objects {
		column := &g.after.Objects[i]
		sequence, draws := drawn(column)
		table := g.after.Find(Table, column.Schema, "", column.Relation)
		if !draws || table == nil {
			continue
		}
		isOld := g.before.findSequence(sequence) != nil
		for _, grant := range g.on[table.Within()] {
			switch {
			case !slices.Contains(strings.Split(grant.Property("privileges"), ", "), "INSERT") || g.mayUse(sequence, grant.Name):
			case isOld:
				used[grant.Name] = true
			default:
				found = append(found, Ungranted{Table: table, Sequence: sequence, Role: roleOf(grant.Name)})
			}
		}
	}
	return slices.DeleteFunc(found, func(u Ungranted) bool { return used["to "+u.Role] })
}

// drawn returns the sequence from which a column takes its values.
func drawn(column *Object) (sequence string, draws bool) {
	if column.Kind != Column {
		return "", false
	}
	rest, draws := strings.CutPrefix(column.Property("default"), "nextval('")
	sequence, _, found := strings.Cut(rest, "'")
	return sequence, draws && found
}

func (s *Schema) findSequence(name string) *Object {
	namespace, sequence, _ := strings.Cut(unquoted(name), ".")
	return s.Find(Sequence, namespace, "", sequence)
}

func (g *grants) mayUse(sequence, grantee string) bool {
	o := g.after.findSequence(sequence)
	if o == nil {
		return true
	}
	granted := append([]string{o.Property("owner")}, g.sequences[sequence]...)
	return slices.Contains(granted, "PUBLIC") || g.isAmong(roleOf(grantee), granted, nil)
}
