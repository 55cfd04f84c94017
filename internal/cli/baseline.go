package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/migvet/migvet/internal/baseline"
	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/shelltext"
	"github.com/migvet/migvet/lint"
)

// baseline accepts the findings that were there before migvet, after it has
// written them down if that is wanted.
func (v *verdict) baseline(r *report.Report) error {
	p := v.project
	if p.flags.WriteBaseline != "" {
		return v.writeBaseline(r)
	}
	name, b, err := p.readBaseline(p.trusted())
	if err != nil || b == nil {
		return err
	}
	v.useBaseline(r, name, b)
	return p.compareBaseline(name, b)
}

// readBaseline reads the file of --baseline, else of the configuration; it
// returns nil when there is none. Strangers' own does not count.
func (p *project) readBaseline(tree fs.FS) (name string, b *baseline.Baseline, err error) {
	var data []byte
	switch {
	case p.flags.Baseline != "":
		name = p.flags.Baseline
		data, err = p.readFile(tree, name, baseline.MaxSize)
	case p.config.Baseline != "":
		name = p.config.Baseline
		data, err = files.Read(tree, name, baseline.MaxSize)
	default:
		return "", nil, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("baseline %s: there is no such file; --write-baseline %s makes it", name, shelltext.Path(name))
	}
	if err != nil {
		return "", nil, fmt.Errorf("baseline: %w", err)
	}
	b, err = baseline.Read(name, data)
	return name, b, err
}

func (v *verdict) useBaseline(r *report.Report, name string, b *baseline.Baseline) {
	var stale []baseline.Entry
	for _, e := range b.Apply(r, "in the baseline "+name) {
		if v.couldReport(r, e.Rule) && (v.underReview(r, e.Path) || v.gone(e.Path)) {
			stale = append(stale, e)
		}
	}
	if len(stale) == 0 {
		return
	}
	if len(b.Findings) == 1 {
		v.project.notes = append(v.project.notes, fmt.Sprintf("the one finding in %s, %s in %s, is no longer there; --write-baseline %s removes it", name, stale[0].Rule, stale[0].Path, shelltext.Path(name)))
		return
	}
	v.project.notes = append(v.project.notes, fmt.Sprintf("%d of the %d findings in %s are no longer there, for example %s in %s; --write-baseline %s removes them",
		len(stale), len(b.Findings), name, stale[0].Rule, stale[0].Path, shelltext.Path(name)))
}

// couldReport reports whether silence of a rule means anything in this run.
func (v *verdict) couldReport(r *report.Report, id string) bool {
	rule := r.Rules[id]
	if rule == nil {
		return true // the rule is gone, and so are its findings
	}
	severity, set := v.project.config.Severity()[id]
	if !set {
		severity = rule.Severity
	}
	return severity != lint.Off && (v.tried != nil || rule.Check != nil && !rule.Measured)
}

// underReview reports whether this run looked at a file in full.
func (v *verdict) underReview(r *report.Report, path string) bool {
	for _, m := range r.Migrations {
		if m.Path == path {
			return v.project.reported(path)
		}
	}
	return false
}

func (v *verdict) gone(path string) bool {
	_, err := fs.Stat(v.project.head, path)
	return errors.Is(err, fs.ErrNotExist)
}

// compareBaseline says when the branch adds to the baseline, which accepts
// findings as silently as anything can.
func (p *project) compareBaseline(name string, head *baseline.Baseline) error {
	if p.tree == nil || p.flags.Strangers {
		return nil
	}
	_, base, err := p.readBaseline(p.tree)
	if err != nil {
		return nil // the branch brings it, and its configuration says so
	}
	if n := head.Added(base); n > 0 {
		p.notes = append(p.notes, fmt.Sprintf("this branch adds findings to the baseline %s: %d", name, n))
	}
	return nil
}

// writeBaseline writes what was found, keeps what an older file says about
// files that were not under review, and accepts all of it.
func (v *verdict) writeBaseline(r *report.Report) error {
	p, name := v.project, v.project.flags.WriteBaseline
	b, leftOut := baseline.New(r)
	named, file := p.env.named(p.root), resolvePath(p.env.Dir, name)
	data, err := named.Read(file, baseline.MaxSize)
	if err == nil {
		old, err := baseline.Read(name, data)
		if err != nil {
			return err
		}
		b.Keep(old, func(path string) bool { return !v.underReview(r, path) && !v.gone(path) })
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--write-baseline: %w", err)
	}
	if err := named.Write(file, b.Write); err != nil {
		return fmt.Errorf("--write-baseline: %w", err)
	}
	b.Apply(r, "in the baseline "+name)
	if leftOut > 0 {
		p.notes = append(p.notes, fmt.Sprintf("left out of %s: %s, since a baseline never accepts that a migration does not apply; mend it, or write -- migvet:ignore RULE reason above the statement", name, noun.Count(leftOut, "finding")))
	}
	p.notes = append(p.notes, fmt.Sprintf("%s was written, with %s; use it with --baseline %s, or baseline: in %s", name, noun.Count(len(b.Findings), "finding"), shelltext.Path(name), config.Name))
	return nil
}
