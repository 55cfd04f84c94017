package rules

import (
	"maps"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var publishedWithoutIdentity = &lint.Rule{
	ID: "published-without-identity", Group: lint.GroupCompat, Severity: lint.Warning,
	On:    facts.Made | facts.Dropped | facts.Changed | facts.Published,
	Title: "A published table has nothing that identifies its rows",
	Why: "A publication that sends updates and deletes needs a replica identity of each of its tables. By default that is the primary key. A table without one takes `INSERT`, and every `UPDATE` and `DELETE` fails with `55000`, on the publishing server and whether or not anybody subscribes. " +
		"The same happens when the primary key is dropped, or the index that `REPLICA IDENTITY USING INDEX` names: another unique index does not take its place, and neither does a primary key then.\n\n" +
		"Reported of tables whose columns and publications the history tells. Not reported where the publication sends inserts alone, nor where a later migration of the review gives the table an identity.\n\n" +
		"https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY",
	Fix: "Give the table its identity first:\n\n```sql\nALTER TABLE readings REPLICA IDENTITY USING INDEX readings_sensor_taken_key; -- unique, over columns that are NOT NULL\nCREATE PUBLICATION feed FOR TABLE readings;\n```",
	Check: func(p *lint.Pass) {
		if !lint.Remember(p, func() publishes { return readPublishes(p) }) {
			return
		}
		var told []*lint.Object
		for _, f := range p.Facts() {
			o := p.ObjectAfter(facts.Named(facts.Table, f.Name.Relation()))
			if f.Name.Kind == facts.Index {
				o = p.Object(f.Name).Table()
			}
			if o == nil || slices.Contains(told, o) {
				continue
			}
			told = append(told, o)
			reportUnidentified(p, o)
		}
	},
}

// publishes tells whether a history speaks of a publication at all.
type publishes bool

func readPublishes(p *lint.Pass) publishes {
	for _, s := range p.Statements() {
		if s.Node.GetCreatePublicationStmt() != nil || s.Node.GetAlterPublicationStmt() != nil {
			return true
		}
	}
	return false
}

func reportUnidentified(p *lint.Pass, o *lint.Object) {
	before, after := p.Folded(o.Name(p).Relation()), p.FoldedAfter(o)
	now := slices.Collect(o.Until(p))
	slices.Reverse(now)
	publication := sendsChanges(p, now, after)
	if publication == "" || isIdentified(now, after) {
		return
	}
	earlier := slices.Collect(o.Before(p))
	slices.Reverse(earlier)
	if before != nil && sendsChanges(p, earlier, before) != "" && !isIdentified(earlier, before) {
		return // as it was
	}
	all := slices.AppendSeq(now, o.After(p))
	if final := p.FinalOf(o); final == nil || isIdentified(all, final) || sendsChanges(p, all, final) == "" {
		return
	}
	p.Reportf(0, "%s has no replica identity while publication %s sends its changes, so every UPDATE and DELETE of it fails (55000); give it a primary key, or name a unique index with REPLICA IDENTITY USING INDEX", tableName(o.Name(p).Relation()), publication)
}

// isIdentified tells whether UPDATE and DELETE of a published table pass, as far as
// events and the table that they leave tell: what may have a key that nobody knows has.
func isIdentified(events []lint.Event, t *lint.Table) bool {
	if t == nil || t.Partial || t.Kind != lint.OrdinaryTable && t.Kind != lint.PartitionedTable {
		return true
	}
	mode, index := "d", ""
	for _, e := range events {
		cmd, is := e.Tree.(*pg.AlterTableCmd)
		switch {
		case is && cmd.Subtype == pg.AlterTableType_AT_ReplicaIdentity:
			identity := cmd.GetDef().GetReplicaIdentityStmt()
			mode, index = identity.GetIdentityType(), identity.GetName()
		case e.Verb&facts.Renamed != 0 && e.Name.Kind == facts.Index && e.Name.Name == index:
			index = e.To.Name
		case e.Verb&facts.Dropped != 0 && (e.Name.Kind == facts.Index || e.Name.Kind == facts.Constraint) && e.Name.Name == index:
			index = "" // one that is made again under its name is another
		}
	}
	switch mode {
	case "f":
		return true
	case "i":
		return index != "" && t.Index(index) != nil
	}
	return mode == "d" && t.PrimaryKey() != nil
}

// sendsChanges returns a publication that has a table and sends its updates or deletes;
// "" when there is none.
func sendsChanges(p *lint.Pass, events []lint.Event, t *lint.Table) string {
	names := map[string]bool{}
	for _, e := range events {
		if e.Verb&facts.Published == 0 {
			continue
		}
		alter, is := e.Tree.(*pg.AlterPublicationStmt)
		names[e.To.Name] = !is || alter.Action != pg.AlterPublicationAction_AP_DropObjects
	}
	for e := range p.Happened(facts.Publication) {
		if create, is := e.Tree.(*pg.CreatePublicationStmt); is && (create.ForAllTables || sendsSchema(create, t)) {
			names[e.Name.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if names[name] && publishesChanges(p, name) {
			return name
		}
	}
	return ""
}

func sendsSchema(s *pg.CreatePublicationStmt, t *lint.Table) bool {
	return t != nil && slices.ContainsFunc(s.Pubobjects, func(n *pg.Node) bool { return n.GetPublicationObjSpec().GetName() == t.Schema && t.Schema != "" })
}

// publishesChanges tells whether a publication is there and sends more than inserts.
func publishesChanges(p *lint.Pass, name string) bool {
	o := p.ObjectAfter(facts.Name{Kind: facts.Publication, Name: name})
	if o == nil {
		return false
	}
	for e := range o.Until(p) {
		if e.Verb&facts.Published != 0 {
			continue
		}
		if said, sends := publishOption(e.Tree); said {
			return sends
		}
	}
	return true
}

// publishOption reads WITH (publish = 'insert, update').
func publishOption(tree any) (said, sends bool) {
	var options []*pg.Node
	switch s := tree.(type) {
	case *pg.CreatePublicationStmt:
		options = s.Options
	case *pg.AlterPublicationStmt:
		options = s.Options
	}
	publish, said := facts.Option(options, "publish")
	list := publish.GetString_().GetSval()
	return said, strings.Contains(list, "update") || strings.Contains(list, "delete")
}
