package source

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// A sqitchRunner goes by the place in the plan of the change that was deployed
// last.
type sqitchRunner struct {
	*ledger
	plan   *Folder
	review *review
}

func newSqitchRunner(r *review) sqitchRunner {
	project := "" // of the plan, which the steps have written into their records
	if m := sqitchProject.FindStringSubmatch(r.to.files[r.to.sqitchPlanPath()]); m != nil {
		project = m[1]
	}
	registry := quote.Name(r.to.sqitchPlaces().registry)
	l := ledger{
		versions: versions{tool: Sqitch}, table: registry + `."changes"`, setup: sqitchRegistry(registry, project),
		applied: `SELECT change_id FROM ` + registry + `.changes WHERE project = ` + quote.Text(project) + ` ORDER BY committed_at`,
		record:  func(s *step) quote.SQL { return s.record },
	}
	return sqitchRunner{l.ready(r), r.to, r}
}

var sqitchProject = lazyregexp.New(`(?m)^\s*%\s*project\s*=\s*(.+?)\s*$`)

func (r sqitchRunner) Pending(applied []string, head []*lint.Migration) ([]*lint.Migration, error) {
	pending := r.review.unapplied(head)
	refuse := func(reason string) ([]*lint.Migration, error) {
		return nil, r.refuse(reason, nil, pending)
	}
	if r.broken != "" {
		return refuse(r.broken)
	}
	at := -1
	if len(applied) > 0 {
		last := applied[len(applied)-1]
		if at = slices.IndexFunc(r.plan.steps, func(s step) bool { return s.key == last }); at < 0 {
			return refuse("Cannot find change " + last + " in sqitch.plan")
		}
	}
	var rest []string
	for _, s := range r.plan.steps[at+1:] {
		if s.missing {
			return refuse(strings.TrimPrefix(s.path, r.plan.Dir+"/") + " does not exist")
		}
		rest = append(rest, s.key)
	}
	pending = slices.DeleteFunc(slices.Clone(head), func(m *lint.Migration) bool { return !slices.Contains(rest, r.steps[m].key) })
	return r.upToRefused(pending)
}
