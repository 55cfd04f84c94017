package facts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// TestReadMaintenance reads what changes neither rows nor columns. A verb is
// written as its name, a fact as "verb kind name".
func TestReadMaintenance(t *testing.T) {
	tests := []struct{ sql, want string }{
		{"VACUUM tasks", ""},
		{"VACUUM FULL tasks, app.people", "rebuilt table tasks, rebuilt table app.people"},
		{"VACUUM (FULL, ANALYZE)", "analysed rebuilt database *"},
		{"ANALYZE tasks", "analysed table tasks"},
		{"REINDEX INDEX tasks_pkey", "rebuilt index tasks_pkey"},
		{"REINDEX TABLE tasks", "rebuilt table tasks"},
		{"REINDEX SCHEMA app", "rebuilt schema app"},
		{"REINDEX DATABASE shop", "rebuilt database *"},
		{"CLUSTER tasks USING tasks_pkey", "rebuilt table tasks"},
		{"CLUSTER", "rebuilt database *"},
		{"ALTER ROLE app SUPERUSER", "changed role app"},
		{"DROP OWNED BY app, other", "changed role app, changed role other"},
		{"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app", "granted"},
		{"ALTER EXTENSION citext UPDATE", "changed extension citext"},
		{"DROP DATABASE shop", "dropped database shop"},
		{"ALTER PUBLICATION changes DROP TABLE tasks", "changed publication changes, published table tasks"},
		{"CREATE SUBSCRIPTION copy CONNECTION '' PUBLICATION changes", "made subscription copy"},
		{"DROP SUBSCRIPTION copy", "dropped subscription copy"},
		{"DROP USER MAPPING FOR app SERVER shop", "dropped user mapping"},
	}
	for _, test := range tests {
		var got []string
		for _, f := range facts.Read(lint.Tree(test.sql)) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", verbNames(f.Verb), f.Name.Kind, f.Name)))
		}
		if got := strings.Join(got, ", "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.sql, got, test.want)
		}
	}
}

func verbNames(v facts.Verb) string {
	var names []string
	for _, known := range []struct {
		verb facts.Verb
		name string
	}{
		{facts.Made, "made"}, {facts.Changed, "changed"}, {facts.Dropped, "dropped"}, {facts.Granted, "granted"},
		{facts.Analysed, "analysed"}, {facts.Rebuilt, "rebuilt"}, {facts.Published, "published"},
	} {
		if v&known.verb != 0 {
			names = append(names, known.name)
		}
	}
	return strings.Join(names, " ")
}
