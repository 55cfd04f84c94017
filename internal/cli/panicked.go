package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// reportPanic is the way out of a panic, which is a mistake of ours.
const reportPanic = "; report it to https://github.com/migvet/migvet/issues, with the stack that --debug prints"

// debugStack prints where something panicked.
func (p *project) debugStack(what string, stack []byte) {
	debugStack(p.env, p.flags.Debug, what, stack)
}

func debugStack(env Env, wanted bool, what string, stack []byte) {
	if !wanted {
		return
	}
	fmt.Fprintf(env.Stderr, "migvet: debug: %s panicked:\n", report.Sanitise(what))
	for line := range strings.Lines(string(stack)) {
		fmt.Fprintf(env.Stderr, "migvet: debug: %s\n", report.Sanitise(strings.TrimRight(line, "\n")))
	}
}

// lose leaves a folder out, of both branches, because reading it panicked: what one of
// them has alone would pass for new, or for deleted.
func (p *project) lose(dir, reason string, panicked *rescue.Panic) {
	p.blind = true
	p.lost = append(p.lost, dir)
	p.skipped = append(p.skipped, report.Unchecked{Path: dir, Start: lint.NoPos, Reason: reason + reportPanic})
	p.debugStack(dir, panicked.Stack)
}

// isLost tells whether reading a folder panicked on one of the branches.
func (p *project) isLost(dir string) bool {
	return slices.Contains(p.lost, dir)
}

// survive calls what may panic, and says what was not checked then.
func (v *verdict) survive(path, what string, f func()) {
	if p := rescue.Do(f); p != nil {
		v.notChecked(path, lint.NoPos, fmt.Sprintf("%s %v%s", what, p, reportPanic))
		v.project.debugStack(what, p.Stack)
	}
}

// takePanics moves what panicked from the findings to what was not checked.
func (v *verdict) takePanics(findings []lint.Finding) []lint.Finding {
	kept := findings[:0]
	for _, f := range findings {
		if f.Rule == lint.CheckPanicked.ID {
			v.notChecked(f.Path, f.Start, f.Message+reportPanic)
			continue
		}
		kept = append(kept, f)
	}
	return kept
}

// missingDowns are those of a folder; none where its tool's reader panics.
func (v *verdict) missingDowns(s *source.Source) (missing []lint.Finding) {
	v.survive(s.Dir, "looking for downs of "+s.Tool, func() { missing = s.MissingDowns() })
	return missing
}
