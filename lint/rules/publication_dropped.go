package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var publicationDropped = &lint.Rule{
	ID: "publication-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped | facts.Changed,
	Title: "Logical replication loses a publication, one of its tables, or a subscription",
	Why: "Subscribers (replicas, Debezium, data warehouses) of a dropped publication fail with `publication does not exist`, and their replication slot holds back WAL until the disk is full. " +
		"A table taken out of a publication is no longer replicated, and nothing fails. Changes made before it is put back are never sent.\n\n" +
		"https://www.postgresql.org/docs/current/logical-replication-publication.html",
	Fix: "Stop and drop the subscriptions first. To change which tables are published, use `ALTER PUBLICATION … SET TABLE`, which keeps the publication.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "publication") {
			if !isNewObject(p, r.Name) {
				p.Reportf(r.location, "dropping publication %s breaks its subscribers, whose slots then hold back WAL; drop the subscriptions first, or use ALTER PUBLICATION", r)
			}
		}
		if s := p.Node().GetDropSubscriptionStmt(); s != nil {
			p.Reportf(0, "dropping subscription %s stops replication into this database; changes made before it is made again are never received", s.Subname)
		}
		reportUnpublished(p, p.Node().GetAlterPublicationStmt())
	},
}

func reportUnpublished(p *lint.Pass, s *pg.AlterPublicationStmt) {
	if s.GetAction() != pg.AlterPublicationAction_AP_DropObjects {
		return
	}
	var names []string
	for _, n := range s.Pubobjects {
		if r := n.GetPublicationObjSpec().GetPubtable().GetRelation(); r != nil && !p.IsNew(r) {
			names = append(names, "table "+tableName(r))
		} else if schema := n.GetPublicationObjSpec().GetName(); schema != "" {
			names = append(names, "schema "+schema)
		}
	}
	if len(names) > 0 {
		p.Reportf(0, "publication %s no longer sends %s, and nothing will fail; make sure that no subscriber needs it", s.Pubname, strings.Join(names, ", "))
	}
}
