package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A project is a repository under review: its files, its configuration, and
// what it is compared with.
type project struct {
	env      Env
	flags    reviewFlags
	root     string // absolute
	head     fs.FS  // the working tree
	config   *config.Config
	base     *changes.Base // nil with --since and --all
	baseText string
	selected []string // PATH arguments, relative to root
	skipped  []report.Unchecked
	failOn   lint.Severity
	version  string
	words    map[string][]string // answers of mentions
	dirs     []string            // of the sources

	sinceFound bool // a folder has the migration that --since names
}

func openProject(ctx context.Context, env Env, f reviewFlags) (*project, error) {
	p := &project{env: env, flags: f, version: env.Version, words: map[string][]string{}}
	root, err := changes.Root(ctx, env.Dir, env.Getenv)
	switch {
	case errors.Is(err, changes.ErrNoRepository):
		root = env.Dir
	case err != nil:
		return nil, uncheckedError(err)
	}
	p.root, p.head = root, os.DirFS(root)
	if err := p.loadConfig(); err != nil {
		return nil, usageError(err)
	}
	if p.failOn, err = parseFailOn(firstOf(f.FailOn, p.config.FailOn, "error")); err != nil {
		return nil, err
	}
	if err := p.selectPaths(); err != nil {
		return nil, usageError(err)
	}
	return p, p.findBase(ctx)
}

func firstOf(values ...string) string {
	i := slices.IndexFunc(values, func(v string) bool { return v != "" })
	return values[i]
}

func (p *project) loadConfig() (err error) {
	known := lint.RuleIDs(rules.All())
	if p.flags.Config != "" {
		file := join(p.env.Dir, p.flags.Config)
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("--config: %w", err)
		}
		p.config, err = config.Parse(p.flags.Config, data, known)
		return err
	}
	from, err := filepath.Rel(p.root, p.env.Dir)
	if err != nil {
		return err
	}
	p.config, _, err = config.Load(p.head, filepath.ToSlash(from), known)
	return err
}

// selectPaths turns PATH arguments into paths below the root.
func (p *project) selectPaths() error {
	for _, arg := range p.flags.Paths {
		rel, err := filepath.Rel(p.root, join(p.env.Dir, arg))
		if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
			return fmt.Errorf("%s is outside of %s", arg, p.root)
		}
		rel = filepath.ToSlash(rel)
		if _, err := fs.Stat(p.head, rel); err != nil {
			return fmt.Errorf("%s: %w", arg, err)
		}
		p.selected = append(p.selected, rel)
	}
	return nil
}

// reported tells whether findings in a file are wanted.
func (p *project) reported(file string) bool {
	if p.config.IgnoresPath(file) {
		return false
	}
	return len(p.selected) == 0 || slices.ContainsFunc(p.selected, func(s string) bool { return within(file, s) })
}

func within(file, dir string) bool {
	return dir == "." || file == dir || strings.HasPrefix(file, dir+"/")
}

// findBase decides what is new.
func (p *project) findBase(ctx context.Context) error {
	if p.flags.All {
		return nil
	}
	if p.flags.Since != "" {
		p.baseText = p.flags.Since
		return nil
	}
	base, err := changes.Find(ctx, changes.Options{
		Dir: p.root, Ref: p.flags.Base, Getenv: p.env.Getenv, ReadFile: os.ReadFile,
	})
	if err != nil {
		return uncheckedError(err)
	}
	p.base, p.baseText = base, base.String()
	return nil
}

// sources reads every folder of migrations on both branches.
func (p *project) sources(ctx context.Context) ([]*source.Source, error) {
	found, err := p.found()
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Skip != "" {
			p.skipped = append(p.skipped, report.Unchecked{Path: f.Dir, Start: lint.NoPos, Reason: f.Skip})
			continue
		}
		p.dirs = append(p.dirs, f.Dir)
	}
	baseFS, done, err := p.baseFS(ctx)
	if err != nil {
		return nil, uncheckedError(err)
	}
	defer done()
	var sources []*source.Source
	for _, f := range found {
		if f.Skip != "" {
			continue
		}
		s, err := p.source(f, baseFS)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	return sources, p.sinceSomewhere(sources)
}

// found lists the folders: configured ones, else what can be detected, and
// those named as arguments.
func (p *project) found() ([]source.Found, error) {
	found, err := p.configured()
	if err != nil {
		return nil, usageError(err)
	}
	if len(found) == 0 {
		if found, err = source.Detect(p.head); err != nil {
			return nil, uncheckedError(err)
		}
	}
	if len(p.selected) == 0 {
		return found, nil
	}
	return p.narrowed(found)
}

func (p *project) configured() ([]source.Found, error) {
	var found []source.Found
	for _, m := range p.config.Migrations {
		f, err := source.At(p.head, m.Dir, m.Tool)
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	return found, nil
}

// narrowed keeps the folders that the arguments reach. A folder that was not
// detected but is named counts as migrations.
func (p *project) narrowed(found []source.Found) ([]source.Found, error) {
	var kept []source.Found
	for _, sel := range p.selected {
		reached := slices.DeleteFunc(slices.Clone(found), func(f source.Found) bool {
			return !within(f.Dir, sel) && !within(sel, f.Dir)
		})
		if len(reached) == 0 {
			f, err := source.At(p.head, p.folderOf(sel), "")
			if err != nil {
				return nil, usageError(err)
			}
			reached = []source.Found{f}
		}
		for _, f := range reached {
			if !slices.ContainsFunc(kept, func(k source.Found) bool { return k.Dir == f.Dir }) {
				kept = append(kept, f)
			}
		}
	}
	return kept, nil
}

func (p *project) folderOf(sel string) string {
	if info, err := fs.Stat(p.head, sel); err == nil && info.IsDir() {
		return sel
	}
	return path.Dir(sel)
}

// baseFS is the tree of the base, nil when there is none to compare with; done
// releases it.
func (p *project) baseFS(ctx context.Context) (tree fs.FS, done func(), err error) {
	if p.base == nil || len(p.dirs) == 0 {
		return nil, func() {}, nil
	}
	t, err := p.base.FS(ctx)
	if err != nil {
		return nil, nil, err
	}
	return t, func() { t.Close() }, nil // reading is over; git has nothing left to tell
}

func (p *project) source(f source.Found, baseFS fs.FS) (*source.Source, error) {
	head, err := source.Load(p.head, f)
	if err != nil {
		return nil, uncheckedError(err)
	}
	base, err := p.baseFolder(f, head, baseFS)
	if err != nil {
		return nil, err
	}
	return source.Review(base, head, source.ReviewOptions{Now: p.env.Now(), Base: p.baseName()}), nil
}

func (p *project) baseName() string {
	if p.base == nil {
		return ""
	}
	return p.base.Branch
}

// baseFolder returns what the base holds of a folder; nil when it holds nothing
// or everything is to be taken for new.
func (p *project) baseFolder(f source.Found, head *source.Folder, baseFS fs.FS) (*source.Folder, error) {
	if p.flags.Since != "" {
		until, err := head.Until(p.flags.Since)
		if err != nil {
			return head, nil // named in another folder; see sinceSomewhere
		}
		p.sinceFound = true
		return until, nil
	}
	if baseFS == nil {
		return nil, nil
	}
	if _, err := fs.Stat(baseFS, f.Dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	base, err := source.Load(baseFS, f)
	if err != nil {
		return nil, uncheckedError(fmt.Errorf("on %s: %w", p.baseText, err))
	}
	return base, nil
}

// sinceSomewhere makes sure that --since names a migration of some folder.
func (p *project) sinceSomewhere(sources []*source.Source) error {
	if p.flags.Since == "" || p.sinceFound {
		return nil
	}
	var names []string
	for _, s := range sources {
		for _, m := range s.Head {
			names = append(names, m.Name)
		}
	}
	return usageError(fmt.Errorf("--since: there is no migration %q%s", p.flags.Since, lint.DidYouMean(p.flags.Since, names)))
}

// mentions asks the base branch once for each word.
func (p *project) mentions(ctx context.Context, word string) []string {
	if p.base == nil {
		return nil
	}
	if files, asked := p.words[word]; asked {
		return files
	}
	files := p.base.Mentions(ctx, word, p.dirs)
	p.words[word] = files
	return files
}
