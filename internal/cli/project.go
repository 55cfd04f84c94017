package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// A project is a repository under review: its files, its configuration, and
// what it is compared with.
type project struct {
	env          Env
	flags        reviewFlags
	root         string      // absolute
	head         *files.Tree // the working tree
	config       *config.Config
	configFile   string        // where it is, from the root, or as the argument names it; "" for nowhere
	base         *changes.Base // nil with --since and --all
	compared     *changes.Base // base, or with --since and --all what judges a stranger's configuration
	tree         *changes.Tree // of compared, nil when there is none
	branch       string        // what the base branch is called
	baseText     string
	selected     []string // PATH arguments, relative to root
	skipped      []report.Unchecked
	blind        bool     // some of them may hold what matters
	noFolders    bool     // nothing was found that could be looked at
	lost         []string // folders whose reading panicked
	failOn       lint.Severity
	sizes        *lint.Sizes // nil when nothing says how large production's tables are
	notes        []string    // about the check itself
	assumed      []string    // about folders
	version      string
	dirs         []string            // of the migrations, on both branches
	mute         []string            // dumps, stand-ins, migrations of other databases: names in them are no code that uses them
	passed       []source.PassedOver // folders that look like migrations and are none
	theirs       theirs              // what a branch of strangers says for itself
	text         *source.Budget      // of migrations, on both branches
	onBase       *[]source.Found     // see detectBase; nil until it is asked
	proposed     *yamltext.Place     // see place; nil until it is asked
	there        *[]source.Found     // see configuredOrDetected
	committed    *[]string           // see withCommitted
	onBaseConfig *readConfig         // see baseConfig
	others       []*source.Source    // folders that are not under review, but run before one that is
	lookedAround bool                // for folders that arguments have left out
	standIns     map[string]string   // the migrations that files of SQL stand in for
	overlooked   []string            // directories into which nobody has looked
}

func openProject(ctx context.Context, env Env, f reviewFlags) (*project, error) {
	if env.Prepare != nil {
		env.Prepare()
	}
	p := &project{env: env, flags: f, version: env.Version, text: source.NewBudget(cmp.Or(env.MaxText, source.MaxText))}
	var err error
	if p.root, err = env.root(f.Fetched); err != nil {
		return nil, uncheckedError(err)
	}
	if p.head, err = files.OpenTree(p.root); err != nil {
		return nil, uncheckedError(err)
	}
	if p.config, p.configFile, err = p.loadConfig(p.head); err != nil {
		return nil, usageError(err)
	}
	if err := p.selectPaths(); err != nil {
		return nil, usageError(err)
	}
	if err := p.findBase(ctx); err != nil {
		return nil, err
	}
	if err := p.judgeConfig(); err != nil {
		return nil, usageError(err)
	}
	if err := p.loadSizes(); err != nil {
		return nil, usageError(err)
	}
	if p.failOn, err = parseFailOn(cmp.Or(f.FailOn, p.config.FailOn, "error")); err != nil {
		return nil, err
	}
	return p, nil
}

// root is the directory of the repository; the working directory where there is
// no repository. fetched is where the base is if not in git.
func (env Env) root(fetched string) (string, error) {
	root, err := changes.Root(env.Dir, env.Getenv)
	switch {
	case errors.Is(err, changes.ErrNoRepository) && fetched != "":
		return env.workspace(env.Dir), nil // what the base was compared with
	case errors.Is(err, changes.ErrNoRepository):
		return env.Dir, nil
	}
	return root, err
}

// named opens what arguments and inputs name, and follows no link out of the
// repository or the workspace of the job.
func (env Env) named(root string) files.Named {
	return files.Named{Dirs: []string{root, env.workspace(root)}}
}

// close ends what reads the base. The branch's own files stay open: they may be
// repaired.
func (p *project) close() error {
	p.head.EndReadOnce()
	if p.tree == nil {
		return nil
	}
	return errors.Join(p.tree.Close(), p.compared.Close())
}

// rest ends the process that reads the base, which has no part in a trial, until
// it is asked again.
func (p *project) rest() error {
	if p.tree == nil {
		return nil
	}
	return p.tree.Rest()
}

// selectPaths turns PATH arguments into paths below the root.
func (p *project) selectPaths() error {
	for _, arg := range p.flags.Paths {
		rel, ok := files.Below(p.root, resolvePath(p.env.Dir, arg))
		if !ok {
			return fmt.Errorf("%s is outside of %s", arg, p.root)
		}
		if _, err := fs.Stat(p.head, rel); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: no such file or directory", arg)
		} else if err != nil {
			return fmt.Errorf("%s: %w", arg, err)
		}
		p.selected = append(p.selected, rel)
	}
	return nil
}

// reported reports whether findings in a file are wanted.
func (p *project) reported(file string) bool {
	if p.config.IgnoresPath(file) {
		return false
	}
	file = cmp.Or(p.standIns[file], file)
	return len(p.selected) == 0 || slices.ContainsFunc(p.selected, func(s string) bool { return pathWithin(file, s) })
}

func pathWithin(file, dir string) bool {
	return dir == "." || file == dir || strings.HasPrefix(file, dir+"/")
}

// findBase decides what is new. Where everything after some migration is, the
// base still says what to make of a stranger's configuration.
func (p *project) findBase(ctx context.Context) error {
	p.baseText = p.flags.Since
	compares := !p.flags.All && p.flags.Since == ""
	if !compares && !p.flags.Strangers {
		return nil
	}
	base, err := changes.Find(ctx, changes.Options{
		Dir: p.root, Ref: p.flags.Base, Getenv: p.env.Getenv, ReadFile: readEvent, Kept: p.flags.Fetched,
	})
	if err != nil && !compares {
		p.notes = append(p.notes, fmt.Sprintf("strangers can write this branch, so no configuration counts: that of the base branch cannot be read: %v", err))
		return nil
	}
	if errors.Is(err, changes.ErrNoBase) && p.wholeBranch() {
		return nil
	}
	if err != nil {
		return uncheckedError(err)
	}
	if p.tree, err = base.FS(ctx); err != nil {
		return uncheckedError(errors.Join(err, base.Close()))
	}
	p.compared, p.branch = base, base.Branch
	if compares {
		p.base, p.baseText = base, base.String()
	}
	return nil
}

// wholeBranch tells the events that are about the default branch as it is, and
// says that there is nothing to compare it with.
func (p *project) wholeBranch() bool {
	event := p.env.Getenv("GITHUB_EVENT_NAME")
	if p.env.Getenv("GITHUB_ACTIONS") != "true" || event != "schedule" && event != "workflow_dispatch" {
		return false
	}
	p.notes = append(p.notes, event+" of the default branch has nothing to compare with, so all migrations count as new; the input base or since says otherwise")
	return true
}
