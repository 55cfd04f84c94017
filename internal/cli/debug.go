package cli

import (
	"fmt"
	"time"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// debug prints what --debug asks for.
func (p *project) debug(format string, args ...any) {
	if p.flags.Debug {
		fmt.Fprintf(p.env.Stderr, "migvet: debug: %s\n", report.Sanitise(fmt.Sprintf(format, args...)))
	}
}

// timed tells how long a part of the run took.
func (p *project) timed(part string, took time.Duration) {
	p.debug("%s took %d ms", part, took.Round(time.Millisecond).Milliseconds())
}

// debugRules tells where rules and the server disagree.
func (v *verdict) debugRules(histories []*lint.History, o lint.Options) {
	if !v.project.flags.Debug || v.tried == nil {
		return
	}
	for _, d := range lint.Disagreements(histories, o) {
		at := lint.NewLines(v.sourceOf(d.Path)).Position(d.Start)
		what := fmt.Sprintf("without the trial silent; it says %q because of what was seen: %s", d.Message, describeEffect(d.Effect))
		if d.Silent {
			what = fmt.Sprintf("silent; without the trial it would say %q, but %s", d.Message, describeEffect(d.Effect))
		}
		v.project.debug("%s:%d:%d: %s: %s", d.Path, at.Line, at.Column, d.Rule, what)
	}
}

// describeEffect says in short what a server showed.
func describeEffect(e *lint.Effect) string {
	on := "PostgreSQL " + e.Postgres
	switch text := e.String(); {
	case e.Err != nil:
		return fmt.Sprintf("%s refused the statement: %v", on, e.Err)
	case e.Incomplete != "":
		return on + " ran it, and not all was seen: " + e.Incomplete
	case text == "":
		return on + " showed no new lock, and nothing read in full or rewritten"
	case len(e.Rewritten)+len(e.Scanned) == 0:
		return on + " showed " + text + "; nothing was read in full or rewritten"
	default:
		return on + " showed " + text
	}
}

func (v *verdict) sourceOf(path string) string {
	for _, s := range v.sources {
		if text, ok := s.Files[path]; ok {
			return text
		}
	}
	return ""
}
