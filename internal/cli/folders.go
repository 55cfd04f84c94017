package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// sources reads the folders of migrations of both branches, pairs them, and tells what
// is in none of them.
func (p *project) sources(ctx context.Context) ([]*source.Source, error) {
	found, err := p.found()
	if err != nil {
		return nil, err
	}
	found, sources, err := p.paired(ctx, found)
	if err != nil {
		return nil, err
	}
	if err := p.checkNamed(sources); err != nil {
		return nil, err
	}
	p.noteAssumed(found, sources)
	if err := p.tellStrays(ctx, found, sources); err != nil {
		return nil, err
	}
	for _, s := range sources {
		p.noteSearchPath(s)
	}
	boundParsing(sources, cmp.Or(p.env.MaxTokens, lint.MaxTokens))
	parseNew(sources)
	return sources, nil
}

// paired reads folders on both branches and pairs them. It returns the folders as they
// are read, too.
func (p *project) paired(ctx context.Context, found []source.Found) ([]source.Found, []*source.Source, error) {
	found = p.withoutUntracked(ctx, found)
	found, err := p.asOnBase(found)
	if err != nil {
		return nil, nil, uncheckedError(err)
	}
	if err := p.checkExclusions(); err != nil {
		return nil, nil, err
	}
	p.readAhead(found)
	if err := p.noteFound(ctx, found); err != nil {
		return nil, nil, err
	}
	head, err := p.load(p.head, found)
	if err != nil {
		return nil, nil, err
	}
	base, err := p.baseFolders(found, head)
	if err != nil {
		return nil, nil, err
	}
	if err := p.refuseEmpty(head, base); err != nil {
		return nil, nil, err
	}
	head, base = p.withoutLost(head), p.withoutLost(base)
	for _, f := range slices.Concat(base, head) {
		p.dirs = append(p.dirs, f.Dir)
		if dump := cmp.Or(p.folderConfig(f.Dir).BaseSchema, p.config.BaseSchema); dump != "" {
			p.mute = append(p.mute, dump)
		}
	}
	if err := p.checkStandIns(base, head); err != nil {
		return nil, nil, err
	}
	o := source.ReviewOptions{Now: p.env.Now(), Off: p.isOff}
	if p.base != nil {
		o.Base = p.base.Branch
		o.Versions = func(file string) []string { return p.versions(ctx, file) }
	}
	return found, source.ReviewAll(base, head, o), nil
}

// withoutUntracked leaves out directories that could not be looked into if git has
// nothing there.
func (p *project) withoutUntracked(ctx context.Context, found []source.Found) []source.Found {
	return slices.DeleteFunc(slices.Clone(found), func(f source.Found) bool {
		if !f.Overlooked {
			return false
		}
		p.overlooked = append(p.overlooked, f.Dir)
		if p.base != nil {
			return !p.base.Tracks(ctx, f.Dir)
		}
		return !changes.TracksBelow(ctx, p.root, f.Dir, p.env.Getenv)
	})
}

// isOff tells whether nobody listens to a rule.
func (p *project) isOff(r *lint.Rule) bool {
	if severity, ok := p.config.Severity()[r.ID]; ok {
		return severity == lint.Off
	}
	return r.Severity == lint.Off
}

// readAhead has the migrations of both branches read while the folders are looked
// through; what both have in common once.
func (p *project) readAhead(found []source.Found) {
	var dirs []string
	for _, f := range found {
		dirs = append(dirs, f.Dir)
	}
	names := p.head.ReadOnce(dirs, ".sql")
	if p.tree == nil {
		p.head.ReadAhead(names)
		return
	}
	p.tree.ReadAhead(names, p.head.Text)
}

// parseNew parses what is under review at once. What of the base is wanted is
// parsed when a rule asks for it.
func parseNew(sources []*source.Source) {
	var fresh []*lint.Migration
	for _, s := range sources {
		fresh = append(fresh, s.History.New...)
	}
	lint.ParseAhead(fresh)
}

// boundParsing lets migrations share an allowance, those of the base another
// one than those under review: a base of rows must not leave these unread.
func boundParsing(sources []*source.Source, tokens int) {
	base, review := lint.NewAllowance(tokens), lint.NewAllowance(tokens)
	for _, s := range sources {
		for _, m := range slices.Concat(s.History.Base, s.Head) {
			m.Allowance = base
		}
		for _, m := range slices.Concat(s.History.New, s.History.Downs) {
			m.Allowance = review
		}
	}
}

// asOnBase has folders read as the base branch would, which what the branch adds to
// them must not change.
func (p *project) asOnBase(found []source.Found) ([]source.Found, error) {
	if p.tree == nil {
		return found, nil
	}
	base, err := p.baseConfig()
	if err != nil {
		base = config.Default() // the branch repairs it
	}
	reading := source.BaseReading{
		Tree: p.tree, Strangers: p.flags.Strangers, Whole: p.flags.Strangers || len(p.config.Migrations) == 0,
		Named: func(dir string) bool { return namesTool(base, dir) || !p.flags.Strangers && namesTool(p.config, dir) },
	}
	if reading.Found, err = p.detectedOnBase(base); err != nil {
		return nil, err
	}
	return reading.Apply(p.head, found)
}

// detectedOnBase returns the folders of the base that the arguments reach: those of
// its configuration, else what can be detected.
func (p *project) detectedOnBase(base *config.Config) (found []source.Found, err error) {
	for _, m := range base.Migrations {
		if f, err := source.At(source.Without(p.tree, excludedFrom(m)), m.Dir, m.Tool); err == nil {
			found = append(found, f)
		}
	}
	if len(base.Migrations) == 0 {
		if found, err = p.detectBase(); err != nil {
			return nil, fmt.Errorf("on %s: %w", cmp.Or(p.baseText, p.branch), err)
		}
	}
	return p.reached(found), nil
}

// reached are the folders that the arguments reach, all where there are none.
func (p *project) reached(found []source.Found) []source.Found {
	if len(p.selected) == 0 {
		return found
	}
	return slices.DeleteFunc(found, func(f source.Found) bool {
		return !slices.ContainsFunc(p.selected, func(sel string) bool { return pathWithin(f.Dir, sel) || pathWithin(sel, f.Dir) })
	})
}

// detectBase looks once for the folders of the base. The caller may change the list.
func (p *project) detectBase() ([]source.Found, error) {
	if p.onBase == nil {
		found, err := source.Detect(p.tree)
		if err != nil {
			return nil, err
		}
		p.onBase = &found
	}
	return slices.Clone(*p.onBase), nil
}

// found lists the folders: configured ones, else what can be detected, and
// those named as arguments.
func (p *project) found() ([]source.Found, error) {
	found, err := p.configuredOrDetected()
	if err != nil || len(p.selected) == 0 {
		return found, err
	}
	return p.narrowed(found)
}

// load reads the folders that can be read.
func (p *project) load(tree fs.FS, found []source.Found) ([]*source.Folder, error) {
	var folders []*source.Folder
	for _, f := range found {
		if p.isLost(f.Dir) {
			continue
		}
		if f.Panic != nil {
			p.lose(f.Dir, f.Skip, f.Panic) // on the base alone
		}
		if f.Skip != "" {
			continue
		}
		f.Place = p.place()
		folder, err := source.Load(p.text.Tree(tree), f)
		if panicked := rescue.In(err); panicked != nil {
			p.lose(f.Dir, err.Error(), panicked)
			continue
		}
		if tree != p.head && errors.Is(err, fs.ErrNotExist) {
			continue // the directory is on the base, and not what makes migrations of it
		}
		if err != nil {
			return nil, uncheckedError(err)
		}
		folders = append(folders, folder)
	}
	return folders, nil
}

func (p *project) withoutLost(folders []*source.Folder) []*source.Folder {
	return slices.DeleteFunc(folders, func(f *source.Folder) bool { return p.isLost(f.Dir) })
}

// baseFolders returns what the base holds; nothing when everything is new.
func (p *project) baseFolders(now []source.Found, head []*source.Folder) ([]*source.Folder, error) {
	if p.flags.Since != "" {
		return p.untilSince(head)
	}
	if p.base == nil {
		return nil, nil
	}
	found, err := p.foundOnBase(now, head)
	if err != nil {
		return nil, uncheckedError(fmt.Errorf("on %s: %w", p.baseText, err))
	}
	return p.load(p.tree, found)
}

// foundOnBase looks for the folders of head, and for those that are gone. Of one that head
// passes over for another database nothing is gone.
func (p *project) foundOnBase(now []source.Found, head []*source.Folder) ([]source.Found, error) {
	var found []source.Found
	var err error
	switch {
	case p.flags.Strangers:
		found = slices.Clone(p.theirs.known)
	case len(p.config.Migrations) == 0:
		found, err = p.detectBase()
	}
	found = p.reached(found)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(f source.Found) bool { // nobody knows what became of them
		return slices.ContainsFunc(p.overlooked, func(dir string) bool { return pathWithin(f.Dir, dir) })
	})
	found = slices.DeleteFunc(found, func(f source.Found) bool {
		return slices.ContainsFunc(now, func(n source.Found) bool { return n.Dir == f.Dir && n.ForAnother() })
	})
	for _, h := range head {
		found = slices.DeleteFunc(found, func(f source.Found) bool { return f.Dir == h.Dir })
		if info, err := fs.Stat(p.tree, h.Dir); err == nil && info.IsDir() {
			found = append(found, h.On(p.tree))
		}
	}
	return found, nil
}

// maxVersions bounds how much of a file's history is looked at.
const maxVersions = 500

// versions returns what a file said on the base branch before. What git cannot
// tell is not held against the branch.
func (p *project) versions(ctx context.Context, file string) []string {
	texts, _, err := p.base.Versions(ctx, file, maxVersions)
	if err != nil {
		return nil
	}
	return texts
}
