package trial

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A fusedRunner panics when it has been asked so often.
type fusedRunner struct {
	source.Runner
	record, pending int // questions that are left; 0 for ever
}

func burn(fuse *int) {
	if *fuse--; *fuse == 0 {
		panic("the fuse has burnt down")
	}
}

// Record implements source.Runner; migrations of the base burn nothing.
func (r *fusedRunner) Record(m *lint.Migration) quote.SQL {
	if strings.HasSuffix(m.Name, "_new") {
		burn(&r.record)
	}
	return r.Runner.Record(m)
}

// Pending implements source.Runner.
func (r *fusedRunner) Pending(applied []string, head []*lint.Migration) ([]*lint.Migration, error) {
	burn(&r.pending)
	return r.Runner.Pending(applied, head)
}

// TestPanicOfAPart has each part of a trial panic: it is one line, and the other parts
// have their findings.
func TestPanicOfAPart(t *testing.T) {
	onRows, whole := rules.FailsOnRows.ID, "" // what the part on rows finds
	server := postgrestest.Start(t)
	for name, test := range map[string]struct {
		runner  fusedRunner
		want    string // the one line
		finding string
	}{
		"none":        {fusedRunner{}, "", onRows},
		"faithful":    {fusedRunner{record: 1}, "faithful: panicked", whole},
		"pending":     {fusedRunner{pending: 1}, "faithful: panicked", whole},
		"second run":  {fusedRunner{pending: 2}, "the second run panicked", onRows},
		"runner":      {fusedRunner{record: 2}, "the trial with a second runner panicked", onRows},
		"other one":   {fusedRunner{pending: 3}, "the trial with a second runner panicked", onRows},
		"on rows":     {fusedRunner{record: 3}, "the trial on rows panicked", rules.MayFailOnRows.ID},
		"on odd rows": {fusedRunner{record: 4}, "the trial on rows of odd kinds panicked", onRows},
		"empty":       {fusedRunner{record: 5}, "the run of all migrations on an empty database panicked", onRows},
	} {
		t.Run(name, func(t *testing.T) {
			s := fusedSource(t)
			test.runner.Runner, s.Runner = s.Runner, &test.runner
			result, err := Run(context.Background(), Options{Server: server, Source: s, Guard: &Guard{Lock: 4711, Waits: true, Timeout: time.Minute}})
			var lines []string
			if err != nil {
				lines = append(lines, err.Error())
				if rescue.In(err) == nil {
					t.Errorf("failed: %v", err)
				}
			}
			for _, u := range result.Unchecked {
				if u.Panic == nil || u.Minor {
					t.Errorf("not checked: %+v", u)
				}
				lines = append(lines, u.Reason)
			}
			if got := strings.Join(lines, "\n"); !strings.HasPrefix(got, test.want) || len(lines) > 1 || len(lines) == 1 != (test.want != "") {
				t.Errorf("told %q, want %q", got, test.want)
			}
			found := ""
			for _, f := range result.Findings {
				found += f.Rule
			}
			if found != test.finding {
				t.Errorf("found %q, want %q", found, test.finding)
			}
		})
	}
}

func fusedSource(t *testing.T) *source.Source {
	t.Helper()
	tree := fstest.MapFS{
		"drizzle/0000_old.sql":       {Data: []byte("CREATE TABLE fuse (id int);")},
		"drizzle/0001_new.sql":       {Data: []byte("ALTER TABLE fuse ADD COLUMN length int NOT NULL;")},
		"drizzle/meta/_journal.json": {Data: []byte(`{"dialect": "postgresql", "entries": [{"idx": 0, "when": 1, "tag": "0000_old"}, {"idx": 1, "when": 2, "tag": "0001_new"}]}`)},
	}
	found, err := source.At(tree, "drizzle", "")
	if err != nil {
		t.Fatal(err)
	}
	head, err := source.Load(tree, found)
	if err != nil {
		t.Fatal(err)
	}
	base, err := head.Until("0000_old")
	if err != nil {
		t.Fatal(err)
	}
	return source.Review(base, head, source.ReviewOptions{})
}
